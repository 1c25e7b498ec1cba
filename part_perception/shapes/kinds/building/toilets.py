"""Toilets, bidets and urinals. Their backs are to the wall, they face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, lifts, presses, turns
from part_perception.shapes.forms import loft
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import push_button
from part_perception.shapes.kinds.building.plumbing import mixer
from part_perception.shapes.lexicon import FLUSH_BUTTON, HINGE, LID, SEAT

BOWL = ("bowl", "toilet bowl", "basin", "body")
CISTERN = ("tank", "cistern", "water tank", "where the water is")
FLUSH_LEVER = ("flush lever", "lever", "handle", "what to push to flush")


def _oval(d: float, w: float, count: int = 33, egg: float = 0.15) -> np.ndarray:
    """A rim outline around its centre, more pointed in front."""
    turn = np.linspace(0, 2 * np.pi, count)
    x, y = np.cos(turn), np.sin(turn)
    return np.stack([d / 2 * x, w / 2 * y * (1 - egg * x)], 1)


def _skin(b: Builder, rows, egg: float) -> None:
    """A skin over egg-shaped sections (length, width, height, shift of the centre in x)."""
    grid = []
    for d, w, z, shift in rows:
        outline = _oval(d, w, egg=egg) + (shift, 0)
        grid.append(np.concatenate([outline, np.full((len(outline), 1), z)], axis=1))
    b.grid(np.stack(grid))


def _leaf(b: Builder, d: float, w: float, t: float, egg: float, hole: float) -> None:
    """A seat (with a hole) or a lid whose back edge is at x = 0."""
    at = d / 2
    inner = (d * hole, w * hole, t, at + d * 0.03)
    rows = [(d * 0.98, w * 0.98, 0, at), (d, w, t * 0.5, at), (d * 0.97, w * 0.97, t, at)]
    if hole:
        rows = [(*inner[:2], 0, inner[3]), *rows, inner, (*inner[:2], 0, inner[3])]
    else:
        rows = [(0, 0, 0, at), *rows, (0, 0, t * 1.2, at)]
    _skin(b, rows, egg)


@kind("toilet", "water closet", "lavatory", "toilet bowl", front=True)
def toilet(b: Builder) -> None:
    w, d, z, egg = b.u(0.34, 0.4), b.u(0.42, 0.54), b.u(0.37, 0.46), b.u(0.02, 0.22)
    form = b.pick("close", "close", "one piece", "wall", "high")
    bowl = b.part(*BOWL)
    low = 0.0 if form != "wall" else z * b.u(0.2, 0.35)
    foot, narrow = b.u(0.5, 0.85), b.u(0.45, 0.9)
    side = [
        (d * foot, w * narrow, low, -d * 0.08),
        (d * foot * 0.95, w * narrow * 0.95, low + (z - low) * 0.35, -d * 0.07),
        (d * 0.86, w * 0.86, low + (z - low) * 0.7, -d * 0.02),
        (d, w, z - 0.03, 0),
        (d, w, z, 0),
    ]
    inside = [
        (d * 0.76, w * 0.76, z, 0),
        (d * 0.6, w * 0.62, z * 0.72, 0),
        (d * 0.25, w * 0.3, z * 0.5, 0),
        (0, 0, z * 0.48, 0),
    ]
    _skin(b, [(0, 0, low, -d * 0.08), *side, *inside], egg)
    back = -d / 2
    rear = b.u(0.05, 0.12)
    tall = z - low
    b.box(
        (rear + d * 0.3, w * b.u(0.6, 0.98), tall * 0.98),
        (back - rear / 2 + d * 0.12, 0, low + tall * 0.49),
        round=0.15,
    )
    hinge_x, gap = back + 0.02, 0.003
    seat_up = b.pick(0.0, 0.0, 0.0, b.u(1.4, 1.75))
    lid_up = max(seat_up + 0.05 if seat_up else 0.0, b.pick(0.0, 0.0, b.u(0.3, 1.2), b.u(1.4, 1.8)))
    long, thick = d * 1.0 - 0.02, b.u(0.015, 0.03)
    with b.moved((hinge_x, 0, z + gap), pitch=-seat_up):
        b.part(*SEAT, "toilet seat", joint=turns((0, -1, 0), angle=1.8, now=seat_up))
        _leaf(b, long, w * 1.02, thick, egg, b.u(0.58, 0.68))
    if b.maybe(0.88):
        with b.moved((hinge_x - 0.005, 0, z + gap + thick + 0.004), pitch=-lid_up):
            b.part(*LID, "toilet lid", "seat cover", joint=turns((0, -1, 0), angle=1.8, now=lid_up))
            _leaf(b, long * b.u(0.98, 1.02), w * b.u(0.98, 1.05), b.u(0.012, 0.03), egg, 0.0)
    if b.maybe(0.4):
        for s in (1, -1):
            b.part(*HINGE)
            b.rod(
                (hinge_x - 0.006, s * w * 0.18 - 0.015, z + thick),
                (hinge_x - 0.006, s * w * 0.18 + 0.015, z + thick),
                0.011,
            )
    if form == "wall":
        if b.maybe(0.6):
            with b.moved((back - rear, 0, z + b.u(0.3, 0.6))):
                plate = b.part("flush plate", "plate", "panel", "where the flush buttons are")
                b.box((0.012, b.u(0.2, 0.26), b.u(0.13, 0.17)), (0.006, 0, 0), round=0.2)
                for s in (1, -1):
                    push_button(b, (0.012, s * 0.045, 0), 0.075 if s > 0 else 0.06, 0.09, plate, FLUSH_BUTTON)
        return
    _tank(b, form, (back - rear, z, w), bowl)


def _tank(b: Builder, form: str, at, bowl: int) -> None:
    x, z, w = at
    deep, wide, tall = b.u(0.14, 0.2), w * b.u(0.9, 1.3), b.u(0.28, 0.42)
    base = z - 0.02 if form != "high" else z + b.u(0.25, 0.9)
    x -= deep / 2 - 0.03
    tank = b.part(*CISTERN, inside=bowl if form == "one piece" else -1)
    k = b.u(0.5, 1.0)
    narrow = b.u(0.82, 1.0)
    loft(
        b,
        [
            (0, 0, base),
            (deep / 2 * narrow, wide / 2 * narrow, base),
            (deep / 2, wide / 2, base + tall),
            (0, 0, base + tall),
        ],
        k,
        at=(x, 0, 0),
    )
    b.part("tank lid", "lid", "top", "tank cover", joint=lifts())
    grow, thick = b.u(1.0, 1.06), b.u(0.015, 0.04)
    loft(
        b,
        [
            (0, 0, 0),
            (deep / 2 * grow, wide / 2 * grow, 0),
            (deep / 2 * grow, wide / 2 * grow, thick * 0.7),
            (deep / 2 * 0.9, wide / 2 * 0.93, thick),
            (0, 0, thick),
        ],
        k,
        at=(x, 0, base + tall + 0.001),
    )
    top = base + tall + thick
    if form == "high":
        b.part("pipe", "flush pipe", "tube", "where it flows")
        b.rod((x + deep * 0.3, 0, z - 0.05), (x + deep * 0.3, 0, base + 0.01), 0.02)
        if b.maybe(0.6):
            b.part("pull chain", "chain", "handle", "what to pull to flush")
            y = wide * 0.42
            b.rod((x, y, base + tall * 0.4 - b.u(0.3, 0.6)), (x, y, base + tall * 0.5), 0.003, sides=6)
            b.blob((0.025, 0.025, 0.06), (x, y, base - b.u(0.1, 0.3)))
            return
    way = b.pick("top", "top", "double", "lever", "lever", "side")
    if way in ("top", "double"):
        for y in (0.0,) if way == "top" else (-0.022, 0.022):
            b.part(*FLUSH_BUTTON, joint=presses((0, 0, -1), 0.01))
            r = b.u(0.02, 0.03) if way == "top" else 0.02
            b.rod((x, y, top - 0.003), (x, y, top + b.u(0.004, 0.01)), r)
        return
    s = b.pick(1, -1)
    z = base + tall * b.u(0.72, 0.85)
    if way == "lever":
        b.part(*FLUSH_LEVER, inside=tank, joint=turns((s, 0, 0), (0, s * wide * 0.36, z), 0.5))
        b.rod((x + deep / 2 - 0.01, s * wide * 0.36, z), (x + deep / 2 + 0.02, s * wide * 0.36, z), 0.012)
        front = x + deep / 2 + 0.018
        b.tube(
            [
                (front, s * wide * 0.36, z),
                (front + 0.004, s * wide * 0.25, z),
                (front, s * wide * 0.16, z - 0.008),
            ],
            (0.008, 0.007, 0.01),
            flat=0.6,
        )
    else:
        b.part(*FLUSH_LEVER, joint=turns((0, 1, 0), (x, 0, z), 0.6))
        b.rod((x, s * wide / 2 - 0.01, z), (x, s * (wide / 2 + 0.025), z), 0.01)
        b.tube([(x, s * (wide / 2 + 0.02), z), (x + 0.06, s * (wide / 2 + 0.022), z - 0.004)], 0.008)


@kind("bidet", "wash toilet", front=True)
def bidet(b: Builder) -> None:
    w, d, z, egg = b.u(0.34, 0.4), b.u(0.48, 0.58), b.u(0.36, 0.42), b.u(0.02, 0.2)
    b.part(*BOWL)
    narrow = b.u(0.5, 0.9)
    _skin(
        b,
        [
            (0, 0, 0, 0),
            (d * 0.6, w * narrow, 0, -d * 0.06),
            (d * 0.6, w * narrow, z * 0.4, -d * 0.06),
            (d * 0.95, w * 0.95, z * 0.85, 0),
            (d, w, z, 0),
            (d * 0.8, w * 0.8, z, 0.02),
            (d * 0.6, w * 0.65, z * 0.75, 0.02),
            (0, 0, z * 0.65, 0.02),
        ],
        egg,
    )
    b.box((d * 0.25, w * 0.9, z * 0.97), (-d * 0.45, 0, z * 0.485), round=0.2)
    with b.moved((-d * 0.42, 0, z)):
        mixer(b, b.part("faucet", "tap", "water tap", "mixer tap"))
