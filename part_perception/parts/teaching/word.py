"""Taught word: a word learned from marked examples, stored as a few hundred numbers on frozen features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import build_hierarchy
from part_perception.parts.scoring import sigmoid

LEVELS = (4, 8, 16, 32)
_FIELD_SHARE = 0.5
_LOW, _TOP = 0.05, 20


def frozen(encoded: EncodedObject) -> np.ndarray:
    """(S, d) language features and part field of every sample."""
    return np.concatenate([encoded.features, _FIELD_SHARE * encoded.field], axis=1)


def span(encoded: EncodedObject, weights: np.ndarray) -> tuple[np.ndarray, float, float]:
    """(S,) the smoothed votes of each sample, and the low and high of those votes on this object."""
    votes = encoded.even_out(frozen(encoded) @ weights)
    top = min(_TOP, len(votes))
    return votes, float(np.quantile(votes, _LOW)), float(np.partition(votes, len(votes) - top)[-top:].mean())


def standing(encoded: EncodedObject, weights: np.ndarray) -> np.ndarray:
    """(L, S) the rank of samples, and of segments at every level, from their object's low (0) to high (1).

    The contrast of a part against its own object transfers to other objects better than the votes themselves.
    """
    votes, low, high = span(encoded, weights)
    return np.stack(pooled(encoded, ((votes - low) / max(high - low, 1e-9))[:, None]))[..., 0]


def pooled(encoded: EncodedObject, values: np.ndarray) -> list[np.ndarray]:
    """`values` (S, d) as they are, and averaged over the segments at every level of the object's tree."""
    tree = build_hierarchy(encoded)
    out = [values]
    for parts in LEVELS:
        segment = tree.cut_samples(min(parts, tree.leaves))
        sums = np.zeros((segment.max() + 1, values.shape[1]), values.dtype)
        np.add.at(sums, segment, values)
        out.append((sums / np.bincount(segment)[:, None].astype(values.dtype))[segment])
    return out


FOUND_AT = 0.5


@dataclass(frozen=True)
class TaughtWord:
    """A sample's logit: the votes of the sample and of its segments, weighted by level share, minus the null.

    `weights` (d,) turn frozen features into votes, `shares` (L,) weight the levels, `usual` (2,) are the low
    and high of the votes on the examples, `looks` (n, f) is the mean feature of each marked part.
    """

    word: str
    weights: np.ndarray
    shares: np.ndarray
    null: float
    usual: np.ndarray
    looks: np.ndarray

    def logits(self, encoded: EncodedObject) -> np.ndarray:
        """(S,) above 0 on the part, if it is present."""
        return (self.shares @ standing(encoded, self.weights) - self.null).astype(np.float32)

    def mask(self, logits: np.ndarray) -> np.ndarray:
        """(S,) bool, never empty."""
        return (logits > 0) | (logits == logits.max())

    def confidence(self, encoded: EncodedObject, logits: np.ndarray, odds: Sequence[float]) -> float:
        """Confidence that the part is present, by its votes relative to the examples' and by its look.

        odds: the weight of each piece of evidence with this encoder.
        """
        return float(sigmoid(np.asarray(odds) @ self.evidence(encoded, logits)))

    def evidence(self, encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
        """(4,) 1; the highest votes and their rise over the lowest, with the examples' at 0 to 1; the look.

        The look is the similarity of the found part to the most similar marked part.
        """
        _, low, high = span(encoded, self.weights)
        usual_low, usual_high = self.usual
        spread = max(usual_high - usual_low, 1e-9)
        look = mean_look(encoded, self.mask(logits))
        level = np.clip((high - usual_high) / spread, -3, 1)
        rise = np.clip((high - low) / spread, 0, 2)
        return np.array([1.0, level, rise, float((self.looks @ look).max())])


def mean_look(encoded: EncodedObject, mask: np.ndarray) -> np.ndarray:
    """(f,) the mean feature of some samples, normalised."""
    look = np.concatenate([encoded.features[mask].mean(axis=0), encoded.field[mask].mean(axis=0)])
    return (look / max(float(np.linalg.norm(look)), 1e-9)).astype(np.float32)
