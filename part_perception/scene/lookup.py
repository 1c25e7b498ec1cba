"""Lookup: finds the known point of an object nearest to a point seen now."""

from __future__ import annotations

import numpy as np

from part_perception.scene import kernels

MAX_CELLS = 48  # along one side
POINTS_PER_CELL = 3.0


class Lookup:
    """Known points sorted into cells."""

    def __init__(self, points: np.ndarray):
        points = np.asarray(points, float)
        self.origin = points.min(axis=0)
        extent = np.ptp(points, axis=0)
        # points lie on a surface: this many cells per side hold a few points each
        across = np.clip(np.sqrt(len(points) / POINTS_PER_CELL), 1, MAX_CELLS)
        self.cell = max(float(extent.max()) / across, 1e-4)
        self.shape = (np.floor(extent / self.cell) + 1).astype(np.int64)
        place = np.floor((points - self.origin) / self.cell).astype(np.int64)
        flat = (place[:, 0] * self.shape[1] + place[:, 1]) * self.shape[2] + place[:, 2]
        self.order = np.argsort(flat, kind="stable").astype(np.int32)
        self.known = np.ascontiguousarray(points[self.order], np.float32)
        self.starts = np.zeros(int(self.shape.prod()) + 1, np.int32)
        self.starts[1:] = np.cumsum(np.bincount(flat, minlength=int(self.shape.prod())))

    def nearest(self, points: np.ndarray, transform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each point, moved by transform (4, 4): the nearest known point (-1: none) and its distance."""
        found, distance = np.empty(len(points), np.int32), np.empty(len(points), np.float32)
        kernels.nearest_in_cells(
            np.ascontiguousarray(points, np.float32), np.ascontiguousarray(transform, float), self.origin,
            self.cell, self.shape, self.starts, self.known, found, distance,
        )  # fmt: skip
        return np.where(found >= 0, self.order[found], -1), distance
