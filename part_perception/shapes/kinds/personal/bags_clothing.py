"""Bags."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import STRAP

BAG_HANDLE = ("handle", "bag handle", "strap", "part to hold it by", "where to grab it")
BAG = ("body", "bag", "container", "where the content is")
FLAP = ("flap", "cover flap", "lid", "what closes it")


def _soft_body(
    b: Builder, w: float, d: float, h: float, top: float, e: float = 0.5, open_: bool = False
) -> None:
    """A bag's body: its section is w (y) by d (x) at the floor and narrows to d * top."""
    a = np.linspace(0, 2 * np.pi, 29)
    c, s = np.sign(np.cos(a)) * np.abs(np.cos(a)) ** e, np.sign(np.sin(a)) * np.abs(np.sin(a)) ** e
    bulge = b.u(0.0, 0.12)
    z = np.linspace(0, 1, 6)
    rings = [
        np.stack(
            [
                c * d / 2 * (1 + (top - 1) * q + bulge * np.sin(np.pi * q)),
                s * w / 2 * (1 + bulge * np.sin(np.pi * q) * 0.5),
                np.full(29, q * h),
            ],
            1,
        )
        for q in z
    ]
    floor = [np.broadcast_to((0, 0, 0.0), (29, 3)), rings[0] * (0.97, 0.97, 1)]
    if open_:
        inner = [r * (0.94, 0.97, 1) + (0, 0, 0.004) for r in rings[::-1]]
        b.grid(np.stack([*floor, *rings, *inner, np.broadcast_to((0, 0, 0.006), (29, 3))]))
    else:
        b.grid(np.stack([*floor, *rings, np.broadcast_to((0, 0, h), (29, 3))]))


def _arch(
    b: Builder,
    x: float,
    half: float,
    z: float,
    up: float,
    r: float,
    flat: float,
    names=BAG_HANDLE,
    inward: float = 0.0,
) -> None:
    b.part(*names)
    b.tube(
        [
            (x, -half, z - 0.03),
            (x + inward * 0.3, -half * 0.95, z + up * 0.45),
            (x + inward, -half * 0.45, z + up * 0.95),
            (x + inward, half * 0.45, z + up * 0.95),
            (x + inward * 0.3, half * 0.95, z + up * 0.45),
            (x, half, z - 0.03),
        ],
        r,
        flat=flat,
    )


@kind("handbag", "bag", "purse", "shoulder bag")
def handbag(b: Builder) -> None:
    w, h = b.u(0.2, 0.42), b.u(0.15, 0.32)
    d, top = b.u(0.08, 0.17), b.u(0.15, 0.9)
    b.part(*BAG)
    _soft_body(b, w, d, h, top, b.u(0.3, 0.9), b.maybe(0.3))
    x, half, up = d * top / 2, w * b.u(0.18, 0.4), b.u(0.08, 0.28)
    r, flat = b.u(0.004, 0.009), b.pick(1, b.u(1.5, 3))
    for s in b.pick((1, -1), (1, -1), (0,)):
        _arch(b, s * x, half if s else w * 0.46, h, up, r, flat, inward=-s * x * b.u(0, 0.8))
    if b.maybe(0.3):
        b.part(*FLAP)
        front = d / 2 * (1 + b.u(0, 0.1)) + 0.008
        low = h * b.u(0.35, 0.7)
        line = [
            (-x - 0.004, h * 0.9),
            (-x, h + 0.006),
            (x, h + 0.008),
            (x + (front - x) * (1 - low / h) + 0.004, low),
        ]
        b.sheet([[(p, q * w * 0.96, z) for p, z in line] for q in np.linspace(-0.5, 0.5, 7)])
        b.part("clasp", "buckle", "lock", "what opens it")
        b.box((0.012, 0.03, 0.025), (line[-1][0] + 0.003, 0, low + 0.01), round=0.5)


