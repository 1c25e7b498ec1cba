"""Names: all are clean; a synonym, a similar name or a general word is never a negative of a part."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.language.english import clean
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.names import Concept, NameTable, cleaned, concepts_of, part_words, phrases
from part_perception.training.vocabulary import load_names, names_for, save_names

AXES = np.eye(12, dtype=np.float32)


@pytest.fixture
def small() -> NameTable:
    """Nine names in separate directions, except 'lid' and 'cover', which are close."""
    names = (
        "mug",
        "handle",
        "grip",
        "mug handle",
        "handle of the mug",
        "rim",
        "body",
        "lid",
        "cover",
        "saw handle",
    )
    vectors = AXES[: len(names)].copy()
    vectors[8] = 0.9 * AXES[7] + np.sqrt(1 - 0.81) * AXES[8]
    return NameTable(names, vectors, (("handle", "grip"), ("body", "rim")))


def truth_of(table: NameTable, concept: Concept) -> dict[str, int]:
    return dict(zip(table.names, table.truth(concept).tolist(), strict=True))


def test_truth_of_a_part(small):
    assert truth_of(small, Concept(("mug",), ("handle",))) == {
        "mug": 1, "handle": 1, "mug handle": 1, "handle of the mug": 1,
        "grip": -1, "saw handle": -1,  # said beside it; handle is its general word
        "rim": 0, "body": 0, "lid": 0, "cover": 0,
    }  # fmt: skip


def test_similar_names_are_left_open(small):
    truth = truth_of(small, Concept(("box",), ("lid",)))
    assert (truth["lid"], truth["cover"], truth["rim"]) == (1, -1, 0)


def test_the_whole_of_a_piece_is_true_of_it(small):
    truth = truth_of(small, Concept(("mug",), ("rim",), ("body",)))
    assert (truth["rim"], truth["body"], truth["handle"]) == (1, 1, 0)


def test_only_certainly_untrue_labels_of_people_count_as_negatives(small):
    truth = truth_of(small, Concept(("mug",), ("handle",), (), frozenset({"rim", "grip"})))
    assert (truth["handle"], truth["rim"]) == (1, 0)
    assert truth["grip"] == -1  # a synonym stays open even then
    assert (truth["body"], truth["lid"]) == (-1, -1)


def test_every_name_of_every_kind_is_clean(table):
    assert all(clean(name) == name for name in table.names)
    assert "c clamp" in table.index and "C-clamp" not in table.index
    shape = KINDS["C-clamp"].make(np.random.default_rng(0))
    for concept in concepts_of(shape):
        assert concept.kind[0] == "c clamp"
        assert all(clean(n) == n for n in (*concept.names, *concept.above))
        assert f"c clamp {concept.names[0]}" in table.index


def test_cleaning_keeps_the_order_and_each_name_once():
    assert cleaned(("C-clamp", "c clamp", "G-clamp")) == ("c clamp", "g clamp")
    assert phrases(("mug", "cup", "beaker"), ("handle", "grip")) == [
        "mug handle", "handle of the mug", "cup handle", "handle of the cup",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS)[::7])
def test_no_synonym_is_ever_a_negative(kind, table):
    """For real concepts: own names, kind and ancestors are true; no synonym of theirs is false."""
    shape = KINDS[kind].make(np.random.default_rng(1))
    for concept in concepts_of(shape):
        truth = table.truth(concept)
        own = [table.index[n] for n in (*concept.names, *concept.above) if n in table.index]
        kind = [table.index[n] for n in concept.kind if n in table.index]
        assert (truth[own] == 1).all()
        assert (truth[kind] != 0).all()
        assert (truth[[i for i in kind if table.names[i] not in part_words(concept.kind)]] == 1).all()
        for listed in table.lists:
            if set(listed) & set(concept.names):
                assert all(truth[table.index[n]] != 0 for n in listed if n in table.index)
        assert (truth == 0).sum() > 0.5 * len(table.names)


def test_names_are_kept_in_a_file_and_read_back(tmp_path, small):
    path = tmp_path / "names.safetensors"
    save_names(small, path)
    read = load_names(path)
    assert (read.names, read.lists) == (small.names, small.lists)
    assert np.abs(read.vectors - small.vectors).max() < 1e-3
    assert np.abs(np.linalg.norm(read.vectors, axis=1) - 1).max() < 1e-6
    assert names_for(path, ["rim"]).names == small.names  # no text model is asked


def test_a_damaged_file_of_names_is_refused(tmp_path):
    path = tmp_path / "names.safetensors"
    path.write_bytes(b"no such thing")
    with pytest.raises(ValueError, match="holds no names"):
        load_names(path)
