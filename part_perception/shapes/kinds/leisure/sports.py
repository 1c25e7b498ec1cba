"""Weights, rackets, bats and clubs."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import HANDLE


@kind("dumbbell", "hand weight", "barbell", rest="lies")
def dumbbell(b: Builder) -> None:
    length, r = b.u(0.1, 0.16), b.u(0.012, 0.018)
    if b.maybe(0.2):
        length = b.u(0.5, 1.2)
    b.part("handle", "bar", "grip", "part to hold it by")
    bar(b, np.linspace(-0.5, 0.5, 5) * length, r * np.array([1, 1, b.u(1, 1.2), 1, 1]))
    form, big = b.pick("hex", "round", "plates", "ball"), b.u(0.03, 0.06)
    wide, n = big * b.u(0.7, 1.3), b.n(2, 3)
    for s in (-1, 1):
        b.part("weight", "plate", "head", "heavy end")
        x = s * length / 2
        if form == "ball":
            b.blob((wide * 2,) * 3, (x + s * wide * 0.8, 0, 0))
        elif form == "plates":
            for i in range(n):
                rim = big * (1.3 - 0.25 * i)
                b.tube(
                    [(x + s * 0.018 * i, 0, 0), (x + s * (0.018 * i + 0.015), 0, 0)],
                    rim,
                    sides=22,
                    smooth=False,
                )
            b.tube([(x, 0, 0), (x + s * (0.018 * n + 0.03), 0, 0)], r, smooth=False)
        else:
            path = [(x + s * wide * k, 0, 0) for k in (0, 0.12, 0.9, 1)]
            b.tube(path, big * np.array([0.85, 1, 1, 0.8]), sides=6 if form == "hex" else 20, smooth=False)


@kind("kettlebell", "kettle bell", "girya")
def kettlebell(b: Builder) -> None:
    r = b.u(0.06, 0.11)
    b.part("body", "weight", "ball", "heavy part")
    b.lathe(
        [
            (0, 0),
            (r * 0.6, 0),
            (r * 0.9, r * 0.4),
            (r, r * 0.95),
            (r * 0.85, r * 1.5),
            (r * 0.4, r * 1.85),
            (0, r * 1.92),
        ],
        smooth=False,
    )
    b.part(*HANDLE)
    w, up, bar_r = r * b.u(0.55, 0.8), r * b.u(2.4, 2.9), r * b.u(0.16, 0.22)
    b.tube(
        [
            (0, -w * 0.8, r * 1.55),
            (0, -w, up * 0.9),
            (0, -w * 0.5, up),
            (0, w * 0.5, up),
            (0, w, up * 0.9),
            (0, w * 0.8, r * 1.55),
        ],
        bar_r,
    )


def _strung_head(b: Builder, rx: float, ry: float, frame: float, x: float) -> None:
    """A racket's oval frame and its strings."""
    head = b.part("head", "frame", "rim", "hoop")
    with b.moved((x, 0, 0)):
        b.ring((0, 0, 0), rx, frame, squash=ry / rx)
        b.part("strings", "net", "string bed", "what hits the ball", inside=head)
        a = np.linspace(0, 2 * np.pi, 21)
        b.extrude(np.stack([rx * 0.97 * np.cos(a[:-1]), ry * 0.97 * np.sin(a[:-1])], 1), 0.002)


@kind("tennis racket", "racket", "badminton racket", "squash racket", rest="lies")
def tennis_racket(b: Builder) -> None:
    rx = b.u(0.12, 0.18)
    ry, frame = rx * b.u(0.68, 0.85), b.u(0.005, 0.012)
    _strung_head(b, rx, ry, frame, 0)
    b.part("throat", "shaft", "neck")
    gap, grip = b.u(0.08, 0.22), b.u(0.12, 0.2)
    if b.maybe(0.65):
        for s in (-1, 1):
            b.tube(
                [
                    (-rx * 0.82, s * ry * 0.55, 0),
                    (-rx - gap * 0.5, s * ry * 0.2, 0),
                    (-rx - gap, s * 0.006, 0),
                ],
                frame * 0.9,
                steps=8,
            )
    else:
        bar(b, (-rx - gap, -rx), (frame * 0.8, frame * 0.7))
    b.part(*HANDLE)
    r = b.u(0.012, 0.017)
    bar(
        b,
        -rx - gap - grip * np.array([1, 0.97, 0.9, 0.02, -0.04]),
        r * np.array([1.15, 1.2, 1, 0.95, 0.6]),
        flat=0.9,
    )


@kind("table tennis paddle", "ping pong bat", "table tennis racket", rest="lies")
def table_tennis_paddle(b: Builder) -> None:
    r, t = b.u(0.068, 0.08), b.u(0.009, 0.014)
    a = np.linspace(0.36, 2 * np.pi - 0.36, 26) - np.pi
    blade = np.stack([r * np.cos(a), r * 0.96 * np.sin(a)], 1)
    b.part("head", "blade", "paddle face", "rubber", "what hits the ball")
    b.extrude(blade, t)
    b.part(*HANDLE)
    hand, w = b.u(0.085, 0.105), b.u(0.011, 0.014)
    b.tube(
        [(-r * 0.8, 0, 0), (-r, 0, 0), (-r - hand * 0.5, 0, 0), (-r - hand, 0, 0)],
        w * np.array([1.3, 1, b.u(0.95, 1.15), b.u(1, 1.35)]),
        flat=0.8,
        smooth=False,
    )


