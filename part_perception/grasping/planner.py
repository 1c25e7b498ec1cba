"""Planner: grasps for a parallel gripper, from a part's visible points and its surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from part_perception.geometry.boxes import bounds, thin
from part_perception.grasping.gripper import Gripper, Workspace
from part_perception.inputs import unit_up
from part_perception.types import Grasp

if TYPE_CHECKING:
    from part_perception.grasping.candidates import Candidates, Holds


__all__ = ["Gripper", "plan_grasps"]

MAX_GRASPS = 5
# points of the part, and of its surroundings
COARSE, FINE = (160, 160), (1500, 6000)
FINALISTS = 24
MIN_POINTS = 8
PITCHES = 2.0  # between points, which are cells of the shadow: smaller ones would have holes
DEPTH = 0.3  # weight of a distance along the approach compared to one beside it
APART = 0.01  # metres between alternatives
SAME_WAY = 0.9  # cosine
USUAL = Gripper()


def plan_grasps(
    part_points: np.ndarray,
    around: np.ndarray,
    viewpoint: np.ndarray,
    up: np.ndarray,
    gripper: Gripper = USUAL,
    support: np.ndarray | None = None,
    workspace: Workspace | None = None,
) -> tuple[Grasp, ...]:
    """The best grasps of a part, best first; none if it is too wide, blocked or out of reach.

    The position is a point of the part's surface; the fingertips reach `gripper.hold` past it, or less if the
    support is near. around: points the gripper could hit. support: a plane (4,), n . p + d = height above it.
    workspace: of the arm that holds the gripper; None: everything is within reach.
    """
    # the compiled loops are loaded when the first grasp is planned
    from part_perception.grasping.candidates import PALM_REACH, assess, draw, in_view, spacing
    from part_perception.grasping.shadow import Shadow

    # spacings are differences of squares, for which single precision is not enough
    part = np.asarray(part_points, float)
    if len(part) < MIN_POINTS:
        return ()
    viewpoint, up = np.asarray(viewpoint, float), unit_up(up)
    # The rest of a large object would leave too few points where the gripper moves.
    reach = float(np.hypot(PALM_REACH, gripper.max_opening + gripper.finger_thickness))
    around = within(np.asarray(around), part, reach).astype(float)
    tried = draw(thin(part, COARSE[0]), viewpoint, up)
    if workspace is not None:
        tried = tried[workspace.allows(tried.positions, tried.rotations[:, :, 2])]
    # All candidates are rated with few points and the best with many, because few may leave false gaps.
    for of_part, of_rest in (COARSE, FINE):
        if len(tried) == 0:
            return ()
        holds = assess(tried, thin(part, of_part), thin(around, of_rest), viewpoint, gripper, support)
        best = np.argsort(-holds.quality, kind="stable")[:FINALISTS]
        best = best[holds.quality[best] > 0]
        tried, holds = recentred(tried[best], holds.middle[best], thin(part, FINE[0])), holds[best]
        if workspace is not None:
            allowed = workspace.allows(tried.positions, tried.rotations[:, :, 2])
            tried, holds = tried[allowed], holds[allowed]
    if len(tried) == 0:
        return ()
    shadow = Shadow(np.concatenate([part, around]), viewpoint, PITCHES * spacing(part))
    holds = in_view(tried, holds, gripper, shadow)
    best = np.argsort(-holds.quality, kind="stable")
    return best_apart(tried[best], holds[best])


def within(around: np.ndarray, part: np.ndarray, reach: float) -> np.ndarray:
    """The points that are not farther than `reach` from the part's bounds."""
    near = np.ones(len(around), bool)
    for values, low, high in zip(around.T, *bounds(part), strict=True):
        near &= (values >= low - reach) & (values <= high + reach)
    return around[near]


def recentred(candidates: Candidates, middle: np.ndarray, part: np.ndarray) -> Candidates:
    """The candidates moved to where the approach to the middle of what they hold meets the part."""
    from part_perception.grasping.candidates import Candidates

    rotations = candidates.rotations
    targets = candidates.positions + middle[:, None] * rotations[:, :, 0]
    local = (part - targets[:, None]) @ rotations * (1, 1, DEPTH)
    return Candidates(part[(local**2).sum(axis=2).argmin(axis=1)], rotations)


def best_apart(candidates: Candidates, holds: Holds) -> tuple[Grasp, ...]:
    """The best candidates, in order, that differ in position or direction."""
    chosen: list[int] = []
    for g in range(len(candidates)):
        if len(chosen) < MAX_GRASPS and not any(alike(candidates, g, other) for other in chosen):
            chosen.append(g)
    return tuple(
        Grasp(
            candidates.positions[g],
            candidates.rotations[g],
            float(holds.width[g]),
            float(min(holds.quality[g], 1.0)),
        )
        for g in chosen
    )


def alike(candidates: Candidates, a: int, b: int) -> bool:
    near = np.linalg.norm(candidates.positions[a] - candidates.positions[b]) < APART
    turned = np.abs(np.einsum("ij,ij->j", candidates.rotations[a], candidates.rotations[b]))
    return bool(near and turned[0] > SAME_WAY and turned[2] > SAME_WAY)
