"""Fitting: on fresh views from the data engine, fit mask thresholds and confidence."""

from __future__ import annotations

import multiprocessing as mp
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import best_overlap, sample_evidence, sigmoid, top_logit, word_logits
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.builder import Shape
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import NameTable, cleaned
from part_perception.simulation.views import View, camera_view, whole_view
from part_perception.simulation.worlds import World, make_world
from part_perception.training.calibration.questions import AskedNames, ask_names, fit_names, questions
from part_perception.training.views import make_view
from part_perception.training.vocabulary import load_names

FRESH_SEED = 1_000_003
RIGHT = 0.5
_SAMPLES_A_QUESTION = 100
_MIN_POINTS = 96
_FLAT = 1e-3


@dataclass(frozen=True)
class Asked:
    """Answers for one view: for each word, whether its part is present (Q,) and its top logit (Q,).

    For the parts that are present: the evidence for each sample (S, P, 6) and its truth (S, P).
    `kind`: the kind of object; `names`: the questions about the whole object.
    """

    kind: str
    whole: bool
    present: np.ndarray
    top: np.ndarray
    evidence: np.ndarray
    truth: np.ndarray
    names: AskedNames | None = None


def fresh_view(number: int, seed: int = FRESH_SEED) -> tuple[Shape, View]:
    """Make a view never seen in training; numbers cycle through the kinds."""
    shape, world, rng = _fresh_world(number, seed)
    return shape, make_view(world, rng)


def _fresh_world(number: int, seed: int) -> tuple[Shape, World, np.random.Generator]:
    kinds = list(KINDS.values())
    rng = np.random.default_rng([seed, number])
    return *make_world(kinds[number % len(kinds)], rng), rng


def numbers_of(views: int) -> list[int]:
    """Return numbers of fresh views that are spread evenly over the kinds, and with all last digits alike."""
    step = max(len(KINDS) / views, 1)
    return [10 * int(i * step / 10) + i % 10 for i in range(views)]  # the last digit decides the sort


def fresh_view_of_sort(number: int) -> tuple[Shape, View, bool]:
    """Make a fresh view; it is whole (True) in three of ten cases and where a camera sees too little."""
    shape, _, view, whole = fresh_sight(number)
    return shape, view, whole


def fresh_sight(number: int, seed: int = FRESH_SEED) -> tuple[Shape, World, View, bool]:
    """Make a fresh view together with the world it shows."""
    shape, world, rng = _fresh_world(number, seed)
    if number % 10 >= 3:
        view = camera_view(world, rng)
        if len(view.points) >= _MIN_POINTS and (view.part >= 0).any():
            return shape, world, view, False
    return shape, world, whole_view(world, rng), True


def words_asked(table: NameTable, numbers: Sequence[int]) -> list[str]:
    """Return the words of all questions about the fresh views with these numbers."""
    found: dict[str, None] = {}
    for number in numbers:
        shape, view, _ = fresh_view_of_sort(number)
        found.update(dict.fromkeys(_questions(shape, view, table, number)))
    return list(found)


def _questions(shape: Shape, view: View, table: NameTable, number: int) -> dict[str, np.ndarray]:
    return questions(shape, view, table, np.random.default_rng([FRESH_SEED, number, 1]))


def ask_fresh(segmenter: PartSegmenter, table: NameTable, number: int) -> Asked:
    """Ask a model every question about a fresh view; the table, not the model, determines the questions."""
    shape, view, whole = fresh_view_of_sort(number)
    asked = _questions(shape, view, table, number)
    encoded = segmenter.encode([view.points])[0]
    if segmenter.manifest.text_encoder == table.encoder:
        text = table.vectors[[table.index[n] for n in asked]]
    else:
        text = segmenter.embed(list(asked))
    logits = word_logits(encoded, text, segmenter.manifest.confidence)
    truth = np.stack([_of_samples(encoded, t) for t in asked.values()], axis=1)
    present = cast(np.ndarray, truth.any(axis=0))
    evidence = sample_evidence(encoded, logits[:, present]).astype(np.float32)
    rng = np.random.default_rng([FRESH_SEED, number, 2])
    kind, mean = cleaned(KINDS[shape.kind].names), encoded.mean_features
    names = ask_names(segmenter.words.naming, mean, encoded.length, kind, rng)
    return Asked(shape.kind, whole, present, top_logit(logits), evidence, truth[:, present], names)


