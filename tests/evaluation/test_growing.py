"""Evaluation of clicks: on lamps they grow to the part, and what is refused counts as nothing."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.evaluation.decomposition import CLICKS, evaluate_growing, score_clicks
from part_perception.evaluation.taught_shapes import see
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.parts.hierarchy import Hierarchy

NAMES = ("foot", "pole", "shade")


def test_clicks_on_lamps(segmenter, lamp):
    shapes = [LabelledShape(f"lamp {n}", *lamp(n), NAMES, "lamp", (0.0, 0.0, 1.0)) for n in range(2)]
    report = evaluate_growing(segmenter, shapes)
    assert report["parts"] == 6
    assert set(report["iou"]) == set(CLICKS)
    assert report["iou"][1] > 0.6


def test_shapes_without_parts_are_refused(segmenter, lamp):
    points, labels = lamp(0)
    whole = LabelledShape("lamp", points, np.zeros_like(labels), ("lamp",), "lamp", (0.0, 0.0, 1.0))
    with pytest.raises(InputError, match="no shape here has a part"):
        evaluate_growing(segmenter, [whole])


def test_refused_clicks_count_as_nothing(segmenter, lamp, monkeypatch):
    def refuse(*_):
        raise InputError("no part of the object")

    (seen,) = see(segmenter, [LabelledShape("lamp", *lamp(1), NAMES, "lamp", (0.0, 0.0, 1.0))])
    monkeypatch.setattr(Hierarchy, "region", refuse)
    assert score_clicks(seen, "shade") == [0.0, 0.0, 0.0]


def test_one_of_two_separate_pieces_is_enough(segmenter, lamp, monkeypatch):
    """A part in two pieces: growing to the one that was clicked is right."""
    points, labels = lamp(1)
    two = np.concatenate([points, points + (2, 0, 0)])
    named = np.where(np.concatenate([labels, labels]) == 0, 1, 0)
    (seen,) = see(segmenter, [LabelledShape("lamps", two, named, ("rest", "foot"), "lamp", (0.0, 0.0, 1.0))])
    half = np.arange(len(two)) < len(points)

    def one_foot(_, clicks):
        return seen.mask("foot") & (half == half[clicks[0]])

    monkeypatch.setattr(Hierarchy, "region", one_foot)
    assert min(score_clicks(seen, "foot")) > 0.9
