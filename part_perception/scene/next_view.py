"""Next view: where a moving camera should look from to see more of an object that may have the part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from part_perception.geometry.boxes import thin
from part_perception.geometry.poses import inverse, level, moved
from part_perception.scene.frame import Frame
from part_perception.scene.memory import Observation
from part_perception.scene.objects import SceneObject
from part_perception.scene.sightlines import Sightlines

MAX_LOOKS = 12  # earlier views
MAX_OBJECTS = 3  # the objects considered: those with the best chance of having the part
CHANCE = 0.05  # added to the chance of a part on an object: an unseen side may have any part
CELLS = 20  # along the longest side of an object and its surroundings
FINEST = 0.005  # metres
BESIDE = 0.4, 0.03, 0.12  # how far unseen parts may stick out: share of the width; metres at least, at most
AZIMUTHS = np.radians(np.arange(0, 360, 30))
ELEVATIONS = np.radians((20.0, 40.0, 65.0))
FREE = 0.12  # metres from the camera to everything seen
# points, metres: an object with fewer points is viewed from closer, but not too close
FEW, NEAREST = 1000, 0.3
ALIKE = 0.85  # of the best gain: among such views, the one with the least turning is chosen
WORTH = 0.12  # share of an object's picture that must be new
STRAIGHT_DOWN = 0.999  # cosine
STALE = 0.5  # share of an object's points in what was free space: the view is older than the object's place
SOME = 2000  # points used to estimate a view's width
OVERLAP, TURNS = 1.5, np.radians((15.0, 60.0))  # of half a view's width, from one view to the next
DOWNWARD = np.radians((15.0, 50.0))  # pitch below the horizon when looking for objects
BLUR = 1.5  # cells to a pixel, so that a surface has no gaps


@dataclass(frozen=True)
class Cells:
    """The surroundings of an object: the centres of seen cells, of unseen ones, and of other objects' cells."""

    seen: np.ndarray
    unseen: np.ndarray
    others: np.ndarray
    size: float


class Look:
    """An earlier view in the fixed frame, and how far each object had been pushed by then."""

    def __init__(self, frame: Frame, to_world: np.ndarray):
        self.lines = Sightlines(frame.view, to_world)
        self._pushed: WeakKeyDictionary[Observation, np.ndarray] = WeakKeyDictionary()
        for thing in frame.objects:
            self._pushed.update(dict.fromkeys(thing.observations, thing.pushed))

    def behind(self, points: np.ndarray, thing: SceneObject) -> np.ndarray:
        """(N,) as of `Sightlines`, for points that move with an object."""
        known = next((seen for seen in reversed(thing.observations) if seen in self._pushed), None)
        push = np.zeros(3) if known is None else thing.pushed - self._pushed[known]
        return self.lines.behind(points - push)

    def kept_with(self, others: Sequence[Look]) -> list[Look]:
        """The newest of each position and direction, at most MAX_LOOKS."""
        return [*[other for other in others if not self.lines.like(other.lines)][1 - MAX_LOOKS :], self]


def next_view(
    frame: Frame,
    chances: Sequence[tuple[SceneObject, float]],
    looks: Sequence[Look] = (),
    to_world: np.ndarray | None = None,
) -> np.ndarray | None:
    """The camera pose (4, 4), optical frame → cloud, that shows most of the unseen; None: nothing to gain.

    `chances`: objects with their chance of having the part. `looks`: earlier views, in the same fixed frame.
    If no object is seen, the camera turns to a direction in which it has not looked.
    """
    if not frame.view.sight_known:
        return None
    if not frame.objects:
        return view_aside(frame, looks, np.eye(4) if to_world is None else to_world)
    best, pose = 0.0, None
    for thing, chance in sorted(chances, key=lambda each: -each[1])[:MAX_OBJECTS]:
        view = best_view(frame, thing, looks)
        if view is not None and (chance + CHANCE) * view[0] > best:
            best, pose = (chance + CHANCE) * view[0], view[1]
    return pose


