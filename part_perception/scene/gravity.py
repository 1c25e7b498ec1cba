"""Gravity: the up direction, given by the caller or taken from the support, smoothed over time."""

from __future__ import annotations

import numpy as np

from part_perception.errors import InputError
from part_perception.inputs import numbers, unit_up

CAMERA_UP = np.array((0.0, -1.0, 0.0))  # in an optical frame: x right, y down, z forward
SAME_DEG = 3.0  # degrees: a support that tilts less between frames is the same one with noise
STEADINESS = 0.7


def given_up(up) -> np.ndarray | None:
    """The caller's up as a unit vector."""
    return None if up is None else unit_up(up)


def given_pose(pose) -> np.ndarray:
    """The caller's camera pose as a (4, 4) rigid transform; without one, the camera frame is the world."""
    if pose is None:
        return np.eye(4)
    pose = numbers(pose, "camera_pose must be a finite (4, 4) matrix of numbers")
    if pose.shape != (4, 4) or not np.isfinite(pose).all():
        raise InputError("camera_pose must be a finite (4, 4) matrix that takes the cloud to the world")
    turn = pose[:3, :3]
    if not np.allclose(turn @ turn.T, np.eye(3), atol=1e-3) or np.linalg.det(turn) < 0:
        raise InputError("camera_pose must be rigid: its upper left (3, 3) is not a rotation")
    return pose


def steady_up(normal: np.ndarray, previous: np.ndarray | None) -> np.ndarray:
    """The support's normal, smoothed while it changes only by noise."""
    if previous is None or normal @ previous < np.cos(np.radians(SAME_DEG)):
        return normal
    mixed = STEADINESS * previous + (1 - STEADINESS) * normal
    return mixed / np.linalg.norm(mixed)
