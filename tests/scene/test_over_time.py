"""Over time: identities last, only new or changed objects are encoded, and hidden parts are remembered."""

import numpy as np
import pytest

from part_perception.scene import SceneConfig, ScenePerception
from part_perception.simulation.capture import capture, look_at

FRAMES = 100


def whose(frame, shot, count: int) -> dict[int, int]:
    """Thing → id of the object that holds most of it."""
    object_id, label, owners = frame.labels([])[2], shot.label.ravel(), {}
    for number in range(count):
        ids = object_id[label == number]
        ids = ids[ids >= 0]
        if len(ids) > 100:
            owners[number] = int(np.bincount(ids).argmax())
    return owners


def test_a_still_scene_is_encoded_once(scene, few_things):
    rng = np.random.default_rng(0)
    pose = look_at(0.4, 0.8, 0.8)
    frames = [scene.process(capture(few_things, pose, rng).points, 0.1 * k) for k in range(5)]
    assert [frame.counts["encoded"] for frame in frames] == [4, 0, 0, 0, 0]
    assert all([o.id for o in f.objects] == [o.id for o in frames[0].objects] for f in frames[1:])
    assert frames[-1].objects[0].age == pytest.approx(0.4)


@pytest.mark.parametrize("offset", [(0, 0, 0), (500_000.0, 4_600_000.0, 300.0)])
def test_the_world_may_be_a_map_whose_origin_is_far_away(scene, few_things, offset):
    rng, pose = np.random.default_rng(0), look_at(0.4, 0.8, 0.8)
    in_map = pose.copy()
    in_map[:3, 3] += offset
    frames = [
        scene.process(capture(few_things, pose, rng).points, 0.1 * k, camera_pose=in_map) for k in range(3)
    ]
    assert [frame.counts["encoded"] for frame in frames] == [4, 0, 0]


def test_answers_of_known_objects_follow_the_new_points(scene, few_things):
    rng = np.random.default_rng(0)
    pose = look_at(0.4, 0.8, 0.8)
    scene.process(capture(few_things, pose, rng).points, 0.0)
    shot = capture(few_things, pose, rng)
    frame = scene.process(shot.points, 0.1)
    assert frame.counts["encoded"] == 0
    points = shot.points.reshape(-1, 3)
    for part in frame.ask("top"):
        owner = next(o for o in frame.objects if o.id == part.object_id)
        height = points[owner.indices] @ frame.up
        truth = owner.indices[height > height.min() + 0.75 * np.ptp(height)]
        both = len(np.intersect1d(part.indices, truth))
        assert both / len(np.union1d(part.indices, truth)) > 0.8


def test_a_pushed_object_keeps_its_id_and_is_not_encoded_again(scene, few_things):
    pose, rng = look_at(0.4, 0.8, 0.8), np.random.default_rng(0)
    first = scene.process(capture(few_things, pose, rng).points, 0.0)
    pushed = [few_things[0].moved((0.02, 0.01, 0)), *few_things[1:]]
    shot = capture(pushed, pose, rng)
    second = scene.process(shot.points, 0.1)
    assert {o.id for o in first.objects} == {o.id for o in second.objects}
    assert second.counts["encoded"] == 0
    assert second.ask("top")[0].found


def test_an_earlier_frame_answers_as_before_when_an_object_is_pushed_later(scene, few_things):
    pose, rng = look_at(0.4, 0.8, 0.8), np.random.default_rng(0)
    earlier, kept = (scene.process(capture(few_things, pose, rng).points, stamp) for stamp in (0.0, 0.1))
    told = {part.object_id: part.indices for part in earlier.ask("top")}
    pushed = [few_things[0].moved((0.03, 0.02, 0)), *few_things[1:]]
    assert scene.process(capture(pushed, pose, rng).points, 0.2).counts["encoded"] == 0
    for part in kept.ask("top"):
        both = len(np.intersect1d(part.indices, told[part.object_id]))
        assert both > 0.9 * len(told[part.object_id])


