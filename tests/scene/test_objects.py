"""Objects: found whole and separate, with gravity from the support, in clouds of every form."""

from dataclasses import replace

import numpy as np
import pytest

from part_perception.evaluation.overlap import isolation
from part_perception.scene import SceneConfig, ScenePerception
from part_perception.simulation.capture import HD, capture, look_at, rolled
from part_perception.simulation.sensors import MIXED
from part_perception.simulation.stages import FLOOR, NOTHING
from part_perception.simulation.things import block, thing
from part_perception.types import OrientedBox
from tests.scene.stand_in import StandIn
from tests.simulated import MILD


def degrees_between(a, b) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b, -1, 1))))


# With little noise gaps cut as exactly as the network; with the noise of most cameras the network is better.
@pytest.mark.parametrize(("separator", "exactly"), [("gaps", 0.85), ("learned", 0.8)])
def test_objects_on_crowded_tables_are_separated(crowded, separator, exactly):
    results = []
    for shot in crowded:
        scene = ScenePerception(StandIn(), SceneConfig(separator=separator))
        results += isolation(scene.process(shot.points, 0.0), shot)
    assert len(results) >= 20
    assert np.mean([r.found for r in results]) >= 0.95
    assert np.mean([r.good for r in results]) >= exactly


def test_objects_that_stand_apart_are_found_exactly(scene, few, few_things):
    frame = scene.process(few.points, 0.0)
    assert len(frame.objects) == len(few_things)
    results = isolation(frame, few)
    assert len(results) == len(few_things) and all(r.good for r in results), results


def test_gravity_comes_from_the_support(scene, few):
    frame = scene.process(few.points, 0.0)
    assert frame.up_source == "support"
    assert degrees_between(frame.up, few.up) < 1.0


def test_given_gravity_is_kept(scene, few):
    tilted = few.up + np.array((0.03, 0.0, 0.0))
    frame = scene.process(few.points, 0.0, up=3 * tilted)
    assert frame.up_source == "given"
    assert np.allclose(frame.up, tilted / np.linalg.norm(tilted))
    assert len(frame.objects) == 4


def test_unordered_cloud_gives_the_same_objects_in_its_own_indices(scene, few, few_things):
    order = np.random.default_rng(0).permutation(few.label.size)
    flat = few.points.reshape(-1, 3)[order]
    frame = scene.process(flat, 0.0, up=few.up)
    assert len(frame.objects) == len(few_things)
    label = few.label.ravel()[order]
    for thing_seen in frame.objects:
        assert np.array_equal(thing_seen.points, flat[thing_seen.indices])
        labels = label[thing_seen.indices]
        labels = labels[labels != MIXED]
        share = np.bincount(labels, minlength=4)[:4].max() / len(labels)
        assert share > 0.9


def test_a_thin_handle_is_not_cut_off(scene):
    mug = thing("mug", 1)
    shot = capture([mug], look_at(1.57, 0.5, 0.7), np.random.default_rng(5), sensor=MILD)
    frame = scene.process(shot.points, 0.0)
    handle = (shot.part.ravel() == 1) & (shot.label.ravel() == 0)
    assert "handle" in mug.parts[1]
    assert handle.sum() > 100
    assert len(frame.objects) == 1
    assert np.isin(np.flatnonzero(handle), frame.objects[0].indices).mean() > 0.9


def test_without_support_objects_are_still_separated():
    things = [thing("mug", 1), thing("bottle", 1).moved((0.0, 0.25, 0))]
    shot = capture(things, look_at(0.0, 0.3, 0.8), None, stage=NOTHING)
    frame = ScenePerception(segmenter=StandIn()).process(shot.points, 0.0)
    owners = {int(np.bincount(shot.label.ravel()[o.indices]).argmax()) for o in frame.objects}
    assert owners == {0, 1} and frame.up_source == "unknown"


def test_the_whole_cloud_as_one_object(few):
    mug = few.points[few.label == 0]
    scene = ScenePerception(StandIn(), SceneConfig(whole_cloud=True))
    frame = scene.process(mug, 0.0)
    assert len(frame.objects) == 1
    assert np.array_equal(np.sort(frame.objects[0].indices), np.arange(len(mug)))


def test_regions_choose_objects(scene, few):
    middle = few.points[few.label == 1].mean(axis=0)
    box = OrientedBox(middle, np.eye(3), np.full(3, 0.5))
    mask = few.label == 2
    by_mask = scene.process(few.points, 0.0, regions=[mask])
    assert len(by_mask.objects) == 1
    assert (few.label.ravel()[by_mask.objects[0].indices] == 2).all()
    assert (
        scene.process(few.points, 0.05, regions=[]).reason == "no region of interest was given for this cloud"
    )
    frame = scene.process(few.points, 0.1)
    small = OrientedBox(middle, np.eye(3), np.full(3, 0.2))
    assert len(frame.objects_in(small)) <= 1 <= len(frame.objects_in(box))


def test_a_mug_on_a_book_is_its_own_object(scene):
    things = [block((0.24, 0.18, 0.03), "book"), thing("mug", 1).moved((0.0, 0.02, 0.03))]
    shot = capture(things, look_at(0.4, 0.7, 0.8), np.random.default_rng(2), sensor=MILD)
    frame = scene.process(shot.points, 0.0)
    results = isolation(frame, shot)
    assert len(frame.objects) == 2
    assert results[1].purity > 0.9 and results[1].completeness > 0.8


