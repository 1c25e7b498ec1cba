"""Compressed clouds: unpacked within bounds, refused if broken, and over DDS where their package is installed."""

import base64
import gzip
import signal
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
import table
from robot import CAMERA, NODE
from sensor_msgs.msg import PointField
from std_msgs.msg import Header

from part_perception.ros.messages.clouds import XYZ, read_cloud, write_cloud
from part_perception.ros.messages.compressed import DECODER, MAX_BYTES, decompressed
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
        ("zlib", lambda data: zlib.compress(data)[:-30], "are not the 144 bytes of its rows"),
        (
            "zlib",
            lambda data: zlib.compress(data + bytes(1 << 24)),
            "are not the 144 bytes of its rows",
        ),
        ("zstd", lambda data: b"\x00" * 40, "cannot be unpacked"),
        ("draco", lambda data: data, "it is not a Draco stream"),
        ("lz4", lambda data: data, "only draco, zlib and zstd are supported"),
    ],
)
def test_a_cloud_that_cannot_be_unpacked_is_refused(form, pack, reason):
    with pytest.raises(Refusal, match=reason) as no:
        decompressed(packed(POINTS, form, pack))
    assert no.value.code == Status.BAD_CLOUD


def test_a_cloud_that_asks_for_too_much_memory_is_refused():
    message = packed(POINTS, "zlib", zlib.compress)
    message.row_step, message.height = MAX_BYTES, 2
    with pytest.raises(Refusal, match="bytes are too many"):
        decompressed(message)


# 40 points, one attribute a field, as draco_point_cloud_transport encodes them; by Draco 1.5.5 itself, because DracoPy
# writes positions as one attribute only. In the tree the second point, the same as the first, is left out.
SEQUENCE = base64.b64decode(
    "RFJBQ08CAwAAAIAAAQtkZWR1cGxpY2F0ZQQAAAAAACgAAAABBAAJAQAAAAkBAAEACQEAAgICBAADAgICAQABAQEBkQ01A///////"
    "//////////8baTYDzQT/////////////////E5kBB9JWupQ7UIAAAAAA/z8AAAABAQAPAzUDNQsnzQzNJApM2X4RDQReOMCs/P/+"
    "HwAUAAQA/T8AKAAIAPp/AFAAEAD0/wCgACAA6P8BQAFAAND/A4ACgACg/wcABQABQP8PAAIAAAAA/z8AAAABAQEBkQ01A///////"
    "//////////8baTYDzQT/////////////////E5kBB9JWupQ7UIAAAAAA/z8AAAABAQEBBTEhNQ/NDmhoIo/lL6VW4ETDVJ94qB0X"
    "IXPIY5JyW99Ew1SfeKhOb6TeQIEAAAAA/wAAAAAAAAAUrsc+DgAAAAAK16M9DgAAgD+Avh89Dg=="
)
TREE = base64.b64decode(
    "RFJBQ08CAwABAIAAAQtkZWR1cGxpY2F0ZQQBAAAAACcAAAABBAAJAQAAAAkBAAEACQEAAgICBAADAw4AAAAnAAAAmBRQE5CJaXMg"
    "dxbfgXya1uxgk62NgKgBAAABABAB5QsAuoDl+//YAACc//8HADrA//8AcQAA/9/yAQAYwPIAwDkAdv8vdhACJyYA4A0Ay/9/YgEA"
    "TGC3HACyCAjS/8A3AAAGgCABACiBW2UA0AbgWwC46AAAF/++BQCAA+T7AWAcAAb9X74DAFiAaBAApA1wYgAAcgCAAAAnBh0AgAlv"
    "+QCAA2j5/xAPAID/51sAgADk2wDYBwDt/yENAJAAIA4A2APF/v/FABKQ2A0A7QCq6v+JHgCgAb+qAEBEQPn+ALgDAB0AlC8AAAaI"
    "2AGAeQDsBIDADwAw/89OAAAQIKQaAO4B9O3/Qz4AwAFA3wIAEACkAQDoBwAAAEAawAEA+ABvCQCQAG8BANsAAALAxAYAKsDEAAB1"
    "AE4AwE4AABrAqgBAOaCqAKAcAAAP0IkAIAjQCQDADQDAALxlAIACvCUAWAcAAQCkAQCQAaQJAJgDBgkABgEAWAAGCQDogAYBgO8A"
    "AEBAkAYADECQAoB8AAABADsBAAoAOwFAPQAGAJAGAIAHkMQAAB7oRADoDwAAAAAAAPAAAAAA0AcAoABoEAAAAGgQBAAAAAAAAAAI"
    "AAAAEAAQhAAABEIAAAAAFK7HPg4AAAAACtejPQ4AAIA/gL4fPQ4="
)


