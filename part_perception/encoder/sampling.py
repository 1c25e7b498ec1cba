"""Sampling: turns a cloud of any size and density into evenly spread samples.

The published PatchAlign3D encoder has its own conventions: normalisation, choice of centres, and axes. Its data
are y-up, and y and z are swapped before encoding. An object that is (X, Y, Z) with z up is (X, Z, -Y) in such a
file, so the network sees (X, -Y, Z): z up, and mirrored.
"""

from __future__ import annotations

import numpy as np

from part_perception.jit import compiled

_FINE = 1 << 16
_VOXELS_A_POINT = 16  # a larger table is slower than sorting
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)  # large and odd


def thin(points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """About `count` samples spread evenly: means over voxels of a fitting size, and the sample of each point.

    The means remove much of a sensor's noise. At most `count` samples come back; small clouds come back
    whole.
    """
    if len(points) <= count:
        return points.copy(), np.arange(len(points))
    columns = np.ascontiguousarray(points.T)  # numpy computes extremes of rows much faster
    low = columns.min(axis=1)
    extent = float((columns.max(axis=1) - low).max())
    probe = points if len(points) <= 4 * count else points[_scattered(points, low, extent, 4 * count)]
    voxel = extent / np.sqrt(count)
    for _ in range(3):
        _, occupied = _voxels(probe, low, voxel)
        voxel *= np.clip(np.sqrt(occupied / (0.97 * count)), 0.3, 2.0)
    while True:
        member, samples = _voxels(points, low, voxel)
        if samples <= count:
            break
        voxel *= max(np.sqrt(samples / (0.97 * count)), 1.02)
    weight = np.bincount(member, minlength=samples)[:, None]
    sums = np.stack([np.bincount(member, points[:, axis], samples) for axis in range(3)], axis=1)
    return sums / weight, member


def some_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Rows of `count` of the points, independent of their order."""
    low = points.min(axis=0)
    return _scattered(points, low, float(np.ptp(points, axis=0).max()), count)


def _scattered(points: np.ndarray, low: np.ndarray, extent: float, count: int) -> np.ndarray:
    """Rows of `count` points chosen by position, so that their order in the cloud does not matter."""
    cell = ((points - low) * (_FINE / max(extent, 1e-300))).astype(np.uint64)
    mixed = (cell[:, 0] * _MIX[0]) ^ (cell[:, 1] * _MIX[1]) ^ (cell[:, 2] * _MIX[2])
    return np.argpartition((mixed * _MIX[0]) >> np.uint64(16), count)[:count]


def _voxels(points: np.ndarray, low: np.ndarray, voxel: float) -> tuple[np.ndarray, int]:
    """(N,) the index of each point's voxel among the occupied ones, and the number of these."""
    cell = ((points - low) / voxel).astype(np.int64)
    across = [int(cell[:, axis].max()) + 1 for axis in range(3)]
    key = (cell[:, 0] * across[1] + cell[:, 1]) * across[2] + cell[:, 2]
    voxels = across[0] * across[1] * across[2]
    if voxels > _VOXELS_A_POINT * len(points):
        found, member = np.unique(key, return_inverse=True)
        return member, len(found)
    holds = np.zeros(voxels, bool)
    holds[key] = True
    number = np.cumsum(holds) - 1
    return number[key], int(number[-1]) + 1


def farthest_points(
    points: np.ndarray, count: int, start: int = 0, skip: np.ndarray | None = None
) -> np.ndarray:
    """Indices of `count` points, each farthest from those before it; first `start`, never `skip`."""
    chosen = np.empty(count, np.int64)
    nearest = np.full(len(points), np.inf, np.float32)
    if skip is not None:
        nearest[skip] = -1.0
    pick_farthest(np.ascontiguousarray(points.T, np.float32), start, nearest, chosen)
    return chosen


@compiled("void(f4[:,::1], i8, f4[::1], i8[::1])")
def pick_farthest(columns, start, nearest, chosen):
    """Pick points (3, N), each farthest from those before it; `nearest` is the squared distance to these."""
    at = start
    for i in range(len(chosen)):
        chosen[i] = at
        x, y, z = columns[0, at], columns[1, at], columns[2, at]
        for j in range(len(nearest)):
            dx, dy, dz = columns[0, j] - x, columns[1, j] - y, columns[2, j] - z
            nearest[j] = min(nearest[j], dx * dx + dy * dy + dz * dz)
        at = 0
        for j in range(len(nearest)):
            if nearest[j] > nearest[at]:
                at = j


_NEAR_ORIGIN = 1e-3


def frame_of(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and scale that bring the points into the unit sphere around their mean."""
    centre = points.mean(axis=0)
    return centre, float(np.linalg.norm(points - centre, axis=1).max())


def centre_rows(points: np.ndarray, count: int) -> np.ndarray:
    """Farthest points, starting with the first; points close to the origin are never picked after it."""
    return farthest_points(points, count, start=0, skip=np.einsum("ij,ij->i", points, points) <= _NEAR_ORIGIN)


def mirrored(vectors: np.ndarray) -> np.ndarray:
    """Vectors with z up as the network saw them in training."""
    return vectors * np.array([1, -1, 1], vectors.dtype)
