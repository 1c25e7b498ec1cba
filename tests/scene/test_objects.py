"""Objects: found whole and alone, with gravity from the support, in clouds of every form."""

import numpy as np
import pytest

from part_perception.evaluation.isolation import isolation
from part_perception.scene import SceneConfig, ScenePerception
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.sensors import MIXED
from part_perception.simulation.things import block, thing
from part_perception.types import OrientedBox


def degrees_between(a, b) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b, -1, 1))))


def test_crowded_tables_are_taken_apart(scene, crowded):
    results = []
    for shot in crowded:
        scene.forget()
        results += isolation(scene.process(shot.points, 0.0), shot)
    assert len(results) >= 20
    assert np.mean([r.found for r in results]) >= 0.95
    assert np.mean([r.good for r in results]) >= 0.85


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
    shot = capture([mug], look_at(1.57, 0.5, 0.7), np.random.default_rng(5))
    frame = scene.process(shot.points, 0.0)
    handle = (shot.part.ravel() == 1) & (shot.label.ravel() == 0)
    assert "handle" in mug.parts[1]
    assert handle.sum() > 100
    assert len(frame.objects) == 1
    assert np.isin(np.flatnonzero(handle), frame.objects[0].indices).mean() > 0.9


def test_without_support_things_are_still_told_apart():
    things = [thing("mug", 1), thing("bottle", 1).moved((0.0, 0.25, 0))]
    shot = capture(things, look_at(0.0, 0.3, 0.8), None, ground=())
    frame = ScenePerception(segmenter=object_counter()).process(shot.points, 0.0)
    owners = {int(np.bincount(shot.label.ravel()[o.indices]).argmax()) for o in frame.objects}
    assert owners == {0, 1} and frame.up_source == "unknown"


def object_counter():
    from stand_in import StandIn

    return StandIn()


def test_the_whole_cloud_as_one_object(few):
    mug = few.points[few.label == 0]
    scene = ScenePerception(object_counter(), SceneConfig(whole_cloud=True))
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
    frame = scene.process(few.points, 0.1)
    small = OrientedBox(middle, np.eye(3), np.full(3, 0.2))
    assert len(frame.objects_in(small)) <= 1 <= len(frame.objects_in(box))


def test_a_mug_on_a_book_is_its_own_object(scene):
    things = [block((0.24, 0.18, 0.03), "book"), thing("mug", 1).moved((0.0, 0.02, 0.03))]
    shot = capture(things, look_at(0.4, 0.7, 0.8), np.random.default_rng(2))
    frame = scene.process(shot.points, 0.0)
    results = isolation(frame, shot)
    assert len(frame.objects) == 2
    assert results[1].purity > 0.9 and results[1].completeness > 0.8


def test_millimetres_are_refused_or_scaled(scene, few):
    with pytest.raises(ValueError, match="millimetres"):
        scene.process(few.points * 1000, 0.0)
    scaled = ScenePerception(object_counter(), SceneConfig(units="millimetres"))
    assert len(scaled.process(few.points * 1000, 0.0).objects) == 4
