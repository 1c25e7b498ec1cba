"""Hand tools that hit, turn, squeeze, cut and measure."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import BLADE, HANDLE, TOOL_HANDLE

SCREW = ("screw", "pivot", "joint", "what it turns on")
JAW = ("jaw", "gripping end", "what grips", "what bites")


def bar(b: Builder, xs, rs, flat: float = 1.0, y: float = 0.0, z: float = 0.0) -> None:
    """A straight bar along x with a radius at each x; flat < 1 makes it thin in z."""
    b.tube([(x, y, z) for x in xs], rs, flat=flat, smooth=False)


def grip(b: Builder, x0: float, x1: float, r: float) -> None:
    """A tool's handle along x, its free end at x0, in one of the usual forms."""
    x = x0 + (x1 - x0) * np.array([0, 0.04, 0.2, 0.45, 0.6, 0.9, 1])
    form = b.pick("turned", "oval", "rubber", "plain")
    if form == "turned":
        bar(b, x, r * np.array([0.6, 1, 1.15, b.u(0.75, 1.1), 0.85, 0.7, 0.75]), b.u(0.75, 1))
    elif form == "oval":
        bar(b, x, r * np.array([0.9, 1.3, 1.1, 1.25, 1.0, 0.85, 0.9]), b.u(0.5, 0.8))
    elif form == "rubber":
        bar(b, x[:4], r * np.array([0.9, 1.15, 1, 1.1]), b.u(0.7, 1))
        bar(b, (x[3] - 0.005, x1), (r * b.u(0.4, 0.75),) * 2)
    else:
        bar(b, (x0, x1), (r, r * b.u(0.8, 1.05)), b.u(0.6, 1))


def driver_grip(b: Builder, length: float, r: float) -> None:
    """A screwdriver-like handle from x=-length to 0."""
    x = -length * np.array([1, 0.96, 0.75, 0.35, 0.2, 0.12, 0])
    rs = b.pick(
        (0.6, 1, 1, 1, 0.75, 0.9, 0.6), (0.5, 0.8, 1.05, 0.9, 0.7, 0.75, 0.5), (0.9, 1, 1, 1, 1, 1, 0.8)
    )
    b.tube([(p, 0, 0) for p in x], r * np.array(rs), sides=b.pick(6, 8, 12), smooth=False)


@kind("hammer", "claw hammer", "hand hammer", rest="lies")
def hammer(b: Builder) -> None:
    length, w = b.u(0.22, 0.4), b.u(0.011, 0.017)
    b.part(*TOOL_HANDLE)
    grip(b, 0, length, w * b.u(0.8, 1.1))
    head = b.part("head", "hammer head", "metal head", "what hits")
    b.box((w * 2, w * 2.4, w * 2), (length, 0, 0), round=0.4)
    b.cone((length, w, 0), (length, w * 2.4, 0), w * 0.7, w * 0.7)
    b.part("face", "striking face", "flat end that hits the nail", inside=head)
    b.cone((length, w * 2.4, 0), (length, w * b.u(3, 4), 0), w * 1.05, w * b.u(0.9, 1.15))
    form = b.pick("claw", "claw", "ball", "peen")
    reach = w * b.u(3.5, 5.5)
    if form == "claw":
        b.part("claw", "nail puller", "what pulls nails out", inside=head)
        drop = w * b.u(0.3, 2)
        for s in (-1, 1):
            b.tube(
                [
                    (length, -w, s * w * 0.4),
                    (length, -reach * 0.6, s * w * 0.6),
                    (length - drop, -reach, s * w * 0.9),
                ],
                [w * 0.75, w * 0.55, w * 0.2],
                sides=8,
                steps=10,
            )
    else:
        b.part("peen", "back end of the head", "rounded end" if form == "ball" else "wedge end", inside=head)
        if form == "ball":
            b.blob((w * 2, w * 2.2, w * 2), (length, -w * 2.1, 0))
        else:
            b.tube([(length, -w, 0), (length, -reach, 0)], [w, w * 0.9], flat=b.u(0.3, 0.5), smooth=False)


