"""Grasp candidates: positions all over a part, approached from above and the camera, all closings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.geometry.boxes import level_axes

CENTRES = 6
CLOSINGS = 8
REACHABLE_DEG = 70.0  # between the approach and the line of sight: the far side of the part was not seen
MAX_UPWARD = 0.2  # of an approach: never from below


@dataclass(frozen=True)
class Candidates:
    """Grasps to try: positions (G, 3) on the part, rotations (G, 3, 3) as closing, across, approach."""

    positions: np.ndarray
    rotations: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)

    def __getitem__(self, keep) -> Candidates:
        return Candidates(self.positions[keep], self.rotations[keep])


def draw(part: np.ndarray, viewpoint: np.ndarray, up: np.ndarray) -> Candidates:
    """Every closing direction for every approach at every centre; none if no approach is within reach."""
    rotations = np.concatenate(
        [np.zeros((0, 3, 3)), *map(closings, approaches(part.mean(axis=0) - viewpoint, up))]
    )
    centres = part[spread_centres(part)]
    return Candidates(np.repeat(centres, len(rotations), axis=0), np.tile(rotations, (len(centres), 1, 1)))


def spread_centres(part: np.ndarray) -> list[int]:
    """Points far from each other; the first is in the middle."""
    centres = [int(np.argmin(np.linalg.norm(part - part.mean(axis=0), axis=1)))]
    away = np.linalg.norm(part - part[centres[0]], axis=1)
    while len(centres) < min(CENTRES, len(part)):
        centres.append(int(np.argmax(away)))
        away = np.minimum(away, np.linalg.norm(part - part[centres[-1]], axis=1))
    return centres


def approaches(sight: np.ndarray, up: np.ndarray) -> list[np.ndarray]:
    """From above, along the line of sight, and between: never from behind, never from below."""
    sight = sight / max(float(np.linalg.norm(sight)), 1e-9)
    level = sight - (sight @ up) * up
    found = []
    for direction in (-up, sight, sight - up, level, level - up):
        length = float(np.linalg.norm(direction))
        reachable = direction @ sight > length * np.cos(np.radians(REACHABLE_DEG))
        if length > 0.1 and reachable and direction @ up < MAX_UPWARD * length:
            found.append(direction / length)
    return found


def closings(approach: np.ndarray) -> np.ndarray:
    """(CLOSINGS, 3, 3) right-handed rotations: z = approach, x turned about it."""
    angle = np.arange(CLOSINGS)[:, None] * np.pi / CLOSINGS
    x, y, _ = level_axes(approach).T
    closing, across = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    return np.stack([closing, across, np.tile(approach, (CLOSINGS, 1))], axis=2)
