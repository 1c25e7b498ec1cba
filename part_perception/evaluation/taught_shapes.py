"""Taught shapes: fresh shapes of a kind, encoded once, and the parts visible in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from part_perception.errors import InputError
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.teaching import Example, copies_each, of_samples, turned
from part_perception.segmenter import PartSegmenter
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.views import camera_view, whole_view
from part_perception.simulation.worlds import make_world

TAUGHT_KINDS = (
    "mug", "hammer", "chair", "kettle", "screwdriver", "teapot", "bottle", "faucet", "frying pan", "flashlight",
    "pitcher", "toilet", "scissors", "camera", "guitar", "backpack", "headphones", "watering can",
)  # fmt: skip
SEEN = ("whole", "single views")
_SHARES = (0.015, 0.9)
_MIN_POINTS = 64
_SEED = 77


@dataclass(frozen=True)
class Seen:
    """A shape and its encoding, shared by all parts and all numbers of examples.

    `copy` returns the encoding of a turned copy, made on first use.
    """

    shape: LabelledShape
    encoded: EncodedObject
    copy: Callable[[int], EncodedObject]

    def mask(self, name: str) -> np.ndarray:
        """(N,) mask of a part."""
        if name not in self.shape.names:
            return np.zeros(len(self.shape.labels), bool)
        return self.shape.labels == self.shape.names.index(name)

    def example(self, name: str, copy: int | None = None) -> Example:
        """The example from marking the part by hand, or a turned copy of it."""
        return of_samples(self.encoded if copy is None else self.copy(copy), self.mask(name), 1)


def examples_of(seen: Sequence[Seen], name: str) -> list[Example]:
    """Examples as `parts.teaching.marked_examples` makes them from shapes with a marked part."""
    examples = [s.example(name) for s in seen]
    for s in seen:
        for copy in range(copies_each(len(seen))):
            with suppress(InputError):
                examples.append(s.example(name, copy))
    return examples


def generated_shapes(kind: str, count: int, seed: int = _SEED, views: bool = True) -> list[LabelledShape]:
    """Fresh shapes of a kind: whole or, if `views` is set, whole and single camera views by turns."""
    return [generated(kind, seed, number, views and number % 2 == 1) for number in range(count)]


def generated_groups(kinds: Sequence[str], count: int, seed: int = _SEED) -> dict[str, list[LabelledShape]]:
    """`count` whole shapes of each kind, and the same number of single views of other shapes."""
    return {
        f"{kind}, {seen}": [generated(kind, seed, 2 * number + view, bool(view)) for number in range(count)]
        for kind in kinds
        for view, seen in enumerate(SEEN)
    }


def generated(kind: str, seed: int, number: int, view: bool) -> LabelledShape:
    rng = np.random.default_rng([seed, number, *kind.encode()])
    shape, world = make_world(KINDS[kind], rng)
    seen = camera_view(world, rng) if view else whole_view(world, rng)
    names = tuple(dict.fromkeys(p.names[0] for p in shape.parts))
    number_of = np.array([names.index(p.names[0]) for p in shape.parts] + [-1])
    return LabelledShape(f"{kind} {number}", seen.points, number_of[seen.part], names, kind, (0.0, 0.0, 1.0))


def see(segmenter: PartSegmenter, shapes: Iterable[LabelledShape]) -> list[Seen]:
    def encode(shape: LabelledShape, copy: int | None = None) -> EncodedObject:
        points = shape.points if copy is None else turned(shape.points, np.asarray(shape.up), copy)
        return segmenter.encode([points], shape.up)[0]

    return [Seen(s, encode(s), cache(partial(encode, s))) for s in shapes if len(s.points) >= _MIN_POINTS]


def parts_to_teach(seen: Sequence[Seen]) -> dict[str, list[int]]:
    """Indices of the shapes that show enough of a part, by part name."""
    shown: dict[str, list[int]] = {}
    for i, s in enumerate(seen):
        for name in s.shape.names:
            mask = s.mask(name)[s.encoded.own_rows]
            if mask.any() and _SHARES[0] <= mask.mean() <= _SHARES[1]:
                shown.setdefault(name, []).append(i)
    return shown
