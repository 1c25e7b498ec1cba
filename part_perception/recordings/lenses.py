"""Lenses: converts between pixels and points, rectified or not, cropped or binned, by CameraInfo's models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from part_perception.errors import InputError

STEPS, ENOUGH = 25, 1e-5
MAX_SLOPE = 20.0  # of a line of sight: 87 degrees aside
SURE = 0.2  # pixels: a line of sight that misses its own pixel by more is unknown
MODELS = {"plumb_bob": 5, "rational_polynomial": 8, "equidistant": 4, "fisheye": 4}  # coefficients of each


@dataclass(frozen=True)
class Lens:
    """A camera's projection: `matrix` row by row; without `distortion`, the image is rectified."""

    width: int
    height: int
    matrix: tuple[float, ...]
    model: str = ""
    distortion: tuple[float, ...] = ()

    def cloud(self, depth: np.ndarray) -> np.ndarray:
        """(H, W, 3) organised cloud of a depth image (H, W)."""
        if not self.distortion:
            return cloud_of(depth, np.reshape(self.matrix, (3, 3)))
        lines = sight_lines(self.width, self.height, self.matrix, self.model, self.distortion)
        return cloud_along(depth, lines)

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """(N, 2) the column and row of points (N, 3) of the camera's frame; NaN behind it or beyond its model."""
        k = np.reshape(self.matrix, (3, 3))
        with np.errstate(all="ignore"):  # non-finite values stay non-finite
            ahead = np.where(points[:, 2:] > 0, points[:, 2:], np.nan)
            lines = points[:, :2] / ahead
            if self.distortion:
                aside = (lines**2).sum(axis=1, keepdims=True)
                lines = np.where(aside <= widest(self.model, self.distortion) ** 2, lines, np.nan)
                lines = bending(self.model, self.distortion)(lines)
            return lines * (k[0, 0], k[1, 1]) + k[:2, 2]


def lens_of(info, shape: tuple[int, ...], rectified: bool) -> Lens:
    """The lens of an image (H, W) by its CameraInfo; an InputError if it does not fit the image.

    A rectified image has the matrix P, any other K and the distortion. Both belong to the full
    image: the region of interest and binning say which part of it was sent, and how much smaller.
    """
    height, width = shape[:2]
    left, top, across, down = info.roi.x_offset, info.roi.y_offset, *_binning(info)
    if (width, height) == (info.width, info.height):
        left, top, across, down = 0, 0, 1, 1
    elif (width, height) != (came := image_size(info)):
        sizes = dict.fromkeys(f"{w} × {h}" for w, h in ((info.width, info.height), came))
        raise InputError(f"it is {width} × {height}, but camera_info says {' or '.join(sizes)}")
    matrix = np.array(info.k, float).reshape(3, 3)
    projected = np.array(info.p, float).reshape(3, 4)[:, :3]
    if rectified and projected[0, 0] > 0:
        matrix = projected.copy()
    matrix[:2, 2] -= (left, top)
    matrix[:2] /= ((across,), (down,))
    if not (np.isfinite(matrix).all() and matrix[0, 0] > 0 and matrix[1, 1] > 0):
        raise InputError("the focal lengths in camera_info are not above 0; is the camera calibrated?")
    numbers = tuple(matrix.ravel().tolist())
    if rectified or not np.any(info.d):
        return Lens(width, height, numbers)
    bending(info.distortion_model, info.d)
    if not np.isfinite(info.d).all():
        raise InputError("the distortion in camera_info is not finite; is the camera calibrated?")
    return Lens(width, height, numbers, info.distortion_model, tuple(map(float, info.d)))


def image_size(info) -> tuple[int, int]:
    """Width and height of the sent images: the region of interest (the whole image if it is 0), binned."""
    across, down = _binning(info)
    return (info.roi.width or info.width) // across, (info.roi.height or info.height) // down


def _binning(info) -> tuple[int, int]:
    return max(info.binning_x, 1), max(info.binning_y, 1)


def is_rectified(topic: str) -> bool:
    """Whether a topic's images are rectified, by image_proc's names: image_rect, image_rect_raw."""
    name = topic.removesuffix("/compressedDepth").removesuffix("/compressed").rpartition("/")[2]
    return "rect" in name


