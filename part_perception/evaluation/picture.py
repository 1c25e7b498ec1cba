"""Picture: an evaluation on one page: mIoU by category and by part, and a reliability diagram."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from part_perception.evaluation.report import bins_of, means, protocols
from part_perception.pictures.palette import VIVID

_MAX_NAMES = 40


def picture_of(report: dict) -> np.ndarray:
    """(H, W, 3) the page; parts beyond the most frequent ones' number are left to the JSON."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    categories, parts = means(report, "by_category"), means(report, "by_part")
    rows = max(len(_names(categories)), len(_names(parts)), 12)
    figure = Figure((15, 1.5 + 0.26 * rows), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    left, middle, right = figure.subplots(1, 3)
    _bars(left, categories, "mIoU by category")
    _bars(middle, parts, "mIoU by part")
    _diagram(right, report)
    figure.suptitle(_headline(report), x=0.01, ha="left")
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _headline(report: dict) -> str:
    figures = [
        f"{name}: mIoU {s['closed']['miou']:.3f}, AUROC {s['open']['auroc']:.3f}"
        for name, s in protocols(report).items()
    ]
    return f"{report['model']}   {'   '.join(figures)}"


def _names(series: Mapping[str, Mapping[str, float]]) -> list[str]:
    return sorted({name for values in series.values() for name in values})[:_MAX_NAMES]


def _bars(axes, series: Mapping[str, Mapping[str, float]], title: str) -> None:
    names, thick = _names(series), 0.8 / max(len(series), 1)
    for k, (label, values) in enumerate(series.items()):
        lengths = [values.get(name, np.nan) for name in names]
        axes.barh(np.arange(len(names)) + k * thick, lengths, thick * 0.9, label=label, color=VIVID[k] / 255)
    axes.set_yticks(np.arange(len(names)) + (len(series) - 1) * thick / 2, names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    _finish(axes, title)


def _diagram(axes, report: dict) -> None:
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for k, (name, scores) in enumerate(protocols(report).items()):
        bins = bins_of(scores)
        axes.plot([b.confidence for b in bins], [b.right for b in bins], color=VIVID[k] / 255, label=name)
        axes.scatter([b.confidence for b in bins], [b.right for b in bins],
                     s=[8 + 3 * np.sqrt(b.count) for b in bins], color=VIVID[k] / 255)  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_aspect("equal")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share of answers that are right")
    _finish(axes, "does confidence mean what it says?")


def _finish(axes, title: str) -> None:
    axes.set_title(title, loc="left")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, loc="lower right")
