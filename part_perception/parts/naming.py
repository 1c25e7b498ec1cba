"""Naming: names a whole object by the mean of its samples' features, with other names as rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import sigmoid

SURE = 0.5  # minimum confidence for calling an object by a name
NO_EVIDENCE = -100.0
IN_GENERAL = 0.8  # the confidence in "mustard bottle" over that in "bottle": shape does not show mustard
_FOREIGN = 0.5  # cosine of two names: below it they have different meanings
# The least share of its length that a thing shows end-on or in part; how far sizes exceed the known ones
_SHRUNK, _GROWN = 0.4, 1.5
_ANY_SIZE = frozenset(("toy", "model", "miniature", "mini", "giant"))  # words that lift the limits of size


@dataclass(frozen=True)
class Belief:
    """What an object is believed to be, with calibrated confidence; "" if unknown."""

    name: str = ""
    confidence: float = 0.0


UNSURE = Belief()


@dataclass(frozen=True)
class Naming:
    """The names (W,) that the model learned for whole objects, with vectors (W, D) and their confidence rule.

    A name is compared with its rivals: names that differ in meaning and share no word with it. "bottle" and
    "spray bottle" are not rivals, because both may be true of one object. Where the objects' lengths (N,) in
    metres are given, names of smaller or larger things are neither true nor rivals: `sizes` (W, 2) holds the
    lengths of the smallest and largest thing of each name, NaN where not known.
    """

    names: tuple[str, ...]
    vectors: np.ndarray
    rule: Confidence
    sizes: np.ndarray | None = None

    @property
    def works(self) -> bool:
        """Whether confidences of names are meaningful."""
        return bool(self.rule.object_weights) and len(self.names) > 0

    def logits(self, pooled: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """(N, W) logits of every name for objects with mean features (N, D); -inf for names of other sizes."""
        logits = self.rule.scale * (pooled @ self.vectors.T) + self.rule.bias
        if lengths is None or self.sizes is None:
            return logits
        return np.where(_of_size(lengths, self.sizes), logits, -np.inf)

    def evidence(
        self, pooled: np.ndarray, name: str, vector: np.ndarray, lengths: np.ndarray | None = None
    ) -> np.ndarray:
        """(N, 2) the evidence for a name on each object: its logit, and its margin over the best rival, if any."""
        own = self.rule.scale * (pooled @ vector) + self.rule.bias
        rivals = self.logits(pooled, lengths)[:, self.rivals(name, vector)].max(axis=1, initial=-np.inf)
        return np.stack([own, own - np.where(np.isneginf(rivals), own, rivals)], axis=1)

    def chances(
        self, pooled: np.ndarray, name: str, vector: np.ndarray, lengths: np.ndarray | None = None
    ) -> np.ndarray:
        """(N,) the confidence that each object is what was asked for; "mustard bottle" accepts any bottle."""
        chance = self._chances(pooled, name, vector, lengths)
        for tail in [tail for tail in tails(name)[:-1] if tail in self.rows][:1]:
            general = self._chances(pooled, tail, self.vectors[self.rows[tail]], lengths)
            chance = np.maximum(chance, IN_GENERAL * general)
        return chance

    def _chances(
        self, pooled: np.ndarray, name: str, vector: np.ndarray, lengths: np.ndarray | None
    ) -> np.ndarray:
        """(N,) the confidence that each object may be called by exactly this name, whether learned or not."""
        chance = _odds(self.evidence(pooled, name, vector, lengths), self.rule.object_weights)
        return chance if lengths is None else np.where(self.has_size(name, lengths), chance, 0.0)

    def has_size(self, name: str, lengths: np.ndarray) -> np.ndarray:
        """(N,) whether things of these lengths may be what is asked for; True where no size is known."""
        known = [tail for tail in reversed(tails(name)) if tail in self.rows]
        if self.sizes is None or not known or _ANY_SIZE & set(name.split()):
            return np.ones(len(lengths), bool)
        return _of_size(lengths, self.sizes[self.rows[known[0]]][None])[:, 0]

    def belief(self, pooled: np.ndarray, length: float | None = None) -> Belief:
        """The likeliest name of one object from several observations (L, D)."""
        if not self.works:
            return UNSURE
        best, evidence = self.likeliest(pooled.mean(axis=0), length)
        confidence = float(_odds(evidence[None], self.rule.name_weights)[0])
        return Belief(best, confidence) if confidence >= SURE else UNSURE

    def likeliest(self, pooled: np.ndarray, length: float | None = None) -> tuple[str, np.ndarray]:
        """The likeliest name of one object (D,), and the evidence for it (2,).

        The name is general, "bottle" rather than "soda bottle", because shape shows no more than that.
        """
        logits = self.logits(pooled[None], None if length is None else np.array([length]))[0]
        best = int(logits.argmax())
        if np.isneginf(logits[best]):  # nothing known has this size
            return self.names[best], np.array([NO_EVIDENCE, NO_EVIDENCE])
        general = self.general[best]
        others = logits[self.general != general]
        margin = logits[best] - others.max() if np.isfinite(others).any() else 0.0
        return self.names[general], np.array([logits[best], margin])

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each name."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def general(self) -> np.ndarray:
        """(W,) for each name, the row of the shortest name that it ends with."""
        return np.array([self.rows[next(t for t in tails(name) if t in self.rows)] for name in self.names])

    def rivals(self, name: str, vector: np.ndarray) -> np.ndarray:
        """Which of the names (W,) have a different meaning."""
        words = np.array([w in self._words for w in name.split()])
        shared = np.zeros(len(self.names), bool)
        for word in np.array(name.split())[words]:
            shared[self._words[word]] = True
        return (self.vectors @ vector < _FOREIGN) & ~shared

    @cached_property
    def _words(self) -> dict[str, np.ndarray]:
        """Which names contain each word."""
        uses: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            for word in name.split():
                uses.setdefault(word, []).append(row)
        return {word: np.array(rows) for word, rows in uses.items()}


def tails(name: str) -> list[str]:
    """The endings of a name that are names themselves, shortest first: "bottle", "soda bottle"."""
    words = name.split()
    return [" ".join(words[start:]) for start in range(len(words) - 1, -1, -1)]


def pooled(encoded: Sequence[EncodedObject]) -> np.ndarray:
    """(N, D) the mean features of objects: a name holds for all samples of an object."""
    return np.stack([each.mean_features for each in encoded])


def owner_weights(chance: np.ndarray, needed: np.ndarray, only: bool) -> np.ndarray:
    """(N,) 1 for objects that may own the part, by the chance (N,) that each is the named owner; else 0.

    Recognised are those with the chance that is `needed` (N,). If none is, no object may if `only` recognised
    ones are wanted, else every object.
    """
    sure = chance >= needed
    return sure.astype(float) if only or sure.any() else np.ones(len(chance))


def _of_size(lengths: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """(N, W) whether each length is plausible for each range of sizes (W, 2)."""
    lengths = np.asarray(lengths)[:, None]
    return ~((lengths < _SHRUNK * sizes[:, 0]) | (lengths > _GROWN * sizes[:, 1]))


def _odds(evidence: np.ndarray, weights: Sequence[float]) -> np.ndarray:
    return sigmoid(weights[0] + evidence @ np.asarray(weights[1:]))
