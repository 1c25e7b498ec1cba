"""Piles: things that are let down onto others: stacked, leaning, or heaped in a bin."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.primitives import rotation
from part_perception.simulation.things import Thing

CELL = 0.005
HALF = 0.8  # metres: how far the map of heights reaches


class HeightMap:
    """The highest point over every place, on which the next thing comes to rest."""

    def __init__(self, half: float = HALF):
        side = int(2 * half / CELL)
        self.half, self.top = half, np.zeros((side, side))

    def cells(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        place = ((points[:, :2] + self.half) / CELL).astype(int).clip(0, len(self.top) - 1)
        return place[:, 0], place[:, 1]

    def rest_height(self, points: np.ndarray) -> float:
        """How far the points must be raised so that none lies below what is there."""
        return float((self.top[self.cells(points)] - points[:, 2]).max())

    def add(self, points: np.ndarray) -> None:
        np.maximum.at(self.top, self.cells(points), points[:, 2])

    def height_at(self, spot: np.ndarray) -> float:
        return float(self.top[self.cells(np.append(spot, 0.0)[None])][0])


def let_down(one: Thing, turn: np.ndarray, spots: np.ndarray, heights: HeightMap) -> Thing:
    """Turn a thing and let it down over the spot (of several) where it comes to lie lowest."""
    points = one.surface.points[::4] @ turn.T
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    points = points - (*middle[:2], points[:, 2].min())
    raised = [heights.rest_height(points + (*spot, 0)) for spot in spots]
    best = int(np.argmin(raised))
    shift = np.array((*spots[best], max(raised[best], 0.0)))
    heights.add(points + shift)
    low = (one.quads.reshape(-1, 3) @ turn.T)[:, 2].min()
    return one.turned(turn).moved(shift - (*middle[:2], low))


def upright(rng: np.random.Generator) -> np.ndarray:
    return rotation(0, 0, rng.uniform(0, 2 * np.pi))


def tilted(rng: np.random.Generator) -> np.ndarray:
    """As things lean on others."""
    way = rotation(0, 0, rng.uniform(0, 2 * np.pi))
    return way @ rotation(np.radians(rng.uniform(15, 75)), 0, 0) @ upright(rng)


def any_way(rng: np.random.Generator) -> np.ndarray:
    return rotation(*rng.uniform(-np.pi, np.pi, 3))
