"""Camera: the viewpoint of a picture, and the projection of points into it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Camera:
    """Rows of `rotation`: right, down, forward. Pixels are focal * xy / z + centre; without perspective, focal * xy."""

    rotation: np.ndarray
    position: np.ndarray
    focal: float
    centre: tuple[float, float]
    size: tuple[int, int]
    perspective: bool = True

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (N, 2) as (column, row), and depth (N,)."""
        # A column at a time: over rows of three numbers, numpy takes several times longer.
        right, down, depth = self.rotation @ (np.ascontiguousarray(points.T, float) - self.position[:, None])
        scale = self.pixels_per_metre(depth)
        return np.stack([right * scale + self.centre[0], down * scale + self.centre[1]]).T, depth

    def pixels_per_metre(self, depth: np.ndarray) -> np.ndarray:
        return (
            self.focal / np.maximum(depth, 1e-6) if self.perspective else np.full(np.shape(depth), self.focal)
        )

    def framing(self, points: np.ndarray, margin: float = 0.05) -> Camera:
        """The same view, zoomed and shifted so that the points fill the picture."""
        width, height = self.size
        pixels, depth = replace(self, focal=1.0, centre=(0.0, 0.0)).project(points)
        pixels = pixels[depth > 1e-6] if self.perspective else pixels
        low, high = pixels.T.min(axis=1), pixels.T.max(axis=1)
        room = np.array((width, height)) * (1 - 2 * margin)
        focal = float((room / np.maximum(high - low, 1e-9)).min())
        middle = (low + high) / 2 * focal
        return replace(self, focal=focal, centre=(width / 2 - middle[0], height / 2 - middle[1]))


def looking(forward: np.ndarray, up: np.ndarray) -> np.ndarray:
    """The rotation of a camera looking along `forward` with `up` upwards in the picture."""
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, up)
    if np.linalg.norm(right) < 1e-6:  # straight up or down: any side may be on top
        right = np.cross(forward, np.eye(3)[np.argmin(np.abs(forward))])
    right = right / np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def orbit(
    points: np.ndarray,
    size: tuple[int, int],
    azimuth: float = 0.9,
    elevation: float = 0.45,
    up=(0.0, 0.0, 1.0),
    perspective: bool = True,
) -> Camera:
    """A view of everything from outside, at angles about `up`."""
    up = np.asarray(up, float) / np.linalg.norm(up)
    level = looking(up, np.eye(3)[np.argmin(np.abs(up))])[:2]
    away = (
        np.cos(elevation) * (np.cos(azimuth) * level[0] + np.sin(azimuth) * level[1]) + np.sin(elevation) * up
    )
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    radius = max(float(np.linalg.norm(np.ptp(points, axis=0))) / 2, 1e-9)
    camera = Camera(looking(-away, up), middle + 4.0 * radius * away, 1.0, (0.0, 0.0), size, perspective)
    return camera.framing(points)


def beside_sensor(
    points: np.ndarray, size: tuple[int, int], up=(0.0, -1.0, 0.0), aside: float = 0.2
) -> Camera:
    """Nearly the view of the camera at the origin; a step aside (radians) shows depth."""
    up = np.asarray(up, float) / np.linalg.norm(up)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    away, (c, s) = -middle, (np.cos(aside), np.sin(aside))
    away = c * away + s * np.cross(up, away) + (1 - c) * (up @ away) * up  # rotated about up
    away = away + 0.12 * np.linalg.norm(away) * up
    return Camera(looking(-away, up), middle + away, 1.0, (0.0, 0.0), size).framing(points)


def taken_from_outside(points: np.ndarray) -> bool:
    """Whether the origin is well outside the cloud, so that a sensor was probably there."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return bool(np.linalg.norm(middle) > 0.65 * np.linalg.norm(np.ptp(points, axis=0)))
