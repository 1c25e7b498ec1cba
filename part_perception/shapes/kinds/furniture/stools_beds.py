"""Stools, benches, moving chairs and beds. Everything faces +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.bedding import FOOTBOARD, HEADBOARD, bed_end, bedding
from part_perception.shapes.kinds.furniture.seating import CASTER, armrests, backrest, legs
from part_perception.shapes.lexicon import ARM, BACK, HANDLE, LEG, SEAT, WHEEL

FOOTREST = ("footrest", "foot ring", "where to put the feet")


@kind("stool", "footstool", "low stool")
def stool(b: Builder) -> None:
    h, r, t = b.u(0.22, 0.5), b.u(0.14, 0.2), b.u(0.02, 0.07)
    b.part(*SEAT)
    if b.maybe(0.6):
        b.lathe([(0, h - t), (r * 0.97, h - t), (r, h - t * 0.4), (r * 0.96, h), (0, h + b.u(-0.01, 0.01))])
    else:
        b.box((2 * r * b.u(0.7, 1), 2 * r, t), (0, 0, h - t / 2), round=b.u(0, 0.8))
    if b.maybe(0.4):
        for a in np.arange(3) * 2.094 + 0.3:
            b.part(*LEG)
            b.cone(
                (r * np.cos(a), r * np.sin(a), 0),
                (r * 0.6 * np.cos(a), r * 0.6 * np.sin(a), h - t),
                0.012,
                0.018,
            )
    else:
        legs(b, r * 1.35, r * 1.3, h - t + 0.003, b.u(0.01, 0.022), b.u(0, 0.06))


@kind("bar stool", "high stool", "counter stool")
def bar_stool(b: Builder) -> None:
    h, r, t = b.u(0.6, 0.82), b.u(0.15, 0.21), b.u(0.03, 0.09)
    b.part(*SEAT)
    b.lathe([(0, h - t), (r * 0.95, h - t), (r, h - t / 2), (r * 0.93, h), (0, h)], smooth=b.maybe())
    if b.maybe(0.5):
        b.part("column", "pole", "leg", "stem")
        b.rod((0, 0, 0.01), (0, 0, h - t), b.u(0.018, 0.035))
        b.part("base", "foot", "round base", "what it stands on")
        b.lathe([(0, 0), (r * 1.1, 0), (r * 1.1, 0.008), (r * 0.3, b.u(0.02, 0.05)), (0, 0.05)])
        b.part(*FOOTREST)
        b.ring((0.06, 0, h * 0.35), r * 0.75, 0.01)
    else:
        splay = b.u(0.02, 0.09)
        legs(b, r * 1.35, r * 1.35, h - t + 0.003, b.u(0.011, 0.02), splay)
        b.part(*FOOTREST)
        b.ring((0, 0, h * 0.3), r * 0.92 + splay * 0.9, 0.008)
    if b.maybe(0.4):
        backrest(b, r * 1.6, b.u(0.15, 0.35), -r * 0.85, h - 0.01)


@kind("bench", "park bench", "garden bench")
def bench(b: Builder) -> None:
    w, d, z = b.u(0.9, 1.9), b.u(0.32, 0.5), b.u(0.38, 0.48)
    b.part(*SEAT)
    slats = b.pick(1, 3, 4)
    for k in range(slats):
        b.box(
            (d / slats - 0.008 * (slats > 1), w, b.u(0.025, 0.04)), ((k - (slats - 1) / 2) * d / slats, 0, z)
        )
    if b.maybe(0.6):
        b.part(*BACK)
        with b.moved((-d / 2, 0, z), pitch=-0.2):
            for k in range(rows := b.n(1, 4)):
                b.box((0.025, w, 0.3 / rows), (0, 0, 0.1 + (k + 0.5) * 0.36 / rows), round=0.3)
            for s in (1, -1):
                b.box((0.03, 0.05, 0.45), (-0.03, s * w * 0.42, 0.22))
        if b.maybe():
            armrests(b, w, d, z)
    if b.maybe(0.5):
        for s in (1, -1):
            b.part("leg", "side support", "support", "what it stands on")
            b.box((d * 0.9, b.u(0.04, 0.12), z - 0.015), (0, s * w * 0.42, z / 2 - 0.008))
    else:
        legs(b, w * 0.94, d * 0.95, z - 0.01, b.u(0.02, 0.04))


@kind("folding chair", "camping chair", "chair")
def folding_chair(b: Builder) -> None:
    w, z, d, r = b.u(0.4, 0.5), b.u(0.4, 0.47), b.u(0.36, 0.44), b.u(0.009, 0.014)
    top = b.u(0.76, 0.9)
    b.part(*SEAT)
    b.box((d, w * 0.9, b.u(0.012, 0.04)), (0, 0, z), round=b.u(0.2, 0.9))
    b.part(*BACK)
    with b.moved((-d * 0.62, 0, top - 0.13), pitch=-0.25):
        b.box((b.u(0.012, 0.04), w * 0.95, b.u(0.15, 0.25)), round=b.u(0.2, 0.9))
    back_x = -d * 0.7
    for s in (1, -1):
        b.part(*LEG)
        y = s * w / 2
        b.tube([(d * 0.65, y, 0), (d * 0.65 + (back_x - d * 0.65) * z / top, y, z), (back_x, y, top)], r)
        b.part(*LEG)
        b.rod((-d * 0.6, s * (w / 2 - 0.025), 0), (d * 0.3, s * (w / 2 - 0.025), z - 0.01), r)
    b.part("crossbar", "bar between the legs", "rung")
    b.rod((d * 0.5, -w / 2, 0.12), (d * 0.5, w / 2, 0.12), r * 0.8)


@kind("rocking chair", "rocker", "chair")
def rocking_chair(b: Builder) -> None:
    w, d, z, lift = b.u(0.45, 0.55), b.u(0.42, 0.5), b.u(0.38, 0.45), 0.05
    b.part(*SEAT)
    b.box((d, w, b.u(0.03, 0.06)), (0, 0, z), round=b.u(0.2, 0.9))
    backrest(b, w * 0.92, b.u(0.55, 0.75), -d / 2 + 0.02, z)
    with b.moved((0, 0, lift)):
        legs(b, w, d, z - lift, b.u(0.014, 0.022), 0.02)
    for s in (1, -1):
        b.part("rocker", "runner", "curved foot", "what it rocks on")
        y = s * (w / 2)
        b.tube(
            [(-d * 0.95, y, 0.13), (-d * 0.5, y, 0.04), (0, y, 0.018), (d * 0.5, y, 0.04), (d * 0.8, y, 0.1)],
            0.018,
        )
    if b.maybe(0.75):
        armrests(b, w, d, z)


@kind("wheelchair", "wheel chair", "invalid chair")
def wheelchair(b: Builder) -> None:
    w, d, z, r = b.u(0.42, 0.5), b.u(0.4, 0.46), b.u(0.48, 0.54), b.u(0.27, 0.32)
    b.part(*SEAT)
    b.box((d, w, 0.05), (0, 0, z), round=0.8)
    b.part(*BACK)
    b.box((0.04, w, b.u(0.35, 0.45)), (-d / 2, 0, z + 0.22), round=0.8)
    b.part("frame", "chassis", "body")
    for s in (1, -1):
        y = s * w * 0.5
        b.tube(
            [(-d * 0.5, y, r), (-d * 0.5, y, z - 0.04), (d * 0.5, y, z - 0.04), (d * 0.65, y, 0.1)],
            0.012,
            smooth=False,
        )
        b.rod((-d * 0.5, y, z), (-d * 0.55, y, z + 0.46), 0.012)
    for s in (1, -1):
        y = s * w * 0.5
        b.part(*HANDLE)
        b.rod((-d * 0.55, y, z + 0.45), (-d * 0.55 - 0.13, y, z + 0.44), 0.017)
        b.part("wheel", "big wheel", "rear wheel", "what it rolls on", joint=spins((0, 1, 0)))
        b.ring((-d * 0.4, s * (w * 0.5 + 0.05), r), r - 0.015, 0.014, axis="y")
        for a in np.arange(4) * np.pi / 4:
            c = np.array((np.cos(a), 0, np.sin(a))) * (r - 0.015)
            hub = np.array((-d * 0.4, s * (w * 0.5 + 0.05), r))
            b.rod(hub - c, hub + c, 0.003, sides=6)
        b.part("wheel", "front wheel", "caster", "what it rolls on", joint=spins((0, 1, 0)))
        b.rod((d * 0.5, y - 0.015, 0.075), (d * 0.5, y + 0.015, 0.075), 0.075)
        b.part(*ARM)
        b.box((d * 0.75, 0.05, 0.035), (-d * 0.08, y, z + 0.23), round=0.7)
        b.rod((d * 0.2, y, z - 0.04), (d * 0.2, y, z + 0.23), 0.01)
        b.part("footrest", "foot plate", "where to put the feet")
        b.box((0.14, w * 0.38, 0.012), (d * 0.7, s * w * 0.24, 0.1))


@kind("bed", "single bed", "double bed")
def bed(b: Builder) -> None:
    """A bed on a frame: on legs, down to the floor, or a platform that is wider than its mattress."""
    w, d = b.pick(b.u(0.85, 1.1), b.u(1.3, 2.0)), b.u(1.9, 2.15)
    form = b.pick("legs", "legs", "box", "platform")
    low = {"legs": b.u(0.08, 0.3), "box": b.pick(0.0, b.u(0.02, 0.06)), "platform": b.u(0.08, 0.25)}[form]
    tall = {"legs": b.u(0.08, 0.2), "box": b.u(0.15, 0.4), "platform": b.u(0.05, 0.15)}[form]
    over = b.u(0.05, 0.15) if form == "platform" else b.u(0.01, 0.04)
    b.part("frame", "bed frame", "base")
    b.box((d + 2 * over, w + 2 * over, tall), (0, 0, low + tall / 2), round=b.pick(0, 0, b.u(0.1, 0.4)))
    top = low + tall
    bedding(b, w, d, top - b.u(0, 0.8) * min(tall, 0.1), b.maybe(0.9))
    head = b.pick("board", "board", "pad", "panel", "bars", "arch")
    if b.maybe(0.85):
        bed_end(
            b,
            -d / 2 - over - 0.02,
            w + 2 * over + 0.03,
            low * b.pick(0, 1),
            top + b.u(0.35, 0.85),
            HEADBOARD,
            head,
        )
    if b.maybe(0.4):
        bed_end(b, d / 2 + over + 0.02, w + 2 * over + 0.03, low * b.pick(0, 1), top + b.u(0.05, 0.4), FOOTBOARD,
                "board" if head == "pad" else head)  # fmt: skip
    if low > 0.07:
        legs(b, w, d, low + 0.005, b.u(0.02, 0.045))


@kind("hospital bed", "nursing bed", "bed")
def hospital_bed(b: Builder) -> None:
    w, d, z = b.u(0.85, 1.0), b.u(1.95, 2.1), b.u(0.45, 0.7)
    b.part("mattress", "where to lie", "where to sleep")
    tilt = b.pick(0, b.u(0.3, 0.9))
    b.box((d * 0.62, w, 0.14), (d * 0.19, 0, z + 0.07), round=0.5)
    with b.moved((-d * 0.12, 0, z), pitch=tilt):
        b.box((d * 0.38, w, 0.14), (-d * 0.19, 0, 0.07), round=0.5)
    b.part("frame", "bed frame", "base")
    b.box((d, w * 0.95, 0.08), (0, 0, z - 0.06))
    b.box((d * 0.6, w * 0.5, z - 0.2), (0, 0, (z + 0.06) / 2))
    for s in (1, -1):
        b.part("headboard" if s < 0 else "footboard", "end board", "board at the end of the bed")
        b.box((0.04, w, b.u(0.35, 0.5)), (s * (d / 2 + 0.03), 0, z + 0.15), round=0.8)
        b.part("rail", "side rail", "guard rail", "what keeps one from falling out")
        for k in range(3):
            b.rod(
                (-d * 0.3, s * w * 0.53, z + 0.12 + 0.1 * k),
                (d * 0.2, s * w * 0.53, z + 0.12 + 0.1 * k),
                0.012,
            )
        b.rod((-d * 0.3, s * w * 0.53, z - 0.06), (-d * 0.3, s * w * 0.53, z + 0.32), 0.012)
        b.rod((d * 0.2, s * w * 0.53, z - 0.06), (d * 0.2, s * w * 0.53, z + 0.32), 0.012)
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        b.part(*CASTER, joint=spins((0, 1, 0)))
        b.rod((sx * d * 0.42, sy * w * 0.4 - 0.02, 0.06), (sx * d * 0.42, sy * w * 0.4 + 0.02, 0.06), 0.06)
        b.part(*LEG)
        b.rod((sx * d * 0.42, sy * w * 0.36, 0.06), (sx * d * 0.4, sy * w * 0.36, z - 0.06), 0.02)


@kind("stroller", "baby carriage", "pushchair", "pram")
def stroller(b: Builder) -> None:
    w, h, r = b.u(0.38, 0.5), b.u(0.9, 1.05), b.u(0.06, 0.12)
    b.part(*SEAT)
    with b.moved((0, 0, 0.42), pitch=-0.15):
        b.box((0.34, w * 0.8, 0.06), round=0.8)
    b.part(*BACK)
    with b.moved((-0.17, 0, 0.42), pitch=-b.u(0.3, 0.8)):
        b.box((0.05, w * 0.8, 0.46), (0, 0, 0.23), round=0.8)
    b.part("frame", "chassis", "body")
    for s in (1, -1):
        y = s * w * 0.45
        b.rod((0.42, y, r), (-0.42, y, h - 0.06), 0.011)
        b.rod((-0.35, y, r), (0.15, y, 0.45), 0.011)
    b.part("handle", "push bar", "grip", "where to push it")
    b.tube(
        [(-0.4, -w * 0.45, h - 0.08), (-0.47, -w * 0.4, h), (-0.47, w * 0.4, h), (-0.4, w * 0.45, h - 0.08)],
        0.016,
    )
    for x in (0.42, -0.35):
        for s in (1, -1):
            b.part(*WHEEL, joint=spins((0, 1, 0)))
            b.rod((x, s * w * 0.45 - 0.02, r), (x, s * w * 0.45 + 0.02, r), r)
    if b.maybe(0.7):
        b.part("canopy", "hood", "sun roof", "what gives shade")
        with b.moved((-0.2, -w * 0.42, 0.6), roll=-np.pi / 2, pitch=-2.7):
            b.lathe([(0.3, 0), (0.305, 0), (0.305, w * 0.84), (0.3, w * 0.84)], arc=b.u(1.3, 2.0))
    if b.maybe(0.5):
        b.part("basket", "storage basket", "where to put things")
        b.box((0.4, w * 0.75, 0.12), (0.0, 0, 0.2), taper=1.15)
    if b.maybe(0.5):
        b.part("bumper bar", "safety bar", "bar in front of the child")
        b.tube(
            [(0.02, -w * 0.42, 0.5), (0.24, -w * 0.38, 0.62), (0.24, w * 0.38, 0.62), (0.02, w * 0.42, 0.5)],
            0.014,
        )
