"""The text bank: it loads as it was saved, and damage is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save_file

from part_perception.errors import InputError
from part_perception.language import TEMPLATES, TextBank, build_bank, encode_words
from part_perception.storage import file_hash

KEY = "part_perception.text_bank"


def test_round_trip(speller, tmp_path):
    path = tmp_path / "deep" / "bank.safetensors"
    built = build_bank(["Lid", "table_leg", "handle", "lid!"], speller, path)
    read = TextBank.load(path)
    assert read.words == built.words == ("handle", "lid", "table leg")
    assert (read.encoder, read.templates, read.dim) == ("speller", TEMPLATES, 8)
    assert read.index == {"handle": 0, "lid": 1, "table leg": 2}
    np.testing.assert_allclose(read.vectors, encode_words(list(read.words), speller), atol=5e-4)
    np.testing.assert_allclose(np.linalg.norm(read.vectors, axis=1), 1, atol=1e-6)
    assert read.vectors.dtype == np.float32


def test_the_same_words_give_the_same_file(speller, tmp_path):
    one = build_bank(["lid", "handle"], speller, tmp_path / "one")
    two = build_bank(["handle", "Lid"], speller, tmp_path / "two")
    other = build_bank(["handle", "knob"], speller, tmp_path / "other")
    assert one.hash == two.hash == file_hash(tmp_path / "one") == file_hash(tmp_path / "two")
    assert other.hash == file_hash(tmp_path / "other") != one.hash


def test_vectors_stored_by_column_come_back_row_by_row(speller, tmp_path):
    built = build_bank(["lid", "handle", "knob"], speller, tmp_path / "one")
    turned = replace(built, vectors=np.asfortranarray(built.vectors))
    turned.save(tmp_path / "two")
    np.testing.assert_array_equal(
        TextBank.load(tmp_path / "two").vectors, TextBank.load(tmp_path / "one").vectors
    )


def test_names_are_listed_by_what_they_name(speller, tmp_path):
    path = tmp_path / "bank"
    bank = build_bank(
        ["lid", "handle", "Mug"], speller, path, objects=["mug", "pot"], parts=["Lid", "Handle"]
    )
    assert (bank.objects, bank.parts) == (("mug",), ("handle", "lid"))
    more = build_bank(["pot"], speller, path, keep=bank, objects=["pot"])
    assert (more.objects, more.parts) == (("mug", "pot"), ("handle", "lid"))
    assert more.known_words.split("pot lid") == ("lid", "pot")


def test_sizes_of_objects_come_back_and_are_kept(speller, tmp_path):
    path = tmp_path / "bank"
    sizes = {"mug": (0.08, 0.15), "spoon": (0.1, 0.3)}
    built = build_bank(["mug", "lid"], speller, path, objects=["mug", "spoon"], sizes=sizes)
    assert TextBank.load(path).sizes == built.sizes == {"mug": (0.08, 0.15)}, "a spoon is not among the words"
    more = build_bank(["fork"], speller, path, keep=built, objects=["fork"], sizes={"fork": (0.1, 0.2)})
    assert more.sizes == {"mug": (0.08, 0.15), "fork": (0.1, 0.2)}


@pytest.mark.parametrize(
    "sizes",
    [{"lid": (0.1, 0.2)}, {"mug": (0.2, 0.1)}, {"mug": (0.0, 0.1)}, {"mug": 0.1}, {"mug": ("a", "b")}, 3],
)
def test_invalid_sizes_are_refused(speller, tmp_path, sizes):
    path = tmp_path / "bank"
    replace(build_bank(["mug", "lid"], speller, path, objects=["mug"]), sizes=sizes).save(path)
    with pytest.raises(InputError, match="its sizes are not lengths of its objects"):
        TextBank.load(path)


def test_progress_and_chunks(speller, tmp_path):
    seen = []
    bank = build_bank(
        (f"word {i}" for i in range(150)), speller, tmp_path / "b", progress=lambda *at: seen.append(at)
    )
    assert seen == [(64, 150), (128, 150), (150, 150)]
    row = bank.index["word 77"]
    np.testing.assert_allclose(bank.vectors[row], encode_words(["word 77"], speller)[0], atol=5e-4)


def test_a_bank_is_extended_without_encoding_it_again(speller, tmp_path):
    kept = build_bank(["lid", "handle"], speller, tmp_path / "bank")
    speller.texts.clear()
    bank = build_bank(["Knob", "lid"], speller, tmp_path / "bank", keep=kept)
    assert speller.texts == ["knob", "a knob", "knob part"]
    assert bank.words == ("handle", "knob", "lid")
    np.testing.assert_allclose(bank.vectors[[0, 2]], kept.vectors, atol=5e-4)
    np.testing.assert_allclose(bank.vectors[1], encode_words(["knob"], speller)[0], atol=5e-4)


def test_a_bank_of_another_space_is_not_extended(speller, tmp_path):
    kept = build_bank(["lid"], speller, tmp_path / "bank")
    with pytest.raises(ValueError, match="was made with 'speller'"):
        build_bank(["knob"], speller, tmp_path / "bank", ["{}"], keep=kept)
    speller.name = "other"
    with pytest.raises(ValueError, match="make a new one"):
        build_bank(["knob"], speller, tmp_path / "bank", keep=kept)


def test_an_empty_list_is_refused_and_writes_nothing(speller, tmp_path):
    with pytest.raises(ValueError, match="at least one word"):
        build_bank([], speller, tmp_path / "bank")
    assert not (tmp_path / "bank").exists()


def describe(**changes):
    about = {"encoder": "speller", "templates": ["{}"], "words": ["handle", "lid"]}
    return {KEY: json.dumps({**about, **changes})}


EYE = np.eye(2, dtype=np.float16)


@pytest.mark.parametrize(
    ("tensors", "metadata", "reason"),
    [
        ({"vectors": EYE}, None, "describes no words"),
        ({"vectors": EYE}, {KEY: "[1"}, "cannot be read"),
        ({"vectors": EYE}, {KEY: "[1]"}, "describes no words"),
        ({"vectors": EYE}, describe(more=1), "its fields are"),
        ({"weights": EYE}, describe(), "its fields are"),
        ({"vectors": EYE, "more": EYE}, describe(), "its fields are"),
        ({"vectors": EYE.astype(np.float32)}, describe(), "vectors float32"),
        ({"vectors": EYE[:1]}, describe(), r"2 words, vectors float16 \(1, 2\)"),
        ({"vectors": EYE}, describe(words=["lid", "lid"]), "clean and distinct"),
        ({"vectors": EYE}, describe(words=["lid", "Handle"]), "clean and distinct"),
        ({"vectors": EYE * np.float16(2)}, describe(), "length one"),
        ({"vectors": EYE * np.float16("nan")}, describe(), "length one"),
        ({"vectors": EYE}, describe(templates=["a"]), "template"),
        ({"vectors": EYE}, describe(parts=["knob"]), "lacks some of the names that it lists"),
    ],
)
def test_strict_load(tmp_path, tensors, metadata, reason):
    path = tmp_path / "bank.safetensors"
    save_file(tensors, path, metadata)
    with pytest.raises(ValueError, match=reason):
        TextBank.load(path)


def test_the_strict_load_accepts_what_is_right(tmp_path):
    path = tmp_path / "bank.safetensors"
    save_file({"vectors": EYE}, path, describe())
    assert TextBank.load(path).words == ("handle", "lid")


@pytest.mark.parametrize("content", [b"", b"\x93pickle", b"\xff" * 100])
def test_not_a_safetensors_file(tmp_path, content):
    path = tmp_path / "bank.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read"):
        TextBank.load(path)


def test_a_truncated_file(speller, tmp_path):
    path = tmp_path / "bank.safetensors"
    build_bank(["lid", "handle"], speller, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="cannot be read"):
        TextBank.load(path)


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ValueError, match="part-perception models bank"):
        TextBank.load(tmp_path / "none.safetensors")
