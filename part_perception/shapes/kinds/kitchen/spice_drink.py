"""Shakers, mills and drink dispensers."""

import numpy as np

from part_perception.shapes.builder import Builder, spins, turns
from part_perception.shapes.forms import curve, loft
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BOTTLE_BODY


@kind("salt shaker", "pepper shaker", "spice shaker", "salt and pepper shaker")
def shaker(b: Builder) -> None:
    h, r = b.u(0.06, 0.11), b.u(0.018, 0.028)
    top, cap = r * b.u(0.7, 1), b.u(0.012, 0.025)
    b.part("body", "container", "jar", "where the salt is")
    loft(b, [(0, 0, 0), (r, r, 0), (r, r, 0.003), (top, top, h), (0, 0, h)], b.pick(0, 0, b.u(0.3, 0.8)))
    b.part("cap", "lid", "shaker top", "where the salt comes out")
    b.lathe(
        [
            (top * 0.9, h - 0.002),
            (top * 1.06, h - 0.001),
            (top * b.u(0.85, 1.05), h + cap * 0.7),
            (top * 0.5, h + cap),
            (0, h + cap * 1.05),
        ]
    )


@kind("pepper mill", "pepper grinder", "salt grinder", "spice mill")
def pepper_mill(b: Builder) -> None:
    h, r = b.u(0.13, 0.32), b.u(0.024, 0.034)
    split, waist = h * b.u(0.6, 0.75), r * b.u(0.55, 0.95)
    b.part("body", "container", "base", "where the pepper is")
    b.lathe(
        [
            (0, 0),
            *curve([(r, 0), (r, h * 0.08), (waist, split * b.u(0.4, 0.65)), (r * 0.9, split)], 14),
            (0, split),
        ]
    )
    b.part("top", "head", "grinder top", "what to turn")
    gap = 0.0015
    b.lathe(
        [
            (0, split + gap),
            (r * 0.85, split + gap),
            *curve(
                [
                    (r * 0.85, split + gap),
                    (r * b.u(0.5, 0.8), split + (h - split) * 0.35),
                    (r * b.u(0.75, 0.98), split + (h - split) * 0.7),
                    (r * 0.3, h),
                ],
                12,
            ),
            (0, h),
        ]
    )
    if b.maybe(0.5):
        b.part("knob", "top knob", "round nut", "what to turn", joint=spins((0, 0, 1)))
        k = b.u(0.006, 0.01)
        b.blob((2 * k, 2 * k, 2 * k), (0, 0, h + k * 0.8))
    elif b.maybe(0.35):
        b.part("crank", "handle", "crank handle", "what to turn", joint=turns((0, 0, 1), angle=2 * np.pi))
        reach = b.u(0.05, 0.08)
        b.tube([(0, 0, h - 0.002), (0, 0, h + 0.01), (reach, 0, h + 0.012)], 0.003, smooth=False)
        b.lathe([(0, h + 0.01), (0.006, h + 0.01), (0.009, h + 0.028), (0, h + 0.034)], (reach, 0, 0))


@kind("drink dispenser", "beverage dispenser", "water jug with a tap", "lemonade dispenser")
def drink_dispenser(b: Builder) -> None:
    r, h = b.u(0.08, 0.13), b.u(0.2, 0.34)
    z = b.pick(0.004, b.u(0.06, 0.14))
    b.part(*BOTTLE_BODY[:1], "jar", "container", "where the drink is")
    b.lathe(
        [
            (0, z),
            *curve([(r * 0.95, z), (r, z + h * 0.15), (r, z + h * 0.7), (r * b.u(0.75, 0.98), z + h)], 12),
        ]
    )
    b.part("lid", "cover", "top cover", "what closes it")
    b.lathe([(r * 0.98, z + h - 0.004), (r * 0.98, z + h + 0.015), (0, z + h + 0.02)])
    b.part("tap", "spigot", "faucet", "where the liquid comes out", "what to turn")
    low = z + h * 0.1
    b.rod((r * 0.97, 0, low), (r + 0.045, 0, low), 0.008)
    b.rod((r + 0.035, 0, low + 0.004), (r + 0.035, 0, low - 0.025), 0.007)
    b.box((0.012, 0.008, 0.035), (r + 0.035, 0, low + 0.022), round=0.5)
    b.part("stand", "base", "support", "what it stands on")
    if z > 0.05:
        b.ring((0, 0, z - 0.003), r * 0.85, 0.004)
        for k in range(4):
            a = k * np.pi / 2 + np.pi / 4
            b.rod(
                (r * np.cos(a), r * np.sin(a), 0),
                (r * 0.85 * np.cos(a), r * 0.85 * np.sin(a), z - 0.002),
                0.004,
                sides=8,
            )
    else:
        b.lathe([(0, 0), (r * 1.03, 0), (r * 1.03, 0.012), (r * 0.9, 0.012)])
