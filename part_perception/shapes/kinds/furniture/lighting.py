"""Lamps on tables and floors, lanterns, candles."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, CORD, LOOP_HANDLE

SHADE = ("lampshade", "shade", "lamp shade", "where the light comes out")
POLE = ("pole", "stem", "stand", "column")
BULB = ("bulb", "light bulb", "what shines")
LAMP_SWITCH = ("switch", "button", "on off switch", "what turns the light on")


def shade(b: Builder, z: float, r: float, h: float) -> None:
    """A shade about the z axis whose rim hangs at height z."""
    b.part(*SHADE)
    form, t = b.pick("drum", "cone", "cone", "bell", "dome", "globe"), 0.003
    top = r * {"drum": b.u(0.85, 1.0), "cone": b.u(0.3, 0.75)}.get(form, 0.3)
    if form in ("drum", "cone"):
        line = [(r, z), (top, z + h)]
    elif form == "bell":
        line = [(r, z), (r * 0.8, z + h * 0.25), (r * 0.5, z + h * 0.7), (top, z + h)]
    elif form == "dome":
        line = [(r * np.cos(a), z + h * np.sin(a)) for a in np.linspace(0, 1.45, 7)]
    else:
        b.blob((1.6 * r, 1.6 * r, 1.6 * r), (0, 0, z + 0.8 * r))
        return
    outer = np.asarray(line)
    b.lathe(np.concatenate([outer, outer[::-1] - (t, 0), outer[:1]]))
    if top > 0.02 and form != "dome":
        b.rod((-top, 0, z + h * 0.9), (top, 0, z + h * 0.9), 0.0025)


def bulb(b: Builder, at, r: float, up: bool = True) -> None:
    b.part(*BULB)
    s = 1 if up else -1
    line = [
        (0, 0),
        (r * 0.45, 0),
        (r * 0.5, r * 0.9),
        (r * 0.9, r * 1.7),
        (r, r * 2.3),
        (r * 0.7, r * 3),
        (0, r * 3.3),
    ]
    b.lathe([(p, s * q) for p, q in line], at)


def lamp_foot(b: Builder, r: float, h: float) -> None:
    b.part(*BASE)
    form = b.pick("disc", "dome", "block")
    if form == "disc":
        b.lathe([(0, 0), (r, 0), (r, h * 0.4), (r * 0.9, h * 0.5), (0, h * 0.5)])
    elif form == "dome":
        b.lathe([(0, 0), (r, 0), (r, h * 0.2), (r * 0.6, h * 0.7), (r * 0.15, h), (0, h)])
    else:
        b.box((2 * r, 2 * r * b.u(0.6, 1), h * 0.5), (0, 0, h * 0.25), round=b.u(0, 0.6))


@kind("table lamp", "bedside lamp", "lamp")
def table_lamp(b: Builder) -> None:
    h, r = b.u(0.3, 0.65), b.u(0.09, 0.19)
    shade_h = h * b.u(0.3, 0.5)
    z = h - shade_h
    form = b.pick("stem", "stem", "vase", "legs")
    if form == "vase":
        k = r * b.u(0.4, 0.75)
        b.part("body", "base", "lamp body", "what it stands on")
        line = [
            (0, 0),
            (k * 0.7, 0),
            (k * b.u(0.8, 1.1), z * 0.25),
            (k * b.u(0.6, 1.1), z * 0.6),
            (0.016, z * 0.9),
            (0.012, z + 0.02),
        ]
        b.lathe([*line, (0, z + 0.02)], squash=b.u(0.6, 1))
    elif form == "legs":
        for a in np.arange(3) * 2.094:
            b.part("leg", "foot", "support", "what it stands on")
            b.rod(
                (r * 0.8 * np.cos(a), r * 0.8 * np.sin(a), 0),
                (0.01 * np.cos(a), 0.01 * np.sin(a), z + 0.01),
                0.008,
            )
    else:
        lamp_foot(b, r * b.u(0.5, 0.85), b.u(0.02, 0.05))
        b.part(*POLE)
        if b.maybe(0.4):
            k = b.u(0.012, 0.03)
            b.lathe(
                [(k, 0.01), (k * 0.5, z * 0.2), (k * 1.3, z * 0.45), (k * 0.5, z * 0.7), (k * 0.6, z + 0.02)],
                smooth=True,
            )
        else:
            b.rod((0, 0, 0.01), (0, 0, z + 0.02), b.u(0.005, 0.015))
    shade(b, z, r, shade_h)
    if b.maybe(0.7):
        bulb(b, (0, 0, z + 0.02), min(0.03, r * 0.3, shade_h * 0.25))
    if b.maybe(0.3):
        b.part("pull chain", "chain", "switch", "what to pull to turn it on")
        b.rod((r * 0.4, 0, z + 0.03), (r * 0.4, 0, z - 0.06), 0.0015)
        b.blob((0.01, 0.01, 0.012), (r * 0.4, 0, z - 0.063))
    if b.maybe(0.3):
        b.part(*CORD)
        b.tube(
            [
                (-r * 0.4, 0, 0.004),
                (-r * 1.2, 0.03, 0.004),
                (-r * 1.6, -0.03, 0.004),
                (-r * 2.3, 0.02, 0.004),
            ],
            0.003,
        )


@kind("floor lamp", "standing lamp", "lamp")
def floor_lamp(b: Builder) -> None:
    h, r, sh = b.u(1.3, 1.8), b.u(0.12, 0.24), b.u(0.18, 0.32)
    form = b.pick("straight", "straight", "tripod", "arc", "uplight")
    if form == "tripod":
        for a in np.arange(3) * 2.094 + 0.5:
            b.part("leg", "tripod leg", "support", "what it stands on")
            b.rod(
                (0.3 * np.cos(a), 0.3 * np.sin(a), 0), (0.015 * np.cos(a), 0.015 * np.sin(a), h - sh), 0.012
            )
    else:
        lamp_foot(b, b.u(0.11, 0.17), b.u(0.02, 0.05))
        b.part(*POLE)
        if form == "arc":
            x = b.u(0.4, 0.8)
            b.tube(
                [
                    (0, 0, 0.01),
                    (0, 0, h * 0.75),
                    (x * 0.35, 0, h * 0.98),
                    (x * 0.8, 0, h * 0.98),
                    (x, 0, h * 0.86),
                ],
                0.009,
            )
            with b.moved((x, 0, 0)):
                shade(b, h * 0.86 - sh * 0.7, r, sh * 0.7)
                bulb(b, (0, 0, h * 0.86 - 0.02), 0.025, False)
            return
        b.rod((0, 0, 0.01), (0, 0, h - sh * 0.8), b.u(0.008, 0.016))
    if form == "uplight":
        b.part(*SHADE)
        b.lathe(
            wall([(0.02, h - sh * 0.8), (r * 0.6, h - sh * 0.6), (r, h - sh * 0.3)], 0.003, h - sh * 0.75)
        )
    else:
        shade(b, h - sh, r, sh)
    bulb(b, (0, 0, h - sh * 0.8), 0.028)
    if b.maybe(0.25):
        b.part("shelf", "tray", "where to put things")
        b.lathe([(0.02, h * 0.35), (0.17, h * 0.35), (0.17, h * 0.35 + 0.015), (0.02, h * 0.35 + 0.015)])


@kind("desk lamp", "reading lamp", "work lamp", "lamp")
def desk_lamp(b: Builder) -> None:
    """Two straight arms with joints, or a gooseneck, and a tilted head."""
    r = b.u(0.06, 0.1)
    if b.maybe(0.75):
        lamp_foot(b, r, b.u(0.02, 0.05))
    else:
        b.part("clamp", "base", "table clamp", "what holds it to the table")
        b.tube(
            [(0.04, 0, 0.0), (-0.03, 0, 0.0), (-0.03, 0, 0.07), (0.04, 0, 0.07)],
            0.009,
            flat=1.8,
            smooth=False,
        )
        b.rod((0.025, 0, -0.0), (0.025, 0, 0.05), 0.007)
    lower, upper = b.u(0.18, 0.38), b.u(0.15, 0.36)
    a1, a2 = b.u(1.5, 2.2), b.u(-0.3, 0.5)
    start = np.array((0, 0, 0.02))
    elbow = start + lower * np.array((np.cos(a1), 0, np.sin(a1)))
    end = elbow + upper * np.array((np.cos(a2), 0, np.sin(a2)))
    k = b.u(0.004, 0.009)
    gooseneck = b.maybe(0.35)
    b.part("arm", "lower arm", "pole", "stem")
    if gooseneck:
        b.tube([start, start + (0, 0, lower), start + (0.05, 0, lower + 0.1), end], k * 1.2)
    else:
        pair = b.pick((0,), (-0.012, 0.012))
        for y in pair:
            b.rod(start + (0, y, 0), elbow + (0, y, 0), k)
        b.part("arm", "upper arm", "pole", "stem")
        for y in pair:
            b.rod(elbow + (0, y, 0), end + (0, y, 0), k)
        b.part("joint", "hinge", "elbow", "what it turns on")
        for at in (start + (0, 0, 0.015), elbow, end):
            b.rod(at - (0, 0.018, 0), at + (0, 0.018, 0), k * 2.2)
    with b.moved(end, pitch=b.u(-0.3, 0.5)):
        b.part("lamp head", "lampshade", "head", "shade", "where the light comes out")
        size = b.u(0.05, 0.09)
        if b.maybe(0.7):
            line = np.array(
                [
                    (size, -size * 1.5),
                    (size * b.u(0.6, 0.95), -size * 0.7),
                    (size * 0.35, -size * 0.1),
                    (size * 0.3, 0.03),
                ]
            )
            b.lathe(np.concatenate([line, [(0, 0.03)], [(0, 0.02)], line[::-1] - (0.002, 0.0)]))
            bulb(b, (0, 0, -0.01), size * 0.38, False)
        else:
            b.box((size * b.u(2.5, 5), size * 0.8, 0.02), (size * 0.6, 0, 0), round=0.6)
    if b.maybe(0.6):
        b.part(*LAMP_SWITCH)
        b.rod((r * 0.65, 0, 0.005), (r * 0.65, 0, 0.034), 0.009)
    if b.maybe(0.3):
        b.part(*CORD)
        b.tube(
            [(-r * 0.9, 0, 0.004), (-r * 1.7, 0.03, 0.004), (-r * 2.3, -0.02, 0.004), (-r * 3, 0.02, 0.004)],
            0.003,
        )


def glazed(b: Builder, r: float, h: float, sides: int, widen: float) -> float:
    """Parts: a lantern's glass above z = 0.034 in its wires, and its top. Returns the height of the glass's end."""
    z, end = 0.036 + h, r * 0.85 * widen
    b.part("glass", "body", "where the light comes out", "window")
    if sides > 6 and b.maybe(0.3):
        b.blob((2.1 * r, 2.1 * r, h), (0, 0, 0.034 + h / 2))
    else:
        b.cone((0, 0, 0.034), (0, 0, 0.035 + h), r * 0.85, end, sides=sides)
    b.part("frame", "cage", "posts", "guard wire")
    for a in np.arange(4) * np.pi / 2:
        c = np.array((np.cos(a), np.sin(a), 0))
        b.rod(c * r * 0.96 + (0, 0, 0.03), c * end * 1.13 + (0, 0, 0.04 + h), 0.004)
    b.part("top", "roof", "cap", "cover")
    b.cone((0, 0, z), (0, 0, z + b.u(0.03, 0.07)), end * b.u(1.18, 1.5), r * 0.35, sides=sides)
    b.rod((0, 0, z + 0.02), (0, 0, z + 0.085), r * 0.25)
    return z


@kind("lantern", "storm lantern", "camping lantern")
def lantern(b: Builder) -> None:
    r, h, sides = b.u(0.05, 0.09), b.u(0.1, 0.22), b.pick(4, 6, 28)
    b.part(*BASE)
    b.cone((0, 0, 0), (0, 0, 0.035), r * 1.1, r * b.u(0.85, 1), sides=sides)
    z = glazed(b, r, h, sides, b.pick(0.95, 0.95, b.u(0.6, 1.2)))
    b.part(*LOOP_HANDLE)
    if b.maybe():
        b.ring((0, 0, z + 0.1), 0.03, 0.003, axis="x")
    else:
        b.tube(
            [(0, -r, z), (0, -r * 1.1, z + 0.06), (0, 0, z + 0.15), (0, r * 1.1, z + 0.06), (0, r, z)], 0.003
        )


@kind("candle", "candle stick", "candle in a holder")
def candle(b: Builder) -> None:
    z, slim = 0.0, b.maybe(0.6)
    r, h = (b.u(0.009, 0.013), b.u(0.12, 0.25)) if slim else (b.u(0.02, 0.045), b.u(0.05, 0.16))
    if slim or b.maybe(0.4):
        z = b.u(0.03, 0.25) if slim else 0.012
        b.part("holder", "candle holder", "candlestick", "base", "what it stands on")
        k = max(r * 1.3, 0.012)
        b.lathe(
            [
                (0, 0),
                (0.05, 0),
                (0.05, 0.004),
                (0.015, 0.015),
                (0.008, z * 0.5),
                (k * 0.7, z * 0.8),
                (k, z),
                (k, z + 0.012),
                (r, z + 0.012),
            ]
        )
        if b.maybe(0.3):
            b.part(*LOOP_HANDLE)
            b.ring((0.06, 0, 0.02), 0.016, 0.003, axis="y")
    b.part("candle", "wax", "body")
    b.lathe([(0, z), (r, z), (r, z + h), (r * 0.8, z + h - 0.003), (0, z + h - 0.004)])
    b.part("wick", "where it burns", "tip")
    b.rod((0, 0, z + h - 0.005), (0.002, 0, z + h + 0.012), 0.0012)
    if b.maybe(0.3):
        b.part("flame", "fire", "what burns")
        b.lathe([(0, z + h + 0.004), (0.006, z + h + 0.012), (0.003, z + h + 0.025), (0, z + h + 0.035)])
