"""Inputs: checks what callers pass, once, on entry. Every refusal is one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.errors import InputError

MIN_POINTS = 32


def finite_points(points) -> tuple[np.ndarray, np.ndarray, int]:
    """Convert any (N, 3) input to finite float64 points, their rows in the input, and the number of rows."""
    try:
        points = np.asarray(points)
        points = points.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"points must be an (N, 3) array of numbers: {error}") from error
    if points.ndim != 2 or points.shape[1] != 3:
        raise InputError(f"points must be an (N, 3) array, not one of shape {points.shape}")
    finite = np.isfinite(points)
    rows = np.arange(len(points)) if finite.all() else np.flatnonzero(finite.all(axis=1))
    if len(rows) < MIN_POINTS:
        raise InputError(
            f"at least {MIN_POINTS} finite points are needed, but there are only {len(rows)} of {len(points)}"
        )
    kept = points if len(rows) == len(points) else points[rows]
    if not (kept != kept[0]).any():
        raise InputError("all points are at one place: an object needs some extent")
    return kept, rows, len(points)


def unit_up(up) -> np.ndarray:
    """The direction against gravity, as a unit vector."""
    try:
        up = np.asarray(up, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"up must be three numbers: {error}") from error
    length = np.linalg.norm(up) if up.shape == (3,) else 0.0
    if not np.isfinite(length) or length < 1e-9:
        raise InputError("up must be a direction (x, y, z) with a length above 0, for example (0, 0, 1)")
    return up / length


def seen_from(viewpoint) -> np.ndarray | None:
    """The position of a camera (3,); None if it is unknown."""
    if viewpoint is None:
        return None
    try:
        place = np.array(viewpoint, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"viewpoint must be three numbers, or None if it is unknown: {error}") from None
    if place.shape != (3,) or not np.isfinite(place).all():
        raise InputError(
            f"viewpoint must be three finite numbers, or None if it is unknown, not {str(viewpoint)[:100]}"
        )
    return place


def query_list(queries) -> list[str]:
    """A sequence of texts; a single text counts as one query."""
    if isinstance(queries, str):
        return [queries]
    if not isinstance(queries, Sequence) or len(queries) == 0:
        raise InputError("queries must be a list with at least one text")
    return list(queries)


def pose_of(place) -> np.ndarray:
    """A position (3,) or a pose (4, 4) → a rigid pose (4, 4)."""
    try:
        place = np.asarray(place).astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"a place must be three numbers or a 4 × 4 matrix: {error}") from None
    if place.shape not in ((3,), (4, 4)) or not np.isfinite(place).all():
        raise InputError(
            f"a place must be three finite numbers or a 4 × 4 matrix, not of shape {place.shape}"
        )
    if place.shape == (3,):
        pose = np.eye(4)
        pose[:3, 3] = place
        return pose
    turn = place[:3, :3]
    rigid = np.allclose(turn @ turn.T, np.eye(3), atol=1e-3) and np.linalg.det(turn) > 0
    if not rigid or not np.allclose(place[3], (0, 0, 0, 1)):
        raise InputError("the pose is not rigid: its rotation must be orthonormal and its last row 0 0 0 1")
    return place
