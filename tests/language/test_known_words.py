"""KnownWords: what a bank's words tell about names, and the forms of words."""

import pytest

from part_perception.language import english
from part_perception.language.known_words import KnownWords

PARTS = frozenset({"handle", "lid", "leg", "legs", "lens", "bottle neck", "tooth", "lid knob"})
OBJECTS = frozenset({"mug", "spray bottle", "bottle", "glasses", "glass", "desk lamp", "lamp"})
WORDS = (
    *PARTS,
    *OBJECTS,
    "mug handle",
    "handle of the mug",
    "battery cover",
    "scissors",
    "color dial",
    "doorbell",
)
KNOWN = KnownWords(WORDS, OBJECTS, PARTS)


def test_names_are_words_for_a_single_thing():
    assert {"mug", "handle", "bottle neck", "desk lamp", "battery cover"} <= KNOWN.names
    assert not {"mug handle", "handle of the mug"} & KNOWN.names
    assert "neck" in KNOWN.tokens and "mug" in KNOWN.tokens and "necks" not in KNOWN.tokens


def test_compounds_are_split_into_part_and_object():
    assert KNOWN.split("spray bottle lid") == ("lid", "spray bottle")
    assert KNOWN.split("mugs handle") == ("handle", "mug")
    assert KNOWN.split("battery cover") is None and KNOWN.split("handle") is None
    assert KNOWN.split("mug lid knob") == ("lid knob", "mug")


@pytest.mark.parametrize(
    ("phrase", "settled"),
    [
        ("handles", "handle"), ("legs", "leg"), ("lenses", "lens"), ("teeth", "tooth"), ("scissors", "scissors"),
        ("glasses", "glasses"), ("colour dial", "color dial"), ("door bell", "doorbell"), ("bottlenecks", "bottleneck"),
        ("red handles", "red handle"), ("spigots", "spigot"), ("bellows", "bellows"), ("grey mugs", "grey mug"),
    ],
)  # fmt: skip
def test_the_known_form_of_a_word_is_found(phrase, settled):
    assert KNOWN.settled(phrase) == settled


def test_words_are_known_used_or_made_of_two():
    assert all(map(KNOWN.is_word, ("mug", "sprocket", "lampstand", "bottleneck")))
    assert not any(map(KNOWN.is_word, ("griff", "schrank", "asdf", "fenster")))


def test_singulars_and_spellings():
    assert next(english.singulars("knives")) == "knif" and "knife" in english.singulars("knives")
    assert list(english.singulars("batteries"))[0] == "battery"
    assert list(english.singulars("glass")) == [] and list(english.singulars("gas")) == []
    assert "tire" in english.spellings("tyre") and "colors" in english.spellings("colours")
    assert "center" in english.spellings("centre") and "centre" in english.spellings("center")


def test_the_list_of_english_words_is_installed_and_damage_is_no_error(tmp_path, monkeypatch):
    assert english.word_list().is_file() and english.frequencies()["handle"] > 1_000_000
    bad = tmp_path / "list"
    bad.write_bytes(b"\xff\xfe\xff handle 3")
    english.frequencies.cache_clear()
    monkeypatch.setattr(english, "word_list", lambda: bad)
    assert english.frequencies() == {}
    english.frequencies.cache_clear()
