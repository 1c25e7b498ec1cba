"""The content of a cloud file after reading, whatever its format, and the bounds on files.

Sizes in headers are checked before anything is allocated.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass

import numpy as np
import psutil

from part_perception.errors import InputError
from part_perception.files.mesh import Mesh

MAX_CONTENT = 1 << 30  # bytes of one array or table, expanded
MAX_TEXT = 1 << 27  # bytes of a text with numbers
_COPIES = 4  # a reader makes this many copies of the content
_TEXT_COPIES = 40  # a number of two characters becomes a word and a Python float


def require_room(need: int, what: str) -> None:
    """Raise an InputError if content of this size exceeds the limit or the memory that is left."""
    if need > MAX_CONTENT:
        raise InputError(f"has {what} of {need} bytes; the maximum is {MAX_CONTENT}")
    if need * _COPIES > free_memory():
        raise InputError(f"needs more memory than is available for {what}")


def require_room_for_text(length: int) -> None:
    """The same check for numbers written as text."""
    if length > MAX_TEXT:
        raise InputError(f"has {length} bytes of text; the maximum is {MAX_TEXT}: write it as binary")
    if length * _TEXT_COPIES > free_memory():
        raise InputError("needs more memory than is available for its text")


def free_memory() -> int:
    """Bytes that this process may still use: what the machine has left, up to the process's own limit."""
    free = psutil.virtual_memory().available
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        free = min(free, limit - psutil.Process().memory_info().vms)
    return free


@dataclass(frozen=True)
class NamedMasks:
    """Named masks of a shape's points: masks (M, N) that may overlap, the name of each and its score in 0 … 1."""

    masks: np.ndarray
    names: tuple[str, ...]
    scores: np.ndarray


OPAQUE = 0.3  # of a Gaussian splat's opacity: fainter ones are haze around the surface
_LUMPED = {"rgb", "rgba"}


@dataclass(frozen=True)
class CloudFile:
    """Points (N, 3) float in file order, and what else the file says about them.

    `size` is (height, width) if the cloud is an image of points, `mesh` is the surface that the points were
    sampled on. Labels are -1 for points without one; `named` are masks that may overlap.
    """

    points: np.ndarray
    colours: np.ndarray | None = None
    labels: np.ndarray | None = None
    scores: np.ndarray | None = None
    label_names: tuple[str, ...] = ()
    category: str = ""
    up_axis: str = ""
    size: tuple[int, int] | None = None
    mesh: Mesh | None = None
    named: NamedMasks | None = None

    @property
    def grid(self) -> np.ndarray:
        """The points as an image (H, W, 3) if they form one, else (N, 3)."""
        return self.points if self.size is None else self.points.reshape(*self.size, 3)


def from_columns(columns: dict[str, np.ndarray], size: tuple[int, int] | None = None, **known) -> CloudFile:
    """Make a cloud from named columns of N values, as in tables with named fields (.ply, .pcd)."""
    missing = [axis for axis in "xyz" if axis not in columns]
    if missing:
        raise InputError(f"has no {' or '.join(missing)} coordinate")
    points = np.stack([columns[axis] for axis in "xyz"], axis=1)
    if points.dtype not in (np.float32, np.float64):
        points = points.astype(np.float64)
    if {"opacity", "f_dc_0", "scale_0"} <= set(columns):
        points = _opaque(points, columns["opacity"])
    labels = _first(columns, "label", "labels", "scalar_label", "scalar_Label", "class", "classification")
    scores = _first(columns, "score", "scalar_score", "confidence")
    return CloudFile(
        points,
        _colours(columns),
        None if labels is None else as_integers(labels, "label"),
        None if scores is None else scores.astype(np.float32),
        size=size,
        **known,
    )


def _opaque(points: np.ndarray, logit: np.ndarray) -> np.ndarray:
    """The centres of Gaussian splats; NaN for faint ones, so that rows keep the order of the file."""
    faint = ~(logit >= np.log(OPAQUE / (1 - OPAQUE)))
    if faint.all():
        raise InputError("contains only splats too faint to belong to a surface")
    return np.where(faint[:, None], np.nan, points)


def as_integers(values: np.ndarray, name: str) -> np.ndarray:
    """Labels as int64; text, fractions, NaN and infinity are refused."""
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind != "f" or not (np.isfinite(values).all() and (values == np.round(values)).all()):
        raise InputError(f"has {name} values that are not whole numbers")
    if np.abs(values).max(initial=0) >= 2**62:
        raise InputError(f"has {name} values that are too large")
    return values.astype(np.int64)


def as_bytes(colours: np.ndarray) -> np.ndarray:
    """Colours as uint8: floats count as 0 ... 1 unless any is larger."""
    if colours.dtype.kind == "f":
        colours = np.nan_to_num(colours)
        colours = colours * 255.0 if colours.max(initial=0.0) <= 1.0 else colours
        return np.clip(np.round(colours), 0, 255).astype(np.uint8)
    if colours.dtype.itemsize == 2:
        colours = colours // 257
    return np.clip(colours, 0, 255).astype(np.uint8)


def _first(columns: dict[str, np.ndarray], *names: str) -> np.ndarray | None:
    return next((columns[n] for n in names if n in columns), None)


def _colours(columns: dict[str, np.ndarray]) -> np.ndarray | None:
    for names in (
        ("red", "green", "blue"),
        ("diffuse_red", "diffuse_green", "diffuse_blue"),
        ("r", "g", "b"),
    ):
        if all(n in columns for n in names):
            return as_bytes(np.stack([columns[n] for n in names], axis=1))
    lumped = next((columns[n] for n in sorted(_LUMPED) if n in columns), None)
    if lumped is None or lumped.dtype.itemsize != 4:
        return None
    packed = np.ascontiguousarray(lumped).view(np.uint32)
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8)
