"""Instances: average precision on hand-made cases, and pieces separated by a hole in the depth image."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.evaluation.instances import Asked, average_precision


def rows(*spans: tuple[int, int]) -> np.ndarray:
    masks = np.zeros((len(spans), 20), bool)
    for row, (first, last) in enumerate(spans):
        masks[row, first:last] = True
    return masks


def test_two_handles_found_as_one_are_at_most_one_hit():
    both = Asked("handle", rows((0, 6), (10, 16)), rows((0, 16)), np.array([0.9]))
    assert both.hits() == [(0.9, False)]
    equal = Asked("handle", rows((0, 6), (10, 16)), rows((0, 6)) | rows((10, 16)), np.array([0.9]))
    assert equal.hits() == [(0.9, False)], "half of it is no match, as in PartNet's protocol"
    apart = Asked("handle", rows((0, 6), (10, 16)), rows((10, 15), (0, 6)), np.array([0.5, 0.9]))
    assert apart.hits() == [(0.9, True), (0.5, True)]


def test_an_instance_is_hit_only_once():
    twice = Asked("knob", rows((0, 6)), rows((0, 6), (0, 5)), np.array([0.8, 0.7]))
    assert twice.hits() == [(0.8, True), (0.7, False)]


def test_what_is_found_of_an_absent_part_is_wrong():
    absent = Asked("lid", rows(), rows((0, 6), (8, 9)), np.array([0.4, 0.9]))
    assert absent.hits() == [(0.9, False), (0.4, False)]


@pytest.mark.parametrize(
    ("hits", "there", "expected"),
    [
        ([(0.9, True), (0.8, True)], 2, 1.0),
        ([(0.9, False), (0.8, True)], 1, 0.5),
        ([(0.9, True), (0.8, False), (0.7, True)], 4, (1 + 2 / 3) / 4),
        ([], 3, 0.0),
    ],
)
def test_average_precision_is_the_area(hits, there, expected):
    assert average_precision(hits, there) == pytest.approx(expected)
