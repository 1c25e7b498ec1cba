"""SceneObject: one object of one frame, and how what is known about it comes back to this frame's points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from part_perception.geometry.boxes import upright_box
from part_perception.parts.naming import UNSURE, Belief
from part_perception.scene.memory import Observation
from part_perception.types import NO_INDICES, OrientedBox


@dataclass
class SceneObject:
    """indices (M,) into the frame's cloud, their points (M, 3), and the observations that were encoded, newest last."""

    id: int
    indices: np.ndarray
    points: np.ndarray
    up: np.ndarray
    age: float
    observations: tuple[Observation, ...]
    to_world: np.ndarray
    believe: Callable[[Sequence[Any]], Belief] = lambda _: UNSURE
    _nearest: dict[Observation, np.ndarray] = field(default_factory=dict)

    @property
    def encoded(self) -> Any:
        """The newest encoding; its points may be another moment's."""
        return self.observations[-1].encoded

    @cached_property
    def belief(self) -> Belief:
        """What the model believes the object to be, and how surely; worked out when somebody looks at it."""
        return self.believe([look.encoded for look in self.observations])

    @cached_property
    def centroid(self) -> np.ndarray:
        return self.points.mean(axis=0, dtype=float)

    @cached_property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper corner in the cloud's axes."""
        return self.points.min(axis=0), self.points.max(axis=0)

    @cached_property
    def box(self) -> OrientedBox:
        """Upright."""
        return upright_box(self.points, self.up)

    def visible(self, look: Observation, rows: np.ndarray) -> np.ndarray:
        """Which of this frame's points (positions 0..M-1) some rows of a look's points mean."""
        if look.indices is self.indices:
            return rows
        nearest = self._nearest.get(look)
        if nearest is None:
            nearest, _ = look.lookup.nearest(self.points, look.transform(self.to_world))
            self._nearest[look] = nearest
        # index -1, no known point close by, reads the False at the end
        mask = np.zeros(len(look.world_points) + 1, bool)
        mask[rows] = True
        return np.flatnonzero(mask[nearest])

    def place(self, look: Observation, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the frame's cloud and points that some rows of a look's points mean; without rows if out of sight."""
        here = self.visible(look, rows)
        if len(here):
            return self.indices[here].astype(np.int64), self.points[here]
        return NO_INDICES, self.remembered(look, rows)

    def remembered(self, look: Observation, rows: np.ndarray) -> np.ndarray:
        """Rows of a look's points, where they would be in this frame's cloud."""
        return (look.located(rows) - self.to_world[:3, 3]) @ self.to_world[:3, :3]
