"""Pieces: finds connected samples, and the strays that come with a crop of a real scene."""

from __future__ import annotations

import numpy as np

from part_perception.encoder.neighbours import nearest_of
from part_perception.jit import compiled

_MIN_SAMPLES = 128
_REACH = 2.5
# a stray piece has a smaller share of samples and is farther off than this, in object diameters
_SMALL, _FAR = 0.06, 0.1
_CRUMB, _APART = 0.02, 0.05


@compiled("i8[::1](i8[:,::1], b1[:,::1], b1[::1])")
def connected(near, linked, chosen):
    """(S,) the piece of every chosen sample, named by its lowest sample, from neighbours (S, k) and their links.

    Samples (S,) that are not chosen belong to no piece, -1, and connect nothing.
    """
    piece = np.arange(near.shape[0])
    for i in range(near.shape[0]):
        if not chosen[i]:
            continue
        for k in range(near.shape[1]):
            if not (linked[i, k] and chosen[near[i, k]]):
                continue
            a, b = i, near[i, k]
            while piece[a] != a:
                piece[a] = piece[piece[a]]
                a = piece[a]
            while piece[b] != b:
                piece[b] = piece[piece[b]]
                b = piece[b]
            piece[max(a, b)] = min(a, b)
    for i in range(near.shape[0]):  # a sample's piece is named by a lower one, which is settled by now
        piece[i] = piece[piece[i]] if chosen[i] else -1
    return piece


def main_pieces(samples: np.ndarray, near: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """(S,) bool: samples of the object itself. Only small pieces far from the largest are strays.

    From the nearest samples (S, k) of each, itself first, and their distances.
    """
    own = np.ones(len(samples), bool)
    if len(samples) < _MIN_SAMPLES:
        return own
    piece = connected(near, distance <= _REACH * np.median(distance[:, 4]), own)
    if piece.any():  # not all of the first one
        sizes = np.bincount(piece)
        extent = float(np.linalg.norm(np.ptp(samples[piece == sizes.argmax()], axis=0)))
        mark_strays(np.ascontiguousarray(samples), piece, sizes, extent, own)
    return own


@compiled("void(f8[:,::1], i8[::1], i8[::1], f8, b1[::1])")
def mark_strays(samples, piece, sizes, extent, own):
    """Clear `own` at small pieces far from the largest one, whose diameter is `extent`."""
    largest = np.argmax(sizes)
    gap = np.full(len(sizes), np.inf)
    for i in range(len(piece)):
        if sizes[piece[i]] >= _SMALL * len(piece):
            continue
        for j in range(len(piece)):
            if piece[j] == largest:
                dx, dy = samples[i, 0] - samples[j, 0], samples[i, 1] - samples[j, 1]
                dz = samples[i, 2] - samples[j, 2]
                gap[piece[i]] = min(gap[piece[i]], dx * dx + dy * dy + dz * dz)
    for i in range(len(piece)):
        size, away = sizes[piece[i]], np.sqrt(gap[piece[i]]) / extent
        if (size < _SMALL * len(piece) and away > _FAR) or (size < _CRUMB * len(piece) and away > _APART):
            own[i] = False


def stand_ins(samples: np.ndarray, own: np.ndarray) -> np.ndarray:
    """(S,) for each sample its index among the object's own; for a stray, that of the nearest one."""
    place = np.cumsum(own) - 1
    place[~own] = nearest_of(samples[~own], samples[own], 1)[0][:, 0]
    return place
