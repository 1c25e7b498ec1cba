"""Pots, pans, kettles and what stands on a stove."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bail, bow, curve, ear, knob, loft, shell, side_loop, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import (
    BASE,
    BUTTON,
    HANDLE,
    LID,
    LID_KNOB,
    LOOP_HANDLE,
    RIM,
    SPOUT,
    SWITCH,
)

POT_BODY = ("body", "pot", "container", "where the food cooks")
PAN_BODY = ("body", "pan", "cooking surface", "where the food cooks")
KETTLE_BODY = ("body", "kettle", "container", "where the water is")
PAN_HANDLE = ("handle", "long handle", "grip", "part to hold it by")


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


def _lid(b: Builder, r: float, z: float, dome: float) -> None:
    """A pot lid with its knob on a rim of radius r at height z."""
    b.part(*LID)
    b.lathe(
        [
            (r, z - 0.002),
            (r + 0.003, z),
            (r + 0.003, z + 0.004),
            *curve([(r * 0.9, z + 0.005 + dome * 0.3), (r * 0.5, z + dome * 0.85), (0, z + 0.004 + dome)], 6),
        ]
    )
    b.part(*LID_KNOB)
    knob(b, z + 0.003 + dome, b.u(0.01, 0.018))


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
        _lid(b, r, h, b.u(0.005, 0.035))


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
        _lid(b, r, h, r * b.u(0.03, 0.35))


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
        _lid(b, r, h, r * b.u(0.08, 0.25))


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
        _lid(b, r, h, r * b.u(0.2, 0.4))


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


@kind("kettle", "stove kettle", "tea kettle", "whistling kettle")
def stove_kettle(b: Builder) -> None:
    r = b.u(0.075, 0.11)
    h, mouth = r * b.u(1.1, 1.7), r * b.u(0.35, 0.55)
    b.part(*KETTLE_BODY)
    b.lathe(
        [
            (0, 0),
            *curve(
                [(r * 0.9, 0), (r, h * 0.15), (r * b.u(0.85, 1.0), h * 0.5), (r * 0.7, h * 0.85), (mouth, h)]
            ),
        ]
    )
    _lid(b, mouth, h, b.u(0.004, 0.02))
    b.part(*SPOUT)
    reach, base = r * b.u(0.35, 0.7), b.u(0.014, 0.024)
    if b.maybe(0.7):
        b.cone(
            (-r * 0.8, 0, h * b.u(0.35, 0.5)), (-r - reach, 0, h * b.u(0.75, 1.05)), base * 1.3, base * 0.7
        )
    else:
        z = h * b.u(0.15, 0.3)
        b.tube(
            [
                (-r * 0.9, 0, z),
                (-r - reach, 0, z + 0.02),
                (-r - reach, 0, h * 0.9),
                (-r - reach * 2, 0, h * 1.05),
            ],
            [0.012, 0.009, 0.006, 0.005],
        )
    b.part(*HANDLE)
    bar = b.u(0.006, 0.012)
    if b.maybe(0.7):
        bail(b, r * 0.72, h * 0.82, r * b.u(0.9, 1.5), bar)
    else:
        ear(b, r * 0.75, r * 0.95, h * 0.85, h * 0.3, r * b.u(0.5, 0.7), bar)


@kind("electric kettle", "water kettle", "cordless kettle")
def electric_kettle(b: Builder) -> None:
    h, r = b.u(0.17, 0.25), b.u(0.062, 0.082)
    top = r * b.u(0.65, 0.95)
    based = b.maybe(0.75)
    if based:
        b.part(*BASE, "power base")
        b.lathe([(0, 0), (r * 1.12, 0), (r * 1.12, 0.012), (r * 0.9, 0.02), (0, 0.02)])
    with b.moved((0, 0, 0.021 * based)):
        b.part(*KETTLE_BODY)
        b.lathe([(0, 0), *curve([(r, 0), (r * b.u(0.95, 1.05), h * 0.4), (top, h)], 10)])
        b.part(*LID)
        b.lathe([(top * 0.99, h), (top * 0.98, h + 0.006), (top * 0.6, h + b.u(0.01, 0.02)), (0, h + 0.02)])
        if b.maybe(0.4):
            b.part(*LID_KNOB)
            knob(b, h + 0.017, b.u(0.008, 0.012))
        b.part(*SPOUT)
        lip = b.u(0.02, 0.035)
        b.extrude(
            [(-top + 0.004, h * 0.78), (-top - lip, h * 0.99), (-top + 0.004, h * 0.99)],
            b.u(0.03, 0.05),
            plane="xz",
        )
        b.part(*HANDLE)
        bar, reach = b.u(0.009, 0.013), b.u(0.04, 0.06)
        low = b.pick(h * b.u(0.1, 0.3), h * 0.55)
        b.tube(
            [
                (top - 0.004, 0, h * 0.95),
                (r + reach * 0.8, 0, h * 0.97),
                (r + reach, 0, h * 0.7),
                (r + reach * 0.8, 0, low),
                (r - 0.003 if low < h / 2 else r + reach * 0.75, 0, low - 0.005),
            ],
            bar,
            flat=b.u(1, 1.4),
        )
        if b.maybe(0.5):
            b.part(*SWITCH)
            b.box((0.014, 0.014, 0.009), (r + reach * 0.8, 0, h * 0.97 + bar), round=0.4)


@kind("french press", "cafetiere", "coffee press", "tea press")
def french_press(b: Builder) -> None:
    h, r = b.u(0.14, 0.21), b.u(0.036, 0.052)
    b.part("body", "glass", "container", "where the coffee is")
    b.lathe(wall([(r, 0.004), (r, h)], 0.002, 0.007))
    b.part(*LID)
    b.lathe(
        [
            (r + 0.002, h - 0.006),
            (r + 0.003, h + 0.006),
            *curve([(r * 0.8, h + 0.012), (r * 0.4, h + 0.02), (0, h + 0.022)], 5),
        ]
    )
    b.part("plunger", "plunger knob", "press rod", "what to push down")
    up = b.u(0.01, h * 0.6)
    b.rod((0, 0, h + 0.02), (0, 0, h + 0.025 + up), 0.0025)
    knob_r = b.u(0.008, 0.013)
    b.blob((2 * knob_r, 2 * knob_r, 1.8 * knob_r), (0, 0, h + 0.025 + up + knob_r * 0.6))
    b.part(*HANDLE)
    ear(b, r + 0.002, r + 0.002, h * b.u(0.8, 0.95), h * b.u(0.1, 0.25), b.u(0.035, 0.05), b.u(0.006, 0.009))
    b.part(*SPOUT)
    b.extrude(
        [(-r + 0.002, h * 0.85), (-r - b.u(0.012, 0.02), h * 0.99), (-r + 0.002, h * 0.99)], 0.02, plane="xz"
    )
    if b.maybe(0.6):
        b.part("frame", "holder", "metal frame", "what holds the glass")
        for z in (0.012, h * 0.8):
            b.ring((0, 0, z), r + 0.0015, 0.002)
        for k in range(4):
            a = k * np.pi / 2 + 0.5
            b.rod(
                (r * np.cos(a) * 1.03, r * np.sin(a) * 1.03, 0),
                (r * np.cos(a) * 1.03, r * np.sin(a) * 1.03, h * 0.8),
                0.0022,
                sides=6,
            )


@kind("coffee pot", "coffee carafe", "coffee server", "percolator")
def coffee_pot(b: Builder) -> None:
    h, r = b.u(0.13, 0.23), b.u(0.05, 0.075)
    mouth = r * b.u(0.55, 0.85)
    b.part("body", "pot", "container", "where the coffee is")
    b.lathe(
        wall(
            curve([(r * 0.9, 0), (r, h * b.u(0.15, 0.35)), (r * b.u(0.8, 0.97), h * 0.6), (mouth, h)]),
            0.003,
            0.005,
        )
    )
    if b.maybe(0.85):
        _lid(b, mouth, h, b.u(0.004, 0.025))
    b.part(*HANDLE)
    ear(
        b,
        mouth + 0.003,
        r * 0.97,
        h * b.u(0.85, 0.95),
        h * b.u(0.2, 0.45),
        b.u(0.035, 0.06),
        b.u(0.006, 0.01),
    )
    b.part(*SPOUT)
    if b.maybe(0.5):
        b.extrude(
            [(-mouth + 0.003, h * 0.85), (-mouth - b.u(0.015, 0.025), h * 0.99), (-mouth + 0.003, h * 0.99)],
            b.u(0.02, 0.035),
            plane="xz",
        )
    else:
        b.tube(
            [(-r * 0.9, 0, h * 0.35), (-r * 1.3, 0, h * 0.55), (-r * 1.5, 0, h * 0.95)], [0.012, 0.008, 0.006]
        )


@kind("moka pot", "stovetop espresso maker", "espresso pot")
def moka_pot(b: Builder) -> None:
    h, r = b.u(0.13, 0.22), b.u(0.035, 0.05)
    waist, mid, boxy = r * b.u(0.7, 0.85), h * b.u(0.42, 0.48), b.u(0.0, 0.35)
    b.part("base", "water chamber", "lower part", "where the water goes")
    loft(b, [(0, 0, 0), (r, r, 0), (waist, waist, mid), (0, 0, mid)], boxy)
    b.part("body", "upper pot", "container", "where the coffee is")
    loft(
        b,
        [(0, 0, mid + 0.001), (waist * 0.97, waist * 0.97, mid + 0.001), (r * b.u(0.95, 1.05), r, h * 0.93)],
        boxy,
    )
    b.part(*LID)
    loft(
        b,
        [(r * 1.04, r * 1.03, h * 0.93), (r * 1.03, r * 1.02, h * 0.94), (r * 0.4, r * 0.4, h), (0, 0, h)],
        boxy,
    )
    b.part(*LID_KNOB)
    knob(b, h - 0.001, b.u(0.006, 0.01))
    b.part(*HANDLE)
    bar, reach = b.u(0.006, 0.009), b.u(0.04, 0.055)
    b.tube(
        [(r - 0.003, 0, h * 0.88), (r + reach, 0, h * 0.9), (r + reach * 0.9, 0, h * b.u(0.5, 0.6))],
        bar,
        smooth=False,
        flat=1.2,
    )
    b.part(*SPOUT)
    b.extrude(
        [(-r * 0.93, h * 0.7), (-r - b.u(0.012, 0.02), h * 0.925), (-r * 0.93, h * 0.925)], 0.02, plane="xz"
    )


@kind("coffee grinder", "hand coffee grinder", "spice grinder", "coffee mill")
def coffee_grinder(b: Builder) -> None:
    form = b.pick("hand", "box", "electric")
    h, r = b.u(0.12, 0.19), b.u(0.028, 0.05)
    b.part("body", "container", "base", "where the ground coffee is")
    if form == "box":
        x = r * 1.5
        b.box((2 * x, 2 * x, h * 0.55), (0, 0, h * 0.275))
        z = h * 0.55
        drawer = b.part("drawer", "drawer front", "what slides out")
        b.box((0.006, x * 1.3, h * 0.22), (x + 0.002, 0, h * 0.16))
        b.part("knob", "drawer knob", "handle", "what to pull to open it", inside=drawer)
        b.blob((0.012, 0.012, 0.012), (x + 0.01, 0, h * 0.16))
        b.part("bowl", "hopper", "top bowl", "where the beans go")
        b.lathe(wall([(x * 0.4, z), (x * 0.85, z + h * 0.25)], 0.002, z + 0.002))
        z += h * 0.25
    else:
        b.lathe([(0, 0), (r, 0), (r * b.u(0.9, 1.1), h * 0.6)])
        b.part(*LID)
        b.lathe([(r * 0.96, h * 0.6), (r * 0.96, h * 0.9), (r * 0.6, h), (0, h)])
        z = h
    if form == "electric":
        b.part(*BUTTON)
        b.box((0.008, 0.022, 0.03), (r * 1.0, 0, h * 0.45), round=0.4)
        return
    b.part("crank", "handle", "crank handle", "what to turn")
    reach = b.u(0.07, 0.13)
    b.tube([(0, 0, z - 0.012), (0, 0, z + 0.012), (reach, 0, z + 0.018)], b.u(0.003, 0.005), smooth=False)
    b.lathe(
        [(0, z + 0.014), (0.006, z + 0.015), (0.01, z + 0.035), (0.007, z + 0.045), (0, z + 0.046)],
        (reach, 0, 0),
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
