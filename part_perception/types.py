"""The typed values that go in and come out: what a caller of the library holds in hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class OrientedBox:
    """A box: its centre (3,), rotation (3, 3) whose columns are its axes, and full size (3,) along them, in metres."""

    centre: np.ndarray
    rotation: np.ndarray
    size: np.ndarray


@dataclass(frozen=True)
class Grasp:
    """A parallel-gripper grasp. Columns of `rotation`: x = closing direction, z = approach, into the part."""

    position: np.ndarray
    rotation: np.ndarray
    width: float
    quality: float


@dataclass(frozen=True)
class Part:
    """One part found (or not): everything is in the frame, order and indices of the cloud that was given."""

    query: str
    found: bool
    confidence: float
    indices: np.ndarray
    centroid: np.ndarray
    box: OrientedBox | None = None
    grasps: tuple[Grasp, ...] = ()
    object_id: int = -1
    instance: int = 0
    age: float = 0.0

    @property
    def grasp(self) -> Grasp | None:
        """The best grasp, or None where there is none."""
        return self.grasps[0] if self.grasps else None


@dataclass(frozen=True)
class Answer:
    """What `ask` gives for Q queries on N points: masks (Q, N), confidence and found (Q,), and parts[q].

    `parts[q]` is the best instance, `instances[q]` are all instances of a query, best first; `dropped` counts
    input rows that were not finite. `calibrated` False: what the model's scores mean was never measured (an imported
    one): masks are where each part would be, confidence is 0 and found False for every word that was not taught.
    """

    queries: tuple[str, ...]
    masks: np.ndarray
    scores: np.ndarray
    confidence: np.ndarray
    found: np.ndarray
    parts: tuple[Part, ...]
    instances: tuple[tuple[Part, ...], ...] = field(default=())
    dropped: int = 0
    calibrated: bool = True
