"""~/query_parts: a robot's questions and answers, and what it may demand of them, over real DDS."""

import re

import numpy as np
import pytest
import table
from diagnostic_msgs.msg import DiagnosticArray
from lifecycle_msgs.msg import Transition
from robot import CAMERA, NODE
from sensor_msgs.msg import RegionOfInterest
from std_srvs.srv import SetBool

from part_perception.geometry.poses import moved
from part_perception.ros.messages.clouds import read_cloud
from part_perception.ros.messages.poses import matrix_of_pose, pose_message, vector_message
from part_perception.ros.refusal import Status
from part_perception_interfaces.msg import OrientedBox, Region
from part_perception_interfaces.srv import QueryParts

pytestmark = pytest.mark.ros
HANDLES = [table.handle_centre(mug) for mug in table.MUGS]


def in_world(part) -> np.ndarray:
    """The centroid of a part in the camera's frame, in the world."""
    c = part.centroid
    return moved(np.array((c.x, c.y, c.z)), table.view().pose)


def nearest_handle(point: np.ndarray) -> float:
    return min(np.linalg.norm(point - handle) for handle in HANDLES)


def test_where_the_handles_are_and_an_honest_no(start_node, robot):
    start_node()
    robot.start_camera(table.view().points)
    answer = robot.query("handle", "lid", with_points=True)
    assert answer.status.code == Status.PART_NOT_FOUND
    assert answer.status.message == "Not found: lid."
    assert list(answer.found) == [True, False]
    assert answer.confidence[0] == pytest.approx(0.9)
    assert answer.header.frame_id == CAMERA
    assert 0 < answer.age < 10
    assert len(answer.parts) == 3
    assert len({part.object_id for part in answer.parts}) == 3
    for part in answer.parts:
        assert part.query == "handle"
        assert nearest_handle(in_world(part)) < 0.03
        seen = table.view().points.reshape(-1, 3)[np.array(part.indices)]
        np.testing.assert_allclose(read_cloud(part.points).points, seen, atol=1e-6)
        assert (
            np.linalg.norm(seen.mean(axis=0) - moved(in_world(part), np.linalg.inv(table.view().pose))) < 1e-3
        )
        assert part.grasps, "a thin bar can be grasped"
        assert 0.01 < part.grasps[0].opening_width < 0.06

    one = robot.query("handle", max_parts=1)
    assert (one.status.code, len(one.parts)) == (Status.OK, 1)
    named = robot.query("handle", object_words=["mug", "pan"])
    assert {(part.object_name, round(part.object_confidence, 3)) for part in named.parts} == {("mug", 0.9)}
    other = robot.query("handle", object_words=["banana"])
    assert (other.status.code, len(other.parts)) == (Status.PART_NOT_FOUND, 0)
    assert other.status.message == 'Not found: handle (no object here is a "banana").'
    newer = robot.query("handle", wait_for_newer=True)
    assert (newer.header.stamp.sec, newer.header.stamp.nanosec) > (
        one.header.stamp.sec,
        one.header.stamp.nanosec,
    )


def test_regions_narrow_the_search(start_node, robot):
    start_node()
    robot.start_camera(table.view().points)
    everything = robot.query("handle")
    first = everything.parts[0]

    only = robot.query("handle", region=Region(kind=Region.OBJECT, object_id=first.object_id))
    assert [part.object_id for part in only.parts] == [first.object_id]
    unknown = robot.query("handle", region=Region(kind=Region.OBJECT, object_id=4321))
    assert (unknown.status.code, unknown.status.message) == (
        Status.NO_OBJECT,
        "There is no object 4321 in the newest cloud.",
    )

    row, column = divmod(int(np.median(first.indices)), 640)
    around = RegionOfInterest(
        x_offset=max(column - 130, 0), y_offset=max(row - 130, 0), width=260, height=260
    )
    pixels = robot.query("handle", region=Region(kind=Region.IMAGE, roi=around))
    assert first.object_id in [part.object_id for part in pixels.parts]
    assert len(pixels.parts) < 3
    nothing = robot.query("handle", region=Region(kind=Region.IMAGE))
    assert nothing.status.code == Status.BAD_REQUEST

    c = first.centroid
    around = OrientedBox(
        center=pose_message((c.x, c.y, c.z), np.eye(3)), size=vector_message((0.25, 0.25, 0.25))
    )
    boxed = robot.query("handle", region=Region(kind=Region.BOX, box=around))
    assert [part.object_id for part in boxed.parts] == [first.object_id]
    flat = OrientedBox(center=pose_message((c.x, c.y, c.z), np.eye(3)))
    assert robot.query("handle", region=Region(kind=Region.BOX, box=flat)).status.code == Status.BAD_REQUEST
    assert robot.query("handle", region=Region(kind=9)).status.code == Status.BAD_REQUEST
    around.size.x = float("nan")
    no_number = robot.query("handle", region=Region(kind=Region.BOX, box=around)).status
    assert (no_number.code, no_number.message) == (Status.BAD_REQUEST, "region.box must be finite.")


