"""Lenses: the line of sight of every pixel of an image that is not rectified, by the models of CameraInfo."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from part_perception.errors import InputError

STEPS, ENOUGH = 25, 1e-5
SURE = 0.2  # pixels: a line of sight that leads back to its pixel less closely is unknown
MODELS = {"plumb_bob": 5, "rational_polynomial": 8, "equidistant": 4, "fisheye": 4}  # and their coefficients


@lru_cache(maxsize=2)
def sight_lines(
    width: int, height: int, matrix: tuple[float, ...], model: str, distortion: tuple[float, ...]
) -> np.ndarray:
    """(H, W, 2) float32 x and y where z is 1; NaN at the border of a lens whose model cannot be inverted there."""
    if model not in MODELS or len(distortion) < MODELS[model]:
        raise InputError(
            f"its distortion model {model!r} with {len(distortion)} coefficients is none of {', '.join(MODELS)}; "
            "use the rectified image (image_rect)"
        )
    k = np.array(matrix, float).reshape(3, 3)
    x, y = np.meshgrid((np.arange(width) - k[0, 2]) / k[0, 0], (np.arange(height) - k[1, 2]) / k[1, 1])
    pixel = np.stack([x, y], axis=-1)
    coefficients = np.array(distortion[: MODELS[model]], float)
    bent = fisheye if MODELS[model] == 4 else brown_conrady
    with np.errstate(all="ignore"):  # outside the range of a model numbers overflow; those are dropped below
        lines = pixel.copy()
        for _ in range(STEPS):
            step = pixel - bent(lines, coefficients)
            lines += step
            if np.abs(step).max() < ENOUGH:  # not where one of them is NaN
                break
        miss = np.linalg.norm((bent(lines, coefficients) - pixel) * (k[0, 0], k[1, 1]), axis=-1)
    lines[~(miss < SURE)] = np.nan
    return lines.astype(np.float32)


def brown_conrady(lines: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Where a lens with radial and tangential distortion shows lines of sight."""
    k1, k2, p1, p2, k3, k4, k5, k6 = np.pad(coefficients, (0, 8 - len(coefficients)))
    x, y = lines[..., 0], lines[..., 1]
    r = x * x + y * y
    radial = (1 + r * (k1 + r * (k2 + r * k3))) / (1 + r * (k4 + r * (k5 + r * k6)))
    across = np.stack([2 * p1 * x * y + p2 * (r + 2 * x * x), p1 * (r + 2 * y * y) + 2 * p2 * x * y], axis=-1)
    return lines * radial[..., None] + across


def fisheye(lines: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Where a lens of equal angles shows lines of sight."""
    radius = np.linalg.norm(lines, axis=-1)
    angle = np.arctan(radius)
    square = angle * angle
    k1, k2, k3, k4 = coefficients
    shown = angle * (1 + square * (k1 + square * (k2 + square * (k3 + square * k4))))
    return lines * np.where(radius > 1e-9, shown / np.maximum(radius, 1e-9), 1.0)[..., None]
