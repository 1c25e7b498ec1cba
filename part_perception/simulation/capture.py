"""Capture: what a depth camera sees from one pose, with ground truth for every pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.simulation.bodies import draw, draw_rectangle
from part_perception.simulation.sensors import SENSORS, Sensor, measured
from part_perception.simulation.stages import TABLE_ON_FLOOR, Stage
from part_perception.simulation.things import Thing

GROUND = 100  # the label of a stage's first rectangle, 101 that of the next; things are 0, 1, ...
GROUND_TINT = np.array((178.0, 158.0, 132.0))
DARK = 40.0
LIGHT = np.array((0.3, -0.5, 0.8)) / np.linalg.norm((0.3, -0.5, 0.8))


@dataclass(frozen=True)
class Camera:
    """A pinhole camera; lengths in pixels."""

    width: int = 640
    height: int = 480
    focal: float = 575.0


VGA, HD = Camera(), Camera(1280, 720, 920.0)


@dataclass(frozen=True)
class Capture:
    """Points (H, W, 3), optical frame, with each pixel's colour, label and part (-1 = none), and the pose."""

    points: np.ndarray
    colours: np.ndarray
    label: np.ndarray
    part: np.ndarray
    pose: np.ndarray

    @property
    def up(self) -> np.ndarray:
        return self.pose[2, :3]


def look_at(azimuth: float, elevation: float, distance: float, target=(0.0, 0.0, 0.05)) -> np.ndarray:
    """Return the pose (4, 4), optical frame → world, of a level camera: z forward, x right, y down."""
    flat = np.array((np.cos(azimuth), np.sin(azimuth), 0.0))
    back = np.cos(elevation) * flat + np.sin(elevation) * np.array((0.0, 0.0, 1.0))
    right = np.array((-flat[1], flat[0], 0.0))
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(-back, right), -back], axis=1)
    pose[:3, 3] = np.asarray(target) + distance * back
    return pose


def rolled(pose: np.ndarray, angle: float) -> np.ndarray:
    """Roll a camera pose about its line of sight."""
    c, s = np.cos(angle), np.sin(angle)
    turn = np.eye(4)
    turn[:2, :2] = ((c, -s), (s, c))
    return pose @ turn


def orbit(
    count: int, distance: float = 0.85, elevation: float = 0.75, swing: float = 0.5
) -> list[np.ndarray]:
    """Return poses of a camera that swings back and forth; the last leads back to the first."""
    azimuths = swing * np.sin(2 * np.pi * np.arange(count) / count) - 0.6
    return [look_at(azimuth, elevation, distance) for azimuth in azimuths]


def capture(
    things: Sequence[Thing],
    pose: np.ndarray,
    rng: np.random.Generator | None = None,
    stage: Stage = TABLE_ON_FLOOR,
    camera: Camera = VGA,
    sensor: Sensor = SENSORS["primesense"],
) -> Capture:
    """Capture what the camera sees; without a random generator, depth is exact."""
    shape = (camera.height, camera.width)
    depth, owner = np.full(shape, np.inf), np.full(shape, -1, np.int32)
    for number, flat in enumerate(stage.rectangles):
        sides = (np.asarray(flat.middle) - pose[:3, 3], np.asarray(flat.along), np.asarray(flat.across))
        draw_rectangle(
            *(np.ascontiguousarray(v @ pose[:3, :3]) for v in sides), camera.focal, number, depth, owner
        )
    bodies = [*stage.fixtures, *things]
    first = np.cumsum([len(stage.rectangles), *(len(one.quads) for one in bodies)])
    for one, start in zip(bodies, first, strict=False):
        local = np.ascontiguousarray((one.quads - pose[:3, 3]) @ pose[:3, :3])
        draw(local, camera.focal, int(start), depth, owner)
    label, part, colours = painted(owner, depth, things, stage, pose, camera)
    if rng is not None:
        depth, label = measured(depth, label, sensor, rng, camera.focal)
        colours = np.clip(colours + rng.normal(0, 3, colours.shape), 0, 255)
    seen = np.isfinite(depth)
    points = (rays_of(camera) * np.where(seen, depth, np.nan)[..., None]).astype(np.float32)
    return Capture(points, colours.astype(np.uint8), np.where(seen, label, -1), part, pose)


def rays_of(camera: Camera) -> np.ndarray:
    """(H, W, 3) the viewing ray of every pixel, scaled to a depth of one metre."""
    row, column = np.mgrid[: camera.height, : camera.width]
    aside, down = (column - camera.width / 2) / camera.focal, (row - camera.height / 2) / camera.focal
    return np.stack([aside, down, np.ones(row.shape)], axis=-1)


def painted(owner, depth, things, stage, pose, camera) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return label, part and colour of every pixel, given the number of what was drawn there."""
    flats, fixtures = len(stage.rectangles), len(stage.fixtures)
    quads = [len(one.quads) for one in (*stage.fixtures, *things)]
    # one row for each number that was drawn; the last row stands for nothing
    labels = [GROUND + np.arange(flats), np.repeat(GROUND + flats + np.arange(fixtures), quads[:fixtures])]
    labels += [np.repeat(np.arange(len(things)), quads[fixtures:]), np.array([-1])]
    none = np.full(flats + sum(quads[:fixtures]), -1)
    parts = [none, *(one.part for one in things), [-1]]
    grounds = np.reshape([GROUND_TINT * (1.0, 0.5)[min(k, 1)] for k in range(flats)], (-1, 3))
    tints = [grounds, *(shades(one) for one in (*stage.fixtures, *things)), np.full((1, 3), DARK)]
    label, part, colours = (np.concatenate(table)[owner] for table in (labels, parts, tints))
    return label.astype(int), part.astype(int), colours * grain(owner < flats, depth, pose, camera)[..., None]


def grain(flat: np.ndarray, depth: np.ndarray, pose: np.ndarray, camera: Camera) -> np.ndarray:
    """Return a pattern on flat surfaces that makes their orientation visible."""
    bright = np.ones(flat.shape)
    rows, columns = np.nonzero(flat & np.isfinite(depth))
    z = depth[rows, columns]
    local = [
        (columns - camera.width / 2) / camera.focal * z,
        (rows - camera.height / 2) / camera.focal * z,
        z,
    ]
    x, y, _ = pose[:3, :3] @ np.stack(local) + pose[:3, 3:]
    bright[rows, columns] = 1 + 0.06 * np.sin(y * 90 + 2 * np.sin(x * 7))
    return bright


def shades(one: Thing) -> np.ndarray:
    """(Q, 3) the shaded colour of each quad."""
    normal = np.cross(one.quads[:, 2] - one.quads[:, 0], one.quads[:, 3] - one.quads[:, 1])
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-12)[:, None]
    return np.array(one.tint) * (0.35 + 0.65 * np.abs(normal @ LIGHT)[:, None])
