"""Animals and stuffed toys. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind

TORSO = ("body", "torso", "belly", "trunk")
FIGURE_HEAD = ("head", "face")


def _four_legged(
    b: Builder, size: float, slim: float, leg: float, neck: float, ears: str, tail: str
) -> float:
    """An animal on four legs: body length `size`, legs and neck as shares of it. Returns the height of its back."""
    z, r, k = size * leg, size * slim, size * slim * b.u(0.25, 0.4)
    b.part(*TORSO)
    b.blob((size, r * 1.7, r * 2), (0, 0, z + r * 0.6), 0.9, 0.8)
    for sx in (1, -1):
        for s in (1, -1):
            b.part("leg", "limb", "what it walks on")
            x = sx * size * 0.33
            step = b.u(-0.12, 0.12) * size
            b.tube(
                [
                    (x, s * r * 0.5, z + r * 0.5),
                    (x + step * 0.3, s * r * 0.55, z * 0.5),
                    (x + step, s * r * 0.55, k * 0.5),
                ],
                (k * 1.3, k, k * 0.9),
            )
    head = np.array((size * (0.52 + 0.3 * neck), 0, z + r * 1.1 + size * neck))
    if neck > 0.12:
        b.part("neck", "throat")
        b.cone((size * 0.38, 0, z + r * 0.9), head, r * 0.65, r * 0.4)
    b.part(*FIGURE_HEAD)
    h = size * b.u(0.13, 0.18) * (1.4 if neck < 0.2 else 1)
    b.blob((h * 2, h * 1.5, h * 1.6), head)
    b.cone(head + (h * 0.5, 0, -h * 0.1), head + (h * b.u(1.3, 2.0), 0, -h * 0.4), h * 0.55, h * 0.35)
    for s in (1, -1):
        b.part("ear", "what it hears with")
        if ears == "up":
            b.cone(
                head + (-h * 0.3, s * h * 0.4, h * 0.5),
                head + (-h * 0.3, s * h * 0.6, h * b.u(1.2, 2.0)),
                h * 0.25,
                h * 0.05,
            )
        elif ears == "hang":
            b.tube(
                [
                    head + (-h * 0.2, s * h * 0.6, h * 0.5),
                    head + (-h * 0.2, s * h * 1.0, 0),
                    head + (-h * 0.1, s * h * 0.95, -h * 0.7),
                ],
                h * 0.28,
                flat=1,
            )
        else:
            b.blob((h * 0.25, h * 0.6, h * 0.6), head + (-h * 0.3, s * h * 0.8, h * 0.7))
    b.part("tail", "rear end")
    end = np.array((-size * 0.48, 0, z + r * 1.1))
    path = {
        "up": [end, end + (-size * 0.12, 0, size * 0.12), end + (-size * 0.12, 0, size * 0.32)],
        "down": [end, end + (-size * 0.08, 0, -size * 0.05), end + (-size * 0.12, 0, -size * 0.38)],
        "stub": [end, end + (-size * 0.05, 0, size * 0.03), end + (-size * 0.08, 0, size * 0.06)],
    }[tail]
    b.tube(path, (k * 0.8, k * 0.6, k * 0.4))
    return z + r * 1.6


@kind("dog", "toy dog", "dog figure", "puppy")
def dog(b: Builder) -> None:
    _four_legged(
        b,
        b.u(0.12, 0.6),
        b.u(0.17, 0.26),
        b.u(0.35, 0.6),
        b.u(0.08, 0.25),
        b.pick("up", "hang"),
        b.pick("up", "down", "stub"),
    )


@kind("cat", "toy cat", "cat figure")
def cat(b: Builder) -> None:
    _four_legged(
        b, b.u(0.1, 0.4), b.u(0.16, 0.22), b.u(0.35, 0.5), b.u(0.06, 0.16), "up", b.pick("up", "up", "down")
    )


@kind("horse", "toy horse", "horse figure", "pony")
def horse(b: Builder) -> None:
    size = b.u(0.12, 1.5)
    top = _four_legged(b, size, b.u(0.16, 0.2), b.u(0.6, 0.75), b.u(0.32, 0.45), "up", "down")
    if b.maybe(0.4):
        b.part("saddle", "seat", "where to sit")
        b.blob((size * 0.3, size * 0.34, size * 0.12), (0, 0, top - size * 0.015), 0.8)


@kind("cow", "toy animal", "pig", "sheep", "elephant figure")
def cow(b: Builder) -> None:
    size = b.u(0.08, 0.5)
    _four_legged(
        b,
        size,
        b.u(0.24, 0.34),
        b.u(0.25, 0.45),
        b.u(0.0, 0.1),
        b.pick("round", "hang"),
        b.pick("down", "stub"),
    )


@kind("bird", "toy bird", "duck", "rubber duck", "chicken")
def bird(b: Builder) -> None:
    size, stand = b.u(0.05, 0.3), b.maybe(0.5)
    z = size * (0.65 if stand else 0.33)
    b.part(*TORSO)
    b.blob((size, size * 0.65, size * 0.65), (0, 0, z), 1, 0.9)
    head = np.array((size * 0.4, 0, z + size * b.u(0.4, 0.6)))
    b.part(*FIGURE_HEAD)
    k = size * b.u(0.32, 0.45)
    b.blob((k, k * 0.9, k * 0.9), head)
    b.cone((size * 0.3, 0, z + size * 0.1), head, k * 0.5, k * 0.38)
    b.part("beak", "bill", "mouth", "nose")
    b.cone(
        head + (k * 0.4, 0, -k * 0.05), head + (k * b.u(0.7, 1.1), 0, -k * 0.1), k * 0.2, k * b.u(0.03, 0.14)
    )
    for s in (1, -1):
        b.part("wing", "what it flies with")
        b.blob((size * 0.65, size * 0.12, size * 0.35), (-size * 0.05, s * size * 0.31, z + size * 0.04))
    b.part("tail", "tail feathers", "back end")
    b.cone((-size * 0.4, 0, z + size * 0.05), (-size * 0.68, 0, z + size * 0.25), size * 0.16, size * 0.06)
    for s in (1, -1) if stand else ():
        b.part("leg", "foot", "what it stands on")
        b.tube(
            [
                (0, s * size * 0.15, z - size * 0.25),
                (0, s * size * 0.16, 0.03 * size),
                (size * 0.18, s * size * 0.18, 0.015 * size),
            ],
            size * 0.025,
            smooth=False,
        )


@kind("fish", "toy fish", "fish figure", rest="lies")
def fish(b: Builder) -> None:
    size, t = b.u(0.08, 0.4), b.u(0.2, 0.4)
    tall = size * b.u(0.3, 0.5)
    b.part(*TORSO)
    b.blob((size, tall, tall * t), (0, 0, tall * t / 2))
    z = tall * t / 2
    b.part("tail", "tail fin", "fin", "back end")
    b.ribbon(
        [(-size * 0.45, 0.02 * size), (-size * 0.7, tall * 0.45)],
        [(-size * 0.45, -0.02 * size), (-size * 0.7, -tall * 0.45)],
        size * 0.02,
        (0, 0, z),
    )
    for s in (1, -1):
        b.part("fin", "side fin", "back fin")
        b.ribbon(
            [(size * 0.15, s * tall * 0.42), (-size * 0.05, s * tall * b.u(0.6, 0.8))],
            [(-size * 0.2, s * tall * 0.4), (-size * 0.2, s * tall * 0.55)],
            size * 0.02,
            (0, 0, z),
        )
    b.part("eye", "what it sees with")
    b.blob((size * 0.06, size * 0.06, size * 0.05), (size * 0.36, tall * 0.1, z + tall * t * 0.3))


@kind("teddy bear", "stuffed toy", "plush toy", "teddy")
def teddy_bear(b: Builder) -> None:
    k, sitting = b.u(0.08, 0.22), b.maybe(0.65)
    z = k * (0.85 if sitting else 1.7)
    b.part(*TORSO)
    b.blob((k * 1.2, k * 1.3, k * 1.6), (0, 0, z))
    b.part(*FIGURE_HEAD)
    top = z + k * 1.3
    b.blob((k * 1.05, k * 1.15, k * 1.05), (0.05 * k, 0, top))
    b.part("nose", "snout", "mouth")
    b.blob((k * 0.45, k * 0.45, k * 0.38), (k * 0.5, 0, top - k * 0.12))
    long = b.maybe(0.25)
    for s in (1, -1):
        b.part("ear", "what it hears with")
        b.blob(
            (k * 0.2, k * 0.38, k * (1.3 if long else 0.38)),
            (0, s * k * 0.42, top + k * (0.9 if long else 0.5)),
        )
        b.part("arm", "limb", "upper limb")
        b.tube(
            [
                (0, s * k * 0.5, z + k * 0.5),
                (k * b.u(0.1, 0.5), s * k * 0.9, z + k * b.u(-0.1, 0.5)),
                (k * b.u(0.3, 0.7), s * k * 0.95, z + k * b.u(-0.4, 0.4)),
            ],
            k * 0.24,
        )
        b.part("leg", "limb", "lower limb")
        path = (
            [(0, s * k * 0.4, k * 0.35), (k * 0.6, s * k * 0.5, k * 0.32), (k * 1.0, s * k * 0.55, k * 0.33)]
            if sitting
            else [
                (0, s * k * 0.35, z - k * 0.4),
                (0, s * k * 0.42, k * 0.6),
                (k * 0.12, s * k * 0.42, k * 0.27),
            ]
        )
        b.tube(path, k * 0.28)
