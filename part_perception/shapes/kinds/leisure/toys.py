"""Toys."""

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import WHEEL


def _toy_wheels(b: Builder, places, r: float, half: float) -> None:
    for x, y in places:
        b.part(*WHEEL, joint=spins((0, 1, 0)))
        b.tube(
            [(x, y + k * half, r) for k in (-1, -0.7, 0.7, 1)],
            r * np.array([0.8, 1, 1, 0.8]),
            sides=16,
            smooth=False,
        )


@kind("toy car", "model car", "race car toy")
def toy_car(b: Builder) -> None:
    length = b.u(0.07, 0.3)
    w, r = length * b.u(0.2, 0.25), length * b.u(0.09, 0.13)
    h = length * b.u(0.15, 0.2)
    body = b.part("body", "car body", "chassis")
    form = b.pick("sedan", "van", "racer", "beetle")
    if form == "racer":
        b.tube(
            [
                (-length / 2, 0, r * 1.1),
                (-length * 0.2, 0, r * 1.2),
                (length * 0.2, 0, r),
                (length / 2, 0, r * 0.7),
            ],
            np.array([1, 1.1, 0.7, 0.35]) * w * 0.6,
            flat=0.9,
        )
        for x, z in ((-0.47, 2.6), (0.47, 0.7)):
            b.part("wing", "spoiler", "fin")
            b.box((length * 0.08, w * 2, 0.02 * length), (x * length, 0, r * z), round=0.2)
            if z > 1:
                b.box((length * 0.03, w * 0.2, r * 1.5), (x * length, 0, r * 1.9))
        b.part("driver", "head", "cockpit", "where the driver sits")
        b.blob((w * 0.7,) * 3, (-length * 0.08, 0, r * 1.9))
    else:
        b.box((length, 2 * w, h), (0, 0, r * 0.6 + h / 2), round=b.u(0.2, 0.8))
        roof = b.part("roof", "cabin", "top")
        z = r * 0.6 + h * 0.95
        if form == "beetle":
            b.blob((length * 0.65, 1.8 * w, h * 2), (-length * 0.05, 0, z), e1=0.8)
        elif form == "van":
            b.box((length * 0.85, 1.9 * w, h * 1.3), (-length * 0.06, 0, z + h * 0.6), round=0.3)
        else:
            b.box((length * 0.5, 1.8 * w, h * 0.9), (-length * 0.07, 0, z + h * 0.42), taper=0.75, round=0.2)
        b.part("window", "windshield", "glass", inside=roof)
        if form != "beetle":
            top = 0.6 if form == "van" else 0.35
            front = length * (0.365 if form == "van" else 0.165)
            with b.moved((front, 0, z + h * (0.1 + top)), pitch=0 if form == "van" else -0.25):
                b.box((0.004 + length * 0.012, 1.5 * w, h * 0.5))
        else:
            b.blob((length * 0.3, 1.5 * w, h * 1.1), (length * 0.13, 0, z + h * 0.25))
        if b.maybe(0.5):
            b.part("bumper", "front", "fender", inside=body)
            b.box((length * 0.06, 2.05 * w, h * 0.25), (length * 0.49, 0, r * 0.8), round=0.5)
    y = w * b.u(0.9, 1.05) if form != "racer" else w * 1.05
    _toy_wheels(b, [(s * length * 0.3, k * y) for s in (-1, 1) for k in (-1, 1)], r, w * b.u(0.15, 0.3))


