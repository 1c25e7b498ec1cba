"""Shots: a cloud at one moment, with the camera and either its image or a 2-D model's detections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.recordings.lenses import Lens

FRAMES = 100
MAX_PIXELS = 1 << 27  # of an image
MAX_MASKS = 1 << 30  # pixels of all masks of one moment, a byte each


@dataclass(frozen=True)
class Camera:
    """A camera: K (3, 3), image size, and pose: rotation with rows right, down, forward; position.

    Its lens distorts by a model of CameraInfo, unless the image is rectified.
    """

    matrix: np.ndarray
    width: int
    height: int
    rotation: np.ndarray
    position: np.ndarray
    model: str = ""
    distortion: tuple[float, ...] = ()

    @classmethod
    def behind(cls, lens: Lens, rotation: np.ndarray, position: np.ndarray) -> Camera:
        """The camera of a lens at a pose."""
        matrix = np.reshape(lens.matrix, (3, 3))
        return cls(matrix, lens.width, lens.height, rotation, position, lens.model, lens.distortion)

    @property
    def lens(self) -> Lens:
        matrix = tuple(np.ravel(self.matrix).tolist())
        return Lens(self.width, self.height, matrix, self.model, self.distortion)

    def __post_init__(self):
        k = np.asarray(self.matrix, float)
        if k.shape != (3, 3) or not np.isfinite(k).all() or k[0, 0] <= 0 or k[1, 1] <= 0:
            raise InputError(
                "the camera model must be a 3 × 3 matrix with focal lengths above 0; is it missing?"
            )
        if self.width < 1 or self.height < 1:
            raise InputError(f"the image must have pixels, not {self.width} × {self.height}")
        check_room(1, (self.height, self.width), MAX_PIXELS)


@dataclass(frozen=True)
class ScoredMask:
    """A detection of a 2-D model in an image: the word, its mask (H, W) bool and its score."""

    word: str
    mask: np.ndarray
    score: float


def check_room(count: int, shape: tuple[int, int], most: int = MAX_MASKS) -> None:
    """Refuse masks that together have too many pixels, before any is made."""
    if count * shape[0] * shape[1] > most:
        raise InputError(f"{count} × {shape[1]} × {shape[0]} pixels are too many; {most} is the maximum")


def box_mask(box: Sequence[float] | np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """A box (left, top, right, bottom) in pixels as a mask, for models that output boxes."""
    left, top, right, bottom = (round(float(v)) for v in box)
    mask = np.zeros(shape, bool)
    mask[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = True
    if not mask.any():
        raise InputError(f"the box {tuple(box)} holds no pixel of a {shape[1]} × {shape[0]} image")
    return mask


@dataclass(frozen=True)
class Shot:
    """One moment: cloud (H, W, 3) of a scene or (N, 3) of one object; its camera in the cloud's frame.

    `image` (H, W, 3) uint8 and `masks` are None if they were not recorded.
    """

    name: str
    cloud: np.ndarray
    camera: Camera
    image: np.ndarray | None = None
    masks: tuple[ScoredMask, ...] | None = None


@dataclass(frozen=True)
class ScoredPoints:
    """An answer about a cloud: the word, the indices of its points, and its confidence."""

    word: str
    indices: np.ndarray
    score: float


@dataclass(frozen=True)
class AnsweredCloud:
    """The cloud (H, W, 3) or (N, 3) of a scene, its up direction, and the answers about it."""

    cloud: np.ndarray
    up: np.ndarray
    said: tuple[ScoredPoints, ...]


@dataclass(frozen=True)
class Topics:
    """The topics of a bag to read; None: the only one of its kind. `said` is the 2-D model's output."""

    depth: str | None = None
    colour: str | None = None
    said: str | None = None


ANY = Topics()
