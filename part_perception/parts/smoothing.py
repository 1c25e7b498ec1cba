"""Smoothing: averages the samples' values over linked neighbours, evenly or within parts."""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled


def average(neighbours: np.ndarray, share: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values (S,) or (S, V) averaged over the neighbours (S, k) of each sample; shares (S, k) sum to 1."""
    columns = np.ascontiguousarray(values, np.float32).reshape(len(values), -1)
    out = np.zeros_like(columns)
    add_shares(neighbours, share, columns, out)
    return out.reshape(values.shape)


@compiled("void(i8[:,::1], f4[:,::1], f4[:,::1], f4[:,::1])")
def add_shares(neighbours, share, values, out):
    for i in range(neighbours.shape[0]):
        for k in range(neighbours.shape[1]):
            weight = share[i, k]
            if weight == 0:
                continue
            row = neighbours[i, k]
            for c in range(values.shape[1]):
                out[i, c] += weight * values[row, c]


def even_shares(linked: np.ndarray) -> np.ndarray:
    """Equal shares (S, k) for all linked neighbours."""
    return (linked / linked.sum(axis=1, keepdims=True)).astype(np.float32)


def alike_shares(
    neighbours: np.ndarray, linked: np.ndarray, field: np.ndarray, steepness: float
) -> np.ndarray:
    """Shares (S, k) of linked neighbours, larger where the normalised field (S, F) is more similar."""
    share = np.zeros(neighbours.shape, np.float32)
    share_alike(neighbours, linked, np.ascontiguousarray(field, np.float32), steepness, share)
    return share


@compiled("void(i8[:,::1], b1[:,::1], f4[:,::1], f8, f4[:,::1])", reorder_sums=True)
def share_alike(neighbours, linked, field, steepness, share):
    for i in range(neighbours.shape[0]):
        total = 0.0
        for k in range(neighbours.shape[1]):
            if linked[i, k]:
                row, likeness = neighbours[i, k], np.float32(0)
                for c in range(field.shape[1]):
                    likeness += field[i, c] * field[row, c]
                share[i, k] = np.exp(steepness * (likeness - 1))
                total += share[i, k]
        for k in range(neighbours.shape[1]):
            share[i, k] /= total
