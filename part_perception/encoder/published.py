"""The published PatchAlign3D encoder's own ways: how it normalises, where its centres lie, which way is up."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.sampling import farthest_points

_NEAR_ORIGIN = 1e-3


def frame_of(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and scale that bring the points into the unit sphere around their mean."""
    centre = points.mean(axis=0)
    return centre, float(np.linalg.norm(points - centre, axis=1).max())


def centre_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Farthest points from the first on; those close to the origin are never picked after it."""
    return farthest_points(points, count, start=0, skip=np.einsum("ij,ij->i", points, points) <= _NEAR_ORIGIN)


def y_up(vectors: np.ndarray) -> np.ndarray:
    """z-up as y-up: the last two coordinates change places."""
    return np.ascontiguousarray(vectors[..., [0, 2, 1]])
