"""Vises, tweezers and binder clips."""

import numpy as np

from part_perception.shapes.builder import Builder, screws, slides
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import JAW
from part_perception.shapes.lexicon import CLAMP_SCREW


@kind("vise", "bench vise", "vice")
def vise(b: Builder) -> None:
    w, h = b.u(0.08, 0.16), b.u(0.09, 0.16)
    deep = w * 0.5
    b.part("base", "foot", "what it stands on", "bottom")
    b.cone((0, 0, 0), (0, 0, h * 0.15), w * 0.6, w * 0.55)
    b.part("body", "frame", "block")
    b.box((deep * 1.4, w * 0.7, h * 0.6), (0, 0, h * 0.42), taper=0.9)
    gap = b.u(0.003, 0.08)
    for x, s in ((deep * 0.35, -1), (deep * 0.35 + gap, 1)):
        jaw = b.part(*JAW, joint=slides((1, 0, 0), 0.08, gap) if s > 0 else None)
        b.box((deep * 0.7, w, h * 0.4), (x + s * deep * 0.35, 0, h * 0.8), round=0.1)
    b.box((gap + deep, w * 0.35, h * 0.25), (deep + gap / 2, 0, h * 0.5))
    b.part(*CLAMP_SCREW, inside=jaw)
    end = deep * 1.35 + gap + b.u(0.03, 0.07)
    b.rod((0, 0, h * 0.45), (end, 0, h * 0.45), w * 0.09)
    with b.moved((end - 0.01, 0, h * 0.45), roll=b.u(0, 3.1)):
        b.part(
            "handle",
            "lever",
            "T bar",
            "what to turn",
            "part to hold it by",
            joint=screws((1, 0, 0), turns_off=8),
        )
        b.rod((0, -w * 0.6, 0), (0, w * 0.6, 0), w * 0.05)
        for s in (-1, 1):
            b.blob((w * 0.15,) * 3, (0, s * w * 0.6, 0))


@kind("tweezers", "forceps", "pincette", rest="lies")
def tweezers(b: Builder) -> None:
    length, gap, w = b.u(0.08, 0.2), b.u(0.004, 0.02), b.u(0.003, 0.006)
    for s in (-1, 1):
        arm = b.part("arm", "handle", "leg", "what to squeeze")
        b.tube(
            [
                (-length, 0, 0),
                (-length * 0.7, s * gap * 0.4, 0),
                (-length * 0.3, s * gap * 0.9, 0),
                (-length * 0.12, s * gap * 0.75, 0),
            ],
            [w * 0.6, w * 0.5, w * 0.5, w * 0.4],
            flat=1.8,
        )
        b.part("tip", "point", "gripping end", "what grips", inside=arm)
        b.tube(
            [(-length * 0.12, s * gap * 0.75, 0), (0, s * gap * 0.5, 0)],
            [w * 0.4, w * 0.15],
            flat=b.u(0.8, 1.8),
            smooth=False,
        )


@kind("binder clip", "bulldog clip", rest="lies")
def binder_clip(b: Builder) -> None:
    w, d = b.u(0.01, 0.025), b.u(0.012, 0.022)
    t = d * b.u(0.35, 0.5)
    b.part("body", "clamp", "spring", "what grips the paper")
    b.ribbon(
        [(0, 0.0004), (-d, t), (-d, t + 0.001)],
        [(0, 0.0016), (-d, t + 0.001), (-d, t + 0.002)],
        2 * w,
        plane="xz",
    )
    b.ribbon([(0, -0.0004), (-d, -t)], [(0, -0.0016), (-d, -t - 0.001)], 2 * w, plane="xz")
    b.box((0.001, 2 * w, 2 * t + 0.002), (-d, 0, 0))
    for s in (-1, 1):
        b.part("handle", "wire arm", "lever", "what to squeeze")
        with b.moved((0, 0, s * 0.001), pitch=-s * b.u(0.2, 0.7) + (0 if b.maybe(0.7) else np.pi)):
            b.tube(
                [
                    (0, -w * 0.6, 0),
                    (d * 0.8, -w * 0.35, 0),
                    (d * 1.4, -w * 0.3, 0),
                    (d * 1.5, 0, 0),
                    (d * 1.4, w * 0.3, 0),
                    (d * 0.8, w * 0.35, 0),
                    (0, w * 0.6, 0),
                ],
                0.001,
                sides=6,
            )
