"""Admission: so many requests are worked on at once, the others wait in line, each for a limited time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from part_perception.ros.refusal import Refusal, Status

MAX_AT_ONCE, MAX_IN_LINE = 32, 1000
MAX_BYTES = 256 << 20  # of all requests together, inside and in line: those with clouds have megabytes each


@dataclass(frozen=True)
class InLine:
    """A request that waits; one of the two functions is called, once."""

    start: Callable[[], None]
    refuse: Callable[[Refusal], None]
    deadline: float  # by the monotonic clock
    size: int


class Admission:
    """Whoever was let in leaves in the end, and the next in line takes that place. `size` is in bytes."""

    def __init__(self, at_once: int = MAX_AT_ONCE, in_line: int = MAX_IN_LINE, most_bytes: int = MAX_BYTES):
        self._at_once, self._in_line, self._most_bytes = at_once, in_line, most_bytes
        self._change = threading.Lock()
        self._line: deque[InLine] = deque()
        self._inside = self._bytes = 0

    def enter(
        self, start: Callable[[], None], refuse: Callable[[Refusal], None], deadline: float, size: int = 0
    ) -> None:
        """Start now or later; a Refusal where the line is full."""
        with self._change:
            free = self._inside < self._at_once
            if not free and len(self._line) >= self._in_line:
                raise Refusal(
                    Status.BUSY, f"{len(self._line)} requests are waiting already; ask again later."
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
        """While a request is worked on that cannot wait in line; a Refusal where it would have to."""
        with self._change:
            if self._inside >= self._at_once:
                raise Refusal(Status.BUSY, f"{self._inside} requests are under way already; ask again later.")
            self._hold(size)
            self._inside += 1
        try:
            yield
        finally:
            self.leave(size)

    def _hold(self, size: int) -> None:
        """A Refusal where requests would take too much memory together; one alone may be of any size."""
        if self._bytes and self._bytes + size > self._most_bytes:
            held = f"The requests that are under way hold {self._bytes / 1e6:.0f} MB already"
            raise Refusal(Status.BUSY, f"{held}; ask again later.")
        self._bytes += size

    def leave(self, size: int = 0) -> None:
        """A request is done with."""
        with self._change:
            self._bytes -= size
            first = self._line.popleft() if self._line else None
            if first is None:
                self._inside -= 1
        if first is not None:
            first.start()

    def expire(self) -> None:
        """Refuse those whose time is over; called every now and then."""
        now = time.monotonic()
        with self._change:
            over = [each for each in self._line if each.deadline <= now]
            if over:
                self._line = deque(each for each in self._line if each.deadline > now)
                self._bytes -= sum(each.size for each in over)
        for each in over:
            each.refuse(out_of_turn())


def out_of_turn() -> Refusal:
    """What is said to a request whose time was over while it waited."""
    sentence = "The time that was given was over before the request's turn came; too much is asked at once."
    return Refusal(Status.TIMED_OUT, sentence)
