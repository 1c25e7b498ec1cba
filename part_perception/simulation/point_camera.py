"""Camera: what a depth camera sees of a surface: a pinhole view on a pixel grid, with a real sensor's faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.shapes.surface import Surface


@dataclass(frozen=True)
class Sensor:
    """One kind of depth camera. Depth noise grows as noise + noise_per_z2 * z^2 (metres); step quantises disparity.

    `lumps` is smooth relief, `curl` how far rims bend towards what is behind them, both in metres.
    """

    focal: float
    noise: float
    noise_per_z2: float
    step_per_z2: float
    lumps: float
    flying: float
    grazing: float
    curl: float


def random_sensor(rng: np.random.Generator) -> Sensor:
    """A structured-light, stereo or time-of-flight camera."""
    kind = rng.integers(3)
    if kind == 0:  # structured light: coarse disparity steps, hardly any flying pixels
        return Sensor(rng.uniform(500, 600), 0.0003, rng.uniform(0.0008, 0.002), rng.uniform(0.0015, 0.004),
                      rng.uniform(0, 0.0015), 0.01, 0.2, rng.uniform(0, 0.008))  # fmt: skip
    if kind == 1:  # stereo: lumpy, smoothed, edges that bleed
        return Sensor(rng.uniform(420, 640), 0.0003, rng.uniform(0.0006, 0.0025), rng.uniform(0.0003, 0.001),
                      rng.uniform(0.0005, 0.004), 0.03, 0.25, rng.uniform(0, 0.016))  # fmt: skip
    return Sensor(rng.uniform(360, 620), rng.uniform(0.0008, 0.003), 0.0004, 0.0,
                  rng.uniform(0, 0.002), 0.05, 0.15, rng.uniform(0, 0.006))  # fmt: skip


def look_at(
    azimuth: float, elevation: float, distance: float, target: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Camera rotation (rows: right, down, forward) and position, looking at a target, z up."""
    away = np.array(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)]
    )
    right = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])
    down = np.cross(-away, right)
    return np.stack([right, down, -away]), target + distance * away


def to_camera(surface: Surface, turn: np.ndarray, position: np.ndarray) -> Surface:
    return Surface(
        (surface.points - position) @ turn.T, surface.normals @ turn.T, surface.part, surface.primitive
    )


def facing(surface: Surface) -> np.ndarray:
    """How squarely each point of a surface in the camera's frame faces the camera: 1 head-on, 0 edge-on."""
    away = np.sqrt(np.einsum("ij,ij->i", surface.points, surface.points))
    return np.abs(np.einsum("ij,ij->i", surface.points, surface.normals)) / np.maximum(away, 1e-9)


def visible(surface: Surface, focal: float) -> np.ndarray:
    """Which points (camera frame) are not hidden by others: a z-buffer whose cells fit the points' own spacing."""
    x, y, z = np.ascontiguousarray(surface.points.T)
    u, v = x / z * focal, y / z * focal
    u, v = u - u.min(), v - v.min()
    width, height = max(float(u.max()), 1e-6), max(float(v.max()), 1e-6)
    cell = max(1.0, 1.7 * float(np.sqrt(width * height * 0.6 / len(z))))
    rows, columns = int(height / cell) + 3, int(width / cell) + 3
    index = ((v / cell).astype(np.int64) + 1) * columns + (u / cell).astype(np.int64) + 1
    nearest = np.full(rows * columns, np.inf)
    np.minimum.at(nearest, index, z)
    nearest = _without_gaps(nearest.reshape(rows, columns)).reshape(-1)
    cell_metres = cell * z / focal
    square = facing(surface)
    slope = np.sqrt(np.maximum(1 - square**2, 0)) / np.maximum(square, 0.2)
    return z <= nearest[index] + cell_metres * (0.5 + slope)


def _without_gaps(nearest: np.ndarray, rounds: int = 2) -> np.ndarray:
    """A surface runs on through a cell where it happens to have no point: between two of its cells all is hidden."""
    for _ in range(rounds):
        pairs = ((nearest[1:-1, :-2], nearest[1:-1, 2:]), (nearest[:-2, 1:-1], nearest[2:, 1:-1]),
                 (nearest[:-2, :-2], nearest[2:, 2:]), (nearest[:-2, 2:], nearest[2:, :-2]))  # fmt: skip
        between = np.minimum.reduce([np.maximum(a, b) for a, b in pairs])
        nearest = nearest.copy()
        np.minimum(nearest[1:-1, 1:-1], between, out=nearest[1:-1, 1:-1])
    return nearest


