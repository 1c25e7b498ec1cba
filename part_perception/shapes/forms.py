"""Forms: building blocks shared by many kinds."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, lifts, screws
from part_perception.shapes.lexicon import CAP, LID, LID_KNOB, TOOL_HANDLE


def wall(outer, thickness: float, floor: float):
    """A vessel's profile: up the outside and down the inside of a wall of given thickness above a floor."""
    outer = np.asarray(outer, float)
    inner = outer[::-1] - (thickness, 0.0)
    inner[:, 1] = np.maximum(inner[:, 1], floor)
    return np.concatenate([[(0.0, outer[0, 1])], outer, np.maximum(inner, 0.0), [(0.0, floor)]])


def curve(points, steps: int = 14) -> np.ndarray:
    """A smooth curve through (radius, z) points, for a rounded profile."""
    p = np.asarray(points, float)
    p = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    t = np.linspace(0, len(points) - 1, steps + 1)
    i = np.minimum(t.astype(int), len(points) - 2)
    f = (t - i)[:, None]
    a, c = (p[i + 1], p[i + 2])
    ta, tc = (c - p[i]) / 2, (p[i + 3] - a) / 2
    line = a + ta * f + (3 * (c - a) - 2 * ta - tc) * f**2 + (2 * (a - c) + ta + tc) * f**3
    return np.clip(line, (0.0, p[1:-1, 1].min()), (np.inf, p[1:-1, 1].max()))


def loft(b: Builder, sections, boxy: float = 0.0, at=(0, 0, 0)) -> None:
    """A surface over horizontal sections (half x, half y, z[, shift x]); boxy: 0 (round) to 1 (square)."""
    angle = np.linspace(0, 2 * np.pi, 33) + np.pi / 4
    power = 1 - 0.88 * boxy
    ring = np.stack(
        [
            np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power,
            np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power,
        ]
    )
    rows = [(*s, 0.0)[:4] for s in sections]
    b.grid(
        np.stack(
            [np.stack([hx * ring[0] + shift, hy * ring[1], np.full(33, z)], 1) for hx, hy, z, shift in rows]
        )
        + at
    )


def bar(b: Builder, stations, boxy: float = 0.4) -> None:
    """A closed bar along x with stations (x, z, half width, half thickness), for handles and flat tools."""
    (x0, z0, *_), (x1, z1, *_) = stations[0], stations[-1]
    with b.moved(pitch=np.pi / 2):
        loft(b, [(0, 0, x0, -z0), *((t, w, x, -z) for x, z, w, t in stations), (0, 0, x1, -z1)], boxy)


def shell(outer, thickness: float, floor: float):
    """Sections for `loft` up the outside and down the inside of an open box with walls of given thickness."""
    outer = [(*s, 0.0)[:4] for s in outer]
    inner = [(max(x - thickness, 0), max(y - thickness, 0), max(z, floor), s) for x, y, z, s in outer[::-1]]
    first, last = outer[0], inner[-1]
    return [(0, 0, first[2], first[3]), *outer, *inner, (0, 0, floor, last[3])]


def ear(b: Builder, r_top: float, r_low: float, z_top: float, z_low: float, reach: float, bar: float) -> None:
    """A handle on the +x side between two heights: round, D-shaped, ear-shaped or square."""
    middle, height = (z_top + z_low) / 2, z_top - z_low
    root_top, root_low = r_top - min(bar, 0.0018), r_low - min(bar, 0.0018)
    form = b.pick("round", "D", "ear", "square")
    path: np.ndarray | list[tuple[float, float, float]]
    if form == "square":
        path = [
            (root_top, 0, z_top),
            (r_top + reach, 0, z_top),
            (r_top + reach, 0, z_low),
            (root_low, 0, z_low),
        ]
        b.tube(path, bar, flat=b.u(0.8, 2.0), smooth=False)
        return
    if form == "round":
        turn = np.linspace(np.pi / 2, -np.pi / 2, 9)
        side = np.linspace(root_top, root_low, 9)
        path = np.stack([side + reach * np.cos(turn), 0 * turn, middle + height / 2 * np.sin(turn)], 1)
    elif form == "D":
        bulge = b.pick(0.7, 0.85, 1.0)
        path = [
            (root_top, 0, z_top),
            (r_top + reach * bulge, 0, z_top + b.u(-0.1, 0.1) * reach),
            (r_top + reach, 0, middle),
            (r_low + reach * bulge, 0, z_low),
            (root_low, 0, z_low),
        ]
    else:
        path = [(root_top, 0, z_top), (r_top + reach * 0.75, 0, z_top + b.u(0, 0.15) * height),
                (r_top + reach, 0, z_top - 0.22 * height), (r_low + reach * 0.55, 0, z_low + 0.3 * height),
                (root_low, 0, z_low)]  # fmt: skip
    b.tube(path, bar, flat=b.u(0.8, 2.0))


def ear_on(b: Builder, side, z_top: float, z_low: float, reach: float, bar: float) -> None:
    """An `ear` whose ends sit on a lathed wall, given the wall's outer profile of (radius, z) points."""
    r_top, r_low = np.interp((z_top, z_low), side[:, 1], side[:, 0])
    ear(b, r_top, r_low, z_top, z_low, reach, bar)


