"""PointCloud2 messages as numpy: any field order, padding, datatype, endianness; no copy if avoidable.

It takes messages from rclpy or from a recording, and does not need ROS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError

# as numbered by PointField
DATATYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 8: "f8"}


def points_and_colours(message) -> tuple[np.ndarray, np.ndarray | None]:
    """Points (H, W, 3), or (N, 3) for a cloud with one row, and uint8 colours of that shape, if any.

    An InputError says what is wrong with a cloud that cannot be read.
    """
    fields = {field.name: field for field in message.fields}
    _check(message, fields)
    grid = (message.height, message.width)
    row = message.row_step if message.height > 1 else message.width * message.point_step
    data = np.frombuffer(message.data, np.uint8)
    layout = _Layout(data, grid, (row, message.point_step), bool(message.is_bigendian))
    points, colours = layout.points([fields[axis] for axis in "xyz"]), layout.colours(fields)
    if message.height == 1:
        points, colours = points[0], None if colours is None else colours[0]
    return points, colours


def _check(message, fields: dict) -> None:
    """Refuse a message with contradictory sizes before reading anything from it."""
    missing = [axis for axis in "xyz" if axis not in fields]
    count, step = message.height * message.width, message.point_step
    needed = (message.height - 1) * message.row_step + message.width * step
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
    """Check a field that is used; drivers put anything into the others."""
    if field.name not in ("x", "y", "z", "rgb", "rgba"):
        return
    if field.datatype not in DATATYPES:
        _refuse(f"field {field.name} has the unknown datatype {field.datatype}")
    end = field.offset + np.dtype(DATATYPES[field.datatype]).itemsize
    if end > step:
        _refuse(f"field {field.name} ends at byte {end}, but point_step is {step}")


def _refuse(reason: str):
    raise InputError(reason)


@dataclass(frozen=True)
class _Layout:
    """The layout of the points in the bytes of a message."""

    data: np.ndarray
    grid: tuple[int, int]
    steps: tuple[int, int]
    big_endian: bool

    def points(self, fields: list) -> np.ndarray:
        """(H, W, 3): a view if x, y, z are evenly spaced native floats, otherwise a float32 copy."""
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
