"""Evaluation of taught words on lamps: figures, absent parts, and fitted odds that go into the manifest."""

from __future__ import annotations

import json
import os
import shutil

import numpy as np
import pytest

from part_perception.cli.main import main
from part_perception.encoder.store import load_manifest
from part_perception.errors import InputError
from part_perception.evaluation import teaching
from part_perception.evaluation.taught_shapes import (
    TAUGHT_KINDS,
    generated_groups,
    generated_shapes,
    parts_to_teach,
    see,
)
from part_perception.evaluation.teaching import (
    Asked,
    evaluate_teaching,
    figures_of_finding,
    fit_odds,
    kinds_to_fit,
    mean_word,
    overlap,
    score_group,
    summary,
)
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.parts.scoring import sigmoid
from part_perception.storage import models_dir

NAMES = ("foot", "pole", "shade")


def lamps(lamp, seeds) -> list[LabelledShape]:
    return [LabelledShape(f"lamp {n}", *lamp(n), NAMES, "lamp", (0.0, 0.0, 1.0)) for n in seeds]


def blocks(count: int) -> list[LabelledShape]:
    rng = np.random.default_rng(0)
    shapes = []
    for n in range(count):
        points = rng.uniform(-0.5, 0.5, (1500, 3)) * (1, 1, 0.4)
        labels = (points[:, 2] > 0.05).astype(int)
        shapes.append(
            LabelledShape(f"block {n}", points, labels, ("bottom", "top"), "block", (0.0, 0.0, 1.0))
        )
    return shapes


def test_figures_by_objective_and_of_finding(segmenter, lamp):
    groups = {"block, single views": blocks(4), "lamp, whole": lamps(lamp, range(5))}
    report = evaluate_teaching(segmenter, groups, counts=(1, 2))
    assert set(report) == {"mean", "cross-entropy", "overlap"}
    figures = report["overlap"]
    assert figures["words"] == 3, "two blocks to ask are too few"
    assert figures["iou"] == figures["whole"] and figures["single_views"] == {}
    assert figures["iou"][2] > 0.8
    assert figures["zero_shot"] < 0.5
    assert 0 < figures["longest_seconds"] < 5
    assert set(figures["finding"]) == {
        "found_when_there", "found_when_absent", "right_when_found", "auroc", "calibration_error",
    }  # fmt: skip
    assert "finding" not in report["mean"]


def test_a_word_is_asked_on_its_own_and_on_other_kinds(segmenter, lamp):
    seen, strangers = see(segmenter, lamps(lamp, range(5))), see(segmenter, blocks(2))
    asked: list[Asked] = []
    scores = score_group(segmenter, "lamp", seen, strangers, (1, 2), "overlap", asked)
    assert len(scores) == 3 * 2 * 3
    assert sum(a.iou is None for a in asked) == 3 * 2 * 2
    assert [a.iou for a in asked if a.iou is not None] == [s["iou"] for s in scores]


def test_a_refused_lesson_counts_as_nothing_found(segmenter, lamp, monkeypatch):
    def refuse(*_):
        raise InputError("contradict")

    monkeypatch.setattr(teaching, "learn", refuse)
    scores = score_group(segmenter, "lamp", see(segmenter, lamps(lamp, range(4))), [], (1,), "overlap", [])
    assert len(scores) == 9
    assert {s["iou"] for s in scores} == {0.0}


def test_the_mean_is_a_cut_of_one_direction(segmenter, lamp):
    (first, other) = see(segmenter, lamps(lamp, [1, 2]))
    shade = mean_word([first.example("shade")])
    assert overlap(first, shade(first.encoded), "shade") > 0.8
    assert overlap(other, shade(other.encoded), "shade") > 0.6
    assert overlap(other, shade(other.encoded), "foot") < 0.1


def test_barely_visible_parts_are_not_taught(segmenter, lamp):
    (shape,) = lamps(lamp, [1])
    shape.labels[:] = 2
    shape.labels[:10] = 0
    assert parts_to_teach(see(segmenter, [shape])) == {}


def test_a_summary_by_hand():
    rows = [("mug, whole", 1, 0.5), ("mug, single views", 1, 0.25), ("mug, whole", 4, 1.0)]
    scores = [
        {"group": g, "part": "rim", "examples": n, "iou": v, "zero_shot": 0.5, "seconds": v}
        for g, n, v in rows
    ]
    assert summary(scores) == {
        "words": 2, "iou": {1: 0.375, 4: 1.0}, "whole": {1: 0.5, 4: 1.0}, "single_views": {1: 0.25},
        "zero_shot": 0.5, "longest_seconds": 1.0,
    }  # fmt: skip


