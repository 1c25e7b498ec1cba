"""Requests for more than a node can give: bounded before any work, and answered or refused in time."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
from geometry_msgs.msg import Point  # noqa: E402

from part_perception.ros.refusal import Refusal  # noqa: E402
from part_perception.ros.requests.teach import (  # noqa: E402
    MAX_CLICKS,
    MAX_EXAMPLES,
    MAX_WORDS,
    _away,
    _learn,
    check_examples,
)
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
        ("rim", [Example()] * 9, f"9 examples; the maximum is {MAX_EXAMPLES}"),
        ("Valve", [Example()] * 6, f"9 examples; the maximum is {MAX_EXAMPLES}"),
    ],
)
def test_lists_of_an_example_are_bounded_before_any_work(word, examples, reason):
    with pytest.raises(Refusal, match=reason):
        check_examples(Server(), Teach.Request(command=Teach.Request.LEARN, word=word, examples=examples))


def test_the_number_of_taught_words_is_limited():
    server, request = (
        Server(),
        Teach.Request(command=Teach.Request.LEARN, word="one more", examples=[Example()]),
    )
    server.book = SimpleNamespace(examples={f"word {k}": [None] for k in range(MAX_WORDS)})
    with pytest.raises(
        Refusal, match=f"{MAX_WORDS} words are taught, which is the maximum .{MAX_WORDS}.. Forget one"
    ):
        check_examples(server, request)
    request.word = "word 7"
    check_examples(server, request)


def test_the_memory_of_all_examples_is_bounded(monkeypatch):
    monkeypatch.setattr("part_perception.ros.requests.teach.MAX_KEPT", 3000)
    server = SimpleNamespace(book=SimpleNamespace(examples={"lid": [(np.zeros((100, 3), np.float32), None)]}))
    with pytest.raises(Refusal, match="All examples would take 0 MB; the maximum is 0 MB"):
        _learn(server, "rim", [(np.zeros((200, 3), np.float32), None)])


def test_valid_examples_pass():
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
