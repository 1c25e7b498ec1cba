"""Questions: the names asked of a batch, and the closed set of each view."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from part_perception.shapes.names import Concept, NameTable
from part_perception.training.batches import Batch, ask
from part_perception.training.learner import of_samples

NAMES = ("chest", "drawer", "handle", "top", "leg", "wheel")


@pytest.fixture
def table() -> NameTable:
    return NameTable(NAMES, np.eye(len(NAMES), dtype=np.float32), (("drawer",),))


def batch_of(concepts: list[Concept], part: list[int]) -> Batch:
    """Only the fields that questions use."""
    empty = np.zeros(0)
    return Batch(*[empty] * 5, np.array([part]), np.array([part]), *[empty] * 3, [concepts])


@pytest.fixture
def chest() -> list[Concept]:
    """Two drawers, each with a handle that is a piece of it, and a top."""
    drawer, handle = Concept(("chest",), ("drawer",)), Concept(("chest",), ("handle",), ("drawer",))
    return [drawer, handle, drawer, handle, Concept(("chest",), ("top",))]


def test_closed_set(table, chest):
    asked = ask(batch_of(chest, [0, 1, 2, 3, 4, -1]), table, np.random.default_rng(0))
    spoken = [NAMES[asked.names[i]] for i in asked.closed[0][:3]]
    assert spoken == ["drawer", "handle", "top"]
    # both drawers are one class; the last row is no part
    assert asked.target[0].tolist() == [0, 1, 0, 1, 2, -1]
    # a handle competes with the drawer that it belongs to: the most specific name is to win
    assert asked.rivals[0].tolist() == [True] * 3 + [False] * 9
    assert asked.same[0].tolist() == [0, 1, 0, 1, 4, -1]


def test_parts_that_are_not_seen_compete_too_after_those_that_are(table, chest):
    asked = ask(batch_of(chest, [1, 1, 4]), table, np.random.default_rng(0))
    assert [NAMES[asked.names[i]] for i in asked.closed[0][:3]] == ["handle", "top", "drawer"]
    assert asked.target[0].tolist() == [2, 0, 2, 0, 1, -1]
    assert asked.rivals[0].tolist() == [True] * 3 + [False] * 9
    plain = ask(batch_of(chest, [4, 4, -1]), table, np.random.default_rng(0))
    assert [NAMES[plain.names[i]] for i in plain.closed[0][:3]] == ["top", "drawer", "handle"]


def test_one_name_alone_and_nothing_seen_make_no_closed_set(table, chest):
    for concepts, part in ((chest[:1], [0, 0, -1]), (chest, [-1, -1, -1])):
        asked = ask(batch_of(concepts, part), table, np.random.default_rng(0))
        assert (asked.target == -1).all() and not asked.rivals.any()


def test_whole_objects_are_asked_for_by_name():
    names = ("chest", "coffer", "mug", "hammer", "lid")
    table = NameTable(names, np.eye(5, dtype=np.float32), (("chest", "coffer"), ("mug",), ("hammer",)))
    lid = Concept(("chest", "coffer"), ("lid",))
    for seed in range(8):
        asked = ask(batch_of([lid], [0]), table, np.random.default_rng(seed))
        truth = dict(zip([names[k] for k in asked.kinds], asked.kind_truth[0].tolist(), strict=True))
        true = [name for name, value in truth.items() if value == 1]
        assert set(true) <= {"chest", "coffer"} and true
        assert truth["mug"] == truth["hammer"] == 0 and "lid" not in truth
    own = lid._replace(untrue=frozenset())
    assert (ask(batch_of([own], [0]), table, np.random.default_rng(0)).kind_truth == -1).all()


def test_truth_of_samples(table, chest):
    batch = batch_of(chest, [1, 4, -1])
    asked = ask(batch, table, np.random.default_rng(0))
    truth = of_samples(torch.from_numpy(asked.truth), torch.from_numpy(batch.part))[0]
    by_name = {NAMES[n]: truth[:, i].tolist() for i, n in enumerate(asked.names)}
    assert by_name["handle"] == [1, 0, 0]
    assert by_name["drawer"] == [1, 0, 0]
    assert by_name["chest"] == [1, 1, 0]
    assert by_name["wheel"] == [0, 0, 0]


def test_unlabelled_samples_are_negatives_only_of_absent_parts(table):
    """An unlabelled sample may be anything except a part that the shape lacks."""
    untrue = frozenset({"top", "wheel"})
    concepts = [
        Concept(("chest",), ("drawer",), (), untrue),
        Concept(("chest",), ("top",), (), untrue - {"top"}),
    ]
    asked = ask(batch_of(concepts, [0, 1, -1]), table, np.random.default_rng(0))
    nothing = dict(zip([NAMES[n] for n in asked.names], asked.truth[0, -1].tolist(), strict=True))
    assert nothing == {"chest": -1, "drawer": -1, "handle": -1, "top": -1, "leg": -1, "wheel": 0}