def bow(b: Builder, start, end, out, bar: float, flat: float = 1.0, square: bool | None = None) -> None:
    """A handle that leaves a surface at start, stands off it by the vector `out`, and returns at end."""
    start, end, out = (np.asarray(v, float) for v in (start, end, out))
    square = b.maybe() if square is None else square
    if square:
        inset = 0.08 * (end - start)
        b.tube([start, start + out + inset, end + out - inset, end], bar, flat=flat, smooth=False)
    else:
        turn = np.linspace(0, np.pi, 9)[:, None]
        b.tube(start + (end - start) * (1 - np.cos(turn)) / 2 + out * np.sin(turn) ** 0.7, bar, flat=flat)


def bail(b: Builder, r: float, z: float, rise: float, bar: float, lean: float = 0.0) -> None:
    """A carrying handle arching from (-r, 0, z) to (r, 0, z); lean (radians) swings it down towards +y."""
    turn = np.linspace(0, np.pi, 13)
    with b.moved((0, 0, z), roll=-lean):
        b.tube(np.stack([-r * np.cos(turn), 0 * turn, rise * np.sin(turn)], 1), bar)


def side_loop(b: Builder, r: float, z: float, width: float, reach: float, bar: float, side: int = 1) -> None:
    """A horizontal loop handle on the +x (side=1) or -x side of a round pot of radius r, at height z."""
    half = width / 2
    root = np.sqrt(max(r * r - half * half, 0.0)) - min(bar, 0.003)
    path = [
        (root, -half, z),
        (r + reach * 0.75, -half * 0.9, z),
        (r + reach, 0, z),
        (r + reach * 0.75, half * 0.9, z),
        (root, half, z),
    ]
    b.tube(np.asarray(path) * (side, 1, 1), bar, flat=b.u(0.7, 1.6), smooth=b.maybe(0.75))


def knob(b: Builder, z: float, r: float, at=(0, 0)) -> None:
    """A lid's knob on a surface at height z: a ball, mushroom, disc, cone or small arch."""
    x, y = at
    form = b.pick("ball", "mushroom", "disc", "cone", "arch")
    if form == "ball":
        b.lathe([(r * 0.4, z - 0.001), (r * 0.35, z + r * 0.4), (r * 0.9, z + r * 0.8), (r, z + r * 1.3),
                 (r * 0.7, z + r * 1.9), (0, z + r * 2.1)], (x, y, 0))  # fmt: skip
    elif form == "mushroom":
        b.lathe([(r * 0.55, z - 0.001), (r * 0.4, z + r * 0.6), (r, z + r * 0.9), (r * 0.9, z + r * 1.15),
                 (0, z + r * 1.3)], (x, y, 0))  # fmt: skip
    elif form == "disc":
        b.lathe(
            [
                (r * 0.35, z - 0.001),
                (r * 0.35, z + r * 0.5),
                (r * 1.2, z + r * 0.5),
                (r * 1.2, z + r * 0.8),
                (0, z + r * 0.8),
            ],
            (x, y, 0),
        )
    elif form == "cone":
        b.lathe(
            [(r * 0.6, z - 0.001), (r, z + r * 1.5), (r * 0.9, z + r * 1.7), (0, z + r * 1.75)], (x, y, 0)
        )
    else:
        bow(b, (x - r * 1.5, y, z), (x + r * 1.5, y, z), (0, 0, r * 1.8), r * 0.32, flat=b.u(1, 2.5))


def pot_lid(b: Builder, r: float, z: float, dome: float) -> None:
    """A pot's lid on a rim of radius r at height z, and its knob, as two parts."""
    lid = b.part(*LID, joint=lifts())
    side = curve([(r * 0.9, z + 0.005 + dome * 0.3), (r * 0.5, z + dome * 0.85), (0, z + 0.004 + dome)], 6)
    b.lathe([(r, z - 0.002), (r + 0.003, z), (r + 0.003, z + 0.004), *side])
    b.part(*LID_KNOB, inside=lid)
    knob(b, z + 0.003 + dome, b.u(0.01, 0.018))


def screw_cap(b: Builder, z: float, r: float, h: float, taper: float = 1.0) -> None:
    """A bottle's cap, as one part, from height z up; slightly wider than the neck it covers."""
    b.part(*CAP, joint=screws())
    b.lathe([(r * 0.8, z), (r, z), (r * taper, z + h * 0.93), (r * taper * 0.93, z + h), (0, z + h)])


def spoon_bowl(b: Builder, x: float, z: float, half: float, wide: float, depth: float) -> None:
    """A hollow oval bowl whose rim is at height z, starting at x."""
    outer = curve([(half * 0.2, 0), (half * 0.72, depth * 0.3), (half, depth)], 8)
    b.lathe(wall(outer, 0.0012, 0.0012), (x + half, 0, z - depth), squash=wide / half)


def tool_grip(b: Builder, start: float, length: float, z: float, r: float) -> None:
    """A tool's grip, as one part, along -x from x = start; round or flat, with its middle at height z."""
    b.part(*TOOL_HANDLE)
    end, flat, swell = start - length, b.u(0.6, 1.0), b.u(0.9, 1.3)
    along = [(end, 0.6, 0.6), (end + length * 0.04, 1, 1), (end + length * 0.5, swell * 0.9, 0.9),
             (start - length * 0.05, 0.85, 0.85), (start, 0.6, 0.6)]  # fmt: skip
    bar(b, [(x, z, r * wide, r * flat * thick) for x, wide, thick in along], b.u(0, 0.7))
