"""Evaluate: compute all figures for a folder of labelled shapes, whole and as simulated single views.

The closed set follows PatchAlign3D's protocol: only the shape's own part names compete, and every point takes
the best one. Open queries ask for parts that are present and parts that are absent; "not found" is a valid
answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from part_perception.files.labelled_shapes import LabelledShape, load_shapes
from part_perception.geometry import AXES
from part_perception.geometry.poses import level
from part_perception.language.everyday import GENERIC
from part_perception.metrics import auroc, calibration_error, iou, part_ious
from part_perception.segmenter import PartSegmenter
from part_perception.simulation.bodies import Cloud
from part_perception.simulation.views import camera_view
from part_perception.simulation.worlds import Joints, World
from part_perception.terminal import counted

_SIZE = 0.25


def chance_of(shape: LabelledShape, seed: int) -> np.random.Generator:
    """Random numbers for a shape: others for every shape, always the same for one."""
    return np.random.default_rng([seed, crc32(shape.name.encode())])


def single_view(shape: LabelledShape, seed: int) -> LabelledShape:
    """The shape as one depth camera sees it on a table, at the size of a hand-held object, z up."""
    rng = chance_of(shape, seed)
    points = shape.points @ level(np.asarray(shape.up)).T
    points = points * (_SIZE / max(float(np.ptp(points, axis=0).max()), 1e-9))
    points = points - (*points.mean(axis=0)[:2], points[:, 2].min())
    joints = Joints.unknown(int(shape.labels.max(initial=0)) + 1)
    view = camera_view(World(Cloud(points, shape.labels, shape.labels), joints), rng)
    return replace(shape, points=view.points, labels=view.part, up=AXES["z"])


@dataclass(frozen=True)
class ShapeScore:
    """IoU of each part of one shape; NaN if the ground truth lacks the part (a view may not see it)."""

    name: str
    category: str
    parts: dict[str, float]

    @property
    def miou(self) -> float:
        values = [v for v in self.parts.values() if not np.isnan(v)]
        return float(np.mean(values)) if values else 0.0


def score_shape(segmenter: PartSegmenter, shape: LabelledShape) -> ShapeScore:
    """Label one shape and compare with the ground truth."""
    labels = segmenter.label(shape.points, shape.names, shape.up)
    ious = part_ious(labels, shape.labels, len(shape.names))
    return ShapeScore(shape.name, shape.category, dict(zip(shape.names, map(float, ious), strict=True)))


def closed_summary(scores: Sequence[ShapeScore]) -> dict:
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


_RIGHT = 0.5
_MIN_POINTS = 10


@dataclass(frozen=True)
class OpenScore:
    """One query on one shape."""

    shape: str
    query: str
    present: bool
    confidence: float
    found: bool
    iou: float


def absent_names(shapes: Sequence[LabelledShape], shape: LabelledShape, count: int, seed: int) -> list[str]:
    """Names of parts of other categories that share no word with this shape's own names or category."""
    own = set(" ".join((*shape.names, shape.category)).split()) | GENERIC
    others = sorted(
        {n for s in shapes if s.category != shape.category for n in s.names if not own & set(n.split())}
    )
    rng = chance_of(shape, seed)
    return [others[i] for i in rng.permutation(len(others))[:count]]


def score_open(segmenter: PartSegmenter, shape: LabelledShape, absent: Sequence[str]) -> list[OpenScore]:
    """Ask for every visible part of a shape, and for the absent ones."""
    shown = [n for i, n in enumerate(shape.names) if (shape.labels == i).sum() >= _MIN_POINTS]
    queries = [*shown, *absent]
    if not queries:
        return []
    answer = segmenter.ask(shape.points, queries, shape.up)
    out = []
    for q, query in enumerate(queries):
        there = q < len(shown)
        labelled = shape.labels >= 0
        overlap = (
            iou(answer.masks[q][labelled], (shape.labels == shape.names.index(query))[labelled])
            if there
            else 0.0
        )
        out.append(
            OpenScore(shape.name, query, there, float(answer.confidence[q]), bool(answer.found[q]), overlap)
        )
    return out


def open_summary(scores: Sequence[OpenScore]) -> dict:
    """AUROC of presence, found rates, mask IoU of present parts, calibration (right: present, IoU >= 0.5)."""
    present = np.array([s.present for s in scores], bool)
    sure = np.array([s.confidence for s in scores])
    found = np.array([s.found for s in scores], bool)
    overlap = np.array([s.iou for s in scores])
    return {
        "queries": len(scores),
        "auroc": auroc(sure[present], sure[~present]),
        "found_when_present": float(found[present].mean()) if present.any() else float("nan"),
        "found_when_absent": float(found[~present].mean()) if (~present).any() else float("nan"),
        "mask_iou": float(overlap[present].mean()) if present.any() else float("nan"),
        "calibration_error": calibration_error(sure, present & (overlap >= _RIGHT)),
    }


ABSENT_A_SHAPE = 4


def evaluate(
    segmenter: PartSegmenter,
    folder: Path,
    views: int = 2,
    seed: int = 0,
) -> dict:
    """Figures for whole shapes and for `views` single views of each; every shape counts."""
    shapes = load_shapes(folder)
    report: dict = {
        "folder": str(folder),
        "model": segmenter.manifest.name,
        "runtime": segmenter.runtime.name,
    }
    report["whole"] = _score(segmenter, shapes, shapes, seed)
    if views:
        seen = [single_view(s, seed + v) for s in shapes for v in range(views)]
        report["views"] = _score(segmenter, seen, shapes, seed)
    return report


def _score(
    segmenter: PartSegmenter,
    seen: Sequence[LabelledShape],
    shapes: Sequence[LabelledShape],
    seed: int,
) -> dict:
    closed, asked = [], []
    for shape in counted(seen, "shapes"):
        closed.append(score_shape(segmenter, shape))
        absent = absent_names(shapes, shape, ABSENT_A_SHAPE, seed)
        asked += score_open(segmenter, shape, absent)
    return {
        "closed": closed_summary(closed),
        "open": open_summary(asked),
        "shapes": [
            {"name": s.name, "category": s.category, "miou": s.miou, "parts": s.parts} for s in closed
        ],
        "queries": [asdict(s) for s in asked],
    }
