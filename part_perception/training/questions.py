"""Questions: which names a batch is asked about, and what is true of every part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.shapes.names import Concept, NameTable, phrases
from part_perception.training.batches import Batch

_EXTRA_NAMES = 48
_PHRASE_SHARE = 0.3
_MAX_PARTS = 12


@dataclass(frozen=True)
class Questions:
    """Names (Q,) asked of all views; truth (B, P + 1, Q) in {1, 0, -1 = open}; and a closed set for each view.

    Rows are a view's parts, the last one is "no part", so that part -1 finds it. closed (B, C) are positions in
    `names`; target (B, P + 1) the right one of C or -1; allowed (B, P + 1, C) who competes; same (B, P + 1) is one
    number for all parts of a first name.
    """

    names: np.ndarray
    truth: np.ndarray
    closed: np.ndarray
    target: np.ndarray
    allowed: np.ndarray
    same: np.ndarray


def _spoken(concept: Concept, table: NameTable, rng: np.random.Generator) -> list[int]:
    """One of a part's names, the first one most often, and now and then a phrase."""
    known = [table.index[n] for n in concept.names if n in table.index]
    if not known:
        return []
    out = [known[0] if rng.random() < 0.5 else known[rng.integers(len(known))]]
    if rng.random() < _PHRASE_SHARE:
        said = [table.index[p] for p in phrases(concept.kind[:1], concept.names) if p in table.index]
        out += said[:1] if rng.random() < 0.5 else said[-1:]
    return out


def ask(batch: Batch, table: NameTable, rng: np.random.Generator) -> Questions:
    """Names of what is in the batch, some of what is not, and the truth of each for every part."""
    asked: list[list[list[int]]] = []
    pool: set[int] = set(
        rng.choice(len(table.names), min(_EXTRA_NAMES, len(table.names)), replace=False).tolist()
    )
    for concepts in batch.concepts:
        spoken = {c: _spoken(c, table, rng) for c in dict.fromkeys(concepts)}
        asked.append([spoken[c] for c in concepts])
        for said in spoken.values():
            pool.update(said)
        pool.update(table.index[n] for n in concepts[0].kind[:1] if n in table.index)
    names = np.array(sorted(pool))
    place = {name: i for i, name in enumerate(names.tolist())}
    views, rows = len(batch.concepts), max(map(len, batch.concepts)) + 1
    truth = np.zeros((views, rows, len(names)), np.int8)
    closed = np.zeros((views, _MAX_PARTS), np.int64)
    target, same = np.full((views, rows), -1), np.full((views, rows), -1)
    allowed = np.zeros((views, rows, _MAX_PARTS), bool)
    for b, concepts in enumerate(batch.concepts):
        firsts = [c.names[0] for c in concepts]
        same[b, : len(firsts)] = [firsts.index(f) for f in firsts]
        truth[b, : len(concepts)] = [table.truth(c)[names] for c in concepts]
        truth[b, -1] = _of_nothing(concepts, truth[b, : len(concepts)])
        _closed_set(concepts, asked[b], place, batch.part[b], closed[b], target[b], allowed[b])
    return Questions(names, truth, closed, target, allowed, same)


def _of_nothing(concepts: list[Concept], truth: np.ndarray) -> np.ndarray:
    """What is true of samples of no part: no name. Where people labelled, only names that are nowhere are sure."""
    if concepts[0].untrue is None:
        return np.zeros(truth.shape[1], np.int8)
    return np.where((truth == 0).all(axis=0), 0, -1).astype(np.int8)


def _closed_set(concepts, asked, place, part, closed, target, allowed) -> None:
    """Fill one view's closed set: parts of the same first name are one class; what a part is a piece of is no rival."""
    firsts = [c.names[0] for c in concepts]
    present = set(part[part >= 0].tolist())
    classes = list(dict.fromkeys(firsts[i] for i in sorted(present) if asked[i]))[:_MAX_PARTS]
    if len(classes) < 2:
        return
    speaker = {first: asked[i] for i, first in reversed(list(enumerate(firsts))) if asked[i]}
    closed[: len(classes)] = [place[speaker[c][0]] for c in classes]
    for i, concept in enumerate(concepts):
        target[i] = classes.index(firsts[i]) if firsts[i] in classes else -1
        allowed[i, : len(classes)] = [c not in concept.above or c == firsts[i] for c in classes]
