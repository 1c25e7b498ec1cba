"""Compiled loops that measure planes of a grid (see grid): what is seen of each, what is on it."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.grid import gap, height
from part_perception.scene.kernels import root_of

DEEPEST = 0.6  # metres above a plane: the height searched for things that stand on it
FOOT = 0.02  # metres above a plane: things that stand on it reach down this low
TALL = 0.015  # metres: lower things do not stand on anything
TOUCH = 0.02  # metres between the foot of a thing and the plane it stands on
LINK = 0.03  # metres between cells of one thing
BEHIND = 0.03  # metres below a plane
FEET = 0.15  # of its contact with the plane in the image: a thing that stands touches it along this share
# the measures of a plane
SHARE, REACH, STANDING, FREE, OVER, LOAD, TALLEST, THROUGH, SKIRTED, MIDDLE = range(10)
MEASURES = MIDDLE + 3


@compiled("void(i4[::1], i4, i4)")
def join(parent, i, j):
    a, b = root_of(parent, i), root_of(parent, j)
    if a < b:
        parent[b] = a
    else:
        parent[a] = b


@compiled("void(f8[:,:,::1], f8[:,::1], i4[:,::1], f8[:,::1], f8, f8, f8[::1], f8[::1])")
def areas(cells, reach, owner, planes, spacing, area_reach, area, cut):
    """The visible surface of each plane, and the share of its cells at the border of the image.

    Cells farther than area_reach count as if they were at that distance.

    spacing is the angle between cells.
    """
    area[:], cut[:] = 0.0, 0.0
    count = np.zeros(planes.shape[0])
    rows, columns = reach.shape
    for row in range(rows):
        for column in range(columns):
            k = owner[row, column]
            if k >= 0:
                if row < 1 or column < 1 or row >= rows - 1 or column >= columns - 1:
                    cut[k] += 1
                count[k] += 1
                r = reach[row, column]
                facing = (planes[k, 3] - height(cells, planes[k], row, column)) / r
                area[k] += (spacing * min(r, area_reach)) ** 2 / max(facing, 0.1)
    for k in range(planes.shape[0]):
        cut[k] /= max(count[k], 1)


@compiled(
    "void(f8[:,:,::1], f8[:,::1], f8[:,::1], i4[:,::1], f8[::1], i4, i4[::1], f8, f8, f8, i4[::1], i4[::1], i4[::1])"
)
def borders(cells, reach, rise, owner, plane, number, parent, least, noise, spacing, met, feet, sides):
    """For each thing above a plane: how many cells meet the plane in the image, and how many of those stand.

    Where its surface continues below the plane, it does not stand on it, and those cells count against it.
    sides: bits of the sides (right, left, below, above) on which the plane continues beside its foot.
    """
    rows, columns = reach.shape
    for row in range(rows):
        for column in range(columns):
            i = row * columns + column
            if parent[i] < 0:
                continue
            root = root_of(parent, i)
            r = reach[row, column]
            cell = spacing * r
            low = rise[row, column] < max(FOOT, 2 * cell)
            # cells of a slanted plane lie far apart
            apart = max(TOUCH, 1.5 * cell / max((plane[3] - rise[row, column]) / r, 0.2))
            for way in range(4):
                dy = 0 if way < 2 else 1 if way == 2 else -1
                dx = 0 if way > 1 else 1 if way == 0 else -1
                for k in range(1, 4):
                    a, b = row + dy * k, column + dx * k
                    if a < 0 or b < 0 or a >= rows or b >= columns or parent[a * columns + b] >= 0:
                        break
                    if reach[a, b] == 0.0:
                        continue
                    close = gap(cells, row, column, a, b) < k * apart
                    if owner[a, b] == number:
                        met[root] += 1
                        if low and close:
                            feet[root] += 1
                            sides[root] |= 1 << way
                        break
                    if low and close and rise[a, b] < -2 * max(least, noise * r * r):
                        feet[root] -= 1
                        break


@compiled("f8(f8[:,:,::1], f8[:,::1], f8[:,::1], i4[:,::1], i4, f8, f8)")
def skirted(cells, reach, rise, owner, number, least, spacing):
    """The share of a plane's rim beside lower things where the surface goes on down, as on a box."""
    rows, columns = reach.shape
    down, off = 0, 0
    for row in range(rows):
        for column in range(columns):
            if owner[row, column] != number:
                continue
            for way in range(4):
                dy = 0 if way < 2 else 1 if way == 2 else -1
                dx = 0 if way > 1 else 1 if way == 0 else -1
                for k in range(1, 3):
                    a, b = row + dy * k, column + dx * k
                    if a < 0 or b < 0 or a >= rows or b >= columns or owner[a, b] == number:
                        break
                    r = reach[a, b]
                    if r > 0.0 and rise[a, b] > least * max(1.0, r * r):
                        break
                    if r == 0.0 or rise[a, b] > -2 * least * max(1.0, r * r):
                        continue
                    if gap(cells, row, column, a, b) < 3 * k * spacing * r:
                        down += 1
                    else:
                        off += 1
                    break
    return down / (down + off + 10)


