"""Pots, pans and trays."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts
from part_perception.shapes.forms import bar, bow, curve, knob, loft, pot_lid, shell, side_loop, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, HANDLE, LID, LID_KNOB, LOOP_HANDLE, RIM

POT_BODY = ("body", "pot", "container", "where the food cooks")
PAN_HANDLE = ("handle", "long handle", "grip", "part to hold it by")
PAN_BODY = ("body", "pan", "cooking surface", "where the food cooks")


def _long_handle(b: Builder, r: float, z: float, length: float, names: tuple[str, ...] = PAN_HANDLE) -> None:
    """A pan's stick handle on the +x side, from a wall at radius r and height z."""
    b.part(*names)
    rise, bar = length * b.u(-0.05, 0.35), b.u(0.007, 0.013)
    bend = b.u(0.4, 1.0)
    path = [
        (r - 0.002, 0, z),
        (r + length * 0.3, 0, z + rise * 0.3 * bend),
        (r + length * 0.7, 0, z + rise * 0.75),
        (r + length, 0, z + rise),
    ]
    b.tube(
        path,
        np.array([b.u(0.5, 1.0), b.u(0.7, 1.0), 1.0, b.u(0.7, 1.1)]) * bar * b.u(0.6, 1),
        flat=b.u(1.0, 2.2),
    )


@kind("saucepan", "cooking pot with a long handle", "milk pan", "small pot")
def saucepan(b: Builder) -> None:
    r, t = b.u(0.06, 0.11), b.u(0.002, 0.004)
    h = r * b.u(0.7, 1.5)
    b.part(*POT_BODY)
    b.lathe(wall([(r * 0.93, 0), (r * b.u(0.96, 1), 0.008), (r, h * 0.95), (r + 0.002, h)], t, 0.005))
    _long_handle(b, r, h * b.u(0.75, 0.95), b.u(0.12, 0.2))
    if b.maybe(0.3):
        b.part(*LOOP_HANDLE)
        side_loop(b, r, h * 0.88, b.u(0.04, 0.07), b.u(0.02, 0.03), 0.004, side=-1)
    if b.maybe(0.4):
        pot_lid(b, r, h, b.u(0.005, 0.035))


@kind("cooking pot", "stock pot", "casserole", "dutch oven", "soup pot", "pot with two handles")
def cooking_pot(b: Builder) -> None:
    r, t = b.u(0.08, 0.16), b.u(0.002, 0.006)
    h = r * b.u(0.55, 1.7)
    squash = b.pick(1.0, 1.0, 1.0, b.u(0.75, 0.85))
    b.part(*POT_BODY)
    b.lathe(
        wall([(r * 0.9, 0), (r * b.u(0.93, 1), 0.012), (r, h * 0.95), (r + 0.002, h)], t, 0.006),
        squash=squash,
    )
    z, reach, bar, width = h * b.u(0.68, 0.93), b.u(0.022, 0.045), b.u(0.0035, 0.007), b.u(0.05, 0.1)
    for side in (-1, 1):
        b.part(*LOOP_HANDLE)
        side_loop(b, r, z, min(width, r * squash), reach, bar, side)
    if b.maybe(0.6) and squash == 1.0:
        pot_lid(b, r, h, r * b.u(0.03, 0.35))


@kind("frying pan", "pan", "skillet", "saute pan", "crepe pan")
def frying_pan(b: Builder) -> None:
    r, t = b.u(0.08, 0.16), b.u(0.0025, 0.005)
    h, flare = b.u(0.012, 0.07), b.u(0.72, 1.0)
    b.part(*PAN_BODY)
    b.lathe(wall(curve([(r * flare, 0), (r * (flare + (1 - flare) * 0.55), h * 0.35), (r, h)], 8), t, t))
    _long_handle(b, r, h * b.u(0.7, 0.95), b.u(0.13, 0.23))
    if b.maybe(0.25):
        b.part("helper handle", "small handle", "handle", "second handle to hold it by")
        side_loop(b, r, h * 0.85, b.u(0.05, 0.08), b.u(0.02, 0.035), 0.004, side=-1)
    if b.maybe(0.15):
        pot_lid(b, r, h, r * b.u(0.08, 0.25))


