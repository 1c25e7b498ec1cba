"""Rejoin: an object that hides a piece of itself shows in several; they are put together by what carries what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from part_perception.geometry.boxes import level_axes, thin
from part_perception.geometry.outlines import far_beside, gap_between, outline
from part_perception.scene import kernels
from part_perception.scene.decode import View
from part_perception.scene.hidden import downwards, is_hidden_below
from part_perception.scene.support import Support, heights

ACROSS = 8  # pixels: so many lost ones may lie between two pieces that meet
CRUMB_REACH = 0.05  # metres: what is too small to be an object belongs to what it meets so near
TOUCH = 0.022  # metres between surfaces that meet: objects that stand 2 cm apart are farther where one hides the other
SMALL, SMALL_TOUCH = 0.06, 0.015  # metres: the foot, the tip or the far rim of something
STANDS = 0.012  # metres above the support, or
OVERHANG = 0.04  # of its own size: lower ends that come down so far may stand there
FLOATS = 0.2  # of its own size: nothing below holds what is higher
FARTHEST = 0.25  # of a floating piece's own size
MARGIN = 0.002  # metres that outlines must overlap
BESIDE = 0.012  # metres between outlines: objects that stand 2 cm apart are farther
BESIDE_RAISED = 0.02  # metres, where neither of two is seen to stand
RAISED = 0.005  # metres: of two objects, the nearer one is seen to reach down to what it stands on
HIDDEN_SIZE = 0.11  # metres: so little shows of something behind the rest of it
ROUNDS = 3
SAMPLE = 200


@dataclass(frozen=True)
class Piece:
    """A piece as rejoining sees it: its pixels, some of its points from above, how low, large and far it is."""

    indices: np.ndarray
    plan: np.ndarray
    low: float
    size: float
    reach: float

    @cached_property
    def outline(self) -> np.ndarray:
        return outline(self.plan)

    @property
    def lifted(self) -> bool:
        return self.low > max(STANDS, OVERHANG * self.size)


def rejoin(
    view: View, state: np.ndarray, pieces: list[np.ndarray], support: Support, least_points: int
) -> list[np.ndarray]:
    """Pieces that cannot stand alone are put together with those that they meet in the image."""
    if not support or not view.width:
        return pieces
    for _ in range(ROUNDS):
        joined = join(view, state, pieces, support, partial(belong, least_points=least_points))
        if len(joined) == len(pieces):
            break
        pieces = joined
    # what still floats when all others stand is held by what it meets
    down = downwards(view, support.planes[0, :3])
    return join(view, state, pieces, support, lambda *met: hangs(view, down, *met))


def join(
    view: View,
    state: np.ndarray,
    pieces: list[np.ndarray],
    support: Support,
    together: Callable[[Piece, Piece, float], bool],
) -> list[np.ndarray]:
    """Pieces that meet in the image, put together where `together` says so of two and how near they come."""
    count, nearest = meetings(view, state, pieces)
    if not count.any():
        return pieces
    seen = {k: look(view, pieces[k], support) for k in np.flatnonzero(count.any(axis=0))}
    owner = np.arange(len(pieces))
    for k, j in np.argwhere(np.triu(count) > 0):
        if together(seen[k], seen[j], float(nearest[k, j])):
            owner[owner == owner[k]] = owner[j]
    groups = [np.flatnonzero(owner == o) for o in np.unique(owner)]
    return [np.concatenate([pieces[j] for j in group]) for group in groups]


def meetings(view: View, state: np.ndarray, pieces: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(K, K) along how many pixels pieces meet, and how near they come there."""
    number = np.where(state == kernels.SUPPORT, np.int32(kernels.BARRIER), np.int32(kernels.GAP))
    for k, indices in enumerate(pieces):
        number[indices] = k
    count = np.zeros((len(pieces), len(pieces)), np.int32)
    nearest = np.full(count.shape, np.inf, np.float32)
    kernels.meet(view.points, number, view.width, ACROSS, count, nearest)
    return count, nearest


def look(view: View, indices: np.ndarray, support: Support) -> Piece:
    chosen = thin(indices, SAMPLE)
    some = view.points[chosen].astype(float)
    return Piece(
        indices,
        some @ level_axes(support.planes[0, :3])[:, :2],
        float(heights(some, support).min()),
        float(np.linalg.norm(np.ptp(some, axis=0))),
        float(np.median(view.reach[chosen])),
    )


def belong(one: Piece, other: Piece, apart: float, least_points: int) -> bool:
    """Whether two pieces that meet are of one object, by how near they come and by what carries them."""
    if min(len(one.indices), len(other.indices)) < least_points:
        return apart < CRUMB_REACH
    if apart < TOUCH and (one.lifted or other.lifted):
        return True
    if apart < SMALL_TOUCH and min(one.size, other.size) < SMALL:
        return True
    if far_beside(one.plan, other.plan, BESIDE_RAISED):  # outlines take longer
        return False
    gap = gap_between(one.outline, other.outline)
    if (
        gap < -MARGIN
    ):  # a place that one takes is not free for another, unless both are seen to stand: one leans over
        return apart < TOUCH or max(one.low, other.low) >= STANDS
    lower = min(one.low, other.low)
    farther = max(one, other, key=lambda piece: piece.reach)
    if gap < BESIDE:
        return lower > RAISED or farther.size < HIDDEN_SIZE
    return gap < BESIDE_RAISED and lower > STANDS


def hangs(view: View, down: int, one: Piece, other: Piece, apart: float) -> bool:
    """Whether one of two pieces that meet is held by the other, for nothing seen or hidden is below it."""
    for piece in (one, other):
        floats = piece.low > max(STANDS, FLOATS * piece.size)
        if floats and apart < FARTHEST * piece.size and not is_hidden_below(view, piece.indices, down):
            return True
    return False
