"""Metrics: small cases computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.evaluation.report import Bin, reliability
from part_perception.metrics import auroc, calibration_error, iou, part_ious


def bools(text: str) -> np.ndarray:
    return np.array([c == "1" for c in text])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("1100", "1010", 1 / 3),
        ("1111", "1111", 1),
        ("1100", "0011", 0),
        ("0000", "0000", 1),
        ("0000", "0001", 0),
    ],
)
def test_iou(a, b, expected):
    assert iou(bools(a), bools(b)) == pytest.approx(expected)


def test_part_ious_count_labelled_points_and_parts_of_the_truth():
    truth = np.array([0, 0, 1, 1, -1, -1])
    predicted = np.array([0, 1, 1, 1, 2, 0])
    assert np.allclose(part_ious(predicted, truth, 3), [1 / 2, 2 / 3, np.nan], equal_nan=True)


def test_auroc():
    assert auroc(np.array([0.9, 0.8]), np.array([0.1, 0.2])) == 1
    assert auroc(np.array([0.1]), np.array([0.9])) == 0
    assert auroc(np.array([0.5, 0.5]), np.array([0.5])) == 0.5
    assert auroc(np.array([0.9, 0.3]), np.array([0.5, 0.3])) == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert np.isnan(auroc(np.array([]), np.array([0.3])))


def test_auroc_equals_counting_pairs():
    rng = np.random.default_rng(0)
    present, absent = rng.integers(0, 9, 60) / 9, rng.integers(0, 9, 40) / 9
    pairs = (present[:, None] > absent).mean() + 0.5 * (present[:, None] == absent).mean()
    assert auroc(present, absent) == pytest.approx(pairs)


def test_calibration_error():
    sure = np.array([0.95, 0.95, 0.95, 0.95, 0.05, 0.05])
    right = np.array([True, True, True, False, False, False])
    assert calibration_error(sure, right) == pytest.approx((4 * 0.2 + 2 * 0.05) / 6)
    assert calibration_error(np.array([1.0]), np.array([True])) == 0
    assert np.isnan(calibration_error(np.array([]), np.array([], bool)))


def test_reliability():
    bins = reliability([0.95, 1.0, 0.05, 0.91], [True, True, False, False])
    assert bins == [
        Bin(0.0, 0.1, 1, 0.05, 0.0),
        Bin(0.9, 1.0, 3, pytest.approx(0.9533, abs=1e-4), pytest.approx(2 / 3)),
    ]
    assert reliability([], []) == []