@kind("wok", "stir fry pan")
def wok(b: Builder) -> None:
    r = b.u(0.14, 0.2)
    h, base = r * b.u(0.45, 0.65), r * b.u(0.25, 0.45)
    b.part(*PAN_BODY)
    b.lathe(wall(curve([(base, 0), (r * 0.72, h * 0.35), (r * 0.92, h * 0.72), (r, h)]), 0.002, 0.002))
    form = b.pick("long", "both", "loops")
    if form != "loops":
        _long_handle(b, r * 0.98, h * 0.9, b.u(0.13, 0.2))
    for side in {"long": (), "both": (-1,), "loops": (-1, 1)}[form]:
        b.part(*LOOP_HANDLE)
        side_loop(b, r, h * 0.94, b.u(0.06, 0.1), b.u(0.03, 0.045), b.u(0.004, 0.006), side)
    if b.maybe(0.2):
        pot_lid(b, r, h, r * b.u(0.2, 0.4))


@kind("grill pan", "square pan", "cast iron skillet", "griddle")
def grill_pan(b: Builder) -> None:
    x, boxy, h, t = b.u(0.11, 0.15), b.u(0.5, 1.0), b.u(0.02, 0.045), 0.004
    b.part(*PAN_BODY)
    loft(b, shell([(x * 0.92, x * 0.92, 0), (x, x, h)], t, t), boxy)
    for k in range(b.pick(0, 5)):
        b.box((x * 1.5, 0.005, 0.006), (0, (k - 2) * x * 0.3, t + 0.002))
    _long_handle(b, x, h * 0.85, b.u(0.1, 0.19))
    if b.maybe(0.5):
        b.part("helper handle", "small handle", "handle", "second handle to hold it by")
        bow(b, (-x + 0.002, -0.04, h * 0.9), (-x + 0.002, 0.04, h * 0.9), (-b.u(0.015, 0.03), 0, 0), 0.005)


@kind("baking tray", "baking sheet", "roasting pan", "cake pan", "oven dish", "baking dish", "serving tray")
def baking_tray(b: Builder) -> None:
    x, y, boxy, t = b.u(0.12, 0.23), b.u(0.09, 0.16), b.pick(0.0, b.u(0.6, 1), b.u(0.6, 1)), b.u(0.001, 0.005)
    h = b.u(0.012, 0.075)
    if boxy == 0.0 and b.maybe(0.6):
        y = x = x * 0.7
    b.part("body", "tray", "dish", "where the food goes")
    loft(b, shell([(x * b.u(0.86, 1), y * b.u(0.86, 0.98), 0), (x, y, h)], t, t), boxy)
    if b.maybe(0.5):
        b.part(*RIM)
        out = b.u(0.005, 0.018)
        loft(
            b,
            [
                (x - t, y - t, h),
                (x + out, y + out, h),
                (x + out, y + out, h + 0.002),
                (x - t, y - t, h + 0.002),
            ],
            boxy,
        )
    for side in (-1, 1) if b.maybe(0.6) else ():
        b.part(*HANDLE)
        wide, out = y * b.u(0.3, 0.6) * (0.6 if boxy == 0 else 1), b.u(0.02, 0.04)
        root = x * (0.93 if boxy == 0 else 1) - 0.002
        bow(
            b,
            (side * root, -wide, h * 0.95),
            (side * root, wide, h * 0.95),
            (side * out, 0, b.pick(0, 0.02)),
            b.u(0.003, 0.006),
        )


