"""Helicopters, rockets and drones. The nose points to +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.vehicles.aircraft import COCKPIT, PROPELLER, foil, landing_gear


@kind("helicopter", "chopper", "rotorcraft")
def helicopter(b: Builder) -> None:
    length, h = b.u(4.5, 6), b.u(1.5, 2.0)
    w, z = h * b.u(0.7, 0.9), h * 0.5 + 0.5
    b.part("body", "cabin", "fuselage", "where people sit")
    b.blob((length * 0.55, w, h), (0.6, 0, z), b.u(0.7, 1), b.u(0.7, 1))
    b.part("tail", "tail boom", "tail beam")
    b.cone((-length * 0.08, 0, z + h * 0.15), (-length * 0.75, 0, z + h * 0.3), h * 0.2, h * 0.07)
    b.part("tail", "tail fin", "vertical tail")
    foil(b, (-length * 0.66, 0, z + h * 0.25), 0.7, (-length * 0.8, 0, z + h * 0.75), 0.4, 0.1, True)
    foil(b, (-length * 0.55, -0.7, z + h * 0.28), 0.4, (-length * 0.55, 0.7, z + h * 0.28), 0.4, 0.1)
    b.part("mast", "rotor mast", "rotor head", "shaft")
    top = z + h * 0.5 + b.u(0.25, 0.4)
    b.rod((0.3, 0, z + h * 0.4), (0.3, 0, top), 0.09)
    b.part("main rotor", "rotor", "propeller", "rotor blades", "what spins")
    reach = length * b.u(0.75, 0.95)
    for a in b.u(0, 3) + np.arange(n := b.pick(2, 3, 4, 5)) * 2 * np.pi / n:
        b.tube([(0.3, 0, top), (0.3 + reach * np.cos(a), reach * np.sin(a), top - 0.05)], 0.13, flat=0.2)
    b.part("tail rotor", "small rotor", "propeller", "what spins")
    x, zt = -length * 0.78, z + h * 0.45
    for a in b.u(0, 3) + np.arange(2) * np.pi / 2:
        c = np.array((np.cos(a), 0, np.sin(a))) * 0.6
        b.tube([np.array((x, 0.16, zt)) - c, np.array((x, 0.16, zt)) + c], 0.06, flat=0.3)
    if b.maybe(0.7):
        b.part(*COCKPIT)
        b.blob((length * 0.3, w * 0.96, h * 0.7), (0.6 + length * 0.145, 0, z + h * 0.1), 0.8, 0.8)
    if b.maybe(0.7):
        for s in (1, -1):
            b.part("skid", "landing skid", "landing gear", "what it stands on")
            y = s * w * 0.55
            b.tube([(-0.9, y, 0.04), (1.8, y, 0.04), (2.1, y, 0.2)], 0.04, smooth=False)
            for x in (-0.2, 1.2):
                b.rod((x, y, 0.04), (x, y * 0.6, z - h * 0.35), 0.03)
    else:
        for at in ((1.6, 0, 0.6), (-0.2, w * 0.5, 0.7), (-0.2, -w * 0.5, 0.7)):
            landing_gear(b, at, at[2], 0.2)


@kind("rocket", "space rocket", "missile")
def rocket(b: Builder) -> None:
    h, fins = b.u(0.3, 3.0), b.pick(3, 4, 4)
    r = h * b.u(0.04, 0.13)
    low = h * b.u(0.02, 0.1)
    tip = h * b.u(0.7, 0.85)
    bulge = b.pick(1.0, 1.0, b.u(1.05, 1.3))
    b.part("body", "fuselage", "hull", "tube")
    b.lathe(
        [(0, low), (r * b.u(0.7, 1), low), (r * bulge, (low + tip) / 2), (r, tip), (0, tip)], smooth=False
    )
    b.part("nose", "nose cone", "tip", "head")
    e = b.u(0.6, 1.1)
    b.lathe([(r * (1 - k**2) ** e if k < 1 else 0.0, tip + (h - tip) * k) for k in np.linspace(0, 1, 8)])
    size, sweep, root = r * b.u(1.2, 2.5), b.u(-0.3, 1.2), h * b.u(0.1, 0.25)
    for a in np.arange(fins) * 2 * np.pi / fins:
        b.part("fin", "tail fin", "wing", "stabilizer")
        with b.moved((0, 0, low + root), pitch=-np.pi / 2), b.moved(roll=a):
            foil(b, (0, r * 0.6, 0), root, (-sweep * size, r + size, 0), root * b.u(0.4, 0.8), 0.06)
    b.part("engine", "nozzle", "thruster", "what drives it", "where the fire comes out")
    k = r * b.u(0.4, 0.8)
    b.lathe([(k, 0), (k * 0.6, low + 0.002), (0, low + 0.002), (k * 0.5, low), (k * 0.9, 0), (k, 0)])
    if b.maybe(0.3):
        for s in (1, -1):
            b.part("booster", "side rocket", "fuel tank")
            y = s * r * 1.55
            b.lathe(
                [(0, low), (r * 0.5, low), (r * 0.5, h * 0.45), (r * 0.3, h * 0.52), (0, h * 0.56)], (0, y, 0)
            )
    if b.maybe(0.3):
        b.part("window", "porthole", "where one looks out")
        b.rod((r * 0.7, 0, tip * 0.9), (r * bulge * 1.03, 0, tip * 0.9), r * 0.3)


@kind("drone", "quadcopter", "multicopter")
def drone(b: Builder) -> None:
    r, n = b.u(0.1, 0.3), b.pick(4, 4, 4, 6)
    z = r * b.u(0.36, 0.6)
    b.part("body", "hull", "center")
    b.box((r * b.u(0.7, 1.1), r * b.u(0.5, 0.7), r * 0.3), (0, 0, z), round=b.u(0.2, 0.9))
    for a in np.pi / n + np.arange(n) * 2 * np.pi / n:
        c = r * np.array((np.cos(a), np.sin(a), 0))
        b.part("arm", "rotor arm", "beam")
        b.rod((0, 0, z), c + (0, 0, z + r * 0.1), r * 0.055)
        b.part("motor", "engine", "what drives the propeller")
        b.rod(c + (0, 0, z), c + (0, 0, z + r * 0.22), r * 0.11)
        b.part(*PROPELLER)
        t = b.u(0, 3)
        d = r * 0.5 * np.array((np.cos(t), np.sin(t), 0))
        b.tube([c - d + (0, 0, z + r * 0.24), c + d + (0, 0, z + r * 0.24)], r * 0.055, flat=0.25)
    for s in (1, -1):
        b.part("landing gear", "leg", "skid", "what it stands on")
        y = s * r * 0.4
        b.tube(
            [
                (r * 0.3, s * r * 0.2, z),
                (r * 0.3, y, 0.005),
                (-r * 0.3, y, 0.005),
                (-r * 0.3, s * r * 0.2, z),
            ],
            0.005,
            smooth=False,
        )
    if b.maybe(0.6):
        b.part("camera", "lens", "what takes pictures")
        b.blob((r * 0.25, r * 0.25, r * 0.25), (r * 0.4, 0, z - r * 0.2))
