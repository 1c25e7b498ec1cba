"""Upholstered seats: sofas and armchairs, boxy, with rolled or open arms; tub chairs; reclining lounge chairs."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.lexicon import ARM, BACK, LEG, SEAT

CUSHION = ("seat", "seat cushion", "cushion", "where to sit")
PILLOW = ("pillow", "cushion", "throw pillow")
BASE = ("base", "frame", "body")


def upholstered(b: Builder, w: float, seats: int) -> None:
    """Parts of a sofa with seats of equal width between its arms."""
    d, z, foot, soft = b.u(0.5, 0.7), b.u(0.36, 0.46), b.pick(0.02, b.u(0.02, 0.2)), b.u(0.1, 0.7)
    h, t, side = b.u(0.35, 0.6), b.u(0.12, 0.22), b.u(0.08, 0.22)
    low = z - 0.12 if foot < 0.1 else z - b.u(0.08, 0.14)
    b.part(*BASE)
    b.box((d + t, w, low - foot), (-t / 2, 0, (low + foot) / 2), round=soft * 0.3)
    seams = 1 if b.maybe(0.3) else seats
    for k in range(seams):
        b.part(*CUSHION)
        y = (k - (seams - 1) / 2) * w / seams
        b.box((d, w / seams - 0.006, z - low + 0.01), (0.01, y, (z + low) / 2), round=0.3 + soft)
    lean, seams = b.u(0, 0.3), b.pick(1, 1, seats)
    b.part(*BACK)
    for k in range(seams):  # one back, however it is sewn
        with b.moved((-d / 2 - t / 2, (k - (seams - 1) / 2) * w / seams, z - 0.1), pitch=-lean):
            b.box((t, w / seams - 0.005 * (seams > 1), h), (0, 0, h / 2), round=soft)
    if b.maybe(0.9):
        arms(b, w, d, t, z, foot, side, soft)
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)) if foot > 0.05 else ():
        b.part(*LEG)
        thick, away = b.u(0.008, 0.03), b.u(0, 0.06)
        b.cone(
            (sx * (d * 0.45 + away), sy * (w * 0.45 + away), 0),
            (sx * d * 0.43, sy * w * 0.44, foot + 0.01), thick * b.u(0.5, 1), thick, sides=b.pick(4, 12),
        )  # fmt: skip
    for k in range(min(b.pick(0, 0, 0, 1, 2, 3), seats)):
        b.part(*PILLOW)
        with b.moved((-d * 0.25, (0.38 if k == 1 else -0.38 if k == 0 else 0) * w, z + 0.2), pitch=-0.35,
                     roll=b.u(-0.4, 0.4)):  # fmt: skip
            b.blob((0.15, 0.42, 0.42), e1=0.6, e2=0.6)


def arms(b: Builder, w: float, d: float, t: float, z: float, foot: float, side: float, soft: float) -> None:
    """Two parts: arms beside a seat w wide: blocks, blocks with a rolled top, sloping blocks or an open frame."""
    form, tall = b.pick("block", "block", "roll", "slope", "open"), z + b.u(0.12, 0.25) - foot
    for s in (1, -1):
        b.part(*ARM)
        y, top = s * (w + side) / 2, foot + tall
        if form == "open":
            r = min(side * 0.3, 0.03)
            path = [(d * 0.45, y, 0.01), (d * 0.45, y, top), (-d * 0.5 - t, y, top), (-d * 0.5 - t, y, 0.01)]
            b.tube(path, r, flat=b.pick(1, 1.5), sides=b.pick(4, 10), smooth=False)
        elif form == "slope":
            back = top + b.u(0.05, 0.25)
            line = [(d / 2, foot), (d / 2, top - 0.06), (-d / 2 - t, back), (-d / 2 - t, foot)]
            b.extrude(line, side, (0, y, 0), "xz", bevel=0.05)
        else:
            b.box((d + t, side, tall), (-t / 2, y, foot + tall / 2), round=soft)
            if form == "roll":
                b.rod((-d / 2 - t, y + s * side * 0.2, top - side * 0.3), (d / 2 + 0.01, y + s * side * 0.2,
                      top - side * 0.3), side * 0.7)  # fmt: skip


def tub_chair(b: Builder) -> None:
    """A chair whose back and arms are one curved wall around a cushion, on legs, a foot or the floor."""
    r, t, low, z = b.u(0.28, 0.38), b.u(0.02, 0.1), b.u(0.1, 0.3), b.u(0.38, 0.46)
    half = b.u(1.6, 2.4)  # radians to each side of the back
    high, arm, flare, deep = z + b.u(0.3, 0.6), z + b.u(0.05, 0.22), b.u(0.0, 0.3), b.u(0.9, 1.15)
    turn = np.linspace(-half, half, 17)
    drop = np.clip((np.abs(turn) - 0.35 * half) / (0.5 * half), 0, 1)
    rim = high + (arm - high) * drop**2 * (3 - 2 * drop)

    lip = r + (r * flare) * (rim - low) / (high - low)  # it leans out the more, the higher it rises
    foot, inner = np.full(17, r * 0.85), np.full(17, low)
    out = np.stack([foot, foot + t, lip + t, lip, foot], axis=1)
    height = np.stack([inner, inner, rim, rim, inner], axis=1)
    ring = np.stack([-deep * out * np.cos(turn)[:, None], out * np.sin(turn)[:, None], height], axis=2)
    ends = np.repeat(ring[[0, -1], :4].mean(axis=1)[:, None], 5, axis=1)
    wall = np.concatenate([ends[:1], ring, ends[1:]])
    if b.maybe(0.3):
        b.part("shell", "body", "frame")
        b.grid(wall)
    else:
        b.part(*BACK)
        b.grid(wall[5:14])
        for some in (wall[:6], wall[13:]):
            b.part(*ARM)
            b.grid(some)
    b.part(*CUSHION)
    thick = b.u(0.08, 0.2)
    b.box((1.7 * r * deep, 1.72 * r, thick), (0.06 * r, 0, z - thick / 2), round=b.u(0.4, 0.9))
    if b.maybe(0.4):
        b.part("back cushion", *BACK)
        with b.moved((-deep * r * 0.75, 0, z), pitch=-b.u(0.05, 0.3)):
            b.box((0.12, r * b.u(1.0, 1.5), (high - z) * b.u(0.7, 1.0)), (0, 0, (high - z) * 0.45), round=0.8)
    _under(b, r, low + 0.01)


def _under(b: Builder, r: float, z: float) -> None:
    """Parts that carry a round seat whose underside is at z: legs, a column on a plate or a star, or a block."""
    form = b.pick("legs", "legs", "plate", "star", "block")
    if form == "legs":
        away, thick = b.u(0.6, 1.0), b.u(0.008, 0.025)
        for a in np.arange(4) * np.pi / 2 + np.pi / 4:
            b.part(*LEG)
            c = np.array((np.cos(a), np.sin(a), 0)) * r
            b.cone(c * away, c * 0.65 + (0, 0, z), thick * 0.7, thick, sides=b.pick(4, 10))
        b.part(*BASE)
        b.lathe([(0, z - 0.01), (r * 0.8, z - 0.01), (r * 0.85, z + 0.03), (0, z + 0.03)])
        return
    b.part(*BASE)
    if form == "block":
        b.lathe([(0, 0), (r * 0.9, 0), (r * 0.9, z + 0.02), (0, z + 0.02)])
        return
    b.rod((0, 0, 0.02), (0, 0, z + 0.02), b.u(0.02, 0.04))
    b.lathe([(0, z), (r * 0.8, z), (r * 0.8, z + 0.02), (0, z + 0.02)])
    if form == "plate":
        b.lathe([(0, 0), (r * 0.85, 0), (r * 0.8, 0.015), (0, 0.03)])
        return
    arms, flat = b.pick(4, 5), b.pick(0.015, 0.03)
    for a in np.arange(arms) * 2 * np.pi / arms + b.u(0, 1):
        c = np.array((np.cos(a), np.sin(a), 0)) * r * 0.95
        b.cone((0, 0, 0.06), c + (0, 0, flat), 0.03, flat)


def lounge_chair(b: Builder) -> None:
    """A reclining chair: thin pads for seat, back and head in a bent frame or on a star, often with a footstool."""
    w, d, z, t = b.u(0.5, 0.65), b.u(0.45, 0.6), b.u(0.32, 0.42), b.u(0.04, 0.12)
    lean, tilt, long, soft = b.u(0.3, 0.7), b.u(0.05, 0.25), b.u(0.55, 0.8), b.u(0.3, 0.9)
    with b.moved((0, 0, z), pitch=-tilt):
        b.part(*SEAT)
        b.box((d, w, t), (0, 0, 0), round=soft)
        with b.moved((-d / 2, 0, 0), pitch=-lean):
            head = b.u(0.15, 0.22) if b.maybe(0.5) else 0.0
            b.part(*BACK)
            b.box((t, w * b.u(0.9, 1.0), long), (0, 0, long / 2), round=soft)
            if head:
                b.part("headrest", "head rest", "where to lean the head")
                b.box((t * 1.1, w * b.u(0.6, 1.0), head), (0.02, 0, long + head * 0.55), round=soft)
    if b.maybe(0.6):
        names, y, r = (BASE if b.maybe() else ("frame", *BASE)), w / 2 + 0.02, b.u(0.015, 0.03)
        for s in (1, -1):
            b.part(
                *(names if s > 0 or b.maybe() else ("frame", "leg frame", "sled base", "what it stands on"))
            )
            path = [(-d * 0.75, s * y, r), (d * 0.6, s * y, r), (d * 0.78, s * y, z * 0.55), (d * 0.5, s * y, z + 0.2),
                    (-d * 0.55, s * y, z + 0.22)]  # fmt: skip
            b.tube(path, r, flat=b.pick(1, 0.6), sides=b.pick(4, 10), smooth=b.maybe(0.7), steps=8)
        b.rod((d * 0.45, -y, z - t), (d * 0.45, y, z - t), r * 0.8)
        b.rod((-d * 0.6, -y, r), (-d * 0.6, y, r), r * 0.8)
    else:
        for s in (1, -1) if b.maybe(0.8) else ():
            b.part(*ARM)
            b.box(
                (d * 0.6, b.u(0.06, 0.12), b.u(0.03, 0.1)),
                (0, s * (w / 2 + 0.03), z + b.u(0.14, 0.22)),
                round=soft,
            )
            b.rod((-d * 0.1, s * w / 2, z), (-d * 0.1, s * (w / 2 + 0.02), z + 0.15), 0.012)
        _under(b, min(w, d) * 0.5, z - t / 2 - 0.03)
    if b.maybe(0.4):
        x, k = d * 0.5 + b.u(0.35, 0.55), b.u(0.3, 0.45)
        b.part("footstool", "footrest", "ottoman", "where to put the feet")
        b.box((k, w * 0.85, t), (x, 0, z * 0.9), round=soft)
        for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            b.box((0.025, 0.025, z * 0.9), (x + sx * k * 0.4, sy * w * 0.36, z * 0.45))
