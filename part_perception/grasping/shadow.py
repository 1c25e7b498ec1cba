"""Shadow: the space that the camera cannot see behind a part and its surroundings, where a finger may hit something."""

from __future__ import annotations

import numpy as np

from part_perception.geometry.boxes import level_axes
from part_perception.jit import compiled

BEHIND = 0.003  # metres behind a surface: nearer is noise
MAX_SIDE = 512  # cells


class Shadow:
    """Depth of the nearest surface in every direction, in cells no finer than the points are dense."""

    def __init__(self, points: np.ndarray, viewpoint: np.ndarray, spacing: float):
        self._viewpoint = np.asarray(viewpoint, float)
        away = points - self._viewpoint
        ahead = away.mean(axis=0)
        distance = float(np.linalg.norm(ahead))
        self._axes = level_axes(ahead / max(distance, 1e-9))
        place, depth = self._seen(away)
        self._low = place.min(axis=0)
        extent = float((place.max(axis=0) - self._low).max())
        self._cell = max(spacing / max(distance, 1e-9), extent / (MAX_SIDE - 1), 1e-6)
        rows = ((place - self._low) / self._cell).astype(np.int64)
        self._nearest = np.full(rows.max(axis=0) + 1, np.inf)
        lower(self._nearest, rows, depth)

    def _seen(self, away: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where points appear, as slopes (N, 2), and how far ahead (N,)."""
        local = away @ self._axes
        depth = np.maximum(local[:, 2], 1e-6)
        return local[:, :2] / depth[:, None], depth

    def share(self, places: np.ndarray) -> np.ndarray:
        """(G,) the share of each group's places (G, M, 3) that is hidden."""
        place, depth = self._seen(places.reshape(-1, 3) - self._viewpoint)
        cell = np.floor((place - self._low) / self._cell).astype(np.int64)
        inside = ((cell >= 0) & (cell < self._nearest.shape)).all(axis=1)
        hidden = np.zeros(len(cell), bool)
        row, column = cell[inside].T
        hidden[inside] = depth[inside] > self._nearest[row, column] + BEHIND
        return hidden.reshape(places.shape[:2]).mean(axis=1)


@compiled("void(f8[:,::1], i8[:,::1], f8[::1])")
def lower(nearest, cells, depth):
    """Lower each cell to the least depth of the points in it."""
    for k in range(len(depth)):
        row, column = cells[k]
        nearest[row, column] = min(nearest[row, column], depth[k])
