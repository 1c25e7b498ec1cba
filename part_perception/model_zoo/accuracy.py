"""Accuracy: what a reduced precision costs, in points of mIoU on views that the data engine generates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.base import Runtime
from part_perception.language import Language
from part_perception.metrics import part_ious
from part_perception.segmenter import PartSegmenter

VIEWS = 200
_SEED = 2_000_003


def measure_miou(
    manifest: Manifest,
    language: Language,
    runtimes: Mapping[str, Runtime],
    views: int = VIEWS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, float]:
    """Mean closed-set IoU of each runtime, in percent, on the same views of the same objects."""
    from part_perception.shapes.names import concepts_of
    from part_perception.training.calibration.fitting import fresh_view

    segmenters = {name: PartSegmenter(manifest, runtime, language) for name, runtime in runtimes.items()}
    scores: dict[str, list[float]] = {name: [] for name in runtimes}
    for i in range(views):
        shape, view = fresh_view(i, _SEED)
        firsts = [concept.names[0] for concept in concepts_of(shape)]
        names = list(dict.fromkeys(firsts))
        truth = np.array([names.index(first) for first in firsts] + [-1])[view.part]
        for name, segmenter in segmenters.items():
            ious = part_ious(segmenter.label(view.points, names), truth, len(names))
            scores[name].append(float(np.nanmean(ious)))
        progress(i + 1, views)
    return {name: 100 * float(np.mean(values)) for name, values in scores.items()}
