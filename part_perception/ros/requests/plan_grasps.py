"""~/plan_grasps: grasps for MoveIt, where moveit_msgs is installed."""

from __future__ import annotations

import re
import time

import numpy as np
from rclpy.callback_groups import ReentrantCallbackGroup

from part_perception.errors import InputError
from part_perception.ros.messages.moveit import Hand, moveit_grasps
from part_perception.ros.perceived import PerceivedFrame
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.gate import RequestGate, check_questions
from part_perception.ros.requests.intake import REQUESTS
from part_perception.ros.requests.services import query
from part_perception.ros.server import Server
from part_perception_interfaces.msg import Region
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
NUMBERED = re.compile(r".+_(\d+)")  # names of collision objects after the first of a kind


class PlanGrasps:
    """moveit_msgs/GraspPlanning; the target's id names the part: `handle`, `mug/handle` or `mug_7/handle`."""

    def __init__(self, node, gate: RequestGate):
        from moveit_msgs.msg import MoveItErrorCodes
        from moveit_msgs.srv import GraspPlanning

        self._node, self._gate, self._codes = node, gate, MoveItErrorCodes
        group = ReentrantCallbackGroup()
        node.create_service(
            GraspPlanning, "~/plan_grasps", self.plan, qos_profile=REQUESTS, callback_group=group
        )

    async def plan(self, request, response):
        """Whatever happens, there is an answer."""
        name, reason = "SUCCESS", ""
        try:
            with self._gate.plain.at_once():
                response.grasps = await self._grasps(request.target)
        except Refusal as refusal:
            name, reason = ERRORS.get(refusal.code, "FAILURE"), str(refusal)
        except InputError as error:
            name, reason = "FAILURE", str(error)
        except Exception as error:  # a defect of ours: the caller must not wait for ever because of it
            name, reason = "FAILURE", str(self._node.defect("planning grasps", error))
        if name == "SUCCESS" and not response.grasps:
            name, reason = (
                "PLANNING_FAILED",
                "The part was found, but no grasp fits the gripper and its reach.",
            )
        response.error_code.val = getattr(self._codes, name)
        if hasattr(response.error_code, "message"):  # since Iron
            response.error_code.message, response.error_code.source = reason, self._node.get_name()
        return response

    async def _grasps(self, target) -> list:
        session = self._gate.opened()
        server, asked = session.server, asked_for(target)
        check_questions(asked.queries, "part", server, least=1)
        check_questions(asked.object_words, "object word", server)
        deadline = session.deadline(0.0, time.monotonic())
        seen = await self._gate.frame(session, False, deadline, 0.0)
        left = max(deadline - time.monotonic(), 0.0)
        work = lambda: grasps_for(server, seen, asked, target.id, left)  # noqa: E731
        cost = len(asked.queries) + len(asked.object_words)
        return await self._gate.pool.run(work, cost, deadline) or []


def grasps_for(
    server: Server, seen: PerceivedFrame, asked: QueryParts.Request, name: str, timeout: float
) -> list:
    """Grasps of all parts that were asked for, those of the surest part first."""
    answer = QueryParts.Response()
    query(server, seen, asked, answer, timeout)
    turn = server.place(seen.cloud, asked.target_frame, timeout).pose[:3, :3]
    hand = hand_of(server, seen, timeout)
    owner = name.rpartition("/")[0]
    return [
        grasp for part in answer.parts for grasp in moveit_grasps(part, turn @ seen.frame.up, hand, owner)
    ]


def hand_of(server: Server, seen: PerceivedFrame, timeout: float) -> Hand:
    """The gripper, with the pose of its link from TF."""
    config = server.config.hand
    if not config.link:
        return Hand(config, np.eye(4))
    return Hand(config, server.transforms.lookup(config.tip_frame, config.link, seen.cloud.stamp_ns, timeout))


def asked_for(target) -> QueryParts.Request:
    """The request that a collision object stands for: its id, or its id and the name of a subframe."""
    names = "/".join([target.id, *target.subframe_names[:1]])
    owner, _, part = names.rpartition("/")
    asked = QueryParts.Request(queries=[part.replace("_", " ")], target_frame=target.header.frame_id)
    numbered = NUMBERED.fullmatch(owner)
    if numbered:
        asked.region = Region(kind=Region.OBJECT, object_id=int(numbered[1]))
    elif owner:
        asked.object_words = [owner.replace("_", " ")]
    asked.with_indices = False
    return asked


def planner_services(node, gate: RequestGate) -> list[PlanGrasps]:
    """Those whose packages are installed."""
    try:
        return [PlanGrasps(node, gate)]
    except ImportError:
        node.get_logger().debug("moveit_msgs is not installed: no ~/plan_grasps")
        return []
