"""Isolation: how well a frame's objects are the simulation's: purity and completeness of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.scene.frame import Frame
from part_perception.simulation.capture import GROUND, Capture
from part_perception.simulation.sensors import MIXED

MIN_PIXELS = 200
ABOVE_GROUND = 0.006  # metres: what lies lower cannot be told from the noise of what it lies on
GOOD = 0.9
FOUND = 0.5


@dataclass(frozen=True)
class Isolation:
    """Of one thing: the share of its pixels in the object that holds most of it, and of that object in the thing."""

    thing: int
    pixels: int
    purity: float
    completeness: float

    @property
    def found(self) -> bool:
        return self.purity >= FOUND and self.completeness >= FOUND

    @property
    def good(self) -> bool:
        return self.purity >= GOOD and self.completeness >= GOOD


def isolation(frame: Frame, capture: Capture, ground: float | None = 0.0) -> list[Isolation]:
    """Every thing that shows enough of itself above the ground (None: all of it counts)."""
    object_id = frame.labels([])[2]
    label = capture.label.ravel()
    height = frame.view.points @ capture.pose[2, :3] + capture.pose[2, 3]
    measured = (frame.view.reach > 0) & (label != MIXED)
    above = measured if ground is None else measured & (height > ground + ABOVE_GROUND)
    results = []
    for number in range(int(label.max(initial=-1, where=label < GROUND)) + 1):
        mine = above & (label == number)
        pixels = int(mine.sum())
        if pixels < MIN_PIXELS:
            continue
        ids = object_id[mine]
        if not (ids >= 0).any():
            results.append(Isolation(number, pixels, 0.0, 0.0))
            continue
        theirs = measured & (object_id == int(np.bincount(ids[ids >= 0]).argmax()))
        purity = (theirs & (label == number)).sum() / theirs.sum()
        results.append(Isolation(number, pixels, float(purity), float((mine & theirs).sum() / pixels)))
    return results
