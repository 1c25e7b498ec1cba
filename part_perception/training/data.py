"""Data: the user's own labelled shapes as training views, in addition to the data engine or instead of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from part_perception.encoder.neighbours import nearest_of
from part_perception.errors import InputError
from part_perception.geometry.poses import level
from part_perception.language.everyday import GENERIC
from part_perception.shapes.names import Concept
from part_perception.simulation.bodies import Cloud
from part_perception.simulation.worlds import Joints, World, deformation, resting
from part_perception.training.own_files import Entry, read_features, read_shape, scan

_MAX_POINTS = 8192
_EXTENTS = (0.08, 0.6)
_FEW, _CRUMB = 12, 0.003  # number of mask combinations; share of the points


@dataclass(frozen=True)
class OwnShape:
    """One labelled shape, z up, of unknown size. `patch` (N,) is each point's patch of teacher features."""

    points: np.ndarray
    part: np.ndarray
    concepts: list[Concept]
    patch: np.ndarray
    features: np.ndarray | None

    def world(self, rng: np.random.Generator) -> World:
        """Return the shape as an object on a table, of random size and varied like generated ones."""
        extent = np.exp(rng.uniform(*np.log(_EXTENTS)))
        points = self.points * extent / float(np.ptp(self.points, axis=0).max())
        points = deformation(points, rng)(points)
        pose = resting(points, "stands", rng.uniform(-np.pi, np.pi), rng)
        body = Cloud(points @ pose[:3, :3].T + pose[:3, 3], self.part, self.patch)
        return World(body, Joints.unknown(len(self.concepts)))

    def teacher_at(self, patches: np.ndarray, size: int) -> np.ndarray:
        """(P, size) teacher features for patches of this shape by number; zero for -1 and unknown ones."""
        if self.features is None:
            return np.zeros((len(patches), size), np.float16)
        return np.where((patches >= 0)[:, None], self.features[patches], 0).astype(np.float16)


def load(entry: Entry, foreign: frozenset[str]) -> OwnShape:
    """Read one shape. Only `foreign` names and names of its other parts are known to be untrue of a part."""
    points, masks, names, scores, up = read_shape(entry)
    upright = level(np.asarray(up))
    points = points @ upright.T
    if len(points) > _MAX_POINTS:
        keep = np.random.default_rng(0).choice(len(points), _MAX_POINTS, replace=False)
        points, masks = points[keep], masks[:, keep]
    if len(points) < 32 or not np.ptp(points, axis=0).max() > 0:
        raise InputError(f"{entry.points} has no shape: it needs at least 32 points and some extent")
    part, concepts = _parts_of_masks(masks, names, scores, entry.category, foreign)
    patch, features = np.full(len(points), -1), None
    if entry.features:
        centres, features = read_features(entry.features)
        patch = nearest_of(points, _in_frame_of(points, centres @ upright.T, entry), 1)[0][:, 0]
    return OwnShape(points, part, concepts, patch, features)


def _parts_of_masks(
    masks: np.ndarray, names: Iterable[str], scores: np.ndarray, category: str, foreign: frozenset[str]
) -> tuple[np.ndarray, list[Concept]]:
    """Turn overlapping masks (L, N) into parts, named by the smallest; the others are parents."""
    masks, names, scores = _united(masks, list(names), scores)
    sizes = masks.sum(axis=1)
    rows, part = _combinations(masks)
    place = np.full(len(rows), -1)
    concepts: list[Concept] = []
    for i, row in enumerate(rows):
        said: dict[str, float] = {}
        for k in sorted(np.flatnonzero(row), key=lambda k: sizes[k]):
            said[names[k]] = max(said.get(names[k], 0.0), float(scores[k]))
        if said:
            first, *above = said
            sure = () if min(said.values()) == 1 else tuple(said.values())
            place[i] = len(concepts)
            concepts.append(Concept((category,), (first,), tuple(above), scores=sure))
    untrue = frozenset(names) | foreign
    return place[part], [c._replace(untrue=untrue - {*c.names, *c.above}) for c in concepts]


