"""Kitchen tools that fill, peel, grate, open and press."""

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.forms import bar, bow, loft, shell, tool_grip
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BLADE, HANDLE, HEAD, HINGE, TOOL_HANDLE

GRATING = ("grater", "grating surface", "blade", "what grates the food")


@kind("funnel", "kitchen funnel")
def funnel(b: Builder) -> None:
    r, tip = b.u(0.035, 0.08), b.u(0.005, 0.01)
    h, tail = r * b.u(0.8, 1.2), r * b.u(0.5, 1.0)
    with b.moved((0, 0, h + tail), roll=np.pi) if b.maybe(0.4) else b.moved():
        b.part("cone", "body", "bowl", "where to pour in")
        b.lathe(
            [
                (tip * 1.4, tail),
                (r, tail + h * 0.85),
                (r, tail + h),
                (r - 0.0015, tail + h),
                (r - 0.0015, tail + h * 0.85),
                (tip * 1.4 - 0.0015, tail),
            ]
        )
        b.part("spout", "tube", "stem", "where the liquid comes out")
        b.lathe([(tip, 0), (tip * 1.4, tail), (tip * 1.4 - 0.0015, tail), (tip - 0.001, 0)])
        if b.maybe(0.5):
            b.part(*HANDLE)
            bow(
                b,
                (r - 0.001, -0.012, tail + h * 0.93),
                (r - 0.001, 0.012, tail + h * 0.93),
                (0.02, 0, 0),
                0.0025,
            )


@kind("peeler", "vegetable peeler", "potato peeler", rest="lies")
def peeler(b: Builder) -> None:
    if b.maybe(0.5):
        w, long, z = b.u(0.025, 0.035), b.u(0.05, 0.065), 0.007
        tool_grip(b, 0.0, b.u(0.07, 0.1), z, b.u(0.007, 0.01))
        b.part("frame", "fork", "arms", "what holds the blade")
        b.tube(
            [
                (long, -w, z),
                (long * 0.4, -w * 0.9, z),
                (-0.002, 0, z),
                (long * 0.4, w * 0.9, z),
                (long, w, z),
            ],
            0.004,
            flat=1.2,
        )
        b.part(*BLADE)
        b.box((0.012, 2 * w, 0.002), (long - 0.004, 0, z), round=0.3)
    else:
        long, z = b.u(0.06, 0.085), 0.009
        tool_grip(b, 0.0, b.u(0.09, 0.11), z, b.u(0.008, 0.011))
        b.part(*BLADE)
        bar(
            b,
            [
                (-0.004, z, 0.003, 0.003),
                (0.012, z, 0.009, 0.0035),
                (long * 0.8, z, 0.008, 0.0035),
                (long, z, 0.001, 0.001),
            ],
            0.1,
        )


@kind("box grater", "cheese grater", "grater")
def box_grater(b: Builder) -> None:
    x, y, h = b.u(0.04, 0.055), b.u(0.03, 0.045), b.u(0.15, 0.22)
    top = b.u(0.65, 0.9)
    b.part(*GRATING)
    loft(b, [(x, y, 0), (x * top, y * top, h), (0, 0, h)], b.u(0.7, 1))
    for k in range(6):
        z = h * (0.15 + 0.12 * k)
        s = x + (x * top - x) * z / h
        b.box((0.004, y * 1.2, 0.004), (s, 0, z), round=0.5)
    b.part(*HANDLE)
    bow(
        b,
        (-x * 0.6, 0, h - 0.002),
        (x * 0.6, 0, h - 0.002),
        (0, 0, b.u(0.03, 0.045)),
        b.u(0.005, 0.009),
        flat=1.3,
    )


@kind("hand grater", "microplane", "zester", "flat grater", "fine grater", rest="lies")
def hand_grater(b: Builder) -> None:
    long, wide = b.u(0.12, 0.22), b.u(0.014, 0.045)
    tool_grip(b, 0.0, b.u(0.1, 0.13), 0.011, b.u(0.009, 0.013))
    b.part(*GRATING)
    b.box((long, 2 * wide, 0.002), (long / 2 - 0.002, 0, 0.011))
    for k in range(6):
        b.box((0.004, wide * 1.7, 0.004), (long * (0.12 + 0.14 * k), 0, 0.012), round=0.5)
    for side in (-1, 1):
        b.rod((-0.002, side * wide, 0.011), (long, side * wide, 0.011), 0.0025)


