"""Stages: the surroundings of things: tables above floors, bins, trays, shelves, and walls behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.simulation.things import Thing, block

X, Y, Z = np.eye(3)
SHELF_OPENING = (-np.radians(50), np.radians(50))


@dataclass(frozen=True)
class Rectangle:
    """A flat piece of background: its middle and two half sides, in the world."""

    middle: tuple[float, float, float]
    along: tuple[float, float, float]
    across: tuple[float, float, float]


@dataclass(frozen=True)
class Stage:
    """Background of a scene. Things stand at z = 0 within `reach` (half sides) of the origin.

    opening: azimuths (radians) from which things can be seen, where walls hide them from other directions.
    """

    rectangles: tuple[Rectangle, ...]
    fixtures: tuple[Thing, ...] = ()
    reach: tuple[float, float] = (0.4, 0.4)
    opening: tuple[float, float] = (0.0, 2 * np.pi)


def level(height: float, half: tuple[float, float], middle=(0.0, 0.0)) -> Rectangle:
    return Rectangle((*middle, height), tuple(X * half[0]), tuple(Y * half[1]))


def wall(azimuth: float, distance: float, half: float = 4.0) -> Rectangle:
    """An upright wall at a given azimuth and distance from the origin."""
    away = np.array((np.cos(azimuth), np.sin(azimuth), 0.0))
    return Rectangle(tuple(away * distance), tuple(np.cross(Z, away) * half), tuple(Z * half))


def slab(size, at) -> Thing:
    """A board, or a wall of a bin, at a given place."""
    return block(size, "fixture").moved(at)


TABLE_ON_FLOOR = Stage((level(0.0, (0.8, 0.8)), level(-0.75, (6.0, 6.0))))
FLOOR = Stage((level(0.0, (6.0, 6.0)),))
NOTHING = Stage(())
NO_NEED = np.zeros(2)


def table(rng: np.random.Generator, needed: np.ndarray = NO_NEED) -> Stage:
    """A table of 0.1 to 2 square metres, or as large as needed, above a visible floor, perhaps with walls."""
    half = np.maximum(np.exp(rng.uniform(np.log(0.16), np.log(0.8), 2)), needed + 0.01)
    height = rng.uniform(0.35, 1.0)
    rectangles = [level(0.0, tuple(half)), level(-height, (6.0, 6.0))]
    fixtures = [slab((2 * half[0], 2 * half[1], 0.03), (0, 0, -0.031))]
    fixtures += [slab((0.05, 0.05, height), (sx * half[0] * 0.9, sy * half[1] * 0.9, -height))
                 for sx in (1, -1) for sy in (1, -1) if rng.random() < 0.8]  # fmt: skip
    return Stage((*rectangles, *walls(rng, max(half))), tuple(fixtures), tuple(np.minimum(half * 0.95, 0.5)))


def floor(rng: np.random.Generator, needed: np.ndarray = NO_NEED) -> Stage:
    """A large level surface: a floor, or a table that fills the image."""
    return Stage((level(0.0, (6.0, 6.0)), *walls(rng, 0.3 + needed.max())))


def bin_or_tray(rng: np.random.Generator, needed: np.ndarray = NO_NEED) -> Stage:
    """A box without a lid: a tote with high walls or a tray with a rim."""
    half = np.maximum(rng.uniform(0.13, 0.32, 2), needed)
    height = rng.uniform(0.015, 0.05) if rng.random() < 0.35 else rng.uniform(0.08, 0.3)
    thick = rng.uniform(0.003, 0.02)
    below = -rng.uniform(0.002, 0.02)
    sides = [
        slab((thick, 2 * half[1] + 2 * thick, height), (s * (half[0] + thick / 2), 0, below)) for s in (1, -1)
    ]
    sides += [slab((2 * half[0], thick, height), (0, s * (half[1] + thick / 2), below)) for s in (1, -1)]
    under = [level(below, (6.0, 6.0))] if rng.random() < 0.5 else [
        level(below, tuple(half + rng.uniform(0.05, 0.5, 2))), level(-rng.uniform(0.4, 1.0), (6.0, 6.0))]  # fmt: skip
    rectangles = (level(0.0, tuple(half)), *under, *walls(rng, 0.4 + half.max()))
    return Stage(rectangles, tuple(sides), tuple(half * 0.85))


def shelf(rng: np.random.Generator, needed: np.ndarray = NO_NEED) -> Stage:
    """A compartment of a shelf, open towards +x, with boards below and above, sides and a back."""
    half = np.maximum((rng.uniform(0.12, 0.22), rng.uniform(0.25, 0.6)), needed)
    height, thick = rng.uniform(0.28, 0.5), 0.02
    boards = [slab((2 * half[0], 2 * half[1], thick), (0, 0, z)) for z in (-thick - 0.001, height)]
    boards += [slab((2 * half[0], thick, height), (0, s * half[1], 0)) for s in (1, -1)]
    boards += [slab((thick, 2 * half[1], height), (-half[0], 0, 0))]
    boards += [slab((2 * half[0], 2 * half[1], thick), (0, 0, -height - thick))]
    return Stage(
        (level(0.0, tuple(half)), level(-rng.uniform(0.5, 1.2), (6.0, 6.0))),
        tuple(boards),
        tuple(half * 0.85),
        SHELF_OPENING,
    )


def walls(rng: np.random.Generator, clear: float) -> list[Rectangle]:
    """Draw zero to two surrounding walls, the nearest just beyond the clear area."""
    first = rng.uniform(0, 2 * np.pi)
    count = int(rng.integers(0, 3))
    return [wall(first + k * np.pi / 2, clear + rng.choice([rng.uniform(0.02, 0.3), rng.uniform(0.8, 3.0)]))
            for k in range(count)]  # fmt: skip
