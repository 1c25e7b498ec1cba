"""A model is measured on a copy: an interruption leaves it whole, and read-only models are copied."""

from __future__ import annotations

import os
import signal
import time

import pytest

from part_perception.cli.main import main
from part_perception.encoder.manifest import Manifest
from part_perception.model_zoo import exporting


@pytest.fixture
def model(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("manifest.json", "ranges.safetensors", "weights.safetensors"):
        (folder / name).write_text("old")
    monkeypatch.setattr(exporting, "own_models_dir", lambda: tmp_path / "own")
    return folder


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def measured(folder, views, progress):
    assert folder.name.startswith(".measured") and contents(folder)["weights.safetensors"] == "old"
    (folder / "ranges.safetensors").write_text("new")
    (folder / "manifest.json").write_text("new")
    return Manifest("mine"), {"fp32": 50.0}


def test_a_measured_model_takes_its_place(model, monkeypatch):
    monkeypatch.setattr(exporting, "offer_reduced", measured)
    place, _, miou = exporting.measure_beside(model, 3, lambda done, total: None)
    assert (place, miou) == (model, {"fp32": 50.0})
    assert contents(model) == {
        "manifest.json": "new",
        "ranges.safetensors": "new",
        "weights.safetensors": "old",
    }


@pytest.mark.parametrize("views", ["0", "-3", "x"])
def test_without_views_nothing_is_measured_and_the_model_stays(model, monkeypatch, capsys, views):
    """The mean over no views went into the manifest, which could not be read any more."""
    monkeypatch.setattr(exporting, "offer_reduced", measured)
    with pytest.raises(SystemExit) as end:
        main(["models", "measure", str(model), "--views", views])
    assert end.value.code == 2 and "--views: must be a whole number, 1 or more" in capsys.readouterr().err
    assert set(contents(model).values()) == {"old"}


def test_ctrl_c_in_the_middle_leaves_the_installed_model_as_it_was(model, monkeypatch):
    def interrupted(folder, views, progress):
        measured(folder, views, progress)
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting, "offer_reduced", interrupted)
    with pytest.raises(KeyboardInterrupt):
        exporting.measure_beside(model, 3, lambda done, total: None)
    assert set(contents(model).values()) == {"old"} and len(contents(model)) == 3


def test_a_terminated_measurement_leaves_nothing_behind(model, monkeypatch):
    def terminated(folder, views, progress):
        measured(folder, views, progress)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    before = signal.signal(signal.SIGTERM, lambda *_: None)  # the test itself must not end
    try:
        monkeypatch.setattr(exporting, "offer_reduced", terminated)
        with pytest.raises(SystemExit) as end:
            exporting.measure_beside(model, 3, lambda done, total: None)
        assert end.value.code == 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)
    assert set(contents(model).values()) == {"old"} and len(contents(model)) == 3


def test_a_read_only_model_is_copied_into_the_users_folder(model, monkeypatch, tmp_path):
    monkeypatch.setattr(exporting, "offer_reduced", measured)
    monkeypatch.setattr(exporting, "writable", lambda folder: False)
    place, _, _ = exporting.measure_beside(model, 3, lambda done, total: None)
    assert place == tmp_path / "own" / "mine"
    assert contents(place)["ranges.safetensors"] == "new" and contents(model)["ranges.safetensors"] == "old"
