"""Large bottles, jugs with a grip, flasks and thermoses."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, screws
from part_perception.shapes.forms import bail, bow, curve, ear, loft, screw_cap
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import (
    BASE,
    BOTTLE_BODY,
    BUTTON,
    CAP,
    CARRY_HANDLE,
    HANDLE,
    LID,
    NECK,
    PLAIN_CAP,
    SPOUT,
    STRAP,
)


@kind("detergent bottle", "laundry detergent bottle", "bleach bottle", "motor oil bottle")
def detergent_bottle(b: Builder) -> None:
    h, w, d = b.u(0.2, 0.3), b.u(0.06, 0.1), b.u(0.035, 0.055)
    boxy, grip = b.u(0.2, 0.9), w * b.u(0.38, 0.75)
    low, high = h * b.u(0.35, 0.62), h * b.u(0.85, 1.0)
    b.part(*BOTTLE_BODY)
    back = grip * 0.55
    loft(
        b,
        [
            (0, 0, 0),
            (w * 0.95, d * 0.95, 0),
            (w, d, 0.008),
            (w, d, low * 0.9),
            (w * 0.97, d * 0.95, low),
            (w - back, d * 0.85, low + 0.02, -back),
            (w - back, d * 0.8, high - 0.03, -back),
            (w * 0.6, d * 0.7, h, -w * 0.3),
            (0, 0, h, -w * 0.3),
        ],
        boxy,
    )
    b.part(*HANDLE)
    bar = min(grip * b.u(0.18, 0.34), d * 0.5)
    b.tube(
        [
            (w - 2 * back - 0.01, 0, high - bar),
            (w - bar * 1.6, 0, high - bar),
            (w - bar, 0, high - bar * 2.5),
            (w - bar, 0, low + bar),
            (w - bar, 0, low - 0.01),
        ],
        bar,
        flat=b.u(0.9, 1.4),
    )
    cap, tall = min(d * 0.6, w * 0.4), b.u(0.025, 0.07)
    with b.moved((-w * 0.3, 0, 0)):
        screw_cap(b, h - 0.002, cap, tall, b.u(0.85, 1.05))


@kind("milk jug", "plastic gallon jug", "water jug", "canister of water")
def milk_jug(b: Builder) -> None:
    h, w = b.u(0.2, 0.3), b.u(0.055, 0.08)
    top, neck = h * b.u(0.55, 0.7), b.u(0.016, 0.022)
    b.part(*BOTTLE_BODY)
    lean = -w * b.u(0, 0.25)
    loft(
        b,
        [
            (0, 0, 0),
            (w * 0.96, w * 0.96, 0),
            (w, w, 0.008),
            (w, w, top),
            (w * 0.6, w * 0.7, top + (h - top) * 0.5, -w * 0.3 + lean / 2),
            (neck, neck, h, lean),
        ],
        b.u(0.3, 0.75),
    )
    b.part(*HANDLE)
    bar = b.u(0.01, 0.014)
    b.tube(
        [
            (neck * 0.5 + lean, 0, h - 0.015),
            (w * 0.45, 0, h - 0.012),
            (w * 0.9, 0, top + (h - top) * 0.35),
            (w * 0.92, 0, top * 0.85),
            (w * 0.8, 0, top * 0.7),
        ],
        bar,
        flat=b.u(0.9, 1.4),
    )
    with b.moved((lean, 0, 0)):
        screw_cap(b, h - 0.002, neck + 0.003, b.u(0.012, 0.02))


@kind("hip flask", "flask", "pocket flask")
def hip_flask(b: Builder) -> None:
    h, w = b.u(0.09, 0.14), b.u(0.04, 0.05)
    d = w * b.u(0.22, 0.32)
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [
            (0, 0, 0),
            (w * 0.95, d * 0.9, 0),
            (w, d, 0.004),
            (w, d, h * 0.8),
            (w * 0.75, d * 0.85, h * 0.95),
            (0.012, 0.008, h),
            (0, 0, h),
        ],
        b.u(0.2, 0.6),
    )
    screw_cap(b, h - 0.001, b.u(0.008, 0.011), b.u(0.012, 0.02))


@kind("thermos", "vacuum flask", "thermos bottle", "insulated bottle")
def thermos(b: Builder) -> None:
    h, r = b.u(0.18, 0.33), b.u(0.032, 0.05)
    body = h * b.u(0.68, 0.85)
    b.part(*BOTTLE_BODY)
    b.lathe([(0, 0), (r * 0.97, 0), (r, 0.004), (r, body * 0.9), (r * b.u(0.75, 1), body), (0, body)])
    b.part("cap", "cup lid", "lid", "what closes it", joint=screws())
    cup = r * b.u(0.78, 0.98)
    b.lathe(
        [(cup * 0.95, body - 0.003), (cup, body), (cup * b.u(0.85, 1), h * 0.985), (cup * 0.8, h), (0, h)]
    )
    if b.maybe(0.3):
        b.part(*BASE)
        b.lathe([(0, -0.0), (r * 1.03, 0), (r * 1.03, h * 0.07), (r * 0.99, h * 0.07)])
    if b.maybe(0.45):
        b.part(*HANDLE)
        ear(b, r, r, body * 0.88, body * b.u(0.35, 0.5), b.u(0.03, 0.045), b.u(0.006, 0.01))
    elif b.maybe(0.35):
        b.part(*STRAP)
        bow(
            b, (r, 0, body * 0.85), (r, 0, body * 0.2), (b.u(0.03, 0.08), 0, 0), 0.006, flat=2.0, square=False
        )


@kind("airpot", "pump thermos", "thermal carafe", "insulated jug")
def airpot(b: Builder) -> None:
    h, r = b.u(0.19, 0.34), b.u(0.055, 0.085)
    pump = b.maybe(0.45)
    b.part(*BOTTLE_BODY)
    top = r * (b.u(0.9, 1.0) if pump else b.u(0.55, 0.8))
    b.lathe([(0, 0), *curve([(r, 0), (r, h * 0.3), (r, h * 0.65), (top, h)], 12)])
    b.part(*LID, joint=screws())
    rise = b.u(0.02, 0.045)
    b.lathe([(top, h), (top * 1.03, h + 0.003), (top * 0.95, h + rise), (0, h + rise)])
    if pump:
        b.part(*BUTTON, "pump", joint=presses((0, 0, -1)))
        b.lathe(
            [(top * 0.5, h + rise - 0.001), (top * 0.5, h + rise + 0.008), (0, h + rise + 0.01)],
            (top * 0.2, 0, 0),
        )
    b.part(*SPOUT)
    if pump:
        b.tube(
            [(-top * 0.9, 0, h + rise * 0.6), (-r - 0.03, 0, h + rise * 0.6), (-r - 0.035, 0, h - 0.02)],
            b.u(0.009, 0.013),
        )
    else:
        b.extrude(
            [
                (-top + 0.003, h - 0.02),
                (-top - b.u(0.02, 0.035), h + rise * 0.8),
                (-top + 0.003, h + rise * 0.8),
            ],
            0.03,
            plane="xz",
        )
    if pump or b.maybe(0.2):
        b.part(*CARRY_HANDLE)
        bail(b, top + 0.004, h + rise * 0.3, top * b.u(1.1, 1.4), b.u(0.005, 0.009), b.pick(0.0, 1.3))
    else:
        b.part(*HANDLE)
        ear(b, top, r, h * 0.98, h * b.u(0.25, 0.45), b.u(0.04, 0.055), b.u(0.008, 0.012))


@kind("jerry can", "gas can", "fuel canister", "oil canister", "water canister")
def jerry_can(b: Builder) -> None:
    x, y, h = b.u(0.09, 0.18), b.u(0.05, 0.1), b.u(0.2, 0.42)
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [(0, 0, 0), (x, y, 0), (x, y, h * 0.82), (x * 0.85, y * 0.8, h * 0.9), (0, 0, h * 0.9)],
        b.u(0.75, 1),
    )
    b.part(*CARRY_HANDLE)
    bow(b, (-x * 0.25, 0, h * 0.89), (x * 0.75, 0, h * 0.89), (0, 0, b.u(0.035, 0.055)), b.u(0.009, 0.014))
    at, cap_r = (-x * 0.55, 0, h * 0.895), b.u(0.018, 0.028)
    with b.moved(at, pitch=-b.u(0, 0.5)):
        if b.maybe(0.3):
            b.part(*SPOUT)
            b.tube([(0, 0, -0.01), (0, 0, 0.05), (-0.05, 0, 0.13)], [cap_r * 0.8, cap_r * 0.6, cap_r * 0.4])
        else:
            b.part(*CAP, joint=screws())
            b.lathe([(cap_r, -0.015), (cap_r, 0.025), (0, 0.026)])


@kind("water cooler bottle", "carboy", "big water bottle")
def carboy(b: Builder) -> None:
    h, r = b.u(0.3, 0.45), b.u(0.11, 0.14)
    z = np.linspace(h * 0.1, h * 0.7, 9)
    b.part(*BOTTLE_BODY)
    b.lathe(
        [
            (0, 0),
            (r * 0.95, 0),
            *((r * (1 - 0.03 * (i % 2)), v) for i, v in enumerate(z)),
            *curve([(r, h * 0.72), (r * 0.75, h * 0.88), (0.03, h)], 8),
        ]
    )
    b.part(*NECK)
    b.lathe([(0.03, h), (0.028, h + 0.035), (0, h + 0.035)])
    b.part(*PLAIN_CAP, joint=screws())
    b.lathe([(0.03, h + 0.02), (0.032, h + 0.02), (0.032, h + 0.045), (0, h + 0.046)])
    if b.maybe(0.4):
        b.part(*HANDLE)
        ear(b, r * 0.98, r * 0.98, h * 0.6, h * 0.35, 0.045, 0.012)
