"""Fronts: drawers, hinged doors, flaps and sliding doors with their handles, shut or opened to any degree."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides, turns
from part_perception.shapes.kinds.furniture.handles import FrontStyle, front_style, handle
from part_perception.shapes.lexicon import (
    CABINET_DOOR,
    DRAWER_BOX,
    DRAWER_FRONT,
    FLAP,
    GLASS_PANEL,
    HINGE,
    PULL,
    SLIDING_DOOR,
)

WIDE = 0.75


def board_frame(b: Builder, w: float, h: float, t: float, k: float, x: float = 0.0) -> None:
    """Four boards of width k around an opening, w by h outside, from x to x + t."""
    for s in (1, -1):
        b.box((t, k, h), (x + t / 2, s * (w - k) / 2, 0))
        b.box((t, w - 2 * k, k), (x + t / 2, 0, s * (h - k) / 2))


def slab(
    b: Builder, style: FrontStyle, w: float, h: float, part: int, glass: bool = False, grip=None
) -> None:
    """The leaf of a front, its back at x = 0. grip: the place of a recessed handle (y, z, width, height)."""
    t, k = style.thickness, min(0.085, 0.24 * min(w, h)) * b.u(0.6, 1.0)
    if glass:
        board_frame(b, w, h, t, k)
        for y in np.linspace(-0.5, 0.5, b.n(3, 4))[1:-1] if b.maybe(0.2) else ():
            b.box((t, k * 0.4, h - 2 * k), (t / 2, y * (w - 2 * k), 0))
        b.part(*GLASS_PANEL, inside=part)
        b.box((0.005, w - 2 * k, h - 2 * k), (t * 0.45, 0, 0))
    elif grip is not None:
        _with_recess(b, w, h, t, part, grip)
    elif style.relief == "frame" and min(w, h) > 0.12:
        board_frame(b, w, h, t, k)
        b.box((t * 0.5, w - 2 * k, h - 2 * k), (t * 0.3, 0, 0))
    elif style.relief == "planks" and w > 0.2:
        for y in (np.arange(n := max(2, round(w / 0.1))) - (n - 1) / 2) * w / n:
            b.box((t, w / n - 0.004, h), (t / 2, y, 0))
        for z in (-0.38, 0.38) if h > 0.3 else ():
            b.box((t * 0.6, w * 0.96, 0.06), (t * 1.25, 0, z * h))
    else:
        b.box((t, w, h), (t / 2, 0, 0), round=style.soft)
        if style.relief == "panel" and min(w, h) > 0.1:
            b.box((0.012, w - 2 * k, h - 2 * k), (t, 0, 0), round=0.5)


def _with_recess(b: Builder, w: float, h: float, t: float, part: int, grip) -> None:
    y, z, gw, gh = grip
    for s in (1, -1):
        side = w / 2 - s * y - gw / 2
        b.box((t, side, h), (t / 2, s * (w / 2 - side / 2), 0))
        rest = h / 2 - s * z - gh / 2
        b.box((t, gw, rest), (t / 2, y, s * (h / 2 - rest / 2)))
    b.part("recessed handle", *PULL, inside=part)
    b.box((0.003, gw, gh), (0.0015, y, z))
    with b.moved((t - 0.001, y, z)):
        board_frame(b, gw + 0.012, gh + 0.012, 0.003, 0.007)


def _recess(style: FrontStyle, at, w: float, h: float, upright: bool):
    """The place of a recessed handle, well within the front."""
    if style.handle != "recess" or min(w, h) < 0.09:
        return None
    size = (0.035, min(0.12, 0.5 * h)) if upright else (min(0.14, 0.5 * w), 0.035)
    room = np.maximum((np.array((w, h)) - size) / 2 - 0.012, 0)
    return (*np.clip(at, -room, room), *size)


def drawer(
    b: Builder, at, w: float, h: float, depth: float, out: float, style: FrontStyle | None = None
) -> int:
    """A drawer whose front's back is centred at `at` when shut, pulled out by `out`. Returns its part."""
    style = style or front_style(b)
    x, y, z = at
    t, edge = style.thickness, style.handle == "edge"
    up = h / 2 if edge else h * (0.28 if style.high and h > 0.12 else 0.0)
    with b.moved((x + out, y, z)):
        part = b.part(*DRAWER_FRONT, joint=slides((1, 0, 0), max(0.75 * depth, out), out))
        slab(b, style, w, h, part, grip=_recess(style, (0, up), w, h, False))
        if out > 0.02:
            _tray(b, part, w, h, min(0.92 * depth, max(out + 0.1, 0.6 * depth)))
        for s in (-0.27, 0.27) if w > WIDE and not edge and style.length < 0.3 * w else (0,):
            handle(b, style, (t, s * w, up), part, w / 2 if s else w)
    return part


