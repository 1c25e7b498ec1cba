"""Taught: a word learned from marked examples, kept as a few hundred numbers on frozen features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.masks import top_logit
from part_perception.parts.scores import even_out
from part_perception.parts.teaching_features import described, pooled

FOUND_AT = 0.5
_ODDS = (-7.9, 0.43, 7.6)  # fitted on fresh shapes: right answers against wrong ones and absent parts


@dataclass(frozen=True)
class TaughtWord:
    """A sample's logit: votes of the segments it lies in, each weighed by `weights` (d,), less the null's.

    `shares` tell how much each level of segments counts; `looks` (n, f) is the mean feature of each marked part.
    """

    word: str
    weights: np.ndarray
    shares: np.ndarray
    null: float
    looks: np.ndarray

    def logits(self, encoded: EncodedObject) -> np.ndarray:
        """(S,) above 0 where the part is."""
        votes = pooled(encoded, (described(encoded) @ self.weights)[:, None])
        total = sum(share * vote for share, vote in zip(self.shares, votes, strict=True))
        return even_out(encoded, total - self.null)[:, 0].astype(np.float32)

    def mask(self, logits: np.ndarray) -> np.ndarray:
        """(S,) bool, never empty."""
        return (logits > 0) | (logits == logits.max())

    def confidence(self, encoded: EncodedObject, logits: np.ndarray) -> float:
        """How sure it is that the part is there: by its logits, and by how like the marked parts it looks."""
        odds = np.asarray(_ODDS) @ self.evidence(encoded, logits)
        return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))

    def evidence(self, encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
        """(3,) 1, the top logit, and the likeness of what is found to the most similar marked part."""
        look = mean_look(encoded, self.mask(logits))
        top = float(np.clip(top_logit(logits[:, None])[0], -6, 6))
        return np.array([1.0, top, float((self.looks @ look).max())])


def mean_look(encoded: EncodedObject, mask: np.ndarray) -> np.ndarray:
    """(f,) the mean feature of some samples, of length one."""
    look = np.concatenate([encoded.features[mask].mean(axis=0), encoded.field[mask].mean(axis=0)])
    return (look / max(float(np.linalg.norm(look)), 1e-9)).astype(np.float32)
