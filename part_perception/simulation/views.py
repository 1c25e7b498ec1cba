"""Views: one training cloud of a shape, whole or as a depth camera sees it on a cluttered table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.shapes.primitives import rotation
from part_perception.shapes.surface import Surface
from part_perception.simulation import clutter
from part_perception.simulation.point_camera import expose, look_at, random_sensor, to_camera, visible

_VIEW_DIRECTIONS = [(a, e) for e in (-0.6, 0.35, 1.0) for a in np.arange(4) * np.pi / 2 + e]


@dataclass(frozen=True)
class View:
    """Points (N, 3) with z up (as well as the robot knows it), part instance and primitive of each, -1 = none."""

    points: np.ndarray
    part: np.ndarray
    primitive: np.ndarray


def whole_view(world: Surface, rng: np.random.Generator) -> View:
    """A complete scan: everything that can be seen from any side."""
    seen = np.zeros(len(world.points), bool)
    size = float(np.ptp(world.points, axis=0).max())
    target = world.points.mean(axis=0)
    for azimuth, elevation in _VIEW_DIRECTIONS:
        turn, position = look_at(azimuth, elevation, 6 * size, target)
        seen |= visible(to_camera(world, turn, position), 500.0)
    kept = world[seen] if seen.sum() >= 64 else world
    noise = rng.normal(0, size * rng.choice([0, 0.001, 0.003]), kept.points.shape)
    return View(kept.points + noise, kept.part, kept.primitive)


def camera_view(
    world: Surface,
    rng: np.random.Generator,
    other: np.ndarray | None = None,
    azimuths: tuple[float, float] = (-np.pi, np.pi),
) -> View:
    """One depth camera's view at a working distance, with the faults of the sensor and of the crop."""
    size = float(np.linalg.norm(np.ptp(world.points, axis=0)))
    distance = max(rng.uniform(0.35, 1.3), size * rng.uniform(1.3, 3.0))
    elevation = np.deg2rad(rng.uniform(8, 75))
    sensor = random_sensor(rng)
    if rng.random() < 0.35:
        world = clutter.table_remains(world, rng)
    if other is not None:
        world = clutter.neighbour_leak(world, other, rng)
    turn, position = look_at(rng.uniform(*azimuths), elevation, distance, world.points.mean(axis=0))
    seen = to_camera(world, turn, position)
    seen = seen[visible(seen, sensor.focal) & (seen.points[:, 2] > 0.1)]
    for fault, chance in ((clutter.occlude, 0.3), (clutter.punch_holes, 0.3)):
        if rng.random() < chance and len(seen.points) > 100:
            seen = fault(seen, rng)
    shot = expose(seen, sensor, rng)
    tilt = rotation(*np.deg2rad(rng.normal(0, 3, 2)), 0.0)
    points = (shot.points @ turn + position) @ tilt.T
    return View(points, shot.part, shot.primitive)
