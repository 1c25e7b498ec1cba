"""Cameras that take pictures: compact, reflex, film, instant, action and security cameras. Lenses face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, screws, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import dial, push_button
from part_perception.shapes.lexicon import (
    CONTROL_KNOB,
    FLAP,
    HOUSING,
    LENS,
    LENS_RING,
    SCREEN,
    SHUTTER_BUTTON,
)

FLASH = ("flash", "light", "flash light", "where the flash comes out")
VIEWFINDER = ("viewfinder", "hump", "eyepiece", "where to look through")
STRAP_LUG = ("strap lug", "ring", "strap ring", "where the strap is fixed")
GRIP = ("grip", "handle", "part to hold it by", "where to grab it")


def lens(b: Builder, at, r: float, out: float, inside: int = -1) -> None:
    """Parts: a stepped lens barrel along +x from a body's face, with a ring that turns and glass in its front."""
    part = b.part(*LENS, inside=inside)
    steps = b.n(1, 4) if out > 0.02 else 1
    with b.moved(at, pitch=np.pi / 2):
        line, z, q = [(r, -0.003)], 0.0, r
        for k in range(steps):
            top = out * (k + 1) / steps
            line += [(q, z), (q, top)]
            z, q = top, q * b.u(0.88, 1.06)
        mouth = line[-1][0]
        deep = min(0.35 * out, 0.012)
        b.lathe(
            [
                *line,
                (mouth * 0.86, out),
                (mouth * 0.8, out - deep),
                (mouth * 0.4, out - deep * 0.6),
                (0, out - deep * 0.5),
            ]
        )
        if out > 0.025 and b.maybe(0.6):
            b.part(*LENS_RING, inside=part, joint=turns((0, 0, 1), angle=2.0))
            low, q = out * b.u(0.25, 0.5), r * 1.07
            b.lathe([(q * 0.9, low), (q, low), (q, low + out * 0.28), (q * 0.9, low + out * 0.28)])
        if b.maybe(0.12):
            b.part("lens cap", "cap", "cover", "what closes it", inside=part)
            b.lathe([(mouth * 1.03, out - 0.004), (mouth * 1.03, out + 0.005), (0, out + 0.006)])
        elif out > 0.03 and b.maybe(0.2):
            b.part("lens hood", "hood", "sun shade", inside=part)
            b.lathe(
                [
                    (mouth, out - 0.005),
                    (mouth * 1.2, out + 0.03),
                    (mouth * 1.15, out + 0.03),
                    (mouth * 0.95, out),
                ]
            )


