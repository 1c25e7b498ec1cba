"""Printers, copiers and similar machines. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, dial, push_button
from part_perception.shapes.kinds.appliances.fronts import handle, housing, hung, leaf, opening_angle
from part_perception.shapes.lexicon import DOOR, HOUSING, LID, PAPER_TRAY, POWER_BUTTON, SCREEN, WHEEL

OUTPUT_TRAY = ("output tray", "tray", "paper tray", "where the paper comes out")
FEEDER = ("paper feeder", "input tray", "document feeder", "where the paper goes in")


def _paper(b: Builder, at, long: float, wide: float, pitch: float = 0.0) -> None:
    with b.moved(at, pitch=pitch):
        b.part("paper", "sheet of paper", "page", "what is printed")
        b.box((long, wide, b.u(0.002, 0.012)))


def _drawers(b: Builder, w: float, low: float, high: float, count: int) -> None:
    """Parts: paper drawers with a pull over the front between two heights."""
    for k in range(count):
        tall = (high - low) / count
        z, out = low + (k + 0.5) * tall, b.u(0.04, 0.25) if b.maybe(0.15) else 0.0
        tray = b.part(*PAPER_TRAY, joint=slides((1, 0, 0), 0.35, out))
        b.box((0.02 + out, w * 0.9, tall * 0.9), (0.006 + out / 2, 0, z), round=0.1)
        handle(
            b,
            (0.016 + out, 0, z + tall * b.u(-0.15, 0.2)),
            False,
            w * b.u(0.2, 0.5),
            tray,
            b.pick("recess", "strip"),
        )


@kind("printer", "laser printer", "inkjet printer", "multifunction printer")
def printer(b: Builder) -> None:
    w, d, h = b.u(0.35, 0.5), b.u(0.28, 0.42), b.u(0.13, 0.36)
    scanner = b.maybe(0.65)
    slot = Field(b.pick(0.0, w * 0.08), h * b.u(0.4, 0.55), w * b.u(0.62, 0.75), h * b.u(0.16, 0.3))
    deep = d * b.u(0.3, 0.6)
    housing(b, Field.between(-w / 2, w / 2, 0, h), d, [(slot, deep)])
    long = b.u(0.06, 0.2)
    b.part(*OUTPUT_TRAY, joint=slides((1, 0, 0), 0.15, long * 0.5))
    b.box(
        (long + deep * 0.5, slot.wide * 0.95, 0.008), ((long - deep * 0.5) / 2, slot.y, slot.ends[2] + 0.006)
    )
    if b.maybe(0.4):
        _paper(b, (long * 0.2, slot.y, slot.ends[2] + 0.016), 0.2, 0.2)
    if h > 0.2 and b.maybe(0.6):
        _drawers(b, w, 0.015, slot.ends[2] - 0.02, 1)
    lift = opening_angle(b, 0.3, 1.3)
    with b.moved((-d, 0, h + 0.002), pitch=-lift):
        if scanner:
            lid = b.part(*LID, "scanner lid", joint=turns((0, -1, 0), angle=1.4, now=lift))
            t = b.u(0.018, 0.05)
            b.box((d * b.u(0.85, 1.0), w * b.u(0.9, 1.0), t), (d * 0.48, 0, t / 2), round=b.u(0.1, 0.5))
            if b.maybe(0.35):
                b.part(*FEEDER, inside=lid)
                b.box((d * 0.4, w * 0.6, 0.05), (d * 0.45, -w * 0.1, t + 0.024), round=0.4, taper=0.8)
        else:
            b.part(*LID, "top cover", joint=turns((0, -1, 0), angle=1.2, now=lift))
            b.box((d * 0.5, w * 0.75, 0.012), (d * 0.3, 0, 0.006), round=0.3)
    if scanner and lift:
        b.part("scanner glass", "glass", "where the page goes")
        b.box((d * 0.7, w * 0.75, 0.004), (-d * 0.45, 0, h + 0.001))
    if b.maybe(0.4):
        with b.moved((-d * 0.97, 0, h * 0.7), pitch=-b.u(0.2, 0.5)):
            b.part(*FEEDER, joint=turns((0, -1, 0)))
            b.box((0.008, w * 0.62, 0.26), (0, 0, 0.13))
            if b.maybe(0.5):
                b.part("paper", "sheet of paper", "page")
                b.box((0.006, 0.21, 0.2), (0.009, 0, 0.17))
    wide, side = w * b.u(0.3, 0.9), b.pick(0, 1, -1)
    with b.moved((0.0, side * (w - wide) * 0.45, h - 0.028), pitch=-b.u(0.1, 0.9)):
        control_panel(
            b,
            Field(0, 0, wide, b.u(0.045, 0.08)),
            0.012,
            content=b.pick(
                ("buttons", "display", "buttons"), ("display", "keys"), ("display", "buttons"), ("buttons",)
            ),
        )
    if b.maybe(0.4):
        push_button(b, (0.0, -w * 0.44, h * 0.35), 0.016, 0.016, names=POWER_BUTTON)


@kind("copier", "photocopier", "office printer", "copy machine", front=True)
def copier(b: Builder) -> None:
    w, d, h = b.u(0.55, 0.7), b.u(0.55, 0.7), b.u(0.85, 1.1)
    low = b.u(0.05, 0.09)
    split = h * b.u(0.5, 0.62)
    slot = Field(0, (split + h) / 2 + 0.02, w * 0.8, (h - split) * b.u(0.35, 0.5))
    housing(b, Field.between(-w / 2, w / 2, low, h), d, [(slot, d * 0.7)])
    b.part(*OUTPUT_TRAY)
    with b.moved((-d * 0.35, 0, slot.ends[2] + 0.015), pitch=b.u(0, 0.15)):
        b.box((d * 0.6, slot.wide * 0.9, 0.01))
    _drawers(b, w, low + 0.02, split, b.n(2, 4))
    if b.maybe(0.6):
        field = Field(0, (split + slot.ends[2]) / 2, w * 0.9, max(slot.ends[2] - split - 0.02, 0.03))
        angle = opening_angle(b, 0.15, 1.4)
        with hung(b, field, "low", angle, 0.002) as swing:
            leaf(b, field.wide, field.tall, 0.015, swing, names=(*DOOR, "front cover"))
    lift = opening_angle(b, 0.25, 1.1)
    with b.moved((-d, 0, h + 0.002), pitch=-lift):
        lid = b.part(*LID, "scanner lid", joint=turns((0, -1, 0), angle=1.2, now=lift))
        t = b.u(0.03, 0.05)
        b.box((d * 0.95, w, t), (d * 0.475, 0, t / 2), round=0.2)
        if b.maybe(0.65):
            b.part(*FEEDER, inside=lid)
            b.box((d * 0.6, w * 0.5, 0.09), (d * 0.45, w * 0.2, t + 0.045), round=0.3)
            with b.moved((d * 0.45, -w * 0.1, t + 0.06), roll=b.u(0.1, 0.3)):
                b.box((d * 0.55, w * 0.5, 0.01))
    with b.moved((0.05, b.u(-0.15, 0.15) * w, h - 0.01), pitch=-b.u(0.5, 1.2)):
        wide, tall = b.u(0.25, 0.45), b.u(0.12, 0.18)
        panel = control_panel(b, Field(0, 0, wide, tall), 0.02, content=("keys", "buttons"))
        b.part(*SCREEN, inside=panel)
        b.box((0.006, wide * 0.4, tall * 0.75), (0.022, wide * 0.28, 0))
    for x in (-0.1, -0.9):
        for s in (1, -1):
            b.part(*WHEEL, "castor")
            b.rod((d * x, s * w * 0.4 - 0.012, 0.025), (d * x, s * w * 0.4 + 0.012, 0.025), 0.025)
            b.rod((d * x, s * w * 0.4, 0.03), (d * x, s * w * 0.4, low + 0.001), 0.012)


@kind("receipt printer", "label printer", "card terminal", "payment terminal")
def receipt_printer(b: Builder) -> None:
    w, d, h = b.u(0.09, 0.16), b.u(0.13, 0.2), b.u(0.07, 0.15)
    b.part(*HOUSING)
    b.box((d, w, h), (-d / 2, 0, h / 2), round=b.u(0.1, 0.6), taper=b.u(0.85, 1))
    lift = opening_angle(b, 0.25, 1.4)
    with b.moved((-d * 0.95, 0, h), pitch=-lift):
        b.part(*LID, "paper cover", joint=turns((0, -1, 0), angle=1.4, now=lift))
        b.box((d * 0.6, w * 0.85, 0.012), (d * 0.3, 0, 0.006), round=0.4)
    _paper(b, (-d * 0.3, 0, h + 0.03), 0.05, w * 0.6, -1.2)
    for k in range(b.n(1, 3)):
        push_button(b, (0.0, w * (0.3 - 0.25 * k), h * 0.7), 0.014, 0.014)
    if b.maybe(0.4):
        with b.moved((-d * 0.18, -w * 0.0, h + 0.001), pitch=-np.pi / 2):
            control_panel(b, Field(0, 0, w * 0.8, d * 0.25), 0.004, content=("keys",))


@kind("3D printer", "filament printer", front=True)
def printer_3d(b: Builder) -> None:
    w, d, h = b.u(0.35, 0.48), b.u(0.35, 0.45), b.u(0.38, 0.55)
    b.part("base", "body", "housing", "what it stands on")
    b.box((d, w, 0.06), (0, 0, 0.03), round=0.1)
    b.part("frame", "gantry", "posts", "uprights")
    for s in (1, -1):
        b.box((0.04, 0.03, h - 0.05), (-d * 0.15, s * w * 0.47, 0.05 + (h - 0.05) / 2))
    b.box((0.04, w * 0.97, 0.03), (-d * 0.15, 0, h))
    z = b.u(0.15, h - 0.1)
    b.part("rail", "cross bar", "x axis", joint=slides((0, 0, 1), 0.2))
    b.box((0.025, w * 0.92, 0.025), (-d * 0.15 + 0.03, 0, z))
    y = w * b.u(-0.3, 0.3)
    head = b.part("print head", "extruder", "head", "what prints", joint=slides((0, 1, 0), 0.15))
    b.box((0.05, 0.06, 0.07), (-d * 0.15 + 0.055, y, z), round=0.3)
    b.part("nozzle", "tip", "where the plastic comes out", inside=head)
    b.cone((-d * 0.15 + 0.055, y, z - 0.034), (-d * 0.15 + 0.055, y, z - 0.052), 0.009, 0.003)
    b.part("bed", "print bed", "plate", "where it prints", joint=slides((1, 0, 0), 0.1))
    b.box((d * 0.62, w * 0.62, 0.01), (b.u(-0.05, 0.08), 0, 0.085))
    if b.maybe(0.6):
        b.part("spool", "filament", "roll", "reel", joint=turns((0, 1, 0), (-d * 0.15, 0, h + 0.1), 6.3))
        with b.moved((-d * 0.15, -0.03, h + 0.1), roll=-np.pi / 2):
            b.lathe(
                [
                    (0.025, 0),
                    (0.09, 0),
                    (0.09, 0.005),
                    (0.07, 0.006),
                    (0.07, 0.054),
                    (0.09, 0.055),
                    (0.09, 0.06),
                    (0.025, 0.06),
                ]
            )
    with b.moved((d / 2, w * b.u(-0.2, 0.2), 0.03), pitch=-b.u(0, 0.4)):
        control_panel(b, Field(0, 0, 0.14, 0.055), 0.008, content=("display",))
    dial(b, (d / 2, w * 0.4, 0.03), 0.013)
