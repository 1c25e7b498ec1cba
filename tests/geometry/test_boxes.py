"""Boxes fit their points; outlines, and the gap between two of them, seen from above."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from part_perception.geometry.boxes import (
    covering,
    far_beside,
    gap_between,
    longest,
    outline,
    principal_box,
    upright_box,
)


def test_boxes_fit_a_turned_block():
    rng = np.random.default_rng(1)
    block = rng.uniform(-0.5, 0.5, (3000, 3)) * (0.3, 0.1, 0.05)
    c, s = np.cos(0.7), np.sin(0.7)
    turned = block @ np.array(((c, -s, 0), (s, c, 0), (0, 0, 1))).T + (1, 2, 3)
    for box in (principal_box(turned), upright_box(turned, np.array((0, 0, 1.0)))):
        assert np.allclose(np.sort(box.size), (0.05, 0.1, 0.3), atol=0.01)
        assert np.allclose(box.centre, (1, 2, 3), atol=0.01)
        assert np.allclose(box.rotation @ box.rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(box.rotation) > 0.99
        inside = (turned - box.centre) @ box.rotation
        assert (np.abs(inside) <= box.size / 2 + 1e-9).all()
    assert np.allclose(upright_box(turned, np.array((0, 0, 1.0))).rotation[:, 2], (0, 0, 1))


def test_the_longest_extent_does_not_depend_on_how_a_thing_lies():
    rod = np.linspace((0, 0, 0), (0.3, 0, 0), 20)
    turns = np.linalg.qr(np.random.default_rng(0).normal(size=(20, 3, 3)))[0]
    lengths = [longest(rod @ turn.T + 5.0) for turn in turns]
    assert min(lengths) > 0.3 * 0.98 and max(lengths) < 0.3 + 1e-9
    assert longest(np.zeros((0, 3))) == 0.0


SQUARE = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])


def test_the_outline_keeps_the_corners_alone():
    inside = np.random.default_rng(0).uniform(0.1, 0.9, (50, 2))
    corners = outline(np.concatenate([inside, SQUARE]))
    assert sorted(map(tuple, corners)) == sorted(map(tuple, SQUARE))


@pytest.mark.parametrize(
    "plan", [SQUARE[:1], SQUARE[:2], np.linspace((0, 0), (1, 1), 9)], ids=["point", "pair", "line"]
)
def test_the_outline_of_a_line_is_its_ends(plan):
    corners = outline(plan)
    assert {tuple(c) for c in corners} == {tuple(plan[0]), tuple(plan[-1])}
    assert gap_between(corners, SQUARE + (3.0, 0.0)) == pytest.approx(3.0 - plan[-1][0])


@given(st.floats(-2, 2), st.floats(0, 2 * np.pi))
def test_the_gap_is_the_width_between_and_does_not_turn(shift, angle):
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array(((c, -s), (s, c)))
    one, other = SQUARE @ turn.T, (SQUARE + (shift, 0.0)) @ turn.T
    assert gap_between(one, other) == pytest.approx(abs(shift) - 1.0, abs=1e-9)
    assert gap_between(one, other) == gap_between(other, one)


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_a_distant_thing_leaves_a_wide_gap(x, y):
    other = SQUARE + (x, y)
    if far_beside(SQUARE, other, 0.5):
        assert gap_between(SQUARE, other) > 0.5 - 1e-9
    else:
        assert max(abs(x), abs(y)) <= 1.5 + 1e-9


def test_what_one_box_covers_badly_is_covered_by_a_few():
    """A pan, which is a disc of 24 cm with a handle of 20 cm, and a block, which its box fits."""
    rng = np.random.default_rng(0)
    angle, radius = rng.uniform(0, 2 * np.pi, 3000), 0.12 * np.sqrt(rng.uniform(0, 1, 3000))
    disc = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), rng.uniform(0, 0.05, 3000)])
    handle = rng.uniform((0.12, -0.015, 0.03), (0.32, 0.015, 0.05), (1000, 3))
    pan = np.concatenate([disc, handle])
    boxes = covering(pan)
    assert 2 <= len(boxes) <= 4
    covered = np.any([((pan >= low) & (pan <= high)).all(axis=1) for low, high in boxes], axis=0)
    assert covered.all()
    volume = sum((high - low).prod() for low, high in boxes)
    assert volume < 0.6 * np.ptp(pan, axis=0).prod()
    assert len(covering(disc)) == len(covering(rng.uniform(0, 1, (500, 3)))) == 1
    assert len(covering(np.zeros((40, 3)))) == 1
