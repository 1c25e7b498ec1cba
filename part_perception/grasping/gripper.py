"""Gripper: the two fingers that grasps are planned for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Gripper:
    """Two fingers that close in parallel; lengths in metres.

    Fingers are `thickness` along the closing direction and `breadth` across; they hold with their last `hold`.
    """

    max_opening: float = 0.085
    finger_length: float = 0.045
    finger_thickness: float = 0.010
    finger_breadth: float = 0.020
    hold: float = 0.015
    clearance: float = 0.004

    def __post_init__(self) -> None:
        sizes = (self.max_opening, self.finger_length, self.finger_thickness, self.finger_breadth, self.hold)
        if min(sizes) <= 0 or self.clearance < 0:
            raise ValueError("gripper: every length must be more than 0, and the clearance at least 0")
        if self.hold > self.finger_length:
            raise ValueError("gripper.hold cannot be more than gripper.finger_length")

    def lengths(self) -> np.ndarray:
        """(6,) in the order of the fields: for compiled loops."""
        return np.array(
            (
                self.max_opening, self.finger_length, self.finger_thickness,
                self.finger_breadth, self.hold, self.clearance,
            )
        )  # fmt: skip