@kind("sledgehammer", "sledge", "club hammer", "big hammer", rest="lies")
def sledgehammer(b: Builder) -> None:
    length, w = b.pick(b.u(0.24, 0.35), b.u(0.6, 0.95)), b.u(0.02, 0.035)
    b.part(*TOOL_HANDLE)
    grip(b, 0, length + w, b.u(0.013, 0.018))
    b.part("head", "hammer head", "metal head", "what hits")
    half = w * b.u(1.6, 2.4)
    b.tube(
        [(length, -half, 0), (length, -half * 0.85, 0), (length, half * 0.85, 0), (length, half, 0)],
        [w * 0.85, w, w, w * 0.85],
        sides=b.pick(4, 8, 8),
        smooth=False,
    )


@kind("mallet", "rubber mallet", "wooden mallet", "soft hammer", rest="lies")
def mallet(b: Builder) -> None:
    length, w = b.u(0.22, 0.36), b.u(0.022, 0.038)
    b.part(*TOOL_HANDLE)
    grip(b, 0, length + w * b.u(0, 1.05), b.u(0.01, 0.016))
    b.part("head", "mallet head", "working end", "what hits")
    half = w * b.u(1.3, 2.1)
    form = b.pick("barrel", "box", "capped", "turned")
    if form == "box":
        b.box((w * 2.4, half * 2, w * 1.8), (length, 0, 0), round=b.u(0, 0.3))
    elif form == "barrel":
        b.tube(
            [(length, y * half, 0) for y in (-1, -0.9, 0, 0.9, 1)],
            w * np.array([0.8, 0.95, b.u(0.9, 1.1), 0.95, 0.8]),
        )
    elif form == "capped":
        b.rod((length, -half * 0.6, 0), (length, half * 0.6, 0), w * 0.75)
        for s in (-1, 1):
            b.part("face", "striking face", "soft end that hits", inside=1)
            b.rod((length, s * half * 0.55, 0), (length, s * half, 0), w)
    else:
        bar(b, length + half * np.array([-1, -0.8, 0.6, 1]), w * np.array([0.7, 0.95, 1.15, 1]))


@kind("screwdriver", "flat or cross screwdriver", rest="lies")
def screwdriver(b: Builder) -> None:
    r = b.u(0.008, 0.019)
    b.part(*HANDLE)
    driver_grip(b, b.u(0.07, 0.13) if r > 0.011 else b.u(0.05, 0.1), r)
    shaft = b.part("shaft", "metal shaft", "shank", "blade")
    length, thin = b.pick(b.u(0.03, 0.05), b.u(0.06, 0.2)), r * b.u(0.18, 0.32)
    bar(b, (-0.005, length), (thin, thin))
    b.part("tip", "point", "end that fits the screw", "bit", inside=shaft)
    if b.maybe():
        bar(b, (length, length + 0.01), (thin * 1.4, thin * 1.5), flat=0.3)
    else:
        bar(b, (length - 0.001, length + 0.008), (thin, thin * 0.3))


def _ring_end(b: Builder, x: float, r: float, t: float) -> None:
    b.ring((x, 0, 0), r, t, squash=b.u(0.95, 1.05))


def _open_end(b: Builder, x: float, r: float, t: float, turn: float, side: float) -> None:
    """A fork for a nut, opening away from the handle."""
    with b.moved((x, 0, 0), yaw=turn + (0 if side > 0 else np.pi)):
        bend = np.linspace(0.75, 2 * np.pi - 0.75, 14)
        inner = np.where(np.abs(np.sin(bend)) > 0.5, 0.5, 0.62) * r
        ring = np.stack([np.cos(bend), np.sin(bend)], 1)
        b.ribbon(ring * r, ring * inner[:, None], t)


