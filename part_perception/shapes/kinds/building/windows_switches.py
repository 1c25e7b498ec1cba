"""Windows, pictures, switches and buttons on a wall. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BUTTON, SWITCH

PLATE = ("plate", "cover plate", "base plate", "frame")
FRAME = ("frame", "border", "rim")


@kind("picture frame", "framed picture", "painting", rest="mounted")
def picture_frame(b: Builder) -> None:
    """A picture on the wall, or a small one that leans on a strut."""
    names = ("picture", "painting", "image", "photo")
    if b.maybe(0.7):
        w, h = b.u(0.15, 0.8), b.u(0.15, 0.8)
        _framed(b, w, h, b.pick(b.u(0.012, 0.06), b.u(0.05, 0.2) * min(w, h)), b.u(0.012, 0.04), names)
        return
    w, h, t, lean = b.u(0.1, 0.25), b.u(0.12, 0.3), b.u(0.012, 0.03), b.u(0.15, 0.4)
    with b.moved(pitch=-lean):
        _framed(b, w, h, b.u(0.1, 0.24) * min(w, h), t, names)
        b.part("stand", "support", "what it stands on")
        high = h * b.u(0.55, 0.85)
        with b.moved((0, 0, high - h / 2), pitch=lean + b.u(0.2, 0.5)):
            b.box((0.004, w * b.u(0.15, 0.5), high), (0, 0, -high / 2), taper=b.u(0.6, 1))


@kind("wall mirror", "mirror", rest="mounted")
def mirror(b: Builder) -> None:
    w, h = b.u(0.3, 0.8), b.u(0.4, 1.2)
    if b.maybe():
        _framed(
            b,
            w,
            h,
            b.u(0.015, 0.06),
            b.u(0.015, 0.03),
            ("mirror", "glass", "reflecting surface", "where one sees oneself"),
        )
        return
    with b.moved(pitch=np.pi / 2):
        b.part(*FRAME)
        k = b.u(0.01, 0.03)
        b.lathe(
            [(w / 2, 0), (w / 2 + k, 0.005), (w / 2 + k, 0.02), (w / 2, 0.024), (w / 2 - 0.002, 0.01)],
            squash=b.pick(1, 0.7),
        )
        b.part("mirror", "glass", "reflecting surface", "where one sees oneself")
        b.lathe(
            [(0, 0.008), (w / 2 - 0.002, 0.008)],
            squash=b.pick(
                1.0,
            ),
        )


def _framed(b: Builder, w: float, h: float, k: float, t: float, names) -> None:
    b.part("frame", "picture frame", "border", "rim")
    for s in (1, -1):
        b.box((t, k, h), (t / 2, s * (w - k) / 2, 0), round=b.pick(0, 0.8))
        b.box((t, w - 2 * k, k), (t / 2, 0, s * (h - k) / 2), round=b.pick(0, 0.8))
    b.part(*names)
    b.box((b.pick(0.006, t * 0.6), w - 2 * k, h - 2 * k), (t * 0.35, 0, 0))


@kind("light switch", "wall switch", "switch", rest="mounted")
def light_switch(b: Builder) -> None:
    n, k, t = b.pick(1, 1, 2, 3), b.u(0.07, 0.09), b.u(0.006, 0.012)
    w = k * (1 + (n - 1) * b.u(0.45, 0.8))
    b.part(*PLATE)
    b.box((t, w, k * b.pick(1, 1, 1.5)), (t / 2, 0, 0), round=b.u(0, 0.6))
    form = b.pick("rocker", "rocker", "toggle", "dimmer")
    for i in range(n):
        y, size = (i - (n - 1) / 2) * w / n * 0.85, min(k * 0.7, w / n * 0.8)
        with b.moved((t, y, 0), pitch=b.pick(1, -1) * b.u(0.04, 0.12)):
            if form == "dimmer":
                b.part("dimmer knob", "knob", "what to turn", "switch", joint=turns((1, 0, 0), angle=4.7))
            else:
                b.part(*SWITCH, joint=turns((0, 1, 0), angle=0.3 if form == "rocker" else 0.9))
            if form == "rocker":
                b.box((0.012, size, k * b.u(0.5, 0.75)), (0.002, 0, 0), round=0.2)
            elif form == "toggle":
                with b.moved(pitch=b.pick(0.45, -0.45)):
                    b.box((0.03, 0.009, 0.012), (0.012, 0, 0), round=0.4, taper=0.9)
            else:
                b.cone((-0.002, 0, 0), (0.018, 0, 0), size * 0.35, size * 0.3)


@kind("power socket", "wall socket", "power outlet", "outlet", rest="mounted")
def power_socket(b: Builder) -> None:
    n, k, t = b.pick(1, 1, 2, 3), b.u(0.075, 0.09), b.u(0.008, 0.014)
    b.part(*PLATE)
    b.box((t, k * n, k), (t / 2, 0, 0), round=b.u(0, 0.5))
    for i in range(n):
        b.part("socket", "outlet", "plug hole", "where the plug goes in")
        with b.moved((t, (i - (n - 1) / 2) * k, 0), pitch=np.pi / 2):
            r = k * b.u(0.24, 0.3)
            if b.maybe(0.6):
                b.lathe([(r * 1.15, 0.001), (r * 1.1, 0.006), (r, 0.006), (r, -t * 0.6), (0, -t * 0.6)])
            else:
                b.box((r * 1.5, r * 2.2, 0.008), (0, 0, 0), round=0.8)


@kind("button panel", "elevator panel", "control panel", rest="mounted")
def button_panel(b: Builder) -> None:
    columns, rows, gap = b.n(1, 3), b.n(2, 5), b.u(0.04, 0.07)
    w, h = (columns + 0.6) * gap, (rows + 0.8) * gap
    display = b.maybe(0.5)
    b.part("panel", "plate", "base plate", "body")
    b.box((0.012, w, h + gap * display), (0.006, 0, gap * display / 2), round=b.u(0, 0.6))
    square = b.maybe(0.4)
    for r in range(rows):
        for c in range(columns):
            b.part(*BUTTON, joint=presses((-1, 0, 0)))
            y, z = (c - (columns - 1) / 2) * gap, (r - (rows - 1) / 2) * gap
            if square:
                b.box((0.014, gap * 0.6, gap * 0.6), (0.012, y, z), round=0.3)
            else:
                b.rod((0.01, y, z), (0.019, y, z), gap * 0.3)
    if display:
        b.part("display", "screen", "what shows the floor")
        b.box((0.012, w * 0.7, gap * 0.7), (0.01, 0, h / 2 + gap * 0.1))


@kind("emergency stop button", "emergency button", "stop switch", rest="mounted")
def emergency_stop(b: Builder) -> None:
    k, t = b.u(0.06, 0.09), b.u(0.04, 0.07)
    b.part("body", "box", "housing", "base")
    b.box((t, k, k * b.u(1, 1.4)), (t / 2, 0, 0), round=b.u(0, 0.4))
    if b.maybe(0.5):
        b.part("collar", "ring", "yellow ring", "guard")
        b.rod((t - 0.002, 0, 0), (t + 0.004, 0, 0), k * 0.42)
    b.part(
        "button", "red button", "mushroom button", "what to press to stop it", joint=presses((-1, 0, 0), 0.01)
    )
    with b.moved((t, 0, 0), pitch=np.pi / 2):
        r = k * b.u(0.27, 0.36)
        b.lathe(
            [(r * 0.55, 0), (r * 0.55, 0.014), (r * 0.95, 0.016), (r, 0.024), (r * 0.8, 0.031), (0, 0.034)]
        )


@kind("lever switch", "knife switch", "breaker lever", "safety switch", rest="mounted")
def lever_switch(b: Builder) -> None:
    w, h, t = b.u(0.08, 0.2), b.u(0.12, 0.3), b.u(0.05, 0.1)
    b.part("body", "box", "housing", "base")
    b.box((t, w, h), (t / 2, 0, 0), round=b.u(0, 0.3))
    length, angle = h * b.u(0.35, 0.7), b.u(-0.9, 0.9)
    names, swing = (
        ("lever", "handle", "switch", "what to pull or push"),
        turns((0, 1, 0), angle=1.8, now=angle + 0.9),
    )
    if b.maybe():
        with b.moved((t, 0, 0), pitch=angle):
            b.part(*names, joint=swing)
            b.rod((-0.005, 0, 0), (length, 0, 0), 0.007)
            b.blob((0.032, 0.032, 0.032), (length, 0, 0))
    else:
        y = w / 2
        with b.moved((t * 0.6, y, 0), pitch=angle):
            b.part(*names, joint=swing)
            b.rod((0, -0.005, 0), (0, 0.015, 0), 0.02)
            b.rod((0, 0.012, 0), (length, 0.014, 0), 0.008)
            b.rod((length, 0.0, 0), (length, 0.07, 0), 0.011)
