"""Gripper and reach: the two-finger gripper that grasps are planned for, and which grasps its arm can take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.poses import inverse, moved
from part_perception.settings import check_types, setting
from part_perception.types import Grasp


@dataclass(frozen=True)
class Gripper:
    """Two fingers that close in parallel; lengths in metres.

    Fingers are `thickness` along the closing direction and `breadth` across; they hold with their last
    `hold`.
    """

    max_opening: float = setting(0.085, "How far the fingers open, metres", 0.001, 1.0)
    finger_length: float = setting(0.045, "Length of the fingers from palm to tip, metres", 0.005, 0.5)
    finger_thickness: float = setting(
        0.010, "Size of a finger along the closing direction, metres", 0.001, 0.2
    )
    finger_breadth: float = setting(
        0.020, "Size of a finger across the closing direction, metres", 0.001, 0.2
    )
    hold: float = setting(0.015, "How far the fingertips reach past the grasp position, metres", 0.001, 0.2)
    clearance: float = setting(
        0.008, "Free space on each side of the part as the fingers close in, metres", 0.0, 0.1
    )

    def __post_init__(self) -> None:
        check_types(self, "gripper.")
        sizes = (self.max_opening, self.finger_length, self.finger_thickness, self.finger_breadth, self.hold)
        if min(sizes) <= 0 or self.clearance < 0:
            raise InputError("gripper: every length must be more than 0, and the clearance at least 0")
        if self.hold > self.finger_length:
            raise InputError("gripper.hold cannot exceed gripper.finger_length")

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


@dataclass(frozen=True)
class Reach:
    """A hollow sphere around a frame of the robot, and a cone of approaches in that frame."""

    base_frame: str = setting(
        "", "Frame of the arm's base or shoulder; grasps out of its reach are left out; empty = all are given"
    )
    min_radius: float = setting(
        0.0, "Minimum distance of a grasp and its pre-grasp from that frame, metres", 0.0, 10.0
    )
    max_radius: float = setting(0.85, "Maximum distance of a grasp and its pre-grasp, metres", 0.05, 10.0)
    approach_axis: tuple[float, float, float] | None = setting(
        None, "Axis of the approaches in base_frame, such as [0.0, 0.0, -1.0] for down; empty = any approach"
    )
    approach_cone_deg: float = setting(60.0, "Largest angle between an approach and that axis", 0.0, 180.0)

    ik_service: str = setting(
        "",
        "Service (moveit_msgs/GetPositionIK, such as /compute_ik) that is asked about all grasps; those without a "
        "solution are left out; empty = none is asked",
        read_only=True,
    )
    ik_group: str = setting(
        "", "Planning group of reach.ik_service; empty = that of the goal, or the solver's own"
    )

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
