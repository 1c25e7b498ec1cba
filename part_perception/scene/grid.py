"""Grid: a coarse grid of a few thousand cells over the view, from an image or from unordered points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from part_perception.scene import grid_kernels as kernels
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
    kernels.local_planes(cells, reach, local)
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
    kernels.cells_of_image(view.points, view.reach, view.width, stride, view.viewpoint, cells, reach)
    return cells, reach, view.pitch * stride
