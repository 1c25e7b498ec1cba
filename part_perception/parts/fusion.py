"""Fusion: combines a 2-D model's boxes or masks of an object's parts with the object's own 3-D features.

A small network, trained on generated views, weights each box or mask by its score, its size, and how well the
features agree with it. Inside a box, the features separate the part from the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real
from pathlib import Path

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.errors import InputError
from part_perception.parts.answering import ScoredObject
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import member_of
from part_perception.parts.scoring import membership, sigmoid, top_logit, word_logits
from part_perception.parts.vocabulary import Vocabulary
from part_perception.storage import write_atomic
from part_perception.types import Answer

FILE = "fusion.safetensors"
MAX_REGIONS = 16  # the most confident regions of an object that are used: bounds the time of an answer
FEATURES, HIDDEN = 9, 12
SHARES, CHANCES = 6, 3
_SAME = 0.8  # minimum cosine of two words that mean the same part
_CORE = 12  # samples


@dataclass(frozen=True)
class SaidPart:
    """A part that a 2-D model names: the word, its score, and which points (M,) of an object lie in the box or mask."""

    word: str
    score: float
    inside: np.ndarray


def check_said(said, rows: np.ndarray | None, total: int) -> None:
    """Refuse parts that are not masks of the points that rows (M,) describe, or of the object's `total` points."""
    if not isinstance(said, Sequence) or not all(isinstance(each, SaidPart) for each in said):
        raise InputError("what a 2-D model says must be a list of SaidPart(word, score, inside)")
    if rows is not None:
        number = isinstance(rows, np.ndarray) and rows.ndim == 1 and rows.dtype.kind in "iu"
        if not number or rows.min(initial=-1) < -1 or rows.max(initial=-1) >= total:
            raise InputError(f"rows must be an array (M,) of rows from 0 to {total - 1}, or -1 for none")
    count = total if rows is None else len(rows)
    for each in said:
        if np.shape(each.inside) != (count,) or each.inside.dtype != bool:
            raise InputError(f"the region of {each.word!r} must be a bool mask of {count} points")
        if not isinstance(each.score, Real) or not 0 <= float(each.score) <= 1:
            raise InputError(f"the score of {each.word!r} must be from 0 to 1, not {each.score!r}")


def covers_of(encoded: EncodedObject, said: Sequence[SaidPart], rows: np.ndarray) -> np.ndarray:
    """(S, K) the share of a sample's points in each region; rows (M,): each point's encoded row, or -1."""
    sample = np.append(member_of(encoded), -1)[rows]
    known = sample >= 0
    sample, count = sample[known], encoded.patches.count
    total = np.maximum(np.bincount(sample, minlength=count), 1)
    inside = [np.bincount(sample, each.inside[known], count) / total for each in said]
    return np.stack(inside, axis=1).astype(np.float32)


@dataclass(frozen=True)
class Evidence:
    """Regions (K,) of an object as the network sees them.

    `values` (K, FEATURES) are the features of each region; `covers` (S, K) is the share of a sample inside;
    `core` and `middle` (S, K) are the similarity of a sample's part field to that of the likeliest samples
    inside, and of those in the middle; `text` (K, D) holds the vectors of the words.
    """

    values: np.ndarray
    covers: np.ndarray
    core: np.ndarray
    middle: np.ndarray
    text: np.ndarray

    def same(self, text: np.ndarray) -> np.ndarray:
        """(Q, K) whether a region's word means what a question (Q, D) asks for."""
        return text @ self.text.T >= _SAME


