"""Curves: a run's log as a picture."""

from __future__ import annotations

import json
from pathlib import Path

from part_perception.errors import InputError

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
