"""Bag reader: reads a ROS 2 recording (MCAP or sqlite3) as messages by topic and stamp, without ROS."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from rosbags.highlevel import AnyReader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from part_perception.errors import InputError

# Recordings in sqlite3 lack message definitions, and vision_msgs is in no common set.
_VISION = {
    "Point2D": "float64 x\nfloat64 y",
    "Pose2D": "vision_msgs/Point2D position\nfloat64 theta",
    "BoundingBox2D": "vision_msgs/Pose2D center\nfloat64 size_x\nfloat64 size_y",
    "ObjectHypothesis": "string class_id\nfloat64 score",
    "ObjectHypothesisWithPose": "vision_msgs/ObjectHypothesis hypothesis\n"
    "geometry_msgs/PoseWithCovariance pose",
    "Detection2D": "std_msgs/Header header\nvision_msgs/ObjectHypothesisWithPose[] results\n"
    "vision_msgs/BoundingBox2D bbox\nstring id",
    "Detection2DArray": "std_msgs/Header header\nvision_msgs/Detection2D[] detections",
    "VisionClass": "uint16 class_id\nstring class_name",
    "LabelInfo": "std_msgs/Header header\nvision_msgs/VisionClass[] class_map\nfloat32 threshold",
}


def typestore() -> Typestore:
    """The common ROS 2 messages, and the vision_msgs that are used here."""
    store = get_typestore(Stores.LATEST)
    for name, text in _VISION.items():
        store.register(get_types_from_msg(text, f"vision_msgs/msg/{name}"))
    return store


class BagReader(ExitStack):
    """A recording: topics by type, and messages by their header's stamp in nanoseconds.

    Each pass over it starts at the beginning.
    """

    def __init__(self, path: Path):
        super().__init__()
        self.path = path
        if not path.exists():
            raise InputError(f"there is no bag {path}")
        try:
            self._reader = self.enter_context(AnyReader([path], default_typestore=typestore()))
        except Exception as error:  # rosbags raises whatever its storage raised
            raise InputError(f"{path} cannot be read as a recording: {error}") from None
        if not self._reader.is2:
            self.close()
            raise InputError(f"{path} is a ROS 1 bag; convert it first with rosbags-convert")

    def topics(self, *kinds: str) -> list[str]:
        """Topics with messages of these types."""
        return sorted({c.topic for c in self._reader.connections if c.msgtype in kinds and c.msgcount})

    def only_topic(self, kind: str) -> str:
        """The one topic of a type."""
        topics = sorted({c.topic for c in self._reader.connections if c.msgtype == kind})
        if len(topics) != 1:
            raise InputError(
                f"the bag has {len(topics)} topics with clouds; name one: {', '.join(topics) or 'none'}"
            )
        return topics[0]

    def count(self, topic: str, kind: str) -> int:
        """The number of messages of a topic; an InputError if the bag lacks it or its type differs."""
        connections = self._connections([topic])
        if not connections:
            raise InputError(f"the bag has no topic {topic}")
        if connections[0].msgtype != kind:
            raise InputError(f"{topic} is of type {connections[0].msgtype}, not {kind}")
        return sum(c.msgcount for c in connections)

    @property
    def times(self) -> tuple[int, int]:
        """When the first and the last message were recorded, in nanoseconds."""
        return self._reader.start_time, self._reader.end_time

    def raw(
        self, topic: str, start: int | None = None, stop: int | None = None
    ) -> Iterator[tuple[int, bytes]]:
        """Time and bytes of a topic's messages in [start, stop); none if the bag lacks the topic."""
        if connections := self._connections([topic]):
            messages = self._reader.messages(connections, start, stop)
            while True:
                try:
                    _, stamp, raw = next(messages)
                except StopIteration:
                    return
                except Exception as error:  # rosbags raises whatever its storage raised
                    raise InputError(f"{self.path} is damaged from here on: {error}") from None
                yield stamp, bytes(raw)

    def first(self, topic: str):
        """The first message of a topic."""
        return next(message for _, message in self._messages({topic: None}))

    def all(self, topic: str) -> Iterator:
        """Every message of a topic."""
        return (message for _, message in self._messages({topic: None}))

    def stamps(self, topic: str) -> np.ndarray:
        """Sorted stamps of a topic's headers, read without decoding the messages."""
        raws = (raw for _, _, raw in self._reader.messages(self._connections([topic])))
        return np.unique(np.fromiter((_stamp(raw) for raw in raws), np.int64))

    def at(self, wanted: Mapping[str, set[int]]) -> Iterator[tuple[tuple[str, int], object]]:
        """((topic, stamp), message) for the wanted stamps, in the order of the recording."""
        return self._messages(wanted)

    def _messages(self, wanted: Mapping[str, set[int] | None]):
        for connection, _, raw in self._reader.messages(self._connections(wanted)):
            stamps = wanted[connection.topic]
            if stamps is not None and (stamp := _stamp(raw)) not in stamps:
                continue
            try:
                message = self._reader.deserialize(raw, connection.msgtype)
            except Exception as error:  # a damaged message can fail in many ways
                raise InputError(f"a message of {connection.topic} is damaged: {error}") from None
            yield (connection.topic, 0 if stamps is None else stamp), message

    def _connections(self, topics) -> list:
        return [c for c in self._reader.connections if c.topic in topics]


def _stamp(raw) -> int:
    """The stamp of a message that begins with a header: two 32-bit numbers after the four bytes of CDR."""
    seconds, nanoseconds = struct.unpack("<iI" if raw[1] & 1 else ">iI", raw[4:12])
    return seconds * 10**9 + nanoseconds
