"""Refitting: what is fitted goes into the manifest, beside what was there, and is what the model answers by."""

from __future__ import annotations

import json
import os
import shutil

import numpy as np
import pytest

from part_perception.cli.main import main
from part_perception.encoder.store import load_manifest
from part_perception.evaluation import teaching
from part_perception.evaluation.teaching import Asked
from part_perception.parts.scoring import sigmoid
from part_perception.storage import models_dir


@pytest.fixture
def model(tmp_path):
    """A copy of the shipped model, as links to its files; the manifest is replaced, never written into."""
    folder = tmp_path / "model"
    shutil.copytree(models_dir() / "part_perception_small", folder, copy_function=os.link)
    content = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_bytes(content)
    return folder


@pytest.fixture
def answers(monkeypatch):
    """Answers of taught words whose second piece of evidence is worth three, and heights of which 0.95 is the best."""
    rng = np.random.default_rng(0)
    value = rng.normal(size=4000)
    right = rng.random(4000) < sigmoid(3 * value)
    rows = np.stack([np.ones(4000), value, *np.zeros((2, 4000))], axis=1)
    asked = [Asked(row, 0.5, 0.9 if good else None) for row, good in zip(rows, right, strict=True)]
    monkeypatch.setattr(teaching, "teach_and_ask", lambda *_: ({}, asked))
    monkeypatch.setattr(teaching, "generated_groups", lambda *_: {})
    monkeypatch.setattr(teaching, "fresh_shapes", lambda *_: [])
    monkeypatch.setattr(
        teaching, "choose_height", lambda _, __, heights: {h: 1 - abs(h - 0.95) for h in heights}
    )


def test_what_is_fitted_goes_into_the_manifest(model, answers, capsys):
    before = load_manifest(model)
    assert main(["train", "refit", str(model), "--json"]) == 0
    told, after = json.loads(capsys.readouterr().out), load_manifest(model)
    assert told["natural_height"] == after.natural_height == 0.95
    np.testing.assert_allclose(after.confidence.taught_odds, (0, 2.9, 0, 0), atol=0.3)
    assert tuple(told["taught_odds"]) == after.confidence.taught_odds
    assert told["found_when_absent"] < told["found_when_there"]
    assert (after.confidence.weights, after.files) == (before.confidence.weights, before.files)


def test_people_read_what_was_fitted_as_numbers(model, answers, capsys):
    assert main(["train", "refit", str(model)]) == 0
    told = dict(
        line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line[:8] == "natural "
    )
    assert told == {"natural": "height       0.95"}
