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
IN_PIECE = 1.5  # added to the object score within a piece between gaps, subtracted within a wall
IN_NONE = 1.0  # subtracted from it where there is no piece, if gaps are trusted more than usual
SAME_PIECE = 0.05  # added to the mean affinity of two regions of one piece, if depth is precise:
PRECISE = 3.0  # trust in gaps above which rules of geometry have their say as well
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
        """(H, W) the bias of the object score: positive in a possible object, negative or zero elsewhere."""
        of_piece = np.full(int(self.piece.max(initial=-1)) + 2, -IN_PIECE * self.trust, np.float32)
        of_piece[: self.objects] = IN_PIECE * self.trust
        of_piece[-1] = -IN_NONE * max(self.trust - 1.0, 0.0)  # no piece is number -1
        return of_piece[self.piece]


def join(scores: np.ndarray, valid: np.ndarray, gaps: Gaps | None = None) -> np.ndarray:
    """(H, W) int32 object numbers from scores (CLASSES + offsets, H, W); -1 = none."""
    gaps = gaps or Gaps(np.full(valid.shape, -1, np.int32), 0, 0.0)
    solid = object_cells(scores[:CLASSES], gaps.favour()) & valid
    affinity = np.zeros((len(OFFSETS), *valid.shape), np.float32)
    apart = OTHER_PIECE * gaps.trust
    affinities(scores[CLASSES:], solid, gaps.piece, np.array(OFFSETS), apart, affinity)
    regions, count = small_regions(affinity, solid, SURE)
    if count == 0:
        return regions
    regions = largest(without_crumbs(affinity, regions, count), MAX_REGIONS)
    count = int(regions.max(initial=-1)) + 1
    if count == 0:
        return regions
    total, number = bonds(affinity, regions, np.array(OFFSETS), count)
    if gaps.trust > PRECISE:
        total += number * gaps.trust * kinship(regions, gaps.piece, count)
    return renamed(regions, merge(total, number, JOINED))


def renamed(regions: np.ndarray, names: np.ndarray) -> np.ndarray:
    """Regions (-1 = none) by their new numbers."""
    return np.append(names, np.int32(-1))[regions]


def sizes_of(regions: np.ndarray, count: int) -> np.ndarray:
    """The number of cells in each region."""
    return np.bincount(regions.ravel() + 1, minlength=count + 1)[1:]


def kinship(regions: np.ndarray, piece: np.ndarray, count: int) -> np.ndarray:
    """(K, K) SAME_PIECE where most cells of both regions lie in the same piece, else 0."""
    known = (regions >= 0) & (piece >= 0)
    cells = np.zeros((count, int(piece.max(initial=-1)) + 2), np.int64)
    np.add.at(cells, (regions[known], piece[known] + 1), 1)
    mostly = 2 * cells.max(axis=1) > sizes_of(regions, count)
    of = np.where(mostly, cells.argmax(axis=1), 0)
    return np.where((of[:, None] == of) & (of > 0), SAME_PIECE, 0.0)


def object_cells(classes: np.ndarray, favour: np.ndarray) -> np.ndarray:
    """(H, W) the mask of object cells; favour is added to the object score."""
    background, thing, skirt = classes
    return thing + favour > np.maximum(background, skirt)


def without_crumbs(affinity: np.ndarray, regions: np.ndarray, count: int) -> np.ndarray:
    """Assign small regions to the neighbour that one of their cells most likely belongs to."""
    return renamed(regions, heirs(affinity, regions, sizes_of(regions, count), SMALL, CRUMB))


def largest(regions: np.ndarray, most: int) -> np.ndarray:
    """Number regions by size, the largest first; those beyond `most` become none."""
    sizes = sizes_of(regions, int(regions.max(initial=-1)) + 1)
    order = np.argsort(-sizes, kind="stable")[:most]
    order = order[sizes[order] > 0]
    number = np.full(len(sizes), -1, np.int32)
    number[order] = np.arange(len(order))
    return renamed(regions, number)


