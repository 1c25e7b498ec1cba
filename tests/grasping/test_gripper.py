"""Reach: grasps and pre-grasps lie at the right distance from the arm's base and within its cone."""

import numpy as np
import pytest

from part_perception.config import DEFAULTS
from part_perception.errors import InputError
from part_perception.grasping.gripper import Reach, Workspace
from part_perception.grasping.planner import plan_grasps
from part_perception.settings import with_values
from tests.grasping.test_planner import CAMERA, UP, bar

BASE = np.eye(4)
BASE[:3, 3] = (0.5, 0.0, 0.0)  # the cloud's origin, as the base sees it


def test_grasps_and_pre_grasps_must_be_within_the_radii():
    workspace = Workspace(Reach("base", 0.3, 0.8), BASE, back=0.1)
    positions = np.array(((0.2, 0, 0), (0.25, 0, 0), (0.31, 0, 0), (-0.15, 0, 0), (-0.25, 0, 0)))
    towards = np.tile((1.0, 0, 0), (5, 1))
    assert workspace.allows(positions, towards).tolist() == [True, True, False, False, False]
    assert workspace.allows(positions, -towards).tolist() == [True, False, False, True, False]
    assert workspace.covers(positions).tolist() == [True, True, False, True, False]


def test_approaches_are_within_a_cone_about_an_axis_of_the_base():
    turned = BASE.copy()
    turned[:3, :3] = ((0, 0, 1), (0, 1, 0), (-1, 0, 0))  # the cloud's x points down in the base
    workspace = Workspace(Reach("base", approach_axis=(0, 0, -2.0), approach_cone_deg=45.0), turned, 0.0)
    approaches = np.array(((1, 0, 0), (1, 0.9, 0), (1, 1.1, 0), (-1.0, 0, 0)))
    approaches /= np.linalg.norm(approaches, axis=1, keepdims=True)
    assert workspace.allows(np.zeros((4, 3)), approaches).tolist() == [True, True, False, False]


def test_only_grasps_within_reach_are_planned_and_others_take_their_place():
    part = bar()
    all_of_them = plan_grasps(part, part, CAMERA, UP)
    assert any(grasp.rotation[2, 2] > -0.99 for grasp in all_of_them)
    down = Workspace(Reach("base", approach_axis=(0, 0, -1.0), approach_cone_deg=5.0), BASE, 0.1)
    grasps = plan_grasps(part, part, CAMERA, UP, workspace=down)
    assert len(grasps) >= 2 and all(grasp.rotation[2, 2] < -0.99 for grasp in grasps)
    near = Workspace(Reach("base", max_radius=0.51), BASE, 0.0)
    assert all(grasp.position[0] < 0.01 for grasp in plan_grasps(part, part, CAMERA, UP, workspace=near))
    assert plan_grasps(part, part, CAMERA, UP, workspace=Workspace(Reach("base"), None, 0.1)) == ()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"reach.min_radius": 0.9}, "min_radius must be less than"),
        ({"reach.approach_axis": [0.0, 0.0, 0.0]}, "must have a length"),
    ],
)
def test_a_reach_that_makes_no_sense_is_refused(values, reason):
    with pytest.raises(InputError, match=reason):
        with_values(DEFAULTS, values)
