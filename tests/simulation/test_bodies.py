"""The raster: quads, rectangles and points lie where geometry has them, and the nearest hides the others."""

from __future__ import annotations

import numpy as np

from part_perception.simulation.bodies import draw, draw_points, draw_rectangle

FOCAL = 100.0
WIDTH, HEIGHT = 160, 120


def blank() -> tuple[np.ndarray, np.ndarray]:
    return np.full((HEIGHT, WIDTH), np.inf), np.full((HEIGHT, WIDTH), -1, np.int32)


def rectangle(middle, along, across) -> tuple[np.ndarray, np.ndarray]:
    depth, owner = blank()
    draw_rectangle(*(np.array(v, float) for v in (middle, along, across)), FOCAL, 5, depth, owner)
    return depth, owner


def test_a_floor_that_continues_behind_the_camera_is_drawn_up_to_the_horizon():
    height = 0.4  # below the camera, which looks along z with y down
    depth, owner = rectangle((0, height, 0), (1000, 0, 0), (0, 0, 1000))
    rows = np.arange(HEIGHT) - HEIGHT / 2
    assert np.isinf(depth[rows <= 0]).all() and (owner[rows <= 0] == -1).all()
    assert np.allclose(depth[rows > 0], (height * FOCAL / rows[rows > 0])[:, None], rtol=1e-9)
    assert (owner[rows > 0] == 5).all()


def test_a_rectangle_ends_at_its_sides():
    _, owner = rectangle((0, 0, 2), (0.5, 0, 0), (0, 0.25, 0))
    rows, columns = np.nonzero(owner == 5)
    assert columns.min() == WIDTH / 2 - 25 and columns.max() == WIDTH / 2 + 25
    assert abs(rows - HEIGHT / 2).max() <= 13 and len(rows) >= 51 * 25


def test_a_rectangle_that_is_slanted_agrees_with_the_same_quad():
    middle, along, across = np.array([0.1, 0.05, 1.5]), np.array([0.4, 0, 0.3]), np.array([0.15, 0.3, -0.2])
    depth, _ = rectangle(middle, along, across)
    corners = [middle + a * along + b * across for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    other, owner = blank()
    draw(np.array([corners]), FOCAL, 9, other, owner)
    both = np.isfinite(depth) & np.isfinite(other)
    assert both.sum() > 1500 and (np.isfinite(depth) ^ np.isfinite(other)).sum() < 0.02 * both.sum()
    assert np.allclose(depth[both], other[both], rtol=1e-9) and (owner[np.isfinite(other)] == 9).all()


def test_the_nearest_of_two_quads_is_seen():
    def square(z: float, half: float) -> np.ndarray:
        return np.array([[-half, -half, z], [half, -half, z], [half, half, z], [-half, half, z]])

    depth, owner = blank()
    draw(np.stack([square(2.0, 1.0), square(1.0, 0.1)]), FOCAL, 3, depth, owner)
    middle = owner[HEIGHT // 2, WIDTH // 2]
    assert middle == 4 and depth[HEIGHT // 2, WIDTH // 2] == 1.0
    assert abs((owner == 4).sum() - 21 * 21) < 5 and np.allclose(depth[owner == 3], 2.0)


def test_a_quad_with_a_corner_behind_the_camera_is_left_out():
    depth, owner = blank()
    draw(np.array([[[0, 0, -1.0], [1, 0, -1], [1, 1, -1], [0, 1, -1]]]), FOCAL, 0, depth, owner)
    assert np.isinf(depth).all()


def test_points_are_squares_of_their_size_and_the_nearest_is_seen():
    depth, owner = blank()
    points = np.array([[0, 0, 2.0], [0, 0, 1.0], [0.4, 0.2, 1.0], [0, 0, -1.0]])
    draw_points(points, np.array([0.2, 0.02, 0.02, 0.02]), FOCAL, 10, depth, owner)
    middle = (slice(HEIGHT // 2 - 2, HEIGHT // 2 + 3), slice(WIDTH // 2 - 2, WIDTH // 2 + 3))
    assert (owner[middle] == 11).all() and (owner == 11).sum() == 25
    assert (owner == 10).sum() == 21 * 21 - 25 and (depth[owner == 10] == 2.0).all()
    rows, columns = np.nonzero(owner == 12)
    assert (rows.mean(), columns.mean()) == (HEIGHT / 2 + 20, WIDTH / 2 + 40)
    assert not (owner == 13).any(), "what is behind the camera is not seen"
