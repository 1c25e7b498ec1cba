"""Power drills, standing on their battery or lying on their side."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, slides, turns
from part_perception.shapes.forms import loft
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.kinds.tools.powertools import HOUSING, power_cord
from part_perception.shapes.lexicon import BATTERY, BIT, BUTTON, CHUCK, HANDLE, SWITCH, TRIGGER


def drill(b: Builder) -> None:
    """A drill that points along +x, its handle down to a battery on z = 0, or to a cable."""
    r, length, h = b.u(0.024, 0.036), b.u(0.09, 0.18), b.u(0.13, 0.2)
    corded, lean = b.maybe(0.25), b.u(-0.01, 0.035)
    grip_x = -length * b.pick(b.u(0.35, 0.6), b.u(0.75, 0.88))
    pack = b.u(0.03, 0.065) if not corded else 0.01
    body = b.part(*HOUSING)
    form = b.pick("round", "round", "boxy", "stepped")
    if form == "boxy":
        b.box((length, r * 1.8, r * 2), (-length / 2, 0, h), round=b.u(0.3, 0.7))
    elif form == "round":
        bar(
            b,
            -length * np.array([1, 0.94, 0.6, 0.25, 0]),
            r * np.array([b.u(0.6, 0.9), 0.98, 1, 0.95, 0.75]),
            b.u(0.85, 1.1),
            z=h,
        )
    else:
        bar(b, -length * np.array([1, 0.96, 0.45, 0.42, 0]), r * np.array([0.85, 1, 1, 0.85, 0.78]), z=h)
    _handle(b, grip_x, h - r * 0.5, pack, lean)
    b.part(*TRIGGER, joint=presses((-1, 0, 0), 0.008))
    x, top, long = grip_x + b.u(0.014, 0.02), h - r * 0.85, b.u(0.025, 0.042)
    b.tube(
        [(x - 0.006, 0, top), (x + 0.008, 0, top - long * 0.25), (x + 0.002, 0, top - long)],
        [0.008, 0.007, 0.006],
        flat=1.2,
        steps=8,
    )
    front = 0.0
    if b.maybe(0.6):
        b.part(
            "torque ring", "collar", "ring", "clutch", "what to turn", joint=turns((1, 0, 0), (0, 0, h), 4.7)
        )
        front = b.u(0.012, 0.025)
        bar(b, (-0.004, front), (r * b.u(0.72, 0.9), r * b.u(0.7, 0.85)), z=h)
    b.part(*CHUCK, joint=turns((1, 0, 0), (0, 0, h), 6.3))
    c, long = r * b.u(0.5, 0.75), b.u(0.03, 0.055)
    bar(b, front + long * np.array([-0.2, 0.1, 0.5, 0.75, 1]), c * np.array([1.05, 1.1, 1.0, 0.9, 0.42]), z=h)
    if b.maybe(0.7):
        b.part(*BIT)
        tip, q = front + long + b.u(0.025, 0.11), b.u(0.0022, 0.005)
        bar(b, (front + long * 0.8, tip, tip + 0.006), (q, q, 0.0008), z=h)
    if corded:
        power_cord(b, (grip_x - lean, 0, 0.012), (0, 0, -1) if b.maybe() else (-0.5, 0, -0.8))
    else:
        _battery(b, grip_x - lean, pack)
    if b.maybe(0.5):
        b.part("direction switch", *SWITCH, inside=body, joint=slides((0, 1, 0), 0.006))
        b.box((0.018, r * 1.75, 0.008), (grip_x + 0.018, 0, h - r * 0.78), round=0.5)
    if b.maybe(0.35):
        b.part("speed switch", *SWITCH, inside=body, joint=slides((1, 0, 0), 0.008))
        b.box(
            (0.025, 0.014, 0.01),
            (-length * b.u(0.4, 0.6), 0, h + r * (0.9 if form == "stepped" else 1.0)),
            round=0.4,
        )
    if b.maybe(0.2):
        b.part("side handle", "auxiliary handle", "second grip", "part to hold it by")
        b.ring((-0.01, 0, h), r * 0.85, 0.006, axis="x")
        b.tube([(-0.01, r * 0.8, h), (-0.01, 0.06, h), (-0.01, b.u(0.11, 0.15), h)], (0.008, 0.013, 0.014))


def _handle(b: Builder, x: float, top: float, low: float, lean: float) -> None:
    b.part(*HANDLE)
    r, flat, mid = b.u(0.015, 0.021), b.u(0.65, 0.9), (top + low) / 2
    swell = b.u(0.9, 1.15)
    b.tube(
        [(x, 0, top), (x - lean * 0.4 + b.u(-0.004, 0.004), 0, mid), (x - lean, 0, low)],
        [r * b.u(1.0, 1.25), r * swell, r * b.u(0.95, 1.2)],
        flat=flat,
        steps=10,
    )


def _battery(b: Builder, x: float, high: float) -> None:
    """A pack that slides on forwards, or a stick that goes into the handle."""
    part = b.part(*BATTERY, joint=slides((1, 0, 0), 0.06))
    long, wide, ahead = b.u(0.07, 0.13), b.u(0.045, 0.08), b.u(0, 0.025)
    k = b.u(0.3, 0.8)
    sections = [
        (0, 0, 0),
        (long / 2 * 0.97, wide / 2 * 0.97, 0),
        (long / 2, wide / 2, high * 0.3),
        (long / 2, wide / 2, high * 0.7),
        (long / 2 * 0.9, wide / 2 * 0.85, high),
        (0, 0, high),
    ]
    loft(b, sections, 0.4 + 0.6 * k, at=(x + ahead, 0, 0))
    for s in (1, -1) if b.maybe(0.4) else ():
        b.part("release button", *BUTTON, inside=part, joint=presses((0, -s, 0), 0.004))
        b.box((0.016, 0.008, 0.012), (x + ahead + long * 0.3, s * wide * 0.48, high * 0.6), round=0.4)


@kind("power drill", "drill", "cordless drill", "electric screwdriver")
def power_drill(b: Builder) -> None:
    drill(b)


@kind("cordless drill", "power drill", "drill", "drill driver", rest="lies")
def lying_drill(b: Builder) -> None:
    with b.moved(roll=np.pi / 2), b.moved((0, 0, -0.1)):
        drill(b)
