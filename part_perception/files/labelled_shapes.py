"""Labelled shapes: objects with ground truth for their parts, from .npz files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.files import read_cloud
from part_perception.files.cloud import NamedMasks
from part_perception.geometry import AXES
from part_perception.storage import write_atomic


@dataclass(frozen=True)
class LabelledShape:
    """One object with ground truth: labels (N,) index `names`, -1 = unlabelled.

    `named` are masks that may overlap, each with a name and a score, as machines say them.
    """

    name: str
    points: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    category: str
    up: tuple[float, float, float]
    named: NamedMasks | None = None


def load_shape(path: Path) -> LabelledShape:
    """Read a labelled-shape file; any other file is refused with the reason."""
    try:
        cloud = read_cloud(path)
    except InputError as error:
        raise InputError(
            f"{path} is not a labelled shape: it {str(error).removeprefix(f'{path} ')}"
        ) from None
    if cloud.labels is None or not cloud.label_names:
        raise InputError(f"{path} is not a labelled shape: it needs points, labels and label_names")
    points = np.asarray(cloud.points, float).reshape(-1, 3)
    up = AXES[cloud.up_axis or "z"]  # without a valid axis in the file, z is assumed
    category = cloud.category or "object"
    names = tuple(cloud.label_names)
    return LabelledShape(path.stem, points, np.asarray(cloud.labels), names, category, up, cloud.named)


def save_shape(path: Path, shape: LabelledShape) -> None:
    """Write a labelled-shape file atomically; its up direction must be one of the axes."""
    axis = next((letter for letter, up in AXES.items() if up == tuple(shape.up)), None)
    if axis is None:
        raise InputError("a labelled shape must stand along x, y or z; turn it first")
    stream = io.BytesIO()
    named: dict[str, Any] = {}
    if shape.named is not None:
        named = {
            "part_masks": shape.named.masks,
            "part_names": np.array(shape.named.names, str),
            "part_scores": shape.named.scores.astype(np.float32),
        }
    np.savez_compressed(
        stream,
        points=shape.points.astype(np.float32),
        labels=shape.labels.astype(np.int32),
        label_names=np.array(shape.names, str),
        category=np.array(shape.category),
        up_axis=np.array(axis),
        **named,
    )
    try:
        write_atomic(path, stream.getvalue())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None


def load_shapes(folder: Path) -> list[LabelledShape]:
    """Read every .npz of a folder, in order; a folder without any is an error."""
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}")
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise InputError(f"there is no .npz file in {folder}")
    return [load_shape(f) for f in files]
