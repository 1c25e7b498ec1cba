"""Ovens and fryers on the worktop: microwaves, toaster ovens, deep fryers. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, slides, turns
from part_perception.shapes.forms import loft, shell
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, push_button
from part_perception.shapes.kinds.appliances.cooking import OVEN_INSIDE, oven_front
from part_perception.shapes.kinds.appliances.fronts import (
    feet,
    handle,
    housing,
    hung,
    leaf,
    lining,
    opening_angle,
)
from part_perception.shapes.lexicon import BUTTON, CONTROL_PANEL, GRILLE

MICROWAVE_DOOR = ("door", "microwave door", "what swings open", "front")


@kind("microwave", "microwave oven", front=True)
def microwave(b: Builder) -> None:
    w, d, h = b.u(0.42, 0.6), b.u(0.3, 0.45), b.u(0.23, 0.34)
    low, built_in = b.u(0.004, 0.02), b.maybe(0.15)
    where = b.pick("side", "side", "side", "side", "below", "above")
    share = b.u(0.17, 0.3) if where == "side" else b.u(0.16, 0.25)
    mirrored = where == "side" and b.maybe(0.12)
    s = -1 if mirrored else 1
    front = Field.between(-w / 2, w / 2, low, low + h)
    if where == "side":
        door_field = Field(s * w * share / 2, front.z, w * (1 - share), h)
        panel_field = Field(-s * w * (1 - share) / 2, front.z, w * share, h)
    else:
        up = 1 if where == "below" else -1
        door_field = Field(0, front.z + up * h * share / 2, w, h * (1 - share))
        panel_field = Field(0, front.z - up * h * (1 - share) / 2, w, h * share)
    hinge = ("+y" if s > 0 else "-y") if where == "side" or b.maybe(0.5) else "low"
    angle, thick = opening_angle(b, 0.35, 1.9), b.pick(b.u(0.002, 0.008), b.u(0.015, 0.035))
    cavity = Field(door_field.y, door_field.z, door_field.wide * 0.84, door_field.tall * 0.8)
    body = housing(b, front, d, [(cavity, d * 0.85)] if angle else (), round=b.u(0, 0.12))
    if angle:
        lining(b, cavity, d * 0.85, body, OVEN_INSIDE)
        if b.maybe(0.8):
            b.part(
                "turntable",
                "plate",
                "tray",
                "where the food goes",
                joint=turns((0, 0, 1), (-d * 0.45, cavity.y, 0), 6.2),
            )
            r, z = min(cavity.wide, d * 0.8) * b.u(0.4, 0.48), cavity.ends[2]
            b.lathe(
                [(0, z + 0.008), (r * 0.95, z + 0.008), (r, z + 0.016), (0, z + 0.014)],
                (-d * 0.45, cavity.y, 0),
            )
    with hung(b, door_field, hinge, angle, 0.001, np.pi / 2 if hinge == "low" else 2.0) as swing:
        grip = b.pick("bar", "bow", "square", "strip", "none", "none")
        room = 0.05 if grip != "none" and hinge != "low" else 0.0
        away = -1 if hinge == "+y" else 1
        window = Field(
            -away * room / 2, 0, (door_field.wide - room) * b.u(0.6, 0.86), door_field.tall * b.u(0.5, 0.82)
        )
        door = leaf(b, door_field.wide - 0.003, door_field.tall - 0.003, thick, swing, window, MICROWAVE_DOOR)
        if grip != "none" and hinge == "low":
            handle(b, (thick, 0, door_field.tall * 0.44), False, w * b.u(0.5, 0.85), door, grip)
        elif grip != "none":
            y = away * (door_field.wide / 2 - 0.025)
            handle(b, (thick, y, 0), True, door_field.tall * b.u(0.5, 0.9), door, grip)
    _microwave_panel(b, panel_field.smaller(0.0015), b.pick(0.003, thick, thick), upright=where == "side")
    if not built_in:
        feet(b, w, d, low)
    if b.maybe(0.2):
        b.part(*GRILLE)
        for k in np.linspace(-0.1, 0.1, 6) * d:
            b.box((0.008, 0.005, h * 0.3), (-d * 0.6 + k, -w / 2 - 0.001, front.z + h * 0.15))


def _microwave_panel(b: Builder, field: Field, proud: float, upright: bool) -> None:
    content = b.pick(
        ("display", "keys"),
        ("display", "keys"),
        ("display", "knobs"),
        ("knobs", "knobs"),
        ("display", "keys", "knobs"),
    )
    if not upright:
        control_panel(b, field, proud, content=content)
        return
    press = b.maybe(0.55)
    low = field.tall * b.u(0.12, 0.2) if press else 0.0
    panel = control_panel(b, field, proud, content=content) if not press else b.part(*CONTROL_PANEL)
    if press:
        b.box((proud + 0.004, field.wide, field.tall), (proud / 2 - 0.002, field.y, field.z), round=0.1)
        upper = Field(field.y, field.z + low / 2, field.wide * 0.94, field.tall - low - 0.006)
        control_panel(b, upper, 0.002, panel, proud, content)
        names = ("open button", *BUTTON, "door button", "what to press to open it")
        push_button(
            b,
            (proud, field.y, field.z - field.tall / 2 + low / 2 + 0.004),
            field.wide * b.u(0.5, 0.85),
            low * 0.7,
            panel,
            names,
        )


@kind("toaster oven", "mini oven", "small oven", "table oven", front=True)
def toaster_oven(b: Builder) -> None:
    w, d, h, low = b.u(0.36, 0.54), b.u(0.26, 0.4), b.u(0.2, 0.34), b.u(0.008, 0.025)
    where, share = b.pick("side", "side", "above", "below"), b.u(0.18, 0.28)
    front = Field.between(-w / 2, w / 2, low, low + h)
    s = b.pick(1, 1, 1, -1)
    if where == "side":
        field = Field(s * w * share / 2, front.z, w * (1 - share) - 0.01, h * b.u(0.82, 0.98))
        panel = Field(-s * w * (1 - share) / 2, front.z, w * share * 0.96, h * b.u(0.85, 0.98))
    else:
        up = 1 if where == "below" else -1
        field = Field(0, front.z + up * h * share / 2, w * 0.98, h * (1 - share) - 0.008)
        panel = Field(0, front.z - up * h * (1 - share) / 2, w * 0.98, h * share * 0.95)
    angle, r = opening_angle(b, 0.35, 1.5), b.u(0.03, 0.25)
    oven_front(b, field, d, lambda c: housing(b, front, d, c, round=r), angle, b.u(0.008, 0.02))
    content = b.pick(("knobs",), ("knobs",), ("knobs", "knobs"), ("display", "knobs"), ("knobs", "buttons"))
    control_panel(b, panel, b.u(0.002, 0.01), content=content)
    feet(b, w, d, low)


@kind("deep fryer", "fryer", "chip pan")
def deep_fryer(b: Builder) -> None:
    w, d, h = b.u(0.2, 0.3), b.u(0.22, 0.34), b.u(0.16, 0.24)
    r = b.u(0.2, 0.6)
    b.part("body", "housing", "pot", "main part")
    angle = opening_angle(b, 0.3, 1.4)
    side = [(d * 0.46, w * 0.46, 0.015), (d / 2, w / 2, h * 0.4), (d / 2, w / 2, h)]
    loft(b, shell(side, 0.015, 0.03), boxy=1 - r)
    with b.moved((-d * 0.48, 0, h + 0.002), pitch=-angle):
        lid = b.part(
            "lid", "cover", "top cover", "what closes it", joint=turns((0, -1, 0), angle=1.5, now=angle)
        )
        with b.moved((d * 0.48, 0, 0)):
            loft(
                b,
                [(0, 0, 0), (d * 0.49, w * 0.49, 0), (d * 0.47, w * 0.46, b.u(0.02, 0.045)), (0, 0, 0.05)],
                boxy=1 - r,
            )
            if b.maybe(0.5):
                b.part("window", "glass", "what one looks through", inside=lid)
                b.lathe([(w * 0.25, 0.045), (w * 0.25, 0.053), (0, 0.056)], squash=0.6)
    basket = b.part("basket", "frying basket", "where the food goes", joint=slides((0, 0, 1), 0.15))
    b.box((d * 0.7, w * 0.7, 0.006), (0, 0, h * 0.35))
    for s in (1, -1):
        b.box((d * 0.7, 0.006, h * 0.5), (0, s * w * 0.35, h * 0.6))
        b.box((0.006, w * 0.7, h * 0.5), (s * d * 0.35, 0, h * 0.6))
    b.part("handle", "basket handle", "grip", "part to hold it by", inside=basket)
    b.tube(
        [(d * 0.35, 0, h * 0.78), (d * 0.6, 0, h * 0.85), (d * 0.6 + b.u(0.1, 0.16), 0, h * 0.9)],
        b.u(0.009, 0.014),
        flat=0.7,
    )
    control_panel(
        b,
        Field(0, h * 0.35, w * 0.6, h * 0.35),
        0.006,
        x=d * 0.485,
        content=b.pick(("knobs",), ("display", "knobs")),
    )
    for s in (1, -1) if b.maybe(0.5) else ():
        b.part("handle", "side handle", "carrying handle", "part to hold it by")
        b.box((0.09, 0.025, 0.02), (0, s * (w / 2 + 0.01), h * 0.7), round=0.5)
    with b.moved((-d / 2, 0, 0)):
        feet(b, w * 0.8, -d, 0.016)
    if b.maybe(0.3):
        b.part(*BUTTON, joint=presses((0, 0, -1)))
        b.rod((-d * 0.45, w * 0.3, h * 0.9), (-d * 0.45, w * 0.3, h + 0.012), 0.012)
