"""The live text model: it agrees with a plain numpy reference, and survives any damage to its cache."""

import functools
import os
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

from part_perception.language import minilm
from part_perception.language.minilm import MiniLM, find_files

TEXTS = [
    "mug",
    "handle of the mug",
    "where the liquid comes out",
    "a",
    "on off switch of the électric drill 7",
]


def _norm(x, weights, name):
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-12)
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def _linear(x, weights, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


@functools.cache
def published_weights():
    return {name: value.astype(np.float64) for name, value in load_file(find_files().weights).items()}


@functools.cache
def reference(text):
    """all-MiniLM-L6-v2 of one text in float64, by the formulas of BERT, without batches or padding."""
    weights = published_weights()
    tokenizer = Tokenizer.from_file(str(find_files().tokenizer))
    tokenizer.no_padding()
    ids = tokenizer.encode(text).ids
    embeddings = "embeddings.{}_embeddings.weight".format
    x = weights[embeddings("word")][ids] + weights[embeddings("position")][: len(ids)]
    x = _norm(x + weights[embeddings("token_type")][0], weights, "embeddings.LayerNorm")
    for i in range(6):
        layer = f"encoder.layer.{i}"
        query, key, value = (
            _linear(x, weights, f"{layer}.attention.self.{role}").reshape(len(ids), 12, 32).transpose(1, 0, 2)
            for role in ("query", "key", "value")
        )
        scores = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(32))
        mixed = (scores / scores.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), 384)
        mixed = _linear(mixed, weights, f"{layer}.attention.output.dense")
        x = _norm(x + mixed, weights, f"{layer}.attention.output.LayerNorm")
        wide = _linear(x, weights, f"{layer}.intermediate.dense")
        wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
        x = _norm(x + _linear(wide, weights, f"{layer}.output.dense"), weights, f"{layer}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_agrees_with_a_plain_numpy_forward_pass(text_cache):
    got = MiniLM().encode(TEXTS)  # one padded batch of five lengths
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, [reference(text) for text in TEXTS], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(got, axis=1), 1, atol=1e-5)


def test_related_words_are_near(text_cache):
    mug, cup, wheel, handle, grip = MiniLM().encode(["mug", "cup", "wheel", "handle", "grip"])
    assert mug @ cup > 0.6 > 0.4 > mug @ wheel
    assert handle @ grip > handle @ wheel


def test_many_texts_keep_their_order(text_cache):
    texts = [f"part {i} " + "long " * (i % 7) for i in range(150)]
    together = MiniLM().encode(texts)
    alone = MiniLM()
    for i in (0, 63, 64, 149):
        np.testing.assert_allclose(together[i], alone.encode([texts[i]])[0], atol=1e-5)


def test_a_very_long_text_is_cut_not_refused(text_cache):
    vectors = MiniLM().encode(["x " * 1000, "x " * 2000])
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-6)


def replace(path, content):
    """Replace a file by another."""
    path.unlink()
    path.write_bytes(content)


def one_bit_flipped(content):
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    "damage", [lambda b: b"", lambda b: b[: len(b) // 2], lambda b: b"\x00" * len(b), one_bit_flipped]
)
def test_a_damaged_graph_is_built_again(text_cache, damage):
    (graph,) = (text_cache / "graphs").glob("minilm-*.onnx")
    whole = graph.read_bytes()
    replace(graph, damage(whole))
    np.testing.assert_allclose(MiniLM().encode(["mug"])[0], reference("mug"), atol=1e-5)
    assert graph.read_bytes() == whole


def test_a_graph_with_other_weights_is_built_again(text_cache):
    (graph,) = (text_cache / "graphs").glob("minilm-*.onnx")
    whole = graph.read_bytes()
    rng = np.random.default_rng(0)

    def other(name):
        return rng.normal(0, 0.02, find_files().tensor(name).shape).astype(np.float32)

    replace(graph, minilm.build_graph(other))
    np.testing.assert_allclose(MiniLM().encode(["mug"])[0], reference("mug"), atol=1e-5)
    assert graph.read_bytes() == whole


def test_works_where_nothing_can_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(blocked))
    np.testing.assert_allclose(MiniLM().encode(["mug"])[0], reference("mug"), atol=1e-5)


def test_altered_weights_are_refused(text_cache, tmp_path):
    altered = tmp_path / "model.safetensors"
    altered.write_bytes(find_files().weights.read_bytes()[:-1] + b"?")
    with pytest.raises(ValueError, match="is not the published file"):
        minilm._check(altered, minilm.WEIGHTS_SHA256)


def test_the_hash_is_computed_once(text_cache, monkeypatch):
    find_files()
    monkeypatch.setattr(minilm, "file_hash", lambda path: pytest.fail("hashed again"))
    find_files()
    replace(text_cache / "text" / "checked.json", b"{damaged")
    monkeypatch.setattr(minilm, "file_hash", lambda path: "0" * 64)
    with pytest.raises(ValueError, match="SHA-256"):
        find_files()


def test_a_missing_package_says_what_to_install(text_cache, monkeypatch):
    monkeypatch.setattr(minilm, "DISTRIBUTION", "no-such-distribution-here")
    with pytest.raises(ValueError, match="pip install"):
        MiniLM().encode(["mug"])


def test_runs_without_torch(text_cache):
    code = (
        "import sys; from part_perception.language.minilm import MiniLM; MiniLM().encode(['mug']);"
        "print([m for m in ('torch', 'onnx', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_constructing_loads_nothing(text_cache, monkeypatch):
    monkeypatch.setattr(minilm, "find_files", lambda: pytest.fail("looked for files"))
    encoder = MiniLM()
    assert (encoder.name, encoder.dim) == ("minilm", 384)
