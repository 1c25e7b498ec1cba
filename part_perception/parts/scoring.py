"""Scoring: features and text vectors → word logits, confidences, and the samples of each part."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from part_perception.encoder.manifest import Confidence
from part_perception.encoder.strays import connected
from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject

TOP = 12  # samples averaged for a word's top logit
_EVENED = 3
_LOW = 0.02
_MIN_SHARE = 0.15
_CLOSED_FIELD, _CLOSED_TOP = 4.0, 0.2  # weights of the part field and of a name's top logit in a closed set
_GAP, _ALIKE = 4.0, 0.85  # sample spacings, cosine of part fields: limits for pieces of one instance


def sigmoid(logits):
    """Log-odds → probability, kept away from 0 and 1 so that its logarithm is finite."""
    return 1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30)))


def word_logits(encoded: EncodedObject, text: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) logits of every word at every sample."""
    return smoothed(encoded, rule.scale * (encoded.features @ text.T) + rule.bias, rule)


def smoothed(encoded: EncodedObject, values: np.ndarray, rule: Confidence) -> np.ndarray:
    """Sample values (S, Q) smoothed over the surface, if the model's rule asks for it."""
    return encoded.even_out(values) if rule.smooth else values


def top_logit(logits: np.ndarray) -> np.ndarray:
    """(Q,) the mean of the highest logits of each word."""
    top = min(TOP, len(logits))
    by_word = np.ascontiguousarray(logits.T)
    return np.partition(by_word, len(logits) - top, axis=1)[:, -top:].mean(axis=1)


def leads(logits: np.ndarray) -> np.ndarray:
    """(S, Q) by how much each of several competing words leads the best of the others, or trails it."""
    second, first = np.partition(logits, -2, axis=1)[:, -2:].T
    return logits - np.where(logits == first[:, None], second[:, None], first[:, None])


def closed_logits(encoded: EncodedObject, logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) the logits of several names, adjusted to name every sample by the highest one.

    A name gains where the part field resembles that of the samples that are surest of it, because whole pieces
    are misnamed more often than their outlines. It loses a share of its top logit, because names that are given
    are mostly there, also those that the model recognises less well. Both were chosen on generated views, on
    which names of absent parts are among those given.
    """
    if not rule.smooth or logits.shape[1] < 2:
        return logits
    alike = encoded.even_field @ _surest_field(encoded, logits + leads(logits)).T
    return logits + np.float32(_CLOSED_FIELD) * alike - np.float32(_CLOSED_TOP) * top_logit(logits)


def confidence(logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(Q,) in [0, 1], increasing with the top logit of each word.

    Also tried, on generated views of kinds left out of the fit: the margin to unrelated words at the same
    place and the rank among them, the word's usual logits, the mask's size, compactness and contrast, and
    boosted trees of all these. None of it separates present parts from absent ones better than the top logit
    alone. An uncalibrated model always has confidence 0.
    """
    if not rule.calibrated:
        return np.zeros(logits.shape[1])
    bias, slope, *more = rule.weights
    if any(more):
        raise InputError(
            "this model was calibrated by another version: run `part-perception train calibrate` on its folder"
        )
    return sigmoid(bias + slope * top_logit(logits))


