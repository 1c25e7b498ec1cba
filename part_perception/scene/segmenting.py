"""Segmenter: the interface that the scene needs to find parts on an object; PartSegmenter implements it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from part_perception.parts.naming import Belief
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
        """The confidence in a name from which an object is found by it."""

    def called(self, encoded: Sequence[Any], name: str) -> np.ndarray | None:
        """(N,) the confidence that each may be called by a name; None if the model names no objects."""

    def believed(self, observations: Sequence[Any]) -> Belief:
        """What one object is believed to be, from one or several encodings of it."""

    def answer_read(self, encoded: Sequence[Any], questions: Sequence[Question]) -> Sequence[Answer]:
        """The cheap step: ask all encodings the same questions."""
