"""Teaching: marked examples → a taught word. A few weights are fitted for the overlap, as in PartSTAD."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import sigmoid
from part_perception.parts.teaching.word import LEVELS, TaughtWord, frozen, mean_look, span, standing

MAX_EXAMPLES = 8
MIN_MARKED = 8
OBJECTIVES = ("overlap", "cross-entropy")
_CALM = 10.0
_STEEP, _NULL = 12.0, 0.6
_REGULAR = 0.2 / _STEEP**2
_STEPS = 50
_FITS = 0.1
_EACH = 3

Example = tuple[EncodedObject, np.ndarray]


@dataclass(frozen=True)
class Lesson:
    """Samples of all examples: votes (L, R) by level, truth (R,), points each represents, and its example."""

    votes: np.ndarray
    truth: np.ndarray
    counts: np.ndarray
    example: np.ndarray
    examples: int


def learn(word: str, examples: Sequence[Example], objective: str = "overlap") -> TaughtWord:
    """Fit a word to encoded objects with marked samples; refuse examples that cannot be fitted together.

    A direction of the frozen features is fitted in closed form, then level shares and the null by the
    objective.
    """
    if objective not in OBJECTIVES:
        raise InputError(f"objective must be one of {', '.join(OBJECTIVES)}, not {objective!r}")
    weights = direction(examples)
    lesson = lesson_of(examples, weights)
    fitted = minimise(overlap_loss if objective == "overlap" else cross_entropy, lesson)
    usual = np.mean([span(encoded, weights)[1:] for encoded, _ in examples], axis=0)
    looks = np.stack([mean_look(encoded, mask) for encoded, mask in examples])
    shares, null = fitted[:-1].astype(np.float32), float(fitted[-1])
    taught = TaughtWord(word, weights, shares, null, usual.astype(np.float32), looks)
    refuse_what_does_not_fit(taught, examples)
    return taught


def direction(examples: Sequence[Example]) -> np.ndarray:
    """(d,) from the rest to the part, bent slightly to what varies least in either (a calm discriminant)."""
    sides = [(frozen(e), side) for e, mask in examples for side in (mask, ~mask)]
    width = sides[0][0].shape[1]
    means = np.stack([x[side].mean(axis=0) if side.any() else np.full(width, np.nan) for x, side in sides])
    varies = np.zeros((width, width))
    for (x, side), mean in zip(sides, means, strict=True):
        apart = (x[side] - mean)[::_EACH]
        varies += apart.T @ apart / max(len(apart), 1)
    calm = _CALM * max(np.trace(varies) / width, 1e-9)
    gap = means[::2].mean(axis=0) - np.nanmean(means[1::2], axis=0)
    return (calm * np.linalg.solve(varies + calm * np.eye(width), gap)).astype(np.float32)


def lesson_of(examples: Sequence[Example], weights: np.ndarray) -> Lesson:
    """The votes and the true labels of every sample of the examples."""
    return Lesson(
        np.concatenate([standing(encoded, weights) for encoded, _ in examples], axis=1),
        np.concatenate([mask for _, mask in examples]).astype(float),
        np.concatenate([np.maximum(encoded.points_of, 1) for encoded, _ in examples]).astype(float),
        np.repeat(np.arange(len(examples)), [len(mask) for _, mask in examples]),
        len(examples),
    )


def overlap_loss(probability: np.ndarray, lesson: Lesson) -> tuple[float, np.ndarray]:
    """1 - relaxed IoU, averaged over the examples, and its gradient by probability."""
    y, c, owner, n = lesson.truth, lesson.counts, lesson.example, lesson.examples
    both = np.bincount(owner, c * y * probability, n)
    either = np.bincount(owner, c * (y + probability), n) - both
    slope = -(c / n) * ((1 / either + both / either**2)[owner] * y - (both / either**2)[owner])
    return float(1 - (both / either).mean()), slope


def cross_entropy(probability: np.ndarray, lesson: Lesson) -> tuple[float, np.ndarray]:
    """Cross-entropy in which the part and the rest of each example have equal weight, and its gradient."""
    y, c, owner, n = lesson.truth, lesson.counts, lesson.example, lesson.examples
    side = owner * 2 + (y > 0)
    weight = 0.5 * c / np.bincount(side, c, 2 * n)[side] / n
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(-(weight * np.log(np.where(y > 0, p, 1 - p))).sum()), weight * (p - y) / (p * (1 - p))


def start() -> np.ndarray:
    """Initial shares and null: samples vote alone, and those well above the middle belong to the part."""
    return np.array([_STEEP] + [0.0] * len(LEVELS) + [_STEEP * _NULL])


def probabilities(fitted: np.ndarray, lesson: Lesson) -> np.ndarray:
    """(R,) the probability of every sample of a lesson, by shares and null."""
    return sigmoid(fitted[:-1] @ lesson.votes - fitted[-1])


def minimise(loss: Callable[[np.ndarray, Lesson], tuple[float, np.ndarray]], lesson: Lesson) -> np.ndarray:
    """The level shares, followed by the null, that minimise a loss; shares stay near the start."""
    from scipy.optimize import minimize

    def value(fitted: np.ndarray) -> tuple[float, np.ndarray]:
        probability = probabilities(fitted, lesson)
        cost, slope = loss(probability, lesson)
        slope = slope * probability * (1 - probability)
        moved = (fitted - start())[:-1]
        slopes = np.append(lesson.votes @ slope + 2 * _REGULAR * moved, -slope.sum())
        return cost + _REGULAR * moved @ moved, slopes

    return minimize(value, start(), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x


def refuse_what_does_not_fit(taught: TaughtWord, examples: Sequence[Example]) -> None:
    """Refuse examples that contradict each other, so that no part fits them all."""
    overlaps = []
    for encoded, mask in examples:
        found = taught.mask(taught.logits(encoded))
        overlaps.append(iou(found, mask))
    if np.mean(overlaps) < _FITS:
        raise InputError(
            f"the examples of {taught.word!r} contradict each other: "
            f"the learned word overlaps them by only {np.mean(overlaps):.0%}"
        )
