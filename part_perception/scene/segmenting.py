"""Segmenter: what the scene asks of whatever finds parts on one object; PartSegmenter is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from part_perception.parts.naming import Belief
from part_perception.types import Answer, Question


class Segmenter(Protocol):
    """Reads texts, encodes objects, answers questions about them. What an encoding is, only the segmenter knows."""

    @property
    def lessons(self) -> Mapping[str, object]:
        """What was learned for each taught word; another value where a word is taught again."""

    def encode(
        self, objects: Sequence[np.ndarray], up: np.ndarray, viewpoint: np.ndarray | None = None
    ) -> Sequence[Any]:
        """The expensive step, for several objects at once; `viewpoint` is where the camera stood."""

    def read(self, text: str) -> Question:
        """What a text asks for; an InputError where it cannot be asked."""

    @property
    def object_found_at(self) -> float:
        """How sure a name must be for an object to be found by it."""

    def called(self, encoded: Sequence[Any], name: str) -> np.ndarray | None:
        """(N,) how surely each of them may be called by a name; None if the model names no objects."""

    def believed(self, observations: Sequence[Any]) -> Belief:
        """What one object is believed to be, by one or several encodings of it."""

    def answer_read(self, encoded: Sequence[Any], questions: Sequence[Question]) -> Sequence[Answer]:
        """The cheap step: ask all of them the same."""
