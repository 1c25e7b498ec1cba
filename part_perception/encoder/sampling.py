"""Sampling: turns a cloud of any size and density into evenly spread samples, each the mean of a compact cell."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

_FINE = 1 << 16
_VOXELS_A_POINT = 16  # a larger table is slower than sorting
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)  # large and odd


def thin(points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """About `count` samples spread evenly: means over voxels of a fitting size, and the sample of each point.

    The means remove much of a sensor's noise. At most `count` samples come back; small clouds come back
    whole.
    """
    if len(points) <= count:
        return points.copy(), np.arange(len(points))
    columns = np.ascontiguousarray(points.T)  # numpy computes extremes of rows much faster
    low = columns.min(axis=1)
    extent = float((columns.max(axis=1) - low).max())
    probe = points if len(points) <= 4 * count else points[_scattered(points, low, extent, 4 * count)]
    voxel = extent / np.sqrt(count)
    for _ in range(3):
        _, occupied = _voxels(probe, low, voxel)
        voxel *= np.clip(np.sqrt(occupied / (0.97 * count)), 0.3, 2.0)
    while True:
        member, samples = _voxels(points, low, voxel)
        if samples <= count:
            break
        voxel *= max(np.sqrt(samples / (0.97 * count)), 1.02)
    weight = np.bincount(member, minlength=samples)[:, None]
    sums = np.stack([np.bincount(member, points[:, axis], samples) for axis in range(3)], axis=1)
    return sums / weight, member


def some_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Rows of `count` of the points, independent of their order."""
    low = points.min(axis=0)
    return _scattered(points, low, float(np.ptp(points, axis=0).max()), count)


def _scattered(points: np.ndarray, low: np.ndarray, extent: float, count: int) -> np.ndarray:
    """Rows of `count` points chosen by position, so that their order in the cloud does not matter."""
    cell = ((points - low) * (_FINE / max(extent, 1e-300))).astype(np.uint64)
    mixed = (cell[:, 0] * _MIX[0]) ^ (cell[:, 1] * _MIX[1]) ^ (cell[:, 2] * _MIX[2])
    return np.argpartition((mixed * _MIX[0]) >> np.uint64(16), count)[:count]


def _voxels(points: np.ndarray, low: np.ndarray, voxel: float) -> tuple[np.ndarray, int]:
    """(N,) the index of each point's voxel among the occupied ones, and the number of these."""
    cell = ((points - low) / voxel).astype(np.int64)
    across = [int(cell[:, axis].max()) + 1 for axis in range(3)]
    key = (cell[:, 0] * across[1] + cell[:, 1]) * across[2] + cell[:, 2]
    voxels = across[0] * across[1] * across[2]
    if voxels > _VOXELS_A_POINT * len(points):
        found, member = np.unique(key, return_inverse=True)
        return member, len(found)
    holds = np.zeros(voxels, bool)
    holds[key] = True
    number = np.cumsum(holds) - 1
    return number[key], int(number[-1]) + 1


def farthest_points(
    points: np.ndarray, count: int, start: int = 0, skip: np.ndarray | None = None
) -> np.ndarray:
    """Indices of `count` points, each farthest from those before it; first `start`, never `skip`."""
    chosen = np.empty(count, np.int64)
    nearest = np.full(len(points), np.inf, np.float32)
    if skip is not None:
        nearest[skip] = -1.0
    pick_farthest(np.ascontiguousarray(points.T, np.float32), start, nearest, chosen)
    return chosen


@compiled("void(f4[:,::1], i8, f4[::1], i8[::1])")
def pick_farthest(columns, start, nearest, chosen):
    """Pick points (3, N), each farthest from those before it; `nearest` is the squared distance to these."""
    at = start
    for i in range(len(chosen)):
        chosen[i] = at
        x, y, z = columns[0, at], columns[1, at], columns[2, at]
        for j in range(len(nearest)):
            dx, dy, dz = columns[0, j] - x, columns[1, j] - y, columns[2, j] - z
            nearest[j] = min(nearest[j], dx * dx + dy * dy + dz * dz)
        at = 0
        for j in range(len(nearest)):
            if nearest[j] > nearest[at]:
                at = j


_NEAR_ORIGIN = 1e-3


def frame_of(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and scale that bring the points into the unit sphere around their mean."""
    centre = points.mean(axis=0)
    return centre, float(np.linalg.norm(points - centre, axis=1).max())


def centre_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Farthest points, starting with the first; points close to the origin are never picked after it."""
    return farthest_points(points, count, start=0, skip=np.einsum("ij,ij->i", points, points) <= _NEAR_ORIGIN)


def mirrored(vectors: np.ndarray) -> np.ndarray:
    """Vectors with z up as the network saw them in training."""
    return vectors * np.array([1, -1, 1], vectors.dtype)


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
