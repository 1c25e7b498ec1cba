"""Hierarchy: the tree that merges an object's samples pair by pair; a cut at any level is a decomposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.errors import InputError
from part_perception.parts.decomposition import descriptors, kmeans_parts, merge_pieces, roots, surface_pieces
from part_perception.parts.encoded import EncodedObject

_MAX_PARTS = 19
_ONE_REACHES, _MORE_REACH = 0.92, 0.62

Rows = Sequence[int] | np.ndarray


@dataclass(frozen=True)
class Hierarchy:
    """`merges` (S - 1, 2): rows number the nodes S, S + 1, …; `heights` (S - 1,): how much the two differed.

    `samples` (S, 3) are the leaves; `member` (N,) is each input row's leaf, -1 for rows that were not finite.
    `natural_height`: merges above this height join separate parts.
    """

    merges: np.ndarray
    heights: np.ndarray
    samples: np.ndarray
    member: np.ndarray
    natural_height: float = 0.86

    @property
    def leaves(self) -> int:
        return len(self.samples)

    def cut(self, parts: int) -> np.ndarray:
        """(N,) labels 0 … parts - 1, the largest part first; -1 for rows that were not finite."""
        return to_rows(self.cut_samples(parts), self.member)

    def cut_samples(self, parts: int) -> np.ndarray:
        """(S,) the same labels for the leaves."""
        check_parts(parts, self.leaves)
        return ranked(roots(self.merges[: self.leaves - parts], self.leaves), self.member)

    def natural_parts(self) -> int:
        """The number of parts the tree suggests: merges higher than is usual within a part are undone."""
        return int(np.clip((self.heights > self.natural_height).sum() + 1, 1, min(_MAX_PARTS, self.leaves)))

    def region(self, inside: Rows, outside: Rows = ()) -> np.ndarray:
        """(N,) the region meant by clicked rows: the largest node below a height around each, none `outside`.

        One click stands for a whole part; several show how far the part extends, each standing for a piece of
        it.
        """
        within, without = np.unique(self._leaves_of(inside)), np.unique(self._leaves_of(outside))
        if not len(within):
            raise InputError("at least one row must be given that is inside the part")
        above = self._parents()
        taken = {node for leaf in without for node in _way_up(leaf, above)}
        reach = self.natural_height * (_ONE_REACHES if len(within) == 1 else _MORE_REACH)
        chosen = np.zeros(self.leaves, bool)
        for leaf in within:
            free = [v for v in _way_up(leaf, above)[:-1] if v not in taken and self._height_of(v) < reach]
            if not free:
                raise InputError(
                    "no part of the object holds all points inside and none outside; mark it by a mask"
                )
            chosen |= roots(self.merges[: max(free[-1] - self.leaves + 1, 0)], self.leaves) == free[-1]
        return (self.member >= 0) & chosen[self.member]

    def _parents(self) -> np.ndarray:
        """(2 S - 1,) the node that each node is merged into; the root is its own parent."""
        above = np.arange(2 * self.leaves - 1)
        above[self.merges] = self.leaves + np.arange(len(self.merges))[:, None]
        return above

    def _leaves_of(self, rows: Rows) -> np.ndarray:
        index = np.asarray(rows, np.int64).reshape(-1)
        if len(index) and (index.min() < 0 or index.max() >= len(self.member)):
            raise InputError(f"rows must be from 0 to {len(self.member) - 1}")
        leaves = self.member[index]
        return leaves[leaves >= 0]

    def _height_of(self, node: int) -> float:
        return float(self.heights[node - self.leaves]) if node >= self.leaves else 0.0


def _way_up(node: int, above: np.ndarray) -> list[int]:
    """A node and all its ancestors, up to the root."""
    way = [int(node)]
    while above[way[-1]] != way[-1]:
        way.append(int(above[way[-1]]))
    return way


def check_parts(parts: int, most: int) -> None:
    if not 1 <= parts <= most:
        raise InputError(f"parts must be from 1 to {most} on this object, not {parts}")


def ranked(group: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Renumber groups of leaves so that the one with the most points comes first."""
    _, part = np.unique(group, return_inverse=True)
    sizes = np.bincount(part[member[member >= 0]], minlength=part.max() + 1)
    rank = np.empty(len(sizes), int)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return rank[part]


def to_rows(of_samples: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Labels of leaves, spread to the input rows."""
    return np.where(member < 0, -1, of_samples[member])


def member_of(encoded: EncodedObject) -> np.ndarray:
    """(total,) the sample of each input row, -1 for rows that were not finite."""
    member = np.full(encoded.total, -1)
    member[encoded.rows] = encoded.member
    return member


def build_hierarchy(encoded: EncodedObject, natural_height: float | None = None) -> Hierarchy:
    """Surface pieces first, then average linkage of pieces by part field, language and, slightly, position.

    It is built once per object and kept with it. natural_height: the model's own; None: the default.
    """
    kept = vars(encoded)
    if "hierarchy" not in kept:
        described = descriptors(encoded)
        small, node = surface_pieces(encoded, described)
        large, heights = merge_pieces(described, node)
        below = np.linspace(0, heights[0] if len(heights) else 1.0, len(small), endpoint=False)
        kept["hierarchy"] = Hierarchy(
            np.concatenate([small, large]),
            np.concatenate([below, heights]),
            encoded.samples,
            member_of(encoded),
        )
    tree = kept["hierarchy"]
    return (
        tree
        if natural_height in (None, tree.natural_height)
        else replace(tree, natural_height=natural_height)
    )


def kmeans(encoded: EncodedObject, parts: int) -> np.ndarray:
    """(N,) labels by k-means instead of a tree cut, the largest part first."""
    check_parts(parts, encoded.patches.count)
    member = member_of(encoded)
    return to_rows(ranked(kmeans_parts(encoded, parts), member), member)
