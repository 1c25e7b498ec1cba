"""Buckets, baskets and bins."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, presses, turns
from part_perception.shapes.forms import bail, bow, loft, shell, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, CARRY_HANDLE, HANDLE, LID, PEDAL, RIM

BIN_BODY = ("body", "bin", "container", "where the trash goes")


def _lip_of_bucket(b: Builder, r: float, h: float) -> None:
    b.part("spout", "pouring lip", "where to pour", "lip")
    b.extrude([(r - 0.004, h - 0.05), (r + 0.03, h + 0.004), (r - 0.004, h + 0.002)], 0.05, plane="xz")


@kind("bucket", "pail", "cleaning bucket", "paint bucket")
def bucket(b: Builder) -> None:
    h, r = b.u(0.15, 0.34), b.u(0.09, 0.16)
    low, t = r * b.u(0.65, 0.98), b.u(0.0015, 0.003)
    b.part("body", "bucket", "container", "where the content goes")
    b.lathe(wall([(low, 0), (r, h)], t, 0.004))
    if b.maybe(0.6):
        b.part(*RIM)
        b.ring((0, 0, h - 0.003), r + 0.001, b.u(0.003, 0.006))
    closed = b.maybe(0.25)
    if closed:
        b.part(*LID, joint=lifts())
        b.lathe(
            [
                (r + 0.006, h - 0.012),
                (r + 0.006, h + 0.004),
                (r * 0.95, h + 0.005),
                (r * 0.93, h + 0.001),
                (0, h + 0.001),
            ]
        )
    b.part(*CARRY_HANDLE)
    up = b.maybe(0.5)
    bail(
        b,
        r + 0.006,
        h * b.u(0.88, 0.97),
        r * b.u(1.05, 1.35) if not up else r * b.u(0.7, 1.2),
        b.u(0.0022, 0.005),
        b.u(-0.2, 0.2) if up else b.u(1.5, 1.9),
    )
    if b.maybe(0.3) and up:
        _lip_of_bucket(b, r, h)


@kind("basket", "basket with a handle", "picnic basket", "wicker basket", "shopping basket", "gift basket")
def basket(b: Builder) -> None:
    x, boxy = b.u(0.1, 0.22), b.pick(0.0, b.u(0.3, 1))
    y, h = x * b.u(0.6, 1.0), x * b.u(0.5, 1.0)
    flare = b.u(0.75, 1.0)
    b.part("body", "basket", "container", "where things are kept")
    loft(b, shell([(x * flare, y * flare, 0), (x, y, h)], b.u(0.003, 0.008), 0.006), boxy)
    if b.maybe(0.5):
        b.part(*RIM)
        w = 0.006
        loft(
            b,
            [
                (x - 0.006, y - 0.006, h),
                (x + w, y + w, h - 0.004),
                (x + w, y + w, h + 0.006),
                (x - 0.006, y - 0.006, h + 0.006),
            ],
            boxy,
        )
    form, bar = b.pick("arch", "arch", "two", "sides"), b.u(0.004, 0.01)
    edge = 1.0 if boxy == 0 else 0.98
    if form == "arch":
        b.part(*CARRY_HANDLE)
        rise = x * b.u(0.8, 1.4)
        turn = np.linspace(0, np.pi, 13)
        b.tube(
            np.stack([-x * edge * np.cos(turn), 0 * turn, h - 0.01 + rise * np.sin(turn)], 1),
            bar,
            flat=b.u(1, 2.5),
        )
    elif form == "two":
        for side in (-1, 1):
            b.part(*CARRY_HANDLE)
            lean = side * b.u(0.2, 1.1)
            with b.moved((0, side * y * 0.97, h - 0.01), roll=-lean):
                bow(b, (-x * 0.35, 0, 0), (x * 0.35, 0, 0), (0, 0, x * b.u(0.5, 0.9)), bar)
    else:
        for side in (-1, 1):
            b.part(*CARRY_HANDLE)
            bow(
                b,
                (side * x * edge * 0.97, -y * 0.3, h - 0.005),
                (side * x * edge * 0.97, y * 0.3, h - 0.005),
                (side * 0.012, 0, x * b.u(0.2, 0.35)),
                bar,
            )
    if b.maybe(0.2):
        b.part(*LID, joint=lifts())
        loft(b, [(x, y, h + 0.007), (x, y, h + 0.016), (0, 0, h + 0.022)], boxy)


@kind("laundry basket", "laundry hamper", "storage bin", "plastic crate", "storage crate")
def laundry_basket(b: Builder) -> None:
    x, boxy = b.u(0.16, 0.3), b.pick(0.0, b.u(0.4, 1), b.u(0.4, 1))
    y, h = x * b.u(0.6, 1.0), b.u(0.15, 0.6)
    flare, t = b.u(0.75, 0.95), 0.004
    b.part("body", "basket", "container", "where things are kept")
    loft(b, shell([(x * flare, y * flare, 0), (x, y, h)], t, t), boxy)
    b.part(*RIM)
    out = b.u(0.008, 0.02)
    loft(
        b,
        [(x - t, y - t, h), (x + out, y + out, h), (x + out, y + out, h + 0.008), (x - t, y - t, h + 0.008)],
        boxy,
    )
    grip = y * (0.2 if boxy == 0.0 else 0.35)
    for side in (-1, 1):
        b.part(*HANDLE)
        bow(
            b,
            (side * (x + out * 0.3), -grip, h + 0.004),
            (side * (x + out * 0.3), grip, h + 0.004),
            (side * b.u(0.02, 0.04), 0, b.u(0, 0.035)),
            b.u(0.006, 0.011),
        )
    if b.maybe(0.2):
        b.part(*LID, joint=lifts())
        loft(b, [(x + out, y + out, h + 0.009), (x + out, y + out, h + 0.02), (0, 0, h + 0.025)], boxy)


@kind("trash can", "trash bin", "waste bin", "garbage can", "wastebasket", "pedal bin")
def trash_can(b: Builder) -> None:
    form = b.pick("pedal", "open", "swing", "dome")
    r, boxy = b.u(0.1, 0.2), b.pick(0.0, b.u(0.4, 0.9))
    y, h = r * b.u(0.75, 1.0), r * b.u(1.7, 3.2)
    low = b.u(0.75, 1.0)
    b.part(*BIN_BODY)
    loft(b, shell([(r * low, y * low, 0), (r, y, h)], 0.003, 0.005), boxy)
    if form == "open":
        if b.maybe(0.5):
            b.part(*RIM)
            loft(
                b,
                [
                    (r - 0.003, y - 0.003, h),
                    (r + 0.008, y + 0.008, h - 0.008),
                    (r + 0.008, y + 0.008, h + 0.006),
                    (r - 0.003, y - 0.003, h + 0.006),
                ],
                boxy,
            )
        return
    rise = b.u(0.01, 0.06) if form == "pedal" else r * b.u(0.4, 0.9)
    angle = b.pick(0.0, 0.0, b.u(0.4, 1.4)) if form == "pedal" else 0.0
    with b.moved((-r, 0, h + 0.002), pitch=-angle):
        b.part(*LID, joint=turns((0, -1, 0), angle=1.5, now=angle) if form == "pedal" else lifts())
        loft(
            b,
            [
                (r * 1.02, y * 1.02, 0),
                (r * 1.02, y * 1.02, 0.012),
                (r * 0.8, y * 0.8, rise * 0.8 + 0.01),
                (0, 0, rise + 0.012),
            ],
            boxy,
            at=(r, 0, 0),
        )
    if form == "pedal":
        b.part(*PEDAL, joint=presses((0, 0, -1), 0.04))
        b.box((0.05, b.u(0.05, 0.09), 0.008), (r * low + 0.02, 0, b.u(0.012, 0.03)), round=0.4)
        if b.maybe(0.4):
            b.part(*BASE)
            loft(
                b,
                [
                    (r * low + 0.006, y * low + 0.006, 0),
                    (r * low + 0.006, y * low + 0.006, h * 0.08),
                    (r * low, y * low, h * 0.08),
                ],
                boxy,
            )
    elif form == "swing":
        slope = np.arctan2(rise * 0.8, r * 0.2)
        with b.moved((r * 0.92, 0, h + 0.014 + rise * 0.4), pitch=slope):
            swing = turns((0, 1, 0), (-rise * 0.35, 0, 0), 1.0)
            b.part("flap", "swing flap", "door", "where to throw the trash in", joint=swing)
            b.box((rise * 0.7, y * 1.1, 0.006), (0, 0, 0.002))
    else:
        b.part(*HANDLE)
        bow(b, (-0.03, 0, h + rise), (0.03, 0, h + rise), (0, 0, 0.04), 0.006)
