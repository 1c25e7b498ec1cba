"""Published grasps and the arm's solver, with stand-ins for the messages of moveit_msgs."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from rclpy.task import Future

from part_perception.config import Config
from part_perception.grasping.gripper import Reach
from part_perception.ros.messages.poses import pose_message
from part_perception.ros.requests import kinematics
from part_perception.ros.requests.kinematics import MAX_ASKED, PublishedReach
from part_perception_interfaces.msg import Grasp, Part

SOLVED, FAILED = 1, -31


class Arm:
    """Keeps the requests; the test answers them."""

    solved = SOLVED

    def __init__(self):
        self.questions, self.forgotten, self.there = [], [], True

    def asked(self, pose, link, group):
        if not self.there:
            return None
        self.questions.append((pose, group, Future()))
        return self.questions[-1][2]

    def forget(self, future):
        self.forgotten.append(future)

    def answer(self, code: int) -> None:
        for *_, future in self.questions:
            if not future.done():
                future.set_result(SimpleNamespace(error_code=SimpleNamespace(val=code)))


@pytest.fixture
def arm():
    return Arm()


@pytest.fixture
def reach(arm):
    config = Config(reach=Reach(ik_group="arm"))
    return PublishedReach(arm, SimpleNamespace(config=config))


def part(*heights: float) -> Part:
    poses = [
        (pose_message(np.array((0, 0, z)), np.eye(3)), pose_message(np.array((0, 0, z - 0.1)), np.eye(3)))
        for z in heights
    ]
    return Part(grasps=[Grasp(pose=at, pre_grasp=before) for at, before in poses])


def kept(reach, *heights: float) -> list[float]:
    message = part(*heights)
    reach.keep([message], None)
    return [round(grasp.pose.position.z, 3) for grasp in message.grasps]


def test_a_grasp_appears_once_the_solver_reaches_it_and_its_pre_grasp(reach, arm):
    assert kept(reach, 0.5, 0.8) == [] and len(arm.questions) == 4
    assert {group for _, group, _ in arm.questions} == {"arm"}
    assert kept(reach, 0.5, 0.8) == [] and len(arm.questions) == 4, "each is asked once"
    for pose, _, future in arm.questions:
        code = FAILED if pose.pose.position.z > 0.75 else SOLVED
        future.set_result(SimpleNamespace(error_code=SimpleNamespace(val=code)))
    assert kept(reach, 0.5, 0.8) == [0.5] and len(arm.questions) == 4
    assert kept(reach, 0.5002) == [0.5], "noise does not ask again"


def test_answers_are_requested_again_and_hold_until_new_ones_arrive(reach, arm, monkeypatch):
    kept(reach, 0.5)
    arm.answer(SOLVED)
    monkeypatch.setattr(kinematics, "KEPT_FOR", -1.0)
    assert kept(reach, 0.5) == [0.5] and len(arm.questions) == 4
    arm.answer(FAILED)
    assert kept(reach, 0.5) == []


def test_grasps_go_when_the_solver_has_gone(reach, arm, monkeypatch):
    kept(reach, 0.5)
    arm.answer(SOLVED)
    assert kept(reach, 0.5) == [0.5]
    arm.there = False
    monkeypatch.setattr(kinematics, "KEPT_FOR", -1.0)
    assert kept(reach, 0.5) == [0.5], "it may only be slow"
    monkeypatch.setattr(kinematics, "MAX_SECONDS", -1.0)
    assert kept(reach, 0.5) == []
    arm.there = True
    kept(reach, 0.5)
    arm.answer(SOLVED)
    monkeypatch.undo()
    assert kept(reach, 0.5) == [0.5]


def test_a_silent_or_missing_solver_costs_the_grasps_and_never_a_frame(reach, arm, monkeypatch):
    begin = time.monotonic()
    kept(reach, *np.arange(100) * 0.1)
    assert len(arm.questions) == MAX_ASKED
    monkeypatch.setattr(kinematics, "MAX_SECONDS", -1.0)
    assert kept(reach, 0.5) == [] and len(arm.forgotten) == MAX_ASKED
    arm.there = False
    assert kept(reach, 7.77) == [] and time.monotonic() - begin < 5.0
