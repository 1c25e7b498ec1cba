"""Names: every name that is learned, and whether it is true, false or open for a part. All are cleaned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from part_perception.language.english import clean
from part_perception.shapes.builder import Shape
from part_perception.shapes.kinds import KINDS

_SEEDS_A_KIND = 40
_TOO_NEAR = 0.8

Names = tuple[str, ...]


class Concept(NamedTuple):
    """What a part is: the names of its object, its own names, and those of the parts it belongs to.

    `untrue`: names known to be false; None: all names that are not true. `scores`: the confidence of `names`
    and then `above`, in this order; if empty, all are certain.
    """

    kind: Names
    names: Names
    above: Names = ()
    untrue: frozenset[str] | None = None
    scores: tuple[float, ...] = ()


@cache
def cleaned(names: Names) -> Names:
    """Clean names as queries are cleaned, and remove duplicates."""
    return tuple(dict.fromkeys(map(clean, names)))


def ancestors(shape: Shape, part: int) -> Names:
    """Return the names of all parts that a part belongs to."""
    names: list[str] = []
    parent = shape.parts[part].parent
    while parent >= 0:
        names += shape.parts[parent].names
        parent = shape.parts[parent].parent
    return cleaned(tuple(names))


def concepts_of(shape: Shape) -> list[Concept]:
    """Return the concept of every part instance of a generated shape."""
    kind = cleaned(KINDS[shape.kind].names)
    return [Concept(kind, cleaned(p.names), ancestors(shape, i)) for i, p in enumerate(shape.parts)]


def phrases(kind_names: Names, names: Names) -> list[str]:
    """Return phrases that combine the part's name with the object's."""
    out = []
    for kind in kind_names[:2]:
        out += [f"{kind} {names[0]}", f"{names[0]} of the {kind}"]
    return out


@dataclass(frozen=True)
class NameTable:
    """All names with their text vectors (V, D), and for each concept the truth of every name: 1, 0, or -1 = open.

    `lists` are sets of names used for the same thing (default: those of the data engine). `encoder` made the
    vectors.
    """

    names: Names
    vectors: np.ndarray
    lists: tuple[Names, ...] | None = None
    encoder: str = "minilm"

    @cached_property
    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def _near(self) -> np.ndarray:
        """(V, V) pairs of names whose text vectors are too similar, or where one name ends in the other."""
        near = np.empty((len(self.names),) * 2, bool)
        for first in range(0, len(near), 1024):
            near[first : first + 1024] = self.vectors[first : first + 1024] @ self.vectors.T > _TOO_NEAR
        for name, i in self.index.items():
            words = name.split()
            for start in range(1, len(words)):
                if (j := self.index.get(" ".join(words[start:]))) is not None:
                    near[i, j] = near[j, i] = True
        return near

    @cached_property
    def _said_together(self) -> dict[str, set[int]]:
        """For each name, the names listed with it for some part or kind."""
        together: dict[str, set[int]] = {}
        for listed in name_lists() if self.lists is None else self.lists:
            known = [self.index[n] for n in listed if n in self.index]
            for name in listed:
                together.setdefault(name, set()).update(known)
        return together

    @cached_property
    def _truth(self) -> dict[Concept, np.ndarray]:
        return {}

    def truth(self, concept: Concept) -> np.ndarray:
        """(V,) int8: 1 for names of the part, its parents and its object; -1 for names close to these."""
        if concept not in self._truth:
            own = [*concept.names, *phrases(concept.kind, concept.names)]
            # A light bulb's "bulb" means the whole or its glass; for the base, it is neither true nor false.
            torn = [
                n for n in concept.kind if n in part_words(concept.kind) and n not in (*own, *concept.above)
            ]
            said = (*own, *concept.above, *(n for n in concept.kind if n not in torn))
            positive = [self.index[n] for n in said if n in self.index]
            beside = set().union(*(self._said_together.get(n, ()) for n in (*concept.names, *concept.above)))
            row = np.zeros(len(self.names), np.int8)
            if concept.untrue is not None:
                row[:] = -1
                row[[self.index[n] for n in concept.untrue if n in self.index]] = 0
            row[self._near[positive].any(axis=0)] = -1
            row[[*beside, *(self.index[n] for n in torn if n in self.index)]] = -1
            row[positive] = 1
            self._truth[concept] = row
        return self._truth[concept]


@cache
def _said_of(key: str) -> tuple[Names, ...]:
    """Return the lists of names that the parts of a kind have, over many seeds."""
    makers = (KINDS[key].make(np.random.default_rng(seed)) for seed in range(_SEEDS_A_KIND))
    return tuple(dict.fromkeys(cleaned(part.names) for shape in makers for part in shape.parts))


@cache
def _keys_of() -> dict[Names, list[str]]:
    """Group the kinds that share the same names."""
    keys: dict[Names, list[str]] = {}
    for key, kind in KINDS.items():
        keys.setdefault(cleaned(kind.names), []).append(key)
    return keys


@cache
def part_words(kind_names: Names) -> frozenset[str]:
    """Return all names that the parts of a kind have."""
    return frozenset(
        name for key in _keys_of().get(kind_names, ()) for names in _said_of(key) for name in names
    )


def name_lists() -> tuple[Names, ...]:
    """Return the lists of names that the data engine gives a part or a kind."""
    parts = (names for key in KINDS for names in _said_of(key))
    return tuple(dict.fromkeys([*(cleaned(kind.names) for kind in KINDS.values()), *parts]))


def collect_names(more: Iterable[str] = ()) -> list[str]:
    """Return every name that the kinds use, alone and combined with the object's, plus those in `more`."""
    found: dict[str, None] = {}
    for key, kind in KINDS.items():
        kind_names = cleaned(kind.names)
        found.update(dict.fromkeys(kind_names))
        for names in _said_of(key):
            found.update(dict.fromkeys([*names, *phrases(kind_names, names)]))
    found.update(dict.fromkeys(map(clean, more)))
    return list(found)
