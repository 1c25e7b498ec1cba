"""Teaching: a person's marks are checked, mapped onto encoded objects, and learned as a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import level
from part_perception.inputs import numbers
from part_perception.metrics import iou
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import sigmoid
from part_perception.parts.taught import LEVELS, TaughtWord, frozen, mean_look, span, standing

_SAME, _DIFFERENT = 1e-6, 0.5
_COPIES, _MIN_COPIES, _GRAIN = 8, 2, 0.003
_REACH = 0.1  # times the object's size: the farthest a click may be from the nearest point


def check_examples(examples) -> list[tuple[np.ndarray, np.ndarray]]:
    """Check a list of (points, mask), each mask a bool per point; refuse bad ones with the reason."""
    if isinstance(examples, (str, bytes)) or not isinstance(examples, Sequence) or len(examples) == 0:
        raise InputError("examples must be a list of (points, mask) with at least one of them")
    if len(examples) > MAX_EXAMPLES:
        raise InputError(f"at most {MAX_EXAMPLES} examples can be learned from, not {len(examples)}")
    checked = [_checked(example, number) for number, example in enumerate(examples, 1)]
    if all(mask.all() for _, mask in checked):
        raise InputError("every point of every example is marked: nothing tells the part from the rest")
    _refuse_contradictions(checked)
    return checked


def _checked(example, number: int) -> tuple[np.ndarray, np.ndarray]:
    if not isinstance(example, (tuple, list)) or len(example) != 2:
        raise InputError(f"example {number} must be a pair (points, mask)")
    points = numbers(example[0], f"the points of example {number} must be an (N, 3) array of numbers")
    marks = f"the mask of example {number} must hold True and False, or 1 and 0"
    try:
        mask = np.asarray(example[1])
    except ValueError:
        raise InputError(marks) from None
    if mask.shape != points.shape[:1]:
        raise InputError(
            f"the mask of example {number} must be of shape {points.shape[:1]}, one mark a point, not {mask.shape}"
        )
    if mask.dtype != bool and not (mask.dtype.kind in "iuf" and np.isin(mask, (0, 1)).all()):
        raise InputError(marks)
    mask = mask.astype(bool)
    marked = int(mask.sum())
    if marked < MIN_MARKED:
        raise InputError(
            f"example {number} marks {marked} points, but at least {MIN_MARKED} are needed; "
            "grow() turns a click into a region"
        )
    return points, mask


def _refuse_contradictions(checked: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Refuse examples that mark the same cloud differently."""
    for b, (points, mask) in enumerate(checked):
        for a, (before, other) in enumerate(checked[:b]):
            if before.shape != points.shape or not np.allclose(
                before, points, rtol=0, atol=_SAME, equal_nan=True
            ):
                continue
            if iou(mask, other) < _DIFFERENT:
                raise InputError(
                    f"examples {a + 1} and {b + 1} contradict each other: the same cloud is marked differently"
                )


def marked_examples(
    encode: Callable[[np.ndarray], EncodedObject], checked: Sequence[tuple[np.ndarray, np.ndarray]]
) -> list[Example]:
    """Examples as encoded objects with marked samples, followed by turned copies of each."""
    own = [of_samples(encode(points), mask, n) for n, (points, mask) in enumerate(checked, 1)]
    return own + [
        copy
        for (encoded, _), (points, mask) in zip(own, checked, strict=True)
        for copy in copies(encode, encoded.up, points, mask, copies_each(len(checked)))
    ]


def copies_each(examples: int) -> int:
    """The number of turned copies of each example."""
    return max(_COPIES // examples, _MIN_COPIES)


def copies(
    encode: Callable[[np.ndarray], EncodedObject],
    up: np.ndarray,
    points: np.ndarray,
    mask: np.ndarray,
    count: int,
) -> list[Example]:
    """Copies of an example: turned, mirrored, with other noise; copies that lose the part are left out."""
    out = []
    for number in range(count):
        try:
            out.append(of_samples(encode(turned(points, up, number)), mask, number))
        except InputError:
            continue
    return out


def turned(points: np.ndarray, up: np.ndarray, number: int) -> np.ndarray:
    """The cloud turned about `up` by one of many angles, every other copy mirrored, with fresh noise."""
    upright, angle = level(up), (number + 1) * np.pi * (3 - 5**0.5)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    mirror = np.diag([(-1.0) ** number, 1, 1])
    # some drivers write -inf and inf for points that are too near or too far
    size = float(np.ptp(points[np.isfinite(points).all(axis=1)], axis=0).max())
    noise = np.random.default_rng(number).normal(0, _GRAIN * size, points.shape)
    with np.errstate(invalid="ignore"):
        return points @ (upright.T @ turn @ mirror @ upright).T + noise


def of_samples(encoded: EncodedObject, mask: np.ndarray, number: int) -> Example:
    """A mask of input rows as a mask of samples, by majority."""
    marked = np.bincount(encoded.own_member, mask[encoded.own_rows], encoded.patches.count)
    there = np.bincount(encoded.own_member, minlength=encoded.patches.count)
    chosen = marked >= np.maximum(there, 1) / 2
    if not chosen.any():
        chosen = marked > 0
    if not chosen.any():
        raise InputError(f"no marked point of example {number} is finite and on the object")
    return encoded, chosen


def nearest_rows(encoded: EncodedObject, places) -> np.ndarray:
    """The row of the object nearest to each clicked place (K, 3); a click off the object is refused."""
    from scipy.spatial import cKDTree

    places = numbers(places, "clicks must be a (K, 3) array of finite places")
    if places.size == 0:
        return np.zeros(0, np.int64)
    if places.ndim != 2 or places.shape[1] != 3 or not np.isfinite(places).all():
        raise InputError(f"clicks must be a (K, 3) array of finite places, not of shape {places.shape}")
    away, row = cKDTree(encoded.points).query(places)
    reach = _REACH * float(np.ptp(encoded.points, axis=0).max())
    if away.max() > reach:
        raise InputError(f"a click is {away.max():.3g} from the object; {reach:.3g} is the limit")
    return encoded.rows[row]


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
    """(d,) a regularised linear discriminant: from the rest to the part, turned towards low variance."""
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