@kind("corkscrew", "wine opener", "bottle corkscrew", rest="lies")
def corkscrew(b: Builder) -> None:
    form = b.pick("T", "wing")
    long, r, z = b.u(0.05, 0.07), b.u(0.0035, 0.005), b.u(0.009, 0.013)
    turn = np.linspace(0, 8 * np.pi, 49)
    b.part("screw", "spiral", "worm", "what goes into the cork")
    x = np.linspace(0.0, long, 49)
    b.tube(np.stack([x + 0.02, r * np.cos(turn), z + r * np.sin(turn)], 1), 0.0012, sides=5, steps=60)
    b.rod((0, 0, z), (0.021, 0, z), 0.003)
    b.part(*HANDLE)
    if form == "T":
        bar_long = b.u(0.035, 0.06)
        b.tube([(0, -bar_long, z), (-0.004, 0, z), (0, bar_long, z)], [z * 0.6, z * 0.95, z * 0.6])
        return
    b.tube([(-0.03, -0.02, z), (-0.036, 0, z), (-0.03, 0.02, z)], z * 0.7)
    b.rod((-0.03, 0, z), (0.0, 0, z), 0.004)
    b.part("body", "frame", "collar", "what sits on the bottle")
    b.rod((0.0, 0, z), (0.025, 0, z), 0.008)
    b.rod((long + 0.005, 0, z), (long + 0.03, 0, z), 0.014)
    for side in (-1, 1):
        b.rod((0.02, side * 0.008, z), (long + 0.01, side * 0.011, z), 0.003)
    lift = b.u(0.1, 2.2)
    for side in (-1, 1):
        b.part("wing", "lever", "arm", "what to push down")
        with b.moved((0.012, side * 0.01, z), yaw=side * lift):
            b.tube([(0, 0, 0), (0.04, side * 0.004, 0), (0.075, 0, 0)], [0.005, 0.004, 0.007], flat=0.5)


@kind("can opener", "tin opener", rest="lies")
def can_opener(b: Builder) -> None:
    long, z, spread = b.u(0.11, 0.15), 0.009, b.u(0.06, 0.2)
    for side in (-1, 1):
        b.part(*TOOL_HANDLE)
        with b.moved((0, side * 0.006, z), yaw=-side * spread / 2):
            bar(
                b,
                [(-long, 0, 0.008, 0.006), (-long * 0.5, 0, 0.009, 0.008), (0, 0, 0.007, 0.004)],
                b.u(0, 0.7),
            )
    b.part(*HEAD)
    b.box((0.05, 0.026, 0.006), (0.018, 0, z), round=0.4)
    b.part("cutting wheel", "blade", "cutter", "what cuts the can")
    b.rod((0.026, 0.002, z - 0.008), (0.026, 0.002, z - 0.004), 0.009)
    b.part("knob", "crank", "turning key", "what to turn", joint=spins((0, 0, 1)))
    b.rod((0.018, 0, z), (0.018, 0, z + 0.018), 0.004)
    b.box((0.05, 0.014, 0.007), (0.018, 0, z + 0.02), round=0.7)


@kind("bottle opener", "beer opener", rest="lies")
def bottle_opener(b: Builder) -> None:
    r, z = b.u(0.012, 0.018), 0.0045
    form = b.pick("ring", "flat")
    if form == "ring":
        tool_grip(b, 0.003, b.u(0.07, 0.1), b.u(0.006, 0.009), b.u(0.006, 0.01))
    else:
        b.part(*TOOL_HANDLE)
        b.box((b.u(0.06, 0.1), b.u(0.014, 0.026), 0.003), (-0.038, 0, z))
    b.part("opener", "head", "opening", "what opens the bottle")
    b.ring((r * 1.05, 0, z), r, b.u(0.0022, 0.004), squash=b.u(0.8, 1.2))
    b.box((0.008, 0.012, 0.003), (r * 1.9, 0, z), round=0.3)


@kind("pizza cutter", "pizza wheel", "rolling cutter", rest="lies")
def pizza_cutter(b: Builder) -> None:
    r, z = b.u(0.03, 0.05), b.u(0.009, 0.013)
    tool_grip(b, -r * b.u(0.5, 0.9) - 0.01, b.u(0.09, 0.12), z, z)
    b.part("blade", "wheel", "cutting wheel", "what cuts")
    b.rod((0, 0, z - 0.001), (0, 0, z + 0.001), r, sides=28)
    b.part("fork", "arm", "wheel holder", "neck")
    for side in (-1, 1):
        b.tube(
            [(-r * 0.95, 0, z), (-r * 0.6, 0, z + side * 0.005), (0.006, 0, z + side * 0.004)],
            0.003,
            flat=2.0,
        )


@kind("garlic press", "nutcracker", "lemon squeezer", rest="lies")
def garlic_press(b: Builder) -> None:
    long, z, spread = b.u(0.1, 0.14), 0.014, b.u(0.05, 0.5)
    for side in (-1, 1):
        b.part(*TOOL_HANDLE)
        with b.moved((0.03, side * 0.004, z), yaw=-side * spread / 2):
            bar(
                b,
                [(-long - 0.03, 0, 0.006, 0.008), (-long * 0.5, 0, 0.005, 0.008), (0, 0, 0.004, 0.006)],
                b.u(0, 0.7),
            )
    b.part("head", "press", "chamber", "where the garlic goes")
    loft(b, shell([(0.018, 0.014, -0.014), (0.018, 0.014, 0.014)], 0.002, -0.012), 0.6, at=(0.02, 0, z))
    b.part(*HINGE)
    b.rod((0.04, 0, z - 0.009), (0.04, 0, z + 0.009), 0.005)
