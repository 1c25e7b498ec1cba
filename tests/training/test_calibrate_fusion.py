"""Calibrating fusion: a detector has the requested faults, and the weights learn how far to believe it."""

from dataclasses import replace

import numpy as np
import pytest

from part_perception.metrics import iou
from part_perception.parts.scoring import best_overlap
from part_perception.segmenter import PartSegmenter
from part_perception.training.calibration.boxed import Faults, boxes_said, fresh_look, in_image

pytest.importorskip("torch")
from part_perception.training.calibration.fusion import fit_fusion, learn_fusion, weighed  # noqa: E402

RNG = np.random.default_rng(0)
POINTS = RNG.uniform(-0.1, 0.1, (2000, 3))
EYE = np.array((1.0, 0.2, 0.6))
SHOWN = {"handle": (POINTS[:, 0] > 0.05)[None], "lid": (POINTS[:, 2] > 0.08)[None]}


@pytest.fixture(scope="module")
def segmenter():
    return PartSegmenter.load()


def said(**faults):
    given = Faults(**{"missed": 0, "wrong": 0, "imagined": 0, "loose": 0, "noise": 0, **faults})
    return boxes_said(POINTS, EYE, SHOWN, ("handle", "lid", "spout"), given, np.random.default_rng(1))


def test_a_faultless_detector_boxes_every_part_by_its_name():
    handle, lid = said()
    assert (handle.word, lid.word) == ("handle", "lid")
    assert handle.inside[SHOWN["handle"][0]].mean() > 0.95
    image = in_image(POINTS, EYE)
    outside = (image[~lid.inside] < image[SHOWN["lid"][0]].min(axis=0)) | (
        image[~lid.inside] > image[SHOWN["lid"][0]].max(axis=0)
    )
    assert outside.any(axis=1).mean() > 0.9


def test_faults_are_as_requested():
    assert said(missed=1.0) == []
    assert [box.word for box in said(wrong=1.0)] != ["handle", "lid"]
    assert len(said(imagined=1.0)) == 3
    assert said(noise=0.3)[0].score != said()[0].score == 0.65
    assert said(loose=0.5)[0].inside.sum() != said()[0].inside.sum()


def test_weights_learn_to_believe_correct_boxes(segmenter):
    """With exact boxes, the fused masks come much closer to the parts than those of the features."""
    seen = []
    for number in range(12):
        look = fresh_look(segmenter, number, seed=9)
        if look is not None:
            true = [replace(box, inside=look.truth[look.words.index(box.word)]) for box in look.boxes]
            seen.append(weighed(segmenter, replace(look, boxes=tuple(b for b in true if b.inside.any()))))
    seen = [each for each in seen if each is not None]
    fusion = learn_fusion(seen, steps=30)
    alone, both = [], []
    for each in seen:
        odds = fusion.odds(each.evidence, each.membership, each.text)
        for q in np.flatnonzero(each.evidence.same(each.text).any(axis=1)):
            alone.append(iou(best_overlap(each.membership[:, [q]])[:, 0], each.truth[:, q]))
            both.append(iou(best_overlap(odds[:, [q]])[:, 0], each.truth[:, q]))
    assert len(both) >= 8
    assert np.mean(both) > np.mean(alone) + 0.1


def test_too_few_views_teach_nothing(segmenter):
    assert fit_fusion(segmenter, views=3) is None
