"""Images: depth and camera_info → cloud, a mask image or 2-D boxes → regions; without cv_bridge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from part_perception.errors import InputError
from part_perception.parts.naming import UNSURE, Belief
from part_perception.recordings.images import cloud_along, cloud_of, colour_of, depth_of, mask_of
from part_perception.recordings.lenses import sight_lines
from part_perception.ros.messages.clouds import Cloud, nanoseconds
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.regions import pixels
from part_perception.scene.regions import NamedRegion

MAX_REGIONS = 64


def depth_cloud(depth, info, colour=None, rectified: bool = False) -> Cloud:
    """An organised cloud from a depth image, raw or compressed, by its camera_info.

    A rectified image has the matrix P; another has K and the distortion of its lens.
    """
    if not depth.header.frame_id:
        refuse("its frame_id is empty; set the frame in the camera driver")
    metres = read(depth_of, depth)
    height, width = metres.shape
    if (info.width, info.height) != (width, height):
        refuse(f"it is {width} × {height}, but camera_info says {info.width} × {info.height}")
    projected = np.asarray(info.p, float).reshape(3, 4)[:, :3]
    matrix = np.asarray(info.k, float).reshape(3, 3)
    if rectified and projected[0, 0] > 0:
        matrix = projected
    if not (matrix[0, 0] > 0 and matrix[1, 1] > 0):
        refuse("the focal lengths in camera_info are not more than 0")
    if rectified or not np.any(info.d):
        points = cloud_of(metres, matrix)
    else:
        lens = width, height, tuple(matrix.ravel()), info.distortion_model, tuple(info.d)
        points = cloud_along(metres, read(lambda known: sight_lines(*known), lens))
    colours, remark = registered(colour, metres.shape)
    return Cloud(points, colours, depth.header.frame_id, nanoseconds(depth.header.stamp), remark)


def registered(colour, shape: tuple[int, ...]) -> tuple[np.ndarray | None, str]:
    """The colours of a depth image's pixels, which only pass through; without them, why in words."""
    if colour is None:
        return None, ""
    try:
        colours = colour_of(colour)
    except InputError as error:
        return None, f"colours are left out: {error}"
    if colours.shape[:2] == shape:
        return colours, ""
    (h, w), (height, width) = colours.shape[:2], shape
    reason = f"the colour image is {w} × {h} and the depth image {width} × {height}; use the registered one"
    return None, f"colours are left out: {reason}"


def grid_of(cloud: Cloud) -> tuple[int, ...]:
    """The shape of a cloud in which an image's pixels can be found."""
    if cloud.points.ndim != 3:
        raise Refusal(
            Status.BAD_CLOUD,
            "regions needs clouds with rows and columns, and this one has a single row; use depth images "
            "(input: rgbd), or regions: none.",
        )
    return cloud.points.shape


def mask_regions(image, shape: tuple[int, ...]) -> list[np.ndarray]:
    """One region for each value of a mask image that is not 0."""
    if (image.height, image.width) != shape[:2]:
        refuse(f"the mask is {image.width} × {image.height}, another size than the cloud")
    values = read(mask_of, image)
    return [(values == value).ravel() for value in np.unique(values)[:MAX_REGIONS] if value != 0]


def detection_regions(detections, shape: tuple[int, ...]) -> list[NamedRegion]:
    """One region for each box of a Detection2DArray, and the class that the detector is surest of.

    Boxes outside the image or not finite are left out.

    Where that leaves none of them, something is wrong with the detector.
    """
    regions = []
    for detection in detections.detections[:MAX_REGIONS]:
        box = detection.bbox
        place = box.center.position
        if not np.isfinite((place.x, place.y, box.size_x, box.size_y)).all():
            continue
        try:
            regions.append(NamedRegion(pixels(_Rectangle(box, shape), shape), class_of(detection)))
        except Refusal:
            continue
    if detections.detections and not regions:
        count, (height, width) = len(detections.detections), shape[:2]
        sentence = (
            f"None of the boxes of detections ({count}) is finite and within the {width} × {height} image."
        )
        raise Refusal(Status.NO_OBJECT, sentence)
    return regions


def class_of(detection) -> Belief:
    """What a detector says; nothing where it gives no confidence."""
    said = [Belief(r.hypothesis.class_id, float(r.hypothesis.score)) for r in detection.results]
    return max((b for b in said if 0 <= b.confidence <= 1), key=lambda b: b.confidence, default=UNSURE)


class _Rectangle:
    """The whole pixels of a box, within the image."""

    def __init__(self, box, shape: tuple[int, ...]):
        x, y = box.center.position.x, box.center.position.y
        self.x_offset, self.y_offset = max(round(x - box.size_x / 2), 0), max(round(y - box.size_y / 2), 0)
        self.width = max(min(round(x + box.size_x / 2), shape[1]) - self.x_offset, 0)
        self.height = max(min(round(y + box.size_y / 2), shape[0]) - self.y_offset, 0)


def read(values_of: Callable[[Any], np.ndarray], image) -> np.ndarray:
    """What an image holds; refused with the reason where it cannot be read."""
    try:
        return values_of(image)
    except InputError as error:
        refuse(str(error))


def refuse(reason: str) -> NoReturn:
    raise Refusal(Status.BAD_CLOUD, f"The depth image cannot be read: {reason}.")
