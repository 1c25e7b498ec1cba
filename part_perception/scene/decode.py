"""Decode: turns the given cloud into points in row order, their image and ranges, and finds the points of a region."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.solids import Solid, leave_out
from part_perception.inputs import list_of, seen_from
from part_perception.parts.naming import Belief
from part_perception.scene import kernels
from part_perception.scene.config import SceneConfig
from part_perception.types import OrientedBox

MILLIMETRES_FROM = 60.0  # no depth camera on a robot has half of its points beyond 60 m


@dataclass(frozen=True)
class View:
    """Points (N, 3) float32 in metres in the given order; reach (N,) from the camera, 0 = nothing there.

    width is the width of the image the points form, 0 if they form none; pitch is the angle between two
    pixels, 0 = unknown. sight_known: whether the camera is known to be at the viewpoint; if not, the viewpoint is
    just the origin. image: what the camera saw, if unorganised points still lie on its pixels (see raster.py).
    """

    points: np.ndarray
    reach: np.ndarray
    width: int
    pitch: float
    viewpoint: np.ndarray
    sight_known: bool = True
    image: Image | None = None

    @property
    def height(self) -> int:
        return len(self.points) // self.width if self.width else 0


@dataclass(frozen=True)
class Image:
    """Unorganised points as an image, and the place (H * W,) of each pixel in the cloud, -1 = none."""

    view: View
    source: np.ndarray


def decode(
    cloud: np.ndarray,
    viewpoint: Sequence[float] | np.ndarray | None,
    config: SceneConfig,
    unwanted: Sequence[Solid] = (),
) -> View:
    """Check the input and measure every point's distance from the camera; none within unwanted solids."""
    points, width = as_points(cloud)
    eye = seen_from(viewpoint)
    sight_known = eye is not None
    eye = np.zeros(3) if eye is None else eye
    if config.units == "millimetres":
        points = points * np.float32(0.001)
    else:
        refuse_millimetres(points, eye)
    reach = np.empty(len(points), np.float32)
    low = np.full(3, -np.inf) if config.crop_min is None else np.asarray(config.crop_min, float)
    high = np.full(3, np.inf) if config.crop_max is None else np.asarray(config.crop_max, float)
    kernels.measure_reach(points, eye, config.min_range, config.max_range, low, high, reach)
    if not isinstance(unwanted, Sequence) or not all(isinstance(each, Solid) for each in unwanted):
        raise InputError("unwanted must be a list of Solid")
    leave_out(points, reach, unwanted)
    pitch = pixel_pitch(points, reach, width, eye)
    return View(points, reach, width, pitch, eye, sight_known)


def as_points(cloud: np.ndarray) -> tuple[np.ndarray, int]:
    """(N, 3) float32 points and the image's width (0 = no image)."""
    try:
        cloud = np.asarray(cloud)
    except ValueError:
        raise InputError("a cloud is an array of numbers; the rows of this one differ in length") from None
    if cloud.ndim not in (2, 3) or cloud.shape[-1] < 3 or cloud.dtype.kind not in "fiu":
        raise InputError(
            f"a cloud is an array of numbers of shape (N, 3) or (H, W, 3); this one is {cloud.dtype} {cloud.shape}"
        )
    organised = cloud.ndim == 3 and min(cloud.shape[:2]) > 1
    points = cloud[..., :3].reshape(-1, 3)
    if points.dtype == np.float32 and points.flags.writeable and not points.flags.c_contiguous:
        points = kernels.without_gaps(points)
    # as the compiled loops take it; what a file or a message holds may not be written to
    return np.require(points, np.float32, ("C", "W")), cloud.shape[1] if organised else 0


def refuse_millimetres(points: np.ndarray, viewpoint: np.ndarray) -> None:
    """Refuse a cloud in millimetres, which would otherwise look like an empty scene."""
    sample = points[:: max(1, len(points) // 2048)]
    sample = sample[np.isfinite(sample).all(axis=1) & sample.any(axis=1)]
    away = np.abs(sample - viewpoint).max(axis=1, initial=0.0)
    if len(away) >= 16 and np.median(away) > MILLIMETRES_FROM:
        if np.ptp(sample, axis=0).max(initial=0.0) <= MILLIMETRES_FROM:
            raise InputError(
                f"the cloud lies {np.median(away):.0f} m from the camera, which is at the origin unless `viewpoint` "
                "says otherwise: subtract an offset from its coordinates"
            )
        raise InputError(
            f"the cloud seems to be in millimetres (half of its points lie beyond {np.median(away):.0f}): "
            "give metres, or set scene.units to 'millimetres'"
        )


def pixel_pitch(points: np.ndarray, reach: np.ndarray, width: int, viewpoint: np.ndarray) -> float:
    """The angle between the rays of neighbouring pixels; noise in depth does not change it."""
    if width == 0:
        return 0.0
    stride = max(1, len(points) // 8192)
    # all columns count: those of an enlarged image have copies beside them
    while math.gcd(stride, width) > 1:
        stride += 1
    left = np.arange(0, len(points) - 1, stride)
    left = left[(left % width < width - 1) & (reach[left] > 0) & (reach[left + 1] > 0)]
    if len(left) < 16:
        return 1e-3
    # take the widest, because they narrow towards the border of a flat image
    return max(float(np.percentile(kernels.ray_angles(points, reach, viewpoint, left), 95)), 1e-5)


Region = OrientedBox | np.ndarray


@dataclass(frozen=True)
class NamedRegion:
    """A region and what a detector says its object is."""

    region: Region
    said: Belief


def given_regions(regions) -> Sequence | None:
    """The caller's regions as a sequence; None: no regions were given."""
    return None if regions is None else list_of(regions, "regions must be a list with one for each object")


def inside(region: Region, view: View) -> np.ndarray:
    """Which points (N,) lie in the region."""
    if isinstance(region, OrientedBox):
        if [np.shape(each) for each in (region.centre, region.rotation, region.size)] != [(3,), (3, 3), (3,)]:
            raise InputError("an OrientedBox has a centre (3,), a rotation (3, 3) and a size (3,)")
        local = (view.points - np.asarray(region.centre, np.float32)) @ np.asarray(
            region.rotation, np.float32
        )
        return (np.abs(local) <= np.asarray(region.size, np.float32) / 2).all(axis=1)
    mask = np.asarray(region)
    if mask.dtype != bool or mask.size != len(view.points):
        raise InputError(
            f"a region is an OrientedBox or a bool mask with one entry per point ({len(view.points)}); "
            f"this one is {mask.dtype} {mask.shape}"
        )
    return mask.ravel()
