"""Clouds of the command line: read, with gravity and holes as the commands need them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from part_perception.files import CloudFile, read_cloud, write_cloud
from part_perception.files.mesh import write_mesh
from part_perception.geometry.axes import AXES


def open_cloud(path: Path) -> CloudFile:
    """A file's cloud; in an image of points, zeros are holes, as cameras mean them."""
    cloud = read_cloud(path)
    if cloud.size is None:
        return cloud
    points = np.where((cloud.points == 0).all(axis=1, keepdims=True), np.nan, cloud.points)
    return replace(cloud, points=points)


def write_labelled(path: Path, cloud: CloudFile, labels: np.ndarray, scores, names: tuple[str, ...]) -> None:
    """A cloud with a label for each point; of a mesh the labels of its vertices and faces."""
    if cloud.mesh is not None:
        write_mesh(path, cloud.points, labels, cloud.mesh, names)
    else:
        write_cloud(path, cloud.grid, cloud.colours, labels, scores, names)


def up_of(cloud: CloudFile, given: tuple[float, float, float] | None) -> tuple[float, float, float]:
    """Against gravity: as asked, else as the file says, else +z."""
    return given or AXES[cloud.up_axis or "z"]