def test_a_new_object_is_encoded_alone(scene, few_things):
    pose, rng = look_at(0.4, 0.8, 0.8), np.random.default_rng(0)
    scene.process(capture(few_things[:3], pose, rng).points, 0.0)
    frame = scene.process(capture(few_things, pose, rng).points, 0.1)
    assert frame.counts["encoded"] == 1 and len(frame.objects) == 4


def test_the_whole_cloud_stays_one_object_when_it_holds_what_two_earlier_ones_held(scene):
    whole = ScenePerception(scene.segmenter, SceneConfig(whole_cloud=True))
    one = (0.1 * np.random.default_rng(0).uniform(-1, 1, (2000, 3)) + (0, 0, 0.7)).astype(np.float32)
    other = one + np.float32((0.3, 0, 0))
    for k, cloud in enumerate([one, one, one, other, other, other]):
        whole.process(cloud, 0.1 * k, up=(0, 0, 1))
    frame = whole.process(np.concatenate([one, other]), 0.6, up=(0, 0, 1))
    assert [len(thing.indices) for thing in frame.objects] == [4000]


def test_an_object_hidden_for_a_second_comes_back_as_itself(scene, few_things):
    pose, rng = look_at(0.4, 0.8, 0.8), np.random.default_rng(0)
    shot = capture(few_things, pose, rng)
    before = whose(scene.process(shot.points, 0.0), shot, 4)
    for k in range(1, 11):
        scene.process(capture(few_things[1:], pose, rng).points, 0.1 * k)
    shot = capture(few_things, pose, rng)
    frame = scene.process(shot.points, 1.1)
    assert whose(frame, shot, 4) == before
    assert frame.counts["encoded"] == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_identities_do_not_swap_on_a_walk_around_the_table(scene, few_things):
    """The same walk for a scene with known camera poses and for one without."""
    rng = np.random.default_rng(0)
    scenes = {True: scene, False: ScenePerception(scene.segmenter)}
    owners = {(known, number): set() for known in scenes for number in range(len(few_things))}
    for k in range(FRAMES):
        pose = look_at(np.radians(2.0 * k), 0.8, 0.8)
        shot = capture(few_things, pose, rng)
        for known, one in scenes.items():
            frame = one.process(shot.points, k / 15, camera_pose=pose if known else None)
            seen = whose(frame, shot, len(few_things))
            assert len(seen) == len(few_things), (k, known)
            for number, owner in seen.items():
                owners[known, number].add(owner)
    assert all(len(each) == 1 for each in owners.values()), owners
    for known in scenes:
        assert len(set.union(*(owners[known, n] for n in range(len(few_things))))) == len(few_things), owners


def test_a_part_seen_for_a_moment_is_remembered_with_its_age(scene, few_things):
    rng = np.random.default_rng(0)
    mug = [few_things[0]]
    front, back = look_at(1.57, 0.5, 0.7), look_at(-1.57, 0.5, 0.7)
    scene.process(capture(mug, front, rng).points, 0.0, camera_pose=front)

    def mask(encoded, query):
        # found only in the first look
        return plain(encoded, "top") if encoded is first else np.zeros(len(encoded.points), bool)

    first = scene.tracks.tracks[0].observations[0].encoded
    plain, scene.segmenter.mask = scene.segmenter.mask, mask
    shot = capture(mug, back, rng)
    frame = scene.process(shot.points, 1.0, camera_pose=back)
    assert len(frame.objects) == 1 and len(frame.objects[0].observations) == 2
    part = frame.ask("top")[0]
    assert part.found
    world = part.centroid @ back[:3, :3].T + back[:3, 3]
    assert np.linalg.norm(world[:2] - mug[0].surface.points[:, :2].mean(axis=0)) < 0.06
    if len(part.indices) == 0:
        assert part.age == pytest.approx(1.0)
