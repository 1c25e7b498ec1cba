"""Bad input to the segmenter: one sentence that says what is wrong, and never another kind of error."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception import InputError, PartSegmenter
from part_perception.model_folders import find_model
from part_perception.parts.fusion import SaidPart

POINTS = np.random.default_rng(0).uniform(size=(1500, 3))
SOME = POINTS[:, 2] > 0.5
ONE_SENTENCE = 400  # characters


def refusal(call) -> str:
    with pytest.raises(InputError) as refused:
        call()
    text = str(refused.value)
    assert 10 < len(text) < ONE_SENTENCE and "\n" not in text
    return text


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (POINTS * 1e300, "extend over 9.99e+299"),
        (POINTS * 1e-200, "extend over 9.99e-201"),
        (POINTS * 1e-12, "extend over 9.99e-13"),
        (np.where(POINTS > 0.5, 1e308, -1e308), "extend over inf"),
        (POINTS.astype(complex), "these are complex128"),
        (POINTS > 0.5, "these are bool"),
        (POINTS.astype("timedelta64[s]"), "these are timedelta64[s]"),
        (POINTS.astype(str), "these are <U"),
        ("x" * 1_000_000, "these are <U1000000"),
        ([[10**400] * 3] * 40, "too large"),
        (None, "shape ()"),
    ],
)
def test_points_that_are_no_object(segmenter, points, said):
    assert said in refusal(lambda: segmenter.ask(points, ["handle"]))
    assert said in refusal(lambda: segmenter.match(POINTS, points))


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_any_unit_gives_the_same_answer(segmenter, lamp, scale):
    points = lamp(0)[0]
    expected = segmenter.ask(points, ["lamp shade"])
    answer = segmenter.ask(points * scale, ["lamp shade"])
    assert answer.confidence == pytest.approx(expected.confidence, abs=1e-3)
    assert (answer.masks != expected.masks).mean() < 0.01


@pytest.mark.parametrize("cores", ["2", 1.5, np.nan, -1, True, None])
def test_cores_are_a_whole_number(cores):
    assert "cores must be a whole number" in refusal(lambda: PartSegmenter.load(cores=cores))


@pytest.mark.parametrize("runtime", [None, 3, ["onnx"], "x" * 10_000])
def test_a_runtime_has_a_known_name(runtime):
    assert "unknown runtime" in refusal(lambda: PartSegmenter.load(runtime=runtime))


NO_PATHS = [
    (None, "not NoneType"),
    (3, "not int"),
    (b"x", "not bytes"),
    ([], "not list"),
    (1.5, "not float"),
    ("x" * 5000, "cannot be the path of a file"),
    ("a\0b", "embedded null byte"),
]


@pytest.mark.parametrize(
    ("model", "said"), [*NO_PATHS[1:], ("/dev/null/x", "there is no model '/dev/null/x'")]
)
def test_a_model_is_a_name_or_a_folder(model, said):
    assert said in refusal(lambda: find_model(model))


@pytest.mark.parametrize("objects", [None, 3])
def test_objects_are_a_list(segmenter, objects):
    assert "objects must be a list" in refusal(lambda: segmenter.encode(objects))
    assert "objects must be a list" in refusal(lambda: segmenter.cosegment(POINTS, objects))


@pytest.mark.parametrize("looks", [None, "2", 0, 3])
def test_looks_are_one_or_two(segmenter, looks):
    assert "looks must be 1 or 2" in refusal(lambda: segmenter.label(POINTS, ["handle", "lid"], looks=looks))


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ("x" * 1_000_000, "these are <U1000000"),
        ([[1j, 0, 0]], "these are complex128"),
        ([[0, 0], [1]], "array element with a sequence"),
    ],
)
def test_places_are_numbers(segmenter, places, said):
    for wanted, call in (
        ("clicks must be a (K, 3) array", lambda: segmenter.grow(POINTS, places)),
        ("clicks must be a (K, 3) array", lambda: segmenter.grow(POINTS, POINTS[:1], places)),
        ("places must be an (M, 3) array", lambda: segmenter.field(POINTS, places)),
        ("a place must be three numbers", lambda: segmenter.transfer(places, POINTS, POINTS)),
    ):
        text = refusal(call)
        assert text.startswith(wanted) and said in text


@pytest.mark.parametrize("rows", [None, "x", [np.nan], [1.5], [10**30], [-1], [1500]])
def test_rows_of_a_hierarchy_are_whole_numbers(segmenter, rows):
    tree = segmenter.hierarchy(POINTS)
    assert "rows must be" in refusal(lambda: tree.region(rows))
    assert "rows must be" in refusal(lambda: tree.region([0], rows))


@pytest.mark.parametrize(
    ("example", "said"),
    [
        (([[1, 2, 3], [1, 2]], [1, 0]), "the points of example 1 must be"),
        ((["abc"] * 1500, SOME), "the points of example 1 must be"),
        ((POINTS * 1e300, SOME), "extend over"),
        ((POINTS, [[1, 0], [1]]), "the mask of example 1 must hold"),
        ((POINTS, np.where(SOME, np.nan, 0)), "the mask of example 1 must hold"),
    ],
)
def test_examples_are_clouds_and_masks(segmenter, example, said):
    assert said in refusal(lambda: segmenter.teach("zorb", [example]))
    assert segmenter.taught == ()


@pytest.mark.parametrize(("path", "said"), NO_PATHS)
def test_taught_words_are_in_a_file(segmenter, path, said):
    assert said in refusal(lambda: segmenter.save_taught(path))
    assert said in refusal(lambda: segmenter.load_taught(path))


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([1], "must be a dictionary"),
        ({"zorb": 3}, "must be a list of"),
        ({"zorb": [(None, None)]}, "must be a list of"),
        ({"zorb": [(POINTS, SOME[:3])]}, "must be a list of"),
        ({"zorb": [(POINTS, np.array([None] * 1500))], "other": []}, "'other', which was not taught"),
    ],
)
def test_examples_that_do_not_fit_are_not_saved(segmenter, lamp, tmp_path, examples, said):
    points, labels = lamp(0)
    segmenter.teach("zorb", [(points, labels == 2)])
    assert said in refusal(lambda: segmenter.save_taught(tmp_path / "words.safetensors", examples))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("said", "rows", "told"),
    [
        (None, None, "must be a list of SaidPart"),
        (["handle"], None, "must be a list of SaidPart"),
        ([SaidPart("handle", 0.8, None)], None, "a bool mask of 1500 points"),
        ([SaidPart("handle", 0.8, SOME[:3])], None, "a bool mask of 1500 points"),
        ([SaidPart("handle", "high", SOME)], None, "the score of 'handle'"),
        ([SaidPart("handle", np.nan, SOME)], None, "the score of 'handle'"),
        ([SaidPart("handle", 0.8, SOME)], np.arange(3), "a bool mask of 3 points"),
        ([SaidPart("handle", 0.8, SOME)], np.full(1500, 1500), "rows must be"),
        ([SaidPart("handle", 0.8, SOME)], np.arange(1500) * 1.0, "rows must be"),
        ([SaidPart("handle", 0.8, SOME)], "rows", "rows must be"),
    ],
)
def test_what_a_detector_says_fits_the_points(said, rows, told):
    segmenter = PartSegmenter.load()
    answer = segmenter.ask(POINTS, ["handle"])
    assert told in refusal(lambda: segmenter.fused(answer, said, rows))
