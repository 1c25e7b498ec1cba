"""Decomposition: groups samples into connected surface pieces, and those into a tree of ever larger parts."""

from __future__ import annotations

import warnings

import numpy as np

from part_perception.parts.encoded import EncodedObject

PIECES = 80
_LANGUAGE_WIDTH, _PIECE_WIDTH = 24, 12
_LANGUAGE_SHARE = 0.7
_PIECE_PLACE, _PART_PLACE = 0.7, 0.3


def descriptors(encoded: EncodedObject) -> np.ndarray:
    """(S, d) part field, main directions of the language features, and place, smoothed over the surface."""
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
    from sklearn.cluster import ward_tree

    count = len(described)
    if count <= pieces:
        return np.zeros((0, 2), np.int64), np.arange(count)
    placed = described * _weights(described, _PIECE_PLACE)
    brief = main_directions(placed - placed.mean(axis=0), _PIECE_WIDTH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # disconnected surfaces are joined where they are nearest
        found = ward_tree(brief, connectivity=surface_graph(encoded), n_clusters=pieces)
    merges = np.asarray(found[0], np.int64)[: count - pieces]
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
