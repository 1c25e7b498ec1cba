"""Fragments: groups of cells that show one object each, and the evidence that two of them are pieces of the same one.

The network compares cells that lie near each other in the image. It cannot join what shows on both sides of something
nearer, and it breaks long thin things. How two fragments lie to each other tells more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.geometry.poses import level
from part_perception.scene.cell_image import CellImage
from part_perception.scene.fragment_kernels import (
    CELLS,
    HIGH,
    LOW,
    NEAR,
    OUTLINED,
    compare,
    gaps,
    measured,
    outlines,
)
from part_perception.scene.joining import (
    BACKGROUND,
    CLASSES,
    OBJECT,
    OFFSETS,
    bonds,
    renamed,
    shared_cells,
)
from part_perception.scene.trees import Trees

MOST = 64  # fragments: the largest are compared, which bounds the time
STANDS = 0.015  # metres: a fragment that reaches down this low stands on the support
LEG = 0.15  # metres: what stands and is higher may be a leg of furniture
SAME = 0.7  # chance above which two are one object: a wrong pair costs two objects, a missed one costs one
EVIDENCE = (
    "mean affinity of all pairs of cells between the two",
    "number of these pairs",
    "distance of the nearest cells",
    "the same in cells",
    "share of cells between them that lie nearer to the camera",
    "share of cells between them that lie farther away",
    "share of cells between them that show the support",
    "cells of the smaller one",
    "cells of the larger one",
    "size of the larger one",
    "height of the smaller one's lower end",
    "height of the larger one's lower end",
    "how flat the two are together",
    "whether they run in one direction",
    "how far the smaller one lies beside the axis of the larger one",
    "distance seen from above",
    "whether gaps in depth leave both in one piece",
    "distance as compared with that of the smaller one's nearest neighbour",
    "size of both together",
    "whether the smaller one's nearest cell lies in front",
    "how surely the network sees background between them",
    "how surely it sees background in the smaller one",
    "how surely it sees background in the larger one",
    "height of the smaller one's lower end above the larger one's top",
    "height of the larger one's lower end above the smaller one's top",
    "how high up the smaller one its nearest cell is",
    "how high up the larger one its nearest cell is",
)


class Fragments:
    """The fragments of a frame, numbered from 0. Merging two keeps the number of the first."""

    def __init__(
        self,
        number: np.ndarray,
        scores: np.ndarray,
        image: CellImage,
        plane: np.ndarray | None,
        piece: np.ndarray,
        cut_from: Sequence[int] = (),
    ):
        """number, piece (H, W): each cell's fragment and piece between gaps, -1 = none; scores as of `join`.

        cut_from, where depth is precise: for each piece, the larger one that it was cut from, as one thing stands on
        another. There, two such pieces are never one object, and neither are two low ones on the support.
        """
        self.number, self.image, self.count = number.copy(), image, int(number.max(initial=-1)) + 1
        self.piece, self.cut_from = piece, np.asarray(cut_from, int)
        self.known = plane is not None
        self.plane = np.zeros(4) if plane is None else np.ascontiguousarray(plane, float)
        self.margin = np.clip(scores[BACKGROUND] - scores[OBJECT], -8, 8)
        self.measures, edge = measured(number, image.points, image.reach, self.margin, self.plane, self.count)
        self.outline, self.outlined = outlines(number, edge, self.count)
        self.gap, self.nearest = gaps(image.points, self.outline, self.outlined)
        self.total, self.pairs = bonds(scores[CLASSES:], number, 0.0, number, np.array(OFFSETS), self.count)
        self.pieces = shared_cells(number, piece, self.count, max(int(piece.max(initial=-1)), 0) + 1)
        self.alive = np.zeros(self.count, bool)
        self.alive[np.argsort(-self.measures[:, CELLS], kind="stable")[:MOST]] = True
        self.object = np.arange(self.count)  # the fragment that each one has become a part of
        up = self.plane[:3] if self.known else np.array([0.0, -1.0, 0.0])
        self.level = np.ascontiguousarray(level(up)[:2])

    def candidates(self, of: int | None = None) -> np.ndarray:
        """(M, 2) pairs near enough to be compared, only those of one fragment if it is given."""
        near = np.triu((self.gap < NEAR) & self.alive & self.alive[:, None], 1)
        if len(self.cut_from):
            mine = np.where(self.pieces.any(axis=1), self.pieces.argmax(axis=1), -1)
            whole = np.append(self.cut_from, -1)[mine]
            stands = self.known & (self.measures[:, LOW] < STANDS) & (self.measures[:, HIGH] < LEG)
            apart = (whole[:, None] == whole) | (stands[:, None] & stands)
            near &= (mine[:, None] == mine) | (whole[:, None] < 0) | (whole < 0) | ~apart
        if of is not None:
            chosen = np.zeros(self.count, bool)
            chosen[of] = True
            near &= chosen | chosen[:, None]
        return np.ascontiguousarray(np.argwhere(near))

    def evidence(self, candidates: np.ndarray) -> np.ndarray:
        """(M, len(EVIDENCE)) float32: what speaks for and against each pair being one object."""
        out = np.zeros((len(candidates), len(EVIDENCE)), np.float32)
        compare(
            candidates, self.number, self.image.points, self.image.reach, self.margin, self.plane, self.known,
            self.level, self.image.pitch, self.measures, self.outline, self.outlined, self.gap, self.nearest,
            self.total, self.pairs, self.pieces, self.alive, out,
        )  # fmt: skip
        return out

    def merge(self, a: int, b: int) -> None:
        """Make the second fragment a part of the first."""
        self.number[self.number == b] = a
        self.object[self.object == b] = a
        low, high = np.minimum(*self.measures[[a, b], LOW]), np.maximum(*self.measures[[a, b], HIGH])
        self.measures[a] += self.measures[b]
        self.measures[a, [LOW, HIGH]] = low, high
        self.pieces[a] += self.pieces[b]
        for table in (self.total, self.pairs):
            table[a] += table[b]
            table[:, a] = table[a]
        nearer = self.gap[b] < self.gap[a]
        self.gap[a, nearer], self.nearest[a, nearer] = self.gap[b, nearer], self.nearest[b, nearer]
        self.gap[:, a], self.nearest[:, a] = self.gap[a], self.nearest[a, :, ::-1]
        cells = np.concatenate([self.outline[k, : self.outlined[k]] for k in (a, b)])
        if len(cells) > OUTLINED:
            cells = cells[np.linspace(0, len(cells) - 1, OUTLINED).astype(int)]
        self.outline[a, : len(cells)], self.outlined[a] = cells, len(cells)
        self.alive[b] = False
        self.gap[a, a] = np.inf


def join_fragments(fragments: Fragments, trees: Trees) -> np.ndarray:
    """(H, W) int32 object numbers of cells, -1 = none: the likeliest two fragments of one object are joined first."""
    chance = np.full((fragments.count, fragments.count), -1.0)
    candidates = fragments.candidates()
    while True:
        chance[tuple(candidates.T)] = trees.chances(fragments.evidence(candidates))
        if chance.max(initial=-1.0) <= SAME:
            break
        a, b = (int(k) for k in np.unravel_index(np.argmax(chance), chance.shape))
        fragments.merge(a, b)
        chance[[a, b]] = chance[:, [a, b]] = -1.0
        candidates = fragments.candidates(of=a)
    _, names = np.unique(fragments.object, return_inverse=True)
    return renamed(fragments.number, names[fragments.object].astype(np.int32))
