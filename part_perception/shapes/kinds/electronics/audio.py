"""Speakers, microphones and other audio devices."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.electronics.electronics import DEVICE, cable
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BASE, BUTTON, CORD, KNOB, STAND, SWITCH

EARCUP = ("ear cup", "earcup", "earpiece", "speaker", "what goes over the ear")


@kind("speaker", "loudspeaker", "music box")
def speaker(b: Builder) -> None:
    form = b.pick("box", "box", "round", "tube")
    w, h = b.u(0.09, 0.22), b.u(0.14, 0.4)
    body = b.part(*DEVICE)
    cone = ("cone", "membrane", "driver", "where the sound comes out")
    if form == "box":
        d = w * b.u(0.8, 1.2)
        b.box((d, w, h), (0, 0, h / 2), round=b.u(0, 0.2))
        for z, k in ((0.3, 0.42), (0.75, b.u(0.2, 0.35))):
            b.part(*cone, inside=body)
            with b.moved((d / 2, 0, h * z), pitch=np.pi / 2):
                b.lathe(
                    [
                        (w * k, 0),
                        (w * k, 0.008),
                        (w * k * 0.88, 0.008),
                        (w * k * 0.35, 0.001),
                        (w * k * 0.2, 0.008),
                        (0, 0.009),
                    ]
                )
    elif form == "round":
        r = w * 0.4
        b.lathe([(0, 0), (r, 0.003), (r, r * 2), (0, r * 2 + 0.003)])
        b.part("grille", "mesh", "speaker cover", "where the sound comes out")
        b.lathe([(r * 1.01, r * 0.3), (r * 1.03, r * 0.35), (r * 1.03, r * 1.7), (r * 1.01, r * 1.75)])
        b.part(*BUTTON, inside=body, joint=presses((0, 0, -1)))
        b.rod((0, 0, r * 2), (0, 0, r * 2 + 0.007), r * 0.3)
    else:
        r, length = b.u(0.03, 0.05), b.u(0.15, 0.24)
        b.rod((0, -length / 2, r), (0, length / 2, r), r)
        for s in (-1, 1):
            b.part(*cone, inside=body)
            b.rod((0, s * length / 2, r), (0, s * (length / 2 + 0.005), r), r * 0.85)
        b.part("strap", "loop", "carrying loop", "part to hold it by")
        b.tube([(0, -length * 0.2, r * 1.95), (0, 0, r * 2.5), (0, length * 0.2, r * 1.95)], 0.003, flat=2.5)


@kind("radio", "portable radio", "cassette player", "boombox")
def radio(b: Builder) -> None:
    w, h, d = b.u(0.16, 0.4), b.u(0.1, 0.2), b.u(0.05, 0.1)
    body = b.part(*DEVICE)
    b.box((d, w, h), (0, 0, h / 2), round=b.u(0.05, 0.5))
    for y in b.pick((-0.25,), (-0.32, 0.32)):
        b.part("speaker", "grille", "where the sound comes out", inside=body)
        b.rod((d / 2 - 0.002, y * w, h * 0.5), (d / 2 + 0.005, y * w, h * 0.5), min(h * 0.36, w * 0.16))
    b.part("display", "screen", "frequency window", "tuning dial", inside=body)
    b.box((0.004, w * 0.3, h * 0.2), (d / 2 + 0.001, w * b.u(0, 0.04), h * 0.72))
    for i in range(b.n(1, 3)):
        b.part("knob", "dial", "round handle", "what to turn", joint=spins((1, 0, 0)))
        y = w * (0.02 + 0.12 * i - 0.1)
        b.rod((d / 2 - 0.001, y, h * 0.25), (d / 2 + 0.012, y, h * 0.25), w * 0.04)
    if b.maybe(0.7):
        b.part("antenna", "aerial", "what receives the signal")
        b.rod((-d * 0.3, w * 0.42, h - 0.005), (-d * 0.3, w * b.u(0.1, 0.8), h * b.u(1.5, 2.2)), 0.0025)
    if b.maybe(0.6):
        b.part("handle", "carrying handle", "part to hold it by", "where to grab it")
        b.tube(
            [
                (0, -w * 0.42, h * 0.9),
                (0, -w * 0.36, h * 1.25),
                (0, w * 0.36, h * 1.25),
                (0, w * 0.42, h * 0.9),
            ],
            0.007,
        )


@kind("headphones", "headset", "earphone", "over-ear headphones")
def headphones(b: Builder) -> None:
    w, r = b.u(0.065, 0.085), b.u(0.024, 0.042)
    tall = b.u(0.085, 0.12)
    band = b.part("headband", "band", "bow", "what goes over the head")
    turn = np.linspace(0, np.pi, 13)
    arc = np.stack([np.zeros(13), w * np.cos(turn), r + tall * np.sin(turn) ** b.u(0.6, 1)], 1)
    b.tube(arc, b.u(0.002, 0.006), flat=b.pick(1, b.u(2, 5)), steps=20)
    if b.maybe(0.4):
        b.part("cushion", "padding", "band pad", inside=band)
        b.tube(arc[4:9] - (0, 0, 0.006), 0.007, flat=2.2, steps=8)
    for s in (-1, 1):
        cup = b.part(*EARCUP)
        flat_y, squash = b.u(0.008, 0.016), b.u(1, 1.25)
        with b.moved((0, s * (w + 0.002), r), roll=-s * np.pi / 2):
            b.lathe([(0, 0.014), (r * 0.5, 0.013), (r * 0.85, 0.006), (r * 0.85, 0)], squash=squash)
            b.part("cushion", "ear pad", "padding", "soft ring", inside=cup)
            b.lathe(
                [(r * 0.5, -flat_y), (r * 0.75, -flat_y * 1.5), (r, -flat_y), (r, 0), (r * 0.8, 0.001)],
                squash=squash,
            )
            b.again(cup)
            b.lathe([(r * 0.5, -flat_y * 0.6), (0, -flat_y * 0.6)], squash=squash)
    if b.maybe(0.3):
        b.part("microphone", "mic", "mic arm", "what to speak into")
        b.tube(
            [(0.01, w, r * 0.6), (0.06, w * 1.05, -r * 0.3), (0.11, w * 0.6, -r * 0.8)], [0.003, 0.003, 0.006]
        )
    if b.maybe(0.4):
        cable(b, (0, -w, 0.004), (0.5, -0.8, 0), b.u(0.1, 0.25))


@kind("earphones", "earbuds", "in-ear headphones", rest="lies")
def earphones(b: Builder) -> None:
    split = np.array([b.u(0.1, 0.16), 0, 0.002])
    for s in (-1, 1):
        p = np.array([0, s * b.u(0.015, 0.05), 0.008])
        b.part("earbud", "ear piece", "speaker", "what goes in the ear")
        b.blob((0.015, 0.013, 0.013), p)
        b.cone(p, p + (-0.008, s * 0.006, 0.0), 0.0045, 0.006)
        b.part("stem", "cable end", "neck")
        b.rod(p, p + (0.022, 0, -0.005), 0.003)
        b.part(*CORD)
        b.tube(
            [
                p + (0.02, 0, -0.005),
                p + (0.06, s * b.u(-0.01, 0.02), -0.006),
                split + (-0.02, s * 0.005, 0),
                split,
            ],
            0.0013,
            steps=12,
            sides=6,
        )
    b.part(*CORD)
    side = b.u(-0.06, 0.06)
    end = split + (0.15, side, 0)
    b.tube([split, split + (0.05, -side, 0), split + (0.1, side, 0), end], 0.0016, steps=14, sides=6)
    b.part("plug", "connector", "jack", "what goes into the device")
    b.rod(end - (0.002, 0, 0), end + (0.015, 0, 0), 0.003)
    b.rod(end + (0.014, 0, 0), end + (0.028, 0, 0), 0.0017)


@kind("microphone", "mic", "hand microphone", rest="lies")
def microphone(b: Builder) -> None:
    length, r = b.u(0.12, 0.18), b.u(0.01, 0.014)
    b.part("handle", "body", "shaft", "part to hold it by")
    bar(b, -length * np.array([1, 0.97, 0.1, 0]), r * np.array([0.75, 0.85, b.u(1, 1.4), 1.4]))
    head = b.u(0.02, 0.028)
    b.part("head", "grille", "ball", "mesh", "what to speak into")
    form = b.pick("ball", "pill")
    if form == "ball":
        b.blob((head * 1.9, head * 2, head * 2), (head * 0.75, 0, 0))
    else:
        bar(b, (-0.002, head * 1.6, head * 2.2), (head * 0.85, head * 0.85, head * 0.5))
    b.part("ring", "collar", "band")
    bar(b, (-0.003, 0.006), (head * 0.98, head * 0.98))
    if b.maybe(0.6):
        b.part(*SWITCH)
        b.box((0.02, 0.008, 0.005), (-length * b.u(0.15, 0.35), 0, r * 1.1), round=0.3)
    if b.maybe(0.4):
        cable(b, (-length, 0, 0), (-1, 0, 0), b.u(0.1, 0.25), 0.003)


@kind("desk microphone", "table microphone", "studio microphone")
def desk_microphone(b: Builder) -> None:
    h, r = b.u(0.12, 0.22), b.u(0.02, 0.03)
    b.part(*BASE)
    b.lathe([(0, 0), (b.u(0.05, 0.07), 0), (0.045, 0.012), (0, 0.014)])
    b.part(*STAND)
    b.tube([(0, 0, 0.012), (0, 0, h * 0.5), (b.u(-0.01, 0.02), 0, h)], b.u(0.004, 0.008))
    b.part("head", "microphone", "grille", "what to speak into")
    if b.maybe():
        b.tube([(0, 0, h - 0.01), (0, 0, h + 0.05), (0, 0, h + 0.09)], [r, r, r * 0.6], smooth=False)
    else:
        b.blob((r * 2.2, r * 2, r * 2.4), (0, 0, h))


@kind("record player", "turntable", "gramophone")
def record_player(b: Builder) -> None:
    w, d, h = b.u(0.38, 0.46), b.u(0.3, 0.38), b.u(0.05, 0.12)
    b.part("body", "base", "case", "housing")
    b.box((d, w, h), (0, 0, h / 2), round=0.1)
    b.part("platter", "turntable", "record", "disc", "what turns")
    b.rod((0, w * 0.08, h - 0.002), (0, w * 0.08, h + 0.015), d * 0.43, sides=28)
    b.part("arm", "tone arm", "needle arm", "what plays the record")
    b.rod((-d * 0.35, -w * 0.4, h - 0.002), (-d * 0.35, -w * 0.4, h + 0.035), 0.018)
    b.tube(
        [
            (-d * 0.42, -w * 0.42, h + 0.03),
            (-d * 0.1, -w * 0.38, h + 0.03),
            (d * 0.18, -w * b.u(0.2, 0.38), h + 0.02),
        ],
        0.005,
    )
    b.part(*KNOB, joint=spins((0, 0, 1)))
    b.rod((d * 0.4, -w * 0.42, h - 0.002), (d * 0.4, -w * 0.42, h + 0.012), 0.014)
    if b.maybe(0.5):
        b.part("lid", "cover", "dust cover", "what closes it")
        with b.moved((-d / 2, 0, h), pitch=-b.u(1, 1.6)):
            b.box((d, w, 0.004), (d / 2, 0, 0.05))
            for s in (-1, 1):
                b.box((d, 0.004, 0.05), (d / 2, s * w * 0.498, 0.026))
