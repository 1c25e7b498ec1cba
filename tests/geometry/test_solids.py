"""Solids: which points lie in a box, a ball, a cylinder and a hull, moved and padded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from part_perception.geometry.solids import Solid, box, cylinder, hull, leave_out, sphere


def inside(solid: Solid, points) -> np.ndarray:
    points = np.asarray(points, np.float32).reshape(-1, 3)
    reach = np.ones(len(points), np.float32)
    leave_out(points, reach, [solid])
    return reach == 0


def test_points_in_simple_solids():
    assert inside(box((0.2, 0.4, 0.6)), [(0.09, 0.19, 0.29), (0.11, 0, 0), (0, 0.21, 0), (0, 0, -0.31)]).tolist() == [
        True, False, False, False,
    ]  # fmt: skip
    assert inside(sphere(0.1), [(0.09, 0, 0), (0.06, 0.06, 0.06)]).tolist() == [True, False]
    assert inside(cylinder(0.1, 1.0), [(0.07, 0.07, 0.49), (0, 0, 0.51), (0.08, 0.08, 0)]).tolist() == [
        True, False, False,
    ]  # fmt: skip


def test_a_margin_grows_a_solid_on_every_side():
    grown = box((0.2, 0.2, 0.2)).padded(0.02)
    assert inside(grown, [(0.119, 0, 0), (0, -0.119, 0), (0.121, 0, 0)]).tolist() == [True, True, False]
    assert inside(sphere(0.1).padded(0.02), [(0.119, 0, 0), (0.121, 0, 0)]).tolist() == [True, False]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_moving_a_solid_moves_what_lies_in_it(seed):
    rng = np.random.default_rng(seed)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = Rotation.random(random_state=seed).as_matrix(), rng.normal(size=3)
    points = rng.uniform(-0.5, 0.5, (500, 3))
    moved = points @ pose[:3, :3].T + pose[:3, 3]
    for solid in (
        box((0.3, 0.5, 0.7)),
        cylinder(0.2, 0.6),
        sphere(0.3),
        hull(rng.uniform(-0.4, 0.4, (20, 3))),
    ):
        agree = inside(solid, points) == inside(solid.moved(pose), moved)
        assert agree.mean() > 0.995, "but for points on the surface"


@pytest.mark.parametrize("seed", range(3))
def test_a_hull_holds_its_vertices_and_hardly_more(seed):
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(2000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    ball = hull(0.1 * directions)
    assert inside(ball, 0.0999 * directions).all()
    assert not inside(ball, 0.112 * directions).any()


def test_points_that_were_not_measured_stay_so_and_no_solids_change_nothing():
    points, reach = np.full((3, 3), np.nan, np.float32), np.array([0.0, 1.0, 2.0], np.float32)
    leave_out(points, reach, [])
    leave_out(points, reach, [box((1, 1, 1)), sphere(1)])
    assert reach.tolist() == [0.0, 1.0, 2.0]
