"""Handheld power tools."""

import numpy as np

from part_perception.shapes.builder import Builder, presses
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BUTTON, CORD, HANDLE, NOZZLE, TRIGGER

HOUSING = ("body", "housing", "motor housing", "case")


def power_cord(b: Builder, start, toward) -> None:
    """A short power cable that hangs from a point."""
    b.part(*CORD)
    s, d = np.asarray(start, float), np.asarray(toward, float)
    reach = b.u(0.06, 0.2)
    side = np.array([0, b.u(-0.5, 0.5), 0]) * reach
    b.tube(
        [s - 0.004 * d, s + d * reach * 0.3, s + d * reach * 0.6 + side, s + d * reach * 0.7 + 2 * side],
        b.u(0.003, 0.005),
        steps=12,
    )


def _finger_trigger(b: Builder, x: float, z: float, long: float) -> None:
    b.part(*TRIGGER, joint=presses((-1, 0, 0), 0.01))
    b.tube(
        [(x - 0.004, 0, z), (x + 0.008, 0, z - long * 0.25), (x + 0.003, 0, z - long)],
        [0.007, 0.006, 0.005],
        flat=1.1,
        steps=8,
    )


def _pistol_grip(b: Builder, x: float, top: float, low: float, lean: float, r: float) -> None:
    """A handle that goes down from the body at x."""
    mid = (top + low) / 2
    b.tube(
        [(x, 0, top), (x - lean * 0.5 + b.u(-0.004, 0.004), 0, mid), (x - lean, 0, low)],
        [r * b.u(0.9, 1.1), r, r * b.u(0.9, 1.2)],
        flat=b.u(0.65, 0.9),
        steps=10,
    )


@kind("impact driver", "electric screwdriver pen", "straight screwdriver", rest="lies")
def straight_driver(b: Builder) -> None:
    length, r = b.u(0.12, 0.22), b.u(0.014, 0.024)
    b.part("handle", "body", "grip", "part to hold it by")
    bar(
        b, -length * np.array([1, 0.95, 0.6, 0.3, 0.05, 0]), r * np.array([0.8, 1, b.u(0.85, 1), 1, 0.9, 0.6])
    )
    b.part(*BUTTON)
    b.box((0.02, 0.012, 0.008), (-length * b.u(0.15, 0.4), 0, r), round=0.5)
    b.part("bit", "tip", "end that fits the screw")
    bar(b, (-0.002, b.u(0.02, 0.05)), (0.0035, 0.003))


@kind("heat gun", "hot air gun", "paint stripper", rest="lies")
def heat_gun(b: Builder) -> None:
    r, length = b.u(0.026, 0.036), b.u(0.13, 0.18)
    with b.moved(roll=-np.pi / 2):
        b.part(*HOUSING)
        bar(b, -length * np.array([1, 0.95, 0.6, 0.2, 0]), r * np.array([0.8, 1, 1, 0.85, 0.7]))
        b.part(*NOZZLE)
        bar(b, (-0.004, b.u(0.04, 0.08)), (r * 0.6, r * b.u(0.35, 0.6)))
        b.part(*HANDLE)
        x = -length * b.u(0.6, 0.8)
        _pistol_grip(b, x, -r * 0.6, -b.u(0.12, 0.16), b.u(0, 0.03), b.u(0.014, 0.019))
        b.part("switch", "trigger", "on off switch", "what to flip")
        b.box((0.012, 0.014, 0.03), (x + 0.012, 0, -r - 0.022), round=0.3)
        if b.maybe(0.6):
            power_cord(b, (x - 0.01, 0, -0.12), (0, 0, -1))


@kind("glue gun", "hot glue gun", rest="lies")
def glue_gun(b: Builder) -> None:
    r, length = b.u(0.014, 0.022), b.u(0.09, 0.15)
    with b.moved(roll=-np.pi / 2):
        b.part(*HOUSING)
        bar(b, -length * np.array([1, 0.9, 0.4, 0]), r * np.array([0.85, 1.05, 1, 0.75]), flat=0.8)
        b.part(*NOZZLE)
        bar(b, (-0.003, 0.015, b.u(0.025, 0.035)), (r * 0.65, r * 0.5, 0.002))
        b.part(*HANDLE)
        x = -length * b.u(0.65, 0.85)
        _pistol_grip(b, x, -r * 0.5, -b.u(0.08, 0.12), b.u(0, 0.03), b.u(0.011, 0.015))
        _finger_trigger(b, x + 0.02, -r * 0.6, b.u(0.03, 0.05))
        if b.maybe(0.6):
            b.part("glue stick", "glue", "stick")
            b.rod((-length - b.u(0.02, 0.08), 0, 0), (-length + 0.003, 0, 0), r * 0.35)


@kind("soldering iron", "soldering pen", rest="lies")
def soldering_iron(b: Builder) -> None:
    r = b.u(0.008, 0.014)
    b.part(*HANDLE)
    bar(
        b,
        -b.u(0.1, 0.13) * np.array([1, 0.9, 0.35, 0.1, 0.05, 0]),
        r * np.array([0.7, 1, 0.85, 0.9, 1.4, 1.4]),
    )
    b.part("shaft", "heating element", "metal rod", "hot part")
    bar(b, (-0.002, b.u(0.04, 0.07)), (r * 0.45, r * 0.4))
    b.part("tip", "point", "soldering tip", "hot end")
    bar(b, (0.035, 0.075, 0.095), (r * 0.3, r * 0.3, 0.0006))
    if b.maybe(0.6):
        power_cord(b, (-0.1, 0, 0), (-1, 0, 0))


def bridge_handle(b: Builder, x0: float, x1: float, z0: float, z1: float, r: float) -> None:
    """A handle bridge above a body, from front x1 to back x0."""
    b.tube(
        [
            (x1, 0, z0),
            (x1 - 0.01, 0, z1 * 0.95 + z0 * 0.05),
            ((x0 + x1) / 2, 0, z1),
            (x0 + 0.01, 0, z1 * 0.9 + z0 * 0.1),
            (x0, 0, z0),
        ],
        r,
        flat=b.u(0.7, 0.9),
    )


@kind("leaf blower", "blower", "hand blower")
def leaf_blower(b: Builder) -> None:
    r = b.u(0.07, 0.1)
    b.part(*HOUSING)
    b.blob((r * 2.4, r * 1.8, r * 2), (0, 0, r), e1=0.6, e2=0.6)
    b.part("tube", "pipe", "nozzle", "where the air comes out")
    out = b.u(0.3, 0.6)
    b.tube(
        [(r * 0.6, 0, r * 0.9), (r * 1.2, 0, r * 0.8), (r + out, 0, r * b.u(0.3, 0.7))],
        [r * 0.65, r * 0.5, r * b.u(0.3, 0.45)],
        steps=8,
    )
    b.part(*HANDLE)
    bridge_handle(b, -r * 1.1, r * 0.7, r * 1.4, r * 2.7, 0.016)
    _finger_trigger(b, 0, r * 2.5, 0.03)
