"""Messages of several topics that belong together by their stamps; message_filters where it is installed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from part_perception.ros.messages.clouds import nanoseconds

QUEUE = 30


def pair(count: int, within: float, together: Callable[..., None]) -> list[Callable]:
    """One function a topic, to be given its messages; `together` gets one of each."""
    try:
        import message_filters
    except ImportError:
        pairing = Pairing(count, within, together)
        return [lambda message, k=k: pairing.take(k, message) for k in range(count)]
    filters = [message_filters.SimpleFilter() for _ in range(count)]
    synchronizer = message_filters.ApproximateTimeSynchronizer(filters, QUEUE, within)
    synchronizer.registerCallback(together)
    return [each.signalMessage for each in filters]


class Pairing:
    """The newest message of each topic that has partners; what is older is let go."""

    def __init__(self, count: int, within: float, together: Callable[..., None]):
        self._within_ns, self._together = int(within * 1e9), together
        self._queues: list[deque] = [deque(maxlen=QUEUE) for _ in range(count)]

    def take(self, k: int, message) -> None:
        stamp = nanoseconds(message.header.stamp)
        self._queues[k].append((stamp, message))
        chosen = [min(queue, key=lambda entry: abs(entry[0] - stamp), default=None) for queue in self._queues]
        if None in chosen or any(abs(entry[0] - stamp) > self._within_ns for entry in chosen):
            return
        for j, entry in enumerate(chosen):
            self._queues[j] = deque((e for e in self._queues[j] if e[0] > entry[0]), maxlen=QUEUE)
        self._together(*(entry[1] for entry in chosen))
