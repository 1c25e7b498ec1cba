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
    """The published loader's output: points in the unit sphere around the mean, y and z exchanged."""
    centred = stored - stored.mean(axis=0)
    return (centred / np.linalg.norm(centred, axis=1).max())[:, [0, 2, 1]]


def centres_of(points: np.ndarray, count: int) -> np.ndarray:
    """(count,) rows: farthest point sampling from the first point on, none of a squared norm of at most 1e-3."""
    rows, gap = [0], np.full(len(points), np.inf)
    allowed = (points**2).sum(axis=1) > 1e-3
    for _ in range(count - 1):
        gap = np.minimum(gap, ((points - points[rows[-1]]) ** 2).sum(axis=1))
        rows.append(int(np.where(allowed, gap, -1).argmax()))
    return np.array(rows)


def write_features(folder: Path, stored: np.ndarray, of_points: np.ndarray, patches: int) -> None:
    """patch_features.pt: the mean of the 2-D features (N, T) over the 32 points nearest to each centre."""
    points = network_points(stored)
    centres = points[centres_of(points, patches)]
    near = ((centres[:, None] - points[None]) ** 2).sum(axis=2).argsort(axis=1)[:, :NEIGHBOURS]
    folder.mkdir(parents=True)
    held = {
        "centers_xyz": torch.from_numpy(centres).float(),
        "patch_feats": torch.from_numpy(of_points[near].mean(axis=1)).float(),
        "feature_dim": of_points.shape[1],
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
) -> np.ndarray:
    """One shape of points with z up, overlapping masks (L, N) and 2-D features of points. What points.pt holds."""
    stored = y_up(points)
    rendered = top / "labeled" / "rendered" / f"{name}_{uid}" / "oriented"
    merged = rendered / "masks" / "merged"
    merged.mkdir(parents=True)
    (top / "labeled" / "points" / uid).mkdir(parents=True)
    torch.save(torch.from_numpy(stored).float(), top / "labeled" / "points" / uid / "points.pt")
    torch.save(torch.from_numpy(masks), merged / "mask2points.pt")
    (merged / "mask_labels.txt").write_text("".join(f"{label}\n" for label in labels))
    if of_points is not None:
        write_features(rendered / "patch_dino", stored, of_points, patches)
    return stored
