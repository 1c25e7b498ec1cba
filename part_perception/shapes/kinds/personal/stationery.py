"""Desk tools that staple, punch and stick."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.electronics.electronics import KEYPAD, raised_pads
from part_perception.shapes.lexicon import BASE, CAP, SCREEN


@kind("stapler", "desk stapler", rest="stands")
def stapler(b: Builder) -> None:
    length, w, h = b.u(0.09, 0.17), b.u(0.02, 0.038), b.u(0.008, 0.014)
    b.part("base", "foot", "bottom", "what it stands on")
    b.box((length, w, h), (-length * 0.48, 0, h / 2), round=b.u(0.1, 0.5))
    with b.moved((-length * 0.92, 0, h + 0.008), pitch=-b.u(0.03, 0.5)):
        b.part("magazine", "body", "metal part", "where the staples are")
        b.box((length * 0.92, w * 0.6, 0.014), (length * 0.46, 0, 0), round=0.1)
        b.part("lid", "top", "arm", "what to press")
        up = b.u(0.02, 0.035)
        b.extrude(
            [
                (-0.012, 0.004),
                (length * 0.94, 0.008),
                (length * 0.95, 0.02),
                (length * 0.6, up),
                (length * 0.1, up * 1.05),
                (-0.012, 0.02),
            ],
            w * 0.85,
            plane="xz",
            bevel=0.08,
        )
    b.part("hinge", "joint", "what it turns on")
    b.box((0.022, w * 1.03, h + 0.016), (-length * 0.94, 0, (h + 0.016) / 2), round=0.4)


@kind("staple remover", "tongs for staples", rest="lies")
def staple_remover(b: Builder) -> None:
    w, a = b.u(0.012, 0.018), b.u(0.15, 0.45)
    for s in (-1, 1):
        with b.moved(pitch=-s * a):
            b.part("handle", "grip", "what to squeeze")
            b.box((0.035, w * 1.3, 0.004), (0.008, 0, s * 0.007), round=0.5)
            b.part("jaw", "teeth", "claw", "what bites")
            for side in (-1, 1):
                b.extrude(
                    [(0, s * 0.006), (0.03, s * 0.006), (0.04, 0), (0.03, -s * 0.002), (0, -s * 0.003)],
                    0.001,
                    (0, side * w * 0.5, 0),
                    "xz",
                )
    b.part("hinge", "spring", "joint", "what it turns on")
    b.rod((0, -w * 0.6, 0), (0, w * 0.6, 0), 0.006)


@kind("tape dispenser", "sticky tape holder", "tape holder")
def tape_dispenser(b: Builder) -> None:
    r, w = b.u(0.024, 0.045), b.u(0.02, 0.035)
    length = r * b.u(3.2, 4.2)
    b.part("body", "base", "holder", "what it stands on")
    top = r * b.u(0.7, 1)
    b.ribbon(
        [(-length / 2, 0.0), (-length * 0.3, 0), (length * 0.2, 0), (length / 2, 0)],
        [
            (-length / 2, r * 0.4),
            (-length * 0.3, top),
            (length * 0.2, r * 0.45),
            (length / 2, r * b.u(1, 1.4)),
        ],
        w,
        plane="xz",
    )
    b.part("tape", "roll of tape", "roll", "adhesive tape")
    z = max(top, r * 1.05) + 0.002
    with b.moved((-length * 0.18, -w * 0.53, z), roll=-np.pi / 2):
        b.lathe([(r * 0.55, 0), (r, 0), (r, w * 1.06), (r * 0.55, w * 1.06), (r * 0.55, 0)])
    b.part("hub", "core", "wheel", "what the tape turns on")
    b.rod((-length * 0.18, -w * 0.57, z), (-length * 0.18, w * 0.57, z), r * 0.53)
    b.part("blade", "cutter", "teeth", "what cuts the tape")
    b.box((0.006, w * 0.95, 0.006), (length / 2, 0, r * 1.2), taper=0.4)


@kind("hole punch", "paper punch", "puncher")
def hole_punch(b: Builder) -> None:
    w, d, h = b.u(0.09, 0.13), b.u(0.08, 0.11), b.u(0.02, 0.035)
    b.part(*BASE)
    b.box((d, w, 0.012), (0, 0, 0.006), round=0.3)
    b.part("body", "frame", "block", "what punches")
    for s in (-1, 1):
        b.box((0.03, 0.02, h), (d * 0.22, s * 0.036, 0.012 + h / 2), round=0.2)
    b.part("handle", "lever", "arm", "what to press")
    with b.moved((d * 0.3, 0, 0.012 + h * 0.9), pitch=np.pi + b.u(0.1, 0.45)):
        b.box((d * 0.95, w * 0.8, 0.008), (d * 0.35, 0, 0), round=0.5)
        b.box((d * 0.3, w * 0.8, 0.016), (d * 0.03, 0, 0.004), round=0.3)
    if b.maybe(0.5):
        b.part("ruler", "paper guide", "guide", "stop")
        b.box((0.012, b.u(0.03, 0.08), 0.003), (d * 0.32, w * 0.55, 0.014))


@kind("scotch tape roll", "roll of tape", "duct tape", rest="lies")
def tape_roll(b: Builder) -> None:
    r, w = b.u(0.025, 0.07), b.u(0.012, 0.05)
    hole = r * b.u(0.45, 0.75)
    b.part("tape", "roll", "adhesive tape")
    b.lathe([(hole * 1.08, 0), (r, 0), (r, w), (hole * 1.08, w)])
    b.part("core", "cardboard ring", "hub", "hole")
    b.lathe(
        [
            (hole, -0.0005),
            (hole * 1.08, -0.0005),
            (hole * 1.08, w + 0.0005),
            (hole, w + 0.0005),
            (hole, -0.0005),
        ]
    )


@kind("lip balm", "lipstick", "chapstick")
def lip_balm(b: Builder) -> None:
    r, h = b.u(0.008, 0.016), b.u(0.05, 0.09)
    b.part("body", "tube", "barrel", "part to hold it by")
    b.lathe([(0, 0), (r, 0.001), (r, h * 0.65), (r * 0.85, h * 0.66), (r * 0.85, h * 0.75)])
    if b.maybe(0.55):
        b.part(*CAP)
        b.lathe([(r * 1.02, h * 0.65), (r * 1.02, h), (0, h * 1.01)])
    else:
        b.part("stick", "balm", "content", "tip")
        b.rod((0, 0, h * 0.7), (0, 0, h * b.u(0.8, 1)), r * 0.75)


@kind("rubber stamp", "stamp")
def stamp(b: Builder) -> None:
    w, d, h = b.u(0.015, 0.035), b.u(0.015, 0.025), b.u(0.05, 0.09)
    b.part("base", "stamp plate", "foot", "what prints")
    b.box((2 * d, 2 * w, 0.014), (0, 0, 0.007))
    b.part("handle", "knob", "grip", "part to hold it by")
    b.lathe(
        [(d * 0.5, 0.013), (d * 0.3, h * 0.45), (d * b.u(0.5, 0.8), h * 0.8), (d * 0.4, h), (0, h * 1.01)]
    )


@kind("calculator", "pocket calculator", rest="lies")
def calculator(b: Builder) -> None:
    length, t = b.u(0.09, 0.19), b.u(0.008, 0.025)
    w = length * b.u(0.5, 0.8)
    body = b.part("body", "case", "housing", "device")
    b.extrude(
        np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * (length, w), t, bevel=b.u(0, 0.08)
    )
    b.part(*SCREEN, inside=body)
    with b.moved((length * 0.35, 0, t / 2), pitch=-b.u(0, 0.3)):
        b.box((length * 0.18, w * 0.85, 0.004))
    b.part(*KEYPAD, inside=body)
    rows = b.n(4, 5)
    raised_pads(
        b,
        np.linspace(-0.4, 0.15, rows) * length,
        np.linspace(-0.34, 0.34, 4) * w,
        (length * 0.4 / rows, w * 0.16, 0.006),
        t / 2,
    )
