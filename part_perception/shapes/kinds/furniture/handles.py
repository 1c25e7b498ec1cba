"""Handles of furniture fronts: bars, bows, knobs, cups, edge pulls, strips, rings; or none, to push."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.lexicon import FRONT_KNOB, PULL

HANDLES = (
    "bar",
    "bar",
    "bow",
    "bow",
    "square",
    "knob",
    "knob",
    "knob",
    "cup",
    "edge",
    "strip",
    "ring",
    "recess",
)
RELIEFS = ("plain", "plain", "plain", "panel", "frame", "frame", "planks")


@dataclass(frozen=True)
class FrontStyle:
    """The style that all fronts of a piece of furniture share; `high`: drawers have handles near the upper edge."""

    handle: str
    relief: str
    thickness: float
    soft: float
    length: float
    reach: float
    radius: float
    high: bool


def front_style(b: Builder, handle: str = "", relief: str = "") -> FrontStyle:
    handle = handle or ("none" if b.maybe(0.12) else b.pick(*HANDLES))
    relief = relief or ("plain" if handle == "recess" else b.pick(*RELIEFS))
    long = b.pick(b.u(0.07, 0.18), b.u(0.07, 0.18), b.u(0.18, 0.5))
    return FrontStyle(
        handle, relief, b.u(0.012, 0.026), b.pick(0, 0, b.u(0.2, 0.6)), long, b.u(0.018, 0.042),
        b.u(0.0035, 0.0085), b.maybe(0.4),
    )  # fmt: skip


def handle(b: Builder, style: FrontStyle, at, inside: int, room: float, upright: int = 0) -> None:
    """A part: a handle at a place on a front that faces +x, no longer than the space allows.

    upright: 0 = level; 1 or -1 = along a door's free edge, its hinge on the side of +y or -y.
    """
    form = "knob" if upright and style.handle == "cup" else style.handle
    if form in ("none", "recess"):
        return
    b.part(*(FRONT_KNOB if form == "knob" else PULL), inside=inside)
    with b.moved(at, roll=upright * np.pi / 2):
        _FORMS[form](b, min(style.length, 0.85 * room) / 2, style.reach, style.radius)


def _bar(b: Builder, half: float, reach: float, r: float) -> None:
    b.rod((reach, -half, 0), (reach, half, 0), r, sides=b.pick(4, 12))
    for s in (1, -1):
        b.rod((-0.001, s * half * 0.8, 0), (reach, s * half * 0.8, 0), r * 0.8)


def _bow(b: Builder, half: float, reach: float, r: float) -> None:
    path = [(-0.001, -half, 0), (reach * 0.85, -half * 0.7, 0), (reach, 0, 0), (reach * 0.85, half * 0.7, 0),
            (-0.001, half, 0)]  # fmt: skip
    b.tube(path, r, flat=b.u(0.7, 2.2))


def _square(b: Builder, half: float, reach: float, r: float) -> None:
    path = [(-0.001, -half, 0), (reach, -half, 0), (reach, half, 0), (-0.001, half, 0)]
    b.tube(path, r, flat=b.u(0.7, 2.0), sides=b.pick(4, 10), smooth=False)


def _knob(b: Builder, half: float, reach: float, r: float) -> None:
    k, reach = b.u(0.011, 0.023), min(reach, 0.035)
    form = b.pick("mushroom", "ball", "drum", "square")
    if form == "square":
        b.rod((-0.001, 0, 0), (reach * 0.6, 0, 0), k * 0.45)
        b.box((reach * 0.5, k * 1.8, k * 1.8), (reach * 0.75, 0, 0), round=b.u(0, 0.5))
        return
    line = {"mushroom": [(0.6, -0.05), (0.45, 0.4), (1, 0.7), (0.8, 1), (0, 1.05)],
            "ball": [(0.55, -0.05), (0.4, 0.3), (0.85, 0.45), (1, 0.7), (0.75, 0.95), (0, 1.05)],
            "drum": [(0.7, -0.05), (0.95, 0.1), (1, 0.95), (0.9, 1), (0, 1)]}[form]  # fmt: skip
    with b.moved(pitch=np.pi / 2):
        b.lathe([(k * p, reach * q) for p, q in line])


def _cup(b: Builder, half: float, reach: float, r: float) -> None:
    half, reach, up = np.clip(half, 0.035, 0.06), min(reach, 0.028), b.u(0.02, 0.035)
    b.box((0.002, half * 2.1, up), (0.0005, 0, up / 2))
    with b.moved(yaw=-np.pi / 2):
        b.lathe([(half, 0), (half * 0.95, up * 0.5), (half * 0.75, up * 0.85), (0, up)], (0, 0, 0), reach / half,
                arc=np.pi)  # fmt: skip


def _edge(b: Builder, half: float, reach: float, r: float) -> None:
    """An angled strip that lies on the front's edge and hangs over it."""
    reach, lip = min(reach, 0.025), b.u(0.008, 0.02)
    b.box((reach + 0.012, 2 * half, 0.003), (reach / 2 - 0.006, 0, 0.0015))
    b.box((0.003, 2 * half, lip), (reach, 0, 0.003 - lip / 2))


def _strip(b: Builder, half: float, reach: float, r: float) -> None:
    b.box((reach, half * 2, b.u(0.01, 0.022)), (reach / 2, 0, 0), round=b.u(0.2, 0.8), taper=b.u(0.7, 1))


def _ring(b: Builder, half: float, reach: float, r: float) -> None:
    k = b.u(0.016, 0.028)
    b.rod((-0.001, 0, 0), (0.01, 0, 0), b.u(0.007, 0.018))
    b.ring((0.011, 0, -k * 0.8), k, b.u(0.002, 0.004), axis="x")


_FORMS = {"bar": _bar, "bow": _bow, "square": _square, "knob": _knob, "cup": _cup, "edge": _edge, "strip": _strip,
          "ring": _ring}  # fmt: skip
