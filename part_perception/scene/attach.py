"""Attach: pieces that hang in the air are held by something; the nearest piece is taken for it."""

from __future__ import annotations

import numpy as np

from part_perception.scene.boxes import thin
from part_perception.scene.decode import View
from part_perception.scene.support import Support, heights

IN_THE_AIR = 0.012  # metres above the support, and
OVERHANG = 0.2  # of its own size: a bulging object hides its foot under itself
HIDDEN = 0.3  # share of a piece's lower rim behind something nearer: it may stand there unseen
BESIDE = 4  # pixels: what is next to a rim
NEARER = 0.006  # metres
FARTHEST = 0.25  # of a floating piece's own size
LEAST_REACH = 0.03
LEAST_VIEW_TILT = 0.2  # change of a ray's rise per radian of the image
SAMPLE = 150


def attach_floating(view: View, pieces: list[np.ndarray], support: Support) -> list[np.ndarray]:
    """Join every piece that nothing visible or hidden carries to the piece nearest to it."""
    if len(pieces) < 2 or not support or not view.width:
        return pieces
    some = [view.points[thin(piece, SAMPLE)].astype(float) for piece in pieces]
    low, high = np.array([p.min(axis=0) for p in some]), np.array([p.max(axis=0) for p in some])
    down = downwards(view, support.planes[0, :3])
    owner = np.arange(len(pieces))
    for k in sorted(range(len(pieces)), key=lambda k: len(pieces[k])):
        size = float(np.linalg.norm(high[k] - low[k]))
        if heights(some[k], support).min() < max(IN_THE_AIR, OVERHANG * size):
            continue
        reach = max(LEAST_REACH, FARTHEST * size)
        between_boxes = np.maximum(np.maximum(low - high[k], low[k] - high), 0)
        near = np.flatnonzero((np.linalg.norm(between_boxes, axis=1) < reach) & (owner != owner[k]))
        apart = [distance(some[k], some[j]) for j in near]
        if apart and min(apart) < reach and not is_hidden_below(view, pieces[k], down):
            owner[owner == owner[k]] = owner[near[int(np.argmin(apart))]]
    if (owner == np.arange(len(pieces))).all():
        return pieces
    return [np.concatenate([pieces[j] for j in np.flatnonzero(owner == o)]) for o in np.unique(owner)]


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Between the nearest points of two sets."""
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2 * a @ b.T
    return float(np.sqrt(max(square.min(), 0.0)))


def is_hidden_below(view: View, piece: np.ndarray, down: int) -> bool:
    """Whether a piece goes on, in the image, below something nearer or below the image's end."""
    if down == 0:
        return False
    member = np.zeros(len(view.points), bool)
    member[piece] = True
    below = piece + BESIDE * down
    out = (below < 0) | (below >= len(member))
    if abs(down) == 1:
        out |= below // view.width != piece // view.width
    below = np.where(out, piece, below)
    rim = out | (~member[below] & (view.reach[below] > 0))
    hidden = out | (rim & (view.reach[below] < view.reach[piece] - NEARER))
    return bool(hidden.sum() > HIDDEN * max(int(rim.sum()), 1))


def downwards(view: View, up: np.ndarray) -> int:
    """The step, in pixels of the flat image, that leads most nearly down; 0 where the camera looks straight down."""
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
    if abs(slopes[steepest]) < LEAST_VIEW_TILT:
        return 0
    step = 1 if steepest == 0 else view.width
    return -step if slopes[steepest] > 0 else step
