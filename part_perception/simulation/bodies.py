"""Bodies: objects that a simulated camera can draw, whether they are known as surfaces or only as points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from part_perception.shapes.builder import Shape
from part_perception.simulation.raster import draw, draw_points

_SPREAD = 1.5  # of the spacing: so that the squares of neighbouring points meet


@dataclass(frozen=True)
class Mesh:
    """Quads (Q, 4, 3) in the world, and of each the part instance and the primitive."""

    quads: np.ndarray
    part: np.ndarray
    primitive: np.ndarray

    @classmethod
    def of(cls, shape: Shape) -> Mesh:
        return cls(shape.quads, shape.part, shape.primitive)

    @property
    def corners(self) -> np.ndarray:
        return self.quads.reshape(-1, 3)

    def with_corners(self, corners: np.ndarray) -> Mesh:
        return replace(self, quads=corners.reshape(-1, 4, 3))

    def draw(self, pose: np.ndarray, focal: float, first: int, depth: np.ndarray, owner: np.ndarray) -> None:
        draw(np.ascontiguousarray((self.quads - pose[:3, 3]) @ pose[:3, :3]), focal, first, depth, owner)


@dataclass(frozen=True)
class Cloud:
    """Points (N, 3) in the world, spread evenly over the whole object, and of each the part and the primitive."""

    points: np.ndarray
    part: np.ndarray
    primitive: np.ndarray

    @property
    def corners(self) -> np.ndarray:
        return self.points

    @cached_property
    def radius(self) -> np.ndarray:
        """(N,) half the side of the square that stands for each point."""
        from scipy.spatial import cKDTree

        distance, _ = cKDTree(self.points).query(self.points, 5)
        return _SPREAD * distance[:, 1:].mean(axis=1) / 2

    def draw(self, pose: np.ndarray, focal: float, first: int, depth: np.ndarray, owner: np.ndarray) -> None:
        local = np.ascontiguousarray((self.points - pose[:3, 3]) @ pose[:3, :3])
        draw_points(local, self.radius, focal, first, depth, owner)
