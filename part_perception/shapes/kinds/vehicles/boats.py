"""Boats. They go to +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.vehicles.vehicles import WINDOW, hull


@kind("boat", "motor boat", "rowing boat", "ship")
def boat(b: Builder) -> None:
    length = b.u(3, 9)
    w, h, t = length * b.u(0.27, 0.36), length * b.u(0.1, 0.15), 0.05
    b.part("hull", "boat body", "body", "what floats")
    x = np.array([-0.5, -0.2, 0.15, 0.38, 0.5]) * length
    wide = np.array([0.75, 1.0, 0.95, 0.55, 0.03]) * w
    a = np.linspace(0, np.pi, 13)
    outer = np.stack(
        [
            np.stack(
                [
                    np.full(13, p),
                    q / 2 * np.cos(a),
                    h * (1.05 + 0.25 * max(p / length, 0))
                    - h * np.sin(a) ** 0.6 * (1 - 0.5 * max(p / length, 0)),
                ],
                1,
            )
            for p, q in zip(x, wide, strict=True)
        ]
    )
    b.grid(outer)
    b.grid(outer * (0.97, 0.93, 1) + (0, 0, t))
    b.extrude(outer[0][:, 1:], t, (x[0], 0, 0), plane="yz")
    if b.maybe(0.5):
        b.part("cabin", "cockpit", "bridge", "where the captain stands")
        b.box((length * 0.28, w * 0.6, h * 1.3), (0, 0, h * 1.2), round=0.2, taper=0.85)
        b.part(*WINDOW)
        b.box((length * 0.25, w * 0.61, h * 0.35), (0, 0, h * 1.4), taper=0.96)
    else:
        for px in (-0.28, 0.0, 0.2)[: b.n(2, 3)]:
            b.part("seat", "bench", "where to sit")
            b.box((0.25, w * 0.85, 0.04), (px * length, 0, h * 0.75))
    if b.maybe(0.6):
        b.part("engine", "outboard motor", "motor", "what drives it")
        b.box((0.3, 0.25, 0.4), (-length / 2 - 0.15, 0, h * 1.2), round=0.5)
        b.box((0.12, 0.08, h * 1.1), (-length / 2 - 0.15, 0, h * 0.6))
    else:
        for s in (1, -1):
            b.part("oar", "paddle", "what to row with")
            b.tube(
                [(-0.1, s * w * 0.2, h * 1.2), (-0.3, s * w * 0.7, h * 1.05), (-0.6, s * w * 1.2, h * 0.7)],
                0.025,
            )
            b.box((0.35, 0.3, 0.03), (-0.65, s * w * 1.25, h * 0.66))


@kind("sailing boat", "sailboat", "yacht", "toy boat")
def sailboat(b: Builder) -> None:
    length = b.u(3, 11)
    w, h, mast = length * b.u(0.25, 0.34), length * b.u(0.09, 0.13), length * b.u(1.0, 1.35)
    b.part("hull", "boat body", "body", "what floats")
    hull(
        b,
        [
            (-length / 2, w * 0.6, h * 0.5, h, 1.1),
            (-length * 0.15, w, 0, h, 1.15),
            (length * 0.2, w * 0.8, h * 0.1, h * 1.05, 1.2),
            (length / 2, w * 0.04, h * 0.75, h * 1.15, 1),
        ],
        0.7,
    )
    b.part("mast", "pole", "what holds the sail")
    b.rod((length * 0.08, 0, h * 0.9), (length * 0.08, 0, h + mast), length * 0.009)
    b.rod((length * 0.08, 0, h * 1.7), (-length * 0.38, 0, h * 1.7), length * 0.007)
    x0 = length * 0.07
    for tip, low, names in (
        (
            (x0, 0, h + mast * 0.97),
            [(x0, 0, h * 1.8), (-length * 0.37, 0, h * 1.8)],
            ("sail", "main sail", "what catches the wind"),
        ),
        (
            (length * 0.1, 0, h + mast * 0.8),
            [(length * 0.12, 0, h * 1.5), (length * 0.47, 0, h * 1.3)],
            ("sail", "front sail", "jib", "what catches the wind"),
        ),
    ):
        b.part(*names)
        t = np.linspace(0, 1, 7)[:, None, None]
        ends = np.asarray(low, float)[None]
        foot = np.stack([ends[:, 0] + (ends[:, 1] - ends[:, 0]) * s for s in np.linspace(0, 1, 6)], 1)
        sail = foot + (np.asarray(tip) - foot) * t
        sail[..., 1] += length * 0.05 * np.sin(np.pi * t[..., 0]) * np.sin(np.pi * np.linspace(0, 1, 6))
        b.sheet(sail)
    if b.maybe(0.5):
        b.part("cabin", "cockpit", "deck house")
        b.box((length * 0.25, w * 0.5, h * 0.5), (length * 0.05, 0, h * 1.15), round=0.5, taper=0.8)
    b.part("rudder", "fin", "what steers it")
    b.box((length * 0.06, 0.04, h * 1.1), (-length * 0.5, 0, h * 0.5))
