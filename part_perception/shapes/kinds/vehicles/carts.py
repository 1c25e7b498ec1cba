"""Things pushed or pulled by hand: carts, trolleys, wheelbarrows, mowers."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.vehicles.vehicles import wheel
from part_perception.shapes.lexicon import LEG, LID, WHEEL

PUSH_HANDLE = ("handle", "push bar", "grip", "where to push it")


@kind("wheelbarrow", "barrow", "garden cart")
def wheelbarrow(b: Builder) -> None:
    length, w, r = b.u(0.7, 0.9), b.u(0.5, 0.65), b.u(0.16, 0.2)
    z = r * 1.6
    b.part("tray", "tub", "container", "where the load goes")
    h, t = b.u(0.16, 0.28), 0.012
    low, top = np.array((length * 0.55, w * 0.55)), np.array((length, w))
    for s in (1, -1):
        b.grid(
            np.array(
                [
                    [(-low[0] / 2, s * low[1] / 2, z), (low[0] / 2, s * low[1] / 2, z)],
                    [(-top[0] / 2, s * top[1] / 2, z + h), (top[0] / 2, s * top[1] / 2, z + h)],
                ]
            )
        )
        b.grid(
            np.array(
                [
                    [(s * low[0] / 2, -low[1] / 2, z), (s * low[0] / 2, low[1] / 2, z)],
                    [(s * top[0] / 2, -top[1] / 2, z + h), (s * top[0] / 2, top[1] / 2, z + h)],
                ]
            )
        )
    b.box((low[0], low[1], t), (0, 0, z))
    b.part("frame", "chassis", "support")
    x = length * 0.62
    for s in (1, -1):
        b.tube(
            [
                (x, s * 0.06, r),
                (length * 0.2, s * (low[1] * 0.5 + 0.02), z - 0.03),
                (-length * 0.5, s * w * 0.52, z + 0.1),
            ],
            0.015,
            smooth=False,
        )
    for s in (1, -1):
        b.part("handle", "grip", "part to hold it by", "where to grab it")
        b.rod((-length * 0.5, s * w * 0.52, z + 0.1), (-length * 0.85, s * w * 0.52, z + 0.19), 0.018)
        b.part(*LEG)
        b.tube(
            [
                (-length * 0.1, s * low[1] * 0.42, z),
                (-length * 0.22, s * low[1] * 0.46, 0.015),
                (-length * 0.3, s * low[1] * 0.46, 0.015),
                (-length * 0.4, s * w * 0.41, z + 0.07),
            ],
            0.013,
            smooth=False,
        )
    for s in b.pick((0,), (0,), (1, -1)):
        wheel(b, x, s * 0.14, r, 0.08)


@kind("hand truck", "sack truck", "dolly", "trolley")
def hand_truck(b: Builder) -> None:
    h, w, r, k = b.u(1.0, 1.3), b.u(0.34, 0.45), b.u(0.08, 0.13), 0.014
    lean = b.pick(0.0, 0.05, b.u(0.3, 0.7))
    with b.moved((0, 0, r * 0.3)), b.moved((0, 0, 0), pitch=-lean):
        b.part("frame", "body", "rails", "back")
        for s in (1, -1):
            b.rod((0, s * w / 2, 0), (0, s * w / 2, h * 0.9), k)
        for z in np.linspace(0.15, 0.75, b.n(2, 4)) * h:
            b.rod((0, -w / 2, z), (0, w / 2, z), k * 0.8)
        b.part("plate", "toe plate", "shovel", "where the load stands")
        b.box((b.u(0.18, 0.28), w, 0.012), (0.12, 0, 0.006))
        b.part("handle", "grip", "part to hold it by", "where to grab it")
        if b.maybe():
            b.tube([(0, -w / 2, h * 0.88), (-0.08, -w / 2, h), (-0.08, w / 2, h), (0, w / 2, h * 0.88)], k)
        else:
            for s in (1, -1):
                b.rod((0, s * w / 2, h * 0.89), (-0.16, s * w / 2, h * 0.92), k * 1.3)
    for s in (1, -1):
        wheel(b, -0.06, s * (w / 2 + 0.04), r, 0.06)


@kind("platform cart", "flatbed trolley", "transport cart", "trolley")
def platform_cart(b: Builder) -> None:
    length, w, r = b.u(0.7, 1.2), b.u(0.45, 0.7), b.u(0.05, 0.09)
    b.part("platform", "deck", "board", "where the load goes")
    b.box((length, w, 0.04), (0, 0, 2 * r + 0.04), round=0.3)
    b.part(*PUSH_HANDLE)
    x, h, k = -length / 2 + 0.03, b.u(0.75, 0.95), 0.015
    b.tube(
        [
            (x, -w * 0.42, 2 * r + 0.04),
            (x - 0.06, -w * 0.42, h),
            (x - 0.06, w * 0.42, h),
            (x, w * 0.42, 2 * r + 0.04),
        ],
        k,
        smooth=False,
    )
    if b.maybe():
        b.rod((x - 0.03, -w * 0.42, h * 0.55), (x - 0.03, w * 0.42, h * 0.55), k)
    for sx in (1, -1):
        for s in (1, -1):
            wheel(
                b,
                sx * length * 0.38,
                s * w * 0.38,
                r,
                0.035,
                ("wheel", "caster", "roller", "what it rolls on"),
            )


@kind("shopping cart", "shopping trolley", "supermarket cart")
def shopping_cart(b: Builder) -> None:
    length, w, z, h = b.u(0.65, 0.9), b.u(0.45, 0.58), b.u(0.45, 0.55), b.u(0.35, 0.48)
    b.part("basket", "cage", "container", "where the goods go")
    low, t = 0.8, np.array([-0.5, 0.5])
    wire = b.maybe(0.6)
    rows = np.linspace(0, 1, 5) if wire else ()
    for q in rows:
        k = low + (1 - low) * q
        c = [
            (sx * length * k / 2 + 0.05 * (1 - q), sy * w * k / 2, z + h * q)
            for sx, sy in ((1, 1), (1, -1), (-1, -1), (-1, 1), (1, 1))
        ]
        b.tube(c, 0.005, smooth=False, sides=5)
    if wire:
        for y in t * w * low * 0.6:
            b.tube(
                [
                    (-length * 0.5, y * 1.2, z + h),
                    (-length * low / 2, y, z),
                    (length * low / 2, y, z),
                    (length * 0.5, y * 1.2, z + h),
                ],
                0.004,
                smooth=False,
                sides=5,
            )
        b.box((length * low, w * low, 0.006), (0.03, 0, z))
    else:
        for s in (1, -1):
            b.box((length, 0.006, h), (0, s * w / 2, z + h / 2))
            b.box((0.006, w, h * (1 if s < 0 else 0.85)), (s * length / 2, 0, z + h / 2))
        b.box((length, w, 0.006), (0, 0, z))
    b.part("frame", "chassis", "legs", "body")
    for s in (1, -1):
        y = s * w * 0.46
        b.tube(
            [
                (-length * 0.5, y, z + h + 0.03),
                (-length * 0.45, y, 0.16),
                (length * 0.45, s * w * 0.36, 0.15),
            ],
            0.012,
            smooth=False,
        )
        b.rod((-length * 0.44, y, z * 0.95), (length * 0.2, s * w * 0.4, z), 0.01)
    b.part(*PUSH_HANDLE)
    b.rod((-length * 0.54, -w / 2, z + h + 0.03), (-length * 0.54, w / 2, z + h + 0.03), 0.016)
    for x in (length * 0.43, -length * 0.43):
        for s in (1, -1):
            b.part("wheel", "caster", "roller", "what it rolls on")
            b.rod((x, s * w * 0.38 - 0.014, 0.06), (x, s * w * 0.38 + 0.014, 0.06), 0.06)
            b.rod((x, s * w * 0.38, 0.07), (x, s * w * 0.38, 0.155), 0.009)
    if b.maybe(0.5):
        b.part("child seat", "seat", "where the child sits")
        b.box((0.18, w * 0.7, 0.01), (-length * 0.36, 0, z + h * 0.55))


@kind("lawn mower", "grass mower", "push mower")
def lawn_mower(b: Builder) -> None:
    length, w, r = b.u(0.5, 0.75), b.u(0.38, 0.52), b.u(0.08, 0.12)
    b.part("body", "deck", "housing", "where the grass is cut")
    b.box((length, w, 0.16), (0, 0, r + 0.08), round=0.6, taper=0.85)
    b.part("engine", "motor", "what drives it")
    b.lathe([(0, 0), (w * 0.28, 0), (w * 0.26, 0.12), (w * 0.15, 0.17), (0, 0.17)], (0.05, 0, r + 0.15))
    b.part(*PUSH_HANDLE)
    h = b.u(0.85, 1.05)
    x = -length * 0.5
    b.tube(
        [
            (x * 0.8, -w * 0.45, r + 0.12),
            (x - 0.5, -w * 0.45, h),
            (x - 0.52, -w * 0.3, h + 0.02),
            (x - 0.52, w * 0.3, h + 0.02),
            (x - 0.5, w * 0.45, h),
            (x * 0.8, w * 0.45, r + 0.12),
        ],
        0.013,
        smooth=False,
    )
    for px, k in ((length * 0.36, 1.0), (-length * 0.4, b.u(1.0, 1.5))):
        for s in (1, -1):
            wheel(b, px, s * (w / 2 + 0.02), r * k, 0.05)
    if b.maybe(0.6):
        b.part("grass catcher", "bag", "basket", "where the grass goes")
        b.box((0.38, w * 0.8, 0.28), (x - 0.2, 0, r + 0.24), round=0.5)


@kind("wheeled bin", "wheelie bin", "garbage bin", "trash bin")
def wheeled_bin(b: Builder) -> None:
    w, d, h, r = b.u(0.42, 0.6), b.u(0.42, 0.7), b.u(0.8, 1.05), 0.1
    b.part("body", "container", "bin", "where the trash goes")
    b.box((d, w, h), (0, 0, h / 2 + 0.02), round=0.15, taper=b.u(1.1, 1.25))
    angle = b.pick(0, 0, b.u(0.3, 1.5))
    with b.moved((-d * 0.58, 0, h + 0.025), pitch=-angle):
        b.part(*LID, joint=turns((0, -1, 0), angle=4.0, now=angle))
        b.box((d * 1.25, w * 1.2, 0.04), (d * 0.6, 0, 0.02), round=0.6)
    b.part("handle", "grip", "part to hold it by", "where to push it")
    b.tube(
        [
            (-d * 0.55, -w * 0.4, h - 0.03),
            (-d * 0.55 - 0.09, -w * 0.4, h - 0.01),
            (-d * 0.55 - 0.09, w * 0.4, h - 0.01),
            (-d * 0.55, w * 0.4, h - 0.03),
        ],
        0.014,
        smooth=False,
    )
    for s in (1, -1):
        wheel(b, -d * 0.5, s * w * 0.42, r, 0.05, WHEEL)
