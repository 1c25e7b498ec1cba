"""Naming: the name of a whole object, its rivals, and which object an answer may belong to."""

import time
from dataclasses import replace

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.parts.naming import IN_GENERAL, UNSURE, Naming, owner_weights

NAMES = ("soda bottle", "bottle", "mug", "banana")
RULE = Confidence(
    scale=10.0, bias=-5.0, object_weights=(0.0, 1.0, 0.5), name_weights=(-2.0, 0.0, 1.0), object_found_at=0.7
)
VECTORS = np.array([[0.8, 0.6, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], float)
NAMING = Naming(NAMES, VECTORS, RULE)


def test_rivals_mean_something_else_and_share_no_word():
    assert NAMING.rivals("bottle", VECTORS[1]).tolist() == [False, False, True, True]
    assert NAMING.rivals("mug of soda", VECTORS[2]).tolist() == [False, True, False, True]


def test_a_name_is_compared_with_the_best_of_its_rivals():
    pooled = np.array([[0.9, 0.0, 0.2, 0.1], [0.0, 0.0, 0.2, 0.9]])
    evidence = NAMING.evidence(pooled, "bottle", VECTORS[1])
    np.testing.assert_allclose(evidence, [[4.0, 7.0], [-5.0, -9.0]])
    chance = NAMING.chances(pooled, "bottle", VECTORS[1])
    np.testing.assert_allclose(chance, 1 / (1 + np.exp([-7.5, 9.5])))


def test_a_mustard_bottle_may_be_a_bottle_of_any_sort():
    sure, none = VECTORS[1:2], np.array([0.0, 0, 0, -1])
    assert NAMING.chances(sure, "yellow mustard", none)[0] < 0.1
    bottle = NAMING.chances(sure, "bottle", VECTORS[1])[0]
    assert NAMING.chances(sure, "mustard bottle", none)[0] == pytest.approx(IN_GENERAL * bottle)


SIZED = replace(NAMING, sizes=np.array([[0.2, 0.3], [0.1, 0.4], [0.08, 0.15], [np.nan, np.nan]]))


def test_things_of_another_size_get_another_name():
    lengths = np.array([0.01, 0.039, 0.041, 0.2, 0.59, 0.61])
    assert SIZED.has_size("bottle", lengths).tolist() == [False, False, True, True, True, False]
    assert SIZED.has_size("mustard bottle", lengths).tolist() == [False, False, True, True, True, False]
    assert SIZED.has_size("toy bottle", lengths).all(), "a toy has any size"
    assert SIZED.has_size("banana", lengths).all() and SIZED.has_size("zither", lengths).all(), (
        "their sizes are unknown"
    )
    looks_like_a_mug = np.tile(VECTORS[2], (2, 1))
    chance = SIZED.chances(looks_like_a_mug, "mug", VECTORS[2], np.array([0.1, 1.0]))
    assert chance[0] > 0.9 and chance[1] == 0.0
    assert (SIZED.chances(looks_like_a_mug, "mug", VECTORS[2]) > 0.9).all(), (
        "without metres no size is judged"
    )


def test_names_of_another_size_are_no_rivals():
    between = np.array([[0.6, 0.6, 0.5, 0.0]])
    near, small = (SIZED.evidence(between, "mug", VECTORS[2], np.array([x]))[0] for x in (0.12, 0.03))
    np.testing.assert_allclose(near, [0.0, -3.4], err_msg="against the soda bottle")
    np.testing.assert_allclose(small, [0.0, 5.0], err_msg="only the banana, whose size is not known, is left")
    assert SIZED.belief(between, 0.2).name == "bottle"
    assert SIZED.belief(between, 5.0) == UNSURE
    only_bottles = replace(SIZED, names=NAMES[:2], vectors=VECTORS[:2], sizes=SIZED.sizes[:2])
    assert only_bottles.belief(between, 5.0) == UNSURE, "nothing known is as long as that"


def test_an_object_is_called_in_general_or_not_at_all():
    belief = NAMING.belief(np.array([[0.8, 0.6, 0.1, 0.0], [0.8, 0.6, 0.1, 0.0]]))
    assert belief.name == "bottle", "shape does not tell a soda bottle"
    assert belief.confidence == pytest.approx(1 / (1 + np.exp(-7.0)))  # 9 above the mug
    assert NAMING.belief(np.array([[0.5, 0.0, 0.45, 0.0]])) == UNSURE
    assert Naming(NAMES, VECTORS, Confidence()).belief(VECTORS[1:2]) == UNSURE, "it is not calibrated"


def test_a_part_belongs_to_the_recognised_owner_or_to_any():
    chance, needed = np.array([0.8, 0.6, 0.1]), np.array([0.7, 0.5, 0.7])
    for only in (True, False):
        assert owner_weights(chance, needed, only).tolist() == [1, 1, 0]
    assert owner_weights(chance[2:], needed[2:], only=True).tolist() == [0]
    assert owner_weights(chance[2:], needed[2:], only=False).tolist() == [1]


def test_naming_costs_little_more_than_comparing_with_all_names():
    """Live scenes name every object of every frame; the limits suit a busy machine, but not comparing each name with
    each other, which takes a second."""
    rng = np.random.default_rng(0)
    names = tuple(f"{size} {thing}" for size in range(40) for thing in range(50))
    vectors = rng.normal(size=(len(names), 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    naming = Naming(names, vectors, RULE)
    objects = vectors[::100] + 0.01

    def least_ms(step) -> float:
        step()  # computed once
        took = []
        for _ in range(30):
            began = time.thread_time()
            step()
            took.append(1000 * (time.thread_time() - began))
        return min(took)

    assert len(objects) == 20
    assert least_ms(lambda: naming.belief(objects[:1])) < 10
    assert least_ms(lambda: naming.chances(objects, "3 7", vectors[157], np.ones(20))) < 50
