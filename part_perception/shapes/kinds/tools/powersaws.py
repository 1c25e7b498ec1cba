"""Power tools that saw, grind and mow."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.kinds.tools.powertools import HOUSING, bridge_handle, power_cord
from part_perception.shapes.lexicon import BLADE, HANDLE, SWITCH, TRIGGER


@kind("angle grinder", "grinder", "disc grinder", rest="lies")
def angle_grinder(b: Builder) -> None:
    length, r = b.u(0.2, 0.3), b.u(0.026, 0.035)
    b.part("body", "handle", "housing", "part to hold it by")
    bar(b, -length * np.array([1, 0.9, 0.6, 0.35, 0.1]), r * np.array([0.8, 1, 0.8, 1.05, 1]), z=r)
    b.part("head", "gear head", "gear housing")
    b.box((r * 2.6, r * 1.9, r * 1.6), (0, 0, r), round=0.5)
    disc = b.u(0.055, 0.08)
    b.part("disc", "grinding disc", "cutting wheel", "what cuts", "blade")
    b.rod((0, 0, -0.012), (0, 0, -0.008), disc, sides=24)
    b.rod((0, 0, -0.02), (0, 0, r * 0.4), 0.012)
    b.part("guard", "shield", "disc cover", "what protects the hand")
    with b.moved((0, 0, -0.018), yaw=np.pi / 2 + b.u(-0.5, 0.5)):
        b.lathe([(0.01, 0.022), (disc * 1.06, 0.022), (disc * 1.06, 0)], arc=np.pi)
    if b.maybe(0.75):
        b.part("side handle", "auxiliary handle", "second grip", "part to hold it by")
        b.tube(
            [(0, r * 0.8, r), (0, r + 0.02, r), (0, r + 0.1, r), (0, r + 0.11, r)],
            [0.008, 0.015, 0.013, 0.01],
            smooth=False,
        )
    b.part(*SWITCH)
    b.box((0.03, 0.014, 0.008), (-length * 0.5, 0, r * 1.9), round=0.3)
    if b.maybe(0.6):
        power_cord(b, (-length, 0, r), (-1, 0, 0))


@kind("jigsaw", "power jigsaw", "sabre saw")
def jigsaw(b: Builder) -> None:
    length, h = b.u(0.18, 0.24), b.u(0.11, 0.15)
    b.part("shoe", "base plate", "foot", "what slides on the wood")
    b.box((length * 0.8, 0.075, 0.004), (0.01, 0, 0.002))
    b.part(*HOUSING)
    b.box((length, 0.06, h * 0.55), (0, 0, 0.02 + h * 0.3), round=0.5)
    b.part(*HANDLE)
    bridge_handle(b, -length * 0.42, length * 0.3, h * 0.5, h * 1.35, b.u(0.014, 0.018))
    b.part(*TRIGGER)
    b.box((0.035, 0.015, 0.012), (length * 0.12, 0, h * 1.23), round=0.4)
    b.part(*BLADE)
    b.box((0.008, 0.0015, b.u(0.06, 0.09)), (length * 0.4, 0, -0.015))
    b.part("head", "blade holder", "plunger")
    b.rod((length * 0.4, 0, 0.02), (length * 0.4, 0, h * 0.6), 0.013)
    if b.maybe(0.6):
        power_cord(b, (-length * 0.5, 0, h * 0.6), (-1, 0, 0))


@kind("circular saw", "hand held circular saw", "skill saw")
def circular_saw(b: Builder) -> None:
    r = b.u(0.07, 0.1)
    b.part("base plate", "shoe", "foot", "what slides on the wood")
    b.box((r * 3, r * 1.7, 0.004), (0, 0.02, r * 0.35))
    b.part(*BLADE)
    b.rod((0, -0.003, r * 0.75), (0, 0.0, r * 0.75), r, sides=28)
    b.part("guard", "blade cover", "shield", "what protects from the blade")
    b.extrude(
        [
            (r * 1.12 * np.cos(t), r * 0.8 + r * 1.12 * np.sin(t))
            for t in np.linspace(-0.35, np.pi + 0.35, 14)
        ],
        0.032,
        (0, -0.002, 0),
        "xz",
    )
    b.part(*HOUSING)
    b.cone((0, 0.01, r), (0, b.u(0.1, 0.15), r), r * 0.6, r * 0.5)
    b.part(*HANDLE)
    b.tube(
        [
            (r * 0.5, 0.02, r * 1.6),
            (0, 0.02, r * 2.3),
            (-r * 0.9, 0.02, r * 2.2),
            (-r * 1.7, 0.02, r * 1.5),
            (-r * 1.1, 0.02, r * 0.9),
        ],
        0.016,
    )
    b.part(*TRIGGER)
    b.box((0.035, 0.015, 0.012), (-r * 0.65, 0.02, r * 2.02), round=0.4)
    if b.maybe(0.5):
        b.part("front handle", "second grip", "auxiliary handle", "part to hold it by")
        b.tube(
            [(r * 0.9, 0.04, r * 1.3), (r * 1.3, 0.04, r * 1.8), (r * 1.4, 0.09, r * 1.8)],
            0.013,
            smooth=False,
        )


@kind("sander", "orbital sander", "polisher", "power sander")
def sander(b: Builder) -> None:
    w, h = b.u(0.045, 0.065), b.u(0.1, 0.15)
    round_one = b.maybe()
    b.part("pad", "sanding pad", "sole", "plate", "what sands")
    if round_one:
        b.cone((0, 0, 0), (0, 0, 0.02), w * 1.25, w * 1.2, sides=24)
    else:
        b.box((w * 3.4, w * 1.9, 0.02), (0, 0, 0.01), round=0.1)
    b.part(*HOUSING)
    if round_one:
        b.lathe([(w * 0.95, 0.018), (w * 0.9, h * 0.35), (w * 0.65, h * 0.55), (w * 0.7, h * 0.75)])
    else:
        b.box((w * 2.6, w * 1.6, h * 0.5), (0, 0, 0.02 + h * 0.24), round=0.5)
    b.part(*HANDLE)
    if round_one:
        b.blob((w * 1.9, w * 1.9, h * 0.5), (0, 0, h * 0.85))
    else:
        bridge_handle(b, -w * 1.1, w, h * 0.4, h * b.u(0.95, 1.2), 0.016)
    b.part("dust bag", "dust box", "bag", "where the dust goes")
    b.blob((0.11, w * 1.1, w * 1.1), (-w * (1 if round_one else 1.3) - 0.05, 0, h * 0.4), e1=0.7, e2=0.7)
    b.part(*SWITCH)
    b.box(
        (0.02, 0.014, 0.012),
        ((w * 0.72, 0, h * 0.68) if round_one else (w * 1.1, 0, 0.02 + h * 0.47)),
        round=0.3,
    )


@kind("chainsaw", "chain saw", rest="stands")
def chainsaw(b: Builder) -> None:
    length, h = b.u(0.22, 0.3), b.u(0.14, 0.18)
    b.part(*HOUSING)
    b.box((length, 0.13, h), (-length / 2, 0, h / 2), round=b.u(0.2, 0.5))
    b.part("blade", "chain bar", "guide bar", "what cuts")
    out = b.u(0.25, 0.45)
    b.ribbon(
        [(-0.05, h * 0.2), (out * 0.96, h * 0.25), (out, h * 0.4)],
        [(-0.05, h * 0.65), (out * 0.96, h * 0.6), (out, h * 0.45)],
        0.006,
        (0, -0.05, 0),
        "xz",
    )
    b.part(*HANDLE)
    bridge_handle(b, -length * 1.35, -length * 0.45, h * 0.65, h * 1.15, 0.016)
    b.part("front handle", "second grip", "bow handle", "part to hold it by")
    b.tube(
        [
            (-0.05, -0.06, h * 0.4),
            (-0.06, -0.085, h),
            (-0.05, 0, h * 1.45),
            (-0.05, 0.08, h),
            (-0.05, 0.06, h * 0.3),
        ],
        0.011,
    )
    b.part(*TRIGGER)
    b.box((0.035, 0.014, 0.014), (-length * 0.8, 0, h * 0.98), round=0.4)


@kind("metal detector", "line trimmer", "grass trimmer", rest="lies")
def grass_trimmer(b: Builder) -> None:
    length = b.u(0.8, 1.3)
    b.part("shaft", "pole", "rod", "tube")
    bar(b, (-length, 0), (0.012, 0.012))
    b.part("handle", "grip", "part to hold it by", "where to grab it")
    bar(b, -length - np.array([0.16, 0.15, 0.05, -0.01]), (0.022, 0.026, 0.02, 0.018))
    b.part("front handle", "loop handle", "second grip", "part to hold it by")
    b.tube(
        [
            (-length * 0.65, 0, 0.01),
            (-length * 0.66, 0.05, 0.07),
            (-length * 0.67, 0, 0.12),
            (-length * 0.66, -0.05, 0.07),
            (-length * 0.65, 0, 0.01),
        ],
        0.011,
    )
    b.part("head", "disc", "working end", "round end")
    r = b.u(0.06, 0.13)
    with b.moved((r * 0.4, 0, -0.03), pitch=b.u(0.2, 0.5)):
        b.lathe([(0, -0.02), (r, -0.015), (r, 0.0), (r * 0.3, 0.03), (0, 0.05)])
