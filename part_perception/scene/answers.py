"""Answers: asks every object in a frame each text, once per observation, and returns parts, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from part_perception.parts.naming import owner_weights, tails
from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.encoding import Segmenter
from part_perception.scene.memory import Observation
from part_perception.scene.moving import measured_motion
from part_perception.scene.objects import SceneObject
from part_perception.types import NO_INDICES, NO_POINTS, Answer, Grasp, Motion, Part, Question

GraspPlanner = Callable[[np.ndarray, SceneObject], Sequence[Grasp]]


class Answers:
    """The answers to all phrases on all observations of all objects, as tables of objects by phrases."""

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
        for thing, observations in zip(objects, self.of, strict=True):
            if thing.said_parts:
                rows = thing.rows_of(thing.observations[-1])
                observations[-1] = segmenter.fused(observations[-1], thing.said_parts, rows)
        shape = (len(objects), len(phrases))
        self.confidence, self.found, self.level = np.zeros(shape), np.zeros(shape, bool), np.zeros(shape)
        for row, observations in enumerate(self.of):  # the best of any observation
            self.confidence[row] = np.max([answer.confidence for answer in observations], axis=0)
            self.found[row] = np.any([answer.found for answer in observations], axis=0)
            self.level[row] = np.min([answer.level for answer in observations], axis=0)
        self._segmenter, self._objects = segmenter, objects
        self._called: dict[str, np.ndarray | None] = {}

    def worth(self, question: Question, owners: Sequence[str] = ()) -> np.ndarray:
        """(objects,) the weight of an answer on each object: zero on those that do not own the part.

        `owners`: the allowed owners of the part; without any, the owner named in the text.
        """
        names = owners or ([question.owner] if question.owner else [])
        if not names:
            return np.ones(len(self._objects))
        worth = [self.ownership(name, question.certain or bool(owners)) for name in names]
        return np.max(worth, axis=0)

    def ownership(self, name: str, only: bool) -> np.ndarray:
        """(objects,) the weight of an answer on each object, if the named object must own the part."""
        if name not in self._called:
            self._called[name] = self._mean_chance(name)
        chance = self._called[name]
        if chance is None:
            return np.ones(len(self._objects))
        level = np.full(len(self._objects), self._segmenter.object_found_at)
        crowd = in_a_crowd(level, np.array([thing.presence for thing in self._objects]))
        return owner_weights(chance, np.where(self._said(name), level, crowd), only)

    def _mean_chance(self, name: str) -> np.ndarray | None:
        """(objects,) the chance that each object has a name, averaged over its observations."""
        encoded = [look.encoded for thing in self._objects for look in thing.observations]
        of = np.repeat(np.arange(len(self._objects)), [len(thing.observations) for thing in self._objects])
        chance = self._segmenter.called(encoded, name)
        if chance is None:
            return None
        chance = np.bincount(of, chance) / np.bincount(of)
        # a detector that names the object agrees or disagrees
        sure = np.array([thing.said.confidence if thing.said.name else 0.0 for thing in self._objects])
        return np.where(self._said(name), np.maximum(chance, sure), chance * (1 - sure))

    def _said(self, name: str) -> np.ndarray:
        """(objects,) whether a detector gives each object this name."""
        return np.array([name in tails(thing.said.name) for thing in self._objects], bool)


def answer(
    question: Question,
    answers: Answers,
    objects: Sequence[SceneObject],
    stamp: float,
    grasps: GraspPlanner,
    owners: Sequence[str] = (),
    unseen: str = "",
) -> list[Part]:
    """All parts found, best first; if there are none, one that says so, and what is still `unseen`."""
    if not question.understood:
        return [missing(question, question.remark)]
    remark = "; ".join(filter(None, (question.remark, unseen)))
    if not objects:
        return [missing(question, remark)]
    weight = answers.worth(question, owners)
    if not weight.any():
        named = " or ".join(f'"{name}"' for name in owners or [question.owner or ""])
        return [missing(question, "; ".join(filter(None, (f"no object here is a {named}", unseen))))]
    column = answers.column[question.phrase]
    presence = np.array([thing.presence for thing in objects])
    needed = np.maximum(in_a_crowd(answers.level[:, column], presence * (weight > 0)), 1 - presence)
    found = answers.found[:, column] & (weight > 0) & (answers.confidence[:, column] >= needed)
    weight = weight * presence
    parts = []
    for k in map(int, np.flatnonzero(found)):
        least = float(needed[k])
        parts += parts_of(question, column, answers.of[k], objects[k], float(weight[k]), least, stamp, grasps)
    if not parts:
        sure = weight * answers.confidence[:, column]
        return [missing(question, remark, float(sure.max()), objects[int(sure.argmax())].id)]
    return sorted(parts, key=lambda part: -part.confidence)


def in_a_crowd(level: np.ndarray, presence: np.ndarray) -> np.ndarray:
    """The threshold for a question that many objects are asked, each of which may answer wrongly.

    The required odds grow with the root of the number of objects, because their errors are correlated.
    """
    crowd = np.sqrt(max(float(presence.sum()), 1.0))
    return np.where(level < 1, level * crowd / (1 - np.minimum(level, 1) * (1 - crowd)), np.inf)


def missing(question: Question, remark: str, confidence: float = 0.0, object_id: int = -1) -> Part:
    """The answer when no part was found."""
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
    least: float,
    stamp: float,
    grasps: GraspPlanner,
) -> list[Part]:
    """One object's instances of a part that are at least as sure as needed, from the most confident observation."""
    best = surest_look(column, answers, thing)
    instances = answers[best].instances[column]
    newest = float(answers[-1].confidence[column])
    look = thing.observations[best]
    return [
        to_frame(
            question,
            instance,
            number,
            thing,
            look,
            newest,
            weight,
            stamp,
            grasps,
            partial(motion_seen, instance, column, best, answers, thing),
        )
        for number, instance in enumerate(instances)
        if len(instance.indices) and (number == 0 or instance.confidence >= least)
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
    motion: Callable[[], Motion],
) -> Part:
    """Convert an instance on an observation to a part of this frame, or to its remembered place."""
    here = thing.visible(look, instance.indices)
    confidence, age = weight * instance.confidence, 0.0
    if len(here):
        # the newest observation also sees this place and counts too
        confidence = (confidence + weight * min(newest, instance.confidence)) / 2
    else:
        age = max(0.0, stamp - look.seen)

    return Part.located(
        question.text,
        float(confidence),
        lambda: thing.place(look, instance.indices),
        lambda points: grasps(points, thing),
        motion,
        lambda: thing.place(look, instance.handle) if len(instance.handle) else (NO_INDICES, NO_POINTS),
        object_id=thing.id,
        instance=number,
        age=age,
        remark=question.remark,
    )


