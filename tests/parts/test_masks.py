"""Masks and confidence: as many of the likeliest samples as overlap best, whatever the order, size or yaw."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.parts import answering
from part_perception.parts.scoring import (
    above_level,
    best_overlap,
    confidence,
    instances,
    membership,
    part_mask,
    ranks,
    sample_evidence,
)
from part_perception.segmenter import PartSegmenter

WORDS = ["foot", "pole", "shade"]
SAMPLE_WEIGHTS = (-1.0, 0.7, 2.0, -0.4, 0.3, 0.5, -0.6, 0.8, 0.7)
CALIBRATED = Confidence(scale=20.0, weights=(-1.0, 0.5), sample_weights=SAMPLE_WEIGHTS)


def expected_overlap(chance: np.ndarray, mask: np.ndarray) -> float:
    return float(chance[mask].sum() / (mask.sum() + chance[~mask].sum()))


@pytest.mark.parametrize("seed", range(5))
def test_no_other_mask_is_expected_to_overlap_more(seed):
    odds = np.random.default_rng(seed).normal(-1, 2, (9, 1))
    chance = 1 / (1 + np.exp(-odds[:, 0]))
    others = [np.array(m, bool) for m in product([False, True], repeat=9)][1:]
    best = max(expected_overlap(chance, m) for m in others)
    assert expected_overlap(chance, best_overlap(odds)[:, 0]) == pytest.approx(best, abs=1e-12)


def test_every_word_is_cut_by_itself_and_never_empty():
    odds = np.full((50, 3), -4.0)
    odds[:10, 0], odds[:30, 1] = 4.0, 4.0
    odds[7, 2] = -3.0
    mask = best_overlap(odds)
    assert mask[:, 0].tolist() == [True] * 10 + [False] * 40
    assert mask[:, 1].tolist() == [True] * 30 + [False] * 20
    assert mask[7, 2]
    assert best_overlap(np.full((50, 1), -1000.0)).all()  # all alike: each is as good as any


def test_without_calibration_the_level_or_the_share_of_the_way_cuts():
    logits = np.concatenate([np.full(60, -9.0), np.full(28, -3.0), np.full(12, 0.0)])[:, None]
    cut = {
        level: above_level(logits, Confidence(mask_level=level, mask_share=0.65)).sum() for level in (-4, 5)
    }
    assert cut == {-4: 40, 5: 40}  # 0.65 of the way from -9 to 0 is -3.15
    assert above_level(logits, Confidence(mask_level=5, mask_share=0.7)).sum() == 12


def calibrated(segmenter: PartSegmenter, rule: Confidence = CALIBRATED) -> PartSegmenter:
    return PartSegmenter(replace(segmenter.manifest, confidence=rule), segmenter.runtime, segmenter.language)


def test_an_uncalibrated_model_cuts_by_level(segmenter, lamp):
    encoded = segmenter.encode([lamp()[0]])[0]
    logits = np.random.default_rng(0).normal(size=(len(encoded.samples), 2)).astype(np.float32)
    rule = Confidence()
    assert np.array_equal(part_mask(encoded, logits, rule), above_level(logits, rule))


def test_samples_similar_to_the_surest_in_the_part_field_come_first(segmenter, lamp):
    """A foot and a shade with the same logit: the surest samples lie on the shade, and the field separates the two."""
    points, labels = lamp()
    encoded = segmenter.encode([points[:1000]])[0]
    shade = encoded.patches.samples[: encoded.patches.count, 2] > 0.4
    foot = encoded.patches.samples[: encoded.patches.count, 2] < -0.4
    field = np.zeros((len(encoded.samples), 48), np.float32)
    field[shade, 0], field[~shade, 1] = 1, 1
    encoded = replace(encoded, field=field)
    logits = np.where(shade | foot, 0.0, -6.0).astype(np.float32)[:, None]
    logits[np.flatnonzero(shade)[:12]] = 2.0
    likeness = sample_evidence(encoded, logits)[:, 0, 2]
    assert likeness[shade].mean() > 0.95 and likeness[foot].mean() < 0.05
    rule = replace(CALIBRATED, sample_weights=(-2.0, 0.5, 6.0, 0.0, 0.0, 0.0))
    mask = part_mask(encoded, logits, rule)[:, 0]
    assert mask[shade].mean() > 0.9 and mask[foot].mean() < 0.1


def test_a_rank_is_the_share_of_samples_above_and_ties_share_it():
    values = np.array([[3.0, 1.0], [5.0, 1.0], [-1.0, 2.0], [3.0, 1.0]], np.float32)
    assert ranks(values).tolist() == [[0.25, 0.25], [0.0, 0.25], [0.75, 0.0], [0.25, 0.25]]


def test_the_last_evidence_is_the_likeness_to_the_object_and_two_ranks(segmenter, lamp):
    """Three of four samples look alike, so the object's mean field points their way."""
    encoded = segmenter.encode([lamp()[0]])[0]
    few = np.arange(len(encoded.samples)) % 4 == 0
    even_field = np.zeros((len(few), 48), np.float32)
    even_field[few, 0], even_field[~few, 1] = 1, 1
    encoded = replace(encoded)
    vars(encoded)["even_field"] = even_field
    logits = np.random.default_rng(0).normal(size=(len(few), 2)).astype(np.float32)
    evidence = sample_evidence(encoded, logits)
    share = few.mean()
    mean = np.array((share, 1 - share)) / np.hypot(share, 1 - share)
    np.testing.assert_allclose(evidence[..., 6], np.where(few, *mean)[:, None] * np.ones(2), atol=1e-5)
    np.testing.assert_array_equal(evidence[..., 7], ranks(evidence[..., 1]))
    np.testing.assert_array_equal(evidence[..., 8], ranks(evidence[..., 2]))


