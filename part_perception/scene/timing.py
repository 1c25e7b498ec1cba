"""Timing: how long each stage of a frame took."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Laps by name; `total` is their sum."""

    def __init__(self) -> None:
        self._laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, name: str) -> None:
        now = perf_counter()
        self._laps[name] = 1e3 * (now - self._last)
        self._last = now

    def milliseconds(self) -> dict[str, float]:
        return {**self._laps, "total": sum(self._laps.values())}
