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


def names_asked(views: int = VIEWS) -> list[str]:
    """The names that compete on the views."""
    return list(dict.fromkeys(name for i in range(views) for name in _first_names(i)[0]))


def measure_miou(
    manifest: Manifest,
    language: Language,
    runtimes: Mapping[str, Runtime],
    views: int = VIEWS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, float]:
    """Mean closed-set IoU of each runtime, in percent, on the same views of the same objects."""
    segmenters = {name: PartSegmenter(manifest, runtime, language) for name, runtime in runtimes.items()}
    scores: dict[str, list[float]] = {name: [] for name in runtimes}
    for i in range(views):
        names, points, truth = _first_names(i)
        for name, segmenter in segmenters.items():
            ious = part_ious(segmenter.label(points, names), truth, len(names))
            scores[name].append(float(np.nanmean(ious)))
        progress(i + 1, views)
    return {name: 100 * float(np.mean(values)) for name, values in scores.items()}


def _first_names(number: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The first names of a view's parts, its points, and the name of each (-1: none)."""
    from part_perception.shapes.names import concepts_of
    from part_perception.training.calibration.fitting import fresh_view

    shape, view = fresh_view(number, _SEED)
    firsts = [concept.names[0] for concept in concepts_of(shape)]
    names = list(dict.fromkeys(firsts))
    return names, view.points, np.array([names.index(first) for first in firsts] + [-1])[view.part]
