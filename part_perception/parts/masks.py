"""Masks: word logits → which samples belong to a part, and its separate instances."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.encoded import EncodedObject

_TOP = 12
_SMALLEST_SHARE = 0.15


def top_logit(logits: np.ndarray) -> np.ndarray:
    """(Q,) the mean of each word's highest logits."""
    top = min(_TOP, len(logits))
    return np.partition(logits, len(logits) - top, axis=0)[-top:].mean(axis=0)


def part_mask(logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) samples of each word; never empty."""
    top = top_logit(logits)
    middle = np.median(logits, axis=0)
    level = np.maximum(np.minimum(rule.mask_level, top), middle + rule.mask_share * (top - middle))
    mask = logits >= level
    return mask | (logits == logits.max(axis=0))


def instances(encoded: EncodedObject, mask: np.ndarray) -> list[np.ndarray]:
    """A mask (S,) as separate connected pieces, largest first; crumbs are left out."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    samples = np.flatnonzero(mask)
    place = np.full(len(mask), -1)
    place[samples] = np.arange(len(samples))
    near, linked = place[encoded.neighbours[samples]], encoded.linked[samples]
    row, column = np.nonzero(linked & (near >= 0))
    graph = coo_matrix((np.ones(len(row)), (row, near[row, column])), shape=(len(samples),) * 2)
    _, piece = connected_components(graph, directed=False)
    sizes = np.bincount(piece)
    order = [i for i in np.argsort(-sizes, kind="stable") if sizes[i] >= _SMALLEST_SHARE * sizes.max()]
    pieces = np.zeros((len(order), len(mask)), bool)
    for k, i in enumerate(order):
        pieces[k, samples[piece == i]] = True
    return list(pieces)
