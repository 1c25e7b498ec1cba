"""Bicycles, motorbikes and scooters. They go to +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.vehicles.vehicles import HANDLEBAR, LIGHT, hull, wheel
from part_perception.shapes.lexicon import WHEEL

SADDLE = ("seat", "saddle", "where to sit")
FORK = ("fork", "front fork", "what holds the front wheel")


def _spoked(b: Builder, x: float, r: float, tyre: float) -> None:
    b.part(*WHEEL, joint=spins((0, 1, 0)))
    b.ring((x, 0, r), r - tyre, tyre, axis="y")
    b.rod((x, -0.03, r), (x, 0.03, r), 0.018)
    for a in np.arange(3) * np.pi / 3 + 0.2:
        c = np.array((np.cos(a), 0, np.sin(a))) * (r - tyre)
        b.rod(np.array((x, 0, r)) - c, np.array((x, 0, r)) + c, 0.0025, sides=5)


def _bars(b: Builder, at, width: float, drop: float, r: float) -> None:
    b.part(*HANDLEBAR)
    x, y, z = at
    ends = [(x - drop, s * width / 2, z + 0.02) for s in (1, -1)]
    b.tube([ends[0], (x, width * 0.25, z + 0.02), (x, 0, z), (x, -width * 0.25, z + 0.02), ends[1]], r)


@kind("bicycle", "bike", "push bike")
def bicycle(b: Builder) -> None:
    r, base, z, k = b.u(0.26, 0.36), b.u(0.95, 1.1), b.u(0.75, 0.95), b.u(0.013, 0.02)
    back, front = np.array((-base / 2, 0, r)), np.array((base / 2, 0, r))
    crank = np.array((-base * 0.06, 0, r * 0.8))
    seat, head = np.array((-base * 0.2, 0, z - 0.1)), np.array((base * 0.34, 0, z - b.u(0.0, 0.12)))
    low_step = b.maybe(0.3)
    b.part("frame", "bike frame", "body", "tubes")
    joint = crank + (seat - crank) * (0.35 if low_step else 0.9)
    for p, q in ((crank, seat), (crank, head - (0, 0, 0.08)), (joint, head)):
        b.rod(p, q, k)
    for s in (0.05, -0.05):
        b.rod(crank + (0, s * 0.5, 0), back + (0, s, 0), k * 0.6)
        b.rod(joint + (0, s * 0.3, 0), back + (0, s, 0), k * 0.5)
    b.part(*FORK)
    b.rod(head - (0, 0, 0.1), head + (-0.015, 0, 0.08), k)
    for s in (0.05, -0.05):
        b.rod(head + (0.01, s * 0.8, -0.1), front + (0, s, 0), k * 0.7)
    for x in (back[0], front[0]):
        _spoked(b, x, r, b.u(0.012, 0.028))
    b.part(*SADDLE)
    top = seat + (-0.02, 0, b.u(0.05, 0.16))
    b.rod(seat, top, 0.012)
    b.extrude(
        [(-0.13, -0.07), (-0.13, 0.07), (-0.02, 0.05), (0.13, 0.018), (0.13, -0.018), (-0.02, -0.05)],
        0.045,
        top + (0, 0, 0.02),
        bevel=0.4,
    )
    _bars(b, head + (0.02, 0, b.u(0.08, 0.16)), b.u(0.45, 0.65), b.pick(-0.02, 0.1, 0.18), 0.013)
    for s in (1, -1):
        b.part("pedal", "foot pedal", "where to put the foot")
        arm = crank + (s * 0.17 * 0.7, s * 0.07, -s * 0.12)
        b.rod(crank + (0, s * 0.06, 0), arm, 0.009)
        b.box((0.09, 0.08, 0.02), arm + (0, s * 0.05, 0))
    b.part("chainring", "crank", "gear wheel", "chain")
    b.rod(crank + (0, -0.055, 0), crank + (0, -0.045, 0), 0.09)
    b.rod(crank + (0, -0.05, 0.085), back + (0, -0.05, 0.03), 0.005)
    b.rod(crank + (0, -0.05, -0.085), back + (0, -0.05, -0.03), 0.005)
    if b.maybe(0.25):
        b.part("basket", "bike basket", "where to put things")
        b.box((0.25, 0.3, 0.2), head + (0.22, 0, 0.08), taper=1.15)


@kind("motorbike", "motorcycle", "toy motorbike")
def motorbike(b: Builder) -> None:
    """Naked, sport, cruiser, dirt bike."""
    plan = b.pick("naked", "sport", "cruiser", "dirt")
    r, tyre, base = (
        b.u(0.28, 0.34),
        b.u(0.05, 0.08),
        {"cruiser": 1.6, "dirt": 1.4}.get(plan, 1.42) * b.u(0.95, 1.05),
    )
    z = {"cruiser": 0.7, "dirt": 0.92}.get(plan, 0.8)
    rake = {"cruiser": 0.45, "sport": 0.22}.get(plan, 0.3)
    head = np.array((base / 2 - rake, 0, z + 0.12))
    for x in (-base / 2, base / 2):
        if b.maybe(0.5):
            _spoked(b, x, r, tyre)
        else:
            wheel(b, x, 0, r, tyre * 2)
    b.part("engine", "motor", "what drives it", "frame")
    b.box((0.38, 0.26, 0.28), (0, 0, 0.42), round=0.4)
    b.rod((0.06, 0, 0.5), (0.16, 0, 0.68), 0.11)
    b.part("frame", "chassis", "body", "swing arm")
    b.tube(
        [head, (0.25, 0, 0.4), (-0.2, 0, 0.3), (-0.3, 0, z - 0.1), head - (0, 0, 0.05)], 0.03, smooth=False
    )
    for s in (1, -1):
        b.rod((-0.2, s * 0.11, 0.36), (-base / 2, s * 0.11, r), 0.025)
        b.rod((-0.25, s * 0.1, z - 0.1), (-base / 2, s * 0.12, r + 0.04), 0.02)
    b.part(*FORK)
    for s in (1, -1):
        b.rod((base / 2, s * 0.1, r), head + (-0.02, s * 0.1, 0.05), 0.025)
    b.part("gas tank", "fuel tank", "tank", "where the fuel is")
    b.blob((b.u(0.45, 0.6), b.u(0.24, 0.34), b.u(0.2, 0.28)), (head[0] - 0.32, 0, z + 0.05), 0.8, 0.8)
    b.part(*SADDLE)
    b.tube(
        [(head[0] - 0.5, 0, z - 0.02), (-0.3, 0, z - 0.06), (-base / 2 - 0.02, 0, z + b.u(-0.02, 0.12))],
        (0.05, 0.06, 0.045),
        flat=2.2,
    )
    _bars(
        b,
        head + (-0.03, 0, {"cruiser": 0.25, "sport": 0.06}.get(plan, 0.16)),
        b.u(0.62, 0.8),
        b.u(0.05, 0.22),
        0.018,
    )
    b.rod(head, head + (-0.03, 0, 0.16), 0.03)
    b.part(*LIGHT)
    b.blob((0.14, 0.2, 0.18), head + (0.13, 0, 0.04), 0.8)
    if plan == "sport":
        b.part("fairing", "windshield", "front cover", "body panel")
        b.blob((0.45, 0.34, 0.5), head + (-0.06, 0, -0.08), 1.0, 0.9)
    for x, span in ((base / 2, 2.2), (-base / 2, 2.9)):
        b.part("fender", "mudguard", "wheel cover")
        up = 0.05 if plan != "dirt" or x < 0 else 0.12
        with b.moved((x, tyre * 1.15, r + up), roll=np.pi / 2):
            rr = r + 0.015
            b.lathe([(rr, 0), (rr + 0.008, 0), (rr + 0.008, tyre * 2.3), (rr, tyre * 2.3)], arc=span)
    b.part("exhaust", "exhaust pipe", "muffler", "where the smoke comes out")
    b.tube(
        [
            (0.2, -0.14, 0.5),
            (0.25, -0.17, 0.28),
            (0, -0.19, 0.24),
            (-base * 0.3, -0.2, 0.27),
            (-base / 2 - 0.15, -0.2, 0.36),
        ],
        (0.02, 0.02, 0.025, 0.05, 0.045),
    )


@kind("scooter", "kick scooter", "push scooter")
def kick_scooter(b: Builder) -> None:
    r, length, h = b.u(0.05, 0.11), b.u(0.45, 0.6), b.u(0.7, 1.05)
    b.part("deck", "board", "where to stand")
    b.box((length, b.u(0.1, 0.16), 0.025), (0, 0, r + 0.01), round=0.6)
    b.part("pole", "stem", "steering column")
    b.rod((length / 2 + 0.06, 0, r), (length / 2 - 0.02, 0, h), 0.017)
    b.rod((length / 2 - 0.02, 0, r + 0.015), (length / 2 + 0.05, 0, r + 0.08), 0.02)
    b.part(*HANDLEBAR)
    b.rod((length / 2 - 0.02, -0.2, h), (length / 2 - 0.02, 0.2, h), 0.014)
    for s in (1, -1):
        b.part("grip", "handle", "part to hold it by")
        b.rod((length / 2 - 0.02, s * 0.2, h), (length / 2 - 0.02, s * 0.3, h), 0.019)
    for x in (-length / 2 - 0.04, length / 2 + 0.06):
        wheel(b, x, 0, r, 0.035)
    b.part("brake", "fender", "mudguard", "what to step on to stop")
    b.tube(
        [
            (-length / 2 + 0.02, 0, r + 0.02),
            (-length / 2 - 0.04, 0, 2 * r + 0.012),
            (-length / 2 - 0.1, 0, r * 1.7),
        ],
        0.006,
        flat=4.5,
    )


@kind("motor scooter", "moped", "scooter")
def motor_scooter(b: Builder) -> None:
    r, base = b.u(0.2, 0.24), b.u(1.15, 1.3)
    for x in (-base / 2, base / 2):
        wheel(b, x, 0, r, 0.1)
    b.part("body", "frame", "rear body", "engine cover")
    hull(
        b,
        [
            (-base * 0.72, 0.16, 0.45, 0.62, 1),
            (-base * 0.5, 0.32, 0.32, 0.7, 0.8),
            (-base * 0.1, 0.28, 0.25, 0.68, 0.8),
            (-base * 0.04, 0.2, 0.2, 0.6, 0.8),
        ],
    )
    b.part("floor board", "foot rest", "where to put the feet")
    b.box((base * 0.4, 0.3, 0.06), (base * 0.12, 0, 0.24), round=0.5)
    b.part("front shield", "leg shield", "front panel")
    with b.moved((base * 0.32, 0, 0.22), pitch=-0.25):
        b.box((0.05, 0.38, 0.6), (0, 0, 0.3), round=0.8, taper=0.8)
    b.part(*SADDLE)
    b.box((0.65, 0.26, 0.1), (-base * 0.32, 0, 0.75), round=0.9)
    b.part("steering column", "pole", "stem")
    b.rod((base / 2, 0, r), (base * 0.28, 0, 0.95), 0.035)
    _bars(b, (base * 0.27, 0, 0.96), 0.65, 0.08, 0.018)
    b.part(*LIGHT)
    b.blob((0.14, 0.2, 0.16), (base * 0.32, 0, 0.92))
    for s in (1, -1) if b.maybe(0.7) else ():
        b.part("mirror", "side mirror", "what shows what is behind")
        b.rod((base * 0.26, s * 0.22, 0.97), (base * 0.26, s * 0.3, 1.15), 0.006)
        b.blob((0.02, 0.12, 0.09), (base * 0.26, s * 0.32, 1.18))
