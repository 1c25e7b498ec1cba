"""The pick of docs/moveit.md: its parameters exist, and its script sends the right requests to a stand-in."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import table
import yaml
from rclpy.action import ActionServer
from robot import BASE

from part_perception.config import DEFAULTS
from part_perception.settings import with_values

ROOT = Path(__file__).resolve().parents[2]


def parameters() -> dict:
    """The parameters on the page, as the node knows them."""
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "moveit.md").read_text(), re.DOTALL)
    return yaml.safe_load(text)["/**"]["ros__parameters"]


def test_the_parameters_of_the_page_are_the_nodes():
    config = with_values(DEFAULTS, parameters())
    assert (config.hand.link, config.hand.closing_axis, config.reach.ik_service) == (
        "panda_link8", "y", "/compute_ik"
    )  # fmt: skip


def test_without_moveits_messages_the_script_says_what_to_install():
    script = ROOT / "examples" / "moveit_pick.py"
    without = f"import runpy, sys; sys.modules['moveit_msgs'] = None; runpy.run_path({str(script)!r})"
    ended = subprocess.run([sys.executable, "-c", without], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert line.startswith("install moveit_msgs (ros-$ROS_DISTRO-moveit-msgs) for this example: ")


class MoveGroup:
    """Answers like move_group and remembers its requests; the first plan for the arm is refused."""

    def __init__(self, robot):
        from moveit_msgs.action import ExecuteTrajectory
        from moveit_msgs.msg import MoveItErrorCodes
        from moveit_msgs.srv import GetCartesianPath, GetMotionPlan

        self._codes, self._result = MoveItErrorCodes, ExecuteTrajectory.Result
        self.fingers, self.places, self.straight, self.moves = [], [], [], 0
        robot.node.create_service(GetMotionPlan, "/plan_kinematic_path", self.plan)
        robot.node.create_service(GetCartesianPath, "/compute_cartesian_path", self.line)
        self._server = ActionServer(robot.node, ExecuteTrajectory, "/execute_trajectory", self.execute)

    def plan(self, request, response):
        asked = request.motion_plan_request
        (goal,) = asked.goal_constraints
        answer = response.motion_plan_response.error_code
        answer.val = self._codes.SUCCESS
        if asked.group_name == "hand":
            self.fingers.append([joint.position for joint in goal.joint_constraints])
            return response
        assert (asked.group_name, asked.start_state.is_diff) == ("panda_arm", True)
        (place,), (turn,) = goal.position_constraints, goal.orientation_constraints
        (pose,) = place.constraint_region.primitive_poses
        assert turn.orientation == pose.orientation and turn.link_name == place.link_name == "panda_link8"
        assert turn.header.frame_id == place.header.frame_id == BASE
        if not self.places:
            answer.val = self._codes.PLANNING_FAILED
        self.places.append(position(pose))
        return response

    def line(self, request, response):
        assert (request.group_name, request.link_name) == ("panda_arm", "panda_link8")
        self.straight.append(position(request.waypoints[0]))
        response.fraction, response.error_code.val = 1.0, self._codes.SUCCESS
        return response

    def execute(self, goal):
        self.moves += 1
        goal.succeed()
        result = self._result()
        result.error_code.val = self._codes.SUCCESS
        return result


def position(pose) -> np.ndarray:
    return np.array((pose.position.x, pose.position.y, pose.position.z))


@pytest.mark.ros
def test_the_script_opens_goes_there_holds_and_lifts(start_node, robot, ros_env):
    """Needs all of moveit_msgs, which the wheels lack."""
    pytest.importorskip("moveit_msgs.action", reason="moveit_msgs is not installed")
    group = MoveGroup(robot)
    joints = ["panda_finger_joint1", "panda_finger_joint2"]
    start_node({"hand.finger_joints": joints, "max_cloud_age": 60.0, "gravity_frame": BASE})
    robot.transform(table.POSE)
    robot.start_camera(table.view(1).points, rate=4.0)
    robot.query("handle", wait_for_newer=True, timeout=15.0)
    script = [sys.executable, str(ROOT / "examples" / "moveit_pick.py"), "handle", "--frame", BASE]
    run = subprocess.run(script, env=ros_env, capture_output=True, text=True, timeout=90)
    assert run.returncode == 0, run.stderr
    assert re.fullmatch(r"holding handle \d+\.0\.1\n", run.stdout), "the second grasp: the first was refused"
    assert len(group.places) == 2 and len(group.straight) == 2 and len(group.fingers) == 3
    grasp, lifted = group.straight
    assert np.linalg.norm(grasp - group.places[1]) == pytest.approx(0.1, abs=1e-6)
    assert np.linalg.norm(grasp - table.handle_centre(table.MUGS[0])) < 0.05
    assert lifted - grasp == pytest.approx((0, 0, 0.1), abs=0.01)
    *opened, closed = group.fingers
    assert closed == [0.0, 0.0] and all(0.009 < at < 0.02 for pair in opened for at in pair)
    assert group.moves == len(group.fingers) + 1 + len(group.straight)
