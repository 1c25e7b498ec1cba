"""Kitchen machines on the counter. Fronts face +x."""

from __future__ import annotations

from part_perception.shapes.builder import Builder, presses, slides
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import dial
from part_perception.shapes.lexicon import BUTTON, CORD, HOUSING


def buttons(b: Builder, x: float, ys, zs, size: float) -> None:
    """One part: a field of buttons at the crossings of ys and zs."""
    for y in ys:
        for z in zs:
            b.part(*BUTTON)
            b.box((0.008, size, size * 0.7), (x, y, z), round=0.4)


def cord(b: Builder, x: float, y: float) -> None:
    if b.maybe(0.3):
        b.part(*CORD)
        b.tube(
            [(x, y, 0.01), (x - 0.08, y + 0.03, 0.004), (x - 0.14, y - 0.04, 0.004), (x - 0.25, y, 0.004)],
            0.0035,
        )


@kind("toaster", "bread toaster")
def toaster(b: Builder) -> None:
    w, d, h, slots = b.u(0.15, 0.2), b.u(0.26, 0.38), b.u(0.16, 0.2), b.pick(1, 2, 2)
    b.part(*HOUSING)
    b.box((d, w, h), (0, 0, h / 2 + 0.008), round=b.u(0.2, 0.55), taper=b.u(0.88, 1))
    b.box((d * 0.9, w * 0.85, 0.02), (0, 0, 0.01))
    for k in range(slots):
        b.part("slot", "bread slot", "opening", "where the bread goes in")
        y = (k - (slots - 1) / 2) * w * 0.42
        with b.moved((0, y, h + 0.0085)):
            for s in (1, -1):
                b.box((d * 0.72, 0.004, 0.006), (0, s * 0.014, 0))
                b.box((0.004, 0.03, 0.006), (s * d * 0.36, 0, 0))
    if b.maybe(0.35):
        b.part("toast", "bread", "slice of bread", "food")
        b.box((0.11, 0.013, 0.09), (0, (slots - 1) / 2 * w * 0.42, h + 0.02), round=0.5)
    b.part("lever", "slider", "handle", "what to push down", joint=slides((0, 0, -1), 0.06))
    b.box((0.03, 0.045, 0.016), (d / 2 + 0.012, 0, h * b.pick(0.4, 0.8)), round=0.5)
    dial(b, (d / 2 - 0.002, w * 0.28, h * 0.3), 0.013)
    for z in (0.45, 0.6)[: b.n(1, 2)]:
        b.part(*BUTTON, joint=presses((-1, 0, 0)))
        b.rod((d / 2 - 0.004, -w * 0.28, h * z), (d / 2 + 0.007, -w * 0.28, h * z), 0.008)
    cord(b, -d / 2, 0.02)


@kind("kitchen scale", "scale", "balance")
def kitchen_scale(b: Builder) -> None:
    w, d, h = b.u(0.14, 0.22), b.u(0.18, 0.26), b.u(0.02, 0.07)
    b.part(*HOUSING)
    b.box((d, w, h), (0, 0, h / 2), round=0.4, taper=b.u(0.85, 1))
    b.part("plate", "weighing plate", "pan", "where to put what is weighed")
    if b.maybe():
        b.lathe([(0, h), (w * 0.42, h), (w * 0.42, h + 0.01), (0, h + 0.01)], (-d * 0.12, 0, 0))
    else:
        b.lathe(
            wall([(w * 0.2, h), (w * 0.42, h + 0.03), (w * 0.5, h + 0.06)], 0.003, h + 0.006),
            (-d * 0.1, 0, 0),
        )
    b.part("display", "screen", "what shows the weight")
    b.box((d * 0.14, w * 0.4, 0.006), (d * 0.39, 0, h + 0.002))
    for s in (1, -1):
        b.part(*BUTTON, joint=presses((0, 0, -1)))
        b.rod((d * 0.39, s * w * 0.32, h - 0.002), (d * 0.39, s * w * 0.32, h + 0.005), 0.011)
