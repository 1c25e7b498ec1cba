"""Admission: a limited number of requests run at once; others wait for a limited time, in a line for each sender."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from part_perception.ros.refusal import Refusal, Status

MAX_AT_ONCE, MAX_IN_LINE = 32, 1000
MAX_BYTES = 256 << 20  # of all requests, running and waiting: those with clouds have megabytes each
GIVEN_WAY = "Too many requests are waiting, most of them from this process; ask again later."

# DDS says in its header which process sent a request, but rclpy does not pass it on. The header that rclpy hands out
# wraps rmw_service_info_t: two times, the client's identity, a sequence number. The identity is read from there, and
# used only if the other three are what rclpy says they are; else it is unknown.
SENDER = 12  # bytes of the identity that all clients of a process share
_INFO = struct.Struct("=qq16sq")
_WRAPPED = 16  # bytes of a Python object, after which comes the pointer to what it wraps
UNKNOWN = b""

# Memory is read as a file: a wrong address is an error there, and not the end of the process.
try:
    _MEMORY = os.open("/proc/self/mem", os.O_RDONLY | os.O_CLOEXEC)
except OSError:
    _MEMORY = -1


@dataclass(frozen=True)
class InLine:
    """A waiting request; one of the two functions is called, once."""

    start: Callable[[], None]
    refuse: Callable[[Refusal], None]
    deadline: float  # by the monotonic clock
    size: int


class Admission:
    """Admits requests up to a limit; each that leaves makes room for the next. `size` is in bytes.

    Each sender has a line of its own, and the lines take turns. Where there is no room, the longest line gives way.
    """

    def __init__(self, at_once: int = MAX_AT_ONCE, in_line: int = MAX_IN_LINE, most_bytes: int = MAX_BYTES):
        self._at_once, self._in_line, self._most_bytes = at_once, in_line, most_bytes
        self._change = threading.Lock()
        self._lines: dict[bytes, deque[InLine]] = {}  # the first one is next; none is empty
        self._inside = self._bytes = 0

    def enter(
        self,
        start: Callable[[], None],
        refuse: Callable[[Refusal], None],
        deadline: float,
        size: int = 0,
        sender: bytes = UNKNOWN,
    ) -> None:
        """Start now or later; a Refusal if there is no room."""
        with self._change:
            free = self._inside < self._at_once
            given_way = self._make_room(free, size, sender)
            self._bytes += size
            if free:
                self._inside += 1
            else:
                self._append(sender, InLine(start, refuse, deadline, size))
        for each in given_way:
            each.refuse(Refusal(Status.BUSY, GIVEN_WAY))
        if free:
            start()

    def _make_room(self, free: bool, size: int, sender: bytes) -> list[InLine]:
        """Take the last ones out of lines that are longer than the sender's; a Refusal if that is not enough."""
        out: list[tuple[bytes, InLine]] = []
        while reason := self._full(free, size):
            longest = max(self._lines, key=lambda each: len(self._lines[each]), default=sender)
            if len(self._lines.get(longest, ())) <= len(self._lines.get(sender, ())) + 1:
                for who, each in reversed(out):
                    self._append(who, each)
                    self._bytes += each.size
                raise Refusal(Status.BUSY, f"{reason}; ask again later.")
            last = self._lines[longest].pop()
            self._bytes -= last.size
            out.append((longest, last))
        return [each for _, each in out]

    def _full(self, free: bool, size: int) -> str:
        """Why there is no room for one more; "" if there is. A single one may have any size."""
        waiting = sum(map(len, self._lines.values()))
        if not free and waiting >= self._in_line:
            return f"{waiting} requests are already waiting"
        if self._bytes and self._bytes + size > self._most_bytes:
            return f"The running requests already hold {self._bytes / 1e6:.0f} MB"
        return ""

    def _append(self, sender: bytes, each: InLine) -> None:
        self._lines.setdefault(sender, deque()).append(each)

    @contextmanager
    def at_once(self, size: int = 0) -> Iterator[None]:
        """Hold a place for a request that cannot wait in line; a Refusal if there is none."""
        with self._change:
            if self._inside >= self._at_once:
                raise Refusal(Status.BUSY, f"{self._inside} requests are already running; ask again later.")
            if reason := self._full(True, size):
                raise Refusal(Status.BUSY, f"{reason}; ask again later.")
            self._bytes += size
            self._inside += 1
        try:
            yield
        finally:
            self.leave(size)

    def leave(self, size: int = 0) -> None:
        """A request has ended."""
        with self._change:
            self._bytes -= size
            first = self._next()
            if first is None:
                self._inside -= 1
        if first is not None:
            first.start()

    def _next(self) -> InLine | None:
        """The first of the line whose turn it is; that line goes to the end."""
        for sender, line in self._lines.items():
            first = line.popleft()
            del self._lines[sender]
            if line:
                self._lines[sender] = line
            return first
        return None

    def expire(self) -> None:
        """Refuse those whose time is up; called regularly."""
        now = time.monotonic()
        with self._change:
            over = [each for line in self._lines.values() for each in line if each.deadline <= now]
            if over:
                kept = {
                    sender: deque(each for each in line if each.deadline > now)
                    for sender, line in self._lines.items()
                }
                self._lines = {sender: line for sender, line in kept.items() if line}
                self._bytes -= sum(each.size for each in over)
        for each in over:
            each.refuse(out_of_turn())


def out_of_turn() -> Refusal:
    """The refusal of a request whose time ran out while it waited."""
    sentence = "The request's time ran out before its turn came; too many requests at once."
    return Refusal(Status.TIMED_OUT, sentence)


def sender_of(header: Any) -> bytes:
    """The process that sent the request with this header; UNKNOWN if it cannot be told."""
    return identity_of(header)[:SENDER]


def identity_of(header: Any) -> bytes:
    """The client that sent the request with this header; UNKNOWN if it cannot be told."""
    try:
        (place,) = struct.unpack("P", os.pread(_MEMORY, struct.calcsize("P"), id(header) + _WRAPPED))
        source, received, identity, number = _INFO.unpack(os.pread(_MEMORY, _INFO.size, place))
        told = (header.source_timestamp, header.received_timestamp, header.request_id.sequence_number)
    except (OSError, OverflowError, struct.error, AttributeError):
        return UNKNOWN
    return identity if (source, received, number) == told else UNKNOWN
