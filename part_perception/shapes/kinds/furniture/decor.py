"""Plants, vases, candles."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import bail, bow, curve, ear, loft, shell, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, HANDLE, RIM, SPOUT, VESSEL


@kind("vase", "flower vase")
def vase(b: Builder) -> None:
    h, r = b.u(0.12, 0.45), b.u(0.03, 0.1)
    r = min(r, h * 0.4)
    form = b.pick("belly", "trumpet", "cylinder", "bottle", "urn")
    side = {
        "belly": [(r * 0.6, 0), (r, h * b.u(0.3, 0.6)), (r * 0.5, h * 0.85), (r * b.u(0.5, 0.8), h)],
        "trumpet": [(r * 0.6, 0), (r * 0.4, h * 0.3), (r * 0.6, h * 0.7), (r, h)],
        "cylinder": [(r * 0.8, 0), (r * b.u(0.75, 0.9), h * 0.5), (r * 0.85, h)],
        "bottle": [(r * 0.8, 0), (r, h * 0.25), (r * 0.35, h * 0.6), (r * 0.3, h * 0.85), (r * 0.4, h)],
        "urn": [(r * 0.5, 0), (r * 0.4, h * 0.1), (r, h * 0.6), (r * 0.7, h * 0.88), (r * 0.85, h)],
    }[form]
    line = curve(side, 20)
    neck = form in ("belly", "bottle", "urn") and b.maybe(0.6)
    cut = 16 if neck else 21
    b.part("body", "vase", "container", "where the flowers go")
    b.lathe([(0, 0), *line[:cut]])
    if neck:
        b.part("neck", "narrow part", "mouth", "opening")
        b.lathe(line[cut - 1 :])
    b.again(0)
    b.lathe([*(line[::-1] - (0.004, 0)), (0, 0.006)])
    for side_ in (-1, 1) if form in ("urn", "belly") and b.maybe(0.4) else ():
        b.part(*HANDLE)
        top = line[17]
        bow(
            b,
            (side_ * (top[0] - 0.002), 0, top[1]),
            (side_ * (line[11][0] - 0.002), 0, line[11][1]),
            (side_ * r * b.u(0.35, 0.6), 0, 0.0),
            r * 0.1,
            square=False,
        )


@kind("plant pot", "potted plant", "flower pot", "planter", "houseplant", "plant in a pot")
def plant_pot(b: Builder) -> None:
    h, r = b.u(0.07, 0.3), b.u(0.05, 0.16)
    boxy = b.pick(0, 0, 0, b.u(0.5, 1))
    low = b.u(0.6, 0.95)
    b.part("pot", "body", "planter", "container", "where the soil is")
    loft(b, shell([(r * low, r * low, 0), (r, r, h)], b.u(0.004, 0.01), 0.008), boxy)
    if b.maybe(0.5):
        b.part(*RIM)
        w, tall = 0.006, h * b.u(0.1, 0.2)
        loft(
            b,
            [
                (r * 0.97, r * 0.97, h - tall),
                (r + w, r + w, h - tall),
                (r + w, r + w, h + 0.003),
                (r - 0.008, r - 0.008, h + 0.003),
            ],
            boxy,
        )
    if b.maybe(0.3):
        b.part("saucer", "drip tray", "plate under the pot", "what catches the water")
        s = r * low + 0.015
        loft(
            b,
            [
                (s * 0.9, s * 0.9, 0),
                (s, s, 0.018),
                (s - 0.004, s - 0.004, 0.018),
                (s * 0.88, s * 0.88, 0.004),
            ],
            boxy,
        )
    if b.maybe(0.2):
        return
    b.part("soil", "dirt", "earth", "what the plant grows in")
    loft(b, [(r * 0.93, r * 0.93, h * 0.88), (0, 0, h * b.u(0.88, 0.95))], boxy)
    b.part("plant", "leaves", "green plant", "what grows in the pot")
    form, tall = b.pick("bush", "blades", "cactus", "leaves"), b.u(0.8, 2.2) * max(r, h * 0.6)
    if form == "cactus":
        b.blob((r * 0.9, r * 0.9, tall), (0, 0, h * 0.85 + tall * 0.45))
    elif form == "bush":
        for _ in range(b.n(5, 9)):
            s = r * b.u(0.8, 1.5)
            at = (b.u(-0.6, 0.6) * r, b.u(-0.6, 0.6) * r, h * 0.9 + tall * b.u(0.25, 0.7))
            b.blob((s, s, s * b.u(0.6, 1.2)), at)
        b.rod((0, 0, h * 0.85), (0, 0, h + tall * 0.5), r * 0.08)
    else:
        bend, t = b.u(0.2, 1.2), np.linspace(0, 1, 6)
        for k in range(b.n(6, 11)):
            a, up, out = k * 2.4, tall * b.u(0.7, 1.1), r * bend * b.u(0.6, 1.4)
            half = (
                r
                * (0.08 if form == "blades" else 0.3)
                * np.sin(np.pi * np.clip(t * 0.9 + 0.08, 0, 1))
                * (1 if form == "blades" else t * 1.5)
            )
            mid = np.stack([out * t**2, 0 * t, h * 0.9 + up * np.sin(t * (1.2 + 0.6 * bend))], 1)
            with b.moved(yaw=a):
                b.sheet(np.stack([mid + np.stack([0 * half, s * half, 0 * half], 1) for s in (-1, 0, 1)]))


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
        root = r * b.u(0.15, 0.28)
        b.cone((-r * 0.9, 0, max(h * b.u(0.1, 0.3), root)), end, root, tip)
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


@kind("candle holder", "candlestick", "candle", "tea light holder")
def candle_holder(b: Builder) -> None:
    form = b.pick("stick", "cup", "plate")
    r, tall = b.u(0.008, 0.014), b.u(0.05, 0.2)
    if form == "stick":
        h, foot = b.u(0.06, 0.28), b.u(0.035, 0.06)
        b.part(*BASE)
        b.lathe([(0, 0), (foot, 0), (foot, 0.006), (foot * 0.4, 0.018), (0, 0.018)])
        b.part("stem", "column", "shaft", "part to hold it by")
        b.lathe(
            curve(
                [(foot * 0.3, 0.017), (r * b.u(0.5, 1.3), h * 0.4), (r * b.u(0.5, 1.3), h * 0.7), (r, h)], 16
            )
        )
        b.part("cup", "candle cup", "socket", "where the candle goes")
        b.lathe([(r * 0.8, h), (r * 1.8, h), (r * 1.5, h + 0.015), (0, h + 0.014)])
        z = h + 0.012
    else:
        r, tall = b.u(0.018, 0.035), b.u(0.03, 0.12)
        wide, h = r * b.u(1.2, 2.2), b.u(0.012, 0.09) if form == "cup" else b.u(0.008, 0.02)
        b.part("body", "holder", "container", "where the candle goes")
        low = max(wide * b.u(0.6, 1), r + 0.005)
        b.lathe(wall([(low, 0), (max(wide, low), h)], 0.003, 0.004))
        z = 0.004
        if form == "plate":
            b.part(*HANDLE)
            b.ring((max(wide, low) + 0.012, 0, 0.018), 0.014, 0.003, axis="y")
    if b.maybe(0.8):
        b.part("candle", "wax", "candle stick", "what burns")
        b.lathe([(r, z), (r * 0.97, z + tall), (0, z + tall - 0.001)])
        b.part("wick", "candle wick", "string", "what to light")
        b.rod((0, 0, z + tall - 0.002), (0, 0, z + tall + 0.009), 0.0013)
