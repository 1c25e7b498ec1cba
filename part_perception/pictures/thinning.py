"""Thinning: the points of a large cloud that are worth drawing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

MOST = 30_000  # points that are sent to a viewer with every frame


def are_there(points: np.ndarray) -> np.ndarray:
    """(N,) which rows are points; column by column, which is ten times as fast as row by row."""
    x, y, z = points.T
    return np.isfinite(x + y + z) & ((x != 0) | (y != 0) | (z != 0))


def worth_drawing(points: np.ndarray, first: Sequence[np.ndarray], rest: np.ndarray, most: int) -> np.ndarray:
    """At most so many rows: those of each group in turn, then of the rest (N,), evenly thinned if they do not fit."""
    kept: list[np.ndarray] = []
    room = most
    for rows in first:
        kept.append(evenly(rows, room))
        room -= len(kept[-1])
    return np.concatenate([*kept, evenly(_enough(points, rest, room), room)])


def evenly(rows: np.ndarray, room: int) -> np.ndarray:
    """All rows, or an even choice of as many as fit."""
    return rows[np.arange(room) * len(rows) // max(room, 1)] if len(rows) > room else rows


def _enough(points: np.ndarray, rest: np.ndarray, room: int) -> np.ndarray:
    """At least so many rows of the rest, if there are as many; usually only a sample is searched."""
    rows = np.sort(scattered(len(rest))[: 3 * room // 2])  # in order, the points are read three times as fast
    rows = rows[rest[rows]]
    rows = rows[are_there(points[rows])]
    return rows if len(rows) >= room else np.flatnonzero(rest & are_there(points))


@lru_cache(maxsize=4)
def scattered(count: int) -> np.ndarray:
    """All rows in an order without a pattern, always the same: every so-many-th would draw stripes over an image."""
    return np.random.default_rng(0).permutation(count)
