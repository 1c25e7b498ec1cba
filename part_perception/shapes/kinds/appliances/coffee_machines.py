"""Machines that make coffee. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, lifts, presses, slides, turns
from part_perception.shapes.forms import curve, ear_on, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel, dial, push_button
from part_perception.shapes.kinds.appliances.fronts import housing, hung, opening_angle
from part_perception.shapes.lexicon import (
    CARAFE,
    DRIP_TRAY,
    HANDLE,
    HOUSING,
    LID,
    POWER_BUTTON,
    POWER_SWITCH,
    WATER_TANK,
)

COFFEE_SPOUT = ("spout", "coffee outlet", "nozzle", "where the coffee comes out")


def carafe(b: Builder, at, r: float, h: float) -> None:
    """Parts: a coffee jug on its plate, with handle and lid."""
    side = curve([(r * 0.86, 0), (r, h * 0.28), (r * 0.92, h * 0.6), (r * 0.66, h * 0.88), (r * 0.7, h)], 10)
    with b.moved(at, yaw=b.u(-0.7, 0.7)):
        jug = b.part(*CARAFE, joint=slides((1, 0, 0), 0.2))
        b.lathe(wall(side, 0.003, 0.004))
        b.part("handle", "carafe handle", "grip", "part to hold it by", inside=jug)
        ear_on(b, side, h * 0.93, h * b.u(0.25, 0.45), b.u(0.035, 0.055), b.u(0.006, 0.009))
        b.part("lid", "carafe lid", "cover", "what closes it", inside=jug)
        b.lathe([(r * 0.72, h), (r * 0.72, h + 0.008), (r * 0.3, h + 0.016), (0, h + 0.016)])


@kind("coffee machine", "coffee maker", "drip coffee maker", "filter coffee machine")
def coffee_machine(b: Builder) -> None:
    w, d, h = b.u(0.16, 0.24), b.u(0.2, 0.28), b.u(0.28, 0.38)
    foot, top, column = b.u(0.03, 0.06), h * b.u(0.26, 0.36), d * b.u(0.3, 0.42)
    soft = b.pick(0.1, b.u(0.2, 0.7))
    body = b.part(*HOUSING)
    if b.maybe(0.3):
        for low, high, x0 in ((0, foot, -d / 2), (h - top, h, -d / 2)):
            b.lathe([(0, low), (w / 2, low), (w / 2, high), (0, high)], squash=1.0)
            b.box((d / 2 - 0.02, w * 0.98, high - low), (x0 / 2, 0, (low + high) / 2), round=0.2)
        b.box((column * 0.8, w * 0.98, h), (-d / 2 + column * 0.4, 0, h / 2), round=0.2)
    else:
        b.box((d, w, foot), (0, 0, foot / 2), round=soft)
        b.box((column, w * 0.99, h), (-d / 2 + column / 2, 0, h / 2), round=soft * 0.5)
        b.box((d * 0.98, w, top), (-d * 0.01, 0, h - top / 2), round=soft)
    x, gap = d / 2 - min(w, d) * 0.36, h - top - foot
    r = min(w * 0.46, (d - column) * 0.5)
    b.part("hot plate", "heating plate", "plate", "where the jug stands")
    b.lathe(
        [(0, foot - 0.001), (r * 1.02, foot - 0.001), (r * 1.0, foot + 0.005), (0, foot + 0.006)], (x, 0, 0)
    )
    carafe(b, (x, 0, foot + 0.006), r * b.u(0.85, 0.97), gap - b.u(0.03, 0.05))
    with b.moved((-d / 2, 0, h + 0.001), pitch=-(a := opening_angle(b, 0.3, 1.5))):
        b.part(*LID, joint=turns((0, -1, 0), angle=1.5, now=a))
        b.box((d * b.u(0.5, 0.96), w * 0.97, 0.018), (d * 0.3, 0, 0.009), round=b.u(0.2, 0.8))
    if b.maybe(0.55):
        swing = opening_angle(b, 0.2, 1.2)
        with hung(
            b, Field(0, h - top / 2, w * 0.8, top * 0.86), b.pick("+y", "-y"), swing, d * 0.48
        ) as joint:
            part = b.part(
                "filter holder", "filter basket", "brew basket", "where the coffee goes", joint=joint
            )
            b.box((0.04, w * 0.8, top * 0.86), (0.0, 0, 0), round=0.5)
            b.part(*HANDLE, inside=part)
            b.box((0.02, w * 0.2, 0.018), (0.026, 0, -top * 0.25), round=0.5)
    if b.maybe(0.45):
        b.part(*WATER_TANK, inside=body, joint=lifts())
        s = b.pick(1, -1)
        b.box((column * 0.8, 0.012, h * 0.6), (-d / 2 + column / 2, s * w * 0.5, h * 0.5), round=0.4)
    form = b.pick("button", "switch", "panel", "rocker")
    y, z = b.pick(0, w * 0.28), foot / 2
    if form == "panel":
        field = Field(0, h - top * 0.75, w * 0.7, top * 0.35)
        control_panel(
            b,
            field,
            0.004,
            x=d * 0.48,
            content=b.pick(("display", "buttons"), ("buttons",), ("buttons", "display")),
        )
    elif form == "button":
        push_button(b, (d / 2, y, z), min(0.02, foot * 0.6), min(0.02, foot * 0.6), names=POWER_BUTTON)
    else:
        b.part(*POWER_SWITCH, joint=turns((0, 1, 0), angle=0.4))
        with b.moved((d / 2, y, z), pitch=0.15):
            b.box((0.012, 0.018, min(0.028, foot * 0.8)), round=0.2)


@kind("espresso machine", "portafilter machine", "coffee machine")
def espresso_machine(b: Builder) -> None:
    groups = b.pick(1, 1, 1, 2)
    w, d, h = b.u(0.15, 0.34) if groups == 1 else b.u(0.5, 0.75), b.u(0.24, 0.36), b.u(0.28, 0.42)
    head, foot, back = h * b.u(0.3, 0.42), b.u(0.04, 0.07), d * b.u(0.42, 0.55)
    b.part(*HOUSING)
    soft = b.u(0.05, 0.4)
    b.box((back, w, h), (-d / 2 + back / 2, 0, h / 2), round=soft * 0.5)
    b.box((d * 0.92, w, head), (-d * 0.04, 0, h - head / 2), round=soft)
    b.box((d * 0.98, w, foot * 0.6), (0, 0, foot * 0.3), round=0.2)
    front = d * 0.42
    tray = b.part(*DRIP_TRAY, joint=slides((1, 0, 0), 0.2))
    b.box((d - back - 0.01, w * 0.96, foot), (d / 2 - (d - back) / 2, 0, foot / 2 + 0.002), round=0.2)
    b.part("grid", "grate", "grille", "where the cup stands", inside=tray)
    for y in np.linspace(-0.44, 0.44, b.n(8, 14)) * w:
        b.rod((d / 2 - 0.01, y, foot + 0.004), (-d / 2 + back + 0.01, y, foot + 0.004), 0.0025, sides=5)
    x, z = -d / 2 + back + (front - (-d / 2 + back)) * 0.45, h - head
    for y in (0,) if groups == 1 else (-w * 0.22, w * 0.22):
        b.part("brew group", "group head", "brew head", "where the coffee comes out")
        b.rod((x, y, z - 0.025), (x, y, z + 0.005), 0.036)
        turn = b.u(-0.7, 0.7)
        c = np.array((np.cos(turn), np.sin(turn), -b.u(0.02, 0.2)))
        at = np.array((x, y, z - 0.04))
        part = b.part(
            "portafilter", "filter holder", "what holds the coffee", joint=turns((0, 0, 1), (x, y, 0), 0.8)
        )
        b.lathe([(0.012, -0.015), (0.031, -0.008), (0.034, 0), (0.034, 0.016), (0, 0.016)], at)
        b.rod(at + (0, 0, -0.03), at + (0, 0, -0.01), 0.008)
        b.part("handle", "portafilter handle", "grip", "part to hold it by", inside=part)
        b.tube([at + c * 0.03, at + c * 0.07, at + c * 0.13, at + c * 0.17], (0.008, 0.012, 0.014, 0.012))
    for s in (1, -1) if groups == 2 else ((b.pick(1, -1),) if b.maybe(0.75) else ()):
        b.part(
            "steam wand",
            "steam pipe",
            "milk frother",
            "where the steam comes out",
            joint=turns((0, 0, s), (front - 0.02, s * w * 0.44, 0), 0.9),
        )
        y, lean = s * w * 0.44, b.u(0, 0.05)
        b.tube(
            [
                (front - 0.02, y, z + 0.02),
                (front + 0.01, y, z - 0.03),
                (front + 0.01 + lean, y + s * lean, foot + b.u(0.03, 0.08)),
            ],
            0.005,
        )
    content = b.pick(("buttons",), ("knobs", "buttons"), ("buttons", "gauge"), ("display", "buttons"))
    gauge = "gauge" in content
    control_panel(
        b,
        Field(0, h - head * 0.45, w * 0.92, head * 0.5),
        0.005,
        x=front,
        content=tuple("knobs" if c == "gauge" else c for c in content),
    )
    if gauge:
        with b.moved((front + 0.004, w * 0.36, h - head * 0.45), pitch=np.pi / 2):
            b.part("gauge", "pressure gauge", "meter", "what shows the pressure")
            q = head * 0.2
            b.lathe([(q, 0), (q, 0.012), (q * 0.85, 0.013), (q * 0.84, 0.008), (0, 0.008)])
    if b.maybe(0.4):
        with b.moved((front - 0.06, -w / 2, h - head / 2), yaw=-np.pi / 2):
            dial(b, (0, 0, 0), 0.022)
    if b.maybe(0.4):
        b.part("cup rail", "rail", "cup warmer", "where the cups are kept warm")
        x0, x1, top = -d / 2 + 0.02, front - 0.03, h + 0.03
        ring = [(x0, -w * 0.46), (x1, -w * 0.46), (x1, w * 0.46), (x0, w * 0.46), (x0, -w * 0.46)]
        b.tube([(p, q, top) for p, q in ring], 0.003, smooth=False, sides=6)
        for p, q in ring[:4]:
            b.rod((p, q, h - 0.002), (p, q, top), 0.003, sides=6)
    if b.maybe(0.4):
        b.part(*WATER_TANK, joint=lifts())
        b.box((0.08, w * 0.8, h * 0.85), (-d / 2 - 0.035, 0, h * 0.46), round=0.3)


@kind("capsule machine", "pod coffee machine", "coffee machine", "coffee pod machine")
def capsule_machine(b: Builder) -> None:
    w, d, h = b.u(0.1, 0.16), b.u(0.26, 0.38), b.u(0.22, 0.3)
    soft = b.u(0.2, 0.9)
    b.part(*HOUSING)
    b.box((d * 0.5, w, h * 0.92), (-d * 0.1, 0, h * 0.46), round=soft * 0.7)
    b.box((d * 0.5, w * b.u(0.7, 0.95), h * b.u(0.32, 0.45)), (d * 0.2, 0, h * 0.74), round=soft)
    if b.maybe(0.8):
        lift = opening_angle(b, 0.35, 1.4)
        with b.moved((-d * 0.12, 0, h * 0.93), pitch=-lift):
            b.part(
                "lever",
                "handle",
                "lid",
                "what to lift to put the capsule in",
                joint=turns((0, -1, 0), angle=1.4, now=lift),
            )
            if b.maybe():
                b.tube(
                    [(0, 0, 0), (d * 0.2, 0, 0.018), (d * 0.45, 0, 0.0)], b.u(0.006, 0.01), flat=b.u(2.5, 4)
                )
            else:
                b.tube(
                    [
                        (0, -w * 0.4, 0),
                        (d * 0.42, -w * 0.36, 0.01),
                        (d * 0.5, 0, 0.012),
                        (d * 0.42, w * 0.36, 0.01),
                        (0, w * 0.4, 0),
                    ],
                    0.007,
                )
    b.part(*COFFEE_SPOUT)
    b.cone((d * 0.36, 0, h * 0.62), (d * 0.36, 0, h * b.u(0.42, 0.5)), b.u(0.016, 0.028), 0.011)
    tray = b.part(*DRIP_TRAY, joint=slides((1, 0, 0), 0.15))
    r = w * b.u(0.42, 0.55)
    if b.maybe():
        b.box((d * 0.4, w * 0.85, 0.035), (d * 0.32, 0, 0.0175), round=0.5)
    else:
        b.lathe(
            [(0, 0), (r, 0), (r, 0.03), (r * 0.85, 0.032), (r * 0.85, 0.026), (0, 0.026)], (d * 0.33, 0, 0)
        )
        b.box((d * 0.3, w * 0.5, 0.02), (d * 0.15, 0, 0.012))
    b.part("grid", "grate", "where the cup stands", inside=tray)
    for y in np.linspace(-0.3, 0.3, 6) * w:
        b.rod((d * 0.22, y, 0.037), (d * 0.44, y, 0.037), 0.0022, sides=5)
    b.part(*WATER_TANK, joint=lifts())
    if b.maybe(0.6):
        b.box((d * 0.24, w * 0.92, h * b.u(0.85, 1.05)), (-d * 0.47, 0, h * 0.47), round=0.6)
    else:
        b.box((d * 0.4, w * 0.5, h * 0.9), (-d * 0.12, w * 0.72, h * 0.46), round=0.5)
    for y in (-0.2, 0.2) if b.maybe(0.7) else (0.0,):
        b.part(*POWER_BUTTON[1:], "coffee button", joint=presses((0, 0, -1)))
        b.rod((d * 0.14, y * w, h * 0.9), (d * 0.14, y * w, h * 0.967), b.u(0.007, 0.011))


@kind(
    "bean to cup machine", "fully automatic coffee machine", "coffee machine", "espresso machine", front=True
)
def bean_to_cup(b: Builder) -> None:
    w, d, h = b.u(0.22, 0.34), b.u(0.34, 0.45), b.u(0.32, 0.42)
    niche = Field(w * b.u(-0.12, 0.12), h * 0.36, w * b.u(0.4, 0.62), h * 0.42)
    deep = d * b.u(0.28, 0.4)
    housing(b, Field.between(-w / 2, w / 2, 0, h), d, [(niche, deep)])
    b.part(*COFFEE_SPOUT, joint=slides((0, 0, -1), 0.06))
    b.box((0.06, 0.06, 0.05), (-0.01, niche.y, niche.ends[3] - b.u(0.0, 0.05)), round=0.3)
    for s in (1, -1):
        b.rod(
            (0.0, niche.y + s * 0.014, niche.ends[3] - 0.08),
            (0.0, niche.y + s * 0.014, niche.ends[3] - 0.02),
            0.006,
        )
    out = b.u(0.02, 0.15) if b.maybe(0.2) else 0.0
    tray = b.part(*DRIP_TRAY, joint=slides((1, 0, 0), 0.25, out))
    low = niche.ends[2]
    b.box(
        (deep + 0.05, niche.wide * 1.1, low - 0.004),
        (0.05 + out - (deep + 0.05) / 2, niche.y, low / 2),
        round=0.2,
    )
    b.part("grid", "grate", "where the cup stands", inside=tray)
    for y in np.linspace(-0.42, 0.42, 10) * niche.wide:
        b.rod(
            (0.04 + out, niche.y + y, low + 0.002),
            (-deep + 0.02 + out, niche.y + y, low + 0.002),
            0.0025,
            sides=5,
        )
    field = Field(0, h * 0.8, w * 0.96, h * 0.28)
    control_panel(
        b,
        field,
        0.008,
        content=b.pick(("buttons", "display", "buttons"), ("display", "buttons"), ("knobs", "display")),
    )
    lift = opening_angle(b, 0.2, 1.3)
    with b.moved((-d * 0.95, 0, h), pitch=-lift):
        b.part(
            "lid",
            "bean container lid",
            "cover",
            "where the beans go",
            joint=turns((0, -1, 0), angle=1.4, now=lift),
        )
        b.box((d * 0.5, w * 0.6, 0.015), (d * 0.3, 0, 0.008), round=0.5)
    b.part(*WATER_TANK, joint=slides((1, 0, 0), 0.3))
    s = b.pick(1, -1)
    b.box((d * 0.7, 0.015, h * 0.75), (-d * 0.45, s * w / 2, h * 0.45), round=0.3)
    if b.maybe(0.4):
        b.part("steam wand", "milk frother", "steam pipe", "where the steam comes out")
        y = -s * w * 0.42
        b.tube([(0, y, h * 0.6), (0.025, y, h * 0.56), (0.03, y, h * 0.3)], 0.006)
