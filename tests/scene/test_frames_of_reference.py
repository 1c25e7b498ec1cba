"""The canonical frame and boxes: exact ways there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from part_perception.scene.boxes import principal_box, upright_box
from part_perception.scene.canonical import CanonicalFrame

directions = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1)


@given(directions, st.floats(0.01, 5), st.integers(0, 1000))
def test_canonical_and_back(up, size, seed):
    up = np.asarray(up) / np.linalg.norm(up)
    points = size * np.random.default_rng(seed).normal(size=(200, 3)) + 3
    frame = CanonicalFrame.of(points, up)
    canonical = frame.apply(points)
    assert np.allclose(frame.back(canonical), points, atol=1e-9 * size + 1e-9)
    assert np.allclose(frame.rotation.T @ up, (0, 0, 1), atol=1e-9)
    assert np.linalg.det(frame.rotation) > 0.99
    assert 0.9 < np.percentile(np.linalg.norm(canonical, axis=1), 99) < 1.1


def test_stray_points_move_the_canonical_frame_little():
    points = np.random.default_rng(0).uniform(-0.05, 0.05, (2000, 3))
    stray = np.concatenate([points, np.full((5, 3), 1.0)])
    up = np.array((0, 0, 1.0))
    clean, dirty = CanonicalFrame.of(points, up), CanonicalFrame.of(stray, up)
    assert np.linalg.norm(clean.centre - dirty.centre) < 0.002
    assert abs(clean.scale / dirty.scale - 1) < 0.05


def test_boxes_fit_a_turned_block():
    rng = np.random.default_rng(1)
    block = rng.uniform(-0.5, 0.5, (3000, 3)) * (0.3, 0.1, 0.05)
    c, s = np.cos(0.7), np.sin(0.7)
    turned = block @ np.array(((c, -s, 0), (s, c, 0), (0, 0, 1))).T + (1, 2, 3)
    for box in (principal_box(turned), upright_box(turned, np.array((0, 0, 1.0)))):
        assert np.allclose(np.sort(box.size), (0.05, 0.1, 0.3), atol=0.01)
        assert np.allclose(box.centre, (1, 2, 3), atol=0.01)
        assert np.allclose(box.rotation @ box.rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(box.rotation) > 0.99
        inside = (turned - box.centre) @ box.rotation
        assert (np.abs(inside) <= box.size / 2 + 1e-9).all()
    assert np.allclose(upright_box(turned, np.array((0, 0, 1.0))).rotation[:, 2], (0, 0, 1))
