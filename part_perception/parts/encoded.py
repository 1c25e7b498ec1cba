"""An encoded object: its points, its samples with features, and the graph of neighbouring samples."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.encoder.patches import Patches, PatchSpec, make_patches
from part_perception.encoder.runtimes.base import Runtime, stack_inputs
from part_perception.encoder.strays import viewpoint_of
from part_perception.errors import InputError
from part_perception.geometry.boxes import longest
from part_perception.geometry.normals import Whole
from part_perception.geometry.poses import level
from part_perception.inputs import finite_points, list_of, numbers, seen_from, unit_up
from part_perception.parts.smoothing import alike_shares, average, even_shares

_COHESION = 10.0


@dataclass(frozen=True)
class EncodedObject:
    """Everything a question needs. Points are as given (finite rows of `total`); samples share their frame.

    `member` (N,) is each point's sample; features (S, D) and field (S, F) are normalised. `motion` (S, 12) is
    the network's prediction of how each sample moves, in canonical coordinates; None if this model predicts
    none. `seen_from` (3,) is the camera's position; None if the object was seen from several sides. `spacings`
    (S,) is the distance between samples around each, None where it is the same everywhere.
    """

    points: np.ndarray
    rows: np.ndarray
    total: int
    up: np.ndarray
    patches: Patches
    samples: np.ndarray
    features: np.ndarray
    field: np.ndarray
    motion: np.ndarray | None = None
    seen_from: np.ndarray | None = None
    spacings: np.ndarray | None = None

    @cached_property
    def length(self) -> float:
        """The longest extent of what is seen, in the unit of the points."""
        return longest(self.samples)

    @cached_property
    def whole(self) -> Whole:
        """All samples, in canonical coordinates."""
        return Whole(self.patches.samples[: self.patches.count].astype(float))

    @property
    def member(self) -> np.ndarray:
        return self.patches.member

    @property
    def neighbours(self) -> np.ndarray:
        """(S, k) the nearest samples of each sample, itself first."""
        return self.patches.neighbours

    @cached_property
    def linked(self) -> np.ndarray:
        """(S, k) whether each neighbour is near enough to lie on the same surface."""
        if self.spacings is None:
            return self.patches.distance <= 2.2 * max(self._typical_distance, 1e-9)
        typical = np.maximum(self.spacings[:, None], self.spacings[self.neighbours]) / self.patches.scale
        return self.patches.distance <= 2.2 * np.maximum(typical, 1e-9)

    @cached_property
    def spacing(self) -> float:
        """The distance between neighbouring samples, in the units of the points; the largest where it varies."""
        if self.spacings is not None:
            return float(self.spacings.max())
        return self.patches.scale * max(self._typical_distance, 1e-6)

    @cached_property
    def _typical_distance(self) -> float:
        """The distance of a sample's fourth neighbour, in the canonical frame."""
        distance = self.patches.distance
        return float(np.median(distance[:, min(4, distance.shape[1] - 1)]))

    @cached_property
    def _even(self) -> np.ndarray:
        return even_shares(self.linked)

    @cached_property
    def _alike(self) -> np.ndarray:
        return alike_shares(self.neighbours, self.linked, self.field, _COHESION)

    def even_out(self, values: np.ndarray) -> np.ndarray:
        """Values (S, …) averaged over linked neighbours: a surface's agreement outweighs a single sample."""
        return average(self.neighbours, self._even, values)

    def even_within_parts(self, values: np.ndarray) -> np.ndarray:
        """The same, only over neighbours that the part field assigns to one part."""
        return average(self.neighbours, self._alike, values)

    @cached_property
    def even_field(self) -> np.ndarray:
        """(S, F) the part field, smoothed within parts, normalised."""
        even = self.even_within_parts(self.field)
        return even / np.maximum(np.linalg.norm(even, axis=1, keepdims=True), 1e-9)

    def ready(self) -> EncodedObject:
        """The same object, with everything a question needs precomputed, so that the first one is fast."""
        self._even, self.even_field  # noqa: B018
        return self

    @cached_property
    def own_rows(self) -> np.ndarray:
        """Input rows that belong to the object: finite and not strays."""
        return self.rows[~self.patches.stray]

    @cached_property
    def own_member(self) -> np.ndarray:
        """The sample of each of `own_rows`."""
        return self.member[~self.patches.stray]

    @cached_property
    def mean_features(self) -> np.ndarray:
        """(D,) the mean of the samples' features, by which whole objects are named."""
        return self.features.mean(axis=0)

    @cached_property
    def points_of(self) -> np.ndarray:
        """(S,) how many points each sample represents."""
        return np.bincount(self.member, minlength=self.patches.count)

    def place_of(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Input rows and points of the chosen samples (S,) bool, without strays."""
        own = np.flatnonzero(chosen[self.member] & ~self.patches.stray)
        return self.rows[own], self.points[own]

    def to_points(self, of_samples: np.ndarray, fill) -> np.ndarray:
        """Sample values (…, S) spread to all input rows (…, total); dropped rows get `fill`."""
        out = np.full((*of_samples.shape[:-1], self.total), fill, of_samples.dtype)
        out[..., self.rows] = of_samples[..., self.member]
        return out

    def mask_of(self, chosen: np.ndarray) -> np.ndarray:
        """Samples (…, S) bool → rows (…, total) bool; strays never belong to a part."""
        out = np.zeros((*chosen.shape[:-1], self.total), bool)
        out[..., self.own_rows] = chosen[..., self.own_member]
        return out


def lengths_of(encoded: Sequence[EncodedObject]) -> np.ndarray:
    """(N,) the length of each object."""
    return np.array([each.length for each in encoded])


Checked = tuple[np.ndarray, np.ndarray, int]


def object_list(objects) -> Sequence:
    """The clouds of several objects."""
    return list_of(objects, "objects must be a list of clouds")


def checked_cores(cores: int) -> int:
    """How many cores encode objects at once: as many as given, or the usual number for 0."""
    if isinstance(cores, bool) or not isinstance(cores, (int, np.integer)) or cores < 0:
        raise InputError(f"cores must be a whole number, or 0 for half of all cores, not {cores!r}")
    return int(cores) or usual_cores()


def usual_cores() -> int:
    """Half of the machine's cores, at most two: a robot's computer has other work."""
    return min(2, -(-(os.cpu_count() or 1) // 2))


def encode_objects(
    runtime: Runtime,
    spec: PatchSpec,
    objects: Sequence,
    up: Sequence[float] | np.ndarray,
    viewpoint,
    cores: int = 1,
    close: bool = False,
) -> list[EncodedObject]:
    """Encode objects, on a CPU one per core in parallel: neither the loops nor the network hold the GIL.

    viewpoint None: it is found from the points if they are a single view. close: these are regions of objects,
    all of whose points belong to them, seen from where the viewpoint says.
    """
    upright, eye = level(unit_up(up)), seen_from(viewpoint)
    checked = [finite_points(points) for points in object_list(objects)]
    if not checked:
        return []

    def encode(some: Sequence[Checked]) -> list[EncodedObject]:
        return _encode_batch(runtime, spec, some, upright, eye, close)

    batches = [[each] for each in checked] if runtime.alone else [checked]
    cores = min(cores, len(batches))
    if cores < 2:
        return [each for batch in batches for each in encode(batch)]
    with ThreadPoolExecutor(cores) as pool:
        return [each for encoded in pool.map(encode, batches) for each in encoded]


def _encode_batch(
    runtime: Runtime,
    spec: PatchSpec,
    batch: Sequence[Checked],
    upright: np.ndarray,
    viewpoint: np.ndarray | None,
    close: bool,
) -> list[EncodedObject]:
    """Patches, the network, and what every question needs."""
    patches, eyes = [], []
    for points, _, _ in batch:
        eye = viewpoint_of(points) if viewpoint is None and not close else viewpoint
        patches.append(
            make_patches(points @ upright.T, spec, not close, None if eye is None else upright @ eye)
        )
        eyes.append(eye)
    out = runtime.run(stack_inputs(patches))
    return [
        EncodedObject(
            points, rows, total, upright[2], p,
            (p.samples[: p.count] * p.scale + p.centre) @ upright,
            out["language"][i, : p.count], out["field"][i, : p.count],
            out["motion"][i, : p.count] if "motion" in out else None,
            eyes[i],
        ).ready()
        for i, ((points, rows, total), p) in enumerate(zip(batch, patches, strict=True))
    ]  # fmt: skip


_BATCH = 4096
_REACH = 3.0  # times the spacing of samples: the radius of a sample's influence near the surface
_FARTHER = 1.5  # times the distance to the nearest sample: the radius far from the surface
_SOFT = 0.5  # times the spacing: below this distance a sample's weight no longer grows


def at_places(encoded: EncodedObject, values: np.ndarray, at) -> np.ndarray:
    """(M, D) sample values (S, D) at positions (M, 3), normalised; positions that are not finite get zeros.

    A sample's weight falls to zero at the edge of the neighbourhood, whose radius also changes smoothly:
    it is a few sample spacings, and grows with the distance to the nearest sample.
    """
    places = _checked(at)
    out = np.zeros((len(places), values.shape[1]), np.float32)
    finite = np.flatnonzero(np.isfinite(places).all(axis=1))
    for first in range(0, len(finite), _BATCH):
        rows = finite[first : first + _BATCH]
        blended = neighbourhood(encoded, places[rows]) @ values
        length = np.linalg.norm(blended, axis=1, keepdims=True)
        out[rows] = blended / np.maximum(length, 1e-9)
    return out


def neighbourhood(encoded: EncodedObject, places: np.ndarray) -> np.ndarray:
    """(M, S) the weight of each sample at each position; rows sum to 1."""
    distance = distances(places, encoded.samples)
    nearest = distance.min(axis=1, keepdims=True)
    radius = _FARTHER * nearest + _REACH * encoded.spacing
    weight = np.maximum(1 - distance / radius, 0) ** 2 / (distance**2 + (_SOFT * encoded.spacing) ** 2)
    return (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(A, B) the distances between all pairs of points."""
    from scipy.spatial.distance import cdist

    return cdist(a, b)


def _checked(at) -> np.ndarray:
    places = numbers(at, "places must be an (M, 3) array of numbers")
    if places.ndim != 2 or places.shape[1] != 3:
        raise InputError(f"places must be an (M, 3) array, not one of shape {places.shape}")
    return places
