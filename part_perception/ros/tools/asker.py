"""Asker: an ordinary ROS node that asks a running part_perception node for parts, or for its health."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import rclpy
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.srv import GetState
from rclpy.client import Client
from rclpy.exceptions import InvalidHandle
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.signals import SignalHandlerOptions

from part_perception_interfaces.srv import QueryParts

SERVICE = "query_parts"
END_WITHIN = 2.0
DISCOVERY = 5.0
TELLS_WITHIN = 3.0  # seconds: a node reports once a second
PATIENCE = 5.0  # seconds beyond a request's own limit: by then the node has answered or is gone


class Connection:
    """Spins in its own thread beside a running node; its calls wait for a limited time."""

    def __init__(self, name: str, asked: str = "/part_perception"):
        rclpy.init(signal_handler_options=SignalHandlerOptions.NO)
        self._node, self._asked, self._open = Node(name), asked, True
        self._query: Client[QueryParts.Request, QueryParts.Response] = self._node.create_client(
            QueryParts, f"{asked}/{SERVICE}"
        )
        self.listen()
        self._executor = SingleThreadedExecutor()
        self._executor.add_node(self._node)
        self._thread = threading.Thread(target=self._spin, daemon=True)
        self._thread.start()

    def listen(self) -> None:
        """Make further subscriptions, before the node spins."""

    def _spin(self) -> None:
        try:
            self._executor.spin()
        except ExternalShutdownException:
            return
        except InvalidHandle:  # shutting an executor down destroys what its last callback still uses
            if self._open:
                raise

    def close(self) -> None:
        """End the thread first: the middleware aborts a process that exits while it spins."""
        self._open = False
        self._executor.shutdown(END_WITHIN)
        rclpy.try_shutdown()
        self._thread.join(END_WITHIN)

    def wait_for_node(self, timeout: float) -> None:
        """Wait for the node; a TimeoutError names the nodes that were found."""
        if self._query.wait_for_service(timeout):
            return
        others = ", ".join(self._others_within(DISCOVERY))
        hint = f"; there is {others}" if others else " (is it running, and in this ROS_DOMAIN_ID?)"
        raise TimeoutError(f"no node {self._asked} answers{hint}")

    def _others_within(self, patience: float) -> list[str]:
        """The nodes that answer queries, as soon as there are any: on a busy machine discovery takes seconds."""
        deadline = time.monotonic() + patience
        while not (others := self.nodes()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return others

    def nodes(self) -> list[str]:
        """The nodes in this domain that answer queries."""
        services = self._node.get_service_names_and_types()
        kind = f"{QueryParts.__module__.split('.')[0]}/srv/{QueryParts.__name__}"
        found = {name.removesuffix(f"/{SERVICE}") for name, kinds in services if kind in kinds}
        return sorted(found - {self._asked})  # unanswered clients are listed, too


class Asker(Connection):
    """Asks for parts."""

    def ask(
        self, queries: Sequence[str], timeout: float = 10.0, newer: bool = False, **more: object
    ) -> tuple[QueryParts.Response, float]:
        """The answer of ~/query_parts and its milliseconds; `more` are fields of the request."""
        self.wait_for_node(timeout)
        request = QueryParts.Request(queries=list(queries), wait_for_newer=newer, timeout=timeout, **more)
        start, done = time.perf_counter(), threading.Event()
        future = self._query.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(timeout + PATIENCE):
            raise TimeoutError("the node did not answer in time")
        return future.result(), (time.perf_counter() - start) * 1e3


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
