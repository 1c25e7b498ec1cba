"""Motions: what opens where, in which frame, and the path of the gripper that opens it."""

import numpy as np
import pytest

from part_perception.geometry.motions import Motion, opening, turn_about
from part_perception.types import Grasp, Part

DOOR = Motion("turns", 0.9, np.array((0.0, 0, 1)), np.array((0.5, 0.2, 0)))
DRAWER = Motion("slides", 0.9, np.array((0.0, -1, 0)), np.array((0.0, 0, 0.4)))


def gripper(x: float, y: float, z: float) -> np.ndarray:
    pose = np.eye(4)
    pose[:3, 3] = x, y, z
    return pose


def test_a_drawer_is_pulled_straight_and_no_farther_than_drawers_go():
    path = opening(DRAWER, gripper(0, -0.02, 0.4))
    assert path[0] == pytest.approx(gripper(0, -0.02, 0.4))
    assert path[-1] == pytest.approx(gripper(0, -0.32, 0.4))
    assert np.linalg.norm(np.diff(path[:, :3, 3], axis=0), axis=1).max() <= 0.02 + 1e-9


def test_a_door_takes_the_gripper_round_its_hinge_by_a_right_angle():
    path = opening(DOOR, gripper(0.9, 0.2, 1.0))
    away = np.linalg.norm(path[:, :2, 3] - (0.5, 0.2), axis=1)
    assert away == pytest.approx(0.4) and path[:, 2, 3] == pytest.approx(1.0)
    assert path[-1, :3, 3] == pytest.approx((0.5, 0.6, 1.0))
    assert path[-1, :3, :3] == pytest.approx(turn_about(np.array((0, 0, 1)), np.pi / 2))
    assert len(path) == 19


def test_the_path_around_a_far_axis_is_at_most_a_metre_long():
    path = opening(DOOR, gripper(4.5, 0.2, 1.0))
    steps = np.linalg.norm(np.diff(path[:, :3, 3], axis=0), axis=1).sum()
    assert 0.9 < steps <= 1.0


@pytest.mark.parametrize("kind", ["fixed", "unknown"])
def test_a_fixed_part_has_no_path(kind):
    motion = Motion(kind, 0.8)
    assert len(opening(motion, np.eye(4))) == 0 and not motion.moves
    assert motion.seen_from(gripper(1, 2, 3)) is motion and motion.after(0.3) == pytest.approx(np.eye(4))


def test_a_point_of_a_door_goes_across_its_arm_first():
    assert DOOR.direction(np.array((0.9, 0.2, 0.3))) == pytest.approx((0, 1, 0))
    assert np.isnan(DOOR.direction(DOOR.origin)).all()
    assert DRAWER.direction(np.ones(3)) == pytest.approx(DRAWER.axis)


def test_a_motion_seen_from_elsewhere_moves_the_same_points():
    pose = gripper(0.3, -1.0, 0.2)
    pose[:3, :3] = turn_about(np.array((0.6, 0.8, 0.0)), 0.7)
    there, point = DOOR.seen_from(pose), np.array((0.9, 0.4, 0.3, 1.0))
    assert there.after(0.5) @ pose @ point == pytest.approx(pose @ DOOR.after(0.5) @ point)


def test_a_part_is_taken_by_its_handle_and_opened_from_there():
    def plan(points):
        return [Grasp(points.mean(axis=0), np.eye(3), 0.02, 0.7)]

    drawer, handle = np.zeros((4, 3)), np.full((2, 3), 0.1)
    part = Part.located(
        "drawer",
        0.9,
        lambda: (np.arange(4), drawer),
        plan,
        lambda: DRAWER,
        lambda: (np.array((7, 8)), handle),
    )
    assert list(part.handle) == [7, 8] and part.grasp.position == pytest.approx((0.1, 0.1, 0.1))
    assert part.open_path[-1, :3, 3] == pytest.approx((0.1, -0.2, 0.1))
    plain = Part.located("drawer", 0.9, lambda: (np.arange(4), drawer), plan, lambda: DRAWER)
    assert plain.grasp.position == pytest.approx((0, 0, 0)) and len(plain.handle) == 0
