"""Calibration: how far the values reach that enter each layer, on views that the data engine generates."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.runtimes.base import Arrays, AtSamples
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.stored_model import StoredModel
from part_perception.language import Language
from part_perception.segmenter import PartSegmenter

VIEWS = 64
_SEED = 3_000_017  # neither those of accuracy nor of confidence


def activation_ranges(model: StoredModel, language: Language, views: int = VIEWS) -> np.ndarray:
    """For each wide layer the largest absolute value that entered it."""
    from part_perception.training.calibration.fitting import fresh_view

    watching = _Watching(model.written(precision="ranges"))
    at_samples = watching if model.manifest.encoder.decoder else AtSamples(watching)
    segmenter = PartSegmenter(model.manifest, at_samples, language)
    for i in range(views):
        segmenter.encode([fresh_view(i, _SEED)[1].points])
    return watching.ranges


class _Watching:
    """A runtime that remembers the ranges of everything that it ran."""

    name = "watching"

    def __init__(self, graph: bytes):
        self._inner = OnnxRuntime(graph)
        self.ranges = np.zeros(0, np.float32)

    def run(self, inputs: Arrays) -> Arrays:
        out = self._inner.run(inputs)
        seen = out.pop("ranges")
        self.ranges = np.maximum(seen, self.ranges) if len(self.ranges) else seen
        return out | {"field": out.get("field", out["language"])}
