"""Clamps: with a screw in a frame, on a bar, with a trigger, with a spring. They lie flat, the gap along x or y."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, screws, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import JAW, driver_grip
from part_perception.shapes.lexicon import (
    CLAMP_BAR,
    CLAMP_FRAME,
    CLAMP_PAD,
    CLAMP_SCREW,
    HANDLE,
    HINGE,
    TRIGGER,
)

T_BAR = ("handle", "T bar", "what to turn", "part to hold it by")


def spindle(b: Builder, x: float, tip: float, long: float, r: float, handle_form: str = "") -> None:
    """Parts: a screw along y from its pad at `tip` back to smaller y by `long`, and the handle that turns it."""
    screw = b.part(*CLAMP_SCREW, joint=screws((0, -1, 0), (x, 0, 0), 8))
    b.rod((x, tip - long, 0), (x, tip, 0), r)
    for y in np.linspace(tip - long * 0.9, tip - long * 0.08, b.n(5, 11)) if b.maybe(0.5) else ():
        b.cone((x, y, 0), (x, y + r * 0.5, 0), r * 1.2, r)
    b.part(*CLAMP_PAD, inside=screw)
    k = b.u(1.3, 2.4)
    b.cone((x, tip - r * 0.4, 0), (x, tip + r * b.u(0.8, 1.4), 0), r * k * 0.7, r * k)
    end = tip - long
    form = handle_form or b.pick("bar", "bar", "wing", "grip", "knob")
    b.part(*(HANDLE if form == "grip" else T_BAR), inside=screw)
    if form == "bar":
        half, off = b.u(3.2, 6) * r, b.u(-2, 2) * r
        turn = b.u(0, np.pi)
        c = np.array((np.cos(turn), 0, np.sin(turn)))
        at = np.array((x, end + r * 1.2, 0))
        b.rod(at + c * (off - half), at + c * (off + half), r * b.u(0.4, 0.6))
        for s in (-1, 1):
            b.blob((r * 1.5,) * 3, tuple(at + c * (off + s * half)))
    elif form == "wing":
        turn = b.u(0, np.pi)
        with b.moved((x, end, 0), pitch=turn):
            b.ribbon(
                [(-r * 3.4, -r * 1.4), (0, -r * 0.8), (r * 3.4, -r * 1.4)],
                [(-r * 3.2, r * 0.9), (0, r), (r * 3.2, r * 0.9)],
                r * 1.1,
            )
    elif form == "grip":
        with b.moved((x, end + r, 0), yaw=np.pi / 2):
            driver_grip(b, b.u(0.07, 0.12), r * b.u(2.0, 2.8))
    else:
        b.rod((x, end - r * 2.2, 0), (x, end, 0), r * b.u(2.2, 3.2), sides=b.pick(6, 8, 12))


@kind("C-clamp", "G-clamp", "screw clamp", "clamp", rest="lies")
def c_clamp(b: Builder) -> None:
    gap, deep = b.u(0.04, 0.16), b.u(0.03, 0.1)
    r = gap * b.u(0.065, 0.11)
    b.part(*CLAMP_FRAME)
    form = b.pick("tube", "cast", "cast", "square")
    if form == "cast":
        t = r * b.u(1.1, 1.8)
        outer = [
            (deep * 1.05, gap + r),
            (deep * 0.2, gap * 1.06 + r),
            (-r * 1.4, gap * 0.82),
            (-r * 1.6, gap * 0.15),
            (deep * 0.2, -gap * 0.1 - r),
            (deep * 1.05, -r * 1.6),
        ]
        inner = [
            (deep * 1.05, gap - r),
            (deep * 0.25, gap * 0.96 - r * 0.4),
            (r * 1.1, gap * 0.76),
            (r * 0.9, gap * 0.22),
            (deep * 0.25, r * 0.3),
            (deep * 1.05, r * 1.2),
        ]
        b.ribbon(outer, inner, t)
        if b.maybe(0.6):
            k = np.array(0.25)
            rib = [
                (np.array(o) * (1 - k) + np.array(i) * k, np.array(o) * k + np.array(i) * (1 - k))
                for o, i in zip(outer, inner, strict=True)
            ]
            b.ribbon([o for o, _ in rib], [i for _, i in rib], t * 1.9)
        b.rod((deep, -r * 1.9, 0), (deep, r * 1.4, 0), r * 1.35)
    else:
        path = [
            (deep, gap, 0),
            (0.1 * deep, gap, 0),
            (-r, gap * 0.8, 0),
            (-r, gap * 0.1, 0),
            (0.1 * deep, -0.1 * gap, 0),
            (deep, -0.1 * gap, 0),
        ]
        if form == "square":
            path = [(deep, gap, 0), (-r, gap, 0), (-r, -0.05 * gap, 0), (deep, -0.05 * gap, 0)]
        b.tube(path, r, flat=b.u(0.6, 1.2), smooth=form == "tube", sides=b.pick(4, 10))
    b.part(*JAW)
    b.cone((deep, gap + r * 0.3, 0), (deep, gap - r * 1.7, 0), r * 0.9, r * b.u(1.1, 1.5))
    tip = gap * b.u(0.12, 0.82)
    spindle(
        b,
        deep,
        tip,
        gap * b.u(0.7, 1.25) + gap * 0.12,
        r * b.u(0.5, 0.7),
        b.pick("bar", "bar", "bar", "wing", "knob"),
    )


@kind("F-clamp", "bar clamp", "joiner's clamp", "screw clamp", "clamp", rest="lies")
def f_clamp(b: Builder) -> None:
    length, deep, w = b.u(0.18, 0.7), b.u(0.06, 0.13), b.u(0.006, 0.011)
    b.part(*CLAMP_BAR)
    if b.maybe(0.8):
        b.box((2.4 * w, length, w), (0, length / 2, 0))
    else:
        b.rod((0, 0, 0), (0, length, 0), w * 1.3)
    b.part("fixed arm", *JAW)
    y = length - w
    b.ribbon(
        [(-w * 2, y - w), (deep * 0.5, y - w), (deep * 1.04, y - w)],
        [(-w * 2, y + w * 2), (deep * 0.5, y + w * 1.4), (deep * 1.04, y + w)],
        w * b.u(1.6, 2.6),
    )
    b.part(*CLAMP_PAD)
    b.rod((deep * 0.93, y - w * 2.2, 0), (deep * 0.93, y, 0), w * b.u(1.2, 1.9))
    at = length * b.u(0.15, 0.6)
    b.part("sliding arm", *JAW, "what slides on the bar", joint=slides((0, -1, 0), length * 0.5))
    b.ribbon(
        [(-w * 2.2, at - w * 1.8), (deep * 0.4, at - w * 1.2), (deep * 1.08, at - w * 2)],
        [(-w * 2.2, at + w * 1.8), (deep * 0.4, at + w * 1.2), (deep * 1.08, at + w * 2)],
        w * b.u(1.8, 2.8),
    )
    gap = y - at
    tip = at + min(gap * b.u(0.2, 0.8), 0.12)
    spindle(
        b,
        deep * 0.93,
        tip,
        (tip - at) + b.u(0.03, 0.09),
        w * b.u(0.7, 1.0),
        b.pick("grip", "grip", "grip", "bar"),
    )


@kind("bar clamp", "quick clamp", "one-hand clamp", "trigger clamp", "clamp", rest="lies")
def bar_clamp(b: Builder) -> None:
    length, deep, w = b.u(0.2, 0.6), b.u(0.05, 0.1), b.u(0.006, 0.01)
    b.part(*CLAMP_BAR)
    b.box((length, 2.4 * w, w), (length / 2, 0, 0))
    slide = length * b.u(0.3, 0.75)
    for x, s in ((length - w, -1), (slide, 1)):
        jaw = b.part(*JAW, joint=slides((-1, 0, 0), length * 0.3) if s > 0 else None)
        b.ribbon(
            [(x - w * 2, -w * 2.4), (x - w * 1.8, deep * 0.6), (x - w * 0.9, deep)],
            [(x + w * 2, -w * 2.4), (x + w * 1.8, deep * 0.6), (x + w * 0.9, deep)],
            w * 2.8,
        )
        b.part(*CLAMP_PAD, inside=jaw)
        b.box((w * 1.6, deep * b.u(0.3, 0.5), w * b.u(3, 4.5)), (x + s * w * 1.7, deep * 0.8, 0), round=0.3)
    b.part(*HANDLE, inside=jaw)
    b.tube(
        [
            (slide - w * 0.5, -w, 0),
            (slide - w * 2, -deep * 0.6, 0),
            (slide - w * 3, -deep * b.u(1.1, 1.5), 0),
        ],
        [w * 2, w * 1.7, w * 1.6],
        flat=0.9,
    )
    b.part(*TRIGGER, inside=jaw, joint=turns((0, 0, 1), (slide + w * 3, -w, 0), 0.5))
    b.tube(
        [(slide + w * 3.2, -w, 0), (slide + w * 3.6, -deep * 0.45, 0), (slide + w * 2.4, -deep * 0.9, 0)],
        [w * 1.2, w, w * 0.8],
        flat=1.3,
    )
    if b.maybe(0.6):
        b.part(
            "release lever",
            "lever",
            "button",
            "what to press to release it",
            inside=jaw,
            joint=presses((0, -1, 0)),
        )
        b.box((w * 2.4, w * 1.6, w * 1.6), (slide - w * 2.2, w * 1.8, 0), round=0.4)


@kind("spring clamp", "clip clamp", "clothes peg", "clothespin", "clamp", rest="lies")
def spring_clamp(b: Builder) -> None:
    length, open_by = b.u(0.05, 0.2), b.u(0.02, 0.3)
    w, wide, bend = length * b.u(0.045, 0.08), length * b.u(0.1, 0.24), b.u(0.1, 0.22)
    jaw_long, flat = length * b.u(0.32, 0.5), wide / w / 2
    spread = b.u(0.9, 1.3)
    for s in (-1, 1):
        with b.moved(yaw=s * open_by * 0.5):
            arm = b.part(
                "handle", "grip", "what to squeeze", "part to hold it by", joint=turns((0, 0, -s), angle=0.6)
            )
            b.tube(
                [
                    (0, s * w * 1.3, 0),
                    (-length * 0.2, s * (w + length * bend * 0.8 * spread), 0),
                    (-length * 0.42, s * (w + length * bend * spread), 0),
                    (-length * 0.62, s * (w + length * bend * b.u(0.75, 1.1)), 0),
                ],
                [w, w, w * 0.95, w * 0.7],
                flat=flat,
                steps=12,
            )
            b.part(*JAW, inside=arm)
            tip = w * b.u(0.5, 0.9)
            b.tube(
                [
                    (0, s * w * 1.3, 0),
                    (jaw_long * 0.45, s * w * b.u(1.8, 3.4), 0),
                    (jaw_long * 0.8, s * w * 1.6, 0),
                    (jaw_long, s * tip, 0),
                ],
                [w, w, w * 0.9, w * 0.7],
                flat=flat,
                steps=12,
            )
            if b.maybe(0.6):
                b.part(*CLAMP_PAD, inside=arm)
                with b.moved((jaw_long * 0.97, s * tip * 0.9, 0), yaw=b.u(-0.2, 0.2)):
                    b.box((w * 3.4, w * 1.3, wide * b.u(0.95, 1.25)), round=0.5)
    b.part("spring", "coil", "joint", "what it turns on")
    if b.maybe():
        b.rod((0, 0, -wide * 0.6), (0, 0, wide * 0.6), w * 1.1)
    else:
        turn = np.linspace(0, 10 * np.pi, 61)
        b.tube(
            np.stack([w * 1.2 * np.cos(turn), w * 1.2 * np.sin(turn), np.linspace(-0.6, 0.6, 61) * wide], 1),
            w * 0.28,
            sides=6,
            smooth=False,
        )


@kind("toggle clamp", "quick release clamp", "hold-down clamp", "lever clamp", "clamp")
def toggle_clamp(b: Builder) -> None:
    size, angle = b.u(0.08, 0.18), b.pick(0.0, b.u(0.2, 1.4))
    b.part("base", "foot", "mounting plate", "what it stands on")
    b.box((size * 0.45, size * 0.3, size * 0.03), (0, 0, size * 0.015))
    for s in (1, -1):
        b.box((size * 0.3, size * 0.03, size * 0.3), (0, s * size * 0.06, size * 0.16))
    b.part(*HINGE)
    for x, z in ((-size * 0.1, 0.27), (size * 0.08, 0.25)):
        b.rod((x, -size * 0.09, size * z), (x, size * 0.09, size * z), size * 0.02)
    with b.moved((size * 0.08, 0, size * 0.25), pitch=-angle):
        arm = b.part("arm", "clamp arm", "bar", joint=turns((0, -1, 0), angle=1.5, now=angle))
        b.box((size * 0.6, size * 0.06, size * 0.06), (size * 0.28, 0, 0), round=0.2)
        b.part(*CLAMP_SCREW, inside=arm, joint=screws((0, 0, -1), (size * 0.52, 0, 0)))
        b.rod((size * 0.52, 0, -size * 0.2), (size * 0.52, 0, size * 0.07), size * 0.025)
        b.part(*CLAMP_PAD, inside=arm)
        b.cone((size * 0.52, 0, -size * 0.23), (size * 0.52, 0, -size * 0.17), size * 0.06, size * 0.045)
    with b.moved((-size * 0.1, 0, size * 0.27), pitch=-np.pi / 2 + 0.4 - angle * 0.9):
        b.part(*HANDLE, "lever", joint=turns((0, -1, 0), angle=1.5))
        b.box((size * 0.35, size * 0.05, size * 0.05), (size * 0.15, 0, 0))
        b.tube(
            [(size * 0.3, 0, 0), (size * 0.45, 0, 0), (size * 0.75, 0, 0)],
            (size * 0.05, size * 0.065, size * 0.055),
            smooth=False,
        )
