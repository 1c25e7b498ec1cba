"""Moving: the axis of a part that two looks show at different places."""

import numpy as np
import pytest

from part_perception.geometry.motions import Motion
from part_perception.scene.answer_cache import AnswerCache
from part_perception.scene.answers import Answers, answer
from part_perception.scene.memory import Observation
from part_perception.scene.moving import measured_motion
from part_perception.scene.objects import SceneObject
from part_perception.types import Answer, KnownAnswer, Part, Question

UP = np.array((0.0, 0, 1))
HINGE = Motion("turns", 0.8, UP, np.zeros(3))


@pytest.fixture
def door():
    """A door of 40 by 60 cm, hinged on the z axis."""
    rng = np.random.default_rng(0)
    return np.column_stack([rng.uniform(0, 0.4, 2000), rng.normal(0, 0.001, 2000), rng.uniform(0, 0.6, 2000)])


def seen_after(motion: Motion, amount: float, points: np.ndarray) -> np.ndarray:
    """Other points of the same surface, with noise."""
    rng, pose = np.random.default_rng(1), motion.after(amount)
    some = points[rng.permutation(len(points))[:1400]]
    return some @ pose[:3, :3].T + pose[:3, 3] + rng.normal(0, 0.001, some.shape)


@pytest.mark.parametrize("guess", [Motion(), HINGE, Motion("slides", 0.6, UP, UP)])
@pytest.mark.parametrize("degrees", [15, 45])
def test_the_hinge_of_a_moved_door_is_found(door, degrees, guess):
    told = measured_motion([door], [seen_after(HINGE, np.radians(degrees), door)], 0, guess)
    assert told.kind == "turns" and told.measured
    assert told.axis @ UP > np.cos(np.radians(5))
    assert np.linalg.norm(told.origin[:2]) < 0.02


def test_only_the_pulled_one_of_two_drawers_is_measured(door):
    pull = Motion("slides", 0.8, np.array((0.0, -1, 0)), np.zeros(3))
    still, before = door + (0, 0, 0.7), door
    after = [still, seen_after(pull, 0.1, door)]
    told = measured_motion([before, still], after, 1, Motion())
    assert told.kind == "slides" and told.axis @ pull.axis > np.cos(np.radians(5))
    assert measured_motion([before, still], after, 0, Motion()) is None


def test_a_part_pushed_shut_between_looks_opens_the_other_way(door):
    shut = seen_after(HINGE, np.radians(-30), door)
    assert measured_motion([door], [shut], 0, HINGE).axis @ UP > 0.99
    assert measured_motion([door], [shut], 0, Motion()).axis @ UP < -0.99
    assert measured_motion([shut], [door], 0, Motion(), forwards=False).axis @ UP < -0.99


def test_still_and_different_parts_are_not_measured(door):
    assert measured_motion([door], [seen_after(HINGE, 0.0, door)], 0, HINGE) is None
    ball = np.random.default_rng(2).normal(size=(500, 3))
    ball = 0.2 * ball / np.linalg.norm(ball, axis=1, keepdims=True)
    assert measured_motion([door], [ball + 0.5], 0, HINGE) is None
    assert measured_motion([door[:5]], [door[:5] + 0.2], 0, HINGE) is None


class OneWord:
    """Knows one taught word, which means some of the points."""

    object_found_at = 0.5

    def __init__(self, rows: np.ndarray):
        self.teach(rows)

    def teach(self, rows: np.ndarray) -> None:
        self.rows, self.lessons = rows, {"blicket": object()}

    def answer_read(self, encoded, questions):
        part = Part("blicket", True, 0.9, self.rows)
        known = KnownAnswer(np.zeros((1, 0), bool), np.zeros((1, 0)), [(part,)])
        return [Answer(["blicket"], np.array([0.9]), np.array([True]), known) for _ in encoded]


class Opened:
    """A cabinet whose door one look shows shut and one open, beside a panel that is still."""

    def __init__(self, door: np.ndarray):
        shut, opened = door[:1400], seen_after(HINGE, np.radians(40), door)
        self.door, self.panel = np.arange(1400), 1400 + np.arange(1400)
        self.looks = []
        for place in (shut, opened):
            points = np.concatenate([place, shut + (1, 0, 0)])
            rows, sight = np.arange(len(points)), np.array((0, 1.0, 0))
            self.looks.append(Observation(None, points, len(points), 0.0, rows, sight))
        self.segmenter, self.cache = OneWord(self.door), AnswerCache()

    def motion(self, push: tuple[float, float, float] = (0, 0, 0)) -> Motion:
        """That of the door, after the cabinet was pushed."""
        newest, question = self.looks[-1], Question("blicket", "blicket")
        rows, points, pushed = newest.indices.copy(), newest.world_points + push, np.array(push, float)
        thing = SceneObject(0, rows, points, UP, 0.0, tuple(self.looks), np.eye(4), pushed=pushed)
        answers = Answers(self.segmenter, [thing], [question], self.cache)
        return answer(question, answers, [thing], 0.0, lambda *_: ())[0].motion


def test_a_word_that_is_taught_again_has_no_measured_motion_of_its_old_meaning(door):
    cabinet = Opened(door)
    assert cabinet.motion().kind == "turns" and cabinet.motion().measured
    cabinet.segmenter.teach(cabinet.panel)
    assert not cabinet.motion().measured


def test_a_measured_hinge_stays_with_an_object_that_is_pushed(door):
    cabinet = Opened(door)
    before, after = cabinet.motion(), cabinet.motion((0.2, 0.1, 0.0))
    assert before.measured and after.measured
    assert np.allclose(after.origin - before.origin, (0.2, 0.1, 0.0)) and np.allclose(after.axis, before.axis)
