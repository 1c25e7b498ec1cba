"""Batches: the data engine's views as arrays for the network. A batch depends on its seed and number alone."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from part_perception.encoder.patches import Patches, PatchSpec, make_patches
from part_perception.training.engine.builder import Shape
from part_perception.training.engine.frequency import chances
from part_perception.training.engine.kinds import KINDS, Kind
from part_perception.training.engine.poses import deform, rest_on_ground
from part_perception.training.engine.surface import Surface, sample_surface
from part_perception.training.engine.views import View, camera_view, whole_view
from part_perception.training.names import Concept, concepts_of

_SURFACE_POINTS = 8192
_WHOLE_SHARE = 0.3
_FEWEST_POINTS = 96


@dataclass(frozen=True)
class LabelledPatches:
    """One view for the network: its patches, and of every sample the part instance and primitive (-1 = nothing)."""

    shape: Shape
    patches: Patches
    part: np.ndarray
    primitive: np.ndarray


@dataclass(frozen=True)
class Batch:
    """Arrays of B views with S' samples each. part (B, S') counts a view's instances; concepts[b][part] names them."""

    groups: np.ndarray
    centres: np.ndarray
    samples: np.ndarray
    near: np.ndarray
    weight: np.ndarray
    part: np.ndarray
    primitive: np.ndarray
    concepts: list[list[Concept]]


def labelled_patches(shape: Shape, view: View, spec: PatchSpec) -> LabelledPatches:
    patches = make_patches(view.points, spec)
    part, primitive = np.full(patches.count, -1), np.full(patches.count, -1)
    part[patches.member], primitive[patches.member] = view.part, view.primitive
    tiled = np.arange(spec.samples) % patches.count
    return LabelledPatches(shape, patches, part[tiled], primitive[tiled])


def make_world(kind: Kind, rng: np.random.Generator) -> tuple[Shape, Surface]:
    """One object of a kind, varied and at rest."""
    shape = kind.make(rng)
    surface = deform(sample_surface(shape, _SURFACE_POINTS, rng), rng)
    return shape, rest_on_ground(surface, kind.rest, rng)


def make_view(kind: Kind, world: Surface, rng: np.random.Generator, other: np.ndarray | None) -> View:
    """A whole or single view of an object; mounted ones are seen from their front."""
    if rng.random() < _WHOLE_SHARE:
        return whole_view(world, rng)
    leak = other if other is not None and rng.random() < 0.15 else None
    view = camera_view(world, rng, leak)
    return view if len(view.points) >= _FEWEST_POINTS and (view.part >= 0).any() else whole_view(world, rng)


def choose_samples(part: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Half of the samples evenly, half with every part alike, so that small parts are heard."""
    even = rng.choice(len(part), count // 2, replace=False)
    _, which, sizes = np.unique(part, return_inverse=True, return_counts=True)
    chance = 1.0 / sizes[which]
    fair = rng.choice(len(part), count - len(even), replace=True, p=chance / chance.sum())
    return np.concatenate([even, fair])


def make_batch(seed: int, number: int, size: int, spec: PatchSpec, heard: int) -> Batch:
    """Views of size / 2 objects, two of each."""
    rng = np.random.default_rng([seed, number])
    chance = chances(list(KINDS))
    kinds = list(KINDS.values())
    other, views = None, []
    while len(views) < size:
        kind = kinds[rng.choice(len(kinds), p=chance)]
        shape, world = make_world(kind, rng)
        for _ in range(2):
            views.append(labelled_patches(shape, make_view(kind, world, rng, other), spec))
        other = world.points[::4]
    return stack_batch(views[:size], heard, rng)


def stack_batch(views: list[LabelledPatches], heard: int, rng: np.random.Generator) -> Batch:
    """Stack views, keeping `heard` samples of each for the losses."""
    kept = [choose_samples(v.part, heard, rng) for v in views]
    patches = len(views[0].patches.centres)
    return Batch(
        np.stack([v.patches.groups for v in views]),
        np.stack([v.patches.centres for v in views]),
        np.stack([v.patches.samples[k] for v, k in zip(views, kept, strict=True)]),
        np.stack([v.patches.near[k] + i * patches for i, (v, k) in enumerate(zip(views, kept, strict=True))]),
        np.stack([v.patches.weight[k] for v, k in zip(views, kept, strict=True)]),
        np.stack([v.part[k] for v, k in zip(views, kept, strict=True)]),
        np.stack([v.primitive[k] for v, k in zip(views, kept, strict=True)]),
        [concepts_of(v.shape) for v in views],
    )


def _make(job) -> Batch:
    return make_batch(*job)


def stream_batches(
    seed: int, first: int, last: int, size: int, spec: PatchSpec, heard: int, workers: int
) -> Iterator[Batch]:
    """Batches first … last - 1 in order, made by worker processes a little ahead of their use (0: in this one)."""
    jobs = ((seed, number, size, spec, heard) for number in range(first, last))
    if workers == 0:
        yield from map(_make, jobs)
        return
    with mp.get_context("spawn").Pool(workers) as pool:
        ahead = [
            pool.apply_async(_make, (job,)) for _, job in zip(range(2 * workers + 2), jobs, strict=False)
        ]
        while ahead:
            yield ahead.pop(0).get()
            for job in jobs:
                ahead.append(pool.apply_async(_make, (job,)))
                break
