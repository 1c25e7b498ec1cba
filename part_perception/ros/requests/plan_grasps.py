"""~/plan_grasps: grasps for planners: a service where moveit_msgs is installed, an action where grasping_msgs is."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import numpy as np
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup

from part_perception.errors import InputError
from part_perception.ros.messages.moveit import Hand, moveit_grasps
from part_perception.ros.messages.poses import vector_message
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.gate import RequestGate, check_questions
from part_perception.ros.requests.intake import REQUESTS
from part_perception.ros.requests.kinematics import ArmKinematics, hand_of, reachable, sentence
from part_perception.ros.requests.services import query
from part_perception.ros.server import Server
from part_perception_interfaces.msg import Part, Region
from part_perception_interfaces.srv import QueryParts

ERRORS = {
    Status.NO_CLOUD: "UNABLE_TO_AQUIRE_SENSOR_DATA",
    Status.BAD_CLOUD: "UNABLE_TO_AQUIRE_SENSOR_DATA",
    Status.CLOUD_TOO_OLD: "SENSOR_INFO_STALE",
    Status.NO_TRANSFORM: "FRAME_TRANSFORM_FAILURE",
    Status.TIMED_OUT: "TIMED_OUT",
    **dict.fromkeys(
        (Status.NO_OBJECT, Status.PART_NOT_FOUND, Status.BAD_TEXT, Status.TEXT_NOT_UNDERSTOOD),
        "INVALID_OBJECT_NAME",
    ),
}
# names of collision objects after the first of a kind; more digits than these do not fit into a region
NUMBERED = re.compile(r".+_(\d{1,9})")
# subframes of further parts of a kind on the same object
FURTHER = re.compile(r"(.+)_([1-9]\d{0,3})")


class GraspPlanner:
    """From what a planner asks for to grasps of all its parts; each way in is a class below."""

    def __init__(self, node, gate: RequestGate, arm: ArmKinematics | None):
        self._node, self._gate, self._arm = node, gate, arm

    async def grasps(self, names: str, asked: QueryParts.Request, group: str = "") -> list:
        """moveit_msgs/Grasp, those of the surest part first; a Refusal where there are none."""
        session = self._gate.opened()
        server = session.server
        check_questions(asked.queries, "part", server, least=1)
        check_questions(asked.object_words, "object word", server)
        deadline = session.deadline(0.0, time.monotonic())
        seen = await self._gate.frame(session, False, deadline, 0.0)
        left = max(deadline - time.monotonic(), 0.0)
        work = lambda: planned(server, seen, asked, left, instance_of(names))  # noqa: E731
        found = await self._gate.pool.run(work, len(asked.queries) + len(asked.object_words), deadline)
        assert found is not None  # mypy: what a coroutine waits for may be
        parts, up, hand = found
        silent = await reachable(self._arm, self._gate, session, seen, parts, deadline, group)
        if silent:
            raise Refusal(Status.TIMED_OUT, sentence(silent))
        grasps = [grasp for part in parts for grasp in moveit_grasps(part, up, hand, owner_of(names))]
        if not grasps:
            raise NoGrasp("The part was found, but no grasp fits the gripper and its reach.")
        return grasps

    async def answer(self, names: str, asked: QueryParts.Request, group: str = "") -> Planned:
        """Answer, whatever happens."""
        try:
            with self._gate.plain.at_once():
                return Planned(await self.grasps(names, asked, group))
        except NoGrasp as none:
            return Planned([], "PLANNING_FAILED", str(none))
        except Refusal as refusal:
            return Planned([], ERRORS.get(refusal.code, "FAILURE"), str(refusal))
        except InputError as error:
            return Planned([], "FAILURE", str(error))
        except Exception as error:  # a bug of ours must not keep the caller waiting forever
            return Planned([], "FAILURE", str(self._node.defect("planning grasps", error)))


class NoGrasp(Exception):  # noqa: N818 - an honest "no" is no error
    """A part was found, and cannot be grasped."""


@dataclass(frozen=True)
class Planned:
    """Grasps, or why there are none: the name of a MoveItErrorCode, and a sentence."""

    grasps: list
    code: str = "SUCCESS"
    reason: str = ""


class PlanningService:
    """moveit_msgs/GraspPlanning; the target's id names the part: `handle`, `mug/handle` or `mug_7/handle`."""

    def __init__(self, node, planner: GraspPlanner):
        from moveit_msgs.msg import MoveItErrorCodes
        from moveit_msgs.srv import GraspPlanning

        self._node, self._planner, self._codes = node, planner, MoveItErrorCodes
        group = ReentrantCallbackGroup()
        node.create_service(
            GraspPlanning, "~/plan_grasps", self.plan, qos_profile=REQUESTS, callback_group=group
        )

    async def plan(self, request, response):
        names, frame = names_of(request.target), request.target.header.frame_id
        planned = await self._planner.answer(names, asked_for(names, frame), request.group_name)
        response.grasps = planned.grasps
        response.error_code.val = getattr(self._codes, planned.code)
        if hasattr(response.error_code, "message"):  # since Iron
            response.error_code.message, response.error_code.source = planned.reason, self._node.get_name()
        return response


