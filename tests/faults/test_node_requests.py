"""Requests that ask for more than a node can give: bounded before any work, answered or refused in time."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
from geometry_msgs.msg import Point  # noqa: E402

from part_perception.ros.refusal import Refusal  # noqa: E402
from part_perception.ros.requests.teach import MAX_CLICKS, MAX_EXAMPLES, _away, check_examples  # noqa: E402
from part_perception_interfaces.msg import Example  # noqa: E402
from part_perception_interfaces.srv import Teach  # noqa: E402


class Book:
    examples = {"valve": [None] * 3}


class Server:
    book = Book()


@pytest.mark.parametrize(
    "word, examples, reason",
    [
        ("rim", [Example(clicks=[Point()] * 5000)], f"5000 clicks .* at most {MAX_CLICKS}"),
        ("rim", [Example(not_part=[Point()] * 257)], f"257 clicks .* at most {MAX_CLICKS}"),
        ("rim", [Example()] * 9, f"9 examples; {MAX_EXAMPLES} is the most"),
        ("Valve", [Example()] * 6, f"9 examples; {MAX_EXAMPLES} is the most"),
    ],
)
def test_lists_of_an_example_are_bounded_before_any_work(word, examples, reason):
    with pytest.raises(Refusal, match=reason):
        check_examples(Server(), Teach.Request(command=Teach.Request.LEARN, word=word, examples=examples))


def test_what_can_be_learned_passes():
    examples = [Example(clicks=[Point()] * MAX_CLICKS)] * (MAX_EXAMPLES - 3)
    check_examples(Server(), Teach.Request(command=Teach.Request.LEARN, word="valve", examples=examples))
    check_examples(Server(), Teach.Request(command=Teach.Request.FORGET, word="valve"))


def test_the_distance_of_clicks_takes_memory_by_the_click_not_by_the_pair():
    import tracemalloc

    rng = np.random.default_rng(0)
    points, places = rng.random((100_000, 3)), rng.random((MAX_CLICKS, 3))
    tracemalloc.start()
    away = _away(points, places)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert away == max(np.linalg.norm(points - place, axis=1).min() for place in places)
    assert peak < 20e6, "a table of all pairs has 600 MB"
