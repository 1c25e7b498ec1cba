"""Instances: is each handle found separately? AP at an IoU of 0.5 over parts of generated single views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import instances
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.views import MIN_POINTS, camera_view
from part_perception.simulation.worlds import make_world
from part_perception.terminal import counted

VIEWS = 60
_SEED = 17
_MIN_POINTS = 30
_MATCHED = 0.5


@dataclass(frozen=True)
class Asked:
    """One word on one view: true instances (G, N), and found ones (P, N) with their confidences."""

    word: str
    true: np.ndarray
    found: np.ndarray
    sure: np.ndarray

    def hits(self) -> list[tuple[float, bool]]:
        """Predictions by falling confidence, each with whether it matches an instance not matched before."""
        left, out = set(range(len(self.true))), []
        for k in np.argsort(-self.sure, kind="stable"):
            both = (self.true & self.found[k]).sum(axis=1)
            overlap = both / np.maximum((self.true | self.found[k]).sum(axis=1), 1)
            best = int(overlap.argmax()) if len(overlap) else -1
            hit = best in left and overlap[best] > _MATCHED
            left.discard(best if hit else -1)
            out.append((float(self.sure[k]), bool(hit)))
        return out


def average_precision(hits: list[tuple[float, bool]], there: int) -> float:
    """The area under the precision-recall curve, with precision made monotonic."""
    right = np.array([hit for _, hit in sorted(hits, key=lambda each: -each[0])], bool)
    if not len(right) or not there:
        return 0.0
    found = np.cumsum(right)
    precision = np.maximum.accumulate((found / np.arange(1, len(right) + 1))[::-1])[::-1]
    return float((np.diff(np.concatenate([[0], found])) * precision).sum() / there)


def evaluate_instances(segmenter: PartSegmenter, views: int = VIEWS) -> dict:
    """Figures of the answers, and of true masks split into instances, to isolate errors of the split."""
    asked: list[Asked] = []
    apart: list[Asked] = []
    for number in counted(range(views), "views"):
        rng = np.random.default_rng([_SEED, number])
        kind = list(KINDS.values())[int(rng.integers(len(KINDS)))]
        shape, world = make_world(kind, rng)
        view = camera_view(world, rng)
        if len(view.points) < MIN_POINTS:
            continue
        true = _true(view.part, [part.names[0] for part in shape.parts])
        encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
        asked += _answered(segmenter, encoded, true)
        apart += [_taken_apart(encoded, word, each) for word, each in true.items()]
    return {"answers": _figures(asked, views), "true_masks": _figures(apart, views)}


def _true(part: np.ndarray, names: list[str]) -> dict[str, np.ndarray]:
    """Visible instances (G, N) of each word."""
    shown = [(name, part == i) for i, name in enumerate(names) if (part == i).sum() >= _MIN_POINTS]
    return {word: np.stack([mask for name, mask in shown if name == word]) for word, _ in shown}


def _answered(segmenter: PartSegmenter, encoded: EncodedObject, true: dict[str, np.ndarray]) -> list[Asked]:
    known = [word for word in true if segmenter.read(word).understood]
    out = []
    for word, parts in zip(known, segmenter.answer(encoded, known).instances if known else (), strict=True):
        present = [part for part in parts if part.found]
        found = np.zeros((len(present), encoded.total), bool)
        for row, part in enumerate(present):
            found[row, part.indices] = True
        out.append(Asked(word, true[word], found, np.array([part.confidence for part in present])))
    return out


def _taken_apart(encoded: EncodedObject, word: str, true: np.ndarray) -> Asked:
    anywhere = np.asarray(true.any(axis=0))
    covered = np.bincount(encoded.member, anywhere[encoded.rows], encoded.patches.count)
    mask = covered > encoded.points_of / 2
    pieces = instances(encoded, mask) if mask.any() else []
    found = np.stack([encoded.mask_of(p) for p in pieces]) if pieces else np.zeros((0, encoded.total), bool)
    return Asked(word, true, found, np.array([float(p.sum()) for p in pieces]))


def _figures(asked: list[Asked], views: int) -> dict[str, float]:
    hits = [each.hits() for each in asked]
    there = sum(len(each.true) for each in asked)
    words = sorted({each.word for each in asked})
    by_word = [
        average_precision(
            [hit for each, those in zip(asked, hits, strict=True) if each.word == word for hit in those],
            sum(len(each.true) for each in asked if each.word == word),
        )
        for word in words
    ]
    right = [sum(hit for _, hit in those) / len(each.true) for each, those in zip(asked, hits, strict=True)]
    several = [share for each, share in zip(asked, right, strict=True) if len(each.true) > 1]
    return {
        "views": views,
        "instances": there,
        "ap50": average_precision([hit for those in hits for hit in those], there),
        "map50": float(np.mean(by_word)),
        "recall": sum(hit for those in hits for _, hit in those) / max(there, 1),
        "several": float(np.mean(several)) if several else float("nan"),
    }