@kind("wrench", "spanner", "combination wrench", rest="lies")
def wrench(b: Builder) -> None:
    length, r = b.u(0.1, 0.3), b.u(0.1, 0.14)
    r *= length * 0.9
    t = r * b.u(0.35, 0.6)
    form = b.pick("open-open", "open-ring", "ring-ring")
    b.part(*HANDLE)
    bar(
        b,
        (-length + r, -length * 0.5, -r * 0.9),
        (r * 0.42, r * b.u(0.35, 0.45), r * 0.5),
        flat=b.u(0.4, 0.7),
    )
    for x, s, k in ((0.0, 1, form[:4]), (-length, -1, form[-4:])):
        b.part(
            "head" if k == "ring" else "jaw", "open end" if k == "open" else "ring end", "what grips the nut"
        )
        scale = r * (1 if s > 0 else b.u(0.8, 1))
        if k == "open":
            _open_end(b, x, scale, t, b.u(0, 0.35), s)
        else:
            _ring_end(b, x + s * r * 0.1, scale * 0.75, scale * 0.27)


@kind("adjustable wrench", "monkey wrench", "adjustable spanner", rest="lies")
def adjustable_wrench(b: Builder) -> None:
    length = b.u(0.15, 0.32)
    w, t, gap = length * b.u(0.05, 0.065), length * b.u(0.035, 0.05), length * b.u(0.01, 0.12)
    b.part(*HANDLE)
    y = np.array([0.9, 1.15, 0.8, 0.75, 0.9]) * w
    x = np.array([-length, -length * 0.93, -length * 0.5, -length * 0.2, 0.0])
    b.ribbon(np.stack([x, y], 1), np.stack([x, -y], 1), t)
    b.part(*JAW)
    b.ribbon(
        [(-0.002, w), (w * 1.5, w * 2.4), (w * 2.2, w * 2.6), (w * 5, w * 1.7)],
        [(-0.002, -w), (w * 1.2, -w * 1.3), (w * 2.2, w * 0.6), (w * 5, w * 0.9)],
        t * 1.3,
    )
    b.part("jaw", "movable jaw", "sliding jaw", "what grips")
    with b.moved((w * 2.2, w * 0.5 - gap, 0)):
        b.ribbon(
            [(-w * 1.4, -w * 0.6), (0, -w * 0.05), (w * 2.6, -w * 0.1)],
            [(-w * 1.4, -w * 1.5), (0, -w * 1.3), (w * 2.3, -w * 0.9)],
            t * 1.1,
        )
    b.part("wheel", "adjusting screw", "knurl", "what to turn to set the jaw")
    b.rod((w * 0.6, -w * 0.9, 0), (w * 1.6, -w * 0.6, 0), t * 0.85)


@kind("pipe wrench", "pipe tongs", rest="lies")
def pipe_wrench(b: Builder) -> None:
    length = b.u(0.2, 0.45)
    w = length * 0.05
    b.part(*HANDLE)
    bar(b, (-length, -length * 0.95, -length * 0.3, 0.01), (w * 0.6, w, w * 0.8, w), flat=0.6)
    b.part(*JAW)
    b.box((w * 2, w * 2.2, w * 1.5), (w * 0.5, w * 0.5, 0), taper=0.9)
    b.part("jaw", "hook jaw", "movable jaw", "what grips")
    gap = b.u(0.3, 2.5) * w
    b.tube(
        [
            (-w, -w * 1.4, 0),
            (w * 1.2 + gap, -w * 1.2, 0),
            (w * 2.4 + gap, -w * 0.6, 0),
            (w * 2.5 + gap, w * 2, 0),
        ],
        w * 0.75,
        smooth=False,
        sides=6,
    )
    b.part("nut", "adjusting nut", "what to turn to set the jaw")
    b.rod((-w * 1.2, -w * 0.9, 0), (-w * 0.2, -w * 0.9, 0), w * 0.9)


def _crossed(b: Builder, half_angle: float, t: float, half) -> None:
    """Two mirrored halves that turn about the origin; half(side) builds one as if closed along x."""
    for s in (-1, 1):
        with b.moved((0, 0, s * t / 2), yaw=s * half_angle):
            half(s)