@kind("toy truck", "dump truck toy", "model truck")
def toy_truck(b: Builder) -> None:
    length = b.u(0.12, 0.4)
    w, r = length * b.u(0.16, 0.2), length * b.u(0.08, 0.1)
    b.part("chassis", "frame", "body", "bottom")
    b.box((length, w * 1.5, length * 0.05), (0, 0, r * 1.3))
    cab = b.part("cab", "cabin", "driver cabin", "front")
    h = length * b.u(0.25, 0.32)
    b.box((length * 0.26, 2 * w, h), (length * 0.36, 0, r * 1.4 + h / 2), round=0.3)
    b.part("window", "windshield", "glass", inside=cab)
    b.box((0.003 + length * 0.01, 1.6 * w, h * 0.35), (length * 0.49, 0, r * 1.4 + h * 0.7))
    form = b.pick("dump", "box", "tank", "crane")
    z = r * 1.4 + length * 0.03
    if form == "dump":
        b.part("bed", "dump box", "container", "where the load goes")
        with b.moved((-length * 0.5, 0, z), pitch=-b.pick(0, b.u(0, 0.8))):
            d, e, tall = length * 0.66, 2 * w, length * 0.18
            b.box((d, e, 0.004), (d / 2, 0, 0.002))
            for s in (-1, 1):
                b.box((d, 0.004, tall), (d / 2, s * e / 2, tall / 2))
            b.box((0.004, e, tall), (d, 0, tall / 2))
    elif form == "box":
        b.part("cargo box", "container", "trailer", "where the load goes")
        b.box((length * 0.66, 2 * w, length * 0.32), (-length * 0.15, 0, z + length * 0.16), round=0.1)
    elif form == "tank":
        b.part("tank", "container", "cylinder", "where the load goes")
        bar(b, length * np.array([-0.5, -0.47, 0.15, 0.18]), w * np.array([0.8, 1, 1, 0.8]), z=z + w)
    else:
        b.part("turntable", "base of the crane", "tower")
        b.box((length * 0.25, 1.6 * w, length * 0.12), (-length * 0.25, 0, z + length * 0.06), round=0.3)
        b.part("arm", "boom", "crane arm", "ladder")
        with b.moved((-length * 0.3, 0, z + length * 0.13), pitch=-b.u(0, 0.7)):
            b.box((length * 0.8, w * 0.5, length * 0.06), (length * 0.35, 0, 0))
    _toy_wheels(b, [(p * length, k * w * 0.9) for p in (-0.36, -0.16, 0.34) for k in (-1, 1)], r, w * 0.22)


@kind("toy excavator", "digger toy", "excavator", "bulldozer toy")
def toy_excavator(b: Builder) -> None:
    length = b.u(0.12, 0.3)
    w = length * 0.22
    for s in (-1, 1):
        b.part("track", "chain", "crawler", "what it rolls on")
        b.box((length * 0.8, w * 0.6, length * 0.16), (0, s * w * 1.1, length * 0.08), round=0.9)
    b.part("body", "engine housing", "upper body")
    b.box((length * 0.6, w * 2.2, length * 0.2), (-length * 0.08, 0, length * 0.27), round=0.3)
    b.part("cab", "cabin", "driver cabin")
    b.box((length * 0.24, w * 0.9, length * 0.3), (length * 0.08, w * 0.6, length * 0.42), round=0.2)
    b.part("arm", "boom", "digging arm", "crane arm")
    tip = np.array([length * b.u(0.75, 0.95), 0, length * b.u(0.1, 0.3)])
    elbow = np.array([length * 0.55, 0, length * b.u(0.65, 0.8)])
    b.tube([(length * 0.15, 0, length * 0.3), elbow, tip], length * 0.045, smooth=False, sides=6)
    b.part("bucket", "shovel", "scoop", "what digs")
    with b.moved(tip, pitch=b.u(-0.5, 0.5)):
        b.tube(
            [(0.02 * length, 0, 0), (-0.05 * length, 0, -0.09 * length), (-0.15 * length, 0, -0.06 * length)],
            length * 0.05,
            flat=1.8,
            steps=8,
        )


@kind("toy train", "locomotive", "toy locomotive", "steam engine")
def toy_train(b: Builder) -> None:
    length = b.u(0.08, 0.25)
    w, r = length * b.u(0.17, 0.22), length * 0.1
    b.part("chassis", "frame", "base", "bottom")
    b.box((length, 2 * w, length * 0.08), (0, 0, r * 1.2))
    b.part("boiler", "body", "engine", "round part")
    bar(b, length * np.array([-0.2, 0.42, 0.46]), w * np.array([0.85, 0.85, 0.6]), z=r * 1.5 + w)
    b.part("cab", "cabin", "driver cabin")
    b.box((length * 0.3, 2 * w, length * 0.38), (-length * 0.34, 0, r * 1.5 + length * 0.19), round=0.1)
    b.part("roof", "top", "cabin roof")
    b.box((length * 0.36, 2.3 * w, length * 0.04), (-length * 0.34, 0, r * 1.5 + length * 0.4), round=0.4)
    b.part("chimney", "funnel", "smoke stack", "where the smoke comes out")
    b.cone(
        (length * 0.32, 0, r * 1.5 + 1.7 * w),
        (length * 0.32, 0, r * 1.5 + 2 * w + length * b.u(0.1, 0.18)),
        w * 0.25,
        w * b.u(0.3, 0.5),
    )
    _toy_wheels(b, [(p * length, k * w * 1.05) for p in (-0.35, 0, 0.33) for k in (-1, 1)], r, w * 0.15)


