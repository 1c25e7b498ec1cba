"""Cutlery and knives, lying with the handle along -x."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bar, curve, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import BLADE, TINES, TOOL_HANDLE

SPOON_BOWL = ("bowl", "spoon bowl", "scoop", "what holds the food")


def _flat_handle(b: Builder, length: float, neck: float, lift: float, wide: float) -> None:
    """A cutlery handle from x = -length to x = 0: wide at its end, narrow and raised to `lift` at the neck."""
    thick = b.u(0.001, 0.002)
    end = wide * b.u(0.6, 1.0)
    bar(
        b,
        [
            (-length, thick, end * 0.7, thick),
            (-length * 0.97, thick, end, thick),
            (-length * 0.6, thick + lift * b.u(0.1, 0.4), wide * b.u(0.6, 0.9), thick),
            (-length * 0.25, lift, neck * 1.2, thick),
            (0, lift, neck, thick),
        ],
        b.u(0.2, 0.7),
    )


def _spoon_bowl(b: Builder, x: float, z: float, half: float, wide: float, depth: float) -> None:
    """A hollow oval bowl whose rim is at height z, starting at x."""
    outer = curve([(half * 0.2, 0), (half * 0.72, depth * 0.3), (half, depth)], 8)
    b.lathe(wall(outer, 0.0012, 0.0012), (x + half, 0, z - depth), squash=wide / half)


@kind("spoon", "tablespoon", "teaspoon", "soup spoon", rest="lies")
def spoon(b: Builder) -> None:
    size = b.u(0.7, 1.3)
    half, depth = b.u(0.024, 0.034) * size, b.u(0.006, 0.011) * size
    b.part(*TOOL_HANDLE)
    _flat_handle(b, b.u(0.1, 0.14) * size, b.u(0.002, 0.0035), depth, b.u(0.006, 0.011) * size)
    b.part(*SPOON_BOWL)
    _spoon_bowl(b, -0.003, depth, half, half * b.u(0.6, 0.95), depth)


@kind("fork", "dinner fork", "table fork", rest="lies")
def fork(b: Builder) -> None:
    size, lift = b.u(0.8, 1.25), b.u(0.006, 0.013)
    wide, root, long = b.u(0.009, 0.013) * size, b.u(0.012, 0.025) * size, b.u(0.035, 0.05) * size
    b.part(*TOOL_HANDLE)
    _flat_handle(b, b.u(0.1, 0.14) * size, b.u(0.002, 0.0035), lift, b.u(0.006, 0.01) * size)
    b.part(*TINES)
    bar(
        b,
        [
            (-0.004, lift, 0.003, 0.001),
            (root * 0.5, lift * 0.7, wide * 0.85, 0.001),
            (root, lift * 0.4, wide, 0.001),
        ],
        0.6,
    )
    count = b.n(3, 4)
    for k in range(count):
        y = (2 * k / (count - 1) - 1) * wide * 0.88
        with b.moved((0, y, 0)):
            bar(
                b,
                [
                    (root - 0.002, lift * 0.4, 0.0014, 0.001),
                    (root + long * 0.4, 0.001, 0.0013, 0.001),
                    (root + long, lift * 0.7, 0.0006, 0.0006),
                ],
                0.3,
            )


@kind("table knife", "butter knife", "dinner knife", "steak knife", rest="lies")
def table_knife(b: Builder) -> None:
    handle, blade, wide = b.u(0.08, 0.12), b.u(0.09, 0.13), b.u(0.008, 0.011)
    t = b.u(0.002, 0.006)
    b.part(*TOOL_HANDLE)
    bar(
        b,
        [
            (-handle, t, wide * 0.7, t * 0.8),
            (-handle * 0.9, t, wide, t),
            (0, t, wide * b.u(0.6, 0.8), t * 0.8),
        ],
        b.u(0.2, 0.7),
    )
    b.part(*BLADE)
    x = np.array([-0.002, 0.1, 0.5, 0.85, 1.0]) * blade
    tip = b.pick(0.2, 0.7)
    top = np.array([0.5, 0.8, 0.9, 0.8, tip * 0.6 if tip < 0.5 else 0.5]) * wide
    low = np.array([-0.5, -0.9, -1.1, -0.8, tip * 0.6 if tip < 0.5 else -0.3]) * wide
    b.ribbon(np.stack([x, top], 1), np.stack([x, low], 1), b.u(0.0012, 0.002), at=(0, 0, t))


@kind("kitchen knife", "knife", "chef knife", "cleaver", "paring knife", "bread knife", rest="lies")
def kitchen_knife(b: Builder) -> None:
    form = b.pick("chef", "chef", "santoku", "cleaver", "paring", "bread", "boning")
    blade, wide = {
        "chef": (b.u(0.15, 0.25), b.u(0.038, 0.052)),
        "santoku": (b.u(0.13, 0.18), b.u(0.04, 0.05)),
        "cleaver": (b.u(0.15, 0.2), b.u(0.07, 0.095)),
        "paring": (b.u(0.06, 0.1), b.u(0.016, 0.025)),
        "bread": (b.u(0.19, 0.26), b.u(0.028, 0.036)),
        "boning": (b.u(0.12, 0.18), b.u(0.018, 0.026)),
    }[form]
    handle, t, hw = b.u(0.09, 0.135), b.u(0.006, 0.011), b.u(0.01, 0.015)
    spine = b.u(0.3, 0.6) * hw
    b.part(*TOOL_HANDLE)
    drop = b.u(-0.15, 0.35) * hw
    stations = np.array(
        [
            (-handle, t, hw * 0.85, t * 0.8),
            (-handle * 0.9, t, hw * b.u(1, 1.2), t),
            (-handle * 0.5, t, hw * b.u(0.8, 1.1), t),
            (0, t, hw * b.u(0.75, 1), t * 0.8),
        ]
    )
    bar(b, stations, b.u(0.1, 0.7))
    if b.maybe(0.35):
        b.part("bolster", "guard", "collar", "between blade and handle")
        b.box((b.u(0.006, 0.014), hw * 2.1, t * 1.9), (0.004, 0, t), round=0.3)
    b.part(*BLADE)
    s = np.linspace(0, 1, 11)
    x = -0.002 + s * blade
    if form == "cleaver":
        top, low = spine + drop + 0 * s, spine - wide + 0.06 * wide * s
    elif form == "santoku":
        top, low = spine - wide * 0.8 * np.clip((s - 0.7) / 0.3, 0, 1) ** 2, spine - wide * (1 - 0.08 * s**2)
    else:
        belly = {"chef": 2.4, "paring": 2.0, "bread": 6.0, "boning": 2.5}[form]
        top = spine - wide * b.u(0.0, 0.25) * s**2
        low = np.minimum(top - 0.0005, spine - wide * (1 - s**belly) - (spine - top) * s**belly)
    if form in ("bread", "boning", "paring"):
        low = np.where(s < 0.05, np.maximum(low, -hw), low)
    b.ribbon(np.stack([x, top], 1), np.stack([x, low], 1), b.u(0.0015, 0.003), at=(0, 0, t))


@kind("chopsticks", "pair of chopsticks", rest="lies")
def chopsticks(b: Builder) -> None:
    long, gap, r = b.u(0.2, 0.27), b.u(0.008, 0.03), b.u(0.003, 0.0045)
    for side in (-1, 1):
        b.part("stick", "chopstick", "wooden stick", "part to hold it by")
        b.cone(
            (-long / 2, side * gap * b.u(0.8, 1.5), r), (long / 2, side * gap * b.u(0.2, 0.8), r), r, r * 0.5
        )


@kind("ladle", "soup ladle", "serving ladle", rest="lies")
def ladle(b: Builder) -> None:
    r, long = b.u(0.032, 0.05), b.u(0.2, 0.29)
    depth, hook = r * b.u(0.6, 0.95), b.maybe(0.5)
    rise = b.u(0.02, 0.06)
    b.part("bowl", "ladle bowl", "scoop", "what holds the soup")
    b.lathe(wall(curve([(r * 0.25, 0), (r * 0.8, depth * 0.35), (r, depth)], 10), 0.0015, 0.0015), (r, 0, 0))
    b.part(*TOOL_HANDLE)
    t, w = b.u(0.0012, 0.003), b.u(0.004, 0.009)
    stations = [
        (0.001, depth - 0.004, w, t),
        (-long * 0.1, depth + rise * 0.6, w, t),
        (-long * 0.5, depth + rise, w * 0.9, t),
        (-long * 0.9, depth + rise * 0.8, w * b.u(1, 1.6), t),
    ]
    if hook:
        stations += [
            (-long, depth + rise * 0.8, w, t),
            (-long - 0.008, depth + rise * 0.8 - 0.012, w * 0.7, t),
        ]
    bar(b, stations, b.u(0.2, 0.8))


@kind("cooking spoon", "wooden spoon", "slotted spoon", "serving spoon", rest="lies")
def cooking_spoon(b: Builder) -> None:
    long, half = b.u(0.18, 0.28), b.u(0.03, 0.045)
    depth, r = b.u(0.004, 0.014), b.u(0.004, 0.008)
    b.part(*TOOL_HANDLE)
    bar(
        b,
        [(-long, r, r * b.u(1, 1.8), r), (-long * 0.5, r * 1.2, r * 1.1, r), (0, max(depth, r), r, r * 0.7)],
        0.1,
    )
    b.part(*SPOON_BOWL)
    _spoon_bowl(b, -0.004, depth + 0.001, half, half * b.u(0.6, 0.8), depth)


@kind("spatula", "turner", "fish slice", "pancake turner", "rubber spatula", "scraper", rest="lies")
def spatula(b: Builder) -> None:
    head, wide, long = b.u(0.06, 0.12), b.u(0.025, 0.05), b.u(0.17, 0.28)
    t, lift = b.u(0.001, 0.003), b.pick(0.0, b.u(0.01, 0.05))
    t = t if lift else b.u(0.003, 0.006)
    b.part("head", "spatula head", "blade", "flat part", "what turns the food")
    x = np.linspace(0, head, 6)
    width = wide * np.array([b.u(0.25, 0.7), 0.9, 1.0, 1.0, 1.0, b.u(0.75, 1.0)])
    slots = b.n(3, 4) if lift and b.maybe(0.5) else 0
    if slots:
        edge = wide * 0.92
        for k in range(slots + 1):
            y = (2 * k / slots - 1) * edge
            b.box((head * 0.7, wide * 0.22, 2 * t), (head * 0.5, y, t))
        for cx in (head * 0.1, head * 0.9):
            b.box((head * 0.22, wide * 2.05, 2 * t), (cx, 0, t))
    else:
        b.ribbon(np.stack([x, width], 1), np.stack([x, -width], 1), 2 * t, at=(0, 0, t))
    b.part(*TOOL_HANDLE)
    r, grip = b.u(0.004, 0.006), b.u(0.006, 0.012)
    z = max(lift, grip)
    bar(
        b,
        [
            (0.008, t + 0.001, r, r * 0.4),
            (-long * 0.15, t + lift * 0.7, r, r * 0.5),
            (-long * 0.45, max(z, r), r, r * 0.6),
            (-long * 0.5, z, grip, grip * 0.7),
            (-long * 0.97, z, grip, grip * 0.7),
            (-long, z, grip * 0.7, grip * 0.5),
        ],
        b.u(0.1, 0.6),
    )


@kind("cake server", "pie server", "cheese knife", "trowel shaped server", rest="lies")
def cake_server(b: Builder) -> None:
    head, wide, long = b.u(0.1, 0.15), b.u(0.022, 0.035), b.u(0.09, 0.13)
    lift, t = b.u(0.012, 0.03), b.u(0.006, 0.01)
    b.part("blade", "server head", "flat part", "what lifts the cake")
    b.extrude(
        [
            (0, wide * 0.6),
            (head * 0.25, wide),
            (head * 0.9, wide * 0.15),
            (head, 0),
            (head * 0.9, -wide * 0.15),
            (head * 0.25, -wide),
            (0, -wide * 0.6),
        ],
        0.002,
        at=(0, 0, 0.001),
    )
    b.part(*TOOL_HANDLE)
    bar(
        b,
        [
            (0.01, 0.002, 0.006, 0.002),
            (-0.03, lift, 0.005, 0.003),
            (-0.035, lift, t * 1.2, t),
            (-0.035 - long, lift, t * 1.3, t),
        ],
        b.u(0.1, 0.5),
    )
