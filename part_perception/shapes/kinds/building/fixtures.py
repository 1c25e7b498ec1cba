"""Doors, drawers and their handles on a wall. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.storage import pull
from part_perception.shapes.lexicon import DOOR, DRAWER, HINGE, PULL

LEVER = ("handle", "door handle", "lever", "what to press down to open it")
DOOR_KNOB = ("knob", "door knob", "handle", "what to turn to open it")
ROSE = ("base", "rose", "base plate", "mount")
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
        path = [
            (0.004, 0, 0),
            (reach * 0.85, 0, 0),
            (reach, side * 0.018, bend[0]),
            (reach, side * length * 0.6, bend[1]),
            (reach - b.pick(0, 0, 0.035), side * length, bend[2]),
        ]
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
