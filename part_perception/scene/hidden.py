"""Hidden: whether something nearer may hide what a piece stands on."""

from __future__ import annotations

import numpy as np

from part_perception.scene.decode import View

HIDDEN = 0.3  # share of a piece's lower rim behind nearer things: it may stand there unseen
BESIDE = 4  # pixels: the distance that counts as next to a rim
NEARER = 0.006  # metres
MIN_VIEW_TILT = 0.2  # change of a ray's rise per radian of the image


def is_hidden_below(view: View, piece: np.ndarray, down: int) -> bool:
    """Whether a piece may continue in the image below a nearer thing or beyond the bottom border."""
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
