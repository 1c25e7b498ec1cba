"""Distillation bench: a faulty teacher labels views of generated objects; it and its students are scored."""

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
from part_perception.parts.encoded import EncodedObject
from part_perception.recordings.shots import Camera, ScoredMask
from part_perception.segmenter import PartSegmenter
from part_perception.simulation.capture import look_at
from part_perception.terminal import counted
from part_perception.training.distill.directions import Scores, distill, guarded, teacher_scores
from part_perception.training.distill.lessons import Knowledge, Lesson, lift, pixels_of, vote
from part_perception.training.distill.student import Student, student_of
from part_perception.training.distill.weighing import learn_weights, weighed

_SIDE = 96


@dataclass(frozen=True)
class Faults:
    """Rates of missed parts and wrong words, the spill of masks in pixels, and the noise of scores.

    `score_noise` is independent for each mask; `view_noise` shifts all scores of a view together.
    """

    missed: float = 0.3
    wrong: float = 0.25
    spill: int = 5
    score_noise: float = 0.2
    view_noise: float = 0.1


def camera_around(points: np.ndarray, azimuth: float, elevation: float) -> Camera:
    """A camera that sees the whole object from the given direction."""
    size = float(np.linalg.norm(np.ptp(points, axis=0)))
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    pose = look_at(azimuth, elevation, 2.5 * size, middle)
    focal = 2.3 * _SIDE
    matrix = np.array([[focal, 0, _SIDE / 2], [0, focal, _SIDE / 2], [0, 0, 1.0]])
    return Camera(matrix, _SIDE, _SIDE, pose[:3, :3].T, pose[:3, 3])


def label_image(points: np.ndarray, labels: np.ndarray, camera: Camera) -> np.ndarray:
    """(H, W) the label seen in each pixel, -1 = nothing: the output of a perfect 2-D model."""
    from scipy.ndimage import distance_transform_edt

    pixel, visible = pixels_of(points, camera)
    flat = np.full(camera.width * camera.height, -2)
    flat[pixel[visible]] = labels[visible]
    image = flat.reshape(camera.height, camera.width)
    away, (row, column) = distance_transform_edt(image == -2, return_indices=True)
    return np.where(away <= 2, image[row, column], -1)


def faulty_masks(
    image: np.ndarray, words: Sequence[str], faults: Faults, rng: np.random.Generator
) -> list[ScoredMask]:
    """The masks of a label image as a faulty model reports them."""
    from scipy.ndimage import binary_dilation

    out, liked = [], rng.normal(0, faults.view_noise)
    for label in np.unique(image[image >= 0]):
        if rng.random() < faults.missed:
            continue
        said, wrong = int(label), rng.random() < faults.wrong
        if wrong:
            said = int(rng.choice([c for c in range(len(words)) if c != label]))
        reach = int(rng.integers(0, faults.spill + 1))
        mask = binary_dilation(image == label, iterations=reach) if reach else image == label
        score = np.clip((0.55 if wrong else 0.65) + liked + rng.normal(0, faults.score_noise), 0.05, 1.0)
        out.append(ScoredMask(words[said], mask, float(score)))
    return out


BENCH_KINDS = ("mug", "hammer", "chair", "kettle", "table lamp", "screwdriver")
LABELLED = 2
WEIGHED = 4  # labelled shapes from which the weights of masks are learned
_SEED = 500


@dataclass(frozen=True)
class Recorded:
    """A shape, the true word index of each point, and the teacher's lesson about it."""

    shape: LabelledShape
    labels: np.ndarray
    lesson: Lesson


def closed_words(shapes: Sequence[LabelledShape]) -> list[str]:
    """Words that at least half of the shapes have."""
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
        known += lift(masks, camera, shape.points, words, v)[0]
    return Recorded(shape, labels, Lesson(segmenter.encode([shape.points], shape.up)[0], tuple(known)))


def mean_iou(predicted: Sequence[np.ndarray], recorded: Sequence[Recorded], classes: int) -> float:
    """mIoU over shapes, each over its own parts."""
    pairs = [(p, r.labels) for p, r in zip(predicted, recorded, strict=True) if (r.labels >= 0).any()]
    return float(np.mean([np.nanmean(part_ious(p, labels, classes)) for p, labels in pairs]))


def new_words(count: int, length: int) -> np.ndarray:
    """(count, length) vectors of words unknown to any model, so the teacher is the only source for them."""
    vectors = np.random.default_rng(_SEED).normal(size=(count, length))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def score_kind(
    segmenter: PartSegmenter, model: Student, kind: str, count: int, views: int, faults: Faults
) -> dict[str, float]:
    """mIoU for one kind: the teacher, each direction alone, both, a few labels; and both with known words."""
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
    row |= _weighed(student, lessons, here)
    row |= {"known_before": answered(student, here), "known_before_new_shapes": answered(student, new)}
    distill(student, lessons)
    row |= {"known_both": answered(student, here), "known_both_new_shapes": answered(student, new)}
    student.step = student.step.times(guarded(student, lessons))
    return row | {
        "known_guarded": answered(student, here),
        "known_guarded_new_shapes": answered(student, new),
    }


def _weighed(student: Student, lessons: Sequence[Lesson], recorded: Sequence[Recorded]) -> dict[str, float]:
    """mIoU of votes by the teacher's scores, and by weights learned on the first few shapes, on the rest."""

    def belief(encoded: EncodedObject) -> np.ndarray:
        return encoded.to_points(student.probabilities(encoded).T, np.float32(0))

    few = min(WEIGHED, len(lessons) - 1)
    taught = [replace(x, labels=r.labels) for x, r in zip(lessons[:few], recorded, strict=False)]
    rest, classes = lessons[few:], len(student.text)
    weigher = learn_weights(taught, classes, belief)

    def voted(scores: Scores) -> float:
        given = zip(rest, recorded[few:], scores, strict=True)
        return mean_iou(
            [vote(x.knowledge, s, len(r.labels), classes) for x, r, s in given], recorded[few:], classes
        )

    plain, learned = teacher_scores(rest).scores, weighed(weigher, rest, belief)
    return {"plain_votes": voted(plain), "weighed_votes": voted(learned)}


def _shapes_of(kind: str, count: int) -> list[LabelledShape]:
    """Shapes that the teacher sees, and half that number that it does not."""
    return generated_shapes(kind, count + max(count // 2, 1), _SEED, views=False)


def _words_of(kinds: Sequence[str], count: int) -> list[str]:
    """All words used in the bench."""
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
    rows = {
        kind: score_kind(segmenter, student, kind, count, views, faults or Faults())
        for kind in counted(kinds, "kinds")
    }
    mean = {k: float(np.mean([row[k] for row in rows.values()])) for k in next(iter(rows.values()))}
    gains = {
        "student_over_teacher": mean["both"] - mean["teacher"],
        "backward_over_forward": mean["both"] - mean["forward"],
    }
    return {"kinds": rows, "mean": mean, "gains": gains}
