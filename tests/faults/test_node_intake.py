"""Anything that a camera, a clock or a stranger may send on the cloud's topic: random bytes, future stamps."""

from __future__ import annotations

import struct
import time
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
from builtin_interfaces.msg import Time  # noqa: E402
from diagnostic_msgs.msg import DiagnosticArray  # noqa: E402
from rcl_interfaces.msg import Parameter  # noqa: E402
from rcl_interfaces.srv import SetParameters  # noqa: E402
from rclpy.serialization import serialize_message  # noqa: E402
from std_msgs.msg import Header  # noqa: E402
from std_srvs.srv import SetBool  # noqa: E402

from part_perception.ros.diagnostics import Health  # noqa: E402
from part_perception.ros.messages.clouds import (  # noqa: E402
    XYZ,
    read_cloud,
    read_raw_cloud,
    write_cloud,
)
from part_perception.ros.messages.images import detection_regions  # noqa: E402
from part_perception.ros.refusal import Refusal, Status  # noqa: E402
from part_perception.ros.requests.gate import RequestGate  # noqa: E402
from part_perception_interfaces.msg import Example  # noqa: E402
from part_perception_interfaces.srv import QueryParts, Teach  # noqa: E402
from tests.faults.raw_requests import RawRequests  # noqa: E402

POINTS = np.random.default_rng(0).random((6, 8, 3)).astype(np.float32)
MESSAGE = write_cloud(POINTS, Header(frame_id="camera", stamp=Time(sec=7, nanosec=5)), XYZ)
RAW = bytes(serialize_message(MESSAGE))


def test_a_cloud_is_read_as_the_middleware_reads_it():
    cloud = read_raw_cloud(RAW)
    assert (cloud.header, cloud.height, cloud.width) == (MESSAGE.header, 6, 8)
    assert (cloud.point_step, cloud.row_step, cloud.is_dense) == (12, 96, False)
    assert np.array_equal(read_cloud(cloud).points, POINTS)


