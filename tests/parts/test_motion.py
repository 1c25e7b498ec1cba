"""Axes: of synthetic parts whose joint is known, the shipped rule finds the axis, however poor the network's is."""

import numpy as np
import pytest

from part_perception.encoder.store import load_manifest
from part_perception.model_folders import find_model
from part_perception.parts.motion import axis_evidence, candidates, likeliest_axis

NO_IDEA = np.array((0.6, 0.48, 0.64))  # the network's axis is far from all that is built


@pytest.fixture(scope="module")
def rule():
    return load_manifest(find_model()).motion_rule


def box(size, at, count: int = 400) -> np.ndarray:
    """Points all over the surface of a box."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.5, 0.5, (count, 3))
    side = rng.integers(3, size=count)
    points[np.arange(count), side] = np.sign(points[np.arange(count), side]) / 2
    return points * size + at


@pytest.fixture(scope="module")
def cabinet() -> np.ndarray:
    """Its front faces +x; 0.8 wide and 1 tall."""
    return box((0.5, 0.8, 1.0), (0, 0, 0), 1500)


def test_a_door_turns_about_up(rule, cabinet):
    door = box((0.02, 0.38, 0.95), (0.26, 0.2, 0))
    axis = likeliest_axis(door, np.vstack([cabinet, door]), NO_IDEA, rule.weights_of_axis("turns"))
    assert abs(axis[2]) == pytest.approx(1.0, abs=1e-6)


def test_a_drawer_slides_along_the_normal_of_its_front(rule, cabinet):
    front = box((0.02, 0.75, 0.2), (0.26, 0, 0.1))
    axis = likeliest_axis(front, np.vstack([cabinet, front]), NO_IDEA, rule.weights_of_axis("slides"))
    assert abs(axis[0]) == pytest.approx(1.0, abs=0.01)


def test_a_cap_is_screwed_about_what_it_is_round_about(rule):
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 1200)
    bottle = np.c_[0.3 * np.cos(angle), 0.3 * np.sin(angle), rng.uniform(-0.5, 0.4, 1200)]
    cap = np.c_[0.1 * np.cos(angle), 0.1 * np.sin(angle), rng.uniform(0.4, 0.5, 1200)][:300]
    axis = likeliest_axis(cap, np.vstack([bottle, cap]), NO_IDEA, rule.weights_of_axis("screws"))
    assert abs(axis[2]) == pytest.approx(1.0, abs=0.02)


def test_evidence_says_what_the_form_is(cabinet):
    plate = box((0.02, 0.75, 0.2), (0.26, 0, 0.1))
    axes = candidates(plate, cabinet)
    evidence = axis_evidence(axes, plate, cabinet, axes[0])
    assert evidence.shape == (6, 7)
    np.testing.assert_allclose(
        evidence[0, :3], 1.0, atol=1e-6
    )  # the network says up, which is an axis of the object
    np.testing.assert_allclose(evidence[0, 4], 0.2, atol=0.02)  # a fifth of the cabinet's height
    normal = int(np.argmax(np.abs(axes[:, 0])))
    assert evidence[normal, 3] < 0.06  # thin beside its longest side
    assert evidence[normal, 5] == 1.0  # outermost
