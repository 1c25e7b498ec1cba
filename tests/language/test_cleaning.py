"""Cleaning: the same words however they are written, and refusals that say why."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from part_perception.language import clean, clean_all


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Handle", "handle"),
        ("table_leg", "table leg"),
        ("  on/off -- switch!! ", "on off switch"),
        ("where's the lid?", "where s the lid"),
        ("GRÜNER Griff", "grüner griff"),
        ("gru\u0308n", "grün"),
        ("把手", "把手"),
        ("4-way\tvalve\n#2", "4 way valve 2"),
        ("\ud800 knob \x00", "knob"),
        ("x" * 200, "x" * 200),
    ],
)
def test_cleans(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "at least one letter"),
        ("  _ ?!", "at least one letter"),
        ("x" * 201, "at most 200 characters; this one has 201"),
        ("x" * 10_000, "has 10000"),
        (None, "must be text, not NoneType"),
        (7, "must be text, not int"),
        (b"handle", "must be text, not bytes"),
    ],
)
def test_refuses(text, reason):
    with pytest.raises(ValueError, match=reason):
        clean(text)


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text):
    assume(any(c.isalnum() for c in text))
    cleaned = clean(text)
    assume(len(cleaned) <= 200)
    assert clean(cleaned) == cleaned
    assert "_" not in cleaned
    assert "  " not in cleaned


def test_a_list_is_cleaned_in_order():
    assert clean_all(["Lid", "table_leg"]) == ["lid", "table leg"]


def test_one_text_in_place_of_a_list_is_refused():
    with pytest.raises(ValueError, match="must be a list of texts"):
        clean_all("handle")
