"""Motion names: a name suggests how its part moves, a similar one almost as much, a strange one nothing."""

import json

import numpy as np
import pytest
from safetensors.numpy import save

from part_perception.encoder.manifest import MotionRule
from part_perception.errors import InputError
from part_perception.geometry.motions import MOTIONS
from part_perception.language import Language
from part_perception.parts.motion import MotionNames, MotionWords, kind_chances

FIXED, SLIDES, TURNS = (MOTIONS.index(kind) for kind in ("fixed", "slides", "turns"))


@pytest.fixture(scope="module")
def counted() -> MotionNames:
    """Drawers of nine kinds slide, doors of six turn, and twenty kinds have legs that do nothing."""
    kinds = np.zeros((3, len(MOTIONS)))
    kinds[0, TURNS], kinds[1, SLIDES], kinds[2, FIXED] = 6, 9, 20
    return MotionNames(("door", "drawer", "leg"), kinds)


def words_at(counted: MotionNames) -> MotionWords:
    """Names at right angles to each other."""
    return MotionWords(counted.names, np.eye(len(counted.names), 8), counted.kinds)


def test_a_name_makes_its_motion_likelier_by_what_was_counted(counted):
    words = words_at(counted)
    np.testing.assert_allclose(words.usual[[FIXED, SLIDES, TURNS]], (20 / 35, 9 / 35, 6 / 35), atol=1e-3)
    chances = words.usual * np.exp(words.leaning(words.vectors[1]))
    assert chances.sum() == pytest.approx(1.0)
    assert chances[SLIDES] == pytest.approx((9 + 9 / 35) / 10, abs=1e-3)
    assert chances[FIXED] == pytest.approx(20 / 35 / 10, abs=1e-3)


def test_the_nearer_the_name_the_more_it_counts(counted):
    words = words_at(counted)
    said = []
    for cosine in (1.0, 0.94, 0.86):
        text = np.zeros(8)
        text[1], text[7] = cosine, np.sqrt(1 - cosine**2)
        said.append(words.usual[SLIDES] * np.exp(words.leaning(text)[SLIDES]))
    weight = 9 * np.exp(-1)  # at 0.94, one width of the kernel
    assert said[1] == pytest.approx((weight + words.usual[SLIDES]) / (weight + 1), abs=1e-3)
    assert said[0] > said[1] > said[2] > words.usual[SLIDES]


def test_a_part_without_a_name_gives_no_evidence(counted):
    words = words_at(counted)
    assert words.leaning(np.zeros(8)) is None
    assert words.leaning(np.eye(8)[7]) is None  # far from every name
    nothing = MotionWords((), np.zeros((0, 8)), np.zeros((0, 6)))
    assert nothing.leaning(np.eye(8)[0]) is None


def test_vectors_come_from_the_bank_and_lacking_names_are_left_out(counted):
    known = MotionNames(("drawer", "qwrt zxcv"), counted.kinds[:2])
    words = MotionWords.of(known, Language.shipped())
    assert words.names == ("drawer",)
    np.testing.assert_allclose(words.vectors[0], Language.shipped().embed(["drawer"])[0])


def test_head_and_name_are_weighed_by_the_rule():
    mean = np.full(6, 1 / 6)
    leaning = np.zeros(6)
    leaning[SLIDES] = np.log(5.0)
    rule = MotionRule(named_weights=(1.0, 1.0, *[0.0] * 6))
    np.testing.assert_allclose(kind_chances(mean, rule, leaning), [0.1, 0.5, 0.1, 0.1, 0.1, 0.1])
    np.testing.assert_allclose(kind_chances(mean, rule), mean)  # no name
    np.testing.assert_allclose(kind_chances(mean, MotionRule(), leaning), mean)  # a rule that knows none
    with pytest.raises(InputError, match="named_weights"):
        MotionRule(named_weights=(1.0,))


def test_each_case_has_its_own_threshold():
    rule = MotionRule(known_at=0.8, named_weights=(1.0, 1.0, *[0.0] * 6), named_known_at=0.6)
    assert rule.known_at_with(None) == 0.8
    assert rule.known_at_with(np.zeros(6)) == 0.6
    assert MotionRule(known_at=0.8, named_known_at=0.6).known_at_with(np.zeros(6)) == 0.8


def test_a_file_comes_back_as_it_was(counted, tmp_path):
    counted.save(tmp_path / "names")
    again = MotionNames.load(tmp_path / "names")
    assert again.names == counted.names
    np.testing.assert_array_equal(again.kinds, counted.kinds)


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (["leg", "leg"], np.ones((2, 6), np.float16)),
        (["Leg"], np.ones((1, 6), np.float16)),
        (["leg"], np.ones((2, 6), np.float16)),
        (["leg"], np.ones((1, 6), np.float32)),
        (["leg"], np.full((1, 6), np.nan, np.float16)),
        (["leg"], np.full((1, 6), -1, np.float16)),
        ("leg", np.ones((3, 6), np.float16)),
    ],
)
def test_a_damaged_file_is_refused(names, kinds, tmp_path):
    path = tmp_path / "names"
    path.write_bytes(save({"kinds": kinds}, {"part_perception.motion_names": json.dumps(names)}))
    with pytest.raises(InputError, match="damaged"):
        MotionNames.load(path)


def test_any_other_file_is_refused(tmp_path):
    (tmp_path / "names").write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read"):
        MotionNames.load(tmp_path / "names")
