"""Images: depth and camera_info → cloud, a mask image or 2-D boxes → regions; without cv_bridge."""

from __future__ import annotations

import numpy as np

from part_perception.ros.conversion import Cloud, nanoseconds
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.regions import pixels

DEPTH = {"16UC1": ("u2", 0.001), "mono16": ("u2", 0.001), "32FC1": ("f4", 1.0)}
MASKS = {"mono8": "u1", "8UC1": "u1", "16UC1": "u2", "mono16": "u2", "32SC1": "i4"}
COLOURS = {"rgb8": (0, 1, 2), "bgr8": (2, 1, 0), "rgba8": (0, 1, 2), "bgra8": (2, 1, 0)}
MOST_REGIONS = 64


def pixel_values(image, kind: str, channels: int = 1) -> np.ndarray:
    """(H, W, channels) view of an image message."""
    dtype = np.dtype((">" if image.is_bigendian else "<") + kind)
    row = image.width * channels * dtype.itemsize
    if image.height * image.width == 0:
        _refuse("it has no pixels")
    if image.step < row or len(image.data) < (image.height - 1) * image.step + row:
        _refuse(f"{image.width} × {image.height} pixels of {image.encoding} do not fit its step and data")
    shape, strides = (
        (image.height, image.width, channels),
        (image.step, channels * dtype.itemsize, dtype.itemsize),
    )
    return np.ndarray(shape, dtype, np.frombuffer(image.data, np.uint8), 0, strides)


def depth_cloud(depth, info, colour=None) -> Cloud:
    """An organised cloud from a depth image, by the pinhole model of its camera_info."""
    if depth.encoding not in DEPTH:
        _refuse(f"its encoding {depth.encoding!r} is none of {', '.join(DEPTH)}")
    if not depth.header.frame_id:
        _refuse("its frame_id is empty; set the frame in the camera driver")
    if (info.width, info.height) != (depth.width, depth.height):
        size = f"{depth.width} × {depth.height}"
        _refuse(f"it is {size}, but camera_info says {info.width} × {info.height}")
    kind, unit = DEPTH[depth.encoding]
    fx, fy, cx, cy = info.k[0], info.k[4], info.k[2], info.k[5]
    if not (fx > 0 and fy > 0):
        _refuse("the focal lengths in camera_info are not more than 0")
    z = pixel_values(depth, kind)[..., 0].astype(np.float32) * np.float32(unit)
    x = ((np.arange(depth.width) - cx) / fx).astype(np.float32)
    y = ((np.arange(depth.height) - cy) / fy).astype(np.float32)
    points = np.stack([z * x, z * y[:, None], z], axis=-1)
    stamp = nanoseconds(depth.header.stamp)
    return Cloud(points, None if colour is None else _colours(colour, depth), depth.header.frame_id, stamp)


def _colours(image, depth) -> np.ndarray:
    if image.encoding not in COLOURS:
        _refuse(f"the colour image's encoding {image.encoding!r} is none of {', '.join(COLOURS)}")
    if (image.width, image.height) != (depth.width, depth.height):
        _refuse("the colour image has another size than the depth image; use the registered one")
    return pixel_values(image, "u1", 4 if "a" in image.encoding else 3)[..., COLOURS[image.encoding]]


def mask_regions(image, shape: tuple[int, ...]) -> list[np.ndarray]:
    """One region for each value of a mask image that is not 0."""
    if image.encoding not in MASKS:
        _refuse(f"the mask's encoding {image.encoding!r} is none of {', '.join(MASKS)}")
    if (image.height, image.width) != shape[:2]:
        _refuse(f"the mask is {image.width} × {image.height}, another size than the cloud")
    values = pixel_values(image, MASKS[image.encoding])[..., 0]
    return [(values == value).ravel() for value in np.unique(values)[:MOST_REGIONS] if value != 0]


def detection_regions(detections, shape: tuple[int, ...]) -> list[np.ndarray]:
    """One region for each box of a Detection2DArray; boxes outside the image are left out."""
    regions = []
    for detection in detections.detections[:MOST_REGIONS]:
        box = detection.bbox
        try:
            regions.append(pixels(_Rectangle(box, shape), shape))
        except Refusal:
            continue
    return regions


class _Rectangle:
    """The whole pixels of a box, within the image."""

    def __init__(self, box, shape: tuple[int, ...]):
        x, y = box.center.position.x, box.center.position.y
        self.x_offset, self.y_offset = max(round(x - box.size_x / 2), 0), max(round(y - box.size_y / 2), 0)
        self.width = max(min(round(x + box.size_x / 2), shape[1]) - self.x_offset, 0)
        self.height = max(min(round(y + box.size_y / 2), shape[0]) - self.y_offset, 0)


def _refuse(reason: str):
    raise Refusal(Status.BAD_CLOUD, f"The depth image cannot be read: {reason}.")
