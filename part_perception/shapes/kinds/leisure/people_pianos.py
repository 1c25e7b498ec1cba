"""Dolls, robots, busts, globes and pianos. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.leisure.figures import FIGURE_HEAD, TORSO
from part_perception.shapes.lexicon import BASE, LID, STAND

FIGURE_LEG = ("leg", "limb", "lower limb")
FIGURE_ARM = ("arm", "limb", "upper limb")


@kind("person", "human figure", "doll", "mannequin", "toy figure")
def person(b: Builder) -> None:
    h = b.pick(b.u(0.06, 0.35), b.u(0.06, 0.35), b.u(1.5, 1.9))
    w, sitting = h * b.u(0.2, 0.27), b.maybe(0.15)
    hip, neck = h * b.u(0.46, 0.5), h * 0.82
    b.part(*TORSO)
    if b.maybe():
        spine = [(0, 0, hip - 0.02 * h), (0, 0, hip + 0.1 * h), (0, 0, neck - 0.08 * h), (0, 0, neck)]
        b.tube(spine, (w * 0.36, w * 0.34, w * 0.46, w * 0.16), flat=0.62, sides=14, smooth=False)
    else:
        b.box((w * 0.5, w * 0.85, neck - hip), (0, 0, (neck + hip) / 2), round=0.7)
    b.part(*FIGURE_HEAD)
    k = h * b.u(0.12, 0.17)
    b.blob((k, k * 0.85, k * 1.2), (0.01 * h, 0, h - k * 0.6))
    b.rod((0, 0, neck - 0.02 * h), (0, 0, h - k * 0.8), k * 0.28)
    for s in (1, -1):
        b.part(*FIGURE_ARM)
        a, bend = b.u(0.05, 1.5) * (1 if b.maybe(0.85) else 1.8), b.u(-0.2, 0.9)
        start = np.array((0, s * w * 0.45, neck - 0.05 * h))
        elbow = start + 0.17 * h * np.array((0, s * np.sin(a), -np.cos(a)))
        b.tube(
            [
                start,
                elbow,
                elbow
                + 0.17
                * h
                * np.array((np.sin(bend), s * np.sin(a) * np.cos(bend), -np.cos(a) * np.cos(bend))),
            ],
            h * 0.024,
            smooth=False,
        )
        b.part(*FIGURE_LEG)
        step = b.u(-0.08, 0.08) * h
        y = s * w * 0.22
        if sitting:
            path = [
                (0, y, hip),
                (0.25 * h, y * 1.2, hip),
                (0.26 * h, y * 1.2, hip - 0.22 * h),
                (0.32 * h, y * 1.2, hip - 0.24 * h),
            ]
        else:
            path = [
                (0, y, hip),
                (step * 0.5, y * 1.15, hip / 2),
                (step, y * 1.2, 0.02 * h),
                (step + 0.07 * h, y * 1.25, 0.015 * h),
            ]
        b.tube(path, (h * 0.04, h * 0.033, h * 0.024, h * 0.018), smooth=False)
    if b.maybe(0.2):
        b.part(*BASE)
        b.lathe([(0, -0.02 * h), (w * 0.7, -0.02 * h), (w * 0.7, 0.006 * h), (0, 0.006 * h)])


@kind("bust", "statue", "sculpture", "head statue")
def bust(b: Builder) -> None:
    k = b.u(0.05, 0.2)
    b.part(*BASE, "pedestal")
    if b.maybe():
        foot = [
            (0, 0),
            (k * 0.8, 0),
            (k * 0.75, k * 0.25),
            (k * 0.45, k * 0.45),
            (k * 0.5, k * 0.7),
            (0, k * 0.7),
        ]
        b.lathe(foot)
    else:
        b.box((k * 1.4, k * 1.4, k * 0.7), (0, 0, k * 0.35))
    b.part("shoulders", "chest", "body", "torso")
    b.blob((k * 1.2, k * 2.2, k * 1.5), (0, 0, k * 1.2), 0.8, 0.8)
    b.part("neck", "throat")
    b.rod((0, 0, k * 1.6), (0.1 * k, 0, k * 2.4), k * 0.38)
    b.part(*FIGURE_HEAD)
    b.blob((k * 1.35, k * 1.1, k * 1.6), (0.12 * k, 0, k * 3.0))
    b.part("nose", "what it smells with")
    b.cone((k * 0.78, 0, k * 3.1), (k * 0.92, 0, k * 2.85), k * 0.06, k * 0.14)


@kind("toy robot", "robot", "robot figure")
def toy_robot(b: Builder) -> None:
    k = b.u(0.04, 0.15)
    b.part(*TORSO)
    b.box((k * 1.1, k * 1.6, k * 1.8), (0, 0, k * 2.3), round=b.u(0, 0.5))
    b.part(*FIGURE_HEAD)
    b.box((k, k, k * 0.85), (0, 0, k * 3.75), round=b.u(0, 0.7))
    b.rod((0, 0, k * 3.1), (0, 0, k * 3.5), k * 0.25)
    for s in (1, -1):
        b.part("eye", "what it sees with")
        b.rod((k * 0.45, s * k * 0.22, k * 3.85), (k * 0.58, s * k * 0.22, k * 3.85), k * 0.13)
        b.part(*FIGURE_ARM)
        up = b.u(-0.3, 1.5)
        elbow = (k * 0.1, s * k * 1.15, k * 2.2)
        b.tube(
            [
                (0, s * k * 0.75, k * 2.9),
                (0, s * k * 1.1, k * 2.85),
                elbow,
                (k * np.sin(up), s * k * 1.15, k * (2.2 - np.cos(up))),
            ],
            k * 0.2,
            smooth=False,
        )
        b.part(*FIGURE_LEG)
        b.box((k * 0.5, k * 0.5, k * 1.3), (0, s * k * 0.42, k * 0.8))
        b.box((k * 0.9, k * 0.6, k * 0.3), (k * 0.12, s * k * 0.42, k * 0.15), round=0.3)
    if b.maybe(0.6):
        b.part("antenna", "aerial", "what it hears with")
        b.rod((0, 0, k * 4.1), (0, 0, k * 4.7), k * 0.05)
        b.blob((k * 0.2, k * 0.2, k * 0.2), (0, 0, k * 4.75))


@kind("globe", "desk globe", "world globe")
def globe(b: Builder) -> None:
    r, h = b.u(0.08, 0.18), b.u(0.05, 0.12)
    z = h + r
    b.part("globe", "sphere", "ball", "earth", "what turns")
    b.blob((2 * r, 2 * r, 2 * r), (0, 0, z))
    b.part("ring", "meridian", "arm", "bracket", "what holds the ball")
    with b.moved((0, 0, z), roll=0.4):
        b.ring(
            (0, 0, 0),
            r * 1.08,
            0.005,
            axis="x",
            arc=(-np.pi / 2, np.pi / 2) if b.maybe(0.7) else (0, 2 * np.pi),
        )
        b.rod((0, 0, -r * 1.1), (0, 0, r * 1.1), 0.004)
    b.part(*STAND)
    b.lathe([(0, 0), (r * 0.75, 0), (r * 0.7, 0.015), (0.02, 0.03), (0.012, h * 0.9), (0, h * 0.95)])


@kind("piano", "upright piano")
def piano(b: Builder) -> None:
    w, d, h, z = 1.48, b.u(0.3, 0.4), b.u(1.05, 1.3), 0.72
    b.part("body", "case", "cabinet")
    b.box((d, w, h), (-d / 2, 0, h / 2))
    b.part("key bed", "shelf under the keys")
    b.box((0.3, w, 0.12), (0.15, 0, z - 0.1))
    b.part("keys", "keyboard", "what to play on")
    b.box((0.16, w * 0.88, 0.025), (0.19, 0, z - 0.03))
    b.part("keys", "black keys", "keyboard")
    for y in np.linspace(-0.42, 0.42, 12) * w:
        b.box((0.09, 0.012, 0.012), (0.15, y, z - 0.012))
    b.part(*LID)
    b.box((d + 0.03, w + 0.03, 0.03), (-d / 2, 0, h + 0.015))
    b.part("music stand", "music rest", "where the notes stand")
    with b.moved((0.03, 0, z + 0.08), pitch=-0.15):
        b.box((0.015, w * 0.5, 0.25), (0, 0, 0.12))
    for s in (1, -1):
        b.part("leg", "front leg", "support", "what it stands on")
        b.box((0.08, 0.08, z - 0.16), (0.25, s * w * 0.46, (z - 0.16) / 2), taper=1.2)
    for y in (-0.08, 0.0, 0.08):
        b.part("pedal", "foot pedal", "what to press with the foot")
        b.box((0.12, 0.035, 0.015), (0.05, y, 0.06), round=0.5)


@kind("grand piano", "concert piano", "piano")
def grand_piano(b: Builder) -> None:
    w, d, z = 1.48, b.u(1.5, 2.3), 0.65
    b.part("body", "case", "soundbox")
    x = np.array([0, -0.35, -0.6, -0.85, -1.0]) * d
    right = np.array([0.5, 0.5, 0.28, 0.05, -0.1]) * w
    left = np.array([-0.5, -0.5, -0.5, -0.47, -0.3]) * w
    b.ribbon(np.stack([x, right], 1), np.stack([x, left], 1), 0.28, (0, 0, z + 0.14))
    b.part(*LID)
    with b.moved((0, -w / 2, z + 0.3), roll=b.pick(0.02, b.u(0.4, 0.8))):
        b.ribbon(np.stack([x * 1.01, right + w / 2], 1), np.stack([x * 1.01, left + w / 2], 1), 0.02)
    b.part("keys", "keyboard", "what to play on")
    b.box((0.16, w * 0.86, 0.03), (0.1, 0, z + 0.09))
    b.part("key bed", "shelf under the keys")
    b.box((0.24, w, 0.07), (0.1, 0, z + 0.035))
    for px, y in ((-0.08, 0.42), (-0.08, -0.42), (-0.85, -0.25)):
        b.part("leg", "support", "what it stands on")
        b.cone((px * d, y * w, 0), (px * d, y * w, z + 0.01), 0.035, 0.06)
    b.part("pedal", "foot pedal", "what to press with the foot")
    b.box((0.06, 0.2, z * 0.85), (-0.12, 0, z * 0.5))
    for y in (-0.07, 0, 0.07):
        b.box((0.12, 0.03, 0.015), (-0.05, y, 0.06))
