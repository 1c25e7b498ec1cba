"""Progress: long work says now and then how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable

Say = Callable[[str], None]
_PAUSE_S = 5.0


def counting(say: Say, what: str) -> Callable[[int, int], None]:
    """Say now and then how many are done."""
    last = [time.monotonic()]

    def count(done: int, total: int) -> None:
        if time.monotonic() - last[0] > _PAUSE_S or done == total:
            last[0] = time.monotonic()
            say(f"{what}: {done} of {total}")

    return count


def bar(share: float, width: int = 20) -> str:
    full = int(min(max(share, 0), 1) * width)
    return "█" * full + "░" * (width - full)


def duration(seconds: float) -> str:
    minutes = int(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"
