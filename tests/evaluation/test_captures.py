"""Captures, on a made-up one with a mug and a pan: whole objects, parts with a named owner, and absent words."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.evaluation.captures import ABSENT, ABSENT_OWNERS, evaluate_captures

# Points (6, 10) in rows 10 cm apart along y. The last row of each object is its handle.
OBJECTS = {"mug": slice(0, 3), "pan": slice(3, 6)}
HANDLES = {"mug": slice(2, 3), "pan": slice(5, 6)}
X, Y = np.meshgrid(0.01 * np.arange(10), 0.1 * np.arange(6))
POINTS = np.stack([X, Y, np.ones_like(X)], axis=-1)
POINTS[0, 0] = np.nan  # a hole in the mug
UP = np.array([0.0, -1.0, 0.0])


def rows(chosen: slice) -> np.ndarray:
    """The measured points in some rows."""
    places = np.arange(60).reshape(6, 10)[chosen].ravel()
    return places[np.isfinite(POINTS.reshape(-1, 3)[places, 0])]


@pytest.fixture
def folder(tmp_path):
    masks, queries = {}, {}
    for name in OBJECTS:
        for text, chosen in ((name, OBJECTS[name]), ("handle", HANDLES[name])):
            key, mask = f"{name}:{text}", np.zeros((6, 10), np.uint8)
            mask[chosen] = 255
            masks[f"mask_{name}_{text}"] = mask
            box = POINTS.reshape(-1, 3)[rows(chosen)]
            queries[key] = {
                "text": text, "mask": f"mask_{name}_{text}", "is_part": text == "handle",
                "box_min": box.min(axis=0).tolist(), "box_max": box.max(axis=0).tolist(),
            }  # fmt: skip
    np.savez(tmp_path / "table.npz", points=POINTS, queries=json.dumps(queries), **masks)
    return tmp_path


class Scene:
    """The raw scene: mistakes the mug for the pan and two points for the pan's handle, and finds two absent things."""

    answers = {
        "mug": rows(OBJECTS["mug"]),
        "pan": rows(OBJECTS["mug"]),
        "handle": rows(HANDLES["pan"]),
        "handle of the mug": rows(HANDLES["mug"]),
        "handle of the pan": rows(HANDLES["pan"])[:2],
        "drawer": rows(OBJECTS["pan"]),
        "handle of the bicycle": rows(HANDLES["pan"]),
    }

    def __init__(self, segmenter, config=None):
        pass

    def process(self, points, stamp):
        return SimpleNamespace(up=UP, ask=self.ask)

    def ask(self, text):
        indices = self.answers.get(text, np.zeros(0, int))
        return [SimpleNamespace(found=text in self.answers, indices=indices, confidence=0.9)]


class ObjectGiven:
    """With one object given: is unsure of the mug's handle, mistakes the whole pan for its handle, and finds no pan."""

    def ask(self, points, texts, up):
        assert up is UP
        assert np.isfinite(points).all(), "holes are not asked about"
        mug = points[0, 1] < 0.25
        handle = np.arange(len(points)) >= len(points) - 10
        found = {"mug", "toilet"} if mug else {"handle"}
        whole = np.ones(len(points), bool)
        masks = np.array([handle if mug and text == "handle" else whole for text in texts])
        parts = [SimpleNamespace(indices=np.flatnonzero(mask)) for mask in masks]
        is_found = np.array([text in found for text in texts])
        return SimpleNamespace(found=is_found, masks=masks, confidence=0.1 + 0.8 * is_found, parts=parts)


@pytest.fixture
def report(folder, monkeypatch):
    monkeypatch.setattr("part_perception.evaluation.captures.ScenePerception", Scene)
    return evaluate_captures(ObjectGiven(), folder)


def figures(report: dict, sort: str) -> list[float]:
    return [report[f"{sort}_{name}"] for name in ("hit_rate", "strict_rate", "mask_iou")]


def test_the_raw_scene_is_asked_each_text_once(report):
    raw = report["raw_scene"]
    assert [(a["text"], a["hit"]) for a in raw["answers"]] == [
        ("mug", True), ("handle", True), ("pan", False), ("handle of the mug", True), ("handle of the pan", True),
    ]  # fmt: skip
    assert raw["questions"] == 3
    assert raw["all_hit_rate"] == pytest.approx(2 / 3)
    assert figures(raw, "part") == [1.0, 1.0, 1.0], "any object that has a handle will do"
    assert figures(raw, "object") == pytest.approx([0.5, 0.5, 29 / 60]), (
        "the hole in the mug counts against it"
    )
    assert figures(raw, "owned") == pytest.approx([1.0, 0.5, 0.6]), (
        "2 of 10 points are a hit, but not a strict one"
    )


def test_absent_words_and_owners_are_counted_in_the_raw_scene(report):
    raw = report["raw_scene"]
    assert raw["absent_found"] == ["drawer", "handle of the bicycle"]
    assert raw["absent_questions"] == len(ABSENT) + len(ABSENT_OWNERS), (
        "the only part is asked of every owner"
    )
    assert raw["absent_found_rate"] == 2 / raw["absent_questions"]


def test_given_the_object_a_part_is_judged_even_if_not_found_but_an_object_must_be_found(report):
    given = report["object_given"]
    assert [(a["text"], a["hit"], round(a["confidence"], 3)) for a in given["answers"]] == [
        ("mug", True, 0.9), ("handle", True, 0.1), ("pan", False, 0.1), ("handle", False, 0.9),
    ]  # fmt: skip
    assert figures(given, "part") == pytest.approx([0.5, 0.5, (1 + 1 / 3) / 2])
    assert figures(given, "object") == pytest.approx([0.5, 0.5, 29 / 60])
    assert np.isnan(figures(given, "owned")).all(), "the owner is given already"
    assert given["absent_found"] == ["toilet"]
    assert (given["absent_questions"], given["absent_found_rate"]) == (2 * len(ABSENT), 0.5 / len(ABSENT))


def test_a_folder_without_captures_is_refused(tmp_path):
    with pytest.raises(InputError, match="no .npz file"):
        evaluate_captures(ObjectGiven(), tmp_path)