def evidence_of(
    encoded: EncodedObject, said: Sequence[SaidPart], rows: np.ndarray, text: np.ndarray, rule: Confidence
) -> Evidence:
    """The evidence for each region; rows (M,): each point's encoded row; text (K, D): the words' vectors."""
    covers = covers_of(encoded, said, rows)
    score = np.array([each.score for each in said], np.float32)
    logits = word_logits(encoded, text, rule)
    believed = sigmoid(membership(encoded, logits, rule))
    core = _alike(encoded, covers * believed)
    middle = _alike(encoded, covers * _nearness(encoded, covers))
    inside, outside = covers.sum(axis=0), (1 - covers).sum(axis=0)

    def contrast(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        within = (covers * values).sum(axis=0) / np.maximum(inside, 1e-3)
        return within, ((1 - covers) * values).sum(axis=0) / np.maximum(outside, 1e-3)

    belief, elsewhere = contrast(believed)
    whole, rest = contrast(core)
    present = (
        rule.weights[0] + rule.weights[1] * top_logit(logits) if rule.calibrated else np.zeros(len(said))
    )
    others = np.where(text @ text.T >= _SAME, 0.0, overlap(covers) * score)
    values = [
        score,
        score - score.mean(),
        np.log(np.maximum(inside / len(covers), 1e-3)),
        belief,
        belief / np.maximum(belief + elsewhere, 1e-6),
        whole,
        whole - rest,
        np.clip(present, -6, 6) / 3,
        others.max(axis=1),
    ]
    return Evidence(np.stack(values, axis=1).astype(np.float32), covers, core, middle, text)


def overlap(covers: np.ndarray) -> np.ndarray:
    """(K, K) the IoU of regions (S, K)."""
    size = covers.sum(axis=0)
    both = covers.T @ covers
    return both / np.maximum(size[:, None] + size - both, 1e-6)


def _alike(encoded: EncodedObject, weight: np.ndarray) -> np.ndarray:
    """(S, K) the similarity of each sample's part field to its mean over the samples of largest weight."""
    count = min(_CORE, len(weight))
    bar = np.partition(weight, len(weight) - count, axis=0)[-count]
    mean = np.where(weight >= bar, weight, 0).T @ encoded.even_field
    return encoded.even_field @ (mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)).T


def _nearness(encoded: EncodedObject, covers: np.ndarray) -> np.ndarray:
    """(S, K) nearness to the middle of each region: 1 there, falling to 0 far away."""
    place = encoded.patches.samples[: encoded.patches.count]
    total = np.maximum(covers.sum(axis=0), 1e-3)[:, None]
    middle = covers.T @ place / total
    away = np.linalg.norm(place[:, None] - middle, axis=2)
    spread = np.sqrt((covers * away**2).sum(axis=0) / total[:, 0]) + 1e-6
    return 1 / (1 + (away / spread) ** 2)


