"""Facing: finds points on surfaces seen edge-on, such as the skirts that a depth camera adds at rims."""

from __future__ import annotations

import numpy as np

from part_perception.geometry.poses import level
from part_perception.jit import compiled

EDGE_ON_DEG = 72.0  # a surface turned farther away is poorly measured, or no surface at all
KEPT_AT_LEAST = 0.5  # of the points: an object seen edge-on as a whole is kept as it is
FEWEST_POINTS = 64  # with fewer points there is no surface to judge
POINTS_A_CELL = 1.5
FILLED = 0.6  # of the image's bounding box, for a typical object
OUTSIDE = 1.15  # radii from the middle of the points: a viewpoint lies outside what it sees
ONE_SHEET = 0.08  # of the extent: 90% of cells of a single view are shallower; a whole object has a back


def edge_on(points: np.ndarray, viewpoint: np.ndarray) -> np.ndarray:
    """(N,) bool: the points of one view that lie on surfaces seen edge-on from the viewpoint."""
    if len(points) < FEWEST_POINTS:
        return np.zeros(len(points), bool)
    reach, cell, size, shape = _image(points, viewpoint)
    if min(shape) < 3:
        return np.zeros(len(points), bool)
    flagged = np.zeros(len(points), np.bool_)
    mark_edge_on(reach, cell, shape[0], shape[1], size, np.tan(np.radians(EDGE_ON_DEG)), flagged)
    return flagged if flagged.mean() <= 1 - KEPT_AT_LEAST else np.zeros(len(points), bool)


def viewpoint_of(points: np.ndarray) -> np.ndarray | None:
    """The origin, if the points are one view from there: outside of them, and one sheet in front of it."""
    middle = points.mean(axis=0)
    extent = np.linalg.norm(points - middle, axis=1)
    if np.linalg.norm(middle) < OUTSIDE * float(extent.max()):
        return None
    origin = np.zeros(3)
    reach, cell, _, shape = _image(points, origin, 6.0)
    low, high = np.full(shape[0] * shape[1], np.inf), np.zeros(shape[0] * shape[1])
    np.minimum.at(low, cell, reach)
    np.maximum.at(high, cell, reach)
    depth = (high - low)[np.isfinite(low)]
    return origin if np.quantile(depth, 0.9) < ONE_SHEET * 2 * float(np.quantile(extent, 0.98)) else None


def _image(points: np.ndarray, viewpoint: np.ndarray, points_a_cell: float = POINTS_A_CELL):
    """Distance and cell of every point on an image they fill, the cell size in radians, and the shape."""
    lines = points - viewpoint
    reach = np.sqrt(np.einsum("ij,ij->i", lines, lines))
    middle = lines.mean(axis=0)
    turn = level(middle / max(float(np.linalg.norm(middle)), 1e-12))
    local = lines @ turn.T
    ahead = np.maximum(local[:, 2], 0.2 * reach)
    u, v = local[:, 0] / ahead, local[:, 1] / ahead
    u, v = u - u.min(), v - v.min()
    size = np.sqrt(max(float(u.max() * v.max()), 1e-12) * FILLED * points_a_cell / len(points))
    row, column = (v / size).astype(np.int64), (u / size).astype(np.int64)
    shape = (int(row.max()) + 1, int(column.max()) + 1)
    return reach, row * shape[1] + column, size, shape


@compiled("void(f8[::1], i8[::1], i8, i8, f8, f8, b1[::1])")
def mark_edge_on(reach, cell, rows, columns, size, steep, flagged):
    """Flag the points of cells where the distance changes steeply along rows or along columns."""
    count = rows * columns
    total, number = np.zeros(count), np.zeros(count)
    for i in range(reach.shape[0]):
        total[cell[i]] += reach[i]
        number[cell[i]] += 1.0
    mean = np.zeros(count)
    for k in range(count):
        if number[k] > 0:
            mean[k] = total[k] / number[k]
    bad = np.zeros(count, np.bool_)
    for k in range(count):
        if number[k] == 0:
            continue
        row, column = k // columns, k % columns
        limit = steep * size * mean[k]
        for way in range(2):
            step = 1 if way == 0 else columns
            before = mean[k - step] if (column > 0 if way == 0 else row > 0) else 0.0
            after = mean[k + step] if (column < columns - 1 if way == 0 else row < rows - 1) else 0.0
            first = mean[k] - before if before > 0 else 0.0
            second = after - mean[k] if after > 0 else 0.0
            if before > 0 and after > 0:
                bad[k] |= abs(first + second) > 2 * limit
            else:
                bad[k] |= abs(first + second) > limit
    for i in range(reach.shape[0]):
        flagged[i] = bad[cell[i]]
