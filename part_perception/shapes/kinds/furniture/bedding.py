"""Bedding: mattresses, pillows and blankets as they lie on beds, and the boards at a bed's ends. The head is at -x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder

MATTRESS = ("mattress", "where to lie", "where to sleep")
PILLOW = ("pillow", "cushion", "where to put the head")
BLANKET = ("blanket", "duvet", "bed cover", "cover")
HEADBOARD = ("headboard", "head end", "board at the head")
FOOTBOARD = ("footboard", "foot end", "board at the feet")


def bed_end(b: Builder, x: float, w: float, low: float, high: float, names, form: str) -> None:
    """A part: a board, bars, an arch or a padded panel across the bed's end, between two heights."""
    b.part(*names)
    t, k = b.u(0.02, 0.05), b.u(0.03, 0.06)
    if form == "pad":
        t = b.u(0.05, 0.14)
        b.box((t, w, high - low), (x, 0, (low + high) / 2), round=b.u(0.2, 0.9))
        return
    if form == "board":
        b.box((t, w, high - low), (x, 0, (low + high) / 2), round=b.pick(0, 0.4))
        return
    if form == "arch":
        _arch(b, x, w - 2 * k, low, high, t)
        high -= (high - low) * 0.2
    for s in (1, -1):
        b.box((k, k, high), (x, s * (w - k) / 2, high / 2))
    if form == "arch":
        return
    for z in (low + 0.03, high - 0.03):
        b.box((t, w - 2 * k, 0.06), (x, 0, z))
    if form == "bars":
        for y in np.linspace(-0.42, 0.42, b.n(4, 9)) * w:
            b.box((t * 0.5, b.u(0.015, 0.04), high - low - 0.1), (x, y, (low + high) / 2))
    else:
        b.box((t * 0.5, w - 2 * k, high - low - 0.1), (x, 0, (low + high) / 2))


def _arch(b: Builder, x: float, w: float, low: float, high: float, t: float) -> None:
    """A board whose upper edge is arched or stepped."""
    shoulder = low + (high - low) * b.u(0.55, 0.85)
    turn = np.linspace(0, np.pi, 9)
    wide = b.u(0.6, 1.0) * w / 2
    top = [(wide * np.cos(a), shoulder + (high - shoulder) * np.sin(a) ** 0.7) for a in turn]
    b.extrude([(-w / 2, low), (w / 2, low), (w / 2, shoulder), *top, (-w / 2, shoulder)], t, (x, 0, 0), "yz")


def bedding(
    b: Builder, w: float, d: float, z: float, made: bool = True, thick: tuple[float, float] = (0.08, 0.25)
) -> None:
    """Parts: a mattress whose underside is at z, pillows, and a blanket: a slab or a cloth that hangs over."""
    m, high = b.u(*thick), 0.0
    b.part(*MATTRESS)
    b.box((d, w, m), (0, 0, z + m / 2), round=b.u(0.2, 0.6))
    if not made:
        return
    cover = b.pick("", "slab", "cloth", "cloth", "cloth")
    start = -d / 2 + d * b.pick(b.u(0.16, 0.35), b.u(0.25, 0.5), b.u(0.0, 0.05))
    if cover == "cloth":
        high = b.u(0.01, 0.06)
        blanket(b, w, d, z + m, start, m * b.u(0.3, 1.0) if b.maybe() else m + b.u(0.0, 0.75) * z, high)
    elif cover:
        b.part(*BLANKET)
        long, t = d / 2 - max(start, -0.2 * d), b.u(0.03, 0.08)
        b.box((long, w + 0.02, t), (d / 2 - long / 2 + 0.01, 0, z + m + t * 0.3), round=0.7)
    _pillows(b, w, d, z + m + (high if start < 0.1 - d / 2 else 0.0))


def blanket(b: Builder, w: float, d: float, z: float, start: float, drop: float, high: float) -> None:
    """A part: a cloth over a mattress whose top is at z, from x = start to beyond the foot, hanging down by `drop`.

    high: how thick it lies on the mattress.
    """
    b.part(*BLANKET)
    out, flare, tucked, end = b.u(0.008, 0.03), b.u(0.0, 0.25) * drop, b.maybe(0.3), d / 2
    x = np.array(
        [start, start + 0.03, *np.linspace(start + 0.06, end - 0.05, 7), end, end + out, end + out + flare]
    )
    foot = np.array([*[np.inf] * 9, z + high * 0.6, z - 0.03, z - drop])
    if tucked:  # ends at the foot's edge
        x, foot = x[:-1], foot[:-1]
    side = w / 2 + out
    y = np.array([side + flare, side, side, w / 2 - 0.03, *np.linspace(0.3, -0.3, 4) * w, 0.03 - w / 2, -side, -side,
                  -side - flare])  # fmt: skip
    top = np.array([z - drop, z - drop * 0.4, z - 0.02, z + high, *[z + high] * 4, z + high, z - 0.02, z - drop * 0.4,
                    z - drop])  # fmt: skip
    height = np.broadcast_to(top, (len(x), len(y))).copy()
    wave, phase = b.u(0.0, 0.015), b.rng.uniform(0, 6.3, 2)
    height[:, 3:-3] += wave * np.sin(9 * x[:, None] + phase[0]) * np.cos(7 * y[3:-3] + phase[1])
    sway = 1 + wave * np.sin(14 * x + phase[0])[:, None] * (np.abs(y) > w / 2)
    height = np.minimum(height, foot[:, None])
    height[0] = np.minimum(height[0], z - 0.002)  # the edge towards the head
    b.sheet(np.stack([np.broadcast_to(x[:, None], height.shape), y * sway, height], axis=2))
    if high > 0.02 and b.maybe(0.35):  # turned down
        long = b.u(0.1, 0.3)
        b.box((long, w + 2.2 * out, high), (start + long / 2, 0, z + high * 1.2), round=0.8)


def _pillows(b: Builder, w: float, d: float, z: float) -> None:
    """Parts: pillows at the head, on a surface at z: side by side, one, or in rows that lean on the headboard."""
    count, rows = (1 if w < 1.2 else 2), b.pick(1, 1, 1, 2)
    leaning = rows == 2 or b.maybe(0.2)
    long, tall, soft = b.u(0.28, 0.45), b.u(0.08, 0.18), b.u(0.4, 0.8)
    wide = w / count * b.u(0.65, 0.9)
    flat = b.maybe(0.3)
    for row in range(rows):
        for k in range(count):
            b.part(*PILLOW)
            at = (
                0.03 + long / 2 - d / 2 + row * tall * 0.9,
                (k - (count - 1) / 2) * w / count,
                z + tall * 0.4,
            )
            if leaning and row < 2:
                at = (0.06 + tall * (0.6 + row) - d / 2, at[1], z + long * 0.42)
            with b.moved(at, pitch=-b.u(0.9, 1.3) if leaning else b.u(-0.1, 0.1)):
                if flat:
                    b.box((long, wide, tall * 0.8), round=0.9)
                else:
                    b.blob((long, wide, tall), e1=soft + 0.2, e2=soft)
