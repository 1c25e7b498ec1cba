"""Fruit, vegetables and sweets that have parts."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import curve
from part_perception.shapes.kinds import kind

FRUIT = ("body", "fruit", "flesh", "part to eat")
STALK = ("stem", "stalk", "what it hung by")
LEAVES = ("leaves", "green top", "green part")


def _stalk(b: Builder, z: float, long: float, r: float) -> None:
    b.part(*STALK)
    b.tube(
        [(0, 0, z), (long * b.u(-0.2, 0.2), 0, z + long * 0.5), (long * b.u(-0.5, 0.5), 0, z + long)],
        [r * 1.3, r, r],
    )


def _leaf(b: Builder, at, long: float, wide: float, rise: float, yaw: float) -> None:
    """A pointed leaf that grows outward from a point and curves."""
    t = np.linspace(0, 1, 6)
    w = wide * np.sin(np.pi * t**0.8)
    middle = np.stack([long * t, 0 * t, rise * np.sin(t * 2.0)], 1)
    with b.moved(at, yaw=yaw):
        b.sheet(np.stack([middle + np.stack([0 * w, s * w, abs(s) * w * 0.2], 1) for s in (-1, 0, 1)]))


@kind("apple", "tomato", "orange", "peach", "round fruit")
def apple(b: Builder) -> None:
    r = b.u(0.028, 0.045)
    h, dip = r * b.u(1.6, 2.0), r * b.u(0.05, 0.3)
    b.part(*FRUIT)
    b.lathe(
        curve(
            [
                (0, dip * 0.4),
                (r * 0.45, 0),
                (r * 0.92, h * 0.3),
                (r, h * 0.6),
                (r * 0.6, h * 0.97),
                (r * 0.2, h - dip * 0.6),
                (0, h - dip),
            ],
            20,
        )
    )
    _stalk(b, h - dip - 0.001, b.u(0.008, 0.02), b.u(0.001, 0.002))
    if b.maybe(0.3):
        b.part("leaf", "green leaf", "green part")
        _leaf(b, (0, 0, h - dip + 0.006), b.u(0.02, 0.035), 0.009, 0.01, b.u(0, 6))


@kind("pear", "avocado", "eggplant", "gourd")
def pear(b: Builder) -> None:
    r = b.u(0.028, 0.042)
    h, neck = r * b.u(2.2, 3.4), b.u(0.4, 0.75)
    b.part(*FRUIT)
    b.lathe(
        curve(
            [
                (0, 0.002),
                (r * 0.5, 0),
                (r, h * 0.25),
                (r * 0.9, h * 0.45),
                (r * neck, h * 0.75),
                (r * neck * 0.7, h * 0.94),
                (0, h),
            ],
            20,
        )
    )
    _stalk(b, h - 0.002, b.u(0.012, 0.025), b.u(0.0012, 0.002))


@kind("bell pepper", "pumpkin", "pepper")
def bell_pepper(b: Builder) -> None:
    r, lobes = b.u(0.03, 0.09), b.pick(3, 4, 8)
    h = r * (b.u(1.2, 1.6) if lobes == 8 else b.u(1.8, 2.6))
    line = curve(
        [(0, h * 0.08), (r * 0.5, 0), (r * 0.95, h * 0.3), (r, h * 0.65), (r * 0.6, h * 0.97), (0, h * 0.88)],
        14,
    )
    turn = np.linspace(0, 2 * np.pi, 33)
    lobe = 1 - b.u(0.05, 0.12) * np.abs(np.sin(lobes * turn / 2)) ** 0.5 * -1 - 0.1
    b.part(*FRUIT)
    b.sheet(
        np.stack(
            [np.stack([q * lobe * np.cos(turn), q * lobe * np.sin(turn), 0 * turn + z], 1) for q, z in line]
        )
    )
    _stalk(b, h * 0.87, h * b.u(0.25, 0.4), r * b.u(0.08, 0.14))


@kind("banana", "plantain", rest="lies")
def banana(b: Builder) -> None:
    arc, radius, r = b.u(0.9, 1.7), b.u(0.09, 0.13), b.u(0.014, 0.02)
    turn = np.linspace(-arc / 2, arc / 2, 9)
    path = np.stack([radius * np.sin(turn), radius * (1 - np.cos(turn)), 0 * turn + r], 1)
    b.part(*FRUIT, "peel")
    b.tube(path, r * np.array([0.35, 0.75, 0.95, 1, 1, 1, 0.95, 0.7, 0.35]), sides=b.pick(6, 10))
    out = np.array([np.cos(arc / 2), np.sin(arc / 2), 0])
    b.part(*STALK)
    b.cone(path[-1] - out * 0.002, path[-1] + out * b.u(0.015, 0.03), r * 0.35, r * 0.3)
    b.part("tip", "end", "dark end")
    back = out * (-1, 1, 1)
    b.cone(path[0] - back * 0.002, path[0] + back * 0.005, r * 0.33, r * 0.18)


@kind("carrot", "radish", "turnip", "root vegetable", rest="lies")
def carrot(b: Builder) -> None:
    long, r = b.u(0.05, 0.2), b.u(0.012, 0.025)
    b.part("body", "root", "vegetable", "part to eat")
    with b.moved((0, 0, r), pitch=np.pi / 2):
        b.lathe(
            curve(
                [
                    (0, 0),
                    (r * 0.9, long * 0.02),
                    (r, long * 0.12),
                    (r * 0.7, long * 0.6),
                    (r * 0.15, long * 0.95),
                    (0, long),
                ],
                16,
            )
        )
    b.part(*LEAVES)
    for k in range(b.n(3, 7)):
        with b.moved((0.002, 0, r), yaw=np.pi + b.u(-0.5, 0.5), pitch=b.u(-0.3, 0.1)):
            _leaf(b, (0, 0, 0), b.u(0.05, 0.11), b.u(0.002, 0.012), 0.004 * (k % 2), 0)


@kind("pineapple", "pine apple fruit")
def pineapple(b: Builder) -> None:
    h, r = b.u(0.11, 0.19), b.u(0.045, 0.065)
    b.part(*FRUIT)
    b.lathe(
        curve([(0, 0), (r * 0.8, 0.004), (r, h * 0.3), (r * 0.97, h * 0.65), (r * 0.6, h * 0.96), (0, h)], 16)
    )
    b.part(*LEAVES, "crown")
    tall = b.u(0.06, 0.13)
    for k in range(12):
        spread = 0.3 + 0.05 * k
        _leaf(b, (0, 0, h - 0.006), tall * spread, 0.009, tall * (1.3 - 0.06 * k), k * 2.4)


@kind("mushroom", "toadstool")
def mushroom(b: Builder) -> None:
    r, h = b.u(0.02, 0.04), b.u(0.025, 0.06)
    b.part("stem", "stalk", "foot", "part to hold it by")
    b.lathe([(0, 0), *curve([(r * b.u(0.35, 0.55), 0), (r * 0.35, h * 0.5), (r * 0.4, h)], 8)])
    b.part("cap", "top", "head", "mushroom cap")
    b.lathe(
        curve(
            [
                (r * 0.38, h - 0.002),
                (r * 0.95, h - r * b.u(0.0, 0.25)),
                (r, h + r * 0.15),
                (r * 0.7, h + r * b.u(0.5, 0.7)),
                (0, h + r * b.u(0.7, 1.0)),
            ],
            14,
        )
    )


@kind("ice cream cone", "ice cream", "cornet")
def ice_cream(b: Builder) -> None:
    r, h = b.u(0.024, 0.034), b.u(0.09, 0.13)
    b.part("cone", "wafer", "part to hold it by", "cornet")
    b.lathe([(0.002, 0), (r * 0.9, h), (r * 0.85, h)])
    b.part("ice cream", "scoop", "ball", "part to lick")
    z = h + r * 0.45
    for k in range(b.n(1, 3)):
        s = 2 * r * (1.05 - 0.1 * k)
        b.blob((s, s, s * 0.95), (b.u(-0.1, 0.1) * r, 0, z))
        z += r * 1.3
    if b.maybe(0.3):
        b.part("cherry", "topping", "berry on top")
        b.blob((0.018, 0.018, 0.018), (0, 0, z - r * 0.3))


@kind("lollipop", "popsicle", "candy on a stick", rest="lies")
def lollipop(b: Builder) -> None:
    long, r = b.u(0.05, 0.1), b.u(0.0018, 0.0045)
    size, flat = b.u(0.025, 0.06), b.pick(1.0, b.u(0.25, 0.5))
    z = size * flat / 2
    b.part("stick", "handle", "part to hold it by")
    b.rod((0.004, 0, z), (-long, 0, z), min(r, z * 0.5))
    b.part("candy", "head", "sweet", "part to lick")
    if b.maybe(0.6):
        b.blob((size, size, size * flat), (size * 0.48, 0, z))
    else:
        b.box((size * 1.8, size, size * flat), (size * 0.88, 0, z), round=0.7)


@kind("cake", "birthday cake", "cupcake", "muffin")
def cake(b: Builder) -> None:
    small = b.maybe(0.5)
    r = b.u(0.028, 0.038) if small else b.u(0.08, 0.13)
    h = r * (b.u(1.0, 1.4) if small else b.u(0.5, 0.9))
    if small:
        b.part("wrapper", "paper cup", "base", "what to peel off")
        b.lathe([(0, 0), (r * 0.72, 0), (r, h)])
        b.part("top", "cake", "frosting", "part to eat")
        b.lathe(
            curve(
                [
                    (r, h - 0.001),
                    (r * 1.15, h + r * 0.2),
                    (r * 0.8, h + r * 0.65),
                    (0, h + r * b.u(0.7, 1.1)),
                ],
                12,
            )
        )
        top = h + r * 0.75
    else:
        b.part("cake", "body", "part to eat")
        b.lathe([(0, 0.004), (r, 0.004), (r, h * 0.95), (r * 0.96, h), (0, h)])
        b.part("plate", "board", "base", "what the cake stands on")
        b.lathe([(0, 0), (r * 1.2, 0), (r * 1.2, 0.004), (r, 0.004)])
        top = h
    for k in range(b.n(0, 1) if small else b.n(0, 5)):
        b.part("candle", "birthday candle", "what burns")
        a = k * 1.26
        b.rod(
            (r * 0.6 * np.cos(a) * (not small), r * 0.6 * np.sin(a) * (not small), top - 0.004),
            (r * 0.6 * np.cos(a) * (not small), r * 0.6 * np.sin(a) * (not small), top + 0.05),
            0.003,
        )
