"""Medical supplies."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BLADE, HANDLE


@kind("syringe", "injection syringe", rest="lies")
def syringe(b: Builder) -> None:
    r, length = b.u(0.0035, 0.014), b.u(0.05, 0.1)
    out = length * b.u(0.1, 0.9)
    b.part("barrel", "body", "tube", "cylinder", "where the liquid is")
    bar(b, (-length, 0, 0.003), (r, r, r * 0.3))
    b.box((0.0018, r * 4.2, r * 2), (-length, 0, 0), round=0.3)
    b.part("plunger", "piston", "push rod", "what to push")
    for size in ((out, r * 1.5, r * 0.3), (out, r * 0.3, r * 1.5)):
        b.box(size, (-length - out / 2, 0, 0))
    b.rod((-length - out - 0.002, 0, 0), (-length - out, 0, 0), r * 1.15)
    if b.maybe(0.8):
        b.part("needle", "cannula", "sharp part", "tip")
        n = b.u(0.015, 0.04)
        bar(
            b,
            (0.002, 0.012, 0.013, n + 0.013),
            (r * 0.4, r * 0.35, max(0.0006, r * 0.06), max(0.0005, r * 0.06)),
        )
    else:
        b.part("tip", "nozzle", "where the liquid comes out")
        bar(b, (0.002, 0.012), (r * 0.3, r * 0.22))


@kind("stethoscope", rest="lies")
def stethoscope(b: Builder) -> None:
    r = b.u(0.018, 0.024)
    reach, side = b.u(0.25, 0.35), b.u(-0.08, 0.08)
    b.part("chest piece", "head", "disc", "diaphragm", "what goes on the chest")
    b.lathe([(0, 0), (r, 0), (r, 0.005), (r * 0.5, 0.01), (0.008, 0.022), (0, 0.023)])
    b.part("tube", "hose", "cord")
    b.tube(
        [(0.005, 0, 0.012), (reach * 0.3, side, 0.006), (reach * 0.7, -side * 0.5, 0.006), (reach, 0, 0.006)],
        0.005,
    )
    for s in (-1, 1):
        b.part("ear tube", "binaural", "metal arm", "bow")
        b.tube(
            [
                (reach - 0.005, 0, 0.006),
                (reach + 0.04, s * 0.04, 0.006),
                (reach + 0.12, s * 0.06, 0.006),
                (reach + 0.17, s * 0.025, 0.006),
            ],
            0.003,
        )
        b.part("ear tip", "earpiece", "what goes in the ear")
        b.blob((0.012, 0.014, 0.011), (reach + 0.172, s * 0.02, 0.006))


@kind("scalpel", "craft knife", "hobby knife", rest="lies")
def scalpel(b: Builder) -> None:
    length, r = b.u(0.1, 0.14), b.u(0.003, 0.006)
    b.part(*HANDLE)
    bar(
        b,
        (-length, -length * 0.9, -0.012, 0),
        r * np.array([0.8, 1, b.u(0.8, 1.2), 0.6]),
        flat=b.pick(0.4, 1),
    )
    b.part(*BLADE)
    out = b.u(0.02, 0.04)
    b.extrude(
        [(-0.002, -r * 0.6), (out * 0.5, -r * b.u(0.8, 1.4)), (out, r * 0.5), (-0.002, r * 0.7)], 0.0006
    )
