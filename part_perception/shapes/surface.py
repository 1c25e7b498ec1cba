"""Surface: a shape's quads → points with normals, evenly spread by area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.shapes.builder import Shape


@dataclass(frozen=True)
class Surface:
    """Points (N, 3) with unit normals, part instance and primitive of each."""

    points: np.ndarray
    normals: np.ndarray
    part: np.ndarray
    primitive: np.ndarray

    def __getitem__(self, keep) -> Surface:
        return Surface(self.points[keep], self.normals[keep], self.part[keep], self.primitive[keep])


def sample_surface(shape: Shape, count: int, rng: np.random.Generator) -> Surface:
    """Systematic sampling by area: every quad gets its share of the points, to within one."""
    q = shape.quads
    cross = np.cross(q[:, 2] - q[:, 0], q[:, 3] - q[:, 1])
    area = np.sqrt(np.einsum("ij,ij->i", cross, cross))
    cumulative = np.cumsum(area)
    ticks = (np.arange(count) + rng.random()) * (cumulative[-1] / count)
    chosen = np.minimum(np.searchsorted(cumulative, ticks), len(q) - 1)
    u, v = rng.random((2, count, 1))
    c = q[chosen]
    points = (c[:, 0] * (1 - u) + c[:, 1] * u) * (1 - v) + (c[:, 3] * (1 - u) + c[:, 2] * u) * v
    normals = cross[chosen] / np.maximum(area[chosen], 1e-12)[:, None]
    return Surface(points, normals, shape.part[chosen], shape.primitive[chosen])
