"""Directions: forward, the student learns from scored masks; backward, its 3-D agreement scores every mask again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.training.distill.lessons import Lesson, soft_targets
from part_perception.training.distill.student import Step, Student

STEPS = 150
ROUNDS = 2
SHARPNESS = 3
LABELLED_SCORE = 2.0  # a person's label against a mask's score of at most 1

Scores = list[list[float]]


@dataclass(frozen=True)
class State:
    """State of a distillation: the number of forward passes, every mask's score, and what was learned."""

    done: int
    scores: Scores
    step: Step | None = None


def teacher_scores(lessons: Sequence[Lesson]) -> State:
    """Return the initial state, with the teacher's scores for all masks."""
    return State(0, [[k.score for k in lesson.knowledge] for lesson in lessons])


def distill(
    student: Student,
    lessons: Sequence[Lesson],
    rounds: int = ROUNDS,
    steps: int = STEPS,
    seed: int = 0,
    state: State | None = None,
    after: Callable[[State], None] = lambda state: None,
) -> State:
    """Go forward once, then `rounds` times backward and forward again; rounds=0 is forward distillation alone.

    Every forward pass starts fresh, so that what the first one learned from wrong masks is not kept. `after` gets the
    state after every forward pass; given one, this goes on from there.
    """
    state = state or teacher_scores(lessons)
    if state.step is not None:
        student.step = state.step
    while state.done <= rounds:
        scores = state.scores if state.done == 0 else backward(student, lessons)
        forward(student, lessons, scores, steps, seed + state.done)
        state = State(state.done + 1, scores, student.step)
        after(state)
    return state


SHARES = (0.0, 0.5, 1.0)  # of a step
_GAIN = 0.01  # minimum improvement on held-out masks
_MIN_LESSONS = 4  # minimum number of lessons to split in half


def guarded(
    student: Student, lessons: Sequence[Lesson], rounds: int = ROUNDS, steps: int = STEPS, seed: int = 0
) -> float:
    """Return the share of its step (0, 0.5 or 1) a student should take, so that a bad teacher does no harm.

    It learns from half of the lessons at a time and is tested on the unseen masks of the other half.
    Afterwards the student is restored.
    """
    taught = [x for x in lessons if x.knowledge]
    if len(taught) < _MIN_LESSONS:
        return 1.0
    kept, met = student.step, np.zeros(len(SHARES))
    # the objects of every frame come in the same order
    order = np.random.default_rng(seed).permutation(len(taught))
    halves = tuple([taught[k] for k in order[side::2]] for side in (0, 1))
    for learned, asked in (halves, halves[::-1]):
        distill(student, learned, rounds, steps, seed)
        step = student.step
        for k, share in enumerate(SHARES):
            student.step = step.times(share)
            met[k] += how_met(student, asked) / 2
    student.step = kept
    best = int(met.argmax())
    return SHARES[best] if met[best] >= met[0] + _GAIN else 0.0


def how_met(student: Student, lessons: Sequence[Lesson]) -> float:
    """Return the share of masked points labelled correctly: mean by score per word, then over words."""
    hit, said = np.zeros(len(student.text)), np.zeros(len(student.text))
    for lesson in lessons:
        labels = student.labels(lesson.encoded)
        for known in lesson.knowledge:
            hit[known.label] += known.score * (labels[known.points] == known.label).mean()
            said[known.label] += known.score
    return float((hit[said > 0] / said[said > 0]).mean())


def forward(student: Student, lessons: Sequence[Lesson], scores: Scores, steps: int, seed: int) -> None:
    """Learn from masks with these scores."""
    classes = len(student.text)
    targets = [soft_targets(x, c, classes, LABELLED_SCORE) for x, c in zip(lessons, scores, strict=True)]
    student.learn([x.encoded for x in lessons], targets, steps, seed)


def backward(student: Student, lessons: Sequence[Lesson]) -> Scores:
    """Return every mask's new score: the student's agreement with it, sharpened.

    The masks of a word keep their total weight from the teacher; otherwise, a student that finds one word
    easier than another would trust the other less and less.
    """
    agreed = [rescore(student, lesson) for lesson in lessons]
    given, left = np.zeros(len(student.text)), np.zeros(len(student.text))
    for lesson, scores in zip(lessons, agreed, strict=True):
        for known, score in zip(lesson.knowledge, scores, strict=True):
            given[known.label] += known.score
            left[known.label] += score**SHARPNESS
    share = given / np.maximum(left, 1e-9)
    return [
        [float(share[k.label] * s**SHARPNESS) for k, s in zip(lesson.knowledge, scores, strict=True)]
        for lesson, scores in zip(lessons, agreed, strict=True)
    ]


def rescore(student: Student, lesson: Lesson) -> list[float]:
    """Return each mask's agreement with the student."""
    belief = lesson.encoded.to_points(student.probabilities(lesson.encoded).T, np.float32(0))
    return [agreement(k.points, belief[k.label]) for k in lesson.knowledge]


def agreement(covered: np.ndarray, belief: np.ndarray) -> float:
    """Return how much more probable a class is inside a mask than outside, from 0 to 1; 0.5 = equal.

    The ratio is fair to small parts, where a student of an imperfect teacher never reaches high
    probabilities.
    """
    inside = float(belief[covered].mean())
    outside = float(belief[~covered].mean()) if not covered.all() else 0.0
    return inside / max(inside + outside, 1e-9)
