"""Balls and the equipment that goes with them."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import HANDLE, NOZZLE

BALL = ("ball", "body", "round part")


@kind("helmet", "bicycle helmet", "hard hat", "motorbike helmet")
def helmet(b: Builder) -> None:
    r, form = b.u(0.1, 0.13), b.pick("bicycle", "hard hat", "motorbike", "riding")
    deep = r * b.u(0.95, 1.2)
    b.part("shell", "crown", "body", "what protects the head")
    if form == "motorbike":
        z = r * 0.95
        b.blob((2.3 * r, 2 * r, 2.1 * r), (0, 0, z + r * 0.1), e1=0.9)
        b.part("visor", "face shield", "window", "what to look through")
        a, s = np.linspace(-1.05, 1.05, 13)[None], np.linspace(-0.25, 0.35, 6)[:, None]
        k = 1.04 * np.cos(s * 0.9)
        b.sheet(
            np.stack([1.15 * r * k * np.cos(a), 1.0 * r * k * np.sin(a), z + r * 0.12 + r * s + 0 * a], 2)
        )
        b.part("chin bar", "chin guard", "front")
        b.tube(
            [(1.1 * r * np.cos(t), 1.0 * r * np.sin(t), z - r * 0.6) for t in np.linspace(-1.1, 1.1, 7)],
            r * 0.16,
            flat=1.4,
        )
        return
    long, t = b.u(1.1, 1.25), 0.008 if form != "bicycle" else 0.02
    turn = np.linspace(0.05, np.pi / 2, 9)
    outer = np.stack([r * np.cos(turn), deep * np.sin(turn)], 1)
    with b.moved((0, 0, 0.02)):
        grid_r = np.concatenate([outer, outer[::-1] * ((r - t) / r)])
        b.lathe(grid_r, squash=1 / long)
    if form == "bicycle":
        b.part("vents", "air holes", "ridges", "openings")
        for y in (-0.45, 0, 0.45):
            b.tube(
                [
                    (
                        r * 0.9 * np.cos(p),
                        y * r * 0.8 * np.cos(p * 0.3),
                        0.022 + deep * 1.0 * np.sqrt(max(1 - (0.9 * np.cos(p)) ** 2 - (y * 0.9) ** 2, 0.02)),
                    )
                    for p in np.linspace(0.3, 2.84, 7)
                ],
                0.012,
                flat=0.6,
            )
    if form != "bicycle" or b.maybe(0.5):
        b.part("visor", "brim", "peak", "what shades the eyes")
        a = np.linspace(-0.9, 0.9, 11) if form != "hard hat" or b.maybe() else np.linspace(-np.pi, np.pi, 25)
        reach = r * (1.15 + b.u(0.15, 0.4) * np.maximum(np.cos(a), 0.15))
        b.sheet(
            np.stack(
                [
                    np.stack([k * np.cos(a), k / long * np.sin(a), np.full(len(a), z)], 1)
                    for k, z in ((r * 0.97, 0.03), (reach, 0.018), (reach, 0.015), (r * 0.97, 0.026))
                ]
            )
        )
    if b.maybe(0.7):
        b.part("strap", "chin strap", "belt", "what holds it on the head")
        b.tube(
            [
                (0, r * 0.9 / long, 0.04),
                (r * 0.2, r * 0.6, -0.06),
                (r * 0.25, 0, -0.1),
                (r * 0.2, -r * 0.6, -0.06),
                (0, -r * 0.9 / long, 0.04),
            ],
            0.0018,
            flat=4,
        )


@kind("ball with pump", "ball and pump", "hand pump", "bicycle pump", rest="lies")
def ball_pump(b: Builder) -> None:
    length, r = b.u(0.15, 0.4), b.u(0.012, 0.02)
    b.part("barrel", "body", "cylinder", "tube")
    bar(b, (-length, 0), (r, r))
    b.part(*HANDLE)
    out = b.u(0.01, 0.15)
    if b.maybe():
        b.rod((-length - out, -0.05, 0), (-length - out, 0.05, 0), r * 0.9)
    else:
        bar(b, -length - out - np.array([0.05, 0.045, 0]), r * np.array([0.9, 1.2, 1.2]))
    b.part("rod", "plunger", "piston rod")
    bar(b, (-length - out, -length + 0.002), (r * 0.35, r * 0.35))
    b.part(*NOZZLE)
    bar(b, (-0.002, 0.012, 0.015, 0.055), (r * 0.6, r * 0.5, 0.0015, 0.0012))
    if b.maybe(0.5):
        b.part(*BALL)
        ball = b.u(0.08, 0.12)
        b.blob((2 * ball,) * 3, (0.05 + ball, 0, 0))


@kind("ball", "football", "soccer ball", "basketball", "rugby ball")
def ball(b: Builder) -> None:
    r = b.pick(b.u(0.02, 0.04), b.u(0.09, 0.125))
    body = b.part("ball", "body", "surface", "skin")
    b.blob((2 * r * b.pick(1, 1, 1, 1.5), 2 * r, 2 * r), (0, 0, r))
    b.part("valve", "air hole", "where to pump it up", inside=body)
    b.rod((0, 0, 2 * r - r * 0.03), (0, 0, 2 * r + r * 0.02), r * 0.08)
    if b.maybe(0.5):
        b.part("seam", "stripe", "line", inside=body)
        b.ring((0, 0, r), r * 1.003, r * 0.025, axis=b.pick("x", "y"))


@kind("shuttlecock", "badminton birdie", rest="lies")
def shuttlecock(b: Builder) -> None:
    b.part("cork", "head", "tip", "round end")
    b.blob((0.028, 0.027, 0.027), (0, 0, 0))
    b.part("feathers", "skirt", "cone", "tail")
    with b.moved(pitch=-np.pi / 2):
        r = b.u(0.028, 0.034)
        b.lathe([(0.011, 0.004), (r, 0.07), (r * 0.97, 0.07), (0.01, 0.006)])


@kind("bowling pin", "skittle", "pin")
def bowling_pin(b: Builder) -> None:
    h, r = b.u(0.15, 0.38), b.u(0.15, 0.17)
    b.part("body", "belly", "pin", "lower part")
    b.lathe([(0, 0), (h * 0.07, 0), (h * r, h * 0.3), (h * 0.1, h * 0.5), (h * 0.063, h * 0.64)])
    b.part("neck", "narrow part", "part to hold it by")
    b.lathe([(h * 0.063, h * 0.64), (h * 0.058, h * 0.7), (h * 0.066, h * 0.78)])
    b.part("head", "top", "round end")
    b.lathe([(h * 0.066, h * 0.78), (h * 0.085, h * 0.88), (h * 0.06, h * 0.97), (0, h)])


@kind("boxing glove", "mitten", rest="lies")
def boxing_glove(b: Builder) -> None:
    w = b.u(0.05, 0.075)
    b.part("body", "hand part", "padding", "where the fingers go")
    b.blob((w * 3, w * 2, w * 1.7), (0, 0, 0), e1=0.8, e2=0.8)
    b.part("thumb", "thumb part", "where the thumb goes")
    b.tube(
        [(-w * 0.8, w * 0.6, 0), (-w * 0.1, w * 1.25, 0), (w * 0.7, w * 1.1, 0)],
        [w * 0.4, w * 0.42, w * 0.3],
        steps=10,
    )
    b.part("cuff", "wrist", "opening", "where the hand goes in")
    bar(b, -w * np.array([2.5, 1.9, 1]), w * np.array([0.95, 0.85, 0.85]), flat=0.85)
