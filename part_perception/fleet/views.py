"""Views: training batches, made by Ray actors on any number of machines.

A batch depends only on its recipe and its number, and batches arrive in order, so the result of training does
not depend on the number of actors. An actor that dies is replaced, and its batches are made again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import cycle, islice
from typing import Any, TypeVar

import ray

from part_perception.fleet.workers import connected, cores

B = TypeVar("B")
AHEAD = 2  # batches that each actor makes before they are asked for


class _Maker:
    """Makes batches on one core."""

    def make(self, make: Callable[[int], Any], number: int) -> Any:
        return make(number)


def on_actors(address: str, actors: int | None) -> Callable:
    """Return a stream of batches from `actors` actors, by default one per core of the Ray cluster."""

    def stream(make: Callable[[int], B], numbers: range, _workers: int) -> Iterator[B]:
        with connected(None, address):
            kind: Any = ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=-1)(_Maker)
            makers = [kind.remote() for _ in range(actors or cores())]
            given = ray.put(make)
            turn, coming = cycle(makers), iter(numbers)
            waiting = deque(next(turn).make.remote(given, n) for n in islice(coming, AHEAD * len(makers)))
            while waiting:
                yield deepcopy(ray.get(waiting.popleft()))  # Ray's own arrays cannot be written to
                waiting.extend(next(turn).make.remote(given, n) for n in islice(coming, 1))

    return stream
