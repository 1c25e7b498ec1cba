"""Things that spray water."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, screws
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.leisure.weapons_toys import gun_grip
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import CAP, HANDLE, NOZZLE, TRIGGER


@kind("hose nozzle", "spray gun", "garden hose gun", "water spray gun", rest="lies")
def hose_nozzle(b: Builder) -> None:
    r, length = b.u(0.011, 0.016), b.u(0.08, 0.12)
    with b.moved(roll=-np.pi / 2):
        b.part("body", "barrel", "pipe")
        bar(b, -length * np.array([1, 0.6, 0]), r * np.array([0.8, 1, 1]))
        b.part(*NOZZLE)
        bar(b, (-0.003, 0.012, b.u(0.025, 0.04)), r * np.array([1.1, b.u(1, 2), b.u(1.2, 2.2)]))
        b.part(*HANDLE)
        low, lean = b.u(0.09, 0.12), b.u(0.01, 0.05)
        b.tube(
            [(-length * 0.95, 0, 0), (-length - 0.012, 0, -0.02), (-length - 0.015 - lean, 0, -low)],
            [r * 0.9, r, r * 0.9],
            steps=8,
        )
        b.part(*TRIGGER, joint=presses((-1, 0, 0), 0.02))
        if b.maybe(0.7):
            b.tube(
                [
                    (-length * 0.55, 0, -r * 0.7),
                    (-length * 0.62, 0, -0.035),
                    (-length * 0.8 - lean * 0.5, 0, -low * 0.8),
                ],
                [0.005, 0.006, 0.005],
                flat=1.8,
                steps=8,
            )
        else:
            b.tube(
                [
                    (-length * 0.3, 0, r * 0.7),
                    (-length * 0.8, 0, r * 1.6),
                    (-length * 1.1 - lean, 0, -low * 0.5 + r),
                ],
                0.004,
                flat=2,
                steps=8,
            )
        b.part("connector", "hose connector", "coupling", "where the hose goes")
        b.rod(
            (-length - 0.012 - lean, 0, -low + 0.003),
            (-length - 0.02 - lean * 1.2, 0, -low - 0.025),
            r * 1.15,
        )


@kind("pump sprayer", "hand sprayer", "pressure sprayer", "garden sprayer")
def pump_sprayer(b: Builder) -> None:
    r, h = b.u(0.055, 0.1), b.u(0.14, 0.3)
    b.part("body", "tank", "container", "bottle", "where the liquid is")
    b.lathe([(0, 0), (r, 0.004), (r, h * 0.7), (r * 0.8, h * 0.9), (r * 0.35, h)])
    b.part(*CAP, joint=screws())
    b.rod((0, 0, h - 0.005), (0, 0, h + 0.025), r * 0.42)
    b.part(
        "pump", "pump handle", "plunger", "what to push to build pressure", joint=presses((0, 0, -1), 0.06)
    )
    up = h + b.u(0.05, 0.1)
    b.rod((0, 0, h + 0.02), (0, 0, up), r * 0.13)
    if b.maybe():
        b.rod((0, -r * 0.6, up), (0, r * 0.6, up), 0.01)
    else:
        b.blob((r * 0.8, r * 0.8, 0.03), (0, 0, up))
    b.part(*NOZZLE)
    b.cone((r * 0.3, 0, h + 0.012), (r * b.u(1, 1.5), 0, h + b.u(0.012, 0.05)), 0.009, 0.007)
    b.part(*TRIGGER, joint=presses((0, 0, -1), 0.02))
    b.tube([(r * 0.4, 0, h + 0.025), (0, 0, h + 0.045), (-r * 0.9, 0, h + 0.02)], 0.006, flat=1.6, steps=8)
    if b.maybe(0.6):
        b.part(*HANDLE)
        b.tube(
            [(-r * 0.35, 0, h), (-r * 1.2, 0, h * 0.95), (-r * 1.35, 0, h * 0.6), (-r * 0.95, 0, h * 0.45)],
            0.01,
        )


@kind("water gun", "water pistol", "squirt gun", "toy gun", rest="lies")
def water_gun(b: Builder) -> None:
    length, r = b.u(0.13, 0.4), b.u(0.016, 0.03)
    b.part("body", "barrel", "housing")
    bar(b, length * np.array([-0.4, -0.37, -0.1, 0.4, 0.6]), r * np.array([0.7, 1, 1.1, 0.9, 0.6]), flat=0.8)
    b.part(*NOZZLE)
    bar(b, length * np.array([0.58, 0.62, 0.68]), r * np.array([0.7, 0.7, 0.3]))
    gun_grip(b, -length * 0.22, -r * 0.5, b.u(0.06, 0.1), 0.03, b.u(0, 0.02), r * 1.2)
    b.part(*TRIGGER, joint=presses((-1, 0, 0), 0.015))
    b.tube(
        [
            (-length * 0.22 + 0.026, -r * 0.6, 0),
            (-length * 0.22 + 0.034, -r - 0.015, 0),
            (-length * 0.22 + 0.028, -r - 0.03, 0),
        ],
        0.006,
        steps=8,
    )
    b.part("tank", "water tank", "container", "where the water goes")
    if b.maybe(0.7):
        b.blob((length * 0.45, r * 2.6, r * 2.2), (0, r * 1.6, 0))
    else:
        bar(b, length * np.array([-0.3, -0.2, 0.15, 0.25]), r * np.array([0.8, 1.2, 1.2, 0.7]), y=r * 1.8)
    if length > 0.25:
        b.part("pump", "pump handle", "fore grip", "what to slide to build pressure")
        bar(b, length * np.array([0.15, 0.18, 0.38, 0.41]), r * np.array([0.7, 0.9, 0.8, 0.7]), y=-r * 1.3)
