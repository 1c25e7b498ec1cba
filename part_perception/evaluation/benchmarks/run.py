"""Run: a benchmark by its name, over a folder in its authors' layout, beside the figures that papers report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from part_perception.errors import InputError
from part_perception.evaluation.benchmarks import layouts
from part_perception.evaluation.benchmarks.layouts import Sample
from part_perception.evaluation.benchmarks.protocols import Scored, score, summary
from part_perception.segmenter import PartSegmenter
from part_perception.terminal import counted, table

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
    """Figures of a paper, and where they stand."""

    method: str
    figures: dict[str, float]
    source: str


@dataclass(frozen=True)
class Benchmark:
    """How a data set is read, what is measured on it, and what others have published."""

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
        Published(f"PartSTAD ({_FEW_SHOT}, 10 categories)", {"part_miou": 0.650, "map50": 0.456}, _PARTSTAD),
        Published(f"PartSLIP ({_FEW_SHOT}, 10 categories)", {"part_miou": 0.580, "map50": 0.416}, _PARTSTAD),
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
    """Our figures on all shapes of a benchmark, or on the first `most` of each category, and the published ones."""
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
        shapes += (
            f"; {report['left_out']} were left out, so that the figures are not those of the whole benchmark"
        )
    return f"{table(['', *(FIGURES[n] for n in names), 'source'], rows)}\n\n{shapes}"


def _told(figures: dict, name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else "-"
