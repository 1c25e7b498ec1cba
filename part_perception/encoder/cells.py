"""Cells: splits points into compact groups of equal size, whose means are the samples of an object.

One sample for a fixed number of points follows the measured surface: edges and errors spread few points over
empty space, so few samples land there. (Voxels, one sample per place, give such points as many as a good
surface.)
"""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled


def split(points: np.ndarray, count: int, weight: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) points → at most `count` samples (S, 3), and the sample (N,) of every point.

    weight (N,): the share of samples a point attracts; a point of weight 0 attracts none and only belongs to
    its cell.
    """
    points = np.ascontiguousarray(points, np.float64)
    if weight is None:
        weight = np.ones(len(points), np.float32)
    weight = np.ascontiguousarray(weight, np.float32)
    count = min(count, int(np.count_nonzero(weight)))
    member = np.empty(len(points), np.int64)
    samples = np.empty((count, 3))
    split_cells(points, weight, count, member, samples)
    return samples, member


@compiled("i8(f8[:,::1], f4[::1], i8[::1], i8, i8, i8, f8)")
def select(points, weight, order, first, last, axis, wanted):
    """Order rows first..last - 1 so that those before the returned one are lower and weigh `wanted`."""
    before = 0.0
    low, high = first, last
    while high - low > 1:
        a, b, c = (
            points[order[low], axis],
            points[order[(low + high) // 2], axis],
            points[order[high - 1], axis],
        )
        pivot = max(min(a, b), min(max(a, b), c))
        less, equal = low, low  # below the pivot: low..less, on it: less..equal, above: the rest
        sum_less, sum_equal = 0.0, 0.0
        for i in range(low, high):
            row = order[i]
            value = points[row, axis]
            if value < pivot:
                order[i] = order[equal]
                order[equal] = order[less]
                order[less] = row
                less += 1
                equal += 1
                sum_less += weight[row]
            elif value == pivot:
                order[i] = order[equal]
                order[equal] = row
                equal += 1
                sum_equal += weight[row]
        if wanted <= before + sum_less and less > low:
            high = less
        elif wanted <= before + sum_less + sum_equal or equal == high:
            before += sum_less
            at = less
            while at < equal and before + 0.5 * weight[order[at]] < wanted:
                before += weight[order[at]]
                at += 1
            return at
        else:
            before += sum_less + sum_equal
            low = equal
    if before + 0.5 * weight[order[low]] < wanted:
        return high
    return low


@compiled("void(f8[:,::1], f4[::1], i8, i8[::1], f8[:,::1])")
def split_cells(points, weight, count, member, samples):
    """Halve the points along their longest side repeatedly, until there is one cell for each sample."""
    total = points.shape[0]
    order = np.empty(total, np.int64)
    kept = 0
    for i in range(total):
        if weight[i] > 0:
            order[kept] = i
            kept += 1
    # nodes still to be split: rows first..last - 1 of the order make `cells` samples, numbered from `start`
    firsts, lasts = np.empty(2 * count + 2, np.int64), np.empty(2 * count + 2, np.int64)
    cells, starts = np.empty(2 * count + 2, np.int64), np.empty(2 * count + 2, np.int64)
    axes, cuts = np.full(2 * count + 2, -1, np.int64), np.empty(2 * count + 2)
    lower, upper = np.empty(2 * count + 2, np.int64), np.empty(2 * count + 2, np.int64)
    firsts[0], lasts[0], cells[0], starts[0] = 0, kept, count, 0
    nodes, node = 1, 0
    while node < nodes:
        first, last, wanted = firsts[node], lasts[node], cells[node]
        if wanted == 1:
            x, y, z = 0.0, 0.0, 0.0
            for i in range(first, last):
                row = order[i]
                x += points[row, 0]
                y += points[row, 1]
                z += points[row, 2]
                member[row] = starts[node]
            size = last - first
            samples[starts[node], 0], samples[starts[node], 1] = x / size, y / size
            samples[starts[node], 2] = z / size
            node += 1
            continue
        # the longest side, and the weight
        mass = 0.0
        x0, y0, z0, x1, y1, z1 = np.inf, np.inf, np.inf, -np.inf, -np.inf, -np.inf
        for i in range(first, last):
            row = order[i]
            mass += weight[row]
            x, y, z = points[row, 0], points[row, 1], points[row, 2]
            x0, y0, z0 = min(x0, x), min(y0, y), min(z0, z)
            x1, y1, z1 = max(x1, x), max(y1, y), max(z1, z)
        axis, longest = 0, x1 - x0
        if y1 - y0 > longest:
            axis, longest = 1, y1 - y0
        if z1 - z0 > longest:
            axis = 2
        half = wanted // 2
        place = select(points, weight, order, first, last, axis, half / wanted * mass)
        # every cell needs a point
        least, most = first + half, last - (wanted - half)
        if place < least or place > most:
            rows = order[first:last].copy()
            keys = np.empty(last - first)
            for i in range(last - first):
                keys[i] = points[rows[i], axis]
            ranks = np.argsort(keys, kind="mergesort")
            for i in range(last - first):
                order[first + i] = rows[ranks[i]]
            place = least if place < least else most
        cut = -np.inf
        for i in range(first, place):
            cut = max(cut, points[order[i], axis])
        axes[node], cuts[node] = axis, cut
        lower[node], upper[node] = nodes, nodes + 1
        firsts[nodes], lasts[nodes], cells[nodes], starts[nodes] = first, place, half, starts[node]
        nodes += 1
        firsts[nodes], lasts[nodes], cells[nodes] = place, last, wanted - half
        starts[nodes] = starts[node] + half
        nodes += 1
        node += 1
    for i in range(total):
        if weight[i] > 0:
            continue
        at = 0
        while axes[at] >= 0:
            at = lower[at] if points[i, axes[at]] <= cuts[at] else upper[at]
        member[i] = starts[at]
