"""Store: a saved model loads unchanged; damaged, missing or foreign files are refused."""

import hashlib
import json

import numpy as np
import pytest

from part_perception.encoder.manifest import Manifest
from part_perception.encoder.runtimes.registry import choose_runtime
from part_perception.encoder.store import (
    MANIFEST,
    PROBE,
    WEIGHTS,
    Probe,
    StoredModel,
    halved,
    load_manifest,
    load_weights,
    save_model,
)
from part_perception.storage import file_hash
from tests.encoder.conftest import CONFIG, SPEC, random_weights


def sign_again(folder, name):
    """Make the manifest name the file as it is now."""
    raw = json.loads((folder / MANIFEST).read_text())
    raw["files"][name] = file_hash(folder / name)
    (folder / MANIFEST).write_text(json.dumps(raw))


def test_weights_come_back(model):
    weights = random_weights(CONFIG)
    back = load_weights(model, load_manifest(model))
    assert back.keys() == weights.keys()
    assert all(np.array_equal(back[k], weights[k]) for k in weights)


def test_halved_weights_are_half_the_file_and_used_as_they_were_stored(model, tmp_path):
    folder, weights = tmp_path / "halved", random_weights(CONFIG)
    manifest = save_model(folder, Manifest("halved", CONFIG, SPEC), halved(weights))
    back = load_weights(folder, manifest)
    assert {v.dtype for v in back.values()} == {np.dtype(np.float32)}
    for name, value in weights.items():
        assert np.array_equal(back[name], value.astype(np.float16) if value.ndim > 1 else value)
    assert (folder / WEIGHTS).stat().st_size < 0.6 * (model / WEIGHTS).stat().st_size
    difference, cosine = (
        StoredModel(folder, manifest).probe().gap(choose_runtime(folder, manifest, "onnx:fp32").runtime)
    )
    assert difference < 1e-4 and cosine > 0.9999  # the probe was made with the stored weights


def test_the_manifest_names_every_file_by_its_hash(model):
    files = load_manifest(model).files
    assert set(files) == {WEIGHTS, PROBE} == {p.name for p in model.iterdir()} - {MANIFEST}
    assert all(file_hash(model / name) == value for name, value in files.items())


def test_saving_again_writes_the_same_files(model, tmp_path):
    other = save_model(tmp_path / "again", Manifest("small", CONFIG, SPEC), random_weights(CONFIG))
    assert other.files == load_manifest(model).files


@pytest.mark.parametrize("name", [WEIGHTS, PROBE])
@pytest.mark.parametrize("keep", [0, 20, 3000])
def test_a_truncated_file_is_refused_by_its_hash(model, name, keep):
    (model / name).write_bytes((model / name).read_bytes()[:keep])
    with pytest.raises(ValueError, match=f"{name} is damaged or belongs to another model"):
        choose_runtime(model, load_manifest(model))


@pytest.mark.parametrize("keep", [0, 20, 3000])
def test_truncated_weights_are_refused(model, keep):
    (model / WEIGHTS).write_bytes((model / WEIGHTS).read_bytes()[:keep])
    with pytest.raises(ValueError, match="is damaged or belongs to another model"):
        load_weights(model, load_manifest(model))
    sign_again(model, WEIGHTS)
    with pytest.raises(ValueError, match=f"the weights .*{WEIGHTS} cannot be read"):
        load_weights(model, load_manifest(model))


def plant(model, content):
    """Put another graph into the cache as if it were the model's."""
    path = StoredModel(model, load_manifest(model)).graph()
    path.unlink()
    stem = path.stem.rpartition("-")[0]
    (path.parent / f"{stem}-{hashlib.sha256(content).hexdigest()}.onnx").write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"no graph", bytes(range(256)) * 20])
def test_a_file_that_is_not_a_graph_is_refused(model, content):
    plant(model, content)
    with pytest.raises(ValueError, match="cannot be loaded by ONNX Runtime"):
        choose_runtime(model, load_manifest(model), "onnx:fp32")


def test_the_graph_of_another_model_is_refused(model, tmp_path):
    other = save_model(tmp_path / "other", Manifest("other", CONFIG, SPEC), random_weights(CONFIG, 1))
    plant(model, StoredModel(tmp_path / "other", other).written())
    with pytest.raises(ValueError, match="does not compute the model small: its features differ"):
        choose_runtime(model, load_manifest(model))


@pytest.mark.parametrize("runtime", ["auto", "onnx:fp32", "torch"])
def test_the_manifest_of_another_model_is_refused(model, tmp_path, runtime):
    other = tmp_path / "other"
    save_model(other, Manifest("other", CONFIG, SPEC), random_weights(CONFIG, 1))
    (model / MANIFEST).write_bytes((other / MANIFEST).read_bytes())
    with pytest.raises(ValueError, match="is damaged or belongs to another model"):
        choose_runtime(model, load_manifest(model), runtime)


def test_missing_things_are_named(model, tmp_path):
    manifest = load_manifest(model)
    (model / WEIGHTS).unlink()
    with pytest.raises(ValueError, match=r"lacks its file .*weights\.safetensors"):
        choose_runtime(model, manifest)
    with pytest.raises(ValueError, match="there is no model folder"):
        load_manifest(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"names no weights\.safetensors"):
        choose_runtime(model, Manifest("small", CONFIG, SPEC), "torch")


def test_a_graph_that_differs_from_torch_is_not_saved(tmp_path, monkeypatch):
    from part_perception.encoder import store

    build = store.build_graph
    other = random_weights(CONFIG, 1)
    monkeypatch.setattr(store, "build_graph", lambda weights, *rest: build(other, *rest))
    with pytest.raises(ValueError, match="its features differ from the model's by .* more than 1e-05"):
        save_model(tmp_path / "bad", Manifest("bad", CONFIG, SPEC), random_weights(CONFIG))
    assert not (tmp_path / "bad").exists()


def test_a_probe_sees_features_that_are_not_numbers(model):
    probe = Probe.load(model / PROBE)

    class Broken:
        name = "broken"

        def run(self, inputs):
            rows = SPEC.samples
            return {"language": np.full((1, rows, 28), np.nan), "field": np.full((1, rows, 12), np.nan)}

    for precision in ("fp32", "int8"):
        with pytest.raises(ValueError, match="its features"):
            probe.check(Broken(), precision)
