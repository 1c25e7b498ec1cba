"""Typing slips: they are corrected where only one word can have been meant."""

import pytest

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
