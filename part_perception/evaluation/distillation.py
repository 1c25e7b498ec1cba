"""Distillation: the test bench. A faulty teacher labels views of generated objects; who is how good at their parts?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from part_perception.encoder.store import load_manifest
from part_perception.evaluation.teaching import generated_shapes
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import part_ious
from part_perception.model_folders import find_model, give_words
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.backprojection import Knowledge, lift, vote
from part_perception.training.distill.directions import Scores, distill, teacher_scores
from part_perception.training.distill.lessons import Lesson
from part_perception.training.distill.simulated_teacher import (
    Faults,
    camera_around,
    faulty_masks,
    label_image,
)
from part_perception.training.distill.student import Student, student_of

BENCH_KINDS = ("mug", "hammer", "chair", "kettle", "table lamp", "screwdriver")
LABELLED = 2
_SEED = 500


@dataclass(frozen=True)
class Recorded:
    """A shape, the truth of its points among the words, and the lesson that the teacher makes of it."""

    shape: LabelledShape
    labels: np.ndarray
    lesson: Lesson


def closed_words(shapes: Sequence[LabelledShape]) -> list[str]:
    """The words that most shapes of the kind have."""
    counts = {n: sum(n in s.names for s in shapes) for s in shapes for n in s.names}
    return [n for n, c in counts.items() if c >= 0.5 * len(shapes)]


def record(
    segmenter: PartSegmenter,
    shape: LabelledShape,
    words: Sequence[str],
    views: int,
    faults: Faults,
    rng: np.random.Generator,
) -> Recorded:
    """Look at a shape from several sides with a faulty teacher."""
    number = np.array([list(words).index(n) if n in words else -1 for n in shape.names] + [-1])
    labels = number[shape.labels]
    known: list[Knowledge] = []
    for v in range(views):
        camera = camera_around(
            shape.points, 2 * np.pi * v / views + rng.uniform(0, 0.5), rng.uniform(0.2, 0.9)
        )
        masks = faulty_masks(label_image(shape.points, labels, camera), words, faults, rng)
        known += lift(masks, camera, shape.points, words)[0]
    return Recorded(shape, labels, Lesson(segmenter.encode([shape.points], shape.up)[0], tuple(known)))


def mean_iou(predicted: Sequence[np.ndarray], recorded: Sequence[Recorded], classes: int) -> float:
    """mIoU over shapes, each over its own parts."""
    pairs = [(p, r.labels) for p, r in zip(predicted, recorded, strict=True) if (r.labels >= 0).any()]
    return float(np.mean([np.nanmean(part_ious(p, labels, classes)) for p, labels in pairs]))


def new_words(count: int, length: int) -> np.ndarray:
    """(count, length) vectors of words that no model has heard: all that is known of them, the teacher said."""
    vectors = np.random.default_rng(_SEED).normal(size=(count, length))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def score_kind(
    segmenter: PartSegmenter, model: Student, kind: str, count: int, views: int, faults: Faults
) -> dict[str, float]:
    """One kind: the teacher, each direction alone and both, with some labels; and both with words known before."""
    shapes = _shapes_of(kind, count)
    words = closed_words(shapes)
    rng = np.random.default_rng(_SEED)
    seen = [record(segmenter, s, words, views, faults, rng) for s in shapes]
    here, new = seen[:count], seen[count:]
    lessons = [r.lesson for r in here]
    told = [replace(x, labels=here[i].labels) if i < LABELLED else x for i, x in enumerate(lessons)]

    def voted(scores: Scores) -> float:
        given = zip(here, scores, strict=True)
        answers = [vote(r.lesson.knowledge, s, len(r.labels), len(words)) for r, s in given]
        return mean_iou(answers, here, len(words))

    def answered(student: Student, recorded: Sequence[Recorded]) -> float:
        return mean_iou([student.labels(r.lesson.encoded) for r in recorded], recorded, len(words))

    row = {"teacher": voted(teacher_scores(lessons).scores)}
    student = model.of_other_words(new_words(len(words), segmenter.language.dim))
    first = distill(student, lessons, rounds=0)
    row["forward"] = answered(student, here)
    second = distill(student, lessons, state=first)
    row |= {"backward": voted(second.scores), "both": answered(student, here)}
    row["both_new_shapes"] = answered(student, new)
    distill(student, told)
    row["few_labelled"] = answered(student, here[LABELLED:])
    row["few_labelled_new_shapes"] = answered(student, new)
    student = model.of_other_words(segmenter.embed(words))
    row["known_before"] = answered(student, here)
    distill(student, lessons)
    return row | {"known_both": answered(student, here), "known_both_new_shapes": answered(student, new)}


def _shapes_of(kind: str, count: int) -> list[LabelledShape]:
    """Shapes that are looked at, and half as many that nobody looks at."""
    return generated_shapes(kind, count + max(count // 2, 1), _SEED, views=False)


def _words_of(kinds: Sequence[str], count: int) -> list[str]:
    """All words that the bench speaks."""
    return ["body", "handle", *(word for kind in kinds for word in closed_words(_shapes_of(kind, count)))]


def evaluate_distillation(
    model: str | Path | None = None,
    kinds: Sequence[str] = BENCH_KINDS,
    count: int = 12,
    views: int = 5,
    faults: Faults | None = None,
) -> dict:
    """The ablation table over kinds, and the gains that matter."""
    folder = find_model(model)
    give_words(folder, load_manifest(folder), _words_of(kinds, count))
    segmenter = PartSegmenter.load(folder)
    student = student_of(folder, segmenter, ["body", "handle"])
    rows = {kind: score_kind(segmenter, student, kind, count, views, faults or Faults()) for kind in kinds}
    mean = {k: float(np.mean([row[k] for row in rows.values()])) for k in next(iter(rows.values()))}
    gains = {
        "student_over_teacher": mean["both"] - mean["teacher"],
        "backward_over_forward": mean["both"] - mean["forward"],
    }
    return {"kinds": rows, "mean": mean, "gains": gains}