@kind("rubber duck", "toy duck", "bath duck")
def rubber_duck(b: Builder) -> None:
    s = b.u(0.06, 0.13)
    b.part("body", "belly", "torso")
    b.blob((s, s * b.u(0.7, 0.85), s * 0.62), (0, 0, s * 0.3), e1=0.9)
    head = b.part("head", "face")
    r = s * b.u(0.24, 0.3)
    x, z = s * b.u(0.12, 0.25), s * 0.62 + r * 0.55
    b.blob((2 * r,) * 3, (x, 0, z))
    b.part("beak", "bill", "mouth", inside=head)
    b.blob((r * 1.1, r * 1.0, r * b.u(0.35, 0.55)), (x + r * 1.15, 0, z - r * 0.15))
    b.part("tail", "back end", "rear")
    b.cone((-s * 0.35, 0, s * 0.35), (-s * 0.56, 0, s * b.u(0.5, 0.65)), s * 0.16, s * 0.03)
    for k in (-1, 1):
        b.part("wing", "arm", "side")
        b.blob((s * 0.5, s * 0.12, s * 0.3), (-s * 0.05, k * s * 0.37, s * 0.36))
    if b.maybe(0.6):
        for k in (-1, 1):
            b.part("eye", inside=head)
            b.blob((r * 0.28,) * 3, (x + r * 0.75, k * r * 0.45, z + r * 0.42))


@kind("building blocks", "toy brick", "stacking brick")
def toy_brick(b: Builder) -> None:
    unit = b.pick(0.008, 0.016, 0.03)
    rows, columns, h = b.n(1, 2), b.n(2, 4), unit * b.pick(0.4, 1.2)
    b.part("body", "brick", "block")
    b.box((columns * unit, rows * unit, h), (0, 0, h / 2))
    b.part("studs", "knobs", "bumps", "what clicks into the next brick")
    for i in range(columns):
        for j in range(rows):
            p = ((i - columns / 2 + 0.5) * unit, (j - rows / 2 + 0.5) * unit)
            b.rod((*p, h - 0.001), (*p, h + unit * 0.22), unit * 0.3, sides=10)


@kind("spinning top", "whirligig")
def spinning_top(b: Builder) -> None:
    r = b.u(0.015, 0.035)
    h = r * b.u(0.7, 1.3)
    b.part("tip", "point", "foot", "what it spins on")
    b.cone((0, 0, 0), (0, 0, h * 0.4), 0.001, r * 0.2)
    b.part("body", "disc", "belly", "what spins")
    b.lathe([(r * 0.2, h * 0.35), (r, h * b.u(0.8, 1)), (r * 0.9, h * 1.2), (0, h * 1.35)])
    b.part("handle", "stem", "stick", "what to twist")
    b.rod((0, 0, h * 1.3), (0, 0, h * 1.3 + r * b.u(0.8, 1.6)), r * 0.12)


@kind("yo-yo", rest="lies")
def yo_yo(b: Builder) -> None:
    r = b.u(0.024, 0.032)
    for s in (-1, 1):
        b.part("disc", "half", "side", "body")
        with b.moved(roll=0 if s > 0 else np.pi):
            b.lathe([(0.006, 0.001), (r * 0.7, 0.003), (r, 0.008), (r * 0.9, 0.016), (0, 0.018)])
    b.part("string", "cord", "thread")
    b.tube(
        [(0, 0.006, 0), (r * 1.2, 0.0, 0), (r * 2.5, b.u(-0.03, 0.03), 0), (r * 4, b.u(-0.04, 0.04), 0)],
        0.0012,
        sides=6,
    )
    b.ring((r * 4 + 0.01, 0, 0), 0.01, 0.0012)


