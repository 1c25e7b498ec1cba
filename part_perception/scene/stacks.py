"""Stacks: a mug on a book is two objects. A piece is cut where a large level surface carries something that stands free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.scene import kernels
from part_perception.scene.boxes import level_axes
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import View
from part_perception.scene.support import Support, heights

LEAST_SIZE = 0.14  # metres: smaller pieces are no stacks
LEAST_LEVEL_AREA = 0.008  # square metres that must show of the lower object's top: more than a pot's shoulder
LEAST_UPPER_HEIGHT = 0.05  # a knob or a cap is lower
LEAST_UPPER_BASE = 0.045  # a lamp's or a goblet's stem is thinner
MOST_OF_WIDTH = 0.75  # of the level surface: a screen or a chair's back runs along all of it
MOST_ENCLOSED = 0.25  # share of the level surface within the upper base's outline: not the walls of a tray
COMPARED = 0.015  # metres between heights that are compared
GENTLE, WALL = 0.15, 0.8  # rise over run
BASE_HEIGHT = 0.03  # so much of an upper piece is its base
LEAST_STEEP = 0.4  # share of the base that is wall: where it is not, the level surface merely begins to slope
LAYER = 0.006  # metres a level surface may be uneven
DEPTH = 3  # books on books on books


@dataclass(frozen=True)
class Surface:
    """Of each point of a piece: height above the support, how the surface runs there, and where it is in plan (2)."""

    rise: np.ndarray
    slope: np.ndarray
    plan: np.ndarray


def split_stacks(
    view: View, pieces: list[np.ndarray], support: Support, config: SceneConfig
) -> list[np.ndarray]:
    """Every piece, or what it turns out to be stacked from."""
    if not support or not view.width:
        return pieces
    result = []
    for piece in pieces:
        if np.linalg.norm(np.ptp(view.points[piece[::8]], axis=0)) < LEAST_SIZE:
            result.append(piece)
            continue
        small, kept, members = crop(view, piece)
        result += [kept[part] for part in split(small, members, support, config, DEPTH)]
    return result


def crop(view: View, piece: np.ndarray) -> tuple[View, np.ndarray, np.ndarray]:
    """The window of the image that holds a piece, the indices of its pixels in the whole, and the piece in the window."""
    row, column = piece // view.width, piece % view.width
    top, left = int(row.min()), int(column.min())
    height, width = int(row.max()) - top + 1, int(column.max()) - left + 1
    kept = (
        ((np.arange(height) + top)[:, None] * view.width + left + np.arange(width)).ravel().astype(np.int32)
    )
    small = View(view.points[kept], view.reach[kept], width, view.pitch, view.viewpoint)
    return small, kept, ((row - top) * width + column - left).astype(np.int32)


def split(
    view: View, piece: np.ndarray, support: Support, config: SceneConfig, depth: int
) -> list[np.ndarray]:
    """One piece: cut above its largest level surface that carries something, then look at what is left."""
    points = view.points[piece]
    if depth == 0 or np.linalg.norm(np.ptp(points[::8], axis=0)) < LEAST_SIZE:
        return [piece]
    up = support.planes[0, :3]
    surface = Surface(
        heights(points.astype(float), support),
        slopes(view, piece, up, support.noise),
        points @ level_axes(up)[:, :2],
    )
    area = (view.pitch * view.reach[piece]) ** 2 / facing(view, points, up)
    for height in level_heights(surface.rise, surface.slope == kernels.LEVEL, area):
        standing, rest = stands_on(view, piece, surface, height, config)
        if standing:
            left = [rest] if len(rest) >= config.min_object_points else []
            return [
                part for each in standing + left for part in split(view, each, support, config, depth - 1)
            ]
    return [piece]


def slopes(view: View, piece: np.ndarray, up: np.ndarray, noise: float) -> np.ndarray:
    """How the surface runs at each point of a piece (see kernels)."""
    member = np.zeros(len(view.points), np.uint8)
    member[piece] = 1
    slope = np.empty(len(piece), np.uint8)
    reach = float(np.median(view.reach[piece[::8]]))
    step = int(np.clip(COMPARED / (view.pitch * reach), 3, 20))
    least = max(0.002, noise * reach**2)
    kernels.find_slopes(view.points, piece, up.copy(), member, view.width, step, GENTLE, WALL, least, slope)
    return slope


def facing(view: View, points: np.ndarray, up: np.ndarray) -> np.ndarray:
    """How squarely the camera looks down on each point."""
    ray = points - view.viewpoint
    return np.maximum(np.abs(ray @ up) / np.maximum(np.linalg.norm(ray, axis=1), 1e-9), 0.1)


def level_heights(rise: np.ndarray, level: np.ndarray, area: np.ndarray) -> list[float]:
    """Heights of level surfaces that are large enough to carry something, the largest first."""
    if not level.any():
        return []
    bins = np.floor(rise[level] / LAYER).astype(int)
    bins -= bins.min()
    covered = np.bincount(bins, weights=area[level])
    covered = covered + np.append(covered[1:], 0)  # a surface may lie across two bins
    found = []
    while covered.max() > LEAST_LEVEL_AREA:
        top = int(np.argmax(covered))
        found.append(float(np.median(rise[level][(bins == top) | (bins == top + 1)])))
        covered[max(top - 2, 0) : top + 3] = 0
    return found


def stands_on(
    view: View, piece: np.ndarray, surface: Surface, height: float, config: SceneConfig
) -> tuple[list[np.ndarray], np.ndarray]:
    """What stands free on the level surface at a height, and the rest of the piece."""
    state = np.zeros(len(view.points), np.uint8)
    state[piece[surface.rise > height + LAYER]] = kernels.SOLID
    starts, indices = kernels.connect(
        view.points, view.reach, state, view.width, config.object_gap, view.pitch, config.min_object_points
    )
    position = np.full(len(view.points), -1, np.int32)
    position[piece] = np.arange(len(piece))
    standing, taken = [], np.zeros(len(piece), bool)
    for a, b in zip(starts[:-1], starts[1:], strict=True):
        upper = position[indices[a:b]]
        if stands_free(surface, upper, height):
            standing.append(indices[a:b])
            taken[upper] = True
    return standing, piece[~taken]


def stands_free(surface: Surface, upper: np.ndarray, height: float) -> bool:
    """Whether an upper piece is an object of its own: tall and steep, on a broad base that is not the lower's border."""
    top = surface.rise[upper] - height
    base = upper[top < BASE_HEIGHT]
    if np.percentile(top, 98) < LEAST_UPPER_HEIGHT or top.min() > 2 * LAYER or len(base) < 20:
        return False
    if (surface.slope[base] == kernels.STEEP).mean() < LEAST_STEEP:
        return False
    layer = surface.plan[(surface.slope == kernels.LEVEL) & (np.abs(surface.rise - height) < LAYER)]
    base = surface.plan[base]
    middle = (base.min(axis=0) + base.max(axis=0)) / 2
    spread = base - middle
    widest = np.linalg.eigh(spread.T @ spread)[1][:, 1]
    width = np.ptp(base @ widest)
    if not LEAST_UPPER_BASE <= width <= MOST_OF_WIDTH * np.ptp(layer @ widest):
        return False
    outline = np.linalg.norm(spread, axis=1).max()
    return bool((np.linalg.norm(layer - middle, axis=1) < 0.8 * outline).mean() <= MOST_ENCLOSED)
