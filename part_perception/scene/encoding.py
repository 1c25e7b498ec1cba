"""Encoding: chooses which objects of a frame to encode, in which order, and how many there is time for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.boxes import thin
from part_perception.parts.fusion import SaidPart
from part_perception.parts.naming import Belief
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import View
from part_perception.scene.memory import PROBES, Observation, Track
from part_perception.types import Answer, Question


class Segmenter(Protocol):
    """Reads texts, encodes objects, and answers questions about them. Encodings are opaque to the scene."""

    @property
    def lessons(self) -> Mapping[str, object]:
        """The lesson behind each taught word; it changes when a word is taught again."""

    @property
    def at_once(self) -> int:
        """How many objects are best encoded together."""

    def encode(
        self, objects: Sequence[np.ndarray], up: np.ndarray, viewpoint: np.ndarray | None = None
    ) -> Sequence[Any]:
        """The expensive step, for several objects at once; `viewpoint` is the camera's position."""

    def read(self, text: str) -> Question:
        """What a text asks for; an InputError if it cannot be asked."""

    @property
    def object_found_at(self) -> float:
        """The minimum confidence in a name for an object to be found by it."""

    def called(self, encoded: Sequence[Any], name: str) -> np.ndarray | None:
        """(N,) the confidence that each may be called by a name; None if the model names no objects."""

    def believed(self, observations: Sequence[Any]) -> Belief:
        """What one object is believed to be, from one or several encodings of it."""

    def answer_read(self, encoded: Sequence[Any], questions: Sequence[Question]) -> Sequence[Answer]:
        """The cheap step: ask all encodings the same questions."""

    def role(self, word: str) -> str:
        """What a word names: "part", "object", "both", or "" if it is not understood."""

    def fused(self, answer: Answer, said: Sequence[SaidPart], rows: np.ndarray | None = None) -> Answer:
        """An answer that also considers the parts that a 2-D model names; rows (M,): each point's encoded row."""


def given_segmenter(segmenter: Segmenter | None) -> Segmenter:
    """The given segmenter, or the shipped one; an InputError if it is something else, such as a path."""
    if segmenter is None:
        from part_perception.segmenter import PartSegmenter

        return PartSegmenter.load()
    if isinstance(segmenter, str) or not callable(getattr(segmenter, "encode", None)):  # str has one, too
        raise InputError(
            f"a segmenter is needed, such as PartSegmenter.load(), not {type(segmenter).__name__}"
        )
    return segmenter


MIN_TOLERANCE = 0.006  # two views of one point differ by less


@dataclass(frozen=True)
class Due:
    """An object to encode: its track, its points' indices, and the line of sight to it."""

    track: Track
    segment: np.ndarray
    sight: np.ndarray

    def urgency(self) -> tuple:
        """Requested objects come first, then those never encoded, then the largest in view."""
        return not self.track.wanted, bool(self.track.observations), -len(self.segment)


def due_for_encoding(
    view: View, segments: Sequence[np.ndarray], tracks: Sequence[Track], to_world: np.ndarray, stamp: float
) -> list[Due]:
    """The objects that are new or have changed, most urgent first."""
    due = []
    for segment, track in zip(segments, tracks, strict=True):
        tolerance, sight = tolerance_at(view, segment), sight_line(track, view, to_world)
        probes = view.points[thin(segment, PROBES)]
        if track.needs_encoding(probes, len(segment), to_world, sight, tolerance, stamp):
            due.append(Due(track, segment, sight))
    return sorted(due, key=Due.urgency)


def tolerance_at(view: View, segment: np.ndarray) -> float:
    """The distance up to which two frames' points of one object are at the same place, metres."""
    return max(MIN_TOLERANCE, 3 * view.pitch * float(view.reach[segment[0]]))


def encode_due(
    segmenter: Segmenter,
    due: Sequence[Due],
    view: View,
    up: np.ndarray,
    to_world: np.ndarray,
    stamp: float,
    config: SceneConfig,
) -> int:
    """Encode as many as there is time for, at least one, and return their number; the others stay due."""
    limit = 1e-3 * config.max_encode_ms
    together = segmenter.at_once if limit else max(len(due), 1)
    began = perf_counter()
    for first in range(0, len(due), together):
        before = perf_counter()
        batch = due[first : first + together]
        encode(segmenter, batch, view, up, to_world, stamp, config)
        now = perf_counter()
        if limit and (now - began) + (now - before) > limit:  # the next ones would take about as long
            return first + len(batch)
    return len(due)


def encode(
    segmenter: Segmenter,
    due: Sequence[Due],
    view: View,
    up: np.ndarray,
    to_world: np.ndarray,
    stamp: float,
    config: SceneConfig,
) -> None:
    """Encode these objects; each is a new observation of its track."""
    chosen = [thin(each.segment, config.max_object_samples) for each in due]
    seen_from = view.viewpoint if view.sight_known else None
    encoded = segmenter.encode([view.points[some] for some in chosen], up, seen_from)
    for each, some, code in zip(due, chosen, encoded, strict=True):
        track, pixels = each.track, len(each.segment)
        world = view.points[some] @ to_world[:3, :3].T + to_world[:3, 3]
        whole = each.segment if len(some) == pixels else some
        track.observations.append(
            Observation(code, world, pixels, stamp, whole, each.sight, to_world, track.pushed)
        )
        del track.observations[: -config.views]
        track.wanted = False


def sight_line(track: Track, view: View, to_world: np.ndarray) -> np.ndarray:
    """The direction from the camera to an object, in the world."""
    line = track.centroid - (to_world[:3, :3] @ view.viewpoint + to_world[:3, 3])
    return line / max(float(np.linalg.norm(line)), 1e-9)
