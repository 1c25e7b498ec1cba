"""Models are imported, listed, exported and given words; every action runs as in the command."""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from part_perception.cli.models import add_actions
from part_perception.encoder.manifest import Manifest
from part_perception.encoder.store import (
    MANIFEST,
    PROBE,
    RANGES,
    WEIGHTS,
    StoredModel,
    load_manifest,
    save_model,
)
from part_perception.language import TextBank
from part_perception.model_folders import (
    find_model,
    language_of,
    model_details,
    model_facts,
    model_folders,
    own_models_dir,
)
from part_perception.model_zoo import exporting
from tests.encoder.conftest import CONFIG, SPEC, lamp, random_weights
from tests.open_clip_real import small_model

CHECKPOINT = Path(__file__).parent.parent / "encoder" / "golden" / "patchalign3d_small.pt"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def mine(home):
    save_model(own_models_dir() / "mine", Manifest("mine", CONFIG, SPEC), random_weights(CONFIG))
    return own_models_dir() / "mine"


def run(*words, capsys=None):
    parser = argparse.ArgumentParser()
    add_actions(parser.add_subparsers().add_parser)
    args = parser.parse_args([str(w) for w in words] + ["--json"])
    assert args.run(args) == 0
    return json.loads(capsys.readouterr().out)


def test_models_are_found_by_name_and_by_folder(mine):
    assert find_model("mine") == find_model(mine) == mine
    assert mine in model_folders()
    with pytest.raises(ValueError, match="there is no model 'yours'; models here: .*mine"):
        find_model("yours")


def test_facts_report_intact_and_damaged_files(mine):
    facts = model_facts(mine)
    assert (facts["name"], facts["state"], facts["licence"]) == ("mine", "good", "Apache-2.0")
    assert facts["megabytes"] > 0.1
    details = model_details(mine)
    assert details["runtime"] in details["candidates"] and "ms an object" in details["why"]
    assert len(details["files"][WEIGHTS]) == 64
    (mine / WEIGHTS).write_bytes(b"")
    assert "is damaged or belongs to another model" in model_facts(mine)["state"]


def test_the_shipped_model_consists_of_its_manifest_and_the_files_in_it():
    folder = find_model()
    assert {path.name for path in folder.iterdir()} == {MANIFEST, *load_manifest(folder).files}
    assert model_facts(folder)["state"] == "good"


def test_import_puts_a_model_into_the_users_folder(capsys):
    told = run("import", CHECKPOINT, "golden", "--heads", 3, "--no-calibration", capsys=capsys)
    manifest = load_manifest(find_model("golden"))
    assert told["folder"] == str(own_models_dir() / "golden")
    assert len(manifest.about["checkpoint_sha256"]) == 64
    with pytest.raises(ValueError, match="a model golden already exists"):
        run("import", CHECKPOINT, "golden", capsys=capsys)


@pytest.mark.parametrize("name", ["", "..", "a/b", "../b"])
def test_import_takes_plain_names_only(name, capsys):
    with pytest.raises(ValueError, match="is not a valid name for a model"):
        run("import", CHECKPOINT, name, "--heads", 3, capsys=capsys)


def test_fetch_without_its_package_or_network_says_what_to_do(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ValueError, match="pip install huggingface_hub"):
        run("fetch", "patchalign3d", capsys=capsys)

    class Hub:
        class HfApi:
            def model_info(self, _, files_metadata):
                raise OSError("no route to host\nmore")

        hf_hub_download = None

    monkeypatch.setitem(sys.modules, "huggingface_hub", Hub)
    with pytest.raises(
        ValueError, match=r"cannot be fetched .*no route to host\).*models import patchalign3d.pt"
    ):
        run("fetch", "patchalign3d", capsys=capsys)


@pytest.mark.parametrize("opset", [13, 17])
def test_export_writes_the_opset_asked_for(mine, home, opset, capsys):
    run("export", "mine", "--out", home / "g.onnx", "--opset", opset, capsys=capsys)
    assert onnx.load(home / "g.onnx").opset_import[0].version == opset


def test_export_of_a_precision_that_was_not_measured_is_refused(mine, home, capsys):
    with pytest.raises(ValueError, match="not offered in int8"):
        run("export", "mine", "--out", home / "g.onnx", "--precision", "int8", capsys=capsys)
    assert not (home / "g.onnx").exists()


@pytest.mark.parametrize(("lost", "offered"), [(0.4, True), (0.6, False)])
def test_a_precision_is_offered_when_it_loses_at_most_half_a_point(
    mine, home, monkeypatch, capsys, lost, offered
):
    def miou(manifest, language, runtimes, views, progress):
        return {name: 60.0 - (lost if name == "int8" else 0) for name in runtimes}

    monkeypatch.setattr(exporting, "measure_miou", miou)
    told = run("measure", "mine", "--views", 3, capsys=capsys)
    assert told["lost"]["int8"] == pytest.approx(lost)
    manifest = load_manifest(mine)
    assert manifest.offers("int8") is offered and manifest.offers("fp16")
    if offered:
        run("export", "mine", "--out", home / "g.onnx", "--precision", "int8", capsys=capsys)
        assert (home / "g.onnx").read_bytes() == StoredModel(mine, manifest).graph("int8").read_bytes()
    assert manifest.offers("qdq")
    run("export", "mine", "--out", home / "q.onnx", "--precision", "qdq", "--opset", 13, capsys=capsys)
    assert "QuantizeLinear" in {node.op_type for node in onnx.load(home / "q.onnx").graph.node}
    (mine / RANGES).write_bytes(b"")
    with pytest.raises(ValueError, match="is damaged or belongs to another model"):
        run("export", "mine", "--out", home / "q.onnx", "--precision", "qdq", capsys=capsys)


