"""Neighbours: find the points nearest to each query, with a grid of cells or, among few, by brute force."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

POINTS_A_CELL = 3.5  # for points on a surface
MAX_ACROSS = 64  # cells along one side


def nearest_of(queries: np.ndarray, points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` nearest points of each query (Q, count), nearest first, and the squared distances.

    Points at the same distance keep their order.
    """
    queries, points = np.ascontiguousarray(queries, np.float64), np.ascontiguousarray(points, np.float64)
    shape = len(queries), min(count, len(points))
    near, squared = np.zeros(shape, np.int64), np.full(shape, np.inf)
    across = min(max(int(np.sqrt(len(points) / POINTS_A_CELL)), 1), MAX_ACROSS)
    search_grid(queries, points, across, near, squared)
    return near, squared


def nearest_of_few(queries: np.ndarray, points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Same as `nearest_of` for few points, by brute force for many queries at once."""
    shape = min(count, len(points)), len(queries)
    near, squared = np.zeros(shape, np.int32), np.full(shape, np.inf, np.float32)
    columns = np.ascontiguousarray(queries.T, np.float32)
    compare_all(columns, np.ascontiguousarray(points, np.float32), near, squared)
    return near.T.astype(np.int64), np.ascontiguousarray(squared.T)


@compiled("void(f4[:,::1], f4[:,::1], i4[:,::1], f4[:,::1])")
def compare_all(queries, points, near, squared):
    """Compare queries (3, Q) with every point and insert it into the sorted list of the nearest so far."""
    total = queries.shape[1]
    row, gap = np.empty(total, np.int32), np.empty(total, np.float32)
    for i in range(points.shape[0]):
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        for q in range(total):
            dx, dy, dz = queries[0, q] - x, queries[1, q] - y, queries[2, q] - z
            row[q], gap[q] = i, dx * dx + dy * dy + dz * dz
        for k in range(near.shape[0]):
            for q in range(total):
                nearer, other, here, there = gap[q] < squared[k, q], row[q], near[k, q], squared[k, q]
                near[k, q], row[q] = (other, here) if nearer else (here, other)
                squared[k, q], gap[q] = min(gap[q], there), max(gap[q], there)


@compiled("i8(f8, f8, f8, i8)")
def cell_of(value, low, size, cells):
    """The cell of a coordinate; the outermost one if the coordinate lies outside the grid."""
    return min(int((value - low) / size), cells - 1) if value > low else 0


@compiled("void(f8[:,::1], i8, f8[::1], i8[::1], f8[::1])")
def lay_grid(points, across, low, cells, size):
    """The grid's lower corner, its number of cells along each axis, and the size of a cell."""
    high = np.full(3, -np.inf)
    low[:] = np.inf
    for i in range(points.shape[0]):
        for k in range(3):
            low[k], high[k] = min(low[k], points[i, k]), max(high[k], points[i, k])
    size[0] = max(max(high[0] - low[0], high[1] - low[1], high[2] - low[2]) / across, 1e-300)
    for k in range(3):
        cells[k] = cell_of(high[k], low[k], size[0], across) + 1


@compiled("void(f8[:,::1], i8[::1], i8, i8, f8, f8, f8, i8, i8[:,::1], f8[:,::1])")
def take_nearer(known, order, first, last, x, y, z, q, near, squared):
    """Sort points first..last - 1 of the grid into the nearest ones found so far."""
    end = near.shape[1] - 1
    for i in range(first, last):
        dx, dy, dz = known[i, 0] - x, known[i, 1] - y, known[i, 2] - z
        gap, row = dx * dx + dy * dy + dz * dz, order[i]
        if gap > squared[q, end] or (gap == squared[q, end] and row > near[q, end]):
            continue
        at = end
        while at > 0 and (gap < squared[q, at - 1] or (gap == squared[q, at - 1] and row < near[q, at - 1])):
            near[q, at], squared[q, at] = near[q, at - 1], squared[q, at - 1]
            at -= 1
        near[q, at], squared[q, at] = row, gap


@compiled("void(f8[:,::1], f8[:,::1], i8, i8[:,::1], f8[:,::1])")
def search_grid(queries, points, across, near, squared):
    """Search outwards from each query's cell until no nearer point can lie farther out."""
    low, cells, sizes = np.empty(3), np.empty(3, np.int64), np.empty(1)
    lay_grid(points, across, low, cells, sizes)
    size, (nx, ny, nz) = sizes[0], (cells[0], cells[1], cells[2])

    # Points cell by cell
    total = points.shape[0]
    place, starts = np.empty(total, np.int64), np.zeros(nx * ny * nz + 1, np.int64)
    for i in range(total):
        x, y = cell_of(points[i, 0], low[0], size, nx), cell_of(points[i, 1], low[1], size, ny)
        place[i] = (x * ny + y) * nz + cell_of(points[i, 2], low[2], size, nz)
        starts[place[i] + 1] += 1
    for c in range(nx * ny * nz):
        starts[c + 1] += starts[c]
    order, known, filled = np.empty(total, np.int64), np.empty((total, 3)), starts.copy()
    for i in range(total):
        at = filled[place[i]]
        filled[place[i]] += 1
        order[at] = i
        known[at, 0], known[at, 1], known[at, 2] = points[i, 0], points[i, 1], points[i, 2]

    here = np.empty(3, np.int64)
    for q in range(queries.shape[0]):
        px, py, pz = queries[q, 0], queries[q, 1], queries[q, 2]
        for k in range(3):
            here[k] = cell_of(queries[q, k], low[k], size, cells[k])
        cx, cy, cz = here[0], here[1], here[2]
        ring = 0
        while True:
            bottom, top = max(cz - ring, 0), min(cz + ring, nz - 1)
            for x in range(max(cx - ring, 0), min(cx + ring, nx - 1) + 1):
                for y in range(max(cy - ring, 0), min(cy + ring, ny - 1) + 1):
                    row = (x * ny + y) * nz
                    if abs(x - cx) == ring or abs(y - cy) == ring:
                        first, last = starts[row + bottom], starts[row + top + 1]
                        take_nearer(known, order, first, last, px, py, pz, q, near, squared)
                        continue
                    if cz - ring >= 0:
                        first, last = starts[row + cz - ring], starts[row + cz - ring + 1]
                        take_nearer(known, order, first, last, px, py, pz, q, near, squared)
                    if cz + ring < nz:
                        first, last = starts[row + cz + ring], starts[row + cz + ring + 1]
                        take_nearer(known, order, first, last, px, py, pz, q, near, squared)
            beyond = np.inf  # the distance of whatever lies outside the cells searched so far
            for k in range(3):
                if here[k] - ring > 0:
                    beyond = min(beyond, queries[q, k] - (low[k] + (here[k] - ring) * size))
                if here[k] + ring < cells[k] - 1:
                    beyond = min(beyond, low[k] + (here[k] + ring + 1) * size - queries[q, k])
            if beyond == np.inf or (beyond > 0 and squared[q, -1] < beyond * beyond):
                break
            ring += 1
