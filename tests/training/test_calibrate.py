"""Calibration: what the evidence says becomes a probability; masks are cut where they overlap best."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.parts.confidence import evidence
from part_perception.parts.masks import part_mask
from part_perception.training.calibrate import Asked, choose_masks, fit_confidence, fresh_view, questions


def asked_at(top: np.ndarray, present: np.ndarray, rng) -> list[Asked]:
    """Views of 60 samples: the first 20 are the part, at logit `top`; the rest far below."""
    out = []
    for t, p in zip(top, present, strict=True):
        logits = np.full((60, 1), t - 6.0)
        logits[:20] = t
        truth = np.zeros((60, 1), bool)
        truth[:20] = p
        out.append(Asked(logits + rng.normal(0, 0.01, logits.shape), truth, np.array([p])))
    return out


@pytest.fixture(scope="module")
def known() -> tuple[list[Asked], np.ndarray, np.ndarray]:
    """The chance that a part is there is a logistic function of its top logit: odds 2 t + 1."""
    rng = np.random.default_rng(0)
    top = rng.uniform(-4, 3, 3000)
    chance = 1 / (1 + np.exp(-(2 * top + 1)))
    present = rng.random(3000) < chance
    return asked_at(top, present, rng), chance, present


def test_logistic_on_known_evidence_recovers_it(known):
    asked, chance, present = known
    rule, figures = fit_confidence(asked, Confidence(), 0.05)
    rows = np.concatenate([evidence(a.logits, part_mask(a.logits, rule)) for a in asked])
    sure = 1 / (1 + np.exp(-rows @ np.asarray(rule.weights)))
    assert np.abs(sure - chance).mean() < 0.02
    assert np.abs(sure - chance).max() < 0.08
    assert figures["questions"] == 3000
    assert figures["right_when_present"] == 1.0


def test_few_absent_parts_are_found(known):
    asked, _, present = known
    for rate in (0.02, 0.1):
        rule, figures = fit_confidence(asked, Confidence(), rate)
        assert figures["found_when_absent"] == pytest.approx(rate, abs=2 / (~present).sum())
        assert 0 < rule.found_at < 1
        assert figures["found_when_present"] > 0.3


def test_masks_are_cut_where_they_overlap_best():
    """What belongs to the part lies at most 1.5 below the top; the rest at 3 below."""
    logits = np.concatenate([np.full(60, -9.0), np.full(20, -3.0), np.full(12, -1.5), np.full(8, 0.0)])[
        :, None
    ]
    truth = (np.arange(100) >= 80)[:, None]
    rule = choose_masks([Asked(logits, truth, np.array([True]))], Confidence(mask_level=-9, mask_share=9))
    assert np.array_equal(part_mask(logits, rule), truth)


def test_fresh_views_go_through_the_kinds_and_never_change():
    (one, view), (again, same) = fresh_view(3), fresh_view(3)
    assert one.kind == again.kind != fresh_view(4)[0].kind
    assert np.array_equal(view.points, same.points) and (view.part >= 0).any()


def test_questions_ask_what_shows_and_what_is_nowhere(table):
    for number in (0, 100, 300):
        shape, view = fresh_view(number)
        asked = questions(shape, view, table, np.random.default_rng(0))
        shown = [n for n, mask in asked.items() if mask.any()]
        absent = [n for n, mask in asked.items() if not mask.any()]
        assert len(absent) == 4 and all(mask.shape == view.part.shape for mask in asked.values())
        said = {n for p in shape.parts for n in p.names}
        assert shown and not said & set(absent)
