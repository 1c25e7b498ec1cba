"""Simulated teacher: a 2-D model with controlled faults, which labels views whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.recordings.shots import Camera, ScoredMask
from part_perception.simulation.capture import look_at
from part_perception.training.distill.backprojection import pixels_of

_SIDE = 96


@dataclass(frozen=True)
class Faults:
    """How often parts are missed or take a wrong word, how far masks spill (pixels), and how little scores tell:

    `score_noise` is each mask's own, `view_noise` shifts all scores of a view together.
    """

    missed: float = 0.3
    wrong: float = 0.25
    spill: int = 5
    score_noise: float = 0.2
    view_noise: float = 0.1


def camera_around(points: np.ndarray, azimuth: float, elevation: float) -> Camera:
    """A camera that sees the whole object, from a direction."""
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    pose = look_at(azimuth, elevation, 2.5 * size, middle)
    focal = 2.3 * _SIDE
    matrix = np.array([[focal, 0, _SIDE / 2], [0, focal, _SIDE / 2], [0, 0, 1.0]])
    return Camera(matrix, _SIDE, _SIDE, pose[:3, :3].T, pose[:3, 3])


def label_image(points: np.ndarray, labels: np.ndarray, camera: Camera) -> np.ndarray:
    """(H, W) the label seen in each pixel, -1 = nothing: what a perfect 2-D model would say."""
    from scipy.ndimage import distance_transform_edt

    pixel, visible = pixels_of(points, camera)
    flat = np.full(camera.width * camera.height, -2)
    flat[pixel[visible]] = labels[visible]
    image = flat.reshape(camera.height, camera.width)
    away, (row, column) = distance_transform_edt(image == -2, return_indices=True)
    return np.where(away <= 2, image[row, column], -1)


def faulty_masks(
    image: np.ndarray, words: Sequence[str], faults: Faults, rng: np.random.Generator
) -> list[ScoredMask]:
    """The parts of a label image as a faulty model gives them."""
    from scipy.ndimage import binary_dilation

    out, liked = [], rng.normal(0, faults.view_noise)
    for label in np.unique(image[image >= 0]):
        if rng.random() < faults.missed:
            continue
        said, wrong = int(label), rng.random() < faults.wrong
        if wrong:
            said = int(rng.choice([c for c in range(len(words)) if c != label]))
        reach = int(rng.integers(0, faults.spill + 1))
        mask = binary_dilation(image == label, iterations=reach) if reach else image == label
        score = np.clip((0.55 if wrong else 0.65) + liked + rng.normal(0, faults.score_noise), 0.05, 1.0)
        out.append(ScoredMask(words[said], mask, float(score)))
    return out
