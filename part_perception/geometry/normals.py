"""Normals of points, and the frame that a thing is built in: most of its surfaces face one of three axes."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.spatial import cKDTree

NEIGHBOURS = 10
STEEP = 0.5  # only normals with a smaller vertical component determine the yaw
FACING = 0.85  # minimum cosine of a normal with an axis that it faces
ROUNDS = 15
INERTIA = 0.02  # weight of the previous frame, so that an axis that no normal faces stays in place


class Whole:
    """Points (S, 3) all over a thing, z up; derived values are computed once, on first use."""

    def __init__(self, points: np.ndarray):
        self.points = points

    @cached_property
    def normals(self) -> np.ndarray:
        return surface_normals(self.points)

    @cached_property
    def frame(self) -> np.ndarray:
        """(3, 3) rows are the axes that it is built along."""
        return built_frame(self.normals)


def surface_normals(points: np.ndarray, neighbours: int = NEIGHBOURS) -> np.ndarray:
    """(N, 3) the direction in which the neighbours of each point spread least; its sign is arbitrary."""
    near = points[cKDTree(points).query(points, k=min(neighbours, len(points)))[1].reshape(len(points), -1)]
    near = near - near.mean(axis=1, keepdims=True)
    return np.linalg.eigh(near.transpose(0, 2, 1) @ near)[1][:, :, 0]


def built_frame(normals: np.ndarray) -> np.ndarray:
    """(3, 3) rows are the three orthogonal axes that most normals face, the last one nearest to up, which is z.

    The yaw comes first: four times its angle is the same for all walls of a box. Then all three axes turn to
    the normals that face them, because gravity is not exactly known.
    """
    level = (1 - normals[:, 2] ** 2) * (np.abs(normals[:, 2]) < STEEP)
    turned = 4 * np.arctan2(normals[:, 1], normals[:, 0])
    yaw = np.arctan2(level @ np.sin(turned), level @ np.cos(turned)) / 4
    frame = np.array(((np.cos(yaw), np.sin(yaw), 0.0), (-np.sin(yaw), np.cos(yaw), 0.0), (0.0, 0.0, 1.0)))
    for _ in range(ROUNDS):
        facing = normals @ frame.T
        near = np.abs(facing) > FACING
        seen = (facing * near).T @ normals + INERTIA * near.sum() * frame
        left, _, right = np.linalg.svd(seen)
        frame = left @ right
    return frame