def test_every_refusal_is_a_code_and_a_sentence(start_node, robot):
    start_node()
    silent = robot.query("handle", timeout=0.3)
    assert silent.status.code == Status.NO_CLOUD
    assert "No cloud has arrived yet" in silent.status.message
    for queries, reason in (
        ([], "There is no query; give at least one."),
        (["handle", "  "], "The query is empty."),
        (["x" * 201], "A query of 201 characters is too long; at most 200."),
        (["a"] * 65, "Too many texts for query: 65; at most 64 at once."),
    ):
        answer = robot.query(*queries)
        assert (answer.status.code, answer.status.message) == (Status.BAD_TEXT, reason)
    assert robot.query("handle", timeout=-1.0).status.code == Status.BAD_REQUEST
    assert robot.query("handle", max_age=float("nan")).status.code == Status.BAD_REQUEST

    robot.start_camera(table.bare().points)
    empty = robot.query("handle")
    assert (empty.status.code, empty.status.message) == (
        Status.NO_OBJECT,
        "There is no object: nothing stands on the support.",
    )
    lost = robot.query("handle", target_frame="moon", timeout=0.3)
    assert lost.status.code == Status.NO_TRANSFORM
    assert "from camera to moon" in lost.status.message

    assert robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=False)).success
    assert robot.query("handle").status.code == Status.INACTIVE
    robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=True))
    assert robot.query("handle").status.code == Status.NO_OBJECT


def test_a_paused_node_knows_that_clouds_come_and_answers_as_soon_as_it_goes_on(start_node, robot):
    start_node({"diagnostics.no_cloud_after": 0.5, "max_cloud_age": 0.5})
    told = robot.listen(DiagnosticArray, "/diagnostics")
    robot.start_camera(table.view(1).points)
    robot.wait("the handle", lambda: robot.query("handle", timeout=5.0).found == [True])
    assert robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=False)).success
    begin = len(told) + 1
    robot.wait("reports of the pause", lambda: len(told) > begin + 2)
    said = {status.name: status.message for report in told[begin:] for status in report.status}
    assert said["part_perception: input"] == "clouds arrive"
    assert robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=True)).success
    answer = robot.query("handle", timeout=5.0)
    assert (answer.status.code, answer.found) == (Status.OK, [True]), answer.status.message


def test_a_node_that_cannot_be_paused_cannot_be_paused_before_it_is_active_either(start_node, robot):
    start_node({"allow_enable": False, "autostart": False}, active=False)
    assert not robot.call(SetBool, f"{NODE}/enable", SetBool.Request(data=False)).success
    assert robot.transition(Transition.TRANSITION_CONFIGURE)
    assert robot.transition(Transition.TRANSITION_ACTIVATE)
    robot.start_camera(table.view(1).points)
    assert robot.query("handle", timeout=15.0).found == [True]


def test_many_callers_at_once_all_get_their_answer(start_node, robot):
    """More callers wait than the node has threads, because waiting blocks none."""
    start_node()
    client = robot.client(QueryParts, f"{NODE}/query_parts")
    waiting = [
        client.call_async(QueryParts.Request(queries=["handle"], wait_for_newer=True, timeout=30.0))
        for _ in range(8)
    ]
    assert robot.query().status.code == Status.BAD_TEXT
    assert not any(future.done() for future in waiting)
    robot.start_camera(table.view(1).points)
    answers = [robot.finish("an answer", future) for future in waiting]
    assert {answer.status.code for answer in answers} == {Status.OK}


