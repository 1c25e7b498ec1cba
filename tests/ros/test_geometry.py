"""Rotations, poses and their messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from part_perception.geometry.poses import inverse, moved_box, pose_matrix, quaternion_of, rotation_of
from part_perception.ros.messages.parts import Placement, box_message
from part_perception.ros.messages.poses import box_of, matrix_of_pose, pose_message
from part_perception.types import OrientedBox

numbers = st.floats(-1, 1, allow_nan=False)


@given(st.tuples(numbers, numbers, numbers, numbers).filter(lambda q: np.linalg.norm(q) > 0.1))
@settings(max_examples=200, deadline=None)
def test_a_rotation_survives_as_a_quaternion(quaternion):
    rotation = rotation_of(np.array(quaternion))
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)
    np.testing.assert_allclose(rotation_of(quaternion_of(rotation)), rotation, atol=1e-12)


def test_half_turns_have_quaternions_too():
    for turned in (np.diag((1, -1, -1)), np.diag((-1, 1, -1)), np.diag((-1, -1, 1))):
        np.testing.assert_allclose(rotation_of(quaternion_of(turned)), turned, atol=1e-12)


def test_a_quarter_turn_about_z_maps_x_to_y():
    np.testing.assert_allclose(
        rotation_of((0, 0, np.sqrt(0.5), np.sqrt(0.5))) @ (1, 0, 0), (0, 1, 0), atol=1e-12
    )


def test_a_box_goes_out_in_another_frame_and_comes_back():
    pose = pose_matrix((1, 2, 3), (0.1, -0.4, 0.2, 0.9))
    box = OrientedBox(np.array((0.1, 0.2, 0.3)), rotation_of((0.3, 0.1, 0.2, 0.7)), np.array((0.3, 0.2, 0.1)))
    back = moved_box(box_of(box_message(box, Placement("base", 0, pose))), inverse(pose))
    for one, other in ((back.centre, box.centre), (back.rotation, box.rotation), (back.size, box.size)):
        np.testing.assert_allclose(one, other, atol=1e-9)
    message = pose_message(box.centre, box.rotation)
    np.testing.assert_allclose(matrix_of_pose(message)[:3, :3], box.rotation, atol=1e-12)
