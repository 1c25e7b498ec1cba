"""Bag writer: messages into a bag, as the bytes that are on the wire; rosbags knows MCAP and sqlite3."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from rclpy.serialization import serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

import part_perception_interfaces
from part_perception.errors import InputError

OURS = "part_perception_interfaces"
UNFINISHED = "UNFINISHED"


class BagWriter(ExitStack):
    """A new bag with these topics; until it is whole, a file in it says that it is not."""

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
        self._unfinished.write_text("This bag was not written to its end: the rest is missing.\n")
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
    """Our messages, from the text that is installed with them."""
    prefixes = Path(part_perception_interfaces.__file__).parents
    folder = next(p / "share" / OURS / "msg" for p in prefixes if (p / "share" / OURS / "msg").is_dir())
    types: dict = {}
    for file in sorted(folder.glob("*.msg")):
        types |= get_types_from_msg(file.read_text(), f"{OURS}/msg/{file.stem}")
    return types
