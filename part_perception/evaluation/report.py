"""Report: an evaluation as tables and as one page: overall, by category, by part, and calibration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.pictures.palette import VIVID


@dataclass(frozen=True)
class Bin:
    """Answers with confidence from `low` to `high`: count, mean confidence, and share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Equal bins of [0, 1], without the empty ones."""
    sure, true = np.asarray(confidence, float), np.asarray(right, float)
    index = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        Bin(i / bins, (i + 1) / bins, int(here.sum()), float(sure[here].mean()), float(true[here].mean()))
        for i in range(bins)
        if (here := index == i).any()
    ]


Table = Callable[[Sequence[str], Sequence[Sequence[str]]], str]
_CLOSED = {"miou": "mIoU", "ciou": "cIoU"}
_OPEN = {"auroc": "AUROC", "found_when_present": "found when there", "found_when_absent": "found when not there",
         "mask_iou": "mask IoU", "calibration_error": "calibration error"}  # fmt: skip


def protocols(report: dict) -> dict[str, dict]:
    """The scored protocols: whole shapes, and views if there are any."""
    return {name: report[name] for name in ("whole", "views") if name in report}


def means(report: dict, by: str) -> dict[str, dict[str, float]]:
    """Mean IoU `by_category` or `by_part` for each protocol."""
    return {name: scores["closed"].get(by, {}) for name, scores in protocols(report).items()}


def bins_of(scores: dict) -> list[Bin]:
    """Reliability bins of a protocol's answers."""
    return reliability(
        [q["confidence"] for q in scores.get("queries", [])],
        [q["present"] and q["iou"] >= 0.5 for q in scores.get("queries", [])],
    )


def text_of(report: dict, table: Table) -> str:
    """Format all tables with `table(header, rows)`."""
    pieces = [f"{report['model']} on {report['runtime']}", _overall(report, table)]
    for by, title in (("by_category", "category"), ("by_part", "part")):
        if any(means(report, by).values()):
            pieces.append(_of_means(means(report, by), title, table))
    for name, scores in protocols(report).items():
        if bins := bins_of(scores):
            pieces.append(_of_bins(bins, name, table))
    return "\n\n".join([f"{pieces[0]}\n{pieces[1]}", *pieces[2:]])


def _overall(report: dict, table: Table) -> str:
    scored = protocols(report).values()
    rows = [["shapes", *(str(s["closed"]["shapes"]) for s in scored)],
            ["open queries", *(str(s["open"]["queries"]) for s in scored)]]  # fmt: skip
    rows += [[text, *(f"{s['closed'][key]:.3f}" for s in scored)] for key, text in _CLOSED.items()]
    rows += [[text, *(f"{s['open'][key]:.3f}" for s in scored)] for key, text in _OPEN.items()]
    return table(["", *protocols(report)], rows)


def _of_means(by_protocol: dict[str, dict[str, float]], title: str, table: Table) -> str:
    names = sorted({name for values in by_protocol.values() for name in values})
    rows = [[name, *(f"{v[name]:.3f}" if name in v else "–" for v in by_protocol.values())] for name in names]
    return table([f"mIoU by {title}", *by_protocol], rows)


def _of_bins(bins: Sequence[Bin], name: str, table: Table) -> str:
    rows = [
        [f"{b.low:.1f}–{b.high:.1f}", str(b.count), f"{b.confidence:.3f}", f"{b.right:.3f}"] for b in bins
    ]
    return table([f"confidence, {name}", "answers", "mean", "right"], rows)


_MAX_NAMES = 40


def picture_of(report: dict) -> np.ndarray:
    """(H, W, 3) image of the page, with the most frequent parts only; the JSON has all of them."""
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
