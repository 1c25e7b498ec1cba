"""PlacedPart: a part of a frame whose points, box and grasps are worked out when somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from part_perception.geometry.boxes import principal_box
from part_perception.types import Grasp, OrientedBox, Part

NOTHING = (np.zeros(0, np.int64), np.zeros((0, 3), np.float32))
NOWHERE = np.full(3, np.nan)


class PlacedPart(Part):
    """A Part like any other; of many words asked, most are not found, and few boxes and grasps are looked at."""

    @classmethod
    def at(
        cls,
        place: Callable[[], tuple[np.ndarray, np.ndarray]],
        plan: Callable[[np.ndarray], Sequence[Grasp]] = lambda _: (),
        **known,
    ) -> PlacedPart:
        """place() gives indices into the cloud and points, plan(points) grasps; `known` are the other fields."""
        part = object.__new__(cls)
        part.__dict__.update(known, _place=place, _plan=plan)
        return part

    @cached_property
    def _placed(self) -> tuple[np.ndarray, np.ndarray]:
        return self.__dict__.pop("_place")()

    @cached_property
    def indices(self) -> np.ndarray:
        return self._placed[0]

    @cached_property
    def centroid(self) -> np.ndarray:
        points = self._placed[1]
        return points.mean(axis=0, dtype=float) if len(points) else NOWHERE

    @cached_property
    def box(self) -> OrientedBox | None:
        return principal_box(self._placed[1]) if self.found and len(self._placed[1]) else None

    @cached_property
    def grasps(self) -> tuple[Grasp, ...]:
        return tuple(self.__dict__.pop("_plan")(self._placed[1]))
