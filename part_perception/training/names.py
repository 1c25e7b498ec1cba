"""Names: every name the data engine uses, and which of them are true, false or left open for a part of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.training.engine.builder import Shape
from part_perception.training.engine.kinds import KINDS

_SEEDS_A_KIND = 40
_TOO_NEAR = 0.8

Concept = tuple[str, tuple[str, ...], tuple[str, ...]]


def ancestors(shape: Shape, part: int) -> tuple[str, ...]:
    """Names of the parts that a part is a piece of."""
    names: list[str] = []
    parent = shape.parts[part].parent
    while parent >= 0:
        names += shape.parts[parent].names
        parent = shape.parts[parent].parent
    return tuple(names)


def concepts_of(shape: Shape) -> list[Concept]:
    """For every part instance: its kind, its names, and the names of what it is a piece of."""
    return [(shape.kind, p.names, ancestors(shape, i)) for i, p in enumerate(shape.parts)]


def phrases(kind_names: tuple[str, ...], names: tuple[str, ...]) -> list[str]:
    """Names with the object said as well."""
    out = []
    for kind in kind_names[:2]:
        out += [f"{kind} {names[0]}", f"{names[0]} of the {kind}"]
    return out


@dataclass(frozen=True)
class NameTable:
    """All names with their text vectors (V, D), and for each concept the truth of every name: 1, 0, or -1 = open."""

    names: tuple[str, ...]
    vectors: np.ndarray

    @cached_property
    def index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def _near(self) -> np.ndarray:
        """Pairs of names too alike to be told apart by their text vectors, or one the other's general word."""
        near = self.vectors @ self.vectors.T > _TOO_NEAR
        by_last: dict[str, list[int]] = {}
        for i, name in enumerate(self.names):
            by_last.setdefault(name.split()[-1], []).append(i)
        for i, name in enumerate(self.names):
            for j in by_last[name.split()[-1]]:
                if self.names[j].endswith(" " + name):
                    near[i, j] = near[j, i] = True
        return near

    @cached_property
    def _said_together(self) -> dict[str, set[int]]:
        """For each name, the names that some part or kind lists beside it."""
        together: dict[str, set[int]] = {}
        for listed in self._lists:
            known = [self.index[n] for n in listed if n in self.index]
            for name in listed:
                together.setdefault(name, set()).update(known)
        return together

    @cached_property
    def _lists(self) -> set[tuple[str, ...]]:
        lists = {kind.names for kind in KINDS.values()}
        for kind in KINDS.values():
            for seed in range(_SEEDS_A_KIND):
                lists |= {p.names for p in kind.make(np.random.default_rng(seed)).parts}
        return lists

    @cached_property
    def _truth(self) -> dict[Concept, np.ndarray]:
        return {}

    def truth(self, concept: Concept) -> np.ndarray:
        """(V,) int8: 1 for names of the part, of what it is a piece of and of its kind; -1 for their near ones; else 0."""
        if concept not in self._truth:
            kind, names, above = concept
            kind_names = KINDS[kind].names
            own = [*names, *phrases(kind_names, names)]
            positive = {self.index[n] for n in (*own, *above, *kind_names) if n in self.index}
            beside = set().union(*(self._said_together.get(n, set()) for n in (*names, *above)))
            row = np.zeros(len(self.names), np.int8)
            row[self._near[list(positive)].any(axis=0)] = -1
            row[list(beside)] = -1
            row[list(positive)] = 1
            self._truth[concept] = row
        return self._truth[concept]


def collect_names() -> list[str]:
    """Every name that the kinds use, alone and with the object said."""
    found: dict[str, None] = {}
    for kind in KINDS.values():
        found.update(dict.fromkeys(kind.names))
        for seed in range(_SEEDS_A_KIND):
            for part in kind.make(np.random.default_rng(seed)).parts:
                found.update(dict.fromkeys([*part.names, *phrases(kind.names, part.names)]))
    return list(found)
