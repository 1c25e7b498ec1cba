"""Bags: depth, colour and a 2-D model's output, combined by their stamps into shots.

The output of a 2-D model is recorded as vision_msgs detections or as mask images.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import pose_matrix
from part_perception.recordings import images
from part_perception.recordings.bag_reader import BagReader
from part_perception.recordings.lenses import Lens, image_size, is_rectified, lens_of
from part_perception.recordings.shots import ANY, Camera, ScoredMask, Shot, Topics, box_mask, check_room
from part_perception.recordings.transform_tree import TransformBuffer, TransformUnknown

DETECTIONS = "vision_msgs/msg/Detection2DArray"
LABELS = "vision_msgs/msg/LabelInfo"
_SURE = 1.0  # a mask image has no confidence


def class_names(info) -> dict[str, str]:
    """Class names by class number (as text) from a LabelInfo message."""
    return {str(c.class_id): c.class_name for c in info.class_map}


def masks_of(
    message, camera: Camera, words: Sequence[str], names: Mapping[str, str]
) -> tuple[ScoredMask, ...]:
    """The masks in a message. Values of a mask image are classes, or without names, word positions from 1."""
    if hasattr(message, "detections"):
        return tuple(_detected(message, camera, names))
    values = images.mask_of(message)
    names = names or {str(i): word for i, word in enumerate(words, 1)}
    here = [int(v) for v in np.unique(values) if v != 0]
    check_room(len(here), values.shape)
    return tuple(ScoredMask(names.get(str(v), str(v)), values == v, _SURE) for v in here)


def _detected(message, camera: Camera, names: Mapping[str, str]):
    check_room(len(message.detections), (camera.height, camera.width))
    for detection in message.detections:
        box = detection.bbox
        centre = getattr(box.center, "position", box.center)  # before Humble, a plain Pose2D
        x, y, w, h = centre.x, centre.y, box.size_x / 2, box.size_y / 2
        try:
            mask = box_mask((x - w, y - h, x + w, y + h), (camera.height, camera.width))
        except (ValueError, OverflowError):  # outside the image or not finite: skipped
            continue
        for result in detection.results:
            said = result.hypothesis
            yield ScoredMask(names.get(said.class_id, said.class_id), mask, float(said.score))


IMAGES = ("sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage")
INFO = "sensor_msgs/msg/CameraInfo"
WITHIN_NS = 30_000_000


@dataclass(frozen=True)
class Source:
    """A topic, its frame, and its CameraInfo."""

    topic: str
    frame: str
    info: Any

    def lens(self, shape: tuple[int, ...] | None = None) -> Lens:
        """The lens of its images of this shape; without one, of the camera model's size."""
        try:
            return lens_of(self.info, shape or image_size(self.info)[::-1], is_rectified(self.topic))
        except InputError as error:
            raise InputError(f"an image of {self.topic} cannot be used: {error}") from None


def bag_shots(path: Path, words: Sequence[str], look: bool, topics: Topics, most: int) -> Iterator[Shot]:
    """Shots of a bag; look: with colour images, otherwise with the recorded boxes or masks."""
    with BagReader(path) as bag:
        depth = source(bag, topics.depth or only(bag, "depth image", depth_topics(bag, topics)))
        seen = source(bag, _seen_topic(bag, look, topics))
        turn, place = pose_between(bag, depth.frame, seen.frame)
        camera = Camera.behind(seen.lens(), turn, place)
        names = class_names(next(iter(bag.all(labels[0])))) if (labels := bag.topics(LABELS)) else {}
        for when, far, near in together(bag, depth, seen, most):
            measured = images.depth_of(far)
            name, cloud = f"{path} at {when * 1e-9:.3f} s", depth.lens(measured.shape).cloud(measured)
            if look:
                yield Shot(name, cloud, camera, image=images.colour_of(near))
            else:
                yield Shot(name, cloud, camera, masks=masks_of(near, camera, words, names))


def _seen_topic(bag: BagReader, look: bool, topics: Topics) -> str:
    """The topic with colours, or with the 2-D model's output."""
    if look:
        return topics.colour or only(bag, "colour image", image_topics(bag, images.is_colour, topics))
    if topics.said:
        return topics.said
    found = bag.topics(DETECTIONS)
    if len(found) != 1:
        raise InputError(
            f"{bag.path} has {len(found)} topics of Detection2DArray: name the teacher's boxes or mask images "
            f"with --said{': ' + ', '.join(found) if found else ''}"
        )
    return found[0]


