"""Boxes fit what they hold."""

import numpy as np

from part_perception.geometry.boxes import longest, principal_box, upright_box


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


def test_the_longest_extent_does_not_depend_on_how_a_thing_lies():
    rod = np.linspace((0, 0, 0), (0.3, 0, 0), 20)
    turns = np.linalg.qr(np.random.default_rng(0).normal(size=(20, 3, 3)))[0]
    lengths = [longest(rod @ turn.T + 5.0) for turn in turns]
    assert min(lengths) > 0.3 * 0.98 and max(lengths) < 0.3 + 1e-9
    assert longest(np.zeros((0, 3))) == 0.0
