"""Stacks: cuts a piece in two where a level surface carries a free-standing object, like a mug on a book."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.geometry.boxes import bounds, level_axes, thin
from part_perception.scene import gap_kernels, kernels
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import View
from part_perception.scene.support import Support

MIN_SIZE = 0.14  # metres: smaller pieces are not stacks
MIN_LEVEL_AREA = 0.008  # square metres of the lower object's top in sight: more than a pot's shoulder
MIN_UPPER_HEIGHT = 0.05  # a knob or a cap is lower
MIN_UPPER_BASE = 0.045  # a lamp's or a goblet's stem is thinner
MAX_OF_WIDTH = 0.75  # of the level surface: a screen or a chair's back runs along all of it
# metres, and of its height: a taller and thinner thing leans on what it stands on
TALL, MIN_DEPTH = 0.3, 0.25
MAX_ENCLOSED = 0.25  # share of the level surface within the upper base's outline: not the walls of a tray
COMPARED = 0.015  # metres between heights that are compared
GENTLE, WALL = 0.15, 0.8  # rise over run
BASE_HEIGHT = 0.03  # the height of an upper piece's base
MIN_STEEP = 0.4  # share of the base that is wall; below it, the level surface merely begins to slope
BESIDE = 0.03  # metres from the base to the level surface that carries it, seen from above
LAYER = 0.006  # metres: the unevenness of a level surface
DEPTH = 3  # books on books on books


@dataclass(frozen=True)
class Surface:
    """For each point of a piece: height above the support, slope of the surface, share of level area."""

    rise: np.ndarray
    slope: np.ndarray
    area: np.ndarray
    level_area: float


def split_stacks(
    view: View, pieces: list[np.ndarray], support: Support, config: SceneConfig
) -> list[np.ndarray]:
    """Every piece, or the pieces that it is stacked from."""
    if not support or not view.width:
        return pieces
    owner = np.zeros(len(view.points), np.uint8)
    result = []
    for piece in pieces:
        owner[piece] = 1
        if is_large(view, piece) and survey(view, piece, owner, support).level_area > MIN_LEVEL_AREA:
            small, kept, members = crop(view, piece)
            result += [kept[part] for part in split(small, members, support, config, DEPTH)]
        else:
            result.append(piece)
        owner[piece] = 0
    return result


def is_large(view: View, piece: np.ndarray) -> bool:
    low, high = bounds(view.points[thin(piece, 200)])
    return bool(np.linalg.norm(high - low) > MIN_SIZE)


def survey(view: View, piece: np.ndarray, owner: np.ndarray, support: Support) -> Surface:
    """The slopes of a piece's surface; owner (N,) marks its pixels with 1."""
    rise, area = np.empty((2, len(piece)), np.float32)
    slope = np.empty(len(piece), np.uint8)
    total = gap_kernels.survey(
        view.points, view.reach, piece, owner, support.planes, view.width, view.pitch, COMPARED,
        view.viewpoint, GENTLE, WALL, support.noise, rise, slope, area,
    )  # fmt: skip
    return Surface(rise, slope, area, total)


def crop(view: View, piece: np.ndarray) -> tuple[View, np.ndarray, np.ndarray]:
    """The image window around a piece, the indices of its pixels in the whole image, and the piece in it."""
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
    """Cut a piece above its largest level surface that carries something, then examine the rest."""
    if depth == 0 or not is_large(view, piece):
        return [piece]
    owner = np.zeros(len(view.points), np.uint8)
    owner[piece] = 1
    surface = survey(view, piece, owner, support)
    plan = view.points[piece] @ level_axes(support.planes[0, :3])[:, :2]
    for height in level_heights(surface):
        standing, rest = stands_on(view, piece, surface, plan, height, config)
        if standing:
            left = [rest] if len(rest) >= config.min_object_points else []
            return [
                part for each in standing + left for part in split(view, each, support, config, depth - 1)
            ]
    return [piece]


def level_heights(surface: Surface) -> list[float]:
    """Heights of level surfaces large enough to carry something, largest first."""
    if surface.level_area < MIN_LEVEL_AREA:
        return []
    level = surface.slope == gap_kernels.LEVEL
    rise = surface.rise[level]
    bins = np.floor(rise / LAYER).astype(int)
    bins -= bins.min()
    covered = np.bincount(bins, weights=surface.area[level])
    covered = covered + np.append(covered[1:], 0)  # a surface may lie across two bins
    found = []
    while covered.max() > MIN_LEVEL_AREA:
        top = int(np.argmax(covered))
        found.append(float(np.median(rise[(bins == top) | (bins == top + 1)])))
        covered[max(top - 2, 0) : top + 3] = 0
    return found


def stands_on(
    view: View, piece: np.ndarray, surface: Surface, plan: np.ndarray, height: float, config: SceneConfig
) -> tuple[list[np.ndarray], np.ndarray]:
    """The piece that stands free on the level surface at a height, and the rest. plan (M, 2): from above."""
    state = np.zeros(len(view.points), np.uint8)
    state[piece[surface.rise > height + LAYER]] = kernels.SOLID
    starts, indices = gap_kernels.connect(
        view.points, view.reach, state, view.width, config.object_gap, view.pitch, config.min_object_points
    )
    position = np.full(len(view.points), -1, np.int32)
    position[piece] = np.arange(len(piece))
    standing, taken = [], np.zeros(len(piece), bool)
    for a, b in zip(starts[:-1], starts[1:], strict=True):
        upper = position[indices[a:b]]
        if stands_free(surface, plan, upper, height):
            standing.append(indices[a:b])
            taken[upper] = True
    return standing, piece[~taken]


def stands_free(surface: Surface, plan: np.ndarray, upper: np.ndarray, height: float) -> bool:
    """Whether an upper piece is an object: tall and steep, on a broad base that is not the lower's rim."""
    top = surface.rise[upper] - height
    base = upper[top < BASE_HEIGHT]
    if np.percentile(top, 98) < MIN_UPPER_HEIGHT or top.min() > 2 * LAYER or len(base) < 20:
        return False
    if (surface.slope[base] == gap_kernels.STEEP).mean() < MIN_STEEP or is_back(
        plan[upper], float(top.max())
    ):
        return False
    layer = plan[(surface.slope == gap_kernels.LEVEL) & (np.abs(surface.rise - height) < LAYER)]
    foot = plan[base]
    middle = (foot.min(axis=0) + foot.max(axis=0)) / 2
    spread = foot - middle
    widest = np.linalg.eigh(spread.T @ spread)[1][:, 1]
    if not MIN_UPPER_BASE <= np.ptp(foot @ widest) <= MAX_OF_WIDTH * np.ptp(layer @ widest):
        return False
    if nearest_in_plan(thin(foot, 60), thin(layer, 400)).mean() > BESIDE:
        return False
    outline = np.linalg.norm(spread, axis=1).max()
    return bool((np.linalg.norm(layer - middle, axis=1) < 0.8 * outline).mean() <= MAX_ENCLOSED)


def is_back(plan: np.ndarray, height: float) -> bool:
    """Whether an upper piece is a tall sheet, like the back of a chair."""
    spread = plan - plan.mean(axis=0)
    narrow = np.linalg.eigh(spread.T @ spread)[1][:, 0]
    return height > TALL and bool(np.ptp(spread @ narrow) < MIN_DEPTH * height)


def nearest_in_plan(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Distance of each point to the nearest of the others."""
    return np.linalg.norm(points[:, None] - others[None], axis=2).min(axis=1)
