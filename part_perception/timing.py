"""Stopwatch: measures the time of each stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Milliseconds per stage: `with watch("decode"): ...`."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        began = perf_counter()
        try:
            yield
        finally:
            self.milliseconds[stage] = 1e3 * (perf_counter() - began)

    @property
    def total(self) -> float:
        return sum(self.milliseconds.values())
