"""Simulated captures: the data engine's objects on a table, seen by a depth camera with all its faults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from part_perception.training.engine.kinds import KINDS
from part_perception.training.engine.surface import sample_surface

FOCAL, WIDTH, HEIGHT = 570.0, 640, 480
TABLE = 100  # the label of the table; objects are 0, 1, ...
MIXED = -2  # the label of a pixel that saw an edge: it belongs to nothing
FLOOR_BELOW = 0.75


@dataclass(frozen=True)
class Thing:
    """An object in the world: surface points and their parts, with the names of the parts."""

    kind: str
    points: np.ndarray
    part: np.ndarray
    names: tuple[tuple[str, ...], ...]

    def moved(self, shift, yaw: float = 0.0) -> Thing:
        c, s = np.cos(yaw), np.sin(yaw)
        turn = np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)), np.float32)
        return Thing(self.kind, self.points @ turn.T + np.asarray(shift, np.float32), self.part, self.names)

    def thinned(self, step: int) -> Thing:
        return Thing(self.kind, self.points[::step], self.part[::step], self.names)


@dataclass(frozen=True)
class Capture:
    """A cloud (H, W, 3) in the camera's optical frame, the label of every pixel (-1 nothing) and its part; the pose."""

    cloud: np.ndarray
    label: np.ndarray
    part: np.ndarray
    camera_pose: np.ndarray

    @property
    def up(self) -> np.ndarray:
        return self.camera_pose[2, :3]


@lru_cache(maxsize=32)
def thing(kind: str, seed: int = 0) -> Thing:
    """One object of a kind, standing at the origin; so dense that few pixels beyond half a metre miss."""
    rng = np.random.default_rng(seed)
    shape = KINDS[kind].make(rng)
    q = shape.quads
    area = np.linalg.norm(np.cross(q[:, 2] - q[:, 0], q[:, 3] - q[:, 1]), axis=1).sum() / 2
    count = int(np.clip(2 * area / 0.0012**2, 30_000, 400_000))
    surface = sample_surface(shape, count, rng)
    points = surface.points.astype(np.float32) - surface.points.min(axis=0) * (0, 0, 1)
    points[:, :2] -= (points[:, :2].min(axis=0) + points[:, :2].max(axis=0)) / 2
    return Thing(kind, points, surface.part, tuple(part.names for part in shape.parts))


def is_tabletop(candidate: Thing) -> bool:
    """Of a size and kind that stands on tables."""
    size = np.ptp(candidate.points, axis=0)
    return bool(
        KINDS[candidate.kind].rest != "mounted" and size.max() < 0.3 and size[2] > 0.02 and size.max() > 0.05
    )


def table_scene(count: int, rng: np.random.Generator, gap: float = 0.02) -> list[Thing]:
    """So many different objects on a table at z = 0, none nearer than gap to another."""
    names, placed, circles = sorted(KINDS), [], []
    while len(placed) < count:
        candidate = thing(names[int(rng.integers(len(names)))], int(rng.integers(3)))
        if not is_tabletop(candidate):
            continue
        radius = np.linalg.norm(candidate.points[:, :2], axis=1).max()
        reach = 0.12 + 0.03 * count
        for _ in range(30):
            spot = rng.uniform(-reach, reach, 2) * (1.2, 0.9)
            if all(np.linalg.norm(spot - other) > radius + r + gap for other, r in circles):
                placed.append(candidate.moved((*spot, 0), rng.uniform(0, 2 * np.pi)))
                circles.append((spot, radius))
                break
    return placed


def look_at(azimuth: float, elevation: float, distance: float, target=(0, 0, 0.05)) -> np.ndarray:
    """The pose (4, 4), optical frame to world, of a level camera that looks at a target."""
    back = np.array(
        (np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation))
    )
    right = np.cross(-back, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(-back, right), -back], axis=1)
    pose[:3, 3] = np.asarray(target) + distance * back
    return pose