def test_a_measured_model_is_intact_and_has_no_graph_in_its_folder(mine, monkeypatch, capsys):
    monkeypatch.setattr(
        exporting, "measure_miou", lambda m, words, runtimes, *_: dict.fromkeys(runtimes, 50.0)
    )
    run("measure", "mine", "--views", 1, capsys=capsys)
    assert model_facts(mine)["state"] == "good"
    assert {path.name for path in mine.iterdir()} == {MANIFEST, WEIGHTS, PROBE, RANGES}


def test_ranges_are_the_widest_over_all_views(mine):
    from part_perception.encoder.patches import make_patches
    from part_perception.encoder.runtimes.base import stack_inputs
    from part_perception.encoder.runtimes.onnx import OnnxRuntime
    from part_perception.training.calibration.fitting import fresh_view

    model = StoredModel(mine, load_manifest(mine))
    watching = OnnxRuntime(model.written(precision="ranges"))
    each = [
        watching.run(
            stack_inputs([make_patches(fresh_view(i, exporting._RANGE_SEED)[1].points, SPEC, clean=True)])
        )
        for i in range(3)
    ]
    ranges = exporting.activation_ranges(model, language_of(mine, model.manifest), 3)
    assert np.array_equal(ranges, np.max([e["ranges"] for e in each], axis=0))
    assert len(np.unique(ranges)) > 10


def test_miou_is_that_of_the_labels_each_runtime_gives(monkeypatch):
    """A runtime that always says the first name scores less than one that knows."""

    class Told:
        def __init__(self, manifest, runtime, language):
            self.runtime = runtime

        def label(self, points, names):
            return self.runtime(points, names)

    from part_perception.shapes import names as naming
    from part_perception.training.calibration import fitting as calibrate

    part = np.array([0, 0, 1, 1, -1])
    view = argparse.Namespace(points=np.zeros((5, 3)), part=part)
    monkeypatch.setattr(calibrate, "fresh_view", lambda i, seed: (None, view))
    monkeypatch.setattr(
        naming,
        "concepts_of",
        lambda shape: [argparse.Namespace(names=("a",)), argparse.Namespace(names=("b",))],
    )
    monkeypatch.setattr(exporting, "PartSegmenter", Told)
    runtimes = {"knows": lambda p, n: np.array([0, 0, 1, 1, 0]), "first": lambda p, n: np.zeros(5, int)}
    assert exporting.measure_miou(None, None, runtimes, 2) == {"knows": 100.0, "first": 25.0}


def test_a_bank_of_open_clip_words_lets_a_model_answer_without_its_text_tower(home, monkeypatch, capsys):
    """First as on a workstation, then as on a robot, where the tower is not even installed."""
    from part_perception import PartSegmenter

    encoder = small_model(home / "clip", 24)
    told = run(
        "import", CHECKPOINT, "golden", "--heads", 3, "--text", encoder, "--no-calibration", capsys=capsys
    )
    folder = Path(told["folder"])
    (home / "words").write_text("foot\npole\n")
    bank = folder / "text_bank.safetensors"
    made = run("bank", "--encoder", encoder, "--words", home / "words", "--out", bank, capsys=capsys)
    assert (made["words"], made["encoder"]) == (2, encoder)
    monkeypatch.setitem(sys.modules, "open_clip", None)
    segmenter = PartSegmenter.load("golden")
    assert segmenter.ask(lamp(), ["pole", "foot"]).masks.shape == (2, 900)
    with pytest.raises(ValueError, match="lacks 'handle'.*models bank --encoder open_clip"):
        segmenter.ask(lamp(), ["handle"])


def test_build_engine_without_tensorrt_says_so(mine, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tensorrt", None)
    with pytest.raises(ValueError, match="TensorRT cannot be loaded"):
        run("build-engine", "mine", capsys=capsys)


def test_bank_keeps_the_words_it_has(home, monkeypatch, capsys):
    class Letters:
        name, dim = "letters", 4

        def encode(self, texts):
            vectors = np.array([[len(t), t.count("a"), t.count("e"), 1] for t in texts], np.float32)
            return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    monkeypatch.setattr("part_perception.model_zoo.banks.text_encoder", lambda name: Letters())
    (home / "words").write_text("Handle\n\nlid\n")
    told = run(
        "bank", "--encoder", "letters", "--words", home / "words", "--out", home / "b.st", capsys=capsys
    )
    assert told["words"] == 2
    (home / "words").write_text("spout\nlid\n")
    run("bank", "--encoder", "letters", "--words", home / "words", "--out", home / "b.st", capsys=capsys)
    assert TextBank.load(home / "b.st").words == ("handle", "lid", "spout")


def test_bank_reports_missing_arguments(home, capsys):
    with pytest.raises(ValueError, match="needs --words FILE"):
        run("bank", "--encoder", "open_clip:a/b", capsys=capsys)
    (home / "words").write_text("\n \n")
    with pytest.raises(ValueError, match="holds no words"):
        run("bank", "--words", home / "words", "--out", home / "b.st", capsys=capsys)
    with pytest.raises(ValueError, match="with --out"):
        run("bank", "--words", home / "words", capsys=capsys)
