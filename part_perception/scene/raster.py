"""Raster: the image that an unorganised cloud was made from, if its points still lie on the pixels of a camera.

Many drivers drop the pixels without a measurement and send the rest as a list. In the camera's optical frame x / z
and y / z of such points are multiples of one step each, so that rows and columns can be told, in whatever order the
points are listed. Objects are then found in the image, as they would be if the driver had kept it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.cell_image import AHEAD, take
from part_perception.scene.decode import Image, View, pixel_pitch

SAMPLE = 20_000  # points from which the steps are measured
MIN_POINTS = 1000
SAME = 2e-5  # closer slopes are of one row or column: rounding is far smaller, the pitch of any camera larger
MIN_LINES = 16  # rows and columns
OFF = 0.1  # steps: a point farther from its pixel is not of this camera
MAX_WRONG = 0.005  # share of such points, and of points that share a pixel with another one
MIN_FILLED = 0.7  # share of points with a neighbour on the right: fewer remain of a cloud that was thinned
MAX_EMPTY = 10  # pixels for each point: a few points far apart must not need the memory of a large image


def with_image(view: View) -> View:
    """The view with its image and its camera's pitch, if it has lost them and they can be found."""
    if view.width or not view.sight_known or view.viewpoint.any():
        return view
    measured, aside, left, right, top, bottom = extent(view.points, view.reach)
    if measured < MIN_POINTS or aside:
        return view
    sample = some_of(view)
    columns, rows = steps_along(sample, 0, left, right), steps_along(sample, 1, top, bottom)
    if columns is None or rows is None or columns.count * rows.count > MAX_EMPTY * measured:
        return view
    source = np.full(rows.count * columns.count, -1, np.int32)
    off, shared = fill(
        view.points, view.reach, columns.first, columns.step, rows.first, rows.step, columns.count, source
    )
    if max(off, shared) > MAX_WRONG * measured or joined_share(source, columns.count) < MIN_FILLED:
        return view
    points, reach = np.full((len(source), 3), np.nan, np.float32), np.zeros(len(source), np.float32)
    take(view.points, view.reach, source, points, reach)
    pitch = pixel_pitch(points, reach, columns.count, view.viewpoint)
    image = replace(view, points=points, reach=reach, width=columns.count, pitch=pitch)
    return replace(view, pitch=pitch, image=Image(image, source))


def in_image(view: View) -> View:
    """The points in the rows of their image, if it is known."""
    return view if view.image is None else view.image.view


def in_cloud(view: View, pieces: list[np.ndarray]) -> list[np.ndarray]:
    """Pieces as indices of the cloud's points, from those of the image's."""
    return pieces if view.image is None else [view.image.source[piece] for piece in pieces]


@compiled("Tuple((i8, i8, f8, f8, f8, f8))(f4[:,::1], f4[::1])")
def extent(points, reach):
    """Count the measured points and those not ahead, and give the extreme slopes: left, right, top, bottom."""
    measured, aside = 0, 0
    left, right, top, bottom = np.inf, -np.inf, np.inf, -np.inf
    for i in range(points.shape[0]):
        if reach[i] <= 0:
            continue
        measured += 1
        if points[i, 2] <= AHEAD * reach[i]:
            aside += 1
            continue
        across, down = points[i, 0] / points[i, 2], points[i, 1] / points[i, 2]
        left, right, top, bottom = min(left, across), max(right, across), min(top, down), max(bottom, down)
    return measured, aside, left, right, top, bottom


@dataclass(frozen=True)
class Steps:
    """The slopes of rows or columns: first + step * k for k < count."""

    first: float
    step: float
    count: int


def some_of(view: View) -> np.ndarray:
    """Measured points, by chance: every n-th point of a complete image may miss most of its columns."""
    some = np.flatnonzero(view.reach > 0)
    if len(some) > SAMPLE:
        some = np.random.default_rng(0).choice(some, SAMPLE)
    return view.points[some]


def steps_along(points: np.ndarray, axis: int, least: float, most: float) -> Steps | None:
    """The steps that all slopes along an axis are multiples of, from the least to the most; None if there are none."""
    slopes = np.sort(points[:, axis].astype(float) / points[:, 2])
    starts = np.flatnonzero(np.diff(slopes, prepend=-np.inf) > SAME)
    if len(starts) < MIN_LINES:
        return None
    middle = np.add.reduceat(slopes, starts) / np.diff(starts, append=len(slopes))
    between = np.diff(middle)
    usual = float(np.median(between[between < 1.5 * np.percentile(between, 10)]))
    number = np.concatenate([[0.0], np.cumsum(np.maximum(np.rint(between / usual), 1))])
    step, first = np.polyfit(number, middle, 1)
    if np.abs(middle - first - step * number).max() > OFF * step:
        return None
    # the sample may have missed the outermost rows and columns
    before, after = np.rint((least - first) / step), np.rint((most - first) / step)
    return Steps(float(first + before * step), float(step), int(after - before) + 1)


@compiled("Tuple((i8, i8))(f4[:,::1], f4[::1], f8, f8, f8, f8, i8, i4[::1])")
def fill(points, reach, left, right_step, top, down_step, width, source):
    """Put every point in its pixel; return how many lie beside their pixel, and how many find it taken."""
    off, shared = 0, 0
    for i in range(points.shape[0]):
        if reach[i] <= 0:
            continue
        across = (points[i, 0] / np.float64(points[i, 2]) - left) / right_step
        down = (points[i, 1] / np.float64(points[i, 2]) - top) / down_step
        column, row = int(np.rint(across)), int(np.rint(down))
        pixel = row * width + column
        if abs(across - column) > OFF or abs(down - row) > OFF or not 0 <= pixel < source.shape[0]:
            off += 1
        elif source[pixel] >= 0:
            shared += 1
        else:
            source[pixel] = i
    return off, shared


def joined_share(source: np.ndarray, width: int) -> float:
    """The share of the filled pixels that have a filled neighbour on the right."""
    filled = (source >= 0).reshape(-1, width)
    return float((filled[:, :-1] & filled[:, 1:]).sum() / max(np.count_nonzero(filled[:, :-1]), 1))
