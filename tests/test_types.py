"""Part and Answer: lazy, complete when pickled, and safe to print, compare and put into sets."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from part_perception.types import Answer, Grasp, KnownAnswer, Part

POINTS = np.array([(0.0, 0, 0), (0.2, 0, 0), (0, 0.1, 0), (0.2, 0.1, 0)])
ROWS = np.array([3, 5, 8, 9])


class Counting:
    """A part with four points that counts how often it is located and planned."""

    def __init__(self):
        self.located = self.planned = 0
        self.part = Part.located("handle", 0.9, self.place, self.plan, object_id=2, instance=1)

    def place(self):
        self.located += 1
        return ROWS, POINTS

    def plan(self, points):
        self.planned += 1
        return [Grasp(points.mean(axis=0), np.eye(3), 0.02, 0.7)]


def test_a_part_computes_each_value_once_on_first_access():
    counting = Counting()
    part = counting.part
    assert (counting.located, counting.planned) == (0, 0)
    assert part.centroid == pytest.approx((0.1, 0.05, 0)) and part.box.size == pytest.approx((0.2, 0.1, 0))
    assert list(part.indices) == list(ROWS) and (counting.located, counting.planned) == (1, 0)
    assert part.grasp is part.grasps[0] and part.grasp.width == 0.02
    assert (counting.located, counting.planned) == (1, 1)


def test_printing_and_comparing_a_part_plans_nothing():
    counting = Counting()
    assert repr(counting.part) == "Part('handle', found, confidence 0.90, object 2, instance 1)"
    assert counting.part == counting.part and counting.part != Counting().part
    assert len({counting.part, counting.part, Counting().part}) == 2
    assert (counting.located, counting.planned) == (0, 0)


def test_a_part_that_was_not_found_carries_nothing():
    part = Part("lid", False, 0.1, ROWS, POINTS.mean(axis=0), object_id=4)
    assert len(part.indices) == 0 and np.isnan(part.centroid).all() and part.box is None
    assert part.grasps == () and part.grasp is None and part.object_id == 4
    assert repr(part).startswith("Part('lid', not found, confidence 0.10")


def test_another_planner_shares_everything_but_the_grasps():
    counting = Counting()
    other = counting.part.planned_by(lambda points: [Grasp(points[0], np.eye(3), 0.05, 0.5)])
    assert other.grasp.width == 0.05 and counting.part.grasp.width == 0.02
    assert other.query == "handle" and list(other.indices) == list(ROWS)


def test_parts_and_answers_are_complete_when_pickled():
    counting = Counting()
    masks = np.ones((1, 10), bool)
    known = KnownAnswer(masks, masks * 0.9, [[counting.part]])
    answer = Answer(["handle"], np.array([0.9]), np.array([True]), known, 2, level=np.array([0.4]))
    again = pickle.loads(pickle.dumps(answer))
    assert again.level == 0.4 and again.confidence == 0.9 and again.calibrated
    assert again.queries == ("handle",) and again.dropped == 2 and again.masks.all()
    part = again.parts[0]
    assert part.grasp.width == 0.02 and list(part.indices) == list(ROWS)
    assert (part.object_id, part.instance) == (2, 1) and part.centroid == pytest.approx((0.1, 0.05, 0))


def test_an_answer_prints_what_was_found_without_looking_at_its_parts():
    class Untouched:
        def __getattr__(self, name):
            pytest.fail(f"{name} was looked at")

    answer = Answer(["lid", "cap"], np.array([0.91, 0.05]), np.array([True, False]), Untouched())
    assert repr(answer) == "Answer('lid' found 0.91, 'cap' not found 0.05)"
    assert answer == answer and len({answer, answer}) == 1
