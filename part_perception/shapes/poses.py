"""Poses: how an object varies beyond its kind's own proportions, and how it rests in the world."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from part_perception.shapes.primitives import rotation

_TIPPED = 0.1
_ANY_WAY = 0.06


def deformation(points: np.ndarray, rng: np.random.Generator) -> Callable[[np.ndarray], np.ndarray]:
    """Stretch every axis a little, and sometimes taper or bend the whole, as the forms of real objects vary."""
    stretch = rng.uniform(0.85, 1.18, 3)
    low = (points * stretch).min(axis=0)
    size = np.maximum(np.ptp(points * stretch, axis=0), 1e-6)
    taper, bend = None, None
    if rng.random() < 0.3:
        taper = (*rng.permutation(3)[:2], rng.uniform(-0.25, 0.25))
    if rng.random() < 0.2:
        bend = (*rng.permutation(3)[:2], rng.uniform(-0.12, 0.12))

    def deform(points: np.ndarray) -> np.ndarray:
        points = points * stretch
        if taper:
            along, across, amount = taper
            t = (points[..., along] - low[along]) / size[along] - 0.5
            middle = low[across] + size[across] / 2
            points[..., across] = middle + (points[..., across] - middle) * (1 + amount * t)
        if bend:
            along, across, amount = bend
            t = (points[..., along] - low[along]) / size[along] - 0.5
            points[..., across] += amount * size[along] * t**2 * 2
        return points

    return deform


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


def resting(points: np.ndarray, rest: str, yaw: float, rng: np.random.Generator) -> np.ndarray:
    """The pose (4, 4) at a yaw in which the lowest point is on z = 0 and the middle above the origin."""
    pose = np.eye(4)
    pose[:3, :3] = rotation(0, 0, yaw) @ _turn_over(rest, rng)
    points = points @ pose[:3, :3].T
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    pose[:3, 3] = (-middle[0], -middle[1], -points[:, 2].min())
    return pose
