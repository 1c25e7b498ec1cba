"""Protocols: compute the figures that papers report from answers on a benchmark's shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from part_perception.errors import InputError
from part_perception.evaluation import benchmark_layouts as layouts
from part_perception.evaluation.benchmark_layouts import Sample
from part_perception.evaluation.instances import Asked
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.files.mesh import on_mesh
from part_perception.metrics import iou, part_ious
from part_perception.segmenter import PartSegmenter
from part_perception.terminal import counted, table
from part_perception.types import Answer

CUTS = range(2, 20)  # PartField clusters a shape into 2 to 19 parts


@dataclass(frozen=True)
class Scored:
    """Scores of one shape: `parts` are closed-set IoUs by name, `found` those of open questions."""

    category: str
    parts: Mapping[str, float]
    found: Mapping[str, float]
    best_cut: float
    asked: Sequence[Asked]

    @property
    def miou(self) -> float:
        return float(np.mean(list(self.parts.values())))


def score(segmenter: PartSegmenter, it: Sample, figures: Sequence[str]) -> Scored | None:
    """Compute what the wanted figures need; None for a shape without labels."""
    shape = it.shape
    if not (shape.labels >= 0).any():
        return None
    parts, found, best, asked = {}, {}, float("nan"), []
    if {"miou", "ciou"} & set(figures):
        parts = closed_set(it, segmenter.label(shape.points, shape.names, shape.up))
    if {"part_miou", "map50"} & set(figures):
        answer = segmenter.ask(shape.points, shape.names, shape.up)
        found = open_answers(shape, answer)
        asked = asked_instances(it, answer)
    if "best_of_k" in figures:
        tree = segmenter.hierarchy(shape.points, shape.up)
        cuts = [_on_truth(it, tree.cut(min(k, tree.leaves))) for k in CUTS]
        best = best_of_cuts(cuts, shape.labels if it.instances is None else it.instances)
    return Scored(shape.category, parts, found, best, asked)


def closed_set(it: Sample, labels: np.ndarray) -> dict[str, float]:
    """IoU of each part in the ground truth, over labelled points; only the category's names compete."""
    ious = part_ious(_on_truth(it, labels), it.shape.labels, len(it.shape.names))
    return {name: float(v) for name, v in zip(it.shape.names, ious, strict=True) if not np.isnan(v)}


def _on_truth(it: Sample, labels: np.ndarray) -> np.ndarray:
    """Transfer point labels to where the ground truth is: the points, or the faces of a mesh."""
    return labels if it.mesh is None else on_mesh(labels, it.shape.points, it.mesh)[1]


def open_answers(shape: LabelledShape, answer: Answer) -> dict[str, float]:
    """PartSLIP's protocol: IoU of each ground-truth part over all points; a part may be missed entirely."""
    return {
        name: iou(answer.masks[k] & answer.found[k], shape.labels == k)
        for k, name in enumerate(shape.names)
        if (shape.labels == k).any()
    }


def asked_instances(it: Sample, answer: Answer) -> list[Asked]:
    """True instances (G, N) and found ones for each name, including absent names."""
    if it.instances is None or it.mesh is not None:
        return []
    out = []
    for k, name in enumerate(it.shape.names):
        numbers = np.unique(it.instances[(it.shape.labels == k) & (it.instances >= 0)])
        true = np.array([(it.instances == n) & (it.shape.labels == k) for n in numbers], bool)
        present = [part for part in answer.instances[k] if part.found]
        found = np.zeros((len(present), len(it.shape.points)), bool)
        for row, part in enumerate(present):
            found[row, part.indices] = True
        sure = np.array([part.confidence for part in present])
        out.append(Asked(f"{it.shape.category}: {name}", true.reshape(-1, len(it.shape.points)), found, sure))
    return out


def best_of_cuts(cuts: Iterable[np.ndarray], truth: np.ndarray) -> float:
    """PartField's protocol: mean over true parts of the best IoU with any piece, for the best piece count."""
    return max(
        float(np.mean([max(_overlaps(labels, truth == t)) for t in np.unique(truth[truth >= 0])]))
        for labels in cuts
    )