@kind("pliers", "pincers", "nippers", rest="lies")
def pliers(b: Builder) -> None:
    length = b.u(0.11, 0.26)
    form = b.pick("flat", "needle", "cutters", "pump")
    w, t, a = length * b.u(0.05, 0.075), length * 0.04, b.pick(0.03, b.u(0.03, 0.4))
    jaw = length * {"flat": b.u(0.2, 0.28), "needle": b.u(0.3, 0.42), "cutters": 0.12, "pump": 0.2}[form]
    tip = w * {"flat": b.u(0.5, 0.9), "needle": 0.25, "cutters": 0.3, "pump": 0.9}[form]
    hand, spread, thick = length - jaw, w * b.u(1.2, 2.6), w * b.u(0.4, 0.7)

    def half(s):
        b.part(*(JAW if form != "cutters" else ("jaw", "blade", "cutting edge", "what cuts")))
        b.ribbon(
            [(-w, s * w * 0.3), (w * 0.5, s * w * 1.2), (jaw, s * tip)],
            [(-w, -s * w), (w * 0.5, -s * w * 0.1), (jaw, s * 0.0005)],
            t * 2,
        )
        b.part(*HANDLE)
        b.tube(
            [
                (-w * 0.5, -s * w * 0.5, 0),
                (-hand * 0.25, -s * spread * b.u(0.8, 1.1), 0),
                (-hand * 0.6, -s * spread * b.u(1, 1.3), 0),
                (-hand, -s * spread * b.u(0.7, 1.3), 0),
            ],
            [thick * 0.8, thick, thick * 1.1, thick * 0.9],
            flat=b.u(0.7, 1),
            steps=14,
        )

    _crossed(b, a, t * 0.4, half)
    b.part(*SCREW)
    b.rod((0, 0, -t * 1.5), (0, 0, t * 1.5), w * b.u(0.5, 0.8))


@kind("scissors", "shears", "pair of scissors", rest="lies")
def scissors(b: Builder) -> None:
    blade, hand = b.u(0.05, 0.13), b.u(0.05, 0.1)
    w, t, a = blade * b.u(0.1, 0.16), b.u(0.0012, 0.003), b.pick(0.02, 0.05, b.u(0.03, 0.6))
    r, bar_r, squash = hand * b.u(0.22, 0.3), b.u(0.002, 0.006), b.u(0.6, 0.95)
    uneven = b.pick(0.0, b.u(0.1, 0.35))

    def half(s):
        b.part(*BLADE)
        b.ribbon(
            [(-w, s * w * 0.3), (0, s * w * 0.75), (blade * 0.6, s * w * 0.7), (blade, s * 0.0006)],
            [(-w, -s * w * 0.7), (0, -s * w * 0.4), (blade * 0.6, -s * w * 0.15), (blade, 0)],
            t,
        )
        b.part("handle", "grip", "finger loop", "where to put the fingers")
        long = r * (1 + uneven * s)
        y = -s * (long * squash + bar_r * 1.05)
        b.tube(
            [
                (-w * 0.6, -s * w * 0.2, 0),
                (-hand * 0.3, -s * w * 0.7, -s * t / 2),
                (-hand + 1.9 * long, y * 0.9, -s * t / 2),
            ],
            [w * 0.45, bar_r * 1.3, bar_r],
            flat=b.u(0.5, 1),
            steps=10,
        )
        b.ring((-hand + long, y, -s * t / 2), long, bar_r, squash=squash)

    _crossed(b, a, t * 1.1, half)
    b.part(*SCREW)
    b.rod((0, 0, -t * 1.8), (0, 0, t * 1.8), w * 0.35)


