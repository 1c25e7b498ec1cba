"""Solids: convex bodies, such as a robot's links, and which points of a cloud lie in one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.geometry.boxes import directions
from part_perception.jit import compiled

SIDES = 24  # of a cylinder
HALF_FACES = np.concatenate(
    [np.eye(3), directions(18)]
)  # of the hull of a mesh, whose other half is opposite


@dataclass(frozen=True)
class Solid:
    """All points p within `radius` of `centre` (3,) for which planes[:, :3] @ p <= planes[:, 3]."""

    planes: np.ndarray
    centre: np.ndarray
    radius: float

    def moved(self, pose: np.ndarray) -> Solid:
        """The same solid in another frame; pose (4, 4) leads from its own frame to that one."""
        normals = self.planes[:, :3] @ pose[:3, :3].T
        planes = np.column_stack([normals, self.planes[:, 3] + normals @ pose[:3, 3]])
        return Solid(planes, pose[:3, :3] @ self.centre + pose[:3, 3], self.radius)

    def padded(self, margin: float) -> Solid:
        """The same solid, larger by a margin on every side."""
        planes = self.planes.copy()
        planes[:, 3] += margin
        return Solid(planes, self.centre, self.radius + margin)


def box(size: Sequence[float] | np.ndarray) -> Solid:
    """A box around the origin with its full size (3,) along the axes."""
    half = np.asarray(size, float) / 2
    planes = np.column_stack([np.concatenate([np.eye(3), -np.eye(3)]), np.tile(half, 2)])
    return Solid(planes, np.zeros(3), float(np.linalg.norm(half)))


def sphere(radius: float) -> Solid:
    return Solid(np.zeros((0, 4)), np.zeros(3), float(radius))


def cylinder(radius: float, length: float) -> Solid:
    """A cylinder around the z axis."""
    angle = np.arange(SIDES) * 2 * np.pi / SIDES
    around = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(SIDES), np.full(SIDES, radius)])
    ends = np.array([(0.0, 0.0, 1.0, length / 2), (0.0, 0.0, -1.0, length / 2)])
    return Solid(np.concatenate([around, ends]), np.zeros(3), float(np.hypot(radius, length / 2)))


def hull(vertices: np.ndarray) -> Solid:
    """A convex body around vertices (V, 3), slightly larger than their convex hull."""
    vertices = np.asarray(vertices, float)
    centre = (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    normals = np.concatenate([HALF_FACES, -HALF_FACES])
    planes = np.column_stack([normals, (normals @ vertices.T).max(axis=1)])
    return Solid(planes, centre, float(np.linalg.norm(vertices - centre, axis=1).max()))


def leave_out(points: np.ndarray, reach: np.ndarray, solids: Sequence[Solid]) -> None:
    """Set the reach (N,) of all points (N, 3) within one of the solids to 0, as if nothing was measured there."""
    if not solids:
        return
    ends = np.cumsum([0, *(len(solid.planes) for solid in solids)])
    balls = np.array([(*solid.centre, solid.radius) for solid in solids])
    low, high = (balls[:, :3] - balls[:, 3:]).min(axis=0), (balls[:, :3] + balls[:, 3:]).max(axis=0)
    _leave_out(points, reach, np.concatenate([solid.planes for solid in solids]), ends, balls, low, high)


@compiled("void(f4[:,::1], f4[::1], f8[:,::1], i8[::1], f8[:,::1], f8[::1], f8[::1])")
def _leave_out(points, reach, planes, ends, balls, low, high):
    for i in range(points.shape[0]):
        if reach[i] <= 0:
            continue
        x, y, z = points[i, 0], points[i, 1], points[i, 2]
        # most points are far from all solids
        if x < low[0] or x > high[0] or y < low[1] or y > high[1] or z < low[2] or z > high[2]:
            continue
        for k in range(balls.shape[0]):
            dx, dy, dz = x - balls[k, 0], y - balls[k, 1], z - balls[k, 2]
            if not (dx * dx + dy * dy + dz * dz <= balls[k, 3] ** 2):  # also if it is not finite
                continue
            within = True
            for j in range(ends[k], ends[k + 1]):
                if planes[j, 0] * x + planes[j, 1] * y + planes[j, 2] * z > planes[j, 3]:
                    within = False
                    break
            if within:
                reach[i] = 0.0
                break
