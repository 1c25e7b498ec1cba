"""Waiting without holding a thread: coroutines of the executor that go on when something happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rclpy.task import Future

ONCE_MORE = (
    0.002  # seconds: a coroutine that is just lying down misses the first call, and would wait for a tick
)


class AsyncEvent:
    """`await changed.wait()` goes on with the next set(), whatever thread that comes from."""

    def __init__(self, node):
        self._node, self._lock = node, threading.Lock()
        self._listeners: list[Future] = []

    def wait(self) -> Future:
        future = Future(executor=self._node.executor)
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


class Pool:
    """Threads for what takes longer than a callback may; `await pool.run(f)` gives what f returns, or raises."""

    def __init__(self, node, threads: int = 2):
        self._node, self._threads = node, ThreadPoolExecutor(threads, "answer")

    def run(self, work: Callable[[], object]) -> Future:
        future = Future(executor=self._node.executor)

        def finish() -> None:
            try:
                future.set_result(work())
            except Exception as error:  # carried over to the coroutine that waits
                future.set_exception(error)
            self._wake()
            time.sleep(ONCE_MORE)
            self._wake()

        self._threads.submit(finish)
        return future

    def _wake(self) -> None:
        if self._node.executor is not None:
            self._node.executor.wake()

    def close(self) -> None:
        """What waits is not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)
