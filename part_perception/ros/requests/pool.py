"""Pool: threads that answer requests, with a bounded queue, deadlines, and a lane for cheap requests."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from rclpy.node import Node
from rclpy.task import Future

from part_perception.ros.refusal import Refusal, Status
from part_perception.ros.requests.admission import out_of_turn

MAX_WAITING = 64
MAX_WORK = 10.0  # seconds: work that takes longer is given up once its caller's time is over, too
CHEAP = 16.0  # texts; a request with more is heavy
# seconds: a coroutine that is about to wait misses the first call, and would wait for a tick
ONCE_MORE = 0.002

Result = TypeVar("Result")


@dataclass(eq=False)
class Job(Generic[Result]):
    """Work that waits for a thread, or is being done since it was begun."""

    work: Callable[[], Result]
    cost: float
    deadline: float
    future: Future[Result]
    begun: float = math.inf

    def late(self, now: float) -> bool:
        """Whether it has been worked on for too long, and its caller has waited for long enough."""
        return now >= max(self.deadline, self.begun + MAX_WORK)


class GivenUp(Refusal):
    """Raised where work takes too long: its thread goes on, and may still write into what it was given."""

    def __init__(self) -> None:
        sentence = (
            f"The answer took longer than {MAX_WORK:.0f} s; this computer is too busy, or too much was asked."
        )
        super().__init__(Status.TIMED_OUT, f"{sentence} The change that it asked for may still be made.")


class Pool:
    """Threads for work too long for a callback; `await pool.run(f, ...)` returns what f returns, or raises.

    One thread takes requests in order, the other only cheap ones, so that a plain query never waits for a
    heavy one. Once `most` wait, requests are refused with BUSY; those whose deadline passes are refused too.
    """

    def __init__(self, node: Node, most: int = MAX_WAITING):
        self._node, self._most = node, most
        self._change = threading.Condition()
        self._waiting: deque[Job[Any]] = deque()  # each job has its own kind of result
        self._running: list[Job[Any]] = []
        self._open = True
        for name, most_cost in (("answer", float("inf")), ("answer-cheap", CHEAP)):
            threading.Thread(target=self._serve, args=(most_cost,), name=name).start()

    def run(self, work: Callable[[], Result], cost: float, deadline: float) -> Future[Result]:
        """`cost` is about the number of texts; `deadline` is by the monotonic clock."""
        future: Future[Result] = Future(executor=self._node.executor)
        with self._change:
            if len(self._waiting) >= self._most:
                raise Refusal(
                    Status.BUSY, f"{len(self._waiting)} requests are already waiting; ask again later."
                )
            self._waiting.append(Job(work, cost, deadline, future))
            self._change.notify_all()
        return future

    def expire(self) -> None:
        """Refuse those whose time is up, waiting or begun; called regularly."""
        now = time.monotonic()
        with self._change:
            over = [job for job in self._waiting if job.deadline <= now]
            for job in over:
                self._waiting.remove(job)
                job.future.set_exception(out_of_turn())
            late = [job for job in self._running if job.late(now)]
            for job in late:
                self._running.remove(job)
                job.future.set_exception(GivenUp())
        if over or late:
            self._wake()

    def close(self) -> None:
        """End without starting waiting work."""
        with self._change:
            self._open = False
            self._waiting.clear()
            self._change.notify_all()

    def _serve(self, most_cost: float) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: not self._open or self._next(most_cost) is not None)
                job = self._next(most_cost)
                if not self._open or job is None:
                    return
                self._waiting.remove(job)
                self._running.append(job)
                job.begun = time.monotonic()
            try:
                result = job.work()
                self._done(job, partial(job.future.set_result, result))
                del result
            except Exception as error:  # passed on to the waiting coroutine
                self._done(job, partial(job.future.set_exception, error))
            del job
            self._wake()
            time.sleep(ONCE_MORE)
            self._wake()

    def _done(self, job: Job[Any], tell: Callable[[], None]) -> None:
        """Tell the coroutine that waits for a job, unless that was given up."""
        with self._change:
            if job in self._running:
                self._running.remove(job)
                tell()

    def _next(self, most_cost: float) -> Job[Any] | None:
        """The first job that this thread may take."""
        return next((job for job in self._waiting if job.cost <= most_cost), None)

    def _wake(self) -> None:
        if self._node.executor is not None:
            self._node.executor.wake()