def surest_look(column: int, answers: Sequence[Answer], thing: SceneObject) -> int:
    """The observation that is surest of a part; the newest one if the part has since moved away."""
    best = max(range(len(answers)), key=lambda k: (answers[k].found[column], answers[k].confidence[column]))
    newest = len(answers) - 1
    if best == newest or not (answers[best].found[column] and answers[newest].found[column]):
        return best
    rows = answers[best].instances[column][0].indices
    return best if len(thing.visible(thing.observations[best], rows)) else newest


def motion_seen(
    instance: Part, column: int, look: int, answers: Sequence[Answer], thing: SceneObject
) -> Motion:
    """The motion of an instance, in this frame's cloud.

    It is measured if another observation shows the part elsewhere, and otherwise estimated from its shape.
    """
    looks, seen = thing.observations, thing.observations[look]
    guess, key = instance.motion.seen_from(seen.to_world), (instance.query, instance.instance)
    for other in reversed(range(len(looks))):
        if other == look or not answers[other].found[column]:
            continue
        known = seen.measured.setdefault(looks[other], {})
        if key not in known:
            # with the object where this observation saw it, because it may be pushed later
            there = [looks[other].located(p.indices, seen.pushed) for p in answers[other].instances[column]]
            here = [seen.world_points[p.indices] for p in answers[look].instances[column]]
            # the part moved to its place in the later of the two observations
            known[key] = measured_motion(there, here, instance.instance, guess, forwards=other < look)
        measured = known[key]
        if measured is not None:
            return measured.seen_from(thing.since(seen))
    return guess.seen_from(thing.since(seen))
