"""Calibrate: on fresh views from the data engine, choose how masks are cut and what confidence means."""

from __future__ import annotations

import multiprocessing as mp
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.evaluation.metrics import iou
from part_perception.parts.confidence import evidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.masks import part_mask
from part_perception.parts.scores import word_logits
from part_perception.segmenter import PartSegmenter
from part_perception.training.engine.builder import Shape
from part_perception.training.engine.kinds import KINDS
from part_perception.training.engine.views import View
from part_perception.training.names import NameTable, concepts_of
from part_perception.training.views import make_view, make_world
from part_perception.training.vocabulary import load_names

FRESH_SEED = 1_000_003
_ABSENT = 4
_SHOWN_SHARE = 0.01
_RIGHT = 0.5
_LEVELS = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0)
_SHARES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75)


@dataclass(frozen=True)
class Asked:
    """One view that was asked: logits (S, Q) of each word, its true samples (S, Q), and whether it is there (Q,)."""

    logits: np.ndarray
    truth: np.ndarray
    present: np.ndarray


def fresh_view(number: int, seed: int = FRESH_SEED) -> tuple[Shape, View]:
    """A view that training never saw; numbers go through the kinds in turn."""
    kinds = list(KINDS.values())
    rng = np.random.default_rng([seed, number])
    shape, world = make_world(kinds[number % len(kinds)], rng)
    return shape, make_view(world, rng)


def questions(shape: Shape, view: View, table: NameTable, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Names of parts that show, with their points, and as many names of things that are nowhere on the shape."""
    concepts = concepts_of(shape)
    asked: dict[str, np.ndarray] = {}
    for concept in dict.fromkeys(concepts):
        known = [n for n in concept.names if n in table.index]
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


def ask_view(segmenter: PartSegmenter, shape: Shape, view: View, table: NameTable, number: int) -> Asked:
    """Logits and truth of every question about a view."""
    asked = questions(shape, view, table, np.random.default_rng([FRESH_SEED, number, 1]))
    encoded = segmenter.encode([view.points])[0]
    text = table.vectors[[table.index[n] for n in asked]]
    truth = np.stack([_of_samples(encoded, t) for t in asked.values()], axis=1)
    logits = word_logits(encoded, text, segmenter.manifest.confidence)
    return Asked(logits, truth, np.array([t.any() for t in asked.values()]))


def ask_in_processes(
    model: Path, names: Path, views: int, processes: int, progress: Callable[[int, int], None]
) -> list[Asked]:
    """Fresh views spread evenly over the kinds, made and asked by several processes."""
    step = max(len(KINDS) // views, 1)
    jobs = [(str(model), str(names), i * step) for i in range(views)]
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a process is one core's work
    out = []
    with mp.get_context("spawn").Pool(processes) as pool:
        for asked in pool.imap(_ask_fresh, jobs, chunksize=4):
            out.append(asked)
            progress(len(out), views)
    return out


def _ask_fresh(job: tuple[str, str, int]) -> Asked:
    model, names, number = job
    segmenter, table = _loaded(model, names)
    return ask_view(segmenter, *fresh_view(number), table, number)


@lru_cache
def _loaded(model: str, names: str) -> tuple[PartSegmenter, NameTable]:
    return PartSegmenter.load(model), load_names(Path(names))


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
