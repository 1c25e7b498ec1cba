"""Piles and stages: things lie on what is below them, through nothing, and within what holds them."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.simulation import stages
from part_perception.simulation.layouts import CELL, HeightMap, any_way, let_down, tilted, upright
from part_perception.simulation.things import block, thing

FLAT = np.eye(3)
HERE = np.zeros((1, 2))


def deepest(one, heights: HeightMap) -> float:
    """How far below what was there before the lowest of its points would have to be raised."""
    return heights.rest_height(one.surface.points)


def test_blocks_stack_without_a_gap():
    heights = HeightMap()
    first = let_down(block((0.2, 0.2, 0.1)), FLAT, HERE, heights)
    second = let_down(block((0.1, 0.1, 0.05)), FLAT, HERE, heights)
    third = let_down(block((0.1, 0.1, 0.05)), FLAT, np.array([[0.3, 0.0]]), heights)
    lows = [one.quads[..., 2].min() for one in (first, second, third)]
    assert lows == pytest.approx([0, 0.1, 0], abs=1e-9)
    assert heights.height_at(np.zeros(2)) == pytest.approx(0.15, abs=1e-9)


def test_a_thing_comes_to_rest_at_its_lowest_position():
    heights = HeightMap()
    let_down(block((0.2, 0.2, 0.1)), FLAT, HERE, heights)
    beside = let_down(block((0.05, 0.05, 0.05)), FLAT, np.array([[0.0, 0.0], [0.0, 0.3]]), heights)
    assert np.allclose(beside.quads.reshape(-1, 3).mean(axis=0), (0, 0.3, 0.025), atol=1e-9)


def test_a_tilted_block_rests_on_its_corner():
    one = let_down(block((0.1, 0.1, 0.1)), tilted(np.random.default_rng(0)), HERE, HeightMap())
    assert one.quads[..., 2].min() == pytest.approx(0, abs=1e-9)
    assert np.linalg.norm(np.diff(one.quads[0], axis=0), axis=1) == pytest.approx([0.1] * 3), (
        "it stays a block"
    )


@pytest.mark.parametrize("turned", [upright, tilted, any_way])
def test_nothing_in_a_heap_lies_below_what_was_there(turned):
    """Every thing touches what is below it and reaches into it nowhere by more than the map's cells let it."""
    rng, heights, low = np.random.default_rng(3), HeightMap(), []
    for kind in ("mug", "hammer", "bowl", "bottle", "mug", "spoon"):
        before = HeightMap()
        before.top = heights.top.copy()
        one = let_down(thing(kind, 1), turned(rng), rng.uniform(-0.05, 0.05, (3, 2)), heights)
        assert -0.006 < deepest(one, before) < 4 * CELL
        low.append(one.quads[..., 2].min())
        assert np.quantile(deepest_points(one, before), 0.99) < CELL
    assert low[0] == pytest.approx(0, abs=1e-9) and max(low) > 0.02


def deepest_points(one, heights: HeightMap) -> np.ndarray:
    points = one.surface.points
    return heights.top[heights.cells(points)] - points[:, 2]


@pytest.mark.parametrize("make", [stages.table, stages.floor, stages.bin_or_tray, stages.shelf])
def test_stages_have_a_surface_at_zero_and_nothing_in_the_way_of_things(make):
    for seed in range(10):
        needed = np.array((0.2, 0.3))
        stage = make(np.random.default_rng(seed), needed)
        ground = stage.rectangles[0]
        assert ground.middle[2] == 0 and ground.along[0] >= needed[0] and ground.across[1] >= needed[1]
        for board in stage.fixtures:
            low, high = board.quads.reshape(-1, 3).min(axis=0), board.quads.reshape(-1, 3).max(axis=0)
            over = (low[:2] < needed - 0.03).all() and (high[:2] > -needed + 0.03).all()
            assert not over or high[2] <= 0 or low[2] >= 0.25, (
                "fixtures are beside, below or far above things"
            )
        for flat in stage.rectangles[1:]:
            if abs(flat.across[2]) > 1:
                assert np.linalg.norm(flat.middle) > needed.max(), "walls stand behind things"
            else:
                assert flat.middle[2] <= 0


def test_tables_are_as_small_as_real_ones():
    areas = [4 * np.prod([s.rectangles[0].along[0], s.rectangles[0].across[1]])
             for s in (stages.table(np.random.default_rng(k)) for k in range(100))]  # fmt: skip
    assert min(areas) < 0.2 and max(areas) > 1.5 and 0.3 < np.median(areas) < 1.0
