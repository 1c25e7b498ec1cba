"""Devices with a lens."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.electronics.electronics import DEVICE, cable, raised_pads
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import SCREEN, STAND

LENS = ("lens", "camera lens", "objective", "glass")


@kind("video camera", "camcorder", "movie camera")
def video_camera(b: Builder) -> None:
    length, w, h = b.u(0.1, 0.18), b.u(0.045, 0.07), b.u(0.055, 0.09)
    b.part(*DEVICE)
    b.box((length, w, h), (0, 0, h / 2), round=b.u(0.2, 0.7))
    b.part(*LENS)
    b.tube(
        [
            (length / 2 - 0.003, 0, h * 0.6),
            (length / 2 + 0.01, 0, h * 0.6),
            (length / 2 + b.u(0.015, 0.06), 0, h * 0.6),
        ],
        h * 0.36,
        sides=18,
        smooth=False,
    )
    if b.maybe(0.6):
        b.part(*SCREEN)
        with b.moved((length * 0.25, w / 2, h * 0.55), yaw=b.u(0.3, 1.6)):
            b.box((length * 0.55, 0.008, h * 0.65), (-length * 0.27, 0.008, 0), round=0.3)
    if b.maybe(0.5):
        b.part("viewfinder", "eyepiece", "where to look through")
        b.box((0.045, w * 0.45, h * 0.35), (-length / 2 - 0.01, 0, h * 0.8), round=0.3)
    b.part("strap", "hand strap", "grip strap", "part to hold it by")
    b.tube(
        [(length * 0.3, -w / 2, h * 0.5), (0, -w * 0.95, h * 0.5), (-length * 0.35, -w / 2, h * 0.5)],
        0.004,
        flat=4,
    )
    if b.maybe(0.4):
        b.part("handle", "top handle", "part to hold it by")
        b.tube(
            [
                (length * 0.35, 0, h),
                (length * 0.3, 0, h + 0.04),
                (-length * 0.3, 0, h + 0.04),
                (-length * 0.35, 0, h),
            ],
            0.008,
        )


@kind("webcam", "web camera", "security camera")
def webcam(b: Builder) -> None:
    r, up = b.u(0.018, 0.03), b.u(0.02, 0.08)
    z = up + r
    b.part(*DEVICE)
    form = b.pick("ball", "bar", "bullet")
    if form == "ball":
        b.blob((2 * r,) * 3, (0, 0, z))
    elif form == "bar":
        b.box((r, r * 4, r * 1.4), (0, 0, z), round=0.7)
    else:
        b.tube([(-r * 2, 0, z), (r, 0, z)], r, smooth=False, sides=16)
    b.part(*LENS)
    b.cone((0, 0, z), (r * 1.12, 0, z), r * 0.5, r * b.u(0.4, 0.5))
    b.part(*STAND)
    b.rod((0, 0, 0.01), (0, 0, z - r * 0.5), r * 0.3)
    if b.maybe():
        b.lathe([(0, 0), (r * 1.3, 0), (r * 1.1, 0.012), (0, 0.014)])
    else:
        b.box((r * 2, r * 1.8, 0.008), (-r * 0.3, 0, 0.012))
        b.box((0.006, r * 1.8, 0.03), (-r * 1.2, 0, -0.002))
    if b.maybe(0.7):
        cable(b, (-r * 0.8, 0, z - r * 0.3), (-1, 0, 0), b.u(0.08, 0.2))


@kind("projector", "video projector", "beamer")
def projector(b: Builder) -> None:
    w, d, h = b.u(0.22, 0.4), b.u(0.18, 0.3), b.u(0.07, 0.13)
    b.part(*DEVICE)
    b.box((d, w, h), (0, 0, h / 2 + 0.008), round=b.u(0.2, 0.6))
    b.part(*LENS)
    y, r = w * b.u(-0.3, 0.3), h * b.u(0.28, 0.38)
    b.tube([(d / 2 - 0.01, y, h * 0.55), (d / 2 + b.u(0.01, 0.04), y, h * 0.55)], r, sides=18, smooth=False)
    b.part("buttons", "keys", "control panel", "what to press")
    raised_pads(b, (-0.02, 0.02), (-0.02, 0.02), (0.02, 0.02, 0.006), h + 0.009)
    for x, k in ((0.4, -0.4), (0.4, 0.4), (-0.4, 0)):
        b.part("foot", "leg", "what it stands on")
        b.rod((x * d, k * w, 0), (x * d, k * w, 0.012), 0.012)


@kind("binoculars", "field glasses")
def binoculars(b: Builder) -> None:
    h, r, gap = b.u(0.1, 0.17), b.u(0.018, 0.027), b.u(0.026, 0.036)
    for s in (-1, 1):
        b.part("barrel", "tube", "body", "part to hold it by")
        y = s * gap
        b.lathe(
            [
                (0, 0),
                (r * b.u(1, 1.3), 0),
                (r * 1.2, h * 0.35),
                (r, h * 0.5),
                (r * 0.75, h * 0.72),
                (0, h * 0.73),
            ],
            (0, y, 0),
        )
        b.part("eyepiece", "eye cup", "where to look through")
        b.lathe(
            [(r * 0.7, h * 0.71), (r * 0.75, h), (r * 0.5, h), (r * 0.5, h * 0.95), (0, h * 0.95)], (0, y, 0)
        )
    b.part("bridge", "hinge", "what joins both tubes")
    b.box((0.016, gap * 2 - r, h * 0.35), (0, 0, h * 0.5))
    b.part("focus wheel", "wheel", "knob", "what to turn to focus")
    b.rod((0, 0, h * 0.62), (0, 0, h * 0.8), 0.011)
    if b.maybe(0.4):
        b.part("strap", "neck strap", "carrying strap", "band")
        b.tube(
            [
                (0, gap + r, h * 0.6),
                (-0.06, gap * 2.5, 0.005),
                (-0.16, 0, 0.004),
                (-0.06, -gap * 2.5, 0.005),
                (0, -gap - r, h * 0.6),
            ],
            0.006,
            flat=0.2,
        )


@kind("telescope", "spotting scope")
def telescope(b: Builder) -> None:
    length, h, r = b.u(0.3, 0.7), b.u(0.4, 1.0), b.u(0.025, 0.05)
    with b.moved((0, 0, h), pitch=-b.u(0, 0.7)):
        b.part("tube", "body", "barrel")
        bar(b, np.array([-0.5, -0.1, 0.4, 0.42, 0.5]) * length, r * np.array([0.7, 1, 1, 1.15, 1.15]))
        b.part("eyepiece", "ocular", "where to look through")
        bar(b, (-length * 0.5 - 0.05, -length * 0.5 + 0.001), (r * 0.5, r * 0.45))
    b.part("mount", "joint", "head of the tripod")
    b.rod((0, 0, h * 0.85), (0, 0, h), 0.02)
    for a in np.arange(3) * 2.09 + 0.4:
        b.part("leg", "tripod leg", "support", "what it stands on")
        b.rod(
            (h * 0.35 * np.cos(a), h * 0.35 * np.sin(a), 0),
            (0.015 * np.cos(a), 0.015 * np.sin(a), h * 0.88),
            0.009,
        )
