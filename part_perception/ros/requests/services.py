"""Services: a request waits at the gate for its frame, and is always answered, in a thread."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from rclpy.callback_groups import ReentrantCallbackGroup
from std_srvs.srv import SetBool

from part_perception.errors import InputError
from part_perception.ros.messages.parts import Placement, part_message
from part_perception.ros.perceived import Found, PerceivedFrame, ask
from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.decompose import cosegment, decompose, transfer
from part_perception.ros.requests.gate import RequestGate, check_questions, check_texts
from part_perception.ros.requests.intake import REQUESTS, WITH_CLOUDS, Intake, Waiting
from part_perception.ros.requests.kinematics import ArmKinematics, reachable, sentence
from part_perception.ros.requests.pool import CHEAP, GivenUp
from part_perception.ros.requests.regions import core_region
from part_perception.ros.requests.teach import check_examples, needs_newest, teach
from part_perception.ros.server import Server
from part_perception.types import Part
from part_perception_interfaces.srv import Cosegment, Decompose, QueryParts, Teach, Transfer

TOUCHING = "every grasp touches a part to avoid"
DECOMPOSE_COST, TEACH_COST = 8, 64  # about how many texts could be asked in the same time


class Services:
    """~/query_parts, ~/decompose, ~/cosegment, ~/transfer, ~/teach and ~/enable."""

    def __init__(self, node, gate: RequestGate, arm: ArmKinematics | None):
        self._node, self._gate, self._arm = node, gate, arm
        Intake(node, QueryParts, "~/query_parts", *self._ways(self._query_parts, texts_asked, bytes_of_texts))
        costs = lambda _: DECOMPOSE_COST  # noqa: E731
        Intake(node, Decompose, "~/decompose", *self._ways(self._decompose, costs))
        Intake(node, Cosegment, "~/cosegment", *self._ways(self._cosegment, costs))
        ways = self._ways(self._transfer, costs, lambda request: len(request.cloud.data))
        Intake(node, Transfer, "~/transfer", *ways, WITH_CLOUDS)
        ways = self._ways(self._teach, lambda _: TEACH_COST, bytes_of_examples)
        Intake(node, Teach, "~/teach", *ways, WITH_CLOUDS)
        node.create_service(
            SetBool, "~/enable", self.enable, qos_profile=REQUESTS, callback_group=ReentrantCallbackGroup()
        )

    def _ways(
        self,
        work: Callable[[Any, Any, float], Awaitable[None]],
        cost: Callable[[Any], float],
        size: Callable[[Any], int] = lambda _: 0,
    ) -> tuple[Callable, Callable[[Any], Waiting], Callable]:
        """How a kind of request is answered, where it waits, and what wakes answers that wait."""

        def waiting(request: Any) -> Waiting:
            lane = self._gate.plain if cost(request) <= CHEAP else self._gate.heavy
            return Waiting(lane, self._gate.patience(request.timeout), size(request))

        return partial(self._answered, work), waiting, self._gate.changed.wait

    async def _query_parts(self, request, response, arrived: float) -> None:
        session = self._gate.opened()
        server = session.server
        check_questions(request.queries, "query", server, least=1)
        check_questions(request.object_words, "object word", server)
        check_limits(request, server)
        deadline = session.deadline(request.timeout, arrived)
        seen = await self._gate.frame(session, request.wait_for_newer, deadline, request.max_age)
        left = max(deadline - time.monotonic(), 0.0)
        work = lambda: query(server, seen, request, response, left)  # noqa: E731
        missing: Refusal | None = None
        try:
            await self._timed(seen, response, work, texts_asked(request), deadline)
        except GivenUp:
            raise
        except Refusal as refusal:  # some of the parts may have been found
            missing = refusal
        reason = await reachable(self._arm, self._gate, session, seen, response.parts, deadline)
        self._date(seen, response)  # the solver takes its time
        reason = "; ".join(filter(None, (response.status.message, reason)))
        if missing is not None:
            raise Refusal(missing.code, f"{missing} {sentence(reason)}".rstrip())
        response.status.message = reason

    async def _decompose(self, request, response, arrived: float) -> None:
        session = self._gate.opened()
        server = session.server
        deadline = session.deadline(request.timeout, arrived)
        seen = await self._gate.frame(session, request.wait_for_newer, deadline, request.max_age)
        left = max(deadline - time.monotonic(), 0.0)
        work = lambda: decompose(server, seen, request, response, left)  # noqa: E731
        await self._timed(seen, response, work, DECOMPOSE_COST, deadline)

    async def _cosegment(self, request, response, arrived: float) -> None:
        session = self._gate.opened()
        deadline = session.deadline(request.timeout, arrived)
        seen = await self._gate.frame(session, request.wait_for_newer, deadline, request.max_age)
        try:
            await self._gate.pool.run(
                lambda: cosegment(session.server, seen, request, response), DECOMPOSE_COST, deadline
            )
        finally:
            response.age = max(self._gate.age(seen.cloud.stamp_ns, seen.arrived), 0.0)

    async def _transfer(self, request, response, arrived: float) -> None:
        session = self._gate.opened()
        deadline = session.deadline(request.timeout, arrived)
        seen = await self._gate.frame(session, False, deadline, request.max_age)
        left = max(deadline - time.monotonic(), 0.0)
        work = lambda: transfer(session.server, seen, request, response, left)  # noqa: E731
        await self._gate.pool.run(work, DECOMPOSE_COST, deadline)

    async def _teach(self, request, response, arrived: float) -> None:
        session = self._gate.opened()
        server = session.server
        if request.command != Teach.Request.LIST:
            check_texts([request.word], "word", server.config, least=1)
        if request.command != Teach.Request.LIST and not server.config.allow_teach:
            raise Refusal(Status.BAD_REQUEST, "allow_teach is false: words cannot be taught or forgotten.")
        check_examples(server, request)
        deadline = session.deadline(request.timeout, arrived)
        seen = await self._gate.frame(session, False, deadline, 0.0) if needs_newest(request) else None
        left = max(deadline - time.monotonic(), 0.0)
        await self._gate.pool.run(lambda: teach(server, seen, request, response, left), TEACH_COST, deadline)

    def enable(self, request, response):
        # asked of the node, not of the session: it counts before the node is active, too
        if not self._node.get_parameter("allow_enable").value:
            response.success, response.message = False, "allow_enable is false: the node cannot be paused."
            return response
        self._gate.enable(request.data)
        response.success, response.message = True, "enabled" if request.data else "disabled"
        return response

    async def _timed(
        self, seen: PerceivedFrame, response, work: Callable[[], None], cost: float, deadline: float
    ) -> None:
        """Answer in a thread; the answer contains its age, refused or not."""
        try:
            await self._gate.pool.run(work, cost, deadline)
        finally:
            self._date(seen, response)

    def _date(self, seen: PerceivedFrame, response) -> None:
        response.age = max(self._gate.age(seen.cloud.stamp_ns, seen.arrived), 0.0)
        for part in response.parts:
            part.age = response.age

    async def _answered(
        self, work: Callable[[Any, Any, float], Awaitable[None]], request: Any, response: Any, arrived: float
    ) -> Any:
        """Answer, whatever happens."""
        try:
            await work(request, response, arrived)
        except GivenUp as late:  # a thread still writes into this response
            return type(response)(status=late.status)
        except Refusal as refusal:
            response.status = refusal.status
        except InputError as error:
            response.status = Refusal(Status.BAD_REQUEST, f"{error}".rstrip(".") + ".").status
        except Exception as error:  # a bug of ours must not keep the caller waiting forever
            response.status = self._node.defect("answering a request", error).status
        return response


def bytes_of_texts(request) -> int:
    return sum(map(len, (*request.queries, *request.object_words, *request.avoid)))


def bytes_of_examples(request) -> int:
    return sum(len(each.cloud.data) + 4 * len(each.indices) for each in request.examples)


def texts_asked(request) -> int:
    """The cost of a query."""
    return len(request.queries) + len(request.object_words)


def query(server: Server, seen: PerceivedFrame, request, response, timeout: float) -> None:
    """Fill the answer of QueryParts from a frame."""
    where = placed(server, seen, request, timeout)
    response.header = where.header
    found = find(server, seen, request, list(request.queries), request.max_parts, timeout)
    response.found, response.confidence = found.found, found.confidence
    cloud = seen.cloud if request.with_points else None
    response.parts = [
        part_message(part, where, 0.0, owner, cloud, request.with_indices, request.with_open_path)
        for part, owner in zip(found.parts, found.owners, strict=True)
    ]
    told = list(zip(found.queries, found.found, found.remarks, strict=True))
    response.status.message = "; ".join(
        f"{query}: {remark}" for query, there, remark in told if there and remark
    )
    if not all(found.found):
        missing = [f"{query} ({remark})" if remark else query for query, there, remark in told if not there]
        raise Refusal(Status.PART_NOT_FOUND, f"Not found: {', '.join(missing)}.")


def find(
    server: Server, seen: PerceivedFrame, request, queries: list[str], most: int, timeout: float
) -> Found:
    """Ask a frame a request's queries; a Refusal if there is no object."""
    if not seen.frame.objects:
        raise Refusal(Status.NO_OBJECT, f"There is no object: {seen.frame.reason}.")
    region = core_region(request.region, seen, server, timeout)
    if region is not None and not seen.frame.objects_in(region):
        raise Refusal(Status.NO_OBJECT, "There is no object in the region.")
    found = ask(seen, queries, list(request.object_words), region, most, request.min_confidence)
    found = replace(found, parts=[within_reach(part, seen, request.pre_grasp_offset) for part in found.parts])
    if not request.avoid:
        return found
    avoided = [part for part in seen.frame.ask(list(request.avoid), (), region) if part.found]
    clear = [clear_of(part, avoided, seen) for part in found.parts]
    stripped = {
        part.query for part, kept in zip(found.parts, clear, strict=True) if part.grasps and not kept.grasps
    }
    remarks = [TOUCHING if q in stripped else r for q, r in zip(found.queries, found.remarks, strict=True)]
    return replace(found, parts=clear, remarks=remarks)


