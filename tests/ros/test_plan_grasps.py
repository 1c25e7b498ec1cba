"""Grasps for MoveIt: with messages that have its fields, and over DDS where moveit_msgs is installed."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import table
from action_msgs.msg import GoalStatus
from rclpy.action import ActionClient
from robot import BASE, CAMERA, NODE
from stand_in import StandIn

from part_perception import types
from part_perception.config import Config, HandConfig
from part_perception.errors import InputError
from part_perception.geometry.poses import inverse, pose_matrix
from part_perception.ros.messages.clouds import Cloud
from part_perception.ros.messages.moveit import moveit_grasps
from part_perception.ros.messages.poses import matrix_of_pose
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.plan_grasps import asked_for, instance_of, names_of, owner_of, planned
from part_perception.ros.server import Server
from part_perception.ros.transforms import OwnTransforms
from part_perception.types import Answer, KnownAnswer
from part_perception_interfaces.msg import Region

JOINTS = ("left_finger", "right_finger")
FIELDS = {
    "moveit_msgs": ("Grasp", "GripperTranslation"),
    "trajectory_msgs": ("JointTrajectory", "JointTrajectoryPoint"),
}


@pytest.fixture
def installed(monkeypatch):
    """The created messages, whether or not their packages are installed."""
    for package, names in FIELDS.items():
        module = ModuleType(f"{package}.msg")
        for name in names:
            setattr(module, name, type(name, (SimpleNamespace,), {}))
        monkeypatch.setitem(sys.modules, package, ModuleType(package))
        monkeypatch.setitem(sys.modules, f"{package}.msg", module)


def target(name: str, *subframes: str):
    return SimpleNamespace(id=name, subframe_names=list(subframes), header=SimpleNamespace(frame_id=""))


def grasps_of(hand: HandConfig, name: str = "mug/handle", link_in_tip=None) -> list:
    transforms = OwnTransforms()
    if link_in_tip is not None:
        transforms.buffer.set("tip", "link", None, link_in_tip)
    server = Server(Config(hand=hand), StandIn(), transforms)
    seen = server.look_apart(Cloud(table.view(1).points, None, CAMERA, 5_000_000_000))
    parts, up, hand = planned(server, seen, asked_for(name, ""), 0.1)
    return [grasp for part in parts for grasp in moveit_grasps(part, up, hand, owner_of(name))]


def test_grasps_have_finger_positions_approach_and_retreat(installed):
    grasps = grasps_of(HandConfig(finger_joints=JOINTS, retreat=0.2))
    assert 1 <= len(grasps) <= 5 and len({grasp.id for grasp in grasps}) == len(grasps)
    assert grasps == sorted(grasps, key=lambda grasp: -grasp.grasp_quality)
    for grasp in grasps:
        approach = matrix_of_pose(grasp.grasp_pose.pose)[:3, 2]
        assert (grasp.grasp_pose.header.frame_id, grasp.grasp_pose.header.stamp.sec) == (CAMERA, 5)
        opened, closed = grasp.pre_grasp_posture, grasp.grasp_posture
        assert opened.joint_names == closed.joint_names == list(JOINTS)
        (left, right), (a, b) = opened.points[0].positions, closed.points[0].positions
        assert 0.013 < left == right < 0.024 and a == b == 0.0, "a bar of 18 mm and its clearance, shared"
        way_in, way_out = grasp.pre_grasp_approach, grasp.post_grasp_retreat
        assert vector(way_in) == pytest.approx(approach)
        assert (way_in.desired_distance, way_in.min_distance) == pytest.approx((0.1, 0.05))
        assert vector(way_out) @ table.POSE[2, :3] > 0.99, "up"
        assert way_out.desired_distance == 0.2
        assert vector(grasp.post_place_retreat) == pytest.approx(-approach)
        assert grasp.allowed_touch_objects == ["mug"]


def test_poses_are_of_the_link_that_moves_with_its_fingers_closing_along_their_axis(installed):
    """A link 10 cm behind the fingertips and turned by 45 degrees, as a Panda's."""
    turn = np.radians(45) / 2
    link_in_tip = pose_matrix((0, 0, -0.1), (0, 0, np.sin(turn), np.cos(turn)))
    plain = [matrix_of_pose(grasp.grasp_pose.pose) for grasp in grasps_of(HandConfig())]
    hand = HandConfig(link="link", tip_frame="tip", closing_axis="y")
    moved = [matrix_of_pose(g.grasp_pose.pose) for g in grasps_of(hand, link_in_tip=link_in_tip)]
    for tip, link in zip(plain, moved, strict=True):
        np.testing.assert_allclose(link[:3, 3], tip[:3, 3] - 0.1 * tip[:3, 2], atol=1e-6)
        fingers = (link @ inverse(link_in_tip))[:3, :3]
        np.testing.assert_allclose(fingers[:, 1], tip[:3, 0], atol=1e-6)
        np.testing.assert_allclose(fingers[:, 2], tip[:3, 2], atol=1e-6)
    with pytest.raises(Refusal, match="No transform from link to tip"):
        grasps_of(hand)
    with pytest.raises(InputError, match=r"hand\.link needs hand\.tip_frame"):
        HandConfig(link="link")


