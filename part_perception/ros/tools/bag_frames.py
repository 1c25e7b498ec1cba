"""Bag frames: runs each cloud of a recording through the node's server, and writes messages into a bag.

Messages are written as their wire bytes; rosbags handles MCAP and sqlite3.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rclpy.serialization import deserialize_message, serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header
from tf2_msgs.msg import TFMessage

import part_perception_interfaces
from part_perception.errors import InputError
from part_perception.recordings.bag_reader import BagReader
from part_perception.ros.messages.clouds import XYZ, read_cloud, write_cloud
from part_perception.ros.messages.parts import time_message
from part_perception.ros.outputs.publisher import PREVIEW, TOPICS, FrameMessages
from part_perception.ros.perceived import PendingMessage
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms

OURS = "part_perception_interfaces"
UNFINISHED = "UNFINISHED"


class BagWriter(ExitStack):
    """A new bag with these topics; until it is complete, a file in it says that it is not."""

    def __init__(self, path: Path, topics: dict[str, type]):
        super().__init__()
        sqlite = path.suffix == ".db3"
        folder = path.with_suffix("") if path.suffix in (".db3", ".mcap") else path
        if folder.exists():
            raise InputError(f"{folder} already exists; choose another name, or remove it")
        store = get_typestore(Stores.LATEST)
        store.register(_our_types())
        plugin = StoragePlugin.SQLITE3 if sqlite else StoragePlugin.MCAP
        self._writer = self.enter_context(Writer(folder, version=9, storage_plugin=plugin))
        self._unfinished = folder / UNFINISHED
        self._unfinished.write_text("This bag is incomplete: writing it was interrupted.\n")
        self._connections = {
            topic: self._writer.add_connection(topic, _name(kind), typestore=store)
            for topic, kind in topics.items()
        }

    def __exit__(self, kind, error, trace) -> bool | None:
        done = super().__exit__(kind, error, trace)
        if kind is None:
            self._unfinished.unlink()
        return done

    def write(self, topic: str, stamp: int, message) -> None:
        self._writer.write(self._connections[topic], stamp, serialize_message(message))


def _name(kind: type) -> str:
    return f"{kind.__module__.split('.')[0]}/msg/{kind.__name__}"


def _our_types() -> dict:
    """Our message types, from the definitions installed with them."""
    prefixes = Path(part_perception_interfaces.__file__).parents
    folder = next(p / "share" / OURS / "msg" for p in prefixes if (p / "share" / OURS / "msg").is_dir())
    types: dict = {}
    for file in sorted(folder.glob("*.msg")):
        types |= get_types_from_msg(file.read_text(), f"{OURS}/msg/{file.stem}")
    return types


CLOUD = "sensor_msgs/msg/PointCloud2"
PREFIX = "/part_perception"
FOR_EVER = 1e9
MIN_MESSAGE = 8  # bytes: the CDR header and a length


@dataclass(frozen=True)
class BagFrame:
    """One cloud of a bag: its recording time, and its answers or the reason why there are none."""

    time_ns: int
    messages: FrameMessages | None
    refusal: str = ""


def bag_frames(
    reader: BagReader, topic: str, server: Server, start: int | None = None, stop: int | None = None
) -> Iterator[BagFrame]:
    """The clouds of a topic in recording order, from one time until before another."""
    for time_ns, raw in reader.raw(topic, start, stop):
        try:
            seen = server.look(PendingMessage(deserialized(raw, PointCloud2), 0.0))
            step = server.config.labeled_cloud_step
            yield BagFrame(time_ns, FrameMessages(seen, server.place(seen.cloud), age=0.0, step=step))
        except Refusal as refusal:
            yield BagFrame(time_ns, None, str(refusal))


def points_at(reader: BagReader, topic: str, time_ns: int) -> np.ndarray | None:
    """(H, W, 3) or (N, 3) the points of the cloud recorded at a time; None if there is none."""
    raw = next((raw for _, raw in reader.raw(topic, time_ns, time_ns + 1)), None)
    return None if raw is None else read_cloud(deserialized(raw, PointCloud2)).points


def transforms_of(reader: BagReader) -> OwnTransforms:
    """Load all transforms of the bag first, so that none comes too late."""
    transforms = OwnTransforms(keep=FOR_EVER)
    for topic, static in (("/tf_static", True), ("/tf", False)):
        for _, raw in reader.raw(topic):
            with contextlib.suppress(Refusal):  # damaged transforms are skipped
                transforms.take(deserialized(raw, TFMessage), static)
    return transforms


def deserialized(raw: bytes, kind: type):
    """A message from its bytes; truncated or damaged ones are refused, and the next one is read."""
    try:
        if len(raw) < MIN_MESSAGE:  # Fast CDR ends the process on less than an encapsulation header
            raise EOFError
        return deserialize_message(raw, kind)
    except Exception:  # many kinds, from the middleware
        raise Refusal(
            Status.BAD_CLOUD, "A message is damaged: its bytes are not those of its type."
        ) from None


def output_topics() -> dict[str, type]:
    """The output topics: everything that the node publishes for a frame, except its preview."""
    return {f"{PREFIX}/{name}": kind for name, (kind, _) in TOPICS.items() if name != PREVIEW}


def write_frame(writer: BagWriter, time_ns: int, messages: FrameMessages) -> None:
    """All messages of a frame with answers, at its recording time."""
    for topic in output_topics():
        _, make = TOPICS[topic.removeprefix(f"{PREFIX}/")]
        writer.write(topic, time_ns, make(messages))


FRAME, TOPIC = "camera_optical_frame", "/points"


def write_clouds(folder: Path, clouds: Iterable[np.ndarray], period_ns: int) -> None:
    """An MCAP recording of one topic, a cloud (H, W, 3) every period."""
    store = get_typestore(Stores.LATEST)
    with Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        topic = writer.add_connection(TOPIC, "sensor_msgs/msg/PointCloud2", typestore=store)
        for k, points in enumerate(clouds):
            header = Header(frame_id=FRAME, stamp=time_message(k * period_ns))
            message = write_cloud(points.astype(np.float32), header, XYZ)
            writer.write(topic, k * period_ns, serialize_message(message))
