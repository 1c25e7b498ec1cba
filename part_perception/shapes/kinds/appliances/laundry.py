"""Washing machines and tumble dryers. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, push_button
from part_perception.shapes.kinds.appliances.fronts import feet, handle, housing, hung, lining, opening_angle
from part_perception.shapes.lexicon import BUTTON

ROUND_DOOR = ("door", "round door", "porthole", "where the laundry goes in")
SOAP_DRAWER = ("drawer", "detergent drawer", "what slides out", "where the soap goes")
DRUM = ("drum", "inside", "where the laundry goes in")


@kind("washing machine", "washer", "clothes washer", front=True)
def washing_machine(b: Builder) -> None:
    if b.maybe(0.16):
        _top_loader(b)
    else:
        _front_loader(b, SOAP_DRAWER)


@kind("tumble dryer", "dryer", "clothes dryer", "drying machine", front=True)
def tumble_dryer(b: Builder) -> None:
    _front_loader(b, b.pick((), ("drawer", "water container", "condenser drawer", "what slides out")))


def _front_loader(b: Builder, drawer_names) -> None:
    w, d, h, low = b.u(0.56, 0.68), b.u(0.42, 0.66), b.u(0.8, 0.95), b.u(0.0, 0.03)
    band, r = h * b.u(0.11, 0.16), b.u(0.14, 0.2)
    z, angle = low + (h - band) * b.u(0.48, 0.56), opening_angle(b, 0.35, 2.2)
    front = Field.between(-w / 2, w / 2, low, h)
    hole = Field(0, z, r * 1.5, r * 1.5)
    body = housing(b, front, d, [(hole, d * 0.75)] if angle else (), round=b.u(0, 0.1))
    if b.maybe(0.5):
        b.part("top", "worktop", "cover", "where to put things")
        b.box((d + b.u(0, 0.02), w * 1.004, 0.025), (-d / 2 + 0.005, 0, h + 0.012), round=b.u(0, 0.5))
    b.part("door frame", "rim", "ring around the door")
    with b.moved((0.002, 0, z), pitch=np.pi / 2):
        b.lathe([(r * 1.02, -0.002), (r * 1.2, 0), (r * 1.18, b.u(0.006, 0.02)), (r * 1.02, 0.016)])
        if angle:
            b.part(*DRUM, inside=body)
            b.lathe(
                [(r * 1.01, 0.002), (r * 0.92, -0.02), (r * 0.74, -0.06), (r * 0.74, -d * 0.7), (0, -d * 0.7)]
            )
    side = b.pick("+y", "-y")
    away = -1 if side == "+y" else 1
    with hung(b, Field(0, z, 2.1 * r, 2 * r), side, angle, 0.012, 2.6) as swing:
        door = b.part(*ROUND_DOOR, joint=swing)
        glass = b.maybe(0.75)
        with b.moved(pitch=np.pi / 2):
            edge, bulge = b.u(0.025, 0.05), b.u(-0.02, 0.02)
            ring = [(r * 0.6, 0), (r * 0.98, 0), (r, edge * 0.6), (r * 0.93, edge), (r * 0.66, edge * 0.9)]
            b.lathe(ring if glass else [*ring, (r * 0.3, edge * 0.9 + bulge), (0, edge * 0.95 + bulge)])
            if glass:
                b.part("window", "glass", "what one looks through", "porthole glass", inside=door)
                b.lathe(
                    [
                        (r * 0.66, edge * 0.85),
                        (r * 0.55, edge * 0.6),
                        (r * 0.3, edge * 0.6 + bulge),
                        (0, edge * 0.6 + bulge),
                    ]
                )
                if angle:
                    b.lathe([(r * 0.62, 0), (r * 0.5, -0.08), (r * 0.2, -0.1), (0, -0.1)])
        handle(b, (edge * 0.85, away * r * 0.83, 0), True, b.u(0.07, 0.12), door, b.pick("strip", "recess", "bow"),
               ("handle", "door handle", "pull", "what to pull to open it"))  # fmt: skip
    top, proud = Field.between(-w / 2, w / 2, h - band, h), b.u(0.003, 0.015)
    if drawer_names:
        wide = w * b.u(0.22, 0.32)
        s = b.pick(1, -1)
        field = Field(s * (w - wide) / 2, top.z, wide, band).smaller(0.005)
        out = b.u(0.03, 0.16) if b.maybe(0.25) else 0.0
        drawer = b.part(*drawer_names, joint=slides((1, 0, 0), 0.3, out))
        b.box((0.012 + out, field.wide, field.tall), (proud + out / 2, field.y, field.z), round=0.15)
        handle(b, (proud + out + 0.006, field.y, field.z - field.tall * 0.2), False, wide * 0.5, drawer,
               b.pick("strip", "recess"))  # fmt: skip
        top = Field(-s * wide / 2, top.z, w - wide, band)
    control_panel(b, top.smaller(0.003), proud, content=b.pick(
        ("knobs", "display", "buttons"), ("display", "knobs"), ("buttons", "knobs"), ("knobs", "buttons")))  # fmt: skip
    if b.maybe(0.35):
        b.part(
            "filter flap", "flap", "service door", "pump cover", joint=turns((0, 1, 0), (0, 0, low + 0.025))
        )
        b.box((0.008, 0.12, 0.1), (0.002, w * b.pick(-0.35, 0.35), low + 0.075), round=0.3)
    if low > 0.012:
        feet(b, w, d, low)


def _top_loader(b: Builder) -> None:
    w, d, h = b.u(0.4, 0.68), b.u(0.55, 0.66), b.u(0.85, 0.98)
    angle, rear = opening_angle(b, 0.4, 1.7), 0.24 * d
    with b.moved((-d / 2, 0, h), pitch=-np.pi / 2):
        hole = Field.between(-w * 0.38, w * 0.38, -d * 0.22, d * 0.4)
        body = housing(b, Field(0, 0, w, d), h, [(hole, h * 0.75)] if angle else ())
        if angle:
            lining(b, hole, h * 0.75, body, DRUM)
    with b.moved((-d + rear, 0, h + 0.003), pitch=-angle):
        lid = b.part(
            "lid", "cover", "door", "where the laundry goes in", joint=turns((0, -1, 0), angle=1.7, now=angle)
        )
        b.box((d - rear, w * b.u(0.86, 0.99), 0.025), ((d - rear) / 2, 0, 0.013), round=b.u(0, 0.6))
        if b.maybe(0.6):
            handle(b, (d - rear - 0.001, 0, 0.013), False, w * b.u(0.2, 0.5), lid, "strip")
    with b.moved((-d + rear, 0, h + 0.065), pitch=-b.u(0, 0.4)):
        b.part("back panel", "console", "housing")
        b.box((rear * 0.9, w * 0.98, 0.13), (-rear * 0.45, 0, 0), round=0.2)
        control_panel(b, Field(0, 0.005, w * 0.94, 0.09), 0.004, content=("knobs", "display", "buttons"))
    if b.maybe(0.3):
        push_button(b, (0.001, w * 0.35, h * 0.9), 0.03, 0.02, names=BUTTON)
