"""Sampling: evenly spread samples of any cloud, and farthest points."""

import time

import numpy as np
import pytest

from part_perception.encoder.sampling import farthest_points, thin


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
def test_the_time_for_300_000_points():
    points = np.random.default_rng(0).normal(size=(300_000, 3))
    thin(points, 1024)
    taken = []
    for _ in range(10):  # the least of several: others may have the caches
        start = time.process_time()
        thin(points, 1024)
        taken.append(time.process_time() - start)
    assert min(taken) <= 0.06


def test_farthest_points_by_hand():
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [7, 0, 0], [10, 0, 0]])
    assert farthest_points(line, 4).tolist() == [0, 4, 3, 2]
    assert farthest_points(line, 3, start=3).tolist() == [3, 0, 4]


def test_skipped_points_are_never_picked_but_may_begin():
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0], [7, 0, 0], [10, 0, 0]])
    skip = np.array([True, False, False, False, True])
    assert farthest_points(line, 4, start=0, skip=skip).tolist() == [0, 3, 2, 1]


def test_farthest_points_are_those_of_the_plain_way():
    points = sphere(700).astype(np.float32)
    nearest, chosen = np.full(700, np.inf), [3]
    for _ in range(63):
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]).astype(float) ** 2).sum(axis=1))
        chosen.append(int(nearest.argmax()))
    assert farthest_points(points, 64, start=3).tolist() == chosen