def image_topics(bag: BagReader, fits: Callable, topics: Topics = ANY) -> list[str]:
    """The image topics of a kind."""
    return [t for t in bag.topics(*IMAGES) if t != topics.said and fits(bag.first(t))]


def depth_topics(bag: BagReader, topics: Topics = ANY) -> list[str]:
    """The topics with depth images; pictures that may be masks as well count where there are no others."""
    return image_topics(bag, images.is_depth, topics) or image_topics(bag, images.is_depth_picture, topics)


def only(bag: BagReader, what: str, found: Sequence[str], option: str = "") -> str:
    """The only topic of a kind; option: the one that names it on the command line."""
    if len(found) != 1:
        raise InputError(
            f"{bag.path} has {len(found)} topics with a {what}: name one with "
            f"--{option or what.partition(' ')[0]}{': ' + ', '.join(found) if found else ''}"
        )
    return found[0]


def source(bag: BagReader, topic: str) -> Source:
    """A topic and its camera model: the one beside it, or the only one with its frame and size."""
    if topic not in bag.topics(*IMAGES, DETECTIONS):
        raise InputError(f"{bag.path} has no images or detections on {topic}")
    first = bag.first(topic)
    infos = {t: m for t in bag.topics(INFO) if _fits(m := bag.first(t), first)}
    plain = topic.removesuffix("/compressed").removesuffix("/compressedDepth")
    beside = [t for t in infos if t.rpartition("/")[0] == plain.rpartition("/")[0]]
    chosen = infos[beside[0]] if beside else next(iter(infos.values()), None)
    if chosen is None:
        raise InputError(
            f"{bag.path} has no camera model for {topic}: record the camera_info of the frame "
            f"{first.header.frame_id!r} too"
        )
    return Source(topic, first.header.frame_id, chosen)


def _fits(info, message) -> bool:
    size = (getattr(message, "width", info.width), getattr(message, "height", info.height))
    return info.header.frame_id == message.header.frame_id and size in (
        (info.width, info.height),
        image_size(info),
    )


def together(bag: BagReader, depth: Source, seen: Source, most: int) -> Iterator[tuple]:
    """Matching (stamp, depth message, seen message), at most `most`, spread over the recording."""
    at, beside = bag.stamps(depth.topic), bag.stamps(seen.topic)
    after = np.clip(np.searchsorted(beside, at), 1, max(len(beside) - 1, 1))
    low, high = beside[after - 1], beside[np.minimum(after, len(beside) - 1)]
    nearest = np.where(np.abs(at - low) <= np.abs(high - at), low, high)
    pairs = [(int(a), int(b)) for a, b in zip(at, nearest, strict=True) if abs(a - b) <= WITHIN_NS]
    if not pairs:
        raise InputError(f"{bag.path}: no image of {seen.topic} has a depth image within 0.03 s")
    kept = [pairs[i] for i in np.unique(np.linspace(0, len(pairs) - 1, most).round().astype(int))]
    wanted = {depth.topic: {a for a, _ in kept}, seen.topic: {b for _, b in kept}}
    got: dict[tuple[str, int], object] = {}
    for key, message in bag.at(wanted):
        got[key] = message
        while kept and (depth.topic, kept[0][0]) in got and (seen.topic, kept[0][1]) in got:
            far, near = kept.pop(0)
            yield far, got.pop((depth.topic, far)), got[(seen.topic, near)]
            for key in [k for k in got if k[0] == seen.topic and k[1] < near]:
                del got[key]


STATIC = "/tf_static"


def pose_between(bag: BagReader, frame: str, camera: str) -> tuple[np.ndarray, np.ndarray]:
    """A camera's rotation (rows right, down, forward) and position in a frame."""
    tree = TransformBuffer(keep=0.0)
    if bag.topics("tf2_msgs/msg/TFMessage"):
        for message in bag.all(STATIC):
            for t in message.transforms:
                tree.set(t.header.frame_id, t.child_frame_id, None, _matrix(t.transform))
    try:
        pose = tree.lookup(frame, camera, 0)
    except TransformUnknown:
        raise InputError(
            f"{bag.path} does not contain the pose of the camera {camera!r} in {frame!r}: record {STATIC}, or depth "
            "images that are registered to the colour camera"
        ) from None
    return pose[:3, :3].T, pose[:3, 3]


def _matrix(transform) -> np.ndarray:
    t, q = transform.translation, transform.rotation
    return pose_matrix((t.x, t.y, t.z), (q.x, q.y, q.z, q.w))
