"""Viewpoint: chooses the view that best shows a cloud."""

from __future__ import annotations

import numpy as np

from part_perception.pictures.camera import Camera, beside_sensor, orbit, taken_from_outside
from part_perception.pictures.rendering import disc_radius, splat

_SIDES = 8
_POINTS = 6000
_SMALL = (120, 90)


def natural(
    points: np.ndarray, size: tuple[int, int], up=(0.0, 0.0, 1.0), labels: np.ndarray | None = None
) -> Camera:
    """From beside the sensor; for a cloud around its origin, from its most informative side."""
    if taken_from_outside(points):
        return beside_sensor(points, size, up)
    step = max(len(points) // _POINTS, 1)
    few, marks = points[::step], np.zeros(len(points), int) if labels is None else labels
    sides = 0.5 + np.arange(_SIDES) * 2 * np.pi / _SIDES
    azimuth = max(sides, key=lambda side: shown(few, marks[::step], orbit(few, _SMALL, side, up=up)))
    return orbit(points, size, azimuth, up=up)


def shown(points: np.ndarray, labels: np.ndarray, camera: Camera) -> float:
    """The visible share of every label; small labels count for more than their size."""
    pixels, depth = camera.project(points)
    radius = np.clip(disc_radius(points, depth, camera), 1.0, 10.0)
    owner = splat(pixels, depth, radius, camera.size[::-1])
    _, counts = np.unique(labels[owner[owner >= 0]], return_counts=True)
    return float(np.sqrt(counts).sum())
