"""The typed values that the library returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from part_perception.geometry.boxes import OrientedBox, middle, principal_box
from part_perception.geometry.motions import NO_POSES, Motion, opening

__all__ = ["Answer", "Grasp", "KnownAnswer", "Motion", "OrientedBox", "Part", "Question"]

NO_INDICES = np.zeros(0, np.int64)
NO_POINTS = np.zeros((0, 3))
NOWHERE = np.full(3, np.nan)
NOT_KNOWN = Motion()
for _constant in (NO_INDICES, NO_POINTS, NOWHERE):
    _constant.flags.writeable = False

Place = Callable[[], tuple[np.ndarray, np.ndarray]]
Plan = Callable[[np.ndarray], Sequence["Grasp"]]
Move = Callable[[], Motion]


@dataclass(frozen=True)
class Question:
    """A text as it was asked, and how it was read: the plain phrase, and the object that should own the part.

    `certain`: the text names the owner outright, as "lid of the pot" does. `correction`: the text as it was
    read if a word was mistyped. If it is not understood, `suggestions` are what may have been meant.
    """

    text: str
    phrase: str
    owner: str | None = None
    certain: bool = False
    correction: str | None = None
    understood: bool = True
    suggestions: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """Explain in words what was corrected or not understood; empty if there is nothing to say."""
        if not self.understood:
            meant = " or ".join(f'"{each}"' for each in self.suggestions)
            return f'not understood: "{self.text}"' + (f" (did you mean {meant}?)" if meant else "")
        return f'"{self.text}" was read as "{self.correction}"' if self.correction else ""


@dataclass(frozen=True)
class Grasp:
    """A parallel-gripper grasp. Columns of `rotation`: x = closing direction, z = approach, into the part."""

    position: np.ndarray
    rotation: np.ndarray
    width: float
    quality: float

    @property
    def pose(self) -> np.ndarray:
        """(4, 4) pose of the gripper."""
        pose = np.eye(4)
        pose[:3, :3], pose[:3, 3] = self.rotation, self.position
        return pose


class Part:
    """One part, found or not: everything is in the frame, order and indices of the given cloud.

    A part that was not found carries no points: `indices` is empty, `centroid` is NaN and `box` is None. Its
    `object_id` is the likeliest object for it. A text that is not `understood` has no answer, not even
    "not found". `remark`: a comment on the question in words, such as a word that was corrected.
    A part is equal only to itself.
    """

    def __init__(
        self,
        query: str,
        found: bool,
        confidence: float,
        indices: np.ndarray = NO_INDICES,
        centroid: np.ndarray = NOWHERE,
        box: OrientedBox | None = None,
        grasps: Sequence[Grasp] = (),
        object_id: int = -1,
        instance: int = 0,
        age: float = 0.0,
        understood: bool = True,
        remark: str = "",
        motion: Motion = NOT_KNOWN,
        handle: np.ndarray = NO_INDICES,
    ):
        self.query, self.found, self.confidence = query, found, confidence
        self.understood, self.remark = understood, remark
        self.object_id, self.instance, self.age = object_id, instance, age
        if not found:
            indices, centroid, box, grasps = NO_INDICES, NOWHERE, None, ()
            motion, handle = NOT_KNOWN, NO_INDICES
        # Known values are set here, so that the properties below do not compute them.
        self.__dict__.update(
            indices=indices, centroid=centroid, box=box, grasps=tuple(grasps), motion=motion, handle=handle
        )

    @classmethod
    def located(
        cls,
        query: str,
        confidence: float,
        place: Place,
        plan: Plan = lambda _: (),
        move: Move = lambda: NOT_KNOWN,
        hold: Place = lambda: (NO_INDICES, NO_POINTS),
        **known,
    ) -> Part:
        """A part that was found, whose details are computed once, on first use.

        place() returns its indices and points, move() its motion, hold() indices and points of the handle
        that opens it, and plan(points) grasps of the handle, or of the part if it has none.
        """
        part = cls(query, True, confidence, **known)
        for name in ("indices", "centroid", "box", "grasps", "motion", "handle"):
            del part.__dict__[name]
        part._place, part._plan, part._move, part._hold = place, plan, move, hold
        return part

    def planned_by(self, plan: Plan) -> Part:
        """A located part with the grasps of another planner."""
        part = object.__new__(Part)
        part.__dict__.update(self.__dict__, _plan=plan)
        for name in ("grasps", "open_path"):
            part.__dict__.pop(name, None)
        return part

    _place: Place
    _plan: Plan
    _move: Move
    _hold: Place

    @cached_property
    def _located(self) -> tuple[np.ndarray, np.ndarray]:
        return self._place()

    @cached_property
    def _held(self) -> tuple[np.ndarray, np.ndarray]:
        return self._hold()

    @cached_property
    def indices(self) -> np.ndarray:
        """(M,) rows of the cloud; empty if the part is remembered but now out of sight."""
        return self._located[0]

    @cached_property
    def centroid(self) -> np.ndarray:
        """(3,) the mean of its points; NaN if it was not found."""
        points = self._located[1]
        return middle(points) if len(points) else NOWHERE

    @cached_property
    def box(self) -> OrientedBox | None:
        """Along the part's principal axes; None if it was not found."""
        points = self._located[1]
        return principal_box(points) if len(points) else None

    @cached_property
    def motion(self) -> Motion:
        """The motion of the part, computed on first use."""
        return self._move()

    @cached_property
    def handle(self) -> np.ndarray:
        """(K,) rows of the cloud: the handle of a part that moves; empty if it has no handle."""
        return self._held[0]

    @cached_property
    def grasps(self) -> tuple[Grasp, ...]:
        """Best first, at its handle if it has one; planned on first use."""
        held = self._held[1]
        return tuple(self._plan(held if len(held) else self._located[1]))

    @property
    def grasp(self) -> Grasp | None:
        """The best grasp, or None if there is none."""
        return self.grasps[0] if self.grasps else None

    @cached_property
    def open_path(self) -> np.ndarray:
        """(K, 4, 4) poses of the gripper at the best grasp while it opens the part; empty if unknown."""
        return opening(self.motion, self.grasp.pose) if self.motion.moves and self.grasp else NO_POSES

    def __repr__(self) -> str:
        state = "found" if self.found else "not found" if self.understood else "not understood"
        return (
            f"Part({self.query!r}, {state}, confidence {self.confidence:.2f}, object {self.object_id}, "
            f"instance {self.instance})"
        )

    def __reduce__(self):
        """A pickled part is complete: values not computed yet are computed first."""
        return Part, (
            self.query, self.found, self.confidence, self.indices, self.centroid, self.box, self.grasps,
            self.object_id, self.instance, self.age, self.understood, self.remark, self.motion, self.handle,
        )  # fmt: skip


