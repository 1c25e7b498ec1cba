"""Matching: places, poses, parts and confidence carried from lamp to lamp."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.parts.matching import correspond, kept_together

POLE, SHADE = 1, 2


def test_points_are_matched_to_the_same_part_of_another_lamp(segmenter, lamp):
    (a, here), (b, there) = lamp(3, 0.4), lamp(8, 0.7)
    found = segmenter.match(a, b)
    assert (there[found.rows] == here).mean() > 0.9
    np.testing.assert_array_equal(found.places, b[found.rows])
    assert ((found.confidence > 0) & (found.confidence < 1)).all()


def test_a_lamp_is_matched_to_itself_in_place_and_surely(segmenter, lamp):
    points, _ = lamp(3)
    found = segmenter.match(points, points)
    assert np.median(np.linalg.norm(found.places - points, axis=1)) < 0.02
    assert found.confidence.mean() > 0.75


def test_rows_that_are_not_finite_have_no_match(segmenter, lamp):
    points, _ = lamp(3)
    found = segmenter.match(np.vstack([[[np.nan] * 3], points]), points)
    assert np.isnan(found.places[0]).all()
    assert (found.confidence[0], found.rows[0]) == (0, -1)


def test_similar_points_are_surer_than_dissimilar_ones(segmenter, lamp):
    a, b = segmenter.encode([lamp(3)[0], lamp(8)[0]])
    strange = np.roll(b.features, 7, axis=1)
    other = type(b)(b.points, b.rows, b.total, b.up, b.patches, b.samples, strange, b.field)
    assert correspond(a, b).confidence.mean() > correspond(a, other).confidence.mean()


def test_votes_split_between_parts_make_a_match_unsure(segmenter, lamp):
    a, b = segmenter.encode([lamp(3)[0], lamp(8)[0]])
    found = correspond(a, b)
    of_match = b.even_field[found.there]
    split = replace(found, expected=0.5 * of_match)
    agreed = replace(found, expected=of_match)
    assert (split.confidence < 0.2).all()
    assert agreed.confidence.mean() > 0.8


def test_neighbours_on_the_surface_are_matched_to_neighbours(segmenter, lamp):
    """One sample in eight is most similar to a random one; its neighbours correct it."""
    a = segmenter.encode([lamp(3)[0]])[0]
    count, rng = len(a.samples), np.random.default_rng(0)
    like = np.full((count, count), -1.0, np.float32)
    there = np.arange(count)
    wrong = rng.permutation(count)[: count // 8]
    like[there, there] = 0
    like[wrong, rng.permutation(count)[: len(wrong)]] = 0.01
    placed = 2 * a.patches.samples[:count].astype(float)
    kept = kept_together(a, like, placed, placed).argmax(axis=1)
    assert (like.argmax(axis=1) == there).mean() < 0.9
    assert (kept == there).mean() > 0.97


@pytest.mark.parametrize("part", [POLE, SHADE])
def test_a_place_goes_to_the_same_part_of_a_larger_lamp(segmenter, lamp, part):
    (a, here), (b, there) = lamp(3, 0.4), lamp(8, 0.8)
    middle = a[here == part].mean(axis=0) if part == POLE else a[here == part][0]
    moved, sure = segmenter.transfer(middle, a, b)
    nearest = np.linalg.norm(b - moved, axis=1).argmin()
    assert there[nearest] == part
    assert moved[2] == pytest.approx(2 * middle[2], abs=0.12)
    assert sure > 0.5


def test_a_pose_on_the_same_object_turned_and_moved_goes_along(segmenter):
    """A lamp with an arm at one side: the pose of a gripper at the arm turns with it."""
    rng = np.random.default_rng(0)
    pole = np.c_[rng.normal(0, 0.01, (900, 2)), rng.uniform(0, 0.4, 900)]
    arm = np.c_[rng.uniform(0.02, 0.2, 600), rng.normal(0, 0.01, 600), 0.3 + rng.normal(0, 0.01, 600)]
    points, shift = np.vstack([pole, arm]), np.array([0.3, -0.1, 0.05])
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = [[0, 0, 1], [0, 1, 0], [-1, 0, 0]], (0.15, 0, 0.3)
    moved, _ = segmenter.transfer(pose, points, points @ turn.T + shift)
    assert np.linalg.norm(moved[:3, 3] - (turn @ pose[:3, 3] + shift)) < 0.04
    np.testing.assert_allclose(moved[:3, :3] @ moved[:3, :3].T, np.eye(3), atol=1e-9)
    angle = np.degrees(np.arccos((np.trace(moved[:3, :3].T @ turn @ pose[:3, :3]) - 1) / 2))
    assert angle < 20


@pytest.mark.parametrize("place", [[1, 2], np.ones((4, 4)), [0, 0, np.inf], "there", np.diag([1, 1, -1, 1])])
def test_invalid_places_to_transfer_are_refused(segmenter, lamp, place):
    points, _ = lamp(3)
    with pytest.raises(ValueError, match="place must|not rigid"):
        segmenter.transfer(place, points, points)


def test_a_place_farther_away_than_the_object_is_long_is_refused(segmenter, lamp):
    points, _ = lamp(3, 0.4)
    top = points[points[:, 2].argmax()]
    _, sure = segmenter.transfer(top + (0, 0, 0.3), points, points)  # a gripper on its way there
    assert sure > 0
    with pytest.raises(
        ValueError, match=r"the place is 5\.00 m from its object, which is only 0\.\d\d m long"
    ):
        segmenter.transfer(top + (0, 0, 5.0), points, points)


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
