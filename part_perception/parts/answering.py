"""Answering: turns the logits of an encoded object into the typed answer that the caller receives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from part_perception.encoder.manifest import Confidence, MotionRule
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.motion import MotionWords, motion_of
from part_perception.parts.motion_axes import MotionAxes
from part_perception.parts.scoring import (
    best_overlap,
    closed_logits,
    confidence,
    instances,
    part_mask,
    sigmoid,
    word_logits,
)
from part_perception.parts.taught import FOUND_AT, TaughtWord
from part_perception.types import NO_INDICES, NO_POINTS, Answer, Motion, Part, Question

HANDLE = "handle"
_ON_IT = 0.5  # minimum share of a handle's samples that lie on the part it belongs to


def handle_of(encoded: EncodedObject, part: np.ndarray, handle: np.ndarray, rule: Confidence) -> np.ndarray:
    """The mask (S,) of the handle on a part (S,), given the text vector (D,) of handles; may be empty.

    A handle stands off from the part it moves, so it belongs to the nearest part.
    """
    logits = word_logits(encoded, handle[None], rule)
    nobody = np.zeros(len(part), bool)
    if confidence(logits, rule)[0] < rule.found_at:
        return nobody
    handles = part_mask(encoded, logits, rule)[:, 0]
    on_part = nearest_of_others(encoded, handles, part)
    shares = [(float(on_part[piece].mean()), piece) for piece in instances(encoded, handles)]
    share, best = max(shares, key=lambda pair: pair[0])
    return best if share >= _ON_IT else nobody


def nearest_of_others(encoded: EncodedObject, handles: np.ndarray, part: np.ndarray) -> np.ndarray:
    """(S,) whether a sample belongs to the part, or its nearest sample outside the handles does."""
    from scipy.spatial import cKDTree

    if handles.all():
        return part
    canonical = encoded.patches.samples[: encoded.patches.count]
    _, near = cKDTree(canonical[~handles]).query(canonical)
    return part | part[~handles][near]


def answer(
    encoded: EncodedObject,
    questions: Sequence[Question],
    text: np.ndarray,
    rule: Confidence,
    taught: Mapping[int, TaughtWord] | None = None,
    whole: Mapping[int, float] | None = None,
    moving: Moving | None = None,
) -> Answer:
    """Answer each question about the object: its mask, confidence, and instances as parts.

    `taught` and `whole` are keyed by column: taught words, and the confidence that the whole object has the
    name (NaN: ask for the part).
    """
    taught = taught or {}
    whole = {q: chance for q, chance in (whole or {}).items() if not np.isnan(chance)}
    logits = word_logits(encoded, text, rule)
    for q, word in taught.items():
        logits[:, q] = word.logits(encoded)
    sure = confidence(logits, rule)
    level = np.full(len(sure), rule.found_at if rule.calibrated else np.inf)
    for q, word in taught.items():
        sure[q], level[q] = word.confidence(encoded, logits[:, q], rule.taught_odds), FOUND_AT
    for q, chance in whole.items():
        sure[q], level[q] = chance, rule.object_found_at
    strange = [not question.understood for question in questions]
    sure[strange], level[strange] = 0.0, np.inf
    found = sure >= level
    scored = ScoredObject(
        encoded,
        tuple(questions),
        text,
        logits,
        rule,
        taught,
        frozenset(whole),
        sure,
        found,
        moving or Moving(),
    )
    texts, dropped = [question.text for question in questions], encoded.total - len(encoded.rows)
    return Answer(texts, sure, found, scored, dropped, rule.calibrated, questions, level)


@dataclass(frozen=True)
class Moving:
    """Inputs of motion estimates: the rules for kinds and axes, what names suggest, the text vector (D,) of handles."""

    rule: MotionRule = MotionRule()
    axes: MotionAxes | None = None
    words: MotionWords | None = None
    handle: np.ndarray | None = None


@dataclass(frozen=True)
class ScoredObject:
    """An object with the logits (S, Q) of its questions, whose text vectors are (Q, D).

    Masks, scores and parts are computed from these. `fused`: by column, the log-odds (S,) of samples where
    more is known than the logits.
    """

    encoded: EncodedObject
    questions: tuple[Question, ...]
    text: np.ndarray
    logits: np.ndarray
    rule: Confidence
    taught: Mapping[int, TaughtWord]
    whole: frozenset[int]
    confidence: np.ndarray
    found: np.ndarray
    moving: Moving
    fused: Mapping[int, np.ndarray] = field(default_factory=dict)

    def masks(self) -> np.ndarray:
        masks = self._sample_masks(range(len(self.questions))) & self._understood
        return self.encoded.mask_of(masks.T)

    def scores(self) -> np.ndarray:
        logits = self.logits.copy()
        for q, odds in self.fused.items():
            logits[:, q] = odds
        scores = sigmoid(logits).astype(np.float32) * self._understood
        return self.encoded.to_points(scores.T, np.float32(0))

    @property
    def _understood(self) -> np.ndarray:
        return np.array([question.understood for question in self.questions], bool)

    def instances(self) -> list[tuple[Part, ...]]:
        """All parts of each query. Queries that were not found stop here, which keeps many words cheap."""
        there = np.flatnonzero(self.found)
        masks = dict(zip(there.tolist(), self._sample_masks(there).T, strict=True))
        return [
            self._parts(q, masks[q]) if q in masks else (self._no_part(q),)
            for q in range(len(self.questions))
        ]

    def _no_part(self, q: int) -> Part:
        question, sure = self.questions[q], float(self.confidence[q])
        return Part(question.text, False, sure, understood=question.understood, remark=question.remark)

    def _sample_masks(self, columns: Sequence[int] | np.ndarray) -> np.ndarray:
        """(S, len(columns)) the samples of the parts of some queries."""
        columns = np.asarray(columns, int)
        if not len(columns):
            return np.zeros((len(self.logits), 0), bool)
        masks = part_mask(self.encoded, self.logits[:, columns], self.rule)
        for place, q in enumerate(columns.tolist()):
            if q in self.taught:
                masks[:, place] = self.taught[q].mask(self.logits[:, q])
            elif q in self.whole:
                masks[:, place] = True
            elif q in self.fused:
                masks[:, place] = best_overlap(self.fused[q][:, None])[:, 0]
        return masks

    def _parts(self, q: int, mask: np.ndarray) -> tuple[Part, ...]:
        """The separate pieces of a mask, likeliest first; the others get a slightly lower confidence."""
        if q in self.whole:
            return (self._part(q, mask, float(self.confidence[q]), 0),)
        pieces = instances(self.encoded, mask)
        weight = np.array([float(self.logits[p, q].mean() + np.log(p.sum())) for p in pieces])
        order = np.argsort(weight)[::-1]
        sure = float(self.confidence[q]) * np.exp(np.minimum(weight[order] - weight[order[0]], 0.0) / 2)
        least = FOUND_AT if q in self.taught else self.rule.found_at
        return tuple(
            self._part(q, pieces[i], float(sure[k]), k)
            for k, i in enumerate(order)
            if k == 0 or sure[k] >= least
        )

    def _part(self, q: int, piece: np.ndarray, sure: float, instance: int) -> Part:
        encoded = self.encoded

        def place() -> tuple[np.ndarray, np.ndarray]:
            return encoded.place_of(piece)

        @cache
        def move() -> Motion:
            words = None if q in self.whole or q in self.taught else self.moving.words
            leaning = words.leaning(self.text[q]) if words else None
            return motion_of(encoded, piece, self.moving.rule, self.moving.axes, leaning)

        def hold() -> tuple[np.ndarray, np.ndarray]:
            if self.moving.handle is None or not move().moves:
                return NO_INDICES, NO_POINTS
            return encoded.place_of(handle_of(encoded, piece, self.moving.handle, self.rule))

        question = self.questions[q]
        return Part.located(
            question.text, sure, place, move=move, hold=hold, instance=instance, remark=question.remark
        )


def best_names(
    encoded: EncodedObject,
    text: np.ndarray,
    rule: Confidence,
    taught: Mapping[int, TaughtWord] | None = None,
) -> np.ndarray:
    """(S,) the best name for each sample; taught words compete by their margin above their null."""
    scores = word_logits(encoded, text, rule)
    for q, word in (taught or {}).items():
        scores[:, q] = word.logits(encoded) + rule.mask_level
    return closed_logits(encoded, scores, rule).argmax(axis=1)
