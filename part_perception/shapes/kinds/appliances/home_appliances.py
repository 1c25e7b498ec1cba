"""Fridges, freezers and dishwashers. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, push_button
from part_perception.shapes.kinds.appliances.fronts import (
    feet,
    handle,
    housing,
    hung,
    leaf,
    lining,
    opening_angle,
    rack,
)
from part_perception.shapes.lexicon import DRAWER, LID, PULL, SHELF

FRIDGE_DOOR = ("door", "fridge door", "refrigerator door", "what swings open")
TOE_KICK = ("base", "plinth", "toe kick", "bottom")


@kind("refrigerator", "fridge", "freezer", "fridge freezer", front=True)
def refrigerator(b: Builder) -> None:
    w, d, h = b.u(0.5, 0.95), b.pick(b.u(0.5, 0.72), b.u(0.6, 0.9)), b.u(0.8, 1.95)
    low = b.u(0.02, 0.07)
    plan = (
        b.pick("one", "two", "two", "stack") if w < 0.75 else b.pick("side", "side", "french", "two drawers")
    )
    plan = "one" if h < 1.2 else plan
    split = low + (h - low) * (b.u(0.28, 0.42) if b.maybe() else b.u(0.62, 0.74))
    half, t = w / 2, b.u(0.035, 0.06)
    spans = {
        "one": [(-half, half, low, h)],
        "two": [(-half, half, low, split), (-half, half, split, h)],
        "stack": [
            (-half, half, low, h * 0.22),
            (-half, half, h * 0.22, h * 0.42),
            (-half, half, h * 0.42, h),
        ],
        "side": [(-half, w * b.u(-0.1, 0.1), low, h)],
        "french": [(-half, half, low, h * 0.34), (-half, 0, h * 0.34, h), (0, half, h * 0.34, h)],
        "two drawers": [
            (-half, half, low, h * 0.22),
            (-half, half, h * 0.22, h * 0.42),
            (-half, 0, h * 0.42, h),
            (0, half, h * 0.42, h),
        ],
    }[plan]
    if plan == "side":
        spans.append((spans[0][1], half, low, h))
    fields = [Field.between(*s) for s in spans]
    slides = [plan in ("stack", "french", "two drawers") and f.wide == w and f.z < h * 0.42 for f in fields]
    angles = [0.0 if s else opening_angle(b, 0.25, 2.0) for s in slides]
    outs = [b.u(0.05, d * 0.6) if s and b.maybe(0.25) else 0.0 for s in slides]
    opened = [a > 0 or o > 0 for a, o in zip(angles, outs, strict=True)]
    cavities = [(f.smaller(0.035), d - 0.05) for f, o in zip(fields, opened, strict=True) if o]
    body = housing(b, Field.between(-half, half, low, h), d, cavities)
    watered = (fields[-2] if b.maybe(0.75) else fields[-1]) if w >= 0.75 and len(fields) > 1 else None
    side, form, gap = b.pick("+y", "-y"), b.pick("bar", "bow", "square", "recess", "strip", "edge"), 0.004
    for f, angle, out in zip(fields, angles, outs, strict=True):
        if angle or out:
            _cold_inside(b, f.smaller(0.035), d - 0.05, body, empty=out > 0)
        hinge = side if f.wide == w else ("-y" if f.y < 0 else "+y")
        if f.wide == w and slides[fields.index(f)]:
            _freezer_drawer(b, f, out, t, form)
            continue
        with hung(b, f, hinge, angle, 0.003) as swing:
            door = leaf(b, f.wide - gap, f.tall - gap, t, swing, names=FRIDGE_DOOR)
            _fridge_handle(b, f, hinge, t, form, door, low_door=f.z < h / 2 and plan != "one")
            if angle:
                _door_bins(b, f, door)
            elif f is watered and b.maybe(0.5):
                _dispenser(b, f, t, door)
    if b.maybe(0.5):
        feet(b, w, d, low)


def _fridge_handle(b: Builder, f: Field, hinge: str, t: float, form: str, door: int, low_door: bool) -> None:
    away = -1 if hinge == "+y" else 1
    y, span = away * (f.wide / 2 - 0.045), min(b.u(0.25, 0.8), 0.75) * f.tall
    z = (f.tall - span) * 0.4 * (1 if low_door else -1)
    if form == "edge":
        b.part(*PULL, inside=door)
        b.box((t * 0.7, 0.02, f.tall * 0.98), (t * 0.5, away * (f.wide / 2 + 0.006), 0), round=0.5)
    else:
        handle(b, (t, y, z), True, span, door, form)


def _freezer_drawer(b: Builder, f: Field, out: float, t: float, form: str) -> None:
    drawer = b.part(*DRAWER, "freezer drawer", joint=slides((1, 0, 0), max(0.5, out), out))
    b.box((t, f.wide - 0.004, f.tall - 0.005), (0.003 + out + t / 2, f.y, f.z), round=b.u(0, 0.5))
    if out:
        for s in (1, -1):
            b.box((out, 0.008, f.tall * 0.6), (out / 2, f.y + s * f.wide * 0.42, f.z - f.tall * 0.1))
        b.box((out, f.wide * 0.84, 0.008), (out / 2, f.y, f.z - f.tall * 0.4))
    z = f.z + f.tall * b.u(0.2, 0.36)
    handle(
        b,
        (0.003 + out + t, f.y, z),
        False,
        f.wide * b.u(0.4, 0.85),
        drawer,
        "strip" if form == "edge" else form,
    )


def _cold_inside(b: Builder, f: Field, deep: float, body: int, empty: bool) -> None:
    lining(b, f, deep, body)
    if empty:
        return
    y0, y1, z0, z1 = f.ends
    bins = f.tall > 0.5 and b.maybe(0.7)
    low = z0 + (min(0.2, f.tall * 0.25) if bins else 0.0)
    for z in np.linspace(low, z1, b.n(2, 4) + 1)[:-1] if f.tall > 0.3 else ():
        b.part(*SHELF)
        b.box((deep * b.u(0.75, 0.9), f.wide - 0.004, b.u(0.006, 0.014)), (-deep * 0.55, f.y, z + 0.012))
    for s in (1, -1) if bins else ():
        crisper = b.part(
            "drawer", "vegetable drawer", "crisper", "what slides out", joint=slides((1, 0, 0), deep * 0.7)
        )
        b.box(
            (deep * 0.8, f.wide * 0.47, (low - z0) * 0.88),
            (-deep * 0.5, f.y + s * f.wide * 0.245, (z0 + low) / 2),
        )
        handle(b, (-deep * 0.1, f.y + s * f.wide * 0.245, low - 0.04), False, 0.12, crisper, "strip")


def _door_bins(b: Builder, f: Field, door: int) -> None:
    for z in np.linspace(-0.38, 0.3, b.n(2, 4)) * f.tall:
        b.part("door shelf", "bottle shelf", "shelf", "door bin", inside=door)
        b.box((0.09, f.wide * 0.84, 0.006), (-0.047, 0, z))
        b.box((0.005, f.wide * 0.84, b.u(0.05, 0.09)), (-0.09, 0, z + 0.03))
        for s in (1, -1):
            b.box((0.09, 0.005, 0.06), (-0.047, s * f.wide * 0.42, z + 0.03))


def _dispenser(b: Builder, f: Field, t: float, door: int) -> None:
    wide, tall, z = min(0.2, f.wide * 0.55), b.u(0.25, 0.4), f.tall * b.u(0.0, 0.12)
    part = b.part("dispenser", "water dispenser", "ice dispenser", "where the water comes out", inside=door)
    if b.maybe(0.35):  # a flush panel
        b.box((0.008, wide, tall), (t + 0.004, 0, z), round=b.pick(0, 0.5))
        return
    for s in (1, -1):
        b.box((0.016, 0.012, tall), (t + 0.006, s * wide / 2, z))
        b.box((0.016, wide, 0.012), (t + 0.006, 0, z + s * tall / 2))
    b.box((0.004, wide, tall * 0.65), (t + 0.001, 0, z - tall * 0.17))
    control_panel(
        b, Field(0, z + tall * 0.34, wide * 0.94, tall * 0.26), 0.012, part, t, ("display", "buttons")
    )
    b.part("lever", "paddle", "what to push", inside=part, joint=presses((-1, 0, 0), 0.02))
    b.box((0.01, wide * 0.3, tall * 0.3), (t + 0.008, 0, z - tall * 0.05), round=0.5)


@kind("chest freezer", "freezer chest", "deep freezer", "ice cream freezer", front=True)
def chest_freezer(b: Builder) -> None:
    w, d, h, low = b.u(0.55, 1.5), b.u(0.5, 0.7), b.u(0.75, 0.9), b.u(0.0, 0.05)
    angle = opening_angle(b, 0.35, 1.3)
    t = b.u(0.04, 0.07)
    if angle:
        with b.moved((-d / 2, 0, h), pitch=-np.pi / 2):
            mouth = Field(0, 0, w, d)
            inner = mouth.smaller(0.055)
            body = housing(b, mouth, h - low, [(inner, h - low - 0.08)])
            lining(b, inner, h - low - 0.08, body)
    else:
        housing(b, Field.between(-w / 2, w / 2, low, h), d, round=0.05)
    with b.moved((-d, 0, h + 0.003), pitch=-angle):
        lid = b.part(*LID, "door", joint=turns((0, -1, 0), angle=1.5, now=angle))
        b.box((d * b.u(1.0, 1.03), w * 1.005, t), (d / 2, 0, t / 2), round=b.u(0.1, 0.7))
        handle(b, (d * 1.01, 0, t / 2), False, b.u(0.12, 0.4), lid, b.pick("strip", "bow", "square"))
        if b.maybe(0.4):
            push_button(
                b, (d * 1.01, w * 0.2, t / 2), 0.018, 0.018, lid, ("lock", "keyhole", "what to lock it with")
            )
    if b.maybe(0.6):
        field = Field(w * b.pick(-0.32, 0.32), low + h * b.u(0.07, 0.15), w * b.u(0.15, 0.28), 0.06)
        control_panel(b, field, 0.004, 0, content=b.pick(("knobs",), ("knobs", "display"), ("buttons",)))
    if low > 0.015:
        feet(b, w, d, low)


@kind("dishwasher", "dish washer", front=True)
def dishwasher(b: Builder) -> None:
    small = b.maybe(0.15)
    w, d, h = (b.u(0.5, 0.56), b.u(0.45, 0.5), b.u(0.43, 0.5)) if small else (
        b.u(0.44, 0.6), b.u(0.54, 0.62), b.u(0.8, 0.87))  # fmt: skip
    low, angle, t = 0.02 if small else b.u(0.07, 0.13), opening_angle(b, 0.45, 1.57), b.u(0.02, 0.05)
    top = b.maybe(0.35) * b.u(0.015, 0.04)
    front = Field.between(-w / 2, w / 2, low, h - top)
    cavity, deep = front.smaller(0.025), d - 0.04
    body = housing(b, front, d, [(cavity, deep)] if angle else ())
    if top:
        b.part("worktop", "top", "countertop", "where to put things")
        b.box((d + 0.02, w * 1.005, top), (-d / 2 + 0.01, 0, h - top / 2), round=b.u(0, 0.4))
    if not small:
        b.part(*TOE_KICK)
        b.box((d * 0.9, w * 0.97, low), (-d * 0.53, 0, low / 2))
    if angle:
        lining(b, cavity, deep, body)
        out = b.u(0.0, 0.4) * (angle > 1.1)
        for k, z in enumerate((0.1, 0.55) if not small else (0.12,)):
            x = -0.03 + out * b.pick(0, 1, 1)
            where = low + cavity.tall * z
            rack(b, x, 0, where, deep * 0.88, cavity.wide * 0.92, ("rack", "basket", "where the dishes go"),
                 b.u(0.08, 0.16))  # fmt: skip
            if k == 0 and b.maybe(0.5):
                b.part("cutlery basket", "basket", "where the cutlery goes")
                b.box((0.12, 0.22, 0.12), (x - 0.12, w * 0.15, where + 0.07), taper=1.05)
    panel_high = b.u(0.07, 0.13)
    on_front = b.maybe(0.75)
    with hung(b, front, "low", angle, 0.003, np.pi / 2) as swing:
        door = leaf(b, w - 0.004, front.tall - 0.004, t, swing)
        z = front.tall / 2 - panel_high / 2 - 0.003
        if on_front:
            field = Field(0, z, w * 0.985, panel_high)
            control_panel(b, field, b.u(0.003, 0.01), door, t)
        z -= panel_high / 2 + 0.03 if on_front else 0.0
        form = b.pick("bar", "bow", "square", "recess", "recess", "strip", "none")
        if form != "none":
            handle(b, (t, 0, z), False, w * b.u(0.3, 0.85), door, form)
        elif on_front:
            handle(b, (t + 0.008, 0, z + panel_high / 2 + 0.03), False, w * 0.25, door, "recess")
