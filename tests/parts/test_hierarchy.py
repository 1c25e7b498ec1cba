"""The tree of parts: Ward's merges, nested cuts, and a lamp that decomposes into foot, pole and shade."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_matrix
from scipy.spatial import cKDTree
from scipy.spatial.distance import squareform

from part_perception.evaluation.decomposition import best_match
from part_perception.parts.hierarchy import average_linkage, roots
from part_perception.parts.ward import ward_merges


def test_merges_are_one_binary_tree(segmenter, lamp):
    tree = segmenter.hierarchy(lamp()[0])
    assert len(tree.merges) == len(tree.heights) == tree.leaves - 1
    assert sorted(tree.merges.ravel()) == list(range(2 * tree.leaves - 2))
    assert (tree.merges < tree.leaves + np.arange(len(tree.merges))[:, None]).all()
    assert (np.diff(tree.heights) >= 0).all()


def test_cuts_are_nested_and_ranked(segmenter, lamp):
    tree = segmenter.hierarchy(lamp()[0])
    for parts in (1, 2, 3, 7, 19, 200):
        labels, finer = tree.cut(parts), tree.cut(parts + 1)
        sizes = np.bincount(labels)
        assert len(sizes) == parts
        assert (np.diff(sizes) <= 0).all()
        assert all(len(np.unique(labels[finer == k])) == 1 for k in range(parts + 1))


def test_a_lamp_decomposes_into_foot_pole_and_shade(segmenter, lamp):
    points, truth = lamp(3)
    assert best_match(segmenter.decompose(points, 3), truth).mean() > 0.85
    assert best_match(segmenter.decompose(points, 3, method="kmeans"), truth).mean() > 0.7
    assert 2 <= segmenter.decompose(points).max() + 1 <= 19


def test_rows_that_are_not_finite_have_no_part(segmenter, lamp):
    points = lamp()[0]
    points[[5, 70]] = np.nan
    labels = segmenter.decompose(points, 3)
    assert np.flatnonzero(labels < 0).tolist() == [5, 70]
    assert np.flatnonzero(segmenter.decompose(points, 3, method="kmeans") < 0).tolist() == [5, 70]


@pytest.mark.parametrize("parts", [0, -1, 10_000])
def test_impossible_numbers_of_parts_are_refused(segmenter, lamp, parts):
    for method in ("tree", "kmeans"):
        with pytest.raises(ValueError, match="parts must be from 1 to"):
            segmenter.decompose(lamp()[0], parts, method=method)


@pytest.mark.parametrize("parts", [True, 2.0, "3"])
def test_numbers_of_parts_that_are_not_numbers_are_refused(segmenter, lamp, parts):
    points = lamp()[0]
    for given in (
        lambda: segmenter.decompose(points, parts),
        lambda: segmenter.decompose(points, parts, method="kmeans"),
        lambda: segmenter.cosegment(points, [points], parts),
        lambda: segmenter.hierarchy(points).cut(parts),
    ):
        with pytest.raises(ValueError, match="whole number or None"):
            given()


def test_unknown_methods_are_refused(segmenter, lamp):
    with pytest.raises(ValueError, match="tree or kmeans"):
        segmenter.decompose(lamp()[0], 2, method="magic")


def test_small_clouds_have_a_tree_too(segmenter):
    points = np.random.default_rng(0).normal(size=(40, 3))
    tree = segmenter.hierarchy(points)
    assert len(np.unique(tree.cut(tree.leaves))) == tree.leaves


def test_objects_in_several_pieces_have_one_tree(segmenter):
    rng = np.random.default_rng(0)
    points = np.concatenate(
        [rng.normal(0, 0.05, (400, 3)) + shift for shift in ((0, 0, 0), (0, 0, 1), (0, 0, 2))]
    )
    tree = segmenter.hierarchy(points)
    assert len(tree.merges) == tree.leaves - 1
    truth = np.repeat([0, 1, 2], 400)
    assert best_match(tree.cut(3), truth).mean() > 0.95


def test_average_linkage_is_that_of_scipy():
    points = np.random.default_rng(1).normal(size=(30, 4))
    gap = ((points[:, None] - points) ** 2).sum(-1)
    merges, heights = average_linkage(gap, np.ones(30), np.arange(30), 30)
    expected = linkage(squareform(gap, checks=False), "average")
    np.testing.assert_allclose(heights**2, expected[:, 2], rtol=1e-9)
    for k in (2, 5, 11):
        ours, theirs = roots(merges[: 30 - k], 30), roots(expected[: 30 - k, :2].astype(int), 30)
        assert len(np.unique(ours)) == k
        assert len(np.unique(ours * 100 + theirs)) == k


def test_sizes_count_as_members_do():
    """A piece that stands for three samples weighs as three equal samples."""
    gap = np.array([[0, 1, 9.0], [1, 0, 4.0], [9, 4, 0]])
    _, heights = average_linkage(gap, np.array([3.0, 1.0, 1.0]), np.arange(3), 3)
    np.testing.assert_allclose(heights**2, [1, (3 * 9 + 4) / 4])


def test_a_click_grows_to_the_part(segmenter, lamp):
    points, truth = lamp(3)
    grown = segmenter.grow(points, points[truth == 2][:2])
    assert (grown & (truth == 2)).sum() / (grown | (truth == 2)).sum() > 0.8
    assert grown.dtype == bool and len(grown) == len(points)


def test_a_region_leaves_out_what_is_not_part(segmenter, lamp):
    points, truth = lamp(3)
    inside, outside = points[truth == 2][:1], points[truth == 1][:5]
    grown = segmenter.grow(points, inside, outside)
    assert grown[np.flatnonzero(truth == 2)[0]]
    assert not grown[np.flatnonzero(truth == 1)[:5]].any()


def test_several_clicks_mean_all_parts_they_lie_in(segmenter, lamp):
    points, truth = lamp(3)
    foot, shade = np.flatnonzero(truth == 0)[:1], np.flatnonzero(truth == 2)[:1]
    tree = segmenter.hierarchy(points)
    both = tree.region([foot[0], shade[0]])
    assert both[[foot[0], shade[0]]].all()
    alone = tree.region(foot), tree.region(shade)
    assert (both <= alone[0] | alone[1]).all(), "one click reaches farther than one of several"
    assert (both & alone[0]).any() and (both & alone[1]).any()
    np.testing.assert_array_equal(tree.region([foot[0], foot[0]]), alone[0])


def test_outside_clicks_bound_each_region(segmenter, lamp):
    points, truth = lamp(3)
    tree = segmenter.hierarchy(points)
    (click,) = np.flatnonzero(truth == 2)[:1]
    free = tree.region([click])
    off = np.flatnonzero(free & (tree.member != tree.member[click]))[0]
    bounded = tree.region([click], [off])
    assert bounded[click] and not bounded[off]
    assert (bounded <= free).all() and bounded.sum() < free.sum()


def test_clicks_that_fit_no_part_are_refused(segmenter, lamp):
    points, _ = lamp(3)
    with pytest.raises(ValueError, match="no part of the object holds"):
        segmenter.grow(points, points[:1], points[:1])
    with pytest.raises(ValueError, match="from the object"):
        segmenter.grow(points, [[0, 0, 5.0]])
    with pytest.raises(ValueError, match="at least one"):
        segmenter.grow(points, [])
    with pytest.raises(ValueError, match="clicks must be"):
        segmenter.grow(points, [1.0, 2.0])
    with pytest.raises(ValueError, match="rows must be from 0"):
        segmenter.hierarchy(points).region([len(points)])


def test_the_model_says_how_unlike_parts_are(segmenter, lamp):
    points, _ = lamp(3)
    many, few = 0.2, 100.0
    segmenter.manifest = replace(segmenter.manifest, natural_height=few)
    assert segmenter.decompose(points).max() == 0
    assert segmenter.hierarchy(points).natural_parts() == 1
    segmenter.manifest = replace(segmenter.manifest, natural_height=many)
    assert segmenter.decompose(points).max() + 1 == segmenter.hierarchy(points).natural_parts() > 3


@pytest.mark.parametrize("pieces", [1, 3])
def test_merges_are_those_of_scikit_learn_in_one_piece_and_in_several(pieces):
    from sklearn.cluster import ward_tree

    rng = np.random.default_rng(pieces)
    places = rng.normal(size=(240, 3)) + 50.0 * (np.arange(240) % pieces)[:, None]
    near = cKDTree(places).query(places, 7)[1]
    graph = coo_matrix((np.ones(near.size), (np.repeat(np.arange(240), 7), near.ravel())), (240, 240)).tocsr()
    values = np.column_stack([places, rng.normal(size=(240, 9))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = ward_tree(values, connectivity=graph, n_clusters=20)[0]
    np.testing.assert_array_equal(ward_merges(values, graph, 20), expected[:220])


def test_the_nearest_neighbours_merge_first_and_separate_pieces_last():
    values = np.array([[0.0], [1.0], [1.1], [9.0]])
    graph = coo_matrix((np.ones(2), ([0, 1], [1, 2])), (4, 4)).tocsr()
    assert ward_merges(values, graph, 1).tolist() == [[1, 2], [0, 4], [3, 5]]
