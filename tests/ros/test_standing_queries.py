"""The outputs of every frame, and that no work is done without a listener."""

import time
from itertools import pairwise

import numpy as np
import pytest
import table
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseArray
from robot import BEST_EFFORT, CAMERA, NODE
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import PointCloud2
from std_srvs.srv import SetBool
from visualization_msgs.msg import Marker, MarkerArray

from part_perception.ros.messages.clouds import LABELLED, NO_LABEL, NO_OBJECT
from part_perception.ros.messages.poses import matrix_of_pose
from part_perception_interfaces.msg import PartArray

pytestmark = pytest.mark.ros


def test_parts_clouds_markers_and_grasps_of_one_frame_agree(start_node, robot):
    start_node({"standing_queries": ["lid", "handle"]})
    parts = robot.listen(PartArray, f"{NODE}/parts")
    clouds = robot.listen(PointCloud2, f"{NODE}/labeled_cloud", BEST_EFFORT)
    drawn = robot.listen(MarkerArray, f"{NODE}/markers")
    poses = robot.listen(PoseArray, f"{NODE}/grasp_poses")
    robot.start_camera(table.view().points, rate=3.0)

    def together():
        """One frame whose messages have all arrived."""
        for part in parts:
            same = [[m for m in heard if key(m) == key(part)] for heard in (clouds, drawn, poses)]
            if all(same):
                return part, *(messages[0] for messages in same)
        return None

    array, cloud, markers, grasps = robot.wait("all messages of one frame", together)
    assert (list(array.queries), list(array.found)) == (["lid", "handle"], [False, True])
    assert array.confidence[0] == pytest.approx(0.05)
    assert (len(array.objects), len(array.parts)) == (3, 3)
    assert array.header.frame_id == CAMERA

    records = np.frombuffer(cloud.data, LABELLED)
    assert (cloud.height, cloud.width) == (480, 640)
    labelled = np.flatnonzero(records["label"] != NO_LABEL)
    assert set(records["label"][labelled]) == {1}, "the label is the position of the query"
    assert sorted(labelled) == sorted(i for part in array.parts for i in part.indices)
    assert set(records["object_id"]) - {NO_OBJECT} == {thing.object_id for thing in array.objects}
    counts = {thing.object_id: thing.point_count for thing in array.objects}
    assert all(np.count_nonzero(records["object_id"] == k) == count for k, count in counts.items())

    actions = [marker.action for marker in markers.markers]
    assert actions[0] == Marker.DELETEALL
    assert actions.count(Marker.ADD) == len(actions) - 1
    texts = [marker.text for marker in markers.markers if marker.type == Marker.TEXT_VIEW_FACING]
    assert texts == ["mug handle 90%"] * 3, "with what the object is believed to be"
    assert len(grasps.poses) == sum(bool(part.grasps) for part in array.parts) > 0
    for part in array.parts:
        for grasp in part.grasps:
            towards = matrix_of_pose(grasp.pose)[:3, 2]
            assert towards @ (part.centroid.x, part.centroid.y, part.centroid.z) > 0, "away from the camera"


def key(message) -> tuple[int, int]:
    header = message.markers[0].header if isinstance(message, MarkerArray) else message.header
    return header.stamp.sec, header.stamp.nanosec


def test_standing_queries_change_while_it_runs(start_node, robot):
    start_node()
    heard = robot.listen(PartArray, f"{NODE}/parts")
    robot.start_camera(table.view(1).points)
    robot.wait("a frame without queries", lambda: heard and list(heard[-1].queries) == [])
    assert robot.set(standing_queries=["handle"]) == []
    robot.wait("the handle", lambda: heard[-1].queries == ["handle"] and heard[-1].found[0])
    assert robot.set(standing_queries=["top", "lid"]) == []
    robot.wait(
        "the top",
        lambda: list(heard[-1].queries) == ["top", "lid"] and list(heard[-1].found) == [True, False],
    )
    assert robot.set(standing_queries=["handle", ""]) == ["standing_queries has an empty text"]
    assert robot.set(standing_queries=[]) == []
    robot.wait("none", lambda: list(heard[-1].queries) == [])


def enable(robot, on: bool) -> None:
    assert robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=on)).success


def test_markers_and_grasps_vanish_once_their_parts_are_no_longer_watched(start_node, robot):
    """RViz would draw them for ever, and a gripper would follow them."""
    start_node({"standing_queries": ["handle"], "scene.remember": 1.0, "diagnostics.no_cloud_after": 1.0})
    drawn = robot.listen(MarkerArray, f"{NODE}/markers")
    poses = [robot.listen(PoseArray, f"{NODE}/{topic}") for topic in ("grasp_poses", "pre_grasp_poses")]
    shown = lambda: drawn and len(drawn[-1].markers) > 1 and all(p and p[-1].poses for p in poses)  # noqa: E731
    gone = lambda: actions(drawn[-1]) == [Marker.DELETEALL] and not any(p[-1].poses for p in poses)  # noqa: E731
    for _ in range(2):  # the camera stops, and comes again
        robot.start_camera(table.view(1).points)
        robot.wait("the handle", shown)
        robot.stop_camera()
        robot.wait("nothing to be drawn without clouds", gone)
    robot.start_camera(table.view(1).points)
    robot.wait("the handle", shown)
    enable(robot, False)
    robot.wait("nothing to be drawn while disabled", gone)
    time.sleep(0.5)
    empty = [actions(message) == [Marker.DELETEALL] for message in drawn]
    assert not any(first and second for first, second in pairwise(empty)), "it is told once"
    enable(robot, True)
    robot.wait("the handle", shown)


def test_markers_stay_while_a_simulation_is_paused(start_node, robot):
    settings = {"scene.remember": 0.2, "diagnostics.no_cloud_after": 0.2, "use_sim_time": True}
    start_node({"standing_queries": ["handle"], "max_cloud_age": 60.0} | settings)
    clock = robot.node.create_publisher(Clock, "/clock", 10)
    drawn = robot.listen(MarkerArray, f"{NODE}/markers")
    cloud, now = table.view(1).points, Time(sec=100)

    def shown() -> bool:
        clock.publish(Clock(clock=now))
        robot.publish(cloud, stamp=now)
        return bool(drawn) and len(drawn[-1].markers) > 1

    robot.wait("the handle", shown)
    time.sleep(1.0)
    assert len(drawn[-1].markers) > 1
    now = Time(sec=101)

    def gone() -> bool:
        clock.publish(Clock(clock=now))
        return actions(drawn[-1]) == [Marker.DELETEALL]

    robot.wait("nothing to be drawn once time goes on without clouds", gone)


def actions(message: MarkerArray) -> list[int]:
    return [marker.action for marker in message.markers]


def looked_at(message: DiagnosticArray) -> tuple[int, int]:
    values = {pair.key: int(pair.value) for pair in message.status[0].values}
    return values.get("received", 0), values.get("looked at", 0)


def test_without_subscriber_query_or_request_no_frame_is_processed(start_node, robot):
    start_node()
    told = robot.listen(DiagnosticArray, "/diagnostics")
    robot.start_camera(table.view(1).points)
    robot.wait("clouds to be received", lambda: told and looked_at(told[-1])[0] > 5)
    assert looked_at(told[-1])[1] == 0
    assert robot.query("handle").found == [True]
    robot.wait("the one frame to be counted", lambda: looked_at(told[-1])[1] >= 1)
    count = looked_at(told[-1])[1]
    before = len(told)
    robot.wait("two more reports", lambda: len(told) >= before + 3)
    assert looked_at(told[-1])[1] == count
