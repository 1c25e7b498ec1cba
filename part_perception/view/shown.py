"""Shown: one moment as the view shows it, from a file, a recording or a running node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from part_perception.pictures.thinning import are_there
from part_perception.scene.frame import Frame
from part_perception.types import Part


@dataclass(frozen=True)
class ShownObject:
    """An object's number, what it is believed to be, and its rows in the cloud."""

    id: int
    indices: np.ndarray
    name: str = ""
    confidence: float = 0.0

    @property
    def title(self) -> str:
        """Its label, such as "3 mug 0.92"; only the number if it has no name."""
        return f"{self.id} {self.name} {self.confidence:.2f}" if self.name else str(self.id)


@dataclass(frozen=True)
class Shown:
    """points (N, 3) float32, NaN or 0 = nothing there; colours (N, 3) uint8 or None; parts, found or not.

    `thinned`: only points that are worth drawing. `camera`: the camera's position, if known. `milliseconds`: the
    time from the cloud to the answers. `origin`: where the file has the origin of these points.
    """

    name: str
    points: np.ndarray
    colours: np.ndarray | None
    objects: tuple[ShownObject, ...]
    parts: tuple[Part, ...]
    up: np.ndarray
    camera: np.ndarray | None = None
    stamp: float = 0.0
    milliseconds: float = 0.0
    remark: str = ""
    thinned: bool = False
    origin: np.ndarray = field(default_factory=lambda: np.zeros(3))

    @property
    def there(self) -> np.ndarray:
        """(N,) which rows are points."""
        return are_there(self.points)

    def object_at(self, row: int) -> ShownObject | None:
        """The object of a row of the cloud."""
        return next((thing for thing in self.objects if (thing.indices == row).any()), None)


def shown(
    name: str,
    frame: Frame,
    colours: np.ndarray | None,
    parts: Sequence[Part],
    milliseconds: float,
    origin: np.ndarray,
) -> Shown:
    """A frame of this process with its answers."""
    objects = [
        ShownObject(thing.id, thing.indices, thing.belief.name, thing.belief.confidence)
        for thing in frame.objects
    ]
    view = frame.view
    return Shown(
        name,
        view.points,
        None if colours is None else colours.reshape(-1, 3),
        tuple(objects),
        tuple(parts),
        frame.up,
        view.viewpoint if view.sight_known else None,
        frame.stamp,
        milliseconds,
        frame.reason,
        origin=origin,
    )
