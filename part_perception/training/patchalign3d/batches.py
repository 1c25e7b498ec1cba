"""Batches of the published recipe: whole shapes, a little turned, as patches with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from part_perception.encoder.patches import PatchSpec, make_patches
from part_perception.simulation.views import View
from part_perception.training.data import OwnData
from part_perception.training.own_shapes import OwnShape
from part_perception.training.views import of_samples

_TURN = np.radians(20)
_SCALES = (0.9, 1.1)
_SHIFT = 0.02
_JITTER = 0.01


@dataclass(frozen=True)
class PatchRecipe:
    """What every batch is made by. `followed`: only shapes for whose patches there are 2-D features."""

    seed: int
    size: int
    spec: PatchSpec
    data: OwnData
    followed: bool


@dataclass(frozen=True)
class PatchBatch:
    """Patches of B shapes; `teacher` (B, P, T) their 2-D features, zero where there are none.

    Or the names of each shape, and the share (P, K) of a patch's points that have each of them.
    """

    groups: np.ndarray
    centres: np.ndarray
    teacher: np.ndarray | None
    names: list[tuple[str, ...]]
    share: list[np.ndarray]


def make_patch_batch(recipe: PatchRecipe, number: int) -> PatchBatch:
    """Each shape once an epoch, in an order that depends on the seed and the epoch alone."""
    shapes = recipe.data.numbers(recipe.followed)
    rng = np.random.default_rng([recipe.seed, number])
    groups, centres, teacher, names, share = [], [], [], [], []
    for place in range(number * recipe.size, (number + 1) * recipe.size):
        epoch, at = divmod(place, len(shapes))
        shape = recipe.data.shape(shapes[_order(recipe.seed, epoch, len(shapes))[at]])
        view = _turned(shape, rng)
        patches = make_patches(view.points, recipe.spec)
        part, followed = of_samples(view.part, patches), of_samples(view.primitive, patches)
        scale, shift = rng.uniform(*_SCALES), rng.uniform(-_SHIFT, _SHIFT, 3)
        # After normalising, which would undo both.
        groups.append((patches.groups * scale).astype(np.float32))
        centres.append((patches.centres * scale + shift).astype(np.float32))
        if recipe.followed:
            teacher.append(shape.teacher_at(followed[patches.rows], recipe.data.teacher))
        said = _names_of(shape)
        names.append(said)
        share.append(_truth(shape, said)[part[patches.group]].mean(axis=1, dtype=np.float32))
    features = np.stack(teacher) if teacher else None
    return PatchBatch(np.stack(groups), np.stack(centres), features, names, share)


@lru_cache(4)
def _order(seed: int, epoch: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch, count]).permutation(count)


def _turned(shape: OwnShape, rng: np.random.Generator) -> View:
    """All points, turned about the vertical and shaken; what is a view's primitive carries the 2-D patches."""
    angle = rng.uniform(-_TURN, _TURN)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    points = (shape.points - shape.points.mean(axis=0)) @ turn.T
    radius = np.linalg.norm(points, axis=1).max()
    return View(points + radius * _JITTER * rng.normal(size=points.shape), shape.part, shape.patch)


def _names_of(shape: OwnShape) -> tuple[str, ...]:
    """Everything that some point of a shape is called."""
    return tuple(dict.fromkeys(name for c in shape.concepts for name in (*c.names, *c.above)))


def _truth(shape: OwnShape, names: tuple[str, ...]) -> np.ndarray:
    """(parts + 1, K) which names each part has; the last row, which part -1 finds, has none."""
    said = [[name in (*c.names, *c.above) for name in names] for c in shape.concepts]
    return np.array([*said, [False] * len(names)], bool)
