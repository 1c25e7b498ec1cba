"""Skis, boards, scooters and skates."""

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import HANDLE, STRAP, WHEEL


@kind("ski", "skis", rest="lies")
def ski(b: Builder) -> None:
    length, w = b.u(1.2, 1.9), b.u(0.035, 0.055)
    s = np.linspace(0, 1, 13)
    x = length * (s - 0.5)
    half = w * np.interp(s, [0, 0.03, 0.5, 0.92, 0.98, 1], [0.5, 0.95, 0.75, 1, 0.6, 0.05])
    rise = 0.06 * np.clip((s - 0.88) / 0.12, 0, 1) ** 2
    b.part("ski", "board", "body", "what glides on the snow")
    for z in (0.0, 0.012):
        b.sheet(np.stack([np.stack([x, half, rise + z], 1), np.stack([x, -half, rise + z], 1)]))
    for k in (1, -1):
        b.sheet(np.stack([np.stack([x, k * half, rise], 1), np.stack([x, k * half, rise + 0.012], 1)]))
    b.part("binding", "belt for foot", "boot holder", "what holds the boot")
    for p, h in ((0.12, 0.04), (-0.18, 0.05)):
        b.box((0.07, 1.5 * w, h), (p, 0, 0.012 + h / 2), round=0.4, taper=0.8)


@kind("ski pole", "trekking pole", "hiking stick", rest="lies")
def ski_pole(b: Builder) -> None:
    length = b.u(0.8, 1.3)
    b.part("shaft", "pole", "rod", "stick")
    bar(b, (0, length), (0.008, 0.005))
    b.part(*HANDLE)
    bar(b, -np.array([0.12, 0.115, 0.06, -0.01]), (0.012, 0.018, 0.014, 0.013))
    b.part("basket", "disc", "ring", "what stops it from sinking")
    with b.moved((length * 0.94, 0, 0), pitch=np.pi / 2):
        b.lathe([(0.005, -0.004), (b.u(0.025, 0.045), 0), (0.005, 0.006)])
    b.part("tip", "point", "spike")
    bar(b, (length - 0.002, length + 0.03), (0.004, 0.001))
    if b.maybe(0.7):
        b.part(*STRAP)
        b.tube(
            [(-0.11, 0, 0), (-0.06, 0.05, 0), (0.03, 0.06, 0), (-0.02, 0.03, 0), (-0.1, 0.005, 0)],
            0.006,
            flat=0.2,
        )


def _board(b: Builder, length: float, w: float, t: float, kick: float, z: float, nose: float) -> None:
    """A long deck with rounded, raised ends, its underside at height z."""
    s = np.linspace(-1, 1, 17)
    x = length / 2 * s
    half = w * np.sqrt(np.clip(1 - np.clip((np.abs(s) - nose) / (1 - nose), 0, 1) ** 2, 0, 1)) + 0.002
    rise = kick * np.clip((np.abs(s) - 0.68) / 0.32, 0, 1) ** 1.3 + z
    low = [np.stack([x, k * half, rise], 1) for k in (-1, 1)]
    top = [p + (0, 0, t) for p in low]
    b.sheet(np.stack([low[0], low[1], top[1], top[0], low[0]]))


@kind("skateboard", "longboard")
def skateboard(b: Builder) -> None:
    length, w, r = b.u(0.5, 1.05), b.u(0.075, 0.12), b.u(0.022, 0.036)
    z = r + b.u(0.03, 0.05)
    b.part("deck", "board", "body", "what to stand on")
    _board(b, length, w, b.u(0.008, 0.013), b.u(0, 0.07), z, b.u(0.4, 0.85))
    reach = length * b.u(0.27, 0.36)
    for s in (-1, 1):
        b.part("truck", "axle", "suspension", "what holds the wheels")
        b.box((0.07, 0.05, 0.012), (s * reach, 0, z - 0.005), round=0.2)
        b.cone((s * reach, 0, z), (s * reach, 0, r), 0.018, 0.01)
        b.rod((s * reach, -w * 0.9, r), (s * reach, w * 0.9, r), 0.006)
        for k in (-1, 1):
            b.part(*WHEEL, joint=spins((0, 1, 0)))
            y = k * w * 0.78
            b.tube(
                [
                    (s * reach, y - 0.017, r),
                    (s * reach, y - 0.012, r),
                    (s * reach, y + 0.012, r),
                    (s * reach, y + 0.017, r),
                ],
                r * np.array([0.85, 1, 1, 0.85]),
                sides=16,
                smooth=False,
            )


