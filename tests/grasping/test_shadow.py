"""The space that the camera cannot see, and grasps that avoid it."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.grasping.candidates import Candidates, in_fingers
from part_perception.grasping.gripper import Gripper
from part_perception.grasping.planner import plan_grasps
from part_perception.grasping.shadow import Shadow

EYE = np.zeros(3)


def plate(x, y, z, step=0.002):
    """A grid of points at a height of z, from -x to x and from -y to y."""
    across, along = np.meshgrid(np.arange(-x, x + 1e-9, step), np.arange(-y, y + 1e-9, step))
    return np.stack([across.ravel(), along.ravel(), np.full(across.size, z)], axis=1)


@pytest.fixture(params=["from the origin", "from elsewhere"])
def moved(request):
    """A rotation and a shift of everything."""
    if request.param == "from the origin":
        return np.eye(3), EYE
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    return turn * np.sign(np.linalg.det(turn)), np.array([0.3, -2.0, 0.7])


def test_what_lies_behind_a_plate_is_hidden(moved):
    turn, shift = moved
    shadow = Shadow(plate(0.1, 0.05, 1.0) @ turn.T + shift, shift, 0.004)
    places = np.array(
        [
            [[0, 0, 0.9], [0, 0, 1.001]],  # before the plate, and within its noise
            [[0.05, 0, 1.02], [0.2, 0, 1.02]],  # behind it, and beside it
            [[0.05, 0, 1.02], [-0.09, 0.04, 1.5]],
        ]
    )
    assert shadow.share(places @ turn.T + shift).tolist() == [0.0, 0.5, 1.0]


def test_the_nearest_surface_throws_the_shadow():
    shadow = Shadow(np.concatenate([plate(0.1, 0.1, 1.0), plate(0.02, 0.02, 0.5)]), EYE, 0.006)
    assert shadow.share(np.array([[[0, 0, 0.8]], [[0.09, 0.09, 0.8]]])).tolist() == [1.0, 0.0]


def test_places_are_in_both_fingers():
    gripper = Gripper()
    one = Candidates(np.array([[0.0, 0, 1]]), np.eye(3)[None])
    x, y, z = in_fingers(one, np.array([0.03]), gripper)[0].T
    assert sorted(set(np.round(x, 9))) == [-0.02, 0.02]  # the middles of fingers beside an opening of 3 cm
    assert np.abs(y).max() < gripper.finger_breadth / 2
    assert 1 + gripper.hold - gripper.finger_length < z.min() < z.max() < 1 + gripper.hold


def test_a_bar_is_held_where_both_of_its_sides_are_seen():
    bar, up = plate(0.012, 0.08, 0.6, 0.001), np.array([0.0, -1, 0])
    beside = plate(0.03, 0.02, 0.57) + (
        0.044,
        0,
        0,
    )  # nearer to the camera, it hides what is right of the middle
    assert abs(plan_grasps(bar, beside[:0], EYE, up)[0].position[1]) < 0.01
    assert all(abs(grasp.position[1]) > 0.02 for grasp in plan_grasps(bar, beside, EYE, up)[:2])
