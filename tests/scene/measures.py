"""How well objects were isolated: purity and completeness against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from simulated import MIXED, Capture

LEAST_PIXELS = 200
ABOVE_TABLE = 0.006  # metres: what lies lower cannot be told from the table's noise


@dataclass(frozen=True)
class Isolation:
    thing: int
    purity: float
    completeness: float

    @property
    def good(self) -> bool:
        return self.purity >= 0.9 and self.completeness >= 0.9


def isolation(frame, capture: Capture, count: int) -> list[Isolation]:
    """For every object that shows enough of itself: the frame's object that holds most of it."""
    object_id = frame.labels([])[2]
    label = capture.label.ravel()
    world = frame.view.points @ capture.camera_pose[:3, :3].T + capture.camera_pose[:3, 3]
    measured = (frame.view.reach > 0) & (label != MIXED)
    results = []
    for number in range(count):
        mine = measured & (label == number) & (world[:, 2] > ABOVE_TABLE)
        if mine.sum() < LEAST_PIXELS:
            continue
        ids = object_id[mine]
        if not (ids >= 0).any():
            results.append(Isolation(number, 0.0, 0.0))
            continue
        best = int(np.bincount(ids[ids >= 0]).argmax())
        theirs = measured & (object_id == best)
        both = (mine & theirs).sum()
        purity = (theirs & (label == number)).sum() / theirs.sum()
        results.append(Isolation(number, float(purity), float(both / mine.sum())))
    return results
