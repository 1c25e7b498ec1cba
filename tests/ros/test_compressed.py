"""Compressed clouds: unpacked, bounded, refused where broken, and over DDS where their package is installed."""

import gzip
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
import table
from robot import CAMERA, NODE
from std_msgs.msg import Header

from part_perception.ros.messages.clouds import MOST_BYTES, XYZ, decompressed, read_cloud, write_cloud
from part_perception.ros.refusal import Refusal, Status
from part_perception_interfaces.msg import PartArray

POINTS = np.arange(36, dtype=np.float32).reshape(3, 4, 3)
ABOUT = ("header", "height", "width", "fields", "is_bigendian", "point_step", "row_step", "is_dense")


def packed(points: np.ndarray, form: str, pack, kind=SimpleNamespace):
    cloud = write_cloud(points, Header(frame_id=CAMERA), XYZ)
    about = {name: getattr(cloud, name) for name in ABOUT}
    return kind(format=form, compressed_data=pack(bytes(cloud.data)), **about)


def zstd(data: bytes) -> bytes:
    return pytest.importorskip("zstandard").ZstdCompressor().compress(data)


@pytest.mark.parametrize(("form", "pack"), [("zlib", zlib.compress), ("zlib", gzip.compress), ("zstd", zstd)])
def test_a_cloud_comes_out_as_it_went_in(form, pack):
    cloud = read_cloud(decompressed(packed(POINTS, form, pack)))
    np.testing.assert_array_equal(cloud.points, POINTS)
    assert cloud.points.flags.writeable, "as compiled loops take them"
    assert cloud.frame_id == CAMERA


@pytest.mark.parametrize(
    ("form", "pack", "reason"),
    [
        ("zlib", lambda data: b"no such thing", "cannot be unpacked"),
        ("zlib", lambda data: zlib.compress(data)[:-30], "does not have the 144 bytes of its rows"),
        (
            "zlib",
            lambda data: zlib.compress(data + bytes(1 << 24)),
            "does not have the 144 bytes of its rows",
        ),
        ("zstd", lambda data: b"\x00" * 40, "cannot be unpacked"),
        ("draco", lambda data: data, "only zlib and zstd are known"),
    ],
)
def test_what_cannot_be_unpacked_is_refused(form, pack, reason):
    with pytest.raises(Refusal, match=reason) as no:
        decompressed(packed(POINTS, form, pack))
    assert no.value.code == Status.BAD_CLOUD


def test_a_cloud_that_asks_for_too_much_memory_is_refused():
    message = packed(POINTS, "zlib", zlib.compress)
    message.row_step, message.height = MOST_BYTES, 2
    with pytest.raises(Refusal, match="bytes are too many"):
        decompressed(message)


@pytest.mark.ros
def test_compressed_clouds_are_taken_over_dds(start_node, robot):
    """Needs point_cloud_interfaces, which the wheels do not have; without it the node says so."""
    node = start_node({"cloud_transport": "zlib"}, active=False)
    try:
        from point_cloud_interfaces.msg import CompressedPointCloud2
    except ImportError:
        node.wait_for("could not be activated: cloud_transport: zlib needs point_cloud_interfaces")
        return
    node.wait_for("Active: waiting for clouds on /points/zlib")
    heard = robot.listen(PartArray, f"{NODE}/parts")
    camera = robot.node.create_publisher(CompressedPointCloud2, "/points/zlib", 1)
    assert robot.set(standing_queries=["handle"]) == []
    message = packed(table.view(1).points[::2, ::2], "zlib", zlib.compress, CompressedPointCloud2)

    def found():
        message.header.stamp = robot.stamp()
        camera.publish(message)
        return heard and heard[-1].parts

    (part,) = robot.wait("a handle", found)
    assert (part.query, part.header.frame_id) == ("handle", CAMERA)
