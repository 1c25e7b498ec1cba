"""Membership: how likely each sample is of a word's part, by its logit and by its likeness to the surest samples."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scores import TOP, top_logit

_EVENED = 3


def sample_evidence(encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
    """(S, Q, 6) what speaks for each sample.

    1, its logit evened out within parts, how like the surest samples' its part field is; and of the word on this
    object the top, the mean and the spread of the logits: the same logit says less where all are high.
    """
    even = logits
    for _ in range(_EVENED):
        even = encoded.cohesion @ even
    whole = [top_logit(logits), logits.mean(axis=0), logits.std(axis=0)]
    ones = np.ones_like(even)
    return np.stack([ones, even, encoded.even_field @ _surest_field(encoded, logits).T,
                     *(ones * value for value in whole)], axis=2)  # fmt: skip


def membership(encoded: EncodedObject, logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) log-odds of being of the part, if the part is there."""
    return sample_evidence(encoded, logits) @ np.asarray(rule.sample_weights, np.float32)


def _surest_field(encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
    """(Q, F) the part field where each word's logits are highest, normalised."""
    top = min(TOP, len(logits))
    surest = np.argpartition(logits, len(logits) - top, axis=0)[-top:]
    field = encoded.field[surest].mean(axis=0)
    return field / np.maximum(np.linalg.norm(field, axis=1, keepdims=True), 1e-9)
