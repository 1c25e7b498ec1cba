"""Masks: word logits → which samples belong to a part, and its separate instances."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.encoder.pieces import connected
from part_perception.parts.encoded import EncodedObject

_TOP = 12
_LOW = 0.02
_SMALLEST_SHARE = 0.15


def top_logit(logits: np.ndarray) -> np.ndarray:
    """(Q,) the mean of each word's highest logits."""
    top = min(_TOP, len(logits))
    by_word = np.ascontiguousarray(logits.T)
    return np.partition(by_word, len(logits) - top, axis=1)[:, -top:].mean(axis=1)


def part_mask(logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) samples of each word; never empty."""
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
