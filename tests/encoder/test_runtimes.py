"""Runtimes: a named one runs or is refused; "auto" takes the fastest correct one, says why, and reports failures."""

import dataclasses
import json
import logging
import sys
import types

import numpy as np
import pytest

from part_perception.encoder.runtimes import registry
from part_perception.encoder.runtimes.onnx import OnnxRuntime
from part_perception.encoder.runtimes.registry import candidates, choose_runtime, parse
from part_perception.encoder.store import StoredModel, load_manifest, sign
from part_perception.storage import write_atomic
from tests.encoder.conftest import inputs_of


@pytest.fixture
def offered(model):
    """The small model, with its int8 graph measured as accurate."""
    manifest = dataclasses.replace(load_manifest(model), lost={"int8": 0.1, "fp16": 0.0, "bf16": 3.0})
    return model, sign(model, manifest, tuple(manifest.files))


class Wrong:
    """A runtime that loads well and computes nonsense."""

    name = "wrong"

    def __init__(self, *_):
        pass

    def run(self, inputs):
        out = OnnxRuntime.run(self.right, inputs)
        return {name: value[..., ::-1] for name, value in out.items()}


@pytest.fixture
def pretend(monkeypatch):
    """Pretend that other runtimes are installed, and define what opening them does."""

    def set_up(**kinds):
        real_present, real_open = registry.present, registry._open

        def present(kind):
            return kind in kinds if kind not in ("onnx", "torch") else real_present(kind)

        def open_it(model, kind, precision, threads):
            return (
                kinds[kind](model, precision) if kind in kinds else real_open(model, kind, precision, threads)
            )

        monkeypatch.setattr(registry, "present", present)
        monkeypatch.setattr(registry, "_open", open_it)

    return set_up


def fails(reason):
    def open_it(model, precision):
        raise RuntimeError(reason)

    return open_it


def wrong(model, precision):
    runtime = Wrong()
    runtime.right = OnnxRuntime(model.graph())
    return runtime


def test_names_without_precision_take_the_fastest_that_is_offered(offered):
    _, manifest = offered
    assert parse("onnx", manifest) == ("onnx", "int8")
    assert parse("onnx:fp32", manifest) == ("onnx", "fp32")
    assert parse("openvino", manifest) == ("openvino", "fp32")  # bf16 was measured to lose 3 points
    assert parse("tensorrt", manifest) == ("tensorrt", "fp16")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("abacus", "unknown runtime 'abacus': auto, tensorrt"),
        ("onnx:fp64", "the runtime onnx has no fp64"),
        ("openvino:bf16", "not offered in bf16: it loses 3.0 points"),
    ],
)
def test_unavailable_names_are_refused(offered, name, said):
    with pytest.raises(ValueError, match=said):
        choose_runtime(*offered, name)


def test_a_precision_that_was_not_measured_is_refused(model):
    with pytest.raises(ValueError, match="not offered in int8: its accuracy was not measured"):
        choose_runtime(model, load_manifest(model), "onnx:int8")


@pytest.mark.parametrize("name", ["onnx:fp32", "onnx:int8", "torch"])
def test_a_named_runtime_runs_and_says_so(offered, name):
    chosen = choose_runtime(*offered, name)
    assert chosen.name.startswith(name)
    assert chosen.why == "requested by name"
    truth = choose_runtime(*offered, "onnx:fp32").run(inputs_of(0, 1))["language"]
    assert (chosen.run(inputs_of(0, 1))["language"] * truth).sum(axis=-1).min() > 0.99


def test_a_named_runtime_never_falls_back(model, monkeypatch):
    manifest = load_manifest(model)
    for module, name, said in (
        ("tensorrt", "tensorrt", "TensorRT cannot be loaded"),
        ("openvino", "openvino", "OpenVINO is not installed here"),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ValueError, match=said):
            choose_runtime(model, manifest, name)
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ValueError, match="this ONNX Runtime has no CUDAExecutionProvider"):
        choose_runtime(model, manifest, "cuda:fp32")


def test_auto_takes_the_fastest_and_says_why(offered, monkeypatch, pretend):
    pretend()
    seconds = {"onnx:fp32": 0.004, "onnx:int8": 0.001}
    monkeypatch.setattr(registry, "best_seconds", lambda opened, inputs: {n: seconds[n] for n in opened})
    chosen = choose_runtime(*offered)
    assert chosen.name == "onnx:int8"
    assert chosen.why == "1.0 ms an object, against onnx:fp32 4.0"


