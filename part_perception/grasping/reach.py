"""Reach: which grasps an arm can take, by the distance from its base and the direction of the approach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import inverse, moved
from part_perception.settings import setting


@dataclass(frozen=True)
class Reach:
    """A hollow sphere around a frame of the robot, and a cone of approaches in that frame."""

    base_frame: str = setting(
        "", "Frame of the arm's base or shoulder; grasps out of its reach are left out; empty = all are given"
    )
    min_radius: float = setting(0.0, "Least distance of a grasp and its pre-grasp from it, metres", 0.0, 10.0)
    max_radius: float = setting(0.85, "Largest distance of a grasp and its pre-grasp, metres", 0.05, 10.0)
    approach_axis: tuple[float, float, float] | None = setting(
        None, "Axis of the approaches in base_frame, such as [0.0, 0.0, -1.0] for down; empty = any approach"
    )
    approach_cone_deg: float = setting(60.0, "Largest angle between an approach and that axis", 0.0, 180.0)

    def __post_init__(self) -> None:
        if self.min_radius >= self.max_radius:
            raise InputError("reach.min_radius must be less than reach.max_radius")
        if self.approach_axis is not None and not any(self.approach_axis):
            raise InputError("reach.approach_axis must have a length")


@dataclass(frozen=True)
class Workspace:
    """A reach as seen from a cloud: the cloud's pose in the base frame, None if that is not known.

    `back`: how far before a grasp the gripper starts.
    """

    reach: Reach
    pose: np.ndarray | None
    back: float

    def seen_from(self, to_world: np.ndarray) -> np.ndarray:
        """(4, 4) from a fixed world to the base; NaN, which equals nothing, if it is not known."""
        return np.full((4, 4), np.nan) if self.pose is None else self.pose @ inverse(to_world)

    def covers(self, places: np.ndarray) -> np.ndarray:
        """(N,) which places are at the right distance."""
        if self.pose is None:
            return np.zeros(len(places), bool)
        away = np.linalg.norm(moved(places, self.pose), axis=1)
        return (away >= self.reach.min_radius) & (away <= self.reach.max_radius)

    def allows(self, positions: np.ndarray, approaches: np.ndarray) -> np.ndarray:
        """(N,) which grasps can be taken, with where the gripper starts."""
        allowed = self.covers(positions) & self.covers(positions - self.back * approaches)
        if self.pose is None or self.reach.approach_axis is None:
            return allowed
        axis = np.asarray(self.reach.approach_axis) / np.linalg.norm(self.reach.approach_axis)
        along = approaches @ self.pose[:3, :3].T @ axis
        return allowed & (along >= np.cos(np.radians(self.reach.approach_cone_deg)) - 1e-9)
