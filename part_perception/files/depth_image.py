"""Depth images (.png .tif .tiff) → clouds, by camera intrinsics; integers are millimetres, floats metres."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.files.cloud import CloudFile, require_room
from part_perception.storage import read_file, require_regular

DEPTH_ENDINGS = (".png", ".tif", ".tiff")
_WHOLE_MODES = ("I", "I;16", "I;16B", "I;16L")  # Pillow's names for 16 and 32 bits per pixel
_MILLIMETRE = 0.001


@dataclass(frozen=True)
class Intrinsics:
    """Intrinsics of a pinhole camera, in pixels."""

    fx: float
    fy: float
    cx: float
    cy: float

    def __post_init__(self) -> None:
        if not np.isfinite((self.fx, self.fy, self.cx, self.cy)).all() or min(self.fx, self.fy) <= 0:
            raise InputError("the intrinsics fx and fy must be more than 0, and all four finite")


def read_depth(path: Path, camera: Intrinsics) -> CloudFile:
    """Read a depth image as an image of points in the optical frame: z ahead, y down; NaN where it is 0."""
    require_regular(path)
    try:
        depth = _decoded(read_file(path))
    except InputError as error:
        raise InputError(f"{path} {error}") from None
    height, width = depth.shape
    ahead = np.where((depth > 0) & np.isfinite(depth), depth, np.nan)
    aside = (np.arange(width) - camera.cx) / camera.fx * ahead
    down = (np.arange(height)[:, None] - camera.cy) / camera.fy * ahead
    points = np.stack([aside, down, ahead], axis=-1).reshape(-1, 3).astype(np.float32)
    if not np.isfinite(points).any():
        raise InputError(f"{path} has no pixel with a depth")
    return CloudFile(points, up_axis="-y", size=(height, width))


def _decoded(data: bytes) -> np.ndarray:
    """(H, W) depths in metres."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("PNG", "TIFF"))
        require_room(8 * image.width * image.height, "its image")
        mode, pixels = image.mode, np.asarray(image)
    except (InputError, MemoryError):
        raise
    except Exception:  # Pillow's readers can raise anything
        raise InputError("is damaged or not a readable image") from None
    if mode == "F":
        return pixels.astype(float)
    if mode not in _WHOLE_MODES:
        raise InputError(
            f"is not a depth image: its pixels are of the kind {mode}, not 16 bits (millimetres) or floats (metres)"
        )
    return pixels * _MILLIMETRE
