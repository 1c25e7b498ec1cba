"""SceneObject: one object of one frame, and how what is known about it comes back to this frame's points."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from part_perception.scene.boxes import upright_box
from part_perception.scene.memory import Look
from part_perception.types import OrientedBox


@dataclass
class SceneObject:
    """indices (M,) into the frame's cloud, their points (M, 3), and the looks that were encoded, newest last."""

    id: int
    indices: np.ndarray
    points: np.ndarray
    up: np.ndarray
    age: float
    looks: tuple[Look, ...]
    to_world: np.ndarray
    _nearest: dict[int, np.ndarray] = field(default_factory=dict)

    @property
    def encoded(self) -> Any:
        """The newest encoding; its points may be another moment's."""
        return self.looks[-1].encoded

    @cached_property
    def centroid(self) -> np.ndarray:
        return self.points.mean(axis=0, dtype=float)

    @cached_property
    def box(self) -> OrientedBox:
        """Upright."""
        return upright_box(self.points, self.up)

    def visible(self, look: Look, mask: np.ndarray) -> np.ndarray:
        """Which of this frame's points (positions 0..M-1) a mask over a look's points means."""
        if look.indices is self.indices:
            return np.flatnonzero(mask)
        nearest = self._nearest.get(id(look))
        if nearest is None:
            nearest, _ = look.lookup.nearest(self.points, look.transform(self.to_world))
            self._nearest[id(look)] = nearest
        # index -1, no known point close by, reads the False that is appended
        return np.flatnonzero(np.append(mask, False)[nearest])

    def remembered(self, look: Look, mask: np.ndarray) -> np.ndarray:
        """The points of a look, where they would be in this frame's cloud."""
        world = look.world_points[mask] + look.shift
        return (world - self.to_world[:3, 3]) @ self.to_world[:3, :3]
