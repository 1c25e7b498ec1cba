"""The vocabulary of the shipped bank: complete, clean, and the same every time."""

import numpy as np
import pytest

from part_perception.language import TextBank, clean, encode_words, shipped_bank_path
from part_perception.language.everyday import everyday_words
from part_perception.language.minilm import MiniLM
from part_perception.model_zoo import banks
from part_perception.shapes.kinds import KINDS

MAX_BYTES = 6_000_000


@pytest.fixture(scope="module")
def some_kinds():
    """A few kinds, so that collecting is quick."""
    return {name: KINDS[name] for name in ("mug", "teapot")}


def test_collects_names_parts_everyday_words_and_phrases(some_kinds, monkeypatch):
    monkeypatch.setattr(banks, "KINDS", some_kinds)
    words, objects, parts, sizes = banks.collect_words()
    assert words[:4] == [clean(name) for name in KINDS["mug"].names[:4]]
    assert len(set(words)) == len(words)
    assert {"mug", "teapot", "handle", "spout", "where to pour"} <= set(words)
    assert {"mug handle", "handle of the mug", "teapot spout", "spout of the teapot"} <= set(words)
    assert {"emergency stop", "phillips screwdriver", "sharp part"} <= set(words)
    assert [clean(word) for word in words] == words
    assert banks.collect_words().words == words
    assert {"mug", "teapot"} <= set(objects) and {"handle", "spout", "where to pour"} <= set(parts)
    assert "mug handle" not in parts and not {"mug", "teapot"} & set(parts)
    assert set(sizes) == set(objects) and all(0 < low <= high for low, high in sizes.values())
    low, high = sizes["mug"]
    assert 0.05 < low < 0.12 < high < 0.3, "metres"


def test_phrases_are_dropped_first_when_the_bank_is_full(some_kinds, monkeypatch):
    monkeypatch.setattr(banks, "KINDS", some_kinds)
    everything = banks.collect_words().words
    monkeypatch.setattr(banks, "MAX_WORDS", everything.index("mug handle"))
    assert banks.collect_words().words == everything[: everything.index("mug handle")]
    assert clean(everyday_words()[-1]) in banks.collect_words().words


def test_part_names_come_from_many_objects():
    names = banks.part_names(KINDS["mug"])
    seen = {p.names for seed in range(40) for p in KINDS["mug"].make(np.random.default_rng(seed)).parts}
    assert len(names) == len(set(names))
    assert set(names) == seen


def test_everyday_words_are_clean_and_many():
    words = everyday_words()
    assert words == [clean(word) for word in words]
    assert len(words) > 900
    shapenet = "wing, tail, crown, brim, earcup, headband, data wire, headstock, fixing bracket, gas tank, barrel, deck"
    assert set(shapenet.split(", ")) <= set(words)


def test_the_bank_is_built_from_the_code_alone(some_kinds, monkeypatch, text_cache, tmp_path):
    monkeypatch.setattr(banks, "KINDS", some_kinds)
    monkeypatch.setattr(banks, "MAX_WORDS", 100)
    one = banks.build_shipped_bank(tmp_path / "one")
    two = banks.build_shipped_bank(tmp_path / "two")
    words, objects, parts, sizes = banks.collect_words()
    assert one.words == tuple(sorted(words))
    assert one.objects == tuple(sorted(set(words) & set(objects)))
    assert one.parts == tuple(sorted(set(words) & set(parts)))
    assert one.sizes == {name: sizes[name] for name in one.objects}
    assert (one.encoder, one.hash) == ("minilm", two.hash)


def test_the_shipped_bank_speaks_for_the_model(text_cache):
    bank = TextBank.load(shipped_bank_path())
    assert shipped_bank_path().stat().st_size <= MAX_BYTES
    assert (bank.encoder, bank.dim) == ("minilm", 384)
    assert 5_000 <= len(bank.words) <= banks.MAX_WORDS
    kinds = {clean(name) for kind in KINDS.values() for name in kind.names}
    assert kinds == set(bank.objects), "a kind was added: build the bank again (part-perception models bank)"
    assert {clean(word) for word in everyday_words()} <= set(bank.words)
    some = list(bank.words[:: len(bank.words) // 40])
    cosines = (encode_words(some, MiniLM()) * bank.vectors[[bank.index[word] for word in some]]).sum(1)
    assert cosines.min() > 0.99999
