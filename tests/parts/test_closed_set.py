"""A closed set: names compete for whole pieces of the part field, and every sample takes the best one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.parts.scoring import TOP, closed_logits, leads, word_logits

RULE = Confidence()


@pytest.fixture
def two_pieces(segmenter, lamp):
    """A lamp whose part field knows two pieces: the shade (S,), and all that is below."""
    encoded = segmenter.encode([lamp()[0]])[0]
    shade = encoded.patches.samples[: encoded.patches.count, 2] > 0.4
    field = np.zeros((len(shade), 48), np.float32)
    field[shade, 0], field[~shade, 1] = 1, 1
    return replace(encoded, field=field), shade


def test_a_lead_is_over_the_best_of_the_others():
    logits = np.array([[3.0, 1.0, -2.0], [0.0, 0.0, -5.0]])
    assert leads(logits).tolist() == [[2.0, -2.0, -5.0], [0.0, 0.0, -5.0]]


def test_a_piece_takes_the_name_of_its_surest_samples(two_pieces):
    """Two thirds of the shade are misnamed by a narrow margin, the others lead widely."""
    encoded, shade = two_pieces
    logits = np.zeros((len(shade), 2), np.float32)
    logits[shade, 0], logits[~shade, 1] = 3.0, 3.0
    wrong = np.flatnonzero(shade)[np.arange(shade.sum()) % 3 > 0]
    logits[wrong] = 0.0, 1.5
    assert (logits.argmax(axis=1) == 0).sum() < 0.4 * shade.sum()
    best = closed_logits(encoded, logits, RULE).argmax(axis=1)
    assert (best == np.where(shade, 0, 1)).mean() > 0.98


def test_a_clear_lead_outweighs_the_part_field(two_pieces):
    encoded, shade = two_pieces
    logits = np.zeros((len(shade), 2), np.float32)
    logits[shade, 0], logits[~shade, 1] = 3.0, 3.0
    knob = np.flatnonzero(shade)[:5]
    logits[knob] = 0.0, 9.0
    best = closed_logits(encoded, logits, RULE).argmax(axis=1)
    assert (best[knob] == 1).all() and (best[shade] == 0).sum() == shade.sum() - 5


def test_where_the_field_is_the_same_everywhere_only_the_top_logits_count(segmenter, lamp):
    encoded = segmenter.encode([lamp()[0]])[0]
    field = np.zeros_like(encoded.field)
    field[:, 0] = 1
    logits = np.zeros((len(field), 2), np.float32)
    logits[:TOP] = 10.0, -5.0
    adjusted = closed_logits(replace(encoded, field=field), logits, RULE)
    np.testing.assert_allclose(adjusted - logits, np.broadcast_to((4.0 - 2.0, 4.0), logits.shape), atol=1e-5)


def test_a_single_name_and_the_published_protocol_keep_their_logits(two_pieces):
    encoded, shade = two_pieces
    logits = np.random.default_rng(0).normal(size=(len(shade), 3)).astype(np.float32)
    np.testing.assert_array_equal(closed_logits(encoded, logits[:, :1], RULE), logits[:, :1])
    np.testing.assert_array_equal(closed_logits(encoded, logits, replace(RULE, smooth=False)), logits)


def test_labels_are_the_best_names_of_the_closed_set(segmenter, lamp):
    points, words = lamp()[0], ["foot", "pole", "shade"]
    encoded = segmenter.encode([points])[0]
    rule = segmenter.manifest.confidence
    adjusted = closed_logits(encoded, word_logits(encoded, segmenter.embed(words), rule), rule)
    labels = segmenter.label(points, words, looks=1)
    np.testing.assert_array_equal(labels, encoded.to_points(adjusted.argmax(axis=1), -1))
