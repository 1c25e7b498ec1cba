"""A second look: regions are encoded again, their samples replace the first ones, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.parts import second_look
from part_perception.parts.second_look import CORE, likely_places, looked_closer


@pytest.fixture
def encoded(segmenter, lamp):
    return segmenter.encode([lamp(1)[0]])[0]


def regions_at(encoded, rows):
    """Likely places around given samples."""
    logits = np.full((len(encoded.samples), len(rows)), -5.0, np.float32)
    logits[rows, np.arange(len(rows))] = 5.0
    return likely_places(encoded, logits, len(rows), 1)


def test_places_are_the_likeliest_apart_and_no_more_than_asked(encoded):
    height = encoded.samples[:, 2].astype(np.float32)
    places = likely_places(encoded, np.stack([height, -height], axis=1), most=3, each=2)
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
