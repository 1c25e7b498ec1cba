"""Language: each word comes from the cheapest source, or a clear sentence says why not; and the cache on disk."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.language import Language, TextBank, build_bank, encode_words, language, text_encoder
from part_perception.language.language import VectorCache
from part_perception.language.minilm import MiniLM


@pytest.fixture
def bank(speller, tmp_path):
    built = build_bank(["handle", "lid", "table leg"], speller, tmp_path / "bank")
    speller.texts.clear()
    return built


def test_a_word_in_the_bank_needs_no_model(bank, speller):
    got = Language(bank, speller).embed(["Table_Leg", "lid", "table leg"])
    np.testing.assert_array_equal(got, bank.vectors[[2, 1, 2]])
    assert (got.dtype, speller.texts) == (np.float32, [])


def test_other_words_are_encoded_once_then_remembered(bank, speller):
    words = Language(bank, speller)
    got = words.embed(["lid", "Valve", "valve", "knob"])
    assert speller.texts == ["valve", "a valve", "valve part", "knob", "a knob", "knob part"]
    np.testing.assert_array_equal(got[1], got[2])
    np.testing.assert_allclose(got[[1, 3]], encode_words(["valve", "knob"], speller), atol=1e-6)
    speller.texts.clear()
    np.testing.assert_array_equal(words.embed(["valve"]), got[1:2])
    assert speller.texts == []


def test_the_disk_remembers_for_the_next_start(bank, speller):
    first = Language(bank, speller).embed(["valve"])
    speller.texts.clear()
    np.testing.assert_array_equal(Language(bank, speller).embed(["valve"]), first)
    np.testing.assert_array_equal(Language(bank).embed(["valve"]), first)  # no model at all
    assert speller.texts == []


def test_memory_is_asked_before_the_disk(bank, speller, monkeypatch):
    words = Language(bank, speller)
    first = words.embed(["valve"])
    monkeypatch.setattr(words._cache, "get", lambda word: pytest.fail("went to the disk"))
    np.testing.assert_array_equal(words.embed(["valve"]), first)


def test_memory_is_bounded(bank, speller, monkeypatch):
    monkeypatch.setattr(language, "MAX_REMEMBERED", 2)
    words = Language(bank, speller)
    words.embed(["one", "two", "three"])
    assert list(words._remembered) == ["two", "three"]


def test_known_asks_no_model(bank, speller):
    words = Language(bank, speller)
    assert (words.known("LID"), words.known("valve"), speller.texts) == (True, False, [])
    words.embed(["valve"])
    assert words.known("valve")


def test_a_missing_word_without_a_model_says_what_to_do(bank):
    reason = (
        "lacks 'valve', 'knob' .*no text model.*part-perception models bank --encoder speller --words FILE"
    )
    with pytest.raises(ValueError, match=reason):
        Language(bank).embed(["lid", "valve", "knob"])


def test_a_model_that_cannot_load_says_why_and_what_to_do(bank):
    class Broken:
        name, dim = "speller", 8

        def encode(self, texts):
            raise InputError("it is not installed")

    with pytest.raises(ValueError, match="lacks 'valve'.*it is not installed.*models bank"):
        Language(bank, Broken()).embed(["valve"])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ([""], "at least one letter"),
        (["lid", "x" * 10_000], "at most 200"),
        (["lid", 3], "must be text, not int"),
        ("lid", "must be a list"),
    ],
)
def test_bad_words_are_refused(bank, speller, words, reason):
    with pytest.raises(ValueError, match=reason):
        Language(bank, speller).embed(words)
    assert speller.texts == []


def test_no_words_give_no_rows(bank):
    assert Language(bank).embed([]).shape == (0, 8)


def test_texts_are_read_by_the_words_of_the_bank(bank, speller):
    words = Language(bank, speller)
    assert words.read("Where is the hadnle?").phrase == "handle"
    assert words.read("Where is the hadnle?") is words.read("Where is the hadnle?"), "remembered"
    assert words.read("blicket", ["blicket"]).understood and not words.read("blicket").understood
    assert Language(encoder=speller).read("find the blickets").phrase == "blickets"
    with pytest.raises(ValueError, match="must be text, not list"):
        words.read(["lid"])
    assert speller.texts == []


def test_names_of_objects_come_with_their_vectors(speller, tmp_path):
    bank = build_bank(["mug", "lid"], speller, tmp_path / "b", objects=["mug"])
    names, vectors = Language(bank).objects
    assert names == ("mug",) and np.array_equal(vectors, bank.vectors[[bank.index["mug"]]])
    assert Language(encoder=speller).objects[1].shape == (0, 8)


def test_a_bank_and_an_encoder_of_different_spaces_are_refused(bank):
    with pytest.raises(ValueError, match="made with 'speller' and cannot be mixed with 'minilm'"):
        Language(bank, "minilm")
    with pytest.raises(ValueError, match="made with the templates"):
        Language(bank, templates=["{}"])
    with pytest.raises(ValueError, match="a text bank, a text encoder, or both"):
        Language()


def test_encoders_by_name():
    assert isinstance(text_encoder("minilm"), MiniLM)
    name = "open_clip:ViT-bigG-14/laion2b_s39b_b160k"
    encoder = text_encoder(name)
    assert encoder.name == name
    for spec in ("bert", "", None, "open_clip:", "open_clip:ViT-bigG-14", "open_clip:/weights"):
        with pytest.raises(ValueError, match="text encoder"):
            text_encoder(spec)


@pytest.mark.timed
def test_a_bank_hit_is_quick(bank, speller):
    words = Language(bank, speller)
    asked = ["handle", "lid", "Table_leg", "table leg"] * 5
    took = []
    for _ in range(20):
        start = time.perf_counter()
        words.embed(asked)
        took.append(time.perf_counter() - start)
    assert min(took) <= 1e-3


def test_the_real_model_behind_a_bank(text_cache, tmp_path):
    bank = build_bank(["mug", "wheel"], MiniLM(), tmp_path / "bank")
    words = Language(bank, "minilm")
    mug, cup, wheel = words.embed(["mug", "cup", "wheel"])
    assert mug @ cup > mug @ wheel
    assert bank.words == TextBank.load(tmp_path / "bank").words == ("mug", "wheel")


def test_no_torch_after_embedding_and_no_model_after_constructing(text_cache):
    code = (
        "import sys; from part_perception.language import Language; words = Language(None, 'minilm');"
        "heavy = lambda: [m for m in ('torch', 'onnx', 'onnxruntime', 'tokenizers') if m in sys.modules];"
        "print(heavy()); words.embed(['mug']); print(heavy())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ, timeout=60
    )
    assert done.stdout.splitlines() == ["[]", "['onnxruntime', 'tokenizers']"]


VECTOR = np.array([0.6, 0.8], np.float32)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path))
    return tmp_path


def test_remembers_across_instances(folder):
    VectorCache("a", ["{}"]).put("lid", VECTOR)
    np.testing.assert_array_equal(VectorCache("a", ["{}"]).get("lid"), VECTOR)
    assert VectorCache("a", ["{}"]).get("handle") is None


def test_encoders_and_templates_are_kept_apart(folder):
    VectorCache("a", ["{}"]).put("lid", VECTOR)
    assert VectorCache("b", ["{}"]).get("lid") is None
    assert VectorCache("a", ["{}", "a {}"]).get("lid") is None


@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[:16], lambda b: b[:-4], lambda b: b[:-1] + bytes([b[-1] ^ 1])]
)
def test_a_damaged_file_is_dropped(folder, damage):
    cache = VectorCache("a", ["{}"])
    cache.put("lid", VECTOR)
    (file,) = cache.folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert cache.get("lid") is None
    assert list(cache.folder.iterdir()) == []
    cache.put("lid", VECTOR)
    np.testing.assert_array_equal(cache.get("lid"), VECTOR)


def test_the_file_of_another_word_is_not_used(folder):
    cache = VectorCache("a", ["{}"])
    cache.put("lid", VECTOR)
    (file,) = cache.folder.iterdir()
    os.replace(file, cache._path("handle"))
    assert cache.get("handle") is None


def test_an_unwritable_cache_does_no_harm(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(blocked))
    cache = VectorCache("a", ["{}"])
    cache.put("lid", VECTOR)
    assert cache.get("lid") is None


def test_the_oldest_make_room(folder, monkeypatch):
    monkeypatch.setattr(language, "MAX_FILES", 4)
    cache = VectorCache("a", ["{}"])
    for i in range(4):
        cache.put(f"word {i}", VECTOR)
        os.utime(cache._path(f"word {i}"), (i, i))
    cache.put("new", VECTOR)
    kept = [word for word in ("word 0", "word 1", "word 2", "word 3", "new") if cache.get(word) is not None]
    assert kept == ["word 3", "new"]
    reopened = VectorCache("a", ["{}"])
    for i in range(20):
        reopened.put(f"more {i}", VECTOR)
        assert len(list(cache.folder.iterdir())) <= 4


def test_no_draft_is_left_behind(folder):
    cache = VectorCache("a", ["{}"])
    cache.put("lid", VECTOR)
    assert [file.name[0] == "." for file in cache.folder.iterdir()] == [False]