@kind("tote bag", "shopping bag", "bag", "paper bag", "gift bag")
def tote_bag(b: Builder) -> None:
    w, h, d = b.u(0.2, 0.42), b.u(0.22, 0.45), b.u(0.05, 0.18)
    b.part(*BAG)
    top = b.u(0.3, 1.0)
    _soft_body(b, w, d, h, top, b.u(0.12, 0.4), True)
    thin, up = b.maybe(0.5), b.u(0.06, 0.3)
    for s in (1, -1):
        _arch(
            b,
            s * d * top * 0.48,
            w * b.u(0.15, 0.3),
            h,
            up,
            0.003 if thin else b.u(0.008, 0.015),
            1 if thin else 0.2,
        )


@kind("backpack", "rucksack", "school bag", "bag")
def backpack(b: Builder) -> None:
    w, d, h = b.u(0.26, 0.34), b.u(0.13, 0.2), b.u(0.38, 0.55)
    b.part(*BAG)
    b.box((d, w, h), (0, 0, h / 2), round=b.u(0.6, 1), taper=b.u(0.75, 1))
    b.part("pocket", "front pocket", "small pocket", "where small things go")
    b.box((d * 0.4, w * 0.75, h * b.u(0.3, 0.5)), (d * 0.55, 0, h * 0.27), round=0.8)
    b.part("top handle", "handle", "loop handle", "part to hold it by", "where to grab it")
    b.tube(
        [
            (-d * 0.4, -0.05, h - 0.02),
            (-d * 0.4, -0.03, h + 0.035),
            (-d * 0.4, 0.03, h + 0.035),
            (-d * 0.4, 0.05, h - 0.02),
        ],
        0.009,
    )
    for s in (1, -1):
        b.part("shoulder strap", *STRAP[:2], "where the arm goes through")
        y = s * w * 0.22
        reach = b.u(0.05, 0.1)
        b.tube(
            [
                (-d * 0.4, y * 0.6, h * 0.97),
                (-d * 0.5 - reach, y, h * 0.8),
                (-d * 0.5 - reach, y * 1.4, h * 0.4),
                (-d * 0.45, y * 1.8, h * 0.1),
            ],
            b.u(0.005, 0.008),
            flat=4,
        )
    if b.maybe(0.4):
        b.part(*FLAP)
        b.box((d * 1.12, w * 0.98, 0.06), (0.01, 0, h * 0.99), round=0.9)
    for s in (1, -1) if b.maybe(0.4) else ():
        b.part("side pocket", "pocket", "bottle holder")
        b.box((d * 0.6, 0.05, h * 0.3), (0, s * w * 0.5, h * 0.2), round=0.8)


@kind("duffel bag", "sports bag", "gym bag", "travel bag", "bag")
def duffel_bag(b: Builder) -> None:
    w, r = b.u(0.4, 0.65), b.u(0.11, 0.17)
    b.part(*BAG)
    hull_w = 2 * r
    a = np.linspace(0, 2 * np.pi, 25)
    rings = []
    for q, k in ((-0.5, 0.8), (-0.46, 0.95), (-0.2, 1), (0.2, 1), (0.46, 0.95), (0.5, 0.8)):
        flat = np.maximum(np.sin(a), -0.85)
        rings.append(np.stack([np.cos(a) * r * k, np.full(25, q * w), r * 0.85 + flat * r * k], 1))
    ends = [np.broadcast_to(ring.mean(axis=0), ring.shape) for ring in (rings[0], rings[-1])]
    b.grid(np.stack([ends[0], *rings, ends[1]]))
    for s in (1, -1):
        x = s * hull_w * 0.3
        _arch(b, x, w * 0.16, r * 1.75, b.u(0.08, 0.16), b.u(0.008, 0.013), 1.5, inward=-x * 0.6)
    if b.maybe(0.5):
        b.part(*STRAP)
        z, y = r * 1.2, w / 2
        b.tube(
            [
                (0, y, z),
                (r * 0.8, y * 0.9, z + r * 0.6),
                (r * 1.3, 0, r * 0.8),
                (r * 0.8, -y * 0.9, z + r * 0.6),
                (0, -y, z),
            ],
            0.004,
            flat=4,
        )
    if b.maybe(0.5):
        b.part("zipper", "zip", "opening", "what opens it")
        b.box((0.02, w * 0.85, 0.006), (0, 0, r * 1.85 + 0.001))


