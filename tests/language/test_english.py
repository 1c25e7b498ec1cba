"""English: text is cleaned or refused with a reason; typing slips are corrected if only one word can be meant."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from part_perception.language import clean, clean_all
from part_perception.language.english import meant, one_slip, put_right

WORDS = frozenset(
    {"handle", "hand", "hands", "lid", "lever", "cover", "trigger", "label", "sphere", "top", "kettle"}
)
NAMES = frozenset({"handle", "lid", "lever", "cover", "trigger", "label", "kettle"})


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("hadnle", "handle"),  # swapped
        ("handlle", "handle"),  # doubled
        ("triger", "trigger"),  # not doubled
        ("trighger", "trigger"),
        ("handke", "handle"),  # the next key
        ("handel", "handle"),  # English, but so much rarer
        ("lever", None),  # known, so nothing is corrected
        ("lover", None),  # English
        ("kabel", None),  # another language: too short to tell
        ("schere", None),
        ("topf", None),
        ("qwrtzp", None),
        ("hamdle", "handle"),
        ("hpndle", None),  # not a typing slip
        ("handless", None),  # English
        ("levers", None),
        ("lod", None),
        ("把手把手把", None),
    ],
)
def test_slips_are_corrected_to_what_was_meant(word, right):
    assert put_right(word, WORDS, NAMES) == right


def test_in_long_words_names_come_before_words_that_only_occur_in_them():
    known = frozenset({"handle", "handled"})
    assert put_right("handlee", known) is None, "either"
    assert put_right("handlee", known, {"handle"}) == "handle"


def test_one_and_many_are_one_word():
    assert put_right("knobb", frozenset({"knob", "knobs"})) == "knob"


def test_suggestions_are_sorted_by_likelihood():
    assert meant("handl", WORDS) == ("hand", "hands", "handle")
    assert meant("lid", WORDS) == () and meant("1234", WORDS) == ()
    assert meant("refridgerater", frozenset({"refrigerator", "radiator"})) == ("refrigerator",)


def test_one_slip_is_one_letter_or_two_neighbours():
    assert {"ab", "bac", "abc"} & one_slip("abc") == {"ab", "bac"}
    assert {"abcd", "abd"} <= one_slip("abc") and "acb" in one_slip("abc") and "cba" not in one_slip("abc")


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
