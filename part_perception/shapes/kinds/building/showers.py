"""Showers, bathtubs and their fittings. Their backs are to the wall, they face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides, turns
from part_perception.shapes.forms import loft, shell
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field
from part_perception.shapes.kinds.appliances.fronts import handle, hung, opening_angle
from part_perception.shapes.kinds.building.plumbing import TAP_HANDLE, TAP_SPOUT, WALL_PLATE, mixer
from part_perception.shapes.lexicon import DOOR, FOOT, GLASS, KNOB, RIM, SHOWER_HEAD, SHOWER_HOSE

RISER = ("riser", "rail", "shower pole", "bar")
TRAY = ("tray", "shower tray", "base", "floor", "where to stand")
TUB = ("tub", "bathtub", "body", "where the water is")


def spray_head(b: Builder, at, r: float, pitch: float = 0.0, square: bool = False) -> None:
    """A part: a shower head that sprays down."""
    b.part(*SHOWER_HEAD, joint=turns((0, 1, 0), at, 0.6))
    with b.moved(at, pitch=pitch):
        if square:
            b.box((2 * r, 2 * r, 0.012), (0, 0, -0.02), round=0.3)
            b.rod((0, 0, -0.02), (0, 0, 0.005), 0.014)
        else:
            b.lathe(
                [
                    (0, -0.026),
                    (r * 0.93, -0.026),
                    (r, -0.02),
                    (r * 0.97, -0.012),
                    (r * 0.4, 0.004),
                    (0.014, 0.014),
                    (0, 0.014),
                ]
            )


def wall_mixer(b: Builder, z: float, spout: bool) -> None:
    """Parts: a mixer across the wall at height z: body, plates, one lever or two handles, perhaps a spout."""
    wide, r, reach = b.u(0.13, 0.17), b.u(0.018, 0.026), b.u(0.05, 0.075)
    body = b.part("body", "mixer", "valve", "tap body")
    b.rod((reach, -wide, z), (reach, wide, z), r)
    for s in (1, -1):
        b.part(*WALL_PLATE, inside=body)
        b.rod((0, s * wide * 0.6, z), (0.008, s * wide * 0.6, z), 0.034)
        b.rod((0.004, s * wide * 0.6, z), (reach, s * wide * 0.6, z), r * 0.8)
    if b.maybe(0.55):
        for s in (1, -1):
            b.part(*TAP_HANDLE, joint=turns((0, s, 0), (reach, 0, z), 1.6))
            if b.maybe(0.6):
                b.rod(
                    (reach, s * wide, z),
                    (reach, s * (wide + 0.045), z),
                    r * b.u(1.0, 1.3),
                    sides=b.pick(6, 12),
                )
            else:
                b.rod((reach, s * wide, z), (reach, s * (wide + 0.03), z), r * 0.5)
                for x, y in ((0.035, 0), (0, 0.035)):
                    at = s * (wide + 0.025)
                    b.rod((reach - x, at, z - y), (reach + x, at, z + y), 0.007)
    else:
        b.part(*TAP_HANDLE, joint=turns((0, -1, 0), (reach, 0, z), 0.8))
        b.rod((reach, 0, z), (reach, 0, z + r + 0.02), r * 0.95)
        b.tube(
            [
                (reach, 0, z + r + 0.015),
                (reach + 0.06, 0, z + r + 0.03),
                (reach + 0.12, 0, z + r + b.u(0.02, 0.06)),
            ],
            (0.012, 0.009, 0.011),
            flat=0.6,
        )
    if spout:
        b.part(*TAP_SPOUT)
        out = b.u(0.1, 0.18)
        b.tube(
            [(reach, 0, z - r * 0.5), (reach + out * 0.7, 0, z - r * 0.8), (reach + out, 0, z - 0.05)],
            b.u(0.012, 0.017),
        )
        if b.maybe(0.5):
            b.part(*KNOB, "diverter", joint=slides((0, 0, 1), 0.01))
            b.rod((reach + out * 0.6, 0, z - r * 0.6), (reach + out * 0.6, 0, z + 0.02), 0.006)
            b.rod((reach + out * 0.6, 0, z + 0.01), (reach + out * 0.6, 0, z + 0.028), 0.011)


def hand_shower(b: Builder, at, start, side: int = 1) -> None:
    """Parts: a hand shower in its holder at `at`, with its hose from `start`."""
    x, y, z = at
    b.part("holder", "mount", "bracket", "slider", joint=slides((0, 0, 1), 0.4))
    b.rod((x - 0.03, y, z), (x + 0.02, y, z), 0.018)
    long, r = b.u(0.13, 0.2), b.u(0.035, 0.06)
    b.part("handle", "grip", "part to hold it by", "where to grab it")
    b.tube(
        [(x + 0.015, y, z - long * 0.35), (x + 0.022, y, z), (x + 0.05, y, z + long * 0.65)],
        (0.011, 0.013, 0.014),
    )
    spray_head(b, (x + 0.065, y, z + long * 0.68), r, -b.u(0.5, 1.2))
    b.part(*SHOWER_HOSE)
    sx, sy, sz = start
    sag = min(sz, z) - b.u(0.1, 0.35)
    b.tube(
        [
            (sx, sy, sz),
            (sx + 0.02, sy + side * 0.06, (sz + sag) / 2),
            (x + 0.04, (sy + y) / 2 + side * 0.14, sag),
            (x + 0.03, y + side * 0.05, (z + sag) / 2),
            (x + 0.015, y, z - long * 0.35),
        ],
        0.007,
    )


@kind("shower set", "shower column", "shower", "shower rail", rest="mounted", front=True)
def shower_set(b: Builder) -> None:
    h, off = b.u(0.6, 1.1), b.u(0.045, 0.07)
    z = -h / 2
    wall_mixer(b, z - 0.03, b.maybe(0.35))
    b.part(*RISER)
    b.rod((off, 0, z), (off, 0, h / 2), b.u(0.008, 0.014))
    for k in (h / 2 - 0.02,):
        b.part(*WALL_PLATE)
        b.rod((0, 0, k), (off, 0, k), 0.014)
    if b.maybe(0.55):
        b.part("arm", "pipe", "shower arm")
        out = b.u(0.3, 0.42)
        b.tube(
            [
                (off, 0, h / 2 - 0.01),
                (off, 0, h / 2 + 0.1),
                (off + 0.08, 0, h / 2 + 0.17),
                (off + out, 0, h / 2 + 0.15),
                (off + out, 0, h / 2 + 0.1),
            ],
            0.011,
        )
        spray_head(b, (off + out, 0, h / 2 + 0.09), b.u(0.08, 0.15), square=b.maybe(0.3))
    if b.maybe(0.85):
        s = b.pick(1, -1)
        hand_shower(b, (off + 0.015, 0, h * b.u(0.05, 0.42)), (off + 0.01, s * 0.05, z - 0.05), s)
    if b.maybe(0.3):
        b.part("soap dish", "shelf", "tray", "where the soap lies")
        b.box((0.1, 0.14, 0.012), (off + 0.03, 0, -h * 0.15), round=0.5)


@kind("shower cabin", "shower stall", "shower cubicle", "shower enclosure", front=True)
def shower_cabin(b: Builder) -> None:
    w, d, h, low = b.u(0.75, 1.3), b.u(0.75, 1.0), b.u(1.75, 2.1), b.u(0.03, 0.16)
    b.part(*TRAY)
    loft(b, shell([(d / 2, w / 2, 0), (d / 2, w / 2, low)], 0.05, low * 0.5), 1.0, at=(-d / 2, 0, 0))
    b.part("drain", "plug hole", "where the water goes away")
    b.lathe([(0.05, low * 0.5 - 0.001), (0.05, low * 0.5 + 0.005), (0, low * 0.5 + 0.006)], (-d * 0.5, 0, 0))
    b.part("wall", "back wall", "tiles", "back panel")
    b.box((0.02, w, h), (-d - 0.01, 0, low + h / 2))
    b.box((d, 0.02, h), (-d / 2, -w / 2 - 0.01, low + h / 2))
    frame = b.part("frame", "profile", "border")
    for x, y in ((0, w / 2), (0, -w / 2), (-d, w / 2)):
        b.box((0.03, 0.03, h), (x, y, low + h / 2))
    for z in (low + 0.015, low + h - 0.015):
        b.box((0.03, w, 0.03), (0, 0, z))
        b.box((d, 0.03, 0.03), (-d / 2, w / 2, z))
    b.part("glass panel", *GLASS[1:], "side panel")
    b.box((d - 0.03, 0.006, h - 0.06), (-d / 2, w / 2, low + h / 2))
    sliding = b.maybe(0.45)
    angle = opening_angle(b, 0.4, 1.4)
    if sliding:
        out = b.u(0.05, w * 0.42) if angle else 0.0
        b.part("glass panel", *GLASS[1:], "fixed panel", inside=frame)
        b.box((0.006, w * 0.48, h - 0.06), (-0.006, w * 0.25, low + h / 2))
        door = b.part(
            "door", "shower door", "sliding door", "what slides open", joint=slides((0, 1, 0), w * 0.45, out)
        )
        b.box((0.008, w * 0.5, h - 0.06), (0.008, -w * 0.24 + out, low + h / 2))
        handle(b, (0.012, -w * 0.05 + out, low + h * 0.5), True, b.u(0.15, 0.4), door)
    else:
        with hung(b, Field(0, low + h / 2, w - 0.04, h - 0.06), b.pick("+y", "-y"), angle, 0.005) as swing:
            door = b.part(*DOOR, "shower door", joint=swing)
            b.box((0.008, w - 0.04, h - 0.06), (0.004, 0, 0))
            s = 1 if swing.axis[2] < 0 else -1
            handle(
                b, (0.008, s * w * 0.4, 0), True, b.u(0.12, 0.4), door, b.pick("bar", "bow", "knob", "square")
            )
    with b.moved((-d, b.u(-0.1, 0.1), low)):
        wall_mixer(b, b.u(0.9, 1.1), False)
        if b.maybe(0.5):
            b.part(*RISER)
            b.rod((0.05, 0, 1.1), (0.05, 0, h * 0.96), 0.011)
            hand_shower(b, (0.06, 0, h * b.u(0.75, 0.9)), (0.06, 0.04, 0.95))
        else:
            b.part("arm", "pipe", "shower arm")
            b.tube([(0, 0, h * 0.94), (0.2, 0, h * 0.97), (0.3, 0, h * 0.95)], 0.01)
            spray_head(b, (0.3, 0, h * 0.93), b.u(0.07, 0.14))


@kind("bath mixer", "wall mixer", "shower mixer", "tap", rest="mounted", front=True)
def bath_mixer(b: Builder) -> None:
    wall_mixer(b, 0.0, b.maybe(0.75))
    if b.maybe(0.5):
        hand_shower(b, (0.06, 0.0, b.u(0.12, 0.3)), (0.06, 0.05, -0.03))


@kind("bathtub", "bath", "tub", "bath tub")
def bathtub(b: Builder) -> None:
    long, wide, h = b.u(1.35, 1.85), b.u(0.66, 0.85), b.u(0.45, 0.62)
    form = b.pick("built-in", "oval", "oval", "footed", "square")
    foot = b.u(0.06, 0.14) if form == "footed" else 0.0
    boxy = {"built-in": 0.95, "square": 0.9}.get(form, b.u(0.0, 0.3))
    low = 1.0 if form in ("built-in", "square") else b.u(0.7, 0.9)
    b.part(*TUB)
    lx, ly, t = wide / 2, long / 2, b.u(0.03, 0.07)
    outer = [
        (lx * low, ly * low, foot),
        (lx * (low + 1) / 2, ly * (low + 1) / 2, foot + h * 0.4),
        (lx, ly, foot + h),
    ]
    inner = [
        (lx - t, ly - t, foot + h),
        ((lx - t) * 0.92, (ly - t) * 0.92, foot + h * 0.5),
        ((lx - t) * 0.8, (ly - t) * 0.84, foot + 0.07),
        (0, 0, foot + 0.06),
    ]
    loft(b, [(0, 0, foot), *outer, *inner], boxy)
    if b.maybe(0.4):
        b.part(*RIM)
        loft(
            b,
            [
                (lx - t * 0.5, ly - t * 0.5, foot + h),
                (lx + 0.03, ly + 0.03, foot + h),
                (lx + 0.03, ly + 0.03, foot + h + 0.025),
                (lx - t, ly - t, foot + h + 0.02),
                (lx - t, ly - t, foot + h),
            ],
            boxy,
        )
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)) if foot else ():
        b.part(*FOOT)
        b.tube(
            [
                (sx * lx * 0.55, sy * ly * 0.6, 0.012),
                (sx * lx * 0.53, sy * ly * 0.57, foot * 0.6),
                (sx * lx * 0.45, sy * ly * 0.5, foot + 0.05),
            ],
            (0.03, 0.02, 0.035),
        )
    b.part("drain", "plug hole", "plug", "where the water goes away")
    b.lathe([(0.028, foot + 0.06), (0.026, foot + 0.067), (0, foot + 0.068)], (0, -ly * 0.4, 0))
    place = b.pick("end", "end", "side", "none")
    if place == "none":
        return
    at, yaw = (
        ((0, -ly + t * 0.6, foot + h), np.pi / 2) if place == "end" else ((-lx + t * 0.6, 0, foot + h), 0.0)
    )
    with b.moved(at, yaw=yaw):
        mixer(b, b.part("faucet", "tap", "water tap", "mixer tap"))
        if b.maybe(0.25):
            hand_shower(b, (0.0, 0.16, 0.1), (0.0, 0.05, 0.03))
