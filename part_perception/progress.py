"""Progress: a bar on stderr after two seconds of waiting at a terminal; none in logs and with --quiet."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

AFTER = 2.0  # seconds
EVERY = 0.1
WIDTH = 30
QUIET = "PART_PERCEPTION_QUIET"  # in the environment, so that processes that are started keep quiet too

Item = TypeVar("Item")


class Bar:
    """Called with how much is done, of how much; `what` is counted."""

    def __init__(self, what: str):
        self._what, self._start, self._shown = what, time.monotonic(), 0.0
        self._wanted = sys.stderr.isatty() and not os.environ.get(QUIET)

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._wanted or now - self._start < AFTER or (now - self._shown < EVERY and done < total):
            return
        self._shown = now
        left = (now - self._start) / done * (total - done) if done else 0.0
        filled = WIDTH * done // max(total, 1)
        text = f"{'█' * filled}{'░' * (WIDTH - filled)} {done} of {total} {self._what}, {left:.0f} s left"
        print(f"\r\x1b[K{text}", end="\r\x1b[K" if done >= total else "", file=sys.stderr, flush=True)


def counted(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items, with a bar; `total` where they cannot tell how many they are."""
    count = len(items) if isinstance(items, Collection) else total or 0
    bar = Bar(what)
    for done, item in enumerate(items):
        bar(done, count)
        yield item
    bar(count, count)
