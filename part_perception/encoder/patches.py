"""Patches: an object's points → the arrays the network takes, in a canonical frame that maps back exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.encoder.pieces import main_pieces, stand_ins
from part_perception.encoder.sampling import farthest_points, nearest_of, thin


@dataclass(frozen=True)
class PatchSpec:
    """How a model wants its input: facts about the network, kept in its manifest."""

    samples: int = 1024
    patches: int = 96
    neighbours: int = 24
    blend: int = 3


@dataclass(frozen=True)
class Patches:
    """One object for the network: samples (S, 3) in the canonical frame, patches of them, and how samples see patches.

    `member` tells for each input point the sample it went into, `stray` (N,) the points that are none of the
    object's own (their member is the nearest sample); canonical = (point - centre) / scale.
    """

    samples: np.ndarray
    centres: np.ndarray
    groups: np.ndarray
    near: np.ndarray
    weight: np.ndarray
    member: np.ndarray
    stray: np.ndarray
    count: int
    centre: np.ndarray
    scale: float


def make_patches(points: np.ndarray, spec: PatchSpec, clean: bool = False) -> Patches:
    """Thin, normalise, pick centres, gather neighbours. Points are (N, 3) with z up; any unit, any density.

    clean: leave out strays, the small pieces far from the rest that a crop of a real scene holds.
    """
    thinned, member = thin(points, spec.samples)
    stray = np.zeros(len(points), bool)
    if clean:
        own = main_pieces(thinned)
        stray = ~own[member]
        member = stand_ins(thinned, own)[member]
        thinned = thinned[own]
    centre = thinned.mean(axis=0)
    radius = np.linalg.norm(thinned - centre, axis=1)
    scale = max(float(np.quantile(radius, 0.98)), 1e-12)
    canonical = ((thinned - centre) / scale).astype(np.float32)
    count = len(canonical)
    samples = canonical[np.arange(spec.samples) % count]
    start = int(np.argmax(np.einsum("ij,ij->i", canonical, canonical)))
    centres = canonical[farthest_points(canonical, spec.patches, start)]
    group, _ = nearest_of(centres, samples, spec.neighbours)
    near, gap = nearest_of(samples, centres, spec.blend)
    weight = 1.0 / (gap + 1e-4)
    return Patches(
        samples,
        centres,
        samples[group] - centres[:, None],
        near,
        (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32),
        member,
        stray,
        count,
        centre,
        scale,
    )
