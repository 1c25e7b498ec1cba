"""Attach: pieces that hang in the air are held by something; the nearest piece is taken for it."""

from __future__ import annotations

import numpy as np

from part_perception.scene.boxes import thin
from part_perception.scene.decode import View
from part_perception.scene.support import Support, heights

IN_THE_AIR = 0.03  # metres above the support
HIDDEN = 0.2  # share of a piece's lower rim behind something nearer: it may stand there unseen
BESIDE = 4  # pixels: what is next to the rim
NEARER = 0.015  # metres
FARTHEST = 0.5  # of a floating piece's own size
LEAST_REACH = 0.03
SAMPLE = 250


def attach_floating(view: View, pieces: list[np.ndarray], support: Support) -> list[np.ndarray]:
    """Join every piece that nothing visible or hidden carries to the piece nearest to it."""
    if len(pieces) < 2 or not support or not view.width:
        return pieces
    some = [view.points[thin(piece, SAMPLE)].astype(float) for piece in pieces]
    owner = np.arange(len(pieces))
    for k in sorted(range(len(pieces)), key=lambda k: len(pieces[k])):
        if np.percentile(heights(some[k], support), 3) < IN_THE_AIR or is_hidden_below(
            view, pieces[k], support
        ):
            continue
        apart = [np.inf if owner[j] == owner[k] else distance(some[k], some[j]) for j in range(len(pieces))]
        nearest = int(np.argmin(apart))
        size = float(np.linalg.norm(np.ptp(some[k], axis=0)))
        if apart[nearest] < max(LEAST_REACH, FARTHEST * size):
            owner[owner == owner[k]] = owner[nearest]
    return [np.concatenate([pieces[j] for j in np.flatnonzero(owner == o)]) for o in np.unique(owner)]


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Between the nearest points of two sets."""
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None] - 2 * a @ b.T
    return float(np.sqrt(max(square.min(), 0.0)))


def is_hidden_below(view: View, piece: np.ndarray, support: Support) -> bool:
    """Whether the lower rim of a piece, in the image, is where something nearer begins, or where the image ends."""
    rise = heights(view.points[piece].astype(float), support)
    low = piece[rise < rise.min() + 0.25 * np.ptp(rise)]
    row, column = low // view.width, low % view.width
    hidden, rim = np.zeros(len(low), bool), np.zeros(len(low), bool)
    member = np.zeros(len(view.points), bool)
    member[piece] = True
    for step_row, step_column in ((BESIDE, 0), (-BESIDE, 0), (0, BESIDE), (0, -BESIDE)):
        r, c = row + step_row, column + step_column
        out = (r < 0) | (r >= view.height) | (c < 0) | (c >= view.width)
        beside = np.where(out, low, r * view.width + c)
        other = ~member[beside] & ~out
        reach = view.reach[beside]
        rim |= other | out
        hidden |= out | (other & (reach > 0) & (reach < view.reach[low] - NEARER))
    return bool(hidden.sum() > HIDDEN * max(int(rim.sum()), 1))
