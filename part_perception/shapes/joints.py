"""Joints: how a part moves against the rest of its object, said in one line where the part begins.

Coordinates are those of the builder's frame at that place. An axis points the way that opens, loosens or presses;
for a turn, by the right-hand rule. The range is counted from where the part is now: a drawer of reach 0.4 that is
pulled out by 0.1 has low = -0.1 and high = 0.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Joint", "lifts", "presses", "screws", "slides", "spins", "turns"]

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Joint:
    """How a part moves: along its unit axis (metres) or about it through its origin (radians), from low to high.

    Where a part begins, None as the origin means its middle.
    """

    kind: str  # 'slides' | 'turns' | 'screws' | 'presses' | 'lifts'
    axis: Vector
    origin: Vector | None
    low: float
    high: float

    def placed(self, turn: np.ndarray, shift: np.ndarray) -> Joint:
        """The same joint seen from outside a frame that is turned and then shifted."""
        turned = turn @ np.asarray(self.axis, float)
        axis = _vector(turned / np.linalg.norm(turned))
        if self.origin is None:
            return replace(self, axis=axis)
        return replace(self, axis=axis, origin=_vector(turn @ np.asarray(self.origin, float) + shift))

    def about(self, points: np.ndarray) -> Joint:
        """The same joint with an origin, given the points of its part."""
        if self.origin is not None:
            return self
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        return replace(self, origin=_vector(middle))

    def moved(self, points: np.ndarray, amount: float) -> np.ndarray:
        """Points (..., 3) of the part after it moved by an amount along or about the axis."""
        axis = np.asarray(self.axis)
        if self.kind not in ("turns", "screws"):
            return points + amount * axis
        arm = points - self.origin
        across = np.cross(axis, arm)
        return points + np.sin(amount) * across + (1 - np.cos(amount)) * np.cross(axis, across)


def _vector(values: np.ndarray) -> Vector:
    x, y, z = map(float, values)
    return x, y, z


def slides(axis: Vector, reach: float, now: float = 0.0) -> Joint:
    """Slides out along an axis by a reach when shut; `now`: how far out it is."""
    return Joint("slides", axis, None, -now, reach - now)


def turns(axis: Vector, origin: Vector = (0, 0, 0), angle: float = np.pi / 2, now: float = 0.0) -> Joint:
    """Turns about an axis through an origin, as doors, lids, wheels and levers do; `now`: how far open it is."""
    return Joint("turns", axis, origin, -now, angle - now)


def spins(axis: Vector) -> Joint:
    """Turns about an axis through its own middle any way, as wheels, dials and cranks do."""
    return Joint("turns", axis, None, -np.pi, np.pi)


def screws(axis: Vector = (0, 0, 1), origin: Vector | None = None, turns_off: float = 2.0) -> Joint:
    """Is turned about an axis several times, off along it: it loosens counter-clockwise, seen from outside."""
    return Joint("screws", axis, origin, 0.0, 2 * np.pi * turns_off)


def presses(axis: Vector, depth: float = 0.005) -> Joint:
    """Is pressed in along an axis, as buttons and pumps are."""
    return Joint("presses", axis, None, 0.0, depth)


def lifts(axis: Vector = (0, 0, 1), reach: float = 0.1) -> Joint:
    """Comes off along an axis, as a pot's lid does."""
    return Joint("lifts", axis, None, 0.0, reach)
