"""Sensors: what depth cameras make of the true depth: noise, steps, lumps, mixed and lost pixels at edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MIXED = -2  # the label of a pixel that saw an edge: it belongs to nothing
EDGE = 0.01  # metres, and so much times the square of the distance beyond one metre
LUMP = 8  # pixels
OPEN = 8.0  # metres: beside it anything is an edge


@dataclass(frozen=True)
class Sensor:
    """A kind of depth camera. Lengths in metres, those `_z2` at a distance of one metre, growing with its square.

    mixed and lost: shares of the pixels at an edge; holes: share of all pixels.
    """

    noise: float
    noise_z2: float
    lumps_z2: float
    step_z2: float
    mixed: float
    lost: float
    holes: float


SENSORS = {
    "stereo": Sensor(0.0, 0.0009, 0.0007, 0.0005, 0.5, 0.3, 0.002),
    "structured light": Sensor(0.0003, 0.0007, 0.0003, 0.0025, 0.1, 0.6, 0.005),
    "time of flight": Sensor(0.0015, 0.0004, 0.0006, 0.0, 0.7, 0.1, 0.001),
}


def measured(
    depth: np.ndarray, label: np.ndarray, sensor: Sensor, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Depth and label (H, W) as the sensor gives them; infinite depth: nothing there."""
    rows, columns = depth.shape
    known = np.isfinite(depth)
    square = np.where(known, depth, 0.0) ** 2
    lumps = rng.normal(size=(rows // LUMP + 1, columns // LUMP + 1)).repeat(LUMP, 0).repeat(LUMP, 1)
    stray = sensor.noise + sensor.noise_z2 * square
    result = depth + stray * rng.normal(size=depth.shape) + sensor.lumps_z2 * square * lumps[:rows, :columns]
    label = label.copy()
    for axis in (0, 1):
        beside = np.roll(depth, 1, axis)
        jump = np.abs(np.where(known, depth, OPEN) - np.where(np.isfinite(beside), beside, OPEN))
        edge = jump > EDGE * np.maximum(square, 1.0)
        at = np.flatnonzero(edge & known)
        behind = beside.ravel()[at]
        chance, share = rng.random((2, len(at)))
        mix = (chance < sensor.mixed) & np.isfinite(behind)
        result.ravel()[at[mix]] = (share * depth.ravel()[at] + (1 - share) * behind)[mix]
        label.ravel()[at[mix]] = MIXED
        result.ravel()[at[rng.random(len(at)) < sensor.lost]] = np.inf
    if sensor.step_z2:
        step = sensor.step_z2 * np.maximum(square, 0.2)
        result = np.where(np.isfinite(result), np.round(result / step) * step, result)
    result[rng.random(depth.shape) < sensor.holes] = np.inf
    return result, label
