"""Presence: how likely a piece of a cloud is an object of its own rather than noise or background.

Measured on simulated scenes: pieces that cover less than 100 pixels of a VGA camera are hardly ever objects,
three in four that cover 1600 or more are, and pieces below all supports almost never are.
"""

from __future__ import annotations

import numpy as np

from part_perception.geometry.boxes import thin
from part_perception.scene.decode import View
from part_perception.scene.support import Support, heights

VGA_PITCH = 1 / 575  # radians between two pixels of a VGA camera
CRUMB, THING = 100, 1600  # pixels
LEAST = 0.1
BELOW = 0.3  # the maximum for a piece below all supports


def presence_of(view: View, segment: np.ndarray, support: Support) -> float:
    """Estimate 0..1 from the angle that a piece covers and whether it is above a support."""
    presence = 1.0
    if view.width:
        pixels = len(segment) * (view.pitch / VGA_PITCH) ** 2
        presence = float(np.clip(np.log(pixels / CRUMB) / np.log(THING / CRUMB), LEAST, 1.0))
    if support and np.isinf(np.median(heights(view.points[thin(segment)].astype(float), support))):
        return min(presence, BELOW)
    return presence
