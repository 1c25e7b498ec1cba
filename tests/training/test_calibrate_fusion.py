"""Calibrate fusion: a detector's faults as they were asked for, and weights that learn whom to believe."""

from dataclasses import replace

import numpy as np
import pytest

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


def test_faults_are_as_asked():
    assert said(missed=1.0) == []
    assert [box.word for box in said(wrong=1.0)] != ["handle", "lid"]
    assert len(said(imagined=1.0)) == 3
    assert said(noise=0.3)[0].score != said()[0].score == 0.65
    assert said(loose=0.5)[0].inside.sum() != said()[0].inside.sum()


def test_scores_that_tell_nothing_are_not_believed(segmenter):
    """Boxes of random points teach to trust the features; true ones to trust the boxes."""
    looks = [x for x in (fresh_look(segmenter, n, seed=9) for n in range(40)) if x is not None]

    def learned(shuffled: bool):
        rng, seen = np.random.default_rng(0), []
        for look in looks:
            boxes = [
                replace(box, word=str(rng.choice(look.words)), inside=rng.random(len(box.inside)) < 0.3)
                if shuffled
                else replace(box, inside=look.truth[look.words.index(box.word)])
                for box in look.boxes
            ]
            boxes = [box for box in boxes if box.inside.any()]
            seen.append(weighed(segmenter, replace(look, boxes=tuple(boxes))))
        seen = [each for each in seen if each is not None]
        fusion = learn_fusion(seen)
        return np.mean(
            [(fusion.weights(e.evidence)[:, None] * fusion.shares[5] / fusion.shares[0]).mean() for e in seen]
        )

    assert learned(shuffled=False) > 2 * learned(shuffled=True)


def test_too_few_views_teach_nothing(segmenter):
    assert fit_fusion(segmenter, views=3) is None
