"""Draco: the points of a cloud as draco_point_cloud_transport encodes them, by DracoPy where it is installed."""

from __future__ import annotations

import numpy as np

KD_TREE, HAS_METADATA = 1, 0x8000
METHOD, FLAGS, BODY = 8, slice(9, 11), 11  # bytes of the header
MOST_ENTRIES = 16
ATTRIBUTES = 32


def points_in(data: bytes) -> tuple[int, bool]:
    """How many points a stream announces, and whether they have kept their order; a ValueError where it is none."""
    if data[:5] != b"DRACO" or len(data) < BODY + 4:
        raise ValueError("it is no Draco stream")
    at = BODY
    if int.from_bytes(data[FLAGS], "little") & HAS_METADATA:
        of_attributes, entries = data[at], data[at + 1]
        if of_attributes or entries > MOST_ENTRIES:
            raise ValueError("its metadata are not those of point_cloud_transport")
        at += 2
        for _ in range(2 * entries):  # a name, then a value, each after its length
            at += 1 + data[at]
        at += 1
    return int.from_bytes(data[at : at + 4], "little"), data[METHOD] != KD_TREE


def unpacked(data: bytes, fields, step: int, count: int) -> tuple[np.ndarray, bool]:
    """(count, step) bytes of the points, by the fields of the cloud, and whether they have kept their order."""
    import DracoPy

    # Memory is bounded by what the message says of its size, before anything is decoded.
    announced, in_order = points_in(data)
    if announced != count:
        raise ValueError(f"it announces {announced} points, and the cloud has {count}")
    if len(fields) > ATTRIBUTES:
        raise ValueError(f"{len(fields)} fields are too many")
    attributes = DracoPy.decode(data).attributes
    if len(attributes) != len(fields):
        raise ValueError(f"it has {len(attributes)} attributes for {len(fields)} fields")
    rows = np.zeros((count, step), np.uint8)
    for field, attribute in zip(fields, attributes, strict=True):
        values = np.ascontiguousarray(attribute["data"]).reshape(count, -1).view(np.uint8)
        if field.offset + values.shape[1] > step:
            raise ValueError(f"its {field.name} does not fit into a point")
        rows[:, field.offset : field.offset + values.shape[1]] = values
    return rows, in_order
