"""Any valid PointCloud2 is read; any other is refused with the reason."""

import io
import sys
import zlib
from types import SimpleNamespace

import numpy as np
import PIL.Image
import pytest
from builtin_interfaces.msg import Time
from sensor_msgs.msg import CameraInfo, PointCloud2, PointField
from std_msgs.msg import Header

from part_perception.ros.messages.clouds import (
    LABELLED,
    NO_LABEL,
    NO_OBJECT,
    POINTFIELD_OF,
    XYZ,
    Cloud,
    labelled_cloud,
    read_cloud,
    write_cloud,
)
from part_perception.ros.messages.compressed import decompressed
from part_perception.ros.messages.images import depth_cloud
from part_perception.ros.refusal import Refusal, Status

POINTS = np.random.default_rng(0).normal(size=(6, 8, 3)).round(3)
HEADER = Header(frame_id="camera", stamp=Time(sec=3, nanosec=5))


def message(points=POINTS, order="xyz", kind="f4", endian="<", gap=0, row_gap=0, colours=None) -> PointCloud2:
    """A cloud in any layout, written independently of the code under test."""
    height, width = points.shape[:2]
    names, formats, offsets, at = [], [], [], gap
    for name in (*order, *(["rgb"] if colours is not None else [])):
        form = endian + ("u4" if name == "rgb" else kind)
        names, formats, offsets = [*names, name], [*formats, form], [*offsets, at]
        at += np.dtype(form).itemsize + gap
    dtype = np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": at})
    records = np.zeros((height, width), dtype)
    for k, axis in enumerate("xyz"):
        records[axis] = points[..., k]
    if colours is not None:
        records["rgb"] = (
            colours[..., 0].astype("u4") << 16 | colours[..., 1].astype("u4") << 8 | colours[..., 2]
        )
    rows = [row.tobytes() + bytes(row_gap) for row in records]
    cloud = PointCloud2(header=HEADER, height=height, width=width, point_step=at, is_bigendian=endian == ">")
    cloud.row_step = at * width + row_gap
    cloud.fields = [
        PointField(name=n, offset=o, datatype=POINTFIELD_OF[f[1:]], count=1)
        for n, f, o in zip(names, formats, offsets, strict=True)
    ]
    cloud.data = b"".join(rows)
    return cloud


@pytest.mark.parametrize("order", ["xyz", "zyx", "yxz"])
@pytest.mark.parametrize("kind", ["f4", "f8", "i2"])
@pytest.mark.parametrize("endian", ["<", ">"])
@pytest.mark.parametrize(("gap", "row_gap"), [(0, 0), (3, 0), (4, 12)])
def test_every_layout_gives_the_same_points(order, kind, endian, gap, row_gap):
    points = (POINTS * 100).round() if kind == "i2" else POINTS
    read = read_cloud(message(points, order, kind, endian, gap, row_gap))
    np.testing.assert_array_equal(read.points, points.astype(kind).astype(read.points.dtype))
    assert (read.frame_id, read.stamp_ns) == ("camera", 3_000_000_005)


@pytest.mark.parametrize("row_gap", [0, 8])
def test_the_usual_layout_is_read_without_a_copy(row_gap):
    cloud = message(row_gap=row_gap, gap=4)
    assert np.shares_memory(read_cloud(cloud).points, np.frombuffer(cloud.data, np.uint8))


class Buffer:
    """What Lyrical's messages may hold in place of an `array`: bytes that only the buffer protocol shows."""

    def __init__(self, data):
        self._data = bytes(data)

    def __len__(self):
        return len(self._data)

    def __buffer__(self, flags):
        return memoryview(self._data)


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="classes take part in the buffer protocol from 3.12 on"
)
def test_data_that_is_no_array_is_read_through_the_buffer_protocol():
    cloud = message()
    about = {name: getattr(cloud, name) for name in cloud.get_fields_and_field_types()}
    raw = SimpleNamespace(**about | {"data": Buffer(cloud.data)})
    zipped = SimpleNamespace(**about, format="zlib", compressed_data=Buffer(zlib.compress(bytes(cloud.data))))
    for read in (read_cloud(raw), read_cloud(decompressed(zipped))):
        np.testing.assert_array_equal(read.points, POINTS.astype("f4"))
    depth = np.full((3, 4), 2.0, "<f4")
    image = SimpleNamespace(height=3, width=4, step=16, encoding="32FC1", is_bigendian=0, header=HEADER)
    image.data = Buffer(depth.tobytes())
    info = CameraInfo(width=4, height=3, k=[2.0, 0.0, 1.5, 0.0, 4.0, 1.0, 0.0, 0.0, 1.0])
    assert (depth_cloud(image, info).points[..., 2] == 2).all()
    stream = io.BytesIO()
    PIL.Image.fromarray(np.full((3, 4), 2000, np.uint16)).save(stream, "PNG")
    packed = SimpleNamespace(format="16UC1; png compressed", data=Buffer(stream.getvalue()), header=HEADER)
    assert (depth_cloud(packed, info).points[..., 2] == 2).all()


