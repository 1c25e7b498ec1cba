"""Co-segmentation: finds the parts of one object on another of its kind, under the same numbers."""

from __future__ import annotations

import numpy as np

from part_perception.parts.decomposition import descriptors, surface_pieces
from part_perception.parts.encoded import EncodedObject

_FIELD_SHARE = 0.5
_NEAREST = 12


def carry_over(source: EncodedObject, labels: np.ndarray, target: EncodedObject) -> np.ndarray:
    """(S',) labels for the target's samples: each takes the source label (S,) of the samples most like it."""
    like = _looks(target) @ _looks(source).T
    parts = labels.max() + 1
    score = np.empty((len(like), parts), like.dtype)
    for part in range(parts):
        mine = like[:, labels == part]
        count = min(_NEAREST, mine.shape[1])
        score[:, part] = np.partition(mine, mine.shape[1] - count, axis=1)[:, -count:].mean(axis=1)
    return _by_pieces(target, target.even_out(score)).argmax(axis=1)


def _looks(encoded: EncodedObject) -> np.ndarray:
    """(S, f) language features, comparable across objects, and the part field, which separates parts."""
    return np.concatenate([encoded.features, _FIELD_SHARE * encoded.field], axis=1)


def _by_pieces(encoded: EncodedObject, score: np.ndarray) -> np.ndarray:
    """Scores averaged over surface pieces, because a piece belongs to one part."""
    _, node = surface_pieces(encoded, descriptors(encoded))
    _, piece, sizes = np.unique(node, return_inverse=True, return_counts=True)
    sums = np.zeros((len(sizes), score.shape[1]))
    np.add.at(sums, piece, score)
    return (sums / sizes[:, None])[piece]
