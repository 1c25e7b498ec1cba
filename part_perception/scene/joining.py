"""Joining: turns the separator's scores of cells and pairs of cells into one object number per cell.

Neighbours that surely belong together form small regions. Regions are then joined, likeliest pair first, by
the mean of all pairs of cells between them, near and far, as long as more pairs agree than disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.kernels import root_of

CLASSES = 3
BACKGROUND, OBJECT, SKIRT = range(CLASSES)
# right and down, then farther: distant pairs separate touching things with a blurred border
OFFSETS = ((0, 1), (1, 0), (0, 4), (4, 0), (0, 11), (11, 0), (7, 7), (7, -7))
WIDER = 4  # cells: the third and fourth offsets
SURE = 0.98  # affinity above which two neighbours are in one region
JOINED = 0.5  # mean affinity of all pairs above which two regions are one
SURELY_JOINED = 0.7  # the same where fragments are joined afterwards, by more than the affinity of cells
IN_PIECE = 1.5  # added to the object score within a piece between gaps, subtracted within a wall
IN_NONE = 1.0  # subtracted from it where there is no piece, if gaps are trusted more than usual
OTHER_PIECE = 0.35  # subtracted from the affinity of two cells of different pieces
SMALL = 16  # cells: a smaller region joins its likeliest neighbour
CRUMB = 0.2  # if that is at least this likely; otherwise it belongs to nothing
MAX_REGIONS = 300  # the largest regions are joined: bounds the time on images of noise


@dataclass(frozen=True)
class Gaps:
    """The evidence of gaps in depth: the piece of each cell (H, W), -1 = none, and how far to trust it.

    The first `objects` pieces could be objects; the others are walls.
    """

    piece: np.ndarray
    objects: int
    trust: float

    def favour(self) -> np.ndarray:
        """The bias of the object score in each piece, positive in a possible object; the last where there is none."""
        of_piece = np.full(int(self.piece.max(initial=-1)) + 2, -IN_PIECE * self.trust, np.float32)
        of_piece[: self.objects] = IN_PIECE * self.trust
        of_piece[-1] = -IN_NONE * max(self.trust - 1.0, 0.0)
        return of_piece


def join(
    scores: np.ndarray, valid: np.ndarray, gaps: Gaps | None = None, joined: float = JOINED
) -> np.ndarray:
    """(H, W) int32 object numbers from scores (CLASSES + offsets, H, W); -1 = none."""
    gaps = gaps or Gaps(np.full(valid.shape, -1, np.int32), 0, 0.0)
    solid = object_cells(scores, valid, gaps.piece, gaps.favour())
    pairs, apart = scores[CLASSES:], OTHER_PIECE * gaps.trust
    regions, count = small_regions(pairs, gaps.piece, apart, solid, SURE)
    if count == 0:
        return regions
    sizes = sizes_of(regions, count)
    heir = heirs(pairs, gaps.piece, apart, regions, sizes, SMALL, CRUMB)
    names = largest(heir, sizes, MAX_REGIONS)
    count = int(names.max()) + 1
    regions = renamed(regions, names)
    if count == 0:
        return regions
    total, number = bonds(pairs, gaps.piece, apart, regions, np.array(OFFSETS), count)
    return renamed(regions, merge(total, number, joined))


def largest(heir: np.ndarray, sizes: np.ndarray, most: int) -> np.ndarray:
    """Number the regions that absorb others by size, the largest first; those beyond `most` become none."""
    sizes = np.bincount(heir[heir >= 0], sizes[heir >= 0], minlength=len(sizes))
    order = np.argsort(-sizes, kind="stable")[:most]
    order = order[sizes[order] > 0]
    number = np.full(len(sizes) + 1, -1, np.int32)  # the last is that of no region
    number[order] = np.arange(len(order))
    return number[heir]


@compiled("b1[:,::1](f4[:,:,::1], b1[:,::1], i4[:,::1], f4[::1])")
def object_cells(scores, valid, piece, favour):
    """Which cells show an object; favour is added to the object score in each piece."""
    out = np.empty(valid.shape, np.bool_)
    for row in range(valid.shape[0]):
        for column in range(valid.shape[1]):
            other = max(scores[BACKGROUND, row, column], scores[SKIRT, row, column])
            thing = scores[OBJECT, row, column] + favour[piece[row, column]]
            out[row, column] = valid[row, column] and thing > other
    return out


@compiled("i4[:,::1](i4[:,::1], i4[::1])")
def renamed(regions, names):
    """Regions (-1 = none) by their new numbers."""
    out = np.full(regions.shape, -1, np.int32)
    for row in range(regions.shape[0]):
        for column in range(regions.shape[1]):
            if regions[row, column] >= 0:
                out[row, column] = names[regions[row, column]]
    return out


@compiled("i8[::1](i4[:,::1], i8)")
def sizes_of(regions, count):
    """The number of cells in each region."""
    sizes = np.zeros(count, np.int64)
    for row in range(regions.shape[0]):
        for column in range(regions.shape[1]):
            if regions[row, column] >= 0:
                sizes[regions[row, column]] += 1
    return sizes


@compiled("i8[:,::1](i4[:,::1], i4[:,::1], i8, i8)")
def shared_cells(regions, piece, count, pieces):
    """(count, pieces) the number of cells that each region and each piece have in common."""
    cells = np.zeros((count, pieces), np.int64)
    for row in range(regions.shape[0]):
        for column in range(regions.shape[1]):
            a, b = regions[row, column], piece[row, column]
            if a >= 0 and b >= 0:
                cells[a, b] += 1
    return cells


@compiled("f4(f4, i4, i4, f8)")
def affinity(score, here, there, apart):
    """How likely two object cells belong together; less by `apart` if they lie in two different pieces."""
    likely = 1.0 / (1.0 + np.exp(-score))
    return likely - apart if here >= 0 and there >= 0 and here != there else likely


@compiled("Tuple((i4[:,::1], i8))(f4[:,:,::1], i4[:,::1], f8, b1[:,::1], f8)")
def small_regions(pairs, piece, apart, solid, sure):
    """Join cells with the right and lower neighbours that they surely belong to, confirmed by the wider pair.

    One wrong pair of neighbours would join two objects; the wider pair across both is rarely wrong as well.
    """
    height, width = solid.shape
    parent = np.arange(height * width).astype(np.int32)
    for row in range(height):
        for column in range(width):
            if not solid[row, column]:
                continue
            for way in range(2):  # right, down
                below, right = row + way, column + 1 - way
                if below >= height or right >= width or not solid[below, right]:
                    continue
                here, there = piece[row, column], piece[below, right]
                if affinity(pairs[way, row, column], here, there, apart) <= sure:
                    continue
                first, last = row - way, column - 1 + way  # where the wider pair begins
                far_row, far_column = first + WIDER * way, last + WIDER * (1 - way)
                if min(first, last) >= 0 and far_row < height and far_column < width:
                    here, there = piece[first, last], piece[far_row, far_column]
                    wide = affinity(pairs[2 + way, first, last], here, there, apart)
                    if solid[first, last] and solid[far_row, far_column] and wide <= 0.5:
                        continue
                a, b = root_of(parent, row * width + column), root_of(parent, below * width + right)
                parent[max(a, b)] = min(a, b)
    number = np.full(height * width, -1, np.int32)
    out = np.full((height, width), -1, np.int32)
    count = 0
    for row in range(height):
        for column in range(width):
            if solid[row, column]:
                k = root_of(parent, row * width + column)
                if number[k] < 0:
                    number[k] = count
                    count += 1
                out[row, column] = number[k]
    return out, count


@compiled("i4[::1](f4[:,:,::1], i4[:,::1], f8, i4[:,::1], i8[::1], i8, f8)")
def heirs(pairs, piece, apart, regions, sizes, small, least):
    """The region that absorbs each region: itself, or for a small one a larger neighbour, or -1."""
    height, width = regions.shape
    count = sizes.shape[0]
    heir, likely = np.full(count, -1, np.int32), np.full(count, least)
    for row in range(height):
        for column in range(width):
            a = regions[row, column]
            if a < 0:
                continue
            for way in range(2):
                below, right = row + way, column + 1 - way
                if below >= height or right >= width:
                    continue
                b = regions[below, right]
                if b < 0 or (sizes[a] < small) == (sizes[b] < small):
                    continue
                value = affinity(pairs[way, row, column], piece[row, column], piece[below, right], apart)
                little, big = (a, b) if sizes[a] < small else (b, a)
                if value > likely[little]:
                    heir[little], likely[little] = big, value
    for k in range(count):
        if sizes[k] >= small:
            heir[k] = k
    return heir


@compiled("Tuple((f8[:,::1], f8[:,::1]))(f4[:,:,::1], i4[:,::1], f8, i4[:,::1], i8[:,::1], i8)")
def bonds(pairs, piece, apart, regions, offsets, count):
    """(K, K) the sum of the affinities of all pairs of cells between two regions, and the number of pairs."""
    height, width = regions.shape
    total, number = np.zeros((count, count)), np.zeros((count, count))
    for row in range(height):
        for column in range(width):
            a = regions[row, column]
            if a < 0:
                continue
            for k in range(offsets.shape[0]):
                below, right = row + offsets[k, 0], column + offsets[k, 1]
                if below >= height or right < 0 or right >= width:
                    continue
                b = regions[below, right]
                if b >= 0 and a != b:
                    value = affinity(pairs[k, row, column], piece[row, column], piece[below, right], apart)
                    total[a, b] += value
                    total[b, a] += value
                    number[a, b] += 1.0
                    number[b, a] += 1.0
    return total, number


@compiled("i4[::1](f8[:,::1], f8[:,::1], f8)")
def merge(total, number, joined):
    """The object number that each region ends up with; the likeliest two are joined first."""
    count = total.shape[0]
    parent = np.arange(count).astype(np.int32)
    alive = np.ones(count, np.bool_)
    best, partner = np.full(count, -1.0), np.zeros(count, np.int64)
    for a in range(count):
        for b in range(count):
            if number[a, b] > 0 and total[a, b] / number[a, b] > best[a]:
                best[a], partner[a] = total[a, b] / number[a, b], b
    while True:
        a = 0
        for k in range(count):
            if alive[k] and (not alive[a] or best[k] > best[a]):
                a = k
        if not alive[a] or best[a] <= joined:
            break
        b = partner[a]
        parent[b] = a
        alive[b] = False
        for k in range(count):
            total[a, k] += total[b, k]
            number[a, k] += number[b, k]
            total[k, a], number[k, a] = total[a, k], number[a, k]
            total[k, b], number[k, b], total[b, k], number[b, k] = 0.0, 0.0, 0.0, 0.0
        total[a, a], number[a, a] = 0.0, 0.0
        for k in range(count):
            if not alive[k] or (k != a and partner[k] != a and partner[k] != b and number[k, a] == 0):
                continue
            best[k] = -1.0
            for other in range(count):
                if number[k, other] > 0 and total[k, other] / number[k, other] > best[k]:
                    best[k], partner[k] = total[k, other] / number[k, other], other
    names, out, objects = np.full(count, -1, np.int32), np.empty(count, np.int32), 0
    for i in range(count):
        k = root_of(parent, i)
        if names[k] < 0:
            names[k] = objects
            objects += 1
        out[i] = names[k]
    return out
