"""Evaluation of decomposition and clicks on lamps: hand-computed figures; every shape counts, refusals as zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.evaluation.decomposition import (
    CLICKS,
    LEVELS,
    MATCHED_KINDS,
    best_match,
    choose_height,
    evaluate_decomposition,
    evaluate_growing,
    evaluate_matching,
    score_clicks,
    score_decomposition,
)
from part_perception.evaluation.taught_shapes import see
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.parts import hierarchy
from part_perception.parts.hierarchy import Hierarchy
from part_perception.segmenter import PartSegmenter

NAMES = ("foot", "pole", "shade")


def shape(lamp, seed: int, labels: np.ndarray | None = None) -> LabelledShape:
    points, truth = lamp(seed)
    return LabelledShape(
        f"lamp {seed}", points, truth if labels is None else labels, NAMES, "lamp", (0.0, 0.0, 1.0)
    )


def test_best_match_by_hand():
    labels, truth = np.array([0, 0, 1, 1, 1, 2]), np.array([0, 0, 0, 1, 1, -1])
    np.testing.assert_allclose(best_match(labels, truth), [2 / 3, 2 / 3])


@pytest.mark.parametrize("method", ["tree", "kmeans"])
def test_every_level_is_scored(segmenter, lamp, method):
    score = score_decomposition(segmenter, shape(lamp, 3), method)
    assert set(score.by_parts) == set(LEVELS)
    assert score.oracle == max(score.by_parts.values()) > 0.7
    assert score.oracle >= score.automatic
    assert len(score.nodes) == 3 and min(score.nodes) > 0.6
    assert score.by_parts.get(score.chosen, score.automatic) == score.automatic


def test_shapes_with_one_part_count_too(segmenter, lamp):
    whole = shape(lamp, 3, np.zeros(1500, int))
    report = evaluate_decomposition(segmenter, [shape(lamp, 3), whole])
    assert report["shapes"] == 2
    assert report["pooled_recall"] == 1.0
    alone = [evaluate_decomposition(segmenter, [s])["automatic"] for s in (shape(lamp, 3), whole)]
    assert report["automatic"] == pytest.approx(np.mean(alone))


def test_the_automatic_figure_is_that_of_the_chosen_height(segmenter, lamp):
    shapes = [shape(lamp, seed) for seed in (3, 5)]
    found = choose_height(segmenter, shapes, [0.0, 0.5, 100.0])
    for height, value in found.items():
        segmenter.manifest = replace(segmenter.manifest, natural_height=height)
        assert evaluate_decomposition(segmenter, shapes)["automatic"] == pytest.approx(value)
    assert found[100.0] < 0.5, "one part for all"


def test_cuts_at_other_levels_build_no_new_tree(segmenter, lamp, monkeypatch):
    encoded = segmenter.encode([lamp(3)[0]])[0]
    tree = hierarchy.build_hierarchy(encoded)
    monkeypatch.setattr(hierarchy, "surface_pieces", None)
    assert hierarchy.build_hierarchy(encoded) is tree
    assert [len(np.unique(tree.cut(k))) for k in (2, 7, 19)] == [2, 7, 19]


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
    """For a part in two pieces, growing into the clicked one is right."""
    points, labels = lamp(1)
    two = np.concatenate([points, points + (2, 0, 0)])
    named = np.where(np.concatenate([labels, labels]) == 0, 1, 0)
    (seen,) = see(segmenter, [LabelledShape("lamps", two, named, ("rest", "foot"), "lamp", (0.0, 0.0, 1.0))])
    half = np.arange(len(two)) < len(points)

    def one_foot(_, clicks):
        return seen.mask("foot") & (half == half[clicks[0]])

    monkeypatch.setattr(Hierarchy, "region", one_foot)
    assert min(score_clicks(seen, "foot")) > 0.9


def test_matching_is_scored_on_pairs_of_every_kind_given():
    report = evaluate_matching(PartSegmenter.load(), ["mug", "hammer"])
    assert list(report) == ["whole to whole", "view to view", "whole to view"]
    whole = report["whole to whole"]
    assert whole["pairs"] == 2
    assert 0.8 < whole["match"] < whole["surer_half"] <= 1


def test_enough_kinds_are_matched_to_tell_methods_apart():
    assert len(MATCHED_KINDS) > 120
    assert len(set(MATCHED_KINDS)) == len(MATCHED_KINDS)
