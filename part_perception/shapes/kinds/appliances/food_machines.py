"""Machines that mix, cut and cook on the counter. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides, turns
from part_perception.shapes.forms import ear, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.appliances import buttons, cord
from part_perception.shapes.kinds.appliances.controls import dial
from part_perception.shapes.lexicon import BASE, BUTTON, CLASP, DISPLAY, FOOT, HANDLE, HOUSING, KNOB, LID

MOTOR_BASE = ("base", "motor base", "body", "what it stands on")


@kind("blender", "smoothie maker", "mixer jug")
def blender(b: Builder) -> None:
    r, h = b.u(0.05, 0.08), b.u(0.16, 0.25)
    z = b.u(0.09, 0.16)
    b.part(*MOTOR_BASE)
    if b.maybe():
        b.lathe([(0, 0), (r * 1.3, 0), (r * 1.25, z * 0.5), (r * 0.85, z), (0, z)])
    else:
        b.box((r * 2.5, r * 2.3, z), (0, 0, z / 2), round=0.3, taper=0.75)
    b.part("jar", "jug", "container", "where the food goes")
    low = r * b.u(0.65, 0.85)
    b.lathe(wall([(low, z + 0.002), (low * 1.05, z + 0.03), (r, z + h)], 0.003, z + 0.02))
    if b.maybe(0.75):
        b.part(*HANDLE)
        with b.moved(yaw=b.u(-3, 3)):
            ear(b, r, low, z + h * 0.92, z + h * 0.25, b.u(0.03, 0.05), 0.008)
    b.part(*LID)
    b.lathe(
        [
            (0, z + h + 0.001),
            (r * 1.04, z + h + 0.001),
            (r * 1.02, z + h + 0.018),
            (r * 0.5, z + h + 0.024),
            (r * 0.4, z + h + 0.045),
            (0, z + h + 0.046),
        ]
    )
    if b.maybe(0.5):
        dial(b, (r * 1.02, 0, z * 0.4), 0.02)
    else:
        buttons(b, r * b.u(1.1, 1.12), np.linspace(-0.4, 0.4, b.n(2, 4)) * r, (z * 0.4,), 0.013)
    cord(b, -r, 0)


@kind("hand blender", "immersion blender", "stick blender", rest="lies")
def hand_blender(b: Builder) -> None:
    r, length = b.u(0.024, 0.032), b.u(0.17, 0.22)
    b.part("body", *HANDLE)
    b.tube(
        [(-length, 0, r), (-length * 0.5, 0, r), (0, 0, r)], (r * 0.9, r, r * 0.75), smooth=False, sides=14
    )
    b.part("shaft", "rod", "blending shaft")
    b.cone((0, 0, r), (0.17, 0, r), r * 0.5, r * 0.42)
    b.part("blade guard", "head", "bell", "what blends")
    with b.moved((0.165, 0, r * 1.05), pitch=np.pi / 2):
        b.lathe(
            [(r * 0.4, 0), (r * 0.9, 0.02), (r * 1.05, 0.045), (r * 1.0, 0.045), (r * 0.8, 0.02), (0, 0.01)]
        )
    for x in (-0.3, -0.42)[: b.n(1, 2)]:
        b.part(*BUTTON)
        b.blob((0.028, 0.02, 0.012), (x * length, 0, 2 * r))


@kind("hand mixer", "electric whisk", "kitchen mixer")
def hand_mixer(b: Builder) -> None:
    length, z = b.u(0.16, 0.21), 0.15
    b.part(*HOUSING)
    b.blob((length, 0.08, 0.085), (0, 0, z + 0.04), 0.7, 0.7)
    b.part(*HANDLE)
    b.tube(
        [
            (length * 0.42, 0, z + 0.06),
            (length * 0.35, 0, z + 0.125),
            (-length * 0.35, 0, z + 0.125),
            (-length * 0.45, 0, z + 0.05),
        ],
        0.014,
    )
    for s in (1, -1):
        b.part("beater", "whisk", "what stirs")
        x, y = length * 0.28, s * 0.024
        b.rod((x, y, 0.07), (x, y, z + 0.01), 0.003)
        for turn in (0, np.pi / 2):
            c = np.array((np.cos(turn), np.sin(turn), 0)) * 0.02
            b.tube(
                [
                    np.array((x, y, 0.07)),
                    np.array((x, y, 0.05)) + c,
                    np.array((x, y, 0.012)) + c,
                    np.array((x, y, 0.003)),
                    np.array((x, y, 0.012)) - c,
                    np.array((x, y, 0.05)) - c,
                    (x, y, 0.07),
                ],
                0.002,
                sides=6,
            )
    b.part("button", "speed switch", "switch", "what to press")
    b.box((0.03, 0.02, 0.014), (length * 0.3, 0, z + 0.14), round=0.6)


@kind("stand mixer", "kitchen machine", "food mixer")
def stand_mixer(b: Builder) -> None:
    length, h = b.u(0.3, 0.36), b.u(0.3, 0.36)
    b.part(*BASE)
    b.box((length, 0.2, 0.04), (0, 0, 0.02), round=0.8)
    b.part("column", "stand", "neck", "support")
    b.box((0.1, 0.11, h * 0.65), (-length * 0.35, 0, 0.03 + h * 0.32), round=0.6)
    tilt = b.pick(0, 0, b.u(0.2, 0.6))
    with b.moved((-length * 0.38, 0, h * 0.72), pitch=-tilt):
        head = b.part("head", "motor head", "body", "arm", joint=turns((0, -1, 0), angle=0.6, now=tilt))
        b.tube(
            [(-0.05, 0, 0.04), (length * 0.2, 0, 0.04), (length * 0.6, 0, 0.035), (length * 0.82, 0, 0.03)],
            (0.05, 0.068, 0.065, 0.035),
            sides=16,
        )
        b.part("beater", "whisk", "hook", "what stirs", inside=head)
        b.rod((length * 0.62, 0, -0.02), (length * 0.62, 0, -0.08), 0.01)
        b.blob((0.07, 0.04, 0.09), (length * 0.62, 0, -0.11))
        b.part(*KNOB, "attachment knob", inside=head)
        b.rod((length * 0.8, 0, 0.03), (length * 0.86, 0, 0.03), 0.02)
    r = b.u(0.1, 0.12)
    b.part("bowl", "mixing bowl", "container", "where the dough goes")
    with b.moved((length * 0.22, 0, 0.042)):
        b.lathe(wall([(r * 0.5, 0), (r * 0.85, h * 0.1), (r, h * 0.25), (r, h * 0.45)], 0.003, 0.006))
    if b.maybe(0.5):
        b.part("lever", "speed lever", "switch", "what to push")
        b.rod((-length * 0.25, 0.07, h * 0.78), (-length * 0.25, 0.1, h * 0.78), 0.008)
    else:
        with b.moved((-length * 0.25, -0.063, h * 0.8), yaw=-np.pi / 2):
            dial(b, (0, 0, 0), 0.02)


@kind("food processor", "chopper", "kitchen processor")
def food_processor(b: Builder) -> None:
    r, z, h = b.u(0.075, 0.1), b.u(0.09, 0.14), b.u(0.12, 0.17)
    b.part(*MOTOR_BASE)
    b.box((r * 2.4, r * 2.2, z), (0, 0, z / 2), round=0.4, taper=0.85)
    b.part("bowl", "jar", "container", "where the food goes")
    b.lathe(wall([(r * 0.9, z + 0.002), (r, z + h)], 0.003, z + 0.008))
    b.part("blade", "chopping blade", "what cuts")
    b.rod((0, 0, z + 0.005), (0, 0, z + h * 0.8), 0.012)
    b.box((r * 1.4, 0.02, 0.004), (0, 0, z + 0.03))
    b.part(*LID)
    b.lathe([(0, z + h + 0.001), (r * 1.04, z + h + 0.001), (r * 1.03, z + h + 0.015), (0, z + h + 0.022)])
    b.part("feed tube", "chute", "tube", "where to put the food in")
    b.rod((r * 0.45, 0, z + h + 0.01), (r * 0.45, 0, z + h + b.u(0.05, 0.09)), r * 0.3)
    if b.maybe(0.7):
        b.part(*HANDLE)
        with b.moved(yaw=b.u(1.5, 4.5)):
            ear(b, r, r * 0.92, z + h * 0.9, z + h * 0.25, 0.04, 0.009)
    if b.maybe():
        dial(b, (r * 1.1, 0, z * 0.5), 0.022)
    else:
        buttons(b, r * 1.12, np.array((-0.35, 0, 0.35)) * r, (z * 0.45,), 0.018)


@kind("air fryer", "deep fryer")
def air_fryer(b: Builder) -> None:
    r, h = b.u(0.12, 0.16), b.u(0.26, 0.34)
    b.part(*HOUSING)
    b.lathe(
        [(0, 0), (r * 0.85, 0), (r, h * 0.2), (r, h * 0.75), (r * 0.8, h * 0.95), (0, h)], squash=b.u(0.85, 1)
    )
    out = b.pick(0, 0, b.u(0.04, 0.15))
    basket = b.part("basket", "drawer", "pan", "where the food goes", joint=slides((1, 0, 0), 0.25, out))
    b.box((r * 0.8 + out, r * 1.3, h * 0.4), (r * 0.66 + out / 2, 0, h * 0.3), round=0.4)
    b.part(*HANDLE, inside=basket)
    b.box((0.1, 0.035, 0.03), (r * 1.06 + out + 0.045, 0, h * 0.33), round=0.6)
    with b.moved((r * 0.93, 0, h * 0.72), pitch=-0.4):
        b.part(*DISPLAY)
        b.box((0.03, r * 0.8, h * 0.2), round=0.5)
    dial(b, (r * 0.9, 0, h * 0.75), 0.022)


@kind("sandwich maker", "waffle iron", "contact grill")
def sandwich_maker(b: Builder) -> None:
    w, d, t = b.u(0.2, 0.32), b.u(0.2, 0.3), b.u(0.03, 0.055)
    b.part(*MOTOR_BASE)
    b.box((d, w, t), (0, 0, t / 2), round=0.5)
    angle = b.pick(0, 0, b.u(0.4, 1.7))
    with b.moved((-d / 2, 0, t + 0.004), pitch=-angle):
        lid = b.part(*LID, "upper plate", joint=turns((0, -1, 0), angle=1.8, now=angle))
        b.box((d, w, t), (d / 2, 0, t / 2), round=b.u(0.4, 0.9))
        form = b.pick("handle", "handle", "latch")
        if form == "handle":
            b.part(*HANDLE, inside=lid)
            out = d + b.u(0.03, 0.06)
            path = [
                (d * 0.98, -w * 0.25, 0.025),
                (out, -w * 0.2, 0.025),
                (out, w * 0.2, 0.025),
                (d * 0.98, w * 0.25, 0.025),
            ]
            b.tube(path, 0.011)
        else:
            b.part(*CLASP, inside=lid)
            b.box((0.014, b.u(0.02, 0.06), t * b.u(0.8, 1.5)), (d + 0.004, 0, t * 0.3), round=0.4)
    for x, y in ((1, 1), (1, -1), (-1, 1), (-1, -1)) if b.maybe(0.25) else ():
        b.part(*FOOT)
        b.box((0.02, 0.02, 0.012), (x * d * 0.38, y * w * 0.38, -0.002))
    cord(b, -d / 2, 0.03)
