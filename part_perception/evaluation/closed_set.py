"""Closed set: PatchAlign3D's protocol. Only the shape's own part names compete; every point takes the best one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import part_ious
from part_perception.segmenter import PartSegmenter


@dataclass(frozen=True)
class ShapeScore:
    """IoU of each part of one shape; NaN where the part is not in the truth (a view may not see it)."""

    name: str
    category: str
    parts: dict[str, float]

    @property
    def miou(self) -> float:
        values = [v for v in self.parts.values() if not np.isnan(v)]
        return float(np.mean(values)) if values else 0.0


def score_shape(segmenter: PartSegmenter, shape: LabelledShape) -> ShapeScore:
    """Label one shape and compare."""
    labels = segmenter.label(shape.points, shape.names, shape.up)
    ious = part_ious(labels, shape.labels, len(shape.names))
    return ShapeScore(shape.name, shape.category, dict(zip(shape.names, map(float, ious), strict=True)))


def summary(scores: Sequence[ShapeScore]) -> dict:
    """mIoU over shapes, cIoU over categories, and means by category and by part name."""
    by_category: dict[str, list[float]] = {}
    by_part: dict[str, list[float]] = {}
    for score in scores:
        by_category.setdefault(score.category, []).append(score.miou)
        for part, value in score.parts.items():
            if not np.isnan(value):
                by_part.setdefault(part, []).append(value)
    categories = {k: float(np.mean(v)) for k, v in sorted(by_category.items())}
    return {
        "shapes": len(scores),
        "miou": float(np.mean([s.miou for s in scores])),
        "ciou": float(np.mean(list(categories.values()))),
        "by_category": categories,
        "by_part": {k: float(np.mean(v)) for k, v in sorted(by_part.items())},
    }
