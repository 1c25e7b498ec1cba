"""Tools that measure length, level, weight and voltage."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.electronics.electronics import DEVICE
from part_perception.shapes.kinds.tools.handtools import JAW, bar
from part_perception.shapes.lexicon import BASE, CORD, SCREEN


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


@kind("caliper", "sliding caliper", "vernier caliper", rest="lies")
def caliper(b: Builder) -> None:
    length, w, t = b.u(0.15, 0.25), b.u(0.012, 0.016), 0.0035
    b.part("beam", "bar", "scale", "ruler", "part to hold it by")
    b.box((length, w, t), (-length / 2 + 0.01, 0, 0))
    gap = b.u(0.002, 0.07)
    deep = b.u(0.035, 0.045)
    for x, s in ((0.01, 1), (0.01 - gap, -1)):
        b.part(*JAW)
        b.ribbon([(x, -w * 0.4), (x, -deep)], [(x + s * 0.016, -w * 0.4), (x + s * 0.004, -deep)], t)
        b.part("inside jaw", "small jaw", "upper jaw")
        b.ribbon(
            [(x, w * 0.4), (x, w * 0.5 + 0.016)],
            [(x + s * 0.012, w * 0.4), (x + s * 0.002, w * 0.5 + 0.016)],
            t,
        )
    b.part("slider", "sliding part", "body", "what to move")
    x = 0.01 - gap - 0.028
    b.box((0.055, w * b.u(1.3, 2.2), t * b.u(2, 4)), (x, 0, t * 0.5), round=0.2)
    if b.maybe(0.5):
        b.part("display", "screen", "dial", "where to read the size")
        b.box((0.032, w * 0.9, 0.003), (x, 0, t * 2.4))
    b.part("screw", "locking screw", "knob", "what to turn to lock it")
    b.rod((x, w * 0.6, 0), (x, w * 1.4, 0), 0.004)


@kind("multimeter", "voltmeter", "measuring device", rest="lies")
def multimeter(b: Builder) -> None:
    length, w, t = b.u(0.12, 0.19), b.u(0.06, 0.09), b.u(0.025, 0.045)
    body = b.part(*DEVICE)
    b.box((length, w, t), (0, 0, t / 2), round=b.u(0.2, 0.6))
    b.part(*SCREEN, inside=body)
    b.box((length * 0.27, w * 0.75, 0.003), (length * 0.3, 0, t + 0.0005))
    b.part("dial", "knob", "selector", "what to turn")
    b.rod((-length * 0.08, 0, t - 0.002), (-length * 0.08, 0, t + 0.008), w * 0.24)
    b.box((w * 0.44, 0.007, 0.007), (-length * 0.08, 0, t + 0.01))
    for y in (-0.25, 0.25):
        b.part("socket", "jack", "where the cable goes", inside=body)
        b.rod((-length * 0.38, y * w, t - 0.002), (-length * 0.38, y * w, t + 0.003), w * 0.08)
    for s in (-1, 1) if b.maybe(0.6) else ():
        end = np.array([length * b.u(-0.2, 0.3), s * w * b.u(0.9, 1.4), 0.006])
        start = np.array([-length * 0.5, s * w * 0.25, t * 0.5])
        b.part(*CORD)
        b.tube(
            [
                start + (0.004, 0, 0),
                start - (0.05, 0, t * 0.4),
                end - (0.09, s * 0.01, 0),
                end - (0.045, 0, 0),
            ],
            0.0018,
        )
        b.part("probe", "test lead", "measuring tip", "what touches the wire")
        bar(
            b,
            end[0] + np.array([-0.05, 0.03, 0.035, 0.055]),
            (0.005, 0.0045, 0.0015, 0.0008),
            y=end[1],
            z=0.006,
        )


@kind("weighing scale", "bathroom scale", "digital scale")
def scale(b: Builder) -> None:
    d, h = b.u(0.16, 0.32), b.u(0.018, 0.05)
    body = b.part(*BASE)
    b.box((d, d * b.u(0.75, 1.1), h), (0, 0, h / 2), round=0.3)
    b.part("plate", "platform", "tray", "pan", "where to put what is weighed")
    if b.maybe(0.4):
        b.lathe(
            [
                (0, h),
                (d * 0.35, h + 0.004),
                (d * 0.48, h + 0.05),
                (d * 0.46, h + 0.05),
                (d * 0.33, h + 0.008),
                (0, h + 0.006),
            ],
            (-d * 0.05, 0, 0),
        )
    else:
        b.box((d * 0.72, d * 0.72, 0.01), (-d * 0.1, 0, h + 0.003), round=0.3)
    b.part("display", "screen", "where to read the weight", inside=body)
    b.box((d * 0.12, d * 0.35, 0.004), (d * 0.4, 0, h + 0.0005))


@kind("ruler", "scale", "measuring stick", "set square", rest="lies")
def ruler(b: Builder) -> None:
    length, w, t = b.u(0.15, 0.5), b.u(0.025, 0.045), b.u(0.001, 0.004)
    body = b.part("body", "ruler", "straight edge", "what to measure with")
    if b.maybe(0.7):
        b.box((length, w, t), (0, 0, t / 2))
        b.part("edge", "scale", "markings", "where to read the length", inside=body)
        b.box((length * 0.98, w * 0.15, t), (0, w * 0.44, t * 0.75))
    else:
        h = length * b.u(0.45, 0.6)
        for p, q in (((0, 0), (length, 0)), ((0, 0), (0, h)), ((0, h), (length, 0))):
            d = np.subtract(q, p) / np.hypot(*np.subtract(q, p))
            n = np.array([-d[1], d[0]]) * w * 0.4
            b.ribbon([p + n, q + n], [p - n, q - n], t)


@kind("thermometer", "clinical thermometer", rest="lies")
def thermometer(b: Builder) -> None:
    length, w = b.u(0.1, 0.14), b.u(0.006, 0.01)
    body = b.part("body", "handle", "case", "part to hold it by")
    bar(b, -length * np.array([1, 0.95, 0.4, 0.15, 0]), w * np.array([0.8, 1, 1.1, 0.6, 0.35]), flat=0.6)
    b.part(*SCREEN, inside=body)
    b.box((length * 0.25, w, 0.002), (-length * 0.55, 0, w * 0.62))
    b.part("tip", "probe", "sensor", "measuring end")
    bar(b, (-0.002, 0.015, 0.018), (w * 0.33, w * 0.3, w * 0.15))
