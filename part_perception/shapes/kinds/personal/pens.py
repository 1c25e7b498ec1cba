"""Writing instruments."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar

BARREL = ("body", "barrel", "shaft", "part to hold it by")
CLIP = ("clip", "pocket clip", "what holds it in a pocket")
TIP = ("tip", "point", "nib", "writing end", "what writes")


@kind("pen", "ballpoint pen", "biro", "fountain pen", rest="lies")
def pen(b: Builder) -> None:
    length, r = b.u(0.12, 0.15), b.u(0.0035, 0.0065)
    form = b.pick("capped", "capped", "click", "cap behind", "open")
    b.part(*BARREL)
    bar(b, -length * np.array([1, 0.98, 0.5, 0.12, 0.05]), r * np.array([0.7, 0.9, 1, b.u(0.9, 1.1), 0.7]))
    clip_at = None
    if form in ("capped", "cap behind"):
        b.part("cap", "pen cap", "lid", "what covers the tip")
        long = length * b.u(0.3, 0.45)
        end = 0.006 if form == "capped" else -length * 0.85 - 0.001
        turned = 1 if form == "capped" else -1
        xs = end - np.array([0, 0.05, 1]) * long if turned > 0 else end + np.array([-0.25, -0.2, 0.35]) * long
        bar(b, xs, r * np.array([0.8, 1.15, 1.25] if turned > 0 else [0.8, 1.15, 1.25]))
        clip_at = (xs[2], xs[0]) if turned > 0 else (xs[2], xs[0])
    if form != "capped":
        b.part(*TIP)
        bar(b, (-length * 0.05 - 0.0005, 0.0, 0.003), (r * 0.7, r * 0.3, 0.0004))
    if form == "click":
        b.part("button", "clicker", "push button", "what to press")
        bar(b, (-length - b.u(0.005, 0.011), -length + 0.001), (r * 0.5, r * 0.5))
        clip_at = (-length * 0.68, -length * 0.99)
    if clip_at and b.maybe(0.85):
        b.part(*CLIP)
        x0, x1 = clip_at
        b.tube(
            [(x0, 0, r * 1.5), (x1 * 0.8 + x0 * 0.2, 0, r * 1.7), (x1, 0, r * 0.9)],
            r * 0.3,
            flat=1.6,
            smooth=False,
        )


@kind("marker", "felt pen", "highlighter", "marker pen", rest="lies")
def marker(b: Builder) -> None:
    length, r = b.u(0.09, 0.13), b.u(0.006, 0.012)
    flat = b.pick(1.0, 1.0, 0.6)
    b.part(*BARREL)
    bar(b, -length * np.array([1, 0.97, 0.3, 0.28, 0.15]), r * np.array([0.85, 1, 1, 0.75, 0.7]), flat=flat)
    if b.maybe(0.65):
        b.part("cap", "pen cap", "lid", "what covers the tip")
        bar(
            b,
            -length * np.array([0.3, 0.05, -0.08, -0.1]),
            r * np.array([1.05, 1.05, b.u(0.6, 1), 0.5]),
            flat=flat,
        )
        if b.maybe(0.6):
            b.part(*CLIP)
            b.tube(
                [(0.08 * length, 0, r * 0.6), (0.05 * length, 0, r * 1.4), (-0.28 * length, 0, r * 1.25)],
                r * 0.22,
                flat=2,
                smooth=False,
            )
    else:
        b.part(*TIP)
        bar(
            b,
            -length * np.array([0.16, 0.06, 0.05, -0.03]),
            r * np.array([0.7, 0.5, 0.3, b.u(0.05, 0.25)]),
            flat=flat,
        )


@kind("pencil", "crayon", rest="lies")
def pencil(b: Builder) -> None:
    length, r = b.u(0.08, 0.19), b.u(0.003, 0.006)
    b.part(*BARREL)
    b.tube([(-length, 0, 0), (-r * 5, 0, 0)], r, sides=b.pick(6, 6, 12), smooth=False)
    b.part(*TIP)
    bar(b, (-r * 5.001, -r * 1.2, 0), (r * 0.97, r * 0.3, r * 0.05))
    if b.maybe(0.6):
        b.part("eraser", "rubber", "end that rubs out")
        bar(b, -length - np.array([0.016, 0.013, -0.001]), r * np.array([0.8, 1.05, 1.08]))
