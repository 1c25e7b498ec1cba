"""Bags, caps, hats, shoes and clothes."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.vehicles import hull
from part_perception.training.engine.lexicon import STRAP

BAG_HANDLE = ("handle", "bag handle", "strap", "part to hold it by", "where to grab it")
BAG = ("body", "bag", "container", "where the content is")
FLAP = ("flap", "cover flap", "lid", "what closes it")
BRIM = ("brim", "visor", "peak", "what shades the eyes")
SOLE = ("sole", "bottom of the shoe", "what one steps on")


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
    b.tube([(x, -half, z - 0.03), (x + inward * 0.3, -half * 0.95, z + up * 0.45), (x + inward, -half * 0.45, z + up * 0.95), (x + inward, half * 0.45, z + up * 0.95),
            (x + inward * 0.3, half * 0.95, z + up * 0.45), (x, half, z - 0.03)], r, flat=flat)  # fmt: skip


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
        b.part("wheel", "roller", "caster", "what it rolls on")
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


@kind("baseball cap", "cap", "visor cap", "hat")
def baseball_cap(b: Builder) -> None:
    r, h = b.u(0.085, 0.1), b.u(0.09, 0.13)
    b.part("crown", "panels", "dome", "where the head goes")
    e, n = b.u(0.75, 1.05), 9
    line = [(r * np.cos(t) ** e if t < 1.57 else 0.0, h * np.sin(t)) for t in np.linspace(0, np.pi / 2, n)]
    inner = [(max(p - 0.003, 0), max(z - 0.003, 0)) for p, z in line[::-1]]
    b.lathe([*line, *inner, line[0]], squash=b.u(0.8, 0.95))
    b.part(*BRIM)
    reach, droop, half = b.u(0.06, 0.085), b.u(0.0, 0.035), b.u(1.0, 1.25)
    t = np.linspace(-half, half, 13)
    k = np.stack([r * 0.97 * np.cos(t), r * 0.87 * np.sin(t), 0.004 - 0 * t], 1)
    tip = np.stack(
        [
            r * np.cos(half) + (r * (1 - np.cos(half)) + reach) * np.cos(t / half * np.pi / 2) ** 0.6,
            r * 0.87 * np.sin(half) * np.sin(t / half * np.pi / 2),
            0 * t,
        ],
        1,
    )
    rows = [k + (tip - k) * s for s in np.linspace(0, 1, 6)]
    for row in rows:
        row[:, 2] = 0.006 - droop * ((row[:, 1] / r) ** 2 + 0.3 * (row[:, 0] - r * 0.6) / reach)
    b.sheet(np.stack(rows + [row - (0, 0, 0.003) for row in rows[::-1]]))
    if b.maybe(0.8):
        b.part("button", "top button", "squatchee", "knob on top")
        b.blob((0.016, 0.016, 0.01), (0, 0, h + 0.001))
    if b.maybe(0.3):
        b.part("back strap", "strap", "adjuster", "closure")
        b.box((0.004, r * 0.8, 0.018), (-r * 0.98, 0, 0.012))


@kind("hat", "brimmed hat", "sun hat", "cowboy hat", "top hat")
def hat(b: Builder) -> None:
    r, h, reach = b.u(0.08, 0.1), b.u(0.08, 0.17), b.u(0.03, 0.13)
    form, squash = b.pick("round", "flat", "pinched"), b.u(0.82, 1)
    top = {
        "round": [(r * 0.8, h * 0.7), (r * 0.45, h * 0.95), (0, h)],
        "flat": [(r * b.u(0.9, 1.1), h), (0, h)],
        "pinched": [(r * 0.85, h), (r * 0.4, h * 0.9), (0, h * 0.82)],
    }[form]
    b.part("crown", "dome", "top", "where the head goes")
    b.lathe([(r, 0.003), *top], squash=squash, smooth=form == "round")
    b.part("brim", "rim", "edge", "what gives shade")
    curl, t = b.u(-0.03, 0.05), np.linspace(0, 2 * np.pi, 33)
    rows = [
        np.stack(
            [
                (r + reach * q) * np.cos(t),
                squash * (r + reach * q) * np.sin(t),
                0.004 + curl * q**2 * (0.3 + np.sin(t) ** 2),
            ],
            1,
        )
        for q in np.linspace(-0.03, 1, 5)
    ]
    b.sheet(np.stack(rows + [row - (0, 0, 0.003) for row in rows[::-1]]))
    if b.maybe(0.6):
        b.part("band", "ribbon", "hat band")
        b.lathe([(r * 1.0, 0.006), (r * 1.03, 0.006), (r * 1.0, 0.03), (r * 0.97, 0.03)], squash=squash)


@kind("shoe", "sneaker", "running shoe", "leather shoe")
def shoe(b: Builder) -> None:
    _footwear(b, b.u(0.08, 0.11), False)


@kind("boot", "rubber boot", "hiking boot")
def boot(b: Builder) -> None:
    _footwear(b, b.u(0.16, 0.36), True)


def _footwear(b: Builder, h: float, tall: bool) -> None:
    length, w, t = b.u(0.24, 0.3), b.u(0.085, 0.105), b.u(0.012, 0.032)
    b.part(*SOLE)
    x = np.array([-0.5, -0.42, -0.1, 0.22, 0.42, 0.5]) * length
    left, right = (
        np.array([0.35, 0.62, 0.6, 0.95, 0.75, 0.2]) * w / 2,
        np.array([0.35, 0.62, 0.75, 0.95, 0.7, 0.2]) * w / 2,
    )
    b.ribbon(np.stack([x, left], 1), np.stack([x, -right], 1), t, (0, 0, t / 2))
    if b.maybe(0.4):
        b.part("heel", "shoe heel", "back of the sole")
        b.box(
            (length * 0.28, w * 0.6, t + 0.012),
            (-length * 0.34, 0, (t + 0.012) / 2),
            round=0.3,
        )
    b.part("upper", "body", "shaft" if tall else "shoe body", "where the foot goes")
    toe, instep = t + b.u(0.045, 0.06), t + b.u(0.06, 0.08)
    a = np.linspace(0, 2 * np.pi, 25)
    sections = [
        (-0.47, 0.5, h),
        (-0.38, 0.62, h),
        (-0.12, 0.62, h if tall else h * 0.92),
        (0.02, 0.66, instep),
        (0.2, 0.86, toe),
        (0.38, 0.76, toe * 0.9),
        (0.49, 0.3, toe * 0.7),
    ]
    rings = []
    for p, q, top in sections:
        high = np.where(np.sin(a) > 0, np.abs(np.sin(a)) ** 0.7, 0)
        rings.append(
            np.stack(
                [
                    np.full(25, p * length),
                    np.cos(a) * q * w / 2 * (1 - 0.25 * high * (top < toe * 1.3)),
                    t - 0.002 + (top - t) * high,
                ],
                1,
            )
        )
    if tall:
        radius = length * b.u(0.17, 0.2)
        hull(
            b,
            [
                (p * length, 0.9 * w * k, t - 0.002, z, 0.8)
                for p, k, z in (
                    (-0.48, 0.5, t + 0.07),
                    (-0.36, 0.75, instep + 0.02),
                    (-0.1, 0.8, instep + 0.02),
                    (0.05, 0.85, instep),
                    (0.25, 0.95, toe),
                    (0.4, 0.8, toe * 0.9),
                    (0.49, 0.35, toe * 0.7),
                )
            ],
            0.6,
        )
        b.lathe(
            [
                (radius * 0.9, instep),
                (radius * 0.95, (h + instep) / 2),
                (radius * b.u(1, 1.15), h),
                (radius * 0.9, h),
                (radius * 0.8, instep),
            ],
            (-length * 0.25, 0, 0),
            squash=0.75,
        )
    else:
        ends = [np.broadcast_to(r.mean(axis=0), r.shape) for r in (rings[0], rings[-1])]
        b.grid(np.stack([ends[0], *rings, ends[1]]))
        b.part("opening", "collar", "where the foot goes in")
        back, front = rings[0][np.argmax(rings[0][:, 2])], (0.0, 0, instep)
        slope = np.arctan2(back[2] - front[2], front[0] - back[0])
        with b.moved(((back[0] + front[0]) / 2, 0, (back[2] + front[2]) / 2), pitch=slope):
            b.ring((0, 0, 0), (front[0] - back[0]) * 0.4 / np.cos(slope), 0.006, squash=0.5)
    if b.maybe(0.6):
        b.part("laces", "shoelaces", "lace", "what ties it")
        for k in range(3):
            q = 0.0 + 0.06 * k
            z = (
                np.interp(q, [-0.12, 0.02, 0.2], [h * 0.92 if not tall else instep + 0.01, instep, toe])
                + 0.001
            )
            b.rod((q * length, -w * 0.2, z), ((q + 0.02) * length, w * 0.2, z), 0.0035)


@kind("sandal", "slipper", "flip flop", rest="lies")
def sandal(b: Builder) -> None:
    length, w, t = b.u(0.23, 0.29), b.u(0.085, 0.1), b.u(0.012, 0.03)
    b.part(*SOLE)
    x = np.array([-0.5, -0.42, -0.1, 0.22, 0.42, 0.5]) * length
    half = np.array([0.35, 0.65, 0.68, 0.98, 0.75, 0.25]) * w / 2
    b.ribbon(np.stack([x, half], 1), np.stack([x, -half], 1), t, (0, 0, t / 2))
    b.part("strap", "upper", "band", "what holds the foot")
    up = b.u(0.04, 0.06)
    if b.maybe(0.4):
        for s in (1, -1):
            b.tube(
                [
                    (length * 0.3, 0, t - 0.002),
                    (length * 0.2, s * w * 0.2, t + up * 0.5),
                    (-length * 0.05, s * w * 0.36, t),
                ],
                0.006,
            )
    else:
        for p, r in ((0.2, b.u(0.015, 0.045)), (-0.3, 0.012))[: b.n(1, 2)]:
            y = w * (0.5 if p > 0 else 0.33)
            b.tube(
                [
                    (p * length, -y, t * 0.5),
                    (p * length, -y * 0.8, t + up * 0.7),
                    (p * length, 0, t + up),
                    (p * length, y * 0.8, t + up * 0.7),
                    (p * length, y, t * 0.5),
                ],
                0.003,
                flat=r / 0.003,
            )


@kind("glove", "work glove", rest="lies")
def glove(b: Builder) -> None:
    k, t = b.u(0.85, 1.1), b.u(0.018, 0.03)
    b.part("palm", "body", "hand part", "where the hand goes")
    b.box((0.1 * k, 0.095 * k, t), (0, 0, t / 2), round=0.8)
    for i, y in enumerate((-0.036, -0.012, 0.012, 0.036)):
        b.part("finger", "where a finger goes")
        long = (0.062, 0.075, 0.08, 0.07)[i] * k
        b.tube([(0.04 * k, y * k, t / 2), ((0.05 * k + long), y * k * 1.25, t / 2)], 0.0125 * k, flat=t * 28)
    b.part("thumb", "where the thumb goes")
    b.tube(
        [(-0.02 * k, 0.04 * k, t / 2), (0.02 * k, 0.075 * k, t / 2), (0.05 * k, 0.085 * k, t / 2)],
        0.014 * k,
        flat=t * 26,
    )
    b.part("cuff", "wrist part", "opening", "where the hand goes in")
    b.box((b.u(0.03, 0.07) * k, 0.085 * k, t * 1.1), (-0.065 * k, 0, t * 0.55), round=0.6, taper=1.05)


@kind("t-shirt", "shirt", "sweater", rest="lies")
def t_shirt(b: Builder) -> None:
    w, h, sleeve, t = (
        b.u(0.4, 0.56),
        b.u(0.55, 0.72),
        b.pick(b.u(0.15, 0.22), b.u(0.45, 0.6)),
        b.u(0.006, 0.02),
    )
    b.part("body", "torso", "front", "main part")
    b.ribbon(
        [(0, w / 2), (h * 0.7, w / 2), (h * 0.95, w * 0.42), (h, w * 0.16)],
        [(0, -w / 2), (h * 0.7, -w / 2), (h * 0.95, -w * 0.42), (h, -w * 0.16)],
        t,
        (0, 0, t / 2),
    )
    for s in (1, -1):
        b.part("sleeve", "arm", "where the arm goes")
        angle = b.u(-0.9, 0.3)
        tip = np.array((h * 0.85 + np.sin(angle) * sleeve, s * (w * 0.45 + np.cos(angle) * sleeve)))
        across = 0.07 * np.array((np.cos(angle), -s * np.sin(angle)))
        b.ribbon(
            [(h * 0.95, s * w * 0.42), tuple(tip + across)],
            [(h * 0.7, s * w * 0.47), tuple(tip - across)],
            t * 0.95,
            (0, 0, t / 2),
        )
    b.part("collar", "neck", "neckline", "where the head goes through")
    b.ring((h - w * 0.04, 0, t), w * 0.15, 0.007)
