"""Ward's method on a graph merges as scikit-learn's does."""

import warnings

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.spatial import cKDTree

from part_perception.parts.ward import ward_merges


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
