"""Encoding on several cores gives what encoding on one gives, in the same order, and errors come through."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from part_perception.parts.encoded import usual_cores


class Counting:
    """Tells how many threads were in it at the same time; two wait for each other."""

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
    with pytest.raises(ValueError, match="all at one place"):
        segmenter.encode([lamp(0)[0], np.zeros((100, 3)), lamp(1)[0]])
    assert segmenter.encode([]) == []


@pytest.mark.parametrize(("machine", "used"), [(1, 1), (2, 1), (3, 2), (4, 2), (64, 2), (None, 1)])
def test_half_of_the_cores_are_used_and_at_most_two(monkeypatch, machine, used):
    monkeypatch.setattr("os.cpu_count", lambda: machine)
    assert usual_cores() == used
