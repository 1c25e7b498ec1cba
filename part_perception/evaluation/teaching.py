"""Teaching: a nonsense word learned from 1, 4 and 8 shapes of a kind, asked on other shapes of that kind.

Run it: python -m part_perception.evaluation.teaching [--kinds N] [--shapes N]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.evaluation.metrics import iou
from part_perception.evaluation.shapes import LabelledShape
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.teaching import learn
from part_perception.parts.teaching_examples import of_samples
from part_perception.segmenter import PartSegmenter
from part_perception.training.engine.kinds import KINDS
from part_perception.training.engine.views import camera_view, whole_view
from part_perception.training.views import make_world

COUNTS = (1, 4, 8)
WORD = "blicket"
TAUGHT_KINDS = (
    "mug", "kettle", "pitcher", "frying pan", "bottle", "hammer", "screwdriver", "scissors", "chair", "guitar",
    "headphones", "watering can", "teapot", "backpack", "faucet", "toilet", "flashlight", "camera",
)  # fmt: skip
_SHARES = (0.015, 0.9)
_SEED = 77
_FEWEST_TESTS = 3


@dataclass(frozen=True)
class Seen:
    """A shape with its encoding: made once, used for every part and every number of examples."""

    shape: LabelledShape
    encoded: EncodedObject

    def mask(self, name: str) -> np.ndarray:
        """(N,) where a part is."""
        here = name in self.shape.names
        return (
            self.shape.labels == self.shape.names.index(name)
            if here
            else np.zeros(len(self.shape.labels), bool)
        )


def generated_shapes(kind: str, count: int, seed: int = _SEED, views: bool = True) -> list[LabelledShape]:
    """Fresh shapes of a kind: whole ones and, where `views` is set, single camera views by turns."""
    return [_generated(kind, seed, number, views and number % 2 == 1) for number in range(count)]


def _generated(kind: str, seed: int, number: int, view: bool) -> LabelledShape:
    rng = np.random.default_rng([seed, number, *kind.encode()])
    shape, world = make_world(KINDS[kind], rng)
    seen = camera_view(world, rng) if view else whole_view(world, rng)
    names = tuple(dict.fromkeys(p.names[0] for p in shape.parts))
    number_of = np.array([names.index(p.names[0]) for p in shape.parts] + [-1])
    return LabelledShape(f"{kind} {number}", seen.points, number_of[seen.part], names, kind, (0.0, 0.0, 1.0))


def see(segmenter: PartSegmenter, shapes: Iterable[LabelledShape]) -> list[Seen]:
    return [Seen(s, segmenter.encode([s.points], s.up)[0]) for s in shapes if len(s.points) >= 64]


def parts_to_teach(seen: Sequence[Seen]) -> dict[str, list[int]]:
    """For each part name the shapes that show enough of it."""
    shown: dict[str, list[int]] = {}
    for i, s in enumerate(seen):
        for name in s.shape.names:
            mask = s.mask(name)[s.encoded.own_rows]
            if mask.any() and _SHARES[0] <= mask.mean() <= _SHARES[1]:
                shown.setdefault(name, []).append(i)
    return shown


def score_kind(
    segmenter: PartSegmenter, seen: Sequence[Seen], counts: Sequence[int], objective: str
) -> list[dict]:
    """Every part of a kind, taught from its first shapes and asked on the last ones."""
    out = []
    most = max(counts)
    for name, where in parts_to_teach(seen).items():
        if len(where) < most + _FEWEST_TESTS:
            continue
        zero = _zero_shot(segmenter, [seen[i] for i in where[most:]], name)
        for count in counts:
            examples = [
                of_samples(seen[i].encoded, seen[i].mask(name), k) for k, i in enumerate(where[:count])
            ]
            began = time.perf_counter()
            predict = mean_word(examples) if objective == "mean" else learned(examples, objective)
            took = time.perf_counter() - began
            for i, without in zip(where[most:], zero, strict=True):
                found = seen[i].encoded.mask_of(predict(seen[i].encoded))
                labelled = seen[i].shape.labels >= 0
                score = iou(found[labelled], seen[i].mask(name)[labelled])
                out.append({"kind": seen[i].shape.category, "part": name, "examples": count, "iou": score,
                            "zero_shot": without, "seconds": took})  # fmt: skip
    return out


def _zero_shot(segmenter: PartSegmenter, tests: Sequence[Seen], name: str) -> list[float]:
    answers = segmenter.answer_many([t.encoded for t in tests], [name])
    return [
        iou(a.masks[0][t.shape.labels >= 0], t.mask(name)[t.shape.labels >= 0])
        for a, t in zip(answers, tests, strict=True)
    ]


def learned(examples, objective: str):
    """The taught word as a function from an encoded object to a mask of its samples."""
    word = learn(WORD, examples, objective)
    return lambda encoded: word.mask(word.logits(encoded))


def mean_word(examples):
    """The simplest comparison: the mean feature of what is marked less that of the rest, cut where it fits best."""
    inside = np.mean([e.features[m].mean(axis=0) for e, m in examples], axis=0)
    outside = np.mean([e.features[~m].mean(axis=0) for e, m in examples if not m.all()], axis=0)
    scores = [e.features @ (inside - outside) for e, _ in examples]
    cuts = np.quantile(np.concatenate(scores), np.linspace(0.02, 0.98, 60))
    fits = [np.mean([iou(s > c, m) for s, (_, m) in zip(scores, examples, strict=True)]) for c in cuts]
    cut = cuts[int(np.argmax(fits))]
    return lambda encoded: encoded.features @ (inside - outside) > cut


def summary(scores: Sequence[dict]) -> dict:
    """Mean IoU by number of examples, the zero-shot answer to the part's own name beside it, and the longest lesson."""
    counts = sorted({s["examples"] for s in scores})
    return {
        "words": len({(s["kind"], s["part"]) for s in scores}),
        "iou": {n: float(np.mean([s["iou"] for s in scores if s["examples"] == n])) for n in counts},
        "zero_shot": float(np.mean([s["zero_shot"] for s in scores])) if scores else float("nan"),
        "longest_seconds": max((s["seconds"] for s in scores), default=0.0),
    }


def evaluate_teaching(
    segmenter: PartSegmenter,
    groups: dict[str, list[LabelledShape]],
    counts: Sequence[int] = COUNTS,
    objectives: Sequence[str] = ("mean", "cross-entropy", "overlap"),
) -> dict:
    """Figures for groups of shapes of one kind each; the same shapes for every objective."""
    scores: dict[str, list[dict]] = {objective: [] for objective in objectives}
    for shapes in groups.values():
        seen = see(segmenter, shapes)
        for objective in objectives:
            scores[objective] += score_kind(segmenter, seen, counts, objective)
    return {objective: summary(of) for objective, of in scores.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model")
    parser.add_argument("--kinds", type=int, default=len(TAUGHT_KINDS))
    parser.add_argument("--shapes", type=int, default=16, help="of each kind")
    args = parser.parse_args()
    groups = {kind: generated_shapes(kind, args.shapes) for kind in TAUGHT_KINDS[: args.kinds]}
    print(json.dumps(evaluate_teaching(PartSegmenter.load(args.model), groups), indent=1))


if __name__ == "__main__":
    main()