@kind("utility knife", "box cutter", "snap knife", "cutter knife", rest="lies")
def utility_knife(b: Builder) -> None:
    length, w, t = b.u(0.11, 0.17), b.u(0.008, 0.016), b.u(0.005, 0.011)
    b.part(*HANDLE)
    if b.maybe():
        b.box((length, 2 * w, 2 * t), (-length / 2, 0, 0), round=b.u(0.2, 0.8))
    else:
        x = -length * np.array([1, 0.9, 0.5, 0.25, 0.0])
        bend = b.u(0, 0.6) * w
        b.ribbon(
            np.stack([x, w * np.array([0.7, 1, 0.9, 1.0, 0.6]) + bend * np.array([-1, -0.5, 0, 0, 0])], 1),
            np.stack([x, -w * np.array([0.5, 0.9, 0.9, 1.1, 0.4]) + bend * np.array([-1, -0.5, 0, 0, 0])], 1),
            2 * t,
        )
    b.part(*BLADE)
    out = b.u(0.012, 0.05)
    b.extrude([(-0.004, -w * 0.55), (out * 0.75, -w * 0.55), (out, w * 0.5), (-0.004, w * 0.5)], 0.001)
    b.part("slider", "button", "slide button", "what to push the blade out with")
    x = -length * b.u(0.15, 0.5)
    b.box((0.018, w * 0.7, 0.005), (x, 0, t + 0.001), round=0.3)


@kind("saw", "hand saw", "wood saw", rest="lies")
def saw(b: Builder) -> None:
    length, w = b.u(0.25, 0.55), b.u(0.07, 0.13)
    b.part(*BLADE)
    tip = w * b.u(0.3, 0.8)
    b.ribbon([(-0.01, w * 0.95), (length, w * 0.95)], [(-0.01, 0), (length, w * 0.95 - tip)], 0.0015)
    b.part(*HANDLE)
    h = w * b.u(0.9, 1.2)
    if b.maybe(0.7):
        bar_r = b.u(0.011, 0.016)
        loop = np.array(
            [(0.02, 0.95), (-0.5, 1.0), (-0.95, 0.85), (-0.85, 0.45), (-0.9, 0.05), (-0.45, 0.0), (0.1, 0.25)]
        )
        b.tube([(x * h, y * h, 0) for x, y in loop], bar_r, flat=b.u(0.6, 0.9))
        b.ribbon(
            [(-h * 0.12, h * 0.95), (h * 0.25, h * 0.8)], [(-h * 0.2, h * 0.1), (h * 0.15, h * 0.2)], 0.018
        )
    else:
        bar(b, (-h * 1.4, -h * 1.3, -h * 0.5, 0.01), (0.012, 0.016, 0.014, 0.011), y=w * 0.55)


@kind("hacksaw", "metal saw", "bow saw", "fret saw", rest="lies")
def hacksaw(b: Builder) -> None:
    length, h = b.u(0.15, 0.35), b.u(0.06, 0.13)
    b.part("frame", "bow", "bracket", "what holds the blade")
    r = b.u(0.004, 0.008)
    b.tube(
        [
            (0, -0.004, 0),
            (-0.01, h * 0.5, 0),
            (0.01, h, 0),
            (length * 0.97, h, 0),
            (length, h * 0.9, 0),
            (length, -0.004, 0),
        ],
        r,
        smooth=b.maybe(0.3),
        flat=b.u(0.5, 1),
    )
    b.part(*BLADE)
    b.box((length * 0.99, b.u(0.008, 0.014), 0.0012), (length / 2, 0, 0))
    b.part(*HANDLE)
    if b.maybe():
        b.tube(
            [(-0.005, h * 0.7, 0), (-0.04, h * 0.5, 0), (-0.075, -h * 0.25, 0)],
            [0.01, 0.014, 0.013],
            flat=0.8,
        )
    else:
        driver = b.u(0.09, 0.12)
        bar(b, (-driver, -driver * 0.9, -driver * 0.4, 0.002), (0.009, 0.014, 0.012, 0.009))


@kind("chisel", "wood chisel", "gouge", rest="lies")
def chisel(b: Builder) -> None:
    r, length, w = b.u(0.011, 0.017), b.u(0.09, 0.17), b.u(0.003, 0.018)
    b.part(*HANDLE)
    driver_grip(b, b.u(0.09, 0.14), r)
    b.part(*BLADE)
    bar(b, (-0.004, length * 0.25), (r * 0.4, 0.004))
    x, y = np.array([0.15, 0.3, 0.9, 1.0]) * length, np.array([0.004, max(w, 0.004), w, w])
    b.ribbon(np.stack([x, y], 1), np.stack([x, -y], 1), b.u(0.0025, 0.005))


