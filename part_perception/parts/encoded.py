"""An encoded object: its points, its samples with features, and the graph of neighbouring samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.encoder.patches import Patches
from part_perception.geometry.boxes import longest
from part_perception.parts.averaging import alike_shares, average, even_shares

_COHESION = 10.0


@dataclass(frozen=True)
class EncodedObject:
    """All that a question needs. Points are as given (finite rows of `total`); samples are in the same frame.

    `member` (N,) is each point's sample; features (S, D) and field (S, F) are normalised. `motion` (S, 12) is
    the network's prediction of how each sample moves, in canonical coordinates; None if this model predicts
    none.
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

    @cached_property
    def length(self) -> float:
        """The longest extent of what is seen, in the unit of the points."""
        return longest(self.samples)

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
        return self.patches.distance <= 2.2 * max(self._typical_distance, 1e-9)

    @cached_property
    def spacing(self) -> float:
        """The distance between neighbouring samples, in the units of the points."""
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
        """The same object, with what every question needs computed now, so that the first one is not slow."""
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
    def points_of(self) -> np.ndarray:
        """(S,) how many points each sample represents."""
        return np.bincount(self.member, minlength=self.patches.count)

    def place_of(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Input rows and points of the chosen samples (S,) bool, without strays."""
        own = chosen[self.member] & ~self.patches.stray
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
