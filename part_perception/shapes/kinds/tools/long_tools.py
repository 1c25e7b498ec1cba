"""Garden and cleaning tools on a pole."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.garden import TINE, scoop_blade
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.kinds.tools.workshop import BRISTLES
from part_perception.shapes.lexicon import HANDLE

LONG_HANDLE = ("handle", "pole", "shaft", "stick", "part to hold it by")


def _pole(b: Builder, length: float, r: float) -> None:
    """A long handle from x=-length to 0, sometimes with a D or T grip at its end."""
    part = b.part(*LONG_HANDLE)
    bar(b, (-length, -length * 0.97, 0), (r * 0.85, r, r))
    form = b.pick("plain", "plain", "D", "T", "sleeve")
    if form != "plain":
        b.part("grip", "hand grip", "end of the handle", "part to hold it by", inside=part)
        w = b.u(0.045, 0.065)
    if form == "D":
        b.tube([(-length + 0.01, 0, 0), (-length - 0.03, w, 0), (-length - 0.1, w, 0)], r * 0.7, steps=8)
        b.tube([(-length + 0.01, 0, 0), (-length - 0.03, -w, 0), (-length - 0.1, -w, 0)], r * 0.7, steps=8)
        b.rod((-length - 0.1, -w - 0.005, 0), (-length - 0.1, w + 0.005, 0), r * 0.9)
    elif form == "T":
        b.rod((-length, -w, 0), (-length, w, 0), r * 1.1)
    elif form == "sleeve":
        bar(b, (-length - 0.004, -length + 0.13), (r * 1.25, r * 1.15))


@kind("shovel", "spade", "digging shovel", rest="lies")
def shovel(b: Builder) -> None:
    small = b.maybe(0.3)
    length, w = (b.u(0.35, 0.5), b.u(0.05, 0.09)) if small else (b.u(0.7, 1.3), b.u(0.08, 0.15))
    _pole(b, length, b.u(0.013, 0.018))
    b.part("blade", "shovel head", "scoop", "what digs")
    bar(b, (-0.06, 0.03), (0.02, 0.012))
    scoop_blade(b, w * b.u(2, 2.8), w, w * b.u(0.05, 0.35), b.pick(0.0, b.u(0.3, 1)))


@kind("rake", "garden rake", "leaf rake", rest="lies")
def rake(b: Builder) -> None:
    _pole(b, b.u(0.9, 1.5), b.u(0.011, 0.015))
    w, n = b.u(0.15, 0.28), b.n(8, 13)
    b.part("head", "rake head", "tines", "what collects the leaves")
    if b.maybe():
        b.rod((0.01, -w, 0), (0.01, w, 0), 0.009)
        for y in np.linspace(-w, w, n):
            b.cone((0.01, y, 0), (0.02, y, -b.u(0.05, 0.07)), 0.0045, 0.002, sides=5)
        b.tube([(-0.1, 0, 0), (0, w * 0.4, 0)], 0.004)
        b.tube([(-0.1, 0, 0), (0, -w * 0.4, 0)], 0.004)
    else:
        for a in np.linspace(-0.55, 0.55, n):
            d = np.array([np.cos(a), np.sin(a), 0])
            b.tube(
                [0.02 * d - (0.03, 0, 0), d * w * 1.6, d * w * 2, d * w * 2 - (0, 0, 0.04)],
                0.003,
                smooth=False,
                sides=5,
            )
        b.tube([(w * 0.9, -w * 0.45, 0), (w, 0, 0), (w * 0.9, w * 0.45, 0)], 0.004, steps=6)


@kind("pitchfork", "garden fork", "fork", "hay fork", rest="lies")
def pitchfork(b: Builder) -> None:
    _pole(b, b.u(0.7, 1.3), b.u(0.013, 0.017))
    n, w, length = b.n(3, 5), b.u(0.08, 0.12), b.u(0.22, 0.32)
    head = b.part("head", "fork head", "working end")
    bar(b, (-0.07, 0.02), (0.019, 0.01))
    b.rod((0.02, -w, 0), (0.02, w, 0), 0.007)
    for y in np.linspace(-w, w, n):
        b.part(*TINE, inside=head)
        b.tube(
            [(0.02, y, 0), (length * 0.5, y, -0.02), (length, y, 0)], [0.007, 0.006, 0.002], sides=6, steps=8
        )


@kind("hoe", "garden hoe", "weeding hoe", rest="lies")
def hoe(b: Builder) -> None:
    _pole(b, b.u(0.3, 0.45) if b.maybe(0.25) else b.u(0.9, 1.4), b.u(0.011, 0.016))
    b.part("neck", "shank", "bent rod")
    b.tube([(-0.01, 0, 0), (0.06, 0, 0.015), (0.1, 0, -0.01)], 0.006, steps=8)
    b.part("blade", "hoe head", "head", "what cuts the weeds")
    w, deep = b.u(0.05, 0.09), b.u(0.05, 0.1)
    b.ribbon(
        [(-w * b.u(0.5, 1), -0.002), (-w, -deep)], [(w * 0.7, -0.002), (w, -deep)], 0.002, (0.1, 0, 0), "yz"
    )


@kind("broom", "sweeping brush", "push broom", rest="lies")
def broom(b: Builder) -> None:
    _pole(b, b.u(0.8, 1.4), b.u(0.01, 0.014))
    w = b.u(0.1, 0.25)
    form = b.pick("push", "angle", "straw")
    head = b.part("head", "broom head", "brush head")
    if form == "straw":
        b.cone((-0.05, 0, 0), (0.06, 0, 0), 0.018, 0.035)
        b.part(*BRISTLES, inside=head)
        long = b.u(0.25, 0.38)
        b.tube(
            [(0.05, 0, 0), (0.12, 0, 0), (long, 0, 0)],
            [0.034, 0.07, w * 0.8],
            flat=b.u(0.25, 0.6),
            smooth=False,
        )
        return
    b.box((0.035, 2 * w, 0.05), (0.01, 0, 0), round=0.5)
    if form == "angle":
        b.cone((-0.06, 0, 0), (0, 0, 0), 0.016, 0.022)
    b.part(*BRISTLES, inside=head)
    deep, flare = b.u(0.06, 0.12), b.u(1, 1.2)
    b.ribbon(
        [(0.025, -w * 0.97), (0.025 + deep, -w * flare)],
        [(0.025, w * 0.97), (0.025 + deep, w * flare)],
        b.u(0.03, 0.045),
    )


@kind("mop", "floor mop", "flat mop", rest="lies")
def mop(b: Builder) -> None:
    _pole(b, b.u(0.9, 1.4), b.u(0.01, 0.013))
    flat = b.maybe(0.45)
    b.part("head", "mop head", "cloth", "strings", "what wipes the floor")
    w = b.u(0.12, 0.22)
    if flat:
        b.cone((-0.03, 0, 0), (0.03, 0, -0.01), 0.014, 0.02)
        b.box((0.1, 2 * w, 0.02), (0.03, 0, -0.02), round=0.5)
    else:
        b.cone((-0.05, 0, 0), (0.02, 0, 0), 0.02, 0.035)
        for a in np.linspace(-1, 1, b.n(9, 14)):
            s = a * w * 0.6
            out = b.u(0.18, 0.28)
            b.tube(
                [
                    (0.01, a * 0.03, 0),
                    (out * 0.4, s * 0.7 + b.u(-0.01, 0.01), b.u(0, 0.02)),
                    (out, s, b.u(-0.02, 0)),
                ],
                b.u(0.006, 0.011),
                steps=6,
                sides=6,
            )


@kind("dustpan", "dust pan", rest="lies")
def dustpan(b: Builder) -> None:
    w, deep, h = b.u(0.1, 0.16), b.u(0.15, 0.22), b.u(0.03, 0.06)
    b.part("pan", "tray", "body", "where the dust goes")
    b.box((deep, 2 * w, 0.003), (deep / 2, 0, 0.0015))
    for s in (-1, 1):
        b.extrude([(0, 0), (deep, 0), (deep * 0.9, h * 0.2), (0, h)], 0.003, (0, s * w, 0), "xz")
    b.box((0.003, 2 * w, h), (0, 0, h / 2))
    if b.maybe(0.5):
        b.box((deep * 0.35, 2 * w, 0.003), (deep * 0.17, 0, h))
    b.part(*HANDLE)
    bar(
        b,
        -b.u(0.1, 0.15) * np.array([1, 0.8, 0.3, -0.01]),
        (0.012, 0.016, 0.013, 0.013),
        flat=b.u(0.4, 1),
        z=h * b.u(0.5, 1),
    )
