"""PointCloud2 as it came over the wire (CDR), read here: bytes that make no sense are refused, and never crash.

Fast CDR ends the process on some of them. Lengths are checked against the bytes that are there before anything is
read. Points are copied only once they are looked at: a cloud that is replaced before costs a fraction of a
millisecond.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace

import numpy as np
from builtin_interfaces.msg import Time
from std_msgs.msg import Header

from part_perception.ros.refusal import Refusal, Status

PREFIX = 4  # bytes that say how the rest is encoded
BIG, LITTLE = 0, 1
MAX_NAME, MAX_FIELDS = 1024, 256


@dataclass(frozen=True)
class RawField:
    """One field of the points."""

    name: str
    offset: int
    datatype: int
    count: int


@dataclass(frozen=True)
class RawCloud:
    """What a PointCloud2 holds, under its names; `data` are the bytes where they lie."""

    header: Header
    height: int
    width: int
    fields: list[RawField]
    is_bigendian: bool
    point_step: int
    row_step: int
    data: np.ndarray
    is_dense: bool

    def with_own_data(self) -> RawCloud:
        """The same with its data copied: aligned, and kernels may write; for clouds that are looked at."""
        return replace(self, data=self.data.copy())


def read_raw_cloud(raw: bytes) -> RawCloud:
    """The message; a Refusal where the bytes are none."""
    reader = _Reader(raw)
    try:
        stamp = Time(sec=reader.number("i"), nanosec=reader.number("I"))
        header = Header(stamp=stamp, frame_id=reader.text())
        height, width = reader.number("I"), reader.number("I")
        count = reader.number("I")
        if count > MAX_FIELDS:
            raise ValueError(f"{count} fields")
        fields = [
            RawField(reader.text(), reader.number("I"), reader.number("B"), reader.number("I"))
            for _ in range(count)
        ]
        big = bool(reader.number("B"))
        point_step, row_step = reader.number("I"), reader.number("I")
        data = reader.bytes(reader.number("I"))
        return RawCloud(
            header, height, width, fields, big, point_step, row_step, data, bool(reader.number("B"))
        )
    except (ValueError, AssertionError, struct.error) as error:  # UnicodeDecodeError is a ValueError
        sentence = f"The cloud cannot be read: its {len(raw)} bytes are no PointCloud2 ({error})."
        raise Refusal(Status.BAD_CLOUD, sentence) from None


class _Reader:
    """Numbers and texts one after the other, each where its size says that it begins."""

    def __init__(self, raw: bytes):
        self._raw, self._at = raw, PREFIX
        orders: dict[tuple[int, ...], str] = {(0, BIG): ">", (0, LITTLE): "<"}
        self._order = orders.get(tuple(raw[:2]))

    def number(self, kind: str) -> int:
        if self._order is None:
            raise ValueError("unknown encoding")
        size = struct.calcsize(kind)
        at = PREFIX + -(-(self._at - PREFIX) // size) * size
        self._at = at + size
        return struct.unpack_from(self._order + kind, self._raw, at)[0]

    def text(self) -> str:
        length = self.number("I")
        if length > MAX_NAME:
            raise ValueError(f"a name of {length} bytes")
        return self.bytes(length).tobytes().rstrip(b"\0").decode()

    def bytes(self, length: int) -> np.ndarray:
        if length > len(self._raw) - self._at:
            raise ValueError(f"{length} bytes announced, {max(len(self._raw) - self._at, 0)} there")
        begin, self._at = self._at, self._at + length
        return np.frombuffer(self._raw, np.uint8, length, begin) if length else np.zeros(0, np.uint8)
