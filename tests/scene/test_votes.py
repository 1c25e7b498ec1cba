"""Votes: two objects in most frames stay two, and become one if they stay joined."""

import numpy as np
import pytest

from part_perception.scene import SceneConfig, ScenePerception
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.things import block
from tests.scene.stand_in import StandIn

PAIR = [block((0.08, 0.08, 0.1)), block((0.08, 0.08, 0.1)).moved((0, 0.12, 0))]
SHOT = capture(PAIR, look_at(0.3, 0.8, 0.7), np.random.default_rng(0))


class Flickering(ScenePerception):
    """Joins the two objects in chosen frames, as noise would."""

    joins = False

    def separate(self, view, support):
        pieces = super().separate(view, support)
        return [np.concatenate(pieces)] if self.joins else pieces


@pytest.fixture
def scene():
    return Flickering(StandIn(), SceneConfig(separator="gaps"))


def owners(frame) -> set[tuple[int, int]]:
    """For every segment, the object whose pixels it holds, and its number."""
    return {
        (int(np.bincount(np.maximum(SHOT.label.ravel()[o.indices], 0)).argmax()), o.id) for o in frame.objects
    }


def test_two_objects_stay_two_in_a_frame_that_joins_them(scene):
    apart = scene.process(SHOT.points, 0.0)
    assert len(apart.objects) == 2
    scene.joins = True
    joined = scene.process(SHOT.points, 0.1)
    assert owners(joined) == owners(apart)
    for one in joined.objects:
        label = SHOT.label.ravel()[one.indices]
        assert np.mean(label == np.bincount(np.maximum(label, 0)).argmax()) > 0.97


def test_two_objects_become_one_after_being_joined_in_more_frames(scene):
    for k in range(3):
        scene.process(SHOT.points, 0.1 * k)
    scene.joins = True
    counts = [len(scene.process(SHOT.points, 0.3 + 0.1 * k).objects) for k in range(6)]
    assert counts[:2] == [2, 2] and counts[-1] == 1 and counts == sorted(counts, reverse=True)


def test_an_object_that_was_never_split_stays_one(scene):
    scene.joins = True
    assert [len(scene.process(SHOT.points, 0.1 * k).objects) for k in range(3)] == [1, 1, 1]


def test_the_camera_may_move_meanwhile(scene):
    scene.process(SHOT.points, 0.0, camera_pose=SHOT.pose)
    scene.joins = True
    later = capture(PAIR, look_at(0.45, 0.75, 0.72), np.random.default_rng(1))
    frame = scene.process(later.points, 0.1, camera_pose=later.pose)
    assert len(frame.objects) == 2
