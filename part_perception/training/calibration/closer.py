"""Closer: fits the confidence after a second look, on the fresh views that fit the confidence after the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.metrics import auroc, calibration_error, iou
from part_perception.parts.answering import answer, first_look, worth_a_closer_look
from part_perception.parts.scoring import sigmoid, top_logit, word_logits
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.names import NameTable
from part_perception.training.calibration.fitting import RIGHT, fresh_questions, fresh_view_of_sort
from part_perception.types import Question

UNFITTED = (0.0, 0.5, 0.5)  # enables the second look before its weights are known
_MIN_LOOKS = 50  # at fewer questions a fit means nothing


@dataclass(frozen=True)
class AskedCloser:
    """Answers for one view (Q,): is the part there, was it looked for again, both top logits, and IoUs of masks.

    `first` is the confidence after the first look, `before` the IoU of its mask and `overlap` that of the last.
    """

    kind: str
    whole: bool
    present: np.ndarray
    again: np.ndarray
    first: np.ndarray
    tops: np.ndarray
    before: np.ndarray
    overlap: np.ndarray


def ask_closer(segmenter: PartSegmenter, table: NameTable, number: int) -> AskedCloser:
    """Ask a fresh view the questions of the first look, and look again where the segmenter does."""
    shape, view, whole = fresh_view_of_sort(number)
    asked = fresh_questions(shape, view, table, number)
    (encoded,) = segmenter.encode([view.points])
    questions, text = [Question(name, name) for name in asked], table.vectors[[table.index[n] for n in asked]]
    rule = segmenter.manifest.confidence
    first = last = answer(encoded, questions, text, rule)
    near, again = segmenter.look_closer(encoded, first, text), np.zeros(len(asked), bool)
    if near is not None:
        again = worth_a_closer_look(first)
        last = answer(near, questions, text, rule, before=first_look(first))
    truth = np.array(list(asked.values()))
    return AskedCloser(
        shape.kind,
        whole,
        np.asarray(truth.any(axis=1)),
        again,
        first.confidence,
        np.stack([top_logit(word_logits(e, text, rule)) for e in (encoded, near or encoded)], axis=1),
        *(np.array([iou(m, t) for m, t in zip(a.masks, truth, strict=True)]) for a in (first, last)),
    )


def fit_closer(asked: Sequence[AskedCloser], rule: Confidence, absent_rate: float) -> Confidence:
    """Fit being right to both top logits where a second look was taken, and the threshold after both looks."""
    from sklearn.linear_model import LogisticRegression

    again = np.concatenate([a.again for a in asked])
    tops = np.concatenate([a.tops for a in asked])
    right = np.concatenate([a.overlap * a.present for a in asked]) >= RIGHT
    if again.sum() < _MIN_LOOKS or not 0 < right[again].sum() < again.sum():
        return replace(rule, closer_weights=())
    fitted = LogisticRegression(C=10.0, max_iter=2000).fit(tops[again], right[again])
    rule = replace(rule, closer_weights=(float(fitted.intercept_[0]), *map(float, fitted.coef_[0])))
    absent = np.concatenate([confidence_of(a, rule)[~a.present] for a in asked])
    return replace(rule, found_at=float(np.quantile(absent, 1 - absent_rate)))


def confidence_of(asked: AskedCloser, rule: Confidence) -> np.ndarray:
    """(Q,) the confidence after both looks."""
    bias, *slopes = rule.closer_weights
    return np.where(asked.again, sigmoid(bias + asked.tops @ slopes), asked.first)


def closer_figures(asked: Sequence[AskedCloser], rule: Confidence, absent_rate: float) -> dict[str, float]:
    """Figures after both looks for all, whole and single views, fitted to the other half of the kinds."""
    half = {kind: i % 2 for i, kind in enumerate(sorted({a.kind for a in asked}))}
    rules = [fit_closer([a for a in asked if half[a.kind] != side], rule, absent_rate) for side in (0, 1)]
    figures: dict[str, float] = {}
    for sort, some in {
        "": list(asked),
        "whole_": [a for a in asked if a.whole],
        "single_": [a for a in asked if not a.whole],
    }.items():
        if not some or not all(r.closer_weights for r in rules):
            continue
        sure = np.concatenate([confidence_of(a, rules[half[a.kind]]) for a in some])
        level = np.concatenate([np.full(len(a.first), rules[half[a.kind]].found_at) for a in some])
        there, again, before, overlap = (
            np.concatenate([getattr(a, name) for a in some])
            for name in ("present", "again", "before", "overlap")
        )
        small = there & again
        figures |= {
            f"{sort}auroc": auroc(sure[there], sure[~there]),
            f"{sort}found_when_present": float((sure >= level)[there].mean()),
            f"{sort}found_when_absent": float((sure >= level)[~there].mean()),
            f"{sort}mask_iou": float(overlap[there].mean()),
            f"{sort}mask_iou_first_look": float(before[there].mean()),
            f"{sort}looked_again": float(again.mean()),
            f"{sort}mask_iou_looked_again": float(overlap[small].mean()),
            f"{sort}mask_iou_looked_again_first": float(before[small].mean()),
            f"{sort}calibration_error": calibration_error(sure, (overlap * there) >= RIGHT),
        }
    return figures