def cloud_of(depth: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(H, W, 3) organised cloud of a depth image, using its camera matrix."""
    x = ((np.arange(depth.shape[1]) - matrix[0, 2]) / matrix[0, 0]).astype(np.float32)
    y = ((np.arange(depth.shape[0]) - matrix[1, 2]) / matrix[1, 1]).astype(np.float32)
    return np.stack([depth * x, depth * y[:, None], depth], axis=-1)


def cloud_along(depth: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """(H, W, 3) organised cloud of a depth image that is not rectified, using its lines of sight (H, W, 2)."""
    return np.concatenate([depth[..., None] * lines, depth[..., None]], axis=-1)


@lru_cache(maxsize=2)
def sight_lines(
    width: int, height: int, matrix: tuple[float, ...], model: str, distortion: tuple[float, ...]
) -> np.ndarray:
    """(H, W, 2) float32 x and y where z is 1; NaN at the border of a lens whose model cannot be inverted there."""
    bent = bending(model, distortion)
    k = np.array(matrix, float).reshape(3, 3)
    x, y = np.meshgrid((np.arange(width) - k[0, 2]) / k[0, 0], (np.arange(height) - k[1, 2]) / k[1, 1])
    pixel = np.stack([x, y], axis=-1)
    with np.errstate(all="ignore"):  # outside a model's range, numbers overflow and are dropped below
        lines = pixel.copy()
        for _ in range(STEPS):
            step = pixel - bent(lines)
            lines += step
            if np.abs(step).max() < ENOUGH:  # false if any of them is NaN
                break
        miss = np.linalg.norm((bent(lines) - pixel) * (k[0, 0], k[1, 1]), axis=-1)
    lines[~(miss < SURE)] = np.nan
    return lines.astype(np.float32)


def bending(model: str, distortion: Sequence[float]) -> Callable[[np.ndarray], np.ndarray]:
    """The function from lines of sight to their distorted directions, by CameraInfo's model."""
    if model not in MODELS or len(distortion) < MODELS[model]:
        raise InputError(
            f"its distortion model {model!r} with {len(distortion)} coefficients is not among {', '.join(MODELS)}; "
            "use the rectified image (image_rect)"
        )
    bend = fisheye if MODELS[model] == 4 else brown_conrady
    coefficients = np.array(distortion[: MODELS[model]], float)
    return lambda lines: bend(lines, coefficients)


@lru_cache(maxsize=16)
def widest(model: str, distortion: tuple[float, ...]) -> float:
    """The slope of the widest line of sight that a model holds for: farther out, it folds back into the image."""
    slopes = np.linspace(0.0, MAX_SLOPE, 4000)
    lines = np.stack([slopes, np.zeros(len(slopes))], axis=1)
    bend = bending(model, distortion)
    with np.errstate(all="ignore"):
        shown = (bend(lines) - bend(-lines))[:, 0]  # without tangential distortion, the same on both sides
        folded = np.flatnonzero(~(np.diff(shown) > 0))
    return float(slopes[folded[0]]) if len(folded) else np.inf


def brown_conrady(lines: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Lines of sight, distorted radially and tangentially."""
    k1, k2, p1, p2, k3, k4, k5, k6 = np.pad(coefficients, (0, 8 - len(coefficients)))
    x, y = lines[..., 0], lines[..., 1]
    r = x * x + y * y
    radial = (1 + r * (k1 + r * (k2 + r * k3))) / (1 + r * (k4 + r * (k5 + r * k6)))
    across = np.stack([2 * p1 * x * y + p2 * (r + 2 * x * x), p1 * (r + 2 * y * y) + 2 * p2 * x * y], axis=-1)
    return lines * radial[..., None] + across


def fisheye(lines: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Lines of sight, distorted by an equidistant fisheye lens."""
    radius = np.linalg.norm(lines, axis=-1)
    angle = np.arctan(radius)
    square = angle * angle
    k1, k2, k3, k4 = coefficients
    shown = angle * (1 + square * (k1 + square * (k2 + square * (k3 + square * k4))))
    return lines * np.where(radius > 1e-9, shown / np.maximum(radius, 1e-9), 1.0)[..., None]
