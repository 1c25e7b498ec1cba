"""Small parts: what a second look gains, by the size of the part, on generated views, whole and single in turn."""

from __future__ import annotations

import numpy as np

from part_perception.metrics import part_ious
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import cleaned
from part_perception.simulation.views import MIN_POINTS, camera_view, whole_view
from part_perception.simulation.worlds import make_world
from part_perception.terminal import counted, table

VIEWS = 200
SIZES = {"under 3 %": 0.03, "3 to 10 %": 0.1, "over 10 %": 1.01}
LOOKS = {1: "one look", 2: "two looks"}
HANDLES = ("handle", "knob")
_SEED = 5_000_011


def evaluate_small_parts(segmenter: PartSegmenter, views: int = VIEWS) -> dict[str, dict[str, float]]:
    """IoU of parts in a closed set, with one look and with two."""
    figures: dict[str, dict[str, list[float]]] = {}
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
        for looks, title in LOOKS.items():
            closed = segmenter.label(view.points, words, looks=looks)
            _add(figures.setdefault(title, {}), closed, words, truth)
    return {look: {name: float(np.nanmean(v)) for name, v in some.items()} for look, some in figures.items()}


def _add(figures: dict[str, list[float]], closed: np.ndarray, words: list[str], truth: np.ndarray) -> None:
    """Append the figures of one view."""
    known = truth >= 0
    overlap = part_ious(closed[known], truth[known], len(words))
    figures.setdefault("mean of a view", []).append(float(np.nanmean(overlap)))
    for q, word in enumerate(words):
        share = (truth == q).mean()
        size = next(name for name, limit in SIZES.items() if share < limit)
        for sort in (size, *(["handles and knobs"] if word in HANDLES else [])):
            figures.setdefault(sort, []).append(float(overlap[q]))


def small_parts_summary(report: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(report.values())))
    rows = [[name, *(f"{figures[name]:.3f}" for figures in report.values())] for name in sorted(names)]
    return table(["IoU", *report], rows)
