"""Airplanes. The nose points to +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind

BODY = ("body", "fuselage", "hull")
WING = ("wing", "main wing", "what carries it in the air")
FIN = ("tail", "tail fin", "vertical tail", "rudder")
TAILPLANE = ("tail", "tail wing", "horizontal tail", "stabilizer")
ENGINE = ("engine", "jet engine", "turbine", "what drives it")
GEAR = ("landing gear", "wheel", "undercarriage")
COCKPIT = ("cockpit", "window", "windshield", "where the pilot sits")
PROPELLER = ("propeller", "blades", "rotor", "what spins")


def foil(
    b: Builder, root, root_chord: float, tip, tip_chord: float, thick: float, upright: bool = False
) -> None:
    """A wing between the ends of its leading edge; its chord runs along -x, its thickness along z (or y)."""
    a = np.linspace(0, 2 * np.pi, 15)
    section = np.zeros((15, 3))
    section[:, 0] = -(1 - np.cos(a)) / 2
    section[:, 1 if upright else 2] = np.sin(a) * thick / 2
    rings = [np.asarray(root, float) + section * root_chord, np.asarray(tip, float) + section * tip_chord]
    ends = [np.broadcast_to(r.mean(axis=0), r.shape) for r in rings]
    b.grid(np.stack([ends[0], rings[0], rings[1], ends[1]]))


def _fuselage(b: Builder, length: float, r: float, nose: float, tail_up: float, squash: float) -> None:
    """A round body from the nose at x = length / 2 to a slim tail."""
    b.part(*BODY)
    x = np.array([0.5, 0.485, 0.44, 0.5 - nose, -0.15, -0.35, -0.47, -0.5]) * length
    radius = np.array([0.05, 0.35, 0.72, 1, 1, 0.7, 0.3, 0.12]) * r
    z = np.array([-0.2, -0.15, -0.06, 0, 0, 0.3, 0.65, 0.75]) * r * tail_up
    b.tube(np.stack([x, 0 * x, z], 1), radius, flat=squash, sides=16, smooth=False)


def _wings(
    b: Builder,
    x: float,
    z: float,
    r: float,
    span: float,
    chord: float,
    sweep: float,
    taper: float,
    rise: float,
) -> None:
    for s in (1, -1):
        b.part(*WING)
        foil(
            b,
            (x, s * r * 0.5, z),
            chord,
            (x - sweep * span, s * span, z + rise * span),
            chord * taper,
            b.u(0.09, 0.14),
        )


def _tail(b: Builder, length: float, r: float, size: float, sweep: float, high: bool) -> None:
    x, z = -length * 0.5 + size * 0.95, r * 0.45
    b.part(*FIN)
    foil(
        b, (x, 0, z), size, (x - sweep * size - size * 0.35, 0, z + size * 1.1), size * 0.5, 0.1, upright=True
    )
    z = z + size if high else z + 0.1 * r
    for s in (1, -1):
        b.part(*TAILPLANE)
        back = -size * 0.5 if high else 0.0
        foil(
            b,
            (x + back, 0 if high else s * r * 0.15, z),
            size * 0.7,
            (x + back - sweep * size, s * size * b.u(1.1, 1.4), z + 0.05 * r),
            size * 0.35,
            0.1,
        )


def _jet(b: Builder, at, r: float, length: float, pylon) -> None:
    b.part(*ENGINE)
    x, y, z = at
    with b.moved(at, pitch=np.pi / 2):
        b.lathe(
            [
                (0, -length * 0.25),
                (r * 0.4, -length * 0.5),
                (r * 0.75, -length * 0.45),
                (r, length * 0.1),
                (r * 0.9, length * 0.5),
                (r * 0.8, length * 0.5),
                (r * 0.7, length * 0.3),
                (0, length * 0.3),
            ]
        )
    b.cone(at, np.asarray(at) + pylon, r * 0.25, r * 0.3, sides=6)


def landing_gear(b: Builder, at, drop: float, r: float) -> None:
    b.part(*GEAR)
    x, y, z = at
    b.rod(at, (x, y, z - drop + r), r * 0.25)
    b.rod((x, y - r * 0.3, z - drop + r), (x, y + r * 0.3, z - drop + r), r)


@kind("airliner", "airplane", "passenger plane", "jet plane")
def airliner(b: Builder) -> None:
    length = b.u(25, 60)
    r, span = length * b.u(0.045, 0.065), length * b.u(0.42, 0.52)
    sweep, low = b.u(0.35, 0.65), b.maybe(0.85)
    z = -0.55 * r if low else 0.75 * r
    drop = r * b.u(1.9, 2.4)
    with b.moved((0, 0, drop)):
        _fuselage(b, length, r, b.u(0.1, 0.15), 1.0, b.u(0.95, 1.05))
        x, chord = length * b.u(0.05, 0.14), length * b.u(0.15, 0.2)
        _wings(b, x, z, r, span, chord, sweep, b.u(0.2, 0.4), b.u(0.03, 0.1) if low else -0.02)
        rear = b.maybe(0.25)
        _tail(b, length, r, length * b.u(0.12, 0.16), b.u(0.4, 0.8), rear or b.maybe(0.1))
        er, el = r * b.u(0.4, 0.55), length * b.u(0.07, 0.1)
        if rear:
            for s in (1, -1):
                _jet(b, (-length * 0.3, s * (r + er * 1.0), r * 0.3), er * 0.9, el, (0, -s * er * 1.2, 0))
        else:
            for y in b.pick((0.33,), (0.33,), (0.28, 0.55)):
                for s in (1, -1):
                    _jet(
                        b,
                        (x - sweep * span * y + el * 0.1, s * span * y, z - er * 1.25 + 0.05 * span * y),
                        er,
                        el,
                        (-el * 0.35, 0, er * 1.25),
                    )
        if b.maybe(0.4):
            b.part(*COCKPIT)
            b.blob((length * 0.035, r * 1.3, r * 0.55), (length * 0.455, 0, r * 0.38), 0.7, 0.7)
        if b.maybe(0.45):
            wheel = r * 0.28
            for at in (
                (length * 0.38, 0, -r * 0.5),
                (-length * 0.02, r * 0.9, -r * 0.6),
                (-length * 0.02, -r * 0.9, -r * 0.6),
            ):
                landing_gear(b, at, drop - r * 0.55, wheel)


@kind("propeller plane", "airplane", "small plane", "light aircraft")
def propeller_plane(b: Builder) -> None:
    length = b.u(6.5, 11)
    r, span, chord = length * b.u(0.065, 0.085), length * b.u(0.55, 0.75), length * b.u(0.16, 0.24)
    high, taper, drop = b.maybe(0.5), b.u(0.5, 1.0), r * 2.2
    z = r * 0.95 if high else -r * 0.6
    twin = b.maybe(0.25)
    with b.moved((0, 0, drop)):
        _fuselage(b, length, r, b.u(0.08, 0.16), b.u(0.5, 1), b.u(0.9, 1.2))
        _wings(b, length * 0.22, z, r, span, chord, b.u(0, 0.08), taper, b.u(0.0, 0.1))
        if b.maybe(0.12):
            _wings(b, length * 0.25, -r * 0.6 if high else r * 1.8, r, span, chord, 0, taper, 0)
        _tail(b, length, r, length * b.u(0.13, 0.18), b.u(0.1, 0.4), b.maybe(0.15))
        b.part(*COCKPIT)
        b.blob((length * b.u(0.16, 0.25), r * 1.5, r * 1.3), (length * 0.12, 0, r * 0.75), 0.8, 0.7)
        hubs = (
            [(length * 0.26, s * span * 0.3, z) for s in (1, -1)] if twin else [(length * 0.5, 0, -0.15 * r)]
        )
        for x, y, hz in hubs:
            if twin:
                b.part("engine", "motor", "what drives it")
                b.tube(
                    [(x - chord * 0.9, y, hz), (x - chord * 0.4, y, hz), (x, y, hz)],
                    (r * 0.1, r * 0.45, r * 0.3),
                    smooth=False,
                )
            b.part(*PROPELLER)
            b.cone((x - 0.02, y, hz), (x + r * 0.45, y, hz), r * 0.25, 0.01)
            turn = b.u(0, 3)
            for a in turn + np.arange(n := b.pick(2, 3, 4)) * 2 * np.pi / n:
                c = np.array((0, np.cos(a), np.sin(a))) * r * b.u(1.3, 1.5)
                b.tube(
                    [(x + r * 0.12, y, hz), np.array((x + r * 0.12, y, hz)) + c],
                    (r * 0.12, r * 0.07),
                    flat=0.3,
                )
        if b.maybe(0.8):
            nose = length * 0.36 if b.maybe(0.6) else -length * 0.45
            for at in (
                (nose, 0, -r * 0.4 if nose > 0 else r * 0.3),
                (length * 0.1, r * 1.2, -r * 0.6),
                (length * 0.1, -r * 1.2, -r * 0.6),
            ):
                landing_gear(b, at, drop - r * 0.4 if nose > 0 or at[1] else r * 1.0, r * 0.35)


@kind("fighter jet", "jet fighter", "airplane", "military plane")
def fighter_jet(b: Builder) -> None:
    length = b.u(13, 20)
    r, span = length * b.u(0.045, 0.06), length * b.u(0.26, 0.34)
    with b.moved((0, 0, r * 1.12)):
        b.part(*BODY)
        x = np.array([0.5, 0.42, 0.3, 0.1, -0.3, -0.46]) * length
        b.tube(
            np.stack([x, 0 * x, 0 * x], 1),
            np.array([0.03, 0.4, 0.75, 1.05, 1.1, 0.8]) * r,
            flat=b.u(0.65, 1),
            sides=14,
        )
        sweep, delta = b.u(0.6, 1.2), b.maybe(0.4)
        chord = length * (b.u(0.4, 0.5) if delta else b.u(0.24, 0.32))
        _wings(b, length * b.u(0.08, 0.14), 0, r, span, chord, sweep, 0.12 if delta else b.u(0.2, 0.4), 0.0)
        fins, size = b.pick(1, 2), length * 0.16
        for s in (1, -1) if fins == 2 else (0,):
            b.part(*FIN)
            y = s * r * 0.8
            foil(
                b,
                (-length * 0.24, y, r * 0.4),
                size,
                (-length * 0.35, y + s * size * 0.3, r * 0.4 + size),
                size * 0.45,
                0.08,
                True,
            )
        if not delta:
            for s in (1, -1):
                b.part(*TAILPLANE)
                foil(
                    b,
                    (-length * 0.33, s * r * 0.6, 0),
                    size,
                    (-length * 0.43, s * (r + size), 0),
                    size * 0.45,
                    0.07,
                )
        elif b.maybe():
            for s in (1, -1):
                b.part("canard", "front wing", "small wing", "wing")
                foil(
                    b,
                    (length * 0.24, s * r * 0.5, r * 0.3),
                    size * 0.6,
                    (length * 0.18, s * (r + size * 0.6), r * 0.35),
                    size * 0.2,
                    0.07,
                )
        b.part(*COCKPIT)
        b.blob((length * 0.17, r * 1.1, r * 1.1), (length * 0.24, 0, r * 0.65), 0.9, 0.9)
        for y in (0,) if b.maybe() else (r * 0.55, -r * 0.55):
            b.part(*ENGINE)
            b.rod((-length * 0.5, y, 0), (-length * 0.4, y, 0), r * (0.75 if y == 0 else 0.5))
        for s in (1, -1):
            b.part("air intake", "inlet", "where the air goes in")
            b.box((length * 0.25, r * 0.7, r * 1.1), (length * 0.06, s * r * 1.15, -r * 0.2), round=0.4)
            if b.maybe(0.6):
                b.part("missile", "weapon", "bomb", "what hangs under the wing")
                y = s * span * b.u(0.5, 0.97)
                b.cone((-length * 0.16, y, -r * 0.35), (length * 0.02, y, -r * 0.35), r * 0.16, r * 0.1)


@kind("glider", "sailplane", "paper plane", "airplane")
def glider(b: Builder) -> None:
    length = b.u(6, 8)
    r, span = length * 0.045, length * b.u(0.9, 1.3)
    with b.moved((0, 0, r * 1.2)):
        _fuselage(b, length, r, 0.12, 0.6, 1.15)
        _wings(
            b, length * 0.17, r * 0.6, r, span, length * 0.13, b.u(0, 0.04), b.u(0.3, 0.6), b.u(0.03, 0.08)
        )
        _tail(b, length, r * 0.8, length * 0.13, 0.15, b.maybe(0.7))
        b.part(*COCKPIT)
        b.blob((length * 0.2, r * 1.5, r * 1.3), (length * 0.3, 0, r * 0.55))
