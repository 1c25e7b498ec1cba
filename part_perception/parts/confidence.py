"""Confidence: how sure an answer is, calibrated so that a share c of the answers given with confidence c is right."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.masks import top_logit


def evidence(logits: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(Q, 4) what speaks for each answer: 1, its top logit, how it stands out of its mask's rest, its share."""
    top = top_logit(logits)
    share = mask.mean(axis=0)
    inside = (logits * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1)
    return np.stack([np.ones_like(top), top, inside, np.log(np.maximum(share, 1e-4))], axis=1)


def confidence(logits: np.ndarray, mask: np.ndarray, rule: Confidence) -> np.ndarray:
    """(Q,) in [0, 1]."""
    odds = evidence(logits, mask) @ np.asarray(rule.weights)
    return 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
