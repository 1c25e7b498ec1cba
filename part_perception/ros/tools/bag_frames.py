"""Bag frames: every cloud of a recording through the node's own server, one after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import PointCloud2
from tf2_msgs.msg import TFMessage

from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.messages.clouds import read_cloud
from part_perception.ros.outputs.publisher import TOPICS, FrameMessages
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.server import PendingMessage, Server
from part_perception.ros.tools.bag_writer import BagWriter
from part_perception.ros.transforms import OwnTransforms

CLOUD = "sensor_msgs/msg/PointCloud2"
PREFIX = "/part_perception"
FOR_EVER = 1e9
MIN_MESSAGE = 8  # bytes: what CDR puts first, and a length


@dataclass(frozen=True)
class BagFrame:
    """One cloud of a bag: the time at which it was recorded, and its answers, or in words why there are none."""

    time_ns: int
    messages: FrameMessages | None
    refusal: str = ""


def bag_frames(reader: BagReader, topic: str, server: Server) -> Iterator[BagFrame]:
    """Every cloud of a topic, in the order of the recording."""
    for time_ns, raw in reader.raw(topic):
        try:
            seen = server.look(PendingMessage(deserialized(raw, PointCloud2), 0.0))
            yield BagFrame(time_ns, FrameMessages(seen, server.place(seen.cloud), age=0.0))
        except Refusal as refusal:
            yield BagFrame(time_ns, None, str(refusal))


def points_at(reader: BagReader, topic: str, time_ns: int) -> np.ndarray | None:
    """(N, 3) the points of the cloud that was recorded at a time; None if there is none."""
    raw = next((raw for _, raw in reader.raw(topic, time_ns)), None)
    return None if raw is None else read_cloud(deserialized(raw, PointCloud2)).points.reshape(-1, 3)


def transforms_of(reader: BagReader) -> OwnTransforms:
    """All transforms of the bag at once: so none comes too late."""
    transforms = OwnTransforms(keep=FOR_EVER)
    for topic, static in (("/tf_static", True), ("/tf", False)):
        for _, raw in reader.raw(topic):
            with contextlib.suppress(Refusal):  # a damaged one tells nothing
                transforms.take(deserialized(raw, TFMessage), static)
    return transforms


def deserialized(raw: bytes, kind: type):
    """A message from its bytes; one that is cut off or damaged is refused, and the next one is read."""
    try:
        if len(raw) < MIN_MESSAGE:  # Fast CDR ends the whole process over less than an encapsulation header
            raise EOFError
        return deserialize_message(raw, kind)
    except Exception:  # the middleware's own, of many kinds
        raise Refusal(
            Status.BAD_CLOUD, "A message is damaged: its bytes are not those of its type."
        ) from None


def output_topics() -> dict[str, type]:
    """What is written: everything that the node publishes of a frame."""
    return {f"{PREFIX}/{name}": kind for name, (kind, _) in TOPICS.items()}


def write_frame(writer: BagWriter, time_ns: int, messages: FrameMessages) -> None:
    """All messages of a frame that has answers, at the time of its recording."""
    for name, (_, make) in TOPICS.items():
        writer.write(f"{PREFIX}/{name}", time_ns, make(messages))
