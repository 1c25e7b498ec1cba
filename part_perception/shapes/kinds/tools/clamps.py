"""What holds a workpiece."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import JAW, bar
from part_perception.shapes.lexicon import HANDLE, TRIGGER

SCREW_ROD = ("screw", "threaded rod", "spindle", "what to tighten")
CLAMP_PAD = ("pad", "foot", "jaw", "what presses")


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


@kind("tweezers", "forceps", "pincette", rest="lies")
def tweezers(b: Builder) -> None:
    length, gap, w = b.u(0.08, 0.2), b.u(0.004, 0.02), b.u(0.003, 0.006)
    for s in (-1, 1):
        arm = b.part("arm", "handle", "leg", "what to squeeze")
        b.tube(
            [
                (-length, 0, 0),
                (-length * 0.7, s * gap * 0.4, 0),
                (-length * 0.3, s * gap * 0.9, 0),
                (-length * 0.12, s * gap * 0.75, 0),
            ],
            [w * 0.6, w * 0.5, w * 0.5, w * 0.4],
            flat=1.8,
        )
        b.part("tip", "point", "gripping end", "what grips", inside=arm)
        b.tube(
            [(-length * 0.12, s * gap * 0.75, 0), (0, s * gap * 0.5, 0)],
            [w * 0.4, w * 0.15],
            flat=b.u(0.8, 1.8),
            smooth=False,
        )


@kind("binder clip", "bulldog clip", rest="lies")
def binder_clip(b: Builder) -> None:
    w, d = b.u(0.01, 0.025), b.u(0.012, 0.022)
    t = d * b.u(0.35, 0.5)
    b.part("body", "clamp", "spring", "what grips the paper")
    b.ribbon(
        [(0, 0.0004), (-d, t), (-d, t + 0.001)],
        [(0, 0.0016), (-d, t + 0.001), (-d, t + 0.002)],
        2 * w,
        plane="xz",
    )
    b.ribbon([(0, -0.0004), (-d, -t)], [(0, -0.0016), (-d, -t - 0.001)], 2 * w, plane="xz")
    b.box((0.001, 2 * w, 2 * t + 0.002), (-d, 0, 0))
    for s in (-1, 1):
        b.part("handle", "wire arm", "lever", "what to squeeze")
        with b.moved((0, 0, s * 0.001), pitch=-s * b.u(0.2, 0.7) + (0 if b.maybe(0.7) else np.pi)):
            b.tube(
                [
                    (0, -w * 0.6, 0),
                    (d * 0.8, -w * 0.35, 0),
                    (d * 1.4, -w * 0.3, 0),
                    (d * 1.5, 0, 0),
                    (d * 1.4, w * 0.3, 0),
                    (d * 0.8, w * 0.35, 0),
                    (0, w * 0.6, 0),
                ],
                0.001,
                sides=6,
            )
