"""Capture: what a depth camera sees of things from one pose, with the truth of every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.simulation.raster import draw
from part_perception.simulation.sensors import SENSORS, Sensor, measured
from part_perception.simulation.things import Thing

GROUND = 100  # the label of the highest level square, 101 of the next; things are 0, 1, ...
TABLE_ON_FLOOR = ((0.0, 0.8), (-0.75, 6.0))
FLOOR = ((0.0, 6.0),)
GROUND_TINT = np.array((178.0, 158.0, 132.0))
DARK = 40.0
LIGHT = np.array((0.3, -0.5, 0.8)) / np.linalg.norm((0.3, -0.5, 0.8))


@dataclass(frozen=True)
class Camera:
    """A pinhole; lengths in pixels."""

    width: int = 640
    height: int = 480
    focal: float = 575.0


VGA, HD = Camera(), Camera(1280, 720, 920.0)


@dataclass(frozen=True)
class Capture:
    """Points (H, W, 3) in the optical frame, colours, the label and part of every pixel (-1 nothing), the pose."""

    points: np.ndarray
    colours: np.ndarray
    label: np.ndarray
    part: np.ndarray
    pose: np.ndarray

    @property
    def up(self) -> np.ndarray:
        return self.pose[2, :3]


def look_at(azimuth: float, elevation: float, distance: float, target=(0.0, 0.0, 0.05)) -> np.ndarray:
    """The pose (4, 4), optical frame → world, of a level camera: z forward, x right, y down."""
    flat = np.array((np.cos(azimuth), np.sin(azimuth), 0.0))
    back = np.cos(elevation) * flat + np.sin(elevation) * np.array((0.0, 0.0, 1.0))
    right = np.array((-flat[1], flat[0], 0.0))
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(-back, right), -back], axis=1)
    pose[:3, 3] = np.asarray(target) + distance * back
    return pose


def rolled(pose: np.ndarray, angle: float) -> np.ndarray:
    """The camera turned about its line of sight."""
    c, s = np.cos(angle), np.sin(angle)
    turn = np.eye(4)
    turn[:2, :2] = ((c, -s), (s, c))
    return pose @ turn


def orbit(
    count: int, distance: float = 0.85, elevation: float = 0.75, swing: float = 0.5
) -> list[np.ndarray]:
    """Poses of a camera that swings to and fro; the last leads to the first."""
    azimuths = swing * np.sin(2 * np.pi * np.arange(count) / count) - 0.6
    return [look_at(azimuth, elevation, distance) for azimuth in azimuths]


def capture(
    things: Sequence[Thing],
    pose: np.ndarray,
    rng: np.random.Generator | None = None,
    ground: Sequence[tuple[float, float]] = TABLE_ON_FLOOR,
    camera: Camera = VGA,
    sensor: Sensor = SENSORS["stereo"],
) -> Capture:
    """What the camera sees; without a generator it measures perfectly. ground: level squares (height, half side)."""
    rays = rays_of(camera)
    depth, label, colours = empty(rays @ pose[:3, :3].T, pose, ground)
    owner = np.full(depth.shape, -1, np.int32)
    first = np.cumsum([0, *(len(one.quads) for one in things)])
    for one, start in zip(things, first, strict=False):
        local = np.ascontiguousarray((one.quads - pose[:3, 3]) @ pose[:3, :3])
        draw(local, camera.focal, int(start), depth, owner)
    part = np.full(depth.shape, -1)
    hit = owner >= 0
    if hit.any():
        thing_of = np.repeat(np.arange(len(things)), np.diff(first))
        label[hit] = thing_of[owner[hit]]
        part[hit] = np.concatenate([one.part for one in things])[owner[hit]]
        colours[hit] = np.concatenate([shades(one) for one in things])[owner[hit]]
    if rng is not None:
        depth, label = measured(depth, label, sensor, rng)
        colours = np.clip(colours + rng.normal(0, 3, colours.shape), 0, 255)
    seen = np.isfinite(depth)
    points = (rays * np.where(seen, depth, np.nan)[..., None]).astype(np.float32)
    return Capture(points, colours.astype(np.uint8), np.where(seen, label, -1), part, pose)


def rays_of(camera: Camera) -> np.ndarray:
    """(H, W, 3) of every pixel, one metre deep."""
    row, column = np.mgrid[: camera.height, : camera.width]
    aside, down = (column - camera.width / 2) / camera.focal, (row - camera.height / 2) / camera.focal
    return np.stack([aside, down, np.ones(row.shape)], axis=-1)


def empty(rays: np.ndarray, pose: np.ndarray, ground: Sequence[tuple[float, float]]):
    """Depth, label and colour of level squares without anything on them. rays: in the world."""
    depth, label = np.full(rays.shape[:2], np.inf), np.full(rays.shape[:2], -1)
    colours = np.full(rays.shape, DARK)
    for k, (height, half) in enumerate(ground):
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (height - pose[2, 3]) / rays[..., 2]
            hit = pose[:2, 3] + z[..., None] * rays[..., :2]
            on = (z > 0) & (np.abs(hit) < half).all(axis=-1) & (z < depth)
        depth[on], label[on] = z[on], GROUND + k
        grain = 1 + 0.06 * np.sin(hit[on][:, 1] * 90 + 2 * np.sin(hit[on][:, 0] * 7))
        colours[on] = GROUND_TINT * grain[:, None] * (1.0, 0.5)[min(k, 1)]
    return depth, label, colours


def shades(one: Thing) -> np.ndarray:
    """(Q, 3) the colour of each quad in the light."""
    normal = np.cross(one.quads[:, 2] - one.quads[:, 0], one.quads[:, 3] - one.quads[:, 1])
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-12)[:, None]
    return np.array(one.tint) * (0.35 + 0.65 * np.abs(normal @ LIGHT)[:, None])
