"""A small table scene for tests: mugs of cylinders and bars with known parts, seen by the simulated camera."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from part_perception.simulation.capture import Capture, capture, look_at
from part_perception.simulation.things import Thing, rod
from tests.simulated import MILD

PARTS = (("body",), ("handle",))
HANDLE_REACH = 0.075
POSE = look_at(0.5, 0.7, 0.8)


def mug(x: float, y: float, yaw: float = 0.0, height: float = 0.10) -> Thing:
    """A cylinder of radius 4 cm with a bar that sticks out sideways by 75 mm."""
    body = rod((0, 0, 0), (0, 0, height), 0.04)
    handle = rod((0.04, 0, height / 2), (0.04 + HANDLE_REACH, 0, height / 2), 0.009)
    part = np.repeat((0, 1), (len(body), len(handle)))
    return Thing("mug", ("mug",), np.concatenate([body, handle]), part, PARTS).moved((x, y, 0), yaw)


MUGS = (mug(0.0, 0.0, 2.2), mug(0.05, 0.24, 1.9), mug(0.0, -0.24, -1.2))  # handles across the line of sight


def handle_centre(one: Thing) -> np.ndarray:
    """In the world frame."""
    return one.surface.points[one.surface.part == 1].mean(axis=0)


@lru_cache
def view(count: int = 3, azimuth: float = 0.5) -> Capture:
    """A number of mugs as the camera sees them."""
    return capture(MUGS[:count], look_at(azimuth, 0.7, 0.8), np.random.default_rng(0), sensor=MILD)


@lru_cache
def bare() -> Capture:
    """A table with nothing on it."""
    return capture((), POSE, np.random.default_rng(0), sensor=MILD)
