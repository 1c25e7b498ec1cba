"""Phones, remotes and other devices with a keypad or an aerial."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, spins, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.electronics.electronics import DEVICE, KEYPAD, raised_pads
from part_perception.shapes.lexicon import BUTTON, HANDLE, HINGE, SCREEN, TRIGGER


@kind("mobile phone", "cell phone", "phone with buttons", rest="lies")
def mobile_phone(b: Builder) -> None:
    length, w, t = b.u(0.095, 0.14), b.u(0.042, 0.055), b.u(0.012, 0.022)
    body = b.part(*DEVICE)
    b.box((length, w, t), (0, 0, t / 2), round=b.u(0.3, 0.9))
    b.part(*SCREEN, inside=body)
    b.box((length * b.u(0.25, 0.4), w * 0.82, 0.002), (length * 0.22, 0, t + 0.0004))
    b.part(*KEYPAD, inside=body)
    raised_pads(
        b,
        np.linspace(-0.4, -0.1, 4) * length,
        np.linspace(-0.28, 0.28, 3) * w,
        (length * 0.07, w * 0.2, 0.003),
        t,
    )
    if b.maybe(0.6):
        b.part(
            "button",
            "navigation key",
            "middle button",
            "what to press",
            inside=body,
            joint=presses((0, 0, -1)),
        )
        b.blob((length * 0.08, w * 0.3, 0.005), (-length * 0.01, 0, t))
    if b.maybe(0.5):
        b.part("antenna", "aerial", "what receives the signal")
        b.cone((length * 0.48, w * 0.35, t / 2), (length * b.u(0.55, 0.8), w * 0.35, t / 2), 0.005, 0.004)


@kind("flip phone", "folding phone", "clamshell phone", rest="lies")
def flip_phone(b: Builder) -> None:
    length, w, t = b.u(0.08, 0.1), b.u(0.043, 0.052), b.u(0.009, 0.014)
    base = b.part("base", "lower half", "body", "bottom half")
    b.box((length, w, t), (-length / 2, 0, t / 2), round=0.4)
    b.part(*KEYPAD, inside=base)
    raised_pads(
        b,
        -length * np.linspace(0.3, 0.85, 4),
        np.linspace(-0.28, 0.28, 3) * w,
        (length * 0.11, w * 0.22, 0.003),
        t,
    )
    angle = b.u(0.1, 1.7)
    with b.moved((0, 0, t * 0.8), pitch=-angle):
        lid = b.part(
            "lid",
            "upper half",
            "flip",
            "what folds open",
            joint=turns((0, 1, 0), angle=np.pi, now=np.pi - angle),
        )
        b.box((length * 0.97, w, t * 0.7), (length * 0.49, 0, 0), round=0.4)
        b.part(*SCREEN, inside=lid)
        b.box((length * 0.6, w * 0.8, 0.002), (length * 0.5, 0, t * 0.35 + 0.0004))
    b.part(*HINGE)
    b.rod((0, -w * 0.4, t * 0.7), (0, w * 0.4, t * 0.7), t * 0.55)


@kind("smartphone", "phone", "tablet", "tablet computer", rest="lies")
def smartphone(b: Builder) -> None:
    length = b.pick(b.u(0.13, 0.17), b.u(0.2, 0.28))
    w, t = length * b.u(0.46, 0.55) * (1 if length < 0.18 else 1.35), b.u(0.006, 0.012)
    body = b.part(*DEVICE)
    b.box((length, w, t), (0, 0, t / 2), round=b.u(0.3, 1))
    b.part(*SCREEN, inside=body)
    b.box((length * b.u(0.78, 0.95), w * 0.92, 0.0015), (0, 0, t + 0.0002))
    b.part("camera", "camera bump", "lenses", "what takes pictures", inside=body)
    b.box((length * 0.14, w * 0.3, 0.0035), (length * 0.38, w * 0.28, -0.0005), round=0.4)
    if b.maybe(0.5):
        b.part(*BUTTON, inside=body, joint=presses((0, -1, 0)))
        b.box((length * 0.1, 0.003, t * 0.5), (length * 0.2, w / 2, t / 2))


def _handset(b: Builder, length: float, z: float) -> None:
    """A receiver along y that rests at height z."""
    b.part("handset", "receiver", "handle", "part to hold to the ear")
    b.tube(
        [
            (0, -length * 0.4, z + 0.012),
            (0, -length * 0.2, z + 0.028),
            (0, length * 0.2, z + 0.028),
            (0, length * 0.4, z + 0.012),
        ],
        0.013,
        flat=1.3,
    )
    for s in (-1, 1):
        b.cone((0, s * length * 0.42, z), (0, s * length * 0.42, z + 0.022), 0.027, 0.024)


@kind("telephone", "desk phone", "landline phone")
def telephone(b: Builder) -> None:
    d, w, h = b.u(0.17, 0.23), b.u(0.14, 0.22), b.u(0.04, 0.09)
    body = b.part("base", "body", "housing", "what it stands on")
    b.extrude(
        [(d / 2, 0), (d / 2, h * 0.35), (-d * 0.15, h * 0.85), (-d / 2, h), (-d / 2, 0)],
        w,
        plane="xz",
        bevel=0.04,
    )
    slope = np.arctan2(h * 0.5, d * 0.65)
    with b.moved((d * 0.17, 0, h * 0.6), pitch=slope):
        if b.maybe(0.65):
            b.part(*KEYPAD, inside=body)
            raised_pads(
                b,
                np.linspace(-0.15, 0.15, 4) * d,
                np.linspace(-0.15, 0.15, 3) * w + w * 0.1,
                (d * 0.065, w * 0.1, 0.006),
                0.002,
            )
        else:
            b.part("dial", "number wheel", "rotary dial", "what to turn", inside=body, joint=spins((0, 0, 1)))
            b.rod((0, 0, -0.002), (0, 0, 0.01), min(d, w) * 0.28)
    if b.maybe():
        with b.moved((-d * 0.3, 0, h * 0.92), pitch=slope * 0.4):
            _handset(b, w * b.u(0.9, 1.25), 0)
    else:
        with b.moved((0, -w * 0.3, h * 0.72), pitch=slope * 0.8, yaw=np.pi / 2):
            _handset(b, d * 0.95, 0.002)
    if b.maybe(0.5):
        b.part("cord", "spiral cord", "cable", "wire")
        b.tube(
            [
                (-d * 0.2, -w * 0.5, h * 0.4),
                (0, -w * 0.62, 0.008),
                (d * 0.35, -w * 0.6, 0.008),
                (d * 0.3, -w * 0.48, h * 0.25),
            ],
            0.004,
            steps=16,
        )


@kind("walkie-talkie", "two-way radio", "radio handset", rest="stands")
def walkie_talkie(b: Builder) -> None:
    w, h, t = b.u(0.05, 0.065), b.u(0.1, 0.14), b.u(0.028, 0.04)
    body = b.part(*DEVICE)
    b.box((t, w, h), (0, 0, h / 2), round=b.u(0.2, 0.5))
    b.part("antenna", "aerial", "what receives the signal")
    b.cone((0, w * 0.3, h - 0.003), (0, w * 0.3, h + b.u(0.04, 0.15)), 0.007, 0.004)
    b.part("knob", "dial", "volume knob", "what to turn", joint=spins((0, 0, 1)))
    b.rod((0, -w * 0.25, h - 0.002), (0, -w * 0.25, h + 0.012), 0.008)
    b.part("speaker", "grille", "where the sound comes out", inside=body)
    b.rod((t / 2 - 0.001, 0, h * 0.3), (t / 2 + 0.002, 0, h * 0.3), w * 0.33)
    if b.maybe(0.6):
        b.part(*SCREEN, inside=body)
        b.box((0.003, w * 0.6, h * 0.18), (t / 2 + 0.0005, 0, h * 0.75))
    b.part("button", "talk button", "side button", "what to press", joint=presses((0, -1, 0)))
    b.box((t * 0.4, 0.005, h * 0.2), (0, w / 2 + 0.0015, h * 0.7), round=0.4)


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
    b.part(*BUTTON, joint=presses((-1, 0, 0)))
    b.rod((d / 2 - 0.001, w * 0.3, h * 0.5), (d / 2 + 0.003, w * 0.3, h * 0.5), h * 0.2)


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
            b.part(*BUTTON, inside=body, joint=presses((-1, 0, 0)))
            b.rod((t - 0.001, 0, z * h), (t + 0.006, 0, z * h), w * 0.12)


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
