"""More seating: corner sofas, wing chairs, ottomans, school and high chairs, loungers. It faces +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.armchairs import CUSHION, PILLOW
from part_perception.shapes.kinds.furniture.seating import armrests, backrest, legs
from part_perception.shapes.lexicon import ARM, BACK, FOOT, LEG, RAIL, SEAT

SOFA_BASE = ("base", "frame", "body")
FOOTREST = ("footrest", "foot rest", "where to put the feet")


def feet(b: Builder, w: float, d: float, h: float, x: float = 0.0) -> None:
    """Four feet under a block w (y) by d (x)."""
    r, square = b.u(0.015, 0.03), b.pick(4, 12)
    for sx in (1, -1):
        for sy in (1, -1):
            b.part(*FOOT)
            at = (x + sx * (d / 2 - 0.05), sy * (w / 2 - 0.05))
            b.cone((*at, 0), (*at, h + 0.005), r * 0.8, r, sides=square)


def pillows(b: Builder, w: float, x: float, z: float) -> None:
    for y in b.pick((), (), (-0.35,), (-0.38, 0.38), (-0.4, -0.1, 0.4)):
        b.part(*PILLOW)
        with b.moved((x, y * w, z + 0.2), pitch=-b.u(0.2, 0.5), roll=b.u(-0.4, 0.4)):
            b.blob((0.14, 0.42, 0.42), e1=0.6, e2=0.6)


@kind("box sofa", "sofa", "couch", "settee", "loveseat")
def box_sofa(b: Builder) -> None:
    """A sofa of blocks: base, separate seat and back cushions, wide or thin arms, sometimes a corner."""
    seats, d, z, foot, soft = (
        b.n(1, 4),
        b.u(0.75, 1.0),
        b.u(0.36, 0.46),
        b.pick(0.0, b.u(0.03, 0.18)),
        b.u(0.15, 0.7),
    )
    one, side, t = b.u(0.5, 0.75), b.u(0.05, 0.28), b.u(0.1, 0.25)
    w, arm, high = seats * one, z + b.u(0.08, 0.3), z + b.u(0.3, 0.55)
    m = b.u(0.1, 0.2)
    b.part(*SOFA_BASE)
    b.box((d - 0.03, w + 2 * side - 0.03, z - m - foot), (0, 0, (z - m + foot) / 2), round=b.pick(0, 0.2))
    b.part(*BACK)
    with b.moved((-d / 2 + t / 2, 0, foot)):
        b.box((t, w + 2 * side * b.pick(0, 1), high - foot), (0, 0, (high - foot) / 2), round=soft * 0.6)
    for s in (1, -1) if b.maybe(0.9) else ():
        b.part(*ARM)
        b.box(
            (d * b.u(0.85, 1), side, arm - foot), (0, s * (w + side) / 2, (arm + foot) / 2), round=soft * 0.8
        )
    whole = b.maybe(0.3)
    deep = d - t
    for k in range(1 if whole else seats):
        b.part(*CUSHION)
        y, wide = (0, w) if whole else ((k - (seats - 1) / 2) * one, one)
        b.box((deep, wide - 0.006, m), (t / 2 + 0.01, y, z - m / 2), round=soft)
    for k in range(seats) if b.maybe(0.7) else ():
        b.part("back cushion", *BACK)
        q = b.u(0.12, 0.2)
        with b.moved((-d / 2 + t + q / 2, (k - (seats - 1) / 2) * one, z), pitch=-b.u(0.05, 0.2)):
            b.box((q, one - 0.008, high - z), (0, 0, (high - z) / 2), round=min(1, soft + 0.2))
    if seats > 1 and b.maybe(0.3):
        s, long = b.pick(1, -1), b.u(0.5, 0.9)
        b.part("chaise", "chaise longue", "corner seat", "where to put the legs")
        y = s * (w - one) / 2
        b.box((long, one, z - foot), (d / 2 + long / 2, y, (z + foot) / 2), round=soft * 0.4)
    if foot:
        feet(b, w + 2 * side, d, foot)
    pillows(b, w, -d / 2 + t + 0.25, z)


@kind("wing chair", "armchair", "easy chair", "lounge chair", "recliner")
def wing_chair(b: Builder) -> None:
    w, d, z, high, soft = b.u(0.5, 0.65), b.u(0.5, 0.62), b.u(0.38, 0.46), b.u(0.95, 1.2), b.u(0.3, 0.9)
    t, low = b.u(0.08, 0.15), b.u(0.12, 0.25)
    b.part(*SOFA_BASE)
    b.box((d, w, z - low - 0.1), (0, 0, (z - 0.1 + low) / 2), round=0.2)
    b.part(*CUSHION)
    b.box((d, w - 0.01, 0.14), (0.03, 0, z - 0.05), round=soft)
    with b.moved((-d / 2 - t / 2, 0, low), pitch=-b.u(0.05, 0.2)):
        b.part(*BACK)
        b.box((t, w, high - low), (0, 0, (high - low) / 2), round=soft)
        if b.maybe(0.6):
            for s in (1, -1):
                b.part("wing", "side wing", "head rest", "where to lean the head")
                b.box((0.22, 0.06, (high - z) * 0.6), (0.1, s * w / 2, (high - low) * 0.72), round=0.7)
    for s in (1, -1):
        b.part(*ARM)
        b.box(
            (d * 0.95, b.u(0.07, 0.12), z + 0.2 - low),
            (0, s * (w / 2 + 0.03), (z + 0.2 + low) / 2),
            round=soft,
        )
    for sx in (1, -1):
        for sy in (1, -1):
            b.part(*LEG)
            b.cone(
                (sx * d * 0.46, sy * w * 0.46, 0), (sx * d * 0.42, sy * w * 0.43, low + 0.01), 0.012, 0.022
            )
    if b.maybe(0.25):
        b.part("footstool", "footrest", "ottoman", "where to put the feet")
        b.box((0.4, w * 0.8, 0.14), (d / 2 + b.u(0.35, 0.5), 0, z - 0.12), round=0.6)
        feet(b, w * 0.8, 0.4, z - 0.18, d / 2 + 0.42)


@kind("wooden armchair", "lounge chair", "armchair", "chair")
def wooden_armchair(b: Builder) -> None:
    """A frame of wood with two cushions on it."""
    w, d, z, k = b.u(0.5, 0.62), b.u(0.5, 0.65), b.u(0.3, 0.4), b.u(0.03, 0.05)
    arm, lean = z + b.u(0.16, 0.26), b.u(0.2, 0.5)
    for s in (1, -1):
        y = s * (w / 2 + k)
        for x in (d / 2, -d / 2):
            b.part(*LEG)
            b.box((k, k, arm), (x, y, arm / 2))
        b.part(*ARM)
        b.box((d + 2 * k, b.u(0.05, 0.1), 0.03), (0, y, arm + 0.012), round=0.3)
    b.part("frame", *RAIL)
    for x in (d / 2, -d / 2):
        b.box((k * 0.6, w + 2 * k, 0.06), (x, 0, z - 0.06))
    b.part(*CUSHION)
    b.box((d, w, b.u(0.08, 0.15)), (0.02, 0, z), round=0.6)
    b.part(*BACK)
    with b.moved((-d / 2, 0, z), pitch=-lean):
        b.box((b.u(0.08, 0.14), w, b.u(0.45, 0.65)), (0, 0, 0.28), round=0.6)


@kind("ottoman", "pouf", "footstool", "hassock", "upholstered stool")
def ottoman(b: Builder) -> None:
    w, d, h, foot = b.u(0.35, 1.1), b.u(0.35, 0.6), b.u(0.32, 0.48), b.pick(0.0, b.u(0.03, 0.15))
    if b.maybe(0.3):
        b.part(*SEAT)
        r = d / 2
        b.lathe([(0, 0), (r * 0.9, 0), (r, h * 0.25), (r, h * 0.8), (r * 0.85, h), (0, h)], smooth=b.maybe())
        return
    b.part("body", "base", "frame")
    b.box((d, w, h * 0.7 - foot), (0, 0, (h * 0.7 + foot) / 2), round=0.1)
    b.part(*CUSHION)
    b.box((d * 1.01, w * 1.01, h * 0.32), (0, 0, h * 0.85), round=b.u(0.3, 0.9))
    if foot:
        feet(b, w, d, foot)


@kind("piano stool", "piano bench", "upholstered bench", "bedroom bench", "bench")
def upholstered_bench(b: Builder) -> None:
    w, d, z = b.u(0.5, 1.3), b.u(0.3, 0.45), b.u(0.42, 0.52)
    b.part(*SEAT)
    b.box((d, w, b.u(0.05, 0.1)), (0, 0, z), round=b.u(0.4, 0.9))
    b.part("apron", "frame", "rail", "rim under the seat")
    b.box((d * 0.9, w * 0.94, 0.06), (0, 0, z - 0.07))
    legs(b, w * 0.95, d * 0.95, z - 0.08, b.u(0.014, 0.03), b.pick(0, 0.02))
    for s in (1, -1) if b.maybe(0.25) else ():
        b.part("knob", "round handle", "what to turn", "height knob")
        b.cone((0, s * w * 0.46, z - 0.07), (0, s * (w * 0.47 + 0.04), z - 0.07), 0.025, 0.03)


@kind("school chair", "desk chair with table", "classroom chair", "chair")
def school_chair(b: Builder) -> None:
    """A seat and back of shells on a steel frame, often with a small table on the arm."""
    w, d, z, r = b.u(0.38, 0.46), b.u(0.36, 0.44), b.u(0.38, 0.46), b.u(0.009, 0.014)
    b.part(*SEAT)
    b.box((d, w, b.u(0.01, 0.03)), (0, 0, z), round=b.u(0.2, 0.9))
    b.part(*BACK)
    top = z + b.u(0.3, 0.42)
    with b.moved((-d / 2, 0, top - 0.1), pitch=-0.15):
        b.box((b.u(0.01, 0.03), w * 0.95, b.u(0.16, 0.3)), round=b.u(0.2, 0.8))
    b.part("frame", "leg", "leg frame", "what it stands on")
    for s in (1, -1):
        y = s * w * 0.44
        b.tube(
            [(d * 0.5, y, 0), (d * 0.42, y, z - 0.02), (-d * 0.4, y, z - 0.02), (-d * 0.5, y, 0)],
            r,
            smooth=False,
        )
        b.rod((-d * 0.4, y, z - 0.02), (-d / 2 - 0.015, y, top), r)
    if b.maybe(0.55):
        s = b.pick(1, -1)
        b.part("table top", "writing board", "tablet arm", "top", "where to write")
        b.box((b.u(0.4, 0.55), b.u(0.25, 0.36), 0.018), (d * 0.35, s * w * 0.35, z + 0.25), round=0.3)
        b.part("support", "arm", "bracket")
        b.tube(
            [(0, s * w * 0.46, z - 0.02), (0, s * (w * 0.56), z + 0.12), (d * 0.3, s * w * 0.45, z + 0.24)], r
        )


@kind("high chair", "baby chair", "child's high chair", "feeding chair")
def high_chair(b: Builder) -> None:
    w, d, z = b.u(0.3, 0.4), b.u(0.28, 0.36), b.u(0.5, 0.62)
    b.part(*SEAT)
    b.box((d, w, 0.03), (0, 0, z), round=0.4)
    backrest(b, w, b.u(0.3, 0.42), -d / 2, z)
    legs(b, w, d, z - 0.01, b.u(0.013, 0.02), b.u(0.04, 0.12))
    armrests(b, w, d, z)
    if b.maybe(0.8):
        b.part("tray", "table", "table top", "where the food goes")
        b.box((b.u(0.2, 0.28), w + 0.12, 0.022), (d / 2 + 0.02, 0, z + b.u(0.17, 0.24)), round=0.5)
    b.part(*FOOTREST)
    b.box((0.16, w, 0.015), (d / 2 + 0.05, 0, z * 0.5))


@kind("deck chair", "sun lounger", "lounger", "beach chair")
def lounger(b: Builder) -> None:
    w, long, z = b.u(0.5, 0.7), b.u(1.1, 1.4), b.u(0.25, 0.38)
    tilt, back = b.u(0.2, 1.1), b.u(0.6, 0.8)
    b.part("frame", *RAIL)
    for s in (1, -1):
        b.box((long, 0.04, 0.05), (0, s * (w - 0.04) / 2, z - 0.02))
    padded, rows = b.maybe(0.4), b.n(8, 14)
    for names, at, pitch, span in ((SEAT, (-long / 2 + 0.1, 0, z + 0.015), 0.0, long - 0.1),
                                   (BACK, (-long / 2 + 0.1, 0, z + 0.015), tilt, -back)):  # fmt: skip
        b.part(*names)
        with b.moved(at, pitch=pitch):
            if padded:
                b.box((abs(span), w, 0.07), (span / 2, 0, 0.03), round=0.7)
            else:
                for x in (np.arange(rows) + 0.5) * span / rows:
                    b.box((abs(span) / rows * 0.7, w, 0.018), (x, 0, 0))
                for s in (1, -1):
                    b.box((abs(span), 0.03, 0.03), (span / 2, s * w * 0.42, -0.02))
    for x in (0.42, -0.3):
        for s in (1, -1):
            b.part(*(("wheel", "roller", "what it rolls on") if x < 0 and padded else LEG))
            if x < 0 and padded:
                b.rod((x * long, s * w * 0.5 - 0.015, 0.09), (x * long, s * w * 0.5 + 0.015, 0.09), 0.09)
                b.rod((x * long, s * w * 0.47, 0.09), (x * long, s * w * 0.47, z), 0.012)
            else:
                b.box((0.05, 0.04, z), (x * long, s * w * 0.46, z / 2))