def _overlaps(labels: np.ndarray, part: np.ndarray) -> np.ndarray:
    """IoU of each piece with one part."""
    size = np.bincount(labels + 1)[1:]
    both = np.bincount(labels[part] + 1, minlength=len(size) + 1)[1:]
    return both / np.maximum(size + part.sum() - both, 1)


def summary(scored: Sequence[Scored], figures: Sequence[str]) -> dict[str, float]:
    """The wanted figures over all shapes."""
    made = {"miou": _miou, "ciou": _ciou, "part_miou": _part_miou, "best_of_k": _best_of_k, "map50": _map50}
    return {name: made[name](scored) for name in figures}


def _miou(scored: Sequence[Scored]) -> float:
    return float(np.mean([s.miou for s in scored]))


def _ciou(scored: Sequence[Scored]) -> float:
    return _mean_of_groups((s.category, s.miou) for s in scored)


def _part_miou(scored: Sequence[Scored]) -> float:
    """IoU averaged over shapes, then parts, then categories, as PartSLIP and PartSTAD report."""
    by_part: dict[tuple[str, str], list[float]] = {}
    for s in scored:
        for part, value in s.found.items():
            by_part.setdefault((s.category, part), []).append(value)
    return _mean_of_groups((category, float(np.mean(values))) for (category, _), values in by_part.items())


def _best_of_k(scored: Sequence[Scored]) -> float:
    return float(np.mean([s.best_cut for s in scored]))


def _map50(scored: Sequence[Scored]) -> float:
    """Average precision at an IoU of 0.5, averaged over parts, then categories."""
    by_word: dict[str, list[Asked]] = {}
    for s in scored:
        for asked in s.asked:
            by_word.setdefault(asked.word, []).append(asked)
    precision = []
    for word, those in by_word.items():
        there = sum(len(asked.true) for asked in those)
        if there:
            hits = [hit for asked in those for hit in asked.hits()]
            precision.append((word.partition(":")[0], partnet_precision(hits, there)))
    return _mean_of_groups(precision)


_RECALLS = np.linspace(0, 1, 101)


def partnet_precision(hits: Sequence[tuple[float, bool]], there: int) -> float:
    """PartNet's average precision, which PartSLIP and PartSTAD report: a mean over 101 recalls.

    At each of them, the best precision at this recall or a higher one counts; at recall 0 it is 1.
    """
    if not hits:
        return 0.0
    right = np.array([hit for _, hit in sorted(hits, key=lambda each: -each[0])], bool)
    found = np.cumsum(right)
    precision = np.concatenate([[1.0], found / np.arange(1, len(right) + 1)])
    best = np.maximum.accumulate(precision[::-1])[::-1]
    recall = np.concatenate([[0.0], found / there])
    first = np.searchsorted(recall, _RECALLS - 1e-9)  # 0.3 of three instances is 0.3
    return float(np.concatenate([best, [0.0]])[first].mean())


def _mean_of_groups(values: Iterable[tuple[str, float]]) -> float:
    groups: dict[str, list[float]] = {}
    for group, value in values:
        groups.setdefault(group, []).append(value)
    return float(np.mean([np.mean(each) for each in groups.values()])) if groups else float("nan")


FIGURES = {
    "miou": "mIoU over shapes",
    "ciou": "cIoU over categories",
    "part_miou": "mIoU over parts, then categories",
    "best_of_k": "best k, without words",
    "map50": "mAP50 of instances",
}
_PATCHALIGN3D, _PARTSTAD, _PARTFIELD = "arXiv 2601.02457", "arXiv 2401.05906", "arXiv 2504.11451"


@dataclass(frozen=True)
class Published:
    """Figures from a paper, and their source."""

    method: str
    figures: dict[str, float]
    source: str


@dataclass(frozen=True)
class Benchmark:
    """A data set's reader, the figures measured on it, and published results."""

    read: Callable[[Path], Iterator[Sample]]
    figures: tuple[str, ...]
    published: tuple[Published, ...]


