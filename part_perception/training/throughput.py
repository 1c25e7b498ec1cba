"""Bench: how many objects a second one core makes, and how many views ready for the network."""

from __future__ import annotations

import time

import numpy as np

from part_perception.encoder.patches import PatchSpec
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import concepts_of
from part_perception.simulation.worlds import make_world
from part_perception.training.views import labelled_patches, make_view


def shapes_per_second(count: int = 300, seed: int = 0) -> float:
    """Objects assembled, sampled, varied and put down, in seconds of this process's own computing time."""
    kinds, rng = list(KINDS.values()), np.random.default_rng(seed)
    order = rng.permutation(len(kinds))
    began = time.process_time()
    for i in range(count):
        make_world(kinds[order[i % len(kinds)]], rng)
    return count / (time.process_time() - began)


def views_per_second(count: int = 300, seed: int = 0) -> float:
    """Views as batches take them, two of each object."""
    kinds, rng = list(KINDS.values()), np.random.default_rng(seed)
    order = rng.permutation(len(kinds))
    began = time.process_time()
    for i in range(count // 2):
        shape, world = make_world(kinds[order[i % len(kinds)]], rng)
        for _ in range(2):
            labelled_patches(concepts_of(shape), world.joints, make_view(world, rng), PatchSpec())
    return count / (time.process_time() - began)
