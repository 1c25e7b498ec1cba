"""Cutlery and knives, lying with the handle along -x."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import bar, bow, loft, spoon_bowl, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, BLADE, HANDLE, SPOON_BOWL, TINES, TOOL_HANDLE


def _flat_handle(b: Builder, length: float, neck: float, lift: float, wide: float) -> None:
    """A cutlery handle from x = -length to 0: wide at its end, narrow and raised to `lift` at the neck."""
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


@kind("spoon", "tablespoon", "teaspoon", "soup spoon", rest="lies")
def spoon(b: Builder) -> None:
    size = b.u(0.7, 1.3)
    half, depth = b.u(0.024, 0.034) * size, b.u(0.006, 0.011) * size
    b.part(*TOOL_HANDLE)
    _flat_handle(b, b.u(0.1, 0.14) * size, b.u(0.002, 0.0035), depth, b.u(0.006, 0.011) * size)
    b.part(*SPOON_BOWL)
    spoon_bowl(b, -0.003, depth, half, half * b.u(0.6, 0.95), depth)


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


@kind("knife block", "knife holder")
def knife_block(b: Builder) -> None:
    x, y, h = b.u(0.05, 0.07), b.u(0.045, 0.06), b.u(0.16, 0.22)
    lean = b.u(0.15, 0.45)
    b.part("block", "body", "holder", "base", "what holds the knives")
    shift = h * np.tan(lean)
    loft(b, [(0, 0, 0), (x, y, 0), (x, y, h, -shift), (0, 0, h, -shift)], b.u(0.8, 1))
    b.part(*TOOL_HANDLE, "knife handle")
    for k in range(b.n(3, 6)):
        with b.moved((-shift + x * (0.6 - 0.6 * (k // 2)), y * (0.45 if k % 2 else -0.45), h), pitch=-lean):
            b.box((b.u(0.02, 0.028), 0.014, b.u(0.08, 0.12)), (0, 0, 0.045), round=0.5)


@kind("utensil holder", "utensil crock", "cutlery holder", "kitchen tool holder")
def utensil_holder(b: Builder) -> None:
    r, h = b.u(0.035, 0.07), b.u(0.09, 0.17)
    b.part("body", "holder", "container", "what holds the tools")
    b.lathe(wall([(r * b.u(0.85, 1), 0), (r, h)], 0.003, 0.004))
    if b.maybe(0.3):
        b.part(*BASE)
        b.lathe([(r * 0.95, 0.001), (r * 1.15, 0), (r * 1.15, 0.006), (r * 0.95, 0.008)])
    for k in range(b.n(0, 4)):
        b.part("tool", "utensil", "stick", "what stands in the holder")
        a, long = k * 1.7 + b.u(0, 0.5), h + b.u(0.04, 0.14)
        lean = np.array([np.cos(a), np.sin(a)]) * r * 0.85
        tip = (*(lean * 1.0), long)
        b.rod((*(-lean * 0.6), 0.006), tip, b.u(0.003, 0.006))
        b.blob((0.03, 0.03, b.u(0.03, 0.06)), tip)


@kind("cutting board", "chopping board", "bread board", "serving board", rest="lies")
def cutting_board(b: Builder) -> None:
    x, y, t = b.u(0.11, 0.2), b.u(0.08, 0.14), b.u(0.004, 0.014)
    round_board = b.maybe(0.2)
    b.part("board", "body", "cutting surface", "where to cut the food")
    loft(
        b,
        [(0, 0, 0), (x, x if round_board else y, 0), (x, x if round_board else y, 2 * t), (0, 0, 2 * t)],
        0.0 if round_board else b.u(0.6, 1),
    )
    form = b.pick("handle", "handle", "loop", "plain")
    if form == "handle":
        b.part(*HANDLE)
        long, w = b.u(0.06, 0.13), b.u(0.015, 0.026)
        bar(
            b,
            [
                (-x - long, t, w * 0.8, t * 0.95),
                (-x - long * 0.9, t, w * 1.1, t * 0.95),
                (-x - long * 0.3, t, w * 0.8, t * 0.95),
                (-x + 0.004, t, w * 1.3, t * 0.95),
            ],
            0.6,
        )
    elif form == "loop":
        b.part(*HANDLE)
        bow(b, (-x + 0.002, -y * 0.5, t), (-x + 0.002, y * 0.5, t), (-b.u(0.025, 0.04), 0, 0), t * 0.9)
