"""Fillers: a single name among filler words is what is asked for; a text that says more stays as it is."""

import pytest

from part_perception.language.frames import without_fillers

NAMES = {"handle", "lid", "lamp", "bulb", "box", "handle of the mug", "open shelf", "shelf"}


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("where might the handle be", "handle"),
        ("which points belong to the handle", "handle"),
        ("the lid, where is it", "lid"),
        ("which points are the handle of the mug", "handle of the mug"),
        ("tell me where to find the lid", "lid"),
        ("draw a box around the lid", "lid"),
        ("bring the gripper to the handle", "handle"),
        ("pinpoint the lid", "lid"),
        ("steer towards the lid", "lid"),
        ("go get the open shelf", "open shelf"),
    ],
)
def test_one_name_among_fillers_is_found(text, thing):
    assert without_fillers(text, NAMES.__contains__) == thing


@pytest.mark.parametrize(
    "text",
    ["where to pour", "what to press", "what presses the lid", "thing holding the bulb",
     "the water in the lid", "sprocket", "where is it", "lid handle"],
)  # fmt: skip
def test_texts_that_say_more_stay_as_they_are(text):
    assert without_fillers(text, NAMES.__contains__) == text
