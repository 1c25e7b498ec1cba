"""Tools that strike, pull and saw."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar, grip
from part_perception.shapes.lexicon import BLADE, HANDLE, TOOL_HANDLE


@kind("hammer", "claw hammer", "hand hammer", rest="lies")
def hammer(b: Builder) -> None:
    length, w = b.u(0.22, 0.4), b.u(0.011, 0.017)
    b.part(*TOOL_HANDLE)
    grip(b, 0, length, w * b.u(0.8, 1.1))
    head = b.part("head", "hammer head", "metal head", "what hits")
    b.box((w * 2, w * 2.4, w * 2), (length, 0, 0), round=0.4)
    b.cone((length, w, 0), (length, w * 2.4, 0), w * 0.7, w * 0.7)
    b.part("face", "striking face", "flat end that hits the nail", inside=head)
    b.cone((length, w * 2.4, 0), (length, w * b.u(3, 4), 0), w * 1.05, w * b.u(0.9, 1.15))
    form = b.pick("claw", "claw", "ball", "peen")
    reach = w * b.u(3.5, 5.5)
    if form == "claw":
        b.part("claw", "nail puller", "what pulls nails out", inside=head)
        drop = w * b.u(0.3, 2)
        for s in (-1, 1):
            b.tube(
                [
                    (length, -w, s * w * 0.4),
                    (length, -reach * 0.6, s * w * 0.6),
                    (length - drop, -reach, s * w * 0.9),
                ],
                [w * 0.75, w * 0.55, w * 0.2],
                sides=8,
                steps=10,
            )
    else:
        b.part("peen", "back end of the head", "rounded end" if form == "ball" else "wedge end", inside=head)
        if form == "ball":
            b.blob((w * 2, w * 2.2, w * 2), (length, -w * 2.1, 0))
        else:
            b.tube([(length, -w, 0), (length, -reach, 0)], [w, w * 0.9], flat=b.u(0.3, 0.5), smooth=False)


@kind("sledgehammer", "sledge", "club hammer", "big hammer", rest="lies")
def sledgehammer(b: Builder) -> None:
    length, w = b.pick(b.u(0.24, 0.35), b.u(0.6, 0.95)), b.u(0.02, 0.035)
    b.part(*TOOL_HANDLE)
    grip(b, 0, length + w, b.u(0.013, 0.018))
    b.part("head", "hammer head", "metal head", "what hits")
    half = w * b.u(1.6, 2.4)
    b.tube(
        [(length, -half, 0), (length, -half * 0.85, 0), (length, half * 0.85, 0), (length, half, 0)],
        [w * 0.85, w, w, w * 0.85],
        sides=b.pick(4, 8, 8),
        smooth=False,
    )


@kind("mallet", "rubber mallet", "wooden mallet", "soft hammer", rest="lies")
def mallet(b: Builder) -> None:
    length, w = b.u(0.22, 0.36), b.u(0.022, 0.038)
    b.part(*TOOL_HANDLE)
    grip(b, 0, length + w * b.u(0, 1.05), b.u(0.01, 0.016))
    b.part("head", "mallet head", "working end", "what hits")
    half = w * b.u(1.3, 2.1)
    form = b.pick("barrel", "box", "capped", "turned")
    if form == "box":
        b.box((w * 2.4, half * 2, w * 1.8), (length, 0, 0), round=b.u(0, 0.3))
    elif form == "barrel":
        b.tube(
            [(length, y * half, 0) for y in (-1, -0.9, 0, 0.9, 1)],
            w * np.array([0.8, 0.95, b.u(0.9, 1.1), 0.95, 0.8]),
        )
    elif form == "capped":
        b.rod((length, -half * 0.6, 0), (length, half * 0.6, 0), w * 0.75)
        for s in (-1, 1):
            b.part("face", "striking face", "soft end that hits", inside=1)
            b.rod((length, s * half * 0.55, 0), (length, s * half, 0), w)
    else:
        bar(b, length + half * np.array([-1, -0.8, 0.6, 1]), w * np.array([0.7, 0.95, 1.15, 1]))


@kind("crowbar", "pry bar", "wrecking bar", rest="lies")
def crowbar(b: Builder) -> None:
    length, r = b.u(0.25, 0.8), b.u(0.007, 0.012)
    hook = b.u(0.04, 0.08)
    b.part("shaft", "handle", "bar", "part to hold it by")
    b.tube([(0, 0, 0), (length, 0, 0)], r, sides=6, smooth=False, flat=b.u(0.6, 1))
    b.part("hook", "claw", "bent end", "what pulls nails out")
    b.tube(
        [
            (length - 0.002, 0, 0),
            (length + hook * 0.5, hook * 0.1, 0),
            (length + hook * 0.8, hook * 0.5, 0),
            (length + hook * b.u(0.3, 0.7), hook, 0),
        ],
        [r, r, r, r * 0.7],
        sides=6,
        flat=b.u(0.6, 1.5),
    )
    b.part("chisel end", "tip", "flat end", "wedge")
    b.tube(
        [(0.002, 0, 0), (-0.03, 0.004, 0), (-0.06, b.u(0, 0.02), 0)], [r, r * 1.2, r * 1.6], flat=0.4, steps=8
    )


@kind("saw", "hand saw", "wood saw", rest="lies")
def saw(b: Builder) -> None:
    length, w = b.u(0.25, 0.55), b.u(0.07, 0.13)
    b.part(*BLADE)
    tip = w * b.u(0.3, 0.8)
    b.ribbon([(-0.01, w * 0.95), (length, w * 0.95)], [(-0.01, 0), (length, w * 0.95 - tip)], 0.0015)
    b.part(*HANDLE)
    h = w * b.u(0.9, 1.2)
    if b.maybe(0.7):
        bar_r = b.u(0.011, 0.016)
        loop = np.array(
            [(0.02, 0.95), (-0.5, 1.0), (-0.95, 0.85), (-0.85, 0.45), (-0.9, 0.05), (-0.45, 0.0), (0.1, 0.25)]
        )
        b.tube([(x * h, y * h, 0) for x, y in loop], bar_r, flat=b.u(0.6, 0.9))
        b.ribbon(
            [(-h * 0.12, h * 0.95), (h * 0.25, h * 0.8)], [(-h * 0.2, h * 0.1), (h * 0.15, h * 0.2)], 0.018
        )
    else:
        bar(b, (-h * 1.4, -h * 1.3, -h * 0.5, 0.01), (0.012, 0.016, 0.014, 0.011), y=w * 0.55)


@kind("hacksaw", "metal saw", "bow saw", "fret saw", rest="lies")
def hacksaw(b: Builder) -> None:
    length, h = b.u(0.15, 0.35), b.u(0.06, 0.13)
    b.part("frame", "bow", "bracket", "what holds the blade")
    r = b.u(0.004, 0.008)
    b.tube(
        [
            (0, -0.004, 0),
            (-0.01, h * 0.5, 0),
            (0.01, h, 0),
            (length * 0.97, h, 0),
            (length, h * 0.9, 0),
            (length, -0.004, 0),
        ],
        r,
        smooth=b.maybe(0.3),
        flat=b.u(0.5, 1),
    )
    b.part(*BLADE)
    b.box((length * 0.99, b.u(0.008, 0.014), 0.0012), (length / 2, 0, 0))
    b.part(*HANDLE)
    if b.maybe():
        b.tube(
            [(-0.005, h * 0.7, 0), (-0.04, h * 0.5, 0), (-0.075, -h * 0.25, 0)],
            [0.01, 0.014, 0.013],
            flat=0.8,
        )
    else:
        driver = b.u(0.09, 0.12)
        bar(b, (-driver, -driver * 0.9, -driver * 0.4, 0.002), (0.009, 0.014, 0.012, 0.009))


@kind("staple gun", "tacker", "nail gun", rest="lies")
def staple_gun(b: Builder) -> None:
    length, h, t = b.u(0.13, 0.19), b.u(0.05, 0.08), b.u(0.02, 0.035)
    b.part("body", "housing", "frame")
    b.ribbon(
        [(-length, h * 0.75), (-length * 0.3, h), (0, h)],
        [(-length, h * 0.5), (-length * 0.3, h * 0.45), (0, 0)],
        t,
    )
    b.box((0.02, h * 1.1, t * 0.9), (-0.01, h * 0.45, 0), round=0.2)
    b.part("magazine", "staple rail", "bottom", "where the staples are")
    b.box((length * 0.9, h * 0.16, t * 0.7), (-length * 0.45, 0, 0))
    b.tube([(-length * 0.9, 0, 0), (-length, h * 0.2, 0), (-length, h * 0.6, 0)], t * 0.3, steps=8)
    b.part("handle", "lever", "what to squeeze", "part to hold it by")
    b.tube(
        [
            (-length * 0.2, h * 0.95, 0),
            (-length * 0.5, h * b.u(1.2, 1.6), 0),
            (-length * 1.05, h * b.u(1.1, 1.5), 0),
        ],
        [t * 0.35, t * 0.42, t * 0.4],
        flat=1.1,
        steps=8,
    )
