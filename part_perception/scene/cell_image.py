"""Cell image: a frame as a small image, and the separator's input for every cell of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from part_perception.geometry.poses import level
from part_perception.jit import compiled
from part_perception.scene.decode import View

HEIGHT, WIDTH = 240, 320  # at most
STEP = 16  # sides are multiples of this, because the network halves them four times
POINTS_A_CELL = 1.6  # for unordered points: enough that hardly any cell of a surface stays empty
MIN_SIDE = 32
SOME = 200_000  # points that represent a larger cloud where only its extent is wanted
AHEAD = 0.2  # cosine: points farther aside are not in the image
OPTICAL = np.cos(np.radians(20.0))  # above this z·(mean direction), points are in a camera's frame


@dataclass(frozen=True)
class CellImage:
    """points (H, W, 3), reach (H, W), 0 = nothing; row (H, W) of each cell's point in the frame, -1 = none.

    cell (N,) is the cell of every point of the frame (-1: none), pitch is the angle between two cells.
    """

    points: np.ndarray
    reach: np.ndarray
    row: np.ndarray
    cell: np.ndarray
    pitch: float

    @property
    def shape(self) -> tuple[int, int]:
        return self.reach.shape

    def view(self, viewpoint: np.ndarray) -> View:
        """The image as a camera at the viewpoint would see it."""
        return View(self.points.reshape(-1, 3), self.reach.ravel(), self.shape[1], self.pitch, viewpoint)


def make_cells(view: View) -> CellImage:
    """Every k-th pixel of an image; unordered points as a camera at the viewpoint would see them."""
    cell, (height, width), pitch = cells_of_image(view) if view.width else cells_of_points(view)
    row = np.full(height * width, -1, np.int32)
    nearest_of_cell(view.reach, cell, row)
    points = np.zeros((height * width, 3), np.float32)
    reach = np.zeros(height * width, np.float32)
    take(view.points, view.reach, row, points, reach)
    shape = (height, width)
    return CellImage(points.reshape(*shape, 3), reach.reshape(shape), row.reshape(shape), cell, pitch)


def cells_of_image(view: View) -> tuple[np.ndarray, tuple[int, int], float]:
    """Blocks of pixels."""
    block = max(-(-view.height // HEIGHT), -(-view.width // WIDTH), 1)
    cell, shape = blocks(view.height, view.width, block)
    return cell, shape, view.pitch * block


@lru_cache(maxsize=2)
def blocks(height: int, width: int, block: int) -> tuple[np.ndarray, tuple[int, int]]:
    """The cell of every pixel of an image, and the shape of the cells; cameras keep their size."""
    shape = -(-height // (block * STEP)) * STEP, -(-width // (block * STEP)) * STEP
    cell = (
        (np.arange(height)[:, None] // block * shape[1] + np.arange(width) // block).astype(np.int32).ravel()
    )
    return cell, shape


def cells_of_points(view: View) -> tuple[np.ndarray, tuple[int, int], float]:
    """Pixels of a pinhole camera aimed at the middle of the points, as fine as the points can fill."""
    cell = np.full(len(view.points), -1, np.int32)
    measured = int(np.count_nonzero(view.reach > 0))
    every = max(1, len(view.points) // SOME)
    some = view.reach[::every] > 0
    if not some.any():
        return cell, (MIN_SIDE, MIN_SIDE), 1e-3
    lines = (view.points[::every][some] - view.viewpoint) / view.reach[::every][some, None]
    middle = lines.mean(axis=0)
    middle = middle / max(float(np.linalg.norm(middle)), 1e-9)
    # an optical frame keeps its rows and columns, so that the cells match those of its image
    turn = np.eye(3) if middle[2] > OPTICAL else level(middle)
    local = lines @ turn.T
    local = local[local[:, 2] > AHEAD]
    if len(local) == 0:
        return cell, (MIN_SIDE, MIN_SIDE), 1e-3
    plane = local[:, :2] / local[:, 2:]
    low, high = np.percentile(plane, (0.2, 99.8), axis=0)
    extent = np.maximum(high - low, 1e-3)
    filled = filled_share(plane, low, extent)
    pitch = float(np.sqrt(extent.prod() * filled * POINTS_A_CELL / measured))
    pitch = max(pitch, float(extent[0]) / (WIDTH - 1), float(extent[1]) / (WIDTH - 1))
    width, height = (int(-(-max(e / pitch + 1, MIN_SIDE) // STEP) * STEP) for e in extent)
    place(view.points, view.reach, view.viewpoint.astype(float), turn, low, pitch, width, height, cell)
    return cell, (height, width), pitch


@compiled("void(f4[:,::1], f4[::1], f8[::1], f8[:,::1], f8[::1], f8, i8, i8, i4[::1])")
def place(points, reach, viewpoint, turn, low, pitch, width, height, cell):
    """The cell of every measured point that lies ahead and within the image."""
    at = np.empty(3)
    for i in range(points.shape[0]):
        if reach[i] <= 0:
            continue
        for k in range(3):
            at[k] = 0.0
            for axis in range(3):
                at[k] += turn[k, axis] * (points[i, axis] - viewpoint[axis])
        if at[2] <= AHEAD * reach[i]:
            continue
        column = int(np.floor((at[0] / at[2] - low[0]) / pitch))
        row = int(np.floor((at[1] / at[2] - low[1]) / pitch))
        if 0 <= column < width and 0 <= row < height:
            cell[i] = row * width + column


def filled_share(plane: np.ndarray, low: np.ndarray, extent: np.ndarray, side: int = 48) -> float:
    """The share of the bounding box that the points fill."""
    place = np.clip((plane - low) / extent * side, 0, side - 1).astype(int)
    return max(len(np.unique(place[:, 1] * side + place[:, 0])) / side**2, 0.02)


@compiled("void(f4[::1], i4[::1], i4[::1])")
def nearest_of_cell(reach, cell, row):
    """The point nearest to the camera in each cell."""
    for i in range(reach.shape[0]):
        k = cell[i]
        if k >= 0 and reach[i] > 0 and (row[k] < 0 or reach[i] < reach[row[k]]):
            row[k] = i


@compiled("void(f4[:,::1], f4[::1], i4[::1], f4[:,::1], f4[::1])")
def take(points, reach, row, out_points, out_reach):
    """The point and the distance of each cell that has one."""
    for k in range(row.shape[0]):
        if row[k] >= 0:
            out_reach[k] = reach[row[k]]
            for axis in range(3):
                out_points[k, axis] = points[row[k], axis]


CHANNELS = 10
NEAR, WIDE, FLAT = 1, 4, 2  # cells: distances over which slopes and normals are measured
USUAL = 0.003  # metres per cell


def features(points: np.ndarray, reach: np.ndarray, pitch: float, plane: np.ndarray | None) -> np.ndarray:
    """Compute the input (CHANNELS, H, W) for a grid; plane: the support's, None if none was found."""
    out = np.zeros((CHANNELS, *reach.shape), np.float32)
    known = plane is not None
    describe(
        np.ascontiguousarray(points, np.float32), np.ascontiguousarray(reach, np.float32), pitch,
        np.ascontiguousarray(plane if known else np.zeros(4), np.float64), known, out,
    )  # fmt: skip
    return out


