"""The disk cache: remembers, survives damage, stays small."""

import os

import numpy as np
import pytest

from part_perception.language import language
from part_perception.language.language import VectorCache

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


def test_another_words_file_is_not_believed(folder):
    cache = VectorCache("a", ["{}"])
    cache.put("lid", VECTOR)
    (file,) = cache.folder.iterdir()
    os.replace(file, cache._path("handle"))
    assert cache.get("handle") is None


def test_nowhere_to_write_costs_nothing(tmp_path, monkeypatch):
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
