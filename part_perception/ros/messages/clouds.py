"""PointCloud2 ↔ clouds: as sent over the wire (CDR), as read, and as written with labels.

Bytes that make no sense are refused, and never crash. Fast CDR ends the process on some of them, so lengths are
checked against the bytes that are there before anything is read. Points are copied only once they are looked at:
a cloud that is replaced before that costs a fraction of a millisecond.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from builtin_interfaces.msg import Time
from sensor_msgs.msg import PointCloud2, PointField
from std_msgs.msg import Header

from part_perception.errors import InputError
from part_perception.jit import compiled
from part_perception.recordings.point_clouds import DATATYPES, points_and_colours
from part_perception.ros.refusal import Refusal, Status

PREFIX = 4  # bytes that tell how the rest is encoded
BIG, LITTLE = 0, 1
MAX_NAME, MAX_FIELDS = 1024, 256


@dataclass(frozen=True)
class RawField:
    """A field of the points."""

    name: str
    offset: int
    datatype: int
    count: int


@dataclass(frozen=True)
class RawCloud:
    """The content of a PointCloud2, under its names; `data` is a view of the received bytes."""

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
        """A copy with aligned, writable data, for clouds that are processed."""
        return replace(self, data=self.data.copy())


def read_raw_cloud(raw: bytes) -> RawCloud:
    """The message, or a Refusal if the bytes are not a PointCloud2."""
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
        sentence = f"The cloud cannot be read: its {len(raw)} bytes are not a PointCloud2 ({error})."
        raise Refusal(Status.BAD_CLOUD, sentence) from None


def stamp_of(raw: bytes) -> int:
    """The nanoseconds of a message that begins with a header, or a Refusal."""
    reader = _Reader(raw)
    try:
        return nanoseconds(Time(sec=reader.number("i"), nanosec=reader.number("I")))
    except (ValueError, AssertionError, struct.error) as error:
        raise Refusal(Status.BAD_CLOUD, f"The message has no stamp: {error}.") from None


class _Reader:
    """Reads numbers and texts one after the other, each aligned to its size."""

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
            raise ValueError(
                f"{length} bytes announced, but only {max(len(self._raw) - self._at, 0)} present"
            )
        begin, self._at = self._at, self._at + length
        return np.frombuffer(self._raw, np.uint8, length, begin) if length else np.zeros(0, np.uint8)


POINTFIELD_OF = {code: datatype for datatype, code in DATATYPES.items()}
GREY = np.array((150, 150, 150), np.uint8)
NO_LABEL = -1
NO_OBJECT = 4294967295
NO_LABEL_BITS = 4294967295  # of NO_LABEL
# Four bytes each, without gaps: tf2_sensor_msgs refuses clouds with gaps.
LABELLED = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<f4"), ("score", "<f4")]
    + [("object_id", "<u4"), ("label", "<i4")]
)


@dataclass(frozen=True)
class Cloud:
    """A decoded cloud: points (H, W, 3) or (N, 3) and, if it has any, uint8 colours of that shape.

    `remark` says what in the messages could not be used.
    """

    points: np.ndarray
    colours: np.ndarray | None
    frame_id: str
    stamp_ns: int
    remark: str = ""

    @property
    def stamp(self) -> float:
        return self.stamp_ns * 1e-9


def read_cloud(message) -> Cloud:
    """The points of a PointCloud2; a Refusal says why a cloud cannot be read."""
    try:
        if not message.header.frame_id:
            raise InputError("its frame_id is empty; set the frame in the camera driver")
        points, colours = points_and_colours(message)
    except InputError as error:
        raise Refusal(Status.BAD_CLOUD, f"The cloud cannot be read: {error}.") from None
    return Cloud(points, colours, message.header.frame_id, nanoseconds(message.header.stamp))


def nanoseconds(stamp) -> int:
    return stamp.sec * 1_000_000_000 + stamp.nanosec


def write_cloud(points: np.ndarray, header, dtype: np.dtype, **columns: np.ndarray) -> PointCloud2:
    """A PointCloud2 of points (H, W, 3) or (N, 3) with more fields of `dtype`, one value a point."""
    message = empty_cloud(points, header, dtype)
    records = np.frombuffer(message.data, dtype)
    for k, axis in enumerate("xyz"):
        records[axis] = points[..., k].reshape(-1)
    for name, column in columns.items():
        records[name] = column.reshape(-1)
    return message


def empty_cloud(points: np.ndarray, header, dtype: np.dtype) -> PointCloud2:
    """A zeroed PointCloud2 for these points, to be filled in place."""
    height, width = points.shape[:2] if points.ndim == 3 else (1, len(points))
    message = PointCloud2(header=header, height=height, width=width, is_bigendian=False, is_dense=False)
    message.fields = [
        PointField(name=name, offset=field[1], datatype=POINTFIELD_OF[field[0].str[1:]], count=1)
        for name, field in (dtype.fields or {}).items()
    ]
    message.point_step, message.row_step = dtype.itemsize, dtype.itemsize * width
    data = message.data  # it grows in place, because setting it would copy it
    data.append(0)
    data *= dtype.itemsize * height * width
    return message


def index_array(values: np.ndarray) -> array:
    """Indices in the type that rclpy converts fastest to uint32[]."""
    return array("I", np.ascontiguousarray(values, np.uint32).tobytes())


def float_array(values: np.ndarray) -> array:
    """Numbers in the type that rclpy converts fastest to float32[]."""
    return array("f", np.ascontiguousarray(values, np.float32).tobytes())


def is_labelled(cloud: RawCloud) -> bool:
    """Whether the points of a cloud are records of LABELLED."""
    names = [(field.name, field.offset) for field in cloud.fields]
    ours = [(name, 4 * number) for number, name in enumerate(LABELLED.names or ())]
    size = cloud.height * cloud.width * LABELLED.itemsize
    return names == ours and not cloud.is_bigendian and len(cloud.data) == size


XYZ = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4")])
Row = tuple[np.ndarray, int, float]


def every(cloud: Cloud, step: int) -> Cloud:
    """Every step-th row and column of a cloud, or point of one without order."""
    if step == 1:
        return cloud
    some = (slice(None, None, step),) * (cloud.points.ndim - 1)
    colours = None if cloud.colours is None else np.ascontiguousarray(cloud.colours[some])
    return replace(cloud, points=np.ascontiguousarray(cloud.points[some]), colours=colours)


def rows_of_every(rows: np.ndarray, shape: tuple[int, ...], step: int) -> np.ndarray:
    """Rows of a cloud's points as rows of `every` step-th, without those that are not among them."""
    if step == 1:
        return rows
    if len(shape) == 2:
        return rows[rows % step == 0] // step
    row, column = np.divmod(rows, shape[1])
    kept = (row % step == 0) & (column % step == 0)
    return row[kept] // step * -(-shape[1] // step) + column[kept] // step


