"""An encoded object: its points, its samples with features, and the graph of neighbouring samples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.encoder.patches import Patches

_NEIGHBOURS = 9
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

    @property
    def member(self) -> np.ndarray:
        return self.patches.member

    @cached_property
    def _near(self) -> tuple[np.ndarray, np.ndarray]:
        from scipy.spatial import cKDTree

        canonical = self.patches.samples[: self.patches.count]
        distance, near = cKDTree(canonical).query(canonical, min(_NEIGHBOURS, len(canonical)))
        return near, distance

    @property
    def neighbours(self) -> np.ndarray:
        """(S, k) the nearest samples of each sample, itself first."""
        return self._near[0]

    @cached_property
    def linked(self) -> np.ndarray:
        """(S, k) whether each neighbour is near enough to lie on the same surface."""
        distance = self._near[1]
        return distance <= 2.2 * max(float(np.median(distance[:, min(4, distance.shape[1] - 1)])), 1e-9)

    @cached_property
    def spacing(self) -> float:
        """The distance between neighbouring samples, in the units of the points."""
        distance = self._near[1]
        typical = float(np.median(distance[:, min(4, distance.shape[1] - 1)]))
        return self.patches.scale * max(typical, 1e-6)

    @cached_property
    def smoothing(self):
        """(S, S) sparse: the mean of each sample and its linked neighbours."""
        return self._averaging(self.linked.astype(np.float32))

    @cached_property
    def cohesion(self):
        """(S, S) sparse: the same mean, only over neighbours that the part field assigns to one part."""
        likeness = np.einsum("sf,skf->sk", self.field, self.field[self.neighbours])
        return self._averaging(self.linked * np.exp(_COHESION * (likeness - 1)))

    @cached_property
    def even_field(self) -> np.ndarray:
        """(S, F) the part field, smoothed within parts, normalised."""
        even = self.cohesion @ self.field
        return even / np.maximum(np.linalg.norm(even, axis=1, keepdims=True), 1e-9)

    def _averaging(self, weight: np.ndarray):
        """(S, S) sparse: means over the linked neighbours, weighted by (S, k)."""
        from scipy.sparse import csr_matrix

        share = (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)[self.linked]
        starts = np.concatenate([[0], np.cumsum(self.linked.sum(axis=1))])
        return csr_matrix((share, self.neighbours[self.linked], starts), shape=(len(weight),) * 2)

    def ready(self) -> EncodedObject:
        """The same object, with what every question needs computed now, so that the first one is not slow."""
        self.smoothing, self.even_field  # noqa: B018
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
