"""SceneObject: one object in one frame, and the mapping of its known parts to this frame's points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from part_perception.geometry.boxes import upright_box
from part_perception.parts.naming import SURE, UNSURE, Belief
from part_perception.scene.memory import Observation
from part_perception.types import NO_INDICES, OrientedBox


@dataclass
class SceneObject:
    """indices (M,) into the frame's cloud, the points (M, 3), and the encoded observations, newest last."""

    id: int
    indices: np.ndarray
    points: np.ndarray
    up: np.ndarray
    age: float
    observations: tuple[Observation, ...]
    to_world: np.ndarray
    believe: Callable[[Sequence[Observation]], Belief] = lambda _: UNSURE
    said: Belief = UNSURE  # by a detector
    presence: float = 1.0
    _nearest: dict[Observation, np.ndarray] = field(default_factory=dict)

    @property
    def encoded(self) -> Any:
        """The newest encoding; its points may be from an earlier frame."""
        return self.observations[-1].encoded

    @cached_property
    def belief(self) -> Belief:
        """What a detector says or else the model believes the object to be; computed on first use."""
        if self.said.confidence >= SURE:
            return self.said
        return self.believe(self.observations)

    @cached_property
    def centroid(self) -> np.ndarray:
        return self.points.mean(axis=0, dtype=float)

    @cached_property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper corners along the cloud's axes."""
        return self.points.min(axis=0), self.points.max(axis=0)

    @cached_property
    def box(self) -> OrientedBox:
        """The upright box around the object."""
        return upright_box(self.points, self.up)

    def visible(self, look: Observation, rows: np.ndarray) -> np.ndarray:
        """This frame's points (positions 0..M-1) that correspond to some rows of an observation."""
        if look.indices is self.indices:
            return rows
        nearest = self._nearest.get(look)
        if nearest is None:
            nearest, _ = look.lookup.nearest(self.points, look.transform(self.to_world))
            self._nearest[look] = nearest
        # index -1, meaning no known point nearby, reads the False at the end
        mask = np.zeros(len(look.world_points) + 1, bool)
        mask[rows] = True
        return np.flatnonzero(mask[nearest])

    def place(self, look: Observation, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the frame's cloud and points for some rows of an observation; no rows if out of sight."""
        here = self.visible(look, rows)
        if len(here):
            return self.indices[here].astype(np.int64), self.points[here]
        return NO_INDICES, self.remembered(look, rows)

    def remembered(self, look: Observation, rows: np.ndarray) -> np.ndarray:
        """Rows of an observation, at their place in this frame's cloud."""
        return (look.located(rows) - self.to_world[:3, 3]) @ self.to_world[:3, :3]
