"""Clutter: what a crop of a real scene loses and gains: occluders, holes, cuts, table remains, a neighbour's points."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.surface import Surface


def occlude(surface: Surface, rng: np.random.Generator) -> Surface:
    """Something stands in front: a half plane or a disc of the image is hidden, never more than about half of it."""
    pixel = surface.points[:, :2] / surface.points[:, 2:3]
    middle, size = np.median(pixel, axis=0), max(float(np.ptp(pixel, axis=0).max()), 1e-9)
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        along = (pixel - middle) @ (np.cos(angle), np.sin(angle))
        hidden = along > np.quantile(along, rng.uniform(0.55, 0.92))
    else:
        centre = pixel[rng.integers(len(pixel))]
        hidden = np.linalg.norm((pixel - centre) / size, axis=1) < rng.uniform(0.08, 0.3)
    return surface[~hidden] if hidden.mean() < 0.6 else surface


def punch_holes(surface: Surface, rng: np.random.Generator) -> Surface:
    """Round holes where the surface is dark or shiny, and now and then a part that returns almost nothing."""
    pixel = surface.points[:, :2] / surface.points[:, 2:3]
    size = max(float(np.ptp(pixel, axis=0).max()), 1e-9)
    keep = np.ones(len(pixel), bool)
    for _ in range(rng.integers(1, 4)):
        centre = pixel[rng.integers(len(pixel))]
        keep &= np.linalg.norm((pixel - centre) / size, axis=1) > rng.uniform(0.03, 0.1)
    if rng.random() < 0.2:
        dark = surface.part == rng.choice(surface.part)
        if dark.mean() < 0.5:
            keep &= ~dark | (rng.random(len(dark)) < rng.uniform(0.05, 0.6))
    return surface[keep]


def _unlabelled(points: np.ndarray, normal=(0.0, 0.0, 1.0)) -> Surface:
    none = np.full(len(points), -1)
    return Surface(points, np.broadcast_to(np.asarray(normal), points.shape), none, none)


def join(*pieces: Surface) -> Surface:
    return Surface(
        *(np.concatenate([getattr(p, f) for p in pieces]) for f in ("points", "normals", "part", "primitive"))
    )


def table_remains(world: Surface, rng: np.random.Generator) -> Surface:
    """A rim of support points around the foot, as an imperfect plane removal leaves it (world frame)."""
    foot = world.points[world.points[:, 2] < 0.15 * max(float(world.points[:, 2].max()), 1e-6) + 0.01]
    if len(foot) < 8:
        return world
    count = int(len(world.points) * rng.uniform(0.01, 0.1))
    near = foot[rng.integers(len(foot), size=count)] * (1, 1, 0)
    near[:, :2] += rng.normal(0, rng.uniform(0.004, 0.02), (count, 2))
    near[:, 2] = rng.uniform(-0.002, 0.005) + rng.normal(0, 0.001, count)
    return join(world, _unlabelled(near))


def neighbour_leak(world: Surface, other: np.ndarray, rng: np.random.Generator) -> Surface:
    """Some points of another object, of about the same size, that stands beside it (world frame)."""
    other = other * (np.ptp(world.points, axis=0).max() / np.ptp(other, axis=0).max() * rng.uniform(0.5, 1.5))
    angle = rng.uniform(0, 2 * np.pi)
    direction = np.array([np.cos(angle), np.sin(angle), 0.0])
    gap = (world.points @ direction).max() - (other @ direction).min() + rng.uniform(-0.005, 0.02)
    moved = other + direction * gap
    near = moved[np.argsort(moved @ direction)[: int(len(world.points) * rng.uniform(0.02, 0.15)) + 1]]
    return join(world, _unlabelled(near, -direction))
