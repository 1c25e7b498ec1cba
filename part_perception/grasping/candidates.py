"""Grasp candidates: positions all over a part, approached from above or the camera, with all closings.

Compiled loops measure how each candidate would hold the part; a rating says how well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.geometry.boxes import level_axes
from part_perception.grasping.gripper import Gripper
from part_perception.grasping.shadow import Shadow
from part_perception.jit import compiled

MIN_HELD = 2  # points on each half of the fingers' breadth
SLIP = 0.7  # sideways over along: the tangent at which a grip slides off
ON_AXIS = 1e-6  # metres
PALM_REACH, PALM_HALF = 0.15, 0.03  # metres: the space behind the fingers


@compiled("UniTuple(f8, 2)(f8[::1], i8, f8)")
def wall(x, count, contiguous):
    """Least and greatest of the x[:count] connected about 0; NaN if there are too few. Sorts x[:count]."""
    if count < MIN_HELD:
        return np.nan, np.nan
    x[:count].sort()
    low, high = 0, count - 1
    for k in range(count - 1):
        if x[k + 1] - x[k] > contiguous:
            if x[k + 1] <= ON_AXIS:
                low = k + 1
            if x[k] >= -ON_AXIS:
                high = k
                break
    return x[low], x[high]


@compiled(
    "void(f8[:,::1], f8[:,:,::1], f8[:,::1], f8[:,::1], f8, f8[::1], f8[::1], f8[::1], f8[::1], f8[::1])"
)
def hold(positions, rotations, part, around, contiguous, lengths, middle, width, held, hit):
    """Each candidate's hold: the wall's middle along closing, the opening width (0 = none that fits), the
    share of the part between the fingers, and the number of points that a finger or the palm would hit, as a
    share of those around the fingers."""
    opening, finger, thick, breadth, reach, clearance = lengths
    half, span = breadth / 2, (opening / 2 + thick) ** 2
    left, right = np.empty(len(part)), np.empty(len(part))
    for g in range(len(positions)):
        r, p = rotations[g], positions[g]
        n_left, n_right, between = 0, 0, 0
        for k in range(len(part)):
            dx, dy, dz = part[k, 0] - p[0], part[k, 1] - p[1], part[k, 2] - p[2]
            z = dx * r[0, 2] + dy * r[1, 2] + dz * r[2, 2]
            if abs(z) >= reach:
                continue
            y = dx * r[0, 1] + dy * r[1, 1] + dz * r[2, 1]
            if abs(y) >= half:
                continue
            x = dx * r[0, 0] + dy * r[1, 0] + dz * r[2, 0]
            between += 1
            if y <= 0.0:
                left[n_left] = x
                n_left += 1
            if y >= 0.0:
                right[n_right] = x
                n_right += 1
        middle[g], width[g], hit[g] = 0.0, 0.0, 0.0
        held[g] = between / len(part)
        l0, l1 = wall(left, n_left, contiguous)
        r0, r1 = wall(right, n_right, contiguous)
        if np.isnan(l0) and np.isnan(r0):
            continue
        if np.isnan(l0):
            l0, l1 = r0, r1
        elif np.isnan(r0):
            r0, r1 = l0, l1
        elif max(abs(l0 - r0), abs(l1 - r1)) > SLIP * half:  # fingers slip off a corner
            continue
        low, high = min(l0, r0), max(l1, r1)
        if high - low + 2 * clearance > opening:
            continue
        middle[g], width[g] = (low + high) / 2, high - low + 2 * clearance
        inner = width[g] / 2
        outer = inner + thick
        struck, near = 0, 0
        for cloud in (part, around):
            for k in range(len(cloud)):
                dx, dy, dz = cloud[k, 0] - p[0], cloud[k, 1] - p[1], cloud[k, 2] - p[2]
                near += dx * dx + dy * dy + dz * dz < span
                z = dx * r[0, 2] + dy * r[1, 2] + dz * r[2, 2]
                if z >= reach or z <= -PALM_REACH:
                    continue
                x = abs(dx * r[0, 0] + dy * r[1, 0] + dz * r[2, 0] - middle[g])
                if x >= outer:
                    continue
                y = abs(dx * r[0, 1] + dy * r[1, 1] + dz * r[2, 1])
                if z > reach - finger:
                    struck += x > inner and y < half
                else:
                    struck += y < PALM_HALF
        hit[g] = struck / max(near, 1)


CENTRES = 6
CLOSINGS = 8
REACHABLE_DEG = 70.0  # between the approach and the line of sight: the far side of the part was not seen
MAX_UPWARD = 0.2  # of an approach's slope: never from below


@dataclass(frozen=True)
class Candidates:
    """Grasps to try: positions (G, 3) on the part, rotations (G, 3, 3) as closing, across, approach."""

    positions: np.ndarray
    rotations: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, keep) -> Candidates:
        return Candidates(self.positions[keep], self.rotations[keep])


def draw(part: np.ndarray, viewpoint: np.ndarray, up: np.ndarray) -> Candidates:
    """Every closing direction for every approach at every centre; none if no approach is within reach."""
    rotations = np.concatenate(
        [np.zeros((0, 3, 3)), *map(closings, approaches(part.mean(axis=0) - viewpoint, up))]
    )
    centres = part[spread_centres(part)]
    return Candidates(np.repeat(centres, len(rotations), axis=0), np.tile(rotations, (len(centres), 1, 1)))


def spread_centres(part: np.ndarray) -> list[int]:
    """Points far from each other; the first is in the middle."""
    centres = [int(np.argmin(np.linalg.norm(part - part.mean(axis=0), axis=1)))]
    away = np.linalg.norm(part - part[centres[0]], axis=1)
    while len(centres) < min(CENTRES, len(part)):
        centres.append(int(np.argmax(away)))
        away = np.minimum(away, np.linalg.norm(part - part[centres[-1]], axis=1))
    return centres


def approaches(sight: np.ndarray, up: np.ndarray) -> list[np.ndarray]:
    """From above, along the line of sight, and between: never from behind, never from below."""
    sight = sight / max(float(np.linalg.norm(sight)), 1e-9)
    level = sight - (sight @ up) * up
    found = []
    for direction in (-up, sight, sight - up, level, level - up):
        length = float(np.linalg.norm(direction))
        reachable = direction @ sight > length * np.cos(np.radians(REACHABLE_DEG))
        if length > 0.1 and reachable and direction @ up < MAX_UPWARD * length:
            found.append(direction / length)
    return found


def closings(approach: np.ndarray) -> np.ndarray:
    """(CLOSINGS, 3, 3) right-handed rotations: z = approach, x turned about it."""
    angle = np.arange(CLOSINGS)[:, None] * np.pi / CLOSINGS
    x, y, _ = level_axes(approach).T
    closing, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    return np.stack([closing, across, np.tile(approach, (CLOSINGS, 1))], axis=2)


CONTIGUOUS = 0.006  # metres between points of one wall, or
SPACINGS = 3.0  # times the points' own spacing
TOUCHED = 0.004  # of the points around the fingers: as many may appear to be hit, which is noise
MIN_HOLD = 0.004  # metres past the surface, if a support keeps the fingers from reaching further
ENOUGH_HELD = 0.3  # share of the part between the fingers
# Places in a finger: across from its middle, and along from its tip, as shares of its size
IN_FINGER = np.stack(np.meshgrid((-0.35, 0.0, 0.35), (0.1, 0.3, 0.5, 0.7, 0.9)), axis=-1).reshape(-1, 2)


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
    points = points.astype(float) - points[0]  # far from the origin, squares lose the digits that matter
    some = points[:: max(1, len(points) // 40)]
    square = (some**2).sum(axis=1)[:, None] + (points**2).sum(axis=1)[None] - 2 * some @ points.T
    square[square < 1e-12] = np.inf
    least = np.sort(square.min(axis=1))
    return float(np.sqrt(least[len(least) // 2]))


def in_view(candidates: Candidates, holds: Holds, gripper: Gripper, shadow: Shadow) -> Holds:
    """The holds, of less quality the more of the fingers is hidden: nobody knows what they would hit there.

    The candidates are centred on what they hold.
    """
    hidden = shadow.share(in_fingers(candidates, holds.width, gripper))
    return Holds(holds.middle, holds.width, holds.quality * (1 - hidden))


def in_fingers(candidates: Candidates, width: np.ndarray, gripper: Gripper) -> np.ndarray:
    """(G, 30, 3) places spread over both fingers of each candidate."""
    across, along = (IN_FINGER * (gripper.finger_breadth, gripper.finger_length)).T
    x, y, z = (candidates.rotations[:, None, :, k] for k in range(3))
    middle = candidates.positions[:, None] + y * across[:, None] + z * (gripper.hold - along[:, None])
    aside = (width + gripper.finger_thickness)[:, None, None] / 2 * x
    return np.concatenate([middle - aside, middle + aside], axis=1)


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
