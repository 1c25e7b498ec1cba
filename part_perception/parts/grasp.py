"""Grasps for a parallel gripper, from the part's visible points and what is around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.types import Grasp

MOST_GRASPS = 5
CENTRES = 6
CLOSINGS = 8
COARSE, FINE = 160, 1500  # points of the part, and of what is around it
FINALISTS = 24
LEAST_POINTS = 8
LEAST_HELD = 2  # points on either half of the fingers' breadth
SLIP = 0.7  # sideways over along: the tangent of a grip that slides off
LEAST_HOLD = 0.004  # metres past the surface, where a support keeps the fingers from reaching further
REACHABLE_DEG = 70.0  # between the approach and the line of sight: what is behind the part was not seen
CONTIGUOUS = 0.006  # metres between points of one wall, or
SPACINGS = 3.0  # so many times the points' own spacing
TOUCHED = 0.004  # share of the object's sampled points that a finger may seem to run into: noise
APART = 0.01  # metres between alternatives


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


@dataclass(frozen=True)
class Holds:
    """How candidates would hold: middle of the wall along the closing direction, opening width, quality (0 = not)."""

    middle: np.ndarray
    width: np.ndarray
    quality: np.ndarray

    def __getitem__(self, keep) -> Holds:
        return Holds(self.middle[keep], self.width[keep], self.quality[keep])


@dataclass(frozen=True)
class Candidates:
    """Places to try: positions (G, 3) on the part and rotations (G, 3, 3), columns closing, across, approach."""

    positions: np.ndarray
    rotations: np.ndarray

    def __getitem__(self, keep) -> Candidates:
        return Candidates(self.positions[keep], self.rotations[keep])


def plan_grasps(
    part_points: np.ndarray,
    object_points: np.ndarray,
    viewpoint: np.ndarray,
    up: np.ndarray,
    gripper: Gripper = Gripper(),
    support: np.ndarray | None = None,
) -> tuple[Grasp, ...]:
    """The best ways to take hold of a part, best first; none if it is too wide, hemmed in or out of reach.

    The position is a point of the part's surface; the fingertips reach `gripper.hold` past it, less where the
    support is near. support: a plane (4,), n . p + d = height above it.
    """
    part, around = np.asarray(part_points, np.float32), np.asarray(object_points, np.float32)
    if len(part) < LEAST_POINTS:
        return ()
    viewpoint, up = np.asarray(viewpoint, float), np.asarray(up, float)
    candidates = draw(spread_out(part, COARSE), viewpoint, up)
    if len(candidates.positions) == 0:
        return ()
    # All candidates are judged by few points, then the best by many: few may leave gaps that are none.
    tried = candidates
    for most, keep in ((COARSE, FINALISTS), (FINE, MOST_GRASPS * 2)):
        holds = assess(tried, spread_out(part, most), spread_out(around, most), viewpoint, gripper, support)
        best = np.argsort(-holds.quality, kind="stable")[:keep]
        best = best[holds.quality[best] > 0]
        if len(best) == 0:
            return ()
        tried, holds = tried[best], holds[best]
    return best_apart(tried, holds, part)


def spread_out(points: np.ndarray, most: int) -> np.ndarray:
    """At most so many points, evenly over their order."""
    if len(points) <= most:
        return points
    return points[np.arange(most) * (len(points) - 1) // (most - 1)]


def draw(part: np.ndarray, viewpoint: np.ndarray, up: np.ndarray) -> Candidates:
    """Spots all over the part, approached from above and from the camera, closing every way round."""
    middle = part.mean(axis=0)
    centres = [int(np.argmin(np.linalg.norm(part - middle, axis=1)))]
    away = np.linalg.norm(part - part[centres[0]], axis=1)
    while len(centres) < min(CENTRES, len(part)):
        centres.append(int(np.argmax(away)))
        away = np.minimum(away, np.linalg.norm(part - part[centres[-1]], axis=1))
    sight = middle - viewpoint
    sight /= max(np.linalg.norm(sight), 1e-9)
    approaches = []
    level = sight - (sight @ up) * up
    for direction in (-up, sight, sight - up, level, level - up):
        length = np.linalg.norm(direction)
        # never from behind, never from below
        reachable = direction @ sight > length * np.cos(np.radians(REACHABLE_DEG))
        if length > 0.1 and reachable and direction @ up < 0.2 * length:
            approaches.append(direction / length)
    rotations = np.array(
        [closing(a, angle) for a in approaches for angle in np.arange(CLOSINGS) * np.pi / CLOSINGS]
    )
    if len(rotations) == 0:
        return Candidates(np.zeros((0, 3)), np.zeros((0, 3, 3)))
    positions = np.repeat(part[centres], len(rotations), axis=0)
    return Candidates(positions, np.tile(rotations, (len(centres), 1, 1)).astype(np.float32))


def closing(approach: np.ndarray, angle: float) -> np.ndarray:
    """A right-handed rotation: z = approach, x turned about it by an angle."""
    aside = np.eye(3)[int(np.argmin(np.abs(approach)))]
    x = np.cross(aside, approach)
    x /= np.linalg.norm(x)
    x = np.cos(angle) * x + np.sin(angle) * np.cross(approach, x)
    return np.stack([x, np.cross(approach, x), approach], axis=1)


def assess(
    candidates: Candidates,
    part: np.ndarray,
    around: np.ndarray,
    viewpoint: np.ndarray,
    gripper: Gripper,
    support: np.ndarray | None,
) -> Holds:
    """What each candidate would hold, and how well; quality 0 where it is too wide, hemmed in or out of reach."""
    # In each candidate's own frame: x along closing, y across the fingers, z along the approach.
    of_part = in_frames(part, candidates)
    low, high = held_interval(of_part, max(CONTIGUOUS, SPACINGS * spacing(part)), gripper)
    width = high - low + 2 * gripper.clearance
    fits = np.isfinite(width) & (width <= gripper.max_opening)
    width, middle = np.where(fits, width, 0.0), np.where(fits, low, 0.0)
    middle = middle + np.where(fits, width / 2 - gripper.clearance, 0.0)
    fits &= ~runs_into(in_frames(np.concatenate([around, part]), candidates), middle, width, gripper)
    if support is not None:
        fits &= clears_support(candidates, middle, width, gripper, np.asarray(support, float))
    quality = rate(candidates, of_part, middle, width, part, viewpoint, gripper)
    return Holds(middle, width, np.where(fits, quality, 0.0))


def in_frames(points: np.ndarray, candidates: Candidates) -> np.ndarray:
    """(G, N, 3)."""
    count = len(candidates.positions)
    side_by_side = candidates.rotations.transpose(1, 0, 2).reshape(3, -1)
    seen = (points @ side_by_side).reshape(len(points), count, 3)
    shift = np.einsum("gi,gij->gj", candidates.positions, candidates.rotations)
    return np.ascontiguousarray((seen - shift).transpose(1, 0, 2))


def spacing(points: np.ndarray) -> float:
    """The usual distance from a point to the nearest other."""
    some = points[:: max(1, len(points) // 40)]
    away = np.linalg.norm(some[:, None] - points[None], axis=2)
    away[away < 1e-9] = np.inf
    return float(np.median(away.min(axis=1)))


def held_interval(part: np.ndarray, contiguous: float, gripper: Gripper) -> tuple[np.ndarray, np.ndarray]:
    """From where to where the wall between the fingers runs along closing; infinite if it has no hold."""
    inside = np.abs(part[..., 2]) < gripper.hold
    half = gripper.finger_breadth / 2
    left = wall(part, inside & (part[..., 1] <= 0) & (part[..., 1] > -half), contiguous)
    right = wall(part, inside & (part[..., 1] >= 0) & (part[..., 1] < half), contiguous)
    # fingers slip off a corner: the wall must run about along them
    with np.errstate(invalid="ignore"):
        slips = np.max([np.abs(left[k] - right[k]) for k in (0, 1)], axis=0) > SLIP * half
    low, high = np.fmin(left[0], right[0]), np.fmax(left[1], right[1])
    bad = slips | np.isnan(low) | np.isnan(high)
    return np.where(bad, -np.inf, low), np.where(bad, np.inf, high)


def wall(part: np.ndarray, between: np.ndarray, contiguous: float) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest x of the chosen points that hang together about x = 0; NaN where there are too few."""
    x = np.where(between, part[..., 0], np.nan)
    x.sort(axis=1)
    with np.errstate(invalid="ignore"):
        gap = np.diff(x, axis=1) > contiguous
        left_of, right_of = x[:, 1:] <= 1e-6, x[:, :-1] >= -1e-6
    count = x.shape[1]
    column = np.arange(count - 1)
    first = np.where(gap & left_of, column + 1, 0).max(axis=1)
    last = np.where(gap & right_of, column, count).min(axis=1)
    last = np.minimum(last, np.isfinite(x).sum(axis=1) - 1)
    rows = np.arange(len(x))
    few = between.sum(axis=1) < LEAST_HELD
    return np.where(few, np.nan, x[rows, first]), np.where(few, np.nan, x[rows, np.maximum(last, 0)])