def test_auto_remembers_its_choice_for_this_model_and_machine(offered, monkeypatch, pretend):
    pretend()
    folder, manifest = offered
    first = choose_runtime(folder, manifest)
    monkeypatch.setattr(registry, "best_seconds", lambda *_: pytest.fail("measured again"))
    again = choose_runtime(folder, manifest)
    assert (again.name, again.why) == (first.name, first.why)
    with pytest.raises(pytest.fail.Exception, match="measured again"):
        choose_runtime(folder, manifest, threads=2)
    monkeypatch.setattr(registry, "processor", lambda: "another processor")
    with pytest.raises(pytest.fail.Exception, match="measured again"):
        choose_runtime(folder, manifest)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"runtime": "abacus", "why": ""}', b"\xff"])
def test_a_damaged_note_is_replaced_by_new_measurements(offered, content, tmp_path, pretend):
    pretend()
    choose_runtime(*offered)
    (note,) = (tmp_path / "cache" / "runtimes").iterdir()
    note.write_bytes(content)
    assert choose_runtime(*offered).name.startswith("onnx:")
    assert json.loads(note.read_text())["runtime"].startswith("onnx:")


def test_auto_falls_back_and_reports_the_cause(model, pretend, caplog):
    pretend(tensorrt=fails("no kernel image"), cuda=fails("driver too old"))
    with caplog.at_level(logging.WARNING, "part_perception"):
        chosen = choose_runtime(model, load_manifest(model))
    assert chosen.name == "onnx:fp32"
    assert "tensorrt:fp32 is not used: no kernel image" in caplog.text
    assert "cuda:fp32 is not used: driver too old" in caplog.text
    assert "tensorrt:fp32 failed: no kernel image" in chosen.why


def test_auto_refuses_a_runtime_that_computes_nonsense_however_fast(model, pretend, caplog):
    pretend(openvino=wrong)
    with caplog.at_level(logging.WARNING, "part_perception"):
        assert choose_runtime(model, load_manifest(model)).name == "onnx:fp32"
    assert "openvino:fp32 does not compute the model small" in caplog.text
    with pytest.raises(ValueError, match="openvino:fp32 does not compute the model small"):
        choose_runtime(model, load_manifest(model), "openvino:fp32")


def test_a_choice_that_fails_later_is_made_again(model, pretend, caplog):
    pretend(openvino=lambda m, precision: OnnxRuntime(m.graph()))
    folder, manifest = model, load_manifest(model)
    note = registry._note_path(StoredModel(folder, manifest), 1)
    write_atomic(note, json.dumps({"runtime": "openvino:fp32", "why": "it was fast"}).encode())
    assert choose_runtime(folder, manifest).why == "it was fast"
    pretend(openvino=fails("libraries went away"))
    with caplog.at_level(logging.WARNING, "part_perception"):
        assert choose_runtime(folder, manifest).name == "onnx:fp32"
    assert "openvino:fp32 was chosen earlier but fails now: libraries went away" in caplog.text


def test_precisions_that_the_model_does_not_offer_are_not_candidates(offered, pretend):
    pretend(openvino=wrong, tensorrt=wrong)
    assert candidates(offered[1]) == [
        "tensorrt:fp16",
        "tensorrt:fp32",
        "openvino:fp32",
        "onnx:int8",
        "onnx:fp32",
    ]


def test_an_unwritable_cache_is_handled(model, monkeypatch, tmp_path, pretend):
    pretend()
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "file" / "cache"))
    assert choose_runtime(model, load_manifest(model)).name == "onnx:fp32"


def test_one_thread_that_does_not_spin_is_the_default(model):
    options = OnnxRuntime(StoredModel(model, load_manifest(model)).graph())._session.get_session_options()
    assert options.intra_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_openvino_compiles_without_a_cache_where_none_can_be_made(model, monkeypatch, tmp_path, caplog):
    """Against a stand-in that records its calls."""
    asked = []

    class Core:
        def read_model(self, graph):
            return graph

        def compile_model(self, network, device, options):
            asked.append(options)
            raise RuntimeError("that is all")

    monkeypatch.setitem(sys.modules, "openvino", types.SimpleNamespace(Core=Core))
    (tmp_path / "file").write_text("in the way")
    for cache in (tmp_path / "cache", tmp_path / "file" / "cache"):
        monkeypatch.setenv("PART_PERCEPTION_CACHE", str(cache))
        with pytest.raises(ValueError, match="cannot be loaded by OpenVINO: that is all"):
            choose_runtime(model, load_manifest(model), "openvino:fp32")
    assert asked[0]["CACHE_DIR"] == str(tmp_path / "cache" / "openvino")
    assert "CACHE_DIR" not in asked[1] and "it is compiled at every start" in caplog.text
    assert all(o["INFERENCE_NUM_THREADS"] == 1 for o in asked)


def test_openvino_computes_the_same(model):
    pytest.importorskip("openvino")
    manifest = load_manifest(model)
    given = choose_runtime(model, manifest, "openvino:fp32").run(inputs_of(0, 1))
    truth = choose_runtime(model, manifest, "onnx:fp32").run(inputs_of(0, 1))
    for name in truth:
        assert np.abs(given[name] - truth[name]).max() < 1e-5
