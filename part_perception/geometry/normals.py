"""Normals of points that lie on a surface."""

from __future__ import annotations

import numpy as np


def surface_normals(points: np.ndarray, neighbours: int = 12) -> np.ndarray:
    """(N, 3) the normals of the planes through each point's neighbours; which side they face is not known."""
    from scipy.spatial import cKDTree

    _, near = cKDTree(points).query(points, min(neighbours, len(points)))
    spread = points[near] - points[near].mean(axis=1, keepdims=True)
    return np.linalg.eigh(np.einsum("nki,nkj->nij", spread, spread))[1][:, :, 0]