def _united(
    masks: np.ndarray, names: list[str], scores: np.ndarray
) -> tuple[np.ndarray, list[str], np.ndarray]:
    """One mask for each name: released data have one for every view in which the part was seen."""
    rows = [[k for k, other in enumerate(names) if other == name] for name in dict.fromkeys(names)]
    united = np.array([masks[same].any(axis=0) for same in rows], bool).reshape(len(rows), masks.shape[1])
    return united, list(dict.fromkeys(names)), np.array([scores[same].max() for same in rows])


def _combinations(masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct combinations of masks (R, L) and the one that each point (N,) has.

    Combinations with very few points, where masks of several views disagree slightly, take the nearest common
    one.
    """
    rows, part, counts = np.unique(masks.T, axis=0, return_inverse=True, return_counts=True)
    part = part.reshape(-1)
    common = counts >= _CRUMB * masks.shape[1]
    if len(rows) <= _FEW or not common.any():
        return rows, part
    away = (rows[:, None] != rows[common][None]).sum(axis=2)
    return rows[common], away.argmin(axis=1)[part]


def _in_frame_of(points: np.ndarray, centres: np.ndarray, entry: Entry) -> np.ndarray:
    """Align the teacher's centres with the points, as they are or with both scaled to the unit sphere."""
    middle = points.mean(axis=0)
    radius = np.linalg.norm(points - middle, axis=1).max()
    for candidate in (centres, centres * radius + middle):
        if (np.abs(candidate - middle).max(axis=1) <= 1.05 * radius).all():
            distance = np.sqrt(nearest_of(candidate, points, 1)[1])
            if np.median(distance) < 0.1 * radius:
                return candidate
    raise InputError(f"{entry.features}: its centres lie nowhere near the points of {entry.points}")


_REMEMBERED = 256


@dataclass(frozen=True)
class OwnData:
    """A catalogue file, its share of the views, and the size of its teacher features (0 = none)."""

    catalogue: str
    share: float
    teacher: int = 0

    def pick(self, rng: np.random.Generator) -> OwnShape:
        """Pick a shape at random."""
        return self.shape(int(rng.integers(len(load_catalogue(self.catalogue)))))

    def shape(self, number: int) -> OwnShape:
        """Return the shape with a number."""
        return _shape(self.catalogue, number)

    def numbers(self, followed: bool = False) -> list[int]:
        """Return the numbers of all shapes, or only of those with 2-D features."""
        return [i for i, entry in enumerate(load_catalogue(self.catalogue)) if entry.teacher or not followed]


def own_data(folders: Sequence[Path], share: float, catalogue: Path) -> OwnData | None:
    """Scan the folders once, and write a catalogue of their content for the processes that make views."""
    if not folders:
        return None
    if not 0 < share <= 1:
        raise InputError(f"the share of own data must be above 0 and at most 1, not {share}")
    entries = [entry for folder in folders for entry in scan(folder.resolve())]
    sizes = {entry.teacher for entry in entries} - {0}
    if len(sizes) > 1:
        raise InputError(f"the 2-D features of the data have different sizes: {sorted(sizes)}")
    catalogue.write_text(json.dumps([asdict(entry) for entry in entries], indent=0))
    load_catalogue.cache_clear()
    _shape.cache_clear()
    return OwnData(str(catalogue.resolve()), share, max(sizes, default=0))


@lru_cache
def load_catalogue(path: str) -> list[Entry]:
    return [Entry(**{**e, "names": tuple(e["names"])}) for e in json.loads(Path(path).read_text())]


def names_in(catalogue: str) -> list[str]:
    """Return every name and category in the data."""
    entries = load_catalogue(catalogue)
    return list(dict.fromkeys(n for e in entries for n in (*e.names, e.category)))


@lru_cache(_REMEMBERED)
def _shape(catalogue: str, number: int) -> OwnShape:
    entries = load_catalogue(catalogue)
    return load(entries[number], _foreign_names(catalogue, entries[number].category))


@lru_cache
def _foreign_names(catalogue: str, category: str) -> frozenset[str]:
    """Return part names of other categories that share no word with this one or its parts: surely absent."""
    entries = load_catalogue(catalogue)
    own = {
        word for e in entries if e.category == category for n in (*e.names, category) for word in n.split()
    }
    others = {n for e in entries if e.category != category for n in e.names}
    return frozenset(n for n in others if not (own | GENERIC) & set(n.split()))
