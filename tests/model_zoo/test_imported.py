"""An imported checkpoint: it has words and a calibrated confidence, or says that it has none; and its abilities."""

import contextlib
import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from part_perception import PartSegmenter
from part_perception.cli.main import main
from part_perception.encoder.manifest import SAMPLE_EVIDENCE
from part_perception.encoder.store import load_manifest
from part_perception.language import TextBank, shipped_bank_path
from part_perception.model_folders import BANK, own_models_dir
from part_perception.model_zoo import exporting, importing
from part_perception.shapes import names as naming
from part_perception.shapes.names import NameTable
from part_perception.training import vocabulary
from part_perception.training.calibration import calibrate
from part_perception.training.calibration.fitting import ask_fresh
from part_perception.training.distill import student as student_module
from part_perception.training.distill.student import student_of
from part_perception.training.vocabulary import load_names
from tests.encoder.conftest import lamp
from tests.open_clip_real import small_model

CHECKPOINT = Path(__file__).parent.parent / "encoder" / "golden" / "patchalign3d_small.pt"
VIEWS = 24
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def run(*words) -> dict:
    """Run the command as a program would."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = main([*map(str, words), "--json"])
    return {"exit": code, **json.loads(out.getvalue())}


def in_this_process(model, names, numbers, *_):
    """Two processes would take longer to start than these few views."""
    segmenter, table = PartSegmenter.load(model, "onnx:fp32"), load_names(names)
    return [ask_fresh(segmenter, table, number) for number in numbers]


@pytest.fixture(scope="module", autouse=True)
def few_names(tmp_path_factory):
    """Names of one object of each kind that the shipped bank knows: enough to ask, in a fiftieth of the time."""
    file = tmp_path_factory.mktemp("names") / vocabulary.FILE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(naming, "_SEEDS_A_KIND", 1)
        naming._said_of.cache_clear()
        bank = TextBank.load(shipped_bank_path())
        names = [name for name in naming.collect_names() if name in bank.index]
        rows = [bank.index[name] for name in names]
        vocabulary.save_names(NameTable(tuple(names), bank.vectors[rows], naming.name_lists()), file)

        def kept(path, *_):
            path.parent.mkdir(parents=True, exist_ok=True)
            return load_names(shutil.copy(file, path))

        patch.setattr(vocabulary, "names_for", kept)
        patch.setattr(calibrate, "ask_in_processes", in_this_process)
        yield
    naming._said_of.cache_clear()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a model that was imported where its text encoder is available, and what the command said."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PART_PERCEPTION_CACHE", str(home / "cache"))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        patch.setattr(importing, "CALIBRATION_VIEWS", VIEWS)
        text = small_model(home / "clip", 24)
        told = run("models", "import", CHECKPOINT, "golden", "--heads", 3, "--text", text)
        yield own_models_dir() / "golden", told


@pytest.fixture
def model(made, tmp_path, monkeypatch):
    """A copy of it that a test may change, on a machine without its text encoder."""
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setitem(sys.modules, "open_clip", None)
    return shutil.copytree(made[0], own_models_dir() / "golden")


def test_importing_gives_words_and_a_calibrated_confidence(made):
    folder, told = made
    assert (told["exit"], told["calibrated"]) == (0, True)
    assert f"calibrated on {VIEWS} generated views" in told["note"]
    manifest, bank = load_manifest(folder), TextBank.load(folder / BANK)
    assert manifest.confidence.calibrated and len(manifest.confidence.sample_weights) == SAMPLE_EVIDENCE
    assert manifest.about["calibration"] == f"{VIEWS} fresh views of generated objects"
    assert bank.encoder == manifest.text_encoder and bank.dim == 24 and len(bank.words) > 100
    assert not manifest.confidence.smooth and manifest.patches.blend == 1


def test_an_untrained_model_finds_next_to_nothing(made, model):
    """The weights are random, so no word is better than another; such a model once answered "found" to every word."""
    segmenter = PartSegmenter.load(model)
    words = list(segmenter.language.bank.words[::4])
    answers = [segmenter.ask(lamp(seed), words) for seed in range(4)]
    assert np.mean([a.found for a in answers]) < 0.2
    assert all(a.calibrated and a.confidence.max() < 0.5 for a in answers)


def test_without_its_text_encoder_it_says_that_nothing_is_calibrated(made, model, capsys):
    text = load_manifest(model).text_encoder
    told = run("models", "import", CHECKPOINT, "bare", "--heads", 3, "--text", text)
    assert (told["exit"], told["calibrated"]) == (0, False)
    assert "it finds no word yet" in told["note"] and "pip install open-clip-torch" in told["note"]
    bare = own_models_dir() / "bare"
    assert not load_manifest(bare).confidence.calibrated and not (bare / BANK).exists()


def test_an_uncalibrated_model_finds_nothing_but_labels(model, tmp_path, caplog, capsys):
    told = run("models", "import", CHECKPOINT, "bare", "--heads", 3, "--no-calibration",
               "--text", load_manifest(model).text_encoder)  # fmt: skip
    assert told["note"].endswith("not calibrated yet: part-perception train calibrate bare")
    shutil.copy(model / BANK, own_models_dir() / "bare")
    segmenter = PartSegmenter.load("bare")
    assert "bare is not calibrated" in caplog.text
    words = list(segmenter.language.bank.words[:5])
    answer = segmenter.ask(lamp(), words)
    assert not answer.calibrated and not answer.found.any() and not answer.confidence.any()
    assert answer.masks.any(axis=1).all()
    assert set(segmenter.label(lamp(), words)) <= set(range(5))
    np.save(tmp_path / "lamp.npy", lamp())
    assert main(["ask", str(tmp_path / "lamp.npy"), "-q", words[0], "--model", "bare"]) == 1
    assert "the confidence of bare is not calibrated" in capsys.readouterr().out


def test_a_taught_word_is_found_by_a_model_that_is_not_calibrated(model):
    from dataclasses import replace

    manifest = load_manifest(model)
    replace(manifest, confidence=replace(manifest.confidence, weights=())).save(model / "manifest.json")
    segmenter = PartSegmenter.load(model)
    examples = [(lamp(seed), lamp(seed)[:, 2] > 0.9) for seed in range(4)]
    segmenter.teach("shade", examples)
    answer = segmenter.ask(lamp(9), ["shade", segmenter.language.bank.words[0]])
    assert answer.confidence[0] > 0 and answer.confidence[1] == 0 and not answer.found[1]


def test_a_text_encoder_of_another_width_is_refused_in_a_sentence(made, model, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "open_clip")
    narrow = small_model(tmp_path / "clip", 16)
    told = run("models", "import", CHECKPOINT, "narrow", "--heads", 3, "--text", narrow)
    assert not told["calibrated"]
    assert f"features 24 wide and {narrow} words 16 wide" in told["note"]
    assert main(["models", "import", str(CHECKPOINT), "words", "--heads", "3", "--text", "minilm"]) == 2
    assert not (own_models_dir() / "words").exists()


def test_a_checkpoint_as_wide_as_minilm_uses_minilm(model, tmp_path):
    """Its words are available everywhere: it is calibrated and needs no bank."""
    torch = pytest.importorskip("torch")
    stored = torch.load(CHECKPOINT, weights_only=True)
    torch.manual_seed(0)
    stored["proj"] = {"proj.weight": torch.randn(384, 48), "proj.bias": torch.zeros(384)}
    torch.save(stored, tmp_path / "wide.pt")
    told = run("models", "import", tmp_path / "wide.pt", "wide", "--heads", 3, "--text", "minilm")
    assert (told["exit"], told["calibrated"]) == (0, True)
    assert not (own_models_dir() / "wide" / BANK).exists()
    answer = PartSegmenter.load("wide").ask(lamp(), ["handle", "shade", "a word that no bank has"])
    assert answer.calibrated and answer.masks.any(axis=1).all()


def test_it_can_be_calibrated_again_by_its_name(model):
    figures = run("train", "calibrate", "golden", "--views", VIEWS, "--processes", 1)
    assert figures["exit"] == 0 and 0 <= figures["found_when_absent"] <= 0.2
    assert main(["train", "calibrate", "nothing"]) == 2


def test_missing_words_are_reported_in_a_sentence(model, capsys):
    """More views need more words, which only its text encoder has."""
    assert main(["train", "calibrate", "golden", "--views", "80", "--processes", "1"]) == 2
    said = capsys.readouterr().err
    assert "the model golden has no vectors for" in said and "pip install open-clip-torch" in said
    assert said.count("\n") == 1


def test_reduced_precisions_are_measured(made, model, monkeypatch):
    monkeypatch.setattr(exporting, "RANGE_VIEWS", 4)
    monkeypatch.delitem(sys.modules, "open_clip")
    told = run("models", "measure", "golden", "--views", 4)
    assert told["exit"] == 0 and {"fp32", "fp16", "int8", "qdq"} <= told["miou"].keys()
    assert all(0 < value < 100 for value in told["miou"].values())
    manifest = load_manifest(model)
    assert manifest.lost["int8"] == pytest.approx(told["miou"]["fp32"] - told["miou"]["int8"], abs=1e-3)


def test_a_students_features_equal_the_models(model, monkeypatch):
    """The student's hidden features, passed through the head, are the features of the model's runtime."""
    monkeypatch.setattr(student_module, "VIEWS", 3)
    segmenter = PartSegmenter.load(model, "onnx:fp32")
    student = student_of(model, segmenter, segmenter.language.bank.words[:2])
    encoded = segmenter.encode([lamp()])[0]
    raw = student.hidden(encoded) @ student.weights["language_head.weight"].T
    raw += student.weights["language_head.bias"]
    assert np.allclose(raw / np.linalg.norm(raw, axis=1, keepdims=True), encoded.features, atol=1e-5)
    assert student.rehearsed.shape[1] == 48


def test_it_learns_from_a_recording_and_keeps_its_words(model, tmp_path, monkeypatch):
    monkeypatch.setattr(student_module, "VIEWS", 3)
    words = list(TextBank.load(model / BANK).words[:2])
    points = lamp(count=4000)[:, [0, 2, 1]] * (0.3, -0.3, 0.3) + (0, 0.2, 1.0)  # as an upright camera sees it
    camera = np.array([[300.0, 0, 160], [0, 300.0, 120], [0, 0, 1]])
    pixels = (points @ camera.T)[:, :2] / points[:, 2:]
    column, row = np.clip(pixels.round().astype(int), 0, (319, 239)).T
    masks = np.zeros((2, 240, 320), bool)
    upper = points[:, 1] < 0
    masks[upper.astype(int), row, column] = True
    np.savez(tmp_path / "moment.npz", points=points, K=camera, masks=masks, words=words, scores=[0.9, 0.9])
    told = run("train", "distill", tmp_path / "moment.npz", "--words", *words, "--out", tmp_path / "learned",
               "--model", "golden", "--steps", 40)  # fmt: skip
    assert told["exit"] == 0
    learned = PartSegmenter.load(tmp_path / "learned")
    assert learned.language.bank.words == TextBank.load(model / BANK).words
    before, after = (s.label(points, words, up=(0, -1, 0)) for s in (PartSegmenter.load("golden"), learned))
    assert (after == upper).mean() > max((before == upper).mean(), 0.7)
