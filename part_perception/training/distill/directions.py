"""Directions: forward, the student learns from scored masks; backward, its 3-D agreement scores every mask anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.training.distill.backprojection import Knowledge
from part_perception.training.distill.student import Shape, Student, soft_targets

STEPS = 150
ROUNDS = 3
_SHARPNESS = 2.0


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
    """Each mask's new score: how many of its points the student gives its class, wherever it was seen from."""
    labels = student.labels(shape.encoded)
    return [agreement(k, labels) ** _SHARPNESS for k in shape.knowledge]


def agreement(known: Knowledge, labels: np.ndarray) -> float:
    """The share of a mask's points that have its class."""
    return float((labels[known.points] == known.label).mean())
