"""Sightlines: what a depth camera saw along its lines of sight, looked up for any place."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from part_perception.geometry.boxes import thin
from part_perception.geometry.poses import moved
from part_perception.scene.decode import View

MOST, PROBES = 8000, 100  # lines of a view, and those whose spacing is measured
NEW_PLACE, NEW_DIRECTION = 0.05, 0.1  # metres, and radians, between looks that differ
BESIDE = 3.0  # spacings of the lines: a place this far beside all of them was not looked at


class Sightlines:
    """Some lines of sight of a view, moved by a pose; none where the camera's position is unknown."""

    def __init__(self, view: View, pose: np.ndarray | None = None):
        pose = np.eye(4) if pose is None else pose
        chosen = thin(np.flatnonzero(view.reach), MOST) if view.sight_known else np.zeros(0, int)
        self.viewpoint = moved(np.asarray(view.viewpoint, float), pose)
        self._reach = view.reach[chosen].astype(float)
        self._tree: cKDTree | None = None
        self._forward = np.zeros(3)
        if len(chosen) > 1:
            lines = (view.points[chosen] - view.viewpoint) / self._reach[:, None] @ pose[:3, :3].T
            self._tree = cKDTree(lines)
            self._forward = lines.mean(axis=0)
            self._spacing = float(np.median(self._tree.query(thin(lines, PROBES), 2)[0][:, 1]))

    def like(self, other: Sightlines) -> bool:
        """Whether two looks were from about the same place into about the same direction."""
        near = np.linalg.norm(self.viewpoint - other.viewpoint) < NEW_PLACE
        return bool(near and np.linalg.norm(self._forward - other._forward) < NEW_DIRECTION)

    def behind(self, points: np.ndarray) -> np.ndarray:
        """(N,) how far behind each point the camera saw; negative: in front of it; NaN: it did not look there."""
        if self._tree is None:
            return np.full(len(points), np.nan)
        there = points - self.viewpoint
        distance = np.linalg.norm(there, axis=1)
        beside, nearest = self._tree.query(there / np.maximum(distance, 1e-9)[:, None])
        return np.where(beside < BESIDE * self._spacing, self._reach[nearest] - distance, np.nan)
