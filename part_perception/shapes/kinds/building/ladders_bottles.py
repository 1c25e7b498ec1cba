"""Ladders, stairs, fire extinguishers and gas bottles."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind


@kind("ladder", "step ladder", "folding ladder")
def ladder(b: Builder) -> None:
    h, w, k = b.u(0.6, 2.2), b.u(0.34, 0.5), b.u(0.012, 0.022)
    n = max(2, round(h / 0.28))
    folded = b.maybe(0.65)
    reach = h * b.u(0.2, 0.3) if folded else h * 0.05
    flat = b.maybe(0.6)
    b.part("rail", "side rail", "frame", "stile")
    for s in (1, -1):
        b.rod((reach, s * w / 2, 0), (0, s * w * 0.4, h), k, sides=b.pick(4, 12))
    for i in range(n):
        b.part("step", "rung", "where to put the foot")
        q = (i + 0.7) / n
        x, y = reach * (1 - q), w * (0.5 - 0.1 * q)
        if flat:
            b.box((0.08, 2 * y, 0.022), (x, 0, q * h * 0.98))
        else:
            b.rod((x, -y, q * h * 0.98), (x, y, q * h * 0.98), k * 0.85)
    if folded:
        for s in (1, -1):
            b.part("leg", "back leg", "support", "what it stands on")
            b.rod((-reach, s * w / 2, 0), (-0.02, s * w * 0.4, h * 0.97), k)
        b.part("crossbar", "bar between the legs", "brace")
        b.rod((-reach * 0.7, -w * 0.47, h * 0.3), (-reach * 0.7, w * 0.47, h * 0.3), k * 0.7)
        b.part("top", "platform", "top plate")
        b.box((0.16, w * 0.85, 0.03), (0, 0, h * 0.99), round=0.3)


@kind("stairs", "steps", "step stool")
def stairs(b: Builder) -> None:
    n, w = b.n(2, 6), b.u(0.4, 1.0)
    rise, run = b.u(0.16, 0.22), b.u(0.22, 0.3)
    for i in range(n):
        b.part("step", "stair", "tread", "where to put the foot")
        b.box((run + 0.02, w, 0.03), (-(i + 0.5) * run, 0, (i + 1) * rise - 0.015))
    b.part("side", "stringer", "frame", "side panel")
    for s in (1, -1):
        x = np.array([0, -n * run])
        b.ribbon(
            [(x[0], 0.0), (x[1], 0.0)],
            [(x[0], rise * 0.8), (x[1], rise * n - 0.02)],
            0.03,
            (0, s * (w / 2 + 0.014), 0),
            "xz",
        )
    if n > 3 and b.maybe(0.6):
        b.part("handrail", "railing", "rail", "what to hold on to")
        y = w / 2
        b.tube(
            [(0, y, rise), (0, y, rise + 0.85), (-n * run, y, n * rise + 0.85), (-n * run, y, n * rise)],
            0.018,
            smooth=False,
        )


@kind("fire extinguisher", "extinguisher")
def fire_extinguisher(b: Builder) -> None:
    r, h = b.u(0.04, 0.09), b.u(0.28, 0.55)
    b.part("body", "cylinder", "tank", "container")
    b.lathe(
        [(0, 0), (r, 0), (r, h * 0.85), (r * 0.8, h * 0.95), (0.018, h), (0.018, h + 0.03), (0, h + 0.03)]
    )
    z = h + 0.03
    b.part("valve", "head", "valve head")
    b.box((0.05, 0.03, 0.035), (0, 0, z + 0.012), round=0.3)
    b.part("handle", "grip", "carrying handle", "part to hold it by")
    b.tube([(-0.02, 0, z + 0.02), (0.06, 0, z + 0.025), (0.12, 0, z + 0.0)], 0.005, flat=2.5)
    b.part("lever", "trigger", "what to squeeze")
    b.tube([(-0.02, 0, z + 0.03), (0.05, 0, z + 0.06), (0.13, 0, z + 0.065)], 0.005, flat=2.5)
    if b.maybe(0.85):
        b.part("hose", "tube", "pipe")
        y = r + 0.02
        b.tube(
            [
                (-0.01, 0.015, z + 0.01),
                (-0.02, y, z - 0.01),
                (0, y + 0.01, h * 0.6),
                (0.01, y, h * b.u(0.25, 0.45)),
            ],
            0.009,
        )
        b.part("nozzle", "horn", "where it sprays out")
        low = h * 0.3
        b.cone((0.01, y, low + 0.06), (0.012, y, low - 0.06), 0.01, b.u(0.014, 0.035))
    else:
        b.part("nozzle", "where it sprays out", "tip")
        b.cone((-0.02, 0, z + 0.01), (-0.06, 0, z + 0.005), 0.01, 0.013)
    if b.maybe(0.6):
        b.part("gauge", "pressure gauge", "what shows the pressure")
        b.rod((0, -0.012, z + 0.01), (0, -0.03, z + 0.01), 0.016)
    if b.maybe(0.5):
        b.part("base", "foot ring", "foot", "what it stands on")
        b.lathe(wall([(r * 1.03, 0), (r * 1.04, 0.03)], 0.004, 0.0))


@kind("gas bottle", "gas cylinder", "propane tank")
def gas_bottle(b: Builder) -> None:
    r, h = b.u(0.1, 0.18), b.u(0.3, 1.1)
    b.part("body", "cylinder", "tank", "container", "where the gas is")
    b.lathe([(0, 0.03), (r * 0.8, 0.03), (r, 0.09), (r, h * 0.85), (r * 0.75, h * 0.96), (0.03, h), (0, h)])
    b.part("foot ring", "base", "foot", "what it stands on")
    b.lathe(wall([(r * 0.8, 0), (r * 0.8, 0.06)], 0.005, 0.0))
    b.part("valve", "tap", "knob", "what to turn")
    b.rod((0, 0, h), (0, 0, h + 0.06), 0.014)
    b.rod((0, 0, h + 0.06), (0, 0, h + 0.085), 0.03)
    b.rod((0, 0, h + 0.035), (0.05, 0, h + 0.035), 0.011)
    if b.maybe(0.65):
        b.part("collar", "handle", "guard", "part to hold it by")
        with b.moved(yaw=b.u(0, 6)):
            k = r * b.u(0.55, 0.7)
            b.lathe(
                [(k, h * 0.97), (k, h + 0.12), (k - 0.005, h + 0.12), (k - 0.005, h * 0.97), (k, h * 0.97)],
                arc=b.u(3.5, 5.4),
            )
