"""Things: generated objects and plain blocks, placed in the world, with the names of their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from part_perception.geometry.boxes import upright_box
from part_perception.shapes.builder import Shape, Surface, sample_surface

Tint = tuple[int, int, int]
TINTS: tuple[Tint, ...] = (
    (205, 92, 72), (78, 134, 184), (226, 182, 82), (110, 164, 108), (150, 118, 176), (96, 176, 176),
)  # fmt: skip
SURFACE = 20_000  # points


@dataclass(frozen=True)
class Thing:
    """An object in the world, z up: quads (Q, 4, 3), each with its part, and the names of every part."""

    kind: str
    names: tuple[str, ...]
    quads: np.ndarray
    part: np.ndarray
    parts: tuple[tuple[str, ...], ...]
    tint: Tint = TINTS[0]

    def moved(self, shift, yaw: float = 0.0) -> Thing:
        """Return the thing rotated about the vertical through the origin, then shifted."""
        c, s = np.cos(yaw), np.sin(yaw)
        turn = np.array(((c, -s, 0), (s, c, 0), (0, 0, 1)))
        return replace(self, quads=self.quads @ turn.T + np.asarray(shift, float))

    def turned(self, turn: np.ndarray) -> Thing:
        """Return the thing rotated about the origin."""
        return replace(self, quads=self.quads @ turn.T)

    def painted(self, tint: Tint) -> Thing:
        return replace(self, tint=tint)

    @cached_property
    def surface(self) -> Surface:
        """Points spread evenly over the surface, each with its part."""
        shape = Shape(self.kind, self.names, self.quads, self.part, self.part, ())
        return sample_surface(shape, SURFACE, np.random.default_rng(0))

    @property
    def size(self) -> np.ndarray:
        return np.ptp(self.quads.reshape(-1, 3), axis=0)


@lru_cache(maxsize=256)
def thing(kind: str, seed: int = 0) -> Thing:
    """Build one of the many variants of a kind, standing at the origin."""
    from part_perception.shapes.kinds import KINDS  # imported here because there are hundreds of them

    shape = KINDS[kind].make(np.random.default_rng(seed))
    corners = shape.quads.reshape(-1, 3)
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = np.append((low[:2] + high[:2]) / 2, low[2])
    names = tuple(part.names for part in shape.parts)
    return Thing(kind, shape.kind_names, shape.quads - middle, shape.part, names)


def block(size: Sequence[float], name: str = "block") -> Thing:
    """A box that stands at the origin."""
    corner = np.array([[(k >> axis & 1) for axis in range(3)] for k in range(8)]) - (0.5, 0.5, 0.0)
    faces = [(0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5)]
    quads = (corner * np.asarray(size, float))[np.array(faces)]
    return Thing(name, (name,), quads, np.zeros(len(quads), int), ((name,),))


def rod(start, end, radius: float, sides: int = 24) -> np.ndarray:
    """Quads of a closed round rod, a building block for things."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    along = (end - start) / np.linalg.norm(end - start)
    x = np.cross(np.eye(3)[int(np.argmin(np.abs(along)))], along)
    x /= np.linalg.norm(x)
    angle = np.linspace(0, 2 * np.pi, sides + 1)[:, None]
    circle = radius * (np.cos(angle) * x + np.sin(angle) * np.cross(along, x))
    grid = np.stack([start + 0 * circle, start + circle, end + circle, end + 0 * circle])
    return np.stack([grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]], axis=2).reshape(-1, 4, 3)


def truth(things: Sequence[Thing]) -> dict:
    """Return the ground truth as JSON-ready values: every part's names, centroid and box in the world."""
    return {"objects": [_truth_of(each) for each in things]}


def _truth_of(each: Thing) -> dict:
    parts = []
    for k, names in enumerate(each.parts):
        mine = each.surface.points[each.surface.part == k]
        if len(mine):
            box = upright_box(mine, np.array((0.0, 0.0, 1.0)))
            sides = {name: getattr(box, name).tolist() for name in ("centre", "rotation", "size")}
            parts.append({"names": list(names), "centroid": mine.mean(axis=0).tolist(), "box": sides})
    return {"kind": each.kind, "names": list(each.names), "parts": parts}