def runs_into(points: np.ndarray, middle: np.ndarray, width: np.ndarray, gripper: Gripper) -> np.ndarray:
    """Whether a finger, or the palm, would be where the object is."""
    x = np.abs(points[..., 0] - middle[:, None])
    y, z = np.abs(points[..., 1]), points[..., 2]
    half = (width / 2)[:, None]
    beside = (
        (y < gripper.finger_breadth / 2) & (z < gripper.hold) & (z > gripper.hold - gripper.finger_length)
    )
    finger = beside & (x > half) & (x < half + gripper.finger_thickness)
    palm = (
        (z < gripper.hold - gripper.finger_length)
        & (z > -0.15)
        & (y < 0.03)
        & (x < half + gripper.finger_thickness)
    )
    return (finger | palm).mean(axis=1) > TOUCHED


def clears_support(
    candidates: Candidates, middle: np.ndarray, width: np.ndarray, gripper: Gripper, support: np.ndarray
) -> np.ndarray:
    """Whether the fingertips stay above the support."""
    x, y, z = (candidates.rotations[:, :, k] for k in range(3))
    tip = candidates.positions + middle[:, None] * x + gripper.hold * z
    reach = (width / 2 + gripper.finger_thickness) * np.abs(x @ support[:3])
    reach = reach + gripper.finger_breadth / 2 * np.abs(y @ support[:3])
    spare = (gripper.hold - LEAST_HOLD) * np.maximum(-z @ support[:3], 0)
    return tip @ support[:3] + support[3] - reach + spare > 0.0


