"""Progress: report the progress of long work, plot its log, and interrupt it only at the end of a step."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from part_perception.errors import InputError

Say = Callable[[str], None]
_PAUSE_S = 5.0


def counting(say: Say, what: str) -> Callable[[int, int], None]:
    """Report now and then how many are done."""
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


LOG, PICTURE = "log.jsonl", "curves.png"
_NO_LOSS = {"step", "rate", "views_per_s"}


def read_log(folder: Path) -> list[dict[str, float]]:
    """The records of a run, in order; where a run went back to its checkpoint, the later record of a step counts."""
    try:
        lines = (folder / LOG).read_text().splitlines()
    except OSError as error:
        raise InputError(f"{folder} holds no log of a run: {error.strerror}") from error
    by_step = {record["step"]: record for record in map(json.loads, lines)}
    return [by_step[step] for step in sorted(by_step)]


def draw_curves(folder: Path) -> Path:
    """Losses on the left, figures on views that training never uses on the right."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    records = read_log(folder)
    figure = Figure((11, 4), dpi=110, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    names = list(dict.fromkeys(name for record in records for name in record if name not in _NO_LOSS))
    for name in names:
        seen = [(r["step"], r[name]) for r in records if name in r]
        axes = right if name.startswith("view_") else left
        axes.plot(*zip(*seen, strict=True), label=name.removeprefix("view_"), marker="." * (len(seen) == 1))
    for axes, title in ((left, "losses"), (right, "fresh views: closed-set mIoU, AUROC of presence")):
        axes.set_title(title, loc="left")
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
        if axes.lines:
            axes.legend(frameon=False)
    left.set_yscale("log")
    canvas.print_png(folder / PICTURE)
    return folder / PICTURE


_Handler = Callable[[int, FrameType | None], Any] | int | None
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Inside this block the first SIGINT or SIGTERM is only remembered; the second ends the program as usual."""

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
    """Ignore Ctrl-C and other group signals in worker processes; the parent process handles them."""
    os.setsid()
