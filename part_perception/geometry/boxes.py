"""Boxes around points; convex outlines of things seen from above, and the width of the gap between two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ENOUGH = 256


@dataclass(frozen=True)
class OrientedBox:
    """A box: centre (3,), rotation (3, 3) with its axes as columns, and full size (3,) along them, metres."""

    centre: np.ndarray
    rotation: np.ndarray
    size: np.ndarray


def thin(points: np.ndarray, most: int = ENOUGH) -> np.ndarray:
    """At most `most` of the points, evenly spaced by index."""
    if len(points) <= most:
        return points
    return points[np.arange(most) * (len(points) - 1) // max(most - 1, 1)]


def bounds(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest coordinates of points (N, 3)."""
    rows = np.ascontiguousarray(points.T)  # numpy takes thirty times as long for extremes of columns
    return rows.min(axis=1), rows.max(axis=1)


def middle(points: np.ndarray) -> np.ndarray:
    """The mean of points (N, 3), in double precision."""
    return np.ascontiguousarray(points.T).mean(axis=1, dtype=float)


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cross product of two vectors; numpy's own takes twenty times as long."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))


def level_axes(up: np.ndarray) -> np.ndarray:
    """A rotation whose last column is up; the others are level."""
    aside = np.eye(3)[int(np.argmin(np.abs(up)))]
    x = cross(aside, up)
    x /= np.sqrt(x @ x)
    return np.stack([x, cross(up, x), up], axis=1)


def longest(points: np.ndarray) -> float:
    """The length of a thing in any orientation: its largest extent over many directions."""
    return float(np.ptp(points @ _DIRECTIONS.T, axis=0).max()) if len(points) else 0.0


def directions(count: int = 64) -> np.ndarray:
    """(count, 3) directions spread evenly over half a sphere."""
    k = np.arange(count) + 0.5
    z, turn = k / count, k * np.pi * (1 + np.sqrt(5.0))
    return np.stack([np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), z], axis=1)


_DIRECTIONS = directions()


def upright_box(points: np.ndarray, up: np.ndarray) -> OrientedBox:
    """The box with the smallest footprint whose last axis is up."""
    base = level_axes(up)
    flat = thin(points).astype(float) @ base[:, :2]
    angles = np.radians(np.arange(0, 90, 5))
    axes = np.stack([np.cos(angles), np.sin(angles)])
    along = flat @ axes
    across = flat @ np.stack([-axes[1], axes[0]])
    best = int(np.argmin(np.ptp(along, axis=0) * np.ptp(across, axis=0)))
    c, s = axes[:, best]
    turn = np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)))
    return box_along(points, base @ turn)


def principal_box(points: np.ndarray) -> OrientedBox:
    """The box along the principal axes of the points, longest first."""
    some = thin(points).astype(float)
    spread = some - some.mean(axis=0)
    axes = np.linalg.eigh(spread.T @ spread)[1][:, ::-1].copy()
    axes[:, 2] = cross(axes[:, 0], axes[:, 1])
    return box_along(points, axes)


def box_along(points: np.ndarray, axes: np.ndarray) -> OrientedBox:
    """The box around points with given axes (columns)."""
    seen = axes.T @ np.asarray(points, float).T  # rows: numpy computes extremes of these much faster
    low, high = seen.min(axis=1), seen.max(axis=1)
    return OrientedBox(axes @ ((low + high) / 2), axes, high - low)


def outline(plan: np.ndarray) -> np.ndarray:
    """(M, 2) the corners of the convex outline of points, in order; two corners for points on one line."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        return plan[ConvexHull(plan).vertices]
    except QhullError:  # fewer than three points, or all on one line
        order = np.lexsort(plan.T)
        return plan[order[[0, -1]]]


def far_beside(one: np.ndarray, other: np.ndarray, least: float) -> bool:
    """Whether points are more than `least` apart along an axis, so that the gap is wider than that."""
    apart = np.maximum(one.min(axis=0) - other.max(axis=0), other.min(axis=0) - one.max(axis=0))
    return bool(apart.max() > least)


def gap_between(one: np.ndarray, other: np.ndarray) -> float:
    """The width of the widest straight gap between two convex outlines; negative if they overlap."""
    return max(_beyond(one, other), _beyond(other, one))


def _beyond(one: np.ndarray, other: np.ndarray) -> float:
    """The largest distance by which the other outline lies outside a side of this one."""
    edge = np.roll(one, -1, axis=0) - one
    length = np.linalg.norm(edge, axis=1)
    edge, one, length = edge[length > 0], one[length > 0], length[length > 0]
    if len(edge) == 0:  # a single point has no sides
        return -np.inf
    out = np.stack([edge[:, 1], -edge[:, 0]], axis=1) / length[:, None]
    return float(((other @ out.T).min(axis=0) - (one * out).sum(axis=1)).max())


# the most of the volume that a cut may leave; depth of cuts (at most four boxes); cuts tried along an axis
SAVING, PIECES_DEEP, CUTS = 0.6, 2, 16
THINNEST = 0.005  # metres


def covering(points: np.ndarray, deep: int = PIECES_DEEP) -> list[tuple[np.ndarray, np.ndarray]]:
    """(low, high) of upright boxes that cover points: one, or several where one would be much too big."""
    low, high = points.min(axis=0), points.max(axis=0)
    best, parts = SAVING * float(np.maximum(high - low, THINNEST).prod()), None
    for axis in range(3) if deep and len(points) > 1 else ():
        ordered = points[np.argsort(points[:, axis], kind="stable")]
        places = np.linspace(low[axis], high[axis], CUTS + 1)[1:-1]
        cuts = np.clip(np.searchsorted(ordered[:, axis], places), 1, len(points) - 1)
        volume = np.zeros(len(cuts))
        for piece, end in ((ordered, cuts - 1), (ordered[::-1], len(points) - cuts - 1)):
            size = np.maximum.accumulate(piece)[end] - np.minimum.accumulate(piece)[end]
            volume += np.maximum(size, THINNEST).prod(axis=1)
        if volume.min() < best:
            best, cut = float(volume.min()), int(cuts[volume.argmin()])
            parts = ordered[:cut], ordered[cut:]
    if parts is None:
        return [(low, high)]
    return [box for part in parts for box in covering(part, deep - 1)]
