"""A second look: regions are encoded again, their samples replace the first ones, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.errors import InputError
from part_perception.parts import second_look
from part_perception.parts.answering import FirstLook, answer, worth_a_closer_look
from part_perception.parts.scoring import best_overlap, sigmoid
from part_perception.parts.second_look import CORE, likely_places, looked_closer
from part_perception.types import Question

RULE = Confidence(scale=20.0, bias=0.0, weights=(0.0, 1.0), closer_weights=(0.5, 0.25, 0.75))


@pytest.fixture
def encoded(segmenter, lamp):
    return segmenter.encode([lamp(1)[0]])[0]


def regions_at(encoded, rows):
    """Likely places around given samples."""
    logits = np.full((len(encoded.samples), len(rows)), -5.0, np.float32)
    logits[rows, np.arange(len(rows))] = 5.0
    return likely_places(encoded, logits, each=1, most=len(rows))


def test_places_are_the_likeliest_apart_and_no_more_than_asked(encoded):
    height = encoded.samples[:, 2].astype(np.float32)
    places = likely_places(encoded, np.stack([height, -height], axis=1), each=2, most=3)
    assert len(places) == 3
    np.testing.assert_array_equal(places[0].middle, encoded.samples[height.argmax()])
    assert any((place.middle == encoded.samples[height.argmin()]).all() for place in places)
    for i, place in enumerate(places):
        inside = np.linalg.norm(encoded.points - place.middle, axis=1) < place.radius
        np.testing.assert_array_equal(place.rows, np.flatnonzero(inside & ~encoded.patches.stray))
        assert all(np.linalg.norm(place.middle - other.middle) >= place.radius / 2 for other in places[:i])


def test_a_place_with_few_points_is_not_looked_at(segmenter, lamp, monkeypatch):
    monkeypatch.setattr(second_look, "RADIUS", 0.02)
    encoded = segmenter.encode([lamp(1)[0]])[0]
    assert likely_places(encoded, encoded.samples[:, 2:].astype(np.float32)) == []


def test_a_region_gets_more_samples_and_the_rest_stays_as_it_was(segmenter, encoded, lamp):
    regions = regions_at(encoded, [int(encoded.samples[:, 2].argmax())])
    near = looked_closer(encoded, regions, segmenter._encode_close(encoded))
    within, before = (
        np.linalg.norm(e.samples - regions[0].middle, axis=1) < CORE * regions[0].radius
        for e in (near, encoded)
    )
    assert within.sum() > 1.2 * before.sum()
    np.testing.assert_array_equal(near.samples[~within], encoded.samples[~before])
    np.testing.assert_array_equal(near.features[~within], encoded.features[~before])
    np.testing.assert_allclose(np.linalg.norm(near.features, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(near.points, encoded.points)
    assert near.total == encoded.total and near.patches.count == len(near.samples) == len(near.field)
    assert near.share.sum() == pytest.approx(1, abs=1e-4)
    assert near.spacings.min() < encoded.spacing == near.spacing


def test_points_belong_to_a_near_sample_after_a_second_look(segmenter, encoded):
    places = [int(encoded.samples[:, 2].argmax()), int(encoded.samples[:, 2].argmin())]
    near = looked_closer(encoded, regions_at(encoded, places), segmenter._encode_close(encoded))
    away = np.linalg.norm(near.points - near.samples[near.member], axis=1)
    before = np.linalg.norm(encoded.points - encoded.samples[encoded.member], axis=1)
    assert away.max() <= 1.5 * before.max()
    assert near.member.min() >= 0 and near.member.max() < near.patches.count


def test_no_region_changes_nothing(segmenter, encoded):
    assert looked_closer(encoded, [], segmenter._encode_close(encoded)) is encoded


def test_samples_of_a_second_look_have_linked_neighbours(segmenter, encoded):
    near = looked_closer(encoded, regions_at(encoded, [0]), segmenter._encode_close(encoded))
    assert near.linked.any(axis=1).all()
    assert near.linked[:, 1:].mean() > 0.8 * encoded.linked[:, 1:].mean()


def test_a_mask_is_cut_by_the_share_of_its_samples():
    odds = np.array([[3.0], [-0.4], [-0.4], [-0.4]])
    alike = best_overlap(odds)
    assert alike[:, 0].tolist() == [True, True, True, True]
    tiny = best_overlap(odds, np.array([0.97, 0.01, 0.01, 0.01], np.float32))
    np.testing.assert_array_equal(best_overlap(odds, np.full(4, 0.25, np.float32)), alike)
    assert tiny[0, 0]
    large = best_overlap(odds, np.array([0.01, 0.33, 0.33, 0.33], np.float32))
    assert large.all()


def test_confidence_after_the_second_look_weighs_both():
    logits = np.tile(np.array([[2.0, -1.0]], np.float32), (20, 1))
    before = FirstLook(np.array([0.1, 0.9]), np.array([-2.0, 4.0]), np.array([True, False]))
    sure = before.confidence_again(logits, RULE)
    assert sure[0] == pytest.approx(sigmoid(0.5 + 0.25 * -2.0 + 0.75 * 2.0))
    assert sure[1] == 0.9


def test_what_is_worth_a_closer_look(segmenter, encoded):
    """A small part that may be there is; a large part, a surely absent one, and a meaningless text are not."""
    small = np.zeros(384, np.float32)
    small += encoded.features[encoded.samples[:, 2].argmax()]
    absent = -encoded.features.mean(axis=0)
    text = np.stack([small, encoded.features.mean(axis=0), absent, small])
    questions = [Question(w, w) for w in "abc"] + [Question("d", "d", understood=False)]
    said = answer(encoded, questions, text, replace(RULE, bias=-10.0))
    worth = worth_a_closer_look(said)
    assert worth.tolist()[2:] == [False, False]
    masks = said.masks.mean(axis=1)
    assert worth.tolist()[:2] == [bool(masks[0] < 0.2), bool(masks[1] < 0.2 and said.confidence[1] >= 0.03)]
    assert not worth_a_closer_look(answer(encoded, questions, text, replace(RULE, closer_weights=()))).any()


def test_weights_of_the_second_look_are_three_or_none():
    with pytest.raises(InputError, match="closer_weights must be 3 numbers or none"):
        Confidence(closer_weights=(1.0, 2.0))