@dataclass(frozen=True)
class Fusion:
    """The learned weights.

    `mean` and `spread` (FEATURES,) normalise the features of a region; two layers give its weight. `shares`
    (SHARES,): slope and bias of the 3-D membership; how much a region adds inside, how much more where the
    field is like its core or its middle; and how much it subtracts outside. `chances` (CHANCES,): factors of
    1, the log-odds by 3-D features and the weight in the log-odds of being right.
    """

    mean: np.ndarray
    spread: np.ndarray
    inner: np.ndarray
    inner_bias: np.ndarray
    outer: np.ndarray
    outer_bias: np.ndarray
    shares: np.ndarray
    chances: np.ndarray

    def weights(self, evidence: Evidence) -> np.ndarray:
        """(K,) the weight of each region, never negative."""
        hidden = np.maximum((evidence.values - self.mean) / self.spread @ self.inner + self.inner_bias, 0)
        return np.logaddexp(0, hidden @ self.outer + self.outer_bias)[:, 0]

    def odds(self, evidence: Evidence, membership: np.ndarray, text: np.ndarray) -> np.ndarray:
        """(S, Q) log-odds that each sample belongs to each part; unchanged where no region answers."""
        slope, bias, inside, core, middle, outside = self.shares
        weight, covers = self.weights(evidence), evidence.covers
        worth = weight * covers * (inside + core * evidence.core + middle * evidence.middle)
        out = membership.astype(float)
        for q, own in enumerate(evidence.same(text)):
            if own.any():
                out[:, q] = slope * membership[:, q] + bias + worth[:, own].max(axis=1)
                out[:, q] -= outside * weight[own].max() * (1 - covers[:, own].max(axis=1))
        return out

    def sure(self, evidence: Evidence, present: np.ndarray, text: np.ndarray) -> np.ndarray:
        """(Q,) log-odds of being right, given those by 3-D features alone, `present` (Q,)."""
        same = evidence.same(text)
        bias, slope, worth = self.chances
        said = bias + slope * present + worth * np.where(same, self.weights(evidence), 0).max(axis=1)
        return np.where(same.any(axis=1), said, present)

    def save(self, path: Path) -> None:
        from safetensors.numpy import save

        write_atomic(path, save({k: np.ascontiguousarray(v, np.float32) for k, v in vars(self).items()}))

    @classmethod
    def load(cls, path: Path) -> Fusion:
        """Read and check a file; an InputError if it is damaged."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, "numpy") as content:
                read = {name: content.get_tensor(name) for name in _SHAPES}
        except (SafetensorError, OSError, ValueError, TypeError) as error:
            raise InputError(f"the weights of fusion {path} cannot be read: {error}") from None
        for name, shape in _SHAPES.items():
            value = read[name]
            if value.dtype != np.float32 or value.shape != shape or not np.isfinite(value).all():
                raise InputError(f"{path} is damaged: {name} must be {shape} finite numbers")
        return cls(**read)


_SHAPES = {
    "mean": (FEATURES,),
    "spread": (FEATURES,),
    "inner": (FEATURES, HIDDEN),
    "inner_bias": (HIDDEN,),
    "outer": (HIDDEN, 1),
    "outer_bias": (1,),
    "shares": (SHARES,),
    "chances": (CHANCES,),
}


def fused_by_words(
    answer: Answer, said: Sequence[SaidPart], rows: np.ndarray | None, words: Vocabulary, fusion: Fusion
) -> Answer:
    """The answer, fused with the surest parts whose names are known; rows None: the parts are masks of its points."""
    if not isinstance(answer.source, ScoredObject):
        return answer
    check_said(said, rows, answer.source.encoded.total)
    surest = sorted((each for each in said if each.inside.any()), key=lambda each: -each.score)[:MAX_REGIONS]
    known = [each for each in surest if words.known(each.word)]
    if not known:
        return answer
    text = words.vectors([words.read(each.word).phrase for each in known])
    places = np.arange(len(known[0].inside)) if rows is None else rows
    return fused(answer, known, places, text, fusion)


def fused(
    answer: Answer, said: Sequence[SaidPart], rows: np.ndarray, text: np.ndarray, fusion: Fusion
) -> Answer:
    """The answer, fused with what a 2-D model says about parts of the object (see evidence_of).

    Answers about whole objects, taught words, and words that the model does not name stay as they are.
    """
    scored = answer.source
    if not isinstance(scored, ScoredObject) or not said:
        return answer
    evidence = evidence_of(scored.encoded, said, rows, text, scored.rule)
    own = [q for q in range(len(answer.queries)) if q not in scored.taught and q not in scored.whole]
    own = [q for q in own if scored.questions[q].understood and evidence.same(scored.text[[q]]).any()]
    if not own or not scored.rule.sample_weights or not scored.rule.calibrated:
        return answer
    logits, asked = scored.logits[:, own], scored.text[own]
    odds = fusion.odds(evidence, membership(scored.encoded, logits, scored.rule), asked)
    present = scored.rule.weights[0] + scored.rule.weights[1] * top_logit(logits)
    sure = scored.confidence.copy()
    sure[own] = sigmoid(fusion.sure(evidence, present, asked))
    found = sure >= answer.level
    better = {q: odds[:, k] for k, q in enumerate(own)}
    source = replace(scored, confidence=sure, found=found, fused=better)
    return Answer(
        answer.queries, sure, found, source, answer.dropped, answer.calibrated, answer.questions, answer.level
    )
