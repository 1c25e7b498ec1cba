"""Reading: turns a path into a CloudFile, or explains in one sentence why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.files.arrays import read_npy, read_npz
from part_perception.files.cloud import CloudFile
from part_perception.files.mesh import ENDINGS, read_mesh
from part_perception.files.pcd import read_pcd
from part_perception.files.ply import has_faces, read_ply
from part_perception.files.scans import SCAN_ENDINGS, read_scan
from part_perception.files.text import read_table, read_xyz
from part_perception.storage import read_file, require_regular

READERS = {
    ".ply": read_ply, ".pcd": read_pcd, ".npz": read_npz, ".npy": read_npy, ".xyz": read_xyz, ".csv": read_table,
}  # fmt: skip
_MORE = dict.fromkeys((".txt", ".pts", ".xyzn"), read_table) | dict.fromkeys(SCAN_ENDINGS, read_scan)
KNOWN_ENDINGS = (*READERS, *_MORE, *ENDINGS)


def read_cloud(path: str | Path) -> CloudFile:
    """Read a point cloud file in the format of its ending. An InputError says why it cannot be read."""
    path = Path(path)
    reader = (READERS | _MORE).get(path.suffix.lower())
    require_regular(path)
    if reader is None and path.suffix.lower() not in ENDINGS:
        raise InputError(f"{path} is of an unsupported file type; supported: {', '.join(KNOWN_ENDINGS)}")
    data = read_file(path)
    if not data:
        raise InputError(f"{path} is empty")
    try:
        ending = path.suffix.lower()
        cloud = _of_mesh(data, ending) if reader is None or _is_mesh(data, ending) else reader(data)
        _require_points(cloud)
    except MemoryError:
        raise InputError(f"{path} needs more memory than there is") from None
    except InputError as error:
        raise InputError(f"{path} {error}") from None
    return cloud


def _is_mesh(data: bytes, ending: str) -> bool:
    return ending == ".ply" and has_faces(data)


def _of_mesh(data: bytes, ending: str) -> CloudFile:
    """Points sampled all over the surface; y is up in glTF."""
    points, mesh = read_mesh(data, ending)
    return CloudFile(points, up_axis="y" if ending == ".glb" else "", mesh=mesh)


def _require_points(cloud: CloudFile) -> None:
    if not len(cloud.points):
        raise InputError("has no points")
    if not np.isfinite(cloud.points).all(axis=1).any():
        raise InputError("has no point with finite coordinates")
