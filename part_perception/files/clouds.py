"""Cloud files by path: reading any known format, writing .ply (any viewer opens it) or .npz (labelled shapes).

Files that cannot be read are refused in one sentence that says why.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.files.arrays import read_npy, read_npz
from part_perception.files.cloud import CloudFile
from part_perception.files.mesh import ENDINGS, comments, labels_of_samples, read_mesh
from part_perception.files.pcd import read_pcd
from part_perception.files.ply import has_faces, read_mesh_notes, read_ply
from part_perception.files.scans import SCAN_ENDINGS, read_scan
from part_perception.files.text import read_table, read_xyz
from part_perception.geometry import AXES
from part_perception.inputs import numbers
from part_perception.storage import path_of, read_file, require_regular, write_atomic

READERS = {
    ".ply": read_ply, ".pcd": read_pcd, ".npz": read_npz, ".npy": read_npy, ".xyz": read_xyz, ".csv": read_table,
}  # fmt: skip
_MORE = dict.fromkeys((".txt", ".pts", ".xyzn"), read_table) | dict.fromkeys(SCAN_ENDINGS, read_scan)
KNOWN_ENDINGS = (*READERS, *_MORE, *ENDINGS)


def read_cloud(path: str | Path) -> CloudFile:
    """Read a point cloud file in the format of its ending. An InputError says why it cannot be read."""
    path = path_of(path)
    reader = (READERS | _MORE).get(path.suffix.lower())
    require_regular(path)
    if reader is None and path.suffix.lower() not in ENDINGS:
        raise InputError(f"{path} has an unsupported file type; supported: {', '.join(KNOWN_ENDINGS)}")
    data = read_file(path)
    if not data:
        raise InputError(f"{path} is empty")
    try:
        ending = path.suffix.lower()
        cloud = _of_mesh(data, ending) if reader is None or _is_mesh(data, ending) else reader(data)
        _require_points(cloud)
    except MemoryError:
        raise InputError(f"{path} needs more memory than is available") from None
    except InputError as error:
        raise InputError(f"{path} {error}") from None
    return cloud


def _is_mesh(data: bytes, ending: str) -> bool:
    return ending == ".ply" and has_faces(data)


def _of_mesh(data: bytes, ending: str) -> CloudFile:
    """Points sampled all over the surface; y is up in glTF."""
    points, mesh = read_mesh(data, ending)
    if ending != ".ply":
        return CloudFile(points, up_axis="y" if ending == ".glb" else "", mesh=mesh)
    notes = read_mesh_notes(data)
    labels = labels_of_samples(points, mesh, notes.labels.get("vertex"), notes.labels.get("face"))
    names = () if labels is None else notes.label_names
    return CloudFile(points, labels=labels, label_names=names, up_axis=notes.up_axis, mesh=mesh)


def _require_points(cloud: CloudFile) -> None:
    if not len(cloud.points):
        raise InputError("has no points")
    if not np.isfinite(cloud.points).all(axis=1).any():
        raise InputError("has no point with finite coordinates")


def write_cloud(
    path: str | Path,
    points: np.ndarray,
    colours: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    scores: np.ndarray | None = None,
    label_names: tuple[str, ...] = (),
    up_axis: str = "",
) -> None:
    """Write points (N, 3) or (H, W, 3) and their other columns, atomically; up_axis: x, y, z or unknown."""
    path = path_of(path)
    if path.suffix.lower() not in WRITERS:
        raise InputError(f"{path} has an unsupported file type; supported: {', '.join(WRITERS)}")
    wide = numbers(points, "points must be numbers, (N, 3) or (H, W, 3)")
    points = wide if np.asarray(points).dtype == object else np.asarray(points)
    if points.ndim not in (2, 3) or points.shape[-1] != 3:
        raise InputError(f"points must be (N, 3) or (H, W, 3), not {points.shape}")
    count = points.size // 3
    for name, values, width in (("colours", colours, 3), ("labels", labels, 1), ("scores", scores, 1)):
        if values is not None and np.size(values) != count * width:
            raise InputError(f"{name} of shape {np.shape(values)} do not fit {count} points")
    colours, labels = _whole("colours", colours, 0, 255), _whole("labels", labels, -(2**31), 2**31 - 1)
    scores = None if scores is None else numbers(scores, "scores must be numbers")
    if (
        not isinstance(label_names, Sequence)
        or isinstance(label_names, str)
        or not all(map(_is_text, label_names))
    ):
        raise InputError("label_names must be a list of texts")
    data = WRITERS[path.suffix.lower()](points, colours, labels, scores, label_names, up_axis)
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}")
    try:
        write_atomic(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def _is_text(name) -> bool:
    """Whether it is text that a file can hold."""
    return isinstance(name, str) and not any("\ud800" <= letter <= "\udfff" for letter in name)


def _whole(what: str, values, low: int, high: int) -> np.ndarray | None:
    """Whole numbers within limits, or none at all: beyond them, the file would hold other numbers."""
    if values is None or np.asarray(values).dtype in (np.uint8, bool):
        return None if values is None else np.asarray(values)
    wanted = f"{what} must be whole numbers from {low} to {high}"
    values = numbers(values, wanted)
    if not ((values >= low) & (values <= high) & (values == np.floor(values))).all():
        raise InputError(wanted)
    return values.astype(np.int64)


def _ply(points, colours, labels, scores, label_names, up_axis) -> bytes:
    points = points.reshape(-1, 3)
    number = ("double", "<f8") if points.dtype == np.float64 else ("float", "<f4")
    columns = [(axis, *number, points[:, i]) for i, axis in enumerate("xyz")]
    if colours is not None:
        colours = np.asarray(colours).reshape(-1, 3)
        columns += [(c, "uchar", "u1", colours[:, i]) for i, c in enumerate(("red", "green", "blue"))]
    if labels is not None:
        columns.append(("label", "int", "<i4", np.ravel(labels)))
    if scores is not None:
        columns.append(("score", "float", "<f4", np.ravel(scores)))
    rows = np.empty(len(points), [(name, kind) for name, _, kind, _ in columns])
    for name, _, _, values in columns:
        rows[name] = values
    properties = [f"property {word} {name}" for name, word, _, _ in columns]
    head = [
        "ply",
        "format binary_little_endian 1.0",
        *comments(label_names, up_axis),
        f"element vertex {len(points)}",
        *properties,
        "end_header\n",
    ]
    return "\n".join(head).encode() + rows.tobytes()


def _npz(points, colours, labels, scores, label_names, up_axis) -> bytes:
    arrays = {"points": points}
    if colours is not None:
        arrays["colours"] = np.asarray(colours, np.uint8).reshape(points.shape)
    if labels is not None:
        arrays["labels"] = np.ravel(labels).astype(np.int32)
    if scores is not None:
        arrays["scores"] = np.ravel(scores).astype(np.float32)
    if label_names:
        arrays["label_names"] = np.array(label_names, str)
    if up_axis in AXES:
        arrays["up_axis"] = np.array(up_axis)
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


WRITERS = {".ply": _ply, ".npz": _npz}
