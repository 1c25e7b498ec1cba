"""Bag files: messages in and out as the bytes that are on the wire; rosbags knows MCAP and sqlite3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from rclpy.serialization import serialize_message
from rosbags.highlevel import AnyReader
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

import part_perception_interfaces

OURS = "part_perception_interfaces"


class BagReader(ExitStack):
    """A ROS 2 bag; every pass over it starts at the beginning."""

    def __init__(self, path: Path):
        super().__init__()
        if not path.exists():
            raise ValueError(f"there is no bag {path}")
        try:
            self._reader = self.enter_context(
                AnyReader([path], default_typestore=get_typestore(Stores.LATEST))
            )
        except Exception as error:  # rosbags raises what its storage raised
            raise ValueError(f"{path} cannot be read as a bag: {error}") from None
        if not self._reader.is2:
            self.close()
            raise ValueError(f"{path} is a ROS 1 bag; convert it first with rosbags-convert")

    def only_topic(self, kind: str) -> str:
        """The one topic of a kind."""
        topics = sorted({c.topic for c in self._reader.connections if c.msgtype == kind})
        if len(topics) != 1:
            raise ValueError(
                f"the bag has {len(topics)} topics with clouds, name one: {', '.join(topics) or 'none'}"
            )
        return topics[0]

    def count(self, topic: str, kind: str) -> int:
        """How many messages a topic has; a ValueError if it is not there or of another kind."""
        connections = [c for c in self._reader.connections if c.topic == topic]
        if not connections:
            raise ValueError(f"the bag has no topic {topic}")
        if connections[0].msgtype != kind:
            raise ValueError(f"{topic} is of type {connections[0].msgtype}, not {kind}")
        return sum(c.msgcount for c in connections)

    def messages(self, topic: str) -> Iterator[tuple[int, bytes]]:
        """Time and bytes of every message of a topic; none if the bag has no such topic."""
        connections = [c for c in self._reader.connections if c.topic == topic]
        if connections:
            for _, stamp, raw in self._reader.messages(connections):
                yield stamp, bytes(raw)


class BagWriter(ExitStack):
    """A new bag with these topics."""

    def __init__(self, path: Path, topics: dict[str, type]):
        super().__init__()
        sqlite = path.suffix == ".db3"
        folder = path.with_suffix("") if path.suffix in (".db3", ".mcap") else path
        if folder.exists():
            raise ValueError(f"{folder} is there already; name another, or remove it")
        store = get_typestore(Stores.LATEST)
        store.register(_our_types())
        plugin = StoragePlugin.SQLITE3 if sqlite else StoragePlugin.MCAP
        self._writer = self.enter_context(Writer(folder, version=9, storage_plugin=plugin))
        self._connections = {
            topic: self._writer.add_connection(topic, _name(kind), typestore=store)
            for topic, kind in topics.items()
        }

    def write(self, topic: str, stamp: int, message) -> None:
        self._writer.write(self._connections[topic], stamp, serialize_message(message))


def _name(kind: type) -> str:
    return f"{kind.__module__.split('.')[0]}/msg/{kind.__name__}"


def _our_types() -> dict:
    """Our messages, from the text that is installed with them."""
    prefixes = Path(part_perception_interfaces.__file__).parents
    folder = next(p / "share" / OURS / "msg" for p in prefixes if (p / "share" / OURS / "msg").is_dir())
    types: dict = {}
    for file in sorted(folder.glob("*.msg")):
        types |= get_types_from_msg(file.read_text(), f"{OURS}/msg/{file.stem}")
    return types
