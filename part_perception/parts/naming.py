"""Naming: what a whole object is called, by the mean of its samples' features, with other names as rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.scoring import sigmoid

SURE = 0.5  # an object is said to be what it is called with at least this confidence
LIKELY = 0.5  # "handle of the mug" may mean what is a mug with this confidence, where nothing surer is
_FOREIGN = 0.5  # cosine of two names: below it they mean something else


@dataclass(frozen=True)
class Belief:
    """What an object is believed to be, and the calibrated confidence of that; "" where nobody can tell."""

    name: str = ""
    confidence: float = 0.0


UNSURE = Belief()


@dataclass(frozen=True)
class Naming:
    """The names (W,) that the model learned for whole objects with their vectors (W, D), and its rule of confidence.

    A name is compared with its rivals: the names that mean something else and share no word with it, as "bottle" and
    "spray bottle" do, which may be true of one object.
    """

    names: tuple[str, ...]
    vectors: np.ndarray
    rule: Confidence

    @property
    def works(self) -> bool:
        """Whether a confidence of a name means anything."""
        return bool(self.rule.object_weights) and len(self.names) > 0

    def logits(self, pooled: np.ndarray) -> np.ndarray:
        """(N, W) of every name on objects by their mean features (N, D)."""
        return self.rule.scale * (pooled @ self.vectors.T) + self.rule.bias

    def evidence(self, pooled: np.ndarray, name: str, vector: np.ndarray) -> np.ndarray:
        """(N, 2) what speaks for a name on each object: its logit, and how far that is above the best rival's."""
        own = self.rule.scale * (pooled @ vector) + self.rule.bias
        rivals = self.logits(pooled)[:, self.rivals(name, vector)].max(axis=1, initial=-np.inf)
        return np.stack([own, own - np.maximum(rivals, own - 100.0)], axis=1)

    def chances(self, pooled: np.ndarray, name: str, vector: np.ndarray) -> np.ndarray:
        """(N,) how surely each object may be called by a name, be it one of those that were learned or not."""
        return _odds(self.evidence(pooled, name, vector), self.rule.object_weights)

    def belief(self, pooled: np.ndarray) -> Belief:
        """The likeliest name of one object that was seen several times (L, D)."""
        if not self.works:
            return UNSURE
        best, evidence = self.likeliest(pooled.mean(axis=0))
        confidence = float(_odds(evidence[None], self.rule.name_weights)[0])
        return Belief(best, confidence) if confidence >= SURE else UNSURE

    def likeliest(self, pooled: np.ndarray) -> tuple[str, np.ndarray]:
        """Of one object (D,) the likeliest name, and what speaks for it (2,).

        It is told in general, "bottle" and not "soda bottle": shape tells no more.
        """
        logits = self.logits(pooled[None])[0]
        best = int(logits.argmax())
        general = self.general[best]
        others = logits[self.general != general]
        margin = logits[best] - others.max() if len(others) else 0.0
        return self.names[general], np.array([logits[best], margin])

    def owner_chances(self, pooled: np.ndarray, name: str, vector: np.ndarray) -> np.ndarray:
        """(N,) how surely each object may own a part: the mustard bottle's cap may be that of any bottle."""
        chance = self.chances(pooled, name, vector)
        for tail in [tail for tail in tails(name)[:-1] if tail in self.rows][:1]:
            chance = np.maximum(chance, self.chances(pooled, tail, self.vectors[self.rows[tail]]))
        return chance

    @cached_property
    def rows(self) -> dict[str, int]:
        """Where each name stands."""
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def general(self) -> np.ndarray:
        """(W,) for each name where the shortest one stands that it ends with."""
        return np.array([self.rows[next(t for t in tails(name) if t in self.rows)] for name in self.names])

    def rivals(self, name: str, vector: np.ndarray) -> np.ndarray:
        """Which of the names (W,) mean something else."""
        words = np.array([w in self._words for w in name.split()])
        shared = np.zeros(len(self.names), bool)
        for word in np.array(name.split())[words]:
            shared[self._words[word]] = True
        return (self.vectors @ vector < _FOREIGN) & ~shared

    @cached_property
    def _words(self) -> dict[str, np.ndarray]:
        """Which names use a word."""
        uses: dict[str, list[int]] = {}
        for row, name in enumerate(self.names):
            for word in name.split():
                uses.setdefault(word, []).append(row)
        return {word: np.array(rows) for word, rows in uses.items()}


def tails(name: str) -> list[str]:
    """What a name ends with, the shortest first: "bottle", "soda bottle"."""
    words = name.split()
    return [" ".join(words[start:]) for start in range(len(words) - 1, -1, -1)]


def pooled(features: Sequence[np.ndarray]) -> np.ndarray:
    """(N, D) the mean features of objects: a name is true of all samples of an object."""
    return np.stack([of_samples.mean(axis=0) for of_samples in features])


def owner_weights(chance: np.ndarray, found_at: float, certain: bool, only: bool = False) -> np.ndarray:
    """(N,) 1 for objects that a part may be of, by the chances (N,) of each to be the named owner, else 0.

    Where an owner is recognised it is that. Where none is: nothing if `only` owners are wanted, what is likely one if
    the text says outright whose part it is (`certain`), else anything.
    """
    sure = chance >= found_at
    if sure.any() or only:
        return sure.astype(float)
    return (chance >= LIKELY).astype(float) if certain else np.ones(len(chance))


def _odds(evidence: np.ndarray, weights: Sequence[float]) -> np.ndarray:
    return sigmoid(weights[0] + evidence @ np.asarray(weights[1:]))
