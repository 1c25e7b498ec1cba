"""Ward's method on a graph: repeatedly merges the two neighbours whose merger adds the least variance.

Implemented here because scikit-learn pulls in pandas and scipy.stats: 100 MB and a second before
the first answer.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np


def ward_merges(values: np.ndarray, graph, groups: int) -> np.ndarray:
    """Merges (S - groups, 2) of values (S, d) down to a number of groups; row i makes node S + i.

    graph: a sparse matrix of the neighbours; its disconnected pieces are linked where they are nearest.
    """
    count = len(values)
    first, second = edges(values, graph)
    near: list[set[int]] = [set() for _ in range(count)]
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        near[a].add(b)
        near[b].add(a)
    nodes = 2 * count - groups
    sizes, sums = np.ones(nodes), np.zeros((nodes, values.shape[1]))
    sums[:count] = values
    waiting = list(
        zip(added(sizes, sums, first, second).tolist(), first.tolist(), second.tolist(), strict=True)
    )
    heapify(waiting)
    merges, gone = np.empty((count - groups, 2), np.int64), np.zeros(nodes, bool)
    for node in range(count, nodes):
        _, a, b = heappop(waiting)
        while gone[a] or gone[b]:
            _, a, b = heappop(waiting)
        merges[node - count] = b, a
        gone[[a, b]] = True
        sizes[node], sums[node] = sizes[a] + sizes[b], sums[a] + sums[b]
        beside = (near[a] | near[b]) - {a, b}
        for other in beside:
            near[other] -= {a, b}
            near[other].add(node)
        near.append(beside)
        others = sorted(beside)
        costs = added(sizes, sums, np.full(len(others), node), np.array(others, np.int64))
        for cost, other in zip(costs.tolist(), others, strict=True):
            heappush(waiting, (cost, node, other))
    return merges


def edges(values: np.ndarray, graph) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of neighbours once, higher index first, and one link between any two disconnected pieces."""
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial.distance import cdist

    pairs = graph.tocoo()
    row, column = [pairs.row.astype(np.int64)], [pairs.col.astype(np.int64)]
    pieces, piece = connected_components(graph, directed=False)
    members = [np.flatnonzero(piece == k) for k in range(pieces)]
    for k, one in enumerate(members):
        for other in members[:k]:
            a, b = divmod(int(cdist(values[one], values[other]).argmin()), len(other))
            row.append(one[[a]])
            column.append(other[[b]])
    ends = np.stack([np.concatenate(row), np.concatenate(column)])
    ends = np.unique(np.stack([ends.max(axis=0), ends.min(axis=0)]), axis=1)
    first, second = ends[:, ends[0] != ends[1]]
    return first, second


def added(sizes: np.ndarray, sums: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The variance, summed over points, that merging nodes a with nodes b adds."""
    apart = sums[a] / sizes[a, None] - sums[b] / sizes[b, None]
    return np.einsum("ij,ij->i", apart, apart) * sizes[a] * sizes[b] / (sizes[a] + sizes[b])
