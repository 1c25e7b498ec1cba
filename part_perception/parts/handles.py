"""Handles: finds the handle that moves a part, among the parts of the same object."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.scoring import confidence, instances, part_mask, word_logits

HANDLE = "handle"
_ON_IT = 0.5  # of a handle's samples: from this share up, it sits on the part


def handle_of(encoded: EncodedObject, part: np.ndarray, handle: np.ndarray, rule: Confidence) -> np.ndarray:
    """The samples (S,) bool of the handle on a part (S,), by the text vector (D,) of handles; may be empty.

    A handle stands off from the part it moves, so it belongs to the nearest part.
    """
    logits = word_logits(encoded, handle[None], rule)
    nobody = np.zeros(len(part), bool)
    if confidence(logits, rule)[0] < rule.found_at:
        return nobody
    handles = part_mask(encoded, logits, rule)[:, 0]
    on_part = nearest_of_others(encoded, handles, part)
    shares = [(float(on_part[piece].mean()), piece) for piece in instances(encoded, handles)]
    share, best = max(shares, key=lambda pair: pair[0])
    return best if share >= _ON_IT else nobody


def nearest_of_others(encoded: EncodedObject, handles: np.ndarray, part: np.ndarray) -> np.ndarray:
    """(S,) samples that belong to the part, or are nearest to it among all samples outside handles."""
    from scipy.spatial import cKDTree

    if handles.all():
        return part
    canonical = encoded.patches.samples[: encoded.patches.count]
    _, near = cKDTree(canonical[~handles]).query(canonical)
    return part | part[~handles][near]
