"""Pairing: finds messages of several topics by their stamps, and counts lost ones by their sequence numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from part_perception.ros.messages.clouds import nanoseconds


class SequenceGaps:
    """Counts messages that were published but never received, by sequence numbers where the middleware gives them.

    A newer message replaces one that waits, and best effort may lose messages on the way: both leave a gap.
    """

    def __init__(self):
        self._last: dict[bytes | None, int] = {}

    def gap(self, info: dict, publishers: Callable[[], int]) -> int:
        """The number of messages missing before this one; `publishers` counts them if their identity is unknown."""
        number = info.get("publication_sequence_number")
        sender = (info.get("publisher_gid") or {}).get("data")
        if number is None or (sender is None and publishers() != 1):
            return 0
        last = self._last.get(sender)
        self._last[sender] = number
        return max(number - last - 1, 0) if last is not None else 0


KEEP_NS = 3_000_000_000  # so that late partners, such as detections, still find their image
BACK_NS = 100_000_000  # stamps that go back farther mean a restart: of a bag, a camera or a clock
MAX_BYTES, MAX_MESSAGES = 256_000_000, 1000  # of one topic


class Pairing:
    """Matches the newest messages of several topics; older ones are dropped.

    Messages wait for a time, not a number, so that topics of different rates match; only where stamps do not rise
    does their number count. Messages in the future of a stamp that went back are dropped, because they will find
    no partner.
    """

    def __init__(self, count: int, within: float, together: Callable[..., None]):
        self._within_ns, self._together = round(within * 1e9), together
        self._queues: list[deque] = [deque() for _ in range(count)]

    def take(self, k: int, message) -> None:
        """Add a message of topic k; `together` receives it with its partners once all have arrived."""
        stamp, queue = nanoseconds(message.header.stamp), self._queues[k]
        if queue and stamp < queue[-1][0] - BACK_NS:
            self._keep(lambda at: at <= stamp)
        queue = self._queues[k]
        queue.append((stamp, message))
        while stamp - queue[0][0] > KEEP_NS or len(queue) > MAX_MESSAGES or too_big(queue):
            queue.popleft()
        nearest = [min(each, key=lambda entry: abs(entry[0] - stamp), default=None) for each in self._queues]
        chosen = [entry for entry in nearest if entry is not None]
        if len(chosen) < len(nearest) or any(abs(entry[0] - stamp) > self._within_ns for entry in chosen):
            return
        for j, entry in enumerate(chosen):
            self._queues[j] = deque(e for e in self._queues[j] if e[0] > entry[0])
        self._together(*(entry[1] for entry in chosen))

    def clear(self) -> None:
        """Drop all waiting messages."""
        self._keep(lambda at: False)

    def _keep(self, wanted: Callable[[int], bool]) -> None:
        self._queues = [deque(e for e in queue if wanted(e[0])) for queue in self._queues]


def too_big(queue: deque) -> bool:
    """Whether the messages of a queue, if there are several, hold too many bytes."""
    held = (len(getattr(m, "data", getattr(m, "compressed_data", ()))) for _, m in queue)
    return len(queue) > 1 and sum(held) > MAX_BYTES
