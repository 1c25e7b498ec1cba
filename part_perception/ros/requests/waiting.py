"""Waiting without holding a thread: coroutines of the executor that go on when something happened."""

from __future__ import annotations

import threading

from rclpy.node import Node
from rclpy.task import Future


class AsyncEvent:
    """`await changed.wait()` goes on with the next set(), whatever thread that comes from."""

    def __init__(self, node: Node):
        self._node, self._lock = node, threading.Lock()
        self._listeners: list[Future[None]] = []

    def wait(self) -> Future[None]:
        future: Future[None] = Future(executor=self._node.executor)
        with self._lock:
            self._listeners.append(future)
        return future

    def set(self) -> None:
        with self._lock:
            listeners, self._listeners = self._listeners, []
        for future in listeners:
            future.set_result(None)
        if listeners and self._node.executor is not None:
            self._node.executor.wake()
