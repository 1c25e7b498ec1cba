"""Drinking-water dispensers. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, lifts, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, push_button
from part_perception.shapes.kinds.appliances.fronts import handle, housing, hung, leaf, opening_angle
from part_perception.shapes.lexicon import DOOR, DRIP_TRAY


@kind("water cooler", "water dispenser", "drinking water dispenser", front=True)
def water_cooler(b: Builder) -> None:
    w, d, h = b.u(0.26, 0.36), b.u(0.26, 0.38), b.u(0.85, 1.1)
    standing = b.maybe(0.75)
    h = h if standing else b.u(0.35, 0.5)
    high = h * b.u(0.18, 0.3) if standing else h * 0.5
    niche = Field(0, h - high * 0.5 - h * b.u(0.08, 0.14), w * 0.8, high)
    deep = b.u(0.04, 0.1)
    front = Field.between(-w / 2, w / 2, 0, h)
    housing(b, front, d, [(niche, deep)])
    count = b.pick(1, 2, 2, 3)
    for y in (np.arange(count) - (count - 1) / 2) * 0.075:
        z = niche.ends[3] - b.u(0.03, 0.06)
        tap = b.part("tap", "faucet", "spigot", "where the water comes out")
        b.box((0.05, 0.026, 0.026), (-deep + 0.025, y, z), round=0.3)
        b.rod((-deep + 0.04, y, z - 0.035), (-deep + 0.04, y, z), 0.009)
        if b.maybe(0.7):
            b.part(
                "lever",
                "tap lever",
                "paddle",
                "what to push to let the water run",
                inside=tap,
                joint=turns((0, 1, 0), (-deep + 0.04, 0, z + 0.012), 0.4),
            )
            b.box((0.045, 0.02, 0.008), (-deep + 0.06, y, z + 0.018), round=0.4)
        else:
            push_button(b, (0.001, y, niche.ends[3] + 0.03), 0.022, 0.022)
    b.part(*DRIP_TRAY, joint=slides((1, 0, 0), 0.1))
    b.box((deep + 0.05, niche.wide * 0.9, 0.02), (-deep / 2 + 0.025, 0, niche.ends[2] + 0.01), round=0.3)
    if b.maybe(0.75):
        r = min(w, d) * b.u(0.4, 0.48)
        b.part("bottle", "water bottle", "tank", "where the water is", joint=lifts(reach=0.3))
        tall = b.u(0.3, 0.42) if standing else b.u(0.2, 0.35)
        b.lathe(
            [
                (r * 0.35, h - 0.01),
                (r * 0.4, h + 0.02),
                (r * 0.95, h + 0.07),
                (r, h + 0.1),
                (r * 0.95, h + tall * 0.55),
                (r, h + tall * 0.6),
                (r, h + tall),
                (r * 0.85, h + tall + 0.02),
                (0, h + tall + 0.015),
            ],
            (-d / 2, 0, 0),
        )
    elif b.maybe(0.5):
        control_panel(b, Field(0, h - h * 0.045, w * 0.8, h * 0.06), 0.004, content=("buttons", "display"))
    if standing and b.maybe(0.6):
        field = Field.between(-w * 0.44, w * 0.44, 0.05, niche.ends[2] - 0.06)
        angle = opening_angle(b, 0.2, 1.8)
        with hung(b, field, b.pick("+y", "-y"), angle, 0.002) as swing:
            door = leaf(b, field.wide, field.tall, b.u(0.008, 0.02), swing, names=DOOR)
            handle(
                b,
                (0.012, field.wide * 0.38, field.tall * 0.3),
                True,
                0.12,
                door,
                b.pick("recess", "strip", "bow"),
            )
