"""Grid: a few thousand cells of what the camera sees, from an image or from unordered points alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.geometry.boxes import level_axes
from part_perception.scene import grid_kernels as kernels
from part_perception.scene.decode import View

CELLS = 4000
POINTS = 20_000  # of unordered points that are looked at
WIDEST = 1.5  # tangent of half the angle that the cells of unordered points cover


@dataclass(frozen=True)
class Grid:
    """Points (R, C, 3) relative to the viewpoint, their reach, the plane around each, and the angle of a cell."""

    cells: np.ndarray
    reach: np.ndarray
    local: np.ndarray
    spacing: float
    viewpoint: np.ndarray


def lay_grid(view: View) -> Grid:
    """Cells of a view, and the surface around each."""
    cells, reach, spacing = from_image(view) if view.width else from_cloud(view)
    local = np.empty((*reach.shape, 4))
    kernels.local_planes(cells, reach, local)
    return Grid(cells, reach, local, spacing, view.viewpoint)


def from_image(view: View) -> tuple[np.ndarray, np.ndarray, float]:
    """A cell for every few pixels."""
    stride = max(1, int(np.ceil(np.sqrt(len(view.points) / CELLS))))
    shape = max(view.height // stride, 1), max(view.width // stride, 1)
    if min(view.height, view.width) < stride:
        shape = 0, 0
    cells, reach = np.zeros((*shape, 3)), np.zeros(shape)
    kernels.cells_of_image(view.points, view.reach, view.width, stride, view.viewpoint, cells, reach)
    return cells, reach, view.pitch * stride


def from_cloud(view: View) -> tuple[np.ndarray, np.ndarray, float]:
    """A picture of unordered points, taken from the viewpoint towards their middle."""
    stride = max(1, len(view.points) // POINTS)
    seen = np.flatnonzero(view.reach[::stride] > 0) * stride
    if len(seen) == 0:
        return np.zeros((0, 0, 3)), np.zeros((0, 0)), 0.0
    some = seen[:: max(1, len(seen) // 2000)]
    rays = (view.points[some] - view.viewpoint) / view.reach[some, None]
    middle = rays.mean(axis=0)
    axes = level_axes(middle / max(float(np.linalg.norm(middle)), 1e-9))
    ahead = np.maximum(rays @ axes[:, 2], 0.1)
    half = np.minimum(np.abs(rays @ axes[:, :2] / ahead[:, None]).max(axis=0) * 1.02 + 1e-3, WIDEST)
    # no more cells than points to fill them
    count = min(CELLS, max(len(seen) // 4, 16))
    pitch = float(np.sqrt(4 * half[0] * half[1] / count))
    shape = int(np.ceil(2 * half[1] / pitch)), int(np.ceil(2 * half[0] / pitch))
    cells, reach = np.zeros((*shape, 3)), np.zeros(shape)
    kernels.cells_of_cloud(view.points, view.reach, stride, view.viewpoint, axes, pitch, cells, reach)
    return cells, reach, pitch
