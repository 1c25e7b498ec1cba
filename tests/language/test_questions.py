"""Questions: every way of asking gives the same plain phrase; what cannot be asked is refused."""

import pytest

from part_perception.language import TextBank, shipped_bank_path
from part_perception.language.frames import without_fillers
from part_perception.language.known_words import KnownWords
from part_perception.language.questions import read_question

NAMES = {"handle", "lid", "lamp", "bulb", "box", "handle of the mug", "open shelf", "shelf"}


@pytest.fixture(scope="module")
def known() -> KnownWords:
    """The shipped words."""
    return TextBank.load(shipped_bank_path()).known_words


@pytest.mark.parametrize(
    "text",
    [
        "handle", "the handle", "a handle", "Handles", "HANDLE?", "where is the handle?", "Where's the handle",
        "wheres the handle", "where are the handles?", "find me the handle", "show me the handle", "show handle",
        "Can you see a handle?", "could you please show me where the handle is?", "point to the handle",
        "I need the handle", "I'd like to know where the handle is", "please tell me where the handle is located",
        "handle, please", "is there a handle?", "does it have a handle", "do you see any handles here",
        "which part is the handle?", "which bit's the handle", "what part of this is the handle", "the handle part",
        "the part called handle", "part of the handle", "what is the location of the handle?",
        "all points of the handle", "Hey robot, where is the handle?", "any idea where the handle might be?",
        "help me find the handle", "let me see the handle", "grab the handle", "where_is_the-handle",
        "where is the handle on this object?", "the handle on it", "is this the handle?", "where is teh handle",
    ],
)  # fmt: skip
def test_a_frame_changes_nothing(known, text):
    question = read_question(text, known)
    assert (question.phrase, question.owner, question.understood) == ("handle", None, True)
    assert (question.text, question.correction) == (text, None)


@pytest.mark.parametrize(
    ("text", "phrase", "owner"),
    [
        ("handle of the mug", "handle", "mug"),
        ("handle of mug", "handle", "mug"),
        ("the mug's handle", "handle", "mug"),
        ("mug handle", "handle", "mug"),
        ("mugs handles", "handle", "mug"),
        ("spray bottle trigger", "trigger", "spray bottle"),
        ("where is the lid of this pot?", "lid", "pot"),
        ("knob of the lid of the teapot", "lid knob", "teapot"),
        ("which part of the mug is the handle?", "handle", "mug"),
        ("on the mug, where is the handle?", "handle", "mug"),
        ("the handle that belongs to the mug", "handle", "mug"),
        ("feet of the chair", "foot", "chair"),
        ("hammer's head", "head", "hammer"),
        ("where to hold the mug", "where to hold it", "mug"),
        ("the rim of it", "rim", None),
        ("handle on the left side", "left handle", None),
        ("the mug on the table", "mug", None),
        ("pick up the mug", "mug", None),
        ("roll of tape", "roll of tape", None),
        ("screw cap", "screw cap", None),
        ("the scissors' blades", "blade", "scissors"),
        ("the boxes' lids", "lid", "box"),
        ("lid on the pot", "lid", "pot"),
        ("drawer in the cabinet", "drawer", "cabinet"),
        ("knob of the lid on the teapot", "lid knob", "teapot"),
        ("where on the mug is the handle?", "handle", "mug"),
        ("where can I hold the mug on the table?", "where to hold it", "mug"),
        ("lid of the jar of honey", "lid", "jar"),
        ("the handle of a cup of coffee", "handle", "cup"),
        ("cup of coffee", "cup", None),
        ("pair of pliers", "pliers", None),
        ("2 handles", "handle", None),
        ("the 4 wheels of the car", "wheel", "car"),
        # What is near a thing does not own it.
        ("the bottle on the table", "bottle", None),
        ("the bottle that is on the table", "bottle", None),
        ("the cup in the sink", "cup", None),
        ("the can in the fridge", "can", None),
        ("handle of the mug on the table", "handle", "mug"),
        ("handle of the mug that is on the table", "handle", "mug"),
        ("the mug handle on the table", "handle", "mug"),
        ("cap of the bottle in the fridge", "cap", "bottle"),
        ("handle of the mug on the left", "left handle", "mug"),
        ("handle of the mug next to the bottle", "handle", "mug"),
        ("handle of the mug to the left of the bottle", "handle", "mug"),
        ("handle of the mug in front of the bottle", "handle", "mug"),
        ("the mug's handle next to the bottle", "handle", "mug"),
        ("the mug behind the bottle", "mug", None),
        ("the lid next to the pot", "lid", None),
        ("a bottle with a cap", "bottle", None),
        ("drawer with a handle", "drawer", None),
        ("handle of the mug with the lid", "handle", "mug"),
        ("box with a lid", "box", None),
    ],
)
def test_the_owner_of_a_part_is_read(known, text, phrase, owner):
    question = read_question(text, known)
    assert (question.phrase, question.owner, question.certain) == (phrase, owner, owner is not None)


