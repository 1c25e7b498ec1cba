"""Rehearsal: what the language head reads on generated objects of all kinds, where a student should change nothing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from part_perception.encoder.patches import Patches, PatchSpec
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.worlds import make_world
from part_perception.training.views import make_view, view_patches

VIEWS = 256
_SAMPLES = 48
_SEED = 3_000_017


def rehearsal_rows(hidden: Callable[[Patches], np.ndarray], spec: PatchSpec) -> np.ndarray:
    """(R, dim) hidden features at some samples of views that go through the kinds in turn."""
    kinds, rows = list(KINDS.values()), []
    for number in range(VIEWS):
        rng = np.random.default_rng([_SEED, number])
        _, world = make_world(kinds[number * len(kinds) // VIEWS], rng)
        seen = hidden(view_patches(make_view(world, rng), spec))
        rows.append(seen[rng.permutation(len(seen))[:_SAMPLES]])
    return np.concatenate(rows)
