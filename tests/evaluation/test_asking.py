"""Evaluation of asking: paraphrases with the shipped words, and hand-computed figures for a stand-in's answers."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.evaluation import asking
from part_perception.evaluation.asking import (
    absent_questions,
    answered_alike,
    functional_truth,
    is_functional,
    score_functional,
    score_paraphrases,
    score_understanding,
)
from part_perception.evaluation.paraphrases import FRAMES, NOT_ENGLISH, PARTS, REAL, phrased, plural, words_of
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.language import Language
from part_perception.shapes.kinds import KINDS
from part_perception.simulation.views import whole_view
from part_perception.simulation.worlds import make_world


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.shipped()


@pytest.fixture
def lamp_shape(lamp) -> LabelledShape:
    points, labels = lamp(0)
    return LabelledShape("lamp", points, labels, ("foot", "pole", "shade"), "lamp", (0.0, 0.0, 1.0))


def test_a_frame_is_filled_in():
    assert phrased("is there {a}?", "antenna") == "is there an antenna?"
    assert phrased("WHERE ARE THE {X}S", "lid") == "WHERE ARE THE LIDS"
    assert [plural(word) for word in ("shelf", "switch", "lid")] == ["shelves", "switches", "lids"]


def test_there_are_two_hundred_paraphrases_of_forty_words_of_kinds_that_there_are():
    assert len(FRAMES) == len(set(FRAMES)) >= 200
    assert len(PARTS) == 40 and set(PARTS.values()) <= set(KINDS)


@pytest.mark.parametrize("word", list(PARTS)[::4])
def test_paraphrases_are_read_as_the_plain_word(language, word):
    wrong = []
    for frame in FRAMES[::3]:
        question = language.read(phrased(frame, word))
        if (question.phrase, question.owner, question.understood) != (language.read(word).phrase, None, True):
            wrong.append(question)
    assert len(wrong) <= 0.03 * len(FRAMES[::3]), wrong


def test_the_whole_answer_is_compared(segmenter, lamp_shape):
    frames = ["where is the {x}?", "not the {x}", "{x} of the mug", "button"]
    assert answered_alike(segmenter, lamp_shape, "lampshade", frames).tolist() == [True, False, False, False]


def test_paraphrases_that_fail_are_named(segmenter, lamp_shape, monkeypatch):
    monkeypatch.setattr(asking, "generated", lambda *_: lamp_shape)
    report = score_paraphrases(segmenter, ["the {x}", "not the {x}"], {"lampshade": "lamp", "base": "lamp"})
    assert report["same_answer"] == 0.5
    assert report["other_answer"] == {"not the {x}": ["lampshade", "base"]}


def test_english_is_understood_and_little_else(segmenter):
    report = score_understanding(segmenter)
    assert report["new_words"] >= 350 and report["other_texts"] >= 150
    assert report["refused_of_new_words"] <= 0.04 and report["accepted_of_other_texts"] <= 0.08
    assert set(report["refused"]) <= set(words_of(REAL)) and set(report["accepted"]) <= set(
        words_of(NOT_ENGLISH)
    )


def test_questions_about_purpose_have_the_parts_points():
    rng = np.random.default_rng(0)
    shape, world = make_world(KINDS["teapot"], rng)
    view = whole_view(world, rng)
    truth = functional_truth(shape, view)
    spouts = [i for i, part in enumerate(shape.parts) if part.names[0] == "spout"]
    np.testing.assert_array_equal(truth["where to pour"], np.isin(view.part, spouts))
    assert all(map(is_functional, truth)) and not is_functional("spout") and not is_functional("part")
    absent = absent_questions(
        shape, ["where to sit", "where the tea goes", "where the liquid comes out"], view, rng
    )
    assert "where to sit" in absent and "where the liquid comes out" not in absent
    assert not any(mask.any() for mask in absent.values())


def test_functional_questions_are_scored(segmenter):
    report = score_functional(segmenter, 6)
    assert report["questions"] >= 10
    assert 0 <= report["mask_iou"] <= 1 and report["right"] <= 1
