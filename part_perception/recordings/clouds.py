"""Clouds of a recording by index: PointCloud2 messages, or depth images with their camera model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.recordings import images
from part_perception.recordings.bag_reader import BagReader
from part_perception.recordings.bags import IMAGES, only, source
from part_perception.recordings.point_clouds import points_and_colours
from part_perception.recordings.shots import Topics

CLOUD = "sensor_msgs/msg/PointCloud2"


class BagClouds:
    """One topic of a bag; `stamps` (N,) in nanoseconds, in order. Each cloud is read on demand."""

    def __init__(self, path: Path, topic: str | None = None):
        self.path = path
        with BagReader(path) as bag:
            measured = [
                *bag.topics(CLOUD),
                *(t for t in bag.topics(*IMAGES) if images.is_depth(bag.first(t))),
            ]
            if topic is not None and topic not in measured:
                raise InputError(f"{path} has no clouds on {topic}; it has {', '.join(measured) or 'none'}")
            self.topic = topic or _chosen(bag, measured)
            self._model = None if self.topic in bag.topics(CLOUD) else source(bag, self.topic).camera.matrix
            self.stamps = bag.stamps(self.topic)

    def read(self, index: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Points (H, W, 3) or (N, 3) of one moment, and their colours."""
        with BagReader(self.path) as bag:
            found = bag.at({self.topic: {int(self.stamps[index])}})
            message = next((message for _, message in found), None)
        if message is None:
            raise InputError(f"{self.path} lacks its cloud {index} now; was it changed?")
        if self._model is not None:
            return images.cloud_of(images.depth_of(message), self._model), None
        try:
            return points_and_colours(message)
        except InputError as error:
            raise InputError(f"cloud {index} of {self.path} cannot be read: {error}") from None


def _chosen(bag: BagReader, measured: list[str]) -> str:
    """The only topic with clouds, or else the only one with depth images."""
    clouds = bag.topics(CLOUD)
    if len(clouds) > 1:
        raise InputError(f"{bag.path} has several clouds; name one with --topic: {', '.join(clouds)}")
    if not measured:
        raise InputError(f"{bag.path} holds neither clouds (PointCloud2) nor depth images")
    return clouds[0] if clouds else only(bag, "depth image", images.is_depth, Topics())
