"""Joints: how parts move is kept through frames, inherited by pieces, and true to the geometry of every kind."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.shapes.builder import Builder, joint_of, lifts, presses, screws, slides, spins, turns
from part_perception.shapes.kinds import KINDS


def built(assemble):
    b = Builder(np.random.default_rng(0))
    assemble(b)
    return b.shape("x", ("x",))


def test_a_joint_is_given_in_the_frame_of_its_part():
    def assemble(b):
        with b.moved((1, 2, 3), yaw=np.pi / 2), b.moved((0.5, 0, 0)):
            b.part("door", joint=turns((0, 0, 2), (0.1, 0, 0), 1.5, now=0.5))
            b.box((0.1, 0.1, 0.1))
            b.part("drawer", joint=slides((1, 0, 0), 0.4, now=0.1))
            b.box((0.1, 0.1, 0.1))

    door, drawer = (p.joint for p in built(assemble).parts)
    assert door.kind == "turns" and np.allclose(door.axis, (0, 0, 1)), "an axis has length 1"
    assert np.allclose(door.origin, (1, 2.6, 3)) and (door.low, door.high) == (-0.5, 1.0)
    assert drawer.kind == "slides" and np.allclose(drawer.axis, (0, 1, 0))
    assert (drawer.low, drawer.high) == (-0.1, pytest.approx(0.3))


def test_pieces_move_with_what_they_belong_to_and_the_rest_is_fixed():
    def assemble(b):
        b.part("body")
        b.box((1, 1, 1))
        drawer = b.part("drawer", joint=slides((1, 0, 0), 0.4))
        b.box((0.1, 0.1, 0.1))
        handle = b.part("handle", inside=drawer)
        b.box((0.1, 0.1, 0.1))
        b.part("screw of the handle", inside=handle)
        b.box((0.1, 0.1, 0.1))
        b.part("button", inside=drawer, joint=presses((-1, 0, 0), 0.004))
        b.box((0.1, 0.1, 0.1))

    shape = built(assemble)
    joints = [joint_of(shape, i) for i in range(5)]
    assert joints[0] is None and joints[1] is joints[2] is joints[3] and joints[1].kind == "slides"
    assert joints[4].kind == "presses" and joints[4].high == 0.004


def test_spinning_and_screwing_parts_turn_about_their_own_centre():
    def assemble(b):
        with b.moved((0, 0, 1), roll=np.pi / 2):
            b.part("wheel", joint=spins((0, 0, 1)))
            b.rod((3, 0, 0), (3, 0, 0.1), 0.2)
            b.part("cap", joint=screws())
            b.rod((5, 0, 0), (5, 0, 0.1), 0.2)

    wheel, cap = (p.joint for p in built(assemble).parts)
    assert np.allclose(wheel.axis, (0, -1, 0), atol=1e-9) and np.allclose(
        wheel.origin, (3, -0.05, 1), atol=1e-6
    )
    assert np.allclose(cap.axis, (0, -1, 0), atol=1e-9) and np.allclose(cap.origin, (5, -0.05, 1), atol=1e-6)


def test_a_joint_moves_points_by_its_amount():
    points = np.array([(1.0, 0, 5), (0, 0, 0)])
    door = turns((0, 0, 1), (0, 0, 0))
    assert np.allclose(door.moved(points, np.pi / 2), [(0, 1, 5), (0, 0, 0)])
    assert np.allclose(turns((0, 0, -1), (0, 1, 0)).moved(points, np.pi / 2), [(-1, 0, 5), (-1, 1, 0)])
    assert np.allclose(slides((0, 0, 1), 1).moved(points, 0.5), points + (0, 0, 0.5))
    assert np.allclose(lifts((0, 0, 1)).moved(points, 0.1), points + (0, 0, 0.1))
    assert screws().high == pytest.approx(4 * np.pi)


def _part_points(shape, part: int) -> np.ndarray:
    """Corners of the surfaces of a part and its pieces."""
    mine = {part}
    for i, p in enumerate(shape.parts):
        if p.parent in mine:
            mine.add(i)
    return shape.quads[np.isin(shape.part, list(mine))].reshape(-1, 3)


def _gap(a: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    """How far a point is from a box."""
    return float(np.linalg.norm(np.maximum(0, np.maximum(low - a, a - high))))


@pytest.mark.parametrize("name", sorted(k for k, v in KINDS.items() if v.front))
def test_fronts_move_as_fronts_do(name):
    """Drawers slide out of the front, doors turn about one of their own edges; what opens comes towards +x."""
    for seed in range(20):
        shape = KINDS[name].make(np.random.default_rng(seed))
        for i, part in enumerate(shape.parts):
            if part.joint is None or part.joint.kind not in ("slides", "turns"):
                continue
            joint, points = part.joint, _part_points(shape, i)
            assert joint.low <= 1e-9 and joint.high >= -1e-9 and joint.high > joint.low
            assert np.linalg.norm(joint.axis) == pytest.approx(1)
            shut = joint.moved(points, joint.low)
            if part.names[0] == "drawer":
                assert joint.kind == "slides" and joint.axis[0] > 0.99
            if part.names[0] in ("door", "flap") and joint.kind == "turns":
                low, high = shut.min(axis=0), shut.max(axis=0)
                onto = joint.origin + np.outer(np.linspace(-3, 3, 601), joint.axis)
                assert min(_gap(p, low, high) for p in onto) < 0.03, "the hinge lies on the door"
                edge = np.cross(joint.axis, (1, 0, 0)) @ (shut - joint.origin).T
                assert min(abs(edge.min()), abs(edge.max())) < 0.03, "the hinge lies on an edge of the door"
                assert joint.moved(shut, 0.3)[:, 0].max() > shut[:, 0].max() + 0.02, "it opens to the front"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_joint_is_whole(name):
    """A unit axis, a range about the present place, and an axis that passes through or beside the part."""
    for seed in range(3):
        shape = KINDS[name].make(np.random.default_rng(seed))
        for i, joint in ((i, p.joint) for i, p in enumerate(shape.parts) if p.joint):
            assert joint.kind in ("slides", "turns", "screws", "presses", "lifts")
            assert np.linalg.norm(joint.axis) == pytest.approx(1) and np.isfinite(joint.origin).all()
            assert joint.low <= 1e-9 <= joint.high + 2e-9 and joint.high > joint.low
            points = _part_points(shape, i)
            low, high = points.min(axis=0), points.max(axis=0)
            size = np.linalg.norm(high - low)
            beside = ((low + high) / 2 - joint.origin) @ joint.axis
            onto = joint.origin + np.outer(beside + np.linspace(-1, 1, 201) * size, joint.axis)
            assert min(_gap(p, low, high) for p in onto) < 0.25 * size + 0.03