@compiled("void(f4[:,:,::1], b1[:,::1], i4[:,::1], i8[:,::1], f8, f4[:,:,::1])")
def affinities(scores, solid, piece, offsets, apart, out):
    """How likely two object cells belong together, for every offset; less by `apart` in two different pieces."""
    height, width = solid.shape
    for k in range(offsets.shape[0]):
        down, right = offsets[k, 0], offsets[k, 1]
        for row in range(height - down):
            for column in range(max(-right, 0), min(width - right, width)):
                if not solid[row, column] or not solid[row + down, column + right]:
                    continue
                likely = 1.0 / (1.0 + np.exp(-scores[k, row, column]))
                here, there = piece[row, column], piece[row + down, column + right]
                out[k, row, column] = likely - apart if here >= 0 and there >= 0 and here != there else likely


@compiled("b1(f4[:,:,::1], b1[:,::1], i8, i8, i8, f8)")
def linked(affinity, solid, row, column, way, sure):
    """Whether a cell surely belongs to its right (way 0) or lower (1) neighbour, confirmed by the wider pair.

    One wrong pair of neighbours would join two objects; the wider pair across both is rarely wrong as well.
    """
    below, right = row + way, column + 1 - way
    if below >= solid.shape[0] or right >= solid.shape[1] or not solid[below, right]:
        return False
    if affinity[way, row, column] <= sure:
        return False
    first, last = row - way, column - 1 + way  # where the wider pair begins
    far_row, far_column = first + WIDER * way, last + WIDER * (1 - way)
    if first < 0 or last < 0 or far_row >= solid.shape[0] or far_column >= solid.shape[1]:
        return True
    if not solid[first, last] or not solid[far_row, far_column]:
        return True
    return affinity[2 + way, first, last] > 0.5


@compiled("Tuple((i4[:,::1], i8))(f4[:,:,::1], b1[:,::1], f8)")
def small_regions(affinity, solid, sure):
    """Join cells with the right and lower neighbours that they surely belong to."""
    height, width = solid.shape
    parent = np.arange(height * width).astype(np.int32)
    for row in range(height):
        for column in range(width):
            if not solid[row, column]:
                continue
            i = row * width + column
            if linked(affinity, solid, row, column, 0, sure):
                a, b = root_of(parent, i), root_of(parent, i + 1)
                parent[max(a, b)] = min(a, b)
            if linked(affinity, solid, row, column, 1, sure):
                a, b = root_of(parent, i), root_of(parent, i + width)
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


@compiled("i4[::1](f4[:,:,::1], i4[:,::1], i8[::1], i8, f8)")
def heirs(affinity, regions, sizes, small, least):
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
                if b < 0 or a == b:
                    continue
                value = affinity[way, row, column]
                if sizes[a] < small <= sizes[b] and value > likely[a]:
                    heir[a], likely[a] = b, value
                if sizes[b] < small <= sizes[a] and value > likely[b]:
                    heir[b], likely[b] = a, value
    for k in range(count):
        if sizes[k] >= small:
            heir[k] = k
    return heir


@compiled("Tuple((f8[:,::1], f8[:,::1]))(f4[:,:,::1], i4[:,::1], i8[:,::1], i8)")
def bonds(affinity, regions, offsets, count):
    """(K, K) the sum of the affinities of all pairs of cells between two regions, and the number of pairs."""
    height, width = regions.shape
    total, number = np.zeros((count, count)), np.zeros((count, count))
    for k in range(offsets.shape[0]):
        down, right = offsets[k, 0], offsets[k, 1]
        for row in range(height - down):
            for column in range(max(-right, 0), min(width - right, width)):
                a, b = regions[row, column], regions[row + down, column + right]
                if a >= 0 and b >= 0 and a != b:
                    value = affinity[k, row, column]
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
