"""Normals, and the frame that a thing is built in, for boxes in any pose."""

import numpy as np
import pytest

from part_perception.geometry.normals import built_frame, surface_normals
from part_perception.shapes.primitives import rotation


def box(size, count: int = 1500) -> np.ndarray:
    """Points spread over the surface of a box."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.5, 0.5, (count, 3))
    side = rng.choice(3, size=count, p=1 / np.asarray(size) / (1 / np.asarray(size)).sum())
    points[np.arange(count), side] = np.sign(points[np.arange(count), side]) / 2
    return points * size


def test_normals_of_a_plane():
    rng = np.random.default_rng(0)
    plane = np.c_[rng.uniform(-1, 1, (400, 2)), np.zeros(400)]
    assert np.abs(surface_normals(plane) @ (0, 0, 1)).min() == pytest.approx(1.0)
    assert surface_normals(plane[:2]).shape == (2, 3)


@pytest.mark.parametrize("yaw", [0.0, 0.3, 0.7, 1.2, 2.5])
@pytest.mark.parametrize("tilt", [0.0, 0.2])
def test_the_frame_of_a_box(yaw, tilt):
    turn = rotation(tilt, 0, 0) @ rotation(0, 0, yaw)
    frame = built_frame(surface_normals(box((0.5, 0.8, 1.0)) @ turn.T))
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-9)
    facing = np.abs(frame @ turn).max(axis=1)
    assert (facing > np.cos(np.radians(3))).all()
    assert abs(frame[2] @ turn[:, 2]) > np.cos(np.radians(3)), "the last axis is the upright one"


def test_two_walls_are_enough():
    points = box((0.5, 0.8, 1.0))
    seen = points[(points[:, 0] > 0.249) | (points[:, 1] > 0.399)]
    frame = built_frame(surface_normals(seen @ rotation(0, 0, 0.4).T))
    assert (np.abs(frame @ rotation(0, 0, 0.4)).max(axis=1) > np.cos(np.radians(3))).all()
