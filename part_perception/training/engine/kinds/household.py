"""Buckets, baskets, bins, pots for plants, cases: what holds things about the house."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bail, bow, curve, loft, shell, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import (
    BASE,
    BOX_BODY,
    CARRY_HANDLE,
    CLASP,
    HANDLE,
    LID,
    PEDAL,
    RIM,
    WHEEL,
)

BIN_BODY = ("body", "bin", "container", "where the trash goes")


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
        b.part(*LID)
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


def _lip_of_bucket(b: Builder, r: float, h: float) -> None:
    b.part("spout", "pouring lip", "where to pour", "lip")
    b.extrude([(r - 0.004, h - 0.05), (r + 0.03, h + 0.004), (r - 0.004, h + 0.002)], 0.05, plane="xz")


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
        b.part(*LID)
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
        b.part(*LID)
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
    b.part(*LID)
    rise = b.u(0.01, 0.06) if form == "pedal" else r * b.u(0.4, 0.9)
    angle = b.pick(0.0, 0.0, b.u(0.4, 1.4)) if form == "pedal" else 0.0
    with b.moved((-r, 0, h + 0.002), pitch=-angle):
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
        b.part(*PEDAL)
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
        b.part("flap", "swing flap", "door", "where to throw the trash in")
        slope = np.arctan2(rise * 0.8, r * 0.2)
        with b.moved((r * 0.92, 0, h + 0.014 + rise * 0.4), pitch=slope):
            b.box((rise * 0.7, y * 1.1, 0.006), (0, 0, 0.002))
    else:
        b.part(*HANDLE)
        bow(b, (-0.03, 0, h + rise), (0.03, 0, h + rise), (0, 0, 0.04), 0.006)


@kind("vase", "flower vase")
def vase(b: Builder) -> None:
    h, r = b.u(0.12, 0.45), b.u(0.03, 0.1)
    r = min(r, h * 0.4)
    form = b.pick("belly", "trumpet", "cylinder", "bottle", "urn")
    side = {
        "belly": [(r * 0.6, 0), (r, h * b.u(0.3, 0.6)), (r * 0.5, h * 0.85), (r * b.u(0.5, 0.8), h)],
        "trumpet": [(r * 0.6, 0), (r * 0.4, h * 0.3), (r * 0.6, h * 0.7), (r, h)],
        "cylinder": [(r * 0.8, 0), (r * b.u(0.75, 0.9), h * 0.5), (r * 0.85, h)],
        "bottle": [(r * 0.8, 0), (r, h * 0.25), (r * 0.35, h * 0.6), (r * 0.3, h * 0.85), (r * 0.4, h)],
        "urn": [(r * 0.5, 0), (r * 0.4, h * 0.1), (r, h * 0.6), (r * 0.7, h * 0.88), (r * 0.85, h)],
    }[form]
    line = curve(side, 20)
    neck = form in ("belly", "bottle", "urn") and b.maybe(0.6)
    cut = 16 if neck else 21
    b.part("body", "vase", "container", "where the flowers go")
    b.lathe([(0, 0), *line[:cut]])
    if neck:
        b.part("neck", "narrow part", "mouth", "opening")
        b.lathe(line[cut - 1 :])
    b.again(0)
    b.lathe([*(line[::-1] - (0.004, 0)), (0, 0.006)])
    for side_ in (-1, 1) if form in ("urn", "belly") and b.maybe(0.4) else ():
        b.part(*HANDLE)
        top = line[17]
        bow(
            b,
            (side_ * (top[0] - 0.002), 0, top[1]),
            (side_ * (line[11][0] - 0.002), 0, line[11][1]),
            (side_ * r * b.u(0.35, 0.6), 0, 0.0),
            r * 0.1,
            square=False,
        )


@kind("plant pot", "potted plant", "flower pot", "planter", "houseplant", "plant in a pot")
def plant_pot(b: Builder) -> None:
    h, r = b.u(0.07, 0.3), b.u(0.05, 0.16)
    boxy = b.pick(0, 0, 0, b.u(0.5, 1))
    low = b.u(0.6, 0.95)
    b.part("pot", "body", "planter", "container", "where the soil is")
    loft(b, shell([(r * low, r * low, 0), (r, r, h)], b.u(0.004, 0.01), 0.008), boxy)
    if b.maybe(0.5):
        b.part(*RIM)
        w, tall = 0.006, h * b.u(0.1, 0.2)
        loft(
            b,
            [
                (r * 0.97, r * 0.97, h - tall),
                (r + w, r + w, h - tall),
                (r + w, r + w, h + 0.003),
                (r - 0.008, r - 0.008, h + 0.003),
            ],
            boxy,
        )
    if b.maybe(0.3):
        b.part("saucer", "drip tray", "plate under the pot", "what catches the water")
        s = r * low + 0.015
        loft(
            b,
            [
                (s * 0.9, s * 0.9, 0),
                (s, s, 0.018),
                (s - 0.004, s - 0.004, 0.018),
                (s * 0.88, s * 0.88, 0.004),
            ],
            boxy,
        )
    if b.maybe(0.2):
        return
    b.part("soil", "dirt", "earth", "what the plant grows in")
    loft(b, [(r * 0.93, r * 0.93, h * 0.88), (0, 0, h * b.u(0.88, 0.95))], boxy)
    b.part("plant", "leaves", "green plant", "what grows in the pot")
    form, tall = b.pick("bush", "blades", "cactus", "leaves"), b.u(0.8, 2.2) * max(r, h * 0.6)
    if form == "cactus":
        b.blob((r * 0.9, r * 0.9, tall), (0, 0, h * 0.85 + tall * 0.45))
    elif form == "bush":
        for _ in range(b.n(5, 9)):
            s = r * b.u(0.8, 1.5)
            at = (b.u(-0.6, 0.6) * r, b.u(-0.6, 0.6) * r, h * 0.9 + tall * b.u(0.25, 0.7))
            b.blob((s, s, s * b.u(0.6, 1.2)), at)
        b.rod((0, 0, h * 0.85), (0, 0, h + tall * 0.5), r * 0.08)
    else:
        bend, t = b.u(0.2, 1.2), np.linspace(0, 1, 6)
        for k in range(b.n(6, 11)):
            a, up, out = k * 2.4, tall * b.u(0.7, 1.1), r * bend * b.u(0.6, 1.4)
            w = (
                r
                * (0.08 if form == "blades" else 0.3)
                * np.sin(np.pi * np.clip(t * 0.9 + 0.08, 0, 1))
                * (1 if form == "blades" else t * 1.5)
            )
            mid = np.stack([out * t**2, 0 * t, h * 0.9 + up * np.sin(t * (1.2 + 0.6 * bend))], 1)
            with b.moved(yaw=a):
                b.sheet(np.stack([mid + np.stack([0 * w, s * w, 0 * w], 1) for s in (-1, 0, 1)]))


@kind("candle holder", "candlestick", "candle", "tea light holder")
def candle_holder(b: Builder) -> None:
    form = b.pick("stick", "cup", "plate")
    r, tall = b.u(0.008, 0.014), b.u(0.05, 0.2)
    if form == "stick":
        h, foot = b.u(0.06, 0.28), b.u(0.035, 0.06)
        b.part(*BASE)
        b.lathe([(0, 0), (foot, 0), (foot, 0.006), (foot * 0.4, 0.018), (0, 0.018)])
        b.part("stem", "column", "shaft", "part to hold it by")
        b.lathe(
            curve(
                [(foot * 0.3, 0.017), (r * b.u(0.5, 1.3), h * 0.4), (r * b.u(0.5, 1.3), h * 0.7), (r, h)], 16
            )
        )
        b.part("cup", "candle cup", "socket", "where the candle goes")
        b.lathe([(r * 0.8, h), (r * 1.8, h), (r * 1.5, h + 0.015), (0, h + 0.014)])
        z = h + 0.012
    else:
        r, tall = b.u(0.018, 0.035), b.u(0.03, 0.12)
        wide, h = r * b.u(1.2, 2.2), b.u(0.012, 0.09) if form == "cup" else b.u(0.008, 0.02)
        b.part("body", "holder", "container", "where the candle goes")
        low = max(wide * b.u(0.6, 1), r + 0.005)
        b.lathe(wall([(low, 0), (max(wide, low), h)], 0.003, 0.004))
        z = 0.004
        if form == "plate":
            b.part(*HANDLE)
            b.ring((max(wide, low) + 0.012, 0, 0.018), 0.014, 0.003, axis="y")
    if b.maybe(0.8):
        b.part("candle", "wax", "candle stick", "what burns")
        b.lathe([(r, z), (r * 0.97, z + tall), (0, z + tall - 0.001)])
        b.part("wick", "candle wick", "string", "what to light")
        b.rod((0, 0, z + tall - 0.002), (0, 0, z + tall + 0.009), 0.0013)


@kind("tool box", "toolbox", "tool case", "fishing box")
def tool_box(b: Builder) -> None:
    x, y = b.u(0.15, 0.28), b.u(0.07, 0.13)
    h, lid = b.u(0.09, 0.16), b.u(0.03, 0.08)
    b.part(*BOX_BODY)
    form = b.pick("closed", "closed", "tray", "open")
    loft(b, shell([(x * 0.97, y * 0.97, 0), (x, y, h)], 0.004, 0.004), b.u(0.85, 1))
    b.part(*CARRY_HANDLE) if form == "tray" else b.part(*LID)
    if form == "tray":
        z = h + b.u(0.06, 0.12)
        b.rod((-x, 0, z), (x, 0, z), b.u(0.009, 0.014))
        b.part("side", "end panel", "side board", "what holds the handle")
        for s in (-1, 1):
            b.extrude(
                [(-y, h), (y, h), (0.025, z + 0.02), (-0.025, z + 0.02)],
                0.01,
                at=(s * (x - 0.006), 0, 0),
                plane="yz",
            )
        return
    with b.moved((0, y, h + 0.001), roll=-(b.u(0.6, 1.8) if form == "open" else 0.0)):
        b.box((2 * x, 2 * y, lid), (0, -y, lid / 2), taper=b.u(0.75, 1.0))
        b.part(*CARRY_HANDLE)
        wide = x * b.u(0.35, 0.6)
        bow(
            b,
            (-wide, -y, lid - 0.002),
            (wide, -y, lid - 0.002),
            (0, 0, b.u(0.035, 0.06)),
            b.u(0.007, 0.011),
            flat=1.3,
        )
    for s in (-1, 1):
        b.part(*CLASP)
        b.box((0.035, 0.008, 0.045), (s * x * b.u(0.45, 0.6), -y - 0.003, h - 0.004), round=0.4)


@kind("suitcase", "luggage", "carry on bag", "trolley case", "briefcase")
def suitcase(b: Builder) -> None:
    form = b.pick("trolley", "trolley", "trolley", "briefcase")
    x, y, h = b.u(0.17, 0.25), b.u(0.09, 0.15), b.u(0.45, 0.7)
    if form == "briefcase":
        x, y, h = b.u(0.18, 0.24), b.u(0.035, 0.07), b.u(0.26, 0.34)
    z = b.u(0.035, 0.06) if form == "trolley" else 0.0
    b.part("body", "case", "shell", "where things are kept")
    b.box((2 * x, 2 * y, h), (0, 0, z + h / 2), round=b.u(0.1, 0.6))
    top = z + h
    b.part(*CARRY_HANDLE)
    wide = x * b.u(0.3, 0.5)
    bow(
        b,
        (-wide, 0, top - 0.002),
        (wide, 0, top - 0.002),
        (0, 0, b.u(0.025, 0.045)),
        b.u(0.006, 0.011),
        flat=1.6,
    )
    if form == "briefcase":
        for s in (-1, 1):
            b.part(*CLASP)
            b.box((0.04, 0.02, 0.008), (s * x * 0.6, 0, top + 0.002), round=0.4)
        return
    if b.maybe(0.55):
        b.part("telescopic handle", "pull handle", "handle", "what to pull it by")
        tall, half = b.u(0.08, 0.45), x * b.u(0.45, 0.65)
        for s in (-1, 1):
            b.rod((s * half, y * 0.75, top - 0.005), (s * half, y * 0.75, top + tall), 0.007)
        b.rod((-half - 0.02, y * 0.75, top + tall), (half + 0.02, y * 0.75, top + tall), 0.014)
    for sx in (-1, 1):
        for sy in (-1, 1):
            b.part(*WHEEL)
            b.rod(
                (sx * x * 0.75 - 0.012, sy * y * 0.65, z * 0.5),
                (sx * x * 0.75 + 0.012, sy * y * 0.65, z * 0.5),
                z * 0.5,
            )
            b.box((0.03, 0.03, z * 0.5), (sx * x * 0.75, sy * y * 0.65, z * 0.85))
