"""Forms: pieces that many kinds share."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder


def wall(outer, thickness: float, floor: float):
    """A profile up the outside and down the inside: a vessel's wall of a thickness over a floor."""
    outer = np.asarray(outer, float)
    inner = outer[::-1] - (thickness, 0.0)
    inner[:, 1] = np.maximum(inner[:, 1], floor)
    return np.concatenate([[(0.0, outer[0, 1])], outer, np.maximum(inner, 0.0), [(0.0, floor)]])


def ear(b: Builder, r_top: float, r_low: float, z_top: float, z_low: float, reach: float, bar: float) -> None:
    """A handle loop on the +x side between two heights."""
    bulge = b.pick(0.6, 0.85, 1.0)
    middle = (z_top + z_low) / 2
    path = [(r_top - bar, 0, z_top), (r_top + reach * bulge, 0, z_top + b.u(-0.1, 0.1) * reach),
            (r_top + reach, 0, middle), (r_low + reach * bulge * b.u(0.6, 1), 0, z_low), (r_low - bar, 0, z_low)]  # fmt: skip
    b.tube(path, bar, flat=b.u(0.8, 2.0))
