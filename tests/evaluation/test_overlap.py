"""Overlap: hand-computed figures on images of a few squares."""

import numpy as np
import pytest

from part_perception.evaluation.overlap import agreement, count, figures


def squares(*places, shape=(40, 60)) -> np.ndarray:
    image = np.full(shape, -1)
    for number, (row, column, side) in enumerate(places):
        image[row : row + side, column : column + side] = number
    return image


def test_a_correct_segmentation_scores_one():
    true = squares((5, 5, 10), (20, 30, 12))
    report = figures([count(true, true)])
    assert report == pytest.approx(dict.fromkeys(report, 1.0))


def test_one_object_that_holds_two_is_paired_with_the_larger():
    true = squares((5, 5, 10), (5, 15, 20))
    report = figures([count(np.where(true >= 0, 0, -1), true)])
    assert report["overlap_precision"] == pytest.approx(400 / 500)
    assert report["overlap_recall"] == pytest.approx(400 / 500)
    assert report["good"] == 0.5


def test_object_numbers_do_not_matter_and_scenes_add_up():
    true, empty = squares((5, 5, 10)), squares()
    seen = np.where(true == 0, 77, -1)
    report = figures([count(seen, true), count(empty, true)])
    assert (report["overlap_precision"], report["overlap_recall"], report["good"]) == (1.0, 0.5, 0.5)
    assert figures([count(empty, empty)])["overlap_f"] == 0.0


def test_a_boundary_that_is_off_by_more_than_a_pixel_counts_as_wrong():
    true = squares((10, 10, 20))
    near, far = squares((11, 10, 20)), squares((14, 10, 20))
    assert figures([count(near, true)])["boundary_f"] == pytest.approx(1.0)
    # of 76 pixels of each outline, only those of the two sides that run along the shift still lie on the other
    assert 0.3 < figures([count(far, true)])["boundary_f"] < 0.6


def test_two_labellings_agree_on_objects_that_overlap():
    one = squares((0, 0, 10), (20, 20, 10))
    other = squares((0, 0, 10), (20, 26, 10), (0, 40, 5))
    assert agreement(one, one) == (4, 4)
    assert agreement(one, other) == (2, 5)
    assert agreement(one, other, pixels=30) == (2, 4)