@compiled("f4(f4, f4, f4, f4)")
def slope(before, here, after, per_metre):
    """The slope of the distance between cells, squashed to -1..1; one-sided if one side is empty."""
    nothing, two = np.float32(0.0), np.float32(2.0)
    if before > nothing and after > nothing:
        tangent = (after - before) * per_metre / two
    elif before > nothing:
        tangent = (here - before) * per_metre
    elif after > nothing:
        tangent = (after - here) * per_metre
    else:
        return nothing
    return tangent / (two + abs(tangent))


@compiled("void(f4[:,:,::1], f4[:,::1], f8, f8[::1], b1, f4[:,:,::1])", reorder_sums=True)
def describe(points, reach, pitch, plane, known, out):
    height, width = reach.shape
    near, wide = np.float32(1.0 / NEAR), np.float32(1.0 / WIDE)
    size = np.float32(np.log(pitch / USUAL))
    a, b, c, d = np.float32(plane[0]), np.float32(plane[1]), np.float32(plane[2]), plane[3]
    one, tenth, nothing = np.float32(1.0), np.float32(0.1), np.float32(0.0)
    for row in range(height):
        for column in range(width):
            r = reach[row, column]
            if r <= nothing:
                continue
            log = np.log(r)
            out[0, row, column], out[1, row, column], out[9, row, column] = one, log, log + size
            per_metre = one / (np.float32(pitch) * r)  # cells
            for k in range(2):
                step, per = (NEAR, per_metre * near) if k == 0 else (WIDE, per_metre * wide)
                left = reach[row, column - step] if column >= step else nothing
                right = reach[row, column + step] if column + step < width else nothing
                over = reach[row - step, column] if row >= step else nothing
                under = reach[row + step, column] if row + step < height else nothing
                out[2 + 2 * k, row, column] = slope(left, r, right, per)
                out[3 + 2 * k, row, column] = slope(over, r, under, per)
            if not known:
                continue
            x, y, z = points[row, column, 0], points[row, column, 1], points[row, column, 2]
            h = np.float32(a * x + b * y + c * z + d)
            out[7, row, column] = h / (tenth + abs(h))
            out[8, row, column] = one
            up, down = max(row - FLAT, 0), min(row + FLAT, height - 1)
            left, right = max(column - FLAT, 0), min(column + FLAT, width - 1)
            if (
                reach[up, column] <= nothing
                or reach[down, column] <= nothing
                or reach[row, left] <= nothing
                or reach[row, right] <= nothing
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
            if length > nothing:
                out[6, row, column] = abs(nx * a + ny * b + nz * c) / length
