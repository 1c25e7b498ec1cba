"""Answering: logits of an encoded object → the typed answer a caller holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.geometry.boxes import principal_box
from part_perception.parts.confidence import confidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.masks import instances, part_mask
from part_perception.parts.scores import sigmoid, word_logits
from part_perception.parts.teaching.word import FOUND_AT, TaughtWord
from part_perception.types import Answer, Part


class ObjectAnswer(Answer):
    """An answer that works out points, instances and boxes when somebody looks at them.

    Many words asked of many objects are mostly not found, and then nobody does.
    """

    def __init__(
        self,
        encoded: EncodedObject,
        queries: Sequence[str],
        logits: np.ndarray,
        rule: Confidence,
        taught: Mapping[int, TaughtWord],
    ):
        sure = confidence(logits, rule)
        found = sure >= rule.found_at if rule.calibrated else np.zeros(len(sure), bool)
        for q, word in taught.items():
            sure[q] = word.confidence(encoded, logits[:, q])
            found[q] = sure[q] >= FOUND_AT
        known = {
            "queries": tuple(queries), "confidence": sure, "found": found, "calibrated": rule.calibrated,
            "dropped": encoded.total - len(encoded.rows),
            "_encoded": encoded, "_logits": logits, "_rule": rule, "_taught": taught, "_cut": {},
        }  # fmt: skip
        self.__dict__.update(known)

    @cached_property
    def masks(self) -> np.ndarray:
        return self._encoded.mask_of(self._mask(range(len(self.queries))).T)

    @cached_property
    def scores(self) -> np.ndarray:
        return self._encoded.to_points(sigmoid(self._logits).astype(np.float32).T, np.float32(0))

    @cached_property
    def instances(self) -> Sequence[tuple[Part, ...]]:
        return OnDemand(len(self.queries), self._instances)

    @cached_property
    def parts(self) -> Sequence[Part]:
        return OnDemand(len(self.queries), lambda q: self.instances[q][0])

    def _instances(self, q: int) -> tuple[Part, ...]:
        sure, found = float(self.confidence[q]), bool(self.found[q])
        mask = self._mask([q])[:, 0]
        parts = _parts(self._encoded, self.queries[q], mask, self._logits[:, q], sure, found)
        return parts[:1] + tuple(p for p in parts[1:] if p.confidence >= self._rule.found_at)

    def _mask(self, queries: Sequence[int]) -> np.ndarray:
        """(S, len(queries)) the samples of some of the queries; those of all that are found are worked out together."""
        wanted = dict.fromkeys([*queries, *np.flatnonzero(self.found).tolist()])
        if missing := [q for q in wanted if q not in self._cut]:
            mask = part_mask(self._encoded, self._logits[:, missing], self._rule)
            self._cut.update(zip(missing, mask.T, strict=True))
            self._cut.update(
                {q: self._taught[q].mask(self._logits[:, q]) for q in missing if q in self._taught}
            )
        return np.stack([self._cut[q] for q in queries], axis=1)


class OnDemand(Sequence):
    """A sequence whose items are made when they are first asked for."""

    def __init__(self, count: int, make: Callable[[int], Any]):
        self._made: list = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        index = range(len(self))[index]
        if self._made[index] is None:
            self._made[index] = self._make(index)
        return self._made[index]


def answer(
    encoded: EncodedObject,
    queries: Sequence[str],
    text: np.ndarray,
    rule: Confidence,
    taught: Mapping[int, TaughtWord] | None = None,
) -> Answer:
    """What the object says to each query: mask, confidence, and its instances as parts. `taught`: words by column."""
    logits = word_logits(encoded, text, rule)
    for q, word in (taught or {}).items():
        logits[:, q] = word.logits(encoded)
    return ObjectAnswer(encoded, queries, logits, rule, taught or {})


def _parts(
    encoded: EncodedObject, query: str, mask: np.ndarray, logits: np.ndarray, sure: float, found: bool
) -> tuple[Part, ...]:
    """The instances of one answer, the likeliest first; the others are a little less sure than the first.

    What is not found is told apart no further, so that asking many words costs little.
    """
    if not found:
        return (_part(encoded, query, mask, sure, found, 0),)
    pieces = instances(encoded, mask)
    weight = [float(logits[p].mean() + np.log(p.sum())) for p in pieces]
    order = np.argsort(weight)[::-1]
    best = weight[order[0]]
    return tuple(
        _part(encoded, query, pieces[i], sure * float(np.exp(min(weight[i] - best, 0.0) / 2)), found, k)
        for k, i in enumerate(order)
    )


def _part(
    encoded: EncodedObject, query: str, piece: np.ndarray, sure: float, found: bool, instance: int
) -> Part:
    chosen = piece[encoded.member] & ~encoded.patches.stray
    points = encoded.points[chosen]
    box = principal_box(points) if found else None
    return Part(query, found, sure, encoded.rows[chosen], points.mean(axis=0), box, instance=instance)


def best_names(
    encoded: EncodedObject,
    text: np.ndarray,
    rule: Confidence,
    taught: Mapping[int, TaughtWord] | None = None,
) -> np.ndarray:
    """(S,) for each sample the best of the names; taught words compete by how far they are above their null."""
    scores = word_logits(encoded, text, rule)
    for q, word in (taught or {}).items():
        scores[:, q] = word.logits(encoded) + rule.mask_level
    return scores.argmax(axis=1)