@compiled("void(f8[:,:,::1], f8[:,::1], i4[:,::1], b1[::1], f8[::1], i4, f8, f8, f8, f8[::1])")
def measure(cells, reach, owner, broad, plane, number, least, noise, spacing, out):
    """Measure a plane and what is above and below it (see the names of the measures).

    broad: planes that are not faces of things.
    """
    rows, columns = reach.shape
    rise = np.empty((rows, columns))
    parent = np.full(rows * columns, -1, np.int32)
    left, right = np.full(rows, columns), np.full(rows, -1)
    top, bottom = np.full(columns, rows), np.full(columns, -1)
    seen, mine = 0, 0
    out[:] = 0.0
    for row in range(rows):
        for column in range(columns):
            r = reach[row, column]
            if r == 0.0:
                continue
            seen += 1
            rise[row, column] = height(cells, plane, row, column)
            if owner[row, column] == number:
                mine += 1
                out[REACH] += r
                for axis in range(3):
                    out[MIDDLE + axis] += cells[row, column, axis]
                left[row], right[row] = min(left[row], column), max(right[row], column)
                top[column], bottom[column] = min(top[column], row), max(bottom[column], row)
    out[SKIRTED] = skirted(cells, reach, rise, owner, number, max(least, noise), spacing)
    through = 0
    for row in range(rows):
        for column in range(columns):
            r = reach[row, column]
            k = owner[row, column]
            if r == 0.0 or k == number:
                continue
            h = rise[row, column]
            tolerance = max(least, noise * r * r)
            if h < -max(BEHIND, 2 * tolerance):
                if left[row] < column < right[row] and top[column] < row < bottom[column]:
                    through += 1
            elif h > tolerance and h < DEEPEST and (k < 0 or not broad[k]):
                i = row * columns + column
                parent[i] = i
                for way in range(4):
                    dx = 0 if way == 1 else (1 if way == 3 else -1)
                    dy = 0 if way == 0 else -1
                    for step in range(1, 3):
                        a, b = row + dy * step, column + dx * step
                        if a < 0 or b < 0 or b >= columns:
                            break
                        if parent[a * columns + b] < 0:
                            continue
                        if gap(cells, row, column, a, b) < max(LINK, 2.5 * spacing * r):
                            join(parent, i, a * columns + b)
                        break
    count = np.zeros(rows * columns, np.int32)
    met, feet, sides = np.zeros_like(count), np.zeros_like(count), np.zeros_like(count)
    highest = np.zeros(rows * columns)
    borders(cells, reach, rise, owner, plane, number, parent, least, noise, spacing, met, feet, sides)
    for i in range(rows * columns):
        if parent[i] >= 0:
            root = root_of(parent, i)
            count[root] += 1
            highest[root] = max(highest[root], rise[i // columns, i % columns])
    standing, over = 0.0, 0
    for i in range(rows * columns):
        if count[i] > 2:
            r = reach[i // columns, i % columns]
            over += count[i]
            if feet[i] >= 2 and highest[i] > max(TALL, 2 * max(least, noise * r * r)):
                stands = count[i] * min(1.0, feet[i] / (FEET * met[i]))
                standing += stands
                out[LOAD] += stands * (spacing * r) ** 2
                # a chair's back rises from the rim of its seat
                if sides[i] & 3 == 3 or sides[i] & 12 == 12:
                    out[FREE] += stands / max(seen, 1)
                    out[TALLEST] = max(out[TALLEST], highest[i])
    out[SHARE] = mine / max(seen, 1)
    out[STANDING] = standing / max(seen, 1)
    out[OVER] = over / max(seen, 1)
    for k in (REACH, MIDDLE, MIDDLE + 1, MIDDLE + 2):
        out[k] /= max(mine, 1)
    out[THROUGH] = through / max(mine, 1)
