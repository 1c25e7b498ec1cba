"""PointCloud2 ↔ numpy: any field order, padding, datatype, endianness; no copy where the layout allows it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
from sensor_msgs.msg import PointCloud2, PointField

from part_perception.ros.refusal import Refusal, Status

DATATYPES = {
    PointField.INT8: "i1",
    PointField.UINT8: "u1",
    PointField.INT16: "i2",
    PointField.UINT16: "u2",
    PointField.INT32: "i4",
    PointField.UINT32: "u4",
    PointField.FLOAT32: "f4",
    PointField.FLOAT64: "f8",
}
POINTFIELD_OF = {code: datatype for datatype, code in DATATYPES.items()}
GREY = np.array((150, 150, 150), np.uint8)
NO_LABEL = -1
NO_OBJECT = 4294967295
# Four bytes each and none between them: tf2_sensor_msgs refuses clouds with gaps.
LABELLED = np.dtype(
    [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<f4"), ("score", "<f4")]
    + [("object_id", "<u4"), ("label", "<i4")]
)


@dataclass(frozen=True)
class Cloud:
    """A cloud that was read: points (H, W, 3) or (N, 3) and, if it has any, uint8 colours of that shape."""

    points: np.ndarray
    colours: np.ndarray | None
    frame_id: str
    stamp_ns: int

    @property
    def stamp(self) -> float:
        return self.stamp_ns * 1e-9


def read_cloud(message) -> Cloud:
    """The points of a PointCloud2; a Refusal says what is wrong with a cloud that cannot be read."""
    fields = {field.name: field for field in message.fields}
    _check(message, fields)
    grid = (message.height, message.width)
    row = message.row_step if message.height > 1 else message.width * message.point_step
    data = np.frombuffer(message.data, np.uint8)
    layout = _Layout(data, grid, (row, message.point_step), message.is_bigendian)
    points, colours = layout.points([fields[axis] for axis in "xyz"]), layout.colours(fields)
    if message.height == 1:
        points, colours = points[0], None if colours is None else colours[0]
    return Cloud(points, colours, message.header.frame_id, nanoseconds(message.header.stamp))


def nanoseconds(stamp) -> int:
    return stamp.sec * 1_000_000_000 + stamp.nanosec


def _check(message, fields: dict) -> None:
    """Refuse a message whose numbers contradict each other, before anything is read from it."""
    missing = [axis for axis in "xyz" if axis not in fields]
    count, step = message.height * message.width, message.point_step
    needed = (message.height - 1) * message.row_step + message.width * step
    if not message.header.frame_id:
        _refuse("its frame_id is empty; set the frame in the camera driver")
    if missing:
        _refuse(f"it has no field {', '.join(missing)}; its fields are {', '.join(fields) or 'none'}")
    if count == 0:
        _refuse(f"it has no points (height {message.height}, width {message.width})")
    for field in message.fields:
        _check_field(field, step)
    if message.height > 1 and message.row_step < message.width * step:
        _refuse(f"row_step {message.row_step} is less than width {message.width} × point_step {step}")
    if len(message.data) < needed:
        have = len(message.data)
        _refuse(f"it has {have} bytes, but {message.width} × {message.height} points need {needed}")


def _check_field(field, step: int) -> None:
    """Only fields that are used must make sense: drivers put anything into the others."""
    if field.name not in ("x", "y", "z", "rgb", "rgba"):
        return
    if field.datatype not in DATATYPES:
        _refuse(f"field {field.name} has the unknown datatype {field.datatype}")
    end = field.offset + np.dtype(DATATYPES[field.datatype]).itemsize
    if end > step:
        _refuse(f"field {field.name} ends at byte {end}, but point_step is {step}")


def _refuse(reason: str):
    raise Refusal(Status.BAD_CLOUD, f"The cloud cannot be read: {reason}.")


@dataclass(frozen=True)
class _Layout:
    """Where the points lie in the bytes of a message."""

    data: np.ndarray
    grid: tuple[int, int]
    steps: tuple[int, int]
    big_endian: bool

    def points(self, fields: list) -> np.ndarray:
        """(H, W, 3): a view where x, y, z are evenly spaced native floats, else a float32 copy."""
        offsets = np.array([field.offset for field in fields])
        spacing = int(offsets[1] - offsets[0])
        kinds = {self._dtype(field) for field in fields}
        kind = kinds.pop()
        if not kinds and offsets[2] - offsets[1] == spacing and kind.isnative and kind.kind == "f":
            return np.ndarray((*self.grid, 3), kind, self.data, int(offsets[0]), (*self.steps, spacing))
        columns = [np.ndarray(self.grid, self._dtype(f), self.data, f.offset, self.steps) for f in fields]
        return np.stack(columns, axis=-1, dtype=np.float32, casting="unsafe")

    def colours(self, fields: dict) -> np.ndarray | None:
        """(H, W, 3) uint8 view of the packed colour: b, g, r, a in the bytes of a little-endian message."""
        field = fields.get("rgb") or fields.get("rgba")
        if field is None or self._dtype(field).itemsize != 4:
            return None
        first, spacing = (field.offset + 1, 1) if self.big_endian else (field.offset + 2, -1)
        return np.ndarray((*self.grid, 3), np.uint8, self.data, first, (*self.steps, spacing))

    def _dtype(self, field) -> np.dtype:
        return np.dtype((">" if self.big_endian else "<") + DATATYPES[field.datatype])


def write_cloud(points: np.ndarray, header, dtype: np.dtype, **columns: np.ndarray) -> PointCloud2:
    """A PointCloud2 of points (H, W, 3) or (N, 3) with further columns of `dtype`, one value a point."""
    height, width = points.shape[:2] if points.ndim == 3 else (1, len(points))
    records = np.empty(height * width, dtype)
    for k, axis in enumerate("xyz"):
        records[axis] = points[..., k].reshape(-1)
    for name, column in columns.items():
        records[name] = column.reshape(-1)
    message = PointCloud2(header=header, height=height, width=width, is_bigendian=False, is_dense=False)
    message.fields = [
        PointField(name=name, offset=offset, datatype=POINTFIELD_OF[kind.str[1:]], count=1)
        for name, (kind, offset) in dtype.fields.items()
    ]
    message.point_step, message.row_step = dtype.itemsize, dtype.itemsize * width
    message.data = byte_array(records)
    return message


def byte_array(values: np.ndarray) -> array:
    """Bytes as rclpy takes them fast: an `array`, never an ndarray."""
    data = array("B")
    data.frombytes(memoryview(np.ascontiguousarray(values)).cast("B"))
    return data


def index_array(values: np.ndarray) -> array:
    """Indices as rclpy takes them fast, for uint32[] fields."""
    return array("I", np.ascontiguousarray(values, np.uint32).tobytes())


def float_array(values: np.ndarray) -> array:
    """Numbers as rclpy takes them fast, for float32[] fields."""
    return array("f", np.ascontiguousarray(values, np.float32).tobytes())


XYZ = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4")])


def labelled_cloud(cloud: Cloud, header, labels, palette: np.ndarray) -> PointCloud2:
    """The cloud as it came; `labels` are (label, score, object) of each point, its colour is its part's."""
    label, score, object_id = labels
    rgb = np.full(label.size, packed(GREY)) if cloud.colours is None else packed(cloud.colours).reshape(-1)
    (named,) = np.nonzero(label >= 0)
    rgb[named] = packed(palette)[label[named] % len(palette)]
    return write_cloud(
        cloud.points,
        header,
        LABELLED,
        rgb=rgb.view(np.float32),
        score=score,
        object_id=object_id.astype(np.uint32),  # -1 becomes NO_OBJECT
        label=label.astype(np.int32),  # NO_LABEL as it is
    )


def packed(colours: np.ndarray) -> np.ndarray:
    """Colours (..., 3) uint8 as the bits that the field rgb holds."""
    r, g, b = (colours[..., k].astype(np.uint32) for k in range(3))
    return r << 16 | g << 8 | b
