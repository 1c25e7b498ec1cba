"""Worlds: one object as a robot encounters it: varied, at rest, with the joints of its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.geometry.motions import MOTIONS
from part_perception.shapes.builder import Shape, Surface, joint_of, sample_surface, surely_fixed
from part_perception.shapes.kinds import Kind
from part_perception.shapes.primitives import rotation
from part_perception.simulation.bodies import Cloud, Mesh

_TIPPED, _HELD_UP = 0.1, 0.14
_ANY_WAY = 0.06
_ANY_WAY_IN_HAND = 0.16  # bins and piles hold small things in every orientation
_IN_HAND = 0.4  # metres: no larger than this


def deformation(points: np.ndarray, rng: np.random.Generator) -> Callable[[np.ndarray], np.ndarray]:
    """Stretch every axis slightly and sometimes taper or bend the whole, as real objects vary in shape."""
    stretch = rng.uniform(0.85, 1.18, 3)
    low = (points * stretch).min(axis=0)
    size = np.maximum(np.ptp(points * stretch, axis=0), 1e-6)
    taper, bend = None, None
    if rng.random() < 0.3:
        taper = (*rng.permutation(3)[:2], rng.uniform(-0.25, 0.25))
    if rng.random() < 0.2:
        bend = (*rng.permutation(3)[:2], rng.uniform(-0.12, 0.12))

    def deform(points: np.ndarray) -> np.ndarray:
        points = points * stretch
        if taper:
            along, across, amount = taper
            t = (points[..., along] - low[along]) / size[along] - 0.5
            middle = low[across] + size[across] / 2
            points[..., across] = middle + (points[..., across] - middle) * (1 + amount * t)
        if bend:
            along, across, amount = bend
            t = (points[..., along] - low[along]) / size[along] - 0.5
            points[..., across] += amount * size[along] * t**2 * 2
        return points

    return deform


def _turn_over(rest: str, any_way: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the rotation that brings an object into its resting orientation, before yaw."""
    chance = rng.random()
    if chance < any_way:
        return rotation(*rng.uniform(-np.pi, np.pi, 3))
    if rest == "lies":
        flipped = np.pi if rng.random() < 0.5 else 0.0
        if chance < any_way + _HELD_UP:  # held up or hanging, with its long axis upright
            return rotation(rng.choice([-1, 1]) * np.pi / 2, 0, 0) @ rotation(
                0, 0, rng.choice([0, np.pi / 2])
            )
        return rotation(flipped + rng.normal(0, 0.08), rng.normal(0, 0.05), 0)
    if rest == "stands" and chance < any_way + _TIPPED:
        return rotation(np.pi / 2, 0, 0) @ rotation(0, 0, rng.uniform(-np.pi, np.pi))
    return np.eye(3)


def resting(points: np.ndarray, rest: str, yaw: float, rng: np.random.Generator) -> np.ndarray:
    """Return the pose (4, 4) at a yaw, with the lowest point at z = 0 and the middle above the origin."""
    pose, in_hand = np.eye(4), np.ptp(points, axis=0).max() < _IN_HAND
    pose[:3, :3] = rotation(0, 0, yaw) @ _turn_over(rest, _ANY_WAY_IN_HAND if in_hand else _ANY_WAY, rng)
    points = points @ pose[:3, :3].T
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    pose[:3, 3] = (-middle[0], -middle[1], -points[:, 2].min())
    return pose


UNKNOWN = -1
LARGEST = 4.5  # metres; anything larger appears as a scale model
MODEL_SIZES = (0.15, 1.5)
SURFACE_POINTS = 8192
SIDEWAYS = np.radians(65)  # how far to the side of its front an object is viewed
FROM_THE_FRONT = 0.65


@dataclass(frozen=True)
class Joints:
    """For every part: the index of its motion in MOTIONS (or UNKNOWN), its axis, and a point on the axis."""

    motion: np.ndarray
    axis: np.ndarray
    origin: np.ndarray

    @classmethod
    def unknown(cls, parts: int) -> Joints:
        return cls(np.full(parts, UNKNOWN), np.zeros((parts, 3)), np.zeros((parts, 3)))

    def turned(self, turn: np.ndarray) -> Joints:
        return Joints(self.motion, self.axis @ turn.T, self.origin @ turn.T)


@dataclass(frozen=True)
class World:
    """A body at rest on z = 0; `front` is the azimuth (radians) of its front, if that is usually seen."""

    body: Mesh | Cloud
    joints: Joints
    front: float | None = None
    hangs: bool = False

    @cached_property
    def surface(self) -> Surface:
        """Points spread over the whole surface."""
        if isinstance(self.body, Cloud):
            normals = np.zeros_like(self.body.points)
            return Surface(self.body.points, normals, self.body.part, self.body.primitive)
        shape = Shape("", (), self.body.quads, self.body.part, self.body.primitive, ())
        return sample_surface(shape, SURFACE_POINTS, np.random.default_rng(0))

    def azimuths(self, rng: np.random.Generator) -> tuple[float, float]:
        """Draw the range of azimuths (radians) from which the object is viewed."""
        if self.front is None or (not self.hangs and rng.random() > FROM_THE_FRONT):
            return -np.pi, np.pi
        return self.front - SIDEWAYS, self.front + SIDEWAYS


def make_world(kind: Kind, rng: np.random.Generator) -> tuple[Shape, World]:
    """Make one object of a kind, varied and at rest."""
    shape = kind.make(rng)
    body, joints = Mesh.of(shape), joints_of(shape)
    deform = deformation(body.corners, rng)
    extent = float(np.ptp(deform(body.corners), axis=0).max())
    scale = np.exp(rng.uniform(*np.log(MODEL_SIZES))) / extent if extent > LARGEST else 1.0
    upright = kind.rest == "mounted" or kind.front
    yaw = rng.uniform(-np.pi, np.pi)
    pose = resting(deform(body.corners) * scale, "mounted" if upright else kind.rest, yaw, rng)

    def place(points: np.ndarray) -> np.ndarray:
        return deform(points) * scale @ pose[:3, :3].T + pose[:3, 3]

    tip = place(joints.origin + 1e-3 * joints.axis) - place(joints.origin)
    axis = tip / np.maximum(np.linalg.norm(tip, axis=1, keepdims=True), 1e-12)
    joints = Joints(joints.motion, axis, place(joints.origin))
    front = float(np.arctan2(pose[1, 0], pose[0, 0])) if upright else None
    return shape, World(body.with_corners(place(body.corners)), joints, front, kind.rest == "mounted")


def joints_of(shape: Shape) -> Joints:
    """Return how every part moves: by its own joint or by that of a part it belongs to."""
    joints = Joints(*(a.copy() for a in vars(Joints.unknown(len(shape.parts))).values()))
    for part in range(len(shape.parts)):
        joint = joint_of(shape, part)
        if surely_fixed(shape, part):
            joints.motion[part] = MOTIONS.index("fixed")
        elif joint is not None:
            joints.motion[part] = MOTIONS.index(joint.kind)
            joints.axis[part], joints.origin[part] = joint.axis, joint.origin
    return joints
