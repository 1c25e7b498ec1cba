"""Flat-pack furniture of plain boards, posts and rails: tables, benches, stools, chairs."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BACK, LEG, POST, RAIL, SEAT, SHELF, SIDE_PANEL, TABLE_TOP

LOWER_RAIL = ("stretcher", *RAIL)
APRON = ("apron", "frame", "rail", "rim under the top")


def posts(b: Builder, w: float, d: float, h: float, k: float, names=POST) -> None:
    """Four square or round posts at the corners of a rectangle w (y) by d (x)."""
    round_one = b.maybe(0.3)
    for x in (d / 2 - k / 2, k / 2 - d / 2):
        for y in (w / 2 - k / 2, k / 2 - w / 2):
            b.part(*names)
            if round_one:
                b.rod((x, y, 0), (x, y, h), k / 2)
            else:
                b.box((k, k, h), (x, y, h / 2))


def rails(b: Builder, w: float, d: float, z: float, k: float, tall: float, sides="xy", names=RAIL) -> None:
    """Rails between posts of thickness k: along y ('y': front and back), along x ('x': at both sides)."""
    for s in (1, -1):
        if "y" in sides:
            b.part(*names)
            b.box((k * 0.6, w - 2 * k, tall), (s * (d - k) / 2, 0, z))
        if "x" in sides:
            b.part(*names)
            b.box((d - 2 * k, k * 0.6, tall), (0, s * (w - k) / 2, z))


def slats(b: Builder, w: float, d: float, z: float, t: float, count: int, share: float = 0.8) -> None:
    """A layer of slats along y, side by side."""
    for x in (np.arange(count) - (count - 1) / 2) * d / count:
        b.box((d / count * share, w, t), (x, 0, z))


@kind("coffee table", "sofa table", "low table", "table")
def coffee_table(b: Builder) -> None:
    w, d, z, t = b.u(0.5, 1.3), b.u(0.4, 0.75), b.u(0.3, 0.52), b.u(0.014, 0.05)
    b.part(*TABLE_TOP)
    form = b.pick("board", "board", "round", "glass")
    if form == "round":
        b.lathe([(0, z - t), (d / 2, z - t), (d / 2, z), (0, z)], squash=b.pick(1, w / d))
        w = d
    else:
        b.box((d, w, 0.008 if form == "glass" else t), (0, 0, z - t / 2), round=b.pick(0, 0.4))
    stand = b.pick("posts", "posts", "boards", "cross", "block") if form != "round" else "posts"
    inner = 0.7 if form == "round" else 1.0
    if stand == "posts":
        k = b.u(0.025, 0.07)
        posts(b, w * inner, d * inner, z - t, k, LEG)
        if b.maybe(0.6):
            rails(b, w * inner, d * inner, z - t - 0.03, k, b.u(0.03, 0.06), names=APRON)
    elif stand == "boards":
        for s in (1, -1):
            b.part("leg", *SIDE_PANEL)
            b.box((d, t, z - t), (0, s * (w - t) / 2, (z - t) / 2))
    elif stand == "cross":
        for s in (1, -1):
            b.part(*LEG)
            y = s * w * 0.35
            for q in (1, -1):
                b.rod((q * d * 0.42, y, 0.01), (-q * d * 0.42, y, z - t), 0.018, sides=4)
    else:
        b.part("base", "body", "what it stands on")
        b.box((d * 0.8, w * 0.8, z - t), (0, 0, (z - t) / 2))
        return
    if b.maybe(0.5):
        b.part(*SHELF)
        b.box((d * 0.9 * inner, w * 0.92 * inner, 0.016), (0, 0, z * b.u(0.25, 0.5)))


@kind("plank table", "dining table", "kitchen table", "garden table", "table")
def plank_table(b: Builder) -> None:
    w, d, z, t = b.u(0.7, 2.0), b.u(0.6, 1.0), b.u(0.7, 0.77), b.u(0.018, 0.045)
    b.part(*TABLE_TOP)
    count = b.pick(1, 1, b.n(4, 8))
    slats(b, w, d, z - t / 2, t, count, 1.0 if count == 1 else 0.93)
    k, form, away = b.u(0.035, 0.09), b.pick("posts", "posts", "X", "H"), b.u(0.32, 0.42)
    if form == "posts":
        w *= b.u(0.85, 1)
        posts(b, w, d * 0.95, z - t, k, LEG)
        rails(b, w, d * 0.95, z - t - 0.05, k, b.u(0.05, 0.1), names=APRON)
        return
    for s in (1, -1):
        b.part(*LEG)
        y = s * w * away
        if form == "X":
            for q in (1, -1):
                b.rod((q * d * 0.42, y, 0), (-q * d * 0.42, y, z - t), k * 0.5, sides=4)
        else:
            for x in (1, -1):
                b.box((k, k, z - t), (x * d * 0.36, y, (z - t) / 2))
            b.box((d * 0.7, k * 0.6, k), (0, y, z * 0.2))
            b.box((d * 0.85, k * 0.8, k), (0, y, z - t - k / 2))
    b.part(*LOWER_RAIL)
    b.box((k, 2 * abs(y), k * 0.8), (0, 0, (z - t) / 2 if form == "X" else z * 0.2))


@kind("plank bench", "dining bench", "bench", "wooden bench")
def plank_bench(b: Builder) -> None:
    w, d, z, t = b.u(0.6, 1.7), b.u(0.25, 0.45), b.u(0.38, 0.48), b.u(0.018, 0.045)
    b.part(*SEAT)
    count = b.pick(1, 1, b.n(2, 4))
    slats(b, w, d, z - t / 2, t, count, 1.0 if count == 1 else 0.9)
    if b.maybe():
        k = b.u(0.03, 0.06)
        posts(b, w * 0.92, d * 0.95, z - t, k, LEG)
        rails(b, w * 0.92, d * 0.95, z - t - 0.03, k, 0.05, names=APRON)
    else:
        for s in (1, -1):
            b.part("leg", *SIDE_PANEL)
            b.box((d * 0.95, b.u(0.02, 0.05), z - t), (0, s * w * 0.42, (z - t) / 2))
        b.part(*LOWER_RAIL)
        b.box((0.025, w * 0.82, b.u(0.04, 0.12)), (0, 0, z * b.u(0.4, 0.7)))
    if b.maybe(0.3):
        b.part("cushion", "seat cushion", "pad", "where to sit")
        b.box((d * 0.98, w * 0.98, 0.05), (0, 0, z + 0.026), round=0.8)


@kind("board stool", "stool", "step stool", "footstool")
def board_stool(b: Builder) -> None:
    w, d, z, t = b.u(0.3, 0.5), b.u(0.22, 0.36), b.u(0.2, 0.48), b.u(0.015, 0.035)
    b.part(*SEAT)
    b.box((d, w, t), (0, 0, z - t / 2), round=b.pick(0, 0.4))
    if b.maybe():
        lean = b.u(0, 0.12)
        for s in (1, -1):
            b.part("leg", *SIDE_PANEL)
            with b.moved((0, s * (w * 0.38), z - t), roll=s * lean):
                b.box((d * 0.9, t, z - t), (0, 0, (t - z) / 2))
        b.part(*LOWER_RAIL)
        b.box((t, w * 0.76, b.u(0.04, 0.1)), (0, 0, z * 0.7))
    else:
        k = b.u(0.022, 0.04)
        posts(b, w, d, z - t, k, LEG)
        rails(b, w, d, z * b.u(0.3, 0.6), k, 0.03, names=LOWER_RAIL)
    if b.maybe(0.25):
        b.part("step", "lower step", "where to put the foot")
        b.box((d * 0.7, w * 0.8, t), (d * 0.6, 0, z * 0.5))
        for s in (1, -1):
            b.part(*LEG)
            b.box((d * 0.6, t, z * 0.5), (d * 0.6, s * w * 0.38, z * 0.25))


@kind("slat chair", "wooden chair", "chair", "kitchen chair", "dining chair")
def slat_chair(b: Builder) -> None:
    """A chair of square posts and boards: front legs to the seat, back legs up to the backrest."""
    w, d, z, k, h = b.u(0.38, 0.5), b.u(0.38, 0.48), b.u(0.42, 0.48), b.u(0.025, 0.045), b.u(0.35, 0.6)
    b.part(*SEAT)
    b.box((d, w, b.u(0.015, 0.05)), (0, 0, z), round=b.pick(0, 0.4, 0.9))
    for s in (1, -1):
        b.part("leg", "front leg", *LEG[1:])
        b.box((k, k, z), (d / 2 - k, s * (w / 2 - k * 0.7), z / 2))
    for s in (1, -1):
        b.part("leg", "back leg", *LEG[1:])
        b.box((k, k, z), (-d / 2 + k / 2, s * (w / 2 - k / 2), z / 2))
    b.part(*BACK)
    with b.moved((-d / 2 + k / 2, 0, z), pitch=-b.u(0, 0.18)):
        for s in (1, -1):
            b.box((k, k, h), (0, s * (w - k) / 2, h / 2))
        if b.maybe():
            for q in np.linspace(0.25, 0.93, b.n(1, 4)):
                b.box((k * 0.5, w - 2 * k, b.u(0.04, 0.09)), (0, 0, q * h))
        else:
            for q in (0.2, 0.93):
                b.box((k * 0.6, w - 2 * k, 0.05), (0, 0, q * h))
            for y in np.linspace(-0.35, 0.35, b.n(2, 6)) * w:
                b.box((k * 0.4, b.u(0.015, 0.04), h * 0.74), (0, y, h * 0.56))
    rails(b, w, d - k, z - 0.05, k, 0.05, names=APRON)
    if b.maybe(0.6):
        rails(b, w, d - k, z * b.u(0.25, 0.45), k, 0.022, b.pick("x", "xy"), LOWER_RAIL)
