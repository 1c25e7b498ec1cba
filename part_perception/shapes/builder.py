"""Build shapes from primitives, and declare in one line, where a part begins, how it moves (its joint).

Coordinates are in the builder's frame at that place. An axis points in the direction that opens, loosens or
presses; rotations follow the right-hand rule. The range is relative to the part's current position: a drawer
with a reach of 0.4 that is pulled out by 0.1 has low = -0.1 and high = 0.3.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from part_perception.shapes import primitives as prim
from part_perception.shapes.primitives import rotation

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Joint:
    """How a part moves: along its unit axis (metres) or about it through its origin (radians), from low to high.

    In the declaration of a part, an origin of None means the part's middle.
    """

    kind: str  # 'slides' | 'turns' | 'screws' | 'presses' | 'lifts'
    axis: Vector
    origin: Vector | None
    low: float
    high: float

    def placed(self, turn: np.ndarray, shift: np.ndarray) -> Joint:
        """Return the joint as seen from outside a frame that is rotated and then shifted."""
        turned = turn @ np.asarray(self.axis, float)
        axis = _vector(turned / np.linalg.norm(turned))
        if self.origin is None:
            return replace(self, axis=axis)
        return replace(self, axis=axis, origin=_vector(turn @ np.asarray(self.origin, float) + shift))

    def about(self, points: np.ndarray) -> Joint:
        """Return the joint with its origin filled in from the points of its part."""
        if self.origin is not None:
            return self
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        return replace(self, origin=_vector(middle))

    def moved(self, points: np.ndarray, amount: float) -> np.ndarray:
        """Move points (..., 3) of the part by an amount along or about the axis."""
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
    """Slide out along an axis; `reach` is the full travel from shut, `now` how far out it is."""
    return Joint("slides", axis, None, -now, reach - now)


def turns(axis: Vector, origin: Vector = (0, 0, 0), angle: float = np.pi / 2, now: float = 0.0) -> Joint:
    """Turn about an axis through an origin, as doors, lids, wheels and levers do; `now`: how far open."""
    return Joint("turns", axis, origin, -now, angle - now)


def spins(axis: Vector) -> Joint:
    """Turn freely, in either direction, about an axis through its middle, as wheels, dials and cranks do."""
    return Joint("turns", axis, None, -np.pi, np.pi)


def screws(axis: Vector = (0, 0, 1), origin: Vector | None = None, turns_off: float = 2.0) -> Joint:
    """Unscrew along an axis over several turns; it loosens counter-clockwise, seen from outside."""
    return Joint("screws", axis, origin, 0.0, 2 * np.pi * turns_off)


def presses(axis: Vector, depth: float = 0.005) -> Joint:
    """Press in along an axis, as buttons and pumps do."""
    return Joint("presses", axis, None, 0.0, depth)


def lifts(axis: Vector = (0, 0, 1), reach: float = 0.1) -> Joint:
    """Lift off along an axis, as a pot's lid does."""
    return Joint("lifts", axis, None, 0.0, reach)


@dataclass(frozen=True)
class PartNames:
    """One part instance: its names (best first), the index of its parent part or -1, and its own joint."""

    names: tuple[str, ...]
    parent: int = -1
    joint: Joint | None = None


@dataclass(frozen=True)
class Shape:
    """An assembled object in metres, z up: quads (Q, 4, 3) with the part instance and primitive of each."""

    kind: str
    kind_names: tuple[str, ...]
    quads: np.ndarray
    part: np.ndarray
    primitive: np.ndarray
    parts: tuple[PartNames, ...]


def joint_of(shape: Shape, part: int) -> Joint | None:
    """Return the joint of a part, its own or that of a part it belongs to; None if it is fixed."""
    while part >= 0:
        if shape.parts[part].joint is not None:
            return shape.parts[part].joint
        part = shape.parts[part].parent
    return None


