"""Open queries: parts that are there and parts that are not, asked without a closed set; "not found" is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.files.labelled_shapes import LabelledShape
from part_perception.language.everyday import GENERIC
from part_perception.metrics import auroc, calibration_error, iou
from part_perception.segmenter import PartSegmenter

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
    rng = np.random.default_rng([seed, len(shape.points)])
    return [others[i] for i in rng.permutation(len(others))[:count]]


def score_open(segmenter: PartSegmenter, shape: LabelledShape, absent: Sequence[str]) -> list[OpenScore]:
    """Ask for every part the shape shows, and for the absent ones."""
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


def summary(scores: Sequence[OpenScore]) -> dict:
    """AUROC of presence, found rates, mask IoU of what is there, and calibration (right: there, with IoU >= 0.5)."""
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
