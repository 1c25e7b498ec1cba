"""The simulated depth camera: geometry it must keep, and faults that grow as real ones do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.shapes.surface import Surface
from part_perception.simulation import clutter
from part_perception.simulation.point_camera import (
    Sensor,
    expose,
    facing,
    look_at,
    random_sensor,
    to_camera,
    visible,
)
from part_perception.simulation.views import camera_view, whole_view

IDEAL = Sensor(focal=500, noise=0, noise_per_z2=0, step_per_z2=0, lumps=0, flying=0, grazing=1e-6, curl=0)
TOWARDS = np.array([0.0, 0.0, -1.0])


def wall(z: float, half: float, count: int, part: int, seed: int = 0) -> Surface:
    """A square across the camera's way, z metres away."""
    xy = np.random.default_rng(seed).uniform(-half, half, (count, 2))
    points = np.column_stack([xy, np.full(count, z)])
    return Surface(points, np.broadcast_to(TOWARDS, points.shape), np.full(count, part), np.full(count, part))


def ball(z: float, radius: float, count: int, part: int) -> Surface:
    normals = np.random.default_rng(1).normal(size=(count, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Surface(normals * radius + (0, 0, z), normals, np.full(count, part), np.full(count, part))


def test_the_camera_looks_at_its_target_with_z_up():
    turn, position = look_at(0.3, 0.5, 2.0, np.array([1.0, 2.0, 3.0]))
    assert np.allclose(turn @ turn.T, np.eye(3)) and np.linalg.det(turn) == pytest.approx(1)
    assert np.allclose(turn @ (np.array([1.0, 2.0, 3.0]) - position), (0, 0, 2))
    above = turn @ (np.array([1.0, 2.0, 3.1]) - position)
    assert above[1] < 0, "what is higher is farther up in the image"


def test_what_a_ball_hides_of_a_wall_is_not_seen():
    both = clutter.join(ball(0.6, 0.05, 6000, 0), wall(1.0, 0.3, 12000, 1))
    seen, is_ball = visible(both, 500), both.part == 0
    shadow_radius = 0.05 / 0.6 * 1.0
    off_axis = np.hypot(both.points[:, 0], both.points[:, 1])
    assert seen[~is_ball & (off_axis < 0.8 * shadow_radius)].mean() < 0.02
    assert seen[~is_ball & (off_axis > 1.3 * shadow_radius)].mean() > 0.98
    assert seen[is_ball & (both.points[:, 2] < 0.58)].mean() > 0.98


def test_the_back_of_a_ball_is_not_seen():
    alone = ball(0.6, 0.05, 8192, 0)
    back = np.einsum("ij,ij->i", alone.points, alone.normals) > 0.01
    assert visible(alone, 500)[back].mean() < 0.1


def test_a_pixel_has_one_point_and_it_is_the_nearest():
    scene = clutter.join(wall(1.0, 0.05, 20000, 1), wall(0.5, 0.01, 4000, 0))
    shot = expose(scene, IDEAL, np.random.default_rng(0))
    pixels = np.round(shot.points[:, :2] / shot.points[:, 2:] * 500 - 0.5).astype(int)
    assert len(np.unique(pixels, axis=0)) == len(pixels)
    inside = (np.abs(pixels) < 8).all(axis=1)  # the near wall covers 20 pixels
    assert inside.sum() > 150 and (shot.part[inside] == 0).mean() > 0.98


def test_an_ideal_sensor_measures_depth_exactly():
    shot = expose(wall(0.8, 0.05, 20000, 0), IDEAL, np.random.default_rng(0))
    assert np.allclose(shot.points[:, 2], 0.8)
    assert np.abs(shot.points[:, :2]).max() < 0.05 + 2 * 0.8 / 500


def test_noise_is_as_stated_and_grows_with_the_square_of_range():
    noisy = replace(IDEAL, noise=0.0, noise_per_z2=0.002)
    spread = [expose(wall(z, 0.1 * z, 40000, 0), noisy, np.random.default_rng(0)).points[:, 2].std()
              for z in (0.5, 1.0)]  # fmt: skip
    assert spread[1] == pytest.approx(0.7 * 0.002, rel=0.1)
    assert spread[1] / spread[0] == pytest.approx(4, rel=0.1)


def test_disparity_steps_grow_with_the_square_of_range():
    coarse = replace(IDEAL, step_per_z2=0.004)
    steps = []
    for z in (0.5, 1.0):
        slope = wall(z, 0.1 * z, 60000, 0)
        tilted = replace(
            slope, points=slope.points + np.column_stack([0 * slope.points[:, :2], slope.points[:, 0] * 0.5])
        )
        levels = np.unique(expose(tilted, coarse, np.random.default_rng(0)).points[:, 2].round(9))
        near = np.sort(levels[np.argsort(np.abs(levels - z))[:5]])
        steps.append(np.diff(near).mean())
    assert steps[1] == pytest.approx(0.004, rel=0.05)
    assert steps[1] / steps[0] == pytest.approx(4, rel=0.1)


def test_grazing_surfaces_return_less():
    floor = wall(1.0, 0.2, 20000, 0)
    shy = replace(IDEAL, grazing=0.9)
    grazed = replace(floor, normals=np.broadcast_to([0.95, 0.0, -0.312], floor.points.shape))
    assert facing(grazed).mean() < 0.45 < 0.9 < facing(floor).mean()
    counts = [len(expose(s, shy, np.random.default_rng(0)).points) for s in (floor, grazed)]
    assert counts[1] < 0.6 * counts[0]


def test_flying_pixels_hang_behind_edges_and_belong_to_nothing():
    bleeding = replace(IDEAL, flying=0.25)
    shot = expose(wall(0.5, 0.1, 400_000, 0), bleeding, np.random.default_rng(0))
    off = shot.points[:, 2] > 0.506
    assert off.any() and (shot.part[off] == -1).all() and (shot.part[~off] == 0).all()
    rim = np.abs(shot.points[off, :2] / shot.points[off, 2:]).max(axis=1)
    assert (rim > 0.2 - 0.03).mean() > 0.98


def test_sensors_have_their_characters():
    sensors = [random_sensor(np.random.default_rng(i)) for i in range(60)]
    stepped = [s for s in sensors if s.step_per_z2 >= 0.0015]
    continuous = [s for s in sensors if s.step_per_z2 == 0]
    curled = [s for s in sensors if 0 < s.step_per_z2 <= 0.001]
    assert min(map(len, (stepped, continuous, curled))) >= 8
    assert len(stepped) + len(continuous) + len(curled) == 60
    assert all(s.flying == 0.01 and s.curl <= 0.008 for s in stepped)
    assert max(s.curl for s in curled) > 0.008
    assert all(s.flying == 0.05 for s in continuous)


def test_views_depend_on_their_seed_alone():
    world = to_camera(ball(0.0, 0.1, 8000, 0), np.eye(3), np.array([0, 0, -0.1]))
    for view in (whole_view, camera_view):
        one, same, other = (view(world, np.random.default_rng(s)).points for s in (1, 1, 2))
        assert np.array_equal(one, same)
        assert one.shape != other.shape or not np.array_equal(one, other)


def test_a_camera_sees_one_side_and_a_scan_sees_all():
    world = to_camera(ball(0.0, 0.1, 8000, 0), np.eye(3), np.array([0, 0, -0.1]))
    whole = whole_view(world, np.random.default_rng(0))
    assert len(whole.points) > 0.95 * 8000
    views = [camera_view(world, np.random.default_rng(seed), azimuths=(0.0, 0.0)) for seed in range(20)]
    middles = np.array([v.points[v.part == 0].mean(axis=0) for v in views])
    assert middles[:, 0].min() > -0.01, "never the side away from +x, even from steeply above"
    assert middles[:, 0].mean() > 0.03 and middles[:, 2].mean() > 0.12 and abs(middles[:, 1].mean()) < 0.005


def test_table_remains_and_neighbours_belong_to_nothing():
    rng = np.random.default_rng(0)
    world = to_camera(ball(0.0, 0.1, 4000, 0), np.eye(3), np.array([0, 0, -0.1]))
    rim = clutter.table_remains(world, rng)
    added = rim.part == -1
    assert 0.005 < added.mean() < 0.12 and np.abs(rim.points[added, 2]).max() < 0.012
    leaked = clutter.neighbour_leak(world, world.points + 5.0, rng)
    added = leaked.part == -1
    assert 0.01 < added.mean() < 0.2
    assert np.linalg.norm(leaked.points[added, :2], axis=1).min() > 0.05, "it stands beside the object"


def test_occluders_leave_at_least_about_half():
    seen = wall(0.7, 0.1, 5000, 0)
    left = [len(clutter.occlude(seen, np.random.default_rng(i)).points) for i in range(30)]
    assert min(left) >= 0.4 * 5000 and max(left) < 5000
    holes = [len(clutter.punch_holes(seen, np.random.default_rng(i)).points) for i in range(20)]
    assert min(holes) > 0.3 * 5000 and max(holes) < 5000
