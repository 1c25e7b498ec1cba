"""Fans: table, pole, tower, box and ceiling fans. They blow towards +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, dial
from part_perception.shapes.lexicon import BASE, BUTTON, CONTROL_KNOB, CORD, FAN_BLADES, FOOT, GUARD

MOTOR = ("motor", "motor housing", "back", "body")
POLE = ("pole", "stand", "neck", "support")


def fan_blades(b: Builder, r: float, count: int, names=FAN_BLADES) -> None:
    """A part: blades about x at the origin, on their hub."""
    b.part(*names, joint=turns((1, 0, 0), angle=2 * np.pi))
    twist, broad, swept = b.u(0.25, 0.6), b.u(0.5, 1.0), b.u(-0.4, 0.4)
    for a in np.arange(count) * 2 * np.pi / count + b.u(0, 1):
        with b.moved(roll=a):
            s = np.linspace(0.14, 0.92, 7)[:, None] * r
            t = np.linspace(-1, 1, 5)[None]
            half = broad * r * 2.2 / max(count, 3) * np.sin(np.linspace(0.5, 2.5, 7))[:, None] ** 0.7
            y = half * t * np.cos(twist) + swept * s**2 / r
            for lift in (0.0, 0.002):
                b.sheet(np.stack([half * t * np.sin(twist) + lift, y, s + 0 * t], 2))
    with b.moved(pitch=np.pi / 2):
        hub = r * b.u(0.14, 0.24)
        b.lathe([(hub, -0.02), (hub, 0.01), (hub * 0.7, 0.022), (0, 0.026)])


def guard(b: Builder, r: float, deep: float) -> None:
    """A part: the cage around blades at the origin: wire in rings or spokes, or a grille of plates."""
    b.part(*GUARD)
    form, wire = b.pick("spokes", "spokes", "rings", "spiral"), b.u(0.0012, 0.002)
    b.ring((0, 0, 0), r, b.u(0.004, 0.008), axis="x")
    badge = r * b.u(0.14, 0.28)
    line = np.array([(deep, 0.1), (deep * 0.95, 0.5), (deep * 0.6, 0.88), (0, 1.0)])
    b.rod((deep - 0.002, 0, 0), (deep + 0.004, 0, 0), badge)
    for side in (1, -1):
        if form == "rings":
            for k in np.linspace(0.25, 0.95, b.n(6, 9)):
                b.ring((side * np.interp(k, line[:, 1], line[:, 0]), 0, 0), r * k, wire, axis="x")
        count = 6 if form == "rings" else b.n(18, 32)
        for a in np.arange(count) * 2 * np.pi / count:
            turn = a + (line[::-1, 1] * 0.6 if form == "spiral" else np.zeros(4))
            x, q = side * line[:, 0], line[:, 1] * r
            b.tube(np.stack([x, q * np.cos(turn), q * np.sin(turn)], 1), wire, sides=4, steps=6)
        b.ring((side * deep * 0.92, 0, 0), r * 0.55, wire, axis="x")


def fan_head(b: Builder, r: float) -> None:
    """Parts: motor, blades and guard about x, the blades at the origin."""
    b.part(*MOTOR)
    back, q = b.u(0.07, 0.13), r * b.u(0.3, 0.45)
    with b.moved(pitch=np.pi / 2):
        b.lathe(
            [
                (0, -back - 0.03),
                (q * 0.7, -back - 0.025),
                (q, -back * 0.8),
                (q, -0.05),
                (q * 0.4, -0.035),
                (0, -0.03),
            ]
        )
    if b.maybe(0.6):
        b.part("oscillation knob", *CONTROL_KNOB, "pin", joint=presses((0, 0, -1), 0.01))
        b.rod((-back * 0.8, 0, q * 0.9), (-back * 0.8, 0, q + 0.02), 0.006)
        b.rod((-back * 0.8, 0, q + 0.014), (-back * 0.8, 0, q + 0.024), 0.01)
    fan_blades(b, r, b.n(3, 5))
    guard(b, r, b.u(0.035, 0.06))


@kind("fan", "electric fan", "table fan", "desk fan", "ventilator")
def fan(b: Builder) -> None:
    r = b.u(0.09, 0.2)
    z = r * b.u(1.35, 1.9)
    base_z = b.u(0.02, 0.07)
    b.part(*BASE)
    form, wide = b.pick("round", "round", "oval", "box", "frame"), r * b.u(0.65, 0.95)
    if form == "box":
        b.box((wide * 1.8, wide * 1.5, base_z), (0, 0, base_z / 2), round=b.u(0.1, 0.6), taper=b.u(0.8, 1))
    elif form == "frame":
        b.tube([(0.09, -r, 0.008), (0, -r * 1.03, z), (-0.02, -r * 1.03, z)], 0.008, smooth=False)
        b.tube([(0.09, r, 0.008), (0, r * 1.03, z), (-0.02, r * 1.03, z)], 0.008, smooth=False)
        b.tube(
            [(0.09, -r, 0.008), (0.09, r, 0.008), (-0.1, r, 0.008), (-0.1, -r, 0.008), (0.09, -r, 0.008)],
            0.008,
            smooth=False,
        )
    else:
        b.lathe(
            [(0, 0), (wide, 0), (wide * 0.96, base_z * 0.6), (wide * 0.5, base_z), (0, base_z)],
            squash=1.0 if form == "round" else b.u(0.7, 0.9),
        )
    if form != "frame":
        b.part(*POLE)
        if b.maybe():
            b.cone((-0.03, 0, base_z * 0.7), (-0.06, 0, z - 0.02), b.u(0.016, 0.03), b.u(0.012, 0.02))
        else:
            b.box((0.05, b.u(0.04, 0.07), z), (-0.05, 0, z / 2 + base_z * 0.2), round=0.5, taper=0.8)
        for k in (np.arange(n := b.n(2, 5)) - (n - 1) / 2) if b.maybe(0.6) else ():
            b.part(*BUTTON, joint=presses((0, 0, -1)))
            b.box((0.014, 0.018, 0.014), (wide * 0.62, k * 0.024, base_z * 0.85), round=0.4)
        if b.maybe(0.3):
            with b.moved((wide * 0.55, 0, base_z * 0.85), pitch=-np.pi / 2):
                dial(b, (0, 0, 0), 0.016)
    with b.moved((0, 0, z), pitch=b.u(-0.45, 0.2)):
        fan_head(b, r)
    if b.maybe(0.3):
        b.part(*CORD)
        b.tube([(-wide * 0.8, 0, 0.012), (-wide - 0.05, 0.03, 0.004), (-wide - 0.15, -0.04, 0.004)], 0.0035)


@kind("pedestal fan", "standing fan", "floor fan", "fan")
def pedestal_fan(b: Builder) -> None:
    r, z = b.u(0.17, 0.24), b.u(0.8, 1.3)
    b.part(*BASE)
    if b.maybe(0.65):
        q = b.u(0.17, 0.23)
        b.lathe([(0, 0), (q, 0), (q, 0.012), (q * 0.4, 0.03), (0.03, 0.06), (0, 0.06)])
    else:
        for a in (0.6, np.pi - 0.6):
            c = np.array((np.cos(a), np.sin(a), 0)) * b.u(0.22, 0.3)
            b.tube([-c + (0, 0, 0.012), (0, 0, 0.03), c + (0, 0, 0.012)], 0.014, flat=0.7, smooth=False)
    b.part(*POLE)
    b.rod((0, 0, 0.02), (0, 0, z * 0.6), b.u(0.013, 0.018))
    b.rod((0, 0, z * 0.55), (0, 0, z - 0.06), b.u(0.009, 0.012))
    b.part("collar", "clamp", "height knob", *CONTROL_KNOB[2:], joint=turns((0, 0, 1), angle=2 * np.pi))
    b.cone((0, 0, z * 0.56), (0, 0, z * 0.63), 0.024, 0.02)
    with b.moved((-0.02, 0, z - b.u(0.1, 0.2))):
        wide, tall = b.u(0.07, 0.11), b.u(0.12, 0.2)
        b.part("control box", "neck", "housing", "body")
        b.box((0.06, wide, tall), round=b.u(0.2, 0.6), at=(0, 0, tall * 0.1))
        control_panel(
            b,
            Field(0, tall * 0.1, wide * 0.8, tall * 0.75),
            0.004,
            x=0.03,
            content=b.pick(("buttons",), ("display", "buttons"), ("knobs",)),
        )
    with b.moved((0.06, 0, z), pitch=b.u(-0.35, 0.2)):
        fan_head(b, r)


@kind("tower fan", "column fan", "air purifier", "tower heater", front=True)
def tower_fan(b: Builder) -> None:
    r, h, low = b.u(0.08, 0.14), b.u(0.5, 1.1), b.u(0.02, 0.06)
    b.part(*BASE)
    b.lathe([(0, 0), (r * b.u(1.1, 1.6), 0), (r * 1.1, low * 0.6), (r * 0.6, low), (0, low)])
    b.part("body", "housing", "tower", "case")
    boxy = b.maybe(0.4)
    if boxy:
        b.box((r * 1.8, r * 2, h), (0, 0, low + h / 2), round=b.u(0.1, 0.7))
    else:
        b.lathe(
            [(0, low), (r, low), (r * b.u(0.85, 1), low + h), (r * 0.5, low + h + 0.02), (0, low + h + 0.02)]
        )
    b.part("grille", "guard", "air outlet", "where the air comes out")
    x, span, top = r * (0.9 if boxy else 0.84), h * b.u(0.55, 0.75), low + h * b.u(0.48, 0.56)
    if b.maybe():
        for y in np.linspace(-0.5, 0.5, b.n(7, 12)) * r:
            b.box((0.02, 0.006, span), (x + 0.004 - (0 if boxy else abs(y) * 0.25), y, top))
    else:
        for z in np.linspace(-0.5, 0.5, b.n(12, 24)) * span:
            b.box((0.02, r * 1.1, 0.007), (x + 0.003, 0, top + z))
    if b.maybe(0.5):
        with b.moved((0, 0, low + h + (0 if boxy else 0.02)), pitch=-np.pi / 2):
            control_panel(b, Field(0, 0, r * 1.1, r * 0.8), 0.004, content=("display", "buttons"))
    else:
        field = Field(0, low + h * 0.91, r * 0.8, h * 0.1)
        control_panel(
            b,
            field,
            0.006,
            x=r * (0.9 if boxy else 0.97),
            content=b.pick(("buttons",), ("display", "buttons")),
        )
    if b.maybe(0.3):
        b.part("handle", "carrying handle", "grip", "part to hold it by")
        b.box((0.03, r * 1.2, 0.04), (-r * 0.95, 0, low + h * 0.85), round=0.5)


@kind("box fan", "floor fan", "window fan", front=True)
def box_fan(b: Builder) -> None:
    w, d = b.u(0.35, 0.55), b.u(0.1, 0.16)
    b.part("frame", "body", "housing", "case")
    for s in (1, -1):
        b.box((d, 0.03, w), (0, s * (w - 0.03) / 2, w / 2 + 0.02), round=0.3)
        b.box((d, w - 0.06, 0.03), (0, 0, w / 2 + 0.02 + s * (w - 0.03) / 2), round=0.3)
    with b.moved((0, 0, w / 2 + 0.02)):
        fan_blades(b, w * 0.45, b.n(4, 6))
        b.part(*GUARD)
        for x in (d / 2 - 0.004, -d / 2 + 0.004):
            if b.maybe():
                for z in np.linspace(-0.46, 0.46, 16) * w:
                    b.rod((x, -w / 2 + 0.03, z), (x, w / 2 - 0.03, z), 0.002, sides=5)
            else:
                for q in np.linspace(0.12, 0.46, 8) * w:
                    b.ring((x, 0, 0), q, 0.002, axis="x")
                for a in np.arange(4) * np.pi / 4:
                    c, s = 0.47 * w * np.cos(a), 0.47 * w * np.sin(a)
                    b.rod((x, -c, -s), (x, c, s), 0.0025, sides=5)
            b.rod((x, 0, 0), (x + 0.006 * np.sign(x), 0, 0), w * 0.07)
    b.part("handle", "carrying handle", "grip", "part to hold it by")
    b.tube(
        [(0, -0.07, w + 0.015), (0, -0.06, w + 0.05), (0, 0.06, w + 0.05), (0, 0.07, w + 0.015)],
        0.009,
        smooth=False,
    )
    dial(b, (d / 2, w * 0.465, w * b.u(0.2, 0.9)), 0.014)
    for s in (1, -1):
        b.part(*FOOT)
        b.box((d * 1.4, 0.04, 0.025), (0, s * w * 0.38, 0.0125), round=0.4)


@kind("ceiling fan", "fan with a lamp", "fan", rest="mounted")
def ceiling_fan(b: Builder) -> None:
    r, drop = b.u(0.4, 0.7), b.u(0.1, 0.45)
    with b.moved((r, 0, 0)):
        b.part("mount", "canopy", "ceiling plate", "where it is fixed")
        b.lathe([(0, 0), (0.07, 0), (0.06, -0.04), (0.02, -0.07), (0, -0.07)])
        b.part("rod", "pole", "down rod", "stem")
        b.rod((0, 0, -0.05), (0, 0, -0.07 - drop), 0.012)
        b.part("motor", "motor housing", "hub", "body")
        z, q = -0.07 - drop, b.u(0.09, 0.14)
        b.lathe(
            [
                (0, z + 0.02),
                (q * 0.5, z + 0.01),
                (q, z - 0.03),
                (q, z - 0.09),
                (q * 0.6, z - 0.13),
                (0, z - 0.135),
            ]
        )
        count, wide = b.n(3, 6), b.u(0.055, 0.085)
        b.part(*FAN_BLADES, joint=turns((0, 0, 1), angle=2 * np.pi))
        for a in np.arange(count) * 2 * np.pi / count + b.u(0, 1):
            with b.moved((0, 0, z - 0.06), yaw=a):
                b.box((r * 0.16, 0.03, 0.006), (q + r * 0.04, 0, 0))
                with b.moved((q + r * 0.08, 0, 0), roll=b.u(0.15, 0.3)):
                    b.ribbon(
                        [(0, wide * 0.7), (r * 0.45, wide), (r - q - 0.1 * r, wide * 0.9)],
                        [(0, -wide * 0.7), (r * 0.45, -wide), (r - q - 0.1 * r, -wide * 0.9)],
                        0.008,
                    )
        if b.maybe(0.5):
            b.part("lamp", "light", "shade", "what gives the light")
            b.lathe([(0.05, z - 0.13), (0.1, z - 0.16), (0.08, z - 0.21), (0, z - 0.23)])
        if b.maybe(0.5):
            b.part("pull chain", "chain", "cord", "what to pull to switch it on")
            b.rod((0.05, 0.03, z - 0.12), (0.05, 0.03, z - b.u(0.28, 0.4)), 0.002, sides=6)
            b.blob((0.012, 0.012, 0.02), (0.05, 0.03, z - 0.28))
