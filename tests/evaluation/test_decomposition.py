"""Evaluation of decomposition on lamps: figures by hand, every shape counted, and the level that fits best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.evaluation.decomposition import (
    LEVELS,
    best_match,
    choose_height,
    evaluate_decomposition,
    score_decomposition,
)
from part_perception.files.labelled_shapes import LabelledShape
from part_perception.parts import hierarchy

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
