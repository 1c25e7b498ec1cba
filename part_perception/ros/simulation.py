"""A simulated table: objects of the data engine, a depth camera that swings around them, and the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.scene.boxes import upright_box

WIDTH, HEIGHT, FOCAL = 640, 480, 575.0
TABLE_HALF = 0.6
DENSITY = 1.5e6  # surface points a square metre: several in every pixel from half a metre away
MOST_POINTS = 350_000
UP = np.array((0.0, 0.0, 1.0))
TINTS = np.array(
    [(205, 92, 72), (78, 134, 184), (226, 182, 82), (110, 164, 108), (150, 118, 176), (96, 176, 176)]
)
TABLE_TINT = np.array((178, 158, 132))


@dataclass(frozen=True)
class SimulatedObject:
    """An object on the table, in the world frame: points, normals and part of each, and the names of its parts."""

    kind: str
    names: tuple[str, ...]
    points: np.ndarray
    normals: np.ndarray
    part: np.ndarray
    parts: tuple[tuple[str, ...], ...]
    tint: np.ndarray


@dataclass(frozen=True)
class Place:
    """A kind of object, where it stands, and which of its many variants it is."""

    kind: str
    x: float
    y: float
    yaw: float
    seed: int


@dataclass(frozen=True)
class View:
    """What the camera sees from one pose: an organised cloud in its optical frame, with colours."""

    pose: np.ndarray
    points: np.ndarray
    colours: np.ndarray


def build(place: Place, tint: np.ndarray) -> SimulatedObject:
    """An object where it stands, resting on the table at z = 0."""
    from part_perception.training.engine.kinds import (
        KINDS,  # hundreds of kinds: only who builds one waits for them
    )
    from part_perception.training.engine.surface import sample_surface

    rng = np.random.default_rng(place.seed)
    shape = KINDS[place.kind].make(rng)
    few = sample_surface(shape, 2000, rng)
    area = float(np.prod(np.sort(np.ptp(few.points, axis=0))[1:])) * 4
    surface = sample_surface(shape, int(np.clip(area * DENSITY, 60_000, MOST_POINTS)), rng)
    low, high = surface.points.min(axis=0), surface.points.max(axis=0)
    c, s = np.cos(place.yaw), np.sin(place.yaw)
    turn = np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)))
    middle = np.array(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))
    points = (surface.points - middle) @ turn.T + (place.x, place.y, 0.0)
    names = tuple(part.names for part in shape.parts)
    return SimulatedObject(
        place.kind, shape.kind_names, points, surface.normals @ turn.T, surface.part, names, tint
    )


def truth(objects: Sequence[SimulatedObject]) -> dict:
    """What a client checks answers against: every part's names, centroid and box in the world frame."""
    return {"objects": [_object_truth(each) for each in objects]}


def _object_truth(each: SimulatedObject) -> dict:
    parts = []
    for k, names in enumerate(each.parts):
        points = each.points[each.part == k]
        if len(points):
            box = upright_box(points, UP)
            parts.append(
                {
                    "names": list(names),
                    "centroid": points.mean(axis=0).tolist(),
                    "box": {
                        "centre": box.centre.tolist(),
                        "rotation": box.rotation.tolist(),
                        "size": box.size.tolist(),
                    },
                }
            )
    return {"kind": each.kind, "names": list(each.names), "parts": parts}


def orbit(
    count: int, distance: float = 0.85, elevation: float = 0.75, swing: float = 0.5
) -> list[np.ndarray]:
    """Poses (optical frame → world) of a camera that swings to and fro; the last leads to the first."""
    azimuths = swing * np.sin(2 * np.pi * np.arange(count) / count) - 0.6
    return [look_at(azimuth, elevation, distance) for azimuth in azimuths]


def look_at(azimuth: float, elevation: float, distance: float, target=(0.0, 0.0, 0.05)) -> np.ndarray:
    """The pose of a level camera: z forward, x right, y down."""
    flat = np.array((np.cos(azimuth), np.sin(azimuth), 0.0))
    back = np.cos(elevation) * flat + np.sin(elevation) * UP
    right = np.array((-flat[1], flat[0], 0.0))
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(-back, right), -back], axis=1)
    pose[:3, 3] = np.asarray(target) + distance * back
    return pose


