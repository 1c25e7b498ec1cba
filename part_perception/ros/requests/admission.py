"""Admission: a limited number of requests run at once; the others wait in line for a limited time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from part_perception.ros.refusal import Refusal, Status

MAX_AT_ONCE, MAX_IN_LINE = 32, 1000
MAX_BYTES = 256 << 20  # of all requests, running and waiting: those with clouds have megabytes each


@dataclass(frozen=True)
class InLine:
    """A waiting request; one of the two functions is called, once."""

    start: Callable[[], None]
    refuse: Callable[[Refusal], None]
    deadline: float  # by the monotonic clock
    size: int


class Admission:
    """Admits requests up to a limit; each that leaves makes room for the next. `size` is in bytes."""

    def __init__(self, at_once: int = MAX_AT_ONCE, in_line: int = MAX_IN_LINE, most_bytes: int = MAX_BYTES):
        self._at_once, self._in_line, self._most_bytes = at_once, in_line, most_bytes
        self._change = threading.Lock()
        self._line: deque[InLine] = deque()
        self._inside = self._bytes = 0

    def enter(
        self, start: Callable[[], None], refuse: Callable[[Refusal], None], deadline: float, size: int = 0
    ) -> None:
        """Start now or later; a Refusal if the line is full."""
        with self._change:
            free = self._inside < self._at_once
            if not free and len(self._line) >= self._in_line:
                raise Refusal(
                    Status.BUSY, f"{len(self._line)} requests are already waiting; ask again later."
                )
            self._hold(size)
            if free:
                self._inside += 1
            else:
                self._line.append(InLine(start, refuse, deadline, size))
        if free:
            start()

    @contextmanager
    def at_once(self, size: int = 0) -> Iterator[None]:
        """Hold a place for a request that cannot wait in line; a Refusal if there is none."""
        with self._change:
            if self._inside >= self._at_once:
                raise Refusal(Status.BUSY, f"{self._inside} requests are already running; ask again later.")
            self._hold(size)
            self._inside += 1
        try:
            yield
        finally:
            self.leave(size)

    def _hold(self, size: int) -> None:
        """A Refusal if requests would together take too much memory; a single one may have any size."""
        if self._bytes and self._bytes + size > self._most_bytes:
            held = f"The running requests already hold {self._bytes / 1e6:.0f} MB"
            raise Refusal(Status.BUSY, f"{held}; ask again later.")
        self._bytes += size

    def leave(self, size: int = 0) -> None:
        """A request has ended."""
        with self._change:
            self._bytes -= size
            first = self._line.popleft() if self._line else None
            if first is None:
                self._inside -= 1
        if first is not None:
            first.start()

    def expire(self) -> None:
        """Refuse those whose time is up; called regularly."""
        now = time.monotonic()
        with self._change:
            over = [each for each in self._line if each.deadline <= now]
            if over:
                self._line = deque(each for each in self._line if each.deadline > now)
                self._bytes -= sum(each.size for each in over)
        for each in over:
            each.refuse(out_of_turn())


def out_of_turn() -> Refusal:
    """The refusal of a request whose time ran out while it waited."""
    sentence = "The request's time ran out before its turn came; too many requests at once."
    return Refusal(Status.TIMED_OUT, sentence)
