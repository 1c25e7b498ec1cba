"""Shapes: labelled-shape files, whole or as one simulated depth camera sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from part_perception.files import read_cloud
from part_perception.inputs import level
from part_perception.training.engine.surface import Surface
from part_perception.training.engine.views import camera_view

UPS = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
_SIZE = 0.25


@dataclass(frozen=True)
class LabelledShape:
    """One object with truth: labels (N,) index `names`, -1 = unlabelled."""

    name: str
    points: np.ndarray
    labels: np.ndarray
    names: tuple[str, ...]
    category: str
    up: tuple[float, float, float]


def load_shape(path: Path) -> LabelledShape:
    """One labelled-shape file; what is not one is refused with the reason."""
    cloud = read_cloud(path)
    if cloud.labels is None or not cloud.label_names:
        raise ValueError(f"{path} is no labelled shape: it needs points, labels and label_names")
    points = np.asarray(cloud.points, float).reshape(-1, 3)
    up = UPS.get(cloud.up_axis or "z", UPS["z"])
    category = cloud.category or "object"
    return LabelledShape(path.stem, points, np.asarray(cloud.labels), tuple(cloud.label_names), category, up)


def load_shapes(folder: Path) -> list[LabelledShape]:
    """Every .npz of a folder, in order; a folder without any is an error."""
    if not folder.is_dir():
        raise ValueError(f"there is no folder {folder}")
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise ValueError(f"there is no .npz file in {folder}")
    return [load_shape(f) for f in files]


def single_view(shape: LabelledShape, seed: int) -> LabelledShape:
    """The shape as one depth camera sees it on a table, at the size of a hand-held object, z up."""
    rng = np.random.default_rng([seed, len(shape.points)])
    points = shape.points @ level(np.asarray(shape.up)).T
    points = points * (_SIZE / max(float(np.ptp(points, axis=0).max()), 1e-9))
    points = points - (*points.mean(axis=0)[:2], points[:, 2].min())
    surface = Surface(points, _normals(points), shape.labels, shape.labels)
    view = camera_view(surface, rng)
    return replace(shape, points=view.points, labels=view.part, up=UPS["z"])


def _normals(points: np.ndarray, neighbours: int = 12) -> np.ndarray:
    """Normals of the planes through each point's neighbours."""
    from scipy.spatial import cKDTree

    _, near = cKDTree(points).query(points, neighbours)
    spread = points[near] - points[near].mean(axis=1, keepdims=True)
    _, axes = np.linalg.eigh(np.einsum("nki,nkj->nij", spread, spread))
    return axes[:, :, 0]
