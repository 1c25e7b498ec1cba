"""The bathroom."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.building.plumbing import WALL_PLATE, mixer
from part_perception.shapes.lexicon import TAP


@kind("shower head", "hand shower", "shower", rest="mounted")
def shower_head(b: Builder) -> None:
    r = b.u(0.035, 0.09)
    fixed = b.maybe(0.45)
    if fixed:
        b.part(*WALL_PLATE)
        b.rod((0, 0, 0), (0.01, 0, 0), 0.03)
        b.part("arm", "pipe", "shower arm")
        reach = b.u(0.12, 0.35)
        b.tube([(0.005, 0, 0), (reach * 0.6, 0, 0.03), (reach, 0, 0), (reach + 0.02, 0, -0.04)], 0.01)
        at, tilt = (reach + 0.02, 0, -0.05), b.u(-0.4, 0.1)
    else:
        b.part("holder", "mount", "bracket", "fixing bracket")
        b.rod((0, 0, 0), (0.05, 0, 0.0), 0.018)
        b.part("handle", "grip", "part to hold it by", "where to grab it")
        length = b.u(0.14, 0.2)
        b.tube([(0.045, 0, -length * 0.4), (0.05, 0, 0), (0.075, 0, length * 0.6)], (0.011, 0.013, 0.014))
        b.part("hose", "shower hose", "tube", "where the water comes from")
        b.tube(
            [
                (0.045, 0, -length * 0.4),
                (0.05, 0.02, -0.25),
                (0.06, 0.09, -0.4),
                (0.03, 0.16, -0.25),
                (0.01, 0.16, -0.1),
            ],
            0.007,
        )
        at, tilt = (0.09, 0, length * 0.62), -b.u(0.6, 1.2)
    b.part("shower head", "head", "spray head", "where the water comes out")
    with b.moved(at, pitch=tilt):
        b.lathe(
            [
                (0, -0.02),
                (r * 0.9, -0.02),
                (r, -0.014),
                (r * 0.95, -0.006),
                (r * 0.4, 0.006),
                (0.012, 0.02),
                (0, 0.02),
            ],
            squash=b.pick(1, 1, 0.7),
        )


@kind("sink", "wash basin", "washbasin", "hand basin")
def sink(b: Builder) -> None:
    w, d, h, z = b.u(0.4, 0.7), b.u(0.35, 0.48), b.u(0.12, 0.2), b.pick(0.0, 0.75)
    b.part("basin", "bowl", "sink", "where the water collects")
    if b.maybe(0.6):
        e = wall([(d * 0.22, z), (d * 0.4, z + h * 0.35), (d / 2, z + h)], b.u(0.012, 0.03), z + 0.03)
        b.lathe(e, squash=w / d)
    else:
        b.box((d, w, 0.02), (0, 0, z + 0.01))
        for s in (1, -1):
            b.box((d, 0.03, h), (0, s * (w - 0.03) / 2, z + h / 2))
            b.box((0.03 if s > 0 else 0.07, w, h), (s * (d / 2 - 0.02), 0, z + h / 2))
    b.part("drain", "plug hole", "where the water goes away")
    b.lathe([(0.026, z + 0.03), (0.024, z + 0.036), (0.01, z + 0.034), (0, z + 0.034)])
    if z:
        if b.maybe():
            b.part("pedestal", "foot", "column", "what it stands on")
            b.lathe([(d * 0.25, 0), (d * 0.17, z * 0.4), (d * 0.24, z + 0.005)], squash=1.1)
        else:
            b.part("cabinet", "body", "vanity", "what it stands on")
            b.box((d * 0.9, w * 0.95, z - 0.001), (0, 0, z / 2))
    if b.maybe(0.7):
        with b.moved((-d / 2 + 0.035, 0, z + h - 0.01)):
            tap = b.part(*TAP)
            mixer(b, tap, tap)


@kind("toilet paper holder", "paper roll holder", rest="mounted")
def paper_holder(b: Builder) -> None:
    b.part(*WALL_PLATE)
    k = b.u(0.02, 0.03)
    b.rod((0, 0.08, 0.03), (0.01, 0.08, 0.03), k)
    b.part("arm", "holder", "bar", "what holds the roll")
    b.tube([(0.005, 0.08, 0.03), (0.07, 0.08, 0.03), (0.07, 0.07, 0), (0.07, -0.08, 0)], 0.006, smooth=False)
    b.part("roll", "paper roll", "toilet paper", "paper")
    r = b.u(0.035, 0.06)
    with b.moved((0.07, -0.055, 0.006 - 0.018), roll=-np.pi / 2):
        b.lathe([(0.02, 0), (r, 0), (r, 0.1), (0.02, 0.1), (0.02, 0)])
    if b.maybe(0.3):
        b.part("cover", "lid", "flap")
        b.tube([(0.005, 0, 0.065), (0.08, 0, 0.07), (0.14, 0, 0.02)], 0.004, flat=14)


@kind("towel rail", "towel bar", "towel rack", "grab bar", rest="mounted")
def towel_rail(b: Builder) -> None:
    w, reach = b.u(0.3, 0.7), b.u(0.05, 0.09)
    for s in (1, -1):
        b.part(*WALL_PLATE)
        b.rod((0, s * w / 2, 0), (0.01, s * w / 2, 0), b.u(0.018, 0.028))
        b.rod((0.005, s * w / 2, 0), (reach, s * w / 2, 0), 0.009)
    b.part("rail", "bar", "handle", "where to hang the towel")
    b.rod((reach, -w / 2 - 0.02, 0), (reach, w / 2 + 0.02, 0), b.u(0.006, 0.016))
    if b.maybe(0.4):
        b.part("towel", "cloth", "what to dry with")
        h, y, tw, front = b.u(0.3, 0.6), b.u(-0.1, 0.1) * w, w * b.u(0.3, 0.7), reach + 0.017
        line = np.array(
            [
                (reach - 0.02, -h * b.u(0.6, 1)),
                (reach - 0.018, 0),
                (reach, 0.018),
                (front, 0.0),
                (front + 0.01, -h),
            ]
        )
        b.sheet([[(x, y + q * tw, z) for x, z in line] for q in np.linspace(-0.5, 0.5, 7)])


@kind("soap dish", "soap holder")
def soap_dish(b: Builder) -> None:
    d, h = b.u(0.07, 0.09), b.u(0.015, 0.03)
    b.part("dish", "tray", "body", "where the soap lies")
    if b.maybe():
        b.lathe(wall([(d * 0.4, 0), (d * 0.55, h * 0.5), (d * 0.62, h)], 0.004, 0.006), squash=1.5)
    else:
        b.box((d * 1.1, d * 1.6, 0.006), (0, 0, 0.003))
        for s in (1, -1):
            b.box((d * 1.1, 0.005, h), (0, s * d * 0.8, h / 2))
            b.box((0.005, d * 1.6, h), (s * d * 0.55, 0, h / 2))
    if b.maybe(0.7):
        b.part("soap", "bar of soap", "what to wash with")
        b.blob((d * 0.75, d * 1.1, b.u(0.015, 0.03)), (0, 0, 0.018), 0.6, 0.6)
