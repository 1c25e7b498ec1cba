"""Pieces: finds connected samples, and the strays that come with a crop of a real scene."""

from __future__ import annotations

import numpy as np

_MIN_SAMPLES = 128
_NEIGHBOURS = 8
_REACH = 2.5
_SMALL, _FAR = (
    0.06,
    0.1,
)  # a stray piece has a smaller share of samples and is farther off than this, in object diameters
_CRUMB, _APART = 0.02, 0.05


def connected(near: np.ndarray, linked: np.ndarray) -> np.ndarray:
    """(S,) the piece of every sample, named by its lowest sample, from neighbours (S, k) and their links."""
    count = len(near)
    rows = np.repeat(np.arange(count), near.shape[1])[linked.ravel()]
    columns = near.ravel()[linked.ravel()]
    piece = np.arange(count)
    while True:
        lower = piece.copy()
        np.minimum.at(lower, rows, piece[columns])
        np.minimum.at(lower, columns, piece[rows])
        lower = lower[lower]
        if np.array_equal(lower, piece):
            return piece
        piece = lower


def main_pieces(samples: np.ndarray) -> np.ndarray:
    """(S,) bool: samples of the object itself. Only small pieces far from the largest are strays."""
    from scipy.spatial import cKDTree

    own = np.ones(len(samples), bool)
    if len(samples) < _MIN_SAMPLES:
        return own
    distance, near = cKDTree(samples).query(samples, _NEIGHBOURS + 1)
    linked = distance <= _REACH * np.median(distance[:, 4])
    names, piece, sizes = np.unique(connected(near, linked), return_inverse=True, return_counts=True)
    if len(names) == 1:
        return own
    largest = samples[piece == sizes.argmax()]
    extent = float(np.linalg.norm(np.ptp(largest, axis=0)))
    gap, _ = cKDTree(largest).query(samples)
    for k, size in enumerate(sizes):
        mine = piece == k
        away = float(gap[mine].min()) / extent
        share = size / len(samples)
        if (share < _SMALL and away > _FAR) or (share < _CRUMB and away > _APART):
            own[mine] = False
    return own


def stand_ins(samples: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(S,) for each sample its index among the object's own; for a stray, that of the nearest one."""
    from scipy.spatial import cKDTree

    place = np.cumsum(own) - 1
    if not own.all():
        place[~own] = cKDTree(samples[own]).query(samples[~own])[1]
    return place
