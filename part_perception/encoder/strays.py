"""Strays: points of a single view outside its object: surfaces seen edge-on, and pieces far off."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.neighbours import nearest_of
from part_perception.geometry.poses import level
from part_perception.jit import compiled

EDGE_ON_DEG = 72.0  # a surface turned farther away is poorly measured, or no surface at all
KEPT_AT_LEAST = 0.5  # of the points: an object seen edge-on as a whole is kept as it is
MIN_POINTS = 64  # with fewer points there is no surface to judge
POINTS_A_CELL = 1.5
FILLED = 0.6  # of the image's bounding box, for a typical object
OUTSIDE = 1.15  # radii from the middle of the points: a viewpoint lies outside what it sees
ONE_SHEET = 0.08  # of the extent: 90% of cells of a single view are shallower; a whole object has a back


def edge_on(points: np.ndarray, viewpoint: np.ndarray) -> np.ndarray:
    """(N,) bool: the points of one view that lie on surfaces seen edge-on from the viewpoint."""
    if len(points) < MIN_POINTS:
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
    wide, high = float(u.max()), float(v.max())
    size = np.sqrt(max(wide * high, 1e-12) * FILLED * points_a_cell / len(points))
    size = max(size, (wide + high) / len(points))  # a line fills no area: it needs no more cells than points
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


_MIN_SAMPLES = 128
_REACH = 2.5
# a stray piece has a smaller share of samples and is farther off than this, in object diameters
_SMALL, _FAR = 0.06, 0.1
_CRUMB, _APART = 0.02, 0.05


@compiled("i8[::1](i8[:,::1], b1[:,::1], b1[::1])")
def connected(near, linked, chosen):
    """(S,) the piece of each chosen sample, named by its lowest sample, from linked neighbours (S, k).

    Samples (S,) that are not chosen belong to no piece, -1, and connect nothing.
    """
    piece = np.arange(near.shape[0])
    for i in range(near.shape[0]):
        if not chosen[i]:
            continue
        for k in range(near.shape[1]):
            if not (linked[i, k] and chosen[near[i, k]]):
                continue
            a, b = i, near[i, k]
            while piece[a] != a:
                piece[a] = piece[piece[a]]
                a = piece[a]
            while piece[b] != b:
                piece[b] = piece[piece[b]]
                b = piece[b]
            piece[max(a, b)] = min(a, b)
    for i in range(near.shape[0]):  # a sample's piece is named by a lower one, which is settled by now
        piece[i] = piece[piece[i]] if chosen[i] else -1
    return piece


def main_pieces(samples: np.ndarray, near: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """(S,) bool: samples of the object itself. Only small pieces far from the largest are strays.

    `near` (S, k) are the nearest samples of each, itself first, and `distance` their distances.
    """
    own = np.ones(len(samples), bool)
    if len(samples) < _MIN_SAMPLES:
        return own
    reach = _REACH * np.median(distance[:, 4])
    if reach == 0:  # most samples are duplicates, and every place would be a piece of its own
        return own
    piece = connected(near, distance <= reach, own)
    if piece.any():  # more than one piece
        sizes = np.bincount(piece)
        extent = float(np.linalg.norm(np.ptp(samples[piece == sizes.argmax()], axis=0)))
        mark_strays(np.ascontiguousarray(samples), piece, sizes, extent, own)
    return own


@compiled("void(f8[:,::1], i8[::1], i8[::1], f8, b1[::1])")
def mark_strays(samples, piece, sizes, extent, own):
    """Clear `own` at small pieces far from the largest one, whose diameter is `extent`."""
    largest = np.argmax(sizes)
    gap = np.full(len(sizes), np.inf)
    for i in range(len(piece)):
        if sizes[piece[i]] >= _SMALL * len(piece):
            continue
        for j in range(len(piece)):
            if piece[j] == largest:
                dx, dy = samples[i, 0] - samples[j, 0], samples[i, 1] - samples[j, 1]
                dz = samples[i, 2] - samples[j, 2]
                gap[piece[i]] = min(gap[piece[i]], dx * dx + dy * dy + dz * dz)
    for i in range(len(piece)):
        size, away = sizes[piece[i]], np.sqrt(gap[piece[i]])
        small, crumb = size < _SMALL * len(piece), size < _CRUMB * len(piece)
        if (small and away > _FAR * extent) or (crumb and away > _APART * extent):
            own[i] = False


def stand_ins(samples: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(S,) for each sample its index among the object's own; for a stray, that of the nearest one."""
    place = np.cumsum(own) - 1
    place[~own] = nearest_of(samples[~own], samples[own], 1)[0][:, 0]
    return place
