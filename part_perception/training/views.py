"""Views for the network: a generated object or one of the user's own, seen once, as patches with truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.patches import Patches, PatchSpec, make_patches
from part_perception.shapes.builder import Shape
from part_perception.shapes.kinds import Kind
from part_perception.shapes.names import Concept
from part_perception.shapes.poses import deform, rest_on_ground
from part_perception.shapes.surface import Surface, sample_surface
from part_perception.simulation.views import View, camera_view, whole_view
from part_perception.training.data import OwnData

_SURFACE_POINTS = 8192
_WHOLE_SHARE = 0.3
_LEAK_SHARE = 0.15
_MIN_POINTS = 96
_ROOM = 2.5
_MODEL_SIZES = (0.15, 1.5)


@dataclass(frozen=True)
class LabelledPatches:
    """One view for the network: its patches, of every sample the part and primitive (-1 = nothing), what the parts are.

    `teacher` (P, T) are a 2-D model's features of the patches, where they are known.
    """

    concepts: list[Concept]
    patches: Patches
    part: np.ndarray
    primitive: np.ndarray
    teacher: np.ndarray | None = None


def labelled_patches(concepts: list[Concept], view: View, spec: PatchSpec) -> LabelledPatches:
    patches = make_patches(view.points, spec)
    part, primitive = np.full(patches.count, -1), np.full(patches.count, -1)
    part[patches.member], primitive[patches.member] = view.part, view.primitive
    tiled = np.arange(spec.samples) % patches.count
    return LabelledPatches(concepts, patches, part[tiled], primitive[tiled])


def make_world(kind: Kind, rng: np.random.Generator) -> tuple[Shape, Surface]:
    """One object of a kind, varied and at rest. What is larger than a room is met as a model of it."""
    shape = kind.make(rng)
    surface = deform(sample_surface(shape, _SURFACE_POINTS, rng), rng)
    extent = float(np.ptp(surface.points, axis=0).max())
    if extent > _ROOM:
        scale = np.exp(rng.uniform(*np.log(_MODEL_SIZES))) / extent
        surface = replace(surface, points=surface.points * scale)
    return shape, rest_on_ground(surface, kind.rest, rng)


def make_view(world: Surface, rng: np.random.Generator, other: np.ndarray | None = None) -> View:
    """A whole or single view of an object; now and then points of another one leak into it."""
    if rng.random() < _WHOLE_SHARE:
        return whole_view(world, rng)
    leak = other if other is not None and rng.random() < _LEAK_SHARE else None
    view = camera_view(world, rng, leak)
    return view if len(view.points) >= _MIN_POINTS and (view.part >= 0).any() else whole_view(world, rng)


def own_views(data: OwnData, spec: PatchSpec, rng: np.random.Generator) -> list[LabelledPatches]:
    """Two views of one of the user's shapes. Its primitives are unknown: that place carries the teacher's patches."""
    shape = data.pick(rng)
    world = rest_on_ground(deform(shape.surface(rng), rng), "stands", rng)
    out = []
    for _ in range(2):
        seen = labelled_patches(shape.concepts, make_view(world, rng), spec)
        teacher = None
        if data.teacher:
            teacher = shape.teacher_at(seen.primitive[seen.patches.rows], data.teacher)
        out.append(replace(seen, primitive=seen.part, teacher=teacher))
    return out