@kind("snowboard", "wakeboard", "surfboard", rest="lies")
def snowboard(b: Builder) -> None:
    length, w = b.u(1.2, 1.7), b.u(0.12, 0.16)
    surf = b.maybe(0.35)
    b.part("deck", "board", "body", "what to stand on")
    _board(
        b,
        length * (1.2 if surf else 1),
        w * (1.6 if surf else 1),
        0.05 if surf else 0.01,
        0.05,
        0,
        b.u(0.2, 0.4) if surf else 0.75,
    )
    if surf:
        for y in b.pick((0,), (-0.1, 0, 0.1)):
            b.part("fin", "skeg", "what steers in the water")
            b.extrude(
                [(-length * 0.42, 0), (-length * 0.5, -0.11), (-length * 0.52, -0.1), (-length * 0.5, 0)],
                0.006,
                (0, y, 0.01),
                "xz",
            )
    else:
        for s in (-1, 1):
            b.part("binding", "belt for foot", "strap", "boot holder", "what holds the boot")
            b.box((0.12, 0.24, 0.015), (s * 0.25, 0, 0.017), round=0.2)
            b.tube(
                [
                    (s * 0.25, -0.07, 0.02),
                    (s * 0.25, -0.05, 0.1),
                    (s * 0.25, 0.05, 0.1),
                    (s * 0.25, 0.07, 0.02),
                ],
                0.004,
                flat=5,
            )
            b.tube(
                [(s * 0.25 - 0.06, -0.1, 0.02), (s * 0.25, -0.14, 0.16), (s * 0.25 + 0.06, -0.1, 0.02)],
                0.006,
                flat=4,
            )


@kind("kick scooter", "scooter", "push scooter")
def kick_scooter(b: Builder) -> None:
    length, h, r = b.u(0.45, 0.6), b.u(0.6, 0.95), b.u(0.045, 0.09)
    b.part("deck", "board", "foot board", "what to stand on")
    b.box((length, b.u(0.1, 0.15), 0.02), (0, 0, r), round=0.4)
    x = length / 2 + r * 1.6
    b.part("steering column", "pole", "stem", "shaft")
    b.tube(
        [(length / 2 - 0.02, 0, r), (length / 2 + 0.02, 0, r * 1.5), (x - 0.03, 0, r * 3)],
        0.016,
        smooth=False,
    )
    b.rod((x, 0, r), (x - h * 0.15, 0, h), 0.016)
    bars = b.part("handlebar", "handle bar", "handles", "what to steer with")
    top = np.array([x - h * 0.15, 0, h])
    b.rod(top + (0, -0.2, 0), top + (0, 0.2, 0), 0.012)
    for s in (-1, 1):
        b.part("grip", "handle", "part to hold it by", "where to grab it", inside=bars)
        b.rod(top + (0, s * 0.1, 0), top + (0, s * 0.21, 0), 0.016)
    for p in (x, -length / 2 - r * 0.8):
        b.part(*WHEEL, joint=spins((0, 1, 0)))
        b.tube(
            [(p, y, r) for y in (-0.016, -0.01, 0.01, 0.016)],
            r * np.array([0.8, 1, 1, 0.8]),
            sides=18,
            smooth=False,
        )


@kind("roller skate", "inline skate", "ice skate")
def roller_skate(b: Builder) -> None:
    length, w = b.u(0.22, 0.3), b.u(0.038, 0.05)
    form, z = b.pick("inline", "quad", "ice"), b.u(0.07, 0.09)
    b.part("boot", "shoe", "body", "where the foot goes")
    b.blob((length, 2 * w, 0.09), (0, 0, z + 0.04), e1=0.6, e2=0.7)
    b.tube(
        [
            (-length * 0.25, 0, z + 0.03),
            (-length * 0.27, 0, z + 0.12),
            (-length * 0.28, 0, z + b.u(0.17, 0.24)),
        ],
        [w * 1.1, w, w * 1.05],
        flat=1.05,
    )
    b.part("frame", "sole", "plate", "what holds the wheels" if form != "ice" else "what holds the blade")
    b.box((length * 0.9, w * 0.7, z * 0.5), (0, 0, z - z * 0.2), taper=1.3)
    if form == "ice":
        b.part("blade", "runner", "sharp part", "what glides on the ice")
        b.extrude(
            [
                (-length * 0.55, z * 0.3),
                (-length * 0.5, 0),
                (length * 0.5, 0),
                (length * 0.58, z * 0.4),
                (length * 0.45, z * 0.7),
                (-length * 0.5, z * 0.7),
            ],
            0.004,
            plane="xz",
        )
        return
    r = 0.036 if form == "inline" else 0.028
    places = (
        [(x, 0) for x in np.linspace(-0.45, 0.45, 4)]
        if form == "inline"
        else [(x, y) for x in (-0.32, 0.32) for y in (-0.8, 0.8)]
    )
    for x, y in places:
        b.part(*WHEEL, joint=spins((0, 1, 0)))
        half = 0.012 if form == "inline" else 0.016
        b.rod((x * length, y * w - half, r), (x * length, y * w + half, r), r, sides=16)
