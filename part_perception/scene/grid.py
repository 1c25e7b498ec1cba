"""Grid: a coarse grid of a few thousand cells over the view, from an image or from unordered points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from part_perception.jit import compiled
from part_perception.scene.cell_image import make_cells
from part_perception.scene.decode import View

CELLS = 4000
POINTS = 100_000  # unordered points that are used at most


@dataclass(frozen=True)
class Grid:
    """Points (R, C, 3) relative to the viewpoint, their range, the plane around each, and a cell's angle."""

    cells: np.ndarray
    reach: np.ndarray
    local: np.ndarray
    spacing: float
    viewpoint: np.ndarray


def lay_grid(view: View) -> Grid:
    """Cells of a view, and the local surface around each."""
    cells, reach, spacing = from_image(view if view.width else as_image(view))
    local = np.empty((*reach.shape, 4))
    local_planes(cells, reach, local)
    return Grid(cells, reach, local, spacing, view.viewpoint)


def as_image(view: View) -> View:
    """Unordered points as an image from the viewpoint; of millions of points, enough to fill its pixels."""
    some = slice(None, None, max(1, len(view.points) // POINTS))
    points, reach = np.ascontiguousarray(view.points[some]), np.ascontiguousarray(view.reach[some])
    return make_cells(replace(view, points=points, reach=reach)).view(view.viewpoint)


def from_image(view: View) -> tuple[np.ndarray, np.ndarray, float]:
    """One cell for every few pixels."""
    stride = max(1, int(np.ceil(np.sqrt(len(view.points) / CELLS))))
    shape = max(view.height // stride, 1), max(view.width // stride, 1)
    if min(view.height, view.width) < stride:
        shape = 0, 0
    cells, reach = np.zeros((*shape, 3)), np.zeros(shape)
    cells_of_image(view.points, view.reach, view.width, stride, view.viewpoint, cells, reach)
    return cells, reach, view.pitch * stride


SAME_SURFACE = 0.06  # of the range: neighbouring cells that differ by less show one surface
AROUND = 2  # cells on each side that a local plane is fitted to
MIN_AROUND = 8  # cells


@compiled("void(f4[:,::1], f4[::1], i8, i8, f8[::1], f8[:,:,::1], f8[:,::1])")
def cells_of_image(points, reach, width, stride, viewpoint, cells, cell_reach):
    """One cell per stride x stride pixels: the middle pixel, or one beside it if that one is empty.

    Pixels are not averaged, because their noise has to stay visible.
    """
    beside = 1 if stride > 2 else 0
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            middle = (row * stride + stride // 2) * width + column * stride + stride // 2
            i = middle
            for dy in range(-beside, beside + 1):
                for dx in range(-beside, beside + 1):
                    if reach[i] == 0.0:
                        i = middle + dy * width + dx
            cell_reach[row, column] = reach[i]
            for axis in range(3):
                cells[row, column, axis] = points[i, axis] - viewpoint[axis]


@compiled("void(f8[::1], f8, f8, f8, f8)")
def add(sums, x, y, z, weight):
    """Add one more point to the sums for solve."""
    sums[0] += weight * x * x
    sums[1] += weight * x * y
    sums[2] += weight * x * z
    sums[3] += weight * y * y
    sums[4] += weight * y * z
    sums[5] += weight * z * z
    sums[6] += weight * x
    sums[7] += weight * y
    sums[8] += weight * z


@compiled("b1(f8[::1], f8[::1])")
def solve(sums, plane):
    """Write the least-squares plane n . p = 1 of weighted sums of xx xy xz yy yz zz x y z into plane."""
    xx, xy, xz, yy, yz, zz, x, y, z = (
        sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], sums[8],
    )  # fmt: skip
    a, b, c = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    scale = xx + yy + zz
    whole = xx * a + xy * b + xz * c
    if not abs(whole) > 1e-15 * scale * scale * scale:
        return False
    e, f, g = xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy
    nx, ny, nz = (
        (a * x + b * y + c * z) / whole,
        (b * x + e * y + f * z) / whole,
        (c * x + f * y + g * z) / whole,
    )
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    if not length > 1e-9:
        return False
    plane[0], plane[1], plane[2], plane[3] = -nx / length, -ny / length, -nz / length, 1.0 / length
    return True


@compiled("void(f8[:,:,::1], f8[:,::1], f8[:,:,::1])")
def local_planes(cells, reach, local):
    """The plane through the surroundings of each cell, zeros where they show no surface."""
    rows, columns = reach.shape
    sums = np.empty(9)
    for row in range(rows):
        for column in range(columns):
            local[row, column] = 0.0
            r = reach[row, column]
            if r == 0.0:
                continue
            sums[:] = 0.0
            count = 0
            for i in range(max(row - AROUND, 0), min(row + AROUND + 1, rows)):
                for j in range(max(column - AROUND, 0), min(column + AROUND + 1, columns)):
                    if abs(reach[i, j] - r) < SAME_SURFACE * r:
                        add(sums, cells[i, j, 0], cells[i, j, 1], cells[i, j, 2], 1.0)
                        count += 1
            if count >= MIN_AROUND:
                solve(sums, local[row, column])


@compiled("f8(f8[:,:,::1], f8[::1], i8, i8)")
def height(cells, plane, row, column):
    return (
        plane[0] * cells[row, column, 0]
        + plane[1] * cells[row, column, 1]
        + plane[2] * cells[row, column, 2]
        + plane[3]
    )


@compiled("f8(f8[:,:,::1], i8, i8, i8, i8)")
def gap(cells, row, column, a, b):
    dx, dy = cells[row, column, 0] - cells[a, b, 0], cells[row, column, 1] - cells[a, b, 1]
    dz = cells[row, column, 2] - cells[a, b, 2]
    return np.sqrt(dx * dx + dy * dy + dz * dz)
