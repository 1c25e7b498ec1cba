"""Grooming: brushes, shavers and dryers."""

import numpy as np

from part_perception.shapes.builder import Builder, presses
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.kinds.tools.workshop import BRISTLES
from part_perception.shapes.lexicon import CORD, HANDLE


@kind("toothbrush", "tooth brush", rest="lies")
def toothbrush(b: Builder) -> None:
    length, r = b.u(0.11, 0.16), b.u(0.004, 0.008)
    long, w = b.u(0.022, 0.035), b.u(0.005, 0.008)
    bend = b.u(-0.006, 0.006)
    b.part(*HANDLE)
    b.tube(
        [
            (-length, 0, 0),
            (-length * 0.7, 0, bend),
            (-length * 0.3, 0, -bend),
            (-length * 0.15, 0, 0),
            (0, 0, 0),
        ],
        r * np.array([0.7, 1.1, b.u(0.7, 1.2), 0.6, 0.45]),
        flat=b.u(0.5, 0.9),
    )
    head = b.part("head", "brush head", "front end", "what brushes")
    b.blob((long * 1.15, 2 * w, 0.006), (long / 2, 0, 0), e1=0.5, e2=0.7)
    b.part("bristles", "brush hair", "brush", "what cleans", inside=head)
    b.box((long * 0.95, w * 1.6, b.u(0.009, 0.013)), (long / 2, 0, 0.007), taper=b.u(0.9, 1.1), round=0.1)


@kind("electric toothbrush", "powered toothbrush", rest="lies")
def electric_toothbrush(b: Builder) -> None:
    r, length = b.u(0.011, 0.015), b.u(0.13, 0.17)
    b.part("handle", "body", "grip", "part to hold it by")
    bar(b, -length * np.array([1, 0.97, 0.6, 0.2, 0]), r * np.array([0.85, 1, b.u(0.9, 1.05), 0.9, 0.6]))
    neck = b.u(0.05, 0.08)
    head = b.part("head", "brush head", "replaceable head")
    bar(b, (-0.002, neck * 0.4, neck), (r * 0.58, r * 0.4, r * 0.3))
    b.rod((neck, 0, -0.004), (neck, 0, 0.006), 0.0065)
    b.part("bristles", "brush hair", "brush", "what cleans", inside=head)
    b.rod((neck, 0, 0.0055), (neck, 0, b.u(0.012, 0.016)), 0.006)
    b.part("button", "on off button", "switch", "what to press", joint=presses((0, 0, -1)))
    b.blob((0.018, 0.009, 0.006), (-length * b.u(0.15, 0.35), 0, r * 0.93))


@kind("razor", "safety razor", "shaver", rest="lies")
def razor(b: Builder) -> None:
    length, r, w = b.u(0.08, 0.12), b.u(0.0045, 0.008), b.u(0.017, 0.023)
    curve = b.u(0, 0.01)
    b.part(*HANDLE)
    b.tube(
        [(-length, 0, -curve), (-length * 0.6, 0, curve), (-length * 0.2, 0, curve * 0.5), (0, 0, 0)],
        r * np.array([0.8, 1, b.u(0.7, 1), 0.5]),
        flat=b.u(0.7, 1),
    )
    b.part("head", "blade", "razor head", "what shaves", "sharp part")
    with b.moved(pitch=b.u(0.3, 1.3)):
        b.box((b.u(0.009, 0.022), 2 * w, 0.006), round=0.3)


@kind("electric shaver", "electric razor", "hair clipper", "beard trimmer", rest="lies")
def electric_shaver(b: Builder) -> None:
    length, w, t = b.u(0.1, 0.16), b.u(0.02, 0.032), b.u(0.014, 0.02)
    b.part("body", "handle", "housing", "part to hold it by")
    x = length * np.array([-1, -0.96, -0.5, -0.15, 0])
    bar(b, x, w * np.array([0.7, 0.85, b.u(0.75, 0.9), 1, 0.95]), flat=t / w)
    form = b.pick("rotary", "foil", "trimmer")
    head = b.part("head", "shaving head", "blade", "what cuts the hair")
    if form == "rotary":
        b.blob((0.03, 2 * w, 2 * t), (0.006, 0, 0), e2=0.6)
        for y, z in ((0.5, 0.35), (-0.5, 0.35), (0, -0.5)):
            b.part("cutter", "round blade", "what shaves", inside=head)
            b.rod((0.01, y * w, z * t), (0.024, y * w, z * t), w * 0.42)
    elif form == "foil":
        b.box((0.025, 1.9 * w, 1.3 * t), (0.01, 0, 0), round=0.6)
    else:
        b.ribbon([(-0.005, w * 0.8), (0.02, w)], [(-0.005, -w * 0.8), (0.02, -w)], t * 0.7)
        b.part("comb", "teeth", "comb attachment", inside=head)
        b.box((0.012, w * 2, 0.004), (0.024, 0, 0))
    b.part("button", "switch", "on off switch", "what to press", joint=presses((0, 0, -1)))
    b.box((0.02, 0.012, 0.005), (-length * b.u(0.3, 0.5), 0, t * 0.87), round=0.5)


