"""Grasps: on the surface, across the part, open just enough, from the camera's side, clear of the support."""

import numpy as np
import pytest

from part_perception.grasping.planner import Gripper, plan_grasps

UP = np.array((0.0, 0.0, 1.0))
CAMERA = np.array((0.0, -0.6, 0.8))
TABLE = np.array((0.0, 0.0, 1.0, 0.0))


def bar(length=0.12, thickness=0.02, height=0.1, count=4000) -> np.ndarray:
    """The surface of a round bar along x at a height, on the side that faces the camera."""
    rng = np.random.default_rng(0)
    x, angle = rng.uniform(-length / 2, length / 2, count), rng.uniform(0, np.pi, count)
    tilt = np.arctan2(CAMERA[2] - height, -CAMERA[1])
    around = angle - np.pi / 2 + tilt
    return np.stack([x, -thickness / 2 * np.cos(around), height + thickness / 2 * np.sin(around)], axis=1)


def block(size, at=(0, 0, 0), count=6000) -> np.ndarray:
    """The top and the front of a block that stands at a place."""
    rng = np.random.default_rng(1)
    top = rng.uniform(-0.5, 0.5, (count, 3)) * size + (0, 0, size[2] / 2)
    top[: count // 2, 2] = size[2]
    top[count // 2 :, 1] = -size[1] / 2
    return top + at


def plan(part, others=None, **more):
    everything = part if others is None else np.concatenate([part, others])
    return plan_grasps(part, everything, CAMERA, UP, **more)


def test_a_bar_is_held_across():
    part = bar()
    grasps = plan(part, support=TABLE)
    assert 1 <= len(grasps) <= 5
    for grasp in grasps:
        closing, across, approach = grasp.rotation.T
        assert np.allclose(grasp.rotation.T @ grasp.rotation, np.eye(3), atol=1e-5)
        assert np.allclose(np.cross(approach, closing), across, atol=1e-5)
        assert abs(closing[0]) < 0.8, "closes across the bar, not along it"
        assert 0.015 < grasp.width < 0.05
        assert np.linalg.norm(part - grasp.position, axis=1).min() < 1e-6
        assert approach @ UP < 0.2, "never from below"
        assert approach @ (grasp.position - CAMERA) > 0, "never from behind"
    assert list(grasps) == sorted(grasps, key=lambda g: -g.quality)
    assert 0 < grasps[0].quality <= 1
    assert abs(grasps[0].rotation[0, 0]) < 0.4
    assert abs(grasps[0].position[0]) < 0.05, "near the middle"


def test_points_in_single_precision_have_the_same_grasps():
    away, grasps = np.array((1.2, -0.3, 1.0)), []
    points = (block((0.05, 0.1, 0.08)) + away).astype(np.float32)
    for part in (points, points.astype(float)):
        grasps.append(plan_grasps(part, part, CAMERA + away, UP))
    assert [grasp.quality for grasp in grasps[0]] == [grasp.quality for grasp in grasps[1]]
    assert len(grasps[0]) == 4


def test_a_part_that_is_too_wide_is_not_grasped():
    assert plan(block((0.2, 0.2, 0.1))) == ()
    assert len(plan(block((0.06, 0.2, 0.1)))) > 0
    assert plan(block((0.06, 0.2, 0.1)), gripper=Gripper(max_opening=0.05)) == ()


def test_width_grows_with_the_part():
    thin_bar, thick_bar = plan(bar(thickness=0.015))[0], plan(bar(thickness=0.045))[0]
    assert thick_bar.width > thin_bar.width + 0.01


def test_a_part_far_from_the_origin_is_held_as_one_near_it():
    near, moved = bar(), np.array((500_000.0, 5_000_000.0, 0.0))  # a laser scan in the coordinates of a map
    here = plan_grasps(near, near, CAMERA, UP)[0]
    there = plan_grasps(near + moved, near + moved, CAMERA + moved, UP)[0]
    assert here.width == pytest.approx(there.width, abs=1e-4)
    assert here.position == pytest.approx(there.position - moved, abs=1e-4)


def test_a_part_hemmed_in_is_not_grasped():
    part = block((0.05, 0.05, 0.1))
    walls = [
        block((0.05, 0.05, 0.14), at) for at in ((0.055, 0, 0), (-0.055, 0, 0), (0, 0.055, 0), (0, -0.055, 0))
    ]
    free, hemmed_in = plan(part), plan(part, np.concatenate(walls))
    assert len(free) > 0
    assert hemmed_in == ()


@pytest.mark.parametrize("width", [0.14, 0.4, 1.0])
def test_fingers_stay_out_of_what_is_behind_a_part_however_large_it_is(width):
    """A bar lies on a door: there is no room for fingertips behind it."""
    rng = np.random.default_rng(2)
    pitch, thickness = 0.0015, 0.012
    x, z = (rows.ravel() for rows in np.mgrid[-0.06:0.06:pitch, -0.006:0.006:pitch])
    part = np.stack([x, -np.sqrt((thickness / 2) ** 2 - z**2) - thickness / 2, z], axis=1)
    x, z = (rows.ravel() for rows in np.mgrid[-width / 2 : width / 2 : pitch, -width / 2 : width / 2 : pitch])
    seen = ~((np.abs(x) < 0.06) & (np.abs(z) < thickness / 2))
    door = np.stack([x, np.zeros(len(x)), z], axis=1)[seen] + rng.normal(0, 0.0004, (seen.sum(), 3))
    everything = np.concatenate([part, door])
    assert plan_grasps(part, everything, np.array((0, -0.8, 0.1)), UP) == ()


@pytest.mark.parametrize("diagonal", [0.028, 0.042, 0.056, 0.07])
def test_the_gripper_is_centred_on_what_it_holds(diagonal):
    """A post seen edge on: the middle between its faces lies inside it."""
    rng = np.random.default_rng(0)
    across, z = rng.uniform(-diagonal / 2, diagonal / 2, 4000), rng.uniform(0, 0.15, 4000)
    part = np.stack([across, np.abs(across) - diagonal / 2, z], axis=1)
    gripper, grasps = Gripper(), plan(part, support=TABLE)
    assert grasps
    for grasp in grasps:
        x, y, z = ((part - grasp.position) @ grasp.rotation).T
        beside = (np.abs(y) < gripper.finger_breadth / 2) & (
            np.abs(x) < grasp.width / 2 + gripper.finger_thickness
        )
        held = beside & (z < gripper.hold) & (z > gripper.hold - gripper.finger_length)
        assert np.abs(x[held]).max() < grasp.width / 2, "a finger would hit the part"


def test_the_table_is_not_dug_into():
    low = bar(height=0.011)
    gripper, grasps = Gripper(), plan(low, support=TABLE)
    assert grasps
    for grasp in grasps:
        sideways = (grasp.width / 2 + gripper.finger_thickness) * abs(grasp.rotation[2, 0])
        assert grasp.position[2] + 0.004 * grasp.rotation[2, 2] - sideways > -0.002
    sunk = low - (0, 0, 0.02)
    assert plan(sunk, support=TABLE) == ()


@pytest.mark.parametrize("length", [0.3, 4.0])
def test_the_length_of_up_means_nothing(length):
    part = bar()
    grasps = plan_grasps(part, part, CAMERA, length * UP)
    assert grasps
    for grasp, usual in zip(grasps, plan(part), strict=True):
        np.testing.assert_allclose(grasp.pose, usual.pose)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_too_few_points_give_no_grasp(count):
    assert plan(bar()[:count]) == ()


def test_a_gripper_must_make_sense():
    with pytest.raises(ValueError, match="length"):
        Gripper(max_opening=0)
    with pytest.raises(ValueError, match="hold"):
        Gripper(hold=0.1, finger_length=0.05)