@kind("baseball bat", "bat", "cricket bat", rest="lies")
def baseball_bat(b: Builder) -> None:
    length, r = b.u(0.45, 0.95), b.u(0.024, 0.035)
    cricket = b.maybe(0.25)
    b.part(*HANDLE)
    thin = r * b.u(0.4, 0.5)
    bar(b, -length * np.array([0.5, 0.35, 0.05]), np.array([1, 1, 1.1]) * thin)
    if not cricket:
        b.part("knob", "end knob", "end of the handle")
        bar(b, -length * 0.5 - np.array([0.012, 0.008, -0.001]), thin * np.array([1.3, 1.75, 1.2]))
    b.part("barrel" if not cricket else "blade", "head", "thick end", "what hits the ball")
    if cricket:
        b.box((length * 0.55, 2.2 * r * 1.6, r * 1.3), (length * 0.22, 0, 0), round=0.3)
    else:
        bar(
            b,
            length * np.array([-0.05, 0.15, 0.3, 0.47, 0.5]),
            np.array([thin * 1.1, r * 0.8, r, r * 0.97, r * 0.6]),
        )


@kind("golf club", "golf iron", "golf putter", rest="lies")
def golf_club(b: Builder) -> None:
    length = b.u(0.75, 1.1)
    b.part("shaft", "stick", "rod", "pole")
    bar(b, (-length, 0), (0.006, 0.0045))
    b.part(*HANDLE)
    bar(b, -length - np.array([0.02, 0.0, -0.25]), (0.012, 0.0135, 0.009))
    b.part("head", "club head", "what hits the ball", "working end")
    form = b.pick("wood", "iron", "putter")
    if form == "wood":
        b.blob((0.09, 0.11, 0.055), (0.025, 0.05, 0), e1=0.8)
    elif form == "iron":
        b.ribbon(
            [(-0.02, 0.0), (-0.01, 0.05), (0.0, 0.085)],
            [(0.012, -0.005), (0.03, 0.05), (0.035, 0.085)],
            0.013,
        )
    else:
        b.box((0.022, 0.11, 0.03), (0.005, 0.035, 0), round=0.2)


@kind("hockey stick", "ice hockey stick", rest="lies")
def hockey_stick(b: Builder) -> None:
    length = b.u(0.8, 1.4)
    shaft = b.part("shaft", "handle", "stick", "part to hold it by")
    b.box((length, 0.028, 0.02), (-length / 2, 0, 0), round=0.3)
    b.part("grip", "taped end", "handle end", "part to hold it by", inside=shaft)
    b.box((length * 0.15, 0.032, 0.024), (-length * 0.925, 0, 0), round=0.3)
    b.part("blade", "head", "foot", "what hits the puck or ball")
    w = b.u(0.12, 0.3)
    b.tube(
        [(-0.02, 0, 0), (0.02, w * 0.15, 0), (0.04, w * 0.5, 0), (0.03, w, 0)],
        [0.02, 0.028, 0.032, 0.025],
        flat=0.3,
    )


@kind("fishing rod", "fishing pole", rest="lies")
def fishing_rod(b: Builder) -> None:
    length = b.u(0.6, 1.5)
    b.part("rod", "pole", "shaft", "blank")
    bar(b, (0, length), (0.006, 0.0012))
    b.part(*HANDLE)
    bar(b, -np.array([0.28, 0.275, 0.12, 0.0, -0.03]), (0.011, 0.014, 0.01, 0.012, 0.007))
    b.part("reel", "spool", "coil", "what winds the line")
    b.rod((-0.08, -0.02, 0), (-0.08, -0.05, 0), 0.005)
    b.rod((-0.105, -0.065, 0), (-0.05, -0.065, 0), 0.024)
    b.part("crank", "reel handle", "what to turn")
    b.tube(
        [(-0.08, -0.065, 0.02), (-0.08, -0.065, 0.04), (-0.06, -0.1, 0.045), (-0.06, -0.1, 0.065)],
        0.004,
        smooth=False,
    )


@kind("jump rope", "skipping rope", rest="lies")
def jump_rope(b: Builder) -> None:
    w = b.u(0.12, 0.3)
    ends = [np.array([0, s * w, 0]) for s in (-1, 1)]
    for p in ends:
        b.part(*HANDLE)
        bar(b, p[0] - np.array([0.13, 0.125, 0.05, 0]), (0.013, 0.016, 0.012, 0.009), y=p[1])
    b.part("rope", "cord", "cable")
    b.tube(
        [
            ends[0],
            (0.15, -w * b.u(0.8, 1.4), 0),
            (0.35, b.u(-0.1, 0.1), 0),
            (0.2, w * b.u(0.8, 1.5), 0),
            ends[1],
        ],
        0.004,
    )
