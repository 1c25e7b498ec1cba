"""Hanging lamps and floor lamps."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.lighting import (
    BULB,
    LAMP_SWITCH,
    POLE,
    SHADE,
    bulb,
    glazed,
    lamp_foot,
    shade,
)

MOUNT = ("fixing bracket", "mount", "base", "ceiling rose")


@kind("pendant lamp", "hanging lamp", "ceiling lamp", "lamp")
def pendant_lamp(b: Builder) -> None:
    drop, r, sh = b.u(0.2, 0.8), b.u(0.08, 0.25), b.u(0.1, 0.25)
    b.part(*MOUNT)
    b.lathe(
        [
            (0, drop + sh),
            (0.05, drop + sh),
            (0.055, drop + sh - 0.012),
            (0.02, drop + sh - 0.035),
            (0, drop + sh - 0.035),
        ]
    )
    b.part("pole", "cord", "cable", "what it hangs from")
    b.rod((0, 0, sh * 0.9), (0, 0, drop + sh - 0.03), b.u(0.003, 0.008))
    shade(b, 0.0, r, sh)
    bulb(b, (0, 0, sh * 0.9), min(0.03, sh * 0.22), False)


@kind("ceiling light", "flush light", "spot light bar", "ceiling lamp")
def ceiling_light(b: Builder) -> None:
    r = b.u(0.12, 0.25)
    b.part(*MOUNT)
    if b.maybe():
        b.lathe([(0, 0.1), (r * 0.9, 0.1), (r * 0.9, 0.085), (0, 0.085)])
        b.part(*SHADE)
        b.lathe([(r, 0.084), (r * b.u(0.85, 1), 0.05), (r * 0.6, 0.01), (0, 0)])
        return
    w = b.u(0.3, 0.8)
    b.box((0.06, w, 0.025), (0, 0, 0.15))
    for k in range(n := b.n(2, 4)):
        with b.moved((0, (k - (n - 1) / 2) * w / n, 0.14), roll=b.u(-0.5, 0.5), pitch=b.u(-0.7, 0.7)):
            b.part("spot", "lamp head", "lampshade", "where the light comes out")
            b.rod((0, 0, 0), (0, 0, -0.04), 0.006)
            b.lathe(
                [
                    (0, -0.035),
                    (0.025, -0.035),
                    (b.u(0.028, 0.045), -0.12),
                    (0.024, -0.12),
                    (0.02, -0.06),
                    (0, -0.06),
                ]
            )


@kind("wall lamp", "sconce", "lamp", rest="mounted")
def wall_lamp(b: Builder) -> None:
    b.part("fixing bracket", "mount", "wall plate", "base")
    k = b.u(0.03, 0.06)
    if b.maybe():
        b.rod((0, 0, 0), (b.u(0.012, 0.03), 0, 0), k)
    else:
        b.box((0.02, k * 1.4, k * b.u(2, 4)), (0.01, 0, 0), round=0.3)
    reach, up = b.u(0.08, 0.3), b.u(-0.05, 0.12)
    b.part("arm", "pole", "bracket arm", "stem")
    b.tube([(0.01, 0, 0), (reach * 0.6, 0, b.u(-0.05, 0.0)), (reach, 0, up)], b.u(0.005, 0.01))
    r, sh = b.u(0.04, min(0.11, reach)), b.u(0.08, 0.16)
    if b.maybe(0.2):  # a lantern that hangs from the arm or stands on it
        h = b.u(0.1, 0.22)
        with b.moved((max(reach, 0.1), 0, up - b.pick(0.04, 0.12 + h))):
            glazed(b, min(0.07, 0.7 * max(reach, 0.1)), h, b.pick(4, 6, 28), b.pick(1.0, 1.0, b.u(1.1, 1.7)))
        return
    with b.moved((reach, 0, up)):
        shade(b, -sh * b.u(0, 0.5), r, sh)
        bulb(b, (0, 0, -0.005), r * 0.3)
    if b.maybe(0.3):
        b.part(*LAMP_SWITCH)
        b.box((0.02, 0.012, 0.018), (0.03, 0, -k * 0.5))


@kind("chandelier", "candelabra lamp", "ceiling lamp")
def chandelier(b: Builder) -> None:
    drop, r, n = b.u(0.3, 0.7), b.u(0.22, 0.4), b.n(4, 7)
    b.part("pole", "stem", "chain", "what it hangs from")
    if b.maybe(0.3):
        for k, z in enumerate(np.arange(0.24, drop, 0.08)):  # links
            turn = ((0.014, 0), (0, 0.014))[k % 2]
            path = [
                (*turn, z),
                (*turn, z + 0.07),
                (-turn[0], -turn[1], z + 0.07),
                (-turn[0], -turn[1], z),
                (*turn, z),
            ]
            b.tube(path, 0.0035, sides=5, smooth=False)
    else:
        b.rod((0, 0, 0.05), (0, 0, drop), 0.007)
    b.part(*MOUNT)
    b.lathe([(0, drop + 0.03), (0.06, drop + 0.03), (0.02, drop), (0, drop)])
    b.part("body", "center piece", "hub")
    b.lathe([(0, -0.05), (0.03, 0), (0.05, 0.05), (0.02, 0.12), (0.035, 0.18), (0.008, 0.22)], smooth=True)
    cups, plates, flames = b.maybe(0.5), b.maybe(0.4), b.maybe(0.4)
    for a in np.arange(n) * 2 * np.pi / n:
        c = np.array((np.cos(a), np.sin(a), 0))
        b.part("arm", "branch", "curved arm")
        b.tube(
            [
                c * 0.03 + (0, 0, 0.06),
                c * r * 0.5 + (0, 0, -0.03),
                c * r * 0.95 + (0, 0, 0.0),
                c * r + (0, 0, 0.07),
            ],
            0.006,
        )
        with b.moved(c * r + (0, 0, 0.07)):
            if cups:
                bulb(b, (0, 0, 0), 0.016)
                b.part(*SHADE)
                b.lathe([(0.055, 0.02), (0.03, 0.09), (0.028, 0.09), (0.053, 0.02)])
                continue
            b.part(*(("candle", "holder") if flames else ("candle", "bulb", "what shines")))
            b.rod((0, 0, 0), (0, 0, 0.08), 0.011)
            if flames:
                b.part(*BULB)
                b.lathe([(0, 0.08), (0.014, 0.1), (0.012, 0.115), (0, 0.15)])
            if plates:
                b.part("cup", "candle holder", "holder")
                b.lathe([(0, -0.01), (0.03, 0.002), (0.032, 0.008), (0, 0.004)])


@kind("street lamp", "lamp post", "street light")
def street_lamp(b: Builder) -> None:
    h, reach = b.u(3, 7), b.u(0.5, 1.8)
    lamp_foot(b, 0.18, 0.3)
    b.part(*POLE)
    if b.maybe(0.6):
        b.tube(
            [(0, 0, 0.1), (0, 0, h * 0.85), (reach * 0.3, 0, h * 0.98), (reach, 0, h)],
            (0.07, 0.05, 0.045, 0.04),
        )
        b.part("lamp head", "head", "lampshade", "where the light comes out")
        b.box((0.55, 0.22, 0.1), (reach + 0.2, 0, h), round=0.7)
    else:
        b.cone((0, 0, 0.1), (0, 0, h * 0.8), 0.06, 0.035)
        with b.moved((0, 0, h * 0.8)):
            b.part("lamp head", "head", "lantern", "lampshade", "where the light comes out")
            b.cone((0, 0, 0), (0, 0, 0.4), 0.1, 0.2, sides=6)
            b.part("roof", "top", "cap", "cover")
            b.cone((0, 0, 0.4), (0, 0, 0.6), 0.25, 0.02, sides=6)