def test_a_rule_without_the_last_weights_answers_as_if_they_were_zero(segmenter, lamp):
    encoded = segmenter.encode([lamp()[0]])[0]
    logits = np.random.default_rng(0).normal(size=(len(encoded.samples), 2)).astype(np.float32)
    former = replace(CALIBRATED, sample_weights=SAMPLE_WEIGHTS[:6])
    filled = replace(CALIBRATED, sample_weights=(*SAMPLE_WEIGHTS[:6], 0.0, 0.0, 0.0))
    odds = membership(encoded, logits, former)
    np.testing.assert_allclose(odds, membership(encoded, logits, filled), atol=1e-6)
    assert np.abs(odds - membership(encoded, logits, CALIBRATED)).max() > 0.5
    evidence = sample_evidence(encoded, logits)
    np.testing.assert_allclose(
        membership(encoded, logits, CALIBRATED), evidence @ np.float32(SAMPLE_WEIGHTS), atol=1e-4
    )


@pytest.mark.parametrize("change", ["order", "size", "yaw"])
def test_answers_do_not_depend_on(change, segmenter, lamp):
    points = lamp(3)[0][:900]
    order, changed = np.arange(900), points
    if change == "order":
        order = np.random.default_rng(0).permutation(900)
        changed = points[order]
    elif change == "size":
        changed = points * 1000
    else:
        c, s = np.cos(1.1), np.sin(1.1)
        changed = points @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
    asked = calibrated(segmenter)
    one, other = asked.ask(points, WORDS), asked.ask(changed, WORDS)
    assert other.confidence == pytest.approx(one.confidence, abs=1e-3)
    assert (other.masks == one.masks[:, order]).mean() > 0.995
    assert 0 < one.masks.mean() < 1


def test_confidence_rises_with_the_top_logit_and_stays_a_chance():
    logits = np.tile(np.linspace(-200, 200, 41, dtype=np.float32), (30, 1))
    sure = confidence(logits, Confidence(weights=(-1.0, 0.5)))
    assert np.all(np.diff(sure) >= 0) and sure.min() >= 0 and sure.max() <= 1
    assert sure[20] == pytest.approx(1 / (1 + np.e))
    assert confidence(logits, Confidence())[20] == 0.5


def test_a_confidence_of_another_version_is_refused():
    with pytest.raises(ValueError, match="train calibrate"):
        confidence(np.zeros((30, 1)), Confidence(weights=(0.1, 0.2, 0.3, 0.4)))
    assert confidence(np.full((30, 2), 9.0), Confidence(weights=())).tolist() == [0, 0]
    assert confidence(np.zeros((30, 1)), Confidence(weights=(0.0, 1.0, 0.0, 0.0)))[0] == 0.5


def test_only_requested_masks_are_computed(segmenter, lamp, monkeypatch):
    cut = []

    def counted(encoded, logits, rule):
        cut.append(logits.shape[1])
        return part_mask(encoded, logits, rule)

    monkeypatch.setattr(answering, "part_mask", counted)
    unsure = calibrated(segmenter, replace(CALIBRATED, found_at=1.1)).ask(lamp()[0], WORDS)
    assert not unsure.found.any() and not cut
    part = unsure.instances[1][0]
    assert part.query == "pole" and len(part.indices) == 0 and not cut
    assert unsure.masks.any(axis=1).all() and cut == [3]
    sure = calibrated(segmenter, replace(CALIBRATED, found_at=0.0)).ask(lamp()[0], WORDS)
    assert [len(parts[0].indices) > 0 for parts in sure.instances] == [True] * 3
    assert cut == [3, 3]


def test_two_handles_stay_two(segmenter):
    """A box with two handles apart from each other: one mask of both is two instances, the larger first."""
    rng = np.random.default_rng(0)
    box = rng.uniform((-0.1, -0.1, 0), (0.1, 0.1, 0.2), (600, 3))
    box[np.arange(600), rng.integers(0, 2, 600)] = rng.choice([-0.1, 0.1], 600)
    left = rng.uniform((-0.16, -0.02, 0.06), (-0.12, 0.02, 0.16), (150, 3))
    right = rng.uniform((0.12, -0.02, 0.06), (0.16, 0.02, 0.13), (90, 3))
    points = np.concatenate([box, left, right])
    encoded = segmenter.encode([points])[0]
    side = encoded.samples[:, 0]
    pieces = instances(encoded, np.abs(side) > 0.115)
    assert len(pieces) == 2
    assert np.array_equal(pieces[0], side < -0.115) and np.array_equal(pieces[1], side > 0.115)
