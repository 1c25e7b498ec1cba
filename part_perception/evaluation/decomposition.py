"""Decomposition: best-match mIoU at the best k (PartField's protocol), at the automatic k, and pooled recall."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.evaluation.taught_shapes import generated_shapes
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import iou
from part_perception.parts.hierarchy import build_hierarchy, kmeans
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS

LEVELS = range(2, 20)
_RECALLED = 0.5


@dataclass(frozen=True)
class DecompositionScore:
    """One shape: best-match mIoU at every k, at the k that was chosen, and of each true part the best node's IoU."""

    name: str
    by_parts: dict[int, float]
    chosen: int
    automatic: float
    nodes: tuple[float, ...]
    seconds: float

    @property
    def oracle(self) -> float:
        return max(self.by_parts.values(), default=self.automatic)


def best_match(labels: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """For each true part (-1 = unlabelled points, which do not count) the IoU of the group that fits it best."""
    labelled = truth >= 0
    labels, truth = labels[labelled], truth[labelled]
    groups = np.unique(labels)
    return np.array([max(iou(labels == g, truth == t) for g in groups) for t in np.unique(truth)])


def score_decomposition(
    segmenter: PartSegmenter, shape: LabelledShape, method: str = "tree"
) -> DecompositionScore:
    """Decompose one shape at every level and compare with its parts by name."""
    began = time.perf_counter()
    encoded = segmenter.encode([shape.points], shape.up)[0]
    tree = build_hierarchy(encoded, segmenter.manifest.natural_height)
    chosen = tree.natural_parts()
    tree.cut(chosen)
    took = time.perf_counter() - began
    levels = [k for k in (1, *LEVELS) if k <= tree.leaves]
    cut = {k: tree.cut(k) if method == "tree" else kmeans(encoded, k) for k in {*levels, chosen}}
    ious = {k: best_match(labels, shape.labels) for k, labels in cut.items()}
    means = {k: float(v.mean()) if len(v) else 1.0 for k, v in ious.items()}
    nodes = np.max([ious[k] for k in levels], axis=0)
    by_parts = {k: means[k] for k in LEVELS if k in means}
    return DecompositionScore(shape.name, by_parts, chosen, means[chosen], tuple(map(float, nodes)), took)


def evaluate_decomposition(
    segmenter: PartSegmenter, shapes: Sequence[LabelledShape], method: str = "tree"
) -> dict:
    """All figures; every shape counts, those with a single part too."""
    scores = [score_decomposition(segmenter, s, method) for s in shapes]
    nodes = np.concatenate([s.nodes for s in scores])
    return {
        "shapes": len(scores),
        "oracle": float(np.mean([s.oracle for s in scores])),
        "automatic": float(np.mean([s.automatic for s in scores])),
        "four_parts": float(np.mean([s.by_parts.get(4, s.automatic) for s in scores])),
        "pooled_recall": float((nodes >= _RECALLED).mean()),
        "pooled_best_node": float(nodes.mean()),
        "median_seconds": float(np.median([s.seconds for s in scores])),
        "by_shape": {
            s.name: {"oracle": s.oracle, "automatic": s.automatic, "chosen": s.chosen} for s in scores
        },
    }


def choose_height(
    segmenter: PartSegmenter, shapes: Sequence[LabelledShape], heights: Sequence[float]
) -> dict[float, float]:
    """What mIoU the automatic k would reach, were the natural height each of these; for generated shapes only."""
    totals = dict.fromkeys(heights, 0.0)
    for shape in shapes:
        tree = build_hierarchy(segmenter.encode([shape.points], shape.up)[0])
        counts = {h: replace(tree, natural_height=h).natural_parts() for h in heights}
        fit = {k: float(best_match(tree.cut(k), shape.labels).mean()) for k in set(counts.values())}
        for height in heights:
            totals[height] += fit[counts[height]] / len(shapes)
    return totals


def fresh_shapes(count: int, seed: int = 88) -> list[LabelledShape]:
    """Shapes of many kinds that training never saw, whole ones and single views by turns."""
    kinds = list(KINDS)
    chosen = np.random.default_rng(seed).permutation(len(kinds))[: (count + 1) // 2]
    shapes = [s for i in chosen for s in generated_shapes(kinds[i], 2, seed)][:count]
    return [s for s in shapes if len(s.points) >= 64 and (s.labels >= 0).any()]
