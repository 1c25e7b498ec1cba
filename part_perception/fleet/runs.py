"""Runs: a mask as starts and lengths of runs of neighbouring points."""

from __future__ import annotations

import numpy as np


def runs_of(indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Starts and lengths of the runs of neighbouring indices, in ascending order."""
    indices = np.unique(np.asarray(indices, np.int64))
    first = np.flatnonzero(np.diff(indices, prepend=-2) != 1)
    return indices[first].astype(np.uint32), np.diff(first, append=len(indices)).astype(np.uint32)


def indices_of(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The indices that runs stand for."""
    runs = [np.arange(s, s + n) for s, n in zip(starts.astype(int), lengths.astype(int), strict=True)]
    return np.concatenate([np.zeros(0, int), *runs])
