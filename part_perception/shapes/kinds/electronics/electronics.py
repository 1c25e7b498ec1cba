"""Computers and their accessories."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, spins, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import CAP, CORD, HINGE, SCREEN

KEYPAD = ("keypad", "keys", "number buttons", "what to press")
KEYBOARD = ("keyboard", "keys", "what to type on")
DEVICE = ("body", "case", "housing", "device")


def cable(b: Builder, start, ahead, reach: float, r: float = 0.002) -> None:
    """A cable that runs from a device and winds across the table."""
    b.part(*CORD)
    s, d = np.asarray(start, float), np.asarray(ahead, float)
    side = np.array([-d[1], d[0], 0])
    drop = np.array([0, 0, max(s[2] - r, 0)])
    b.tube(
        [
            s - 0.003 * d,
            s + d * reach * 0.3 - drop * 0.7,
            s + d * reach * 0.7 + side * b.u(-0.3, 0.3) * reach - drop,
            s + d * reach + side * b.u(-0.5, 0.5) * reach - drop,
        ],
        r,
        steps=14,
        sides=6,
    )


def raised_pads(b: Builder, xs, ys, size, z: float) -> None:
    """Rows of small raised pads."""
    for x in xs:
        for y in ys:
            b.box(size, (x, y, z))


@kind("laptop", "notebook computer", "notebook")
def laptop(b: Builder) -> None:
    w, d, t = b.u(0.26, 0.4), b.u(0.18, 0.27), b.u(0.01, 0.03)
    base = b.part("base", "keyboard half", "lower half", "bottom")
    b.box((d, w, t), (0, 0, t / 2), round=b.u(0, 0.5))
    b.part(*KEYBOARD, inside=base)
    b.box((d * b.u(0.4, 0.5), w * b.u(0.8, 0.92), 0.003), (-d * 0.12, 0, t + 0.0005))
    if b.maybe(0.85):
        b.part("touchpad", "trackpad", "pointing pad", "where to move the pointer", inside=base)
        b.box((d * 0.25, w * b.u(0.2, 0.35), 0.002), (d * 0.32, 0, t + 0.0005))
    tilt, thin = b.u(-0.5, 0.75), b.u(0.004, 0.012)
    with b.moved((-d / 2 + thin / 2, 0, t), pitch=-tilt):
        swing = turns((0, -1, 0), angle=2.6, now=np.pi / 2 + tilt)
        lid = b.part("lid", "screen half", "upper half", "what closes it", joint=swing)
        b.box((thin, w, d * 0.98), (0, 0, d * 0.49), round=0.2)
        b.part(*SCREEN, inside=lid)
        b.box((0.002, w * b.u(0.88, 0.96), d * b.u(0.8, 0.9)), (thin / 2 + 0.0003, 0, d * 0.51))
    if b.maybe(0.5):
        b.part(*HINGE)
        for s in (-1, 1):
            b.rod((-d / 2 + 0.004, s * w * 0.3, t), (-d / 2 + 0.004, s * w * 0.4, t), b.u(0.005, 0.009))


@kind("old monitor", "cathode ray tube television", "tube television", "old TV")
def old_monitor(b: Builder) -> None:
    h = b.u(0.28, 0.45)
    w, d = h * b.u(1.1, 1.3), h * b.u(0.8, 1.1)
    body = b.part(*DEVICE)
    b.box((d * 0.4, w, h), (0, 0, h / 2), round=0.15)
    with b.moved((-d * 0.2, 0, h / 2), pitch=-np.pi / 2):
        b.box((h * 0.9, w * 0.9, d * 0.6), (0, 0, d * 0.3), taper=0.55)
    b.part(*SCREEN, inside=body)
    wide = w * b.u(0.68, 0.88)
    b.blob((0.03, wide, h * 0.75), (d * 0.2, -(w * 0.94 - wide) / 2, h * 0.53), e1=0.35, e2=0.35)
    for i in range(b.n(1, 3)):
        b.part("knob", "dial", "button", "what to turn", inside=body)
        b.rod(
            (d * 0.2, w * 0.45, h * (0.75 - 0.15 * i)),
            (d * 0.2 + 0.012, w * 0.45, h * (0.75 - 0.15 * i)),
            0.012,
        )
    if b.maybe(0.5):
        b.part("antenna", "aerial", "what receives the signal")
        for s in (-1, 1):
            b.rod((-d * 0.1, 0, h), (-d * 0.1, s * w * 0.45, h * b.u(1.3, 1.8)), 0.003)


@kind("computer mouse", "mouse", rest="stands")
def mouse(b: Builder) -> None:
    length, w, h = b.u(0.08, 0.125), b.u(0.05, 0.07), b.u(0.028, 0.042)
    body = b.part(*DEVICE)
    s, t = np.linspace(-1, 1, 15)[:, None], np.linspace(0, np.pi, 13)[None]
    ridge = np.sqrt(np.maximum(1 - np.abs(s) ** 2.6, 0)) * (1 - 0.2 * s)
    width = w / 2 * np.maximum(1 - np.abs(s) ** 3, 0) ** 0.5 * (1 - b.u(0, 0.15) * np.cos(s * np.pi))
    b.sheet(
        np.stack(
            [length / 2 * s + 0 * t, -width * np.cos(t), 0.004 + (h - 0.004) * ridge * np.sin(t) ** 0.7], 2
        )
    )
    b.sheet(np.stack([length / 2 * s + 0 * t, -width * np.cos(t), 0.002 + 0 * s + 0 * t], 2))
    for side in (-1, 1):
        b.part(
            "button",
            "mouse button",
            "left or right button",
            "what to click",
            inside=body,
            joint=presses((0, 0, -1)),
        )
        x = np.linspace(0.25, 0.97, 7)[:, None]
        a = np.linspace(0.22, 1.1, 5)[None]
        top = np.sqrt(1 - x**2.6) * (1 - 0.2 * x)
        wide = w / 2 * (1 - x**3) ** 0.5
        b.sheet(
            np.stack(
                [
                    length / 2 * x + 0 * a,
                    side * wide * np.sin(a),
                    0.0065 + (h - 0.004) * top * np.cos(a) ** 0.7,
                ],
                2,
            )
        )
    if b.maybe(0.85):
        b.part("wheel", "scroll wheel", "what to scroll with", joint=spins((0, 1, 0)))
        b.rod((length * 0.25, -0.004, h * 0.72), (length * 0.25, 0.004, h * 0.72), 0.0095)
    if b.maybe(0.6):
        cable(b, (length / 2 - 0.002, 0, 0.009), (1, 0, 0), b.u(0.06, 0.2))


@kind("keyboard", "computer keyboard", rest="lies")
def keyboard(b: Builder) -> None:
    w, d, t = b.u(0.28, 0.46), b.u(0.11, 0.18), b.u(0.012, 0.03)
    body = b.part("body", "frame", "case", "base")
    b.box((d, w, t), (0, 0, t / 2), round=b.u(0, 0.4))
    b.part(*KEYBOARD, inside=body)
    full = w > 0.38
    for x in np.linspace(-0.3, 0.34, 5):
        b.box(
            (d * 0.13, w * (0.66 if full else 0.93), 0.006),
            (x * d, -w * 0.13 if full else 0, t + 0.001),
            taper=0.97,
        )
    if full:
        b.part("number pad", "keypad", "number keys", inside=body)
        b.box((d * 0.75, w * 0.18, 0.006), (0.02 * d, w * 0.36, t + 0.001))
    if b.maybe(0.3):
        b.part("wrist rest", "palm rest", "where to rest the hands")
        b.box((d * 0.35, w, t * 0.7), (d * 0.67, 0, t * 0.35), round=0.6)
    if b.maybe(0.5):
        cable(b, (-d / 2, w * 0.2, t * 0.4), (-1, 0, 0), b.u(0.1, 0.25))


@kind("USB stick", "flash drive", "memory stick", "thumb drive", rest="lies")
def usb_stick(b: Builder) -> None:
    length, w, t = b.u(0.03, 0.05), b.u(0.014, 0.022), b.u(0.006, 0.01)
    b.part("body", "case", "housing", "part to hold it by")
    b.box((length, w, t), (-length / 2, 0, 0), round=b.u(0, 0.9))
    form = b.pick("capped", "open", "swivel", "cap off")
    if form != "capped":
        b.part("plug", "connector", "metal end", "what goes into the computer")
        b.box((0.016, 0.012, 0.0045), (0.0075, 0, 0))
    if form in ("capped", "cap off"):
        b.part(*CAP)
        with b.moved(
            (0.001, 0, 0) if form == "capped" else (b.u(0.025, 0.06), b.u(-0.02, 0.02), 0),
            yaw=0 if form == "capped" else b.u(0, 3),
        ):
            b.box((0.019, w * 1.01, t * 1.01), (0.0095, 0, 0), round=b.u(0, 0.7))
    if form == "swivel":
        b.part("cover", "rotating cover", "swivel", "metal clip", "cap")
        with b.moved((-length * 0.85, 0, 0), yaw=b.u(0, 2.5)):
            for s in (-1, 1):
                b.box((length * 0.8, w * 0.9, 0.0008), (length * 0.35, 0, s * (t / 2 + 0.001)))
            b.box((0.0008, w * 0.9, t + 0.002), (length * 0.75, 0, 0))


@kind("power strip", "extension cord", "multiple socket", rest="lies")
def power_strip(b: Builder) -> None:
    n = b.n(3, 6)
    pitch, w, t = b.u(0.04, 0.05), b.u(0.045, 0.06), b.u(0.03, 0.042)
    length = (n + 0.8) * pitch
    body = b.part(*DEVICE)
    b.box((length, w, t), (0, 0, t / 2), round=b.u(0.1, 0.5))
    for x in np.linspace(-(n - 1) / 2, (n - 1) / 2, n) * pitch - pitch * 0.2:
        b.part("socket", "outlet", "where the plug goes", inside=body)
        b.lathe(
            [
                (0, t - 0.004),
                (w * 0.3, t - 0.003),
                (w * 0.34, t + 0.0025),
                (w * 0.38, t + 0.0025),
                (w * 0.4, t - 0.002),
            ],
            (x, 0, 0),
        )
    if b.maybe(0.7):
        b.part("switch", "on off switch", "button", "what to flip", inside=body)
        b.box((0.012, 0.022, 0.008), (length / 2 - 0.014, 0, t), round=0.3)
    cable(b, (-length / 2, 0, t / 2), (-1, 0, 0), b.u(0.1, 0.3), 0.004)


@kind("plug", "power plug", "charger", "power adapter", rest="lies")
def plug(b: Builder) -> None:
    size = b.u(0.03, 0.05)
    form = b.pick("round", "box", "angled")
    b.part("body", "plug body", "case", "part to hold it by")
    if form == "round":
        b.tube(
            [(-size, 0, 0), (-size * 0.9, 0, 0), (-size * 0.3, 0, 0), (0, 0, 0)],
            size * np.array([0.2, 0.35, 0.45, 0.45]),
            smooth=False,
            sides=16,
        )
    elif form == "box":
        b.box((size, size * b.u(0.7, 1.4), size * b.u(0.5, 0.8)), (-size / 2, 0, 0), round=0.4)
    else:
        b.box((size * 0.4, size * 1.2, size * 0.6), (-size * 0.2, -size * 0.2, 0), round=0.5)
    flat = b.maybe()
    for s in (-1, 1):
        b.part("prong", "pin", "contact", "metal pin that goes into the socket")
        if flat:
            b.box((0.018, 0.0018, 0.0065), (0.008, s * 0.0065, 0))
        else:
            b.rod((-0.001, s * 0.0095, 0), (0.019, s * 0.0095, 0), 0.0024)
    if form == "angled":
        cable(b, (-size * 0.2, -size * 0.8, 0), (0, -1, 0), b.u(0.08, 0.2), 0.0035)
    else:
        cable(b, (-size, 0, 0), (-1, 0, 0), b.u(0.08, 0.25), b.u(0.002, 0.0035))
