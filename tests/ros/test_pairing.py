"""Matching messages of several topics, over time, across jumps in time, and over DDS."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from robot import NODE
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from part_perception.ros.pairing import MAX_BYTES, MAX_MESSAGES, Pairing
from part_perception.ros.refusal import Status
from part_perception_interfaces.msg import PartArray


def paired(within: float, *taken: tuple[int, int], size: int = 0) -> list[tuple[int, int]]:
    """The stamps of the pairs made from messages (topic, stamp in milliseconds)."""
    pairs = []
    pairing = Pairing(2, within, lambda a, b: pairs.append((a.at, b.at)))
    for k, at in taken:
        stamp = SimpleNamespace(sec=at // 1000, nanosec=at % 1000 * 1_000_000)
        pairing.take(k, SimpleNamespace(header=SimpleNamespace(stamp=stamp), at=at, data=range(size)))
    return pairs


def test_messages_are_paired_by_stamp_and_used_once():
    taken = ((0, 0), (1, 30), (0, 33), (1, 36), (0, 66), (1, 99), (1, 70))
    assert paired(0.010, *taken) == [(33, 30), (66, 70)]


def test_within_0_pairs_equal_stamps_only():
    assert paired(0.0, (0, 10), (1, 11), (0, 20), (1, 20)) == [(20, 20)]


def test_stamps_that_jump_back_pair_at_once_whichever_topic_jumps_first():
    before = [(k, at) for at in range(10_000, 12_000, 33) for k in (0, 1)]
    assert paired(0.01, *before, (0, 5), (1, 5))[-1] == (5, 5)
    assert paired(0.01, *before, (0, 5), (1, 12_033), (0, 38), (1, 38), (0, 71), (1, 71))[-2:] == [
        (38, 38),
        (71, 71),
    ]
    assert paired(0.01, *before, (0, 12_033), (0, 5), (1, 5))[-1] == (5, 5)


def test_a_detector_of_one_hertz_that_is_a_second_late_finds_its_images():
    images = [(at, (0, at)) for at in range(0, 5000, 33)]
    detections = [(at + 1100, (1, at)) for at in range(0, 4000, 990)]
    assert paired(0.0, *(taken for _, taken in sorted(images + detections))) == [
        (at, at) for at in range(0, 4000, 990)
    ]


def test_waiting_messages_are_bounded():
    pairing = Pairing(2, 0.01, lambda *_: None)
    for at in range(0, 1000, 10):
        stamp = SimpleNamespace(sec=0, nanosec=at * 1_000_000)
        pairing.take(0, SimpleNamespace(header=SimpleNamespace(stamp=stamp), data=range(MAX_BYTES // 10)))
    assert len(pairing._queues[0]) == 10


def test_messages_of_a_detector_that_sets_no_stamps_are_bounded():
    """They have no data whose size could be counted, and never become older than one another."""
    pairing = Pairing(2, 0.01, lambda *_: None)
    unset = SimpleNamespace(header=SimpleNamespace(stamp=SimpleNamespace(sec=0, nanosec=0)), detections=[])
    for _ in range(2 * MAX_MESSAGES):
        pairing.take(1, unset)
    assert len(pairing._queues[1]) == MAX_MESSAGES


@pytest.mark.ros
def test_depth_and_colour_go_on_when_a_bag_starts_over(start_node, robot):
    """Stamps jump back by 1000 s, as when a bag loops; answers resume within a few frames."""
    start_node({"input": "rgbd", "colour": True, "pair_within": 0.0, "max_cloud_age": 3600.0})
    heard = robot.listen(PartArray, f"{NODE}/parts")
    publish = camera(robot)
    now = robot.stamp().sec
    robot.wait("the node to listen", lambda: robot.node.count_subscribers("/depth/image"))
    for start in (now, now - 1000):
        sent = []

        def answered(start=start, sent=sent):
            sent.append(publish(Time(sec=start, nanosec=33_000_000 * min(len(sent), 30))))
            return any(parts.header.stamp.sec == start for parts in heard)

        assert robot.wait(f"an answer at {start} s", answered, patience=10.0)


@pytest.mark.ros
def test_depth_and_colour_go_on_when_the_clock_jumps_back(start_node, robot):
    """A simulation that is reset: the messages of the old time wait for no partner in the new one."""
    start_node({"input": "rgbd", "colour": True, "use_sim_time": True, "max_cloud_age": 60.0})
    heard = robot.listen(PartArray, f"{NODE}/parts")
    clock, publish = robot.node.create_publisher(Clock, "/clock", 10), camera(robot)
    robot.wait("the node to listen", lambda: robot.node.count_subscribers("/depth/image"))
    for start in (1000, 10):
        sent = []

        def answered(start=start, sent=sent):
            stamp = Time(sec=start, nanosec=33_000_000 * min(len(sent), 30))
            clock.publish(Clock(clock=stamp))
            sent.append(publish(stamp))
            return any(parts.header.stamp.sec == start for parts in heard)

        assert robot.wait(f"an answer at {start} s", answered, patience=10.0)


@pytest.mark.ros
def test_silence_is_counted_from_the_jump_when_the_clock_jumps_back(start_node, robot):
    """A simulation that is reset and stands still: clouds came until then."""
    start_node({"use_sim_time": True, "diagnostics.no_cloud_after": 3.0})
    told, clock = (
        robot.listen(DiagnosticArray, "/diagnostics"),
        robot.node.create_publisher(Clock, "/clock", 10),
    )
    begin = time.monotonic()
    second = 1000

    def input_said(report) -> str:
        return next(status.message for status in report.status if status.name.endswith(": input"))

    def waited() -> bool:
        clock.publish(Clock(clock=Time(sec=second)))
        robot.publish(table.view(1).points[::4, ::4], stamp=Time(sec=second))
        return time.monotonic() - begin > 5.0 and told and input_said(told[-1]) == "clouds arrive"

    robot.wait("five seconds of clouds", waited)
    time.sleep(0.5)  # the last of them arrives before the jump
    second = 10
    clock.publish(Clock(clock=Time(sec=second)))
    count = len(told) + 1
    robot.wait("the next report but one", lambda: len(told) > count)
    assert input_said(told[count]) == "clouds arrive"
    refused = robot.query("handle", timeout=0.5).status
    assert refused.code == Status.NO_CLOUD and "has 1 publisher(s), but nothing arrives" in refused.message


@pytest.mark.ros
def test_a_mask_that_comes_a_second_late_finds_its_depth_image(start_node, robot):
    """A detector at 1 Hz beside a camera at 30 Hz: the image that it looked at is still there when it answers."""
    start_node({"input": "rgbd", "regions": "mask", "pair_within": 0.0, "max_cloud_age": 60.0})
    heard = robot.listen(PartArray, f"{NODE}/parts")
    publish, masks = camera(robot), robot.node.create_publisher(Image, "/mask", 1)
    robot.wait("the node to listen", lambda: robot.node.count_subscribers("/depth/image"))
    robot.wait("the node to listen to masks", masks.get_subscription_count)
    chosen = np.ascontiguousarray((table.view(1).label[::4, ::4] == 0).astype(np.uint8))
    height, width = chosen.shape

    def answered():
        start = robot.stamp().sec
        for k in range(31):
            publish(Time(sec=start, nanosec=k * 33_000_000 % 1_000_000_000))
            time.sleep(0.033)
        mask = Image(height=height, width=width, step=width, encoding="mono8", data=chosen.tobytes())
        mask.header = Header(frame_id="camera", stamp=Time(sec=start, nanosec=0))
        masks.publish(mask)
        return any(parts.header.stamp.nanosec == 0 and parts.objects for parts in heard)

    robot.wait("the frame of the mask", answered)
    assert all(parts.header.stamp.nanosec == 0 for parts in heard), "no other image had a partner"


def camera(robot):
    """A function that publishes depth, colour and camera_info of a small scene with a stamp."""
    points = table.view(1).points[::4, ::4]
    height, width = points.shape[:2]
    info = CameraInfo(width=width, height=height, k=[575 / 4, 0, 79.5, 0, 575 / 4, 59.5, 0, 0, 1.0])
    topics = {"depth/image": Image, "color/image": Image, "camera_info": CameraInfo}
    depth, colour, about = (robot.node.create_publisher(kind, topic, 1) for topic, kind in topics.items())

    def publish(stamp) -> None:
        header = Header(frame_id="camera", stamp=stamp)
        info.header = header
        about.publish(info)
        values = np.nan_to_num(points[..., 2]).astype("<f4")
        black = np.zeros((height, width, 3), np.uint8)
        for publisher, image, encoding in ((depth, values, "32FC1"), (colour, black, "rgb8")):
            step = image.nbytes // height
            message = Image(header=header, height=height, width=width, encoding=encoding, step=step)
            message.data = image.tobytes()
            publisher.publish(message)

    return publish