@kind("camera", "photo camera", "SLR camera", "digital camera", "reflex camera")
def camera(b: Builder) -> None:
    w, h, t = b.u(0.095, 0.155), b.u(0.06, 0.105), b.u(0.026, 0.06)
    reflex = b.maybe(0.65)
    body = b.part(*HOUSING, "camera body")
    b.box((t, w, h), (0, 0, h / 2), round=b.u(0.1, 0.7))
    if b.maybe(0.4):
        b.box((t * 0.9, w * b.u(0.9, 0.98), h * 0.12), (0, 0, h * 1.03), round=b.u(0.1, 0.6), taper=0.95)
    if b.maybe(0.7 if reflex else 0.3):
        b.part(*GRIP, inside=body)
        b.blob(
            (t * b.u(0.8, 1.3), w * b.u(0.16, 0.24), h * 0.96), (t * 0.45, -w * 0.4, h * 0.49), e1=0.4, e2=0.7
        )
    y, r = w * b.u(-0.03, 0.14), h * b.u(0.32, 0.48)
    lens(b, (t / 2, y, h * b.u(0.45, 0.5)), r, b.u(0.035, 0.13) if reflex else b.u(0.008, 0.045), body)
    if reflex or b.maybe(0.3):
        b.part(*VIEWFINDER, inside=body)
        wide, tall = w * b.u(0.24, 0.36), h * b.u(0.2, 0.32)
        b.box((t * b.u(0.8, 1.25), wide, tall), (0, y, h + tall * 0.45), taper=b.u(0.55, 0.85), round=0.2)
        b.part("eyepiece", "eye cup", "viewfinder", "where to look through", inside=body)
        b.box((0.012, wide * 0.6, tall * 0.55), (-t * 0.55 - 0.004, y, h + tall * 0.2), round=0.5)
    elif b.maybe(0.6):
        b.part("viewfinder", "viewfinder window", "window", "where to look through", inside=body)
        b.box((0.006, w * 0.1, h * 0.12), (t / 2, y, h * 0.86), round=0.3)
    if b.maybe(0.6):
        b.part(*FLASH, inside=body)
        if reflex and b.maybe(0.5):
            b.box((0.03, w * 0.26, 0.014), (t * 0.3, y, h * 1.27), round=0.4)
            b.box((0.012, w * 0.2, h * 0.12), (t * 0.1, y, h * 1.2), round=0.2)
        else:
            b.box(
                (0.006, w * b.u(0.12, 0.2), h * b.u(0.1, 0.16)),
                (t / 2, w * b.u(0.28, 0.36), h * 0.82),
                round=0.2,
            )
    b.part(*SHUTTER_BUTTON, inside=body, joint=presses((0, 0, -1), 0.003))
    x = t * b.u(0.0, 0.3)
    b.rod((x, -w * 0.4, h - 0.002), (x, -w * 0.4, h + b.u(0.006, 0.012)), b.u(0.005, 0.009))
    for yd in ((0.36,), (-0.22,), (0.36, -0.22), ())[b.n(0, 3)]:
        with b.moved((-t * 0.1, yd * w, h - 0.001), pitch=-np.pi / 2):
            dial(
                b,
                (0, 0, 0),
                b.u(0.008, 0.013),
                body,
                ("dial", "mode dial", *CONTROL_KNOB[:1], "what to turn"),
            )
    for s in (1, -1) if b.maybe(0.55) else ():
        b.part(*STRAP_LUG, inside=body)
        b.rod((0, s * w * 0.49, h * 0.84), (0, s * (w / 2 + 0.005), h * 0.84), 0.003)
        b.ring((0, s * (w / 2 + 0.008), h * 0.82), 0.006, 0.0015, axis="x")
    if b.maybe(0.7):
        b.part(*SCREEN, inside=body)
        b.box((0.006, w * b.u(0.45, 0.6), h * b.u(0.55, 0.7)), (-t / 2 - 0.001, w * 0.1, h * 0.45), round=0.3)
        with b.moved(yaw=np.pi):
            for z in np.linspace(0.25, 0.7, b.n(2, 4)) * h:
                push_button(b, (t / 2, w * 0.38, z), 0.008, 0.008, body)
    if b.maybe(0.25):
        b.part("strap", "neck strap", "carrying strap", "band")
        b.tube(
            [
                (0, w * 0.5, h * 0.85),
                (-0.06, w * 0.75, 0.01),
                (-0.12, w * 0.1, 0.005),
                (-0.09, -w * 0.6, 0.01),
                (0, -w * 0.5, h * 0.85),
            ],
            0.006,
            flat=0.25,
        )


