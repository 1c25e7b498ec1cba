"""Protocols: how papers turn answers on a benchmark's shapes into figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.evaluation.benchmarks.layouts import Sample
from part_perception.evaluation.instances import Asked, average_precision
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.files.mesh import on_mesh
from part_perception.metrics import iou, part_ious
from part_perception.segmenter import PartSegmenter
from part_perception.types import Answer

CUTS = range(2, 20)  # PartField clusters a shape into 2 to 19 parts


@dataclass(frozen=True)
class Scored:
    """What one shape contributes: `parts` are IoUs of the closed set by name, `found` those of open questions."""

    category: str
    parts: Mapping[str, float]
    found: Mapping[str, float]
    best_cut: float
    asked: Sequence[Asked]

    @property
    def miou(self) -> float:
        return float(np.mean(list(self.parts.values())))


def score(segmenter: PartSegmenter, it: Sample, figures: Sequence[str]) -> Scored | None:
    """What the wanted figures need; None for a shape of which nothing is labelled."""
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
    """IoU of each part in the truth, over what is labelled: only the category's names compete."""
    ious = part_ious(_on_truth(it, labels), it.shape.labels, len(it.shape.names))
    return {name: float(v) for name, v in zip(it.shape.names, ious, strict=True) if not np.isnan(v)}


def _on_truth(it: Sample, labels: np.ndarray) -> np.ndarray:
    """Labels of points where the truth is: on the points, or on the faces of a mesh."""
    return labels if it.mesh is None else on_mesh(labels, it.shape.points, it.mesh)[1]


def open_answers(shape: LabelledShape, answer: Answer) -> dict[str, float]:
    """PartSLIP's: IoU of each part in the truth over all points, where a part may be missed altogether."""
    return {
        name: iou(answer.masks[k] & answer.found[k], shape.labels == k)
        for k, name in enumerate(shape.names)
        if (shape.labels == k).any()
    }


def asked_instances(it: Sample, answer: Answer) -> list[Asked]:
    """Each name with its true instances (G, N), and what was found of it; a name that is not there as well."""
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
    """PartField's: mean over true parts of the best IoU with any piece, for the best number of pieces."""
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
    """Mean over categories of the mean over parts of the mean over shapes, as PartSLIP and PartSTAD report."""
    by_part: dict[tuple[str, str], list[float]] = {}
    for s in scored:
        for part, value in s.found.items():
            by_part.setdefault((s.category, part), []).append(value)
    return _mean_of_groups((category, float(np.mean(values))) for (category, _), values in by_part.items())


def _best_of_k(scored: Sequence[Scored]) -> float:
    return float(np.mean([s.best_cut for s in scored]))


def _map50(scored: Sequence[Scored]) -> float:
    """Mean over categories of the mean over parts of the average precision at an IoU of 0.5."""
    by_word: dict[str, list[Asked]] = {}
    for s in scored:
        for asked in s.asked:
            by_word.setdefault(asked.word, []).append(asked)
    precision = []
    for word, those in by_word.items():
        there = sum(len(asked.true) for asked in those)
        if there:
            hits = [hit for asked in those for hit in asked.hits()]
            precision.append((word.partition(":")[0], average_precision(hits, there)))
    return _mean_of_groups(precision)


def _mean_of_groups(values: Iterable[tuple[str, float]]) -> float:
    groups: dict[str, list[float]] = {}
    for group, value in values:
        groups.setdefault(group, []).append(value)
    return float(np.mean([np.mean(each) for each in groups.values()])) if groups else float("nan")
