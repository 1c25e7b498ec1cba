"""The canonical frame of an object: gravity is +z, its middle is the origin, its radius is 1; and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.scene.boxes import level_axes

OUTLIERS_PERCENT = 1.0


@dataclass(frozen=True)
class CanonicalFrame:
    """canonical = (points - centre) @ rotation / scale."""

    rotation: np.ndarray
    centre: np.ndarray
    scale: float

    @staticmethod
    def of(points: np.ndarray, up: np.ndarray) -> CanonicalFrame:
        """The frame of these points; a few stray ones move it little."""
        rotation = level_axes(np.asarray(up, float))
        turned = np.asarray(points, float) @ rotation
        low, high = np.percentile(turned, (OUTLIERS_PERCENT, 100 - OUTLIERS_PERCENT), axis=0)
        middle = (low + high) / 2
        radius = np.percentile(np.linalg.norm(turned - middle, axis=1), 100 - OUTLIERS_PERCENT)
        return CanonicalFrame(rotation, rotation @ middle, max(float(radius), 1e-6))

    def apply(self, points: np.ndarray) -> np.ndarray:
        return (np.asarray(points, float) - self.centre) @ self.rotation / self.scale

    def back(self, canonical: np.ndarray) -> np.ndarray:
        return np.asarray(canonical, float) * self.scale @ self.rotation.T + self.centre
