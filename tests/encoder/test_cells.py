"""Cells: equally many points for every sample, whatever their order and however far some are spread out."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.encoder.cells import split


def surface(count: int, seed: int = 0) -> np.ndarray:
    """A ball."""
    points = np.random.default_rng(seed).normal(size=(count, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize(("points", "samples"), [(4096, 512), (5000, 512), (777, 100), (20_000, 1024)])
def test_cells_have_equally_many_points(points, samples):
    made, member = split(surface(points), samples)
    counts = np.bincount(member, minlength=samples)
    assert made.shape == (samples, 3) and member.max() == samples - 1
    assert np.ptp(counts) <= np.log2(samples) and counts.min() >= points // samples - 2


def test_a_sample_is_the_mean_of_its_points_and_cells_are_compact():
    points = surface(20_000)
    samples, member = split(points, 500)
    for i in (0, 77, 499):
        assert np.allclose(samples[i], points[member == i].mean(axis=0))
    assert np.linalg.norm(points - samples[member], axis=1).max() < 0.3


@pytest.mark.parametrize("count", [1, 5, 40])
def test_few_points_stand_for_themselves(count):
    points = surface(count)
    samples, member = split(points, 512)
    assert np.array_equal(samples[member], points) and len(np.unique(member)) == count


def test_the_order_of_points_does_not_matter():
    points, order = surface(3000), np.random.default_rng(5).permutation(3000)
    samples, member = split(points, 200)
    others, moved = split(points[order], 200)
    assert np.allclose(samples, others) and np.array_equal(member[order], moved)


def test_points_that_are_spread_out_win_no_more_samples_than_points_that_are_not():
    rng = np.random.default_rng(0)
    dense = rng.uniform(0, 1, (9000, 3)) * (0.1, 0.1, 0.0)
    skirt = rng.uniform(0, 1, (1000, 3)) * (0.1, 0.0, 1.0) + (0, 0.1, 0.05)
    samples, _ = split(np.concatenate([dense, skirt]), 500)
    assert (samples[:, 2] > 0.04).mean() == pytest.approx(0.1, abs=0.02)


def test_weight_draws_samples():
    points = surface(8000)
    upper = points[:, 2] > 0
    weight = np.where(upper, 3.0, 1.0).astype(np.float32)
    samples, _ = split(points, 400, weight)
    assert (samples[:, 2] > 0).mean() == pytest.approx(0.75, abs=0.02)


def test_points_of_no_weight_make_no_samples_and_belong_to_the_cell_they_lie_in():
    points = surface(6000)
    rng = np.random.default_rng(1)
    silent = np.concatenate([points[:1000] + rng.normal(0, 1e-4, (1000, 3)), [(0.0, 0.0, 30.0)]])
    weight = np.concatenate([np.ones(6000), np.zeros(1001)]).astype(np.float32)
    samples, member = split(np.concatenate([points, silent]), 300, weight)
    alone, without = split(points, 300)
    assert np.array_equal(samples, alone) and np.array_equal(member[:6000], without)
    assert (member[6000:7000] == without[:1000]).mean() > 0.98, "beside a point is its cell"
    assert samples[member[7000], 2] > 0.8, "far above is the topmost cell's"


def test_no_more_samples_than_points_with_a_weight():
    weight = np.zeros(50, np.float32)
    weight[:7] = 1
    samples, member = split(surface(50), 20, weight)
    assert len(samples) == 7 and set(member) <= set(range(7))


def test_points_at_one_place_are_survived():
    samples, member = split(np.ones((300, 3)), 64)
    assert np.allclose(samples, 1) and len(np.unique(member)) == 64


def test_many_equal_coordinates_still_make_equal_cells():
    grid = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0), [0.0]), axis=-1).reshape(-1, 3)
    counts = np.bincount(split(grid, 100)[1], minlength=100)
    assert counts.min() >= 8 and counts.max() <= 24