def rate(
    candidates: Candidates,
    of_part: np.ndarray,
    middle: np.ndarray,
    width: np.ndarray,
    part: np.ndarray,
    viewpoint: np.ndarray,
    gripper: Gripper,
) -> np.ndarray:
    """0 to 1: a narrow hold, on much of the part, near its middle, seen well."""
    narrow = 1 - width / gripper.max_opening
    between = (np.abs(of_part[..., 1]) < gripper.finger_breadth / 2) & (
        np.abs(of_part[..., 2]) < gripper.hold
    )
    held = between.mean(axis=1)
    away = np.linalg.norm(candidates.positions - part.mean(axis=0), axis=1)
    central = 1 - away / max(away.max(), 1e-9)
    sight = candidates.positions - viewpoint
    sight /= np.maximum(np.linalg.norm(sight, axis=1), 1e-9)[:, None]
    facing = np.einsum("gi,gi->g", sight, candidates.rotations[:, :, 2])
    even = 1 - np.minimum(np.abs(middle) / np.maximum(width, 1e-6), 1)
    return 0.35 * narrow + 0.15 * np.minimum(held / 0.3, 1) + 0.2 * central + 0.15 * facing + 0.15 * even


def best_apart(candidates: Candidates, holds: Holds, part: np.ndarray) -> tuple[Grasp, ...]:
    """The best candidates, in order, that differ in place or direction."""
    chosen: list[int] = []
    for g in range(len(candidates.positions)):
        if len(chosen) < MOST_GRASPS and not any(alike(candidates, g, other) for other in chosen):
            chosen.append(g)
    grasps = []
    for g in chosen:
        rotation = candidates.rotations[g].astype(float)
        target = candidates.positions[g] + holds.middle[g] * rotation[:, 0]
        surface = part[int(np.argmin(np.linalg.norm(part - target, axis=1)))].astype(float)
        grasps.append(Grasp(surface, rotation, float(holds.width[g]), float(min(holds.quality[g], 1.0))))
    return tuple(grasps)


def alike(candidates: Candidates, a: int, b: int) -> bool:
    near = np.linalg.norm(candidates.positions[a] - candidates.positions[b]) < APART
    turned = np.abs(np.einsum("ij,ij->j", candidates.rotations[a], candidates.rotations[b]))
    return bool(near and turned[0] > 0.9 and turned[2] > 0.9)


class LaterGrasps(Sequence):
    """The grasps of a part, planned when first looked at: most answers are asked for where, not for how to hold."""

    def __init__(self, *arguments):
        self._arguments = arguments
        self._grasps: tuple[Grasp, ...] | None = None

    def _planned(self) -> tuple[Grasp, ...]:
        if self._grasps is None:
            self._grasps = plan_grasps(*self._arguments)
            self._arguments = ()
        return self._grasps

    def __len__(self) -> int:
        return len(self._planned())

    def __getitem__(self, k):
        return self._planned()[k]
