"""Small parts: what a second look gains, by the size of the part, on generated views, whole and single in turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from part_perception.metrics import iou, part_ious
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import cleaned
from part_perception.simulation.views import MIN_POINTS, camera_view, whole_view
from part_perception.simulation.worlds import make_world
from part_perception.terminal import counted, table

VIEWS = 200
SIZES = {"under 3 %": 0.03, "3 to 10 %": 0.1, "over 10 %": 1.01}
HANDLES = ("handle", "knob")
_SEED = 5_000_011


def evaluate_small_parts(segmenter: PartSegmenter, views: int = VIEWS) -> dict[str, dict[str, float]]:
    """IoU of parts with one look and with two: in a closed set, and as masks of queries."""
    rule = segmenter.manifest.confidence
    first = replace(segmenter.manifest, confidence=replace(rule, closer_weights=()))
    figures: dict[str, dict[str, list[float]]] = {}
    looks = {"one look": first, "two looks": segmenter.manifest}
    kinds = list(KINDS)
    for number in counted(range(views), "views"):
        rng = np.random.default_rng([_SEED, number])
        shape, world = make_world(KINDS[kinds[number * len(kinds) // views]], rng)
        view = camera_view(world, rng) if number % 2 else whole_view(world, rng)
        names = [cleaned(part.names)[0] for part in shape.parts]
        words = list(dict.fromkeys(names[p] for p in np.unique(view.part[view.part >= 0])))
        if len(view.points) < MIN_POINTS or len(words) < 2:
            continue
        row = np.array([words.index(name) if name in words else -1 for name in names] + [-1])
        truth = row[view.part]
        for look, manifest in looks.items():
            segmenter.manifest = manifest
            _add(figures.setdefault(look, {}), segmenter, view.points, words, truth)
    segmenter.manifest = looks["two looks"]
    return {look: {name: float(np.nanmean(v)) for name, v in some.items()} for look, some in figures.items()}


def _add(
    figures: dict[str, list[float]],
    segmenter: PartSegmenter,
    points: np.ndarray,
    words: list[str],
    truth: np.ndarray,
) -> None:
    """Append the figures of one view."""
    known = truth >= 0
    closed = part_ious(segmenter.label(points, words)[known], truth[known], len(words))
    masks = segmenter.ask(points, words).masks
    figures.setdefault("closed set, mIoU", []).append(float(np.nanmean(closed)))
    for q, word in enumerate(words):
        share, overlap = (truth == q).mean(), iou(masks[q], truth == q)
        size = next(name for name, limit in SIZES.items() if share < limit)
        for sort in (size, *(["handles"] if word in HANDLES else [])):
            figures.setdefault(f"{sort}, closed set", []).append(float(closed[q]))
            figures.setdefault(f"{sort}, mask", []).append(overlap)


def small_parts_summary(report: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(report.values())))
    rows = [[name, *(f"{figures[name]:.3f}" for figures in report.values())] for name in sorted(names)]
    return table(["IoU", *report], rows)
