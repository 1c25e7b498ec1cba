"""Sampling: evenly spread samples of any cloud, and farthest points."""

from __future__ import annotations

import time

import numpy as np
import pytest

from part_perception.encoder.sampling import farthest_points, split, thin


def sphere(count: int, seed: int = 0) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(count, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [32, 1024])
def test_small_clouds_come_back_whole(count):
    points = sphere(count)
    samples, member = thin(points, 1024)
    assert np.array_equal(samples, points)
    assert np.array_equal(member, np.arange(count))
    samples[0] = 7
    assert points[0, 0] != 7


@pytest.mark.parametrize("count", [1025, 5000, 80_000])
def test_large_clouds_become_about_as_many_samples_as_asked(count):
    samples, member = thin(sphere(count), 1024)
    assert 600 <= len(samples) <= 1024
    assert member.shape == (count,)
    assert np.array_equal(np.unique(member), np.arange(len(samples)))


def test_a_sample_is_the_mean_of_its_points_and_they_are_near_it():
    points = sphere(20_000)
    samples, member = thin(points, 512)
    for i in (0, 100, len(samples) - 1):
        assert np.allclose(samples[i], points[member == i].mean(axis=0))
    assert np.linalg.norm(points - samples[member], axis=1).max() < 0.25


def test_samples_are_even_where_the_density_is_not():
    dense, thin_half = sphere(60_000), sphere(3_000, 1)
    points = np.concatenate([dense[dense[:, 2] > 0], thin_half[thin_half[:, 2] <= 0]])
    samples, _ = thin(points, 1024)
    assert 0.4 < (samples[:, 2] > 0).mean() < 0.6


@pytest.mark.timed
def test_the_time_for_300_000_points(slowness):
    points = np.random.default_rng(0).normal(size=(300_000, 3))
    thin(points, 1024)
    taken = []
    for _ in range(10):  # the minimum of several, because other processes may use the caches
        start = time.process_time()
        thin(points, 1024)
        taken.append(time.process_time() - start)
    assert min(taken) <= 0.06 * slowness


def test_farthest_points_by_hand():
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [7, 0, 0], [10, 0, 0]])
    assert farthest_points(line, 4).tolist() == [0, 4, 3, 2]
    assert farthest_points(line, 3, start=3).tolist() == [3, 0, 4]


def test_skipped_points_are_never_picked_but_may_begin():
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [7, 0, 0], [10, 0, 0]])
    skip = np.array([True, False, False, False, True])
    assert farthest_points(line, 4, start=0, skip=skip).tolist() == [0, 3, 2, 1]


def test_farthest_points_equal_the_plain_algorithm():
    points = sphere(700).astype(np.float32)
    nearest, chosen = np.full(700, np.inf), [3]
    for _ in range(63):
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]).astype(float) ** 2).sum(axis=1))
        chosen.append(int(nearest.argmax()))
    assert farthest_points(points, 64, start=3).tolist() == chosen


@pytest.mark.parametrize(("points", "samples"), [(4096, 512), (5000, 512), (777, 100), (20_000, 1024)])
def test_cells_have_equally_many_points(points, samples):
    made, member = split(sphere(points), samples)
    counts = np.bincount(member, minlength=samples)
    assert made.shape == (samples, 3) and member.max() == samples - 1
    assert np.ptp(counts) <= np.log2(samples) and counts.min() >= points // samples - 2


def test_a_sample_is_the_mean_of_its_points_and_cells_are_compact():
    points = sphere(20_000)
    samples, member = split(points, 500)
    for i in (0, 77, 499):
        assert np.allclose(samples[i], points[member == i].mean(axis=0))
    assert np.linalg.norm(points - samples[member], axis=1).max() < 0.3


@pytest.mark.parametrize("count", [1, 5, 40])
def test_few_points_stand_for_themselves(count):
    points = sphere(count)
    samples, member = split(points, 512)
    assert np.array_equal(samples[member], points) and len(np.unique(member)) == count


def test_the_order_of_points_does_not_matter():
    points, order = sphere(3000), np.random.default_rng(5).permutation(3000)
    samples, member = split(points, 200)
    others, moved = split(points[order], 200)
    assert np.allclose(samples, others) and np.array_equal(member[order], moved)


def test_spread_out_points_get_samples_in_proportion_to_their_number():
    rng = np.random.default_rng(0)
    dense = rng.uniform(0, 1, (9000, 3)) * (0.1, 0.1, 0.0)
    skirt = rng.uniform(0, 1, (1000, 3)) * (0.1, 0.0, 1.0) + (0, 0.1, 0.05)
    samples, _ = split(np.concatenate([dense, skirt]), 500)
    assert (samples[:, 2] > 0.04).mean() == pytest.approx(0.1, abs=0.02)


def test_weight_draws_samples():
    points = sphere(8000)
    upper = points[:, 2] > 0
    weight = np.where(upper, 3.0, 1.0).astype(np.float32)
    samples, _ = split(points, 400, weight)
    assert (samples[:, 2] > 0).mean() == pytest.approx(0.75, abs=0.02)


def test_weightless_points_make_no_samples_and_belong_to_their_cell():
    points = sphere(6000)
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
    samples, member = split(sphere(50), 20, weight)
    assert len(samples) == 7 and set(member) <= set(range(7))


def test_points_at_one_place_are_handled():
    samples, member = split(np.ones((300, 3)), 64)
    assert np.allclose(samples, 1) and len(np.unique(member)) == 64


def test_many_equal_coordinates_still_make_equal_cells():
    grid = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0), [0.0]), axis=-1).reshape(-1, 3)
    counts = np.bincount(split(grid, 100)[1], minlength=100)
    assert counts.min() >= 8 and counts.max() <= 24
