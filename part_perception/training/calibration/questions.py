"""Fresh questions: what is asked of a generated view, with the truth: parts that show, and parts that are not there."""

from __future__ import annotations

import numpy as np

from part_perception.language.everyday import LOOSELY_GENERIC
from part_perception.shapes.builder import Shape
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import Names, NameTable, concepts_of
from part_perception.simulation.views import View

ABSENT = 4
_SHOWN_SHARE = 0.01
_FIRST_NAME = 0.6
_TOO_LIKE = 0.5
_TRIES = 200
_SMALL_WORDS = {
    "a", "an", "the", "of", "to", "it", "its", "in", "on", "at", "for", "up", "by", "from", "with", "is", "one", "or",
    "what", "where", "which", "that", "part", "goes",
}  # fmt: skip


def questions(shape: Shape, view: View, table: NameTable, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Names of parts that show, with their points, and names of other objects' parts that this one lacks."""
    concepts = concepts_of(shape)
    asked: dict[str, np.ndarray] = {}
    for concept in dict.fromkeys(concepts):
        if (name := _pick(concept.names, table, rng)) is None:
            continue
        true = np.array([table.truth(c)[table.index[name]] == 1 for c in concepts] + [False])[view.part]
        if true.mean() >= _SHOWN_SHARE and true.sum() >= 8:
            asked[name] = true
    for name in absent_names(shape, table, rng, ABSENT):
        asked[name] = np.zeros(len(view.part), bool)
    return asked


def absent_names(shape: Shape, table: NameTable, rng: np.random.Generator, count: int) -> list[str]:
    """Names of parts of other objects, as often as these have them, that nobody would say of a part of this one.

    A name that shares a word with this object's, means nearly the same or fits most objects is not asked: to find
    its part would not be wrong.
    """
    concepts = concepts_of(shape)
    said = {n for c in concepts for n in (*c.kind, *c.names, *c.above)}
    own_words = set().union(*map(_words, said))
    own = table.vectors[[table.index[n] for n in said if n in table.index]]
    untrue = (np.stack([table.truth(c) for c in concepts]) == 0).all(axis=0)
    found: dict[str, None] = {}
    for _ in range(_TRIES):
        other = concepts_of(list(KINDS.values())[rng.integers(len(KINDS))].make(rng))
        name = _pick(other[rng.integers(len(other))].names, table, rng)
        if name is None or not untrue[table.index[name]]:
            continue
        words = _words(name)
        like = own @ table.vectors[table.index[name]]
        if not words & own_words and words - LOOSELY_GENERIC and like.max(initial=-1) <= _TOO_LIKE:
            found[name] = None
        if len(found) == count:
            break
    return list(found)


def _pick(names: Names, table: NameTable, rng: np.random.Generator) -> str | None:
    """One of a part's names, its first more often than not."""
    known = [n for n in names if n in table.index]
    if not known:
        return None
    return known[0] if rng.random() < _FIRST_NAME else known[rng.integers(len(known))]


def _words(name: str) -> set[str]:
    """The words that say something, one and many alike."""
    return {word.rstrip("s") for word in name.split() if word not in _SMALL_WORDS}
