"""Answers: texts asked of every object of a frame → parts, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.memory import Observation
from part_perception.scene.objects import SceneObject
from part_perception.scene.questions import Question
from part_perception.scene.segmenting import Segmenter
from part_perception.types import NO_INDICES, Answer, Grasp, Part

STRANGER = 0.5  # what an answer is worth on an object that is not the one named
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
        phrases = {phrase: None for q in questions for phrase in (*q.phrases, q.owner) if phrase}
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


def answer(
    question: Question, answers: Answers, objects: Sequence[SceneObject], stamp: float, grasps: GraspPlanner
) -> list[Part]:
    """All parts found, best first; if there is none, one that says so, where the part would be likeliest."""
    if not objects:
        return [Part(question.text, False, 0.0)]
    column, weight = columns(question, answers), np.ones(len(objects))
    if question.owner and (question.certain or len(column) == len(question.phrases)):
        likeness = answers.confidence[:, answers.column[question.owner]]
        weight = STRANGER + (1 - STRANGER) * likeness / max(likeness.max(), STRANGER)
    sure, found = answers.confidence[:, column], answers.found[:, column]
    phrase = (found + sure).argmax(axis=1)  # what was found comes before what is only surer
    row = np.arange(len(objects))
    sure, found, column = sure[row, phrase], found[row, phrase], np.asarray(column)[phrase]
    parts = []
    for k in np.flatnonzero(found):
        parts += parts_of(
            question.text, int(column[k]), answers.of[k], objects[k], float(weight[k]), stamp, grasps
        )
    if not parts:
        k = int((weight * sure).argmax())
        return [Part(question.text, False, float(weight[k] * sure[k]), object_id=objects[k].id)]
    return sorted(parts, key=lambda part: -part.confidence)


def columns(question: Question, answers: Answers) -> list[int]:
    """Of the phrases that are worth asking: those that name an owner only if there is one."""
    owner = question.owner
    known = owner is not None and answers.found[:, answers.column[owner]].any()
    phrases = question.phrases if known or question.certain else question.phrases[:1]
    return [answers.column[phrase] for phrase in phrases]


def parts_of(
    text: str,
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
        to_frame(text, instance, number, thing, look, newest, weight, stamp, grasps)
        for number, instance in enumerate(instances)
        if len(instance.indices)
    ]


def to_frame(
    text: str,
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
        text,
        float(confidence),
        place,
        lambda points: grasps(points, thing),
        object_id=thing.id,
        instance=number,
        age=age,
    )
