"""Reliability: of the answers given with about one confidence, how many are right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Bin:
    """Answers with a confidence from low to high: how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Equal bins of [0, 1], those with answers only."""
    sure, true = np.asarray(confidence, float), np.asarray(right, float)
    index = np.minimum((sure * bins).astype(int), bins - 1)
    return [
        Bin(i / bins, (i + 1) / bins, int(here.sum()), float(sure[here].mean()), float(true[here].mean()))
        for i in range(bins)
        if (here := index == i).any()
    ]
