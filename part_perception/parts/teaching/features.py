"""Teaching features: the frozen features a word is learned from, and how votes rank within their object."""

from __future__ import annotations

import numpy as np

from part_perception.parts.encoded import EncodedObject
from part_perception.parts.hierarchy import build_hierarchy

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
