"""Door handles, doorknobs and close-ups of furniture fronts. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.fronts import drawer, hinged_door, sliding_doors
from part_perception.shapes.kinds.furniture.handles import front_style

LEVER = ("handle", "door handle", "lever", "what to press down to open it")
DOOR_KNOB = ("knob", "door knob", "handle", "what to turn to open it")
ROSE = ("base", "rose", "base plate", "mount")
KEYHOLE = ("keyhole", "lock", "where the key goes")


def lever_on(b: Builder, at, side: int, inside: int = -1) -> None:
    """A lever handle on its rose or long plate at `at`; the lever points to side * y."""
    b.part(*ROSE, inside=inside)
    r, reach, length = b.u(0.021, 0.028), b.u(0.04, 0.06), b.u(0.09, 0.14)
    with b.moved(at, roll=b.u(-0.05, 0.05) if b.maybe(0.8) else side * b.u(0.2, 0.7)):
        long_plate = b.maybe(0.35)
        if long_plate:
            b.box((0.008, 0.042, b.u(0.18, 0.25)), (0.004, 0, -0.05), round=b.u(0, 0.9))
        else:
            b.rod((0, 0, 0), (0.009, 0, 0), r)
        b.part(*LEVER, inside=inside, joint=turns((-side, 0, 0), angle=0.7))
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


def doorknob_on(b: Builder, at, inside: int = -1) -> None:
    r, reach = b.u(0.022, 0.034), b.u(0.045, 0.07)
    with b.moved(at, pitch=np.pi / 2):
        b.part(*ROSE, inside=inside)
        k = r * b.u(0.9, 1.25)
        b.lathe([(k, 0), (k, 0.005), (k * 0.6, 0.012), (0.01, 0.013)])
        b.part(*DOOR_KNOB, inside=inside, joint=turns((0, 0, 1)))
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


@kind("door handle", "lever handle", "door lever", rest="mounted")
def door_handle(b: Builder) -> None:
    lever_on(b, (0, 0, 0), b.pick(1, -1))


@kind("doorknob", "door knob", rest="mounted")
def doorknob(b: Builder) -> None:
    doorknob_on(b, (0, 0, 0))


@kind("loose doorknob", "door knob", rest="stands")
def loosedoorknob_on(b: Builder) -> None:
    with b.moved(pitch=-np.pi / 2):
        doorknob_on(b, (0, 0, 0))


@kind("drawer front", "drawer", rest="mounted", front=True)
def drawer_front(b: Builder) -> None:
    """One drawer, or a stack of them, without the rest of the cabinet."""
    w, h, style, rows = b.u(0.25, 0.95), b.u(0.09, 0.32), front_style(b), b.pick(1, 1, 1, 2, 3)
    for k in range(rows):
        out = b.u(0.01, 0.4) if b.maybe(0.5) else 0.0
        drawer(b, (0, 0, (k - (rows - 1) / 2) * (h + 0.004)), w, h, 0.5, out, style)


@kind("cabinet door", "cupboard door", "door", rest="mounted", front=True)
def cabinet_door(b: Builder) -> None:
    """One door, a pair or a sliding pair, without the rest of the cabinet."""
    w, h, style = b.u(0.22, 0.6), b.u(0.3, 1.2), front_style(b)
    up, glass = b.pick(0, b.u(-0.4, 0.4)), b.maybe(0.2)
    form = b.pick("one", "one", "pair", "sliding")
    if form == "sliding":
        sliding_doors(
            b, (0, 0, 0), 2 * w, h, 2, style, [b.u(0, 1) if b.maybe(0.5) else 0.0 for _ in range(2)], glass
        )
        return
    for s in (1, -1) if form == "pair" else (b.pick(1, -1),):
        y = s * w / 2 if form == "pair" else 0.0
        hinged_door(b, (0, y, 0), w - 0.003, h, s, b.u(0.1, 1.8) if b.maybe(0.45) else 0.0, up, style, glass)