class AnswerSource(Protocol):
    """The source of an answer's masks, scores and parts, which are computed on first use."""

    def masks(self) -> np.ndarray: ...

    def scores(self) -> np.ndarray: ...

    def instances(self) -> Sequence[Sequence[Part]]: ...


class Answer:
    """The result of `ask` for Q queries on N points: masks (Q, N), confidence and found (Q,), and parts[q].

    `masks[q]` is where the part is, or would be if it is not found; `scores` (Q, N) is each point's
    probability of belonging to it. `instances[q]` are all instances of a query, best first, and `parts[q]` is
    the first; `dropped` counts input rows that were not finite. `calibrated` False: the scores were never
    calibrated (an imported model): masks are where each part would be, and confidence is 0 and found False
    for every word that was not taught. `questions` are the queries as they were read. `level` (Q,) is the
    confidence from which each query is found. An answer is equal only to itself.
    """

    def __init__(
        self,
        queries: Sequence[str],
        confidence: np.ndarray,
        found: np.ndarray,
        source: AnswerSource,
        dropped: int = 0,
        calibrated: bool = True,
        questions: Sequence[Question] = (),
        level: np.ndarray | None = None,
    ):
        self.queries, self.confidence, self.found = tuple(queries), confidence, found
        self.level = np.zeros(len(self.queries)) if level is None else level
        self.dropped, self.calibrated = dropped, calibrated
        self.questions = tuple(questions) or tuple(Question(query, query) for query in self.queries)
        self.source = source

    @property
    def understood(self) -> np.ndarray:
        """(Q,) bool: False if a text means nothing here. Such a query has no answer, not even "not there"."""
        return np.array([question.understood for question in self.questions], bool)

    @cached_property
    def masks(self) -> np.ndarray:
        return self.source.masks()

    @cached_property
    def scores(self) -> np.ndarray:
        return self.source.scores()

    @cached_property
    def instances(self) -> tuple[tuple[Part, ...], ...]:
        return tuple(tuple(group) for group in self.source.instances())

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The best instance of every query."""
        return tuple(group[0] for group in self.instances)

    def __repr__(self) -> str:
        told = ", ".join(
            f"{query!r} {'found' if found else 'not found'} {sure:.2f}"
            for query, found, sure in zip(self.queries, self.found, self.confidence, strict=True)
        )
        return f"Answer({told})"

    def __reduce__(self):
        """A pickled answer is complete: values not computed yet are computed first."""
        known = KnownAnswer(self.masks, self.scores, self.instances)
        return Answer, (
            self.queries, self.confidence, self.found, known, self.dropped, self.calibrated, self.questions, self.level
        )  # fmt: skip


class KnownAnswer:
    """Masks, scores and instances that are already there."""

    def __init__(self, masks: np.ndarray, scores: np.ndarray, instances: Sequence[Sequence[Part]]):
        self._masks, self._scores, self._instances = masks, scores, instances

    def masks(self) -> np.ndarray:
        return self._masks

    def scores(self) -> np.ndarray:
        return self._scores

    def instances(self) -> Sequence[Sequence[Part]]:
        return self._instances
