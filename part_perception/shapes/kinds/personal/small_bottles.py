"""Small bottles, tubes and sticks from the bathroom or the pharmacy."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, presses, screws
from part_perception.shapes.forms import bow, curve, loft, screw_cap
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BOTTLE_BODY, CAP, HANDLE, PLAIN_CAP

TUBE_BODY = ("body", "tube", "container", "what to squeeze")


def _squeezed(b: Builder, length: float, r: float, wide: float, crimp: float, first: float) -> None:
    """A tube's skin along z from a round shoulder at height `first` to a flat crimped end."""
    t = np.linspace(0, 1, 7)
    rows = [
        (r * 0.35, r * 0.35, first - 0.004),
        *[(r + (wide - r) * a, max(r * (1 - a ** b.u(1.2, 1.6)), 0.001), first + length * a) for a in t],
    ]
    loft(b, [*rows, (wide, 0.001, first + length + crimp), (0, 0, first + length + crimp)], 0.1)


@kind("pill bottle", "medicine bottle", "vitamin bottle", "supplement bottle")
def pill_bottle(b: Builder) -> None:
    h, r = b.u(0.045, 0.12), b.u(0.016, 0.036)
    r = min(r, h * 0.45)
    cap, shoulder = b.u(0.014, 0.024), b.pick(0.0, b.u(0.005, 0.015))
    neck = r * (0.92 if not shoulder else b.u(0.6, 0.85))
    b.part("body", "bottle", "container", "where the pills are")
    b.lathe([(0, 0), (r * 0.95, 0), (r, 0.003), (r, h - shoulder - 0.002), (neck, h), (0, h)])
    screw_cap(b, h + 0.001, max(neck + 0.003, r * b.u(0.8, 1.06)), cap, b.u(0.95, 1.0))


@kind("dropper bottle", "perfume bottle", "nail polish bottle", "glue bottle", "small bottle")
def small_bottle(b: Builder) -> None:
    h, r = b.u(0.03, 0.08), b.u(0.012, 0.028)
    boxy, flat, neck = b.pick(0, b.u(0.4, 0.9)), b.pick(1.0, b.u(0.4, 0.7)), r * b.u(0.3, 0.5)
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [
            (0, 0, 0),
            (r, r * flat, 0),
            (r, r * flat, h * 0.8),
            (r * 0.7, r * flat * 0.8, h * 0.95),
            (neck, neck, h),
            (0, 0, h),
        ],
        boxy,
    )
    form, tall = b.pick("cap", "dropper", "cone", "mist"), b.u(0.012, 0.035)
    if form == "mist":
        b.part(
            "spray button",
            "nozzle",
            "pump head",
            "what to press",
            "where it sprays out",
            joint=presses((0, 0, -1)),
        )
        top = h + b.u(0.01, 0.018)
        b.lathe(
            [
                (neck * 0.9, h),
                (neck * 0.9, h + 0.005),
                (neck * 0.7, h + 0.006),
                (neck * 0.7, top),
                (0, top + 0.001),
            ]
        )
        b.rod((-neck * 0.5, 0, top - 0.003), (-neck * 0.7 - 0.0015, 0, top - 0.003), 0.0015)
        return
    b.part(*PLAIN_CAP, joint=screws())
    if form == "cone":
        b.lathe([(neck * 0.8, h), (neck * 1.3, h), (neck * 0.5, h + tall * 1.3), (0, h + tall * 1.3)])
    else:
        loft(
            b,
            [
                (neck * 0.8, neck * 0.8, h),
                (neck * 1.35, neck * 1.35, h),
                (neck * 1.3, neck * 1.3, h + tall),
                (0, 0, h + tall),
            ],
            b.pick(0, boxy),
        )
    if form == "dropper":
        b.part("bulb", "dropper bulb", "rubber bulb", "what to squeeze")
        b.lathe(
            curve(
                [
                    (neck * 0.8, h + tall),
                    (neck * 0.95, h + tall + 0.012),
                    (neck * 0.7, h + tall + 0.024),
                    (0, h + tall + 0.028),
                ],
                10,
            )
        )


