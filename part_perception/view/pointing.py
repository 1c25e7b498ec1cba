"""Pointing: from a click to a point of the cloud, a region of its object, and that region's name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from part_perception.errors import InputError
from part_perception.geometry.boxes import thin
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import Hierarchy, build_hierarchy
from part_perception.segmenter import PartSegmenter
from part_perception.view.shown import Shown, ShownObject

# radians between a ray and the point it hits: first the smaller limit, else the larger
NEAR, FAR = 0.006, 0.03
MAX_POINTS = 20_000  # of an object
CANDIDATES, NAMES, MAX_WORDS = 24, 5, 2


def pointed_at(points: np.ndarray, origin, direction) -> int | None:
    """The row of the nearest point close to a ray; None if there is none."""
    direction = np.asarray(direction, float) / np.linalg.norm(direction)
    away = points.astype(float) - np.asarray(origin, float)
    along = away @ direction
    across = np.sqrt(np.maximum(np.einsum("ij,ij->i", away, away) - along**2, 0.0))
    with np.errstate(invalid="ignore"):
        for reach in (NEAR, FAR):
            met = np.flatnonzero((along > 1e-6) & (across < reach * along) & (points != 0).any(axis=1))
            if len(met):
                return int(met[np.argmin(along[met])])
    return None


@dataclass
class Marked:
    """A clicked object, its points (N, 3) at that moment, and the clicks that mark a region on it.

    `rows` (N,) of the cloud (M, 3) at that moment are these points.
    """

    object_id: int
    cloud: np.ndarray
    rows: np.ndarray
    up: np.ndarray
    encoded: EncodedObject
    tree: Hierarchy
    inside: list[np.ndarray] = field(default_factory=list)
    outside: list[np.ndarray] = field(default_factory=list)
    mask: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    names: list[tuple[str, float]] = field(default_factory=list)

    def clicked(self, place: np.ndarray, take_away: bool) -> Marked:
        """The same object with one more click."""
        inside = [*self.inside, *([] if take_away else [place])]
        outside = [*self.outside, *([place] if take_away else [])]
        if not inside:
            raise InputError("click on the part first, then on what does not belong to it")
        mask = self.tree.region(self.nearest(inside), self.nearest(outside))
        return replace(self, inside=inside, outside=outside, mask=mask)

    @property
    def points(self) -> np.ndarray:
        return self.encoded.points

    def nearest(self, places: list[np.ndarray]) -> np.ndarray:
        """The object's rows nearest to the given places."""
        return np.array([np.linalg.norm(self.points - place, axis=1).argmin() for place in places], np.int64)


def marked(segmenter: PartSegmenter, shown: Shown, thing: ShownObject) -> Marked:
    """An object, encoded so that it can be marked."""
    rows = thin(thing.indices, MAX_POINTS)
    rows = rows[np.isfinite(shown.points[rows]).all(axis=1)]
    encoded = segmenter.encode([shown.points[rows]], shown.up, shown.camera)[0]
    tree = build_hierarchy(encoded, segmenter.manifest.natural_height)
    return Marked(thing.id, shown.points, rows, shown.up, encoded, tree, mask=np.zeros(len(rows), bool))


def names_of(segmenter: PartSegmenter, chosen: Marked) -> list[tuple[str, float]]:
    """The best names of the marked region with the confidence of each that such a part is there, best first.

    The nearest part names are candidates; each is asked of the object and weighted by how well its mask fits.
    """
    words = part_words(segmenter)
    if not words or not chosen.mask.any():
        return []
    encoded = chosen.encoded
    of_samples = np.zeros(encoded.patches.count)
    np.add.at(of_samples, encoded.own_member, chosen.mask[encoded.own_rows])
    direction = of_samples @ encoded.features
    known = segmenter.language.embed(words)
    nearest = [words[k] for k in np.argsort(-(known @ direction))[:CANDIDATES]]
    asked = list(dict.fromkeys([*segmenter.taught, *nearest]))
    answer = segmenter.answer(encoded, asked)
    overlap = (answer.masks & chosen.mask).sum(axis=1) / np.maximum(
        (answer.masks | chosen.mask).sum(axis=1), 1
    )
    worth = answer.confidence * overlap
    best = [k for k in np.argsort(-worth, kind="stable")[:NAMES] if worth[k] > 0]
    return [(asked[k], float(answer.confidence[k])) for k in best]


def part_words(segmenter: PartSegmenter) -> list[str]:
    """The short part names that the model learned, without descriptions; none if its text bank lacks them."""
    bank = segmenter.language.bank
    return [] if bank is None else [word for word in bank.parts if len(word.split()) <= MAX_WORDS]