@kind("briefcase", "laptop bag", "attache case", "bag")
def briefcase(b: Builder) -> None:
    w, d, h = b.u(0.36, 0.46), b.u(0.07, 0.14), b.u(0.26, 0.34)
    b.part("body", "case", "container", "where the content is")
    b.box((d, w, h), (0, 0, h / 2), round=b.u(0.05, 0.6))
    b.part("handle", "grip", "part to hold it by", "where to grab it")
    up, half = b.u(0.035, 0.06), b.u(0.05, 0.07)
    b.tube(
        [(0, -half, h - 0.004), (0, -half * 0.9, h + up), (0, half * 0.9, h + up), (0, half, h - 0.004)],
        b.u(0.007, 0.012),
        smooth=b.maybe(),
    )
    if b.maybe(0.7):
        for s in (1, -1):
            b.part("latch", "lock", "clasp", "what opens it")
            b.box((0.012, 0.04, 0.03), (d / 2 + 0.003, s * w * 0.3, h - 0.03), round=0.4)
    else:
        b.part(*FLAP)
        b.box((0.012, w * 0.99, h * 0.55), (d / 2 + 0.005, 0, h * 0.72), round=0.4)


@kind("trolley suitcase", "suitcase", "luggage", "bag")
def suitcase(b: Builder) -> None:
    w, d, h, r = b.u(0.35, 0.5), b.u(0.2, 0.3), b.u(0.5, 0.75), b.u(0.018, 0.03)
    b.part("body", "shell", "case", "container", "where the content is")
    b.box((d, w, h), (0, 0, r * 1.8 + h / 2), round=b.u(0.15, 0.6))
    top = r * 1.8 + h
    b.part("handle", "top handle", "grip", "part to hold it by")
    b.tube(
        [(0, -0.08, top - 0.01), (0, -0.07, top + 0.03), (0, 0.07, top + 0.03), (0, 0.08, top - 0.01)], 0.01
    )
    if b.maybe(0.65):
        b.part("pull handle", "telescopic handle", "handle", "what to pull it by")
        up, x = b.u(0.1, 0.5), -d * 0.4
        b.tube(
            [(x, -0.1, top - 0.02), (x, -0.1, top + up), (x, 0.1, top + up), (x, 0.1, top - 0.02)],
            0.009,
            smooth=False,
        )
    for sx, sy in b.pick(((1, 1), (1, -1), (-1, 1), (-1, -1)), ((-1, 1), (-1, -1))):
        b.part("wheel", "roller", "caster", "what it rolls on", joint=spins((0, 1, 0)))
        x, y = sx * d * 0.36, sy * w * 0.4
        b.rod((x, y - 0.012, r), (x, y + 0.012, r), r)
        b.rod((x, y, r), (x, y, r * 2.2), r * 0.5)


@kind("wallet", "purse", "coin purse", rest="lies")
def wallet(b: Builder) -> None:
    w, d, t = b.u(0.09, 0.2), b.u(0.07, 0.11), b.u(0.012, 0.025)
    b.part("body", "wallet", "where the money goes", "case")
    b.box((d, w, t * 0.7), (0, 0, t * 0.35), round=0.6)
    b.part(*FLAP)
    with b.moved((-d / 2, 0, t * 0.72), pitch=-b.pick(0.03, 0.1, b.u(0.3, 2.6))):
        b.box(
            (d * 0.5, w * 0.99, t * 0.25),
            (d * 0.25, 0, t * 0.1),
            round=0.4,
        )
    b.part("button", "snap", "clasp", "what opens it")
    b.rod((d * 0.38, 0, t * 0.6), (d * 0.38, 0, t * 0.85), 0.008)
