"""Calibrate: on fresh views from the data engine, choose how masks are cut and what confidence means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.evaluation.metrics import iou
from part_perception.parts.confidence import evidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.masks import part_mask
from part_perception.parts.scores import word_logits
from part_perception.segmenter import PartSegmenter
from part_perception.training.batches import make_view, make_world
from part_perception.training.engine.builder import Shape
from part_perception.training.engine.kinds import KINDS
from part_perception.training.engine.views import View
from part_perception.training.names import NameTable, concepts_of

FRESH_SEED = 1_000_003
_ABSENT = 4
_SHOWN_SHARE = 0.01
_RIGHT = 0.5
_LEVELS = (-4.0, -3.0, -2.0, -1.0, 0.0)
_SHARES = (0.35, 0.45, 0.55, 0.65, 0.75)


@dataclass(frozen=True)
class Asked:
    """One view that was asked: logits (S, Q) of each word, its true samples (S, Q), and whether it is there (Q,)."""

    logits: np.ndarray
    truth: np.ndarray
    present: np.ndarray


def fresh_views(count: int, seed: int = FRESH_SEED) -> list[tuple[Shape, View]]:
    """Views that training never saw, of kinds in turn."""
    kinds = list(KINDS.values())
    out = []
    for i in range(count):
        rng = np.random.default_rng([seed, i])
        kind = kinds[i % len(kinds)] if count >= len(kinds) else kinds[rng.integers(len(kinds))]
        shape, world = make_world(kind, rng)
        out.append((shape, make_view(kind, world, rng, None)))
    return out


def questions(shape: Shape, view: View, table: NameTable, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Names of parts that show, with their points, and as many names of things that are nowhere on the shape."""
    concepts = concepts_of(shape)
    asked: dict[str, np.ndarray] = {}
    for concept in dict.fromkeys(concepts):
        known = [n for n in concept[1] if n in table.index]
        if not known:
            continue
        name = known[0] if rng.random() < 0.6 else known[rng.integers(len(known))]
        true = np.array([table.truth(c)[table.index[name]] == 1 for c in concepts] + [False])[view.part]
        if true.mean() >= _SHOWN_SHARE and true.sum() >= 8:
            asked[name] = true
    rows = np.stack([table.truth(c) for c in concepts])
    nowhere = np.flatnonzero((rows == 0).all(axis=0))
    for i in rng.choice(nowhere, _ABSENT, replace=False):
        asked[table.names[i]] = np.zeros(len(view.part), bool)
    return asked


def ask_views(
    segmenter: PartSegmenter,
    views: list[tuple[Shape, View]],
    table: NameTable,
    progress: Callable[[int], None],
) -> list[Asked]:
    """Logits and truth of every question."""
    out = []
    for i, (shape, view) in enumerate(views):
        rng = np.random.default_rng([FRESH_SEED, i, 1])
        asked = questions(shape, view, table, rng)
        encoded = segmenter.encode([view.points])[0]
        text = table.vectors[[table.index[n] for n in asked]]
        truth = np.stack([_of_samples(encoded, t) for t in asked.values()], axis=1)
        logits = word_logits(encoded, text, segmenter.manifest.confidence)
        out.append(Asked(logits, truth, np.array([t.any() for t in asked.values()])))
        progress(i)
    return out


def _of_samples(encoded: EncodedObject, of_points: np.ndarray) -> np.ndarray:
    """A mask of points as one of samples, by majority."""
    return np.bincount(encoded.member, of_points, encoded.patches.count) >= encoded.points_of / 2


def choose_masks(asked: list[Asked], rule: Confidence) -> Confidence:
    """The cut whose masks overlap best with the truth of what is there."""

    def quality(candidate: Confidence) -> float:
        values = []
        for a in asked:
            mask = part_mask(a.logits, candidate)
            values += [iou(mask[:, q], a.truth[:, q]) for q in np.flatnonzero(a.present)]
        return float(np.mean(values))

    candidates = [replace(rule, mask_level=level, mask_share=share) for level in _LEVELS for share in _SHARES]
    return max(candidates, key=quality)


def fit_confidence(asked: list[Asked], rule: Confidence, absent_rate: float) -> tuple[Confidence, dict]:
    """Logistic regression of being right on the evidence, and the level at which few absent parts are found."""
    from sklearn.linear_model import LogisticRegression

    rows, right, present = [], [], []
    for a in asked:
        mask = part_mask(a.logits, rule)
        rows.append(evidence(a.logits, mask))
        right += [p and iou(mask[:, q], a.truth[:, q]) >= _RIGHT for q, p in enumerate(a.present)]
        present += a.present.tolist()
    x, y, there = np.concatenate(rows), np.array(right), np.array(present)
    fitted = LogisticRegression(C=10.0, fit_intercept=False, max_iter=2000).fit(x, y)
    weights = tuple(float(w) for w in fitted.coef_[0])
    sure = 1 / (1 + np.exp(-x @ np.asarray(weights)))
    level = float(np.quantile(sure[~there], 1 - absent_rate))
    figures = {
        "questions": len(y), "right_when_present": float(y[there].mean()),
        "found_when_present": float((sure[there] >= level).mean()),
        "found_when_absent": float((sure[~there] >= level).mean()), "found_at": level,
    }  # fmt: skip
    return replace(rule, weights=weights, found_at=level), figures