def capture(
    things: list[Thing],
    pose: np.ndarray,
    rng: np.random.Generator | None,
    table: float | None = 0.0,
    table_size: float = 0.8,
) -> Capture:
    """What the camera sees. rng None: without noise."""
    depth, label, part = background(pose, table, table_size)
    flat_depth, flat_label, flat_part = depth.ravel(), label.ravel(), part.ravel()
    for number, one in enumerate(things):
        local = (one.points - pose[:3, 3]) @ pose[:3, :3]
        column = np.round(FOCAL * local[:, 0] / local[:, 2] + WIDTH / 2).astype(int)
        row = np.round(FOCAL * local[:, 1] / local[:, 2] + HEIGHT / 2).astype(int)
        seen = (local[:, 2] > 0.05) & (column >= 0) & (column < WIDTH) & (row >= 0) & (row < HEIGHT)
        pixel, z, of = (row * WIDTH + column)[seen], local[seen, 2], one.part[seen]
        order = np.argsort(-z, kind="stable")
        pixel, z, of = pixel[order], z[order], of[order]
        nearest = np.full(len(flat_depth), np.inf)
        nearest[pixel] = z  # the last written is the nearest
        owner = np.full(len(flat_depth), -1)
        owner[pixel] = of
        close_pinholes(nearest.reshape(HEIGHT, WIDTH), owner.reshape(HEIGHT, WIDTH))
        front = nearest < flat_depth
        flat_depth[front], flat_label[front], flat_part[front] = nearest[front], number, owner[front]
    if rng is not None:
        depth, label = sensed(depth, label, rng)
    depth = np.where(np.isfinite(depth), depth, np.nan)
    v, u = np.mgrid[:HEIGHT, :WIDTH]
    cloud = np.stack([(u - WIDTH / 2) * depth / FOCAL, (v - HEIGHT / 2) * depth / FOCAL, depth], axis=-1)
    return Capture(cloud.astype(np.float32), np.where(np.isfinite(depth), label, -1), part, pose)


def close_pinholes(depth: np.ndarray, owner: np.ndarray) -> None:
    """Pixels that no surface point fell into, between two that one did."""
    for axis in (1, 0, 1, 0):
        before, after = np.roll(depth, 1, axis), np.roll(depth, -1, axis)
        with np.errstate(invalid="ignore"):
            hole = np.isinf(depth) & (np.abs(before - after) < 0.01)
        depth[hole] = (before[hole] + after[hole]) / 2
        owner[hole] = np.roll(owner, 1, axis)[hole]


def background(pose: np.ndarray, table: float | None, table_size: float):
    """Depth, label and part of every pixel without objects: a square table top above a floor."""
    v, u = np.mgrid[:HEIGHT, :WIDTH]
    ray = (
        np.stack([(u - WIDTH / 2) / FOCAL, (v - HEIGHT / 2) / FOCAL, np.ones(u.shape)], axis=-1)
        @ pose[:3, :3].T
    )
    depth, label = np.full(u.shape, np.inf), np.full(u.shape, -1)
    if table is not None:
        with np.errstate(divide="ignore"):
            for height, half, name in ((table - FLOOR_BELOW, 6.0, TABLE + 1), (table, table_size, TABLE)):
                z = (height - pose[2, 3]) / ray[..., 2]
                hit = pose[:2, 3] + z[..., None] * ray[..., :2]
                on = (z > 0) & (np.abs(hit) < half).all(axis=-1) & (z < depth)
                depth[on], label[on] = z[on], name
    return depth, label, np.full(u.shape, -1)


def sensed(depth: np.ndarray, label: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Depth as a camera measures it: noise that grows with distance, mixed pixels and lost pixels at edges, holes."""
    square = depth**2
    waves = np.kron(rng.normal(size=(HEIGHT // 8, WIDTH // 8)), np.ones((8, 8)))
    with np.errstate(invalid="ignore"):
        sensed = depth + square * (0.0009 * rng.normal(size=depth.shape) + 0.0007 * waves)
    with np.errstate(invalid="ignore"):
        for axis in (0, 1):
            other = np.roll(depth, 1, axis)
            edge = np.isfinite(depth) & np.isfinite(other) & (np.abs(depth - other) > 0.01)
            mix = edge & (rng.random(depth.shape) < 0.5)
            share = rng.random(depth.shape)
            sensed = np.where(mix, share * depth + (1 - share) * other, sensed)
            label = np.where(mix, MIXED, label)
            sensed[edge & (rng.random(depth.shape) < 0.3)] = np.nan
    step = 0.0005 * np.maximum(np.nan_to_num(square, posinf=1.0), 0.2)
    sensed = np.round(sensed / step) * step
    sensed[rng.random(depth.shape) < 0.002] = np.nan
    return sensed, label
