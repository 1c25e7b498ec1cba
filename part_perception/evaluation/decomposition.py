"""Decomposition: score parts without words by best-match mIoU, grown clicks, and matched places."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.strays import connected
from part_perception.errors import InputError
from part_perception.evaluation.taught_shapes import (
    Seen,
    generated,
    generated_shapes,
    parts_to_teach,
    see,
)
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import auroc, iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import build_hierarchy, kmeans
from part_perception.parts.matching import correspond
from part_perception.parts.teaching import of_samples
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.terminal import counted

LEVELS = range(2, 20)
_RECALLED = 0.5


@dataclass(frozen=True)
class DecompositionScore:
    """One shape: best-match mIoU at every k and the chosen k, and each true part's IoU with the best node."""

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
    """IoU of the best-fitting group for each true part; unlabelled points (-1) do not count."""
    labelled = truth >= 0
    labels, truth = labels[labelled], truth[labelled]
    groups = np.unique(labels)
    return np.array([max(iou(labels == g, truth == t) for g in groups) for t in np.unique(truth)])


def score_decomposition(
    segmenter: PartSegmenter, shape: LabelledShape, method: str = "tree"
) -> DecompositionScore:
    """Decompose one shape at every level and compare the result with its named parts."""
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
    """Compute all figures; every shape counts, including those with a single part."""
    scores = [score_decomposition(segmenter, s, method) for s in counted(shapes, "shapes")]
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
    """mIoU of the automatic k for each of these natural heights; for generated shapes only."""
    totals = dict.fromkeys(heights, 0.0)
    for shape in counted(shapes, "shapes"):
        tree = build_hierarchy(segmenter.encode([shape.points], shape.up)[0])
        counts = {h: replace(tree, natural_height=h).natural_parts() for h in heights}
        fit = {k: float(best_match(tree.cut(k), shape.labels).mean()) for k in set(counts.values())}
        for height in heights:
            totals[height] += fit[counts[height]] / len(shapes)
    return totals


def fresh_shapes(count: int, seed: int = 88) -> list[LabelledShape]:
    """Shapes of many kinds that training never saw: whole objects and single views by turns."""
    kinds = list(KINDS)
    chosen = np.random.default_rng(seed).permutation(len(kinds))[: (count + 1) // 2]
    shapes = [s for i in chosen for s in generated_shapes(kinds[i], 2, seed)][:count]
    return [s for s in shapes if len(s.points) >= 64 and (s.labels >= 0).any()]


CLICKS = (1, 2, 3)


def score_clicks(seen: Seen, name: str, seed: int = 0) -> list[float]:
    """IoU after each number of clicks; refused clicks score as an empty mask."""
    rng = np.random.default_rng(seed)
    tree = build_hierarchy(seen.encoded)
    whole = seen.mask(name)
    rows = seen.encoded.own_rows[whole[seen.encoded.own_rows]]
    piece = whole & _piece_of(seen.encoded, whole, int(rng.choice(rows)))
    clicks = rng.permutation(np.flatnonzero(piece))[: max(CLICKS)]
    labelled = seen.shape.labels >= 0
    scores = []
    for count in CLICKS:
        try:
            grown = tree.region(clicks[:count])
        except InputError:
            grown = np.zeros(len(whole), bool)
        scores.append(max(iou(grown[labelled], wanted[labelled]) for wanted in (piece, whole)))
    return scores


def _piece_of(encoded: EncodedObject, mask: np.ndarray, row: int) -> np.ndarray:
    """(N,) the connected piece of a mask that contains a row, such as one leg of four."""
    _, chosen = of_samples(encoded, mask, 1)
    member = encoded.member[np.searchsorted(encoded.rows, row)]
    chosen[member] = True
    piece = connected(encoded.neighbours, encoded.linked, chosen)
    return encoded.mask_of(piece == piece[member])


def evaluate_growing(segmenter: PartSegmenter, shapes: Sequence[LabelledShape]) -> dict:
    """Mean IoU by number of clicks, over all parts of all shapes."""
    seen = see(segmenter, shapes)
    numbered = enumerate(counted(seen, "shapes"))
    scores = [score_clicks(s, name, number) for number, s in numbered for name in parts_to_teach([s])]
    if not scores:
        raise InputError("no shape here has a part that can be clicked")
    return {"parts": len(scores), "iou": dict(zip(CLICKS, map(float, np.mean(scores, axis=0)), strict=True))}


# Many kinds, because two pairs of 18 kinds could not tell matching from features alone.
MATCHED_KINDS = tuple(KINDS)[::4]
PAIRS = {"whole to whole": (False, False), "view to view": (True, True), "whole to view": (False, True)}
SURER_HALF = 0.5
_SEED = 91
_MIN_POINTS = 64


def evaluate_matching(segmenter: PartSegmenter, kinds: Sequence[str] = MATCHED_KINDS, count: int = 1) -> dict:
    """Hit rates by features alone, by matching, and in its more confident half; and AUROC of confidence."""
    return {name: _score(segmenter, kinds, count, *views) for name, views in PAIRS.items()}


def _score(segmenter: PartSegmenter, kinds: Sequence[str], count: int, view_a: bool, view_b: bool) -> dict:
    by_features, by_all, surer, hits, sure = [], [], [], [], []
    for kind in counted(kinds, "kinds"):
        for number in range(count):
            a = generated(kind, _SEED, 4 * number + view_a, view_a)
            b = generated(kind, _SEED, 4 * number + 2 + view_b, view_b)
            if min(len(a.points), len(b.points)) < _MIN_POINTS:
                continue
            encoded = [segmenter.encode([shape.points], shape.up)[0] for shape in (a, b)]
            here, there = (_names(shape, e) for shape, e in zip((a, b), encoded, strict=True))
            shared = np.isin(here, there[there != ""])
            if not shared.any():
                continue
            found = correspond(*encoded)
            alone = (encoded[0].features @ encoded[1].features.T).argmax(axis=1)
            hit, confidence = (there[found.there] == here)[shared], found.confidence[shared]
            by_features.append((there[alone] == here)[shared].mean())
            by_all.append(hit.mean())
            surer.append(hit[confidence >= np.quantile(confidence, SURER_HALF)].mean())
            hits.append(hit)
            sure.append(confidence)
    hit, confidence = np.concatenate(hits), np.concatenate(sure)
    return {
        "pairs": len(by_all),
        "features_alone": float(np.mean(by_features)),
        "match": float(np.mean(by_all)),
        "surer_half": float(np.mean(surer)),
        "confidence_auroc": auroc(confidence[hit], confidence[~hit]),
        "mean_confidence": float(confidence.mean()),
    }


def _names(shape: LabelledShape, encoded: EncodedObject) -> np.ndarray:
    """(S,) the part name that most points of each sample have; "" for none."""
    counts = np.zeros((encoded.patches.count, len(shape.names) + 1), int)
    np.add.at(counts, (encoded.member, shape.labels[encoded.rows]), 1)
    return np.array([*shape.names, ""])[counts.argmax(axis=1)]
