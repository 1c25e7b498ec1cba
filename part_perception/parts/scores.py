"""Scores: features and text vectors → word logits at samples, evened out over the surface."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.encoded import EncodedObject

TOP = 12


def sigmoid(logits):
    """Odds → chance; far out it stays away from 0 and 1, so that its logarithm is finite."""
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))


def word_logits(encoded: EncodedObject, text: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) logits of every word at every sample."""
    return smoothed(encoded, rule.scale * (encoded.features @ text.T) + rule.bias, rule)


def smoothed(encoded: EncodedObject, values: np.ndarray, rule: Confidence) -> np.ndarray:
    """Values of samples (S, Q) evened out over the surface, where the model's rule wants that."""
    return even_out(encoded, values) if rule.smooth else values


def even_out(encoded: EncodedObject, values: np.ndarray) -> np.ndarray:
    """Mean over linked neighbours: what a surface says together outweighs a lone sample."""
    return encoded.smoothing @ values


def top_logit(logits: np.ndarray) -> np.ndarray:
    """(Q,) the mean of each word's highest logits."""
    top = min(TOP, len(logits))
    by_word = np.ascontiguousarray(logits.T)
    return np.partition(by_word, len(logits) - top, axis=1)[:, -top:].mean(axis=1)
