"""Answering: logits of an encoded object → the typed answer a caller holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.parts.confidence import confidence
from part_perception.parts.encoded import EncodedObject
from part_perception.parts.masks import instances, part_mask
from part_perception.parts.scores import even_out, word_logits
from part_perception.scene.boxes import principal_box
from part_perception.types import Answer, Part


def answer(encoded: EncodedObject, queries: Sequence[str], text: np.ndarray, rule: Confidence) -> Answer:
    """What the object says to each query: mask, confidence, and its instances as parts."""
    logits = word_logits(encoded, text, rule)
    mask = part_mask(logits, rule)
    sure = confidence(logits, mask, rule)
    found = sure >= rule.found_at
    pieces = tuple(
        _parts(encoded, query, mask[:, q], logits[:, q], float(sure[q]), bool(found[q]))
        for q, query in enumerate(queries)
    )
    return Answer(
        tuple(queries),
        encoded.mask_of(mask.T),
        encoded.to_points(_probability(logits).T, np.float32(0)),
        sure,
        found,
        tuple(p[0] for p in pieces),
        pieces,
        encoded.total - len(encoded.rows),
    )


def _probability(logits: np.ndarray) -> np.ndarray:
    return (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)


def _parts(
    encoded: EncodedObject, query: str, mask: np.ndarray, logits: np.ndarray, sure: float, found: bool
) -> tuple[Part, ...]:
    """The instances of one answer, the likeliest first; the others are a little less sure than the first.

    What is not found is told apart no further, so that asking many words costs little.
    """
    if not found:
        return (_part(encoded, query, mask, sure, found, 0),)
    pieces = instances(encoded, mask)
    weight = [float(logits[p].mean() + np.log(p.sum())) for p in pieces]
    order = np.argsort(weight)[::-1]
    best = weight[order[0]]
    return tuple(
        _part(encoded, query, pieces[i], sure * float(np.exp(min(weight[i] - best, 0.0) / 2)), found, k)
        for k, i in enumerate(order)
    )


def _part(
    encoded: EncodedObject, query: str, piece: np.ndarray, sure: float, found: bool, instance: int
) -> Part:
    chosen = piece[encoded.member] & ~encoded.patches.stray
    points = encoded.points[chosen]
    box = principal_box(points) if found else None
    return Part(query, found, sure, encoded.rows[chosen], points.mean(axis=0), box, instance=instance)


def best_names(encoded: EncodedObject, text: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S,) for each sample the best of the names."""
    return even_out(encoded, rule.scale * (encoded.features @ text.T)).argmax(axis=1)