@kind("film camera", "range finder camera", "old camera", "vintage camera", "camera")
def film_camera(b: Builder) -> None:
    form, w, h, t = (
        b.pick("flat", "flat", "box", "bellows"),
        b.u(0.12, 0.15),
        b.u(0.07, 0.085),
        b.u(0.03, 0.04),
    )
    if form == "box":
        w, t, h = b.u(0.07, 0.1), b.u(0.08, 0.13), b.u(0.09, 0.13)
    body = b.part(*HOUSING, "camera body")
    b.box((t, w, h), (0, 0, h / 2), round=b.u(0, 0.5))
    z = h * (0.45 if form != "box" else b.u(0.3, 0.6))
    if form == "bellows":
        b.part("bellows", "folds", "leather folds", inside=body)
        for k in range(6):
            q = h * (0.42 - 0.03 * k)
            b.box((0.007, q * 2, q * 2), (t / 2 + 0.004 + 0.009 * k, 0, z))
        b.part("front plate", "lens board", "lens holder")
        b.box((0.008, h * 0.6, h * 0.62), (t / 2 + 0.062, 0, z))
        lens(b, (t / 2 + 0.066, 0, z), h * 0.2, 0.018)
    else:
        lens(b, (t / 2, 0, z), h * b.u(0.24, 0.34), b.u(0.015, 0.05), body)
        if form == "box" and b.maybe(0.5):
            lens(b, (t / 2, 0, h * 0.82), h * 0.13, 0.012, body)
    b.part("viewfinder", "viewfinder window", "window", "where to look through", inside=body)
    b.box((0.007, w * 0.14, h * 0.14), (t / 2, w * b.u(-0.1, 0.3), h * 0.86), round=0.2)
    b.part(*SHUTTER_BUTTON, inside=body, joint=presses((0, 0, -1), 0.003))
    b.rod((0, -w * 0.33, h - 0.001), (0, -w * 0.33, h + 0.008), 0.005)
    for y, r in ((0.4, 0.011), (-0.15, 0.009), (-0.42, 0.01))[: b.n(1, 3)]:
        with b.moved((0, y * w, h - 0.001), pitch=-np.pi / 2):
            dial(b, (0, 0, 0), r, body, ("winding knob", "knob", "dial", "what to turn"))
    if b.maybe(0.5):
        b.part(
            "lever",
            "winding lever",
            "film advance lever",
            "what to pull",
            inside=body,
            joint=turns((0, 0, 1), (0, -w * 0.45, 0), 2.5),
        )
        b.box((0.012, 0.03, 0.004), (-0.006, -w * 0.45, h + 0.006), round=0.4)
    if b.maybe(0.5):
        b.part("hot shoe", "flash shoe", "flash mount", inside=body)
        for s in (1, -1):
            b.box((0.018, 0.003, 0.005), (0, s * 0.009, h + 0.002))
    if b.maybe(0.4):
        b.part(*FLASH, inside=body)
        b.lathe([(0.0, 0.0), (0.012, 0.004), (0.025, 0.02)], (0, w * 0.3, h + 0.02))
        b.rod((0, w * 0.3, h), (0, w * 0.3, h + 0.022), 0.006)


@kind("action camera", "sports camera", "helmet camera", "dash camera", "camera")
def action_camera(b: Builder) -> None:
    w, h, t = b.u(0.045, 0.075), b.u(0.036, 0.05), b.u(0.02, 0.035)
    body = b.part(*HOUSING)
    b.box((t, w, h), (0, 0, 0.02 + h / 2), round=b.u(0.2, 0.6))
    y, z = w * b.u(0.15, 0.25), 0.02 + h * 0.62
    if b.maybe():
        b.part(*LENS, inside=body)
        b.box((0.008, h * 0.55, h * 0.55), (t / 2 + 0.003, y, z), round=0.5)
        b.rod((t / 2, y, z), (t / 2 + 0.009, y, z), h * 0.2)
    else:
        lens(b, (t / 2, y, z), h * 0.3, b.u(0.006, 0.014), body)
    if b.maybe(0.6):
        b.part(*SCREEN, inside=body)
        b.box((0.004, w * 0.36, h * 0.5), (t / 2 + 0.001, -w * 0.24, z), round=0.2)
    b.part(*SHUTTER_BUTTON, inside=body, joint=presses((0, 0, -1), 0.003))
    b.rod((0, -w * 0.25, 0.02 + h - 0.001), (0, -w * 0.25, 0.023 + h), 0.007)
    push_button(b, (t / 2, -w * 0.3, 0.02 + h * 0.2), 0.008, 0.008, body)
    b.part("mount", "stand", "foot", "where it is fixed")
    for y in (-0.006, 0, 0.006):
        b.box((0.014, 0.003, 0.018), (0, y, 0.012), round=0.4)
    if b.maybe(0.6):
        b.part("screw", "mounting screw", *CONTROL_KNOB[:1], "what to turn", joint=screws((0, 1, 0)))
        b.rod((0, -0.012, 0.008), (0, 0.02, 0.008), 0.0025)
        b.rod((0, 0.012, 0.008), (0, 0.024, 0.008), 0.008, sides=8)


