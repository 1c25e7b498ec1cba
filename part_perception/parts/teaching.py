"""Teaching: marked examples → a taught word. Small weights are fitted for the overlap itself, as PartSTAD does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.taught import TaughtWord, mean_look
from part_perception.parts.teaching_features import FORM_WIDTH, LEVELS, described, pooled

MOST_EXAMPLES = 8
FEWEST_MARKED = 8
OBJECTIVES = ("overlap", "cross-entropy")
_WIDTH = 64
_FORM_SHARE = 0.15
_SAMPLES = 400
_REGULAR, _REGULAR_NEAR = 1e-3, 1e-2  # from nothing; from a solution that is good already
_REGULAR_SHARES = 0.01
_STEPS = 80
_FITS = 0.1

Example = tuple[EncodedObject, np.ndarray]


@dataclass(frozen=True)
class Lesson:
    """Chosen samples of all examples: votes (L, R, r) by level, truth (R,), how many each stands for, whose it is."""

    votes: np.ndarray
    truth: np.ndarray
    counts: np.ndarray
    example: np.ndarray
    examples: int


def learn(word: str, examples: Sequence[Example], objective: str = "overlap") -> TaughtWord:
    """Fit a word to encoded objects with marked samples; examples that cannot be fitted together are refused."""
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {', '.join(OBJECTIVES)}, not {objective!r}")
    basis, centre = basis_of([described(encoded) for encoded, _ in examples])
    lesson = lesson_of(examples, basis, centre)
    start = np.concatenate([np.zeros(basis.shape[1] + 1), np.full(len(LEVELS) + 1, 1 / (len(LEVELS) + 1))])
    fitted = minimise(cross_entropy, lesson, start)
    if objective == "overlap":
        fitted = minimise(overlap_loss, lesson, fitted, _REGULAR_NEAR)
    width = basis.shape[1]
    weights, shares = basis @ fitted[:width], fitted[width + 1 :]
    null = float(shares.sum() * (centre @ weights) - fitted[width])
    looks = np.stack([mean_look(encoded, mask) for encoded, mask in examples])
    taught = TaughtWord(word, weights.astype(np.float32), shares.astype(np.float32), null, looks)
    refuse_what_does_not_fit(taught, examples)
    return taught


def basis_of(values: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """(d, r) the main directions of frozen features and the scaled form beside them, and the centre (d,)."""
    rows = np.concatenate([v[:: max(1, len(values) // 2)] for v in values]).astype(np.float64)
    centre = rows.mean(axis=0)
    frozen = rows.shape[1] - FORM_WIDTH
    features = rows[:, :frozen] - centre[:frozen]
    _, axes = np.linalg.eigh(features.T @ features)
    width = min(_WIDTH, frozen)
    basis = np.zeros((rows.shape[1], width + FORM_WIDTH))
    basis[:frozen, :width] = axes[:, ::-1][:, :width]
    basis[frozen:, width:] = np.diag(_FORM_SHARE / np.maximum(rows[:, frozen:].std(axis=0), 0.02))
    return basis, centre


def lesson_of(examples: Sequence[Example], basis: np.ndarray, centre: np.ndarray) -> Lesson:
    """Up to a few hundred samples of each example, half of them of the part; each stands for those left out."""
    votes, truth, counts, owner = [], [], [], []
    for number, (encoded, mask) in enumerate(examples):
        levels = np.stack(pooled(encoded, (described(encoded) - centre) @ basis))
        rng = np.random.default_rng(number)
        for side in (mask, ~mask):
            rows = np.flatnonzero(side)
            room = max(_SAMPLES // 2, _SAMPLES - int((~side).sum()))
            chosen = rng.permutation(rows)[:room]
            votes.append(levels[:, chosen])
            truth.append(np.full(len(chosen), side is mask))
            counts.append(np.full(len(chosen), len(rows) / max(len(chosen), 1)))
            owner.append(np.full(len(chosen), number))
    return Lesson(
        np.concatenate(votes, axis=1),
        np.concatenate(truth).astype(float),
        np.concatenate(counts),
        np.concatenate(owner),
        len(examples),
    )


def overlap_loss(probability: np.ndarray, lesson: Lesson) -> tuple[float, np.ndarray]:
    """1 - relaxed IoU, mean over examples, and its slope for every probability."""
    y, c, owner, n = lesson.truth, lesson.counts, lesson.example, lesson.examples
    both = np.bincount(owner, c * y * probability, n)
    either = np.bincount(owner, c * (y + probability), n) - both
    slope = -(c / n) * ((1 / either + both / either**2)[owner] * y - (both / either**2)[owner])
    return float(1 - (both / either).mean()), slope


def cross_entropy(probability: np.ndarray, lesson: Lesson) -> tuple[float, np.ndarray]:
    """Cross-entropy in which part and rest of each example count alike, and its slope."""
    y, c, owner, n = lesson.truth, lesson.counts, lesson.example, lesson.examples
    side = owner * 2 + (y > 0)
    weight = 0.5 * c / np.bincount(side, c, 2 * n)[side] / n
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(-(weight * np.log(np.where(y > 0, p, 1 - p))).sum()), weight * (p - y) / (p * (1 - p))


def minimise(
    loss: Callable[[np.ndarray, Lesson], tuple[float, np.ndarray]],
    lesson: Lesson,
    start: np.ndarray,
    regular: float = _REGULAR,
) -> np.ndarray:
    """Weights, offset and shares of levels that lower a loss and stay near the start."""
    from scipy.optimize import minimize

    width = lesson.votes.shape[2]

    def value(x: np.ndarray) -> tuple[float, np.ndarray]:
        weights, offset, shares = x[:width], x[width], x[width + 1 :]
        per_level = lesson.votes @ weights
        probability = 1 / (1 + np.exp(-np.clip(shares @ per_level + offset, -30, 30)))
        cost, slope = loss(probability, lesson)
        slope = slope * probability * (1 - probability)
        mixed = np.tensordot(shares, lesson.votes, 1)
        moved, shifted = weights - start[:width], shares - start[width + 1 :]
        cost += regular * moved @ moved + _REGULAR_SHARES * shifted @ shifted
        return cost, np.concatenate(
            [
                slope @ mixed + 2 * regular * moved,
                [slope.sum()],
                per_level @ slope + 2 * _REGULAR_SHARES * shifted,
            ]
        )

    return minimize(value, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x


def refuse_what_does_not_fit(taught: TaughtWord, examples: Sequence[Example]) -> None:
    """Examples that no part fits contradict each other."""
    overlaps = []
    for encoded, mask in examples:
        found = taught.mask(taught.logits(encoded))
        overlaps.append((found & mask).sum() / (found | mask).sum())
    if np.mean(overlaps) < _FITS:
        raise ValueError(
            f"the examples of {taught.word!r} contradict each other: "
            f"what is learned from them overlaps them by {np.mean(overlaps):.0%} only"
        )
