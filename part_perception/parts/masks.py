"""Masks: word logits → which samples belong to a part, and its separate instances."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.encoder.pieces import connected
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.membership import membership
from part_perception.parts.scores import sigmoid, top_logit

_LOW = 0.02
_SMALLEST_SHARE = 0.15


def part_mask(encoded: EncodedObject, logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) samples of each word, supposing that its part is there; never empty."""
    if rule.sample_weights:
        return best_overlap(membership(encoded, logits, rule))
    return above_level(logits, rule)


def best_overlap(odds: np.ndarray) -> np.ndarray:
    """(S, Q) the likeliest samples, as many as make the expected IoU with the part highest; never empty.

    Taking k of them, the samples expected in both are the sum of their chances, those in either k and the chances
    of all others.
    """
    chance = sigmoid(odds)
    falling = -np.sort(-chance, axis=0)
    both = np.cumsum(falling, axis=0)
    either = np.arange(1, len(odds) + 1)[:, None] + both[-1] - both
    last = np.argmax(both / either, axis=0)
    return chance >= np.take_along_axis(falling, last[None], axis=0)


def above_level(logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) samples of each word by the rule that needs no calibration; never empty."""
    low = np.quantile(logits, _LOW, axis=0)
    mask = logits >= np.minimum(rule.mask_level, low + rule.mask_share * (top_logit(logits) - low))
    return mask | (logits == logits.max(axis=0))


def instances(encoded: EncodedObject, mask: np.ndarray) -> list[np.ndarray]:
    """A mask (S,) as separate connected pieces, largest first; crumbs are left out."""
    samples = np.flatnonzero(mask)
    place = np.full(len(mask), -1)
    place[samples] = np.arange(len(samples))
    near = place[encoded.neighbours[samples]]
    linked = encoded.linked[samples] & (near >= 0)
    _, piece, sizes = np.unique(connected(near, linked), return_inverse=True, return_counts=True)
    order = [k for k in np.argsort(-sizes, kind="stable") if sizes[k] >= _SMALLEST_SHARE * sizes.max()]
    pieces = np.zeros((len(order), len(mask)), bool)
    for row, k in enumerate(order):
        pieces[row, samples[piece == k]] = True
    return list(pieces)