BAD = {
    "the four bytes that end a process": b"\x00\x00\xff\xff",
    "nothing": b"",
    "another encoding": b"\x00\x07" + RAW[2:],
    "half": RAW[: len(RAW) // 2],
    "a long name": RAW[:12] + struct.pack("<I", 2**32 - 1) + RAW[16:],
    "many fields": RAW.replace(struct.pack("<III", 6, 8, 3), struct.pack("<III", 6, 8, 10**9)),
    "much data": RAW.replace(struct.pack("<I", 576), struct.pack("<I", 2**32 - 1)),
    "a negative time": RAW[:8] + b"\xff" * 4 + RAW[12:],
}


@pytest.mark.parametrize("what", BAD)
def test_bytes_that_are_not_a_cloud_are_refused(what):
    raw = BAD[what]
    assert raw != RAW
    if what == "a negative time":
        assert read_raw_cloud(raw).header.stamp.nanosec == 2**32 - 1, "strange, but a cloud"
        return
    with pytest.raises(Refusal, match="are not a PointCloud2"):
        read_raw_cloud(raw)


def test_mutated_bytes_give_a_cloud_or_a_refusal():
    rng = np.random.default_rng(0)
    refused = 0
    for _ in range(5000):
        raw = bytearray(RAW[: rng.integers(len(RAW))] if rng.random() < 0.3 else RAW)
        for _ in range(rng.integers(1, 6)):
            if raw:
                raw[rng.integers(min(len(raw), 140))] = rng.integers(256)
        try:
            read_cloud(read_raw_cloud(bytes(raw)))
        except Refusal as refusal:
            assert refusal.code == Status.BAD_CLOUD
            refused += 1
    assert 1000 < refused < 5000


def test_a_box_that_is_not_finite_refuses_only_itself():
    def box(x: float, size: float):
        center = SimpleNamespace(position=SimpleNamespace(x=x, y=3.0))
        return SimpleNamespace(bbox=SimpleNamespace(center=center, size_x=size, size_y=2.0), results=[])

    boxes = [box(np.nan, 2.0), box(4.0, 2.0), box(np.inf, 2.0), box(4.0, -np.inf), box(4.0, np.nan)]
    regions = detection_regions(SimpleNamespace(detections=boxes), (6, 8, 3))
    assert len(regions) == 1 and regions[0].region.sum() == 4


def test_a_simulated_clock_that_never_came_is_named():
    now = SimpleNamespace(nanoseconds=0)
    clock = SimpleNamespace(ros_time_is_active=True, now=lambda: now)
    gate = RequestGate(SimpleNamespace(executor=None, get_clock=lambda: clock), lambda: "")
    try:
        with pytest.raises(Refusal, match="use_sim_time is true, but no time has arrived on /clock"):
            gate.check_stamp(1_000_000_000, most_ahead=0.1)
        now.nanoseconds = 1_000_000_000
        gate.check_stamp(1_050_000_000, most_ahead=0.1)
        with pytest.raises(Refusal, match=r"is 0\.20 s ahead of this node's clock; 0\.10 s is allowed"):
            gate.check_stamp(1_200_000_000, most_ahead=0.1)
    finally:
        gate.pool.close()


def test_a_cloud_ages_from_its_arrival_however_far_ahead_its_stamp_is():
    now = SimpleNamespace(nanoseconds=1_000_000_000)
    clock = SimpleNamespace(ros_time_is_active=False, now=lambda: now)
    gate = RequestGate(SimpleNamespace(executor=None, get_clock=lambda: clock), lambda: "")
    try:
        arrived = time.monotonic() - 20.0  # then the camera stopped
        assert gate.age(3601_000_000_000, arrived) == pytest.approx(20.0, abs=5.0)
        assert gate.age(0, time.monotonic()) == pytest.approx(1.0), "or from its stamp, if that is earlier"
        clock.ros_time_is_active = True
        assert gate.age(0, arrived) == pytest.approx(1.0), "a simulated clock may stand still"
    finally:
        gate.pool.close()


def test_diagnostics_are_read_while_frames_come():
    health = Health()

    class Moment(float):
        """A time whose comparison lets the next frame arrive, as another thread might."""

        def __gt__(self, other: float) -> bool:
            health.frames.append((Moment(self + 0.1), {}))
            return float(self) > other

    health.frames.append((Moment(time.monotonic()), {}))
    health.frames.append((Moment(time.monotonic() + 0.1), {}))
    assert health.rate() == 0.0, "of two frames there is no rate yet"
    assert len(health.frames) == 4


def cut_requests(robot) -> None:
    """Requests to three services that are truncated or have extra bytes; no ROS client sends them.

    Lengths that claim gigabytes and padding that is not there are left out: the middleware reads requests before the
    node does, and believes the first and may end the process by the second (docs/security.md).
    """
    rng = np.random.default_rng(1)
    for kind, name in ((QueryParts, "query_parts"), (Teach, "teach"), (SetParameters, "set_parameters")):
        try:
            attacker = RawRequests(robot.node, kind, f"/part_perception/{name}")
        except OSError:
            pytest.skip("needs Fast DDS")
        robot.wait("the service", attacker.count)
        good = bytes(serialize_message(request_of(kind)))
        for _ in range(20):
            assert attacker.publish(good[: rng.integers(4, len(good))])
            assert attacker.publish(good + bytes(rng.integers(1, 9)))


def request_of(kind):
    if kind is QueryParts:
        return QueryParts.Request(queries=["handle", "lid"], object_words=["mug"], timeout=0.5)
    if kind is Teach:
        return Teach.Request(word="grip", examples=[Example(cloud=MESSAGE, indices=[1, 2, 3])], timeout=0.5)
    return SetParameters.Request(parameters=[Parameter(name="target_frame"), Parameter(name="x")])


def counts(told: list) -> dict[str, str]:
    return {pair.key: pair.value for pair in told[-1].status[0].values}


@pytest.mark.ros
def test_strange_bytes_and_stamps_are_refused_and_counted_and_the_node_lives(start_node, robot):
    import table

    start_node({"standing_queries": ["handle"], "allow_teach": False, "lock_parameters": True})
    told = robot.listen(DiagnosticArray, "/diagnostics")
    points = table.view(1).points
    robot.wait(
        "an answer", lambda: robot.publish(points) and robot.query("handle", timeout=1.0, max_age=60.0).found
    )

    def refused(sentence: str):
        answer = robot.query("handle", wait_for_newer=True, timeout=0.3)
        return answer.status.code == Status.BAD_CLOUD and sentence in answer.status.message

    deadly = BAD["the four bytes that end a process"]
    robot.wait(
        "no cloud",
        lambda: robot.points.publish(deadly) or refused("are not a PointCloud2"),
    )
    now = robot.stamp()
    ahead = Time(sec=now.sec + 3600, nanosec=now.nanosec)
    robot.wait(
        "a stamp ahead", lambda: robot.publish(points, stamp=ahead) and refused("ahead of this node's clock")
    )
    robot.wait(
        "its naming",
        lambda: told and any("ahead of this node" in status.message for status in told[-1].status),
    )
    robot.wait(
        "good again", lambda: robot.publish(points) and robot.query("handle", timeout=1.0).found == [True]
    )

    cut_requests(robot)
    robot.wait(
        "good still", lambda: robot.publish(points) and robot.query("handle", timeout=1.0).found == [True]
    )

    assert "lock_parameters" in robot.set(target_frame="base")[0]
    answer = robot.teach(word="handle", command=Teach.Request.FORGET)
    assert answer.status.code == Status.BAD_REQUEST and "allow_teach" in answer.status.message
    name = "/part_perception/enable"
    assert robot.call(SetBool, name, SetBool.Request(data=False)).success
    robot.wait("the count", lambda: robot.publish(points) and int(counts(told).get("while disabled", 0)) > 0)
    assert robot.call(SetBool, name, SetBool.Request(data=True)).success
    robot.wait(
        "good again", lambda: robot.publish(points) and robot.query("handle", timeout=1.0).found == [True]
    )
