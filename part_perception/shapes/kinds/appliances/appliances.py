"""Kitchen machines on the counter. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import ear, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.machine_fronts import dial
from part_perception.shapes.lexicon import BASE, BUTTON, CORD, HANDLE, HOUSING, LID, SPOUT


def buttons(b: Builder, x: float, ys, zs, size: float) -> None:
    """One part: a field of buttons at the crossings of ys and zs."""
    for y in ys:
        for z in zs:
            b.part(*BUTTON)
            b.box((0.008, size, size * 0.7), (x, y, z), round=0.4)


def cord(b: Builder, x: float, y: float) -> None:
    if b.maybe(0.3):
        b.part(*CORD)
        b.tube(
            [(x, y, 0.01), (x - 0.08, y + 0.03, 0.004), (x - 0.14, y - 0.04, 0.004), (x - 0.25, y, 0.004)],
            0.0035,
        )


@kind("toaster", "bread toaster")
def toaster(b: Builder) -> None:
    w, d, h, slots = b.u(0.15, 0.2), b.u(0.26, 0.38), b.u(0.16, 0.2), b.pick(1, 2, 2)
    b.part(*HOUSING)
    b.box((d, w, h), (0, 0, h / 2 + 0.008), round=b.u(0.2, 0.55), taper=b.u(0.88, 1))
    b.box((d * 0.9, w * 0.85, 0.02), (0, 0, 0.01))
    for k in range(slots):
        b.part("slot", "bread slot", "opening", "where the bread goes in")
        y = (k - (slots - 1) / 2) * w * 0.42
        with b.moved((0, y, h + 0.0085)):
            for s in (1, -1):
                b.box((d * 0.72, 0.004, 0.006), (0, s * 0.014, 0))
                b.box((0.004, 0.03, 0.006), (s * d * 0.36, 0, 0))
    if b.maybe(0.35):
        b.part("toast", "bread", "slice of bread", "food")
        b.box((0.11, 0.013, 0.09), (0, (slots - 1) / 2 * w * 0.42, h + 0.02), round=0.5)
    b.part("lever", "slider", "handle", "what to push down")
    b.box((0.03, 0.045, 0.016), (d / 2 + 0.012, 0, h * b.pick(0.4, 0.8)), round=0.5)
    dial(b, (d / 2 - 0.002, w * 0.28, h * 0.3), 0.013)
    for z in (0.45, 0.6)[: b.n(1, 2)]:
        b.part(*BUTTON)
        b.rod((d / 2 - 0.004, -w * 0.28, h * z), (d / 2 + 0.007, -w * 0.28, h * z), 0.008)
    cord(b, -d / 2, 0.02)


@kind("coffee machine", "coffee maker", "drip coffee maker")
def coffee_machine(b: Builder) -> None:
    w, d, h = b.u(0.16, 0.22), b.u(0.2, 0.28), b.u(0.3, 0.38)
    r = min(w, d) * b.u(0.3, 0.36)
    front = d * 0.22
    b.part(*BASE)
    b.box((d, w, 0.04), (0, 0, 0.02), round=0.4)
    b.part("water tank", "tank", "body", "where the water goes")
    b.box((d * 0.38, w * 0.98, h - 0.04), (-d * 0.31, 0, 0.038 + (h - 0.04) / 2), round=0.3)
    top = h * b.u(0.28, 0.36)
    b.part("filter holder", "brew head", "head", "where the coffee goes")
    b.box((d * 0.98, w, top), (0, 0, h - top / 2 + 0.001), round=0.3)
    b.part(*LID)
    b.box((d * 0.95, w * 0.96, 0.02), (0, 0, h + 0.011), round=0.5)
    z, jug = 0.042, h - top - 0.055
    b.part("carafe", "jug", "container", "pot", "where the coffee comes out into")
    with b.moved((front, 0, z)):
        b.lathe(
            wall(
                [(r * 0.9, 0), (r, jug * 0.3), (r * 0.95, jug * 0.55), (r * 0.65, jug * 0.9), (r * 0.7, jug)],
                0.003,
                0.004,
            )
        )
    b.part("carafe handle", *HANDLE)
    with b.moved((front, 0, z), yaw=b.u(-0.5, 0.5)):
        ear(b, r * 0.68, r * 0.95, jug * 0.92, jug * 0.35, b.u(0.035, 0.05), 0.007)
    b.part(*BUTTON, "switch")
    b.rod((d / 2 - 0.002, w * 0.3, 0.022), (d / 2 + 0.006, w * 0.3, 0.022), 0.01)
    cord(b, -d / 2, 0.02)


@kind("espresso machine", "portafilter machine", "coffee machine")
def espresso_machine(b: Builder) -> None:
    w, d, h = b.u(0.18, 0.36), b.u(0.24, 0.32), b.u(0.28, 0.38)
    b.part(*HOUSING)
    b.box((d * 0.5, w, h), (-d * 0.25, 0, h / 2), round=0.2)
    b.box((d * 0.5, w, h * 0.38), (d * 0.22, 0, h * 0.81), round=0.2)
    b.part("drip tray", "tray", "grid", "where the cup stands")
    b.box((d * 0.52, w * 0.96, 0.05), (d * 0.24, 0, 0.025), round=0.2)
    x, z = d * 0.25, h * 0.62
    b.part("brew group", "nozzle", "head", "where the coffee comes out")
    b.rod((x, 0, z - 0.03), (x, 0, z + 0.01), 0.035)
    b.part("portafilter", "filter holder", "handle", "grip")
    b.rod((x, 0, z - 0.055), (x, 0, z - 0.03), 0.03)
    turn = b.u(-0.6, 0.6)
    c = np.array((np.cos(turn), np.sin(turn), -0.1))
    b.cone(np.array((x, 0, z - 0.043)), np.array((x, 0, z - 0.043)) + 0.16 * c, 0.009, 0.014)
    if b.maybe(0.7):
        b.part("steam wand", "steam pipe", "nozzle", "where the steam comes out")
        y = w * 0.42
        b.tube([(d * 0.4, y, h * 0.65), (d * 0.46, y, h * 0.5), (d * 0.47, y + 0.01, h * 0.22)], 0.006)
    for y in np.linspace(-0.3, 0.3, b.n(1, 3)) * w:
        if b.maybe(0.5):
            dial(b, (d * 0.47, y, h * 0.85), 0.018)
        else:
            b.part(*BUTTON)
            b.rod((d * 0.46, y, h * 0.85), (d * 0.485, y, h * 0.85), 0.012)
    if b.maybe(0.5):
        b.part("water tank", "tank", "container", "where the water goes")
        b.box((0.09, w * 0.8, h * 0.85), (-d * 0.5 - 0.04, 0, h * 0.46), round=0.3)


@kind("capsule machine", "pod coffee machine", "coffee machine")
def capsule_machine(b: Builder) -> None:
    w, d, h = b.u(0.1, 0.15), b.u(0.28, 0.36), b.u(0.22, 0.29)
    b.part(*HOUSING)
    b.box((d * 0.55, w, h * 0.9), (-d * 0.1, 0, h * 0.45), round=0.5)
    b.box((d * 0.42, w * 0.85, h * 0.4), (d * 0.22, 0, h * 0.74), round=0.6)
    b.part("lever", "handle", "lid", "what to lift to put the capsule in")
    with b.moved((-d * 0.05, 0, h * 0.94), pitch=-b.pick(0, 0, b.u(0.3, 1.3))):
        b.tube([(0, 0, 0), (d * 0.2, 0, 0.015), (d * 0.42, 0, 0.0)], 0.008, flat=3.2)
    b.part(*SPOUT, "nozzle")
    b.cone((d * 0.34, 0, h * 0.6), (d * 0.34, 0, h * 0.42), 0.02, 0.01)
    b.part("drip tray", "tray", "where the cup stands")
    b.box((d * 0.36, w * 0.8, 0.03), (d * 0.32, 0, 0.015), round=0.6)
    b.part("water tank", "tank", "container", "where the water goes")
    b.box((d * 0.25, w * 0.9, h * 0.95), (-d * 0.49, 0, h * 0.48), round=0.7)
    for y in (-0.2, 0.2):
        b.part(*BUTTON)
        b.rod((d * 0.1, y * w, h * 0.92), (d * 0.1, y * w, h * 0.965), 0.009)


@kind("kitchen scale", "scale", "balance")
def kitchen_scale(b: Builder) -> None:
    w, d, h = b.u(0.14, 0.22), b.u(0.18, 0.26), b.u(0.02, 0.07)
    b.part(*HOUSING)
    b.box((d, w, h), (0, 0, h / 2), round=0.4, taper=b.u(0.85, 1))
    b.part("plate", "weighing plate", "pan", "where to put what is weighed")
    if b.maybe():
        b.lathe([(0, h), (w * 0.42, h), (w * 0.42, h + 0.01), (0, h + 0.01)], (-d * 0.12, 0, 0))
    else:
        b.lathe(
            wall([(w * 0.2, h), (w * 0.42, h + 0.03), (w * 0.5, h + 0.06)], 0.003, h + 0.006),
            (-d * 0.1, 0, 0),
        )
    b.part("display", "screen", "what shows the weight")
    b.box((d * 0.14, w * 0.4, 0.006), (d * 0.39, 0, h + 0.002))
    for s in (1, -1):
        b.part(*BUTTON)
        b.rod((d * 0.39, s * w * 0.32, h - 0.002), (d * 0.39, s * w * 0.32, h + 0.005), 0.011)
