"""Boxes around points."""

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
    """At most this many of the points, spread evenly over their order."""
    if len(points) <= most:
        return points
    return points[np.arange(most) * (len(points) - 1) // max(most - 1, 1)]


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
    """The length of a thing however it lies: its largest extent over many directions."""
    return float(np.ptp(points @ _DIRECTIONS.T, axis=0).max()) if len(points) else 0.0


def _directions(count: int = 64) -> np.ndarray:
    """(count, 3) directions spread evenly over half a sphere."""
    k = np.arange(count) + 0.5
    z, turn = k / count, k * np.pi * (1 + np.sqrt(5.0))
    return np.stack([np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), z], axis=1)


_DIRECTIONS = _directions()


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
