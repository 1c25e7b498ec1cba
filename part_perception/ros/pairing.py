"""Messages of several topics that belong together by their stamps, and those that never arrived by their numbers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from part_perception.ros.messages.clouds import nanoseconds


class SequenceGaps:
    """How many messages were published and never taken, by the publisher's own numbers where the middleware tells them.

    The newest message replaces one that was not taken yet, and best effort may lose one on the way: both leave a gap.
    """

    def __init__(self):
        self._last: dict[bytes | None, int] = {}

    def gap(self, info: dict, publishers: Callable[[], int]) -> int:
        """Messages missing before this one; `publishers`: how many there are, where their identity is not told."""
        number = info.get("publication_sequence_number")
        sender = (info.get("publisher_gid") or {}).get("data")
        if number is None or (sender is None and publishers() != 1):
            return 0
        last = self._last.get(sender)
        self._last[sender] = number
        return max(number - last - 1, 0) if last is not None else 0


KEEP_NS = 3_000_000_000  # a partner that takes so long to make, such as a detection, still finds its image
BACK_NS = 100_000_000  # stamps that go back by more started over: a bag, a camera or a clock
MOST_BYTES = 256_000_000  # of one topic


class Pairing:
    """The newest message of each topic that has partners; what is older is let go.

    Messages wait by time, and not by number: topics of different rates find each other too. What lies in the future
    of a stamp that went back is dropped; nothing to come could be its partner.
    """

    def __init__(self, count: int, within: float, together: Callable[..., None]):
        self._within_ns, self._together = round(within * 1e9), together
        self._queues: list[deque] = [deque() for _ in range(count)]

    def take(self, k: int, message) -> None:
        """A message of topic k; `together` gets it with its partners as soon as all are there."""
        stamp, queue = nanoseconds(message.header.stamp), self._queues[k]
        if queue and stamp < queue[-1][0] - BACK_NS:
            self._keep(lambda at: at <= stamp)
        queue = self._queues[k]
        queue.append((stamp, message))
        while stamp - queue[0][0] > KEEP_NS or (len(queue) > 1 and held_bytes(queue) > MOST_BYTES):
            queue.popleft()
        nearest = [min(each, key=lambda entry: abs(entry[0] - stamp), default=None) for each in self._queues]
        chosen = [entry for entry in nearest if entry is not None]
        if len(chosen) < len(nearest) or any(abs(entry[0] - stamp) > self._within_ns for entry in chosen):
            return
        for j, entry in enumerate(chosen):
            self._queues[j] = deque(e for e in self._queues[j] if e[0] > entry[0])
        self._together(*(entry[1] for entry in chosen))

    def clear(self) -> None:
        """Nothing that waits counts any more."""
        self._keep(lambda at: False)

    def _keep(self, wanted: Callable[[int], bool]) -> None:
        self._queues = [deque(e for e in queue if wanted(e[0])) for queue in self._queues]


def held_bytes(queue: deque) -> int:
    return sum(len(getattr(m, "data", getattr(m, "compressed_data", ()))) for _, m in queue)
