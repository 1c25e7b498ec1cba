"""Distillation: the test bench. A faulty teacher labels views of generated objects; who is how good at their parts?

Run it: python -m part_perception.evaluation.distillation
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.evaluation.metrics import part_ious
from part_perception.evaluation.shapes import LabelledShape
from part_perception.evaluation.teaching import generated_shapes
from part_perception.parts.encoded import EncodedObject
from part_perception.segmenter import PartSegmenter
from part_perception.training.distill.backprojection import Knowledge, lift, vote
from part_perception.training.distill.directions import ROUNDS, STEPS, distill
from part_perception.training.distill.simulated_teacher import (
    Faults,
    camera_around,
    faulty_masks,
    label_image,
)
from part_perception.training.distill.student import Shape

BENCH_KINDS = ("mug", "hammer", "chair", "kettle", "table lamp", "screwdriver")
_SEED = 500


@dataclass(frozen=True)
class Recorded:
    """A shape with its encoding and the teacher's masks on its points."""

    shape: LabelledShape
    labels: np.ndarray
    encoded: EncodedObject
    knowledge: tuple[Knowledge, ...]


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
    return Recorded(shape, labels, segmenter.encode([shape.points], shape.up)[0], tuple(known))


def mean_iou(predicted: Sequence[np.ndarray], recorded: Sequence[Recorded], classes: int) -> float:
    """mIoU over shapes, each over its own parts."""
    return float(
        np.mean(
            [
                np.nanmean(part_ious(p, r.labels, classes))
                for p, r in zip(predicted, recorded, strict=True)
                if (r.labels >= 0).any()
            ]
        )
    )


def score_kind(
    segmenter: PartSegmenter, kind: str, count: int, views: int, faults: Faults, labelled: int = 2
) -> dict[str, float]:
    """One kind: teacher, forward, backward, both, and both with a few labelled shapes, on recorded and new shapes."""
    shapes = generated_shapes(kind, count + count // 2, _SEED, views=False)
    words = closed_words(shapes)
    rng = np.random.default_rng(_SEED)
    seen = [record(segmenter, s, words, views, faults, rng) for s in shapes]
    here, new = seen[:count], seen[count:]
    classes = len(words)
    lessons = [Shape(r.encoded, r.knowledge) for r in here]
    told = [Shape(r.encoded, r.knowledge, r.labels if i < labelled else None) for i, r in enumerate(here)]

    def voted(scores) -> float:
        answers = [vote(r.knowledge, s, len(r.labels), classes) for r, s in zip(here, scores, strict=True)]
        return mean_iou(answers, here, classes)

    def answered(student, recorded) -> float:
        return mean_iou([student.labels(r.encoded) for r in recorded], recorded, classes)

    forward = distill(lessons, classes, rounds=0, steps=STEPS)
    both = distill(lessons, classes, rounds=ROUNDS, steps=STEPS)
    helped = distill(told, classes, rounds=ROUNDS, steps=STEPS)
    return {
        "teacher": voted([[k.score for k in r.knowledge] for r in here]),
        "forward": answered(forward.student, here),
        "backward": voted(both.scores),
        "both": answered(both.student, here),
        "both_new_shapes": answered(both.student, new),
        "both_few_labelled": answered(helped.student, here[labelled:]),
    }


def evaluate_distillation(
    segmenter: PartSegmenter,
    kinds: Sequence[str] = BENCH_KINDS,
    count: int = 12,
    views: int = 5,
    faults: Faults | None = None,
) -> dict:
    """The ablation table over kinds, and the gains that matter."""
    rows = {kind: score_kind(segmenter, kind, count, views, faults or Faults()) for kind in kinds}
    mean = {k: float(np.mean([row[k] for row in rows.values()])) for k in next(iter(rows.values()))}
    gains = {
        "student_over_teacher": mean["both"] - mean["teacher"],
        "backward_over_forward": mean["both"] - mean["forward"],
    }
    return {"kinds": rows, "mean": mean, "gains": gains}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model")
    parser.add_argument("--kinds", nargs="+", default=list(BENCH_KINDS))
    parser.add_argument("--shapes", type=int, default=12)
    parser.add_argument("--views", type=int, default=5)
    args = parser.parse_args()
    report = evaluate_distillation(PartSegmenter.load(args.model), args.kinds, args.shapes, args.views)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