def test_a_target_is_a_part_a_part_of_a_word_or_of_a_numbered_object(installed):
    plain, word, numbered = (asked_for(n, "") for n in ("handle", "coffee_mug/handle", "mug_7/door_knob"))
    assert (plain.queries, plain.object_words, plain.region.kind) == (["handle"], [], Region.EVERYTHING)
    assert (word.queries, word.object_words) == (["handle"], ["coffee mug"])
    assert (numbered.queries, numbered.object_words) == (["door knob"], [])
    assert (numbered.region.kind, numbered.region.object_id) == (Region.OBJECT, 7)
    assert asked_for(names_of(target("mug", "handle")), "").object_words == ["mug"]
    assert asked_for("mug_99999999999/handle", "").object_words == ["mug 99999999999"], "no number of ours"
    with pytest.raises(Refusal, match=r'Not found: handle \(no object here is a "wheel"\)') as no:
        grasps_of(HandConfig(), "wheel/handle")
    assert no.value.code == Status.PART_NOT_FOUND


class TwoTops(StandIn):
    """Each object has two tops: the two halves of what is one."""

    def answer(self, encoded, queries):
        one = super().answer(encoded, queries)
        halves = [
            tuple(replaced(part, rows, k) for k, rows in enumerate(np.array_split(part.indices, 2)))
            for part in one.parts
        ]
        masks = np.stack([np.isin(np.arange(len(encoded.points)), part.indices) for part in one.parts])
        known = KnownAnswer(masks, masks.astype(np.float32), halves)
        return Answer(queries, one.confidence, one.found, known)


def replaced(part: types.Part, rows: np.ndarray, instance: int) -> types.Part:
    return types.Part(part.query, True, part.confidence, rows, part.centroid, instance=instance)


def test_a_subframe_of_a_further_part_means_that_part_and_no_other(installed):
    """A collision object with two handles has the subframes handle and handle_1."""
    server = Server(Config(), TwoTops(), OwnTransforms())
    seen = server.look_apart(Cloud(table.view(1).points, None, CAMERA, 5_000_000_000))

    def of(*target_names: str) -> list[tuple[str, int]]:
        names = names_of(target(*target_names))
        parts, _, _ = planned(server, seen, asked_for(names, ""), 0.1, instance_of(names))
        return [(part.query, part.instance) for part in parts]

    assert of("mug", "top") == [("top", 0), ("top", 1)]
    assert of("mug", "top_1") == of(f"mug_{seen.frame.objects[0].id}", "top_1") == [("top", 1)]
    with pytest.raises(Refusal, match="Not found: top number 2, counted from 0") as no:
        of("mug", "top_2")
    assert no.value.code == Status.PART_NOT_FOUND
    assert asked_for("part_1", "").queries == ["part 1"], "no object is named, so this is a text"


@pytest.mark.ros
def test_moveit_gets_grasps_over_dds_or_an_error_code(start_node, robot):
    """Needs moveit_msgs, which the wheels lack."""
    moveit = pytest.importorskip("moveit_msgs.srv", reason="moveit_msgs is not installed")
    codes = pytest.importorskip("moveit_msgs.msg").MoveItErrorCodes
    start_node({"hand.finger_joints": list(JOINTS), "max_cloud_age": 60.0})
    robot.transform(table.POSE)

    def plan(name: str, frame: str = ""):
        request = moveit.GraspPlanning.Request()
        request.target.id, request.target.header.frame_id = name, frame
        return robot.call(moveit.GraspPlanning, f"{NODE}/plan_grasps", request)

    robot.start_camera(table.view(1).points)
    robot.query("handle", wait_for_newer=True, timeout=15.0)
    reply = plan("mug/handle", BASE)
    assert (reply.error_code.val, reply.error_code.message) == (codes.SUCCESS, "")
    grasp = reply.grasps[0]
    assert grasp.grasp_pose.header.frame_id == BASE
    place = matrix_of_pose(grasp.grasp_pose.pose)[:3, 3]
    assert np.linalg.norm(place - table.handle_centre(table.MUGS[0])) < 0.05
    assert list(grasp.pre_grasp_posture.joint_names) == list(JOINTS)
    assert vector(grasp.post_grasp_retreat)[2] == pytest.approx(1, abs=0.01)
    reply = plan("lid")
    assert (reply.error_code.val, list(reply.grasps)) == (codes.INVALID_OBJECT_NAME, [])
    assert reply.error_code.message.startswith("Not found: lid")
    assert plan("mug_99/handle").error_code.val == codes.INVALID_OBJECT_NAME
    assert plan("handle", "nowhere").error_code.val == codes.FRAME_TRANSFORM_FAILURE
    assert robot.set(gripper__max_opening=0.005) == []
    robot.query("handle", wait_for_newer=True, timeout=15.0)
    assert plan("handle").error_code.val == codes.PLANNING_FAILED