def test_a_camera_that_stops_is_noticed_and_may_resume(start_node, robot):
    start_node({"max_cloud_age": 0.5})
    robot.start_camera(table.view(1).points)
    assert robot.query("handle", max_age=60.0).status.code == Status.OK
    robot.stop_camera()
    robot.wait(
        "the newest cloud to be too old", lambda: robot.query("handle").status.code == Status.CLOUD_TOO_OLD
    )
    assert "Is the camera running?" in robot.query("handle").status.message
    assert robot.query("handle", max_age=3600.0).status.code == Status.OK
    robot.start_camera(table.view(1).points)
    robot.wait(
        "an answer", lambda: robot.query("handle", wait_for_newer=True, max_age=5.0).status.code == Status.OK
    )


def test_a_node_that_is_killed_and_started_again_serves_the_same_client(start_node, robot):
    robot.start_camera(table.view(1).points)
    first = start_node()
    assert robot.query("handle", max_age=60.0).status.code == Status.OK
    first.popen.kill()
    first.popen.wait()
    start_node()

    def answered():
        """A request sent to the dead node is lost; a client asks again."""
        future = robot.ask_later("handle", max_age=60.0)
        return robot.wait_for(future, 2.0) and future.result().status.code == Status.OK

    robot.wait("an answer of the new node", answered, patience=40.0)


def test_a_newer_cloud_is_as_old_as_allowed_too(start_node, robot):
    start_node({"max_cloud_age": 0.01})
    robot.start_camera(table.view(1).points)
    assert robot.query("handle", wait_for_newer=True).status.code == Status.OK, "by default, of any age"
    late = robot.query("handle", wait_for_newer=True, max_age=0.001, timeout=1.5).status
    assert late.code == Status.CLOUD_TOO_OLD
    assert re.fullmatch(
        r"The newest cloud is 0\.\d\d s old once its objects are known; 0\.00 s is allowed: frames take too long, or "
        r"the clocks of camera and computer differ\.",
        late.message,
    )


def test_limits_of_an_answer(start_node, robot):
    start_node({"pre_grasp_offset": 0.2, "max_cloud_age": 60.0})
    robot.start_camera(table.view(1).points, rate=4.0)

    plain = robot.query("handle", timeout=15.0).parts[0]
    assert len(plain.indices) > 0 and len(plain.grasps) > 0
    assert starts_back(plain.grasps[0]) == pytest.approx((0, 0, -0.2), abs=1e-6)

    short = robot.query("handle", with_indices=False, pre_grasp_offset=0.05).parts[0]
    assert len(short.indices) == 0 and short.centroid.z == pytest.approx(plain.centroid.z, abs=0.01)
    assert starts_back(short.grasps[0]) == pytest.approx((0, 0, -0.05), abs=1e-6)

    assert robot.query("handle", min_confidence=0.8).status.code == Status.OK
    unsure = robot.query("handle", min_confidence=0.95)
    assert (unsure.status.code, len(unsure.parts)) == (Status.PART_NOT_FOUND, 0)
    assert unsure.confidence[0] > 0.8

    kept = robot.query("handle", avoid=["mug"]).parts[0]
    assert len(kept.grasps) == 0 and kept.confidence == pytest.approx(plain.confidence)
    assert robot.query("handle", avoid=["wheel"]).parts[0].grasps
    touching = "every grasp touches a part to avoid"
    both = robot.query("handle", "mug", avoid=["handle"])
    assert (both.status.code, len(both.parts[0].grasps)) == (Status.OK, 0)
    assert f"handle: {touching}" in both.status.message
    some = robot.query("handle", "lid", avoid=["handle"])
    assert some.status.code == Status.PART_NOT_FOUND
    assert some.status.message.startswith("Not found: lid") and some.status.message.endswith(
        f"Handle: {touching}."
    )
    ended, result = robot.result(robot.find("handle", avoid=["handle"], timeout=30.0, stable_frames=1)[1])
    assert (ended, result.status.code, result.status.message) == ("succeeded", Status.OK, touching)

    for wrong in ({"min_confidence": 1.5}, {"pre_grasp_offset": -0.1}):
        answer = robot.query("handle", **wrong)
        assert answer.status.code == Status.BAD_REQUEST and next(iter(wrong)) in answer.status.message
    assert robot.query("handle", avoid=[""]).status.code == Status.BAD_TEXT


def starts_back(grasp) -> np.ndarray:
    """The pre-grasp position in the axes of the grasp."""
    return (np.linalg.inv(matrix_of_pose(grasp.pose)) @ matrix_of_pose(grasp.pre_grasp))[:3, 3]