@kind("instant camera", "polaroid camera", "toy camera", "camera")
def instant_camera(b: Builder) -> None:
    w, h, t = b.u(0.1, 0.14), b.u(0.085, 0.12), b.u(0.055, 0.1)
    body = b.part(*HOUSING)
    b.box((t, w, h), (0, 0, h / 2), round=b.u(0.3, 0.9))
    lens(b, (t / 2, 0, h * 0.42), h * b.u(0.24, 0.34), b.u(0.012, 0.035), body)
    b.part(*FLASH, inside=body)
    b.box((0.008, w * 0.2, h * 0.2), (t / 2, w * 0.3, h * 0.8), round=0.3)
    b.part(*VIEWFINDER, inside=body)
    b.box((0.009, w * 0.16, h * 0.15), (t / 2, -w * 0.02, h * 0.82), round=0.3)
    push_button(b, (t / 2, -w * 0.33, h * 0.6), 0.018, 0.018, body, SHUTTER_BUTTON)
    b.part("slot", "picture slot", "where the picture comes out", inside=body)
    for s in (1, -1):
        b.box((0.006, w * 0.75, 0.004), (t * 0.2, 0, h + s * 0.001))
    if b.maybe(0.4):
        b.part("strap", "wrist strap", "band")
        b.tube(
            [(0, w / 2, h * 0.8), (0.01, w * 0.7, h * 0.3), (0.02, w * 0.75, 0.005), (0, w * 0.52, h * 0.7)],
            0.003,
        )


@kind("security camera", "surveillance camera", "dome camera", "outdoor camera", rest="mounted")
def security_camera(b: Builder) -> None:
    b.part("mount", "base", "wall plate", "fixing bracket")
    b.rod((0, 0, 0), (0.015, 0, 0), b.u(0.03, 0.045))
    if b.maybe(0.35):
        r = b.u(0.04, 0.065)
        with b.moved((0.014, 0, 0), pitch=np.pi / 2):
            b.part(*HOUSING)
            b.lathe([(r * 1.1, 0), (r * 1.1, 0.02), (r * 0.9, 0.03), (r * 0.9, 0.02)])
            b.part("dome", *LENS[:1], "glass", "cover", "what it sees with")
            turn = np.linspace(0, np.pi / 2, 8)
            b.lathe(np.stack([r * 0.9 * np.cos(turn), 0.025 + r * 0.9 * np.sin(turn)], 1))
        return
    b.part("arm", "bracket", "joint", "support")
    reach = b.u(0.05, 0.1)
    b.tube([(0.01, 0, 0), (reach, 0, 0), (reach, 0, 0.03)], 0.009, smooth=False)
    with b.moved((reach, 0, 0.05), pitch=b.u(-0.1, 0.5), yaw=b.u(-0.8, 0.8)):
        long, r = b.u(0.1, 0.2), b.u(0.025, 0.04)
        body = b.part(*HOUSING, joint=turns((0, 1, 0), (0, 0, -0.02), 0.6))
        if b.maybe():
            b.rod((-long * 0.3, 0, 0), (long * 0.7, 0, 0), r)
        else:
            b.box((long, r * 1.9, r * 1.8), (long * 0.2, 0, 0), round=0.3)
        lens(b, (long * 0.7, 0, 0), r * 0.6, 0.006, body)
        if b.maybe(0.7):
            b.part("sun shield", *FLAP[:1], "cover", "roof", inside=body)
            b.box((long * 1.1, r * 2.2, 0.004), (long * 0.27, 0, r * 1.08), round=0.2)