def draco_cloud(stream: bytes, width: int, height: int):
    fields = [
        PointField(name=name, offset=4 * k, datatype=7, count=1)
        for k, name in enumerate(("x", "y", "z", "rgb"))
    ]
    about = {"header": Header(frame_id=CAMERA), "fields": fields, "is_bigendian": False, "is_dense": True}
    size = {"width": width, "height": height, "point_step": 16, "row_step": 16 * width}
    return SimpleNamespace(format="draco", compressed_data=stream, **about, **size)


def encoded_points() -> tuple[np.ndarray, np.ndarray]:
    k = np.arange(40)
    points = np.column_stack([k * 0.01, (k % 5) * 0.02, 1 + 0.001 * k])
    colours = np.column_stack([255 - k, np.zeros(40), k])
    points[1], colours[1] = points[0], colours[0]
    return points, colours


def test_a_draco_stream_keeps_its_rows_and_columns_unless_it_has_lost_their_order():
    pytest.importorskip("DracoPy")
    points, colours = encoded_points()
    grid = read_cloud(decompressed(draco_cloud(SEQUENCE, 8, 5)))
    np.testing.assert_allclose(grid.points, points.reshape(5, 8, 3), atol=5e-5)
    np.testing.assert_array_equal(grid.colours, colours.reshape(5, 8, 3))
    loose = read_cloud(decompressed(draco_cloud(TREE, 13, 3)))
    assert loose.points.shape == (39, 3)
    order = np.argsort(loose.points[:, 0])
    np.testing.assert_allclose(loose.points[order], np.delete(points, 1, axis=0), atol=5e-5)
    np.testing.assert_array_equal(loose.colours[order], np.delete(colours, 1, axis=0))


@pytest.mark.parametrize(
    ("stream", "width", "reason"),
    [
        (SEQUENCE, 9, "it announces 40 points, but the cloud has 45"),
        (SEQUENCE[:13], 8, "it is not a Draco stream"),
        (SEQUENCE[:60], 8, "cannot be unpacked"),
        (
            SEQUENCE[:11] + bytes([1]) + SEQUENCE[12:],
            8,
            "its metadata are not those of point_cloud_transport",
        ),
    ],
)
def test_a_draco_stream_that_does_not_fit_its_message_is_refused(stream, width, reason):
    pytest.importorskip("DracoPy")
    with pytest.raises(Refusal, match=reason):
        decompressed(draco_cloud(stream, width, 5))


def test_a_stream_that_crashes_the_decoder_is_refused_and_the_next_one_is_read(monkeypatch):
    pytest.importorskip("DracoPy")
    whole = lambda: decompressed(draco_cloud(SEQUENCE, 8, 5))  # noqa: E731
    whole()
    DECODER._child.kill()
    with pytest.raises(Refusal, match="the decoder crashed on it"):
        whole()
    assert whole().width == 8
    DECODER._child.send_signal(signal.SIGSTOP)
    monkeypatch.setattr("part_perception.ros.messages.compressed.MAX_SECONDS", 0.2)
    with pytest.raises(Refusal, match="it takes longer than"):
        whole()
    monkeypatch.undo()
    assert whole().width == 8


def test_damaged_draco_streams_are_read_or_refused():
    pytest.importorskip("DracoPy")
    rng = np.random.default_rng(0)
    refused = 0
    for k in range(60):
        stream, width, height = ((SEQUENCE, 8, 5), (TREE, 13, 3))[k % 2]
        damaged = bytearray(stream)
        for _ in range(rng.integers(1, 5)):
            damaged[rng.integers(45, len(damaged))] = rng.integers(256)
        try:
            decompressed(draco_cloud(bytes(damaged), width, height))
        except Refusal as refusal:
            assert refusal.code == Status.BAD_CLOUD
            refused += 1
    assert 10 < refused < 60
    assert decompressed(draco_cloud(SEQUENCE, 8, 5)).width == 8


@pytest.mark.ros
def test_compressed_clouds_are_received_over_dds(start_node, robot):
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
