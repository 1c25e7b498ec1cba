"""Own files: labelled-shape files (.npz), and the layout in which PatchAlign3D and Find3D release data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from part_perception.errors import InputError
from part_perception.files.labelled_shapes import LabelledShape, load_shape
from part_perception.geometry import AXES
from part_perception.language.english import MAX_TEXT, clean

_LABELLED, _MASKS, _FEATURES = "labeled", "oriented/masks/merged", "oriented/patch_dino/patch_features.pt"
_RELEASED_UP = AXES["y"]


class Read(NamedTuple):
    """Points (N, 3), masks (L, N), the name and score of each mask, and the up direction."""

    points: np.ndarray
    masks: np.ndarray
    names: list[str]
    scores: np.ndarray
    up: tuple[float, float, float]


@dataclass(frozen=True)
class Entry:
    """One shape: its files, its category and part names (cleaned), and the size of its teacher features."""

    points: str
    masks: str
    features: str
    category: str
    names: tuple[str, ...]
    teacher: int = 0


def scan(folder: Path) -> list[Entry]:
    """List all shapes of a folder in either layout; finding none is an error."""
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}")
    entries = _scan_released(folder) if (folder / _LABELLED).is_dir() else _scan_files(folder)
    if not entries:
        raise InputError(f"there are no labelled shapes in {folder}: neither .npz files nor labeled/points")
    return entries


def names_of_folders(folders: Sequence[Path]) -> list[str]:
    """Return every name and category in the data of some folders."""
    return list(dict.fromkeys(n for folder in folders for e in scan(folder) for n in (*e.names, e.category)))


def read_shape(entry: Entry) -> Read:
    """Read a shape's files."""
    return _read_released(entry) if entry.masks else _read_file(entry.points)


# --- labelled-shape files -------------------------------------------------------------------------------------
def _scan_files(folder: Path) -> list[Entry]:
    shapes = [(path, load_shape(path)) for path in sorted(folder.glob("*.npz"))]
    return [
        Entry(str(path.resolve()), "", "", clean(s.category), tuple(dict.fromkeys(map(clean, _said_of(s)))))
        for path, s in shapes
    ]


def _said_of(shape: LabelledShape) -> tuple[str, ...]:
    """Return the names of a shape's parts; scored machine-made names replace its flat labels."""
    return shape.names if shape.named is None else shape.named.names


def _read_file(path: str) -> Read:
    shape = load_shape(Path(path))
    finite = np.isfinite(shape.points).all(axis=1)
    names = [clean(name) for name in _said_of(shape)]
    if shape.named is not None:
        return Read(shape.points[finite], shape.named.masks[:, finite], names, shape.named.scores, shape.up)
    masks = shape.labels[finite] == np.arange(len(shape.names))[:, None]
    return Read(shape.points[finite], masks, names, np.ones(len(names)), shape.up)


# --- the released layout --------------------------------------------------------------------------------------
def _scan_released(folder: Path) -> list[Entry]:
    """List shapes with masks; only those in split/train.txt if it exists."""
    top = folder / _LABELLED
    split = top / "split" / "train.txt"
    wanted = set(split.read_text().split()) if split.is_file() else None
    out, size = [], 0
    for rendered in sorted((top / "rendered").glob("*_*")):
        name, _, uid = rendered.name.rpartition("_")
        points, masks = top / "points" / uid / "points.pt", rendered / _MASKS
        if wanted is not None and not {uid, rendered.name} & wanted:
            continue
        if not points.is_file() or not (masks / "mask2points.pt").is_file():
            raise InputError(f"{rendered} lacks {points} or its masks")
        names = tuple(dict.fromkeys(filter(None, _mask_names(masks))))
        features = rendered / _FEATURES
        if features.is_file() and not size:  # the first one stands for all: there may be tens of thousands
            size = read_features(str(features))[1].shape[1]
        known = str(features.resolve()) if features.is_file() else ""
        out.append(
            Entry(
                str(points.resolve()), str(masks.resolve()), known, clean(name), names, size if known else 0
            )
        )
    return out


def _mask_names(masks: Path) -> list[str]:
    """The name of each mask, "" for what is none: a model wrote them, and sometimes nothing or a paragraph."""
    try:
        lines = (masks / "mask_labels.txt").read_text().splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{masks / 'mask_labels.txt'} cannot be used: {error}") from error
    return [clean(line) if len(line) <= MAX_TEXT and any(map(str.isalnum, line)) else "" for line in lines]


def _read_released(entry: Entry) -> Read:
    points = _tensor(_load(entry.points), entry.points).astype(float)
    masks = _tensor(_load(f"{entry.masks}/mask2points.pt"), entry.masks).astype(bool)
    names = _mask_names(Path(entry.masks))
    if masks.shape != (len(names), len(points)) or points.shape[1:] != (3,):
        raise InputError(
            f"{entry.masks}: {len(names)} labels, masks {masks.shape}, points {points.shape} do not match"
        )
    named = [k for k, name in enumerate(names) if name]
    return Read(points, masks[named], [names[k] for k in named], np.ones(len(named)), _RELEASED_UP)


def read_features(path: str) -> tuple[np.ndarray, np.ndarray]:
    """Read the centres (P, 3) of a teacher's patches and their features (P, T).

    The file has y and z swapped, as in the published network's input; returned centres match the points.
    """
    held = _load(path)
    if not isinstance(held, dict) or not {"centers_xyz", "patch_feats"} <= held.keys():
        raise InputError(f"{path} holds no centers_xyz and patch_feats")
    centres, features = (_tensor(held[k], path).astype(np.float32) for k in ("centers_xyz", "patch_feats"))
    if centres.shape[1:] != (3,) or features.ndim != 2 or len(centres) != len(features):
        raise InputError(f"{path}: centres {centres.shape} and features {features.shape} do not match")
    return centres[:, [0, 2, 1]], features


def _load(path: str):
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def _tensor(value, path: str) -> np.ndarray:
    if not hasattr(value, "numpy"):
        raise InputError(f"{path} holds no tensor")
    return value.float().numpy()
