"""Features: the separator's input for every cell: surface slopes, and height above the support."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

CHANNELS = 10
NEAR, WIDE, FLAT = 1, 4, 2  # cells: distances over which slopes and normals are measured
USUAL = 0.003  # metres per cell


def features(points: np.ndarray, reach: np.ndarray, pitch: float, plane: np.ndarray | None) -> np.ndarray:
    """(CHANNELS, H, W) of a grid; plane: that of the support, None if none was found."""
    out = np.zeros((CHANNELS, *reach.shape), np.float32)
    known = plane is not None
    describe(
        np.ascontiguousarray(points, np.float32), np.ascontiguousarray(reach, np.float32), pitch,
        np.ascontiguousarray(plane if known else np.zeros(4), np.float64), known, out,
    )  # fmt: skip
    return out


@compiled("f8(f4[:,::1], i8, i8, i8, i8, f8)")
def slope(reach, row, column, down, right, pitch):
    """The slope of the distance over some cells, squashed to -1..1; one-sided if one side is empty."""
    here = reach[row, column]
    height, width = reach.shape
    before, after = 0.0, 0.0
    if row - down >= 0 and column - right >= 0:
        before = reach[row - down, column - right]
    if row + down < height and column + right < width:
        after = reach[row + down, column + right]
    steps = float(max(down, right))
    if before > 0 and after > 0:
        rise = (after - before) / (2 * steps)
    elif before > 0:
        rise = (here - before) / steps
    elif after > 0:
        rise = (after - here) / steps
    else:
        return 0.0
    tangent = rise / (pitch * here)
    return tangent / (2.0 + abs(tangent))


@compiled("void(f4[:,:,::1], f4[:,::1], f8, f8[::1], b1, f4[:,:,::1])")
def describe(points, reach, pitch, plane, known, out):
    height, width = reach.shape
    for row in range(height):
        for column in range(width):
            r = reach[row, column]
            if r <= 0:
                continue
            out[0, row, column] = 1.0
            out[1, row, column] = np.log(r)
            out[2, row, column] = slope(reach, row, column, 0, NEAR, pitch)
            out[3, row, column] = slope(reach, row, column, NEAR, 0, pitch)
            out[4, row, column] = slope(reach, row, column, 0, WIDE, pitch)
            out[5, row, column] = slope(reach, row, column, WIDE, 0, pitch)
            out[9, row, column] = np.log(pitch * r / USUAL)
            if not known:
                continue
            h = plane[3]
            for k in range(3):
                h += plane[k] * points[row, column, k]
            out[7, row, column] = h / (0.1 + abs(h))
            out[8, row, column] = 1.0
            up, down = max(row - FLAT, 0), min(row + FLAT, height - 1)
            left, right = max(column - FLAT, 0), min(column + FLAT, width - 1)
            if (
                reach[up, column] <= 0
                or reach[down, column] <= 0
                or reach[row, left] <= 0
                or reach[row, right] <= 0
            ):
                continue
            ax = points[row, right, 0] - points[row, left, 0]
            ay = points[row, right, 1] - points[row, left, 1]
            az = points[row, right, 2] - points[row, left, 2]
            bx = points[down, column, 0] - points[up, column, 0]
            by = points[down, column, 1] - points[up, column, 1]
            bz = points[down, column, 2] - points[up, column, 2]
            nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
            length = np.sqrt(nx * nx + ny * ny + nz * nz)
            if length > 0:
                out[6, row, column] = abs(nx * plane[0] + ny * plane[1] + nz * plane[2]) / length
