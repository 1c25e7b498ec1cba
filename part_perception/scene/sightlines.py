"""Sightlines: where the camera is, by the rays through its pixels, and what it saw along them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

from part_perception.geometry.boxes import thin
from part_perception.geometry.poses import moved
from part_perception.scene.decode import View

MOST, PROBES = 8000, 100  # lines of a view, and those whose spacing is measured
NEW_PLACE, NEW_DIRECTION = 0.05, 0.1  # metres and radians between different views
BESIDE = 3.0  # spacings of the lines: a place farther from all of them was not observed


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
        """Whether two views are from about the same position in about the same direction."""
        near = np.linalg.norm(self.viewpoint - other.viewpoint) < NEW_PLACE
        return bool(near and np.linalg.norm(self._forward - other._forward) < NEW_DIRECTION)

    def behind(self, points: np.ndarray) -> np.ndarray:
        """(N,) how far behind each point the camera saw; negative: in front of it; NaN: not observed."""
        if self._tree is None:
            return np.full(len(points), np.nan)
        there = points - self.viewpoint
        distance = np.linalg.norm(there, axis=1)
        beside, nearest = self._tree.query(there / np.maximum(distance, 1e-9)[:, None])
        return np.where(beside < BESIDE * self._spacing, self._reach[nearest] - distance, np.nan)


SAMPLE, LEAST = 1500, 60  # points
EXACT = 1.0  # pixels: the largest error of points in a pinhole image
DISTORTED = 0.012  # of the image's width: the same for an image distorted by the lens
SQUARE = 0.05  # tolerance for square pixels and perpendicular axes
FLAT = 1e-3  # of the singular values: nearly flat points could have been seen from anywhere
SAME_PLACE = 0.05  # metres


@dataclass(frozen=True)
class Rays:
    """Some points (N, 3) of an organised cloud, and their pixels (N, 2) about the middle of the image."""

    points: np.ndarray
    pixels: np.ndarray
    size: tuple[int, int]

    def meet_in(self, centre: np.ndarray) -> bool | None:
        """Whether the camera is at this position; None if the cloud does not tell."""
        if self.meeting_point is not None:
            return bool(np.linalg.norm(self.meeting_point - centre) < SAME_PLACE)
        if len(self.points) < LEAST:
            return None
        lines = self.points - centre
        lines /= np.maximum(np.linalg.norm(lines, axis=1), 1e-9)[:, None]
        matrix, _ = projection(lines, self.pixels / self._half)
        fits = self._error(lines @ matrix.T) <= max(EXACT, DISTORTED * max(self.size))
        return True if fits and self._is_camera(matrix) else None

    @cached_property
    def meeting_point(self) -> np.ndarray | None:
        """The camera's position; None if the cloud is flat or not a pinhole image."""
        if len(self.points) < LEAST:
            return None
        middle = self.points.mean(axis=0)
        spread = max(float(np.sqrt(((self.points - middle) ** 2).sum(axis=1).mean())), 1e-9)
        scaled = np.column_stack([(self.points - middle) / spread, np.ones(len(self.points))])
        matrix, certainty = projection(scaled, self.pixels / self._half)
        turn, shift = matrix[:, :3], matrix[:, 3]
        if certainty < FLAT or self._error(scaled @ matrix.T) > EXACT or not self._is_camera(turn):
            return None
        return middle - spread * np.linalg.solve(turn, shift)

    @property
    def _half(self) -> float:
        return max(self.size) / 2

    def _error(self, projected: np.ndarray) -> float:
        """The root mean square distance of points from their pixels."""
        depth = projected[:, 2]
        if not ((depth > 0).all() or (depth < 0).all()):
            return np.inf
        miss = projected[:, :2] / depth[:, None] * self._half - self.pixels
        return float(np.sqrt((miss**2).sum(axis=1).mean()))

    def _is_camera(self, matrix: np.ndarray) -> bool:
        """Whether a projection of directions has square pixels and its axis passes through the image."""
        x, y, z = matrix / max(np.linalg.norm(matrix[2]), 1e-12)
        middle = np.array((x @ z, y @ z))
        x, y = x - middle[0] * z, y - middle[1] * z
        wide, high = np.linalg.norm(x), np.linalg.norm(y)
        if min(wide, high) < 1e-6 or not (np.abs(middle * self._half) < np.asarray(self.size) / 2).all():
            return False
        return bool(abs(x @ y) < SQUARE * wide * high and abs(wide / high - 1) < SQUARE)


def rays_of(points: np.ndarray) -> Rays | None:
    """The rays of a cloud (H, W, 3) in metres; None if it is not organised."""
    if points.ndim != 3 or min(points.shape[:2]) < 2:
        return None
    height, width = points.shape[:2]
    step = max(1, int(np.sqrt(height * width / SAMPLE)))
    some = np.asarray(points[::step, ::step], float)
    row, column = np.nonzero(np.isfinite(some).all(axis=2) & some.any(axis=2))
    pixels = np.column_stack([column, row]) * step - (np.array((width, height)) - 1) / 2
    return Rays(some[row, column], pixels, (width, height))


def projection(directions: np.ndarray, pixels: np.ndarray) -> tuple[np.ndarray, float]:
    """The best linear map from directions (N, D) to homogeneous pixels, and how distinct it is."""
    count, size = directions.shape
    equations = np.zeros((2 * count, 3 * size))
    equations[:count, :size], equations[:count, 2 * size :] = directions, -pixels[:, :1] * directions
    equations[count:, size : 2 * size], equations[count:, 2 * size :] = (
        directions,
        -pixels[:, 1:] * directions,
    )
    values, vectors = np.linalg.eigh(equations.T @ equations)
    certainty = np.sqrt(max(values[1], 0.0) / max(values[-1], 1e-30))
    return vectors[:, 0].reshape(3, size), float(certainty)
