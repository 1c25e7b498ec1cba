"""Back-projection: masks in an image → which points of an object they mean, by the camera model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.recordings.shots import Camera, ScoredMask

_CRUMB = 0.02  # of a mask: a smaller piece of it goes with the largest one
_BEHIND = 0.02  # of the object's size: what lies this far behind the nearest point of a pixel is hidden


@dataclass(frozen=True)
class Knowledge:
    """One mask lifted to an object's points: class, score, and the points (N,) it covers."""

    label: int
    score: float
    points: np.ndarray


def pixels_of(points: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """(N,) the pixel (row · width + column) of every point and whether the camera sees it: in the image, not hidden."""
    seen = (points - camera.position) @ np.asarray(camera.rotation).T
    z = seen[:, 2]
    k = camera.matrix
    ahead = z > 1e-6
    depth = np.where(ahead, z, 1.0)
    u = np.floor(k[0, 0] * seen[:, 0] / depth + k[0, 2] + 0.5)  # a pixel's middle is a whole number
    v = np.floor(k[1, 1] * seen[:, 1] / depth + k[1, 2] + 0.5)
    inside = ahead & (u >= 0) & (u < camera.width) & (v >= 0) & (v < camera.height)
    pixel = np.where(inside, v * camera.width + u, 0).astype(np.int64)
    nearest = np.full(camera.width * camera.height, np.inf)
    np.minimum.at(nearest, pixel[inside], z[inside])
    size = float(np.ptp(points, axis=0).max())
    return pixel, inside & (z <= nearest[pixel] + _BEHIND * size)


def lift(
    masks: Sequence[ScoredMask], camera: Camera, points: np.ndarray, words: Sequence[str]
) -> tuple[list[Knowledge], np.ndarray]:
    """Masks of one image on an object's points, piece by piece, and which points (N,) the image shows at all."""
    pixel, visible = pixels_of(points, camera)
    out = []
    for found in masks:
        if found.mask.shape != (camera.height, camera.width):
            raise InputError(
                f"a mask is {found.mask.shape[1]} × {found.mask.shape[0]}, "
                f"the camera's image {camera.width} × {camera.height}"
            )
        if found.word not in words:
            continue
        number = list(words).index(found.word)
        for piece in pieces_of(found.mask):
            covered = visible & piece.ravel()[pixel]
            if covered.any():
                out.append(Knowledge(number, float(found.score), covered))
    return out, visible


def pieces_of(mask: np.ndarray) -> list[np.ndarray]:
    """The connected pieces of a mask (H, W), crumbs with the largest: a model may be right in one, wrong in another."""
    from scipy.ndimage import label

    numbers, count = label(mask, np.ones((3, 3)))
    if count == 1:
        return [mask]
    sizes = np.bincount(numbers.ravel(), minlength=count + 1)
    sizes[0] = 0
    crumb = (sizes > 0) & (sizes < _CRUMB * sizes.sum())
    whole = np.where(crumb, sizes.argmax(), np.arange(count + 1))[numbers]
    return [whole == k for k in range(1, count + 1) if not crumb[k]]


def vote(knowledge: Sequence[Knowledge], scores: Sequence[float], count: int, classes: int) -> np.ndarray:
    """(N,) the class with the most votes, each mask with its score; -1 for points that no mask covers."""
    votes = np.zeros((count, classes))
    for known, score in zip(knowledge, scores, strict=True):
        votes[known.points, known.label] += score
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1)
