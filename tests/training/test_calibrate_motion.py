"""Motions: names are counted by kind of object, and fitted probabilities are the shares that are true."""

import numpy as np
import pytest

from part_perception.geometry.motions import MOTIONS
from part_perception.parts.motion import MotionWords
from part_perception.training.calibration.motion import RIGHT, bar, counted, fit_kinds, shares_of, without


def share(**of: float) -> np.ndarray:
    return np.array([of.get(kind, 0.0) for kind in MOTIONS])


def test_a_kinds_names_have_the_motions_of_its_joints():
    shares = shares_of("scissors", 2)
    assert shares, "scissors have parts"
    assert all(of.sum() == pytest.approx(1.0) for of in shares.values())


def test_every_kind_counts_the_same_and_can_be_left_out():
    of_kinds = {
        "cabinet": {"drawer": share(slides=0.9, fixed=0.1), "leg": share(fixed=1.0)},
        "desk": {"drawer": share(slides=1.0)},
    }
    table = counted(of_kinds)
    assert table.names == ("drawer", "leg")
    np.testing.assert_allclose(table.kinds, [share(slides=1.9, fixed=0.1), share(fixed=1.0)])
    words = without(MotionWords(table.names, np.eye(2), table.kinds), of_kinds["cabinet"])
    np.testing.assert_allclose(words.kinds, [share(slides=1.0), share()], atol=1e-12)


def test_fitted_chances_are_the_shares_that_are_true():
    rng = np.random.default_rng(0)
    heads, names = rng.normal(size=(2, 4000, len(MOTIONS)))
    odds = 0.5 * heads + 1.5 * names + np.array([1.0, 0, 0, 0, 0, 0])
    chances = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    true = (chances.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
    weights, level = fit_kinds([heads, names], true)
    np.testing.assert_allclose(weights[:2], (0.5, 1.5), atol=0.1)
    assert weights[2] - np.mean(weights[3:]) == pytest.approx(1.0, abs=0.2)
    best, sure = chances.argmax(axis=1), chances.max(axis=1)
    told = (sure >= level) & (best > 0)
    assert told.sum() > 100 and (best == true)[told].mean() >= RIGHT - 0.02


def test_the_threshold_is_the_lowest_with_enough_right_answers():
    chances = np.zeros((200, len(MOTIONS)))
    chances[:, 1] = np.repeat([0.9, 0.6], 100)
    chances[:, 0] = 1 - chances[:, 1]
    true = np.r_[np.ones(100, int), np.zeros(100, int)]  # right when sure, wrong when not
    assert 0.6 < bar(chances, true) <= 0.61 + 1e-9
    assert bar(chances, np.zeros(200, int)) == 0.95