def view_aside(frame: Frame, looks: Sequence[Look], to_world: np.ndarray) -> np.ndarray | None:
    """From the same position, the nearest direction that no view has covered; None if all are covered."""
    view = frame.view
    measured = np.flatnonzero(view.reach)
    if len(measured) == 0:
        return None
    upright = np.eye(4)
    upright[:3, :3] = level(to_world[:3, :3] @ frame.up)
    pose = upright @ to_world
    here = moved(view.viewpoint, pose)
    seen = moved(view.points[thin(measured, SOME)].astype(float), pose) - here
    ahead = seen.mean(axis=0)
    heading = np.arctan2(ahead[1], ahead[0])
    down = np.clip(np.arctan2(-ahead[2], np.linalg.norm(ahead[:2])), *DOWNWARD)
    across = np.abs(np.angle(np.exp(1j * (np.arctan2(seen[:, 1], seen[:, 0]) - heading))))
    step = float(np.clip(OVERLAP * np.percentile(across, 95), *TURNS))
    away = float(np.median(view.reach[measured]))
    turns = np.arange(step, 2 * np.pi - step / 2, step)
    for turn in sorted(turns, key=lambda turn: min(turn, 2 * np.pi - turn)):
        level_line = np.array((np.cos(heading + turn), np.sin(heading + turn), 0.0))
        target = here + away * (np.cos(down) * level_line - (0.0, 0.0, np.sin(down)))
        there = moved(target, inverse(upright))[None]
        seen_by = (Sightlines(view, to_world), *(look.lines for look in looks))
        if not any(np.isfinite(lines.behind(there)[0]) for lines in seen_by):
            return inverse(pose) @ looking(here, target)
    return None


def best_view(frame: Frame, thing: SceneObject, looks: Sequence[Look]) -> tuple[float, np.ndarray] | None:
    """The gain of an object's best view, and its camera pose; None if the gain is too small."""
    # All in a fixed frame whose z is up
    upright = np.eye(4)
    upright[:3, :3] = level(thing.to_world[:3, :3] @ frame.up)
    pose = upright @ thing.to_world
    cells = surroundings(frame, thing, upright, looks)
    target = (cells.seen.min(axis=0) + cells.seen.max(axis=0)) / 2
    here = moved(frame.view.viewpoint, pose)
    away = float(np.linalg.norm(here - target))
    closer = min(away, max(NEAREST, away * np.sqrt(len(thing.indices) / FEW)))

    # The places a camera can take, the nearest to the present one first
    places = places_around(target, here, closer)
    places = places[np.argsort(-((places - target) @ (here - target)), kind="stable")]
    ground = lowest(frame, thing, pose)
    known = np.concatenate([cells.seen, cells.others])
    free = np.linalg.norm(places[:, None] - known, axis=2).min(axis=1) > FREE
    free &= places[:, 2] > ground + FREE
    if frame.workspace is not None:
        free &= frame.workspace.covers(moved(places, inverse(pose)))
    if not free.any():
        return None
    places = places[free]

    # The first of those that show about the most
    gains = np.array([new_share(cells, place, target) for place in places]) + (1 - closer / away)
    if gains.max() < WORTH:
        return None
    chosen = int(np.argmax(gains >= ALIKE * gains.max()))
    return float(gains[chosen]), inverse(pose) @ looking(places[chosen], target)


def cells_holding(points: np.ndarray, low: np.ndarray, size: float, counts: np.ndarray) -> np.ndarray:
    """The numbers of the cells that hold points, in a grid of `counts` cells from `low` on; others are left out."""
    inside = ((points > low) & (points < low + size * counts)).all(axis=1)
    cell = np.minimum(((points[inside] - low) / size).astype(int), counts - 1)  # a quotient may be rounded up
    return np.ravel_multi_index(tuple(cell.T), tuple(counts))


