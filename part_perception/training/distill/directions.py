"""Directions: forward, the student learns from scored masks; backward, its 3-D agreement scores every mask anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.training.distill.student import Shape, Student, soft_targets

STEPS = 150
ROUNDS = 1


@dataclass(frozen=True)
class Distilled:
    """The student, and the score of every mask of every shape after the last backward pass."""

    student: Student
    scores: list[list[float]]


def distill(
    shapes: Sequence[Shape], classes: int, rounds: int = ROUNDS, steps: int = STEPS, seed: int = 0
) -> Distilled:
    """Forward once, then `rounds` times backward and forward again; rounds=0 is forward distillation alone.

    Every forward pass begins with a new student, so that what the first one learned from wrong masks is not kept.
    """
    if classes < 2:
        raise ValueError(f"there must be at least two words to tell apart, not {classes}")
    scores = [[k.score for k in s.knowledge] for s in shapes]
    student = forward(shapes, scores, classes, steps, seed)
    for number in range(rounds):
        scores = [rescore(student, s) for s in shapes]
        student = forward(shapes, scores, classes, steps, seed + number + 1)
    return Distilled(student, scores)


def forward(
    shapes: Sequence[Shape], scores: Sequence[Sequence[float]], classes: int, steps: int, seed: int
) -> Student:
    """A new student, taught by masks with these scores."""
    student = Student(shapes, classes, seed)
    student.learn([soft_targets(s, c, classes) for s, c in zip(shapes, scores, strict=True)], steps)
    return student


def rescore(student: Student, shape: Shape) -> list[float]:
    """Each mask's new score: how well the student's own belief in its class agrees with where the mask is."""
    belief = shape.encoded.to_points(student.probabilities(shape.encoded).T, np.float32(0))
    return [agreement(k.points, belief[k.label]) for k in shape.knowledge]


def agreement(covered: np.ndarray, belief: np.ndarray) -> float:
    """How much more a class is believed inside a mask than outside, from 0 to 1; 0.5 = alike.

    The ratio is fair to small parts, in which a student taught by a faulty teacher never believes fully.
    """
    inside = float(belief[covered].mean())
    outside = float(belief[~covered].mean()) if not covered.all() else 0.0
    return inside / max(inside + outside, 1e-9)
