"""Views for the network: a generated object or one of the user's own, seen once, as patches with truth.

The throughput of one core is measured here too.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.patches import Patches, PatchSpec, make_patches
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import Concept, concepts_of
from part_perception.simulation.bodies import Mesh
from part_perception.simulation.views import View, camera_view, whole_view
from part_perception.simulation.worlds import UNKNOWN, Joints, World, make_world
from part_perception.training.data import OwnData

_WHOLE_SHARE = 0.3
_MIN_POINTS = 96
_CLOSE_SHARE = 0.25
_SMALL_PART = 0.4  # times the size of the object
_CLOSE_RADIUS = (0.06, 0.4)  # limits of a close view's radius, times the size of the object
_MIN_OF_PART = 8  # points of the part that a close view is about


@dataclass(frozen=True)
class LabelledPatches:
    """One view for the network: its patches, of every sample the part and primitive (-1 = nothing), what the parts are.

    `motion` (S,) is the number of each sample's motion, `axis` (S, 3) its axis and `arm` (S, 3) the way to it.

    `teacher` (P, T) are a 2-D model's features of the patches, where they are known.
    """

    concepts: list[Concept]
    patches: Patches
    part: np.ndarray
    primitive: np.ndarray
    motion: np.ndarray
    axis: np.ndarray
    arm: np.ndarray
    teacher: np.ndarray | None = None


def view_patches(view: View, spec: PatchSpec) -> Patches:
    """Make a view's patches exactly as for an object seen by a robot."""
    return make_patches(view.points, spec, clean=not view.close, viewpoint=view.viewpoint)


def labelled_patches(concepts: list[Concept], joints: Joints, view: View, spec: PatchSpec) -> LabelledPatches:
    patches = view_patches(view, spec)
    part, primitive = (of_samples(values, patches) for values in (view.part, view.primitive))
    return LabelledPatches(
        concepts, patches, part, primitive, *motion_of(joints.turned(view.turn), part, patches)
    )


def of_samples(values: np.ndarray, patches: Patches) -> np.ndarray:
    """(S,) the value that most of a sample's own points have, -1 where it has none."""
    own = ~patches.stray
    width = int(values.max(initial=-1)) + 2
    votes = np.bincount(patches.member[own] * width + values[own] + 1, minlength=patches.count * width)
    most = votes.reshape(patches.count, width).argmax(axis=1) - 1
    return most[np.arange(len(patches.samples)) % patches.count]


def motion_of(
    joints: Joints, part: np.ndarray, patches: Patches
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each sample the number of its motion, the axis, and the way to the nearest place on it (canonical units)."""
    row = np.maximum(part, 0)
    motion = np.where(part >= 0, joints.motion[row], UNKNOWN)
    axis, origin = joints.axis[row], (joints.origin[row] - patches.centre) / patches.scale
    away = origin - patches.samples
    arm = away - np.einsum("ij,ij->i", away, axis)[:, None] * axis
    return motion, axis, arm


def make_view(world: World, rng: np.random.Generator, other: Mesh | None = None) -> View:
    """Make a whole or single view of an object, sometimes with another object close by, or a part of a view."""
    view = whole_view(world, rng) if rng.random() < _WHOLE_SHARE else camera_view(world, rng, other)
    if len(view.points) < _MIN_POINTS or not (view.part >= 0).any():
        view = whole_view(world, rng)
    return close_view(view, rng) if rng.random() < _CLOSE_SHARE else view


def close_view(view: View, rng: np.random.Generator) -> View:
    """Cut a ball out of a view, mostly around a small part, as a second look does.

    The view stays whole if too little would be left.
    """
    own = np.flatnonzero(view.part >= 0)
    size = float(np.linalg.norm(np.ptp(view.points[own], axis=0)))
    about, extent = own, rng.uniform(0.1, 0.3) * size
    if rng.random() < 0.75 and len(small := _small_parts(view, own, size)):
        about, extent = small[rng.integers(len(small))]
    radius = float(
        np.clip(extent * np.exp(rng.uniform(np.log(0.6), np.log(2.5))), *(np.array(_CLOSE_RADIUS) * size))
    )
    middle = view.points[rng.choice(about)] + rng.normal(0, 0.15 * radius, 3)
    rows = np.flatnonzero(np.linalg.norm(view.points - middle, axis=1) < radius)
    if len(rows) < _MIN_POINTS or (view.part[rows] >= 0).sum() < _MIN_POINTS / 2:
        return view
    return replace(
        view, points=view.points[rows], part=view.part[rows], primitive=view.primitive[rows], close=True
    )


def _small_parts(view: View, own: np.ndarray, size: float) -> list[tuple[np.ndarray, float]]:
    """The rows and extent of each part that is small beside the object."""
    order = own[np.argsort(view.part[own], kind="stable")]
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(view.part[order])) + 1):
        extent = float(np.linalg.norm(np.ptp(view.points[rows], axis=0)))
        if len(rows) >= _MIN_OF_PART and extent < _SMALL_PART * size:
            found.append((rows, extent))
    return found


def own_views(data: OwnData, spec: PatchSpec, rng: np.random.Generator) -> list[LabelledPatches]:
    """Make two views of one of the user's shapes; the primitive field carries the teacher's patches."""
    shape = data.pick(rng)
    world = shape.world(rng)
    out = []
    for _ in range(2):
        seen = labelled_patches(shape.concepts, world.joints, make_view(world, rng), spec)
        teacher = None
        if data.teacher:
            teacher = shape.teacher_at(seen.primitive[seen.patches.rows], data.teacher)
        out.append(replace(seen, primitive=seen.part, teacher=teacher))
    return out


def shapes_per_second(count: int = 300, seed: int = 0) -> float:
    """Objects assembled, sampled, varied and put down per second of this process's computing time."""
    kinds, rng = list(KINDS.values()), np.random.default_rng(seed)
    order = rng.permutation(len(kinds))
    began = time.process_time()
    for i in range(count):
        make_world(kinds[order[i % len(kinds)]], rng)
    return count / (time.process_time() - began)


def views_per_second(count: int = 300, seed: int = 0) -> float:
    """Views per second as batches need them, two of each object."""
    kinds, rng = list(KINDS.values()), np.random.default_rng(seed)
    order = rng.permutation(len(kinds))
    began = time.process_time()
    for i in range(count // 2):
        shape, world = make_world(kinds[order[i % len(kinds)]], rng)
        for _ in range(2):
            labelled_patches(concepts_of(shape), world.joints, make_view(world, rng), PatchSpec())
    return count / (time.process_time() - began)
