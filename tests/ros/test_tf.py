"""Answers in another frame: with TF absent, late, static and moving."""

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from robot import BASE
from rosgraph_msgs.msg import Clock

from part_perception.ros.refusal import Status

pytestmark = pytest.mark.ros
TRUE = table.handle_centre(table.MUGS[0])


def error(part) -> float:
    """The error of a handle in the base frame, which is the scene's world."""
    return float(np.linalg.norm(np.array((part.centroid.x, part.centroid.y, part.centroid.z)) - TRUE))


def test_absent_then_static(start_node, robot):
    start_node({"target_frame": BASE, "gravity_frame": BASE, "tf_timeout": 0.02})
    robot.start_camera(table.view(1).points)
    lost = robot.query("handle", timeout=0.5)
    assert lost.status.code == Status.NO_TRANSFORM
    assert "frame base and camera is not on /tf or /tf_static" in lost.status.message
    assert not lost.parts
    robot.transform(table.view().pose)
    found = robot.query("handle", timeout=15.0)
    assert (found.status.code, found.header.frame_id) == (Status.OK, BASE)
    assert error(found.parts[0]) < 0.03
    approach = found.parts[0].grasps[0].pose.orientation
    assert abs(approach.x**2 + approach.y**2 + approach.z**2 + approach.w**2 - 1) < 1e-6


def test_a_moving_camera_is_looked_up_at_the_stamp_of_its_cloud(start_node, robot):
    """The transform runs ahead of the clouds at half a metre per second, so the newest one would be wrong."""
    start_node({"target_frame": BASE, "tf_timeout": 0.5})
    pose = table.view().pose

    def drive(stamp):
        at = stamp.sec + stamp.nanosec * 1e-9
        for seconds in (at - 0.05, at + 0.05):
            moving = pose.copy()
            moving[0, 3] += 0.5 * (seconds - at) + pose[0, 3]
            later = type(stamp)(sec=int(seconds), nanosec=int(seconds % 1 * 1e9))
            robot.transform(moving, later)

    robot.start_camera(table.view(1).points, rate=2.0, each=drive)
    answer = robot.query("handle", timeout=15.0, max_age=60.0)
    assert answer.status.code == Status.OK
    c = answer.parts[0].centroid
    assert np.linalg.norm(np.array((c.x - pose[0, 3], c.y, c.z)) - TRUE) < 0.03


def test_a_transform_that_comes_after_the_cloud_is_waited_for(start_node, robot):
    start_node({"target_frame": BASE, "tf_timeout": 5.0})
    robot.wait("the node to listen to transforms", robot.tf.get_subscription_count)
    robot.transform(table.view().pose, robot.stamp())
    # repeatedly, because a single cloud may be lost on the way
    robot.start_camera(table.view(1).points, rate=2.0)
    future = robot.ask_later("handle", timeout=30.0, max_age=60.0)
    with pytest.raises(AssertionError, match="in vain"):
        robot.finish("an answer without its transform", future, patience=1.0)
    robot.start_camera(table.view(1).points, 2.0, lambda _: robot.transform(table.view().pose, robot.stamp()))
    assert error(robot.finish("the answer", future).parts[0]) < 0.03


def test_simulated_time_that_jumps_back_starts_over(start_node, robot):
    start_node({"use_sim_time": True, "target_frame": BASE, "tf_timeout": 0.02})
    clock = robot.node.create_publisher(Clock, "/clock", 10)

    def answered_at(seconds: int) -> bool:
        """Whether a cloud with this stamp is answered at this stamp."""
        stamp = Time(sec=seconds)
        clock.publish(Clock(clock=stamp))
        robot.transform(table.view().pose, stamp)
        robot.publish(table.view(1).points, stamp=stamp)
        answer = robot.query("handle", timeout=0.3)
        return answer.status.code == Status.OK and answer.header.stamp.sec == seconds

    def too_old() -> bool:
        clock.publish(Clock(clock=Time(sec=500)))
        return robot.query("handle").status.code == Status.CLOUD_TOO_OLD

    assert robot.wait("an answer at 1000 s", lambda: answered_at(1000))
    assert robot.wait("an answer at 10 s", lambda: answered_at(10))
    assert robot.wait("the cloud of 10 s to be too old", too_old)
