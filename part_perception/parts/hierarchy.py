"""Hierarchy: an object's samples merged, pair by pair, into the whole; a cut at any level is a decomposition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.parts.encoded import EncodedObject

_MOST_PARTS = 12
_PLACE_SHARE = 0.3
_LANGUAGE_SHARE = 0.5


@dataclass(frozen=True)
class Hierarchy:
    """`merges` (S - 1, 2): rows number the nodes S, S + 1, …; `heights` (S - 1,) how unlike the two were.

    `samples` (S, 3) are the leaves; `member` (N,) tells each input row its leaf, -1 for rows that were not finite.
    """

    merges: np.ndarray
    heights: np.ndarray
    samples: np.ndarray
    member: np.ndarray

    @property
    def leaves(self) -> int:
        return len(self.samples)

    def cut(self, parts: int) -> np.ndarray:
        """(N,) labels 0 … parts - 1, the largest part first; -1 for rows that were not finite."""
        if not 1 <= parts <= self.leaves:
            raise ValueError(f"parts must be from 1 to {self.leaves} on this object, not {parts}")
        return np.where(self.member < 0, -1, self._ranked(self._roots(self.leaves - parts))[self.member])

    def _roots(self, merged: int) -> np.ndarray:
        """For each leaf, the node it is under after the first `merged` merges."""
        parent = np.arange(self.leaves + merged)
        for i in range(merged):
            parent[self.merges[i]] = self.leaves + i
        while not np.array_equal(parent, above := parent[parent]):
            parent = above
        return parent[: self.leaves]

    def _ranked(self, roots: np.ndarray) -> np.ndarray:
        """Nodes renumbered so that the one with most points comes first."""
        _, part = np.unique(roots, return_inverse=True)
        sizes = np.bincount(part[self.member[self.member >= 0]], minlength=part.max() + 1)
        rank = np.empty(len(sizes), int)
        rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
        return rank[part]

    def natural_parts(self) -> int:
        """How many parts the tree itself suggests: where going on to merge costs the most more than before."""
        heights = np.sqrt(np.maximum(self.heights, 1e-6))[::-1]
        last = min(_MOST_PARTS, len(heights) - 1)
        if last < 2:
            return 1
        gaps = heights[: last - 1] - heights[1:last]
        return int(np.argmax(gaps)) + 2


def build_hierarchy(encoded: EncodedObject) -> Hierarchy:
    """Average linkage of samples by part field, language and a little place."""
    from scipy.cluster.hierarchy import linkage

    canonical = encoded.patches.samples[: encoded.patches.count]
    described = np.concatenate(
        [encoded.field, _LANGUAGE_SHARE * encoded.features, _PLACE_SHARE * canonical], axis=1
    ).astype(np.float32)
    tree = linkage(described, "average")
    member = np.full(encoded.total, -1)
    member[encoded.rows] = encoded.member
    return Hierarchy(tree[:, :2].astype(np.int64), tree[:, 2], encoded.samples, member)
