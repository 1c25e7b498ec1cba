"""Axes: the lines that a part may move about, the evidence for each, and the shipped rule, which finds the true one."""

import numpy as np
import pytest

from part_perception import PartSegmenter
from part_perception.errors import InputError
from part_perception.geometry.motions import MOTIONS, TURNING
from part_perception.geometry.normals import Whole
from part_perception.parts.motion import axis_and_place
from part_perception.parts.motion_axes import DIRECTION_EVIDENCE, LINE_EVIDENCE, MOVING, Build, MotionAxes
from part_perception.training.calibration.fitting import fresh_sight
from part_perception.training.calibration.motion import fit_choice, parts_of

UP = np.array((0.0, 0.0, 1.0))


def box(size, at, count: int = 400) -> np.ndarray:
    """Points spread over the surface of a box."""
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.5, 0.5, (count, 3))
    side = rng.integers(3, size=count)
    points[np.arange(count), side] = np.sign(points[np.arange(count), side]) / 2
    return points * size + at


@pytest.fixture(scope="module")
def door() -> Build:
    """The right half of a cabinet's front, which faces +x; 0.8 wide and 1 tall."""
    leaf = box((0.02, 0.38, 0.95), (0.26, 0.2, 0))
    whole = np.vstack([box((0.5, 0.8, 1.0), (0, 0, 0), 1500), leaf])
    return Build(Whole(whole), np.arange(len(whole)) >= 1500, seen_from=np.array((3.0, 0.0, 0.0)))


def test_all_directions_that_something_is_built_along_are_candidates(door):
    assert door.directions.shape == (7, 3)
    for axis in np.eye(3):
        assert np.abs(door.directions @ axis).max() > np.cos(np.radians(2))


def test_evidence_describes_the_shape(door):
    evidence = door.direction_evidence(UP)
    assert evidence.shape == (7, DIRECTION_EVIDENCE)
    said, upright, _, built, of_part, of_whole = evidence[0, :6]
    assert (said, upright) == (1.0, 1.0) and built > 0.999
    assert of_part == pytest.approx(1.0, abs=0.02) and of_whole == pytest.approx(0.95, abs=0.01)
    normal = int(np.argmax(np.abs(door.directions[:, 0])))
    assert evidence[normal, 4] < 0.08, "thin beside its longest side"
    assert evidence[normal, 6] > 0.95, "outermost"
    assert evidence[normal, 9] > 0.99, "towards the camera"


def test_the_hinge_of_a_door_is_among_the_lines(door):
    places, evidence = door.lines(UP, np.array((0.26, 0.33, 0.4)))
    assert evidence.shape == (19, LINE_EVIDENCE)
    for hinge in ((0.26, 0.39), (0.26, 0.01)):
        assert np.linalg.norm(places[:, :2] - hinge, axis=1).min() < 0.03
    np.testing.assert_allclose(places[:, 2], door.part[:, 2].mean(), atol=1e-9)
    np.testing.assert_allclose(places[-1, :2], (0.26, 0.33), atol=1e-9)
    nearest = np.linalg.norm(places[:, :2] - (0.26, 0.33), axis=1)
    np.testing.assert_allclose(evidence[:, 4], nearest, atol=1e-9)


def test_a_knob_tells_which_side_of_a_door_opens(door):
    assert not door.knob.any()
    whole = np.vstack([door.whole, box((0.04, 0.03, 0.03), (0.3, 0.36, 0.1), 40)])
    chosen = np.r_[np.arange(len(door.whole)) >= 1500, np.zeros(40, bool)]
    handled = Build(Whole(whole), chosen, seen_from=np.array((3.0, 0.0, 0.0)))
    np.testing.assert_allclose(handled.knob, (0.04, 0.16, 0.1), atol=0.03)
    places, evidence = handled.lines(UP, np.zeros(3))
    near, far = (int(np.argmin(np.linalg.norm(places[:, :2] - (0.26, y), axis=1))) for y in (0.39, 0.01))
    assert evidence[near, 21] > 0.5 and evidence[far, 21] < -0.5


def test_lines_turn_with_the_object(door):
    from part_perception.shapes.primitives import rotation

    turn = rotation(0, 0, 0.5)
    turned = Build(
        Whole(door.whole @ turn.T), np.arange(len(door.whole)) >= 1500, np.array((3.0, 0, 0)) @ turn.T
    )
    places = door.lines(UP, np.zeros(3))[0] @ turn.T
    for place in turned.lines(UP, np.zeros(3))[0]:
        assert np.linalg.norm(places - place, axis=1).min() < 0.02


def test_the_kind_of_part_decides_which_evidence_counts():
    rng = np.random.default_rng(0)
    evidence, wheel = rng.normal(size=(600, 5, 2)), rng.integers(2, size=600)
    # for wheels the second number counts, otherwise the first
    right = evidence[np.arange(600), :, wheel].argmax(axis=1)
    what = np.c_[np.ones(600), wheel]
    weights = fit_choice(evidence, what, np.eye(5)[right], 1e-3)
    chosen = np.einsum("vce,ve->vc", evidence, what @ weights.T).argmax(axis=1)
    assert (chosen == right).mean() > 0.95


def axes_of(width: int = 8, numbers: int = 3) -> MotionAxes:
    rng = np.random.default_rng(0)
    shapes = (
        (width,),
        (width, numbers),
        (MOVING, DIRECTION_EVIDENCE, 1 + numbers),
        (LINE_EVIDENCE, 1 + numbers),
    )
    return MotionAxes(*(rng.normal(size=shape).astype(np.float32).astype(float) for shape in shapes))


def test_a_file_keeps_all_numbers_and_damage_is_refused(tmp_path):
    path = tmp_path / "axes.safetensors"
    axes_of().save(path)
    for name, value in vars(MotionAxes.load(path, 8)).items():
        np.testing.assert_array_equal(value, getattr(axes_of(), name))
    with pytest.raises(InputError, match="mean must be"):
        MotionAxes.load(path, 9)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(InputError, match="cannot be read"):
        MotionAxes.load(path, 8)


def test_the_shipped_rule_finds_axes_of_fresh_views():
    """The kind of motion is given; a random direction is right in one of 7 cases, a random line in one of 19."""
    segmenter = PartSegmenter.load()
    right, near = [], []
    for number in range(100):
        _, world, view, _ = fresh_sight(number, seed=4242)
        encoded = segmenter.encode([view.points], viewpoint=view.viewpoint)[0]
        size = float(np.linalg.norm(np.ptp(world.body.corners, axis=0)))
        for part, chosen, joints in parts_of(encoded, world.joints, view):
            kind = int(joints.motion[part])
            if kind == 0:
                continue
            build, feature = Build.of(encoded, chosen), encoded.features[chosen].mean(axis=0)
            said = encoded.motion[chosen].astype(float)
            axis, place = axis_and_place(kind, build, feature, said, segmenter.motion_axes)
            right.append(abs(axis @ joints.axis[part]) > np.cos(np.radians(10)))
            if MOTIONS[kind] in TURNING:
                off = place * encoded.patches.scale + encoded.patches.centre - joints.origin[part]
                off = np.linalg.norm(off - (off @ joints.axis[part]) * joints.axis[part])
                near.append(off <= max(0.03, 0.1 * size))
    assert len(right) > 20 and np.mean(right) >= 0.5
    assert len(near) > 10 and np.mean(near) >= 0.5
