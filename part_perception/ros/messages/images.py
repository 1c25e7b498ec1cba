"""Images: depth and camera_info → cloud, a mask image or 2-D boxes → regions; without cv_bridge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import moved
from part_perception.parts.naming import UNSURE, Belief
from part_perception.recordings.images import colour_of, depth_of, mask_of
from part_perception.recordings.lenses import image_size, lens_of
from part_perception.ros.messages.clouds import GREY, Cloud, nanoseconds
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.regions import pixels
from part_perception.scene.decode import NamedRegion

MAX_REGIONS = 64


@dataclass(frozen=True)
class ImageCamera:
    """The camera of an image topic: its CameraInfo, None until one arrives, and whether its images are rectified.

    `locate` gives the pose (4, 4) of a frame in another one at a stamp, or a Refusal.
    """

    info: Any
    rectified: bool
    locate: Callable[[str, str, int], np.ndarray]

    def pixels(self, cloud: Cloud, frame: str, shape: tuple[int, ...]) -> np.ndarray:
        """(N,) the pixel (row · width + column) that shows each point of a cloud; -1 outside the image.

        `frame` and `shape` are those of the image.
        """
        lens = lens_of(self.info, shape, self.rectified)
        pose = self.locate(frame, cloud.frame_id, cloud.stamp_ns)
        at = lens.pixels(moved(cloud.points.reshape(-1, 3), pose))
        with np.errstate(invalid="ignore"):  # NaN, for a missing point or one behind the camera, is outside
            inside = np.all((at > -0.5) & (at < (lens.width - 0.5, lens.height - 0.5)), axis=1)
        column, row = np.where(inside[:, None], at, 0).round().astype(np.int64).T
        return np.where(inside, row * lens.width + column, -1)


def depth_cloud(
    depth, info, colour=None, rectified: bool = False, camera: ImageCamera | None = None
) -> Cloud:
    """An organised cloud from a depth image, raw or compressed, by its camera_info.

    `camera` is that of the colour image, if it may differ from the depth camera.
    """
    if not depth.header.frame_id:
        refuse("its frame_id is empty; set the frame in the camera driver")
    metres = read(depth_of, depth)
    points = read(lambda image: lens_of(info, image.shape, rectified).cloud(image), metres)
    cloud = Cloud(points, None, depth.header.frame_id, nanoseconds(depth.header.stamp))
    return cloud if colour is None else coloured(cloud, colour, camera)


def coloured(cloud: Cloud, image, camera: ImageCamera | None) -> Cloud:
    """The cloud of a depth image with colours, which only pass through; if they are missing, it says why."""
    try:
        return replace(cloud, colours=registered(colour_of(image), image.header.frame_id, cloud, camera))
    except (InputError, Refusal) as reason:
        return replace(cloud, remark=f"colours are left out: {f'{reason}'.rstrip('.')}")


def registered(colours: np.ndarray, frame: str, cloud: Cloud, camera: ImageCamera | None) -> np.ndarray:
    """(H, W, 3) a colour for each pixel of a depth image, from the same pixel or from the one that shows its point."""
    (h, w), (height, width) = colours.shape[:2], cloud.points.shape[:2]
    same_frame = frame in ("", cloud.frame_id)
    if same_frame and (h, w) == (height, width):
        return colours
    if camera is None or camera.info is None:
        what = f"is {w} × {h} but the depth image {width} × {height}"
        if not same_frame:
            what = f"is in the frame {frame} but the depth image in {cloud.frame_id}"
        raise InputError(
            f"the colour image {what}; use the registered one, or publish its camera_info on color/camera_info"
        )
    pixel = camera.pixels(cloud, frame or cloud.frame_id, colours.shape)
    shown = np.where((pixel >= 0)[:, None], colours.reshape(-1, 3)[pixel], GREY)
    return shown.reshape(cloud.points.shape)


def image_regions(marks, cloud: Cloud, camera: ImageCamera) -> list:
    """The regions of a cloud in a mask image or Detection2DArray, by its own pixels or by those that show it."""
    find: Callable[[Any, tuple[int, ...]], list] = (
        detection_regions if hasattr(marks, "detections") else mask_regions
    )
    if cloud.points.ndim == 3:
        return find(marks, cloud.points.shape)
    if camera.info is None:
        raise Refusal(
            Status.BAD_CLOUD,
            "regions needs the camera_info of its image for clouds with a single row, but none has arrived; "
            "use depth images (input: rgbd), or regions: none.",
        )
    try:
        shape = (*image_size(camera.info)[::-1], 3)
        pixel = camera.pixels(cloud, camera.info.header.frame_id or cloud.frame_id, shape)
    except InputError as error:
        raise Refusal(Status.BAD_CLOUD, f"regions cannot be used: {error}.") from None
    return [shown_in(region, pixel) for region in find(marks, shape)]


def shown_in(region: Any, pixel: np.ndarray) -> Any:
    """A mask (N,) of the points whose pixel lies in a region of the image."""
    if isinstance(region, NamedRegion):
        return NamedRegion(shown_in(region.region, pixel), region.said)
    return (pixel >= 0) & region[pixel]


def mask_regions(image, shape: tuple[int, ...]) -> list[np.ndarray]:
    """One region for each value of a mask image that is not 0; the largest, if there are too many."""
    if (image.height, image.width) != shape[:2]:
        refuse(f"it is {image.width} × {image.height}, not of the cloud's size", "mask")
    values = read(mask_of, image, "mask")
    found, pixel_counts = np.unique(values[values != 0], return_counts=True)
    largest = np.sort(np.argsort(-pixel_counts, kind="stable")[:MAX_REGIONS])
    return [(values == value).ravel() for value in found[largest]]


def detection_regions(detections, shape: tuple[int, ...]) -> list[NamedRegion]:
    """One region for each box of a Detection2DArray, with its most confident class; the surest, if there are too many.

    Boxes outside the image or not finite are left out.

    Where that leaves none of them, something is wrong with the detector.
    """
    regions, boxes = [], detections.detections
    if len(boxes) > MAX_REGIONS:
        boxes = sorted(boxes, key=lambda box: -class_of(box).confidence)[:MAX_REGIONS]
    for detection in boxes:
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
    """The detector's class and confidence; nothing if it gives no confidence."""
    said = [Belief(r.hypothesis.class_id, float(r.hypothesis.score)) for r in detection.results]
    return max((b for b in said if 0 <= b.confidence <= 1), key=lambda b: b.confidence, default=UNSURE)


class _Rectangle:
    """A box in whole pixels, clipped to the image."""

    def __init__(self, box, shape: tuple[int, ...]):
        x, y = box.center.position.x, box.center.position.y
        self.x_offset, self.y_offset = max(round(x - box.size_x / 2), 0), max(round(y - box.size_y / 2), 0)
        self.width = max(min(round(x + box.size_x / 2), shape[1]) - self.x_offset, 0)
        self.height = max(min(round(y + box.size_y / 2), shape[0]) - self.y_offset, 0)


def read(values_of: Callable[[Any], np.ndarray], image, what: str = "depth image") -> np.ndarray:
    """The content of an image; a Refusal says why it cannot be read."""
    try:
        return values_of(image)
    except InputError as error:
        refuse(str(error), what)


def refuse(reason: str, what: str = "depth image") -> NoReturn:
    raise Refusal(Status.BAD_CLOUD, f"The {what} cannot be read: {reason}.")
