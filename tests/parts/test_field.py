"""The field: features at any place of space change without a jump, and are those of the samples where these are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from part_perception.parts.encoded import at_places


@pytest.fixture(scope="module")
def encoded(make_segmenter, lamp):
    return make_segmenter().encode([lamp(3)[0]])[0]


@pytest.fixture(scope="module")
def noise(encoded) -> np.ndarray:
    """Features that have nothing in common from sample to sample: the worst that can be blended."""
    values = np.random.default_rng(0).normal(size=(len(encoded.samples), 16)).astype(np.float32)
    return values + 2.0


places = st.lists(st.floats(-1.2, 1.2), min_size=3, max_size=3).map(np.array)
directions = st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(np.array)


@settings(max_examples=60, deadline=None)
@given(start=places, way=directions)
def test_a_small_step_changes_little_anywhere(encoded, noise, start, way):
    steps = np.linspace(0, 1, 400)[:, None] * way * 0.4
    values = at_places(encoded, noise, start + steps)
    change = np.linalg.norm(np.diff(values, axis=0), axis=1).max()
    step = np.linalg.norm(way) * 0.4 / 399
    assert change <= 12 * step / encoded.spacing + 1e-5


@settings(max_examples=60, deadline=None)
@given(start=places, way=directions)
def test_the_change_goes_to_nothing_with_the_step(encoded, noise, start, way):
    tiny = 1e-7 * encoded.spacing
    before, after = at_places(encoded, noise, np.stack([start, start + tiny * way]))
    assert np.abs(after - before).max() < 1e-5


def test_features_are_normalised_near_and_far(encoded):
    far = np.random.default_rng(1).normal(size=(9000, 3)) * np.array([[0.3], [30.0], [3e4]]).repeat(
        3000, axis=0
    )
    values = at_places(encoded, encoded.field, far)
    np.testing.assert_allclose(np.linalg.norm(values, axis=1), 1, atol=1e-5)


def test_at_the_samples_the_field_is_nearly_theirs(encoded):
    values = at_places(encoded, encoded.field, encoded.samples)
    assert (values * encoded.field).sum(axis=1).mean() > 0.97


def test_the_front_door_gives_both_fields_and_zeros_where_there_is_no_place(segmenter, lamp):
    points, _ = lamp(3)
    at = np.vstack([points[:5], [[np.nan, 0, 0]], points[:1] + 1.0])
    field, features = segmenter.field(points, at), segmenter.features(points, at)
    assert field.shape == (7, 48)
    assert features.shape == (7, 384)
    assert not field[5].any()
    assert not features[5].any()
    assert (features[:5] * segmenter.features(points)[:5]).sum(axis=1).min() > 0.9


@pytest.mark.parametrize("at", [[1, 2, 3], [[1, 2]], "here", [["a", "b", "c"]]])
def test_places_that_are_none_are_refused(segmenter, lamp, at):
    with pytest.raises(ValueError, match="places must be"):
        segmenter.field(lamp(3)[0], at)
