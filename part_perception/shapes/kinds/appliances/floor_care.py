"""Vacuum cleaners, heaters and air conditioners."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import dial
from part_perception.shapes.lexicon import BUTTON, CONTROL_PANEL, DISPLAY, HANDLE, HOUSING, LEG, WHEEL


@kind("vacuum cleaner", "canister vacuum", "hoover")
def vacuum_cleaner(b: Builder) -> None:
    length, w, h = b.u(0.35, 0.45), b.u(0.22, 0.3), b.u(0.18, 0.25)
    r = b.u(0.05, 0.08)
    b.part("body", "housing", "motor", "dust container")
    b.blob((length, w, h), (0, 0, h / 2 + 0.03), 0.7, 0.7)
    for s in (1, -1):
        b.part(*WHEEL, joint=spins((0, 1, 0)))
        b.rod((-length * 0.28, s * w * 0.42, r), (-length * 0.28, s * (w * 0.5 + 0.01), r), r)
    b.part("hose", "tube", "suction hose", "pipe")
    x, y = length * 0.95, b.u(0.05, 0.25)
    b.tube(
        [(length * 0.4, 0, h * 0.8), (length * 0.75, y * 0.3, h * 1.6), (x, y, 0.75), (x + 0.1, y, 0.95)],
        0.02,
    )
    b.part("handle", "grip", "part to hold it by", "where to grab it")
    b.tube([(x + 0.08, y, 0.92), (x + 0.16, y, 0.98), (x + 0.25, y, 0.86)], 0.023)
    b.part("pipe", "wand", "tube", "rod")
    b.rod((x + 0.23, y, 0.88), (x + 0.7, y, 0.06), 0.017)
    b.part("nozzle", "floor head", "brush", "what sucks up the dust")
    b.box((0.1, b.u(0.24, 0.3), 0.04), (x + 0.72, y, 0.02), round=0.6)
    b.part(*BUTTON, "switch")
    b.rod((-length * 0.1, w * 0.15, h * 0.9), (-length * 0.1, w * 0.15, h + 0.035), 0.025)
    b.part("carrying handle", "handle", "part to hold it by")
    b.tube(
        [
            (length * 0.15, 0, h + 0.01),
            (length * 0.1, 0, h + 0.06),
            (-length * 0.15, 0, h + 0.06),
            (-length * 0.2, 0, h + 0.005),
        ],
        0.011,
    )


@kind("upright vacuum cleaner", "stick vacuum", "vacuum cleaner", "hoover")
def upright_vacuum(b: Builder) -> None:
    h, lean, w = b.u(0.95, 1.2), b.u(0.05, 0.35), b.u(0.22, 0.32)
    b.part("nozzle", "floor head", "brush", "what sucks up the dust")
    b.box((b.u(0.1, 0.28), w, b.u(0.05, 0.1)), (0.05, 0, 0.035), round=0.6)
    slim, up = b.maybe(), b.pick(0.12, 0.55)
    with b.moved((0, 0, 0.06), pitch=-lean):
        b.part("body", "housing", "dust container", "motor")
        k = 0.055 if slim else b.u(0.08, 0.12)
        b.tube(
            [(0, 0, h * up * 0.9), (0, 0, h * (up + 0.08)), (0, 0, h * (up + 0.26))],
            (k * 0.7, k, k * 0.9),
            sides=14,
            smooth=False,
        )
        b.part("pipe", "pole", "wand", "tube")
        b.rod((0, 0, -0.02), (0, 0, h * 0.86), 0.016)
        b.part("handle", "grip", "part to hold it by", "where to grab it")
        b.tube(
            [
                (0, 0, h * 0.82),
                (-0.03, 0, h * 0.92),
                (-0.1, 0, h * 0.96),
                (-0.12, 0, h * 0.86),
                (-0.03, 0, h * 0.78),
            ][: b.pick(3, 5)],
            0.016,
        )
        b.part(*BUTTON, "switch")
        b.blob((0.025, 0.018, 0.03), (0.012, 0, h * 0.84))


@kind("robot vacuum", "vacuum robot", "robot cleaner")
def robot_vacuum(b: Builder) -> None:
    r, h = b.u(0.15, 0.18), b.u(0.07, 0.1)
    b.part(*HOUSING)
    b.lathe([(0, 0.012), (r * 0.95, 0.012), (r, 0.025), (r, h * 0.85), (r * 0.95, h), (0, h)])
    b.part("bumper", "front bumper", "what bumps into things")
    with b.moved(yaw=-1.4):
        b.lathe([(r * 1.001, 0.02), (r * 1.03, 0.02), (r * 1.03, h * 0.8), (r * 1.001, h * 0.8)], arc=2.8)
    if b.maybe(0.6):
        b.part("sensor", "laser tower", "turret", "what it sees with")
        b.rod((-r * 0.3, 0, h - 0.002), (-r * 0.3, 0, h + 0.02), 0.04)
    for y in (0,) if b.maybe() else (-0.03, 0.03):
        b.part(*BUTTON)
        b.rod((r * 0.4, y, h - 0.002), (r * 0.4, y, h + 0.004), 0.018)
    for s in (1, -1):
        b.part(*WHEEL, joint=spins((0, 1, 0)))
        b.rod((0, s * r * 0.65 - 0.01, 0.03), (0, s * r * 0.65 + 0.01, 0.03), 0.03)


@kind("air conditioner", "split unit", "wall air conditioner", rest="mounted")
def air_conditioner(b: Builder) -> None:
    w, h, d = b.u(0.7, 1.0), b.u(0.25, 0.32), b.u(0.18, 0.24)
    b.part(*HOUSING)
    b.box((d, w, h), (d / 2, 0, 0), round=0.4)
    b.part("flap", "louver", "vent", "where the cold air comes out")
    for z in (-0.34, -0.46)[: b.n(1, 2)]:
        with b.moved((d * 0.95, 0, h * z), pitch=b.u(0.2, 1.2)):
            b.box((0.07, w * 0.85, 0.007), (0.015, 0, 0))
    b.part(*DISPLAY[:2], "indicator")
    b.box((0.008, 0.07, 0.025), (d + 0.001, -w * 0.33, h * 0.05))


@kind("radiator", "heater", "heating", rest="mounted")
def radiator(b: Builder) -> None:
    w, h, d = b.u(0.4, 1.2), b.u(0.4, 0.9), b.u(0.06, 0.12)
    b.part("radiator body", "body", "panel", "fins", "what gets warm")
    if b.maybe(0.6):
        for y in np.linspace(-0.5, 0.5, n := b.n(7, 14)) * w:
            b.box((d, w / n * 0.7, h), (d / 2 + 0.03, y, 0), round=0.7)
        for s in (1, -1):
            b.rod((d / 2 + 0.03, -w / 2, s * h * 0.42), (d / 2 + 0.03, w / 2, s * h * 0.42), d * 0.25)
    else:
        b.box((d, w, h), (d / 2 + 0.03, 0, 0), round=0.2)
    side = b.pick(1, -1)
    b.part("valve", "thermostat", "knob", "what to turn")
    z, y = h * 0.42, side * (w / 2 + 0.05)
    b.rod((d / 2 + 0.03, y - side * 0.07, z), (d / 2 + 0.03, y, z), 0.012)
    b.cone((d / 2 + 0.03, y, z), (d / 2 + 0.03, y + side * 0.07, z), 0.024, 0.02)
    b.part("pipe", "tube", "where the water flows")
    b.tube([(d / 2 + 0.03, y, z), (d / 2 + 0.03, y, -h / 2 - 0.1)], 0.009)


@kind("electric heater", "fan heater", "oil radiator", "heater")
def electric_heater(b: Builder) -> None:
    h, w = b.u(0.3, 0.65), b.u(0.2, 0.5)
    if b.maybe():
        b.part("radiator body", "body", "fins", "what gets warm")
        for x in np.linspace(-0.5, 0.5, b.n(5, 9)) * w:
            b.box((0.025, 0.14, h), (x, 0, 0.08 + h / 2), round=0.8)
        b.box((w, 0.05, 0.05), (0, 0, 0.12))
        for sx in (1, -1):
            for s in (1, -1):
                b.part(*WHEEL, joint=spins((0, 1, 0)))
                b.rod((sx * w * 0.4, s * 0.1, 0.025), (sx * w * 0.4, s * 0.13, 0.025), 0.025)
            b.part(*LEG)
            b.rod((sx * w * 0.4, -0.12, 0.03), (sx * w * 0.4, 0.12, 0.03), 0.012)
        b.part(*CONTROL_PANEL)
        b.box((0.06, 0.14, h * 0.85), (w / 2 + 0.045, 0, 0.1 + h / 2), round=0.3)
        for z in (0.4, 0.65):
            dial(b, (w / 2 + 0.075, 0, 0.1 + h * z), 0.025)
    else:
        b.part(*HOUSING)
        b.box((0.16, w, h), (0, 0, h / 2), round=0.4)
        b.part("grille", "grill", "vent", "where the warm air comes out")
        for z in np.linspace(0.2, 0.65, 7) * h:
            b.box((0.012, w * 0.8, 0.012), (0.082, 0, z))
        b.part("knob", "dial", "what to turn")
        b.cone((0, w * 0.25, h), (0, w * 0.25, h + 0.02), 0.02, 0.016)
        b.part(*HANDLE)
        b.tube(
            [(0, -w * 0.3, h), (-0.01, -w * 0.25, h + 0.04), (-0.01, w * 0.1, h + 0.04), (0, w * 0.12, h)],
            0.01,
        )
