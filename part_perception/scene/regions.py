"""Regions of interest given by a caller: a box in space, or pixels of an organised cloud (a 2-D mask)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.errors import InputError
from part_perception.parts.naming import Belief
from part_perception.scene.decode import View
from part_perception.types import OrientedBox

Region = OrientedBox | np.ndarray


@dataclass(frozen=True)
class NamedRegion:
    """A region and what a detector says its object is."""

    region: Region
    said: Belief


def inside(region: Region, view: View) -> np.ndarray:
    """Which points (N,) lie in the region."""
    if isinstance(region, OrientedBox):
        local = (view.points - np.asarray(region.centre, np.float32)) @ np.asarray(
            region.rotation, np.float32
        )
        return (np.abs(local) <= np.asarray(region.size, np.float32) / 2).all(axis=1)
    mask = np.asarray(region)
    if mask.dtype != bool or mask.size != len(view.points):
        raise InputError(
            f"a region is an OrientedBox or a bool mask with one entry a point ({len(view.points)}); "
            f"this one is {mask.dtype} {mask.shape}"
        )
    return mask.ravel()