@kind("colander", "strainer bowl", "pasta strainer", "fruit basket bowl")
def colander(b: Builder) -> None:
    r = b.u(0.09, 0.14)
    h, foot = r * b.u(0.5, 0.9), r * b.u(0.45, 0.65)
    b.part("body", "bowl", "strainer", "where the food drains")
    b.lathe(wall(curve([(foot, 0.012), (r * 0.85, h * 0.45), (r, h)], 10), 0.002, 0.014))
    b.part(*RIM)
    b.ring((0, 0, h), r + 0.001, b.u(0.002, 0.004))
    for side in (-1, 1):
        b.part(*LOOP_HANDLE)
        side_loop(b, r, h * b.u(0.88, 0.98), b.u(0.06, 0.1), b.u(0.02, 0.035), b.u(0.003, 0.005), side)
    b.part(*BASE)
    b.lathe([(foot * 0.9, 0), (foot, 0), (foot * 1.02, 0.016), (foot * 0.92, 0.013)])


@kind("pressure cooker", "pressure pot", "pressure canner")
def pressure_cooker(b: Builder) -> None:
    r = b.u(0.095, 0.13)
    h = r * b.u(0.9, 1.6)
    b.part("body", "pot", "container", "where the food cooks")
    b.lathe([(0, 0), *curve([(r * 0.95, 0), (r, h * 0.15), (r, h * 0.6), (r, h)], 10)])
    b.part(*LID, joint=lifts())
    b.lathe(
        [
            (r * 1.04, h - 0.008),
            (r * 1.04, h + 0.008),
            *curve([(r * 0.9, h + 0.014), (r * 0.4, h + 0.03), (0, h + 0.034)], 6),
        ]
    )
    long, width = b.u(0.14, 0.2), b.u(0.01, 0.015)
    for z in (h - 0.026, h + 0.012):
        b.part("handle", "long handle", "grip", "part to hold it by")
        bar(
            b,
            [
                (r * 0.98, z, width, 0.011),
                (r + long * 0.3, z, width * 0.9, 0.011),
                (r + long, z, width, 0.012),
            ],
            0.6,
        )
    if b.maybe(0.6):
        b.part("helper handle", "small handle", "handle", "second handle to hold it by")
        side_loop(b, r, h * 0.85, 0.06, 0.03, 0.006, side=-1)
    b.part("valve", "pressure valve", "knob", "where the steam comes out")
    x = r * b.u(-0.3, 0.2)
    b.lathe(
        [(0.008, h + 0.022), (0.008, h + 0.04), (0.013, h + 0.042), (0.012, h + 0.062), (0, h + 0.064)],
        (x, 0, 0),
    )


@kind("steamer", "steamer pot", "rice pot", "bamboo steamer")
def steamer(b: Builder) -> None:
    r, tiers = b.u(0.09, 0.14), b.n(1, 3)
    tall = r * b.u(0.4, 0.65)
    for k in range(tiers):
        b.part("tier", "body", "basket", "where the food cooks")
        z = k * (tall + 0.001)
        b.lathe(wall([(r * 0.99, z), (r, z + 0.004), (r, z + tall)], 0.004, z + tall * 0.2))
        for side in (-1, 1) if b.maybe(0.4) else ():
            b.part(*LOOP_HANDLE)
            side_loop(b, r, z + tall * 0.6, 0.06, 0.03, 0.004, side)
    z = tiers * (tall + 0.001)
    cover = b.part(*LID, joint=lifts())
    rise = b.u(0.01, 0.05)
    b.lathe(
        [
            (r, z),
            (r * 1.01, z + 0.01),
            *curve(
                [(r * 0.9, z + 0.01 + rise * 0.4), (r * 0.4, z + 0.01 + rise * 0.9), (0, z + 0.01 + rise)], 5
            ),
        ]
    )
    b.part(*LID_KNOB, inside=cover)
    knob(b, z + 0.009 + rise, b.u(0.009, 0.016))


@kind("pot lid", "pan lid", "lid of a pot", "saucepan lid")
def loose_lid(b: Builder) -> None:
    r, dome = b.u(0.06, 0.16), b.u(0.004, 0.05)
    pot_lid(b, r, 0.002, dome)
