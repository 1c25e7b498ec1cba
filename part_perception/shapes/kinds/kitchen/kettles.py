"""Kettles, coffee makers and grinders."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, presses, slides, turns
from part_perception.shapes.forms import bail, curve, ear, knob, loft, pot_lid, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, BUTTON, HANDLE, LID, LID_KNOB, SPOUT, SWITCH

KETTLE_BODY = ("body", "kettle", "container", "where the water is")


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
    pot_lid(b, mouth, h, b.u(0.004, 0.02))
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
        cover = b.part(*LID)
        b.lathe([(top * 0.99, h), (top * 0.98, h + 0.006), (top * 0.6, h + b.u(0.01, 0.02)), (0, h + 0.02)])
        if b.maybe(0.4):
            b.part(*LID_KNOB, inside=cover)
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
    b.lathe(wall([(r, 0), (r, h)], 0.002, 0.007))
    b.part(*LID, joint=lifts())
    b.lathe(
        [
            (r + 0.002, h - 0.006),
            (r + 0.003, h + 0.006),
            *curve([(r * 0.8, h + 0.012), (r * 0.4, h + 0.02), (0, h + 0.022)], 5),
        ]
    )
    b.part("plunger", "plunger knob", "press rod", "what to push down", joint=presses((0, 0, -1), 0.1))
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
    cover = b.part(*LID)
    loft(
        b,
        [(r * 1.04, r * 1.03, h * 0.93), (r * 1.03, r * 1.02, h * 0.94), (r * 0.4, r * 0.4, h), (0, 0, h)],
        boxy,
    )
    b.part(*LID_KNOB, inside=cover)
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
        drawer = b.part("drawer", "drawer front", "what slides out", joint=slides((1, 0, 0), 0.08))
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
        b.part(*BUTTON, joint=presses((-1, 0, 0)))
        b.box((0.008, 0.022, 0.03), (r * 1.0, 0, h * 0.45), round=0.4)
        return
    b.part("crank", "handle", "crank handle", "what to turn", joint=turns((0, 0, 1), angle=2 * np.pi))
    reach = b.u(0.07, 0.13)
    b.tube([(0, 0, z - 0.012), (0, 0, z + 0.012), (reach, 0, z + 0.018)], b.u(0.003, 0.005), smooth=False)
    b.lathe(
        [(0, z + 0.014), (0.006, z + 0.015), (0.01, z + 0.035), (0.007, z + 0.045), (0, z + 0.046)],
        (reach, 0, 0),
    )


@kind("mortar and pestle", "mortar", "grinding bowl")
def mortar(b: Builder) -> None:
    r = b.u(0.045, 0.08)
    h, low = r * b.u(0.8, 1.3), r * b.u(0.5, 0.9)
    b.part("bowl", "mortar", "body", "container", "where the spice is ground")
    b.lathe(
        wall(
            curve([(low, 0), (low * b.u(0.85, 1), h * 0.12), (r * 0.9, h * 0.55), (r, h)]), r * 0.16, h * 0.25
        )
    )
    b.part("pestle", "grinding stick", "club", "what grinds the spice")
    lean, long = b.u(0.2, 0.5), h * b.u(1.1, 1.7)
    root, bar_r = np.array([r * 0.2, 0, h * 0.42]), r * b.u(0.12, 0.18)
    tip = root + long * np.array([np.sin(lean), 0, np.cos(lean)])
    b.tube(
        [root, root + (tip - root) * 0.25, root + (tip - root) * 0.85, tip],
        [bar_r * 1.6, bar_r * 1.2, bar_r * 0.9, bar_r * 1.1],
        sides=12,
    )