_FEW_SHOT = "8 labelled shapes of each category"
BENCHMARKS = {
    "shapenetpart": Benchmark(layouts.shapenetpart, ("miou", "ciou"), (
        Published("PatchAlign3D", {"miou": 0.569, "ciou": 0.531}, _PATCHALIGN3D),
        Published("COPS", {"miou": 0.256, "ciou": 0.322}, _PATCHALIGN3D),
        Published("Find3D", {"miou": 0.233, "ciou": 0.239}, _PATCHALIGN3D),
    )),
    "partnete": Benchmark(layouts.partnete, ("miou", "ciou", "part_miou", "map50", "best_of_k"), (
        Published("PatchAlign3D", {"miou": 0.414}, _PATCHALIGN3D),
        Published("COPS", {"miou": 0.270}, _PATCHALIGN3D),
        Published("Find3D", {"miou": 0.164}, _PATCHALIGN3D),
        Published(f"PartSTAD ({_FEW_SHOT})", {"part_miou": 0.650, "map50": 0.456}, _PARTSTAD),
        Published(f"PartSLIP ({_FEW_SHOT})", {"part_miou": 0.580, "map50": 0.416}, _PARTSTAD),
        Published("PartField", {"best_of_k": 0.591}, _PARTFIELD),
    )),
    "partnet-mobility": Benchmark(layouts.partnet_mobility, ("miou", "ciou", "part_miou", "map50"), (
        Published("none on all leaves of SAPIEN's part trees: PartSTAD and PartSLIP report on partnete", {}, _PARTSTAD),
    )),
    "partobjaverse-tiny": Benchmark(layouts.partobjaverse_tiny, ("best_of_k", "miou", "ciou"), (
        Published("PartField", {"best_of_k": 0.7918}, _PARTFIELD),
        Published("SAMesh", {"best_of_k": 0.5686}, _PARTFIELD),
        Published("SAMPart3D", {"best_of_k": 0.5347}, _PARTFIELD),
    )),
    "scanobjectnn": Benchmark(layouts.scanobjectnn, ("miou", "ciou"), (
        Published("PatchAlign3D", {"miou": 0.227}, _PATCHALIGN3D),
    )),
    "faust": Benchmark(layouts.faust, ("miou",), (
        Published("PatchAlign3D", {"miou": 0.678}, _PATCHALIGN3D),
        Published("Find3D", {"miou": 0.632}, _PATCHALIGN3D),
    )),
}  # fmt: skip


def evaluate_benchmark(segmenter: PartSegmenter, name: str, folder: Path, most: int | None = None) -> dict:
    """Our figures on all shapes of a benchmark, or the first `most` per category, and the published ones."""
    benchmark = BENCHMARKS[name]
    scored: list[Scored] = []
    taken: dict[str, int] = {}
    left_out = 0
    for each in counted(benchmark.read(folder), "shapes"):
        category = each.shape.category
        taken[category] = taken.get(category, 0) + 1
        if most is not None and taken[category] > most:
            left_out += 1
            continue
        it = score(segmenter, each, benchmark.figures)
        scored += [it] if it else []
    if not scored:
        raise InputError(f"{folder} holds no labelled shape in the layout of {name}")
    return {
        "benchmark": name,
        "folder": str(folder),
        "model": segmenter.manifest.name,
        "shapes": len(scored),
        "left_out": left_out,
        "categories": len({s.category for s in scored}),
        "figures": summary(scored, benchmark.figures),
        "published": [
            {"method": p.method, "source": p.source, **p.figures} for p in benchmark.published
        ],
    }  # fmt: skip


def benchmark_summary(report: dict) -> str:
    """Our row, measured here, above the published ones."""
    names = list(report["figures"])
    ours = [
        f"{report['model']} (measured here)",
        *(_told(report["figures"], n) for n in names),
        report["folder"],
    ]
    rows = [ours, *([p["method"], *(_told(p, n) for n in names), p["source"]] for p in report["published"])]
    shapes = f"{report['shapes']} shapes of {report['categories']} categories"
    if report["left_out"]:
        shapes += f"; {report['left_out']} were left out, so the figures do not cover the whole benchmark"
    return f"{table(['', *(FIGURES[n] for n in names), 'source'], rows)}\n\n{shapes}"


def _told(figures: dict, name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else "-"