class PlanningAction:
    """grasping_msgs/GraspPlanning, an action; the object's name names the part in the same way.

    The property `part` may name it, too, and a box among the primitives says where to look.
    """

    def __init__(self, node, planner: GraspPlanner):
        from grasping_msgs.action import GraspPlanning

        self._node, self._planner, self._kind = node, planner, GraspPlanning
        self._server = ActionServer(
            node,
            GraspPlanning,
            "~/plan_grasps",
            self.execute,
            # a goal that makes no sense is aborted, and the log says why
            goal_callback=lambda _: GoalResponse.ACCEPT,
            cancel_callback=lambda _: CancelResponse.REJECT,  # it is over in seconds
            callback_group=ReentrantCallbackGroup(),
            goal_service_qos_profile=REQUESTS,
            result_service_qos_profile=REQUESTS,
            cancel_service_qos_profile=REQUESTS,
        )

    async def execute(self, goal):
        wanted = goal.request.object
        names = "/".join([wanted.name, *(p.value for p in wanted.properties if p.name == "part")])
        asked = asked_for(names, wanted.header.frame_id)
        for shape, pose in zip(wanted.primitives, wanted.primitive_poses, strict=False):
            if shape.type == shape.BOX and len(shape.dimensions) == 3:
                asked.region = Region(kind=Region.BOX, frame_id=wanted.header.frame_id)
                asked.region.box.center, asked.region.box.size = pose, vector_message(shape.dimensions)
        planned = await self._planner.answer(names, asked, goal.request.group_name)
        if planned.grasps:
            goal.publish_feedback(self._kind.Feedback(grasps=planned.grasps))
            goal.succeed()
        else:  # the action has no place for a reason
            self._node.get_logger().warning(f"No grasps of {names!r}: {planned.reason}")
            goal.abort()
        return self._kind.Result(grasps=planned.grasps)


def planned(
    server: Server,
    seen: PerceivedFrame,
    asked: QueryParts.Request,
    timeout: float,
    instance: int | None = None,
) -> tuple[list[Part], np.ndarray, Hand]:
    """The parts that were asked for, or only one of each object, up in their frame, and the gripper."""
    answer = QueryParts.Response()
    query(server, seen, asked, answer, timeout)
    parts = [part for part in answer.parts if instance in (None, part.instance)]
    if not parts:
        raise Refusal(
            Status.PART_NOT_FOUND, f"Not found: {asked.queries[0]} number {instance}, counted from 0."
        )
    turn = server.place(seen.cloud, asked.target_frame, timeout).pose[:3, :3]
    return parts, turn @ seen.frame.up, hand_of(server, seen, timeout)


def asked_for(names: str, frame: str) -> QueryParts.Request:
    """The request that names stand for: a part, or the part of an object or of a collision object with its number."""
    owner, _, part = names.rpartition("/")
    further = FURTHER.fullmatch(part)
    part = further[1] if owner and further else part
    asked = QueryParts.Request(queries=[part.replace("_", " ")], target_frame=frame)
    numbered = NUMBERED.fullmatch(owner)
    if numbered:
        asked.region = Region(kind=Region.OBJECT, object_id=int(numbered[1]))
    elif owner:
        asked.object_words = [owner.replace("_", " ")]
    asked.with_indices = False
    return asked


def names_of(target) -> str:
    """The names that a collision object stands for: its id, or its id and the name of a subframe."""
    return "/".join([target.id, *target.subframe_names[:1]])


def instance_of(names: str) -> int | None:
    """Which of an object's parts is meant, by the name of a subframe; None: any of them."""
    owner, _, part = names.rpartition("/")
    further = FURTHER.fullmatch(part)
    return int(further[2]) if owner and further else None


def owner_of(names: str) -> str:
    """The object that may be touched."""
    return names.rpartition("/")[0]


def planner_interfaces(node, gate: RequestGate, arm: ArmKinematics | None) -> list:
    """The outputs whose packages are installed."""
    planner, made = GraspPlanner(node, gate, arm), []
    for kind, package in ((PlanningService, "moveit_msgs"), (PlanningAction, "grasping_msgs")):
        try:
            made.append(kind(node, planner))
        except ImportError:
            node.get_logger().debug(f"{package} is not installed: no {kind.__name__} ~/plan_grasps")
    return made