def expose(surface: Surface, sensor: Sensor, rng: np.random.Generator) -> Surface:
    """What the sensor returns of visible points in its frame (z forward): one noisy point a pixel; part -1: flying."""
    keep = rng.random(len(surface.points)) < np.clip((facing(surface) / sensor.grazing) ** 1.5, 0.05, 1.0)
    surface = surface[keep]
    points = surface.points
    if len(points) < 8:
        return surface
    pixel = points[:, :2] / points[:, 2:3] * sensor.focal + rng.normal(0, 0.3, (len(points), 2))
    pixel = np.floor(pixel - np.floor(pixel.min(axis=0))).astype(np.int64)
    width, height = pixel.max(axis=0) + 1
    corner = np.floor((points[:, :2] / points[:, 2:3] * sensor.focal).min(axis=0))
    owner = np.full(width * height, -1)
    far_first = np.argsort(-points[:, 2], kind="stable")
    owner[pixel[far_first, 1] * width + pixel[far_first, 0]] = far_first
    keep = owner[owner >= 0]
    surface, pixel = surface[keep], pixel[keep]
    z = surface.points[:, 2] + _lumps(pixel, width, height, rng) * sensor.lumps
    part = surface.part.copy()
    edge = _at_edge(pixel, z, width, height)
    if sensor.curl:
        z = z + sensor.curl * edge * rng.uniform(0.2, 1.0) * (
            0.5 + _lumps(pixel, width, height, rng) ** 2 / 2
        ).clip(0, 2)
    fly = edge & (rng.random(len(z)) < sensor.flying * 4)
    z = np.where(fly, z + rng.exponential(0.012, len(z)), z)
    part[fly & (z - surface.points[:, 2] > 0.006)] = -1
    z = z + _grain(pixel, width, height, rng) * (sensor.noise + sensor.noise_per_z2 * z**2) * 0.7
    if sensor.step_per_z2:
        z = _quantise(z, sensor.step_per_z2)
    xy = (pixel + 0.5 + corner) / sensor.focal * z[:, None]
    lost = edge & (rng.random(len(z)) < rng.uniform(0, 0.5))
    out = Surface(np.concatenate([xy, z[:, None]], axis=1), surface.normals, part, surface.primitive)
    return out[~lost]


def _quantise(z: np.ndarray, step: float) -> np.ndarray:
    """Round inverse depth to steps that are `step` metres wide at one metre."""
    return 1.0 / np.maximum(np.round(1.0 / np.maximum(z, 0.05) / step) * step, 1e-3)


def _grain(pixel: np.ndarray, width: int, height: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of unit size whose neighbours agree the more, the more the sensor's own filters smooth."""
    alone = rng.uniform(0.1, 1.0)
    together = _lumps(pixel, width, height, rng, pitch=rng.uniform(1.5, 4.0)) * 1.5
    return alone * rng.normal(0, 1, len(pixel)) + np.sqrt(1 - alone**2) * together


def _lumps(
    pixel: np.ndarray, width: int, height: int, rng: np.random.Generator, pitch: float | None = None
) -> np.ndarray:
    """Smooth random relief over the image: what block matching makes of a flat wall."""
    pitch = pitch or rng.uniform(5, 12)
    rows, columns = int(height / pitch) + 3, int(width / pitch) + 3
    knots = rng.normal(0, 1, (rows, columns))
    x, y = pixel[:, 0] / pitch, pixel[:, 1] / pitch
    i, j = y.astype(int), x.astype(int)
    v, u = y - i, x - j
    top = knots[i, j] * (1 - u) + knots[i, j + 1] * u
    return top * (1 - v) + (knots[i + 1, j] * (1 - u) + knots[i + 1, j + 1] * u) * v


def _at_edge(pixel: np.ndarray, z: np.ndarray, width: int, height: int) -> np.ndarray:
    """Points beside nothing or beside a much farther point, on a grid whose accidental gaps are closed first."""
    cell = max(1, round(np.sqrt(width * height / max(len(z), 1)) * 1.2))
    w, h = width // cell + 3, height // cell + 3
    depth = np.full(h * w, np.inf)
    at = (pixel[:, 1] // cell + 1) * w + pixel[:, 0] // cell + 1
    np.minimum.at(depth, at, z)
    depth = _without_gaps(depth.reshape(h, w), rounds=1).reshape(-1)
    neighbours = np.stack([depth[at - 1], depth[at + 1], depth[at - w], depth[at + w]])
    return (neighbours > z + 0.02).any(axis=0)
