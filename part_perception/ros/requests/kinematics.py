"""Kinematics: asks the arm's own solver (moveit_msgs/GetPositionIK) which grasps it can take, where one is named."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from geometry_msgs.msg import PoseStamped
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.task import Future

from part_perception.errors import InputError
from part_perception.ros.messages.moveit import Hand
from part_perception.ros.messages.poses import matrix_of_pose, pose_message
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal
from part_perception.ros.requests.calls import Calls
from part_perception.ros.requests.gate import RequestGate, Session
from part_perception.ros.server import Server
from part_perception_interfaces import msg

SPARE = 0.2  # of the time that is left: for the answer
MAX_SECONDS = 5.0  # that a solver has for all grasps of a request
MAX_KEPT, MAX_ASKED = 512, 64  # answers for published grasps; questions that wait for one
KEPT_FOR = 2.0  # seconds: the arm may move, or the camera on it
STEP = 0.002  # metres, and parts of a turn's matrix: poses that differ by less are the same


class ArmKinematics:
    """A client of the solver; its answers arrive in the executor, and are waited for at the gate."""

    def __init__(self, node, gate: RequestGate, service: str):
        try:
            from moveit_msgs.msg import MoveItErrorCodes
            from moveit_msgs.srv import GetPositionIK
        except ImportError:
            raise InputError("reach.ik_service needs moveit_msgs, which is not installed") from None
        self._gate, self._kind, self.solved = gate, GetPositionIK, MoveItErrorCodes.SUCCESS
        self._client = node.create_client(GetPositionIK, service, callback_group=ReentrantCallbackGroup())
        self._calls = Calls(self._client)

    async def keep_reachable(self, parts: Sequence[msg.Part], hand: Hand, group: str, deadline: float) -> str:
        """Drop grasps without a solution for them and their pre-grasp; if the solver is silent, all, and say so."""
        poses = [
            PoseStamped(header=part.header, pose=pose_message(at[:3, 3], at[:3, :3]))
            for part in parts
            for grasp in part.grasps
            for at in (hand.link_pose(matrix_of_pose(pose)) for pose in (grasp.pose, grasp.pre_grasp))
        ]
        solved = await self._solutions(poses, hand.config.link, group, deadline)
        if solved is None:
            return without_grasps(parts, f"{self._client.srv_name} (reach.ik_service) does not answer")
        answers = iter(solved)
        for part in parts:
            part.grasps = [grasp for grasp in part.grasps if all((next(answers), next(answers)))]
        return ""

    async def _solutions(
        self, poses: Sequence[PoseStamped], link: str, group: str, deadline: float
    ) -> list[bool] | None:
        """Whether there is one for each pose; None if not all were answered in time."""
        if not poses:
            return []
        left = deadline - time.monotonic()
        end = time.monotonic() + min(MAX_SECONDS, (1 - SPARE) * left)
        futures = [future for pose in poses if (future := self.asked(pose, link, group)) is not None]
        while len(futures) < len(poses) or not all(future.done() for future in futures):
            if len(futures) < len(poses) or time.monotonic() >= end:
                for future in reversed(futures):  # so that none of them is sent in the place of another
                    self.forget(future)
                return None
            await self._gate.changed.wait()
        return [
            answer is not None and answer.error_code.val == self.solved for answer in map(_result, futures)
        ]

    def asked(self, pose: PoseStamped, link: str, group: str) -> Future | None:
        """A question to the solver; None if there is no solver."""
        if not self._client.service_is_ready():
            return None
        request = self._kind.Request()
        asked = request.ik_request
        asked.group_name, asked.ik_link_name, asked.pose_stamped = group, link, pose
        asked.robot_state.is_diff = True  # the rest of the robot is as it is now
        future = self._calls.call(request)
        future.add_done_callback(lambda _: self._gate.changed.set())
        return future

    def forget(self, future: Future) -> None:
        """Nobody waits for this answer any more."""
        self._calls.forget(future)


@dataclass
class Solved:
    """What the solver says of a pose: None until it has answered for the first time."""

    asked: float
    future: Future
    answer: bool | None = None


class PublishedReach:
    """Drops published grasps that the arm cannot reach. Frames never wait: a pose's grasp appears with its answer."""

    def __init__(self, arm: ArmKinematics, server: Server):
        self._arm, self._server = arm, server
        self._kept: OrderedDict[tuple, Solved] = OrderedDict()

    def keep(self, parts: Sequence[msg.Part], seen: PerceivedFrame) -> None:
        """Leave the grasps to these messages that the solver is known to reach, and ask about the others."""
        try:
            hand = hand_of(self._server, seen, 0.0)
        except Refusal as refusal:  # the gripper's link is not known yet
            without_grasps(parts, str(refusal))
            return
        self._read()
        for part in parts:
            # both are asked about at once
            reached = [
                (self._reaches(part, hand, grasp.pose), self._reaches(part, hand, grasp.pre_grasp))
                for grasp in part.grasps
            ]
            part.grasps = [grasp for grasp, both in zip(part.grasps, reached, strict=True) if all(both)]

    def _read(self) -> None:
        """Take the answers that have come."""
        now = time.monotonic()
        for key, each in list(self._kept.items()):
            if each.future.done():
                answer = _result(each.future)
                each.answer = answer is not None and answer.error_code.val == self._arm.solved
            # it is silent, or gone, or the pose is not asked about any more
            if now - each.asked > MAX_SECONDS + (KEPT_FOR if each.future.done() else 0.0):
                self._arm.forget(each.future)
                del self._kept[key]

    def _reaches(self, part: msg.Part, hand: Hand, pose) -> bool:
        at = hand.link_pose(matrix_of_pose(pose))
        key = (part.header.frame_id, *np.round(at[:3] / STEP).astype(int).ravel().tolist())
        kept, now = self._kept.get(key), time.monotonic()
        waiting = sum(not each.future.done() for each in self._kept.values())
        due = kept is None or (kept.future.done() and now - kept.asked > KEPT_FOR)
        if due and waiting < MAX_ASKED:
            question = PoseStamped(header=part.header, pose=pose_message(at[:3, 3], at[:3, :3]))
            group = self._server.config.reach.ik_group
            future = self._arm.asked(question, hand.config.link, group)
            if future is not None:
                self._kept[key] = Solved(now, future, None if kept is None else kept.answer)
                self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._arm.forget(self._kept.popitem(last=False)[1].future)
        return kept is not None and kept.answer is True


