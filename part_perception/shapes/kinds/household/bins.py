"""Bins with lids: pedal bins, swing lids, push lids, and street bins. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, lifts, presses, turns
from part_perception.shapes.forms import loft, shell
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.fronts import handle, opening_angle
from part_perception.shapes.lexicon import BASE, BIN_LID, CARRY_HANDLE, PEDAL, RIM

BIN = ("body", "bin", "container", "where the trash goes")
SWING_LID = ("flap", "swing lid", "lid", "what swings open")


def _tub(b: Builder, x: float, y: float, h: float, boxy: float, low: float) -> int:
    bin_ = b.part(*BIN)
    loft(b, shell([(x * low, y * low, 0), (x, y, h)], 0.004, 0.006), boxy)
    return bin_


@kind("pedal bin", "step trash can", "kitchen bin", "trash can with a pedal", "trash can")
def pedal_bin(b: Builder) -> None:
    x, boxy = b.u(0.09, 0.2), b.pick(0.0, b.u(0.5, 0.95))
    y, h, low = x * b.u(0.8, 1.3), b.u(0.25, 0.7), b.u(0.85, 1.0)
    body = _tub(b, x, y, h, boxy, low)
    if b.maybe(0.6):
        b.part(*BASE)
        loft(
            b,
            [
                (x * low, y * low, 0),
                (x * low + 0.008, y * low + 0.008, 0),
                (x * low + 0.008, y * low + 0.008, 0.03),
                (x * low, y * low, 0.032),
            ],
            boxy,
        )
    if b.maybe(0.5):
        b.part(*RIM)
        loft(
            b,
            [
                (x, y, h - 0.02),
                (x + 0.008, y + 0.008, h - 0.02),
                (x + 0.008, y + 0.008, h + 0.004),
                (x - 0.004, y - 0.004, h + 0.004),
            ],
            boxy,
        )
    angle, rise = opening_angle(b, 0.45, 1.5), b.u(0.008, 0.06)
    with b.moved((-x, 0, h + 0.006), pitch=-angle):
        b.part(*BIN_LID, joint=turns((0, -1, 0), angle=1.5, now=angle))
        loft(
            b,
            [
                (0, 0, 0),
                (x * 1.03, y * 1.03, 0),
                (x * 1.03, y * 1.03, 0.012),
                (x * 0.75, y * 0.75, rise * 0.8 + 0.01),
                (0, 0, rise + 0.012),
            ],
            boxy,
            at=(x, 0, 0),
        )
    if angle and b.maybe(0.7):
        b.part("inner bucket", "inner bin", "bucket", "bin liner", joint=lifts(reach=h))
        loft(
            b,
            shell([(x * low * 0.85, y * low * 0.85, 0.02), (x * 0.93, y * 0.93, h - 0.005)], 0.003, 0.025),
            boxy,
        )
    b.part(*PEDAL, joint=turns((0, 1, 0), (x * low - 0.02, 0, 0.02), 0.3))
    wide, z, out = b.u(0.04, min(0.14, y)), b.u(0.01, 0.03), b.u(0.03, 0.06)
    if b.maybe(0.7):
        b.box((out + 0.02, wide, 0.008), (x * low + out / 2 - 0.01, 0, z), round=0.4)
    else:
        b.tube(
            [
                (x * low - 0.01, -wide / 2, z),
                (x * low + out, -wide / 2, z),
                (x * low + out, wide / 2, z),
                (x * low - 0.01, wide / 2, z),
            ],
            0.006,
            smooth=False,
        )
    if b.maybe(0.35):
        b.part(*CARRY_HANDLE, inside=body)
        b.tube(
            [
                (-x * 0.97, -0.05, h * 0.8),
                (-x - 0.025, -0.04, h * 0.8),
                (-x - 0.025, 0.04, h * 0.8),
                (-x * 0.97, 0.05, h * 0.8),
            ],
            0.005,
        )


@kind("swing bin", "swing lid bin", "push lid trash can", "litter bin", "trash can")
def swing_bin(b: Builder) -> None:
    x, h = b.u(0.11, 0.22), b.u(0.3, 0.85)
    boxy, form = b.pick(0.0, b.u(0.6, 0.95)), b.pick("roof", "dome", "flat", "bullet")
    y, low = x * b.u(0.9, 1.3), b.u(0.72, 1.0)
    if form == "bullet":
        _bullet(b, x, h)
        return
    body = _tub(b, x, y, h, boxy, low)
    tall = {"roof": x * b.u(0.5, 1.0), "dome": x * b.u(0.4, 0.8), "flat": b.u(0.02, 0.04)}[form]
    b.part(*BIN_LID, "hood", joint=lifts())
    top = 0.35 if form == "roof" else (0.6 if form == "dome" else 0.97)
    loft(
        b,
        [
            (x * 0.98, y * 0.98, h - 0.005),
            (x * 1.04, y * 1.04, h),
            (x * 1.03, y * 1.03, h + 0.015),
            (x * (0.8 + 0.2 * (form == "flat")), y, h + tall * 0.6),
            (x * top, y * 0.97, h + tall),
            (0, 0, h + tall),
        ],
        max(boxy, 0.2 if form == "roof" else 0.0),
    )
    swing = b.pick(0, 0, 1, -1) * b.u(0.2, 0.8)
    b.part(*SWING_LID, inside=body if b.maybe(0.3) else -1, joint=turns((0, 1, 0), (0, 0, h + tall), 0.9))
    if form == "flat":
        with b.moved((0, 0, h + tall + 0.002), pitch=swing * 0.5):
            b.box((x * 1.5, y * 1.5, 0.01), round=0.5)
    else:
        lean = np.arctan2(x * 0.5, tall)
        with b.moved(
            (x * (0.93 if form == "roof" else 0.86) * 0.8, 0, h + tall * 0.62), pitch=-lean + 0.12 * swing
        ):
            b.box((0.012, y * 1.4, tall * 0.75), round=0.4)


def _bullet(b: Builder, r: float, h: float) -> None:
    b.part(*BIN)
    turn = np.linspace(0, np.pi / 2, 7)[1:]
    b.lathe(
        [
            (0, 0.01),
            (r * 0.96, 0.01),
            (r, 0.05),
            (r, h),
            *[(r * np.cos(a), h + r * b.u(0.95, 1.0) * np.sin(a)) for a in turn],
        ]
    )
    b.part(*BASE)
    b.lathe([(0, 0), (r * 1.06, 0), (r * 1.06, 0.035), (r * 0.98, 0.04)])
    with b.moved((r * 0.72, 0, h + r * 0.42), pitch=-0.55 + b.pick(0, 0.3)):
        b.part(*SWING_LID, joint=turns((0, -1, 0), (0, 0, r * 0.25), 0.9))
        b.box((0.05, r * b.u(0.9, 1.1), r * 0.6), round=0.5)
        b.part("push plate", "handle", "what to push to open it", joint=presses((-1, 0, 0), 0.05))
        b.box((0.014, r * 0.6, r * 0.14), (0.03, 0, -r * 0.12), round=0.4)
    if b.maybe(0.3):
        handle(b, (r * 0.98, 0, h * 0.7), False, 0.12, 0)
