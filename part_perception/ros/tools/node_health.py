"""Node health: what a running node says of itself, for `part-perception doctor --node`."""

from __future__ import annotations

import threading
import time

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.srv import GetState
from rclpy.client import Client
from rclpy.qos import QoSProfile

from part_perception.ros.tools.asker import Connection

TELLS_WITHIN = 3.0  # seconds: a node reports once a second


class NodeHealth(Connection):
    """Asks for the state of a node, and waits for its next report on /diagnostics."""

    def listen(self) -> None:
        self._told = threading.Event()
        self.statuses: dict[str, DiagnosticStatus] = {}
        self.clock_ahead = 0.0
        self._state: Client[GetState.Request, GetState.Response] = self._node.create_client(
            GetState, f"{self._asked}/get_state"
        )
        self._node.create_subscription(DiagnosticArray, "/diagnostics", self._take, QoSProfile(depth=50))

    def _take(self, message: DiagnosticArray) -> None:
        name = self._asked.lstrip("/")
        mine = {s.name.removeprefix(f"{name}: "): s for s in message.status if s.name.startswith(f"{name}: ")}
        if mine:
            stamp = message.header.stamp
            self.clock_ahead = stamp.sec + stamp.nanosec * 1e-9 - time.time()
            self.statuses = mine
            self._told.set()

    def state(self, timeout: float) -> str:
        """The lifecycle state; a TimeoutError says why there is none."""
        self.wait_for_node(timeout)
        done = threading.Event()
        future = self._state.call_async(GetState.Request())
        future.add_done_callback(lambda _: done.set())
        answer = future.result() if done.wait(timeout) else None
        if answer is None:
            raise TimeoutError(f"{self._asked} does not answer")
        return answer.current_state.label

    def reported(self) -> bool:
        """Whether a report has come; until it has, this waits a while."""
        return self._told.wait(TELLS_WITHIN)
