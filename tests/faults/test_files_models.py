"""Models, pictures, robots and packages: hostile manifests, links in place of outputs, versions with known holes."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from part_perception.cli.reports import save_picture
from part_perception.encoder.manifest import Confidence, Manifest
from part_perception.errors import InputError
from part_perception.files import write_cloud
from part_perception.files.urdf import MAX_SOLIDS, read_urdf
from part_perception.language import TextBank
from part_perception.recordings.bags import masks_of
from part_perception.recordings.reading import load_moment
from part_perception.recordings.shots import Camera
from part_perception.scene.separator import load_weights, save_weights
from part_perception.storage import models_dir

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = {
    "a name that leaves the cache": ("name", "../../x"),
    "a name with a null byte": ("name", "a\0b"),
    "no name": ("name", ""),
    "a name of a thousand letters": ("name", "x" * 1000),
    "a name that is a number": ("name", 5),
    "a scale that is none": ("confidence.scale", float("nan")),
    "an infinite bias": ("confidence.bias", float("inf")),
    "a text as a level": ("confidence.mask_level", "0"),
    "true as a threshold": ("confidence.found_at", True),
    "weights that are none": ("confidence.weights", [0.0, float("nan")]),
    "ten thousand weights": ("confidence.weights", [0.0] * 10_000),
    "16 GB of samples": ("patches.samples", 1_000_000_000),
    "no patches": ("patches.patches", 0),
    "half a patch": ("patches.patches", 1.5),
    "negative neighbours": ("patches.neighbours", -1),
    "four million grouped points": ("patches.patches", 4096, "patches.neighbours", 1024),
    "a wide network": ("encoder.dim", 10**9),
    "a deep network": ("encoder.depth", 10**9),
    "heads that do not divide": ("encoder.heads", 5),
    "widths that are no list": ("encoder.patch_widths", {"a": 1}),
    "a width of 10^9": ("encoder.patch_widths", [1, 2, 3, 10**9]),
    "a file elsewhere": ("files", {"../../weights.safetensors": "0" * 64}),
    "a hash that is none": ("files", {"weights.safetensors": "abc"}),
    "files as a list": ("files", ["weights.safetensors"]),
    "losses that are none": ("lost", {"int8": float("nan")}),
    "templates that are a text": ("templates", "{}"),
    "an encoder that is a number": ("encoder", 5),
    "a text encoder that is a list": ("text_encoder", []),
    "about that nests": ("about", {"a": {"b": {}}}),
}


@pytest.fixture
def manifest() -> dict:
    return json.loads((models_dir() / "part_perception_small" / "manifest.json").read_text())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_manifest_is_refused_with_the_name_of_what_is_wrong(name, manifest, tmp_path):
    changes = HOSTILE[name]
    for place, value in zip(changes[::2], changes[1::2], strict=True):
        *inside, key = place.split(".")
        (manifest[inside[0]] if inside else manifest)[key] = value
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=changes[0].split(".")[-1]) as told:
        Manifest.load(tmp_path / "manifest.json")
    assert len(str(told.value)) < 300 + len(str(tmp_path))


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a":' * 50_000, b"9" * 100_000, b" " * 2_000_000])
def test_an_unparsable_manifest_is_refused(content, tmp_path):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputError):
        Manifest.load(tmp_path / "manifest.json")


def test_a_good_manifest_passes_and_is_written_whole(manifest, tmp_path):
    path = models_dir() / "part_perception_small" / "manifest.json"
    loaded = Manifest.load(path)
    assert loaded.confidence == Confidence(**{k: tuple(v) if isinstance(v, list) else v
                                              for k, v in manifest["confidence"].items()})  # fmt: skip
    loaded.save(tmp_path / "manifest.json")
    assert Manifest.load(tmp_path / "manifest.json") == loaded
    assert os.listdir(tmp_path) == ["manifest.json"]


def small_bank(path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(4, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    TextBank(("body", "handle", "lid", "mug"), rows, "minilm", objects=("mug",), parts=("lid",)).save(path)


def small_separator(path: Path) -> None:
    save_weights(path, {"enter.weight": np.linspace(-1, 1, 60, dtype=np.float32).reshape(4, 15)})


def bank_content(path: Path) -> list:
    bank = TextBank.load(path)
    return [bank.words, bank.encoder, bank.templates, bank.objects, bank.parts, bank.vectors.tolist()]


def separator_content(path: Path) -> list:
    return [(name, values.tolist()) for name, values in load_weights(path).items()]


@pytest.mark.parametrize(
    "write, read",
    [(small_bank, bank_content), (small_separator, separator_content)],
    ids=["bank", "separator"],
)
def test_words_and_separator_with_a_flipped_bit_are_refused(write, read, tmp_path):
    path = tmp_path / "file.safetensors"
    write(path)
    good, content = path.read_bytes(), read(path)
    for bit in range(0, 8 * len(good), 7):
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bad)
        try:
            assert read(path) == content, f"bit {bit}"  # of the checksum's name, or of a space
        except InputError:
            continue


def test_the_shipped_words_have_a_checksum(tmp_path):
    path = models_dir() / "text_bank.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    (tmp_path / "bank").write_bytes(content)
    with pytest.raises(InputError, match="its checksum differs"):
        TextBank.load(tmp_path / "bank")


@pytest.mark.parametrize("given", [
    {"K": np.eye(3)},
    {"K": np.eye(3), "points": np.zeros((4, 3)), "image": np.zeros((2, 2)), "words": np.array(["a"])},
    {"K": np.array(["a"]), "points": np.zeros((4, 3)), "image": np.zeros((2, 2, 3), np.uint8)},
    {"K": np.eye(3), "points": np.array(["a", "b"]), "image": np.zeros((2, 2, 3), np.uint8)},
    {"K": np.eye(3), "points": np.zeros((4, 3)), "words": np.array("a"), "scores": np.array(1.0), "boxes": np.array(1)},
    {"K": np.eye(3), "points": np.zeros((4, 3)), "words": np.array(["a"]), "scores": np.array(["b"]),
     "boxes": np.array([[0, 0, np.nan, np.inf]]), "image_size": np.array([4])},
    {"K": np.eye(3), "points": np.zeros((4, 3)), "words": np.array(["a"]), "scores": np.zeros(1),
     "boxes": np.array([[0, 0, 2, 2]]), "image_size": np.array([4, 498216206340])},
    {"K": np.eye(3), "points": np.zeros((4, 3)), "words": np.array(["a"] * 200), "scores": np.zeros(200),
     "boxes": np.zeros((200, 4)) + (0, 0, 2, 2), "image_size": np.array([4000, 4000])},
])  # fmt: skip
def test_a_moment_of_odd_arrays_is_refused(given, tmp_path):
    np.savez(tmp_path / "m.npz", **given)
    with pytest.raises(InputError):
        load_moment(tmp_path / "m.npz")


def test_detections_of_a_recording_are_bounded_and_invalid_ones_dropped():
    def detection(x: float, size: float) -> SimpleNamespace:
        box = SimpleNamespace(center=SimpleNamespace(x=x, y=3.0), size_x=size, size_y=2.0)
        said = SimpleNamespace(hypothesis=SimpleNamespace(class_id="mug", score=0.5))
        return SimpleNamespace(bbox=box, results=[said])

    camera = Camera(np.eye(3), 8, 6, np.eye(3), np.zeros(3))
    boxes = [detection(np.nan, 2.0), detection(4.0, 2.0), detection(np.inf, 2.0), detection(4.0, np.nan)]
    (found,) = masks_of(SimpleNamespace(detections=boxes), camera, [], {})
    assert found.word == "mug" and found.mask.sum() == 4
    large = Camera(np.eye(3), 10_000, 10_000, np.eye(3), np.zeros(3))
    with pytest.raises(InputError, match="20 × 10000 × 10000 pixels are too many"):
        masks_of(SimpleNamespace(detections=boxes * 5), large, [], {})
    with pytest.raises(InputError, match="1 × 100000 × 100000 pixels are too many"):
        Camera(np.eye(3), 100_000, 100_000, np.eye(3), np.zeros(3))


@pytest.mark.parametrize("ending", [".ply", ".npz", ".png"])
def test_outputs_replace_a_link_and_do_not_follow_it(ending, tmp_path):
    outside = tmp_path / "outside" / f"precious{ending}"
    outside.parent.mkdir()
    outside.write_bytes(b"precious")
    out = tmp_path / f"out{ending}"
    out.symlink_to(outside)
    write(out)
    assert outside.read_bytes() == b"precious"
    assert not out.is_symlink() and out.stat().st_size > 20
    assert sorted(os.listdir(tmp_path)) == sorted(["outside", out.name])


@pytest.mark.parametrize("ending", [".ply", ".npz", ".png"])
def test_outputs_do_not_replace_pipes_and_folders(ending, tmp_path):
    (tmp_path / f"folder{ending}").mkdir()
    os.mkfifo(tmp_path / f"pipe{ending}")
    for kind in ("folder", "pipe"):
        with pytest.raises(InputError, match="cannot be written: it already exists and is not a file"):
            write(tmp_path / f"{kind}{ending}")
    assert len(os.listdir(tmp_path)) == 2


def write(path: Path) -> None:
    if path.suffix == ".png":
        save_picture(path, np.zeros((8, 8, 3), np.uint8))
    else:
        write_cloud(path, np.zeros((8, 3), np.float32))


# --- packages -------------------------------------------------------------------------------------------------
def test_torch_is_a_version_with_a_safe_weights_only():
    """Before 2.6, torch.load ran code from a file despite weights_only (CVE-2025-32434)."""
    floors = re.findall(r"torch>=([0-9.]+)", (ROOT / "setup.py").read_text())
    pins = re.findall(r"^torch==([0-9.]+)", (ROOT / "requirements" / "train.txt").read_text(), re.M)
    assert floors and pins
    for version in (*floors, *pins):
        assert tuple(map(int, version.split(".")[:2])) >= (2, 6), version


def test_nothing_is_unpickled():
    """Every torch.load has weights_only=True, no call of numpy allows pickles, and nothing calls pickle."""
    found, loads = [], 0
    for file in (ROOT / "part_perception").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called, options = ast.unparse(node.func), {o.arg: ast.unparse(o.value) for o in node.keywords}
            loads += called == "torch.load"
            if called == "torch.load" and options.get("weights_only") != "True":
                found.append(f"{file}: {ast.unparse(node)}")
            if (
                called in ("pickle.load", "pickle.loads", "joblib.load")
                or options.get("allow_pickle") == "True"
            ):
                found.append(f"{file}: {ast.unparse(node)}")
    assert loads > 3 and found == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not XML"),
        ("<robot>", "not XML"),
        ("\x00\x01", "not XML"),
        ("<sdf/>", "<sdf>, not <robot>"),
        ('<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><robot>&b;</robot>', "document type"),
        (
            "<robot>" + "<link><visual/></link>" * (MAX_SOLIDS + 1) + "</robot>",
            f"more than {MAX_SOLIDS} shapes",
        ),
        ("<robot>" + " " * 16_000_000 + "</robot>", "16000000 characters"),
    ],
)
def test_a_hostile_robot_description_is_refused_in_words(text, reason):
    with pytest.raises(InputError, match=reason):
        read_urdf(text, Path)
