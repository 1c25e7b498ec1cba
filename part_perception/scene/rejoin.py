"""Rejoin: merges the pieces of an object that hides parts of itself, by what supports each piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

import numpy as np

from part_perception.geometry.boxes import bounds, far_beside, gap_between, level_axes, outline, thin
from part_perception.scene import gap_kernels, kernels
from part_perception.scene.decode import View
from part_perception.scene.support import Support, heights

HIDDEN = 0.3  # share of a piece's lower rim behind nearer things: it may stand there unseen
BESIDE_RIM = 4  # pixels: the distance that counts as next to a rim
NEARER = 0.006  # metres
MIN_VIEW_TILT = 0.2  # change of a ray's rise per radian of the image


def is_hidden_below(view: View, piece: np.ndarray, down: int) -> bool:
    """Whether a piece may continue in the image below a nearer thing or beyond the bottom border."""
    if down == 0:
        return False
    member = np.zeros(len(view.points), bool)
    member[piece] = True
    below = piece + BESIDE_RIM * down
    out = (below < 0) | (below >= len(member))
    if abs(down) == 1:
        out |= below // view.width != piece // view.width
    below = np.where(out, piece, below)
    rim = out | (~member[below] & (view.reach[below] > 0))
    hidden = out | (rim & (view.reach[below] < view.reach[piece] - NEARER))
    return bool(hidden.sum() > HIDDEN * max(int(rim.sum()), 1))


def downwards(view: View, up: np.ndarray) -> int:
    """The step in pixels of the flat image that leads down; 0 if the camera looks straight down."""
    seen = np.flatnonzero(view.reach > 0)
    seen = seen[:: max(1, len(seen) // 4096)]
    row, column = seen // view.width, seen % view.width
    rays = (view.points[seen] - view.viewpoint) / view.reach[seen, None]
    rises = rays @ up
    slopes = []
    for axis in (column, row):
        spread = axis - axis.mean()
        slopes.append(float(spread @ rises) / max(float(spread @ spread), 1e-9) / view.pitch)
    steepest = int(np.argmax(np.abs(slopes)))
    if abs(slopes[steepest]) < MIN_VIEW_TILT:
        return 0
    step = 1 if steepest == 0 else view.width
    return -step if slopes[steepest] > 0 else step


ACROSS = 8  # pixels: this many lost ones may lie between two pieces that meet
CRUMB_REACH = 0.05  # metres: a piece too small to be an object belongs to what it meets within this distance
TOUCH = 0.022  # metres between surfaces that meet; objects 2 cm apart are farther where one hides the other
SMALL, SMALL_TOUCH = 0.06, 0.015  # metres: the foot, the tip or the far rim of something
STANDS = 0.012  # metres above the support, or
OVERHANG = 0.04  # of its own size: a lower end within this height may stand there
FLOATS = 0.2  # of its own size: a piece higher than this is not held from below
MAX_DISTANCE = 0.25  # of a floating piece's own size
MARGIN = 0.002  # metres that outlines must overlap
BESIDE = 0.012  # metres between outlines: objects 2 cm apart are farther
BESIDE_RAISED = 0.02  # metres, if neither of two is seen to stand
RAISED = 0.005  # metres: the nearer of two objects is seen to reach down to what it stands on
HIDDEN_SIZE = 0.11  # metres: a piece up to this size may be all that shows of a mostly hidden object
ROUNDS = 3
SAMPLE = 200


@dataclass(frozen=True)
class Piece:
    """A piece as rejoining sees it: its pixels, and what is measured when it is first compared with another."""

    indices: np.ndarray
    view: View
    support: Support
    level: np.ndarray  # (3, 2) the axes of the picture from above

    @cached_property
    def _pixels(self) -> np.ndarray:
        return thin(self.indices, SAMPLE)

    @cached_property
    def _points(self) -> np.ndarray:
        return self.view.points[self._pixels].astype(float)

    @cached_property
    def plan(self) -> np.ndarray:
        """Some of its points from above."""
        return self._points @ self.level

    @cached_property
    def outline(self) -> np.ndarray:
        return outline(self.plan)

    @cached_property
    def low(self) -> float:
        """Its least height."""
        return float(heights(self._points, self.support).min())

    @cached_property
    def size(self) -> float:
        low, high = bounds(self._points)
        return float(np.linalg.norm(high - low))

    @cached_property
    def reach(self) -> float:
        return float(np.median(self.view.reach[self._pixels]))

    @property
    def lifted(self) -> bool:
        return self.low > max(STANDS, OVERHANG * self.size)


def rejoin(
    view: View, state: np.ndarray, pieces: list[np.ndarray], support: Support, least_points: int
) -> list[np.ndarray]:
    """Merge pieces that cannot stand alone with those that they meet in the image."""
    if not support or not view.width:
        return pieces
    apart = meetings(view, state, pieces)
    level = level_axes(support.planes[0, :3])[:, :2]
    known = [Piece(indices, view, support, level) for indices in pieces]
    for _ in range(ROUNDS):
        joined, apart = join(known, apart, partial(belong, least_points=least_points))
        if len(joined) == len(known):
            break
        known = joined
    # a piece that still floats when all others stand is held by what it meets
    down = cache(partial(downwards, view, support.planes[0, :3]))
    return [piece.indices for piece in join(known, apart, partial(hangs, down))[0]]


def join(
    pieces: list[Piece], apart: np.ndarray, together: Callable[[Piece, Piece, float], bool]
) -> tuple[list[Piece], np.ndarray]:
    """Merge pieces that meet in the image if `together` accepts the two and their distance.

    apart (K, K): the distances where they meet, returned for the merged pieces as well.
    """
    owner = np.arange(len(pieces))
    for k, j in np.argwhere(np.triu(np.isfinite(apart))):
        if together(pieces[k], pieces[j], float(apart[k, j])):
            owner[owner == owner[k]] = owner[j]
    groups = [np.flatnonzero(owner == o) for o in np.unique(owner)]
    if len(groups) == len(pieces):
        return pieces, apart
    return [merged([pieces[j] for j in group]) for group in groups], between(groups, apart)


def merged(pieces: Sequence[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    return replace(pieces[0], indices=np.concatenate([piece.indices for piece in pieces]))


def between(groups: Sequence[np.ndarray], apart: np.ndarray) -> np.ndarray:
    """The least distances between groups, from those between their members."""
    order, starts = np.concatenate(groups), np.cumsum([0, *(len(group) for group in groups[:-1])])
    least = np.minimum.reduceat(apart[order][:, order], starts, axis=0)
    least = np.minimum.reduceat(least, starts, axis=1)
    np.fill_diagonal(least, np.inf)
    return least


def meetings(view: View, state: np.ndarray, pieces: Sequence[np.ndarray]) -> np.ndarray:
    """(K, K) how near pieces come to each other where they meet in the image; infinite if they do not."""
    number = np.where(state == kernels.SUPPORT, np.int32(gap_kernels.BARRIER), np.int32(gap_kernels.GAP))
    for k, indices in enumerate(pieces):
        number[indices] = k
    nearest = np.full((len(pieces), len(pieces)), np.inf, np.float32)
    gap_kernels.meet(view.points, number, view.width, ACROSS, nearest)
    return nearest


def belong(one: Piece, other: Piece, apart: float, least_points: int) -> bool:
    """Whether two pieces that meet are one object, by their distance and by what supports them."""
    if min(len(one.indices), len(other.indices)) < least_points:
        return apart < CRUMB_REACH
    if apart < TOUCH and (one.lifted or other.lifted):
        return True
    if apart < SMALL_TOUCH and min(one.size, other.size) < SMALL:
        return True
    if far_beside(one.plan, other.plan, BESIDE_RAISED):  # checked first, because outlines take longer
        return False
    gap = gap_between(one.outline, other.outline)
    if gap < -MARGIN:
        # two objects cannot stand in one place, unless both are seen to stand and one leans over
        return apart < TOUCH or max(one.low, other.low) >= STANDS
    lower = min(one.low, other.low)
    farther = max(one, other, key=lambda piece: piece.reach)
    if gap < BESIDE:
        return lower > RAISED or farther.size < HIDDEN_SIZE
    return gap < BESIDE_RAISED and lower > STANDS


def hangs(down: Callable[[], int], one: Piece, other: Piece, apart: float) -> bool:
    """Whether one of two pieces that meet is held by the other, as nothing seen or hidden is below it."""
    for piece in (one, other):
        floats = piece.low > max(STANDS, FLOATS * piece.size)
        near = apart < MAX_DISTANCE * piece.size
        if floats and near and not is_hidden_below(piece.view, piece.indices, down()):
            return True
    return False