@kind("dice", "cube", "die")
def dice(b: Builder) -> None:
    s = b.u(0.012, 0.06)
    body = b.part("body", "cube", "block")
    b.box((s, s, s), (0, 0, s / 2), round=b.u(0.05, 0.4))
    b.part("dots", "pips", "markings", inside=body)
    for x, y in b.pick(
        ((0, 0),), ((-1, -1), (1, 1)), ((-1, -1), (1, 1), (0, 0)), ((-1, -1), (1, 1), (-1, 1), (1, -1))
    ):
        b.rod((x * s * 0.25, y * s * 0.25, s - 0.001), (x * s * 0.25, y * s * 0.25, s + s * 0.01), s * 0.09)


@kind("stacking rings", "ring tower", "ring stacker")
def stacking_rings(b: Builder) -> None:
    r, n = b.u(0.045, 0.07), b.n(3, 5)
    b.part("base", "foot", "bottom", "what it stands on")
    b.lathe([(0, 0), (r * 1.1, 0), (r, 0.015), (0, 0.018)])
    z = 0.018
    for i in range(n):
        b.part("ring", "disc", "hoop", "what is stacked")
        t = r * b.u(0.18, 0.24)
        b.ring((0, 0, z + t), r * (1 - 0.13 * i) - t, t)
        z += 1.85 * t
    b.part("pole", "rod", "stick", "post")
    b.cone((0, 0, 0.01), (0, 0, z + 0.02), r * 0.22, r * 0.14)
    if b.maybe(0.6):
        b.part("top", "ball", "knob", "cap")
        b.blob((r * 0.6,) * 3, (0, 0, z + 0.025))


@kind("pull-along animal", "toy horse on wheels", "rocking horse")
def toy_horse(b: Builder) -> None:
    s, rocking = b.u(0.1, 0.5), b.maybe(0.4)
    up = s * 0.18
    if rocking:
        for k in (-1, 1):
            b.part("rocker", "runner", "skid", "what it rocks on")
            b.tube(
                [
                    (-s * 0.75, k * s * 0.2, up),
                    (-s * 0.3, k * s * 0.2, s * 0.03),
                    (s * 0.3, k * s * 0.2, s * 0.03),
                    (s * 0.75, k * s * 0.2, up),
                ],
                s * 0.035,
            )
    else:
        b.part("base", "board", "platform", "what it stands on")
        b.box((s * 1.1, s * 0.45, s * 0.05), (0, 0, up * 0.6))
        _toy_wheels(b, [(p * s, k * s * 0.25) for p in (-0.42, 0.42) for k in (-1, 1)], up * 0.5, s * 0.03)
    for x in (-0.32, 0.3):
        for k in (-1, 1):
            b.part("leg", "foot", "support")
            b.cone(
                (x * s * 1.15, k * s * 0.18, up * (0.5 if rocking else 0.7)),
                (x * s, k * s * 0.12, s * 0.6),
                s * 0.05,
                s * 0.08,
            )
    b.part("body", "torso", "belly", "where to sit")
    b.blob((s, s * 0.42, s * 0.42), (0, 0, s * 0.68))
    b.part("neck", "throat")
    b.cone((s * 0.38, 0, s * 0.72), (s * 0.6, 0, s * 1.1), s * 0.16, s * 0.11)
    b.part("head", "face", "muzzle")
    b.blob((s * 0.42, s * 0.2, s * 0.2), (s * 0.7, 0, s * 1.12))
    b.part("tail", "back end", "hair")
    b.tube(
        [(-s * 0.46, 0, s * 0.75), (-s * 0.62, 0, s * 0.7), (-s * 0.66, 0, s * 0.42)],
        [s * 0.05, s * 0.06, s * 0.03],
        steps=8,
    )
    if rocking:
        b.part("handle", "grip", "part to hold it by")
        b.rod((s * 0.55, -s * 0.25, s), (s * 0.55, s * 0.25, s), s * 0.03)
