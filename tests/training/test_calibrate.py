"""Calibration: evidence becomes a probability, for samples, answers and names, judged on held-out data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.encoder.manifest import SAMPLE_EVIDENCE, Confidence
from part_perception.parts.naming import Naming
from part_perception.parts.scoring import sigmoid
from part_perception.shapes.kinds import KINDS
from part_perception.training.calibration import calibrate as calibration_figures
from part_perception.training.calibration.calibrate import held_out_figures
from part_perception.training.calibration.fitting import (
    Asked,
    fit_confidence,
    fit_masks,
    fresh_view,
    fresh_view_of_sort,
    numbers_of,
    overlaps,
)
from part_perception.training.calibration.questions import (
    AskedNames,
    absent_names,
    ask_names,
    fit_names,
    name_figures,
    questions,
)

_SAMPLE_WEIGHTS = np.array([-1.0, 2.0, 1.5, -0.5, 0.0, 0.0, -0.7, 0.9, 0.0])


def chance_of(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))


def one_word(rng, kind: str, top: float, present: bool) -> Asked:
    """A view of 60 samples, 20 of them on the part, as its second piece of evidence shows beyond doubt."""
    truth = np.zeros((60, 1), bool)
    truth[:20] = True
    evidence = np.ones((60, 1, SAMPLE_EVIDENCE), np.float32)
    evidence[..., 1] = np.where(truth, 1.0, -1.0)
    evidence[..., 2:] = rng.normal(size=(60, 1, SAMPLE_EVIDENCE - 2))
    shown = slice(None) if present else slice(0)
    return Asked(
        kind, kind == "kind 0", np.array([present]), np.array([top]), evidence[:, shown], truth[:, shown]
    )


@pytest.fixture(scope="module")
def known() -> tuple[list[Asked], np.ndarray, np.ndarray]:
    """The probability that a part is there is a logistic function of its top logit: odds 2 t + 1."""
    rng = np.random.default_rng(0)
    top = rng.uniform(-4, 3, 3000)
    chance = chance_of(2 * top + 1)
    present = rng.random(3000) < chance
    asked = [one_word(rng, f"kind {i % 6}", *view) for i, view in enumerate(zip(top, present, strict=True))]
    return asked, chance, present


@pytest.fixture(scope="module")
def masks_fitted(known) -> Confidence:
    return fit_masks(known[0], Confidence())


def test_masks_follow_the_informative_evidence(known, masks_fitted):
    asked, _, present = known
    weights = np.asarray(masks_fitted.sample_weights)
    assert weights[1] > 4 and np.abs(weights[2:]).max() < 0.2
    assert [overlaps(a, masks_fitted)[0] for a in asked[:200]] == present[:200].astype(float).tolist()


def test_chances_of_samples_are_recovered():
    rng = np.random.default_rng(1)
    evidence = rng.normal(size=(400, 60, SAMPLE_EVIDENCE)).astype(np.float32)
    evidence[..., 0] = 1
    chance = chance_of(evidence @ _SAMPLE_WEIGHTS)
    truth = rng.random(chance.shape) < chance
    rule = fit_masks([Asked("a", True, np.ones(60, bool), np.zeros(60), evidence, truth)], Confidence())
    assert np.abs(chance_of(evidence @ np.asarray(rule.sample_weights)) - chance).mean() < 0.02


def test_logistic_on_known_evidence_recovers_it(known, masks_fitted):
    asked, chance, _ = known
    bias, slope = fit_confidence(asked, masks_fitted, 0.05).weights
    sure = chance_of(bias + slope * np.concatenate([a.top for a in asked]))
    assert np.abs(sure - chance).mean() < 0.02
    assert np.abs(sure - chance).max() < 0.08


def test_few_absent_parts_are_found(known, masks_fitted):
    asked, _, present = known
    top = np.concatenate([a.top for a in asked])
    for rate in (0.02, 0.1):
        rule = fit_confidence(asked, masks_fitted, rate)
        found = chance_of(rule.weights[0] + rule.weights[1] * top) >= rule.found_at
        assert found[~present].mean() == pytest.approx(rate, abs=2 / (~present).sum())
        assert found[present].mean() > 0.3


@pytest.mark.parametrize("sign", [0, -1])
def test_uninformative_logits_give_a_constant_confidence(known, masks_fitted, sign):
    """A falling logistic is not allowed: it would find every part that the model rejects."""
    asked = [replace(a, top=sign * a.top) for a in known[0]]
    rule = fit_confidence(asked, masks_fitted, 0.05)
    top = np.concatenate([a.top for a in asked])
    sure = chance_of(rule.weights[0] + rule.weights[1] * top)
    assert np.ptp(sure) < 0.01 and sure.mean() == pytest.approx(known[2].mean(), abs=0.01)
    if sign:  # otherwise all are the same, and found or missed together
        assert (sure >= rule.found_at)[~known[2]].mean() == pytest.approx(0.05, abs=0.01)


def test_figures_are_right_on_known_evidence(known):
    asked, chance, present = known
    figures = held_out_figures(asked, Confidence(), 0.05)
    assert figures["questions"] == 3000
    assert figures["mask_iou"] == figures["best_cut_iou"] == figures["right_when_present"] == 1.0
    assert figures["found_when_absent"] == pytest.approx(0.05, abs=0.02)
    assert figures["found_when_present"] == pytest.approx(figures["found_at_5%_absent"], abs=0.06)
    assert figures["calibration_error"] < 0.04
    whole = np.arange(3000) % 6 == 0
    assert (figures["whole_questions"], figures["single_questions"]) == (500, 2500)
    both = [figures[f"{sort}_found_when_present"] for sort in ("whole", "single")]
    shares = [(present & whole).sum(), (present & ~whole).sum()]
    assert figures["found_when_present"] == pytest.approx(np.average(both, weights=shares))
    order = np.argsort(chance)
    above = np.cumsum(~present[order])[present[order]].sum()
    assert figures["auroc"] == pytest.approx(above / (present.sum() * (~present).sum()))


def test_no_kind_is_judged_by_a_rule_fitted_to_it(known, monkeypatch):
    asked, _, _ = known
    fitted_to, judged = [], []
    fit, overlap = calibration_figures.fit, calibration_figures.overlaps

    def spied_fit(some, *rest):
        fitted_to.append({a.kind for a in some})
        return replace(fit(some, *rest), mask_level=float(len(fitted_to)))

    def spied_overlaps(one, rule):
        judged.append((one.kind, int(rule.mask_level)))
        return overlap(one, rule)

    monkeypatch.setattr(calibration_figures, "fit", spied_fit)
    monkeypatch.setattr(calibration_figures, "overlaps", spied_overlaps)
    held_out_figures(asked[:600], Confidence(), 0.05)
    assert len(judged) == 600 and {kind for kind, _ in judged} == {f"kind {i}" for i in range(6)}
    assert not any(kind in fitted_to[rule - 1] for kind, rule in judged)


def test_fresh_views_cycle_through_the_kinds_and_never_change():
    (one, view), (again, same) = fresh_view(3), fresh_view(3)
    assert one.kind == again.kind != fresh_view(4)[0].kind
    assert np.array_equal(view.points, same.points) and (view.part >= 0).any()


def test_three_fresh_views_of_ten_are_whole():
    assert sum(fresh_view_of_sort(number)[2] for number in range(20)) == 6
    (_, whole, _), (_, single, _) = fresh_view_of_sort(2), fresh_view_of_sort(5)
    assert whole.viewpoint is None and single.viewpoint is not None and (single.part >= 0).any()


@pytest.mark.parametrize("views", [20, 60, 120, 300, 400, len(KINDS), 1500])
def test_however_few_the_views_they_are_of_both_sorts_and_of_all_sorts_of_kinds(views):
    numbers = numbers_of(views)
    assert len(set(numbers)) == views
    assert np.mean([number % 10 < 3 for number in numbers]) == pytest.approx(0.3, abs=0.01)
    kinds = np.sort([number % len(KINDS) for number in numbers])
    assert np.diff([0, *kinds, len(KINDS) - 1]).max() <= max(2 * len(KINDS) / views, 20)
    if views >= len(KINDS):
        assert numbers == list(range(views))


def test_questions_ask_for_visible_and_for_absent_parts(table):
    for number in (0, 100, 300):
        shape, view = fresh_view(number)
        asked = questions(shape, view, table, np.random.default_rng(0))
        shown = [n for n, mask in asked.items() if mask.any()]
        absent = [n for n, mask in asked.items() if not mask.any()]
        assert len(absent) == 4 and all(mask.shape == view.part.shape for mask in asked.values())
        said = {n for p in shape.parts for n in p.names}
        assert shown and not said & set(absent)


def test_absent_words_would_be_wrong_to_find(table):
    """None of the object's own words, no near-synonym, and no word that fits any object."""
    shape, _ = fresh_view(0)
    names = absent_names(shape, table, np.random.default_rng(0), 40)
    own = {n for p in shape.parts for n in p.names if n in table.index}
    like = table.vectors[[table.index[n] for n in own]] @ table.vectors[[table.index[n] for n in names]].T
    assert len(set(names)) == 40 and like.max() <= 0.5
    own_words, words = ({w for n in some for w in n.split()} for some in (own, names))
    assert not own_words & words - {"the", "of", "to", "what", "where", "part", "it", "a", "one", "is", "in"}
    assert not {"body", "base", "top", "side"} & set(names)


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
