"""Interruption: Ctrl-C or a request to end is granted at the end of the step, so that nothing learned is lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

_Handler = Callable[[int, FrameType | None], Any] | int | None
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """While it is entered, the first SIGINT or SIGTERM is only remembered; the second one ends the program as usual."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, _Handler] = {}

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():  # Python lets no other thread listen
            self._before = {number: signal.signal(number, self._hear) for number in _SIGNALS}
        return self

    def __exit__(self, *_) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def _hear(self, number: int, _) -> None:
        self.signal = number
        self.__exit__()


def not_interrupted() -> None:
    """For worker processes: Ctrl-C and what else ends a whole group is for the process that they work for."""
    os.setsid()
