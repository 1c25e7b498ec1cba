"""Field: features at any position in space, blended smoothly from the samples of an object."""

from __future__ import annotations

import numpy as np

from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject

_BATCH = 4096
_REACH = 3.0  # times the spacing of samples: the radius of a sample's influence near the surface
_FARTHER = 1.5  # times the distance to the nearest sample: the radius far from the surface
_SOFT = 0.5  # times the spacing: below this distance a sample's weight no longer grows


def at_places(encoded: EncodedObject, values: np.ndarray, at) -> np.ndarray:
    """(M, D) sample values (S, D) at positions (M, 3), normalised; positions that are not finite get zeros.

    A sample's weight falls to zero at the edge of the neighbourhood, whose radius also changes smoothly:
    it is a few sample spacings, and grows with the distance to the nearest sample.
    """
    places = _checked(at)
    out = np.zeros((len(places), values.shape[1]), np.float32)
    finite = np.flatnonzero(np.isfinite(places).all(axis=1))
    for first in range(0, len(finite), _BATCH):
        rows = finite[first : first + _BATCH]
        blended = neighbourhood(encoded, places[rows]) @ values
        length = np.linalg.norm(blended, axis=1, keepdims=True)
        out[rows] = blended / np.maximum(length, 1e-9)
    return out


def neighbourhood(encoded: EncodedObject, places: np.ndarray) -> np.ndarray:
    """(M, S) the weight of each sample at each position; rows sum to 1."""
    distance = distances(places, encoded.samples)
    nearest = distance.min(axis=1, keepdims=True)
    radius = _FARTHER * nearest + _REACH * encoded.spacing
    weight = np.maximum(1 - distance / radius, 0) ** 2 / (distance**2 + (_SOFT * encoded.spacing) ** 2)
    return (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(A, B) the distances between all pairs of points."""
    from scipy.spatial.distance import cdist

    return cdist(a, b)


def _checked(at) -> np.ndarray:
    try:
        places = np.asarray(at).astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"places must be an (M, 3) array of numbers: {error}") from None
    if places.ndim != 2 or places.shape[1] != 3:
        raise InputError(f"places must be an (M, 3) array, not one of shape {places.shape}")
    return places
