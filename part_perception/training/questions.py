"""Questions: which names a batch is asked about, and what is true of every sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.training.batches import Batch
from part_perception.training.names import Concept, NameTable, phrases

_EXTRA_NAMES = 48
_PHRASE_SHARE = 0.3
_MOST_PARTS = 12


@dataclass(frozen=True)
class Questions:
    """Names (Q,) asked of all views; truth (B, S, Q) in {1, 0, -1 = open}; and a closed set for each view.

    closed (B, C) are positions in `names`; target (B, S) the right one of C or -1; allowed (B, S, C) who competes.
    """

    names: np.ndarray
    truth: np.ndarray
    closed: np.ndarray
    target: np.ndarray
    allowed: np.ndarray


def _spoken(concept: Concept, table: NameTable, rng: np.random.Generator) -> list[int]:
    """One of a part's names, the first one most often, and now and then a phrase."""
    kind, names, _ = concept
    known = [table.index[n] for n in names if n in table.index]
    if not known:
        return []
    out = [known[0] if rng.random() < 0.5 else known[rng.integers(len(known))]]
    if rng.random() < _PHRASE_SHARE:
        said = [table.index[p] for p in phrases((kind,), names) if p in table.index]
        out += said[:1] if rng.random() < 0.5 else said[-1:]
    return out


def ask(batch: Batch, table: NameTable, rng: np.random.Generator) -> Questions:
    """Names of what is in the batch, some of what is not, and the truth of each for every sample."""
    asked: list[list[list[int]]] = []
    pool: set[int] = set(
        rng.choice(len(table.names), min(_EXTRA_NAMES, len(table.names)), replace=False).tolist()
    )
    for concepts in batch.concepts:
        spoken = {c: _spoken(c, table, rng) for c in dict.fromkeys(concepts)}
        asked.append([spoken[c] for c in concepts])
        for names in spoken.values():
            pool.update(names)
        pool.add(table.index[concepts[0][0]])
    names = np.array(sorted(pool))
    place = {name: i for i, name in enumerate(names.tolist())}
    truth = np.zeros((*batch.part.shape, len(names)), np.int8)
    closed = np.zeros((len(batch.part), _MOST_PARTS), np.int64)
    target = np.full(batch.part.shape, -1)
    allowed = np.zeros((*batch.part.shape, _MOST_PARTS), bool)
    for b, concepts in enumerate(batch.concepts):
        rows = np.stack([table.truth(c)[names] for c in concepts] + [np.zeros(len(names), np.int8)])
        truth[b] = rows[batch.part[b]]
        _closed_set(b, concepts, asked[b], place, batch.part[b], closed, target, allowed)
    return Questions(names, truth, closed, target, allowed)


def _closed_set(b, concepts, asked, place, part, closed, target, allowed) -> None:
    """Fill one view's closed set: parts of the same first name are one class; what a part is a piece of is no rival."""
    firsts = [c[1][0] for c in concepts]
    present = set(part[part >= 0].tolist())
    classes = list(dict.fromkeys(firsts[i] for i in sorted(present) if asked[i]))[:_MOST_PARTS]
    if len(classes) < 2:
        return
    speaker = {first: asked[i] for i, first in reversed(list(enumerate(firsts))) if asked[i]}
    closed[b, : len(classes)] = [place[speaker[c][0]] for c in classes]
    of_part = np.array([classes.index(f) if f in classes else -1 for f in firsts] + [-1])
    rival = np.zeros((len(concepts) + 1, _MOST_PARTS), bool)
    for i, (_, _, above) in enumerate(concepts):
        rival[i, : len(classes)] = [c not in above or c == firsts[i] for c in classes]
    target[b], allowed[b] = of_part[part], rival[part]