@pytest.mark.ros
def test_grasps_that_the_arms_solver_cannot_reach_are_left_out_of_every_answer(start_node, robot):
    """Needs moveit_msgs and grasping_msgs. The solver finds a solution for all grasps, then for none."""
    moveit = pytest.importorskip("moveit_msgs.srv", reason="moveit_msgs is not installed")
    codes = pytest.importorskip("moveit_msgs.msg").MoveItErrorCodes
    grasping = pytest.importorskip("grasping_msgs.action", reason="grasping_msgs is not installed")
    asked, solved = [], [codes.SUCCESS]

    def solve(request, response):
        asked.append(request.ik_request)
        response.error_code.val = solved[0]
        return response

    robot.node.create_service(moveit.GetPositionIK, "/compute_ik", solve)
    planner = ActionClient(robot.node, grasping.GraspPlanning, f"{NODE}/plan_grasps")
    start_node({"reach.ik_service": "/compute_ik", "hand.finger_joints": list(JOINTS), "max_cloud_age": 60.0})
    robot.transform(table.POSE)
    robot.start_camera(table.view(1).points)
    reply = robot.query("handle", wait_for_newer=True, timeout=15.0)
    grasps = len(reply.parts[0].grasps)
    assert grasps >= 1 and len(asked) == 2 * grasps, "the grasp and its pre-grasp"
    assert (asked[0].pose_stamped.header.frame_id, asked[0].robot_state.is_diff) == (CAMERA, True)

    goal = grasping.GraspPlanning.Goal(group_name="arm")
    goal.object.name, goal.object.header.frame_id = "mug", BASE
    goal.object.properties = [grasping_property("part", "handle")]

    def planned_by_action():
        assert planner.wait_for_server(10.0)
        handle = robot.finish("the goal", planner.send_goal_async(goal))
        ended = robot.finish("the grasps", handle.get_result_async())
        return ended.status == GoalStatus.STATUS_SUCCEEDED, list(ended.result.grasps)

    succeeded, planned = planned_by_action()
    assert succeeded and planned[0].grasp_pose.header.frame_id == BASE
    assert planned[0].allowed_touch_objects == ["mug"] and asked[-1].group_name == "arm"

    solved[0] = codes.NO_IK_SOLUTION
    reply = robot.query("handle", max_age=60.0, timeout=15.0)
    assert (reply.status.code, len(reply.parts), len(reply.parts[0].grasps)) == (Status.OK, 1, 0)
    assert planned_by_action() == (False, [])
    goal.object.name, goal.object.properties = "nothing_like_it", []
    assert planned_by_action() == (False, [])


def grasping_property(name: str, value: str):
    from grasping_msgs.msg import ObjectProperty

    return ObjectProperty(name=name, value=value)


@pytest.mark.ros
def test_a_missing_solver_is_named_and_no_grasps_are_given(start_node, robot):
    """Needs moveit_msgs."""
    moveit = pytest.importorskip("moveit_msgs.srv", reason="moveit_msgs is not installed")
    start_node({"reach.ik_service": "/compute_ik", "max_cloud_age": 60.0})
    robot.start_camera(table.view(1).points)
    reply = robot.query("handle", wait_for_newer=True, timeout=15.0)
    silent = "/compute_ik (reach.ik_service) does not answer"
    assert (reply.status.code, len(reply.parts), list(reply.parts[0].grasps)) == (Status.OK, 1, [])
    assert reply.status.message == f"no grasps are given: {silent}"
    request = moveit.GraspPlanning.Request()
    request.target.id = "handle"
    planned = robot.call(moveit.GraspPlanning, f"{NODE}/plan_grasps", request)
    assert not planned.grasps and silent in planned.error_code.message


def vector(way) -> np.ndarray:
    v = way.direction.vector
    return np.array((v.x, v.y, v.z))
