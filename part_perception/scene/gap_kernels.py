"""Compiled loops for separating by gaps: connected pieces, where they meet, and the slopes of their surfaces."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.kernels import SOLID, root_of

SLOPING, LEVEL, STEEP = 0, 1, 2
BARRIER, GAP = -1, -2
LINK = 4.0  # pitches between neighbouring pixels of one surface: 76 degrees
REACH_OF_GAP = 12  # pixels


@compiled("Tuple((i4[::1], i4[::1]))(f4[:,::1], f4[::1], u1[::1], i8, f8, f8, i8)")
def connect(points, reach, state, width, gap, pitch, least_points):
    """Connected pieces of the solid pixels of an image: (starts, indices), piece k is indices[starts[k]:starts[k + 1]].

    Pixels connect by distance in space, not in the image: lost pixels do not split a piece, depth jumps do.
    """
    count = points.shape[0]
    # what is never written, as where nothing is solid, takes neither time nor memory
    parent, solid = np.empty(count, np.int32), np.empty(count, np.int32)
    size, slot = np.empty(count, np.int32), np.empty(count, np.int32)
    solids = 0
    for i in range(count):
        if state[i] != SOLID:
            continue
        solid[solids] = i
        solids += 1
        parent[i], size[i] = i, 0
        root = np.int32(i)
        column, row = i % width, i // width
        spacing = pitch * reach[i]
        link = max(gap, LINK * spacing)
        farthest = min(REACH_OF_GAP, int(link / spacing))
        for direction in range(4):
            dx = 0 if direction == 1 else (1 if direction == 3 else -1)
            dy = 0 if direction == 0 else -1
            for k in range(1, farthest + 1):
                c = column + dx * k
                if c < 0 or c >= width or row + dy * k < 0:
                    break
                j = i + (dx + dy * width) * k
                if state[j] != SOLID:
                    continue
                x, y, z = (
                    points[i, 0] - points[j, 0],
                    points[i, 1] - points[j, 1],
                    points[i, 2] - points[j, 2],
                )
                if x * x + y * y + z * z < link * link:
                    other = root_of(parent, j)
                    parent[max(root, other)] = min(root, other)
                    root = min(root, other)
                    break
    for k in range(solids):
        i = solid[k]
        parent[i] = parent[parent[i]]  # that of an earlier pixel, so it is a root by now
        size[parent[i]] += 1
    pieces, total = 0, 0
    for k in range(solids):
        i = solid[k]
        if parent[i] == i and size[i] >= least_points:
            pieces += 1
            total += size[i]
    starts, indices = np.zeros(pieces + 1, np.int32), np.empty(total, np.int32)
    pieces = 0
    for k in range(solids):
        i = solid[k]
        root = parent[i]
        if size[root] < least_points:
            continue
        if i == root:  # a piece's first pixel
            starts[pieces + 1] = starts[pieces] + size[root]
            slot[root] = starts[pieces]
            pieces += 1
        indices[slot[root]] = i
        slot[root] += 1
    return starts, indices


@compiled("void(f4[:,::1], i4[::1], i8, i8, f4[:,::1])")
def meet(points, piece, width, across, nearest):
    """Find where pieces of an image meet: side by side, or across a few empty pixels.

    piece: each pixel's piece, BARRIER if none can meet across it, GAP if they can. nearest (K, K) gets the
    smallest distance there.
    """
    for i in range(points.shape[0]):
        a = piece[i]
        if a < 0:
            continue
        column = i % width
        for step in (1, width):
            for k in range(1, across + 1):
                j = i + step * k
                if j >= points.shape[0] or (step == 1 and column + k >= width):
                    break
                b = piece[j]
                if b == GAP:
                    continue
                if b >= 0 and b != a:
                    dx, dy = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1]
                    dz = points[i, 2] - points[j, 2]
                    apart = np.float32(np.sqrt(dx * dx + dy * dy + dz * dz))
                    for first, second in ((a, b), (b, a)):
                        nearest[first, second] = min(nearest[first, second], apart)
                break


@compiled(
    "f8(f4[:,::1], f4[::1], i4[::1], u1[::1], f8[:,::1], i8, f8, f8, f8[::1], f8, f8, f8, f4[::1], u1[::1], f4[::1])"
)
def survey(
    points,
    reach,
    piece,
    owner,
    planes,
    width,
    pitch,
    compared,
    viewpoint,
    gentle,
    steep,
    noise,
    rise,
    slope,
    area,
):
    """For each pixel of a piece: its height above the highest plane below it, its slope, and its share
    of level area (0 unless it is LEVEL along rows and columns). Returns the total level area."""
    count = points.shape[0]
    up = planes[0]
    total = 0.0
    for n in range(piece.shape[0]):
        i = piece[n]
        x, y, z, r = points[i, 0], points[i, 1], points[i, 2], reach[i]
        lowest = np.inf
        for k in range(planes.shape[0]):
            h = planes[k, 0] * x + planes[k, 1] * y + planes[k, 2] * z + planes[k, 3]
            if h > -0.004 and h < lowest:
                lowest = h
        rise[n] = lowest if lowest < np.inf else 0.0  # noise put it below every plane
        column = i % width
        step = int(min(max(compared / (pitch * r), 3.0), 20.0))
        least = max(0.002, noise * r * r)
        axes, flat, wall = 0, True, False
        for way in range(4):
            j = i + (step if way == 0 else -step if way == 1 else step * width if way == 2 else -step * width)
            if j < 0 or j >= count or owner[j] == 0:
                continue
            if (way == 0 and column + step >= width) or (way == 1 and column < step):
                continue
            dx, dy, dz = points[j, 0] - x, points[j, 1] - y, points[j, 2] - z
            climb = abs(dx * up[0] + dy * up[1] + dz * up[2])
            run = np.sqrt(max(dx * dx + dy * dy + dz * dz - climb * climb, 0.0))
            flat = flat and climb < max(least, gentle * run)
            wall = wall or climb > max(2 * least, steep * run)
            axes |= 1 if way < 2 else 2
        slope[n] = STEEP if wall else LEVEL if flat and axes == 3 else SLOPING
        area[n] = 0.0
        if slope[n] == LEVEL:
            facing = (
                abs((x - viewpoint[0]) * up[0] + (y - viewpoint[1]) * up[1] + (z - viewpoint[2]) * up[2]) / r
            )
            area[n] = (pitch * r) ** 2 / max(facing, 0.1)
            total += area[n]
    return total
