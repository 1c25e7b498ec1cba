"""Drinking and pouring vessels, bowls and plates."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bail, curve, ear, knob, loft, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import (
    BASE,
    DRINK_BODY,
    GRIP_BAND,
    HANDLE,
    LID,
    LID_KNOB,
    LOOP_HANDLE,
    RIM,
    SPOUT,
    STEM,
    STRAW,
    VESSEL,
)

TEAPOT_BODY = ("body", "pot", "container", "where the liquid is")


def _lip(b: Builder, r: float, z: float, reach: float, drop: float) -> None:
    """A pouring lip pulled out of a rim of radius r at height z on the -x side."""
    spread = np.linspace(-1, 1, 9)
    width = b.u(0.3, 0.55)
    low = np.stack(
        [-r * np.cos(spread * width * 0.4), r * np.sin(spread * width * 0.4), 0 * spread + z - drop], 1
    )
    out = r + reach * np.cos(spread * np.pi / 2)
    rim = np.stack(
        [-out * np.cos(spread * width), out * np.sin(spread * width), 0 * spread + z + reach * 0.1], 1
    )
    b.sheet(np.stack([low, (low + rim) / 2 - (reach * 0.1, 0, 0), rim]))


def _pouring_spout(b: Builder, root: float, z: float, top: float, reach: float, r0: float, r1: float) -> None:
    """A tubular spout on the -x side from a wall at radius root and height z up to a height."""
    bend = b.u(0.35, 0.75)
    path = [(-root + r0 * 0.3, 0, z), (-root - reach * bend, 0, z + (top - z) * b.u(0.3, 0.55)),
            (-root - reach, 0, top)]  # fmt: skip
    b.tube(path, [r0, (r0 + r1) / 2, r1], flat=b.u(0.8, 1.1))


@kind("mug", "cup", "coffee mug", "tea cup")
def mug(b: Builder) -> None:
    size = b.pick(1.0, 1.0, 1.0, b.u(0.55, 0.75))
    h, r = b.u(0.075, 0.12) * size, b.u(0.034, 0.05) * size
    form = b.pick("straight", "straight", "tapered", "bulged", "waisted", "footed")
    low, mid = {
        "straight": (1.0, 1.0),
        "tapered": (b.u(0.6, 0.9), b.u(0.85, 1.02)),
        "bulged": (b.u(0.7, 0.9), b.u(1.08, 1.25)),
        "waisted": (b.u(0.95, 1.1), b.u(0.82, 0.92)),
        "footed": (b.u(0.4, 0.6), b.u(0.9, 1.02)),
    }[form]
    b.part(*DRINK_BODY)
    outer = [
        (r * low * 0.94, 0),
        (r * low, 0.004),
        (r * (low + mid) / 2 * b.u(1, 1.06), h * 0.25),
        (r * mid, h / 2),
        (r * (mid + 1) / 2, h * 0.78),
        (r, h),
    ]
    b.lathe(wall(curve(outer), b.u(0.002, 0.005), 0.006))
    b.part(*LOOP_HANDLE)
    ear(b, r * (mid + 1.4) / 2.4, r * (low + mid) / 2, h * b.u(0.78, 0.93), h * b.u(0.12, 0.35),
        b.u(0.02, 0.042) * (1 + size) / 2, b.u(0.0035, 0.007) * (1 + size) / 2)  # fmt: skip


@kind("travel mug", "insulated tumbler", "thermal mug", "commuter cup")
def travel_mug(b: Builder) -> None:
    h, r = b.u(0.14, 0.21), b.u(0.035, 0.047)
    low = r * b.u(0.68, 1.0)
    b.part(*DRINK_BODY)
    b.lathe(
        wall(
            curve([(low * 0.95, 0), (low, 0.003), (low + (r - low) * b.u(0.1, 0.6), h * 0.5), (r, h)]),
            0.003,
            0.01,
        )
    )
    b.part(*LID)
    lid = b.u(0.01, 0.028)
    b.lathe(
        [
            (r + 0.0015, h - lid * 0.5),
            (r + 0.003, h + lid * 0.2),
            (r * 0.97, h + lid),
            (r * b.u(0.7, 0.9), h + lid),
            (r * 0.7, h + lid * 0.6),
            (0, h + lid * 0.6),
        ]
    )
    if b.maybe(0.5):
        b.part("tab", "slider", "lid opening tab", "what to slide to drink")
        b.box((r * 0.6, r * 0.4, lid * 0.6), (-r * 0.3, 0, h + lid * 0.85), round=0.5)
    if b.maybe(0.45):
        b.part(*LOOP_HANDLE)
        ear(b, r * 0.98, (low + r) / 2, h * 0.85, h * b.u(0.2, 0.4), b.u(0.03, 0.045), b.u(0.005, 0.008))
    elif b.maybe(0.5):
        b.part(*GRIP_BAND)
        z0, z1 = h * b.u(0.3, 0.45), h * b.u(0.55, 0.75)
        b.lathe([(r * 0.8, z0), (r + 0.002, z0), (r + 0.002, z1), (r * 0.8, z1)])
    if b.maybe(0.25):
        b.part(*STRAW)
        b.rod((r * 0.2, 0, h * 0.3), (r * b.u(0.3, 0.7), 0, h + b.u(0.05, 0.1)), 0.0035)


@kind("paper cup", "takeaway coffee cup", "disposable cup")
def paper_cup(b: Builder) -> None:
    h, r = b.u(0.085, 0.15), b.u(0.038, 0.047)
    low = r * b.u(0.65, 0.75)
    b.part(*DRINK_BODY)
    b.lathe(wall([(low, 0), (r, h)], 0.001, 0.006))
    lidded = b.maybe(0.7)
    if lidded:
        b.part(*LID)
        top = b.u(0.006, 0.014)
        b.lathe(
            [
                (r, h - 0.006),
                (r + 0.003, h - 0.004),
                (r + 0.003, h + 0.003),
                (r * 0.92, h + 0.004),
                (r * 0.88, h + top),
                (r * 0.78, h + top),
                (r * 0.76, h + top * 0.5),
                (0, h + top * 0.5),
            ]
        )
    if b.maybe(0.5):
        b.part("sleeve", "cardboard sleeve", "heat band", "where to hold it")
        z0, z1 = h * b.u(0.22, 0.32), h * b.u(0.62, 0.75)
        r0, r1 = (low + (r - low) * z / h for z in (z0, z1))
        b.lathe([(r0, z0), (r0 + 0.0022, z0), (r1 + 0.0022, z1), (r1, z1)])
    if b.maybe(0.3) or not lidded and b.maybe(0.3):
        b.part(*STRAW)
        b.rod((0, 0, h * 0.2), (r * b.u(0.1, 0.8), 0, h + b.u(0.05, 0.09)), b.u(0.0025, 0.005))


@kind("tea cup with saucer", "coffee cup and saucer", "cup on a saucer")
def cup_and_saucer(b: Builder) -> None:
    h, r, plate = b.u(0.05, 0.075), b.u(0.035, 0.052), b.u(0.065, 0.085)
    b.part("saucer", "small plate", "plate under the cup", "what the cup stands on")
    b.lathe(
        [
            (0, 0),
            (plate * 0.5, 0),
            (plate, b.u(0.008, 0.02)),
            (plate, 0.021),
            (plate * 0.5, 0.005),
            (0, 0.005),
        ]
    )
    b.part(*DRINK_BODY)
    low = r * b.u(0.45, 0.7)
    with b.moved((0, 0, 0.005)):
        b.lathe(
            wall(
                curve([(low, 0), (low, 0.004), (r * b.u(0.8, 1.0), h * 0.35), (r * 0.95, h * 0.7), (r, h)]),
                0.002,
                0.006,
            )
        )
        b.part(*LOOP_HANDLE)
        ear(
            b, r * 0.96, r * 0.88, h * b.u(0.8, 0.95), h * b.u(0.3, 0.4), b.u(0.018, 0.03), b.u(0.0025, 0.004)
        )


@kind("drinking glass", "glass", "tumbler", "water glass")
def glass(b: Builder) -> None:
    h, r = b.u(0.08, 0.17), b.u(0.028, 0.045)
    low, bottom = r * b.pick(1.0, b.u(0.65, 0.95), b.u(0.65, 0.95)), b.u(0.006, 0.02)
    b.part(*BASE)
    b.lathe(
        [(0, 0), (low * 0.96, 0), (low, 0.003), (low, bottom), (low - 0.002, bottom), (0, bottom - 0.001)]
    )
    b.part("body", "glass", "container", "where the drink goes")
    mid = (low + r) / 2 * b.u(0.95, 1.1)
    b.lathe(wall(curve([(low, bottom), (mid, h * 0.5), (r, h)]), b.u(0.0012, 0.003), bottom + 0.001))
    if b.maybe(0.25):
        b.part(*STRAW)
        b.rod((-r * 0.3, 0, bottom + 0.003), (r * 1.1, 0, h + b.u(0.03, 0.08)), b.u(0.0025, 0.004))


@kind("beer mug", "beer stein", "tankard")
def beer_mug(b: Builder) -> None:
    h, r = b.u(0.12, 0.19), b.u(0.04, 0.055)
    low, mid = r * b.u(0.95, 1.2), r * b.pick(1.0, b.u(1.05, 1.2))
    b.part(*DRINK_BODY)
    b.lathe(
        wall(
            curve([(low * 0.97, 0), (low, 0.006), (mid, h * 0.35), ((mid + r) / 2, h * 0.7), (r, h)]),
            b.u(0.003, 0.006),
            0.015,
        )
    )
    b.part(*LOOP_HANDLE)
    ear(b, r, mid, h * b.u(0.78, 0.9), h * b.u(0.15, 0.3), b.u(0.035, 0.055), b.u(0.006, 0.01))
    if b.maybe(0.25):
        b.part(*LID)
        b.lathe(
            [
                (0, h + 0.001),
                (r * 1.03, h + 0.001),
                (r * 1.03, h + 0.006),
                (r * 0.6, h + 0.018),
                (0, h + 0.03),
            ]
        )
        b.box((0.012, 0.014, 0.03), (r + 0.012, 0, h + 0.012), round=0.6)


@kind("wine glass", "goblet", "stemmed glass", "champagne glass", "cocktail glass")
def wine_glass(b: Builder) -> None:
    form = b.pick("wine", "wine", "flute", "cocktail", "goblet")
    h, r = b.u(0.15, 0.24), b.u(0.032, 0.05)
    r, share, side, rim = {
        "wine": (r, b.u(0.4, 0.55), 1.0, b.u(0.65, 0.95)),
        "flute": (r * 0.62, b.u(0.55, 0.68), 0.95, b.u(0.85, 1)),
        "cocktail": (r * 1.2, b.u(0.3, 0.4), 0.5, 1.0),
        "goblet": (r, b.u(0.55, 0.7), 0.95, 1.0),
    }[form]
    stem_top, body = h * (1 - share), h * share
    b.part("bowl", "cup", "where the drink goes", "container")
    outer = [
        (0.004, stem_top),
        (r * 0.7 * side, stem_top + body * 0.15),
        (r * side, stem_top + body * 0.45),
        (r * rim, h),
    ]
    b.lathe(wall(curve(outer), 0.0015, stem_top + 0.004))
    b.part(*STEM)
    b.rod((0, 0, 0.005), (0, 0, stem_top + 0.003), b.u(0.0025, 0.006))
    b.part("base", "foot", "what it stands on", "bottom")
    foot = max(r, 0.028) * b.u(0.75, 1.05)
    b.lathe([(0, 0), (foot, 0), (foot, 0.002), (0.006, 0.008), (0, 0.009)])


@kind("pitcher", "jug", "carafe", "milk jug", "creamer")
def pitcher(b: Builder) -> None:
    size = b.pick(1.0, 1.0, b.u(0.4, 0.6))
    h, r = b.u(0.16, 0.28) * size, b.u(0.05, 0.075) * size
    neck, mouth = r * b.u(0.6, 1.0), r * b.u(0.7, 1.05)
    b.part(*VESSEL)
    b.lathe(
        wall(
            curve([(r * 0.8, 0), (r, h * 0.2), (r * b.u(0.95, 1.1), h * 0.45), (neck, h * 0.8), (mouth, h)]),
            0.004 * size,
            0.008,
        )
    )
    b.part(*HANDLE)
    ear(
        b,
        neck,
        r,
        h * b.u(0.85, 0.97),
        h * b.u(0.2, 0.45),
        b.u(0.035, 0.065) * size,
        b.u(0.006, 0.011) * size,
    )
    b.part(*SPOUT)
    _lip(b, mouth, h, b.u(0.015, 0.04) * size, h * b.u(0.08, 0.16))
    if b.maybe(0.25):
        b.part(*LID)
        b.lathe(
            [
                (0, h + 0.001),
                (mouth * 1.02, h + 0.001),
                (mouth * 1.02, h + 0.008),
                (mouth * 0.4, h + 0.013),
                (0, h + 0.014),
            ]
        )


@kind("teapot", "tea pot")
def teapot(b: Builder) -> None:
    r = b.u(0.05, 0.08)
    h, mouth = r * b.u(1.1, 2.1), r * b.u(0.45, 0.65)
    belly = b.u(0.35, 0.6)
    b.part(*TEAPOT_BODY)
    b.lathe(
        wall(
            curve(
                [
                    (r * b.u(0.5, 0.8), 0),
                    (r * 0.93, h * belly * 0.5),
                    (r, h * belly),
                    (r * b.u(0.8, 0.93), h * 0.8),
                    (mouth, h),
                ]
            ),
            0.004,
            0.006,
        )
    )
    open_pot = b.maybe(0.15)
    if not open_pot:
        b.part(*LID)
        rise = mouth * b.u(0.15, 0.6)
        b.lathe(
            [
                (mouth * 1.04, h - 0.001),
                (mouth * 1.04, h + 0.003),
                (mouth * 0.7, h + rise * 0.8),
                (0, h + rise),
            ]
        )
        b.part(*LID_KNOB)
        knob(b, h + rise, b.u(0.008, 0.013))
    b.part(*SPOUT)
    _pouring_spout(
        b, r * 0.95, h * b.u(0.25, 0.45), h * b.u(0.85, 1.1), r * b.u(0.6, 1.0), r * b.u(0.2, 0.3), r * 0.13
    )
    b.part(*HANDLE)
    if b.maybe(0.75):
        ear(
            b,
            r * 0.85,
            r * 0.97,
            h * b.u(0.78, 0.88),
            h * b.u(0.2, 0.35),
            r * b.u(0.5, 0.85),
            b.u(0.005, 0.009),
        )
    else:
        bail(b, r * 0.85, h * 0.78, r * b.u(1.1, 1.6), b.u(0.003, 0.006))


@kind("watering can", "plant watering can")
def watering_can(b: Builder) -> None:
    h, r = b.u(0.12, 0.3), b.u(0.06, 0.11)
    top = r * b.u(0.6, 1.0)
    b.part(*VESSEL)
    b.lathe(wall(curve([(r, 0), (r * b.u(0.95, 1.1), h * 0.3), (top, h)]), 0.003, 0.005), squash=b.u(0.7, 1))
    b.part(*SPOUT)
    reach, tip = r * b.u(1.3, 3.5), b.u(0.006, 0.014)
    end = (-r - reach, 0, h * b.u(0.95, 1.4))
    if b.maybe(0.6):
        b.cone((-r * 0.9, 0, h * b.u(0.1, 0.3)), end, r * b.u(0.15, 0.28), tip)
    else:
        b.tube(
            [(-r * 0.85, 0, h * 0.15), (-r * 1.5, 0, h * 0.35), (-r - reach * 0.6, 0, h), end],
            [0.02, 0.014, tip, tip],
        )
    if b.maybe(0.5):
        b.part("rose", "sprinkler head", "shower head", "where the water sprays out")
        b.cone(end, np.add(end, (-0.03, 0, b.u(0.0, 0.04))), tip, tip + b.u(0.015, 0.035))
    b.part(*HANDLE)
    form, bar = b.pick("side", "top", "over"), b.u(0.006, 0.011)
    if form == "side":
        ear(b, top, r * 0.98, h * b.u(0.85, 0.95), h * b.u(0.15, 0.35), r * b.u(0.6, 0.9), bar)
    elif form == "top":
        bail(b, top - 0.002, h - 0.003, r * b.u(0.8, 1.3), bar)
    else:
        rise = h * b.u(0.3, 0.6)
        b.tube(
            [
                (-top * 0.95, 0, h - 0.003),
                (-top * 0.3, 0, h + rise),
                (r * 0.8, 0, h + rise),
                (r * 1.6, 0, h * 0.7),
                (r * 0.98, 0, h * 0.2),
            ],
            bar,
        )


@kind("bowl", "soup bowl", "cereal bowl", "salad bowl", "mixing bowl")
def bowl(b: Builder) -> None:
    r = b.u(0.055, 0.15)
    h, foot = r * b.u(0.35, 0.95), r * b.u(0.35, 0.65)
    ring = b.maybe(0.6) * b.u(0.004, 0.012)
    b.part("body", "bowl", "container", "where the food goes")
    mid, t = b.u(0.8, 1.0), b.u(0.002, 0.005)
    outer = [
        (foot, ring),
        (foot + (r - foot) * mid * 0.6, ring + h * 0.2),
        (foot + (r - foot) * mid, h * 0.55),
        (r, h),
    ]
    b.lathe(wall(curve(outer), t, ring + t))
    if b.maybe(0.35):
        b.part(*RIM)
        out = b.u(0.004, 0.025)
        b.lathe(
            [(r - t, h), (r + out, h + out * 0.1), (r + out, h + out * 0.1 + t * 0.7), (r - t, h + t * 0.7)]
        )
    if ring:
        b.part(*BASE)
        b.lathe(
            [
                (foot * 0.85, 0.002),
                (foot * 0.9, 0),
                (foot, 0),
                (foot, ring + 0.001),
                (foot * 0.85, ring + 0.001),
                (foot * 0.85, 0.002),
            ]
        )


@kind("plate", "dish", "dinner plate", "serving plate")
def plate(b: Builder) -> None:
    r, boxy = b.u(0.075, 0.15), b.pick(0.0, 0.0, 0.0, 0.75)
    long = b.pick(1.0, 1.0, 1.0, b.u(1.2, 1.6))
    flat, h, t = r * b.u(0.6, 0.78), b.u(0.012, 0.03), b.u(0.002, 0.005)
    step = h * b.u(0.3, 0.9)
    b.part("center", "plate", "middle of the plate", "where the food goes")
    loft(b, [(0, 0, 0), (flat * long, flat, 0), (flat * long, flat, t), (0, 0, t)], boxy)
    b.part(*RIM)
    in_, out = flat + (r - flat) * b.u(0.1, 0.3), r
    loft(b, [(flat * long, flat, 0), (in_ * long, in_, step), (out * long, out, h), (out * long, out, h + t),
             (in_ * long, in_, step + t), (flat * long, flat, t)], boxy)  # fmt: skip
