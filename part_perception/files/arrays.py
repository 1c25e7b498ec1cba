"""numpy's own files: a bare array (.npy), or the labelled-shape format (.npz). Nothing is ever unpickled."""

from __future__ import annotations

import ast
import io
import zipfile
from typing import IO

import numpy as np

from part_perception.errors import InputError
from part_perception.files.cloud import (
    MAX_CONTENT,
    CloudFile,
    NamedMasks,
    as_bytes,
    as_integers,
    require_room,
)
from part_perception.geometry import AXES

_HEADER_LIMIT = 10_000
_MAX_ENTRIES = 1_000  # of a zip archive
_MAX_RATIO = 1_032  # deflate expands a byte to at most this many; other compressions have no bound
_MAX_NUMBER = 16  # bytes
_MAX_AXES = 8
_MAX_TEXT = 4_096  # bytes of a category or an axis
_MAX_NAMES, _MAX_NAME = 10_000, 1_024  # number of label names, bytes of each
_MAX_MASKS = 1_000


def read_npy(data: bytes) -> CloudFile:
    points, size = _points(read_array(io.BytesIO(data), len(data), "its array"))
    return CloudFile(points, size=size)


def read_npz(data: bytes) -> CloudFile:
    with Npz(data) as arrays:
        return _labelled_shape(arrays)


class Npz:
    """The arrays of an .npz file by name, each checked against bounds before it is expanded."""

    def __init__(self, data: bytes):
        if data.count(b"PK\x01\x02") > _MAX_ENTRIES:
            raise InputError(f"has more than {_MAX_ENTRIES} arrays")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except Exception:  # zipfile raises more kinds of errors than can be listed
            raise InputError("is damaged or not an .npz file") from None
        self.names = {n.removesuffix(".npy") for n in self._archive.namelist() if n.endswith(".npy")}

    def __enter__(self) -> Npz:
        return self

    def __exit__(self, *_) -> None:
        self._archive.close()

    def get(self, *names: str, most: int = MAX_CONTENT) -> np.ndarray | None:
        """The array under the first of the names that exists, of at most `most` bytes."""
        name = next((n for n in names if n in self.names), None)
        if name is None:
            return None
        entry = self._archive.getinfo(f"{name}.npy")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputError(f"has {name!r} compressed in a way that numpy does not use")
        if entry.file_size > entry.compress_size * _MAX_RATIO:
            raise InputError(f"says that {name!r} expands to more than it can")
        try:
            with self._archive.open(entry) as stream:
                return read_array(stream, entry.file_size, repr(name), most)
        except (InputError, MemoryError):
            raise
        except Exception:  # as above
            raise InputError("is damaged or not an .npz file") from None


def read_array(stream: IO[bytes], size: int, name: str, most: int = MAX_CONTENT) -> np.ndarray:
    """Read an array from a stream of `size` bytes; its header may declare at most that and `most`."""
    shape, fortran, dtype = _read_header(stream)
    if dtype.hasobject:
        raise InputError(f"holds Python objects in {name}, which are not read: save plain numbers or text")
    need, entries = dtype.itemsize, 1
    for length in shape:
        need *= length
        entries *= max(length, 1)
    if need > most:
        raise InputError(f"has {name} of {need} bytes; {most} is the largest that fits")
    require_room(max(need, entries), name)
    if need > size - stream.tell():
        raise InputError(f"ends before {name} does")
    data = stream.read(need)
    if len(data) < need:
        raise InputError(f"ends before {name} does")
    if dtype.kind == "U":
        _require_text(np.frombuffer(data, np.dtype("u4").newbyteorder(dtype.byteorder)), name)
    values = np.frombuffer(data, dtype) if need else np.empty(shape, dtype)
    return values.reshape(shape, order="F" if fortran else "C")


