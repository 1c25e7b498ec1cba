"""What is pushed or pulled: carts, trolleys, wheelbarrows, mowers, ladders."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.vehicles import wheel
from part_perception.training.engine.lexicon import LEG, LID, WHEEL

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


@kind("ladder", "step ladder", "folding ladder")
def ladder(b: Builder) -> None:
    h, w, k = b.u(0.6, 2.2), b.u(0.34, 0.5), b.u(0.012, 0.022)
    n = max(2, round(h / 0.28))
    folded = b.maybe(0.65)
    reach = h * b.u(0.2, 0.3) if folded else h * 0.05
    flat = b.maybe(0.6)
    b.part("rail", "side rail", "frame", "stile")
    for s in (1, -1):
        b.rod((reach, s * w / 2, 0), (0, s * w * 0.4, h), k, sides=b.pick(4, 12))
    for i in range(n):
        b.part("step", "rung", "where to put the foot")
        q = (i + 0.7) / n
        x, y = reach * (1 - q), w * (0.5 - 0.1 * q)
        if flat:
            b.box((0.08, 2 * y, 0.022), (x, 0, q * h * 0.98))
        else:
            b.rod((x, -y, q * h * 0.98), (x, y, q * h * 0.98), k * 0.85)
    if folded:
        for s in (1, -1):
            b.part("leg", "back leg", "support", "what it stands on")
            b.rod((-reach, s * w / 2, 0), (-0.02, s * w * 0.4, h * 0.97), k)
        b.part("crossbar", "bar between the legs", "brace")
        b.rod((-reach * 0.7, -w * 0.47, h * 0.3), (-reach * 0.7, w * 0.47, h * 0.3), k * 0.7)
        b.part("top", "platform", "top plate")
        b.box((0.16, w * 0.85, 0.03), (0, 0, h * 0.99), round=0.3)


@kind("stairs", "steps", "step stool")
def stairs(b: Builder) -> None:
    n, w = b.n(2, 6), b.u(0.4, 1.0)
    rise, run = b.u(0.16, 0.22), b.u(0.22, 0.3)
    for i in range(n):
        b.part("step", "stair", "tread", "where to put the foot")
        b.box((run + 0.02, w, 0.03), (-(i + 0.5) * run, 0, (i + 1) * rise - 0.015))
    b.part("side", "stringer", "frame", "side panel")
    for s in (1, -1):
        x = np.array([0, -n * run])
        b.ribbon(
            [(x[0], 0.0), (x[1], 0.0)],
            [(x[0], rise * 0.8), (x[1], rise * n - 0.02)],
            0.03,
            (0, s * (w / 2 + 0.014), 0),
            "xz",
        )
    if n > 3 and b.maybe(0.6):
        b.part("handrail", "railing", "rail", "what to hold on to")
        y = w / 2
        b.tube(
            [(0, y, rise), (0, y, rise + 0.85), (-n * run, y, n * rise + 0.85), (-n * run, y, n * rise)],
            0.018,
            smooth=False,
        )


@kind("wheeled bin", "wheelie bin", "garbage bin", "trash bin")
def wheeled_bin(b: Builder) -> None:
    w, d, h, r = b.u(0.42, 0.6), b.u(0.42, 0.7), b.u(0.8, 1.05), 0.1
    b.part("body", "container", "bin", "where the trash goes")
    b.box((d, w, h), (0, 0, h / 2 + 0.02), round=0.15, taper=b.u(1.1, 1.25))
    b.part(*LID)
    with b.moved((-d * 0.58, 0, h + 0.025), pitch=-b.pick(0, 0, b.u(0.3, 1.5))):
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


@kind("fire extinguisher", "extinguisher")
def fire_extinguisher(b: Builder) -> None:
    r, h = b.u(0.04, 0.09), b.u(0.28, 0.55)
    b.part("body", "cylinder", "tank", "container")
    b.lathe(
        [(0, 0), (r, 0), (r, h * 0.85), (r * 0.8, h * 0.95), (0.018, h), (0.018, h + 0.03), (0, h + 0.03)]
    )
    z = h + 0.03
    b.part("valve", "head", "valve head")
    b.box((0.05, 0.03, 0.035), (0, 0, z + 0.012), round=0.3)
    b.part("handle", "grip", "carrying handle", "part to hold it by")
    b.tube([(-0.02, 0, z + 0.02), (0.06, 0, z + 0.025), (0.12, 0, z + 0.0)], 0.005, flat=2.5)
    b.part("lever", "trigger", "what to squeeze")
    b.tube([(-0.02, 0, z + 0.03), (0.05, 0, z + 0.06), (0.13, 0, z + 0.065)], 0.005, flat=2.5)
    if b.maybe(0.85):
        b.part("hose", "tube", "pipe")
        y = r + 0.02
        b.tube(
            [
                (-0.01, 0.015, z + 0.01),
                (-0.02, y, z - 0.01),
                (0, y + 0.01, h * 0.6),
                (0.01, y, h * b.u(0.25, 0.45)),
            ],
            0.009,
        )
        b.part("nozzle", "horn", "where it sprays out")
        low = h * 0.3
        b.cone((0.01, y, low + 0.06), (0.012, y, low - 0.06), 0.01, b.u(0.014, 0.035))
    else:
        b.part("nozzle", "where it sprays out", "tip")
        b.cone((-0.02, 0, z + 0.01), (-0.06, 0, z + 0.005), 0.01, 0.013)
    if b.maybe(0.6):
        b.part("gauge", "pressure gauge", "what shows the pressure")
        b.rod((0, -0.012, z + 0.01), (0, -0.03, z + 0.01), 0.016)
    if b.maybe(0.5):
        b.part("base", "foot ring", "foot", "what it stands on")
        b.lathe(wall([(r * 1.03, 0), (r * 1.04, 0.03)], 0.004, 0.0))


@kind("gas bottle", "gas cylinder", "propane tank")
def gas_bottle(b: Builder) -> None:
    r, h = b.u(0.1, 0.18), b.u(0.3, 1.1)
    b.part("body", "cylinder", "tank", "container", "where the gas is")
    b.lathe([(0, 0.03), (r * 0.8, 0.03), (r, 0.09), (r, h * 0.85), (r * 0.75, h * 0.96), (0.03, h), (0, h)])
    b.part("foot ring", "base", "foot", "what it stands on")
    b.lathe(wall([(r * 0.8, 0), (r * 0.8, 0.06)], 0.005, 0.0))
    b.part("valve", "tap", "knob", "what to turn")
    b.rod((0, 0, h), (0, 0, h + 0.06), 0.014)
    b.rod((0, 0, h + 0.06), (0, 0, h + 0.085), 0.03)
    b.rod((0, 0, h + 0.035), (0.05, 0, h + 0.035), 0.011)
    if b.maybe(0.65):
        b.part("collar", "handle", "guard", "part to hold it by")
        with b.moved(yaw=b.u(0, 6)):
            k = r * b.u(0.55, 0.7)
            b.lathe(
                [(k, h * 0.97), (k, h + 0.12), (k - 0.005, h + 0.12), (k - 0.005, h * 0.97), (k, h * 0.97)],
                arc=b.u(3.5, 5.4),
            )
