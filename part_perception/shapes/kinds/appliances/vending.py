"""Vending machines: snacks, drinks, tickets. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, display
from part_perception.shapes.kinds.appliances.fronts import housing, hung, lining
from part_perception.shapes.lexicon import SCREEN, SHELF

SLOT = ("slot", "coin slot", "where the money goes")
PICK_UP = ("flap", "pick up flap", "outlet", "where the goods come out")


def _slot(b: Builder, y: float, z: float, inside: int) -> None:
    b.part(*SLOT, inside=inside)
    for s in (1, -1):
        b.box((0.014, 0.006, 0.05), (0.01, y + s * 0.008, z))
        b.box((0.014, 0.022, 0.006), (0.01, y, z + s * 0.025))


def _pick_up(b: Builder, field: Field) -> None:
    """A part: the flap that hangs in front of an outlet."""
    angle = b.pick(0.0, b.u(0, 0.9))
    with hung(b, field, "top", angle, -0.004, 1.2) as swing:
        b.part(*PICK_UP, joint=swing)
        b.box((0.01, field.wide * 0.98, field.tall * 0.97), (0.005, 0, 0))


@kind("vending machine", "drinks machine", "snack machine", front=True)
def vending_machine(b: Builder) -> None:
    w, d, h = b.u(0.7, 1.1), b.u(0.6, 0.85), b.u(1.6, 1.95)
    s = b.pick(1, 1, -1)
    goods = Field(s * w * 0.12, h * 0.6, w * 0.64, h * 0.66)
    exit_ = Field(s * w * 0.12, h * 0.14, w * 0.55, h * 0.11)
    deep = d * 0.6
    body = housing(b, Field.between(-w / 2, w / 2, 0.02, h), d, [(goods, deep), (exit_, 0.15)])
    if b.maybe(0.6):
        lining(b, goods, deep, body, ("inside", "compartment", "where the goods are"))
        for z in np.linspace(goods.ends[2] + 0.08, goods.ends[3], b.n(4, 7))[:-1]:
            b.part(*SHELF)
            b.box((deep * 0.9, goods.wide - 0.01, 0.012), (-deep * 0.5, goods.y, z))
            count = b.n(4, 8)
            for y in (np.arange(count) - (count - 1) / 2) * goods.wide / count if b.maybe(0.8) else ():
                b.part("goods", "product", "can", "snack", "what is sold")
                if b.maybe(0.4):
                    b.rod((-0.1, goods.y + y, z + 0.006), (-0.1, goods.y + y, z + b.u(0.1, 0.16)), 0.03)
                else:
                    b.box((0.04, 0.06, b.u(0.08, 0.15)), (-0.09, goods.y + y, z + 0.07), round=0.3)
    else:
        b.part("window", "glass front", "display window", "where one sees the goods")
        b.box((0.02, goods.wide, goods.tall), (-0.002, goods.y, goods.z))
    field = Field(-s * w * 0.35, h * b.u(0.6, 0.68), w * 0.2, h * b.u(0.25, 0.4))
    panel = control_panel(
        b, field, 0.012, content=b.pick(("display", "keys"), ("keys",), ("buttons", "keys"))
    )
    _slot(b, field.y, field.ends[2] - 0.07, panel)
    if b.maybe(0.4):
        display(b, (0.003, field.y, field.ends[3] + 0.09), w * 0.17, 0.1, names=SCREEN)
    _pick_up(b, exit_)
    for x in (-0.1, -0.9):
        for side in (1, -1):
            b.part("foot", "leg", "support", "what it stands on")
            b.rod((d * x, side * w * 0.42, 0), (d * x, side * w * 0.42, 0.022), 0.025)


@kind("ticket machine", "cash machine", "kiosk", "payment machine", front=True)
def ticket_machine(b: Builder) -> None:
    w, d, h = b.u(0.4, 0.7), b.u(0.35, 0.6), b.u(1.3, 1.8)
    tray = Field(0, h * 0.42, w * 0.5, h * 0.08)
    body = housing(b, Field.between(-w / 2, w / 2, 0, h), d, [(tray, 0.12)])
    with b.moved((0.004, 0, h * 0.78), pitch=-b.pick(0, b.u(0.0, 0.35))):
        display(b, (0.004, 0, 0), w * b.u(0.5, 0.75), h * b.u(0.12, 0.2), body, SCREEN)
    panel = control_panel(
        b, Field(0, h * 0.58, w * 0.8, h * 0.13), 0.01, inside=body, content=("keys", "display")
    )
    _slot(b, w * 0.36, h * 0.5, panel)
    _pick_up(b, tray)
    door = b.part(
        "door", "service door", "cover", "what swings open", joint=turns((0, 0, 1), (0, w * 0.44, 0))
    )
    b.box((0.012, w * 0.88, h * 0.28), (0.004, 0, h * 0.2))
    b.part("lock", "keyhole", "where the key goes", inside=door)
    b.rod((0.008, -w * 0.38, h * 0.24), (0.016, -w * 0.38, h * 0.24), 0.012)
