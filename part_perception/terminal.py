"""Terminal: tables, and a bar on stderr after two seconds of waiting at a terminal; none in logs and with --quiet."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

AFTER = 2.0  # seconds
EVERY = 0.1
WIDTH = 30
QUIET = "PART_PERCEPTION_QUIET"  # an environment variable, so that child processes keep quiet too

Item = TypeVar("Item")


class Bar:
    """A progress bar, called with the amount done and the total; `what` names the items."""

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
    """The items, with a bar; `total` if they have no length."""
    count = len(items) if isinstance(items, Collection) else total or 0
    bar = Bar(what)
    for done, item in enumerate(items):
        bar(done, count)
        yield item
    bar(count, count)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as needed; numbers are right-aligned."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    right = [bool(rows) and all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    lines = []
    for row in [header, *rows]:
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("─" * w for w in widths))
    return "\n".join(lines)


def _is_number(text: str) -> bool:
    return text.replace(" ", "").replace(".", "").replace("-", "").replace(
        "%", ""
    ).isdigit() or not text.strip("- –")
