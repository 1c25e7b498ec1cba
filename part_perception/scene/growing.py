"""Growing: extends the network's objects over the pieces between depth gaps that they lie in.

The network sees the border between touching things, but takes rims and thin or dark things for background.
Gaps in depth cut out everything that stands on the support, but do not separate things that touch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.cell_image import CellImage

GROWTH = 0.02  # metres at 1 m: how far an object grows into its piece
MIN_CELLS = 20  # the fewest cells of an object in a piece from which it grows, and
MIN_SHARE = 0.1  # the smallest share of the piece's cells: less is a spill


def piece_of_cells(image: CellImage, pieces: Sequence[np.ndarray]) -> np.ndarray:
    """(H * W,) the piece that each cell lies in, -1 = none; each piece holds indices of points."""
    piece = np.full(image.reach.size, -1, np.int32)
    for k, points in enumerate(pieces):
        cells = image.cell[points]
        piece[cells[cells >= 0]] = k
    return piece


def grown(number: np.ndarray, image: CellImage, piece: np.ndarray, growth: float = GROWTH) -> np.ndarray:
    """(H, W) object numbers of cells (-1 = none), grown into their pieces by up to `growth` metres at 1 m."""
    number = number.ravel().copy()
    objects = int(number.max(initial=-1)) + 1
    of_piece = np.bincount(piece[piece >= 0])
    both = (piece >= 0) & (number >= 0)
    shared = np.zeros((len(of_piece), objects), np.int64)
    np.add.at(shared, (piece[both], number[both]), 1)
    least = np.maximum(MIN_CELLS, MIN_SHARE * of_piece)
    seeds = np.zeros(number.shape, bool)
    seeds[both] = (shared >= least[:, None])[piece[both], number[both]]
    grow(number, piece, seeds, image.reach.ravel(), image.shape[1], image.pitch, growth)
    return number.reshape(image.shape)


@compiled("void(i4[::1], i4[::1], b1[::1], f4[::1], i8, f8, f8)")
def grow(number, piece, seeds, reach, width, pitch, growth):
    """Spread seeds' numbers to free cells of the same piece, nearest first, as far as `growth` allows."""
    cells = number.shape[0]
    queue, away = np.empty(cells, np.int32), np.zeros(cells, np.float32)
    last = 0
    for i in range(cells):
        if seeds[i]:
            queue[last] = i
            last += 1
    first = 0
    while first < last:
        i = queue[first]
        first += 1
        column = i % width
        for way in range(4):
            if (way == 0 and column == 0) or (way == 1 and column == width - 1):
                continue
            j = i + (-1 if way == 0 else 1 if way == 1 else -width if way == 2 else width)
            if j < 0 or j >= cells or number[j] >= 0 or piece[j] != piece[i] or reach[j] <= 0:
                continue
            step = away[i] + pitch * reach[j]
            if step > growth * max(reach[j], np.float32(0.5)):
                continue
            number[j] = number[i]
            away[j] = step
            queue[last] = j
            last += 1
