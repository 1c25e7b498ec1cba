"""Outlines and the gap between two of them, from above."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from part_perception.geometry.boxes import far_beside, gap_between, outline

SQUARE = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])


def test_the_outline_keeps_the_corners_alone():
    inside = np.random.default_rng(0).uniform(0.1, 0.9, (50, 2))
    corners = outline(np.concatenate([inside, SQUARE]))
    assert sorted(map(tuple, corners)) == sorted(map(tuple, SQUARE))


@pytest.mark.parametrize(
    "plan", [SQUARE[:1], SQUARE[:2], np.linspace((0, 0), (1, 1), 9)], ids=["point", "pair", "line"]
)
def test_what_has_no_area_has_its_ends(plan):
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
def test_what_lies_far_beside_leaves_a_wide_gap(x, y):
    other = SQUARE + (x, y)
    if far_beside(SQUARE, other, 0.5):
        assert gap_between(SQUARE, other) > 0.5 - 1e-9
    else:
        assert max(abs(x), abs(y)) <= 1.5 + 1e-9
