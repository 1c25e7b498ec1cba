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
from rclpy.waitable import NumberOfEntities, Waitable

from part_perception.ros.refusal import Refusal
from part_perception.ros.requests.admission import Admission, sender_of
from part_perception.ros.stream import Untouched

REQUESTS = QoSProfile(depth=2000)  # the middleware's queue; with 10, later requests are lost
WITH_CLOUDS = QoSProfile(depth=32)  # the middleware never frees the memory of this many
TAKEN_AT_ONCE = 256  # then it is the turn of other callbacks


class Waiting(NamedTuple):
    """Where a request waits, for how many seconds at most, and how many bytes it holds."""

    lane: Admission
    seconds: float
    size: int


class Intake(Waitable):
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
        super().__init__(ReentrantCallbackGroup())
        self._node, self._kind, self._answer, self._waiting = node, kind, answer, waiting
        self._service = node.create_service(
            kind, name, lambda *_: None, qos_profile=qos, callback_group=Untouched()
        )
        node.add_waitable(self)

    # --- the executor waits for requests by these -------------------------------------------------------------
    def __enter__(self) -> None:
        self._service.handle.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._service.handle.__exit__(*error)

    def get_num_entities(self) -> NumberOfEntities:
        return NumberOfEntities(num_services=1)

    def add_to_wait_set(self, wait_set: Any) -> None:
        self._place = wait_set.add_service(self._service.handle)

    def is_ready(self, wait_set: Any) -> bool:
        return wait_set.is_ready("service", self._place)

    def take_data(self) -> list[tuple[Any, Any]]:
        """The requests that have come, each with the header that its answer needs."""
        taken: list[tuple[Any, Any]] = []
        try:
            with self._service.handle:
                while len(taken) < TAKEN_AT_ONCE:
                    request, header = self._service.handle.service_take_request(self._kind.Request)
                    if header is None:  # there is none left, or its bytes were no request
                        break
                    taken.append((request, header))
        except Exception as error:  # the others are answered all the same
            self._node.defect("taking requests", error)
        return taken

    async def execute(self, taken_data: list[tuple[Any, Any]]) -> None:
        for request, header in taken_data:
            self._line_up(request, header)

    # --- a request --------------------------------------------------------------------------------------------
    def _line_up(self, request: Any, header: Any) -> None:
        waiting, arrived = self._waiting(request), time.monotonic()
        start = partial(self._start, waiting, request, header, arrived)
        refuse = partial(self._refuse, header)
        try:
            waiting.lane.enter(start, refuse, arrived + waiting.seconds, waiting.size, sender_of(header))
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
