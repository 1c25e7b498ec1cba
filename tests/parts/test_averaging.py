"""Averaging: compiled means over neighbours are those of the sparse matrices that define them."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from part_perception.parts.encoded import EncodedObject


def matrix(encoded: EncodedObject, weight: np.ndarray) -> csr_matrix:
    """(S, S) the mean over linked neighbours, weighted by (S, k)."""
    weight = weight * encoded.linked
    weight = weight / weight.sum(axis=1, keepdims=True)
    starts = np.arange(0, weight.size + 1, weight.shape[1])
    return csr_matrix((weight.ravel(), encoded.neighbours.ravel(), starts), shape=(len(weight),) * 2)


def test_means_over_neighbours_are_those_of_sparse_matrices(segmenter, lamp):
    encoded = segmenter.encode([lamp(3)[0]])[0]
    values = np.random.default_rng(0).normal(size=(encoded.patches.count, 5))
    even = matrix(encoded, np.ones(encoded.neighbours.shape))
    likeness = (encoded.field[:, None].astype(float) * encoded.field[encoded.neighbours]).sum(axis=2)
    alike = matrix(encoded, np.exp(10.0 * (likeness - 1)))
    assert 0.5 < encoded.linked.mean() < 1
    assert np.allclose(encoded.even_out(values), even @ values, atol=1e-5)
    assert np.allclose(encoded.even_out(values[:, 0]), even @ values[:, 0], atol=1e-5)
    assert np.allclose(encoded.even_within_parts(values), alike @ values, atol=1e-5)
    field = alike @ encoded.field
    field /= np.linalg.norm(field, axis=1, keepdims=True)
    assert np.allclose(encoded.even_field, field, atol=1e-5)
    assert np.abs(even @ values - alike @ values).max() > 0.01, "the two differ"
