"""Owners: whether an object is what a question says that the part belongs to, and what its answers are worth then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.scoring import sigmoid

DOUBT = (
    0.05  # less likely than this, a thing is not what it is asked for; and how far a chance can be trusted
)
SURE = 0.5
_AKIN, _FOREIGN = 0.6, 0.5  # cosine of two names: they mean much the same, they mean something else


@dataclass(frozen=True)
class Likeness:
    """The chances (N,) of N objects to be called by a name, by the likeliest of its synonyms, and by another name."""

    own: np.ndarray
    akin: np.ndarray
    other: np.ndarray

    @property
    def absent(self) -> bool:
        """Whether each of the objects is surely something else."""
        return bool((np.maximum(self.own, self.akin) < DOUBT).all() and (self.other >= SURE).all())

    @property
    def weights(self) -> np.ndarray:
        """(N,) what an answer on each object is worth, if the part has to be the named object's.

        The chance of an object beside that of the likeliest one, both softened by the doubt: where one is surely the
        named object, little is left for the others; where nobody is, all are worth much the same.
        """
        return (DOUBT + self.own) / (DOUBT + self.own.max())


def likeness(
    features: Sequence[np.ndarray],
    name: str,
    vector: np.ndarray,
    names: Sequence[str],
    vectors: np.ndarray,
    rule: Confidence,
) -> Likeness:
    """How much objects, by the features (S, D) of their samples, are like a name rather than others (W,), (W, D).

    An object's name is true of all its samples, so their mean logit tells it. Names that share a word with the one
    asked for, as "bottle" and "spray bottle" do, may be true of the same object.
    """
    count = len(features)
    if not rule.calibrated:
        return Likeness(np.zeros(count), np.zeros(count), np.zeros(count))
    pooled = np.stack([of_samples.mean(axis=0) for of_samples in features])
    chance = sigmoid(rule.scale * (pooled @ np.vstack([vector, vectors]).T) + rule.bias)
    own, all_names = chance[:, 0], chance[:, 1:]
    alike, words = vectors @ vector, set(name.split())
    foreign = (alike < _FOREIGN) & [words.isdisjoint(each.split()) for each in names]
    return Likeness(own, _best(all_names[:, alike >= _AKIN]), _best(all_names[:, foreign]))


def _best(chance: np.ndarray) -> np.ndarray:
    """(N,) the highest of each row; 0 where there is none."""
    return chance.max(axis=1, initial=0.0)
