"""Recordings: one moment of a robot's life as a file: an object's points, the camera, and what a 2-D model said.

An .npz with `points` (N, 3) of one object in the camera's frame (x right, y down, z forward), `K` (3, 3), `masks`
(M, H, W) or `boxes` (M, 4) with `image_size` (width, height), `words` (M,) and `scores` (M,).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.training.distill.backprojection import Camera, ScoredMask, box_mask


@dataclass(frozen=True)
class Recording:
    """Points (N, 3) in the camera's frame, that camera, and the teacher's masks."""

    points: np.ndarray
    camera: Camera
    masks: tuple[ScoredMask, ...]


def load_recording(path: Path) -> Recording:
    """One recording; what it lacks is named."""
    try:
        with np.load(path, allow_pickle=False) as file:
            given = {name: file[name] for name in file.files}
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} is no recording: {error}") from error
    if "K" not in given:
        raise ValueError(f"{path} has no camera model: it needs K, a 3 × 3 matrix")
    lacking = [name for name in ("points", "words", "scores") if name not in given]
    if lacking:
        raise ValueError(f"{path} is no recording: it lacks {', '.join(lacking)}")
    masks = _masks(path, given)
    words, scores = given["words"], given["scores"]
    if not len(masks) == len(words) == len(scores):
        raise ValueError(f"{path} has {len(masks)} masks, {len(words)} words and {len(scores)} scores")
    height, width = masks[0].shape if len(masks) else (1, 1)
    camera = Camera(given["K"], width, height, np.eye(3), np.zeros(3))
    said = (ScoredMask(str(w), m, float(s)) for w, m, s in zip(words, masks, scores, strict=True))
    return Recording(np.asarray(given["points"], float).reshape(-1, 3), camera, tuple(said))


def _masks(path: Path, given: dict[str, np.ndarray]) -> list[np.ndarray]:
    if "masks" in given:
        if given["masks"].ndim != 3:
            raise ValueError(f"masks in {path} must be (M, H, W), not {given['masks'].shape}")
        return list(given["masks"] > 0)
    if "boxes" not in given or "image_size" not in given:
        raise ValueError(f"{path} needs masks, or boxes with image_size")
    width, height = (int(v) for v in given["image_size"])
    return [box_mask(box, (height, width)) for box in given["boxes"]]
