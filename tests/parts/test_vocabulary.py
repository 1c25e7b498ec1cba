"""Vocabulary: the vectors of taught and other words, and what words name."""

import numpy as np
import pytest

from part_perception.encoder.manifest import Confidence
from part_perception.language import Language
from part_perception.parts.vocabulary import Vocabulary


@pytest.fixture
def words() -> Vocabulary:
    return Vocabulary(Language.shipped(), Confidence())


def test_taught_words_have_no_vector_and_leave_the_others_as_they_were(words):
    before = words.vectors(["handle", "lid"])
    words.taught["lid"] = lesson = object()
    after = words.vectors(["handle", "Lid"])
    assert np.array_equal(after[0], before[0]) and before[1].any() and not after[1].any()
    assert words.taught_among(["handle", "Lid"]) == {1: lesson}


def test_a_question_that_is_not_understood_has_no_vector(words):
    questions = [words.read(text) for text in ("the handle", "xqzzt", "lid")]
    text = words.vectors_of(questions)
    assert text.any(axis=1).tolist() == [True, False, True]
    assert np.array_equal(text[[0, 2]], words.vectors(["handle", "lid"]))


@pytest.mark.parametrize(
    ("word", "role"),
    [("handle", "part"), ("refrigerator", "object"), ("cup", "both"), ("xqzzt", ""), ("not the lid", "")],
)
def test_a_word_names_a_part_an_object_or_either(words, word, role):
    assert words.role(word) == role


def test_a_taught_word_is_known(words):
    words.taught["fnord gizmo"] = object()
    assert words.known("fnord gizmo") and words.known("handle")
