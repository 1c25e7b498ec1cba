"""Pieces: connected samples, and strays: small pieces far from the object."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from part_perception.encoder.neighbours import nearest_of
from part_perception.encoder.pieces import connected, main_pieces, stand_ins


def sheet(count: int, seed: int, at=(0.0, 0.0, 0.0), size: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, size, (count, 3)) * (1, 1, 0) + at


def own_of(samples: np.ndarray) -> np.ndarray:
    near, squared = nearest_of(samples, samples, 9)
    return main_pieces(samples, near, np.sqrt(squared))


def test_pieces_are_those_of_the_graph_and_named_by_their_lowest_sample():
    rng = np.random.default_rng(0)
    near, linked = rng.integers(0, 500, (500, 3)), rng.uniform(size=(500, 3)) < 0.25
    rows, columns = np.nonzero(linked)
    graph = coo_matrix((np.ones(len(rows)), (rows, near[rows, columns])), shape=(500, 500))
    count, labels = connected_components(graph, directed=False)
    assert 5 < count < 300
    lowest = np.array([np.flatnonzero(labels == k)[0] for k in range(count)])
    assert np.array_equal(connected(near, linked, np.ones(500, bool)), lowest[labels])


def test_small_pieces_far_away_are_strays_and_the_nearest_sample_stands_in():
    table, crumb, leg, near = (
        sheet(500, 0), sheet(20, 1, (1.6, 0, 0), 0.1), sheet(60, 2, (0, 0, 0.5), 0.3), sheet(8, 3, (0, 0, 0.06), 0.05)
    )  # fmt: skip
    samples = np.concatenate([crumb, table, leg, near])
    own = own_of(samples)
    assert not own[:20].any(), "4 % of the samples, 0.6 of 1.4 away"
    assert own[20:580].all(), "10 % are no crumb"
    assert own[580:].all(), "near by, 4 % of the diameter away"
    place = stand_ins(samples, own)
    assert np.array_equal(place[20:], np.arange(568))
    gap = np.linalg.norm(samples[:20, None] - samples[None, 20:], axis=2)
    assert np.array_equal(place[:20], gap.argmin(axis=1))


def test_an_object_in_one_piece_and_one_of_few_samples_are_kept_whole():
    assert own_of(sheet(400, 0)).all()
    assert own_of(np.concatenate([sheet(100, 0), sheet(3, 1, (9, 0, 0), 0.1)])).all()


def test_what_is_not_chosen_belongs_to_no_piece_and_connects_nothing():
    near = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 3]])
    linked = np.ones(near.shape, bool)
    assert connected(near, linked, np.ones(5, bool)).tolist() == [0, 0, 0, 0, 0]
    assert connected(near, linked, np.array([1, 1, 0, 1, 1], bool)).tolist() == [0, 0, -1, 3, 3]
