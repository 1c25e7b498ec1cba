"""What else stands on a kitchen table or shelf: serving things, shakers, big bottles, packets."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bail, bow, curve, ear, knob, loft, shell, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import (
    BASE,
    BOTTLE_BODY,
    BUTTON,
    CAP,
    CARRY_HANDLE,
    HANDLE,
    LID,
    LID_KNOB,
    NECK,
    PLAIN_CAP,
    SPOUT,
    STEM,
)


@kind("baby bottle", "feeding bottle", "milk bottle for a baby")
def baby_bottle(b: Builder) -> None:
    h, r = b.u(0.09, 0.16), b.u(0.026, 0.034)
    waist = b.u(0.8, 1.0)
    b.part(*BOTTLE_BODY)
    b.lathe(
        [(0, 0), *curve([(r, 0.002), (r, h * 0.25), (r * waist, h * 0.5), (r, h * 0.78), (r * 0.85, h)], 12)]
    )
    b.part("ring", "collar", "screw ring", "cap", "what to twist off")
    ring = b.u(0.012, 0.02)
    b.lathe([(r * 0.8, h - 0.003), (r * 0.98, h - 0.002), (r * 0.95, h + ring), (r * 0.5, h + ring + 0.002)])
    if b.maybe(0.65):
        b.part("nipple", "teat", "tip", "where the baby drinks from")
        z = h + ring
        b.lathe(
            curve(
                [(r * 0.6, z), (r * 0.45, z + 0.01), (0.007, z + 0.018), (0.007, z + 0.028), (0, z + 0.032)]
            )
        )
    else:
        b.part(*PLAIN_CAP)
        b.lathe(
            curve(
                [
                    (r * 0.9, h + ring),
                    (r * 0.85, h + ring + 0.025),
                    (r * 0.5, h + ring + 0.045),
                    (0, h + ring + 0.05),
                ]
            )
        )
    for side in (-1, 1) if b.maybe(0.2) else ():
        b.part(*HANDLE)
        bow(
            b,
            (side * r * 0.95, 0, h * 0.95),
            (side * r * waist * 0.95, 0, h * 0.5),
            (side * 0.03, 0, 0),
            0.006,
            square=False,
        )


@kind("cocktail shaker", "shaker", "protein shaker")
def cocktail_shaker(b: Builder) -> None:
    h, r = b.u(0.13, 0.17), b.u(0.037, 0.046)
    low = r * b.u(0.65, 0.95)
    b.part("body", "cup", "container", "where the drink goes")
    b.lathe([(0, 0), (low, 0), (r, h)])
    b.part("lid", "strainer", "top", "shoulder", "what closes it")
    neck, top = r * b.u(0.4, 0.55), h + b.u(0.025, 0.05)
    b.lathe(
        [
            (r * 0.95, h - 0.004),
            (r + 0.001, h - 0.004),
            (r, h + 0.006),
            *curve([(r * 0.95, h + 0.008), (neck, top)], 6),
        ]
    )
    b.part(*PLAIN_CAP)
    b.lathe([(neck * 1.08, top - 0.006), (neck * b.u(0.9, 1.08), top + b.u(0.02, 0.03)), (0, top + 0.032)])


@kind("cake stand", "cake dome", "cheese dome", "pedestal plate")
def cake_stand(b: Builder) -> None:
    r, h = b.u(0.1, 0.16), b.u(0.06, 0.14)
    foot, t = r * b.u(0.45, 0.65), b.u(0.004, 0.008)
    b.part(*BASE)
    b.lathe([(0, 0), (foot, 0), (foot, 0.004), (foot * 0.3, 0.02), (0, 0.02)])
    b.part(*STEM)
    b.lathe(curve([(foot * 0.3, 0.019), (r * 0.1, h * 0.4), (r * 0.14, h * 0.6), (r * 0.2, h)], 10))
    b.part("plate", "top", "tray", "where the cake goes")
    b.lathe([(0, h), (r, h), (r, h + t * 1.6), (r * 0.96, h + t), (0, h + t)])
    if b.maybe(0.5):
        b.part("dome", "lid", "cover", "what covers the cake")
        d, rise = r * 0.88, r * b.u(0.6, 1.0)
        b.lathe([(d, h + t), *curve([(d, h + rise * 0.5), (d * 0.8, h + rise * 0.85), (0, h + rise)], 8)])
        b.part(*LID_KNOB)
        knob(b, h + rise - 0.001, b.u(0.01, 0.015))


@kind("butter dish", "covered dish", "cheese box")
def butter_dish(b: Builder) -> None:
    x, y, boxy = b.u(0.07, 0.1), b.u(0.045, 0.065), b.u(0.4, 1)
    b.part("plate", "tray", "dish", "base", "what holds the butter")
    loft(
        b,
        [
            (0, 0, 0),
            (x * 0.85, y * 0.85, 0),
            (x, y, 0.012),
            (x, y, 0.015),
            (x * 0.85, y * 0.85, 0.005),
            (0, 0, 0.005),
        ],
        boxy,
    )
    b.part(*LID)
    h, off = b.u(0.04, 0.065), b.pick(0, 0, b.u(0, 0.08))
    loft(
        b,
        [(x * 0.83, y * 0.83, 0.006), (x * 0.8, y * 0.78, h * 0.9), (x * 0.7, y * 0.65, h), (0, 0, h)],
        boxy,
        at=(off, 0, 0),
    )
    b.part(*LID_KNOB)
    knob(b, h - 0.001, b.u(0.007, 0.012), at=(off, 0))


@kind("gravy boat", "sauce boat")
def gravy_boat(b: Builder) -> None:
    x, h = b.u(0.06, 0.09), b.u(0.05, 0.075)
    y = x * b.u(0.45, 0.6)
    b.part("body", "boat", "container", "where the sauce is")
    lean = -x * 0.15
    loft(
        b,
        shell([(x * 0.5, y * 0.6, 0.01), (x * 0.85, y * 0.95, h * 0.5), (x, y, h * 0.9, lean)], 0.003, 0.015),
    )
    b.part(*BASE)
    loft(b, [(0, 0, 0), (x * 0.6, y * 0.75, 0), (x * 0.45, y * 0.55, 0.012)])
    b.part(*SPOUT)
    s = np.linspace(-1, 1, 7)
    root = np.stack([-x * 0.93 + 0 * s + lean * 0.9, s * y * 0.35, h * (0.6 + 0.25 * s**2)], 1)
    tip = np.stack([-x * 1.3 + 0.06 * x * s**2 + lean, s * y * 0.22, h * (1.0 + 0.12 * s**2)], 1)
    b.sheet(np.stack([root, (root + tip) / 2 - (0, 0, h * 0.05), tip]))
    b.part(*HANDLE)
    ear(b, x * 0.97 + lean, x * 0.8, h * 0.85, h * 0.35, b.u(0.025, 0.035), b.u(0.003, 0.005))


@kind("decanter", "wine decanter", "flask", "laboratory flask", "erlenmeyer flask")
def decanter(b: Builder) -> None:
    h, r = b.u(0.12, 0.28), b.u(0.045, 0.1)
    r, neck = min(r, h * 0.42), b.u(0.012, 0.022)
    form = b.pick("round", "cone", "ship")
    belly = {
        "round": [(r * 0.6, 0), (r, h * 0.25), (r * 0.7, h * 0.48)],
        "cone": [(r, 0), (r * 0.96, h * 0.05), (r * 0.5, h * 0.4)],
        "ship": [(r * 0.95, 0), (r, h * 0.06), (r * 0.6, h * 0.25)],
    }[form]
    split = h * b.u(0.58, 0.68)
    b.part(*BOTTLE_BODY)
    b.lathe([(0, 0), *curve([*belly, (neck, split)], 16)])
    b.part(*NECK)
    b.lathe(
        [
            (neck, split),
            (neck, h * 0.96),
            (neck * b.u(1.1, 1.7), h),
            (neck - 0.002, h * 0.97),
            (neck - 0.002, split),
        ]
    )
    if b.maybe(0.4):
        b.part("stopper", "cap", "cork", "what closes it")
        b.lathe([(neck * 0.85, h - 0.01), (neck * 0.95, h + 0.004)])
        s = neck * b.u(1.6, 2.6)
        b.blob((s, s, s * b.u(0.8, 1.3)), (0, 0, h + s * 0.4))


@kind("airpot", "pump thermos", "thermal carafe", "insulated jug")
def airpot(b: Builder) -> None:
    h, r = b.u(0.19, 0.34), b.u(0.055, 0.085)
    pump = b.maybe(0.45)
    b.part(*BOTTLE_BODY)
    top = r * (b.u(0.9, 1.0) if pump else b.u(0.55, 0.8))
    b.lathe([(0, 0), *curve([(r, 0), (r, h * 0.3), (r, h * 0.65), (top, h)], 12)])
    b.part(*LID)
    rise = b.u(0.02, 0.045)
    b.lathe([(top, h), (top * 1.03, h + 0.003), (top * 0.95, h + rise), (0, h + rise)])
    if pump:
        b.part(*BUTTON, "pump")
        b.lathe(
            [(top * 0.5, h + rise - 0.001), (top * 0.5, h + rise + 0.008), (0, h + rise + 0.01)],
            (top * 0.2, 0, 0),
        )
    b.part(*SPOUT)
    if pump:
        b.tube(
            [(-top * 0.9, 0, h + rise * 0.6), (-r - 0.03, 0, h + rise * 0.6), (-r - 0.035, 0, h - 0.02)],
            b.u(0.009, 0.013),
        )
    else:
        b.extrude(
            [
                (-top + 0.003, h - 0.02),
                (-top - b.u(0.02, 0.035), h + rise * 0.8),
                (-top + 0.003, h + rise * 0.8),
            ],
            0.03,
            plane="xz",
        )
    if pump or b.maybe(0.2):
        b.part(*CARRY_HANDLE)
        bail(b, top + 0.004, h + rise * 0.3, top * b.u(1.1, 1.4), b.u(0.005, 0.009), b.pick(0.0, 1.3))
    else:
        b.part(*HANDLE)
        ear(b, top, r, h * 0.98, h * b.u(0.25, 0.45), b.u(0.04, 0.055), b.u(0.008, 0.012))


@kind("jerry can", "gas can", "fuel canister", "oil canister", "water canister")
def jerry_can(b: Builder) -> None:
    x, y, h = b.u(0.09, 0.18), b.u(0.05, 0.1), b.u(0.2, 0.42)
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [(0, 0, 0), (x, y, 0), (x, y, h * 0.82), (x * 0.85, y * 0.8, h * 0.9), (0, 0, h * 0.9)],
        b.u(0.75, 1),
    )
    b.part(*CARRY_HANDLE)
    bow(b, (-x * 0.25, 0, h * 0.89), (x * 0.75, 0, h * 0.89), (0, 0, b.u(0.035, 0.055)), b.u(0.009, 0.014))
    at, cap_r = (-x * 0.55, 0, h * 0.895), b.u(0.018, 0.028)
    with b.moved(at, pitch=-b.u(0, 0.5)):
        if b.maybe(0.3):
            b.part(*SPOUT)
            b.tube([(0, 0, -0.01), (0, 0, 0.05), (-0.05, 0, 0.13)], [cap_r * 0.8, cap_r * 0.6, cap_r * 0.4])
        else:
            b.part(*CAP)
            b.lathe([(cap_r, -0.015), (cap_r, 0.025), (0, 0.026)])


@kind("water cooler bottle", "carboy", "big water bottle", "water jug with a tap")
def carboy(b: Builder) -> None:
    h, r = b.u(0.3, 0.45), b.u(0.11, 0.14)
    z = np.linspace(h * 0.1, h * 0.7, 9)
    b.part(*BOTTLE_BODY)
    b.lathe(
        [
            (0, 0),
            (r * 0.95, 0),
            *((r * (1 - 0.03 * (i % 2)), v) for i, v in enumerate(z)),
            *curve([(r, h * 0.72), (r * 0.75, h * 0.88), (0.03, h)], 8),
        ]
    )
    b.part(*NECK)
    b.lathe([(0.03, h), (0.028, h + 0.035), (0, h + 0.035)])
    b.part(*PLAIN_CAP)
    b.lathe([(0.03, h + 0.02), (0.032, h + 0.02), (0.032, h + 0.045), (0, h + 0.046)])
    if b.maybe(0.4):
        b.part(*HANDLE)
        ear(b, r * 0.98, r * 0.98, h * 0.6, h * 0.35, 0.045, 0.012)


@kind("paper towel holder", "kitchen roll holder", "kitchen roll on a stand")
def paper_towel_holder(b: Builder) -> None:
    r, h = b.u(0.05, 0.075), b.u(0.22, 0.27)
    base = r * b.u(1.0, 1.5)
    b.part(*BASE)
    b.lathe([(0, 0), (base, 0), (base, 0.01), (0, 0.012)])
    if b.maybe(0.85):
        b.part("paper roll", "roll", "paper", "paper towel", "what to tear off")
        b.lathe([(0.02, 0.013), (r, 0.013), (r, h), (0.02, h), (0.02, 0.013)])
    b.part("pole", "rod", "post", "what the roll turns on")
    top = h + b.u(0.02, 0.07)
    b.rod((0, 0, 0.011), (0, 0, top), b.u(0.004, 0.009))
    b.part("knob", "top", "finial", "what to carry it by")
    knob(b, top - 0.002, b.u(0.009, 0.014))


@kind("snack bag", "chip bag", "pouch", "coffee bag", "bag of chips", "food packet")
def snack_bag(b: Builder) -> None:
    x, h, d = b.u(0.05, 0.13), b.u(0.1, 0.28), b.u(0.015, 0.05)
    standing = b.maybe(0.5)
    t = np.linspace(0, 1, 7)
    b.part("body", "bag", "packet", "where the food is")
    fat = (
        d * (np.sin(np.pi * np.clip(t, 0, 1)) ** 0.5 if not standing else np.cos(t * np.pi / 2) ** 0.6)
        + 0.001
    )
    rows = [
        (x * (1 - 0.06 * np.sin(np.pi * v)), f, 0.012 + v * (h - 0.027)) for v, f in zip(t, fat, strict=True)
    ]
    loft(b, [(0, 0, 0.012), *rows], 0.25)
    for z, low in ((h - 0.016, False), (0.0, True)):
        if low and standing:
            b.again(0)
            loft(b, [(0, 0, 0), (x * 0.95, d * 0.9, 0), (rows[0][0], rows[0][1], 0.013)], 0.25)
            continue
        b.part("seal", "crimped edge", "end seam", "where to tear it open")
        b.box((2 * x, 0.002, 0.016), (0, 0, z + 0.008))


@kind("egg cup", "egg in a cup", "boiled egg holder")
def egg_cup(b: Builder) -> None:
    r, h = b.u(0.022, 0.028), b.u(0.03, 0.065)
    b.part("cup", "body", "holder", "what holds the egg")
    b.lathe(wall(curve([(r * 0.5, h * 0.45), (r * 0.95, h * 0.7), (r, h)], 8), 0.002, h * 0.5))
    b.part(*BASE)
    b.lathe([(0, 0), (r * b.u(0.8, 1.2), 0), (r * 0.3, h * 0.25), (r * 0.5, h * 0.47)])
    if b.maybe(0.7):
        b.part("egg", "boiled egg", "what is in the cup")
        b.lathe(
            curve(
                [
                    (0, h * 0.6),
                    (r * 0.85, h * 0.6 + r * 0.8),
                    (r * 0.6, h * 0.6 + r * 1.8),
                    (0, h * 0.6 + r * 2.3),
                ]
            )
        )