def _tray(b: Builder, part: int, w: float, h: float, depth: float) -> None:
    """The box behind a drawer's front."""
    wide, t = w - b.u(0.03, 0.05), b.u(0.008, 0.016)
    tall = min(h * b.u(0.55, 0.85), 0.28)
    low = -h / 2 + 0.012
    b.part(*DRAWER_BOX, inside=part)
    for s in (1, -1):
        b.box((depth, t, tall), (-depth / 2, s * (wide - t) / 2, low + tall / 2))
    b.box((t, wide, tall), (-depth + t / 2, 0, low + tall / 2))
    b.box((depth, wide - 2 * t, 0.006), (-depth / 2, 0, low + 0.006))


def hinged_door(
    b: Builder, at, w: float, h: float, side: int, angle: float = 0.0, handle_up: float = 0.0,
    style: FrontStyle | None = None, glass: bool = False,
) -> int:  # fmt: skip
    """A door whose back is centred at `at` when shut, hinged at side * y, opened by an angle. Returns its part."""
    style = style or front_style(b)
    x, y, z = at
    t = style.thickness
    with b.moved((x, y + side * w / 2, z), yaw=side * angle):
        part = b.part(*CABINET_DOOR, joint=turns((0, 0, side), angle=2.0, now=angle))
        with b.moved((0, -side * w / 2, 0)):
            inset = 0.0 if style.handle == "edge" else min(b.u(0.025, 0.05), w * 0.25)
            grip = _recess(style, (-side * (w / 2 - 0.04), handle_up * h), w, h, True)
            slab(b, style, w, h, part, glass, None if glass else grip)
            upright = side if style.handle != "strip" or b.maybe() else 0
            if style.handle in ("knob", "ring", "cup") or upright:
                handle(b, style, (t, -side * (w / 2 - inset), handle_up * h), part, h * 0.6, side)
            else:
                handle(b, style, (t, 0, handle_up * h), part, w)
        for q in (-0.36, 0.36) if b.maybe(0.15) else ():
            b.part(*HINGE, inside=part)
            b.rod((t, side * 0.003, h * q - 0.03), (t, side * 0.003, h * q + 0.03), 0.006)
    return part


def flap(
    b: Builder, at, w: float, h: float, side: int, angle: float = 0.0, style: FrontStyle | None = None,
    glass: bool = False, names=FLAP,
) -> int:  # fmt: skip
    """A front hinged at its upper (side = 1) or lower (-1) edge, its back centred at `at` when shut."""
    style = style or front_style(b)
    x, y, z = at
    with b.moved((x, y, z + side * h / 2), pitch=-side * angle):
        part = b.part(*names, joint=turns((0, -side, 0), angle=1.6, now=angle))
        with b.moved((0, 0, -side * h / 2)):
            up = -side * h * (0.5 if style.handle == "edge" and side < 0 else 0.36)
            grip = _recess(style, (0, up), w, h, False)
            slab(b, style, w, h, part, glass, None if glass else grip)
            handle(b, style, (style.thickness, 0, up), part, w)
    return part


def sliding_doors(
    b: Builder, at, w: float, h: float, count: int, style: FrontStyle, shifts, glass: bool = False
) -> None:
    """Doors that run behind each other on two tracks; shifts: how far each is open (a share of its width)."""
    x, y, z = at
    wide = w / count + 0.025 * (count > 1)
    for k, shift in enumerate(shifts):
        inner = -1 if k < count / 2 else 1
        middle = y + (0.5 - (k + 0.5) / count) * (w - wide) * count / max(count - 1, 1)
        reach = 0.9 * w / count
        with b.moved((x + (k % 2) * (style.thickness + 0.006), middle + inner * shift * reach, z)):
            part = b.part(*SLIDING_DOOR, joint=slides((0, inner, 0), reach, shift * reach))
            at_edge = -inner * (wide / 2 - 0.045)
            grip = _recess(style, (at_edge, 0), wide, h, True)
            slab(b, style, wide, h, part, glass, None if glass else grip)
            if b.maybe(0.8):
                handle(b, style, (style.thickness, at_edge, 0), part, h * 0.6, inner)
