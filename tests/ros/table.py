"""A small table scene for tests: mugs of cylinders and bars, every part known, seen by the simulated camera."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from part_perception.ros.simulation import TINTS, SimulatedObject, View, look_at, render

PARTS = (("body",), ("handle",))
HANDLE_REACH = 0.075
POSE = look_at(0.5, 0.7, 0.8)


def mug(x: float, y: float, yaw: float = 0.0, height: float = 0.10) -> SimulatedObject:
    """A cylinder of radius 4 cm with a bar that sticks out sideways, 10 to 75 mm long of it free."""
    rng = np.random.default_rng(7)
    angle, z = rng.uniform(0, 2 * np.pi, 60_000), rng.uniform(0, height, 60_000)
    round_about = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=1)
    body = 0.04 * round_about + np.stack([0 * z, 0 * z, z], axis=1)
    around, along = rng.uniform(0, 2 * np.pi, 30_000), rng.uniform(0.04, 0.04 + HANDLE_REACH, 30_000)
    ring = np.stack([np.zeros_like(around), np.cos(around), np.sin(around)], axis=1)
    handle = 0.009 * ring + np.stack([along, 0 * along, np.full_like(along, height / 2)], axis=1)
    c, s = np.cos(yaw), np.sin(yaw)
    turn = np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)))
    points = np.concatenate([body, handle]) @ turn.T + (x, y, 0)
    normals = np.concatenate([round_about, ring]) @ turn.T
    part = np.repeat((0, 1), (len(body), len(handle)))
    return SimulatedObject("mug", ("mug",), points, normals, part, PARTS, TINTS[0])


MUGS = (mug(0.0, 0.0, 2.2), mug(0.05, 0.24, 1.9), mug(0.0, -0.24, -1.2))  # handles across the line of sight


def handle_centre(one: SimulatedObject) -> np.ndarray:
    """In the world frame."""
    return one.points[one.part == 1].mean(axis=0)


@lru_cache
def view(count: int = 3, azimuth: float = 0.5) -> View:
    """So many mugs as the camera sees them."""
    return render(MUGS[:count], look_at(azimuth, 0.7, 0.8), np.random.default_rng(0))


@lru_cache
def bare() -> View:
    """A table with nothing on it."""
    return render((), POSE, np.random.default_rng(0))
