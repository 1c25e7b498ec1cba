"""Views: a trainer's batches, made by Ray actors on any number of machines.

A batch depends on its recipe and its number alone, and they come in the order of their numbers: what is learned is the
same whatever the number of actors. One that dies is replaced, and makes its batches again.
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
    """One core that makes batches."""

    def make(self, make: Callable[[int], Any], number: int) -> Any:
        return make(number)


def on_actors(address: str, actors: int | None) -> Callable:
    """Where a training run gets its batches: so many actors, by default one for each core of the Ray at an address."""

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
