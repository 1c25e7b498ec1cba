"""Asking: test that questions are answered like the plain word and that only English is accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from part_perception.errors import InputError
from part_perception.evaluation.paraphrases import FRAMES, NOT_ENGLISH, PARTS, REAL, phrased, words_of
from part_perception.evaluation.taught_shapes import generated
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.metrics import auroc, iou
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.builder import Shape
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import ancestors, cleaned, part_words
from part_perception.simulation.views import View, camera_view, whole_view
from part_perception.simulation.worlds import make_world
from part_perception.terminal import counted
from part_perception.types import Question

FUNCTIONAL_SHAPES = 200
_HAIR = 1e-3  # of confidence
_SEED = 4_000_037
_ABSENT, _MIN_POINTS, _RIGHT = 3, 10, 0.5
_FIRST_WORDS = ("where", "what", "how", "part")
_SAYS_LITTLE = frozenset(
    re.findall(r"\w+", "where what how part to the it by in on a of with one for and that is out up")
)
Figures = dict[str, object]


def evaluate_asking(segmenter: PartSegmenter, shapes: int = FUNCTIONAL_SHAPES) -> dict[str, Figures]:
    """Run all three tests: paraphrases, understanding and functional questions."""
    return {
        "paraphrases": score_paraphrases(segmenter),
        "understanding": score_understanding(segmenter),
        "functional": score_functional(segmenter, shapes),
    }


def score_paraphrases(
    segmenter: PartSegmenter, frames: Sequence[str] = FRAMES, parts: Mapping[str, str] = PARTS
) -> Figures:
    """Share of paraphrases answered like the plain word: same found flag, confidence, mask; no owner."""
    same, asked = 0, 0
    failed: dict[str, list[str]] = {}
    for word, kind in counted(parts.items(), "words"):
        alike = answered_alike(segmenter, generated(kind, _SEED, 0, False), word, frames)
        same, asked = same + int(alike.sum()), asked + len(frames)
        for frame, good in zip(frames, alike, strict=True):
            if not good:
                failed.setdefault(frame, []).append(word)
    return {"frames": len(frames), "words": len(parts), "same_answer": same / asked, "other_answer": failed}


def answered_alike(
    segmenter: PartSegmenter, shape: LabelledShape, word: str, frames: Sequence[str]
) -> np.ndarray:
    """(frames,) bool: which paraphrases of a word get the same answer as the word itself on a shape."""
    questions: list[Question | None] = [segmenter.read(word)]
    for frame in frames:
        try:
            questions.append(segmenter.read(phrased(frame, word)))
        except InputError:
            questions.append(None)
    (encoded,) = segmenter.encode([shape.points], shape.up)
    read = [question for question in questions if question is not None]
    (answer,) = segmenter.answer_read([encoded], read, metres=False)
    good = np.array([question.owner is None and question.understood for question in read])
    good &= (answer.found == answer.found[0]) & (np.abs(answer.confidence - answer.confidence[0]) <= _HAIR)
    good &= (answer.masks == answer.masks[0]).all(axis=1)
    alike = np.array([question is not None for question in questions])
    alike[alike] = good
    return alike[1:]


def score_understanding(segmenter: PartSegmenter) -> Figures:
    """Rate of English names outside the bank that are refused, and of other texts accepted as English."""
    known = segmenter.language.bank.words if segmenter.language.bank else ()
    new = [word for word in words_of(REAL) if word not in set(known)]
    other = words_of(NOT_ENGLISH)
    refused = [word for word in new if not segmenter.read(word).understood]
    accepted = [text for text in other if segmenter.read(text).understood]
    return {
        "new_words": len(new),
        "refused_of_new_words": len(refused) / len(new),
        "other_texts": len(other),
        "accepted_of_other_texts": len(accepted) / len(other),
        "refused": refused,
        "accepted": accepted,
    }


def score_functional(segmenter: PartSegmenter, shapes: int = FUNCTIONAL_SHAPES) -> Figures:
    """Score questions about what parts are for, on generated shapes: whole and single views in turn."""
    kinds = list(KINDS)
    every = (
        [name for name in segmenter.language.bank.parts if is_functional(name)]
        if segmenter.language.bank
        else []
    )
    there, sure, found, overlap = [], [], [], []
    for number in counted(range(shapes), "shapes"):
        rng = np.random.default_rng([_SEED, number])
        shape, world = make_world(KINDS[kinds[number * len(kinds) // shapes]], rng)
        view = camera_view(world, rng) if number % 2 else whole_view(world, rng)
        if len(view.points) < 64:
            continue
        truth = functional_truth(shape, view) | absent_questions(shape, every, view, rng)
        answer = segmenter.ask(view.points, list(truth))
        there += [bool(mask.any()) for mask in truth.values()]
        overlap += [
            iou(mask, true) if true.any() else 0.0
            for mask, true in zip(answer.masks, truth.values(), strict=True)
        ]
        sure += answer.confidence.tolist()
        found += answer.found.tolist()
    present, confidence, taken, ious = map(np.array, (there, sure, found, overlap))
    return {
        "questions": int(present.sum()),
        "auroc": auroc(confidence[present], confidence[~present]),
        "found_when_there": float(taken[present].mean()),
        "found_when_absent": float(taken[~present].mean()),
        "mask_iou": float(ious[present].mean()),
        "right": float((ious[present] >= _RIGHT).mean()),
    }


def is_functional(name: str) -> bool:
    """Whether a name says what a part is for: "where to pour", "part to hold it by"."""
    return name.split()[0] in _FIRST_WORDS and " " in name


def functional_truth(shape: Shape, view: View) -> dict[str, np.ndarray]:
    """Masks of the visible parts by purpose; a sub-part counts towards its parent's purpose."""
    said = [{*cleaned(p.names), *ancestors(shape, i)} for i, p in enumerate(shape.parts)]
    names = sorted(name for name in set().union(*said) if is_functional(name))
    truth = {name: np.array([name in s for s in said] + [False])[view.part] for name in names}
    return {name: true for name, true in truth.items() if true.sum() >= _MIN_POINTS}


def absent_questions(
    shape: Shape, every: Sequence[str], view: View, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Some questions about other objects' parts that share no word with the names of this object's parts."""
    own = {word for p in shape.parts for name in cleaned(p.names) for word in name.split()}
    own |= {word for name in part_words(cleaned(KINDS[shape.kind].names)) for word in name.split()}
    others = [name for name in every if not (set(name.split()) - _SAYS_LITTLE) & own]
    chosen = [others[i] for i in rng.permutation(len(others))[:_ABSENT]]
    return {name: np.zeros(len(view.part), bool) for name in chosen}