def sample_evidence(encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
    """(S, Q, 9) the evidence for each sample.

    1, its logit smoothed within parts, and how similar its part field is to the surest samples'; then the
    top, mean and spread of the word's logits on this object, because the same logit means less where all are
    high; then how similar its part field is to the object's mean, and its ranks by logit and by similarity to
    the surest samples, because small parts take only the first ranks.
    """
    return np.stack(np.broadcast_arrays(*_evidence(encoded, logits)), axis=2)


def _evidence(encoded: EncodedObject, logits: np.ndarray) -> Iterator[np.ndarray]:
    """The terms of the evidence, one by one: one value, (S, Q), (Q,) or (S, 1)."""
    even = logits
    for _ in range(_EVENED):
        even = encoded.even_within_parts(even)
    alike = encoded.even_field @ _surest_field(encoded, logits).T
    yield np.ones(1, np.float32)
    yield even
    yield alike
    yield top_logit(logits)
    yield logits.mean(axis=0)
    yield logits.std(axis=0)
    mean = encoded.even_field.mean(axis=0)
    yield encoded.even_field @ (mean / max(float(np.linalg.norm(mean)), 1e-9))[:, None]
    yield ranks(even)
    yield ranks(alike)


def ranks(values: np.ndarray) -> np.ndarray:
    """(S, Q) the share of samples that lie above each one, from 0 for the highest."""
    out = np.empty(values.shape, np.float32)
    for q, column in enumerate(np.ascontiguousarray(values.T)):
        order = np.argsort(column)
        rising = column[order]
        # searching in order takes a third of the time
        out[order, q] = 1 - np.searchsorted(rising, rising, side="right") / len(column)
    return out


def membership(encoded: EncodedObject, logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) log-odds that each sample belongs to the part, given that the part is present.

    A rule from before the last terms has no weights for them, and they are not computed.
    """
    odds = np.zeros(logits.shape, np.float32)
    for weight, term in zip(rule.sample_weights, _evidence(encoded, logits), strict=False):
        odds += np.float32(weight) * term
    return odds


def _surest_field(encoded: EncodedObject, logits: np.ndarray) -> np.ndarray:
    """(Q, F) the part field where the logits of each word are highest, normalised."""
    top = min(TOP, len(logits))
    surest = np.argpartition(logits, len(logits) - top, axis=0)[-top:]
    field = encoded.field[surest].mean(axis=0)
    return field / np.maximum(np.linalg.norm(field, axis=1, keepdims=True), 1e-9)


def part_mask(encoded: EncodedObject, logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) the samples of each word, assuming that its part is present; never empty."""
    if rule.sample_weights:
        return best_overlap(membership(encoded, logits, rule))
    return above_level(logits, rule)


def best_overlap(odds: np.ndarray) -> np.ndarray:
    """(S, Q) the likeliest samples, as many as maximise the expected IoU with the part; never empty.

    For the k likeliest, the expected intersection is the sum of their probabilities, the expected union k
    plus the probabilities of all others.
    """
    chance = sigmoid(odds)
    falling = -np.sort(-chance, axis=0)
    both = np.cumsum(falling, axis=0)
    either = np.arange(1, len(odds) + 1)[:, None] + both[-1] - both
    last = np.argmax(both / either, axis=0)
    return chance >= np.take_along_axis(falling, last[None], axis=0)


def above_level(logits: np.ndarray, rule: Confidence) -> np.ndarray:
    """(S, Q) the samples of each word by the rule that needs no calibration; never empty."""
    low = np.quantile(logits, _LOW, axis=0)
    mask = logits >= np.minimum(rule.mask_level, low + rule.mask_share * (top_logit(logits) - low))
    return mask | (logits == logits.max(axis=0))


def instances(encoded: EncodedObject, mask: np.ndarray) -> list[np.ndarray]:
    """A mask (S,) as separate pieces, largest first; crumbs are left out.

    A piece is connected on the surface. Two pieces are one if only a narrow gap separates them and the part
    field assigns them to one part: the gap is then a shadow or a hole in the depth image, not free space.
    """
    piece = connected(encoded.neighbours, encoded.linked, np.ascontiguousarray(mask))
    sizes = np.bincount(piece + 1)[1:]
    names = np.flatnonzero((sizes > 0) & (sizes >= _MIN_SHARE * sizes.max()))
    names = names[np.argsort(-sizes[names], kind="stable")]
    return joined(encoded, piece == names[:, None])


def joined(encoded: EncodedObject, pieces: np.ndarray) -> list[np.ndarray]:
    """Pieces (K, S), with those that are near and similar to one another merged; largest first."""
    from scipy.spatial import cKDTree

    if len(pieces) < 2:
        return list(pieces)
    trees = [cKDTree(encoded.samples[piece]) for piece in pieces]
    means = np.stack([encoded.even_field[piece].mean(axis=0) for piece in pieces])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    alike, whole = means @ means.T > _ALIKE, np.arange(len(pieces))
    for i, j in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
        reach = _GAP * encoded.spacing
        if trees[i].query(encoded.samples[pieces[j]], distance_upper_bound=reach)[0].min() < reach:
            whole[whole == whole[j]] = whole[i]
    together = [pieces[whole == k].any(axis=0) for k in np.unique(whole)]
    return sorted(together, key=lambda piece: -np.count_nonzero(piece))
