"""Answers: texts asked of every object of a frame → parts, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from part_perception.parts.owners import Likeness
from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.memory import Observation
from part_perception.scene.objects import SceneObject
from part_perception.scene.segmenting import Segmenter
from part_perception.types import NO_INDICES, Answer, Grasp, Part, Question

THEIR_OWN = 0.5  # an answer that is worth less is one about another object than the one named
GraspPlanner = Callable[[np.ndarray, SceneObject], Sequence[Grasp]]


class Answers:
    """What the segmenter says of all phrases on all observations of all objects, as tables of objects by phrases."""

    def __init__(
        self,
        segmenter: Segmenter,
        objects: Sequence[SceneObject],
        questions: Sequence[Question],
        answer_cache: AnswerCache,
    ):
        phrases = dict.fromkeys(question.phrase for question in questions if question.understood)
        self.column = {phrase: k for k, phrase in enumerate(phrases)}
        answers = iter(
            answer_cache.answers(
                segmenter, [look for o in objects for look in o.observations], tuple(phrases)
            )
        )
        self.of = [[next(answers) for _ in thing.observations] for thing in objects]
        shape = (len(objects), len(phrases))
        self.confidence, self.found = np.zeros(shape), np.zeros(shape, bool)
        for row, observations in enumerate(self.of):  # the best any look says
            self.confidence[row] = np.max([answer.confidence for answer in observations], axis=0)
            self.found[row] = np.any([answer.found for answer in observations], axis=0)
        self._segmenter, self._objects = segmenter, objects
        self._likeness: dict[str, Likeness] = {}

    def worth(self, question: Question, owners: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
        """(objects,) what an answer on each is worth, and which of the owners that are named besides it belongs to.

        It is worth less on those that are not the part's owner, and 0 if that is absent. Where the text does not say
        outright whose part it is, nobody is sure that there is an owner.
        """
        names = owners or ([question.owner] if question.owner else [])
        if not names:
            return np.ones(len(self._objects)), np.zeros(len(self._objects), int)
        certain, worth = bool(owners) or question.certain, []
        for name in names:
            likeness = self.likeness(name)
            worth.append(np.zeros(len(self._objects)) if certain and likeness.absent else likeness.weights)
        return np.max(worth, axis=0), np.argmax(worth, axis=0)

    def likeness(self, name: str) -> Likeness:
        """How much each object is like a name, as its observations say on average; computed once."""
        if name not in self._likeness:
            self._likeness[name] = self._mean_likeness(name)
        return self._likeness[name]

    def _mean_likeness(self, name: str) -> Likeness:
        encoded = [look.encoded for thing in self._objects for look in thing.observations]
        of = np.repeat(np.arange(len(self._objects)), [len(thing.observations) for thing in self._objects])
        looks = self._segmenter.likeness(encoded, name)
        return Likeness(
            *(np.bincount(of, chance) / np.bincount(of) for chance in (looks.own, looks.akin, looks.other))
        )


def answer(
    question: Question,
    answers: Answers,
    objects: Sequence[SceneObject],
    stamp: float,
    grasps: GraspPlanner,
    owners: Sequence[str] = (),
) -> list[tuple[Part, int]]:
    """All parts found, best first, each with the number of its owner; if there is none, one that says so."""
    if not objects or not question.understood:
        return [(missing(question, question.remark), 0)]
    weight, owner = answers.worth(question, owners)
    if not weight.any():
        named = " or ".join(f'"{name}"' for name in owners or [question.owner or ""])
        return [(missing(question, f"no object here is a {named}"), 0)]
    column = answers.column[question.phrase]
    parts = []
    for k in map(int, np.flatnonzero(answers.found[:, column] & (weight >= THEIR_OWN))):
        found = parts_of(question, column, answers.of[k], objects[k], float(weight[k]), stamp, grasps)
        parts += [(part, int(owner[k])) for part in found]
    if not parts:
        sure = weight * answers.confidence[:, column]
        likeliest = objects[int(sure.argmax())].id
        return [(missing(question, question.remark, float(sure.max()), likeliest), 0)]
    return sorted(parts, key=lambda pair: -pair[0].confidence)


def missing(question: Question, remark: str, confidence: float = 0.0, object_id: int = -1) -> Part:
    """The answer where there is none."""
    return Part(
        question.text,
        False,
        confidence,
        object_id=object_id,
        understood=question.understood,
        remark=remark,
    )


def parts_of(
    question: Question,
    column: int,
    answers: Sequence[Answer],
    thing: SceneObject,
    weight: float,
    stamp: float,
    grasps: GraspPlanner,
) -> list[Part]:
    """One object's instances of a part, from the look that is surest of it."""
    best = max(range(len(answers)), key=lambda k: (answers[k].found[column], answers[k].confidence[column]))
    instances = answers[best].instances[column]
    newest = float(answers[-1].confidence[column])
    look = thing.observations[best]
    return [
        to_frame(question, instance, number, thing, look, newest, weight, stamp, grasps)
        for number, instance in enumerate(instances)
        if len(instance.indices)
    ]


def to_frame(
    question: Question,
    instance: Part,
    number: int,
    thing: SceneObject,
    look: Observation,
    newest: float,
    weight: float,
    stamp: float,
    grasps: GraspPlanner,
) -> Part:
    """An instance on a look's points → a part of this frame; where it is out of sight now, its remembered place."""
    here = thing.visible(look, instance.indices)
    confidence, age = weight * instance.confidence, 0.0
    if len(here):
        # the newest look sees the place too and has a say
        confidence = (confidence + weight * min(newest, instance.confidence)) / 2
    else:
        age = max(0.0, stamp - look.seen)

    def place() -> tuple[np.ndarray, np.ndarray]:
        if len(here):
            return thing.indices[here].astype(np.int64), thing.points[here]
        return NO_INDICES, thing.remembered(look, instance.indices)

    return Part.located(
        question.text,
        float(confidence),
        place,
        lambda points: grasps(points, thing),
        object_id=thing.id,
        instance=number,
        age=age,
        remark=question.remark,
    )
