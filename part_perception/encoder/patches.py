"""Patches: turns an object's points into the network's inputs, in a canonical, invertible frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.encoder import sampling
from part_perception.encoder.neighbours import nearest_of, nearest_of_few
from part_perception.encoder.sampling import farthest_points, some_rows, split, thin
from part_perception.encoder.strays import edge_on, main_pieces, stand_ins
from part_perception.errors import InputError

_STYLES = ("even", "patchalign3d")
MAX_POINTS = 16384  # points used to make samples; the others are only assigned to them
NEIGHBOURS = 9  # per sample, itself included


@dataclass(frozen=True)
class PatchSpec:
    """The input format of a model: facts about the network, stored in its manifest.

    `style` is "even" for our models and "patchalign3d" for the published one, which normalises and starts
    differently. `blend` is the number of nearest patches a sample sees; 1 is the published scheme for a
    model with features at patches only: every point takes those of its nearest patch.
    """

    samples: int = 1024
    patches: int = 96
    neighbours: int = 24
    blend: int = 3
    style: str = "even"

    def __post_init__(self):
        if self.style not in _STYLES:
            raise InputError(f"unknown style of patches {self.style!r}: {' or '.join(_STYLES)}")


@dataclass(frozen=True)
class Patches:
    """One object for the network: samples (S, 3) in the canonical frame, their patches, and their blending.

    `rows` (P,) are the samples that are centres, `group` (P, K) the samples of each patch. `member` is the
    sample of each input point, `stray` (N,) the points that do not belong to the object (their member is the
    nearest sample); canonical = (point - centre) / scale. `neighbours` (count, NEIGHBOURS) are the samples
    nearest to each, itself first, and `distance` is how far they are in the canonical frame.
    """

    samples: np.ndarray
    centres: np.ndarray
    groups: np.ndarray
    rows: np.ndarray
    group: np.ndarray
    near: np.ndarray
    weight: np.ndarray
    member: np.ndarray
    stray: np.ndarray
    neighbours: np.ndarray
    distance: np.ndarray
    count: int
    centre: np.ndarray
    scale: float


def make_patches(
    points: np.ndarray, spec: PatchSpec, clean: bool = False, viewpoint: np.ndarray | None = None
) -> Patches:
    """Thin, normalise, pick centres, gather neighbours. Points are (N, 3) with z up; any unit, any density.

    clean: leave out strays, the small pieces far from the rest in a crop of a real scene.
    viewpoint: the position of the single camera; surfaces seen edge-on from there give no samples.
    """
    published_style = spec.style == "patchalign3d"
    thinned, member = (
        thin(points, spec.samples)
        if published_style
        else split(points, spec.samples, sampling_weight(points, viewpoint))
    )
    neighbours, squared = nearest_of(thinned, thinned, NEIGHBOURS)
    stray = np.zeros(len(points), bool)
    if clean and not (own := main_pieces(thinned, neighbours, np.sqrt(squared))).all():
        stray = ~own[member]
        member = stand_ins(thinned, own)[member]
        thinned = thinned[own]
        neighbours, squared = nearest_of(thinned, thinned, NEIGHBOURS)
    centre, scale = (sampling.frame_of if published_style else _frame_of)(thinned)
    scale = max(scale, 1e-12)
    canonical = ((thinned - centre) / scale).astype(np.float32)
    count = len(canonical)
    samples = canonical[np.arange(spec.samples) % count]
    rows = (sampling.centre_rows if published_style else _centre_rows)(canonical, spec.patches)
    centres = canonical[rows]
    # Ours repeats a small cloud's samples to fill a patch; the published one never sees a sample twice.
    pool = canonical if published_style and count >= spec.neighbours else samples
    group, _ = nearest_of(centres, pool, spec.neighbours)
    near, gap = nearest_of_few(samples, centres, spec.blend)
    weight = 1.0 / (gap + 1e-4)
    groups = pool[group] - centres[:, None]
    if published_style:
        centres, groups = sampling.mirrored(centres), sampling.mirrored(groups)
    return Patches(
        samples,
        centres,
        groups,
        rows,
        group,
        near,
        (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32),
        member,
        stray,
        neighbours,
        np.sqrt(squared) / scale,
        count,
        centre,
        scale,
    )


def sampling_weight(points: np.ndarray, viewpoint: np.ndarray | None) -> np.ndarray:
    """(N,) 1 for points used to make samples: none seen edge-on, and a subset of very large clouds."""
    weight = np.ones(len(points), np.float32)
    if len(points) > MAX_POINTS:
        weight[:] = 0
        weight[some_rows(points, MAX_POINTS)] = 1
    if viewpoint is not None:
        weight[edge_on(points, viewpoint)] = 0
    return weight


def _frame_of(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and scale, robust to a few far points."""
    centre = points.mean(axis=0)
    return centre, float(np.quantile(np.linalg.norm(points - centre, axis=1), 0.98))


def _centre_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Farthest points, the outermost first, independent of the order of the points."""
    return farthest_points(points, count, int(np.argmax(np.einsum("ij,ij->i", points, points))))
