"""Clamps, scrapers, brushes and what else lies on a workbench."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.handtools import JAW, bar, driver_grip, grip
from part_perception.training.engine.lexicon import BLADE, HANDLE, NOZZLE, TOOL_HANDLE, TRIGGER

SCREW_ROD = ("screw", "threaded rod", "spindle", "what to tighten")
CLAMP_PAD = ("pad", "foot", "jaw", "what presses")
BRISTLES = ("bristles", "brush hair", "brush", "what sweeps or paints")


@kind("C-clamp", "G-clamp", "screw clamp", "clamp", rest="lies")
def c_clamp(b: Builder) -> None:
    gap, deep = b.u(0.04, 0.15), b.u(0.03, 0.09)
    r = gap * b.u(0.07, 0.11)
    b.part("frame", "body", "arch", "bow")
    b.tube(
        [
            (deep, gap, 0),
            (0.1 * deep, gap, 0),
            (-r, gap * 0.8, 0),
            (-r, gap * 0.1, 0),
            (0.1 * deep, -0.1 * gap, 0),
            (deep, -0.1 * gap, 0),
        ],
        r,
        flat=b.u(0.6, 1.1),
        smooth=b.maybe(0.6),
    )
    b.part(*JAW)
    b.rod((deep, gap, 0), (deep, gap - r * 1.7, 0), r * 1.1)
    b.part(*SCREW_ROD)
    open_at, out = gap * b.u(0.1, 0.8), gap * b.u(0.5, 0.8)
    b.rod((deep, open_at - out - gap * 0.5, 0), (deep, open_at, 0), r * 0.65)
    b.part(*CLAMP_PAD)
    b.cone((deep, open_at, 0), (deep, open_at + r * 0.8, 0), r * 0.9, r * 1.3)
    b.part("handle", "T bar", "what to turn", "part to hold it by")
    end = open_at - out - gap * 0.48
    if b.maybe(0.7):
        b.rod((deep - gap * 0.28, end, 0), (deep + gap * 0.28, end, 0), r * 0.4)
    else:
        b.cone((deep, end - gap * 0.4, 0), (deep, end, 0), r * 1.4, r * 1.7)


@kind("bar clamp", "quick clamp", "F-clamp", "one-hand clamp", rest="lies")
def bar_clamp(b: Builder) -> None:
    length, deep, w = b.u(0.2, 0.6), b.u(0.06, 0.11), b.u(0.006, 0.01)
    b.part("bar", "rail", "rod", "what the jaw slides on")
    b.box((length, 2.4 * w, w), (length / 2, 0, 0))
    slide, quick = length * b.u(0.3, 0.75), b.maybe(0.6)
    for x, s in ((length - w, -1), (slide, 1)):
        b.part(*JAW)
        b.ribbon(
            [(x - w * 1.6, -w * 2), (x - w * 1.2, deep * 0.7), (x - w * 0.8, deep)],
            [(x + w * 1.6, -w * 2), (x + w * 1.2, deep * 0.7), (x + w * 0.8, deep)],
            w * 2.4,
        )
        if quick or s < 0:
            b.part(*CLAMP_PAD)
            b.box((w * 1.2, deep * 0.3, w * 3), (x + s * w * 1.4, deep * 0.85, 0), round=0.3)
    if quick:
        b.part(*HANDLE)
        b.tube(
            [(slide - w, -w, 0), (slide - w * 2, -deep * 0.5, 0), (slide - w * 3, -deep * b.u(0.9, 1.2), 0)],
            [w * 1.8, w * 1.5, w * 1.4],
            flat=0.9,
        )
        b.part(*TRIGGER)
        b.tube(
            [(slide + w * 3, -w, 0), (slide + w * 3.5, -deep * 0.4, 0), (slide + w * 2.5, -deep * 0.75, 0)],
            [w * 1.1, w * 0.8, w * 0.6],
            flat=1.2,
        )
    else:
        b.part(*SCREW_ROD)
        b.rod((slide - deep * 0.6, deep * 0.85, 0), (slide + deep * 0.35, deep * 0.85, 0), w * 0.8)
        b.part(*CLAMP_PAD)
        b.rod((slide + deep * 0.3, deep * 0.85, 0), (slide + deep * 0.4, deep * 0.85, 0), w * 1.7)
        b.part(*HANDLE)
        bar(
            b, slide - deep * np.array([1.7, 1.6, 0.7, 0.55]), w * np.array([1.4, 2, 1.7, 1.2]), y=deep * 0.85
        )


@kind("spring clamp", "clip clamp", "clothes peg", "clothespin", rest="lies")
def spring_clamp(b: Builder) -> None:
    length, a = b.u(0.05, 0.18), b.u(0.1, 0.35)
    w, wide = length * b.u(0.05, 0.09), length * b.u(0.08, 0.2)
    for s in (-1, 1):
        b.part("handle", "grip", "what to squeeze", "part to hold it by")
        b.tube(
            [
                (0, s * w * 1.2, 0),
                (-length * 0.3, s * (w + length * 0.3 * np.sin(a)), 0),
                (-length * 0.6, s * (w + length * 0.5 * np.sin(a)), 0),
            ],
            [w, w, w * 0.8],
            flat=wide / w / 2,
            steps=8,
        )
        b.part(*JAW)
        b.tube(
            [(0, s * w * 1.2, 0), (length * 0.2, s * w * b.u(1.5, 2.5), 0), (length * 0.4, s * w * 0.7, 0)],
            [w, w, w * 0.6],
            flat=wide / w / 2,
            steps=8,
        )
    b.part("spring", "coil", "joint", "what it turns on")
    b.rod((0, 0, -wide * 0.62), (0, 0, wide * 0.62), w * 0.9)


@kind("vise", "bench vise", "vice")
def vise(b: Builder) -> None:
    w, h = b.u(0.08, 0.16), b.u(0.09, 0.16)
    deep = w * 0.5
    b.part("base", "foot", "what it stands on", "bottom")
    b.cone((0, 0, 0), (0, 0, h * 0.15), w * 0.6, w * 0.55)
    b.part("body", "frame", "block")
    b.box((deep * 1.4, w * 0.7, h * 0.6), (0, 0, h * 0.42), taper=0.9)
    gap = b.u(0.003, 0.08)
    for x, s in ((deep * 0.35, -1), (deep * 0.35 + gap, 1)):
        b.part(*JAW)
        b.box((deep * 0.7, w, h * 0.4), (x + s * deep * 0.35, 0, h * 0.8), round=0.1)
    b.box((gap + deep, w * 0.35, h * 0.25), (deep + gap / 2, 0, h * 0.5))
    b.part(*SCREW_ROD)
    end = deep * 1.35 + gap + b.u(0.03, 0.07)
    b.rod((0, 0, h * 0.45), (end, 0, h * 0.45), w * 0.09)
    b.part("handle", "lever", "T bar", "what to turn", "part to hold it by")
    with b.moved((end - 0.01, 0, h * 0.45), roll=b.u(0, 3.1)):
        b.rod((0, -w * 0.6, 0), (0, w * 0.6, 0), w * 0.05)
        for s in (-1, 1):
            b.blob((w * 0.15,) * 3, (0, s * w * 0.6, 0))


@kind("putty knife", "scraper", "paint scraper", "filling knife", rest="lies")
def putty_knife(b: Builder) -> None:
    w, length = b.u(0.012, 0.06), b.u(0.06, 0.11)
    b.part(*HANDLE)
    hand = b.u(0.08, 0.13)
    bar(
        b,
        -hand * np.array([1, 0.9, 0.6, 0.2, 0]),
        b.u(0.011, 0.016) * np.array([0.8, 1.1, 0.8, 0.9, 0.7]),
        flat=b.u(0.4, 0.9),
    )
    b.part(*BLADE)
    b.ribbon(
        [(-0.004, 0.009), (length * 0.2, 0.009), (length, w)],
        [(-0.004, -0.009), (length * 0.2, -0.009), (length, -w)],
        0.0012,
    )


@kind("paint brush", "paintbrush", "brush", rest="lies")
def paint_brush(b: Builder) -> None:
    flat_brush = b.maybe(0.65)
    w, t = (b.u(0.01, 0.05), b.u(0.004, 0.011)) if flat_brush else (b.u(0.003, 0.02),) * 2
    hand = b.u(0.1, 0.2)
    b.part(*HANDLE)
    rs = np.array([0.5, 0.75, 0.6, 0.4, 0.8, 1.0]) * max(w * 0.75, 0.004)
    bar(
        b,
        -hand * np.array([1, 0.9, 0.7, 0.45, 0.12, 0]),
        np.minimum(rs, [0.009, 0.011, 0.01, 0.008, w, w]),
        flat=t / w if w > 0.02 else 0.8,
    )
    b.part("ferrule", "metal band", "collar", "what holds the bristles")
    metal = b.u(0.015, 0.035)
    if flat_brush:
        b.box((metal, 2.1 * w, 2.2 * t), (metal / 2 - 0.002, 0, 0), round=0.2)
    else:
        bar(b, (-0.002, metal), (w * 1.05, w * 1.05))
    b.part(*BRISTLES)
    out = b.u(0.02, 0.06) if w > 0.006 else b.u(0.01, 0.02)
    if flat_brush:
        x, y = metal + out * np.array([-0.1, 0.5, 1]), w * np.array([0.97, 1.02, b.u(0.7, 1.05)])
        b.ribbon(np.stack([x, y], 1), np.stack([x, -y * b.pick(1, 1, 0.4)], 1), 1.8 * t)
    else:
        bar(b, metal + out * np.array([-0.1, 0.4, 1]), w * np.array([0.95, 1.1, b.u(0.1, 0.9)]))


@kind("paint roller", "roller brush", "lint roller", rest="lies")
def paint_roller(b: Builder) -> None:
    wide, r, reach = b.u(0.08, 0.25), b.u(0.015, 0.03), b.u(0.12, 0.25)
    b.part("roller", "roll", "paint sleeve", "what rolls")
    b.rod((0, -wide / 2, 0), (0, wide / 2, 0), r)
    b.part("frame", "wire", "arm", "rod that carries the roll")
    y = wide / 2 + 0.012
    b.tube(
        [(0, wide * 0.4, 0), (0, y, 0), (-0.05, y, 0), (-0.07, y * 0.6, 0), (-0.08, 0, 0), (-reach, 0, 0)],
        b.u(0.0025, 0.004),
        smooth=b.maybe(0.3),
    )
    b.part(*HANDLE)
    hand = b.u(0.09, 0.14)
    bar(
        b,
        -reach + 0.01 - hand * np.array([1, 0.95, 0.5, 0.1, 0]),
        np.array([0.8, 1.1, 1, 1.15, 0.7]) * b.u(0.011, 0.016),
    )


@kind("crowbar", "pry bar", "wrecking bar", rest="lies")
def crowbar(b: Builder) -> None:
    length, r = b.u(0.25, 0.8), b.u(0.007, 0.012)
    hook = b.u(0.04, 0.08)
    b.part("shaft", "handle", "bar", "part to hold it by")
    b.tube([(0, 0, 0), (length, 0, 0)], r, sides=6, smooth=False, flat=b.u(0.6, 1))
    b.part("hook", "claw", "bent end", "what pulls nails out")
    b.tube(
        [
            (length - 0.002, 0, 0),
            (length + hook * 0.5, hook * 0.1, 0),
            (length + hook * 0.8, hook * 0.5, 0),
            (length + hook * b.u(0.3, 0.7), hook, 0),
        ],
        [r, r, r, r * 0.7],
        sides=6,
        flat=b.u(0.6, 1.5),
    )
    b.part("chisel end", "tip", "flat end", "wedge")
    b.tube(
        [(0.002, 0, 0), (-0.03, 0.004, 0), (-0.06, b.u(0, 0.02), 0)], [r, r * 1.2, r * 1.6], flat=0.4, steps=8
    )


@kind("caulking gun", "sealant gun", "silicone gun", "cartridge gun", rest="lies")
def caulking_gun(b: Builder) -> None:
    length, r = b.u(0.2, 0.26), b.u(0.022, 0.028)
    b.part("frame", "cradle", "body", "what holds the cartridge")
    if b.maybe():
        b.tube([(-length, y, 0) for y in (-r, r)], 0.004)
        for s in (-1, 1):
            b.box((length, 0.004, r), (-length / 2, s * (r + 0.003), 0))
    else:
        with b.moved((-length, 0, 0), pitch=np.pi / 2, roll=0):
            b.lathe([(r + 0.002, 0), (r + 0.002, length)], arc=np.pi * 1.15)
    b.rod((0, 0, 0), (0.003, 0, 0), r + 0.004)
    b.rod((-length - 0.012, 0, 0), (-length, 0, 0), r * 0.9)
    if b.maybe(0.75):
        b.part("cartridge", "tube", "container", "where the sealant is")
        b.rod((-length + 0.005, 0, 0), (-0.001, 0, 0), r * 0.97)
        b.part(*NOZZLE)
        b.cone((0, 0, 0), (b.u(0.05, 0.1), 0, 0), r * 0.35, 0.003)
    b.part(*HANDLE)
    back = -length - 0.008
    b.tube(
        [(back + 0.002, -r * 0.3, 0), (back - 0.012, -0.06, 0), (back - 0.022, -b.u(0.1, 0.13), 0)],
        [0.013, 0.011, 0.01],
        flat=0.8,
    )
    b.part(*TRIGGER)
    b.tube(
        [(back + 0.02, -r * 0.7, 0), (back + 0.035, -0.05, 0), (back + 0.015, -b.u(0.08, 0.11), 0)],
        [0.008, 0.006, 0.006],
        flat=1.1,
    )
    b.part("plunger", "rod", "push rod", "what pushes the sealant out")
    out = b.u(0.05, 0.2)
    b.tube([(back + 0.01, 0, 0), (back - out, 0, 0), (back - out - 0.01, -0.035, 0)], 0.0035, smooth=False)


@kind("wire brush", "scrub brush", "dish brush", "cleaning brush", rest="lies")
def wire_brush(b: Builder) -> None:
    length, w = b.u(0.06, 0.14), b.u(0.012, 0.03)
    head = b.part("head", "brush head", "working end")
    b.box((length, 2 * w, 0.014), (length / 2, 0, 0.03), round=0.6)
    b.part(*BRISTLES, inside=head)
    b.box((length * 0.9, 1.7 * w, 0.03), (length / 2, 0, 0.012), taper=b.u(0.8, 1))
    b.part(*HANDLE)
    hand = b.u(0.08, 0.2)
    b.tube(
        [(0.005, 0, 0.03), (-hand * 0.5, 0, 0.03 + b.u(0, 0.03)), (-hand, 0, 0.03 + b.u(-0.01, 0.03))],
        [0.009, 0.011, 0.012],
        flat=b.u(0.6, 1),
    )


@kind("hand drill", "eggbeater drill", "brace drill", rest="lies")
def hand_drill(b: Builder) -> None:
    length, r = b.u(0.18, 0.26), b.u(0.035, 0.055)
    b.part("shaft", "frame", "body", "rod")
    bar(b, (-0.01, length * 0.75), (0.007, 0.007))
    b.part(*HANDLE)
    driver_grip(b, b.u(0.09, 0.12), 0.016)
    b.part("wheel", "gear wheel", "gear", "what the crank turns")
    b.rod((length * 0.4, 0, 0.009), (length * 0.4, 0, 0.015), r)
    b.part("crank", "crank handle", "what to turn")
    with b.moved((length * 0.4, 0, 0.018), yaw=b.u(0, 6.28)):
        bar(b, (0, r * 1.2), (0.005, 0.005), flat=0.5)
        b.rod((r * 1.15, 0, 0), (r * 1.15, 0, 0.035), 0.008)
    b.part("chuck", "collet", "what holds the bit")
    bar(b, length * 0.73 + np.array([0, 0.01, 0.04, 0.05]), (0.011, 0.013, 0.012, 0.007))
    b.part("bit", "drill bit", "what makes the hole", "tip")
    bar(b, length * 0.73 + np.array([0.045, 0.1, 0.105]), (0.0025, 0.0025, 0.0005))


@kind("socket wrench", "ratchet", "socket spanner", rest="lies")
def socket_wrench(b: Builder) -> None:
    length, r = b.u(0.14, 0.28), b.u(0.012, 0.018)
    b.part(*TOOL_HANDLE)
    grip(b, -length, -r * 0.8, r * 0.7)
    b.part("head", "ratchet head", "working end")
    b.rod((0, 0, -r * 0.6), (0, 0, r * 0.6), r)
    b.part("socket", "nut socket", "what fits the nut", "what grips the nut")
    b.cone((0, 0, -r * 0.6), (0, 0, -r * b.u(1.6, 3)), r * 0.55, r * b.u(0.5, 0.9))


@kind("allen key", "hex key", "hex wrench", rest="lies")
def allen_key(b: Builder) -> None:
    length, r = b.u(0.05, 0.2), b.u(0.0012, 0.005)
    short = length * b.u(0.25, 0.45)
    b.part("long arm", "handle", "shaft", "part to hold it by")
    b.tube([(0, 0, 0), (-length, 0, 0)], r, sides=6, smooth=False)
    b.part("short arm", "tip", "bent end", "end that fits the screw")
    b.tube([(-r, 0, 0), (r, r, 0), (r * 2, r * 3, 0), (r * 2, short, 0)], r, sides=6, steps=10)
