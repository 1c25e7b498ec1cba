"""Caps, hats, shoes and clothes."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.vehicles.vehicles import hull

BRIM = ("brim", "visor", "peak", "what shades the eyes")
SOLE = ("sole", "bottom of the shoe", "what one steps on")


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
