"""Inputs: checks what callers pass, once, on entry. Every refusal is one sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.errors import InputError

MIN_POINTS = 32
SMALLEST, LARGEST = 1e-9, 1e12  # extents of an object in any unit: beyond them, numbers lose their precision
_SAID = 100  # characters of a value or of numpy's complaint that a sentence repeats


def finite_points(points) -> tuple[np.ndarray, np.ndarray, int]:
    """Convert any (N, 3) input to finite float64 points, their rows in the input, and the number of rows."""
    points = numbers(points, "points must be an (N, 3) array of numbers")
    if points.ndim != 2 or points.shape[1] != 3:
        raise InputError(f"points must be an (N, 3) array, not one of shape {points.shape}")
    finite = np.isfinite(points)
    rows = np.arange(len(points)) if finite.all() else np.flatnonzero(finite.all(axis=1))
    if len(rows) < MIN_POINTS:
        raise InputError(
            f"at least {MIN_POINTS} finite points are needed, but there are only {len(rows)} of {len(points)}"
        )
    kept = points if len(rows) == len(points) else points[rows]
    with np.errstate(over="ignore"):
        extent = float(np.ptp(kept, axis=0).max())
    if extent == 0:
        raise InputError("all points are at one place: an object needs some extent")
    if not SMALLEST <= extent <= LARGEST:
        raise InputError(
            f"the points extend over {extent:.3g}, which is no object; give metres, or any unit between "
            f"{SMALLEST:g} and {LARGEST:g}"
        )
    return kept, rows, len(points)


def numbers(values, wanted: str) -> np.ndarray:
    """Any array of real numbers as float64; otherwise an InputError that says what is wanted."""
    try:
        values = np.asarray(values)
        if values.dtype.kind not in "fiuO":
            raise TypeError(f"these are {values.dtype}")
        return values.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{wanted}: {str(error)[:_SAID]}") from None


def unit_up(up) -> np.ndarray:
    """The direction against gravity, as a unit vector."""
    up = numbers(up, "up must be three numbers")
    length = np.linalg.norm(up) if up.shape == (3,) else 0.0
    if not np.isfinite(length) or length < 1e-9:
        raise InputError("up must be a direction (x, y, z) with a length above 0, for example (0, 0, 1)")
    return up / length


def seen_from(viewpoint) -> np.ndarray | None:
    """The position of a camera (3,); None if it is unknown."""
    if viewpoint is None:
        return None
    place = numbers(viewpoint, "viewpoint must be three numbers, or None if it is unknown").copy()
    if place.shape != (3,) or not np.isfinite(place).all():
        raise InputError(
            f"viewpoint must be three finite numbers, or None if it is unknown, not {str(viewpoint)[:_SAID]}"
        )
    return place


def query_list(queries) -> list[str]:
    """A sequence of texts; a single text counts as one query."""
    if isinstance(queries, str):
        return [queries]
    if not isinstance(queries, Sequence) or len(queries) == 0:
        raise InputError("queries must be a list with at least one text")
    return list(queries)


def list_of(values, wanted: str) -> Sequence:
    """One value for each object, as a list or as the rows of an array."""
    if isinstance(values, np.ndarray):
        return list(values) if values.ndim else [values]
    if not isinstance(values, Sequence):
        raise InputError(f"{wanted}, not {type(values).__name__}")
    return values


def texts_of(texts) -> list:
    """One text, or all of several, which are not read here."""
    if isinstance(texts, (str, bytes)):
        return [texts]
    try:
        return list(texts)
    except TypeError:
        raise InputError(f"a query must be text, or a list of texts, not {type(texts).__name__}") from None


def pose_of(place) -> np.ndarray:
    """A position (3,) or a pose (4, 4) → a rigid pose (4, 4)."""
    place = numbers(place, "a place must be three numbers or a 4 × 4 matrix")
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
