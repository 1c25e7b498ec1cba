"""Evaluate: a folder of labelled shapes → all figures, whole and on simulated single views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from part_perception.evaluation import closed_set, open_queries
from part_perception.evaluation.single_view import single_view
from part_perception.files.labelled_shapes import LabelledShape, load_shapes
from part_perception.segmenter import PartSegmenter

ABSENT_A_SHAPE = 4


def evaluate(
    segmenter: PartSegmenter,
    folder: Path,
    views: int = 2,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> dict:
    """Figures for whole shapes and for `views` single views of each; every shape counts."""
    shapes = load_shapes(folder)
    report: dict = {
        "folder": str(folder),
        "model": segmenter.manifest.name,
        "runtime": segmenter.runtime.name,
    }
    report["whole"] = _score(segmenter, shapes, shapes, seed, progress)
    if views:
        seen = [single_view(s, seed + v) for s in shapes for v in range(views)]
        report["views"] = _score(segmenter, seen, shapes, seed, progress)
    return report


def _score(
    segmenter: PartSegmenter,
    seen: Sequence[LabelledShape],
    shapes: Sequence[LabelledShape],
    seed: int,
    progress: Callable[[str], None],
) -> dict:
    closed, asked = [], []
    for shape in seen:
        progress(shape.name)
        closed.append(closed_set.score_shape(segmenter, shape))
        absent = open_queries.absent_names(shapes, shape, ABSENT_A_SHAPE, seed)
        asked += open_queries.score_open(segmenter, shape, absent)
    return {
        "closed": closed_set.summary(closed),
        "open": open_queries.summary(asked),
        "shapes": [
            {"name": s.name, "category": s.category, "miou": s.miou, "parts": s.parts} for s in closed
        ],
        "queries": [asdict(s) for s in asked],
    }