def surroundings(frame: Frame, thing: SceneObject, upright: np.ndarray, looks: Sequence[Look]) -> Cells:
    """The cells in and around an object: a cell is unseen if no line of sight passed through it or ended in it."""
    pose = upright @ thing.to_world
    known = [moved(thing.points.astype(float), pose)]
    known += [moved(look.located(slice(None), thing.pushed), upright) for look in thing.observations]
    points = np.concatenate(known)
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    share, least, most = BESIDE
    aside = float(np.clip(share * (high - low)[:2].max(), least, most))
    low, high = low - (aside, aside, 0), high + (aside, aside, 0)
    low[2] = lowest(frame, thing, pose)
    size = max(FINEST, float((high - low).max()) / CELLS)
    low[2] += size  # the support's own noise

    counts = np.maximum(np.ceil((high - low) / size).astype(int), 1)
    grid = low + size * (
        np.stack(np.meshgrid(*map(np.arange, counts), indexing="ij"), -1).reshape(-1, 3) + 0.5
    )
    taken = np.zeros(len(grid), bool)
    taken[cells_holding(points, low, size, counts)] = True
    free, met = np.zeros(len(grid), bool), np.zeros(len(grid), bool)
    world = moved(grid, inverse(upright))
    for behind in [
        Sightlines(frame.view).behind(moved(grid, inverse(pose))),
        *(look.behind(world, thing) for look in looks if holds_for(look, thing, size)),
    ]:
        with np.errstate(invalid="ignore"):  # NaN, where nothing was observed, compares as false
            free |= behind > size
            met |= np.abs(behind) <= size
    seen = cell_centres(np.concatenate([points, grid[met & ~free]]), size)
    others = [moved(other.points.astype(float), pose) for other in frame.objects if other is not thing]
    blocking = cell_centres(np.concatenate(others), size) if others else np.zeros((0, 3))
    return Cells(seen, grid[~taken & ~met & ~free], blocking, size)


def holds_for(look: Look, thing: SceneObject, size: float) -> bool:
    """Whether an earlier view is still true of an object's place: not if it saw through where the object is now."""
    behind = look.behind(moved(thing.points.astype(float), thing.to_world), thing)
    behind = behind[np.isfinite(behind)]
    return len(behind) == 0 or float(np.mean(behind > size)) < STALE


def lowest(frame: Frame, thing: SceneObject, pose: np.ndarray) -> float:
    """The height of an object's support, or of its own lowest point."""
    if frame.support is None:
        return float(moved(thing.points, pose)[:, 2].min())
    height = float(frame.support[:3] @ thing.centroid + frame.support[3])
    return float(moved(thing.centroid, pose)[2]) - height


def cell_centres(points: np.ndarray, size: float) -> np.ndarray:
    """The centres of the cells that hold points."""
    cells = np.floor(points / size).astype(int)
    low, counts = cells.min(axis=0), np.ptp(cells, axis=0) + 1
    taken = np.unique(np.ravel_multi_index(tuple((cells - low).T), tuple(counts)))
    return (np.column_stack(np.unravel_index(taken, tuple(counts))) + low + 0.5) * size


def places_around(target: np.ndarray, here: np.ndarray, distance: float) -> np.ndarray:
    """(K, 3) camera positions around a target; the first is on the present line of sight."""
    line = (here - target) / np.linalg.norm(here - target)
    azimuth, elevation = np.meshgrid(np.arctan2(line[1], line[0]) + AZIMUTHS, ELEVATIONS)
    around = np.stack(
        [np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)], axis=-1
    )
    return target + distance * np.concatenate([line[None], around.reshape(-1, 3)])


def looking(place: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The pose of a level camera at a place that looks at a target: z forward, x right, y down."""
    forward = (target - place) / np.linalg.norm(target - place)
    right = np.cross(forward, (0.0, 0.0, 1.0) if abs(forward[2]) < STRAIGHT_DOWN else (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(forward, right), forward], axis=1)
    pose[:3, 3] = place
    return pose


def new_share(cells: Cells, place: np.ndarray, target: np.ndarray) -> float:
    """The share of an object's picture from a place in which an unseen cell is in front."""
    known = np.concatenate([cells.seen, cells.others])
    points = moved(np.concatenate([cells.unseen, known]), inverse(looking(place, target)))
    new = np.arange(len(points)) < len(cells.unseen)
    its = np.arange(len(points)) < len(cells.unseen) + len(cells.seen)
    ahead = points[:, 2] > cells.size
    points, new, its = points[ahead], new[ahead], its[ahead]
    pixel = BLUR * cells.size / float(np.linalg.norm(target - place))
    column, row = np.floor(points[:, :2] / points[:, 2:] / pixel).astype(int).T
    column, row = column - column.min(), row - row.min()
    image = row * (column.max() + 1) + column
    farthest_first = np.argsort(-points[:, 2], kind="stable")
    front = np.zeros(image.max() + 1, bool)
    front[image[farthest_first]] = new[farthest_first]  # the nearest is written last
    pictured = np.zeros(len(front), bool)
    pictured[image[its]] = True
    return float(front[pictured].mean())