def some_answers(count: int = 400) -> list[Asked]:
    """Evidence whose second column separates right from wrong, with odds of three times its value."""
    rng = np.random.default_rng(0)
    value = rng.normal(size=count)
    right = rng.random(count) < 1 / (1 + np.exp(-3 * value))
    evidence = np.stack([np.ones(count), value, rng.normal(size=count), np.zeros(count)], axis=1)
    sure = 1 / (1 + np.exp(-3 * value))
    return [
        Asked(e, float(s), 0.9 if r else (None if k % 2 else 0.1))
        for k, (e, s, r) in enumerate(zip(evidence, sure, right, strict=True))
    ]


def test_odds_are_those_of_the_answers():
    odds = fit_odds(some_answers(4000))
    np.testing.assert_allclose(odds, (0, 2.9, 0, 0), atol=0.3)
    unsure = [answer.by(np.zeros(4)) for answer in some_answers(10)]
    assert {answer.confidence for answer in unsure} == {0.5}
    assert [answer.iou for answer in unsure] == [answer.iou for answer in some_answers(10)]


def test_figures_of_finding_by_hand():
    asked = [
        Asked(np.zeros(4), c, iou)
        for c, iou in ((0.9, 0.8), (0.6, 0.2), (0.3, 0.9), (0.7, None), (0.1, None))
    ]
    figures = figures_of_finding(asked)
    assert figures["found_when_there"] == pytest.approx(2 / 3)
    assert figures["found_when_absent"] == pytest.approx(1 / 2)
    assert figures["right_when_found"] == pytest.approx(1 / 3)
    assert figures["auroc"] == pytest.approx(4 / 6)
    assert figures["calibration_error"] == pytest.approx((0.1 + 0.6 + 0.7 + 0.7 + 0.1) / 5)
    assert figures_of_finding(some_answers())["calibration_error"] < 0.1


def test_odds_are_fitted_on_other_kinds_than_figures_are_reported_on():
    kinds = kinds_to_fit()
    assert len(kinds) > 12
    assert not set(kinds) & set(TAUGHT_KINDS)
    assert teaching.RIGHT_AT == 0.5


def test_generated_shapes_are_the_same_every_time():
    once, again = (generated_groups(["mug"], 2) for _ in range(2))
    assert list(once) == ["mug, whole", "mug, single views"]
    for group in once:
        for a, b in zip(once[group], again[group], strict=True):
            np.testing.assert_array_equal(a.points, b.points)
            np.testing.assert_array_equal(a.labels, b.labels)
    whole, views = once.values()
    assert "handle" in whole[0].names
    assert len(views[0].points) != len(whole[0].points)
    np.testing.assert_array_equal(generated_shapes("mug", 2)[1].points, views[0].points)


@pytest.fixture
def model(tmp_path):
    """A copy of the shipped model with links to its files; the manifest is replaced, never written into."""
    folder = tmp_path / "model"
    shutil.copytree(models_dir() / "part_perception_small", folder, copy_function=os.link)
    content = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_bytes(content)
    return folder


@pytest.fixture
def answers(monkeypatch):
    """Answers of taught words whose second piece of evidence has weight three, and heights with 0.95 as the best."""
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


def test_fitted_values_go_into_the_manifest(model, answers, capsys):
    before = load_manifest(model)
    assert main(["train", "refit", str(model), "--json"]) == 0
    told, after = json.loads(capsys.readouterr().out), load_manifest(model)
    assert told["natural_height"] == after.natural_height == 0.95
    np.testing.assert_allclose(after.confidence.taught_odds, (0, 2.9, 0, 0), atol=0.3)
    assert tuple(told["taught_odds"]) == after.confidence.taught_odds
    assert told["found_when_absent"] < told["found_when_there"]
    assert (after.confidence.weights, after.files) == (before.confidence.weights, before.files)


def test_fitted_numbers_are_printed_for_people(model, answers, capsys):
    assert main(["train", "refit", str(model)]) == 0
    told = dict(
        line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line[:8] == "natural "
    )
    assert told == {"natural": "height       0.95"}
