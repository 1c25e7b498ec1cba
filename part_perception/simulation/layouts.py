"""Layouts: objects placed on a table, scattered or pushed together, or lowered onto others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from part_perception.geometry.boxes import gap_between, outline
from part_perception.shapes.primitives import rotation, superellipsoid
from part_perception.simulation.things import TINTS, Thing, block, rod, thing

CELL = 0.005
HALF = 0.8  # metres: half the extent of the height map


class HeightMap:
    """The height of the scene at every place, on which the next thing comes to rest."""

    def __init__(self, half: float = HALF):
        side = int(2 * half / CELL)
        self.half, self.top = half, np.zeros((side, side))

    def cells(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        place = ((points[:, :2] + self.half) / CELL).astype(int).clip(0, len(self.top) - 1)
        return place[:, 0], place[:, 1]

    def rest_height(self, points: np.ndarray) -> float:
        """Return how far the points must be raised so that none lies below the height map."""
        return float((self.top[self.cells(points)] - points[:, 2]).max())

    def add(self, points: np.ndarray) -> None:
        np.maximum.at(self.top, self.cells(points), points[:, 2])

    def height_at(self, spot: np.ndarray) -> float:
        return float(self.top[self.cells(np.append(spot, 0.0)[None])][0])


def let_down(one: Thing, turn: np.ndarray, spots: np.ndarray, heights: HeightMap) -> Thing:
    """Rotate a thing and lower it at whichever of several spots it comes to rest lowest."""
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
    """Draw a random orientation for something that leans on other things."""
    way = rotation(0, 0, rng.uniform(0, 2 * np.pi))
    return way @ rotation(np.radians(rng.uniform(15, 75)), 0, 0) @ upright(rng)


def any_way(rng: np.random.Generator) -> np.ndarray:
    return rotation(*rng.uniform(-np.pi, np.pi, 3))


VARIANTS = 1000  # per kind, to draw from
TRIES = 40


def is_tabletop(candidate: Thing) -> bool:
    """Return whether the thing's size and kind suit a table."""
    from part_perception.shapes.kinds import KINDS

    size = candidate.size
    return bool(
        KINDS[candidate.kind].rest != "mounted" and size.max() < 0.3 and size[2] > 0.02 and size.max() > 0.05
    )


def random_thing(rng: np.random.Generator) -> Thing:
    """Draw a random thing that stands on tables."""
    from part_perception.shapes.kinds import KINDS

    names = sorted(KINDS)
    while True:
        candidate = thing(names[int(rng.integers(len(names)))], int(rng.integers(VARIANTS)))
        if is_tabletop(candidate):
            return candidate


def random_item(rng: np.random.Generator) -> Thing:
    """Draw a random thing found on counters and desks: as on tables, but also large, thin or plain ones."""
    from part_perception.shapes.kinds import KINDS

    what = rng.choice(4, p=(0.4, 0.2, 0.15, 0.25))
    if what == 0:
        return random_thing(rng)
    if what == 3:
        return plain(rng)
    names = sorted(name for name, kind in KINDS.items() if kind.rest != "mounted")
    while True:
        candidate = thing(names[int(rng.integers(len(names)))], int(rng.integers(VARIANTS)))
        large, thick = candidate.size.max(), candidate.size[2]
        if (0.3 < large < 0.8) if what == 1 else (0.05 < large < 0.4 and 0.006 < thick <= 0.02):
            return candidate


def plain(rng: np.random.Generator) -> Thing:
    """Draw a box, a book, a ball, a can, or two blocks joined into one object."""
    what = rng.integers(5)
    if what == 0:
        return block(np.exp(rng.uniform(np.log(0.03), np.log(0.45), 3)).tolist())
    if what == 1:
        return block((*rng.uniform(0.1, 0.35, 2), rng.uniform(0.01, 0.06)), "book")
    round_ = block((1, 1, 1), "ball" if what == 2 else "can")
    radius = np.exp(rng.uniform(np.log(0.015), np.log(0.12)))
    if what == 2:
        quads = superellipsoid((2 * radius,) * 3, 1.0, 1.0) + (0, 0, radius)
    elif what == 3:
        quads = rod((0, 0, 0), (0, 0, radius * rng.uniform(0.8, 5.0)), radius)
    else:
        head, size = block(rng.uniform(0.04, 0.2, 3).tolist()), rng.uniform(0.015, 0.15, 3).tolist()
        aside = (head.size[0] / 2 + size[0] / 2 - 0.002, 0, 0)
        on_top = (0, 0, head.size[2] - 0.002)
        quads = np.concatenate([head.quads, block(size).moved(aside if rng.random() < 0.7 else on_top).quads])
    return replace(round_, quads=quads, part=np.zeros(len(quads), int))


def random_furniture(rng: np.random.Generator) -> Thing:
    """Draw a random piece of furniture that stands on the floor."""
    from part_perception.shapes.kinds import KINDS

    names = sorted(name for name, kind in KINDS.items() if kind.rest == "stands")
    while True:
        candidate = thing(names[int(rng.integers(len(names)))], int(rng.integers(VARIANTS)))
        if 0.5 < candidate.size.max() < 2.6:
            return candidate


def table_scene(
    count: int, rng: np.random.Generator, gap: float = 0.02, together: bool = False
) -> list[Thing]:
    """Place different objects on a table at z = 0, at least `gap` apart, or exactly that if `together`."""
    placed: list[Thing] = []
    outlines: list[np.ndarray] = []
    reach = 0.12 + 0.03 * count
    while len(placed) < count:
        candidate = random_thing(rng).moved((0, 0, 0), rng.uniform(0, 2 * np.pi))
        corners = outline_of(candidate)
        for _ in range(TRIES):
            if together:
                spot = pushed_in(corners, outlines, rng.uniform(0, 2 * np.pi), gap)
            else:
                spot = rng.uniform(-reach, reach, 2) * (1.2, 0.9)
            if all(gap_between(corners + spot, other) >= gap - 1e-9 for other in outlines):
                placed.append(candidate.moved((*spot, 0)).painted(TINTS[len(placed) % len(TINTS)]))
                outlines.append(corners + spot)
                break
    return placed


def outline_of(one: Thing) -> np.ndarray:
    """(M, 2) the convex outline seen from above, in order."""
    return outline(one.quads[..., :2].reshape(-1, 2))


def pushed_in(corners: np.ndarray, others: list[np.ndarray], angle: float, gap: float) -> np.ndarray:
    """Return where an outline stops when pushed towards the middle until it is `gap` away from another."""
    way = np.array((np.cos(angle), np.sin(angle)))
    near, far = 0.0, 2.0
    if not others:
        return near * way
    for _ in range(20):
        middle = (near + far) / 2
        free = all(gap_between(corners + middle * way, other) >= gap for other in others)
        near, far = (near, middle) if free else (middle, far)
    return far * way
