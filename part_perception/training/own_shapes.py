"""Own shapes: one labelled shape of the user's, ready to be seen: parts, what they are called, a teacher's features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from part_perception.encoder.neighbours import nearest_of
from part_perception.errors import InputError
from part_perception.geometry.poses import level
from part_perception.shapes.names import Concept
from part_perception.shapes.poses import deformation, resting
from part_perception.simulation.bodies import Cloud
from part_perception.simulation.worlds import Joints, World
from part_perception.training.own_files import Entry, read_features, read_shape

_MAX_POINTS = 8192
_EXTENTS = (0.08, 0.6)


@dataclass(frozen=True)
class OwnShape:
    """One labelled shape, z up, of no known size. `patch` (N,) is each point's patch of the teacher's features."""

    points: np.ndarray
    part: np.ndarray
    concepts: list[Concept]
    patch: np.ndarray
    features: np.ndarray | None

    def world(self, rng: np.random.Generator) -> World:
        """As an object of a size that stands on a table, varied as generated ones are."""
        extent = np.exp(rng.uniform(*np.log(_EXTENTS)))
        points = self.points * extent / float(np.ptp(self.points, axis=0).max())
        points = deformation(points, rng)(points)
        pose = resting(points, "stands", rng.uniform(-np.pi, np.pi), rng)
        body = Cloud(points @ pose[:3, :3].T + pose[:3, 3], self.part, self.patch)
        return World(body, Joints.unknown(len(self.concepts)))

    def teacher_at(self, patches: np.ndarray, size: int) -> np.ndarray:
        """(P, size) features for patches of this shape by number; -1 and unknown ones are zero."""
        if self.features is None:
            return np.zeros((len(patches), size), np.float16)
        return np.where((patches >= 0)[:, None], self.features[patches], 0).astype(np.float16)


def load(entry: Entry, foreign: frozenset[str]) -> OwnShape:
    """Read one shape. Of names, only other parts' of its own and `foreign` ones are known to be untrue."""
    points, masks, names, up = read_shape(entry)
    upright = level(np.asarray(up))
    points = points @ upright.T
    if len(points) > _MAX_POINTS:
        keep = np.random.default_rng(0).choice(len(points), _MAX_POINTS, replace=False)
        points, masks = points[keep], masks[:, keep]
    if len(points) < 32 or not np.ptp(points, axis=0).max() > 0:
        raise InputError(f"{entry.points} has no shape: it needs at least 32 points and some extent")
    part, concepts = _parts_of_masks(masks, names, entry.category, foreign)
    patch, features = np.full(len(points), -1), None
    if entry.features:
        centres, features = read_features(entry.features)
        patch = nearest_of(points, _in_frame_of(points, centres @ upright.T, entry), 1)[0][:, 0]
    return OwnShape(points, part, concepts, patch, features)


def _parts_of_masks(
    masks: np.ndarray, names: Iterable[str], category: str, foreign: frozenset[str]
) -> tuple[np.ndarray, list[Concept]]:
    """Overlapping masks (L, N) → distinct combinations as parts: the smallest mask names it, the others are above."""
    names, sizes = list(names), masks.sum(axis=1)
    rows, part = np.unique(masks.T, axis=0, return_inverse=True)
    part, place = part.reshape(-1), np.full(len(rows), -1)
    concepts: list[Concept] = []
    for i, row in enumerate(rows):
        said = dict.fromkeys(names[k] for k in sorted(np.flatnonzero(row), key=lambda k: sizes[k]))
        if said:
            first, *above = said
            place[i] = len(concepts)
            concepts.append(Concept((category,), (first,), tuple(above)))
    untrue = frozenset(names) | foreign
    return place[part], [c._replace(untrue=untrue - {*c.names, *c.above}) for c in concepts]


def _in_frame_of(points: np.ndarray, centres: np.ndarray, entry: Entry) -> np.ndarray:
    """The teacher's centres lie among the points, as they are or after both are brought to the unit sphere."""
    middle = points.mean(axis=0)
    radius = np.linalg.norm(points - middle, axis=1).max()
    for candidate in (centres, centres * radius + middle):
        if (np.abs(candidate - middle).max(axis=1) <= 1.05 * radius).all():
            distance = np.sqrt(nearest_of(candidate, points, 1)[1])
            if np.median(distance) < 0.1 * radius:
                return candidate
    raise InputError(f"{entry.features}: its centres lie nowhere near the points of {entry.points}")
