"""Hand tools that turn, squeeze, cut and pierce, and the grips that they share."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BLADE, HANDLE

SCREW = ("screw", "pivot", "joint", "what it turns on")
JAW = ("jaw", "gripping end", "what grips", "what bites")


def bar(b: Builder, xs, rs, flat: float = 1.0, y: float = 0.0, z: float = 0.0) -> None:
    """A straight bar along x with a radius at each x; flat < 1 makes it thin in z."""
    b.tube([(x, y, z) for x in xs], rs, flat=flat, smooth=False)


def grip(b: Builder, x0: float, x1: float, r: float) -> None:
    """A tool's handle along x, its free end at x0, in one of the usual shapes."""
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


def crossed_halves(b: Builder, half_angle: float, t: float, half) -> None:
    """Two mirrored halves that turn about the origin; half(side) builds one as if closed along x."""
    for s in (-1, 1):
        with b.moved((0, 0, s * t / 2), yaw=s * half_angle):
            half(s)


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
    b.box((0.018, w * 0.7, 0.005), (-length * b.u(0.15, 0.5), 0, t + 0.001), round=0.3)


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

    crossed_halves(b, a, t * 0.4, half)
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

    crossed_halves(b, a, t * 1.1, half)
    b.part(*SCREW)
    b.rod((0, 0, -t * 1.8), (0, 0, t * 1.8), w * 0.35)
