"""Targets: readers of files and messages, each from bytes. They may raise nothing but InputError."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from part_perception.encoder.manifest import Manifest
from part_perception.errors import InputError
from part_perception.files.clouds import READERS
from part_perception.files.pcd import decompress
from part_perception.files.urdf import read_urdf
from part_perception.parts.taught import read_taught
from part_perception.recordings.bag_reader import BagReader
from part_perception.recordings.reading import load_moment

# In memory where possible: writing the file took nine tenths of a run.
_MEMORY = Path("/dev/shm")
_FOLDER = Path(tempfile.mkdtemp(prefix="part_perception_fuzz_", dir=_MEMORY if _MEMORY.is_dir() else None))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
CLOUD = "sensor_msgs/msg/PointCloud2"


def by_file(read: Callable[[Path], object], ending: str) -> Callable[[bytes], object]:
    """A reader that needs a path."""

    def from_bytes(data: bytes):
        path = _FOLDER / f"f{ending}"
        path.write_bytes(data)
        return read(path)

    return from_bytes


def _bag(path: Path) -> None:
    with BagReader(path) as bag:
        for topic in bag.topics(CLOUD):
            for _ in bag.raw(topic):
                pass
            for _ in bag.all(topic):
                pass


def _message(data: bytes) -> None:
    """A cloud on its way through the node: bytes, a message, an array."""
    from part_perception.ros.messages.clouds import read_cloud
    from part_perception.ros.refusal import Refusal
    from part_perception.ros.tools.bag_frames import deserialized

    try:
        from sensor_msgs.msg import PointCloud2

        read_cloud(deserialized(data, PointCloud2))
    except Refusal as refusal:
        raise InputError(str(refusal)) from None


def _no_mesh(uri: str) -> Path:
    raise InputError(f"there are no meshes here, not even {uri}")


TARGETS: dict[str, Callable[[bytes], object]] = {
    **{ending.lstrip("."): read for ending, read in READERS.items()},
    "lzf": lambda data: decompress(data, 192),
    "moment": by_file(load_moment, ".npz"),
    "taught": by_file(read_taught, ".safetensors"),
    "manifest": by_file(Manifest.load, ".json"),
    "mcap": by_file(_bag, ".mcap"),
    "urdf": lambda data: read_urdf(data.decode("utf-8", "replace"), _no_mesh),
    "cdr": _message,
}
