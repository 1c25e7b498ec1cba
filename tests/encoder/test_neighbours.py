"""Neighbours: the grid finds the same as brute force, ties and far queries included."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.encoder.neighbours import nearest_of, nearest_of_few


def plain(queries: np.ndarray, points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Sort all distances; among equal ones the first point comes first."""
    squared = ((queries[:, None].astype(float) - points[None]) ** 2).sum(axis=2)
    near = np.argsort(squared, axis=1, kind="stable")[:, :count]
    return near, np.take_along_axis(squared, near, axis=1)


def clouds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    ball = rng.normal(size=(600, 3))
    ball /= np.linalg.norm(ball, axis=1, keepdims=True)
    line = np.outer(rng.uniform(size=300), (1.0, 2.0, -3.0))
    far = np.concatenate([ball[:200] * 0.01, [(50.0, 0.0, 0.0), (0.0, -90.0, 3.0)]])
    lattice = np.stack(np.meshgrid(*[np.arange(7.0)] * 3), axis=-1).reshape(-1, 3)
    return {
        "ball": ball,
        "line": line,
        "outliers": far,
        "lattice": lattice,
        "twice": np.tile(ball[:80], (2, 1)),
    }


@pytest.mark.parametrize("name", clouds())
@pytest.mark.parametrize("count", [1, 9, 24])
def test_the_grid_finds_the_same_as_brute_force(name, count):
    points = clouds()[name]
    near, squared = nearest_of(points, points, count)
    expected, distances = plain(points, points, count)
    assert np.array_equal(near, expected)
    assert np.allclose(squared, distances, rtol=1e-12, atol=1e-24)
    for queries in (points * 1.7 + 0.3, np.array([[1e3, -1e3, 0.0]])):  # some lie outside the grid
        assert np.allclose(
            nearest_of(queries, points, count)[1], plain(queries, points, count)[1], rtol=1e-12
        )


def test_each_point_is_nearest_to_itself_then_to_its_duplicate():
    points = np.tile(clouds()["ball"], (2, 1))
    near, squared = nearest_of(points, points, 2)
    assert np.array_equal(
        near, np.stack([np.arange(600), np.arange(600, 1200)], axis=1)[np.arange(1200) % 600]
    )
    assert (squared == 0).all()


def test_no_more_neighbours_than_points():
    near, squared = nearest_of(np.zeros((1, 3)), np.array([[3.0, 0, 0], [1, 0, 0], [2, 0, 0]]), 5)
    assert near.tolist() == [[1, 2, 0]]
    assert squared.tolist() == [[1, 4, 9]]


def test_points_at_one_place_are_handled():
    near, squared = nearest_of(np.ones((40, 3)), np.ones((40, 3)), 3)
    assert (near == (0, 1, 2)).all() and (squared == 0).all()


@pytest.mark.parametrize("count", [1, 3, 200])
def test_few_points_are_compared_by_brute_force(count):
    points = clouds()["ball"].astype(np.float32)
    near, squared = nearest_of_few(points, points[::6], count)
    expected, distances = plain(points, points[::6], count)
    assert near.shape == (600, min(count, 100))
    assert np.allclose(squared, distances, atol=1e-6)
    assert np.array_equal(near[:, 0], expected[:, 0])
    assert (near == expected).mean() > 0.999, "only what is tied but for rounding may change places"
