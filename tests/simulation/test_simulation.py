"""The simulation: what is seen lies where it is, the truth fits, tables are set as asked."""

import numpy as np
import pytest

from part_perception.geometry.boxes import gap_between
from part_perception.simulation.capture import GROUND, HD, VGA, capture, look_at, rolled
from part_perception.simulation.layouts import outline_of, table_scene
from part_perception.simulation.things import block, rod, thing, truth

POSE = look_at(0.5, 0.8, 0.9)


def in_world(shot) -> np.ndarray:
    return shot.points.reshape(-1, 3) @ shot.pose[:3, :3].T + shot.pose[:3, 3]


@pytest.mark.parametrize("camera", [VGA, HD])
def test_a_block_is_seen_where_it_stands(camera):
    shot = capture([block((0.2, 0.1, 0.15)).moved((0.05, 0.02, 0))], POSE, camera=camera)
    assert shot.points.shape == (camera.height, camera.width, 3)
    on_block = in_world(shot)[shot.label.ravel() == 0]
    low, high = on_block.min(axis=0), on_block.max(axis=0)
    assert np.allclose(low, (-0.05, -0.03, 0), atol=0.003) and np.allclose(
        high, (0.15, 0.07, 0.15), atol=0.003
    )
    faces = np.abs(on_block[:, None] - [low, high]).reshape(-1, 6).min(axis=1)
    assert faces.max() < 1e-3, "every point lies on a face"
    assert np.allclose(in_world(shot)[shot.label.ravel() == GROUND][:, 2], 0, atol=1e-5)
    assert np.allclose(in_world(shot)[shot.label.ravel() == GROUND + 1][:, 2], -0.75, atol=1e-5)


def test_nearer_points_hide_farther_ones():
    wall = block((0.02, 1.0, 1.0)).moved((0.3, 0, 0))
    shot = capture([block((0.1, 0.1, 0.1)), wall], look_at(0.0, 0.1, 0.9))
    assert not (shot.label == 0).any() and (shot.label == 1).any()


def test_a_roll_turns_the_image_and_not_the_world():
    straight, turned = (capture([thing("mug", 1)], pose) for pose in (POSE, rolled(POSE, np.pi)))
    assert np.array_equal(straight.label[1:, 1:], turned.label[:0:-1, :0:-1])
    assert np.allclose(straight.up @ (0, -1, 0), -(turned.up @ (0, -1, 0)))


def test_the_truth_names_every_part_where_it_is():
    body, bar = rod((0, 0, 0), (0, 0, 0.1), 0.04), rod((0.04, 0, 0.05), (0.1, 0, 0.05), 0.01)
    mug = thing("mug", 1)
    one = type(mug)("mug", ("mug",), np.concatenate([body, bar]), np.repeat((0, 1), (len(body), len(bar))),
                    (("body",), ("handle",))).moved((1, 2, 0), np.pi / 2)  # fmt: skip
    parts = truth([one])["objects"][0]["parts"]
    assert [part["names"] for part in parts] == [["body"], ["handle"]]
    assert np.allclose(parts[0]["centroid"], (1, 2, 0.05), atol=0.002)
    assert np.allclose(parts[1]["centroid"], (1, 2.07, 0.05), atol=0.003)
    assert np.allclose(sorted(parts[0]["box"]["size"]), (0.08, 0.08, 0.1), atol=0.003)


@pytest.mark.parametrize(("gap", "together"), [(0.02, False), (0.02, True), (0.0, True)])
def test_tables_are_set_as_asked(gap, together):
    things = table_scene(6, np.random.default_rng(5), gap, together)
    outlines = [outline_of(each) for each in things]
    nearest = [min(gap_between(a, b) for b in outlines if b is not a) for a in outlines]
    assert min(nearest) >= gap - 1e-6
    assert (max(nearest[1:]) < gap + 0.001) == together
    assert all(abs(each.quads[..., 2].min()) < 1e-9 for each in things)
    again = table_scene(6, np.random.default_rng(5), gap, together)
    assert [each.kind for each in again] == [each.kind for each in things]
