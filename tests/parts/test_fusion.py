"""Fusion of a 2-D model's words with the features: its gain, what it leaves alone, and damaged weights."""

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.evaluation.fusion import evaluate_fusion
from part_perception.parts.fusion import Fusion, SaidPart, covers_of
from part_perception.segmenter import PartSegmenter
from part_perception.storage import models_dir
from part_perception.training.calibration.boxed import fresh_look

FILE = models_dir() / "part_perception_small/fusion.safetensors"


@pytest.fixture(scope="module")
def segmenter():
    return PartSegmenter.load()


@pytest.fixture(scope="module")
def look(segmenter):
    """A view with at least two parts to ask for, of which a detector names at least one that is there."""
    for number in range(20):
        found = fresh_look(segmenter, number, seed=3)
        if found is not None and len(found.words) > 3 and any(b.word == found.words[0] for b in found.boxes):
            return found
    raise AssertionError("none of these views has a box")


def test_both_together_are_better_than_either(segmenter):
    report = evaluate_fusion(segmenter, views=30)
    features, votes, fused = (report[way] for way in ("features", "votes", "fused"))
    assert fused["boxed_words"] >= 30
    assert fused["boxed_mask_iou"] > max(features["boxed_mask_iou"], votes["boxed_mask_iou"]) + 0.03
    assert fused["found_and_right"] > max(features["found_and_right"], votes["found_and_right"]) + 0.03
    assert fused["found_when_absent"] < features["found_when_absent"] + 0.1


def test_only_named_words_change_an_answer(segmenter, look):
    answer = segmenter.answer(look.encoded, look.words)
    said = [box for box in look.boxes if box.word == look.words[0]]
    fused = segmenter.fused(answer, said)
    same = segmenter.embed(look.words) @ segmenter.embed(look.words[:1])[0] >= 0.8
    assert same[0] and not same.all()
    assert (fused.confidence[same] != answer.confidence[same]).all()
    assert (fused.masks[~same] == answer.masks[~same]).all()
    assert (fused.confidence[~same] == answer.confidence[~same]).all()
    assert fused.parts[0].indices.tolist() == fused.instances[0][0].indices.tolist()
    assert segmenter.fused(answer, []) is answer
    assert segmenter.fused(answer, [SaidPart("zzqx", 0.9, said[0].inside)]) is answer, (
        "the word means nothing"
    )


def test_a_box_around_the_true_part_finds_what_the_features_miss(segmenter):
    """A box never moves an answer outside itself, and a sure one can make it found."""
    gained = missed = 0
    for number in range(30):
        look = fresh_look(segmenter, number, seed=4)
        if look is None:
            continue
        answer = segmenter.answer(look.encoded, look.words)
        for q in np.flatnonzero(~answer.found & look.truth.any(axis=1)):
            fused = segmenter.fused(answer, [SaidPart(look.words[q], 0.9, look.truth[q])])
            missed, gained = missed + 1, gained + bool(fused.found[q])
            inside = look.truth[q][fused.masks[q]].mean()
            assert inside >= look.truth[q][answer.masks[q]].mean() - 0.05
    assert missed >= 10 and gained > 0.7 * missed


def test_points_without_a_row_of_the_object_do_not_count(segmenter, look):
    encoded = look.encoded
    inside = np.zeros(encoded.total, bool)
    inside[encoded.rows[encoded.member == 5]] = True
    said = [SaidPart("handle", 0.9, inside)]
    covers = covers_of(encoded, said, np.arange(encoded.total))
    assert covers.shape == (encoded.patches.count, 1)
    assert covers[5, 0] == 1 and covers.sum() == 1
    assert covers_of(encoded, said, np.full(encoded.total, -1)).sum() == 0


def test_only_the_surest_regions_of_an_object_count(segmenter, look):
    answer, said = segmenter.answer(look.encoded, look.words), look.boxes[0]
    sure = [SaidPart(said.word, 0.9, said.inside)] * 16
    doubtful = SaidPart(look.words[0], 0.1, np.ones(look.encoded.total, bool))
    assert (
        segmenter.fused(answer, [doubtful] * 500 + sure).masks == segmenter.fused(answer, sure).masks
    ).all()


def test_damaged_weights_are_refused_in_a_sentence(tmp_path):
    fusion, path = Fusion.load(FILE), tmp_path / "fusion.safetensors"
    fusion.save(path)
    assert np.array_equal(Fusion.load(path).inner, fusion.inner)
    Fusion(**{**vars(fusion), "shares": np.full(6, np.nan)}).save(path)
    with pytest.raises(InputError, match=r"damaged: shares must be \(6,\) finite numbers"):
        Fusion.load(path)
    path.write_bytes(b"not weights")
    with pytest.raises(InputError, match="the weights of fusion .* cannot be read"):
        Fusion.load(path)
