"""Teaching: a nonsense word learned from 1, 4 and 8 shapes of a kind, asked on others of it and of other kinds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from part_perception.errors import InputError
from part_perception.evaluation.taught_found import Asked, figures_of_finding
from part_perception.evaluation.taught_shapes import (
    TAUGHT_KINDS,
    Seen,
    examples_of,
    generated_groups,
    generated_shapes,
    parts_to_teach,
    see,
)
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.teaching.learn import OBJECTIVES, Example, learn
from part_perception.parts.teaching.word import TaughtWord
from part_perception.segmenter import PartSegmenter

__all__ = ["COUNTS", "TAUGHT_KINDS", "evaluate_teaching", "generated_groups", "generated_shapes"]

COUNTS = (1, 4, 8)
WORD = "blicket"
KINDS, SHAPES = 8, 11
_MIN_TESTS, _MAX_TESTS = 3, 4
_STRANGERS = 5

Predictor = Callable[[EncodedObject], np.ndarray]


def evaluate_teaching(
    segmenter: PartSegmenter,
    groups: dict[str, list[LabelledShape]],
    counts: Sequence[int] = COUNTS,
    objectives: Sequence[str] = ("mean", "cross-entropy", "overlap"),
) -> dict:
    """Figures for groups of shapes of one kind each; the same shapes for every objective."""
    scores, asked = teach_and_ask(segmenter, groups, counts, objectives)
    report = {objective: summary(of) for objective, of in scores.items()}
    if asked:
        report["overlap"]["finding"] = figures_of_finding(asked)
    return report


def teach_and_ask(
    segmenter: PartSegmenter,
    groups: dict[str, list[LabelledShape]],
    counts: Sequence[int],
    objectives: Sequence[str],
) -> tuple[dict[str, list[dict]], list[Asked]]:
    """Scores by objective, and what the words taught for the overlap answered where the part is and where it is not."""
    scores: dict[str, list[dict]] = {objective: [] for objective in objectives}
    asked: list[Asked] = []
    strangers: list[Seen] = []
    for group, shapes in groups.items():
        seen = see(segmenter, shapes)
        for objective in objectives:
            scores[objective] += score_group(segmenter, group, seen, strangers, counts, objective, asked)
        strangers = [*seen[-1:], *strangers][:_STRANGERS]
    return scores, asked


def score_group(
    segmenter: PartSegmenter,
    group: str,
    seen: Sequence[Seen],
    strangers: Sequence[Seen],
    counts: Sequence[int],
    objective: str,
    asked: list[Asked],
) -> list[dict]:
    """Every part of a kind, taught from its first shapes and asked on the last ones; `asked` is added to."""
    out = []
    most = max(counts)
    for name, where in parts_to_teach(seen).items():
        if len(where) < most + _MIN_TESTS:
            continue
        tests = [seen[i] for i in where[most : most + _MAX_TESTS]]
        without = zero_shot(segmenter, tests, name)
        others = [s for s in strangers if name not in s.shape.names]
        for count in counts:
            shown = [seen[i] for i in where[:count]]
            examples = examples_of(shown, name)
            began = time.perf_counter()
            word = taught(examples, objective)
            took = time.perf_counter() - began
            predict = mean_word(examples[:count]) if objective == "mean" else mask_by(word)
            ious = [overlap(s, predict(s.encoded), name) for s in tests]
            out += [
                {"group": group, "part": name, "examples": count, "iou": v, "zero_shot": z, "seconds": took}
                for v, z in zip(ious, without, strict=True)
            ]
            if objective == "overlap" and word is not None:
                odds = segmenter.manifest.confidence.taught_odds
                asked += [Asked.of(word, s.encoded, odds, v) for s, v in zip(tests, ious, strict=True)]
                asked += [Asked.of(word, s.encoded, odds, None) for s in others]
    return out


def taught(examples: Sequence[Example], objective: str) -> TaughtWord | None:
    """The word, or None where it is refused: that counts as nothing found."""
    try:
        return learn(WORD, examples, objective) if objective in OBJECTIVES else None
    except InputError:
        return None


def mask_by(word: TaughtWord | None) -> Predictor:
    """The taught word as a function from an encoded object to a mask of its samples."""
    if word is None:
        return lambda encoded: np.zeros(encoded.patches.count, bool)
    return lambda encoded: word.mask(word.logits(encoded))


def mean_word(examples: Sequence[Example]) -> Predictor:
    """The simplest comparison: the mean feature of what is marked less that of the rest, cut where it fits best."""
    inside = np.mean([e.features[m].mean(axis=0) for e, m in examples], axis=0)
    outside = np.mean([e.features[~m].mean(axis=0) for e, m in examples if not m.all()], axis=0)
    scores = [e.features @ (inside - outside) for e, _ in examples]
    cuts = np.quantile(np.concatenate(scores), np.linspace(0.02, 0.98, 60))
    fits = [np.mean([iou(s > c, m) for s, (_, m) in zip(scores, examples, strict=True)]) for c in cuts]
    cut = cuts[int(np.argmax(fits))]
    return lambda encoded: encoded.features @ (inside - outside) > cut


def zero_shot(segmenter: PartSegmenter, tests: Sequence[Seen], name: str) -> list[float]:
    """IoU of the answers to the part's own name, without any lesson."""
    answers = segmenter.answer_many([t.encoded for t in tests], [name])
    return [_labelled_iou(t, a.masks[0], name) for a, t in zip(answers, tests, strict=True)]


def overlap(seen: Seen, samples: np.ndarray, name: str) -> float:
    """IoU of chosen samples with a part, over the labelled points."""
    return _labelled_iou(seen, seen.encoded.mask_of(samples), name)


def _labelled_iou(seen: Seen, found: np.ndarray, name: str) -> float:
    labelled = seen.shape.labels >= 0
    return iou(found[labelled], seen.mask(name)[labelled])


def summary(scores: Sequence[dict]) -> dict:
    """Mean IoU by number of examples, the zero-shot answer to the part's own name beside it, and the longest lesson."""

    def ious(ending: str = "") -> dict[int, float]:
        mine = [s for s in scores if s["group"].endswith(ending)]
        counts = sorted({s["examples"] for s in mine})
        return {n: float(np.mean([s["iou"] for s in mine if s["examples"] == n])) for n in counts}

    return {
        "words": len({(s["group"], s["part"]) for s in scores}),
        "iou": ious(),
        "whole": ious(", whole"),
        "single_views": ious(", single views"),
        "zero_shot": float(np.mean([s["zero_shot"] for s in scores])) if scores else float("nan"),
        "longest_seconds": max((s["seconds"] for s in scores), default=0.0),
    }
