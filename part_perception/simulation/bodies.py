"""Bodies: objects that a simulated camera can draw, given as surfaces or only as points.

Quads are rasterised exactly at any image size: every pixel shows the nearest one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from part_perception.jit import compiled
from part_perception.shapes.builder import Shape


@compiled("void(f8[:,:,::1], f8, i8, f8[:,::1], i4[:,::1])")
def draw(corners, focal, first, depth, owner):
    """Draw quads (Q, 4, 3), camera frame, two triangles each, into depth and owner = first + quad (H, W)."""
    height, width = depth.shape
    x, y, w = np.empty(3), np.empty(3), np.empty(3)
    for q in range(corners.shape[0]):
        for half in range(2):
            ahead = True
            for k in range(3):
                c = k if half == 0 or k == 0 else k + 1
                z = corners[q, c, 2]
                if z < 0.02:
                    ahead = False
                    break
                w[k] = 1.0 / z
                x[k] = corners[q, c, 0] * w[k] * focal + width / 2
                y[k] = corners[q, c, 1] * w[k] * focal + height / 2
            if not ahead:
                continue
            area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
            if abs(area) < 1e-12:
                continue
            left, right = max(int(np.ceil(x.min())), 0), min(int(np.floor(x.max())), width - 1)
            top, bottom = max(int(np.ceil(y.min())), 0), min(int(np.floor(y.max())), height - 1)
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    a = ((x[1] - column) * (y[2] - row) - (x[2] - column) * (y[1] - row)) / area
                    b = ((x[2] - column) * (y[0] - row) - (x[0] - column) * (y[2] - row)) / area
                    c = 1.0 - a - b
                    if a < 0.0 or b < 0.0 or c < 0.0:
                        continue
                    z = 1.0 / (a * w[0] + b * w[1] + c * w[2])  # 1 / z is linear over the image
                    if z < depth[row, column]:
                        depth[row, column] = z
                        owner[row, column] = first + q


@compiled("void(f8[::1], f8[::1], f8[::1], f8, i8, f8[:,::1], i4[:,::1])")
def draw_rectangle(middle, along, across, focal, number, depth, owner):
    """Draw a rectangle (middle, two half sides, camera frame); it may extend behind the camera."""
    height, width = depth.shape
    nx = along[1] * across[2] - along[2] * across[1]
    ny = along[2] * across[0] - along[0] * across[2]
    nz = along[0] * across[1] - along[1] * across[0]
    offset = nx * middle[0] + ny * middle[1] + nz * middle[2]
    length = along[0] ** 2 + along[1] ** 2 + along[2] ** 2
    breadth = across[0] ** 2 + across[1] ** 2 + across[2] ** 2
    for row in range(height):
        y = (row - height / 2) / focal
        for column in range(width):
            x = (column - width / 2) / focal
            facing = nx * x + ny * y + nz
            if abs(facing) < 1e-12:
                continue
            z = offset / facing
            if z < 0.02 or z >= depth[row, column]:
                continue
            dx, dy, dz = x * z - middle[0], y * z - middle[1], z - middle[2]
            a = (dx * along[0] + dy * along[1] + dz * along[2]) / length
            b = (dx * across[0] + dy * across[1] + dz * across[2]) / breadth
            if abs(a) <= 1.0 and abs(b) <= 1.0:
                depth[row, column] = z
                owner[row, column] = number


@compiled("void(f8[:,::1], f8[::1], f8, i8, f8[:,::1], i4[:,::1])")
def draw_points(points, radius, focal, first, depth, owner):
    """Draw points (N, 3), camera frame, each as a small square that faces the camera."""
    height, width = depth.shape
    for k in range(points.shape[0]):
        z = points[k, 2]
        if z < 0.02:
            continue
        half = radius[k] / z * focal
        x, y = points[k, 0] / z * focal + width / 2, points[k, 1] / z * focal + height / 2
        left, right = max(int(np.ceil(x - half)), 0), min(int(np.floor(x + half)), width - 1)
        top, bottom = max(int(np.ceil(y - half)), 0), min(int(np.floor(y + half)), height - 1)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if z < depth[row, column]:
                    depth[row, column] = z
                    owner[row, column] = first + k


_SPREAD = 1.5  # times the spacing, so that the squares of neighbouring points meet


@dataclass(frozen=True)
class Mesh:
    """Quads (Q, 4, 3) in the world, each with its part instance and primitive."""

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
    """Points (N, 3) in the world, spread evenly over the whole object, each with its part and primitive."""

    points: np.ndarray
    part: np.ndarray
    primitive: np.ndarray

    @property
    def corners(self) -> np.ndarray:
        return self.points

    @cached_property
    def radius(self) -> np.ndarray:
        """(N,) half the side of the square drawn for each point."""
        from scipy.spatial import cKDTree

        distance, _ = cKDTree(self.points).query(self.points, 5)
        return _SPREAD * distance[:, 1:].mean(axis=1) / 2

    def draw(self, pose: np.ndarray, focal: float, first: int, depth: np.ndarray, owner: np.ndarray) -> None:
        local = np.ascontiguousarray((self.points - pose[:3, 3]) @ pose[:3, :3])
        draw_points(local, self.radius, focal, first, depth, owner)
