"""A second look: regions of an object are encoded again on their own, so that small parts get samples enough.

One look at a whole cabinet leaves a handle five samples. The region around a likely place is cut out, encoded like
an object of its own, and takes the place of the samples there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.encoder.neighbours import nearest_of
from part_perception.encoder.patches import NEIGHBOURS
from part_perception.geometry.poses import level
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import leads, word_logits

RADIUS = 0.3  # of a region, times the object's length
MIN_POINTS = 96  # of a region, as in training
CORE = 0.8  # share of a region's radius whose samples are taken: its rim has lost its surroundings
# Weight of the first look's features beside the second's: the first one knows the whole object.
FIRST_LOOK = 3.0
MAX_REGIONS, MAX_OF_A_WORD = 6, 3  # each region takes as long as one more object


@dataclass(frozen=True)
class CloseUp:
    """A region of an object: its middle, its radius, and the object's own points in it (rows of `points`)."""

    middle: np.ndarray
    radius: float
    rows: np.ndarray


def margins(encoded: EncodedObject, text: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) by how much each of several competing words leads the best of the others, or trails it."""
    return leads(word_logits(encoded, text, rule))


def likely_places(
    encoded: EncodedObject, logits: np.ndarray, most: int = MAX_REGIONS, each: int = MAX_OF_A_WORD
) -> list[CloseUp]:
    """Regions around the likeliest places of each word (S, Q): at most `each` for a word and `most` in all."""
    radius = RADIUS * encoded.length
    own = np.flatnonzero(~encoded.patches.stray)
    places: list[tuple[float, np.ndarray]] = []
    for values in logits.T:
        open_, best = values.copy(), values.max()
        for _ in range(each):
            row = int(open_.argmax())
            if not np.isfinite(open_[row]):
                break
            places.append((float(open_[row] - best), encoded.samples[row]))
            open_[np.linalg.norm(encoded.samples - encoded.samples[row], axis=1) < radius] = -np.inf
    places.sort(key=lambda place: -place[0])
    found: list[CloseUp] = []
    for _, middle in places:
        if len(found) == most:
            break
        if any(np.linalg.norm(middle - other.middle) < radius / 2 for other in found):
            continue
        rows = own[np.linalg.norm(encoded.points[own] - middle, axis=1) < radius]
        if len(rows) >= MIN_POINTS:
            found.append(CloseUp(middle, radius, rows))
    return found


def looked_closer(
    encoded: EncodedObject,
    regions: Sequence[CloseUp],
    encode: Callable[[list[np.ndarray]], list[EncodedObject]],
) -> EncodedObject:
    """The object with the samples of regions that were encoded on their own in place of the first ones.

    It serves to name its samples; how they move is known to the first look alone.
    """
    if not regions:
        return encoded
    closer = encode([encoded.points[region.rows] for region in regions])
    first = encoded.samples
    kept = np.ones(len(first), bool)
    new: list[tuple[np.ndarray, ...]] = []
    member = encoded.member.copy()
    count = len(first)
    for region, close in zip(regions, closer, strict=True):
        core = np.linalg.norm(close.samples - region.middle, axis=1) < CORE * region.radius
        for other in regions[: len(new)]:
            core &= np.linalg.norm(close.samples - other.middle, axis=1) >= CORE * other.radius
        kept &= np.linalg.norm(first - region.middle, axis=1) >= CORE * region.radius
        near = nearest_of(close.samples, first, 1)[0][:, 0]
        features, field = (
            _blended(one, other[near])
            for one, other in ((close.features, encoded.features), (close.field, encoded.field))
        )
        spacing = np.full(len(near), close.spacing)
        new.append((close.samples[core], features[core], field[core], spacing[core]))
        number = np.full(len(core), -1)
        number[core] = count + np.arange(core.sum())
        mine = number[close.member]
        member[region.rows[mine >= 0]] = mine[mine >= 0]
        count += int(core.sum())
    return _joined(encoded, kept, new, member)


def _blended(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Normalised features of the second look, leaning on those of the first."""
    both = second + np.float32(FIRST_LOOK) * first
    return both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)


def _joined(encoded: EncodedObject, kept: np.ndarray, new: list, member: np.ndarray) -> EncodedObject:
    """An object with the kept samples and new ones; points whose sample is gone take the nearest."""
    spacing = np.full(len(kept), encoded.spacing)
    samples, features, field, spacing = (
        np.concatenate([old[kept], *values])
        for old, values in zip(
            (encoded.samples, encoded.features, encoded.field, spacing),
            zip(*new, strict=True),
            strict=True,
        )
    )
    number = np.full(len(kept) + sum(len(each[0]) for each in new), -1)
    number[np.concatenate([np.flatnonzero(kept), np.arange(len(kept), len(number))])] = np.arange(
        len(samples)
    )
    member = number[member]
    lost = np.flatnonzero(member < 0)
    member[lost] = nearest_of(encoded.points[lost], samples, 1)[0][:, 0]
    patches = encoded.patches
    canonical = ((samples @ level(encoded.up).T - patches.centre) / patches.scale).astype(np.float32)
    neighbours, squared = nearest_of(canonical, canonical, NEIGHBOURS)
    return replace(
        encoded,
        patches=replace(
            patches,
            samples=canonical,
            member=member,
            neighbours=neighbours,
            distance=np.sqrt(squared),
            count=len(canonical),
        ),
        samples=samples,
        features=features,
        field=field,
        motion=None,
        spacings=spacing,
    )
