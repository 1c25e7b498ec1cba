"""Worktops and their fittings: sinks with taps, vessels, hobs."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import loft, shell
from part_perception.shapes.kinds.appliances.cooking import HOB, cooking_top
from part_perception.shapes.kinds.appliances.fronts import Field
from part_perception.shapes.kinds.building.plumbing import mixer
from part_perception.shapes.lexicon import CONTROL_KNOB, SINK, TAP, WORKTOP


def worktop(b: Builder, w: float, d: float, z: float, hole: Field | None = None) -> float:
    """A part: a worktop at z, its front slightly before x = 0, with a hole for a sink. Returns the height of its top.

    The hole's y and width run along y, its z and height along x.
    """
    b.part(*WORKTOP)
    t, over = b.u(0.02, 0.05), b.u(0.01, 0.04)
    w, front, back = w + b.pick(0, 0.02), over + 0.015, -d
    if hole is None:
        b.box((front - back, w, t), ((front + back) / 2, 0, z + t / 2), round=b.pick(0, 0, 0.4))
        return z + t
    y0, y1, x0, x1 = hole.ends
    for low, high, left, right in ((back, x0, -w / 2, w / 2), (x1, front, -w / 2, w / 2), (x0, x1, -w / 2, y0),
                                   (x0, x1, y1, w / 2)):  # fmt: skip
        b.box((high - low, right - left, t), ((low + high) / 2, (left + right) / 2, z + t / 2))
    return z + t


def sink_hole(b: Builder, w: float, d: float, y: float = 0.0) -> Field:
    wide = min(b.u(0.36, 0.75), w - 0.08 - 2 * abs(y))
    return Field(y, -d * 0.46, wide, d * b.u(0.55, 0.68))


def basin(b: Builder, hole: Field, z: float) -> None:
    """Parts: bowls that hang in the hole of a worktop whose top is at z, and a tap behind them."""
    bowls, rim, boxy = (2 if hole.wide > 0.55 and b.maybe(0.5) else 1), b.pick(0.004, 0.02), b.u(0.7, 1)
    b.part(*SINK)
    for k in range(bowls):
        wide = hole.wide / bowls
        y, deep = hole.y + (k - (bowls - 1) / 2) * wide, b.u(0.12, 0.22)
        hx, hy = hole.tall * 0.5, wide * 0.5
        loft(b, shell([(hx * 0.88, hy * 0.88, z - deep), (hx - 0.003, hy - 0.003, z - 0.01),
                       (hx - 0.003, hy - 0.003, z + 0.001), (hx + rim, hy + rim, z + 0.002),
                       (hx + rim, hy + rim, z + 0.004)], rim + 0.004, z - deep + 0.004), boxy,
             (hole.z, y, 0))  # fmt: skip
    with b.moved((hole.z - hole.tall / 2 - 0.04, hole.y, z)):
        tap = b.part(*TAP)
        mixer(b, tap, tap)


def hob(b: Builder, y: float, d: float, z: float, wide: float) -> None:
    """Parts: a hob set into a worktop whose top is at z."""
    tall = d * 0.82
    part = b.part(*HOB)
    b.box((tall, wide, 0.012), (-d * 0.48, y, z + 0.004))
    style = b.pick("gas", "plate", "glass", "glass")
    knobs = style != "glass" or b.maybe(0.3)
    strip = 0.06 if knobs else 0.0
    cooking_top(b, Field(y, -d * 0.48 - strip / 2, wide * 0.94, tall - strip), z + 0.01, style)
    if knobs:
        for q in np.linspace(-0.3, 0.3, 4):
            b.part(*CONTROL_KNOB, inside=part)
            x = -d * 0.48 + tall / 2 - 0.035
            b.cone((x, y + q * wide, z + 0.008), (x, y + q * wide, z + 0.028), 0.017, 0.014)


def vessel(b: Builder, d: float, z: float) -> None:
    """Parts: a bowl that stands on the worktop, and its tap."""
    r, h = d * b.u(0.36, 0.42), b.u(0.1, 0.16)
    b.part(*SINK)
    loft(b, shell([(r * 0.6, r * 0.6, z), (r * 0.9, r * 0.95, z + h * 0.5), (r, r * 1.1, z + h)], 0.012, z + 0.02),
         b.pick(0, 0.8), (-d * 0.45, 0, 0))  # fmt: skip
    with b.moved((-d * 0.45 - r - 0.02, 0, z)):
        tap = b.part(*TAP)
        mixer(b, tap, tap)
