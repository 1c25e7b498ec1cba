"""Outlines: convex outlines of things seen from above, and the width of the gap between two of them."""

from __future__ import annotations

import numpy as np


def outline(plan: np.ndarray) -> np.ndarray:
    """(M, 2) the corners of the convex outline of points, in order; two corners for points on one line."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        return plan[ConvexHull(plan).vertices]
    except QhullError:  # fewer than three points, or all on one line
        order = np.lexsort(plan.T)
        return plan[order[[0, -1]]]


def far_beside(one: np.ndarray, other: np.ndarray, least: float) -> bool:
    """Whether points are this far apart along an axis, so that the gap is at least as wide."""
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
