"""Beds of boards and posts: slatted, with drawers, bunks, lofts, cots and day beds. The foot faces +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.bedding import FOOTBOARD, HEADBOARD, MATTRESS, bed_end, bedding
from part_perception.shapes.kinds.furniture.flatpack import posts, slats
from part_perception.shapes.kinds.furniture.fronts import drawer
from part_perception.shapes.kinds.furniture.handles import front_style
from part_perception.shapes.lexicon import BACK, LEG, RAIL

BED_FRAME = ("frame", "bed frame", "base")
SIDE_RAIL = ("rail", "side rail", "bed side", "side board")
SLATS = ("slats", "slatted base", "bed slats", "what the mattress lies on")
GUARD = ("guard rail", "rail", "safety rail", "what keeps one from falling out")


def level(b: Builder, w: float, d: float, z: float, tall: float) -> None:
    """Parts: the rails of a bed, their underside at z, and the slats on them."""
    for s in (1, -1):
        b.part(*SIDE_RAIL)
        b.box((d, 0.025, tall), (0, s * w / 2, z + tall / 2))
    b.part(*SLATS)
    slats(b, w - 0.025, d * 0.96, z + tall * 0.5, 0.016, b.n(9, 15), 0.6)


@kind("bed frame", "bed", "slatted bed", "single bed", "double bed")
def bed_frame(b: Builder) -> None:
    """A bed of boards and posts, made up or without its mattress."""
    w, d, low, tall = b.pick(b.u(0.8, 1.1), b.u(1.3, 1.85)), b.u(1.9, 2.1), b.u(0.12, 0.3), b.u(0.1, 0.22)
    form = b.pick("board", "bars", "panel", "pad", "arch")
    bed_end(b, -d / 2 - 0.02, w + 0.06, low * b.pick(0, 1), low + tall + b.u(0.3, 0.75), HEADBOARD, form)
    if b.maybe(0.65):
        bed_end(b, d / 2 + 0.02, w + 0.06, low * b.pick(0, 1), low + tall + b.u(0.02, 0.3), FOOTBOARD,
                "board" if form == "pad" else form)  # fmt: skip
    level(b, w, d, low, tall)
    k = b.u(0.04, 0.08)
    posts(b, w, d, low + tall * 0.5, k, LEG)
    if b.maybe(0.7):
        bedding(b, w - 0.03, d * 0.99, low + tall * 0.55, b.maybe(0.8))


@kind("bed with drawers", "storage bed", "captain's bed", "bed", "day bed")
def storage_bed(b: Builder) -> None:
    """A box bed with drawers in its long side; the drawers slide to +y."""
    w, d, h, style = b.pick(b.u(0.8, 1.0), b.u(1.4, 1.7)), b.u(1.9, 2.05), b.u(0.3, 0.45), front_style(b)
    b.part(*BED_FRAME)
    b.box((d, w, h), (0, 0, h / 2))
    count = b.n(1, 3)
    for k in range(count):
        wide = d * 0.95 / count
        with b.moved(((k - (count - 1) / 2) * wide, w / 2, h / 2), yaw=np.pi / 2):
            drawer(
                b, (0, 0, 0), wide - 0.02, h * 0.75, w * 0.6, b.u(0.05, 0.45) if b.maybe(0.35) else 0.0, style
            )
    bedding(b, w * 0.98, d * 0.99, h, b.maybe(0.85))
    if b.maybe(0.8):
        bed_end(
            b,
            -d / 2 - 0.02,
            w + 0.02,
            0.0,
            h + b.u(0.3, 0.7),
            HEADBOARD,
            b.pick("board", "pad", "panel", "arch"),
        )
    if b.maybe(0.25):
        b.part(*BACK)
        b.box((d, 0.04, b.u(0.3, 0.5)), (0, -w / 2 - 0.02, h + 0.2))


def bed_ladder(b: Builder, x: float, y: float, high: float) -> None:
    """A part: a ladder on the +y side of a high bed."""
    b.part("ladder", "bed ladder", "steps", "what to climb up")
    lean, wide = b.u(0, 0.25), 0.36
    for s in (1, -1):
        b.rod((x + s * wide / 2, y + lean, 0), (x + s * wide / 2, y, high), 0.02, sides=4)
    for z in np.arange(0.22, high - 0.1, 0.26):
        b.rod(
            (x - wide / 2, y + lean * (1 - z / high), z), (x + wide / 2, y + lean * (1 - z / high), z), 0.016
        )


def _stairs(b: Builder, x: float, w: float, high: float) -> None:
    """A part: closed steps at the foot of a high bed, that rise towards -y."""
    b.part("stairs", "steps", "what to climb up")
    count, wide = b.n(4, 6), b.u(0.4, 0.55)
    deep, rise = w / count * b.u(1.0, 1.3), high / count
    for k in range(count):
        b.box((wide, deep, rise * (k + 1)), (x + wide / 2, w / 2 - deep * (k + 0.5), rise * (k + 1) / 2))


@kind("bunk bed", "double decker bed", "children's bed", "bed")
def bunk_bed(b: Builder) -> None:
    w, d, k = b.u(0.75, 0.95), b.u(1.75, 2.05), b.u(0.045, 0.08)
    low, high = b.u(0.15, 0.35), b.u(1.15, 1.35)
    posts(b, w + 0.06, d + 0.06, high + b.u(0.3, 0.45), k)
    for z in (low, high):
        level(b, w, d, z, 0.12)
        bedding(b, w - 0.04, d * 0.97, z + 0.07, b.maybe(0.75))
    _guards(b, w, d, high)
    bed_ladder(b, d * b.u(0.2, 0.36), w / 2 + 0.05, high + 0.25)


def _guards(b: Builder, w: float, d: float, z: float) -> None:
    """Parts: rails around an upper bed, with a gap at the ladder."""
    for s in (1, -1):
        b.part(*GUARD)
        for q in (0.2, 0.32):
            long = d if s < 0 else d * 0.6
            b.box((long, 0.02, 0.07), ((long - d) / 2, s * (w / 2 + 0.01), z + 0.12 + q - 0.1))
    for s in (1, -1):
        b.part(*GUARD)
        for q in (0.2, 0.32):
            b.box((0.02, w, 0.07), (s * (d / 2 + 0.01), 0, z + 0.02 + q))


@kind("loft bed", "high bed", "children's bed", "bed")
def loft_bed(b: Builder) -> None:
    """A high bed over a desk or an empty space."""
    w, d, k, high = b.u(0.8, 1.0), b.u(1.8, 2.05), b.u(0.05, 0.08), b.u(1.2, 1.7)
    posts(b, w + 0.06, d + 0.06, high + 0.35, k)
    level(b, w, d, high, 0.12)
    bedding(b, w - 0.04, d * 0.97, high + 0.07, b.maybe(0.75))
    _guards(b, w, d, high)
    if b.maybe(0.35):
        _stairs(b, d / 2 + 0.06, w, high)
    else:
        bed_ladder(b, d * 0.32, w / 2 + 0.05, high + 0.25)
    if b.maybe(0.7):
        b.part("desk", "desk top", "table top", "where to work")
        b.box((d * 0.95, w * 0.55, 0.025), (0, -w * 0.2, 0.72))


@kind("cot", "crib", "baby bed", "cradle")
def cot(b: Builder) -> None:
    w, d, h, z = b.u(0.55, 0.75), b.u(1.0, 1.4), b.u(0.8, 0.95), b.u(0.2, 0.5)
    k = b.u(0.03, 0.05)
    low = b.u(0.08, 0.25)
    for s, names in ((-1, HEADBOARD), (1, FOOTBOARD)):
        bed_end(b, s * (d - k) / 2, w, low, h, names, b.pick("panel", "bars", "board", "arch"))
    for s in (1, -1):
        slide = slides((0, 0, -1), 0.35) if s > 0 and b.maybe(0.3) else None
        rail = b.part("rail", "side rail", "side with bars", "guard rail", joint=slide)
        for q in (low + 0.03, h - 0.03):
            b.box((d - 2 * k, 0.025, 0.045), (0, s * (w / 2 - 0.013), q))
        b.part("bar", "bars", "spindle", inside=rail)
        for x in np.linspace(-0.44, 0.44, b.n(8, 13)) * d:
            b.rod((x, s * (w / 2 - 0.013), low + 0.03), (x, s * (w / 2 - 0.013), h - 0.03), 0.008, sides=8)
    if b.maybe(0.3):
        bedding(b, w - 0.06, d - 2 * k, z, thick=(0.06, 0.12))
    else:
        b.part(*MATTRESS)
        b.box((d - 2 * k, w - 0.06, 0.1), (0, 0, z + 0.05), round=0.4)
    rocking = b.maybe(0.2)
    if not rocking and low > 0.17:
        with b.moved((0, (w - k) / 2, low * 0.55), yaw=np.pi / 2):
            drawer(b, (0, 0, 0), d - 2 * k, low * 0.8, w * 0.8, b.u(0.05, 0.3) if b.maybe(0.2) else 0.0)
        b.part(*BED_FRAME)
        b.box((d - 2 * k, w - 0.04, low * 0.8), (0, -0.02, low * 0.55))
    for s in (1, -1):
        if rocking:
            b.part("rocker", "runner", "curved foot", "what it rocks on")
            x, half = s * (d - k) / 2, w * 0.62
            b.tube(
                [
                    (x, -half, 0.07),
                    (x, -half / 2, 0.025),
                    (x, 0, 0.015),
                    (x, half / 2, 0.025),
                    (x, half, 0.07),
                ],
                0.015,
            )
            b.box((k, k, low), (x, 0, low / 2))
            continue
        for q in (1, -1):
            b.part(*LEG)
            b.box((k, k, low), (s * (d - k) / 2, q * (w - k) / 2, low / 2))


@kind("futon", "sofa bed", "day bed", "sofa")
def futon(b: Builder) -> None:
    """A mattress on a slatted frame, folded up into a sofa; it faces +x."""
    w, d, z, m = b.u(1.3, 2.0), b.u(0.65, 0.85), b.u(0.28, 0.38), b.u(0.1, 0.18)
    b.part(*BED_FRAME)
    for q in np.linspace(-0.45, 0.45, 5) * d:
        b.box((0.07, w, 0.02), (q, 0, z - 0.02))
    for s in (1, -1):
        b.box((d, 0.05, 0.05), (0, s * (w - 0.05) / 2, z - 0.05))
    b.part("mattress", "seat", "seat cushion", "where to sit")
    b.box((d, w, m), (0.02, 0, z + m / 2), round=0.5)
    with b.moved((-d / 2, 0, z), pitch=-b.u(0.15, 0.5)):
        b.part("mattress", "back", "backrest", "what to lean on")
        b.box((m, w, b.u(0.5, 0.65)), (0, 0, m + 0.2), round=0.5)
    for s in (1, -1):
        b.part("arm rest", "armrest", "arm", "where to rest the arm")
        y, top = s * (w / 2 + 0.04), z + b.u(0.2, 0.35)
        b.box((d * 0.95, b.u(0.05, 0.1), 0.03), (0, y, top))
        if b.maybe():
            for q in np.linspace(-0.38, 0.38, 6) * d:
                b.box((0.025, 0.025, top - 0.1), (q, y, top / 2 + 0.05))
        for x in (1, -1):
            b.part(*LEG)
            b.box((0.05, 0.05, top - 0.01), (x * d * 0.44, y, top / 2))
    b.part(*RAIL)
    b.box((0.025, w, 0.08), (d * 0.45, 0, z - 0.06))