def labelled_cloud(
    cloud: Cloud, header, objects: Sequence[tuple[np.ndarray, int]], parts: Sequence[Row], palette: np.ndarray
) -> PointCloud2:
    """The given cloud with the (indices, id) of objects and the (indices, label, score) of parts.

    A part has its label's colour; where parts overlap, the one with the highest score counts.
    """
    message = empty_cloud(cloud.points, header, LABELLED)
    records = np.frombuffer(message.data, LABELLED)
    colours = GREY[None] if cloud.colours is None else cloud.colours.reshape(-1, 3)
    write_unlabelled(
        np.require(cloud.points, np.float32, "W").reshape(-1, 3).view(np.uint32),
        np.require(colours, np.uint8, "W"),
        records.view(np.uint32).reshape(-1, LABELLED.itemsize // 4),
    )
    for indices, number in objects:
        records["object_id"][indices] = number
    for indices, label, score in sorted(parts, key=lambda part: part[2]):
        records["label"][indices], records["score"][indices] = label, score
        records["rgb"].view(np.uint32)[indices] = packed(palette[label % len(palette)])
    return message


@compiled("void(u4[:,:], u1[:,:], u4[:,::1])")
def write_unlabelled(points, colours, out):
    """Write the fields of LABELLED for points without a label, in one pass; a single colour counts for all."""
    for i in range(out.shape[0]):
        k = i if len(colours) > 1 else 0
        red, green, blue = colours[k, 0], colours[k, 1], colours[k, 2]
        out[i, 0], out[i, 1], out[i, 2] = points[i, 0], points[i, 1], points[i, 2]
        out[i, 3] = (np.uint32(red) << 16) | (np.uint32(green) << 8) | np.uint32(blue)
        out[i, 5] = NO_OBJECT
        out[i, 6] = NO_LABEL_BITS


def packed(colours: np.ndarray) -> np.ndarray:
    """Colours (..., 3) uint8, packed for the field rgb."""
    r, g, b = (colours[..., k].astype(np.uint32) for k in range(3))
    return r << 16 | g << 8 | b
