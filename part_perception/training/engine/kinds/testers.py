"""Measuring and scanning devices, guns that drive staples, and devices with aerials."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.electronics import DEVICE, KEYPAD, LENS, _pads
from part_perception.training.engine.kinds.handtools import JAW, bar
from part_perception.training.engine.lexicon import BASE, BUTTON, CORD, HANDLE, SCREEN, TRIGGER


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


@kind("barcode scanner", "hand scanner", "infrared thermometer gun", rest="lies")
def barcode_scanner(b: Builder) -> None:
    length, w = b.u(0.07, 0.12), b.u(0.025, 0.036)
    with b.moved(roll=-np.pi / 2):
        b.part("head", "body", "housing", "scanning head")
        b.box((length, 2 * w, w * 1.3), (-length / 2, 0, 0), round=0.5, taper=b.u(0.85, 1))
        b.part("window", "lens", "glass", "where the light comes out")
        b.box((0.003, 1.6 * w, w * 0.8), (0.0005, 0, 0), round=0.1)
        b.part(*HANDLE)
        x, low, lean = -length * b.u(0.5, 0.7), b.u(0.09, 0.12), b.u(0.01, 0.03)
        b.tube(
            [(x, 0, -w * 0.4), (x - lean * 0.5, 0, -low * 0.6), (x - lean, 0, -low)],
            [0.016, 0.014, 0.015],
            flat=0.85,
            steps=8,
        )
        b.part(*TRIGGER)
        b.box((0.01, 0.012, 0.026), (x + 0.014, 0, -w * 0.65 - 0.012), round=0.5)
        if b.maybe(0.4):
            b.part(*SCREEN)
            b.box((0.003, 1.2 * w, w * 0.7), (-length - 0.001, 0, 0))


@kind("staple gun", "tacker", "nail gun", rest="lies")
def staple_gun(b: Builder) -> None:
    length, h, t = b.u(0.13, 0.19), b.u(0.05, 0.08), b.u(0.02, 0.035)
    b.part("body", "housing", "frame")
    b.ribbon(
        [(-length, h * 0.75), (-length * 0.3, h), (0, h)],
        [(-length, h * 0.5), (-length * 0.3, h * 0.45), (0, 0)],
        t,
    )
    b.box((0.02, h * 1.1, t * 0.9), (-0.01, h * 0.45, 0), round=0.2)
    b.part("magazine", "staple rail", "bottom", "where the staples are")
    b.box((length * 0.9, h * 0.16, t * 0.7), (-length * 0.45, 0, 0))
    b.tube([(-length * 0.9, 0, 0), (-length, h * 0.2, 0), (-length, h * 0.6, 0)], t * 0.3, steps=8)
    b.part("handle", "lever", "what to squeeze", "part to hold it by")
    b.tube(
        [
            (-length * 0.2, h * 0.95, 0),
            (-length * 0.5, h * b.u(1.2, 1.6), 0),
            (-length * 1.05, h * b.u(1.1, 1.5), 0),
        ],
        [t * 0.35, t * 0.42, t * 0.4],
        flat=1.1,
        steps=8,
    )


@kind("router", "wireless router", "modem", "set-top box")
def router(b: Builder) -> None:
    w, d, h = b.u(0.13, 0.25), b.u(0.09, 0.18), b.u(0.02, 0.045)
    b.part(*DEVICE)
    b.box((d, w, h), (0, 0, h / 2), round=b.u(0.1, 0.6))
    n = b.n(1, 4)
    for y in np.linspace(-0.4, 0.4, n) * w:
        b.part("antenna", "aerial", "what receives the signal")
        lean = b.u(-0.3, 0.3) * 0.1
        b.tube(
            [
                (-d / 2 - 0.004, y, h * 0.5),
                (-d / 2 - 0.006, y, h),
                (-d / 2 - 0.006, y + lean, h + b.u(0.08, 0.16)),
            ],
            [0.005, 0.006, 0.004],
            flat=0.7,
            smooth=False,
        )
    b.part(*BUTTON)
    b.rod((d / 2 - 0.001, w * 0.3, h * 0.5), (d / 2 + 0.003, w * 0.3, h * 0.5), h * 0.2)


@kind("projector", "video projector", "beamer")
def projector(b: Builder) -> None:
    w, d, h = b.u(0.22, 0.4), b.u(0.18, 0.3), b.u(0.07, 0.13)
    b.part(*DEVICE)
    b.box((d, w, h), (0, 0, h / 2 + 0.008), round=b.u(0.2, 0.6))
    b.part(*LENS)
    y, r = w * b.u(-0.3, 0.3), h * b.u(0.28, 0.38)
    b.tube([(d / 2 - 0.01, y, h * 0.55), (d / 2 + b.u(0.01, 0.04), y, h * 0.55)], r, sides=18, smooth=False)
    b.part("buttons", "keys", "control panel", "what to press")
    _pads(b, (-0.02, 0.02), (-0.02, 0.02), (0.02, 0.02, 0.006), h + 0.009)
    for x, k in ((0.4, -0.4), (0.4, 0.4), (-0.4, 0)):
        b.part("foot", "leg", "what it stands on")
        b.rod((x * d, k * w, 0), (x * d, k * w, 0.012), 0.012)


@kind("walkie-talkie", "two-way radio", "radio handset", rest="stands")
def walkie_talkie(b: Builder) -> None:
    w, h, t = b.u(0.05, 0.065), b.u(0.1, 0.14), b.u(0.028, 0.04)
    body = b.part(*DEVICE)
    b.box((t, w, h), (0, 0, h / 2), round=b.u(0.2, 0.5))
    b.part("antenna", "aerial", "what receives the signal")
    b.cone((0, w * 0.3, h - 0.003), (0, w * 0.3, h + b.u(0.04, 0.15)), 0.007, 0.004)
    b.part("knob", "dial", "volume knob", "what to turn")
    b.rod((0, -w * 0.25, h - 0.002), (0, -w * 0.25, h + 0.012), 0.008)
    b.part("speaker", "grille", "where the sound comes out", inside=body)
    b.rod((t / 2 - 0.001, 0, h * 0.3), (t / 2 + 0.002, 0, h * 0.3), w * 0.33)
    if b.maybe(0.6):
        b.part(*SCREEN, inside=body)
        b.box((0.003, w * 0.6, h * 0.18), (t / 2 + 0.0005, 0, h * 0.75))
    b.part("button", "talk button", "side button", "what to press")
    b.box((t * 0.4, 0.005, h * 0.2), (0, w / 2 + 0.0015, h * 0.7), round=0.4)


@kind("doorbell intercom", "card reader", "code lock", "alarm keypad", rest="mounted")
def intercom(b: Builder) -> None:
    w, h, t = b.u(0.07, 0.13), b.u(0.11, 0.25), b.u(0.015, 0.045)
    body = b.part(*DEVICE)
    b.box((t, w, h), (t / 2, 0, 0), round=b.u(0.05, 0.4))
    if b.maybe(0.6):
        b.part(*KEYPAD, inside=body)
        for y in (-0.27, 0, 0.27):
            for z in (-0.35, -0.22, -0.09, 0.04):
                b.box((0.005, w * 0.2, h * 0.09), (t, y * w, z * h))
        b.part(*SCREEN, inside=body)
        b.box((0.003, w * 0.75, h * 0.2), (t, 0, h * 0.3))
    else:
        b.part("speaker", "grille", "where the sound comes out", inside=body)
        b.rod((t - 0.001, 0, h * 0.25), (t + 0.002, 0, h * 0.25), w * 0.3)
        for z in (-0.1, -0.3):
            b.part(*BUTTON, inside=body)
            b.rod((t - 0.001, 0, z * h), (t + 0.006, 0, z * h), w * 0.12)


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
