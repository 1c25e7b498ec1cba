"""Plants and flowers."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind

POT = ("pot", "flower pot", "container", "planter")
LEAF = ("leaves", "leaf", "foliage", "green part")
STEM = ("stem", "trunk", "stalk")


def leaf(b: Builder, at, direction, length: float, width: float, droop: float) -> None:
    """A pointed, bent leaf from `at` outwards."""
    d = np.asarray(direction, float) / np.linalg.norm(direction)
    side = np.cross(d, (0, 0, 1.0)) if abs(d[2]) < 0.97 else np.array((1.0, 0, 0))
    side /= np.linalg.norm(side)
    t = np.linspace(0, 1, 7)[:, None]
    middle = np.asarray(at) + d * t * length - np.array((0, 0, droop * length)) * t**2
    half = side * width * np.sin(np.pi * np.clip(t * 0.93 + 0.07, 0, 1)) ** 0.8
    b.sheet(np.stack([middle - half, middle + (0, 0, -0.1 * width), middle + half], 1))


def _plant(b: Builder, z: float, size: float) -> None:
    form = b.pick("rosette", "bush", "tree", "cactus", "stalks")
    if form == "cactus":
        b.part("cactus", "plant", "body", "stem", "green part")
        r = size * b.u(0.15, 0.3)
        b.lathe(
            [(r * 0.8, z - 0.01), (r, z + size * 0.4), (r * 0.8, z + size * 0.9), (0, z + size)], smooth=True
        )
        for s in (1, -1) if b.maybe() else ():
            q = z + size * b.u(0.3, 0.5)
            b.tube([(0, s * r * 0.7, q), (0, s * r * 2, q), (0, s * r * 2.1, q + size * 0.3)], r * 0.45)
        return
    if form == "tree":
        b.part(*STEM)
        b.tube(
            [(0, 0, z - 0.01), (size * b.u(-0.06, 0.06), 0, z + size * 0.3), (0, 0, z + size * 0.6)],
            size * 0.02,
        )
        b.part(*LEAF, "crown")
        for _ in range(b.n(1, 4)):
            k = size * b.u(0.4, 0.6)
            b.blob((k, k, k), (b.u(-0.1, 0.1) * size, b.u(-0.1, 0.1) * size, z + size * b.u(0.65, 0.85)))
        return
    b.part(*LEAF)
    n = b.n(7, 13)
    for i in range(n):
        a, up = i * 2.4, b.u(0.5, 2.5) if form != "rosette" else b.u(0.3, 1.2)
        c = np.array((np.cos(a), np.sin(a), up))
        base = np.array((0, 0, z)) if form != "bush" else np.array((0, 0, z + size * b.u(0.2, 0.7)))
        length = size * (b.u(0.35, 0.5) if form == "bush" else b.u(0.7, 1.0))
        leaf(b, base, c, length, length * (0.04 if form == "stalks" else b.u(0.1, 0.24)), b.u(0.1, 0.6))
    if form == "bush":
        b.part(*STEM)
        b.rod((0, 0, z - 0.01), (0, 0, z + size * 0.72), size * 0.015)


def _pot(b: Builder, r: float, h: float) -> None:
    b.part(*POT)
    if b.maybe(0.75):
        low = r * b.u(0.6, 0.9)
        rim = [(r, h * 0.82), (r * 1.08, h * 0.82), (r * 1.08, h)] if b.maybe(0.4) else [(r, h)]
        b.lathe(wall([(low, 0), *rim], 0.005 + 0.03 * r, h * 0.85))
    else:
        w, d, t = 2 * r * b.u(1, 2), 2 * r, 0.01
        b.box((d, w, h * 0.8), (0, 0, h * 0.4))
        for s in (1, -1):
            b.box((d, t, h), (0, s * w / 2, h / 2))
            b.box((t, w + t, h), (s * d / 2, 0, h / 2))
    b.part("soil", "earth", "dirt")
    b.lathe([(0, h * 0.87), (r * 0.9, h * 0.86)])


@kind("potted plant", "house plant", "plant in a pot")
def potted_plant(b: Builder) -> None:
    r = b.u(0.04, 0.2)
    h = r * b.u(1.2, 2.2)
    _pot(b, r, h)
    _plant(b, h * 0.87, r * b.u(2, 5))
    if b.maybe(0.25):
        b.part("saucer", "plate", "tray", "what catches the water")
        b.lathe([(0, -0.002), (r * 1.1, -0.002), (r * 1.25, 0.012), (r * 1.1, 0.006)])


@kind("flower vase", "vase with flowers", "bouquet")
def flower_vase(b: Builder) -> None:
    r, h = b.u(0.03, 0.07), b.u(0.12, 0.28)
    neck = r * b.u(0.4, 1.0)
    b.part("vase", "body", "container", "where the water goes")
    b.lathe(
        wall([(r * 0.7, 0), (r, h * b.u(0.25, 0.5)), (neck, h * 0.85), (neck * b.u(1, 1.4), h)], 0.004, 0.01),
        smooth=b.maybe(),
    )
    for _i in range(b.n(1, 6)):
        a, lean, up = b.u(0, 6.3), b.u(0.05, 0.5), h * b.u(0.6, 1.3)
        c = np.array((np.cos(a), np.sin(a), 0))
        tip = c * lean * up + (0, 0, h + up)
        b.part("stem", "stalk")
        b.tube([(0, 0, h * 0.5), c * neck * 0.5 + (0, 0, h), tip], 0.0025, sides=6)
        b.part("flower", "blossom", "petals", "bloom")
        k = b.u(0.018, 0.04)
        if b.maybe():
            b.lathe(
                [(0.002, -k), (k * 0.9, -k * 0.3), (k * 0.75, k * 0.6), (k * 0.6, k * 0.6), (0, -k * 0.5)],
                tip,
            )
        else:
            for q in np.arange(5) * 1.257:
                leaf(b, tip, (np.cos(q), np.sin(q), 0.3), k * 1.2, k * 0.4, 0.1)
            b.blob((k * 0.6, k * 0.6, k * 0.5), tip)
    if b.maybe(0.7):
        b.part(*LEAF)
        for q in (0.5, 2.7, 4.4):
            leaf(b, (0, 0, h), (np.cos(q), np.sin(q), 1), h * 0.4, h * 0.08, 0.3)


@kind("tree", "garden tree", "toy tree")
def tree(b: Builder) -> None:
    h = b.u(0.3, 5)
    b.part("trunk", "stem", "wood")
    b.cone((0, 0, 0), (0, 0, h * 0.55), h * 0.045, h * 0.025)
    b.part("crown", "leaves", "foliage", "green part")
    if b.maybe(0.4):
        for k in range(n := b.n(2, 4)):
            z = h * (0.22 + 0.7 * k / n)
            b.cone((0, 0, z), (0, 0, z + h * 0.36), h * (0.3 - 0.18 * k / n), 0.005)
    else:
        for _ in range(b.n(2, 5)):
            size = h * b.u(0.3, 0.5)
            b.blob(
                (size, size, size * b.u(0.7, 1)),
                (b.u(-0.15, 0.15) * h, b.u(-0.15, 0.15) * h, h * b.u(0.6, 0.82)),
            )
        b.part("branch", "bough", "limb")
        for a in (0.4, 2.6, 4.5):
            b.cone(
                (0, 0, h * 0.45), (0.16 * h * np.cos(a), 0.16 * h * np.sin(a), h * 0.68), h * 0.015, h * 0.006
            )