@kind("file", "rasp", "metal file", rest="lies")
def file(b: Builder) -> None:
    r, length, w = b.u(0.009, 0.016), b.u(0.1, 0.3), b.u(0.006, 0.015)
    b.part(*HANDLE)
    driver_grip(b, b.u(0.08, 0.12), r)
    b.part("blade", "file blade", "rough part", "what files")
    bar(b, (-0.003, length * 0.06), (0.003, 0.004))
    bar(
        b,
        length * np.array([0.04, 0.1, 0.7, 1]),
        w * np.array([0.5, 1, 1, b.u(0.2, 1)]),
        flat=b.pick(0.25, 0.5, 1),
    )


@kind("awl", "pick", "bradawl", "ice pick", rest="lies")
def awl(b: Builder) -> None:
    b.part(*HANDLE)
    length = b.u(0.05, 0.1)
    rs = b.pick((0.5, 1, 1.1, 0.7, 0.5), (0.9, 1.3, 0.9, 0.6, 0.5))
    bar(b, -length * np.array([1, 0.85, 0.6, 0.3, 0]), b.u(0.01, 0.016) * np.array(rs))
    b.part("spike", "needle", "point", "sharp part", "what pierces")
    bar(b, (-0.003, b.u(0.05, 0.11)), (b.u(0.0015, 0.003), 0.0003))


@kind("tape measure", "measuring tape", "tape rule")
def tape_measure(b: Builder) -> None:
    s, t = b.u(0.055, 0.08), b.u(0.025, 0.045)
    body = b.part("body", "case", "housing", "where the tape is kept")
    outline = np.array([(-0.5, 0), (0.5, 0), (0.5, 0.5), (0.3, 0.92), (0, 1), (-0.35, 0.93), (-0.5, 0.6)]) * s
    b.extrude(outline, t, plane="xz", bevel=b.u(0.03, 0.12))
    if b.maybe(0.5):
        b.part("label", "disc", "sticker", inside=body)
        b.rod((0, -t / 2 - 0.0015, s * 0.5), (0, t / 2 + 0.0015, s * 0.5), s * 0.33)
    b.part("tape", "measuring blade", "ruler strip", "what is pulled out")
    out = b.pick(0.012, b.u(0.02, 0.25))
    b.box((out, t * 0.55, 0.001), (s / 2 + out / 2 - 0.002, 0, 0.006))
    b.part("hook", "end hook", "metal tab", "what catches the edge")
    b.box((0.0015, t * 0.6, 0.012), (s / 2 + out - 0.001, 0, 0.002))
    if b.maybe(0.8):
        b.part("button", "lock button", "lock", "what to press to stop the tape")
        with b.moved((s * 0.44, 0, s * 0.74), pitch=1.0):
            b.box((0.022, t * 0.4, 0.01), round=0.4)
    if b.maybe(0.3):
        b.part("clip", "belt clip", "what hangs it on a belt")
        b.box((s * 0.3, 0.002, s * 0.6), (0, t / 2 + 0.004, s * 0.5))


@kind("spirit level", "bubble level", "level", rest="lies")
def spirit_level(b: Builder) -> None:
    length, w, t = b.u(0.2, 0.8), b.u(0.04, 0.06), b.u(0.018, 0.03)
    b.part("body", "frame", "bar", "part to hold it by")
    b.box((length, w, t), round=b.u(0, 0.15))
    for x in b.pick((0,), (-0.38, 0, 0.38), (-0.35, 0.35), (-0.38, 0)):
        b.part("vial", "bubble", "bubble window", "what shows if it is level")
        if x == 0:
            b.box((0.05, 0.016, t + 0.003), (0, w * 0.36, 0), round=0.3)
        else:
            b.rod((x * length, 0, -t / 2 - 0.002), (x * length, 0, t / 2 + 0.002), w * 0.3)