def _require_text(codes: np.ndarray, name: str) -> None:
    """Refuse codes that Python cannot turn into text, and surrogates, which it cannot print."""
    if (codes > 0x10FFFF).any() or ((codes >= 0xD800) & (codes < 0xE000)).any():
        raise InputError(f"has numbers in {name} where text is expected")


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, column-major or not, and type. (numpy's own reader can fail in any way.)"""
    magic = stream.read(8)
    width = 2 if magic[6:7] == b"\x01" else 4
    length = int.from_bytes(stream.read(width), "little")
    if magic[:6] != b"\x93NUMPY" or length > _HEADER_LIMIT:
        raise InputError("is damaged or not a numpy file")
    try:
        header = ast.literal_eval(stream.read(length).decode("latin-1").strip())
        shape, fortran, dtype = (
            tuple(header["shape"]),
            bool(header["fortran_order"]),
            np.dtype(header["descr"]),
        )
    except Exception:  # the possible contents of a header cannot be foreseen
        raise InputError("is damaged or not a numpy file") from None
    if dtype.subdtype or len(shape) > _MAX_AXES or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise InputError("is damaged or not a numpy file")
    return shape, fortran, dtype


def _labelled_shape(arrays: Npz) -> CloudFile:
    found = arrays.get("points")
    if found is None:
        raise InputError("has no array called 'points'")
    points, size = _points(found)
    most = len(points) * _MAX_NUMBER
    colours = arrays.get("colours", "colors", "rgb", most=3 * most)
    labels, scores = arrays.get("labels", most=most), arrays.get("scores", most=most)
    names = _names(arrays.get("label_names", most=_MAX_NAMES * _MAX_NAME))
    if colours is not None:
        colours = as_bytes(_per_point(colours, "colours", len(points), 3))
    if labels is not None:
        labels = as_integers(_per_point(labels, "labels", len(points), 1), "label")
        if names and labels.max(initial=-1) >= len(names):
            raise InputError(f"has labels up to {labels.max()}, which label_names does not name")
    if scores is not None:
        scores = _per_point(scores, "scores", len(points), 1).astype(np.float32)
    up_axis = _text(arrays.get("up_axis", most=_MAX_TEXT))
    if up_axis not in AXES:  # some data sets write other words here ("lying"), which name no axis
        up_axis = ""
    category = _text(arrays.get("category", most=_MAX_TEXT))
    named = _named_masks(arrays, len(points))
    return CloudFile(points, colours, labels, scores, names, category, up_axis, size, named=named)


def _named_masks(arrays: Npz, count: int) -> NamedMasks | None:
    """Overlapping masks with their names and scores, where the file has some."""
    masks = arrays.get("part_masks", most=min(_MAX_MASKS * count, MAX_CONTENT))
    if masks is None:
        return None
    names = _names(arrays.get("part_names", most=_MAX_NAMES * _MAX_NAME))
    scores = arrays.get("part_scores", most=_MAX_MASKS * _MAX_NUMBER)
    if masks.dtype.kind not in "bui" or masks.shape != (len(names), count):
        raise InputError(
            f"has part_masks of shape {masks.shape} for {len(names)} part_names and {count} points"
        )
    if scores is None or scores.shape != (len(names),) or scores.dtype.kind != "f":
        raise InputError("needs part_scores: a number from 0 to 1 for each of part_names")
    if not ((scores >= 0) & (scores <= 1)).all():
        raise InputError("has part_scores that are not from 0 to 1")
    return NamedMasks(masks.astype(bool), names, scores.astype(np.float32))


def _points(array: np.ndarray) -> tuple[np.ndarray, tuple[int, int] | None]:
    """(N, 3), and the size of the image if the array is (H, W, 3)."""
    if array.dtype.kind not in "fiu" or array.ndim not in (2, 3) or array.shape[-1] != 3:
        raise InputError(
            f"has points of shape {array.shape} and type {array.dtype}, not numbers (N, 3) or (H, W, 3)"
        )
    kept = array.dtype if array.dtype in (np.float32, np.float64) else np.float64
    size = (array.shape[0], array.shape[1]) if array.ndim == 3 else None
    return np.ascontiguousarray(array.reshape(-1, 3), np.dtype(kept).newbyteorder("=")), size


def _per_point(array: np.ndarray, name: str, count: int, width: int) -> np.ndarray:
    if array.dtype.kind not in "fiub" or array.size != count * width:
        raise InputError(f"has {name} of shape {array.shape}, which does not fit its {count} points")
    return array.reshape((count, width) if width > 1 else count)


def _names(array: np.ndarray | None) -> tuple[str, ...]:
    if array is None:
        return ()
    if array.size > _MAX_NAMES or array.dtype.itemsize > _MAX_NAME:
        raise InputError(
            f"has {array.size} label_names; the maximum is {_MAX_NAMES} of {_MAX_NAME // 4} letters"
        )
    return tuple(str(n) for n in array.ravel())


def _text(array: np.ndarray | None) -> str:
    return "" if array is None or array.size != 1 else str(array.reshape(-1)[0])