def placed(server: Server, seen: PerceivedFrame, request, timeout: float | None) -> Placement:
    """The frame and offset in which a request wants its answer."""
    where = server.place(seen.cloud, request.target_frame, timeout)
    return replace(where, pre_grasp_offset=request.pre_grasp_offset or where.pre_grasp_offset)


def check_limits(request, server: Server) -> None:
    """Refuse invalid limits."""
    check_questions(request.avoid, "part to avoid", server)
    if not 0 <= request.min_confidence <= 1:
        sentence = f"min_confidence must be from 0 (the default) to 1, not {request.min_confidence:g}."
        raise Refusal(Status.BAD_REQUEST, sentence)
    if not 0 <= request.pre_grasp_offset <= 2:
        sentence = f"pre_grasp_offset must be from 0 (the default) to 2 m, not {request.pre_grasp_offset:g}."
        raise Refusal(Status.BAD_REQUEST, sentence)


def within_reach(part: Part, seen: PerceivedFrame, offset: float) -> Part:
    """The part with only those grasps that the arm reaches from a request's own pre-grasp offset."""
    if not offset or seen.frame.workspace is None:
        return part
    workspace = replace(seen.frame.workspace, back=offset)
    return part.planned_by(
        lambda _: [g for g in part.grasps if workspace.allows(g.position[None], g.rotation[None, :, 2]).all()]
    )


def clear_of(part: Part, avoided: list[Part], seen: PerceivedFrame) -> Part:
    """The part with only those grasps that touch no part to be avoided on its object."""
    rows = [other.indices for other in avoided if other.object_id == part.object_id]
    points = seen.frame.view.points[np.concatenate(rows)] if rows else np.zeros((0, 3))
    gripper = seen.frame.gripper
    return part.planned_by(lambda _: [g for g in part.grasps if not gripper.touches(points, g)])
