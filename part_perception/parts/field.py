"""Field: features at any place in space, blended from an object's samples so that they change without a jump."""

from __future__ import annotations

import numpy as np

from part_perception.errors import InputError
from part_perception.parts.encoded import EncodedObject

_BATCH = 4096
_REACH = 3.0  # of the samples' spacing: how far a sample is felt near the surface
_FARTHER = 1.5  # times the distance to the nearest sample: how far off the surface
_SOFT = 0.5  # of the spacing: nearer than this, a sample is not felt more


def at_places(encoded: EncodedObject, values: np.ndarray, at) -> np.ndarray:
    """(M, D) values of samples (S, D) at places (M, 3), normalised; places that are not finite get zeros.

    A sample's weight falls to zero at the edge of the neighbourhood, whose radius itself changes without a jump:
    it is a few spacings of samples, and more by what the place is away from the nearest one.
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
    """(M, S) how much each sample counts at each place; rows sum to 1."""
    distance = distances(places, encoded.samples)
    nearest = distance.min(axis=1, keepdims=True)
    radius = _FARTHER * nearest + _REACH * encoded.spacing
    weight = np.maximum(1 - distance / radius, 0) ** 2 / (distance**2 + (_SOFT * encoded.spacing) ** 2)
    return (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(A, B) how far points are from one another."""
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
