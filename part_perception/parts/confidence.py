"""Confidence: how sure an answer is, calibrated so that a share c of the answers given with confidence c is right."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.scores import sigmoid, top_logit


def confidence(logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(Q,) in [0, 1], rising with each word's top logit.

    More was tried on generated views of kinds left out of the fit: the margin to unrelated words at the same place
    and the rank among them, the word's usual logits, the mask's size, compactness and contrast, and boosted trees of
    all these. None of it tells present parts from absent ones better than the top logit alone.
    A model that was not calibrated is sure of nothing: 0.
    """
    if not rule.calibrated:
        return np.zeros(logits.shape[1])
    bias, slope, *more = rule.weights
    if any(more):
        raise ValueError(
            "this model's confidence is of another version: run `part-perception train calibrate` on its folder"
        )
    return sigmoid(bias + slope * top_logit(logits))
