"""Plans grasps for a parallel gripper, from a part's visible points and its surroundings."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from part_perception.geometry.boxes import middle
from part_perception.grasping.gripper import Gripper, Workspace
from part_perception.jit import compiled
from part_perception.types import Grasp, Part

if TYPE_CHECKING:
    from part_perception.grasping.candidates import Candidates, Holds


__all__ = ["Gripper", "plan_grasps"]

MAX_GRASPS = 5
COARSE, FINE = 160, 1500  # points of the part, and of its surroundings
FINALISTS = 24
MIN_POINTS = 8
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
    from part_perception.grasping.candidates import assess, draw

    part, around = np.asarray(part_points), np.asarray(around)
    if len(part) < MIN_POINTS:
        return ()
    viewpoint = np.asarray(viewpoint, float)
    tried = draw(spread_out(part, COARSE).astype(float), viewpoint, np.asarray(up, float))
    if workspace is not None:
        tried = tried[workspace.allows(tried.positions, tried.rotations[:, :, 2])]
    # All candidates are rated with few points and the best with many, because few may leave false gaps.
    for most, keep in ((COARSE, FINALISTS), (FINE, MAX_GRASPS * 2)):
        if len(tried) == 0:
            return ()
        holds = assess(tried, spread_out(part, most), spread_out(around, most), viewpoint, gripper, support)
        best = np.argsort(-holds.quality, kind="stable")[:keep]
        best = best[holds.quality[best] > 0]
        tried, holds = tried[best], holds[best]
    return best_apart(tried, holds, part)


def spread_out(points: np.ndarray, most: int) -> np.ndarray:
    """At most `most` points, evenly spaced by index."""
    if len(points) <= most:
        return points
    return points[np.arange(most) * (len(points) - 1) // (most - 1)]


def best_apart(candidates: Candidates, holds: Holds, part: np.ndarray) -> tuple[Grasp, ...]:
    """The best candidates, in order, that differ in position or direction."""
    chosen: list[int] = []
    for g in range(len(candidates)):
        if len(chosen) < MAX_GRASPS and not any(alike(candidates, g, other) for other in chosen):
            chosen.append(g)
    grasps = []
    for g in chosen:
        rotation = candidates.rotations[g]
        target = candidates.positions[g] + holds.middle[g] * rotation[:, 0]
        surface = part[int(np.argmin(((part - target) ** 2).sum(axis=1)))].astype(float)
        grasps.append(Grasp(surface, rotation, float(holds.width[g]), float(min(holds.quality[g], 1.0))))
    return tuple(grasps)


def alike(candidates: Candidates, a: int, b: int) -> bool:
    near = np.linalg.norm(candidates.positions[a] - candidates.positions[b]) < APART
    turned = np.abs(np.einsum("ij,ij->j", candidates.rotations[a], candidates.rotations[b]))
    return bool(near and turned[0] > SAME_WAY and turned[2] > SAME_WAY)


MAX_PLANS = 256
SAMPLE, PROBES = 256, 64
SHIFT = 0.004  # metres that the middle may shift: noise
# metres, or this many times the sample's own spacing, to the nearest earlier point
NEAR, SPACINGS = 0.005, 1.5
MOVED = 0.01  # metres or radians that an arm's base may move
SAME = 0.9  # of the points
TURNED = np.cos(np.radians(15.0))  # grasps are planned again for a part seen from farther aside


class SeenObject(Protocol):
    """An object as one frame sees it: its points, and the pose that maps them to the world."""

    points: np.ndarray
    to_world: np.ndarray

    @property
    def cover(self) -> Cover:
        """Its points in the world, to compare with earlier frames."""


class Cover:
    """Some points in the world, their middle, and the distance within which a point is on their surface."""

    def __init__(self, points: np.ndarray, turn: np.ndarray, shift: np.ndarray):
        self.middle = turn @ middle(points) + shift
        self._points = np.ascontiguousarray(spread(points, SAMPLE).astype(float) @ turn.T + shift)
        self._probes = spread(self._points, PROBES)
        self._reach = max(NEAR, SPACINGS * spacing_of(self._probes, self._points))

    def alike(self, other: Cover) -> bool:
        if np.linalg.norm(self.middle - other.middle) > SHIFT:
            return False
        return self._covers(other) and other._covers(self)

    def _covers(self, other: Cover) -> bool:
        return share_near(other._probes, self._points, self._reach) >= SAME


@compiled("f8(f8[:,::1], f8[:,::1])")
def spacing_of(probes, points):
    """The median distance from some of the points to the nearest other one; 0 if there is just one."""
    away = np.zeros(len(probes))
    for p in range(len(probes)):
        first = second = np.inf
        for k in range(len(points)):
            dx, dy = points[k, 0] - probes[p, 0], points[k, 1] - probes[p, 1]
            dz = points[k, 2] - probes[p, 2]
            square = dx * dx + dy * dy + dz * dz
            if square < second:
                first, second = min(first, square), max(first, square)
        if second < np.inf:
            away[p] = np.sqrt(second)
    return np.median(away)


@compiled("f8(f8[:,::1], f8[:,::1], f8)")
def share_near(probes, points, reach):
    """The share of the probes that have a point within reach."""
    near = 0
    for p in range(len(probes)):
        for k in range(len(points)):
            dx, dy = points[k, 0] - probes[p, 0], points[k, 1] - probes[p, 1]
            dz = points[k, 2] - probes[p, 2]
            if dx * dx + dy * dy + dz * dz < reach * reach:
                near += 1
                break
    return near / len(probes)


@dataclass(frozen=True)
class Plan:
    """Grasps in the world, and the part, object, line of sight and pose of the arm they were planned for."""

    part: Cover
    thing: Cover
    sight: np.ndarray
    arm: np.ndarray | None
    grasps: tuple[Grasp, ...]

    def holds(self, part: Cover, thing: Cover, sight: np.ndarray, arm: np.ndarray | None) -> bool:
        if (arm is None) != (self.arm is None):
            return False
        if arm is not None and self.arm is not None and not np.allclose(arm, self.arm, atol=MOVED):
            return False
        return self.sight @ sight > TURNED and self.part.alike(part) and self.thing.alike(thing)


class GraspCache:
    """One scene's plans by object, query and instance; concurrent callers plan for a part only once."""

    def __init__(self):
        self._plans: OrderedDict[tuple[int, str, int], Plan] = OrderedDict()
        self._lock = threading.Lock()

    def held(
        self, part: Part, thing: SeenObject, viewpoint: np.ndarray, arm: np.ndarray | None = None
    ) -> Part:
        """The part, with grasps that are looked up or planned on first use.

        `arm`: from the world to the base of the arm whose reach limits the grasps.
        """
        return part.planned_by(lambda points: self._grasps(part, points, thing, viewpoint, arm))

    def _grasps(
        self,
        part: Part,
        points: np.ndarray,
        thing: SeenObject,
        viewpoint: np.ndarray,
        arm: np.ndarray | None,
    ) -> tuple[Grasp, ...]:
        key, to_world = (part.object_id, part.query, part.instance), thing.to_world
        turn, shift = to_world[:3, :3], to_world[:3, 3]
        of_part, of_thing = Cover(points, turn, shift), thing.cover
        sight = of_part.middle - (turn @ viewpoint + shift)
        sight /= max(float(np.linalg.norm(sight)), 1e-9)
        with self._lock:
            plan = self._plans.get(key)
            if plan is None or not plan.holds(of_part, of_thing, sight, arm):
                planned = tuple(moved(grasp, turn, shift) for grasp in part.grasps)
                plan = self._plans[key] = Plan(of_part, of_thing, sight, arm, planned)
            self._plans.move_to_end(key)
            while len(self._plans) > MAX_PLANS:
                self._plans.popitem(last=False)
        return tuple(moved(grasp, turn.T, -turn.T @ shift) for grasp in plan.grasps)


def moved(grasp: Grasp, turn: np.ndarray, shift: np.ndarray) -> Grasp:
    return replace(grasp, position=turn @ grasp.position + shift, rotation=turn @ grasp.rotation)


def spread(points: np.ndarray, most: int) -> np.ndarray:
    """At most `most` points, evenly spaced by index."""
    return points[np.linspace(0, len(points) - 1, min(most, len(points))).astype(np.int64)]
