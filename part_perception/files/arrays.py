"""numpy's own files: a bare array (.npy), or the labelled-shape format (.npz). Nothing is ever unpickled."""

from __future__ import annotations

import ast
import io
import zipfile
import zlib
from typing import BinaryIO

import numpy as np

from part_perception.files.cloud import CloudFile, as_bytes, as_integers
from part_perception.geometry.axes import AXES

_HEADER_LIMIT = 10_000


def read_npy(data: bytes) -> CloudFile:
    points, size = _points(read_array(io.BytesIO(data), len(data), "the array"))
    return CloudFile(points, size=size)


def read_npz(data: bytes) -> CloudFile:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _labelled_shape(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise ValueError("is damaged or not an .npz file") from None


def read_array(stream: BinaryIO, size: int, name: str) -> np.ndarray:
    """One array from a stream of `size` bytes; its header may not promise more than there is."""
    shape, fortran, dtype = _read_header(stream)
    if dtype.hasobject:
        raise ValueError(f"holds Python objects in {name}, which are not read: save plain numbers or text")
    need = dtype.itemsize
    for length in shape:
        need *= length
    if need > size - stream.tell():
        raise ValueError(f"ends before {name} does")
    data = stream.read(need)
    if len(data) < need:
        raise ValueError(f"ends before {name} does")
    values = np.frombuffer(data, dtype) if need else np.empty(shape, dtype)
    return values.reshape(shape, order="F" if fortran else "C")


def _read_header(stream: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, column-major or not, and type. (numpy's own reader fails in more ways than can be named.)"""
    magic = stream.read(8)
    width = 2 if magic[6:7] == b"\x01" else 4
    length = int.from_bytes(stream.read(width), "little")
    if magic[:6] != b"\x93NUMPY" or length > _HEADER_LIMIT:
        raise ValueError("is damaged or not a numpy file")
    try:
        header = ast.literal_eval(stream.read(length).decode("latin-1").strip())
        shape, fortran, dtype = (
            tuple(header["shape"]),
            bool(header["fortran_order"]),
            np.dtype(header["descr"]),
        )
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError):
        raise ValueError("is damaged or not a numpy file") from None
    if not all(isinstance(n, int) and n >= 0 for n in shape):
        raise ValueError("is damaged or not a numpy file")
    return shape, fortran, dtype


def _labelled_shape(archive: zipfile.ZipFile) -> CloudFile:
    def get(*names: str) -> np.ndarray | None:
        for name in names:
            if f"{name}.npy" in archive.namelist():
                info = archive.getinfo(f"{name}.npy")
                with archive.open(info) as stream:
                    return read_array(stream, info.file_size, repr(name))
        return None

    found = get("points")
    if found is None:
        raise ValueError("has no array called 'points'")
    points, size = _points(found)
    colours = get("colours", "colors", "rgb")
    labels, scores, names = get("labels"), get("scores"), get("label_names")
    names = () if names is None else tuple(str(n) for n in names.ravel())
    if colours is not None:
        colours = as_bytes(_per_point(colours, "colours", len(points), 3))
    if labels is not None:
        labels = as_integers(_per_point(labels, "labels", len(points), 1), "label")
        if names and labels.max(initial=-1) >= len(names):
            raise ValueError(f"has labels up to {labels.max()}, which label_names does not name")
    if scores is not None:
        scores = _per_point(scores, "scores", len(points), 1).astype(np.float32)
    up_axis = _text(get("up_axis"))
    if up_axis not in AXES:  # data sets write other words here ("lying"): they tell nothing of an axis
        up_axis = ""
    return CloudFile(points, colours, labels, scores, names, _text(get("category")), up_axis, size)


def _points(array: np.ndarray) -> tuple[np.ndarray, tuple[int, int] | None]:
    """(N, 3), and the size of the image where the array is (H, W, 3)."""
    if array.dtype.kind not in "fiu" or array.ndim not in (2, 3) or array.shape[-1] != 3:
        raise ValueError(
            f"has points of shape {array.shape} and type {array.dtype}, not numbers (N, 3) or (H, W, 3)"
        )
    kept = array.dtype if array.dtype in (np.float32, np.float64) else np.float64
    size = (array.shape[0], array.shape[1]) if array.ndim == 3 else None
    return np.ascontiguousarray(array.reshape(-1, 3), np.dtype(kept).newbyteorder("=")), size


def _per_point(array: np.ndarray, name: str, count: int, width: int) -> np.ndarray:
    if array.dtype.kind not in "fiub" or array.size != count * width:
        raise ValueError(f"has {name} of shape {array.shape}, which does not fit its {count} points")
    return array.reshape((count, width) if width > 1 else count)


def _text(array: np.ndarray | None) -> str:
    return "" if array is None or array.size != 1 else str(array.reshape(-1)[0])
