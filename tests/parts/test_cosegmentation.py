"""Co-segmentation: parts of one lamp are found again on others under the same numbers."""

from __future__ import annotations

import numpy as np


def test_parts_keep_their_numbers_on_other_lamps(segmenter, lamp):
    (first, truth), *others = [lamp(seed, size) for seed, size in ((3, 0.4), (8, 0.7), (9, 0.2))]
    labels, *carried = segmenter.cosegment(first, [points for points, _ in others], 3)
    number = np.array([np.bincount(labels[truth == part]).argmax() for part in range(3)])
    assert sorted(number) == [0, 1, 2]
    for found, (_, wanted) in zip(carried, others, strict=True):
        assert (found == number[wanted]).mean() > 0.85


def test_an_object_carried_to_itself_stays_as_it_is(segmenter, lamp):
    points, _ = lamp(3)
    labels, again = segmenter.cosegment(points, [points], 3)
    np.testing.assert_array_equal(labels, segmenter.decompose(points, 3))
    assert (labels == again).mean() > 0.95
