"""Grasp holds: how each candidate would hold a part, and how well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.grasping.candidates import Candidates
from part_perception.grasping.gripper import Gripper
from part_perception.grasping.kernels import hold

CONTIGUOUS = 0.006  # metres between points of one wall, or
SPACINGS = 3.0  # times the points' own spacing
TOUCHED = 0.004  # share of the points that a finger may appear to hit: noise
MIN_HOLD = 0.004  # metres past the surface, if a support keeps the fingers from reaching further
ENOUGH_HELD = 0.3  # share of the part between the fingers


@dataclass(frozen=True)
class Holds:
    """The holds of candidates: middle of the wall along closing, opening width, quality (0 = none)."""

    middle: np.ndarray
    width: np.ndarray
    quality: np.ndarray

    def __getitem__(self, keep) -> Holds:
        return Holds(self.middle[keep], self.width[keep], self.quality[keep])


def assess(
    candidates: Candidates,
    part: np.ndarray,
    around: np.ndarray,
    viewpoint: np.ndarray,
    gripper: Gripper,
    support: np.ndarray | None,
) -> Holds:
    """The hold of each candidate and its quality; 0 if it is too wide, blocked or out of reach."""
    part, around = np.ascontiguousarray(part, float), np.ascontiguousarray(around, float)
    middle, width, held, hit = np.empty((4, len(candidates)))
    hold(
        np.ascontiguousarray(candidates.positions), np.ascontiguousarray(candidates.rotations), part, around,
        max(CONTIGUOUS, SPACINGS * spacing(part)), gripper.lengths(), middle, width, held, hit,
    )  # fmt: skip
    fits = (width > 0) & (hit <= TOUCHED)
    if support is not None:
        fits &= clears_support(candidates, middle, width, gripper, np.asarray(support, float))
    quality = rate(candidates, held, middle, width, part.mean(axis=0), viewpoint, gripper)
    return Holds(middle, width, np.where(fits, quality, 0.0))


def spacing(points: np.ndarray) -> float:
    """The typical distance from a point to its nearest neighbour."""
    some = points[:: max(1, len(points) // 40)]
    square = (some**2).sum(axis=1)[:, None] + (points**2).sum(axis=1)[None] - 2 * some @ points.T
    square[square < 1e-12] = np.inf
    least = np.sort(square.min(axis=1))
    return float(np.sqrt(least[len(least) // 2]))


def clears_support(
    candidates: Candidates, middle: np.ndarray, width: np.ndarray, gripper: Gripper, support: np.ndarray
) -> np.ndarray:
    """Whether the fingertips stay above the support."""
    x, y, z = (candidates.rotations[:, :, k] for k in range(3))
    tip = candidates.positions + middle[:, None] * x + gripper.hold * z
    reach = (width / 2 + gripper.finger_thickness) * np.abs(x @ support[:3])
    reach = reach + gripper.finger_breadth / 2 * np.abs(y @ support[:3])
    spare = (gripper.hold - MIN_HOLD) * np.maximum(-z @ support[:3], 0)
    return tip @ support[:3] + support[3] - reach + spare > 0.0


def rate(
    candidates: Candidates,
    held: np.ndarray,
    middle: np.ndarray,
    width: np.ndarray,
    centre: np.ndarray,
    viewpoint: np.ndarray,
    gripper: Gripper,
) -> np.ndarray:
    """0 to 1: higher for a narrow hold on much of the part, near its middle, in clear view."""
    narrow = 1 - width / gripper.max_opening
    away = np.linalg.norm(candidates.positions - centre, axis=1)
    central = 1 - away / max(float(away.max()), 1e-9)
    sight = candidates.positions - viewpoint
    sight = sight / np.maximum(np.linalg.norm(sight, axis=1), 1e-9)[:, None]
    facing = np.einsum("gi,gi->g", sight, candidates.rotations[:, :, 2])
    even = 1 - np.minimum(np.abs(middle) / np.maximum(width, 1e-6), 1)
    return (
        0.35 * narrow + 0.15 * np.minimum(held / ENOUGH_HELD, 1) + 0.2 * central + 0.15 * facing + 0.15 * even
    )
