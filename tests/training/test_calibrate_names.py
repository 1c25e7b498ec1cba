"""Names of objects: the fitted confidence is the share of true names, and few false ones are found."""

from dataclasses import replace

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.parts.naming import Naming
from part_perception.parts.scoring import sigmoid
from part_perception.training.calibration.questions import AskedNames, ask_names, fit_names, name_figures


@pytest.fixture(scope="module")
def asked() -> list[AskedNames]:
    """The probability of a name is a logistic function of its logit: odds 2 t - 1; for the likeliest, 3 m + 1."""
    rng = np.random.default_rng(0)
    out = []
    for _ in range(1500):
        evidence, likeliest = rng.normal(size=(4, 2)), rng.normal(size=2)
        true = rng.random(4) < sigmoid(2 * evidence[:, 0] - 1)
        right = bool(rng.random() < sigmoid(3 * likeliest[1] + 1))
        out.append(AskedNames(evidence, true, likeliest, right))
    return out


def test_a_confidence_is_the_share_that_is_true(asked):
    rule = fit_names(asked, Confidence(), 0.01)
    np.testing.assert_allclose(rule.object_weights, (-1, 2, 0), atol=0.15)
    np.testing.assert_allclose(rule.name_weights, (1, 0, 3), atol=0.4)
    evidence, true = (np.concatenate([getattr(a, name) for a in asked]) for name in ("evidence", "true"))
    sure = sigmoid(rule.object_weights[0] + evidence @ np.array(rule.object_weights[1:]))
    assert (sure[~true] >= rule.object_found_at).mean() == pytest.approx(0.01, abs=0.002)
    figures = name_figures(asked, Confidence(), [k % 2 for k in range(len(asked))], 0.01)
    assert figures["object_found_when_absent"] == pytest.approx(0.01, abs=0.006)
    assert 0.1 < figures["object_found_when_present"] < 0.6


def test_names_of_another_size_are_never_found_and_still_count(asked):
    rule = fit_names([replace(a, sized=0.25) for a in asked], Confidence(), 0.01)
    evidence, true = (np.concatenate([getattr(a, name) for a in asked]) for name in ("evidence", "true"))
    sure = sigmoid(rule.object_weights[0] + evidence @ np.array(rule.object_weights[1:]))
    assert (sure[~true] >= rule.object_found_at).mean() == pytest.approx(0.04, abs=0.004), (
        "one in four is of its size"
    )


def test_without_names_nothing_is_fitted():
    assert fit_names([], Confidence(), 0.01) == Confidence()


def test_a_view_is_asked_one_of_its_names_and_names_of_other_things():
    names = ("soda bottle", "bottle", "mug", "banana")
    vectors = np.eye(4)[[0, 0, 1, 2]]
    naming = Naming(names, vectors, Confidence(scale=10.0, bias=0.0))
    asked = ask_names(naming, vectors[0], 0.2, ("soda bottle", "cola bottle"), np.random.default_rng(0))
    assert asked.true.tolist() == [True] + [False] * 6
    np.testing.assert_allclose(asked.evidence[0], [10.0, 10.0])
    np.testing.assert_allclose(asked.evidence[1:], [[0.0, -10.0]] * 6)
    assert asked.likeliest_true, "a bottle in general"
    assert ask_names(naming, vectors[0], 0.2, ("unknown",), np.random.default_rng(0)) is None
