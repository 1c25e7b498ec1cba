"""Screens and computers: televisions, monitors, all-in-ones, towers. Screens face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, push_button
from part_perception.shapes.lexicon import BASE, FOOT, GRILLE, HOUSING, POWER_BUTTON, SCREEN, STAND

FRAME = ("frame", "bezel", "body", "housing", "border of the screen")


def panel(b: Builder, wide: float, tall: float, thick: float) -> int:
    """Parts: a flat screen about the origin: its frame, and the picture set into it or flush. Returns the frame."""
    frame = b.part(*FRAME)
    edge = b.u(0.006, 0.03) * (1.5 if tall > 0.5 else 1.0)
    chin = edge * b.pick(1.0, 1.0, b.u(1.5, 4))
    inner = Field(0, (chin - edge) / 2, wide - 2 * edge, tall - edge - chin)
    deep = b.u(0.002, 0.006)
    if b.maybe(0.6):
        b.box((thick, wide, tall), (-thick / 2, 0, 0), round=b.u(0, 0.5))
        for s in (1, -1):
            b.box((deep, edge, tall), (deep / 2, s * (wide - edge) / 2, 0))
        b.box((deep, wide, edge), (deep / 2, 0, (tall - edge) / 2))
        b.box((deep, wide, chin), (deep / 2, 0, -(tall - chin) / 2))
        x = 0.0005
    else:
        b.box((thick, wide, tall), (-thick / 2, 0, 0), round=b.u(0, 0.3))
        x = 0.002
    if b.maybe(0.45):
        back = b.u(0.02, 0.06)
        b.box(
            (back, wide * b.u(0.5, 0.85), tall * b.u(0.4, 0.75)),
            (-thick - back * 0.4, 0, -tall * 0.08),
            round=0.3,
        )
    b.part(*SCREEN, inside=frame)
    b.sheet(
        [
            [(x, y, z) for y in np.array((-0.5, 0.5)) * inner.wide]
            for z in inner.z + np.array((-0.5, 0.5)) * inner.tall
        ]
    )
    return frame


def _foot(b: Builder, wide: float, up: float, tall: float, thick: float) -> None:
    """Parts: the stand of a screen whose lower edge is at height `up`."""
    form = b.pick("neck", "neck", "neck", "feet", "feet", "star", "bow")
    if form == "neck":
        b.part("neck", "stand", "support", "what holds the screen")
        y, lean = wide * b.u(0.04, 0.14), b.u(0.0, 0.05)
        if b.maybe(0.7):
            b.box(
                (0.025, 2 * y, up + tall * 0.35),
                (-thick - 0.012 - lean * 0.2, 0, (up + tall * 0.35) / 2),
                round=0.3,
            )
        else:
            b.tube(
                [
                    (-thick - 0.05 - lean, 0, 0.01),
                    (-thick - 0.04, 0, up * 0.6),
                    (-thick, 0, up + tall * 0.25),
                ],
                0.02,
            )
        b.part(*BASE, "stand")
        x, deep, across = -thick / 2, b.u(0.14, 0.26), wide * b.u(0.3, 0.55)
        if b.maybe(0.5):
            b.box((deep, across, b.u(0.008, 0.018)), (x, 0, 0.006), round=b.u(0.1, 0.6))
        else:
            b.lathe(
                [(0, 0), (across / 2, 0), (across / 2, 0.008), (across * 0.15, 0.018), (0, 0.018)],
                (x, 0, 0),
                squash=min(deep / across * 0.9, 1),
            )
    elif form == "feet":
        for s in (1, -1):
            b.part(*FOOT, "stand")
            y = s * wide * b.u(0.28, 0.4)
            if b.maybe():
                b.tube(
                    [
                        (b.u(0.07, 0.14), y, 0.007),
                        (-thick / 2, y * 0.96, up + 0.02),
                        (-b.u(0.08, 0.16), y, 0.007),
                    ],
                    b.u(0.006, 0.011),
                    smooth=False,
                )
            else:
                b.box((b.u(0.18, 0.3), 0.03, 0.012), (-thick / 2, y, 0.006), round=0.4)
                b.box((0.03, 0.02, up + 0.02), (-thick / 2, y, up / 2 + 0.01))
    elif form == "star":
        b.part(*STAND)
        b.rod((-thick / 2, 0, 0.02), (-thick / 2, 0, up + 0.03), b.u(0.012, 0.02))
        for a in (0.4, np.pi - 0.4, np.pi + 0.4, -0.4):
            c = np.array((np.sin(a) * 0.14, np.cos(a) * wide * 0.25, 0))
            b.tube([np.array((-thick / 2, 0, 0.03)), c + (-thick / 2, 0, 0.008)], 0.009, smooth=False)
    else:
        b.part(*STAND)
        q = wide * b.u(0.12, 0.25)
        b.tube(
            [
                (-thick, -q * 0.5, up + tall * 0.15),
                (-0.08, -q, 0.008),
                (0.09, -q, 0.008),
                (0.09, q, 0.008),
                (-0.08, q, 0.008),
                (-thick, q * 0.5, up + tall * 0.15),
            ],
            0.008,
            smooth=False,
        )


def _screen_on_stand(b: Builder, tall: float, ratio: float) -> int:
    wide, thick, up = tall * ratio, b.u(0.01, 0.05), tall * b.u(0.1, 0.4)
    with b.moved((0, 0, up + tall / 2), pitch=-b.pick(0, b.u(-0.05, 0.3))):
        frame = panel(b, wide, tall, thick)
        for k in np.arange(b.n(2, 5)) if b.maybe(0.35) else ():
            b.part(*POWER_BUTTON[1:], inside=frame, joint=presses((0, 0, 1), 0.003))
            b.box((0.007, 0.016, 0.006), (-thick * 0.4, wide * 0.42 - k * 0.025, -tall / 2 - 0.002))
    _foot(b, wide, up, tall, thick)
    return frame


@kind("monitor", "display", "computer screen", "computer monitor", "screen")
def monitor(b: Builder) -> None:
    _screen_on_stand(b, b.u(0.26, 0.42), b.u(1.25, 2.3))


@kind("television", "TV", "flat screen television", "TV set", "flat screen", front=True)
def television(b: Builder) -> None:
    tall = b.u(0.4, 0.95)
    if b.maybe(0.2):
        with b.moved((0, 0, tall / 2 + b.u(0.0, 0.02))):
            panel(b, tall * b.u(1.6, 1.85), tall, b.u(0.02, 0.06))
        return
    wide, thick, up = tall * b.u(1.6, 1.85), b.u(0.015, 0.06), b.u(0.04, 0.12)
    with b.moved((0, 0, up + tall / 2)):
        frame = panel(b, wide, tall, thick)
        if b.maybe(0.2):
            b.part("speaker", "sound bar", "loudspeaker", "where the sound comes out", inside=frame)
            b.box((0.05, wide * b.u(0.5, 0.95), 0.05), (0.0, 0, -tall / 2 - 0.02), round=0.5)
    _foot(b, wide, up, tall, thick)


@kind("all-in-one computer", "desktop computer", "computer", "computer with keyboard")
def all_in_one(b: Builder) -> None:
    tall, ratio = b.u(0.3, 0.42), b.u(1.4, 1.8)
    _screen_on_stand(b, tall, ratio)
    x, w, d, t = b.u(0.2, 0.3), b.u(0.28, 0.44), b.u(0.11, 0.15), b.u(0.008, 0.02)
    with b.moved((x, 0, 0), yaw=b.u(-0.15, 0.15)):
        board = b.part("keyboard", "keys", "what to type on")
        b.box((d, w, t), (0, 0, t / 2), round=0.2)
        b.part("keys", "buttons", "what to press", inside=board)
        for k in np.linspace(-0.38, 0.38, 5):
            b.box((d * 0.15, w * 0.94, 0.005), (k * d, 0, t + 0.001))
    if b.maybe(0.6):
        mouse = b.part("mouse", "computer mouse", "what to move the pointer with")
        y = w / 2 + b.u(0.06, 0.12)
        b.blob((0.1, 0.06, 0.06), (x, y, 0.004), 0.8, 0.8)
        b.part(
            "wheel",
            "scroll wheel",
            "what to scroll with",
            inside=mouse,
            joint=turns((0, 1, 0), (x - 0.025, y, 0.026)),
        )
        b.rod((x - 0.025, y - 0.004, 0.027), (x - 0.025, y + 0.004, 0.027), 0.009)


@kind("computer tower", "desktop computer", "personal computer", "game console", "server")
def computer_tower(b: Builder) -> None:
    flat = b.maybe(0.25)
    w, h, d = (
        (b.u(0.3, 0.44), b.u(0.06, 0.12), b.u(0.25, 0.42))
        if flat
        else (b.u(0.09, 0.24), b.u(0.3, 0.5), b.u(0.3, 0.5))
    )
    low = b.u(0.006, 0.02)
    body = b.part(*HOUSING)
    b.box((d, w, h), (-d / 2, 0, low + h / 2), round=b.u(0, 0.3))
    b.part("front panel", "front", "cover", inside=body)
    b.box((0.01, w * 0.97, h * 0.98), (0.004, 0, low + h / 2), round=b.u(0, 0.5))
    size = b.u(0.012, 0.024)
    y, z = (w * 0.4, h * 0.6) if flat else (w * b.pick(0, 0.3), h * b.u(0.5, 0.93))
    push_button(b, (0.009, y, low + z), size, size, body, POWER_BUTTON)
    for k in range(b.n(0, 3)):
        b.part(
            "drive",
            "disc drive",
            "slot",
            "where the disc goes in",
            inside=body,
            joint=slides((1, 0, 0), 0.13),
        )
        if flat:
            b.box((0.009, w * 0.4, 0.014), (0.008, -w * 0.15, low + h * 0.35 + 0.02 * k), round=0.2)
        else:
            b.box(
                (0.009, min(w * 0.8, 0.15), 0.036), (0.008, 0, low + h * 0.92 - 0.045 * (k + 0.5)), round=0.2
            )
    for k in range(b.n(1, 3)):
        b.part("port", "socket", "connector", "where the plug goes in", inside=body)
        b.box((0.006, 0.016, 0.009), (0.01, w * 0.3 - 0.025 * k, low + h * 0.3))
    if b.maybe(0.6):
        b.part(*GRILLE, "where the air goes in", inside=body)
        for k in np.linspace(-0.3, 0.3, 8):
            b.box((0.007, w * 0.6, 0.004), (0.009, 0, low + h * (0.18 + 0.22 * k)))
    for x in (-0.1, -0.9):
        for s in (1, -1):
            b.part(*FOOT)
            b.rod((d * x, s * w * 0.4, 0), (d * x, s * w * 0.4, low + 0.001), 0.012)