@kind("baby bottle", "feeding bottle", "milk bottle for a baby")
def baby_bottle(b: Builder) -> None:
    h, r = b.u(0.09, 0.16), b.u(0.026, 0.034)
    waist = b.u(0.8, 1.0)
    b.part(*BOTTLE_BODY)
    b.lathe(
        [(0, 0), *curve([(r, 0.002), (r, h * 0.25), (r * waist, h * 0.5), (r, h * 0.78), (r * 0.85, h)], 12)]
    )
    b.part("ring", "collar", "screw ring", "cap", "what to twist off", joint=screws())
    ring = b.u(0.012, 0.02)
    b.lathe([(r * 0.8, h - 0.003), (r * 0.98, h - 0.002), (r * 0.95, h + ring), (r * 0.5, h + ring + 0.002)])
    if b.maybe(0.65):
        b.part("nipple", "teat", "tip", "where the baby drinks from")
        z = h + ring
        b.lathe(
            curve(
                [(r * 0.6, z), (r * 0.45, z + 0.01), (0.007, z + 0.018), (0.007, z + 0.028), (0, z + 0.032)]
            )
        )
    else:
        b.part(*PLAIN_CAP, joint=lifts())
        b.lathe(
            curve(
                [
                    (r * 0.9, h + ring),
                    (r * 0.85, h + ring + 0.025),
                    (r * 0.5, h + ring + 0.045),
                    (0, h + ring + 0.05),
                ]
            )
        )
    for side in (-1, 1) if b.maybe(0.2) else ():
        b.part(*HANDLE)
        bow(
            b,
            (side * r * 0.95, 0, h * 0.95),
            (side * r * waist * 0.95, 0, h * 0.5),
            (side * 0.03, 0, 0),
            0.006,
            square=False,
        )


@kind("lotion tube", "cream tube", "standing tube", "toothpaste tube standing on its cap", "sunscreen tube")
def standing_tube(b: Builder) -> None:
    length, r = b.u(0.08, 0.16), b.u(0.016, 0.026)
    cap, wide = b.u(0.014, 0.03), r * b.u(0.85, 1.02)
    b.part(*PLAIN_CAP, joint=screws((0, 0, -1)))
    b.lathe([(0, 0), (wide * 0.96, 0), (wide, 0.002), (wide * b.u(0.95, 1), cap), (0, cap)])
    b.part(*TUBE_BODY)
    _squeezed(b, length, r, r * b.u(1.2, 1.5), b.u(0.004, 0.01), cap + 0.002)


@kind("toothpaste tube", "glue tube", "paint tube", "ointment tube", rest="lies")
def lying_tube(b: Builder) -> None:
    length, r = b.u(0.07, 0.18), b.u(0.011, 0.022)
    cap, wide = b.u(0.012, 0.025), r * b.u(0.45, 0.95)
    with b.moved((0, 0, r), pitch=np.pi / 2):
        b.part(*CAP, joint=screws((0, 0, -1)))
        b.lathe([(0, 0), (wide * b.u(0.75, 1), 0), (wide, cap), (0, cap)])
        b.part(*TUBE_BODY)
        with b.moved(yaw=np.pi / 2):
            _squeezed(b, length, r, r * b.u(1.25, 1.5), b.u(0.004, 0.01), cap + 0.003)


@kind("glue stick", "lip balm", "lipstick", "deodorant stick")
def stick(b: Builder) -> None:
    h, r = b.u(0.06, 0.13), b.u(0.008, 0.02)
    squash, split = b.pick(1.0, 1.0, b.u(0.5, 0.7)), h * b.u(0.45, 0.8)
    b.part("body", "tube", "container", "part to hold it by")
    b.lathe([(0, 0), (r * 0.97, 0), (r, 0.002), (r, split), (0, split)], squash=squash)
    if b.maybe(0.6):
        b.part(*PLAIN_CAP, joint=lifts())
        b.lathe(
            [(r * 0.9, split), (r * 1.04, split), (r * 1.02, h - 0.002), (r * 0.95, h), (0, h)], squash=squash
        )
    else:
        b.part("stick", "glue", "tip", "what rubs off")
        b.lathe(
            [
                (r * 0.8, split - 0.002),
                (r * 0.8, split + (h - split) * 0.6),
                (r * 0.6, split + (h - split) * 0.8),
                (0, h),
            ],
            squash=squash,
        )
