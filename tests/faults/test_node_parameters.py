"""Every parameter × every wrong value: refused with a reason, while frames continue."""

from __future__ import annotations

import math
import time

import pytest

from part_perception.config import DEFAULTS, Config, settings
from part_perception.settings import with_values

WRONG = {
    "bool": [None, 1, 1.5, "true", [True], [], {}],
    "int": [None, 1.5, "1", True, [1], math.nan, 10**30, -(10**30)],
    "float": [None, "1", True, [1.0], math.nan, math.inf, -math.inf, 10**400],
    "str": [None, 1, 1.5, True, ["a"], b"a"],
    "strings": [5, 1.5, True, "handle", b"handle", [5], [True], [""], ["!!!"], ["?"], ["handle", "a" * 300],
                ["a" * 100_000], ["handle"] * 5000],
    "floats": [3, True, "1", [1.0], [1.0] * 4, ["1"] * 3, [True] * 3, [math.nan] * 3, [math.inf] * 3, [10**400] * 3],
}  # fmt: skip
CASES = [(s.name, value) for s in settings(DEFAULTS).values() for value in WRONG[s.type]]


@pytest.mark.parametrize("name, value", CASES, ids=lambda x: repr(x)[:30])
def test_a_wrong_value_is_refused_with_its_name(name, value):
    with pytest.raises(ValueError, match=name.rpartition(".")[2]):
        with_values(DEFAULTS, {name: value})


def test_words_longer_than_can_be_read_cannot_be_allowed():
    with pytest.raises(ValueError, match="max_text_length must be from 1 to 200"):
        with_values(DEFAULTS, {"max_text_length": 10000, "standing_queries": ["a" * 300]})
    assert Config(standing_queries=("a" * 200,)).standing_queries


LIVE = (
    {"standing_queries": 5}, {"standing_queries": True}, {"standing_queries": 1.5},
    {"standing_queries": ["handle", "!!!"]}, {"standing_queries": ["handle"] * 5000},
    {"standing_queries": ["a" * 100_000]}, {"object_words": ["?"]}, {"object_words": [1.5]},
    {"max_text_length": 10000}, {"scene__crop_min": 3}, {"scene__crop_min": [math.nan] * 3},
    {"tf_timeout": math.nan}, {"tf_timeout": "1"}, {"scene__max_objects": 10**12}, {"colour": 1},
)  # fmt: skip


@pytest.mark.ros
def test_a_live_node_refuses_every_wrong_value_while_frames_continue(start_node, robot):
    import table

    from part_perception_interfaces.msg import PartArray

    start_node({"standing_queries": ["handle"]})
    heard = robot.listen(PartArray, "/part_perception/parts")
    robot.start_camera(table.view(1).points)
    robot.wait("a first frame", lambda: heard)
    for values in LIVE:
        begin = time.monotonic()
        (reason,) = robot.set(**values)
        assert reason and len(reason) < 600, values
        assert time.monotonic() - begin < 2.0, values
        assert robot.query("handle", timeout=2.0, max_age=60.0).found == [True], values
    count = len(heard)
    robot.wait("frames", lambda: len(heard) > count + 2)
    assert list(heard[-1].queries) == ["handle"] and list(heard[-1].found) == [True]
