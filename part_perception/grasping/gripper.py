"""Gripper: the two-finger gripper that grasps are planned for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.settings import setting
from part_perception.types import Grasp


@dataclass(frozen=True)
class Gripper:
    """Two fingers that close in parallel; lengths in metres.

    Fingers are `thickness` along the closing direction and `breadth` across; they hold with their last
    `hold`.
    """

    max_opening: float = setting(0.085, "How far the fingers open, metres", 0.001, 1.0)
    finger_length: float = setting(0.045, "From the palm to the fingertips, metres", 0.005, 0.5)
    finger_thickness: float = setting(0.010, "Of a finger, along the closing direction, metres", 0.001, 0.2)
    finger_breadth: float = setting(0.020, "Of a finger, across the closing direction, metres", 0.001, 0.2)
    hold: float = setting(
        0.015, "How much of the fingers reaches past the grasp position, metres", 0.001, 0.2
    )
    clearance: float = setting(
        0.004, "Free space on each side of the part as the fingers close in, metres", 0.0, 0.1
    )

    def __post_init__(self) -> None:
        sizes = (self.max_opening, self.finger_length, self.finger_thickness, self.finger_breadth, self.hold)
        if min(sizes) <= 0 or self.clearance < 0:
            raise InputError("gripper: every length must be more than 0, and the clearance at least 0")
        if self.hold > self.finger_length:
            raise InputError("gripper.hold cannot be more than gripper.finger_length")

    def touches(self, points: np.ndarray, grasp: Grasp) -> bool:
        """Whether any of the points lies in the fingers, or between them as they close."""
        x, y, z = ((points - grasp.position) @ grasp.rotation).T
        beside = np.abs(x) <= grasp.width / 2 + self.finger_thickness
        along = (z <= self.hold) & (z >= self.hold - self.finger_length)
        return bool((beside & (np.abs(y) <= self.finger_breadth / 2) & along).any())

    def lengths(self) -> np.ndarray:
        """(6,) in the order of the fields, for compiled loops."""
        return np.array(
            (
                self.max_opening, self.finger_length, self.finger_thickness,
                self.finger_breadth, self.hold, self.clearance,
            )
        )  # fmt: skip
