"""Hierarchy: groups samples into connected surface pieces, and those into a tree of ever larger parts.

A cut at any level of the tree is a decomposition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.ward import ward_merges

PIECES = 80
_LANGUAGE_WIDTH, _PIECE_WIDTH = 24, 12
_LANGUAGE_SHARE = 0.7
_PIECE_PLACE, _PART_PLACE = 0.7, 0.3


def descriptors(encoded: EncodedObject) -> np.ndarray:
    """(S, d) part field, main directions of the language features and position, smoothed over the surface."""
    language = encoded.even_out(encoded.features)
    main = main_directions(language - language.mean(axis=0), _LANGUAGE_WIDTH)
    field = encoded.even_out(encoded.field)
    canonical = encoded.patches.samples[: encoded.patches.count]
    return np.concatenate([field, _LANGUAGE_SHARE * main, canonical], axis=1, dtype=np.float64)


def main_directions(values: np.ndarray, width: int) -> np.ndarray:
    """(S, width) approximate principal components of centred values, by one step of subspace iteration."""
    start = np.random.default_rng(0).normal(size=(values.shape[1], min(width, *values.shape)))
    axes, _ = np.linalg.qr(values.T @ (values @ start.astype(values.dtype)))
    return values @ axes


def surface_graph(encoded: EncodedObject):
    """The neighbours of each sample on the same surface, as a sparse matrix."""
    from scipy.sparse import coo_matrix

    row, column = np.nonzero(encoded.linked)
    return coo_matrix(
        (np.ones(len(row)), (row, encoded.neighbours[row, column])), shape=(encoded.patches.count,) * 2
    ).tocsr()


def surface_pieces(
    encoded: EncodedObject, described: np.ndarray, pieces: int = PIECES
) -> tuple[np.ndarray, np.ndarray]:
    """Ward merges (S - pieces, 2) of surface neighbours, and the node that each sample ends up under."""
    count = len(described)
    if count <= pieces:
        return np.zeros((0, 2), np.int64), np.arange(count)
    placed = described * _weights(described, _PIECE_PLACE)
    brief = main_directions(placed - placed.mean(axis=0), _PIECE_WIDTH)
    merges = ward_merges(brief, surface_graph(encoded), pieces)
    return merges, roots(merges, count)


def roots(merges: np.ndarray, leaves: int) -> np.ndarray:
    """For each leaf, the node above it after the merges."""
    parent = np.arange(leaves + len(merges))
    parent[merges] = leaves + np.arange(len(merges))[:, None]
    while not np.array_equal(parent, above := parent[parent]):
        parent = above
    return parent[:leaves]


def _weights(described: np.ndarray, place: float) -> np.ndarray:
    """1 for features, `place` for the three coordinates at the end."""
    return np.where(np.arange(described.shape[1]) < described.shape[1] - 3, 1.0, place)


def merge_pieces(described: np.ndarray, node: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Average linkage of pieces by mean descriptor, weighted by size: merges of nodes, and heights."""
    names, piece, sizes = np.unique(node, return_inverse=True, return_counts=True)
    described = described * _weights(described, _PART_PLACE)
    means = np.zeros((len(names), described.shape[1]))
    np.add.at(means, piece, described)
    means /= sizes[:, None]
    square = np.einsum("ij,ij->i", means, means)
    gap = np.maximum(square[:, None] + square - 2 * means @ means.T, 0)
    return average_linkage(gap, sizes.astype(float), names, len(described))


def average_linkage(
    gap: np.ndarray, sizes: np.ndarray, names: np.ndarray, leaves: int
) -> tuple[np.ndarray, np.ndarray]:
    """Merge the two groups that differ least on average, until one is left. `gap` (K, K) is squared."""
    gap, sizes, names = gap.copy(), sizes.copy(), names.copy()
    np.fill_diagonal(gap, np.inf)
    merges, heights = np.empty((len(names) - 1, 2), np.int64), np.empty(len(names) - 1)
    first = 2 * leaves - 1 - len(merges)
    for i in range(len(merges)):
        a, b = np.unravel_index(gap.argmin(), gap.shape)
        merges[i], heights[i] = (names[a], names[b]), gap[a, b]
        mean = (sizes[a] * gap[a] + sizes[b] * gap[b]) / (sizes[a] + sizes[b])
        gap[a], gap[:, a] = mean, mean
        gap[b], gap[:, b], gap[a, a] = np.inf, np.inf, np.inf
        sizes[a] += sizes[b]
        names[a] = first + i
    return merges, np.sqrt(np.maximum.accumulate(heights)) if len(heights) else heights


def kmeans_parts(encoded: EncodedObject, parts: int) -> np.ndarray:
    """(S,) k-means labels of the same descriptors, in `parts` groups: no tree, no connectivity."""
    from sklearn.cluster import KMeans

    described = descriptors(encoded)
    described = described * _weights(described, _PART_PLACE)
    return KMeans(parts, n_init=4, random_state=0).fit_predict(
        described, sample_weight=encoded.points_of + 0.0
    )


_MAX_PARTS = 19
_ONE_REACHES, _MORE_REACH = 0.92, 0.62

Rows = Sequence[int] | np.ndarray


@dataclass(frozen=True)
class Hierarchy:
    """`merges` (S - 1, 2): row i makes node S + i; `heights` (S - 1,): how much the two nodes differed.

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
        """(N,) the region around clicked rows: for each, the largest node below a height without `outside`.

        One click stands for a whole part; of several clicks, each stands for a piece of it.
        """
        within, without = np.unique(self._leaves_of(inside)), np.unique(self._leaves_of(outside))
        if not len(within):
            raise InputError("give at least one row that is inside the part")
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
        index = np.asarray(rows).reshape(-1)
        if index.dtype.kind not in "iu" and len(index):
            raise InputError(f"rows must be whole numbers, not {index.dtype}")
        index = index.astype(np.int64)
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
    if isinstance(parts, bool) or not isinstance(parts, (int, np.integer)):
        raise InputError(f"parts must be a whole number or None, not {parts!r}")
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
