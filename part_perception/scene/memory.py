"""Memory: what is known of one object from its encodings over time, and lookup of the nearest known point."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from part_perception.geometry.motions import Motion
from part_perception.scene import kernels

MAX_CELLS = 48  # along one side
POINTS_PER_CELL = 3.0


class Lookup:
    """Known points sorted into cells."""

    def __init__(self, points: np.ndarray):
        points = np.asarray(points, float)
        self.origin = points.min(axis=0)
        extent = np.ptp(points, axis=0)
        # points lie on a surface: this many cells per side hold a few points each
        across = np.clip(np.sqrt(len(points) / POINTS_PER_CELL), 1, MAX_CELLS)
        self.cell = max(float(extent.max()) / across, 1e-4)
        self.shape = (np.floor(extent / self.cell) + 1).astype(np.int64)
        place = np.floor((points - self.origin) / self.cell).astype(np.int64)
        flat = (place[:, 0] * self.shape[1] + place[:, 1]) * self.shape[2] + place[:, 2]
        self.order = np.argsort(flat, kind="stable").astype(np.int32)
        # from the lower corner on: objects may be so far from the world's origin that single precision is not enough
        self.known = np.ascontiguousarray(points[self.order] - self.origin, np.float32)
        self.starts = np.zeros(int(self.shape.prod()) + 1, np.int32)
        self.starts[1:] = np.cumsum(np.bincount(flat, minlength=int(self.shape.prod())))

    def nearest(self, points: np.ndarray, transform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each point, moved by transform (4, 4): the nearest known point (-1: none) and its distance."""
        found, distance = np.empty(len(points), np.int32), np.empty(len(points), np.float32)
        local = np.array(transform, float)
        local[:3, 3] -= self.origin
        kernels.nearest_in_cells(
            np.ascontiguousarray(points, np.float32), local, self.cell, self.shape, self.starts, self.known,
            found, distance,
        )  # fmt: skip
        return np.where(found >= 0, self.order[found], -1), distance


PROBES = 160  # points of an object that are looked up
EXPLAINED = 0.85  # of an object's points: above this share it looks as known
STRANGE = 0.5  # below this share it is no longer the same
BETTER = 0.1  # additional share that a push must explain compared to standing still
MAX_STEPS, STILL = 6, 5e-4  # metres
OTHER_SIDE_DEG = 40.0  # from a view this far aside, other parts are visible
CLOSER = 3.0  # times as many pixels as when it was encoded: worth encoding again


@dataclass(eq=False)
class Observation:
    """One encoding: the encoded object, its world points, when it last matched, and the line of sight.

    `pushed`: how far the object had been pushed in the world when it was seen.
    """

    encoded: Any
    world_points: np.ndarray
    pixels: int
    seen: float
    indices: np.ndarray
    sight: np.ndarray
    to_world: np.ndarray = field(default_factory=lambda: np.eye(4))
    pushed: np.ndarray = field(default_factory=lambda: np.zeros(3))

    # by other observation and (query, instance): the part's motion where it was seen, None if it stayed
    measured: WeakKeyDictionary[Observation, dict[tuple[str, int], Motion | None]] = field(
        default_factory=WeakKeyDictionary
    )

    def located(self, rows: np.ndarray | slice, pushed: np.ndarray) -> np.ndarray:
        """Positions of points of this observation in the world when the object has been pushed so far."""
        return self.world_points[rows] + (pushed - self.pushed)

    @cached_property
    def lookup(self) -> Lookup:
        """The lookup of the known points, built on first use: an object seen once needs none."""
        return Lookup(self.world_points)

    def transform(self, to_world: np.ndarray, pushed: np.ndarray) -> np.ndarray:
        """From the cloud to this observation's world points: the object may have been pushed since."""
        moved = to_world.copy()
        moved[:3, 3] -= pushed - self.pushed
        return moved


@dataclass
class Track:
    """An object over time.

    votes: recent frames in which it was a segment of its own, minus those in which it was joined to another.
    pushed: how far it was pushed in the world, in all. A new array each time, so that a frame can keep its own.
    """

    id: int
    centroid: np.ndarray
    size: np.ndarray
    first_seen: float
    last_seen: float
    observations: list[Observation] = field(default_factory=list)
    wanted: bool = False  # requested, but not encoded yet
    votes: int = 0
    pushed: np.ndarray = field(default_factory=lambda: np.zeros(3))

    def explains(self, points: np.ndarray, to_world: np.ndarray, tolerance: float) -> np.ndarray:
        """Which of the points lie where an observation already has one."""
        covered = np.zeros(len(points), bool)
        for look in self.observations:
            _, distance = look.lookup.nearest(points, look.transform(to_world, self.pushed))
            covered |= distance < tolerance
        return covered

    def needs_encoding(
        self,
        probes: np.ndarray,
        pixels: int,
        to_world: np.ndarray,
        sight: np.ndarray,
        tolerance: float,
        stamp: float,
    ) -> bool:
        """Whether it must be encoded (again): it is new, changed, turned, or much closer now.

        probes: some of its points, pixels: how many there are in all.
        """
        if not self.observations:
            return True
        covered = self.explains(probes, to_world, tolerance)
        turned = [
            look for look in self.observations if look.sight @ sight < np.cos(np.radians(OTHER_SIDE_DEG))
        ]
        other_side = len(turned) == len(self.observations)
        # another side may look like a known one that was pushed, such as the back of a jug
        if covered.mean() < EXPLAINED and not other_side:
            covered = self.follow(probes, to_world, tolerance, covered)
        if covered.mean() < STRANGE:
            self.observations.clear()
            return True
        if other_side:
            return True
        latest = next(look for look in reversed(self.observations) if look not in turned)
        latest.seen = stamp
        return bool(covered.mean() < EXPLAINED or pixels > CLOSER * latest.pixels)

    def follow(
        self, probes: np.ndarray, to_world: np.ndarray, tolerance: float, covered: np.ndarray
    ) -> np.ndarray:
        """If the object was pushed, follow it; return what its observations cover then, else `covered`."""
        newest, before = self.observations[-1], self.pushed
        world = probes @ to_world[:3, :3].T + to_world[:3, 3]
        for _ in range(MAX_STEPS):
            found, _ = newest.lookup.nearest(probes, newest.transform(to_world, self.pushed))
            reached = found >= 0
            if reached.mean() > STRANGE:
                step = (world - newest.located(found, self.pushed))[reached].mean(axis=0)
            else:
                step = world.mean(axis=0) - newest.located(slice(None), self.pushed).mean(axis=0)
            self.pushed = self.pushed + step
            if np.linalg.norm(step) < STILL:
                break
        after = self.explains(probes, to_world, tolerance)
        if after.mean() > covered.mean() + BETTER:
            return after
        self.pushed = before
        return covered