def render(
    objects: Sequence[SimulatedObject], pose: np.ndarray, rng: np.random.Generator | None = None
) -> View:
    """What the camera sees; with a generator it measures like a real one."""
    depth, colours = _table(pose)
    for each in objects:
        _draw(each, pose, depth, colours)
    if rng is not None:
        depth = measured(depth, rng)
        colours = np.clip(colours + rng.normal(0, 3, colours.shape), 0, 255)
    depth = np.where(np.isfinite(depth), depth, np.nan).astype(np.float32)
    column, row = _pixels()
    points = np.stack([column * depth / FOCAL, row * depth / FOCAL, depth], axis=-1).astype(np.float32)
    return View(pose, points, colours.astype(np.uint8))


def _pixels() -> tuple[np.ndarray, np.ndarray]:
    row, column = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return column - WIDTH / 2, row - HEIGHT / 2


def _table(pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depth and colour of a square table without anything on it."""
    column, row = _pixels()
    rays = np.stack([column / FOCAL, row / FOCAL, np.ones_like(row)], axis=-1) @ pose[:3, :3].T
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = -pose[2, 3] / rays[..., 2]
        hit = pose[:2, 3] + depth[..., None] * rays[..., :2]
        on_table = (depth > 0) & (np.abs(hit) < TABLE_HALF).all(axis=-1)
    grain = 1 + 0.06 * np.sin(hit[..., 1] * 90 + 2 * np.sin(hit[..., 0] * 7))
    colours = np.where(on_table[..., None], TABLE_TINT * np.nan_to_num(grain)[..., None], 40.0)
    return np.where(on_table, depth, np.inf), colours


def _draw(each: SimulatedObject, pose: np.ndarray, depth: np.ndarray, colours: np.ndarray) -> None:
    """Add an object to the image: of all points that fall into a pixel the nearest counts."""
    local = (each.points - pose[:3, 3]) @ pose[:3, :3]
    z = local[:, 2]
    column = np.round(local[:, 0] / z * FOCAL + WIDTH / 2).astype(int)
    row = np.round(local[:, 1] / z * FOCAL + HEIGHT / 2).astype(int)
    (seen,) = np.nonzero((z > 0.1) & (column >= 0) & (column < WIDTH) & (row >= 0) & (row < HEIGHT))
    far_first = seen[np.argsort(-z[seen])]
    owner = np.full(depth.shape, -1)
    owner[row[far_first], column[far_first]] = far_first
    for axis in (0, 1):  # a pixel that no point fell into, between two that agree
        before, after = np.roll(owner, 1, axis), np.roll(owner, -1, axis)
        hole = (owner < 0) & (before >= 0) & (after >= 0) & (np.abs(z[before] - z[after]) < 0.01)
        owner[hole] = before[hole]
    distance = np.where(owner >= 0, z[owner], np.inf)
    front = distance < depth
    light = np.abs(each.normals @ _unit((0.3, -0.5, 0.8)))
    depth[front] = distance[front]
    colours[front] = each.tint * (0.35 + 0.65 * light[owner[front], None])


def _unit(vector) -> np.ndarray:
    return np.asarray(vector) / np.linalg.norm(vector)


def measured(depth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Depth as a stereo camera gives it: noise that grows with distance, steps, lost and mixed pixels at edges."""
    known = np.isfinite(depth)
    square = np.where(known, depth, 1.0) ** 2
    result = depth + square * rng.normal(0, 0.0012, depth.shape)
    step = 0.0008 * square
    result = np.where(known, np.round(result / step) * step, np.inf)
    for axis in (0, 1):
        beside = np.roll(depth, 1, axis)
        with np.errstate(invalid="ignore"):
            edge = known & (np.abs(np.where(np.isfinite(beside), beside, 9.0) - depth) > 0.015)
        chance = rng.random(depth.shape)
        result[edge & (chance < 0.35)] = np.inf
        mixed = edge & (chance > 0.9) & np.isfinite(beside)
        result[mixed] = (depth[mixed] + beside[mixed]) / 2
    result[rng.random(depth.shape) < 0.003] = np.inf
    return result