def _result(future: Future):
    return None if future.exception() is not None else future.result()


def arm_kinematics(node, gate: RequestGate) -> ArmKinematics | None:
    """The arm's solver, if one is named."""
    service = node.get_parameter("reach.ik_service").value
    return ArmKinematics(node, gate, service) if service else None


async def reachable(
    arm: ArmKinematics | None,
    gate: RequestGate,
    session: Session,
    seen: PerceivedFrame,
    parts: Sequence[msg.Part],
    deadline: float,
    group: str = "",
) -> str:
    """Leave the grasps to those parts that the arm's solver can reach, if one is named; why there are none, if so."""
    if arm is None or not any(part.grasps for part in parts):
        return ""
    server = session.server
    try:
        hand = await gate.pool.run(lambda: hand_of(server, seen, server.config.tf_timeout), 1, deadline)
    except Refusal as refusal:  # the gripper's link is not known, or there was no time to look for it
        return without_grasps(parts, str(refusal).rstrip("."))
    assert hand is not None  # mypy: what a coroutine waits for may be
    return await arm.keep_reachable(parts, hand, group or server.config.reach.ik_group, deadline)


def without_grasps(parts: Sequence[msg.Part], why: str) -> str:
    """Take the grasps from these messages: nobody knows whether the arm reaches them. Returns what to say."""
    for part in parts:
        part.grasps = []
    return f"no grasps are given: {why}"


def sentence(remark: str) -> str:
    """A remark as a sentence; what it names keeps its spelling."""
    return f"{remark[:1].upper()}{remark[1:]}." if remark else ""


def hand_of(server: Server, seen: PerceivedFrame, timeout: float) -> Hand:
    """The gripper, with the pose of its link from TF."""
    config = server.config.hand
    if not config.link:
        return Hand(config, np.eye(4))
    return Hand(config, server.transforms.lookup(config.tip_frame, config.link, seen.cloud.stamp_ns, timeout))
