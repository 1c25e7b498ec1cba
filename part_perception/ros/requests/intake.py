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
from part_perception.ros.requests.readers import Readers
from part_perception.ros.stream import Untouched

REQUESTS = QoSProfile(depth=2000)  # the middleware's queue; with 10, later requests are lost
WITH_CLOUDS = QoSProfile(depth=32)  # the middleware never frees the memory of this many
TAKEN_AT_ONCE = 256  # then it is the turn of other callbacks
UNKNOWN_FOR = 2.0  # seconds that an answer waits for its reader
MAX_UNSENT = 100  # answers of a service that wait so
SAY_EVERY = 10.0  # seconds


class Waiting(NamedTuple):
    """Where a request waits, for how many seconds at most, and how many bytes it holds."""

    lane: Admission
    seconds: float
    size: int


class Intake(Waitable):
    """One service. `answer(request, response, arrived)` fills and returns a response, whatever happens.

    `again()` is awaited before it is looked again whether an answer's reader is known.
    """

    def __init__(
        self,
        node: Any,
        kind: Any,
        name: str,
        answer: Callable[[Any, Any, float], Awaitable[Any]],
        waiting: Callable[[Any], Waiting],
        again: Callable[[], Awaitable[Any]],
        qos: QoSProfile = REQUESTS,
    ):
        super().__init__(ReentrantCallbackGroup())
        self._node, self._kind, self._name = node, kind, name
        self._answer, self._waiting, self._again = answer, waiting, again
        self._readers, self._unsent = Readers(node, name), 0
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
            finally:
                waiting.lane.leave(waiting.size)
            await self._send(response, header)

        self._node.executor.create_task(work)

    def _refuse(self, header: Any, refusal: Refusal) -> None:
        response = self._kind.Response(status=refusal.status)
        if self._readers.known(header):
            self._service.send_response(response, header)
        else:
            self._node.executor.create_task(self._send, response, header)

    async def _send(self, response: Any, header: Any) -> None:
        """Send an answer once its reader is known, or give it up."""
        deadline = time.monotonic() + UNKNOWN_FOR
        while not self._readers.known(header):
            if time.monotonic() > deadline or self._unsent >= MAX_UNSENT:
                sentence = f"An answer of {self._name} was given up: the middleware does not know its reader"
                self._node.get_logger().warning(sentence, throttle_duration_sec=SAY_EVERY)
                return
            self._unsent += 1
            try:
                await self._again()
            finally:
                self._unsent -= 1
        self._service.send_response(response, header)