_USUALLY_MOVE = frozenset(
    """
    button|trigger|wheel|pedal|chuck|crank|clasp|latch|lever|plunger|pump|switch|lid|cap|lens cap|flap|door|drawer|
    jaw|dial|knob|propeller|blades|turntable|steam wand|output tray
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)


def surely_fixed(shape: Shape, part: int) -> bool:
    """Whether a part is known to be fixed.

    Many kinds declare no joint for a lid or a button; that says nothing about its motion.
    """
    return joint_of(shape, part) is None and shape.parts[part].names[0] not in _USUALLY_MOVE


class Builder:
    """Random numbers, the current part, and primitives that add surface to it."""

    def __init__(self, rng: np.random.Generator):
        self.rng = rng
        self._parts: list[PartNames] = []
        self._quads: list[np.ndarray] = []
        self._owner: list[int] = []
        self._frame = (np.eye(3), np.zeros(3))
        self._current = -1

    # --- chance -----------------------------------------------------------------------------------------------
    def u(self, low: float, high: float) -> float:
        """Draw a number uniformly between low and high."""
        return low + (high - low) * float(self.rng.random())

    def maybe(self, probability: float = 0.5) -> bool:
        return float(self.rng.random()) < probability

    def pick(self, *options):
        """Pick one of the options."""
        return options[int(self.rng.integers(len(options)))]

    def n(self, low: int, high: int) -> int:
        """Draw an integer from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    # --- parts and frames -------------------------------------------------------------------------------------
    def part(self, *names: str, inside: int = -1, joint: Joint | None = None) -> int:
        """Begin a new part instance; everything added from now on belongs to it.

        `inside`: the parent part, with which it moves; `joint`: its own joint, in the current frame.
        """
        placed = joint.placed(*self._frame) if joint else None
        self._parts.append(PartNames(tuple(names), inside, placed))
        self._current = len(self._parts) - 1
        return self._current

    def again(self, part: int) -> None:
        """Continue adding to an earlier part instance."""
        self._current = part

    @contextmanager
    def moved(self, by=(0.0, 0.0, 0.0), roll: float = 0.0, pitch: float = 0.0, yaw: float = 0.0):
        """Rotate (radians: about x, then y, then z) and then shift everything added within the block."""
        turn, shift = self._frame
        self._frame = (turn @ rotation(roll, pitch, yaw), turn @ np.asarray(by, float) + shift)
        try:
            yield
        finally:
            self._frame = (turn, shift)

    def grid(self, vertices: np.ndarray) -> None:
        """Add a surface given as a (U, V, 3) grid of vertices."""
        turn, shift = self._frame
        v = vertices @ turn.T + shift
        quads = np.stack([v[:-1, :-1], v[1:, :-1], v[1:, 1:], v[:-1, 1:]], axis=2).reshape(-1, 4, 3)
        self._quads.append(quads)
        self._owner.append(self._current)

    # --- primitives -------------------------------------------------------------------------------------------
    def lathe(
        self, profile, at=(0, 0, 0), squash: float = 1.0, smooth: bool = False, arc: float = 2 * np.pi
    ) -> None:
        """Revolve a profile [(radius, z), ...] about z; squash flattens along y, smooth rounds the corners.

        A wall with thickness goes up the outside and down the inside (forms.wall makes such a profile).
        """
        self.grid(prim.lathe(profile, smooth, arc) * (1.0, squash, 1.0) + at)

    def cone(self, start, end, r0: float, r1: float, caps: bool = True, sides: int = 16) -> None:
        """A round rod from start to end with radii r0 and r1, closed at both ends unless caps is False."""
        self.grid(prim.cone(start, end, r0, r1, caps, sides))

    def rod(self, start, end, r: float, caps: bool = True, sides: int = 12) -> None:
        """A cylinder from start to end."""
        self.cone(start, end, r, r, caps, sides)

    def tube(
        self, path, radius, flat: float = 1.0, sides: int = 10, steps: int = 24, smooth: bool = True
    ) -> None:
        """A round (flat=1) or flattened bar along a path of points; radius may be one number or one per path point.

        smooth=True fits a curve through the points; otherwise the segments are straight. flat < 1 makes the
        bar thin perpendicular to the path's plane (along z for a level path).
        """
        self.grid(prim.tube(path, radius, flat, sides, steps, smooth))

    def box(self, size, at=(0, 0, 0), round: float = 0.0, taper: float = 1.0) -> None:
        """A box centred at a point; round in [0, 1] rounds its edges, taper scales its top."""
        self.grid(prim.box(size, round, taper) + at)

    def blob(self, size, at=(0, 0, 0), e1: float = 1.0, e2: float = 1.0) -> None:
        """A superellipsoid with full extents `size`: e=1 is round, e<1 boxier; e1 is along z, e2 around z."""
        self.grid(prim.superellipsoid(size, e1, e2) + at)

    def ring(
        self, at, radius: float, thickness: float, axis="z", arc=(0.0, 2 * np.pi), squash: float = 1.0
    ) -> None:
        """A torus, or an arc of one (in radians), about the 'x', 'y' or 'z' axis."""
        self.grid(prim.ring(radius, thickness, axis, arc, squash) + at)

    def extrude(self, outline, depth: float, at=(0, 0, 0), plane: str = "xy", bevel: float = 0.0) -> None:
        """A closed outline [(a, b), ...], star-shaped about its mean, thickened by depth across its plane."""
        self.grid(prim.extrude(outline, depth, plane, bevel) + at)

    def ribbon(self, left, right, depth: float, at=(0, 0, 0), plane: str = "xy") -> None:
        """A plate of any shape between two polylines with equal numbers of points, thickened by depth."""
        self.grid(prim.ribbon(left, right, depth, plane) + at)

    def sheet(self, vertices) -> None:
        """A thin surface given as a (U, V, 3) grid of points: cloth, leaves, folded paper."""
        self.grid(np.asarray(vertices, float))

    # --- the result -------------------------------------------------------------------------------------------
    def shape(self, kind: str, kind_names: tuple[str, ...]) -> Shape:
        counts = [len(q) for q in self._quads]
        quads, owner = np.concatenate(self._quads), np.repeat(np.asarray(self._owner), counts)
        parts = (
            replace(p, joint=p.joint.about(quads[owner == i].reshape(-1, 3))) if p.joint else p
            for i, p in enumerate(self._parts)
        )
        primitive = np.repeat(np.arange(len(counts)), counts)
        return Shape(kind, kind_names, quads, owner, primitive, tuple(parts))


@dataclass(frozen=True)
class Surface:
    """Points (N, 3), each with a unit normal, part instance and primitive."""

    points: np.ndarray
    normals: np.ndarray
    part: np.ndarray
    primitive: np.ndarray

    def __getitem__(self, keep) -> Surface:
        return Surface(self.points[keep], self.normals[keep], self.part[keep], self.primitive[keep])


def sample_surface(shape: Shape, count: int, rng: np.random.Generator) -> Surface:
    """Sample systematically by area: every quad gets its share of the points, to within one."""
    q = shape.quads
    cross = np.cross(q[:, 2] - q[:, 0], q[:, 3] - q[:, 1])
    area = np.sqrt(np.einsum("ij,ij->i", cross, cross))
    cumulative = np.cumsum(area)
    ticks = (np.arange(count) + rng.random()) * (cumulative[-1] / count)
    chosen = np.minimum(np.searchsorted(cumulative, ticks), len(q) - 1)
    u, v = rng.random((2, count, 1))
    c = q[chosen]
    points = (c[:, 0] * (1 - u) + c[:, 1] * u) * (1 - v) + (c[:, 3] * (1 - u) + c[:, 2] * u) * v
    normals = cross[chosen] / np.maximum(area[chosen], 1e-12)[:, None]
    return Surface(points, normals, shape.part[chosen], shape.primitive[chosen])
