"""Report: an evaluation as tables: overall, by category, by part, and whether confidence means what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from part_perception.evaluation.reliability import Bin, reliability

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], str]
_CLOSED = {"miou": "mIoU", "ciou": "cIoU"}
_OPEN = {"auroc": "AUROC", "found_when_present": "found when there", "found_when_absent": "found when not there",
         "mask_iou": "mask IoU", "calibration_error": "calibration error"}  # fmt: skip


def protocols(report: dict) -> dict[str, dict]:
    """What was scored: whole shapes, and views if there are any."""
    return {name: report[name] for name in ("whole", "views") if name in report}


def means(report: dict, by: str) -> dict[str, dict[str, float]]:
    """Of each protocol, the mean IoU `by_category` or `by_part`."""
    return {name: scores["closed"].get(by, {}) for name, scores in protocols(report).items()}


def bins_of(scores: dict) -> list[Bin]:
    """The reliability of a protocol's answers."""
    return reliability(
        [q["confidence"] for q in scores.get("queries", [])],
        [q["present"] and q["iou"] >= 0.5 for q in scores.get("queries", [])],
    )


def text_of(report: dict, table: Table) -> str:
    """All tables, drawn by `table(header, rows)`."""
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
