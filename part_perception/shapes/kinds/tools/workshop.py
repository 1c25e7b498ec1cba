"""Brushes, scrapers and other workbench tools."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar, driver_grip
from part_perception.shapes.lexicon import BLADE, HANDLE, NOZZLE, TRIGGER

BRISTLES = ("bristles", "brush hair", "brush", "what sweeps or paints")


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
