"""Grasps approach from the camera's side, and there are none if its position is unknown."""

import numpy as np
import pytest
import table
from diagnostic_msgs.msg import DiagnosticArray

from part_perception.geometry.poses import moved
from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.refusal import Status

pytestmark = pytest.mark.ros
BASE, OPTICAL = "base_link", "camera_depth_optical_frame"
POSE, TRUE = table.view().pose, table.handle_centre(table.MUGS[0])


def in_base() -> np.ndarray:
    """The cloud as published by a driver or filter that transforms it to the robot's base."""
    return moved(table.view(1).points[::2, ::2], POSE).astype(np.float32)


def without_order(points: np.ndarray) -> np.ndarray:
    flat = points.reshape(-1, 3)
    return flat[np.isfinite(flat).all(axis=1)]


def test_a_cloud_in_the_base_frame_is_grasped_from_the_cameras_side_or_not_at_all(start_node, robot):
    node = start_node({"gravity_frame": BASE, "tf_timeout": 0.5, "max_cloud_age": 60.0})
    told = robot.listen(DiagnosticArray, "/diagnostics")

    # In the robot's base, organised: the rays reveal where the camera is
    part = handle_in(robot, in_base(), BASE)
    assert_grasps_come_from_the_camera(part)
    # Unordered and without the camera's TF: unknown
    part = handle_in(robot, without_order(in_base()), BASE)
    assert len(part.grasps) == 0 and part.confidence > 0.5
    node.wait_for("no grasps are given: the camera.s position in base_link is unknown")
    robot.wait("the diagnostics", lambda: warned(told, "set viewpoint_frame to"))
    # A frame that claims to be the camera's, but points not seen from it; up as in the base
    robot.transform(np.eye(4), parent=BASE, child="wrong_optical_frame")
    assert len(handle_in(robot, in_base(), "wrong_optical_frame").grasps) == 0
    robot.wait("the contradiction", lambda: warned(told, "not seen from wrong_optical_frame, but from"))
    # With the camera's frame given, the unordered cloud can be grasped
    robot.transform(POSE, parent=BASE, child=OPTICAL)
    assert robot.set(viewpoint_frame=OPTICAL) == []
    part = handle_in(robot, without_order(in_base()), BASE)
    assert_grasps_come_from_the_camera(part)


def test_an_unordered_cloud_finds_its_camera_by_tf(start_node, robot):
    start_node({"gravity_frame": BASE, "tf_timeout": 0.5, "max_cloud_age": 60.0})
    robot.transform(POSE, parent=BASE, child=OPTICAL)
    robot.start_camera(without_order(in_base()), rate=4.0, frame=BASE)
    part = robot.wait("the node to hear of the camera's place", lambda: handle_with_grasps(robot))
    assert_grasps_come_from_the_camera(part)


def test_grasps_out_of_the_arms_reach_are_left_out(start_node, robot):
    node = start_node({"reach.base_frame": "arm", "tf_timeout": 0.5, "max_cloud_age": 60.0})
    camera = table.view(1).points[::2, ::2]
    # The arm's position is unknown
    assert len(handle_in(robot, camera, OPTICAL).grasps) == 0
    node.wait_for("no grasps are given: No transform from camera_depth_optical_frame to arm")
    # Beside the mug; behind the camera, so that the mug is out of the arm's reach; beside the mug again
    for away, reached in ((0.0, True), (1.0, False), (0.0, True)):
        arm = POSE.copy()
        arm[:3, 3] += away * (POSE[:3, 3] - TRUE) / np.linalg.norm(POSE[:3, 3] - TRUE) + (0, 0, 0.1)
        robot.transform(arm, parent="arm", child=OPTICAL)
        robot.wait(
            "the node to hear of it",
            lambda reached=reached: bool(len(handle_in(robot, camera, OPTICAL).grasps)) == reached,
        )
    part = handle_in(robot, camera, OPTICAL)
    places = [matrix_of_pose(pose)[:3, 3] for grasp in part.grasps for pose in (grasp.pose, grasp.pre_grasp)]
    away = np.linalg.norm(moved(np.array(places), arm), axis=1)
    assert away.min() > 0 and away.max() < 0.86
    assert robot.set(reach__max_radius=0.05) == []
    robot.wait("grasps to go", lambda: not len(handle_in(robot, camera, OPTICAL).grasps))


def handle_with_grasps(robot):
    """The handle in the next cloud that is answered with grasps; transforms arrive on another topic."""
    part = robot.query("handle", wait_for_newer=True, timeout=15.0).parts[0]
    return part if len(part.grasps) else None


def handle_in(robot, points: np.ndarray, frame: str):
    """The handle in the clouds of a camera."""
    robot.start_camera(points, rate=4.0, frame=frame)
    reply = robot.query("handle", wait_for_newer=True, timeout=15.0)
    assert (reply.status.code, reply.header.frame_id) == (Status.OK, frame)
    return reply.parts[0]


def warned(told: list[DiagnosticArray], words: str) -> list:
    return [status for message in told for status in message.status if words in status.message]


def assert_grasps_come_from_the_camera(part) -> None:
    sight = (TRUE - POSE[:3, 3]) / np.linalg.norm(TRUE - POSE[:3, 3])
    assert len(part.grasps)
    assert all(matrix_of_pose(grasp.pose)[:3, 2] @ sight > 0.5 for grasp in part.grasps)
