"""Presence: how likely a piece of a cloud is a thing of its own rather than a crumb of noise or of the background.

Measured on simulated scenes: of the pieces that cover less than 100 pixels of a VGA camera hardly any is a thing, of
those that cover 1600 or more three of four are; of those that stand on nothing seen, next to none.
"""

from __future__ import annotations

import numpy as np

from part_perception.geometry.boxes import thin
from part_perception.scene.decode import View
from part_perception.scene.support import Support, heights

VGA_PITCH = 1 / 575  # radians between two pixels of the camera that the numbers of pixels are of
CRUMB, THING = 100, 1600  # pixels
LEAST = 0.1
BELOW = 0.3  # at most, if it lies below all supports


def presence_of(view: View, segment: np.ndarray, support: Support) -> float:
    """0..1 by the angle that a piece covers, and by whether it is above a support."""
    presence = 1.0
    if view.width:
        pixels = len(segment) * (view.pitch / VGA_PITCH) ** 2
        presence = float(np.clip(np.log(pixels / CRUMB) / np.log(THING / CRUMB), LEAST, 1.0))
    if support and np.isinf(np.median(heights(thin(view.points[segment]).astype(float), support))):
        return min(presence, BELOW)
    return presence