@pytest.mark.parametrize(("text", "owner"), [("the lid on the table", "table"), ("hammer lid", "hammer")])
def test_what_a_part_lies_on_and_half_a_compound_only_may_own_it(known, text, owner):
    question = read_question(text, known)
    assert (question.phrase, question.owner, question.certain) == ("lid", owner, False)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("where to pour", "where to pour"),
        ("Where should I pour?", "where to pour"),
        ("where do you hold it?", "where to hold it"),
        ("the place to hold it", "where to hold it"),
        ("show me where to grab it, please", "where to grab it"),
        ("what should I pull to open it?", "what to pull to open it"),
        ("which part do I press?", "what to press"),
        ("how do I open it", "how to open it"),
        ("where does the liquid come out?", "where the liquid comes out"),
        ("where the liquid comes out", "where the liquid comes out"),
        ("what it stands on", "what it stands on"),
        ("the thing that cuts", "part that cuts"),
        ("part to hold it by", "part to hold it by"),
        ("part not to touch", "part not to touch"),
    ],
)
def test_what_a_part_is_for_stays_a_phrase_of_its_own(known, text, phrase):
    question = read_question(text, known)
    assert (question.phrase, question.owner, question.understood) == (phrase, None, True)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("tyre", "tire"), ("grey button", "grey button"), ("screw driver", "screwdriver"), ("spigots", "spigot"),
        ("bellows", "bellows"), ("glasses", "glasses"), ("scissors", "scissors"), ("on/off switch", "on off switch"),
        ("black and white button", "black and white button"), ("the big, red button", "big red button"),
        ("mortar and pestle", "mortar and pestle"), ("valve 2", "valve 2"), ("push button", "push button"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_name(known, text, phrase):
    assert read_question(text, known).phrase == phrase


def test_every_name_is_read_as_a_name_and_reading_again_changes_nothing(known):
    for name in sorted(known.names):
        question = read_question(name, known)
        assert question.understood and question.owner is None and question.correction is None, name
        assert question.phrase == name or question.phrase == known.settled(name), name
        assert read_question(question.phrase, known).phrase == question.phrase, name


@pytest.mark.parametrize(
    "text",
    [
        "not the handle", "everything but the lid", "anything except the handle", "no handle", "mug without a handle",
        "the part that isn't the handle", "the part that isnt the handle", "something other than the lid",
    ],
)  # fmt: skip
def test_negated_questions_are_refused(known, text):
    with pytest.raises(ValueError, match="asks for what a part is not: ask for the part itself"):
        read_question(text, known)


@pytest.mark.parametrize(
    "text",
    ["handle and lid", "handle, lid", "the handle & the lid", "handle or lid", "handle; lid", "handle/lid",
     "where are the handle and the lid?", "top and handle", "handle, lid and spout"],
)  # fmt: skip
def test_several_things_in_one_text_are_refused(known, text):
    with pytest.raises(ValueError, match='several things: ask for each by itself, ".+" and ".+"'):
        read_question(text, known)


@pytest.mark.parametrize("text", ["where is it?", "what is this", "the", "show me that"])
def test_a_question_without_a_part_is_refused(known, text):
    with pytest.raises(ValueError, match="names no part: ask for one"):
        read_question(text, known)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [("handel", "handle"), ("where is the hadnle?", "handle"), ("screwdrivver", "screwdriver"), ("knobb", "knob"),
     ("triger", "trigger"), ("handel of the mug", "handle of the mug")],
)  # fmt: skip
def test_a_slip_is_corrected_and_reported(known, text, phrase):
    question = read_question(text, known)
    assert question.understood and question.correction == phrase
    assert question.remark == f'"{text}" was read as "{phrase}"'


def test_a_slip_in_the_frame_is_not_reported(known):
    assert read_question("wher is the lid", known).remark == ""


def test_ambiguous_slips_are_only_suggestions(known):
    question = read_question("handl", known)
    assert (question.understood, question.correction) == (False, None)
    assert "handle" in question.suggestions
    assert question.remark.startswith('not understood: "handl" (did you mean "')


@pytest.mark.parametrize(
    "text",
    ["Griff", "Henkel der Tasse", "poignée", "la poignée de la tasse", "asa de la taza", "maniglia", "ручка", "把手",
     "asdf", "xq zzt", "1234", "handle of the qwrtz", "cup of qwrtz", "Bügel", "hammer stiel"],
)  # fmt: skip
def test_other_languages_and_gibberish_are_not_understood(known, text):
    question = read_question(text, known)
    assert not question.understood and question.remark.startswith(f'not understood: "{text}"')


@pytest.mark.parametrize(
    "text",
    ["percolator", "sprocket", "trammel hook", "the derailleur's cage", "oscilloscope probe", "Kallax door",
     "weathercock", "spigots of the samovar", "crêpe pan"],
)  # fmt: skip
def test_english_words_outside_all_names_are_understood(known, text):
    assert read_question(text, known).understood


def test_taught_words_are_understood_whatever_they_are(known):
    taught = frozenset({"把手", "blicket", "not the lid", "the thingamabob"})
    assert read_question("where is the blicket?", known, taught).phrase == "blicket"
    assert read_question("Blickets of the mug", known, taught).owner == "mug"
    for text in taught:
        assert read_question(text, known, taught).phrase == text
    assert not read_question("blicket", known).understood


def test_without_a_list_of_english_words_nothing_is_refused_for_its_language(known, monkeypatch):
    monkeypatch.setattr("part_perception.language.questions.frequencies", dict)
    assert read_question("Griff", known).understood


def test_without_known_words_frames_are_still_removed():
    question = read_question("where is the handle of the mug?", KnownWords(()))
    assert (question.phrase, question.owner, question.understood) == ("handle", "mug", True)


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
