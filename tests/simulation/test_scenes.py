"""Scenes: each layout is what its name says, and the seed decides everything."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from part_perception.geometry.boxes import gap_between
from part_perception.simulation.capture import GROUND, Camera, capture
from part_perception.simulation.layouts import outline_of
from part_perception.simulation.scenes import (
    COUNTER,
    LAYOUTS,
    MAX_OBJECTS,
    MIN_OBJECTS,
    ROOM,
    draw_pose,
    draw_scene,
    photograph,
    robot_hand,
)
from part_perception.simulation.stages import FLOOR, shelf
from part_perception.simulation.things import block

SMALL = Camera(160, 120, 144.0)


def scene(layout: str, seed: int, **rest):
    return draw_scene(np.random.default_rng(seed), layout, **rest)


def standing(drawn):
    return [one for one in drawn.things if one.kind != "robot"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_seed_is_a_scene(layout):
    one, same, other = (scene(layout, seed, views=2) for seed in (5, 5, 6))
    assert [t.kind for t in one.things] == [t.kind for t in same.things]
    assert all(np.array_equal(a.quads, b.quads) for a, b in zip(one.things, same.things, strict=True))
    assert np.array_equal(one.poses, same.poses) and len(one.poses) == 2
    assert not np.array_equal(one.poses, other.poses)
    shots = [photograph(drawn, 0, np.random.default_rng(1), SMALL) for drawn in (one, same)]
    assert np.array_equal(shots[0].points, shots[1].points, equal_nan=True)
    assert np.array_equal(shots[0].label, shots[1].label)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_scenes_hold_things_before_a_background(layout):
    seen = 0
    for seed in range(6):
        drawn = scene(layout, seed)
        assert MIN_OBJECTS <= len(standing(drawn)) <= MAX_OBJECTS
        shot = photograph(drawn, 0, np.random.default_rng(seed), SMALL)
        assert shot.points.shape == (120, 160, 3) and (shot.label >= GROUND).any()
        assert ((shot.label == -1) == np.isnan(shot.points[..., 2])).all()
        seen += (np.bincount(shot.label[(shot.label >= 0) & (shot.label < GROUND)]) > 20).sum()
    assert seen > 12


@pytest.mark.parametrize(("layout", "low", "high"), [("scattered", 0.02, 9.0), ("2 cm apart", 0.02, 0.021),
                                                     ("touching", 0.0, 0.001)])  # fmt: skip
def test_things_stand_as_far_apart_as_the_layout_says(layout, low, high):
    for seed in range(4):
        outlines = [outline_of(one) for one in standing(scene(layout, seed))]
        nearest = [min(gap_between(a, b) for b in outlines if b is not a) for a in outlines]
        assert min(nearest) >= low - 1e-6 and max(nearest[1:]) <= high + 1e-6


def test_stacked_things_lie_on_others_and_leaning_ones_are_tilted():
    raised = [
        one.quads[..., 2].min() > 0.005 for seed in range(5) for one in standing(scene("stacked", seed))[1:]
    ]
    assert 0.3 < np.mean(raised) < 0.95
    for layout in ("stacked", "leaning"):
        for seed in range(4):
            assert min(one.quads[..., 2].min() for one in scene(layout, seed).things) > -0.005


def test_things_in_a_bin_lie_within_its_walls():
    inside = []
    for seed in range(8):
        drawn = scene("bin", seed)
        half = np.array(drawn.stage.rectangles[0].along)[0], np.array(drawn.stage.rectangles[0].across)[1]
        for one in standing(drawn):
            inside.append((np.abs(one.quads.reshape(-1, 3)[:, :2].mean(axis=0)) < half).all())
    assert np.mean(inside) > 0.95


def test_a_counter_holds_large_thin_and_plain_things():
    sizes = [one.size for seed in range(12) for one in standing(scene(COUNTER, seed))]
    kinds = {one.kind for seed in range(12) for one in standing(scene(COUNTER, seed))}
    assert max(size.max() for size in sizes) > 0.4 and min(size[2] for size in sizes) < 0.02
    assert kinds & {"block", "ball", "can"} and len(kinds) > 15


def test_furniture_stands_on_the_floor_against_a_wall_or_in_the_open():
    drawn = [scene(ROOM, seed) for seed in range(12)]
    for one in drawn:
        assert all(0 <= piece.quads[..., 2].min() < 0.01 and piece.size.max() > 0.5 for piece in one.things)
        for a, b in combinations(map(outline_of, one.things), 2):
            assert gap_between(a, b) > 0
    walls = [len(one.stage.rectangles) for one in drawn]
    assert min(walls) == 1 and max(walls) > 1


def test_cameras_look_at_things_from_above_within_and_beyond_an_arms_length():
    poses = [draw_pose(np.random.default_rng(seed), "scattered", FLOOR) for seed in range(200)]
    assert all(0.3 < np.linalg.norm(pose[:3, 3]) < 1.4 and pose[2, 3] > 0 for pose in poses)
    assert 0.12 < np.mean([pose[2, 2] < -np.cos(np.radians(16)) for pose in poses]) < 0.35, "straight down"
    assert 0.01 < np.mean([pose[2, 1] > 0 for pose in poses]) < 0.12, "upside down"
    assert 0.04 < np.mean([abs(pose[2, 0]) > 0.6 for pose in poses if pose[2, 2] > -0.7]) < 0.2, "on its side"


def test_things_on_a_shelf_are_seen_from_the_front():
    for seed in range(12):
        rng = np.random.default_rng(seed)
        stage = shelf(rng)
        pose = draw_pose(rng, "scattered", stage)
        shot = capture([block((0.1, 0.1, 0.1))], pose, stage=stage, camera=SMALL)
        assert (shot.label == 0).sum() > 50


def test_a_robot_hand_is_above_the_table_and_sometimes_in_view():
    assert all(robot_hand(np.random.default_rng(seed)).quads[..., 2].min() > 0 for seed in range(20))
    hands = sum(any(one.kind == "robot" for one in scene("stacked", seed).things) for seed in range(24))
    assert 1 <= hands <= 9
