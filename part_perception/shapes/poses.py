"""Poses: how an object varies beyond its kind's own proportions, and how it rests in the world."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.primitives import rotation
from part_perception.shapes.surface import Surface

_TIPPED = 0.1
_ANY_WAY = 0.06


def deform(surface: Surface, rng: np.random.Generator) -> Surface:
    """Stretch every axis a little, and sometimes taper, bend or twist the whole, as the forms of real objects vary."""
    points = surface.points * rng.uniform(0.85, 1.18, 3)
    normals = surface.normals
    low, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    if rng.random() < 0.3:
        along, across = rng.permutation(3)[:2]
        t = (points[:, along] - low[along]) / size[along] - 0.5
        middle = low[across] + size[across] / 2
        points[:, across] = middle + (points[:, across] - middle) * (1 + rng.uniform(-0.25, 0.25) * t)
    if rng.random() < 0.2:
        along, across = rng.permutation(3)[:2]
        t = (points[:, along] - low[along]) / size[along] - 0.5
        points[:, across] += rng.uniform(-0.12, 0.12) * size[along] * t**2 * 2
    return Surface(points, normals, surface.part, surface.primitive)


def _turn_over(rest: str, rng: np.random.Generator) -> np.ndarray:
    """The rotation that puts an object as it rests, before its yaw."""
    chance = rng.random()
    if chance < _ANY_WAY:
        return rotation(*rng.uniform(-np.pi, np.pi, 3))
    if rest == "lies":
        flipped = np.pi if rng.random() < 0.5 else 0.0
        if chance < 0.2:  # held up or hanging: its long axis is upright
            return rotation(rng.choice([-1, 1]) * np.pi / 2, 0, 0) @ rotation(
                0, 0, rng.choice([0, np.pi / 2])
            )
        return rotation(flipped + rng.normal(0, 0.08), rng.normal(0, 0.05), 0)
    if rest == "stands" and chance < _ANY_WAY + _TIPPED:
        return rotation(np.pi / 2, 0, 0) @ rotation(0, 0, rng.uniform(-np.pi, np.pi))
    return np.eye(3)


def rest_on_ground(surface: Surface, rest: str, rng: np.random.Generator) -> Surface:
    """Pose it at a random yaw with its lowest point on z = 0 and its middle above the origin."""
    turn = rotation(0, 0, rng.uniform(-np.pi, np.pi)) @ _turn_over(rest, rng)
    points = surface.points @ turn.T
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    points = points - (middle[0], middle[1], points[:, 2].min())
    return Surface(points, surface.normals @ turn.T, surface.part, surface.primitive)
