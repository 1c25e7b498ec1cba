"""Shapes in the released layout of PatchAlign3D's data, written by the rules of its own pre-processing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

NEIGHBOURS = 32


def y_up(points: np.ndarray) -> np.ndarray:
    """An object with z up as glTF has it."""
    return points[:, [0, 2, 1]] * (1, 1, -1)


def network_points(stored: np.ndarray) -> np.ndarray:
    """Points in the unit sphere around the mean, y and z exchanged, as the published network sees them."""
    centred = stored - stored.mean(axis=0)
    return (centred / np.linalg.norm(centred, axis=1).max())[:, [0, 2, 1]]


def centres_of(points: np.ndarray, count: int) -> np.ndarray:
    """(count,) rows: farthest point sampling from a random point on."""
    rows, gap = [int(np.random.RandomState(0).randint(len(points)))], np.full(len(points), np.inf)
    for _ in range(count - 1):
        gap = np.minimum(gap, ((points - points[rows[-1]]) ** 2).sum(axis=1))
        rows.append(int(gap.argmax()))
    return np.array(rows)


def write_features(folder: Path, points: np.ndarray, of_points: np.ndarray, patches: int) -> None:
    """patch_features.pt: the mean direction of the 2-D features (N, T) of the 32 points nearest to each centre."""
    rows = centres_of(points, patches)
    gaps = ((points[rows][:, None] - points[None]) ** 2).sum(axis=2)
    near = gaps.argsort(axis=1)[:, :NEIGHBOURS]
    mean = of_points[near].mean(axis=1)
    folder.mkdir(parents=True)
    held = {
        "item_id": folder.parent.parent.name,
        "feature_dim": of_points.shape[1],
        "img_size": 518,
        "centers_idx": torch.from_numpy(rows),
        "centers_xyz": torch.from_numpy(points[rows]).float(),
        "patch_idx": torch.from_numpy(near),
        "point2center": torch.from_numpy(gaps.argmin(axis=0)),
        "patch_feats": torch.from_numpy(mean / np.linalg.norm(mean, axis=1, keepdims=True)).half(),
    }
    torch.save(held, folder / "patch_features.pt")


def write_shape(
    top: Path,
    name: str,
    uid: str,
    points: np.ndarray,
    masks: np.ndarray,
    labels: Sequence[str],
    of_points: np.ndarray | None = None,
    patches: int = 128,
    scaled: bool = False,
) -> np.ndarray:
    """One shape of points with z up, overlapping masks (L, N) and 2-D features of points. What points.pt holds.

    The authors' tool keeps the scale of points.pt in its centres; `scaled`: they lie in the unit sphere.
    """
    stored = y_up(points)
    rendered = top / "labeled" / "rendered" / f"{name}_{uid}" / "oriented"
    merged = rendered / "masks" / "merged"
    merged.mkdir(parents=True)
    (top / "labeled" / "points" / uid).mkdir(parents=True)
    torch.save(torch.from_numpy(stored).float(), top / "labeled" / "points" / uid / "points.pt")
    torch.save(torch.from_numpy(masks), merged / "mask2points.pt")
    (merged / "mask_labels.txt").write_text("".join(f"{label}\n" for label in labels))
    if of_points is not None:
        seen = network_points(stored) if scaled else stored[:, [0, 2, 1]]
        write_features(rendered / "patch_dino", seen, of_points, patches)
    return stored
