"""Rendering: draws a cloud as softly lit discs, from the view that shows it best, and writes pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from part_perception.pictures.camera import Camera, beside_sensor, orbit, taken_from_outside
from part_perception.storage import replacing

_FRAGMENTS = 6_000_000
_MAX_DISC = 30.0


def render(points: np.ndarray, colours: np.ndarray, camera: Camera) -> np.ndarray:
    """A picture (H, W, 3) uint8 on white; nearer points hide farther ones."""
    pixels, depth = camera.project(points)
    near = [(at > -20) & (at < size + 20) for at, size in zip(pixels.T, camera.size, strict=True)]
    ahead = (depth > 1e-6) & near[0] & near[1]
    pixels, depth, colours = pixels[ahead], depth[ahead].astype(np.float32), colours[ahead].astype(np.float32)
    if not len(depth):
        return np.full((*camera.size[::-1], 3), 255, np.uint8)
    radius = disc_radius(points[ahead], depth, camera)
    finer = 1 if np.median(radius) > 5 else 2  # large discs have smooth edges without a finer grid
    radius = np.clip(finer * radius, 1.5, min(np.sqrt(_FRAGMENTS / len(depth) / np.pi), _MAX_DISC))
    width, height = camera.size
    owner = splat(pixels * finer, depth, radius, (height * finer, width * finer))
    seen = owner[::finer, ::finer]
    light = lighting(
        np.where(seen >= 0, depth[seen], np.float32(np.nan)), camera, float(np.median(radius)) / finer
    )
    image = np.full((*owner.shape, 3), 255, np.float32)
    hit = owner >= 0
    image[hit] = colours[owner[hit]] * light.repeat(finer, axis=0).repeat(finer, axis=1)[hit][:, None]
    blocks = np.minimum(image, 255).reshape(height, finer, width, finer, 3)
    total = sum(blocks[:, i, :, k] for i in range(finer) for k in range(finer))
    return (np.asarray(total) / finer**2).round().astype(np.uint8)


def disc_radius(points: np.ndarray, depth: np.ndarray, camera: Camera) -> np.ndarray:
    """The radius in pixels at which points close up into a surface."""
    return 1.15 * spacing(points) * camera.pixels_per_metre(depth)


def spacing(points: np.ndarray, probes: int = 600) -> float:
    """The typical distance from a point to its fourth neighbour."""
    if len(points) < 6:
        return 0.0
    some = points[:: max(len(points) // 40_000, 1)]
    chosen = some[:: max(len(some) // probes, 1)]
    distance = np.median(cKDTree(some).query(chosen, k=5)[0][:, -1])
    return float(distance) * np.sqrt(len(some) / len(points)) * 0.75


def splat(pixels: np.ndarray, depth: np.ndarray, radius: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """For each pixel, the nearest point with a disc that covers it; -1 if there is none."""
    height, width = size
    rim = int(radius.max()) + 45  # margin around the picture, so that no disc needs clipping
    reach = np.arange(-int(radius.max()) - 1, int(radius.max()) + 2)
    dy, dx = (a.ravel() for a in np.meshgrid(reach, reach, indexing="ij"))
    inner = np.argsort(dx**2 + dy**2, kind="stable")
    step = (dy * (width + 2 * rim) + dx)[inner].astype(np.int32)
    covered = np.searchsorted(np.sqrt(dx**2 + dy**2)[inner], radius, side="right")
    order = np.argsort(-depth, kind="stable").astype(np.int32)
    counts = covered[order]
    column, row = np.round(pixels[order]).astype(np.int32).T + rim
    nth = np.arange(counts.sum(), dtype=np.int32) - np.repeat(
        (np.cumsum(counts) - counts).astype(np.int32), counts
    )
    owner = np.full((height + 2 * rim) * (width + 2 * rim), -1, np.int32)
    # Of several points for one pixel, the last one wins, which is the nearest.
    owner[np.repeat(row * (width + 2 * rim) + column, counts) + step[nth]] = np.repeat(order, counts)
    return owner.reshape(height + 2 * rim, width + 2 * rim)[rim : rim + height, rim : rim + width]


def lighting(depth: np.ndarray, camera: Camera, disc: float) -> np.ndarray:
    """Brightness of each pixel (depth, NaN = nothing): a lamp over the shoulder, shadows behind things."""
    metre = camera.pixels_per_metre(depth).astype(np.float32)
    slope_x, slope_y = (_slope(depth, metre, axis, disc) for axis in (1, 0))
    lamp = np.array((-0.45, -0.65, -0.75), np.float32) / np.float32(1.09)
    lambert = (lamp[0] * slope_x + lamp[1] * slope_y - lamp[2]) / np.sqrt(slope_x**2 + slope_y**2 + 1)
    light = (0.68 + 0.42 * np.clip(lambert, 0, 1)) * _shadow(depth, metre, disc)
    return np.where(np.isnan(depth), np.float32(1), light)


def _slope(depth: np.ndarray, metre: np.ndarray, axis: int, disc: float) -> np.ndarray:
    """The smoothed slope of depth along an axis, on the flatter side, so that edges do not light up."""
    reach = int(1.5 + disc)
    move = (0, reach) if axis else (reach, 0)
    after, before = _shifted(depth, *move) - depth, depth - _shifted(depth, -move[0], -move[1])
    flatter = np.where(np.isnan(before) | (np.abs(after) < np.abs(before)), after, before) * (metre / reach)
    known = np.isfinite(flatter)
    slope = np.clip(np.where(known, flatter, 0), -3, 3)
    sigma = 1.5 * disc + 1.5
    weight = gaussian_filter(known.astype(np.float32), sigma, truncate=2.0)
    return gaussian_filter(slope, sigma, truncate=2.0) / np.maximum(weight, np.float32(1e-3))


def _shadow(depth: np.ndarray, metre: np.ndarray, disc: float) -> np.ndarray:
    """Darken pixels behind the line between their neighbours: creases, and rims behind nearer things."""
    total = np.zeros(depth.shape, np.float32)
    for reach in (int(3 + disc), int(6 + 2 * disc)):
        for dy, dx in ((0, reach), (reach, 0), (reach, reach), (reach, -reach)):
            behind = (2 * depth - _shifted(depth, dy, dx) - _shifted(depth, -dy, -dx)) * (metre / reach)
            total += np.clip(np.nan_to_num(behind, copy=False) - 0.2 - 0.04 * disc, 0, 1.5)
    return np.exp(-0.06 * gaussian_filter(total, 0.8 + 0.5 * disc, truncate=2.0))


def _shifted(image: np.ndarray, dy: int, dx: int) -> np.ndarray:
    out = np.full_like(image, np.nan)
    height, width = image.shape
    out[max(-dy, 0) : height - max(dy, 0), max(-dx, 0) : width - max(dx, 0)] = image[
        max(dy, 0) : height - max(-dy, 0), max(dx, 0) : width - max(-dx, 0)
    ]
    return out


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


def write_picture(path: Path, image: np.ndarray) -> None:
    """Write (H, W, 3) uint8 as a PNG."""
    from PIL import Image

    with replacing(path) as draft:
        Image.fromarray(image).save(draft)
