"""Reading: a path → a CloudFile, or one sentence that says why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.files.arrays import read_npy, read_npz
from part_perception.files.cloud import CloudFile
from part_perception.files.pcd import read_pcd
from part_perception.files.ply import read_ply
from part_perception.files.text import read_xyz

READERS = {".ply": read_ply, ".pcd": read_pcd, ".npz": read_npz, ".npy": read_npy, ".xyz": read_xyz}


def read_cloud(path: str | Path) -> CloudFile:
    """Read a point cloud file; its format is told by its ending."""
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if path.is_dir():
        raise ValueError(f"{path} is a directory, not a point cloud file")
    if not path.exists():
        raise ValueError(f"{path} does not exist")
    if reader is None:
        raise ValueError(f"{path} is not of a kind that can be read: {', '.join(READERS)}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    if not data:
        raise ValueError(f"{path} is empty")
    try:
        cloud = reader(data)
        _require_points(cloud)
    except MemoryError:
        raise ValueError(f"{path} needs more memory than there is") from None
    except ValueError as error:
        raise ValueError(f"{path} {error}") from None
    return cloud


def _require_points(cloud: CloudFile) -> None:
    if not len(cloud.points):
        raise ValueError("has no points")
    if not np.isfinite(cloud.points).all(axis=1).any():
        raise ValueError("has no point with finite coordinates")
