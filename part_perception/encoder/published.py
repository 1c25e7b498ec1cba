"""The conventions of the published PatchAlign3D encoder: normalisation, choice of centres, and axes.

Its data are y-up, and y and z are swapped before encoding. An object that is (X, Y, Z) with z up is
(X, Z, -Y) in such a file, so the network sees (X, -Y, Z): z up, and mirrored.
"""

from __future__ import annotations

import numpy as np

from part_perception.encoder.sampling import farthest_points

_NEAR_ORIGIN = 1e-3


def frame_of(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and scale that bring the points into the unit sphere around their mean."""
    centre = points.mean(axis=0)
    return centre, float(np.linalg.norm(points - centre, axis=1).max())


def centre_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Farthest points, starting with the first; points close to the origin are never picked after it."""
    return farthest_points(points, count, start=0, skip=np.einsum("ij,ij->i", points, points) <= _NEAR_ORIGIN)


def mirrored(vectors: np.ndarray) -> np.ndarray:
    """Vectors with z up as the network saw them in training."""
    return vectors * np.array([1, -1, 1], vectors.dtype)
