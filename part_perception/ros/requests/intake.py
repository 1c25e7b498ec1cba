"""Intake: a service that takes its requests from the middleware as they arrive, and answers each in turn.

rclpy takes one request per turn of its executor and wakes several threads for it. Hundreds that arrive together
would stay in the middleware for longer than their callers wait, unknown to the node.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.qos import QoSProfile

from part_perception.ros.refusal import Refusal
from part_perception.ros.requests.admission import Admission

REQUESTS = QoSProfile(depth=2000)  # the middleware's queue; with 10, later requests are lost
WITH_CLOUDS = QoSProfile(depth=32)  # the middleware never frees the memory of this many
TAKEN_AT_ONCE = 256  # then it is the turn of other callbacks


class Waiting(NamedTuple):
    """Where a request waits, for how many seconds at most, and how many bytes it holds."""

    lane: Admission
    seconds: float
    size: int


class Intake:
    """One service. `answer(request, response, arrived)` fills and returns a response, whatever happens."""

    def __init__(
        self,
        node: Any,
        kind: Any,
        name: str,
        answer: Callable[[Any, Any, float], Awaitable[Any]],
        waiting: Callable[[Any], Waiting],
        qos: QoSProfile = REQUESTS,
    ):
        self._node, self._kind, self._answer, self._waiting = node, kind, answer, waiting
        self._service = node.create_service(
            kind, name, self._first, qos_profile=qos, callback_group=ReentrantCallbackGroup()
        )

    async def _first(self, request: Any, response: Any) -> Any:
        """Answer the request that rclpy took; it has no header for a later answer, so it cannot wait in line."""
        waiting = self._waiting(request)
        try:
            with waiting.lane.at_once(waiting.size):
                self._take_others()
                return await self._answer(request, response, time.monotonic())
        except Refusal as refusal:
            self._take_others()
            response.status = refusal.status
            return response

    def _take_others(self) -> None:
        try:
            for _ in range(TAKEN_AT_ONCE):
                with self._service.handle:
                    request, header = self._service.handle.service_take_request(self._kind.Request)
                if header is None:
                    return
                self._line_up(request, header)
        except Exception as error:  # invalid bytes; the first request is answered all the same
            self._node.defect("taking requests", error)

    def _line_up(self, request: Any, header: Any) -> None:
        waiting, arrived = self._waiting(request), time.monotonic()
        start = partial(self._start, waiting, request, header, arrived)
        refuse = partial(self._refuse, header)
        try:
            waiting.lane.enter(start, refuse, arrived + waiting.seconds, waiting.size)
        except Refusal as refusal:
            refuse(refusal)

    def _start(self, waiting: Waiting, request: Any, header: Any, arrived: float) -> None:
        async def work() -> None:
            try:
                response = await self._answer(request, self._kind.Response(), arrived)
                self._service.send_response(response, header)
            finally:
                waiting.lane.leave(waiting.size)

        self._node.executor.create_task(work)

    def _refuse(self, header: Any, refusal: Refusal) -> None:
        self._service.send_response(self._kind.Response(status=refusal.status), header)
