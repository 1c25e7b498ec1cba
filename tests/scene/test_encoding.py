"""Encoding within a time limit: the order of objects, what waits for the next frame, and the answers meanwhile."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.scene import SceneConfig, ScenePerception, encoding
from part_perception.scene.memory import Track
from tests.scene.stand_in import StandIn


class Slow(StandIn):
    """Takes 10 ms per object, on its own clock."""

    now = 0.0

    def encode(self, objects, up=(0, 0, 1), viewpoint=None):
        self.now += 0.010 * len(objects)
        return super().encode(objects, up, viewpoint)


@pytest.fixture
def limited(monkeypatch):
    """limited(milliseconds) → a scene with this much time to encode in a frame."""

    def make(milliseconds: float, at_once: int = 1) -> ScenePerception:
        slow = Slow()
        slow.at_once = at_once
        monkeypatch.setattr(encoding, "perf_counter", lambda: slow.now)
        return ScenePerception(slow, SceneConfig(max_encode_ms=milliseconds))

    return make


def sizes(frame) -> list[int]:
    return sorted((len(thing.indices) for thing in frame.objects), reverse=True)


def test_a_frame_encodes_the_largest_objects_and_later_frames_the_rest(limited, few):
    everything = sizes(limited(0).process(few.points, 0.0))
    assert len(everything) == 4
    scene = limited(25)
    frames = [scene.process(few.points, 0.1 * k) for k in range(3)]
    assert [frame.counts["encoded"] for frame in frames] == [2, 2, 0]
    assert [frame.counts["unseen"] for frame in frames] == [2, 0, 0]
    assert sizes(frames[0]) == everything[:2] and sizes(frames[1]) == everything
    assert sorted(len(each.indices) for each in frames[0].unseen) == sorted(everything[2:])


@pytest.mark.parametrize(
    ("milliseconds", "at_once", "encoded"), [(1, 1, 1), (1, 3, 3), (35, 2, 2), (40, 2, 4)]
)
def test_a_frame_encodes_at_least_one_batch_and_at_most_the_limit(
    limited, few, milliseconds, at_once, encoded
):
    assert limited(milliseconds, at_once).process(few.points, 0.0).counts["encoded"] == encoded


def test_an_answer_names_the_objects_not_encoded_yet(limited, few):
    scene = limited(1)
    (part,) = scene.process(few.points, 0.0).ask("wheel")
    assert not part.found and part.remark == "3 objects were not encoded yet: ask again"
    (found,) = scene.process(few.points, 0.1).ask("lid", object_words="wheel")
    assert found.remark == 'no object here is a "wheel"; 2 objects were not encoded yet: ask again'
    for k in range(2, 4):
        frame = scene.process(few.points, 0.1 * k)
    assert frame.ask("wheel")[0].remark == ""


def test_objects_that_a_request_wants_are_encoded_next(limited, few):
    scene = limited(1)
    first = scene.process(few.points, 0.0)
    smallest = min(first.unseen, key=lambda each: len(each.indices))
    region = np.zeros(len(first.view.points), bool)
    region[smallest.indices] = True
    assert first.ask("top", region=region)[0].remark == "1 object was not encoded yet: ask again"
    second = scene.process(few.points, 0.1)
    assert smallest.track.id in {thing.id for thing in second.objects}
    assert second.ask("top", region=region)[0].found


def test_wanted_objects_come_before_new_ones_and_those_before_changed_ones():
    def due(name: int, size: int, known: bool = False, wanted: bool = False) -> encoding.Due:
        track = Track(name, np.zeros(3), np.ones(3), 0.0, 0.0, [None] if known else [], wanted)
        return encoding.Due(track, np.arange(size), np.zeros(3))

    waiting = [due(0, 900, known=True), due(1, 100), due(2, 300), due(3, 50, wanted=True)]
    assert [each.track.id for each in sorted(waiting, key=encoding.Due.urgency)] == [3, 2, 1, 0]
