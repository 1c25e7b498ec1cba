"""Tables and desks. Drawers face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.fronts import drawer
from part_perception.shapes.kinds.furniture.seating import legs
from part_perception.shapes.lexicon import LEG, SHELF, WHEEL

TOP = ("table top", "desktop", "top", "where to put things")
TABLE_LEG = ("leg", "table leg", "support", "what it stands on")


def _top(b: Builder, w: float, d: float, z: float, form: str) -> None:
    b.part(*TOP)
    t = b.u(0.015, 0.05)
    if form == "round":
        b.lathe(
            [(0, z - t), (d / 2 - 0.01, z - t), (d / 2, z - t / 2), (d / 2 - 0.003, z), (0, z)], squash=w / d
        )
    elif form == "rounded":
        a = np.linspace(0, 2 * np.pi, 33)[:-1]
        e = b.u(0.25, 0.6)
        line = [
            (
                d / 2 * np.sign(np.cos(t)) * abs(np.cos(t)) ** e,
                w / 2 * np.sign(np.sin(t)) * abs(np.sin(t)) ** e,
            )
            for t in a
        ]
        b.extrude(line, t, (0, 0, z - t / 2))
    else:
        b.box((d, w, t), (0, 0, z - t / 2), round=b.pick(0, 0.5))


def _pedestal(b: Builder, z: float, r: float) -> None:
    """One column on a foot plate or on a cross of feet."""
    b.part("pedestal", "leg", "column", "support")
    k = b.u(0.02, 0.06)
    if b.maybe(0.4):
        b.lathe(
            [
                (k, 0.06),
                (k * 1.5, 0.15),
                (k * 0.7, z * 0.4),
                (k * 1.3, z * 0.65),
                (k * 0.8, z * 0.9),
                (k * 2.5, z - 0.02),
            ],
            smooth=True,
        )
    else:
        b.cone((0, 0, 0.02), (0, 0, z - 0.015), k, k * b.u(0.8, 1.1))
    b.part("base", "foot", "leg", "what it stands on")
    if b.maybe(0.5):
        b.lathe([(0, 0), (r, 0), (r, 0.01), (k * 1.3, b.u(0.02, 0.06)), (0, 0.06)])
        return
    n = b.pick(3, 4)
    for a in np.arange(n) * 2 * np.pi / n + 0.4:
        c = np.array((np.cos(a), np.sin(a), 0))
        b.tube([c * k * 0.5 + (0, 0, 0.16), c * r * 0.5 + (0, 0, 0.1), c * r + (0, 0, 0.015)], 0.02)


def _supports(b: Builder, w: float, d: float, z: float) -> None:
    form = b.pick("legs", "legs", "legs", "trestle", "sled", "panel")
    if form == "legs":
        if b.maybe(0.5):
            b.part("apron", "frame", "rim under the top")
            b.box((d * 0.9, w * 0.9, b.u(0.04, 0.09)), (0, 0, z - 0.06))
        legs(b, w * 0.96, d * 0.96, z - 0.015, b.u(0.015, 0.04), b.pick(0, 0, b.u(0.0, 0.06)), TABLE_LEG)
        return
    for s in (1, -1):
        b.part(*TABLE_LEG)
        y = s * w * b.u(0.38, 0.45)
        if form == "sled":
            b.tube(
                [
                    (d * 0.45, y, z - 0.03),
                    (d * 0.45, y, 0.02),
                    (-d * 0.45, y, 0.02),
                    (-d * 0.45, y, z - 0.03),
                ],
                0.02,
                smooth=False,
            )
        elif form == "panel":
            b.box((d * 0.9, 0.03, z - 0.015), (0, y, z / 2 - 0.008))
        elif b.maybe():
            b.rod((d * 0.45, y, 0), (-d * 0.3, y, z - 0.02), 0.025, sides=4)
            b.rod((-d * 0.45, y, 0), (d * 0.3, y, z - 0.02), 0.025, sides=4)
        else:
            b.box((0.08, 0.05, z - 0.02), (0, y, z / 2 - 0.01))
            b.box((d * 0.85, 0.07, 0.05), (0, y, 0.025))
            b.box((d * 0.7, 0.07, 0.04), (0, y, z - 0.04))
    if b.maybe(0.6):
        b.part("crossbar", "stretcher", "bar between the legs")
        b.rod((0, -w * 0.42, z * 0.3), (0, w * 0.42, z * 0.3), 0.02)


@kind("table", "dining table", "kitchen table")
def table(b: Builder) -> None:
    w, d, z = b.u(0.7, 2.0), b.u(0.6, 0.95), b.u(0.68, 0.78)
    _top(b, w, d, z, b.pick("box", "box", "rounded"))
    _supports(b, w, d, z)
    if b.maybe(0.2):
        drawer(b, (d / 2 - 0.04, 0, z - 0.09), w * b.u(0.3, 0.5), 0.09, d * 0.6, b.pick(0.0, b.u(0.05, 0.25)))


@kind("round table", "pedestal table", "bistro table", "table")
def round_table(b: Builder) -> None:
    d, z = b.u(0.45, 1.3), b.u(0.45, 1.1)
    _top(b, d * b.pick(1, 1, 1.3), d, z, b.pick("round", "round", "box"))
    if b.maybe(0.65):
        _pedestal(b, z, d * b.u(0.25, 0.42))
    elif b.maybe():
        legs(b, d * 0.7, d * 0.7, z - 0.01, b.u(0.012, 0.03), b.u(0, 0.1), TABLE_LEG)
    else:
        for a in np.arange(3) * 2.094:
            b.part(*TABLE_LEG)
            b.cone(
                (d * 0.42 * np.cos(a), d * 0.42 * np.sin(a), 0),
                (d * 0.3 * np.cos(a), d * 0.3 * np.sin(a), z - 0.01),
                0.012,
                0.02,
            )


@kind("console table", "hall table", "sideboard table", "table")
def console_table(b: Builder) -> None:
    w, d, z = b.u(0.8, 1.5), b.u(0.28, 0.42), b.u(0.72, 0.9)
    _top(b, w, d, z, "box")
    b.part("frame", "apron", "body")
    b.box((d * 0.92, w * 0.94, 0.13), (0, 0, z - 0.085))
    for k in range(n := b.n(0, 3)):
        drawer(
            b,
            (d * 0.46, (k - (n - 1) / 2) * w * 0.93 / n, z - 0.085),
            w * 0.9 / n,
            0.11,
            d * 0.8,
            b.pick(0.001, 0.001, b.u(0.05, 0.2)),
        )
    legs(b, w * 0.94, d * 0.92, z - 0.1, b.u(0.014, 0.028), 0, TABLE_LEG)
    if b.maybe(0.5):
        b.part(*SHELF)
        b.box((d * 0.9, w * 0.9, 0.02), (0, 0, z * b.u(0.15, 0.35)))


@kind("folding table", "camping table", "ironing board", "table")
def folding_table(b: Builder) -> None:
    w, d, z, r = b.u(0.8, 1.8), b.u(0.35, 0.75), b.u(0.65, 0.95), b.u(0.01, 0.016)
    _top(b, w, d, z, b.pick("box", "rounded"))
    for s in (1, -1):
        b.part(*LEG)
        y0, y1 = s * w * 0.4, s * w * b.pick(0.38, -0.3)
        for x in (-d * 0.35 + 0.03 * s, d * 0.35 + 0.03 * s):
            b.rod((x, y0, 0), (x, y1, z - 0.02), r)
        b.rod((-d * 0.35, y0, 0.04), (d * 0.4, y0, 0.04), r)


@kind("serving cart", "kitchen trolley", "tea trolley", "cart")
def serving_cart(b: Builder) -> None:
    w, d, z, n = b.u(0.5, 0.85), b.u(0.35, 0.5), b.u(0.7, 0.95), b.pick(2, 3, 3)
    for k in range(n):
        b.part("shelf", "tray", "where to put things")
        b.box((d, w, b.u(0.015, 0.05)), (0, 0, 0.14 + k * (z - 0.16) / (n - 1)), round=b.pick(0, 0.5))
    b.part("frame", "posts", "uprights", "leg")
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        b.rod(
            (sx * d * 0.47, sy * (w / 2 + 0.006), 0.07),
            (sx * d * 0.47, sy * (w / 2 + 0.006), z + 0.02),
            0.011,
        )
    b.part("handle", "push bar", "grip", "where to push it")
    y = w / 2
    b.tube(
        [
            (-d * 0.47, y, z),
            (-d * 0.45, y + 0.09, z + 0.06),
            (d * 0.45, y + 0.09, z + 0.06),
            (d * 0.47, y, z),
        ],
        0.011,
    )
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        b.part(*WHEEL, joint=spins((1, 0, 0)))
        b.rod(
            (sx * d * 0.47 - 0.015, sy * w * 0.49, 0.04), (sx * d * 0.47 + 0.015, sy * w * 0.49, 0.04), 0.04
        )