def seen(scene, things, pose, **more):
    """The frame, and how each thing was segmented."""
    shot = capture(things, pose, np.random.default_rng(3), sensor=MILD, **more)
    frame = scene.process(shot.points, 0.0)
    return frame, isolation(frame, shot), shot


def test_rules_join_an_object_that_hides_its_own_foot():
    """A wide head on a thin post: the camera sees head and foot as separate pieces."""
    scene = ScenePerception(StandIn(), SceneConfig(separator="gaps"))
    quads = [
        block((0.16, 0.16, 0.06)).moved((0, 0, 0.2)).quads,
        block((0.02, 0.02, 0.2)).quads,
        block((0.3, 0.3, 0.015)).quads,
    ]
    lamp = replace(block((1, 1, 1), "lamp"), quads=np.concatenate(quads), part=np.repeat((0, 0, 0), 6))
    frame, results, _ = seen(scene, [lamp], look_at(0.3, 1.1, 0.8))
    assert len(frame.objects) == 1 and results[0].good


@pytest.mark.parametrize(
    ("between", "objects", "separator"), [(0.0, 1, "gaps"), (0.02, 2, "gaps"), (0.02, 2, "learned")]
)
def test_a_handle_that_its_own_head_hides_belongs_to_it_and_a_neighbour_does_not(between, objects, separator):
    """Seen from above and in front, a head hides where a low handle meets it, or the gap between the two."""
    head, handle = block((0.06, 0.1, 0.08)).moved((0.1, 0, 0)), block((0.08, 0.02, 0.02))
    handle = handle.moved((0.03 - between, 0, 0))
    tool = replace(head, quads=np.concatenate([head.quads, handle.quads]), part=np.repeat((0, 1), 6))
    things = [tool] if between == 0 else [head, handle]
    scene = ScenePerception(StandIn(), SceneConfig(separator=separator))
    frame, results, shot = seen(scene, things, look_at(0.0, 1.42, 0.7))
    down = shot.points[..., 2][:, 320]
    assert np.abs(np.diff(down[np.isfinite(down)])).max() > 0.04  # there is a jump
    assert len(frame.objects) == objects and all(r.good for r in results)


def test_a_ball_that_hides_its_foot_is_not_joined_to_its_neighbour(scene):
    things = [thing("ball", 0), thing("screwdriver", 0)]
    aside = things[0].size[0] / 2 + things[1].size[0] / 2 + 0.03
    frame, results, _ = seen(scene, [things[0], things[1].moved((aside, 0, 0))], look_at(1.2, 0.9, 0.9))
    assert len(frame.objects) == 2 and all(r.good for r in results)


def test_the_low_rim_of_something_flat_is_its_own(scene):
    frame, results, _ = seen(scene, [thing("screwdriver", 2), thing("table knife", 1).moved((0, 0.2, 0))],
                             look_at(0.3, 0.8, 0.8))  # fmt: skip
    assert len(frame.objects) == 2 and min(r.completeness for r in results) > 0.95


@pytest.mark.parametrize(
    ("kind", "seed", "distance"),
    # a closed door is flat and mistaken for a wall: this one is ajar
    [("cabinet", 1, 2.5), ("door", 3, 2.5), ("stool", 1, 1.5)],
)
def test_furniture_on_the_floor(scene, kind, seed, distance):
    one = thing(kind, seed)
    pose = look_at(0.5, 0.35, distance, (0, 0, one.size[2] / 2))
    frame, results, shot = seen(scene, [one], pose, stage=FLOOR)
    assert len(frame.objects) == 1 and results[0].good
    assert degrees_between(frame.up, shot.up) < 1.0


def test_a_chair_on_the_floor_is_one_object_but_for_the_leg_behind_its_seat(scene):
    one = thing("chair", 5)
    frame, results, _ = seen(scene, [one], look_at(0.5, 0.35, 1.5, (0, 0, one.size[2] / 2)), stage=FLOOR)
    sizes = sorted(len(each.indices) for each in frame.objects)
    assert results[0].good and len(sizes) <= 2 and sizes[-1] > 0.98 * sum(sizes)


@pytest.mark.parametrize("roll_deg", [0, 45, 90, 180])
def test_a_tilted_camera_needs_no_gravity(scene, few_things, roll_deg):
    frame, results, shot = seen(scene, few_things, rolled(look_at(0.4, 0.8, 0.8), np.radians(roll_deg)))
    assert frame.up_source == "support" and degrees_between(frame.up, shot.up) < 1.0
    assert len(frame.objects) == 4 and all(r.good for r in results)


def test_a_large_image(scene, few_things):
    frame, results, _ = seen(scene, few_things, look_at(0.4, 0.8, 0.8), camera=HD)
    assert len(frame.objects) == 4 and all(r.good for r in results)
    assert frame.view.width == 1280


def test_the_flat_top_of_a_large_box_is_not_a_support(scene):
    things = [block((0.35, 0.3, 0.2)), thing("mug", 1).moved((0.4, 0, 0))]
    frame, results, _ = seen(scene, things, look_at(0.4, 0.7, 1.0))
    assert len(frame.objects) == 2 and all(r.good for r in results)


def test_millimetres_are_refused_or_scaled(scene, few):
    with pytest.raises(ValueError, match="millimetres"):
        scene.process(few.points * 1000, 0.0)
    scaled = ScenePerception(StandIn(), SceneConfig(units="millimetres"))
    assert len(scaled.process(few.points * 1000, 0.0).objects) == 4
