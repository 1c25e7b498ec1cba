"""Doors, windows, handles, switches and valves: what is fixed to a wall. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.storage import pull
from part_perception.training.engine.lexicon import BUTTON, DOOR, DRAWER, HINGE, PULL, SWITCH

LEVER = ("handle", "door handle", "lever", "what to press down to open it")
DOOR_KNOB = ("knob", "door knob", "handle", "what to turn to open it")
PLATE = ("plate", "cover plate", "base plate", "frame")
ROSE = ("base", "rose", "base plate", "mount")
FRAME = ("frame", "border", "rim")
PANE = ("pane", "glass", "window", "what one looks through")
KEYHOLE = ("keyhole", "lock", "where the key goes")


def _lever(b: Builder, at, side: int, inside: int = -1) -> None:
    """A lever handle on its rose or long plate at `at`; the lever points to side * y."""
    b.part(*ROSE, inside=inside)
    r, reach, length = b.u(0.021, 0.028), b.u(0.04, 0.06), b.u(0.09, 0.14)
    with b.moved(at, roll=b.u(-0.05, 0.05) if b.maybe(0.8) else side * b.u(0.2, 0.7)):
        long_plate = b.maybe(0.35)
        if long_plate:
            b.box((0.008, 0.042, b.u(0.18, 0.25)), (0.004, 0, -0.05), round=b.u(0, 0.9))
        else:
            b.rod((0, 0, 0), (0.009, 0, 0), r)
        b.part(*LEVER, inside=inside)
        k = b.u(0.007, 0.011)
        bend = b.pick((0, 0, 0), (0, 0.006, -0.006), (-0.01, -0.015, 0))
        path = [(0.004, 0, 0), (reach * 0.85, 0, 0), (reach, side * 0.018, bend[0]),
                (reach, side * length * 0.6, bend[1]), (reach - b.pick(0, 0, 0.035), side * length, bend[2])]  # fmt: skip
        b.tube(path, k, flat=b.u(0.6, 1.6), smooth=b.maybe(0.7))
    if b.maybe(0.4):
        b.part(*KEYHOLE, inside=inside)
        low = np.asarray(at) + (0.006 if long_plate else 0.0, 0, -0.08)
        b.rod(low, low + (0.007, 0, 0), 0.012 if long_plate else r)


def _doorknob(b: Builder, at, inside: int = -1) -> None:
    r, reach = b.u(0.022, 0.034), b.u(0.045, 0.07)
    with b.moved(at, pitch=np.pi / 2):
        b.part(*ROSE, inside=inside)
        k = r * b.u(0.9, 1.25)
        b.lathe([(k, 0), (k, 0.005), (k * 0.6, 0.012), (0.01, 0.013)])
        b.part(*DOOR_KNOB, inside=inside)
        form = b.pick("ball", "mushroom", "drum")
        line = {
            "ball": [(0.7, 0.5), (1, 0.72), (0.75, 0.93), (0.3, 1.0), (0, 1.0)],
            "mushroom": [(0.5, 0.45), (1, 0.75), (0.95, 0.88), (0.6, 1.0), (0, 1.02)],
            "drum": [(0.95, 0.45), (1, 0.5), (1, 0.95), (0.9, 1.0), (0, 1.0)],
        }[form]
        b.lathe(
            [(0.011, 0.01), (0.01, reach * 0.4), *[(r * p, reach * q) for p, q in line]],
            smooth=form != "drum",
        )


@kind("door", "room door", "house door", rest="mounted")
def door(b: Builder) -> None:
    w, h, t, side = b.u(0.7, 1.0), b.u(1.9, 2.15), b.u(0.035, 0.05), b.pick(1, -1)
    wide, depth = b.u(0.05, 0.11), b.u(0.02, 0.06)
    if b.maybe(0.75):
        b.part("frame", "door frame", "border around the door")
        for s in (1, -1):
            b.box((depth, wide, h + wide), (depth / 2, s * (w + wide + 0.008) / 2, wide / 2))
        b.box((depth, w, wide), (depth / 2, 0, (h + wide + 0.008) / 2))
    angle = b.u(0.15, 1.5) if b.maybe(0.4) else 0.0
    leaf = b.part(*DOOR)
    with b.moved((0.002, side * w / 2, 0), yaw=side * angle):
        y = -side * w / 2
        b.box((t, w, h), (t / 2, y, 0))
        form = b.pick("plain", "plain", "panels", "glass")
        if form == "panels":
            rows = b.n(2, 3)
            for k in range(rows):
                for s in (1, -1):
                    b.box(
                        (0.012, w * 0.3, h * 0.75 / rows),
                        (t + 0.004, y + s * w * 0.2, h * (k - (rows - 1) / 2) * 0.88 / rows),
                        round=0.4,
                    )
        elif form == "glass":
            b.part(*PANE, inside=leaf)
            b.box((t + 0.01, w * b.u(0.2, 0.6), h * b.u(0.25, 0.45)), (t / 2, y, h * 0.2))
        at = (t, -side * (w - 0.065), -h / 2 + b.u(0.95, 1.08))
        form = b.pick("lever", "lever", "knob", "pull", "bar")
        if form == "lever":
            _lever(b, at, side, leaf)
        elif form == "knob":
            _doorknob(b, at, leaf)
        elif form == "pull":
            b.part(*PULL, inside=leaf)
            half = b.u(0.1, 0.4)
            b.tube(
                [
                    at,
                    np.add(at, (0.06, 0, 0.0)),
                    np.add(at, (0.06, 0, -2 * half)),
                    np.add(at, (0, 0, -2 * half)),
                ],
                0.012,
                smooth=False,
            )
        else:
            b.part("push bar", "panic bar", "handle", "what to push to open it", inside=leaf)
            b.rod((t + 0.06, y - w * 0.4, at[2]), (t + 0.06, y + w * 0.4, at[2]), 0.018)
            for s in (1, -1):
                b.box((0.06, 0.04, 0.06), (t + 0.03, y + s * w * 0.4, at[2]))
        for z in (-0.35, 0.38) if b.maybe(0.6) else ():
            b.part(*HINGE, inside=leaf)
            b.rod((t, side * 0.006, h * z - 0.05), (t, side * 0.006, h * z + 0.05), 0.009)


@kind("door handle", "lever handle", "door lever", rest="mounted")
def door_handle(b: Builder) -> None:
    _lever(b, (0, 0, 0), b.pick(1, -1))


@kind("doorknob", "door knob", rest="mounted")
def doorknob(b: Builder) -> None:
    _doorknob(b, (0, 0, 0))


@kind("loose doorknob", "door knob", rest="stands")
def loose_doorknob(b: Builder) -> None:
    with b.moved(pitch=-np.pi / 2):
        _doorknob(b, (0, 0, 0))


@kind("drawer front", "drawer", rest="mounted")
def drawer_front(b: Builder) -> None:
    w, h, out = b.u(0.25, 0.8), b.u(0.1, 0.3), b.u(0.01, 0.3)
    front = b.part(*DRAWER)
    b.box((0.018, w, h), (out, 0, 0), round=b.pick(0, 0.6))
    if out > 0.05:
        for s in (1, -1):
            b.box((out, 0.012, h * 0.7), (out / 2, s * w * 0.45, -h * 0.08))
        b.box((out, w * 0.9, 0.008), (out / 2, 0, -h * 0.4))
    for y in b.pick((0,), (0,), (-0.25, 0.25)):
        pull(b, (out + 0.009, y * w, b.pick(0, h * 0.3)), False, front, min(w * 0.4, 0.2))


@kind("cabinet door", "cupboard door", rest="mounted")
def cabinet_door(b: Builder) -> None:
    w, h, side, t = b.u(0.25, 0.6), b.u(0.3, 0.9), b.pick(1, -1), 0.02
    leaf = b.part(*DOOR)
    with b.moved((0, side * w / 2, 0), yaw=side * b.pick(0, b.u(0.1, 1.5))):
        b.box((t, w, h), (t / 2, -side * w / 2, 0))
        if b.maybe(0.5):
            b.box((0.01, w * 0.65, h * 0.72), (t + 0.003, -side * w / 2, 0), round=0.3)
        pull(b, (t, -side * (w - 0.05), h * b.u(-0.38, 0.38)), True, leaf, 0.14)
        for z in (-0.35, 0.35) if b.maybe(0.4) else ():
            b.part(*HINGE, inside=leaf)
            b.rod((t, side * 0.004, h * z - 0.025), (t, side * 0.004, h * z + 0.025), 0.006)


@kind("window", "house window", rest="mounted")
def window(b: Builder) -> None:
    w, h, k, t = b.u(0.5, 1.3), b.u(0.6, 1.5), b.u(0.04, 0.08), b.u(0.03, 0.06)
    b.part("frame", "window frame", "border around the glass")
    for s in (1, -1):
        b.box((t, k, h), (t / 2, s * (w - k) / 2, 0))
        b.box((t, w - 2 * k, k), (t / 2, 0, s * (h - k) / 2))
    columns, rows = b.pick((1, 1), (2, 1), (1, 2), (2, 2), (2, 3))
    for y in np.arange(1, columns) / columns - 0.5:
        b.box((t, k * 0.8, h - 2 * k), (t / 2, y * w, 0))
    for z in np.arange(1, rows) / rows - 0.5:
        b.box((t * 0.8, w - 2 * k, k * 0.6), (t / 2, 0, z * h))
    b.part(*PANE)
    b.box((0.006, w - 2 * k, h - 2 * k), (t * 0.4, 0, 0))
    b.part("handle", "window handle", "what to turn to open it")
    y = (w / 2 - k / 2) * b.pick(1, -1) if columns == 1 else 0.0
    b.box((0.012, 0.025, 0.06), (t + 0.004, y, 0), round=0.5)
    b.rod((t, y, 0), (t + 0.04, y, 0), 0.008)
    b.tube([(t + 0.04, y, 0.008), (t + 0.042, y, -0.05), (t + 0.04, y, -0.12)], 0.009)
    if b.maybe(0.4):
        b.part("sill", "window sill", "ledge")
        b.box((0.18, w + 0.1, 0.03), (0.09, 0, -h / 2 - 0.016))


@kind("picture frame", "framed picture", "painting", rest="mounted")
def picture_frame(b: Builder) -> None:
    w, h, k, t = b.u(0.15, 0.8), b.u(0.15, 0.8), b.u(0.012, 0.06), b.u(0.012, 0.04)
    _framed(b, w, h, k, t, ("picture", "painting", "image", "photo"))


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
    b.box((0.006, w - 2 * k, h - 2 * k), (t * 0.35, 0, 0))


@kind("light switch", "wall switch", "switch", rest="mounted")
def light_switch(b: Builder) -> None:
    n, k, t = b.pick(1, 1, 2, 3), b.u(0.07, 0.09), b.u(0.006, 0.012)
    w = k * (1 + (n - 1) * b.u(0.45, 0.8))
    b.part(*PLATE)
    b.box((t, w, k * b.pick(1, 1, 1.5)), (t / 2, 0, 0), round=b.u(0, 0.6))
    form = b.pick("rocker", "rocker", "toggle", "dimmer")
    for i in range(n):
        b.part(*(("dimmer knob", "knob", "what to turn", "switch") if form == "dimmer" else SWITCH))
        y, size = (i - (n - 1) / 2) * w / n * 0.85, min(k * 0.7, w / n * 0.8)
        with b.moved((t, y, 0), pitch=b.pick(1, -1) * b.u(0.04, 0.12)):
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
            b.part(*BUTTON)
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
    b.part("button", "red button", "mushroom button", "what to press to stop it")
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
    b.part("lever", "handle", "switch", "what to pull or push")
    length, angle = h * b.u(0.35, 0.7), b.u(-0.9, 0.9)
    if b.maybe():
        with b.moved((t, 0, 0), pitch=angle):
            b.rod((-0.005, 0, 0), (length, 0, 0), 0.007)
            b.blob((0.032, 0.032, 0.032), (length, 0, 0))
    else:
        y = w / 2
        with b.moved((t * 0.6, y, 0), pitch=angle):
            b.rod((0, -0.005, 0), (0, 0.015, 0), 0.02)
            b.rod((0, 0.012, 0), (length, 0.014, 0), 0.008)
            b.rod((length, 0.0, 0), (length, 0.07, 0), 0.011)
