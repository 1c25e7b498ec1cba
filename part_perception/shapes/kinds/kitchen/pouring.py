"""Vessels for pouring."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts
from part_perception.shapes.forms import bail, bow, curve, ear, ear_on, knob, loft, pot_lid, shell, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, BOTTLE_BODY, HANDLE, LID, LID_KNOB, NECK, SPOUT, VESSEL

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


@kind("pitcher", "jug", "carafe", "milk jug", "creamer")
def pitcher(b: Builder) -> None:
    size = b.pick(1.0, 1.0, b.u(0.4, 0.6))
    h, r = b.u(0.16, 0.28) * size, b.u(0.05, 0.075) * size
    neck, mouth = r * b.u(0.6, 1.0), r * b.u(0.7, 1.05)
    b.part(*VESSEL)
    side = curve([(r * 0.8, 0), (r, h * 0.2), (r * b.u(0.95, 1.1), h * 0.45), (neck, h * 0.8), (mouth, h)])
    b.lathe(wall(side, 0.004 * size, 0.008))
    b.part(*HANDLE)
    ear_on(
        b,
        side,
        h * b.u(0.85, 0.97),
        h * b.u(0.2, 0.45),
        b.u(0.035, 0.065) * size,
        b.u(0.006, 0.011) * size,
    )
    b.part(*SPOUT)
    _lip(b, mouth, h, b.u(0.015, 0.04) * size, h * b.u(0.08, 0.16))
    if b.maybe(0.25):
        b.part(*LID, joint=lifts())
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
    side = curve(
        [
            (r * b.u(0.5, 0.8), 0),
            (r * 0.93, h * belly * 0.5),
            (r, h * belly),
            (r * b.u(0.8, 0.93), h * 0.8),
            (mouth, h),
        ]
    )
    b.lathe(wall(side, 0.004, 0.006))
    open_pot = b.maybe(0.15)
    if not open_pot:
        cover = b.part(*LID, joint=lifts())
        rise = mouth * b.u(0.15, 0.6)
        b.lathe(
            [
                (mouth * 1.04, h - 0.001),
                (mouth * 1.04, h + 0.003),
                (mouth * 0.7, h + rise * 0.8),
                (0, h + rise),
            ]
        )
        b.part(*LID_KNOB, inside=cover)
        knob(b, h + rise, b.u(0.008, 0.013))
    b.part(*SPOUT)
    _pouring_spout(
        b, r * 0.95, h * b.u(0.25, 0.45), h * b.u(0.85, 1.1), r * b.u(0.6, 1.0), r * b.u(0.2, 0.3), r * 0.13
    )
    b.part(*HANDLE)
    if b.maybe(0.75):
        ear_on(
            b,
            side,
            h * b.u(0.78, 0.88),
            h * b.u(0.2, 0.35),
            r * b.u(0.5, 0.85),
            b.u(0.005, 0.009),
        )
    else:
        bail(b, r * 0.85, h * 0.78, r * b.u(1.1, 1.6), b.u(0.003, 0.006))


@kind("measuring jug", "glass measuring cup", "mixing jug")
def measuring_jug(b: Builder) -> None:
    h, r = b.u(0.08, 0.16), b.u(0.045, 0.065)
    b.part("body", "jug", "container", "where the liquid is")
    b.lathe(wall([(r * b.u(0.75, 0.98), 0), (r, h)], 0.0025, 0.004))
    b.part(*HANDLE)
    from_top = h * b.u(0.85, 0.95)
    bow(
        b,
        (r * 0.97, 0, from_top),
        (r * 0.95, 0, h * b.u(0.15, 0.4)),
        (b.u(0.03, 0.045), 0, 0),
        b.u(0.004, 0.007),
        flat=1.6,
    )
    b.part("spout", "pouring lip", "where to pour", "lip")
    b.extrude(
        [(-r + 0.003, h * 0.82), (-r - b.u(0.01, 0.02), h * 1.01), (-r + 0.003, h * 1.0)],
        b.u(0.02, 0.035),
        plane="xz",
    )


@kind("coffee pot", "coffee carafe", "coffee server", "percolator")
def coffee_pot(b: Builder) -> None:
    h, r = b.u(0.13, 0.23), b.u(0.05, 0.075)
    mouth = r * b.u(0.55, 0.85)
    b.part("body", "pot", "container", "where the coffee is")
    side = curve([(r * 0.9, 0), (r, h * b.u(0.15, 0.35)), (r * b.u(0.8, 0.97), h * 0.6), (mouth, h)])
    b.lathe(wall(side, 0.003, 0.005))
    if b.maybe(0.85):
        pot_lid(b, mouth, h, b.u(0.004, 0.025))
    b.part(*HANDLE)
    ear_on(
        b,
        side,
        h * b.u(0.85, 0.95),
        h * b.u(0.2, 0.45),
        b.u(0.035, 0.06),
        b.u(0.006, 0.01),
    )
    b.part(*SPOUT)
    if b.maybe(0.5):
        b.extrude(
            [(-mouth + 0.003, h * 0.85), (-mouth - b.u(0.015, 0.025), h * 0.99), (-mouth + 0.003, h * 0.99)],
            b.u(0.02, 0.035),
            plane="xz",
        )
    else:
        b.tube(
            [(-r * 0.9, 0, h * 0.35), (-r * 1.3, 0, h * 0.55), (-r * 1.5, 0, h * 0.95)], [0.012, 0.008, 0.006]
        )


@kind("gravy boat", "sauce boat")
def gravy_boat(b: Builder) -> None:
    x, h = b.u(0.06, 0.09), b.u(0.05, 0.075)
    y = x * b.u(0.45, 0.6)
    b.part("body", "boat", "container", "where the sauce is")
    lean = -x * 0.15
    loft(
        b,
        shell([(x * 0.5, y * 0.6, 0.01), (x * 0.85, y * 0.95, h * 0.5), (x, y, h * 0.9, lean)], 0.003, 0.015),
    )
    b.part(*BASE)
    loft(b, [(0, 0, 0), (x * 0.6, y * 0.75, 0), (x * 0.45, y * 0.55, 0.012)])
    b.part(*SPOUT)
    s = np.linspace(-1, 1, 7)
    root = np.stack([-x * 0.93 + 0 * s + lean * 0.9, s * y * 0.35, h * (0.6 + 0.25 * s**2)], 1)
    tip = np.stack([-x * 1.3 + 0.06 * x * s**2 + lean, s * y * 0.22, h * (1.0 + 0.12 * s**2)], 1)
    b.sheet(np.stack([root, (root + tip) / 2 - (0, 0, h * 0.05), tip]))
    b.part(*HANDLE)
    ear(b, x * 0.97 + lean, x * 0.8, h * 0.85, h * 0.35, b.u(0.025, 0.035), b.u(0.003, 0.005))


@kind("decanter", "wine decanter", "stoppered flask")
def decanter(b: Builder) -> None:
    h, r = b.u(0.12, 0.28), b.u(0.045, 0.1)
    r, neck = min(r, h * 0.42), b.u(0.012, 0.022)
    form = b.pick("round", "cone", "ship")
    belly = {
        "round": [(r * 0.6, 0), (r, h * 0.25), (r * 0.7, h * 0.48)],
        "cone": [(r, 0), (r * 0.96, h * 0.05), (r * 0.5, h * 0.4)],
        "ship": [(r * 0.95, 0), (r, h * 0.06), (r * 0.6, h * 0.25)],
    }[form]
    split = h * b.u(0.58, 0.68)
    b.part(*BOTTLE_BODY)
    b.lathe([(0, 0), *curve([*belly, (neck, split)], 16)])
    b.part(*NECK)
    b.lathe(
        [
            (neck, split),
            (neck, h * 0.96),
            (neck * b.u(1.1, 1.7), h),
            (neck - 0.002, h * 0.97),
            (neck - 0.002, split),
        ]
    )
    if b.maybe(0.4):
        b.part("stopper", "cap", "cork", "what closes it", joint=lifts())
        b.lathe([(neck * 0.85, h - 0.01), (neck * 0.95, h + 0.004)])
        s = neck * b.u(1.6, 2.6)
        b.blob((s, s, s * b.u(0.8, 1.3)), (0, 0, h + s * 0.4))
