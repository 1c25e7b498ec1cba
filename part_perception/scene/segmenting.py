"""Segmenter: what the scene asks of whatever finds parts on one object; PartSegmenter is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from part_perception.types import Answer


class Segmenter(Protocol):
    """Encodes objects, then answers texts about them. What an encoding is, only the segmenter knows."""

    @property
    def lessons(self) -> Mapping[str, object]:
        """What was learned for each taught word; another value where a word is taught again."""

    def encode(
        self, objects: Sequence[np.ndarray], up: np.ndarray, viewpoint: np.ndarray | None = None
    ) -> Sequence[Any]:
        """The expensive step, for several objects at once; `viewpoint` is where the camera stood."""

    def answer_many(self, encoded: Sequence[Any], queries: Sequence[str]) -> Sequence[Answer]:
        """The cheap step: ask all of them the same."""
