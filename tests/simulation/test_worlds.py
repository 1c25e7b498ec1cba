"""Worlds: objects at rest whose joints went with them, whatever bent, scaled and turned the object."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.shapes.builder import Builder, presses
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.worlds import LARGEST, MOTIONS, UNKNOWN, Joints, joints_of, make_world

SEEDS = range(12)


def worlds_of(kind: str):
    return [make_world(KINDS[kind], np.random.default_rng(seed)) for seed in SEEDS]


def own_points(shape, world, part: int) -> np.ndarray:
    """Corners of a part and its pieces, in the world."""
    mine = {part}
    for number, piece in enumerate(shape.parts):
        if piece.parent in mine:
            mine.add(number)
    return world.body.quads[np.isin(world.body.part, list(mine))].reshape(-1, 3)


@pytest.mark.parametrize("kind", ["dresser", "filing cabinet"])
def test_the_axis_of_a_drawer_points_out_of_the_front(kind):
    """Bent ones a little aside; and of all objects one in sixteen lies any way."""
    along = []
    for shape, world in worlds_of(kind):
        forward = np.array((np.cos(world.front), np.sin(world.front), 0.0))
        drawers = [n for n, part in enumerate(shape.parts) if part.names[0] == "drawer"]
        assert drawers and all(MOTIONS[world.joints.motion[n]] == "slides" for n in drawers)
        along.append(min(world.joints.axis[n] @ forward for n in drawers))
    assert np.median(along) > 0.99 and np.mean(np.array(along) > 0.9) > 0.85


def test_a_door_turns_about_its_own_edge():
    doors = 0
    for shape, world in worlds_of("refrigerator"):
        for number, part in enumerate(shape.parts):
            if part.joint is None or part.joint.kind != "turns" or "door" not in part.names[0]:
                continue
            points = own_points(shape, world, number)
            axis, origin = world.joints.axis[number], world.joints.origin[number]
            away = points - origin
            away -= np.outer(away @ axis, axis)
            reach = np.linalg.norm(away, axis=1)
            assert reach.min() < 0.12 * reach.max(), "the axis runs along the door"
            doors += 1
    assert doors > 5


def test_pieces_move_as_what_they_belong_to_does():
    shape, world = worlds_of("dresser")[0]
    pieces = [(n, p.parent) for n, p in enumerate(shape.parts) if p.parent >= 0 and p.joint is None]
    moving = [(n, parent) for n, parent in pieces if world.joints.motion[parent] > 0]
    assert moving
    for number, parent in moving:
        assert world.joints.motion[number] == world.joints.motion[parent]
        assert np.array_equal(world.joints.axis[number], world.joints.axis[parent])


def test_parts_without_a_joint_are_fixed_and_undeclared_ones_unknown():
    shape = KINDS["mug"].make(np.random.default_rng(0))
    assert (joints_of(shape).motion == MOTIONS.index("fixed")).all()
    assert (Joints.unknown(3).motion == UNKNOWN).all() and UNKNOWN < 0


def test_a_button_without_a_joint_is_not_called_fixed():
    builder = Builder(np.random.default_rng(0))
    body = builder.part("body")
    builder.box((1, 1, 1))
    for name, joint in (("button", None), ("button", presses((0, 0, -1), 0.004)), ("rim", None)):
        builder.part(name, inside=body, joint=joint)
        builder.box((0.1, 0.1, 0.1))
    motion = joints_of(builder.shape("x", ("x",))).motion
    assert motion.tolist() == [
        MOTIONS.index("fixed"),
        UNKNOWN,
        MOTIONS.index("presses"),
        MOTIONS.index("fixed"),
    ]


def test_joints_turn_with_the_points():
    joints = Joints(np.array([1]), np.array([[1.0, 0, 0]]), np.array([[0.0, 1.0, 0.0]]))
    turned = joints.turned(np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]))
    assert np.allclose(turned.axis, (0, 1, 0)) and np.allclose(turned.origin, (-1, 0, 0))


@pytest.mark.parametrize("kind", ["mug", "hammer", "chair", "light switch"])
def test_everything_rests_on_the_ground_and_axes_have_length_one(kind):
    for _, world in worlds_of(kind):
        corners = world.body.corners
        assert corners[:, 2].min() == pytest.approx(0, abs=1e-6)
        lengths = np.linalg.norm(world.joints.axis, axis=1)
        assert (
            np.allclose(lengths[world.joints.motion > 0], 1)
            and (lengths[world.joints.motion == 0] == 0).all()
        )


def test_things_larger_than_a_room_are_scaled_down():
    sizes = [np.ptp(world.body.corners, axis=0).max() for _, world in worlds_of("propeller plane")]
    assert max(sizes) < LARGEST / 2 and min(sizes) > 0.1


def test_only_what_hangs_or_has_a_front_is_looked_at_from_there():
    rng = np.random.default_rng(0)
    _, switch = worlds_of("light switch")[0]
    assert switch.hangs
    low, high = switch.azimuths(rng)
    assert (low + high) / 2 == pytest.approx(switch.front) and high - low < np.pi
    _, mug = worlds_of("mug")[0]
    assert mug.azimuths(rng) == (-np.pi, np.pi) and not mug.hangs
