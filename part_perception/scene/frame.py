"""Frame: the objects found in one cloud, and the answers about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from part_perception.errors import InputError
from part_perception.grasping.gripper import Workspace
from part_perception.grasping.planner import Gripper, plan_grasps
from part_perception.inputs import texts_of
from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.answers import Answers, answer
from part_perception.scene.decode import Region, View, inside
from part_perception.scene.encoding import Segmenter
from part_perception.scene.memory import Track
from part_perception.scene.objects import SceneObject
from part_perception.types import Grasp, Part, Question

UNLABELLED = -1
GRIPPER_REACH = 0.15  # metres around a part that the hand passes through on its approach
ABOVE = 0.02  # metres: lower points belong to the support
# metres; the fewest points in a cell, and the smallest share of its face, that are not loose specks
CELL, MIN_POINTS, MIN_FILLED = 0.02, 4, 0.2
MAX_POINTS = 60_000  # points of the cloud that represent the surroundings


@dataclass(frozen=True)
class Unseen:
    """An object that there was no time to encode: only its position is known."""

    track: Track
    indices: np.ndarray


@dataclass
class Frame:
    """Objects of one cloud, in its own indices; `reason` explains in words why there are none.

    `unseen` are objects that are encoded with one of the next frames, because this one had no time for them.
    """

    stamp: float
    cloud: np.ndarray
    view: View
    objects: list[SceneObject]
    reason: str
    timing: dict[str, float]
    up: np.ndarray
    up_source: str
    support: np.ndarray | None
    counts: dict[str, int]
    segmenter: Segmenter
    gripper: Gripper = field(default_factory=Gripper)
    answer_cache: AnswerCache = field(default_factory=AnswerCache)
    workspace: Workspace | None = None
    unseen: Sequence[Unseen] = ()

    def ask(
        self,
        text: str | Sequence[str],
        object_words: str | Sequence[str] | None = None,
        region: Region | None = None,
    ) -> list[Part]:
        """Parts and whole objects, best first within each query; one with found=False if there is none.

        `object_words`: ask only on objects that are surely one of these. Texts and words are read one after
        the other, never in combination.
        """
        questions, owners = self._read(text, object_words)
        objects = self.objects if region is None else self.objects_in(region)
        answers = Answers(self.segmenter, objects, questions, self.answer_cache)
        unseen = self.still_unseen(region)
        found = [answer(q, answers, objects, self.stamp, self.plan, owners, unseen) for q in questions]
        return [part for parts in found for part in parts]

    def chances(
        self, text: str, object_words: str | Sequence[str] | None = None, region: Region | None = None
    ) -> list[tuple[SceneObject, float]]:
        """The objects, each with the confidence that it has a part, found or not."""
        (question,), owners = self._read([text], object_words)
        objects = self.objects if region is None else self.objects_in(region)
        if not objects or not question.understood:
            return []
        answers = Answers(self.segmenter, objects, [question], self.answer_cache)
        chances = answers.worth(question, owners) * answers.confidence[:, answers.column[question.phrase]]
        return list(zip(objects, chances.tolist(), strict=True))

    def _read(
        self, text: str | Sequence[str], object_words: str | Sequence[str] | None
    ) -> tuple[list[Question], list[str]]:
        """The questions of texts, and the names of the objects that may own the parts."""
        words = [] if object_words is None else texts_of(object_words)
        questions = [self.segmenter.read(each) for each in texts_of(text)]
        return questions, [self.segmenter.read(word).phrase for word in words if word != ""]

    def still_unseen(self, region: Region | None) -> str:
        """Say which objects an answer does not cover yet; those in a region are encoded first."""
        unseen = self.unseen
        if region is not None and unseen:
            chosen = inside(region, self.view)
            unseen = [each for each in unseen if chosen[each.indices].mean() > 0.5]
            for each in unseen:
                each.track.wanted = True
        if not unseen:
            return ""
        return f"{len(unseen)} object{'s were' if len(unseen) > 1 else ' was'} not encoded yet: ask again"

    def objects_in(self, region: Region) -> list[SceneObject]:
        """Objects with more than half of their points in a region."""
        chosen = inside(region, self.view)
        return [thing for thing in self.objects if chosen[thing.indices].mean() > 0.5]

    def plan(self, part_points: np.ndarray, thing: SceneObject) -> tuple[Grasp, ...]:
        """Grasps of a part, best first; none if the camera's position is unknown."""
        if not self.view.sight_known:
            return ()
        around = self.around(part_points, thing)
        return plan_grasps(
            part_points, around, self.view.viewpoint, self.up, self.gripper, self.support, self.workspace
        )

    def around(self, part_points: np.ndarray, thing: SceneObject) -> np.ndarray:
        """Points that a gripper at the part could hit: its object's, and nearby points of everything else."""
        return np.concatenate([thing.points, self.others_near(part_points, thing)])

    def others_near(self, part_points: np.ndarray, thing: SceneObject) -> np.ndarray:
        """Points near a part that do not belong to its object."""
        low, high = part_points.min(axis=0) - GRIPPER_REACH, part_points.max(axis=0) + GRIPPER_REACH
        near = []
        for other in self.objects:
            if other is not thing and (other.bounds[0] < high).all() and (other.bounds[1] > low).all():
                near.append(other.points[((other.points > low) & (other.points < high)).all(axis=1)])
        rest = self.surroundings
        near.append(rest[((rest > low) & (rest < high)).all(axis=1)])
        return np.concatenate(near)

    @cached_property
    def surroundings(self) -> np.ndarray:
        """(N, 3) measured points that are neither object nor support: walls, shelves, the sides of a bin."""
        view, every = self.view, max(1, len(self.view.points) // MAX_POINTS)
        free = view.reach > 0
        for thing in self.objects:
            free[thing.indices] = False
        points, reach, free = view.points[::every], view.reach[::every], free[::every]
        if self.support is not None:
            free &= points @ self.support[:3].astype(np.float32) > ABOVE - self.support[3]
        points, reach = points[free], reach[free]
        if len(points) == 0:
            return points
        cells = np.floor(points / CELL).astype(np.int64)
        keys = np.ravel_multi_index(tuple((cells - cells.min(axis=0)).T), tuple(np.ptp(cells, axis=0) + 1))
        _, cell, count = np.unique(keys, return_inverse=True, return_counts=True)
        whole = (CELL / np.maximum(view.pitch * reach, 1e-6)) ** 2 / every if view.pitch else 0.0
        return points[count[cell] >= np.maximum(MIN_FILLED * whole, MIN_POINTS)]

    def labels(self, parts: Sequence[Part]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For every point: its surest part's position in `parts`, that part's confidence, and its object."""
        if not isinstance(parts, Sequence) or not all(isinstance(part, Part) for part in parts):
            raise InputError("parts must be a list of Part, such as the answer of ask")
        count = len(self.view.points)
        label, score = np.full(count, UNLABELLED, np.int32), np.zeros(count, np.float32)
        object_id = np.full(count, UNLABELLED, np.int32)
        for thing in self.objects:
            object_id[thing.indices] = thing.id
        for k in sorted(range(len(parts)), key=lambda k: parts[k].confidence):
            if parts[k].found:
                label[parts[k].indices], score[parts[k].indices] = k, parts[k].confidence
        return label, score, object_id


def why_nothing(counts: dict[str, int], support: bool, regions: Sequence | None) -> str:
    """Explain in words why there are no objects."""
    if counts["points"] == 0:
        return "the cloud is empty"
    if counts["measured"] == 0:
        return "no point of the cloud is finite and within range and limits"
    if counts["measured"] < 32:
        return f"too few points of the cloud ({counts['measured']}) are finite and within range and limits"
    if regions is not None and not regions:
        return "no region of interest was given for this cloud"
    if support:
        return "nothing stands on the support"
    return "no support was found, and nothing in the cloud is a separate object"
