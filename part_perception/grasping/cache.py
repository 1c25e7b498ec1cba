"""Grasp cache: a part's grasps are planned again only when the part, its object, what is near it, or the line of
sight changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.spatial import cKDTree

from part_perception.geometry.boxes import middle, thin
from part_perception.jit import compiled
from part_perception.types import NO_POINTS, Grasp, Part

MAX_PLANS = 256
SAMPLE, PROBES = 256, 64
SHIFT = 0.004  # metres that the middle may shift: noise
# metres, or this many times the sample's own spacing, to the nearest earlier point
NEAR, SPACINGS = 0.005, 1.5
MOVED = 0.01  # metres or radians that an arm's base may move
SAME = 0.9  # of the points
CELL, MIN_POINTS = 0.02, 4  # metres; fewer points in a cell are noise
CHANGED = 3  # cells: less than that is the flicker of an edge
TURNED = np.cos(np.radians(15.0))  # grasps are planned again for a part seen from farther aside


Others = Callable[[np.ndarray], np.ndarray]


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
        self._points = np.ascontiguousarray(thin(points, SAMPLE).astype(float) @ turn.T + shift)
        self._probes = thin(self._points, PROBES)
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


class Cells:
    """The cells of a grid in the world that points are in."""

    def __init__(self, points: np.ndarray, turn: np.ndarray, shift: np.ndarray):
        self._cells = np.floor((points.astype(float) @ turn.T + shift) / CELL).astype(np.int64)
        if len(points):
            cells = self._cells - self._cells.min(axis=0)
            keys = np.ravel_multi_index(tuple(cells.T), tuple(cells.max(axis=0) + 1))
            _, first, count = np.unique(keys, return_index=True, return_counts=True)
            self._cells = self._cells[first[count >= MIN_POINTS]]

    def alike(self, other: Cells) -> bool:
        return self._beyond(other) < CHANGED and other._beyond(self) < CHANGED

    def _beyond(self, other: Cells) -> int:
        """How many cells are not beside one of the other's."""
        if len(self._cells) == 0 or len(other._cells) == 0:
            return len(self._cells)
        near = cKDTree(other._cells).query(self._cells, p=np.inf, distance_upper_bound=1.5)[0]
        return int(np.isinf(near).sum())


@dataclass(frozen=True)
class Plan:
    """Grasps in the world, and what they were planned for: the part, its object, what is near them, the line of
    sight, and the pose of the arm."""

    part: Cover
    thing: Cover
    near: Cells
    sight: np.ndarray
    arm: np.ndarray | None
    grasps: tuple[Grasp, ...]

    def holds(
        self, part: Cover, thing: Cover, near: Cells, sight: np.ndarray, arm: np.ndarray | None
    ) -> bool:
        if (arm is None) != (self.arm is None):
            return False
        if arm is not None and self.arm is not None and not np.allclose(arm, self.arm, atol=MOVED):
            return False
        if self.sight @ sight <= TURNED:
            return False
        return self.part.alike(part) and self.thing.alike(thing) and self.near.alike(near)


class GraspCache:
    """One scene's plans by object, query and instance; concurrent callers plan for a part only once."""

    def __init__(self):
        self._plans: OrderedDict[tuple[int, str, int], Plan] = OrderedDict()
        self._lock = threading.Lock()

    def held(
        self,
        part: Part,
        thing: SeenObject,
        viewpoint: np.ndarray,
        arm: np.ndarray | None = None,
        others: Others = lambda _: NO_POINTS,
    ) -> Part:
        """The part, with grasps that are looked up or planned on first use.

        `arm`: from the world to the base of the arm whose reach limits the grasps. others(points): what else is
        near some points.
        """
        return part.planned_by(lambda points: self._grasps(part, points, thing, viewpoint, arm, others))

    def _grasps(
        self,
        part: Part,
        points: np.ndarray,
        thing: SeenObject,
        viewpoint: np.ndarray,
        arm: np.ndarray | None,
        others: Others,
    ) -> tuple[Grasp, ...]:
        key, to_world = (part.object_id, part.query, part.instance), thing.to_world
        turn, shift = to_world[:3, :3], to_world[:3, 3]
        of_part, of_thing = Cover(points, turn, shift), thing.cover
        near = Cells(others(points), turn, shift)
        sight = of_part.middle - (turn @ viewpoint + shift)
        sight /= max(float(np.linalg.norm(sight)), 1e-9)
        with self._lock:
            plan = self._plans.get(key)
            if plan is None or not plan.holds(of_part, of_thing, near, sight, arm):
                planned = tuple(moved(grasp, turn, shift) for grasp in part.grasps)
                plan = self._plans[key] = Plan(of_part, of_thing, near, sight, arm, planned)
            self._plans.move_to_end(key)
            while len(self._plans) > MAX_PLANS:
                self._plans.popitem(last=False)
        return tuple(moved(grasp, turn.T, -turn.T @ shift) for grasp in plan.grasps)


def moved(grasp: Grasp, turn: np.ndarray, shift: np.ndarray) -> Grasp:
    return replace(grasp, position=turn @ grasp.position + shift, rotation=turn @ grasp.rotation)
