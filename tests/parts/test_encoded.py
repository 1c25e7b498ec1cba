"""An encoded object: encoding within its time, means over neighbouring samples, and the field at any place."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject, at_places, usual_cores


class Counting:
    """Counts the threads that run in it at the same time; two wait for each other."""

    name = "counting"

    def __init__(self, inner, alone: bool):
        self.inner, self.alone = inner, alone
        self.batches: list[int] = []
        self.meeting = threading.Barrier(2 if alone else 1, timeout=20)

    def run(self, inputs):
        self.meeting.wait()
        self.batches.append(len(inputs["centres"]))
        return self.inner.run(inputs)


@pytest.mark.parametrize(("alone", "batches"), [(True, [1, 1, 1, 1]), (False, [4])])
def test_objects_are_encoded_side_by_side_or_as_a_batch(segmenter, lamp, alone, batches):
    objects = [lamp(seed)[0] for seed in range(4)]
    expected = segmenter.encode(objects)
    segmenter.runtime, segmenter.cores = Counting(segmenter.runtime, alone), 2
    encoded = segmenter.encode(objects)
    assert segmenter.runtime.batches == batches
    for one, other in zip(expected, encoded, strict=True):
        assert np.array_equal(one.points, other.points) and np.array_equal(one.member, other.member)
        assert np.allclose(one.features, other.features, atol=1e-6)
        assert np.allclose(one.even_field, other.even_field, atol=1e-6)


def test_a_bad_object_among_others_is_refused(segmenter, lamp):
    segmenter.cores = 2
    with pytest.raises(ValueError, match="all points are at one place"):
        segmenter.encode([lamp(0)[0], np.zeros((100, 3)), lamp(1)[0]])
    assert segmenter.encode([]) == []


@pytest.mark.parametrize("viewpoint", [(0.0, 0.0), (0.0, 0.0, np.nan), [(0.0, 0.0, 0.0)], "camera"])
def test_a_viewpoint_that_is_no_place_is_refused(segmenter, lamp, viewpoint):
    with pytest.raises(InputError, match="viewpoint must be three"):
        segmenter.encode([lamp(0)[0]], viewpoint=viewpoint)


@pytest.mark.parametrize(("machine", "used"), [(1, 1), (2, 1), (3, 2), (4, 2), (64, 2), (None, 1)])
def test_half_of_the_cores_are_used_and_at_most_two(monkeypatch, machine, used):
    monkeypatch.setattr("os.cpu_count", lambda: machine)
    assert usual_cores() == used


def matrix(encoded: EncodedObject, weight: np.ndarray) -> csr_matrix:
    """(S, S) the mean over linked neighbours, weighted by (S, k)."""
    weight = weight * encoded.linked
    weight = weight / weight.sum(axis=1, keepdims=True)
    starts = np.arange(0, weight.size + 1, weight.shape[1])
    return csr_matrix((weight.ravel(), encoded.neighbours.ravel(), starts), shape=(len(weight),) * 2)


def test_means_over_neighbours_are_those_of_sparse_matrices(segmenter, lamp):
    encoded = segmenter.encode([lamp(3)[0]])[0]
    values = np.random.default_rng(0).normal(size=(encoded.patches.count, 5))
    even = matrix(encoded, np.ones(encoded.neighbours.shape))
    likeness = (encoded.field[:, None].astype(float) * encoded.field[encoded.neighbours]).sum(axis=2)
    alike = matrix(encoded, np.exp(10.0 * (likeness - 1)))
    assert 0.5 < encoded.linked.mean() < 1
    assert np.allclose(encoded.even_out(values), even @ values, atol=1e-5)
    assert np.allclose(encoded.even_out(values[:, 0]), even @ values[:, 0], atol=1e-5)
    assert np.allclose(encoded.even_within_parts(values), alike @ values, atol=1e-5)
    field = alike @ encoded.field
    field /= np.linalg.norm(field, axis=1, keepdims=True)
    assert np.allclose(encoded.even_field, field, atol=1e-5)
    assert np.abs(even @ values - alike @ values).max() > 0.01, "the two differ"


@pytest.fixture(scope="module")
def encoded(make_segmenter, lamp):
    return make_segmenter().encode([lamp(3)[0]])[0]


@pytest.fixture(scope="module")
def noise(encoded) -> np.ndarray:
    """Features that differ completely from sample to sample, the worst case for blending."""
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


def test_at_the_samples_the_field_nearly_equals_theirs(encoded):
    values = at_places(encoded, encoded.field, encoded.samples)
    assert (values * encoded.field).sum(axis=1).mean() > 0.97


def test_the_segmenter_gives_both_fields_and_zeros_for_invalid_places(segmenter, lamp):
    points, _ = lamp(3)
    at = np.vstack([points[:5], [[np.nan, 0, 0]], points[:1] + 1.0])
    field, features = segmenter.field(points, at), segmenter.features(points, at)
    assert field.shape == (7, 48)
    assert features.shape == (7, 384)
    assert not field[5].any()
    assert not features[5].any()
    assert (features[:5] * segmenter.features(points)[:5]).sum(axis=1).min() > 0.9


@pytest.mark.parametrize("at", [[1, 2, 3], [[1, 2]], "here", [["a", "b", "c"]]])
def test_invalid_places_are_refused(segmenter, lamp, at):
    with pytest.raises(ValueError, match="places must be"):
        segmenter.field(lamp(3)[0], at)
