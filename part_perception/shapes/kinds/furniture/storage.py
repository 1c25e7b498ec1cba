"""What things are kept in: cabinets, dressers, shelves, safes, mailboxes. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.joints import slides, turns
from part_perception.shapes.lexicon import DOOR, DRAWER, LEG, PULL

BODY = ("body", "cabinet body", "frame", "case")
SHELF = ("shelf", "shelf board", "where to put things")
PULL_FORMS = ("bar", "bow", "knob", "knob", "strip", "ring")
FRONT_KNOB = ("knob", "handle", "pull", "what to pull to open it")


def pull(b: Builder, at, upright: bool, inside: int, length: float = 0.13, form: str = "") -> None:
    """A handle of one of many forms on a front at `at`, facing +x."""
    form, reach, r = (
        form or b.pick(*PULL_FORMS),
        b.u(0.02, 0.045),
        b.u(0.004, 0.009),
    )
    b.part(*(FRONT_KNOB if form == "knob" else PULL), inside=inside)
    with b.moved(at, roll=np.pi / 2 if upright else 0.0):
        half = length * b.u(0.35, 0.6)
        if form == "knob":
            with b.moved(pitch=np.pi / 2):
                k = b.u(0.012, 0.022)
                b.lathe(
                    [
                        (k * 0.6, -0.002),
                        (k * 0.45, reach * 0.4),
                        (k, reach * 0.7),
                        (k * 0.8, reach),
                        (0, reach + 0.002),
                    ]
                )
        elif form == "bow":
            b.tube(
                [
                    (0, -half, 0),
                    (reach * 0.9, -half * 0.6, 0),
                    (reach, 0, 0),
                    (reach * 0.9, half * 0.6, 0),
                    (0, half, 0),
                ],
                r,
            )
        elif form == "bar":
            b.rod((reach, -half * 1.2, 0), (reach, half * 1.2, 0), r)
            for s in (1, -1):
                b.rod((0, s * half * 0.85, 0), (reach, s * half * 0.85, 0), r * 0.8)
        elif form == "ring":
            b.rod((0, 0, 0), (0.012, 0, 0), 0.008)
            b.ring((0.014, 0, 0), 0.022, 0.003, axis="x")
        else:
            b.box((reach, half * 2, 0.012), (reach / 2, 0, 0), round=0.5)


def drawer(b: Builder, at, w: float, h: float, depth: float, out: float, form: str = "") -> int:
    """A drawer front centred at `at`, pulled out by `out`, with its tray and handle(s). Returns its part."""
    part = b.part(*DRAWER, joint=slides((1, 0, 0), max(0.75 * depth, out), out))
    x, y, z = at
    t = 0.018
    b.box((t, w, h), (x + out + t / 2, y, z), round=b.pick(0, 0.5))
    if out > 0.03:
        for s in (1, -1):
            b.box((out, 0.01, h * 0.7), (x + out / 2, y + s * w * 0.45, z - h * 0.08))
        b.box((out, w * 0.9, 0.008), (x + out / 2, y, z - h * 0.4))
    elif b.maybe(0.3):
        b.box((0.008, w * 0.8, h * 0.6), (x + out + t + 0.002, y, z))
    for s in (-0.27, 0.27) if w > 0.7 and b.maybe(0.7) else (0,):
        pull(b, (x + out + t, y + s * w, z + h * b.pick(0, 0, 0.25)), False, part, min(0.16, w * 0.5), form)
    return part


def hinged_door(
    b: Builder, at, w: float, h: float, side: int, angle: float, handle_up: float = 0.0, form: str = ""
) -> int:
    """A door leaf centred at `at` when closed, hinged at y * side, opened by an angle. Returns its part."""
    x, y, z = at
    t = b.u(0.015, 0.025)
    with b.moved((x, y + side * w / 2, z), yaw=side * angle):
        part = b.part(*DOOR, joint=turns((0, 0, side), angle=2.0, now=angle))
        b.box((t, w, h), (t / 2, -side * w / 2, 0), round=b.pick(0, 0.4))
        relief = b.pick("plain", "plain", "panel", "frame")
        if relief == "panel":
            b.box((0.01, w * 0.65, h * 0.75), (t + 0.003, -side * w / 2, 0))
        elif relief == "frame":
            for s in (1, -1):
                b.box(
                    (0.012, w * 0.98, min(0.07, h * 0.12)), (t + 0.004, -side * w / 2, s * (h * 0.49 - 0.035))
                )
                b.box((0.012, 0.06, h * 0.98), (t + 0.003, -side * w / 2 + s * (w * 0.48 - 0.03), 0))
        pull(b, (t + 0.002, -side * (w - 0.045), handle_up * h), b.maybe(0.85), part, form=form)
    return part


def carcass(b: Builder, w: float, d: float, z: float, h: float, solid: bool, names=BODY) -> None:
    """A cabinet's body from height z up, its front at x = 0: solid, or five boards when one looks in."""
    b.part(*names)
    t = 0.02
    if solid:
        b.box((d, w, h), (-d / 2, 0, z + h / 2))
        return
    b.box((0.01, w, h), (-d + 0.005, 0, z + h / 2))
    for s in (1, -1):
        b.box((d, t, h), (-d / 2, s * (w - t) / 2, z + h / 2))
        b.box((d, w, t), (-d / 2, 0, z + (h - t / 2 if s > 0 else t / 2)))


def feet(b: Builder, w: float, d: float, h: float) -> None:
    for x in (-0.06, -d + 0.06):
        for s in (1, -1):
            b.part(*LEG)
            b.cone((x, s * (w / 2 - 0.05), 0), (x, s * (w / 2 - 0.05), h + 0.002), b.u(0.01, 0.02), 0.022)
