"""Compressed clouds of point_cloud_transport: zlib, zstd, and Draco where DracoPy is installed.

DracoPy may end its process where a stream is damaged, so it has one of its own.
"""

from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from part_perception.ros.messages import draco_child
from part_perception.ros.messages.draco_child import LENGTH, READY, received
from part_perception.ros.refusal import Refusal, Status

MAX_BYTES = 1 << 28  # a few compressed bytes can expand to any size
ZLIB_OR_GZIP = 47
KD_TREE, HAS_METADATA = 1, 0x8000
METHOD, FLAGS, BODY = 8, slice(9, 11), 11  # bytes of the header
MAX_ENTRIES = 16
ATTRIBUTES = 32
MAX_SECONDS, TO_START = 5.0, 30.0  # for one stream; for the child's imports
MAX_TOLD = 1 << 16  # bytes of the child's description
MAX_WIDENING = 8  # an attribute may come in a wider type than the cloud's field has


def decompressed(message):
    """The content of a CompressedPointCloud2, with the fields of a PointCloud2; a Refusal if it cannot be read."""
    size = max(message.row_step, message.width * message.point_step) * message.height
    try:
        if size > MAX_BYTES:
            raise ValueError(f"{size} bytes are too many")
        if message.format == "draco":
            return from_draco(message)
        data = unpacked(bytes(message.compressed_data), message.format, size)
        if len(data) != size:
            raise ValueError(f"its data are not the {size} bytes of its rows")
    except Exception as error:  # each format raises other errors on broken data
        sentence = f"The cloud cannot be read: its {message.format} data cannot be unpacked ({error})."
        raise Refusal(Status.BAD_CLOUD, sentence) from None
    return _like(message, data=bytearray(data))


def _like(message, **other):
    """The fields of a PointCloud2, all but these as they are in a message."""
    names = ("header", "height", "width", "fields", "is_bigendian", "point_step", "row_step", "is_dense")
    return SimpleNamespace(**{name: getattr(message, name) for name in names} | other)


def from_draco(message):
    """The same of a Draco stream: with rows and columns only if its points have kept their order."""
    count = message.width * message.height
    rows, in_order = draco_rows(bytes(message.compressed_data), message.fields, message.point_step, count)
    width, height = (message.width, message.height) if in_order else (count, 1)
    row = width * message.point_step
    return _like(message, data=bytearray(rows), width=width, height=height, row_step=row, is_bigendian=False)


def unpacked(data: bytes, form: str, size: int) -> bytes:
    """The unpacked bytes of a cloud, at most one more than `size`."""
    if form == "zlib":
        return zlib.decompressobj(ZLIB_OR_GZIP).decompress(data, size + 1)
    if form == "zstd":
        import zstandard

        return zstandard.ZstdDecompressor(max_window_size=MAX_BYTES).stream_reader(data).read(size + 1)
    raise ValueError("only draco, zlib and zstd are supported")


class Decoder:
    """The child process, which is started when it is needed first, and again where a stream has ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def attributes(self, data: bytes, most_bytes: int) -> list[np.ndarray]:
        """The attributes of a stream, one row a point; a ValueError where it cannot be decoded."""
        with self._lock:
            try:
                return self._asked(data, most_bytes)
            except TimeoutError:
                self._end()
                raise ValueError(f"it takes longer than {MAX_SECONDS:.0f} s") from None
            except (EOFError, OSError):
                self._end()
                raise ValueError("the decoder crashed on it") from None
            except BaseException:
                self._end()  # what else it sends is of no use
                raise

    def _asked(self, data: bytes, most_bytes: int) -> list[np.ndarray]:
        line = self._line or self._start()
        line.settimeout(MAX_SECONDS)
        line.sendall(LENGTH.pack(len(data)) + data)
        (size,) = LENGTH.unpack(received(line, LENGTH.size))
        if size > MAX_TOLD:
            raise ValueError("it has too many attributes")
        about = json.loads(received(line, size))
        found, left = [], most_bytes
        for kind, shape in about.get("attributes", ()):
            size = np.dtype(kind).itemsize * int(np.prod(shape))
            left -= size
            if left < 0:
                raise ValueError("it holds more than its cloud")
            found.append(np.frombuffer(received(line, size), kind).reshape(shape))
        if "error" in about:
            raise ValueError(about["error"])
        return found

    def _start(self) -> socket.socket:
        if importlib.util.find_spec("DracoPy") is None:
            raise ValueError("DracoPy is not installed")
        self._line, theirs = socket.socketpair()
        with theirs:
            path = str(Path(draco_child.__file__))
            self._child = subprocess.Popen(
                [sys.executable, path], stdin=theirs.fileno(), stderr=subprocess.DEVNULL
            )
        self._line.settimeout(TO_START)
        received(self._line, len(READY))
        return self._line

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._line = None


DECODER = Decoder()


def points_in(data: bytes) -> tuple[int, bool]:
    """How many points a stream announces, and whether they have kept their order; a ValueError where it is none."""
    if data[:5] != b"DRACO" or len(data) < BODY + 4:
        raise ValueError("it is not a Draco stream")
    at = BODY
    if int.from_bytes(data[FLAGS], "little") & HAS_METADATA:
        of_attributes, entries = data[at], data[at + 1]
        if of_attributes or entries > MAX_ENTRIES:
            raise ValueError("its metadata are not those of point_cloud_transport")
        at += 2
        for _ in range(2 * entries):  # a name, then a value, each after its length
            at += 1 + data[at]
        at += 1
    return int.from_bytes(data[at : at + 4], "little"), data[METHOD] != KD_TREE


def draco_rows(data: bytes, fields, step: int, count: int) -> tuple[np.ndarray, bool]:
    """(count, step) bytes of the points, by the fields of the cloud, and whether they have kept their order."""
    # Memory is bounded by what the message says of its size, before anything is decoded.
    announced, in_order = points_in(data)
    if announced != count:
        raise ValueError(f"it announces {announced} points, but the cloud has {count}")
    if len(fields) > ATTRIBUTES:
        raise ValueError(f"{len(fields)} fields are too many")
    attributes = DECODER.attributes(data, MAX_WIDENING * count * max(step, 1))
    if len(attributes) != len(fields):
        raise ValueError(f"it has {len(attributes)} attributes for {len(fields)} fields")
    rows = np.zeros((count, step), np.uint8)
    for field, attribute in zip(fields, attributes, strict=True):
        values = attribute.reshape(count, -1).view(np.uint8)
        if field.offset + values.shape[1] > step:
            raise ValueError(f"its {field.name} does not fit into a point")
        rows[:, field.offset : field.offset + values.shape[1]] = values
    return rows, in_order