@pytest.mark.parametrize("endian", ["<", ">"])
def test_colours_come_out_as_they_went_in(endian):
    colours = np.random.default_rng(1).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    np.testing.assert_array_equal(read_cloud(message(endian=endian, colours=colours)).colours, colours)


def test_an_unorganised_cloud_is_a_list_of_points():
    cloud = message(POINTS.reshape(1, -1, 3))
    cloud.row_step = 0  # some drivers leave it at 0
    np.testing.assert_array_equal(read_cloud(cloud).points, POINTS.reshape(-1, 3).astype("f4"))


def spoiled(**changes) -> PointCloud2:
    cloud = message()
    for name, value in changes.items():
        setattr(cloud, name, value)
    return cloud


def without(axis: str) -> PointCloud2:
    cloud = message()
    cloud.fields = [f for f in cloud.fields if f.name != axis]
    return cloud


def with_datatype(number: int) -> PointCloud2:
    cloud = message()
    cloud.fields[1].datatype = number
    return cloud


GARBAGE = {
    "wrong point_step": (lambda: spoiled(point_step=7), "field y ends at byte 8, but point_step is 7"),
    "short data": (lambda: spoiled(data=b"1234"), "it has 4 bytes, but 8 × 6 points need 576"),
    "zero points": (lambda: spoiled(width=0), "it has no points"),
    "missing y": (lambda: without("y"), "it has no field y; its fields are x, z"),
    "no fields": (lambda: spoiled(fields=[]), "it has no field x, y, z; its fields are none"),
    "width of 1e9": (
        lambda: spoiled(width=10**9),
        "row_step 96 is less than width 1000000000 × point_step 12",
    ),
    "width of 1e9 in one row": (lambda: spoiled(width=10**9, height=1), "need 12000000000"),
    "empty frame_id": (lambda: spoiled(header=Header()), "its frame_id is empty"),
    "unknown datatype": (lambda: with_datatype(77), "field y has the unknown datatype 77"),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_refused_with_the_reason(name):
    make, reason = GARBAGE[name]
    with pytest.raises(Refusal, match=reason) as caught:
        read_cloud(make())
    assert caught.value.code == Status.BAD_CLOUD


def test_a_labelled_cloud_carries_labels_scores_and_objects_and_keeps_other_colours():
    count, palette = POINTS.size // 3, np.array([(255, 0, 1), (0, 9, 255)], np.uint8)
    objects = [(np.array([2]), 7), (np.array([5]), 8)]
    parts = [(np.array([5]), 1, 0.75), (np.array([2, 5]), 0, 0.5)]  # the surer one counts
    own = np.full((6, 8, 3), (10, 20, 30), np.uint8)
    written = labelled_cloud(Cloud(POINTS.astype("f4"), own, "camera", 0), HEADER, objects, parts, palette)
    records = np.frombuffer(written.data, LABELLED)
    offsets = {field.name: (field.offset, field.datatype) for field in written.fields}
    assert [offset for offset, _ in offsets.values()] == [0, 4, 8, 12, 16, 20, 24], "without gaps"
    assert written.point_step == 28
    assert offsets["label"] == (24, PointField.INT32), "so that -1 stays -1"
    assert (written.height, written.width, written.point_step) == (6, 8, LABELLED.itemsize)
    assert records["label"].tolist() == [0 if k == 2 else 1 if k == 5 else NO_LABEL for k in range(count)]
    assert records["object_id"][[2, 5, 0]].tolist() == [7, 8, NO_OBJECT]
    assert records["score"][[2, 5, 0]].tolist() == [0.5, 0.75, 0.0]
    again = read_cloud(written)
    np.testing.assert_array_equal(again.points, POINTS.astype("f4"))
    assert again.colours.reshape(-1, 3)[[2, 5, 0]].tolist() == [[255, 0, 1], [0, 9, 255], [10, 20, 30]]


def test_points_survive_writing_and_reading():
    cloud = write_cloud(POINTS.reshape(-1, 3), HEADER, XYZ)
    np.testing.assert_array_equal(read_cloud(cloud).points, POINTS.reshape(-1, 3).astype("f4"))
    assert (cloud.height, cloud.row_step) == (1, len(cloud.data))


@pytest.mark.parametrize("shape", [(0, 3), (0, 8, 3)])
def test_a_cloud_without_points_is_written_too(shape):
    cloud = Cloud(np.zeros(shape, np.float32), None, "camera", 0)
    palette = np.array([(255, 0, 1)], np.uint8)
    for written in (
        write_cloud(cloud.points, HEADER, XYZ),
        labelled_cloud(cloud, HEADER, [], [], palette),
    ):
        assert len(written.data) == 0 and written.width * written.height == 0


def test_points_without_colours_are_grey_where_they_have_no_label():
    parts = [(np.array([3]), 5, 0.5)]  # more labels than colours: colours repeat
    palette = np.array([(255, 0, 1), (0, 9, 255)], np.uint8)
    written = labelled_cloud(Cloud(POINTS, None, "camera", 0), HEADER, [], parts, palette)
    colours = read_cloud(written).colours.reshape(-1, 3)
    assert colours[[0, 3]].tolist() == [[150, 150, 150], [0, 9, 255]]
