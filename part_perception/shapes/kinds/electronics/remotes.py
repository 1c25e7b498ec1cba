"""Remote controls with buttons of every shape in rows, rings and blocks. They lie with their keys up."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, slides
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BUTTON, DISPLAY, POWER_BUTTON

REMOTE_BODY = ("body", "case", "housing", "part to hold it by")
KEYS = ("buttons", "button", "keys", "what to press")


def _key(b: Builder, at, size, round_one: bool, inside: int, names=BUTTON) -> None:
    b.part(*names, inside=inside, joint=presses((0, 0, -1), 0.002))
    _pad(b, at, size, round_one)


def _pad(b: Builder, at, size, round_one: bool) -> None:
    x, y, z = at
    if round_one:
        b.rod((x, y, z - 0.002), (x, y, z + size[2]), min(size[:2]) / 2, sides=10)
    else:
        b.box((size[0], size[1], size[2] + 0.002), (x, y, z + size[2] / 2 - 0.001), round=b.pick(0, 0.6))


def _block(b: Builder, x0: float, x1: float, wide: float, z: float, inside: int, single: bool) -> None:
    """Rows of keys between x0 and x1: a part each, or one part for all of them."""
    columns = b.n(2, 4)
    gap_y = wide / columns
    gap_x = min(gap_y * b.u(0.7, 1.2), 0.02)
    rows = max(int((x1 - x0) / gap_x), 1)
    size = (gap_x * b.u(0.5, 0.8), gap_y * b.u(0.5, 0.82), b.u(0.002, 0.004))
    round_ones = b.maybe(0.4)
    if not single:
        b.part(*KEYS, inside=inside)
    for i in range(rows):
        for j in range(columns):
            at = (x1 - (i + 0.5) * gap_x, (j - (columns - 1) / 2) * gap_y, z)
            if single:
                _key(b, at, size, round_ones, inside)
            else:
                _pad(b, at, size, round_ones)


@kind("remote control", "TV remote", "remote", "remote controller", rest="lies")
def remote_control(b: Builder) -> None:
    length, w, t = b.u(0.1, 0.25), b.u(0.032, 0.062), b.u(0.009, 0.028)
    body = b.part(*REMOTE_BODY)
    waist, nose = b.u(0.78, 1.0), b.u(0.8, 1.15)
    form = b.pick("box", "shaped", "shaped", "wedge", "bulge")
    if form == "box":
        b.box((length, w, t), (0, 0, 0), round=b.u(0, 1.0))
    else:
        x = length * np.array([-0.5, -0.48, -0.3, 0.0, 0.35, 0.48, 0.5])
        y = w / 2 * np.array([0.8, 1, 0.95 * waist, waist, nose, nose, nose * 0.85])
        low = -t / 2 * np.array([0.8, 1, 1, 1, 1, 1, 0.8])
        if form == "wedge":
            low = low * np.linspace(0.6, 1.5, 7)
        elif form == "bulge":
            low = low * np.array([1.0, 1.4, 1.9, 1.3, 0.9, 0.8, 0.7])
        corner = np.stack([np.zeros(7), y, low], 1)
        ring = [
            (0, 0, low),
            (0.75, 0, low),
            (1, 0, low * 0.5),
            (1, 0, 0 * low + t * 0.35),
            (0.9, 0, 0 * low + t / 2),
            (-0.9, 0, 0 * low + t / 2),
            (-1, 0, 0 * low + t * 0.35),
            (-1, 0, low * 0.5),
            (-0.75, 0, low),
            (0, 0, low),
        ]
        skin = np.stack([np.stack([x, k * corner[:, 1], z], 1) for k, _, z in ring], 1)
        ends = [np.broadcast_to(skin[i].mean(axis=0), skin[:1].shape[:1] + skin.shape[1:]) for i in (0, -1)]
        b.sheet(np.concatenate([ends[0], skin, ends[1]]))
    z, single, wide = t / 2, b.maybe(0.65), w * b.u(0.62, 0.8) * min(waist, 1)
    top = length * 0.45
    if b.maybe(0.75):
        size = b.u(0.007, 0.011)
        _key(
            b,
            (top - size, b.pick(0, wide * 0.35, -wide * 0.35), z),
            (size, size, 0.003),
            True,
            body,
            POWER_BUTTON,
        )
        top -= 2.4 * size
    if b.maybe(0.12):
        b.part(*DISPLAY, inside=body)
        b.box((length * 0.16, w * 0.7, 0.005), (top - length * 0.09, 0, z))
        top -= length * 0.2
    low = -length * b.pick(b.u(0.1, 0.3), b.u(0.36, 0.45))
    navigation = b.maybe(0.65)
    r = min(wide * b.u(0.36, 0.5), 0.022)
    middle = b.u(low + r, top - r) if top - low > 2.5 * r else (top + low) / 2
    if navigation:
        b.part(
            "navigation ring",
            "button",
            "arrow keys",
            "what to press",
            inside=body,
            joint=presses((0, 0, -1), 0.002),
        )
        b.lathe([(r, -0.001), (r, 0.003), (r * 0.6, 0.0035), (r * 0.55, -0.001)], (middle, 0, z))
        _key(b, (middle, 0, z), (r, r, 0.0035), True, body, ("ok button", *BUTTON, "middle button"))
        spans = [(middle + r + 0.003, top), (low, middle - r - 0.003)]
    else:
        spans = [(low, top)]
    for x0, x1 in spans:
        if x1 - x0 < 0.012:
            continue
        if x1 - x0 > 0.05 and b.maybe(0.4):
            for s in (1, -1):
                b.part(
                    "rocker",
                    "volume button",
                    *BUTTON[:1],
                    "what to press",
                    inside=body,
                    joint=presses((0, 0, -1), 0.002),
                )
                b.box((0.024, wide * 0.25, 0.006), (x1 - 0.015, s * wide * 0.33, z), round=0.6)
            x1 -= 0.032
        _block(b, x0, x1, wide, z, body, single)
    if b.maybe(0.25):
        b.part("battery cover", "cover", "lid", "back cover", inside=body, joint=slides((-1, 0, 0), 0.05))
        deep = t * (0.95 if form == "bulge" else 0.5)
        b.box((length * 0.35, w * 0.7, 0.004), (-length * 0.22, 0, -deep - 0.001), round=0.2)