@kind("hair brush", "hairbrush", "brush", rest="lies")
def hair_brush(b: Builder) -> None:
    long, w = b.u(0.08, 0.13), b.u(0.015, 0.04)
    b.part(*HANDLE)
    r, hand = b.u(0.008, 0.013), b.u(0.09, 0.13)
    bar(b, -hand * np.array([1, 0.95, 0.5, 0]), r * np.array([0.6, 1, 0.8, 0.8]), flat=b.u(0.5, 1))
    head = b.part("head", "brush head", "pad", "paddle")
    if b.maybe(0.7):
        b.blob((long * 1.05, 2 * w, 0.016), (long / 2, 0, 0), e1=0.6, e2=b.u(0.4, 1))
        b.part(*BRISTLES, inside=head)
        b.blob((long * 0.9, 1.7 * w, 0.03), (long / 2, 0, 0.009), e1=0.3, e2=0.7)
    else:
        bar(b, (-0.002, long), (0.008, 0.008))
        b.part(*BRISTLES, inside=head)
        bar(b, long * np.array([0.08, 0.1, 0.9, 0.92]), w * np.array([0.6, 0.85, 0.85, 0.6]))


@kind("comb", "hair comb", rest="lies")
def comb(b: Builder) -> None:
    length, w, t = b.u(0.1, 0.2), b.u(0.012, 0.02), b.u(0.002, 0.004)
    tail = b.maybe(0.4)
    b.part(*(HANDLE if tail else ("back", "spine", "part to hold it by", "handle")))
    b.box((length, w * 0.6, t), (length / 2, w * 0.3, 0), round=0.3)
    if tail:
        bar(b, (-b.u(0.07, 0.12), -0.02, 0.01), (b.u(0.002, 0.008), 0.006, w * 0.5), flat=0.3, y=w * 0.3)
    b.part("teeth", "tines", "comb teeth", "what combs")
    for x in np.linspace(0.03, 0.97, b.n(14, 18)) * length:
        b.box((length * 0.022, w * 1.2, t * 0.7), (x, -w * 0.55, 0))


@kind("hair dryer", "blow dryer", "hairdryer", rest="lies")
def hair_dryer(b: Builder) -> None:
    length, r = b.u(0.13, 0.2), b.u(0.03, 0.045)
    low = b.u(0.1, 0.14)
    with b.moved(roll=-np.pi / 2):
        b.part("body", "housing", "barrel", "motor housing")
        bar(b, -length * np.array([1, 0.96, 0.7, 0.3, 0]), r * np.array([0.8, 0.95, 1, 0.85, b.u(0.6, 0.8)]))
        if b.maybe(0.75):
            b.part("nozzle", "front", "where the air comes out", "tip")
            w = b.u(0.5, 1)
            b.tube(
                [(-0.004, 0, 0), (0.02, 0, 0), (0.05, 0, 0)],
                [r * 0.72, r * 0.8, r * w],
                flat=b.pick(1, 0.4, 0.6),
                smooth=False,
            )
        b.part(*HANDLE)
        x, lean, bar_r = -length * b.u(0.6, 0.75), b.u(-0.03, 0.03), b.u(0.014, 0.019)
        b.tube(
            [(x, 0, -r * 0.7), (x + lean * 0.5, 0, -low * 0.7), (x + lean, 0, -low - 0.01)],
            [bar_r, bar_r * 0.95, bar_r],
            flat=0.85,
            steps=8,
        )
        b.part("switch", "button", "on off switch", "what to flip")
        b.box((0.01, 0.012, 0.03), (x + lean * 0.4 + bar_r * 0.85, 0, -low * 0.65), round=0.4)
        if b.maybe(0.6):
            b.part(*CORD)
            b.tube(
                [
                    (x + lean, 0, -low),
                    (x + lean, 0, -low - 0.06),
                    (x + b.u(-0.1, 0.1), 0, -low - 0.12),
                    (x + b.u(-0.15, 0.15), 0, -low - 0.1),
                ],
                0.0035,
            )
        if b.maybe(0.5):
            b.part("grille", "air intake", "back cover", "where the air goes in")
            bar(b, -length - np.array([0.006, -0.002]), (r * 0.6, r * 0.75))


@kind("hair clip", "claw clip", "hair claw", rest="lies")
def hair_clip(b: Builder) -> None:
    length, a = b.u(0.04, 0.1), b.u(0.1, 0.4)
    w = length * 0.2
    for s in (-1, 1):
        b.part("jaw", "teeth", "comb", "what holds the hair")
        for y in np.linspace(-1, 1, 4):
            b.tube(
                [
                    (0, y * w, s * 0.002),
                    (length * 0.25, y * w * 1.3, s * (0.015 + 0.03 * a)),
                    (length * 0.5, y * w * 1.3, s * 0.04 * a),
                ],
                0.0022,
                sides=6,
                steps=8,
            )
        b.part("handle", "grip", "what to squeeze", "lever")
        b.tube(
            [(0, 0, s * 0.002), (-length * 0.2, 0, s * 0.012), (-length * 0.3, 0, s * (0.012 + 0.03 * a))],
            [w * 0.12, w * 0.1, w * 0.08],
            flat=8,
            steps=6,
        )
    b.part("spring", "hinge", "joint", "what it turns on")
    b.rod((0, -w * 1.1, 0), (0, w * 1.1, 0), 0.004)
