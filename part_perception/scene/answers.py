"""Answers: texts asked of every object of a frame → parts, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from part_perception.scene.boxes import principal_box
from part_perception.scene.objects import SceneObject
from part_perception.scene.questions import Question
from part_perception.types import Answer, Grasp, Part

NOWHERE = np.full(3, np.nan)
NO_INDICES = np.zeros(0, np.int64)
STRANGER = 0.5  # what an answer is worth on an object that is not the one named
GraspPlanner = Callable[[np.ndarray, SceneObject], Sequence[Grasp]]


class Answers:
    """What the segmenter says of all phrases on all looks of all objects: asked once, for all questions together."""

    def __init__(self, segmenter: Any, objects: Sequence[SceneObject], questions: Sequence[Question]):
        phrases = {phrase: None for q in questions for phrase in (*q.phrases, q.owner) if phrase}
        self.column = {phrase: k for k, phrase in enumerate(phrases)}
        looks = [look for thing in objects for look in thing.looks]
        answers = iter(
            segmenter.answer_many([look.encoded for look in looks], list(phrases)) if looks else ()
        )
        self.of = {thing.id: [next(answers) for _ in thing.looks] for thing in objects}

    def confidence(self, thing: SceneObject, phrase: str) -> float:
        """The best any look says."""
        return max(float(answer.confidence[self.column[phrase]]) for answer in self.of[thing.id])

    def found(self, thing: SceneObject, phrase: str) -> bool:
        return any(bool(answer.found[self.column[phrase]]) for answer in self.of[thing.id])


def answer(
    question: Question, answers: Answers, objects: Sequence[SceneObject], stamp: float, grasps: GraspPlanner
) -> list[Part]:
    """All parts found, best first; if there is none, one that says so, where the part would be likeliest."""
    owner = question.owner
    known = owner is not None and any(answers.found(thing, owner) for thing in objects)
    phrases = question.phrases if known or question.certain else question.phrases[:1]
    best_owner = max((answers.confidence(thing, owner) for thing in objects), default=0.0) if owner else 0.0
    parts, misses = [], []
    for thing in objects:
        weight = 1.0
        if owner and (known or question.certain):
            likeness = answers.confidence(thing, owner) / max(best_owner, STRANGER)
            weight = STRANGER + (1 - STRANGER) * likeness
        phrase = max(
            phrases, key=lambda p, thing=thing: (answers.found(thing, p), answers.confidence(thing, p))
        )
        column = answers.column[phrase]
        found = parts_of(question.text, column, answers.of[thing.id], thing, weight, stamp, grasps)
        parts += found
        if not found:
            misses.append((weight * answers.confidence(thing, phrase), column, thing))
    if not parts:
        return [nearest_miss(question.text, misses, answers, stamp)]
    return sorted(parts, key=lambda part: -part.confidence)


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
    if not any(answer.found[column] for answer in answers):
        return []
    best = max(range(len(answers)), key=lambda k: (answers[k].found[column], answers[k].confidence[column]))
    instances = answers[best].instances[column] if answers[best].instances else (answers[best].parts[column],)
    newest = float(answers[-1].confidence[column])
    parts = []
    for number, instance in enumerate(instances):
        parts.append(
            to_frame(text, instance, number, thing, thing.looks[best], newest, weight, stamp, grasps)
        )
    return [part for part in parts if part is not None]


def nearest_miss(
    text: str, misses: Sequence[tuple[float, int, SceneObject]], answers: Answers, stamp: float
) -> Part:
    """Where the part would be likeliest, of (confidence, column, object): not found, and nothing to grasp."""
    nothing = Part(text, False, 0.0, NO_INDICES, NOWHERE)
    if not misses:
        return nothing
    sure, column, thing = max(misses, key=lambda miss: miss[0])
    looks = answers.of[thing.id]
    best = max(range(len(looks)), key=lambda k: looks[k].confidence[column])
    guess = looks[best].parts[column]
    part = to_frame(text, guess, 0, thing, thing.looks[best], sure, 1.0, stamp, lambda *_: ())
    return replace(part or nothing, found=False, confidence=sure)


def to_frame(
    text: str,
    instance: Part,
    number: int,
    thing: SceneObject,
    look: Any,
    newest: float,
    weight: float,
    stamp: float,
    grasps: GraspPlanner,
) -> Part | None:
    """An instance on a look's points → a part of this frame; where it is out of sight now, its remembered place."""
    mask = np.zeros(len(look.world_points), bool)
    mask[instance.indices] = True
    if not mask.any():
        return None
    here = thing.visible(look, mask)
    confidence, age = weight * instance.confidence, 0.0
    if len(here):
        points = thing.points[here]
        # the newest look sees the place too and has a say
        confidence = (confidence + weight * min(newest, instance.confidence)) / 2
    else:
        points = thing.remembered(look, mask)
        age = max(0.0, stamp - look.seen)
    return Part(
        query=text,
        found=True,
        confidence=float(confidence),
        indices=thing.indices[here].astype(np.int64),
        centroid=points.mean(axis=0, dtype=float),
        box=principal_box(points) if instance.found else None,
        grasps=grasps(points, thing),
        object_id=thing.id,
        instance=number,
        age=age,
    )
