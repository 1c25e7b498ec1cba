"""Proposals: masks on a view that may be parts, from our own part tree at several levels, or from a plug-in.

A proposer is a function of a `View` that returns (mask (H, W), score from 0 to 1) each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from part_perception.errors import InputError
from part_perception.metrics import iou
from part_perception.segmenter import PartSegmenter
from part_perception.training.labelling.views import Thing, View
from part_perception.training.plugins import plugin

PARTS = "parts"
LEVELS = (1, 2, 3, 4, 6, 9, 13)  # parts that the tree is cut into
MOST = 64  # of a view
_FEWEST_PIXELS = 30
_SAME = 0.9  # IoU

Proposal = tuple[np.ndarray, float]
Proposer = Callable[[View], Sequence[Proposal]]


class PartTree:
    """Proposes the pieces of an object's part tree at several levels, and the object itself: no weights but ours."""

    def __init__(self, segmenter: PartSegmenter):
        self.segmenter = segmenter
        self._thing: Thing | None = None
        self._pieces: list[np.ndarray] = []

    def __call__(self, view: View) -> list[Proposal]:
        return [(view.shows(piece), 1.0) for piece in self.pieces(view.thing)]

    def pieces(self, thing: Thing) -> list[np.ndarray]:
        """The points (N,) of every piece; those of one object are found once."""
        if self._thing is not thing:
            tree = self.segmenter.hierarchy(thing.points, thing.up)
            found: dict[bytes, np.ndarray] = {}
            for level in LEVELS:
                labels = tree.cut(min(level, tree.leaves))
                for label in range(labels.max() + 1):
                    piece = labels == label
                    found.setdefault(np.packbits(piece).tobytes(), piece)
            self._thing, self._pieces = thing, list(found.values())
        return self._pieces


def proposer_named(name: str, segmenter: PartSegmenter) -> Proposer:
    """`parts`, or "module:function"."""
    return PartTree(segmenter) if name == PARTS else plugin(name, "proposer", repr(PARTS))


def proposals(view: View, proposer: Proposer) -> list[Proposal]:
    """What is proposed for a view, checked: the surest first, no crumbs, nothing twice."""
    kept: list[Proposal] = []
    for mask, score in sorted(_checked(view, proposer(view)), key=lambda each: -each[1]):
        if mask.sum() >= _FEWEST_PIXELS and all(iou(mask, other) < _SAME for other, _ in kept):
            kept.append((mask, score))
        if len(kept) == MOST:
            break
    return kept


def _checked(view: View, given: Iterable) -> list[Proposal]:
    out, shape = [], view.owner.shape
    for each in given:
        try:
            mask, score = each
            mask, score = np.asarray(mask), float(score)
        except (TypeError, ValueError) as error:
            raise InputError(
                f"a proposer must give (mask, score) for each answer; for {view.name} it did not: {error}"
            ) from None
        if mask.shape != shape or mask.dtype.kind not in "bui":
            raise InputError(
                f"a proposer's mask of {view.name} is {mask.dtype} {mask.shape}, the picture {shape}"
            )
        if not 0 <= score <= 1:
            raise InputError(f"a proposer's score of {view.name} is {score}, not from 0 to 1")
        out.append((mask.astype(bool), score))
    return out