def ask_in_processes(
    model: Path, names: Path, numbers: Sequence[int], processes: int, progress: Callable[[int, int], None]
) -> list[Asked]:
    """Make and query the fresh views with these numbers in several processes."""
    jobs = [(str(model), str(names), number) for number in numbers]
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core per process
    out = []
    with mp.get_context("spawn").Pool(processes) as pool:
        for asked in pool.imap(_ask_fresh, jobs, chunksize=4):
            out.append(asked)
            progress(len(out), len(jobs))
    return out


def _ask_fresh(job: tuple[str, str, int]) -> Asked:
    model, names, number = job
    return ask_fresh(*_loaded(model, names), number)


@lru_cache
def _loaded(model: str, names: str) -> tuple[PartSegmenter, NameTable]:
    return PartSegmenter.load(model), load_names(Path(names))


def _of_samples(encoded: EncodedObject, of_points: np.ndarray) -> np.ndarray:
    """Convert a mask of points to one of samples, by majority."""
    return np.bincount(encoded.member, of_points, encoded.patches.count) >= encoded.points_of / 2


def fit_masks(asked: Sequence[Asked], rule: Confidence) -> Confidence:
    """Logistic regression: does a sample belong to the part, given its evidence? Questions weigh the same."""
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    rows, true = [], []
    for a in asked:
        for part in range(a.truth.shape[1]):
            some = rng.integers(len(a.truth), size=_SAMPLES_A_QUESTION)
            rows.append(a.evidence[some, part])
            true.append(a.truth[some, part])
    x, y = np.concatenate(rows)[:, 1:], np.concatenate(true)
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    fitted = LogisticRegression(max_iter=2000).fit((x - middle) / spread, y)
    slopes = fitted.coef_[0] / spread
    weights = (fitted.intercept_[0] - slopes @ middle, *slopes)
    return replace(rule, sample_weights=tuple(float(w) for w in weights))


def overlaps(asked: Asked, rule: Confidence) -> np.ndarray:
    """(Q,) IoU of each mask with the truth; 0 where the part is not there."""
    out = np.zeros(len(asked.present))
    mask = best_overlap(asked.evidence @ np.asarray(rule.sample_weights, np.float32))
    out[asked.present] = [iou(m, t) for m, t in zip(mask.T, asked.truth.T, strict=True)]
    return out


def fit_confidence(asked: Sequence[Asked], rule: Confidence, absent_rate: float) -> Confidence:
    """Fit correctness to the top logit by logistic regression, and the threshold for few false detections."""
    top = np.concatenate([a.top for a in asked])
    right = np.concatenate([overlaps(a, rule) for a in asked]) >= RIGHT
    there = np.concatenate([a.present for a in asked])
    bias, slope = _rising_odds(top, right)
    level = float(sigmoid(bias + slope * np.quantile(top[~there], 1 - absent_rate)))
    return replace(rule, weights=(bias, slope), found_at=level)


def _rising_odds(top: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Fit bias and slope of the log-odds of being right; the slope is never negative.

    If the top logits carry no information, every word gets the average rate of right answers.
    """
    from sklearn.linear_model import LogisticRegression

    if 0 < right.sum() < len(right):
        fitted = LogisticRegression(C=10.0, max_iter=2000).fit(top[:, None], right)
        if fitted.coef_[0, 0] > _FLAT:
            return float(fitted.intercept_[0]), float(fitted.coef_[0, 0])
    share = (right.sum() + 1) / (len(right) + 2)
    return float(np.log(share / (1 - share)) - _FLAT * top.mean()), _FLAT


def fit(asked: Sequence[Asked], rule: Confidence, absent_rate: float) -> Confidence:
    """Fit masks, confidence, and the names of whole objects as seen in single views."""
    rule = fit_confidence(asked, fit_masks(asked, rule), absent_rate)
    return fit_names([a.names for a in asked if a.names and not a.whole], rule, absent_rate)
