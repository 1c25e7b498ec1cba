"""Machine fronts: housings with cavities, doors that open, handles and control panels. Fronts face +x at x = 0."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.joints import Joint, presses, turns
from part_perception.shapes.lexicon import (
    BUTTON,
    CONTROL_KNOB,
    CONTROL_PANEL,
    DISPLAY,
    DOOR,
    FOOT,
    GLASS,
    HOUSING,
    INTERIOR,
    PULL,
)

HANDLE_FORMS = ("bar", "bar", "bow", "square", "strip", "recess")


@dataclass(frozen=True)
class Field:
    """A rectangle on a front: its middle (y, z), its width and its height."""

    y: float
    z: float
    wide: float
    tall: float

    @classmethod
    def between(cls, y0: float, y1: float, z0: float, z1: float) -> Field:
        return cls((y0 + y1) / 2, (z0 + z1) / 2, y1 - y0, z1 - z0)

    def smaller(self, by: float) -> Field:
        """The same rectangle with its edges moved in."""
        return Field(self.y, self.z, self.wide - 2 * by, self.tall - 2 * by)

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """y from and to, z from and to."""
        return (
            self.y - self.wide / 2,
            self.y + self.wide / 2,
            self.z - self.tall / 2,
            self.z + self.tall / 2,
        )


def housing(b: Builder, front: Field, deep: float, cavities=(), names=HOUSING, round: float = 0.0) -> int:
    """A part: the body behind a front, solid but for its cavities [(field, depth), ...], which open forwards."""
    body = b.part(*names)
    if not cavities:
        b.box((deep, front.wide, front.tall), (-deep / 2, front.y, front.z), round=round)
        return body
    y0, y1, z0, z1 = front.ends
    levels = sorted({z0, z1, *(z for c, _ in cavities for z in c.ends[2:])})
    for low, high in zip(levels[:-1], levels[1:], strict=True):
        at, across = y0, [(c, k) for c, k in cavities if c.ends[2] < (low + high) / 2 < c.ends[3]]
        for c, k in sorted(across, key=lambda pair: pair[0].y):
            _block(b, at, c.ends[0], low, high, 0.0, deep)
            _block(b, c.ends[0], c.ends[1], low, high, k, deep)
            at = c.ends[1]
        _block(b, at, y1, low, high, 0.0, deep)
    return body


def _block(b: Builder, y0, y1, z0, z1, front: float, back: float) -> None:
    if y1 - y0 > 1e-6 and z1 - z0 > 1e-6 and back - front > 1e-6:
        b.box((back - front, y1 - y0, z1 - z0), (-(front + back) / 2, (y0 + y1) / 2, (z0 + z1) / 2))


def lining(b: Builder, cavity: Field, deep: float, inside: int = -1, names=INTERIOR) -> int:
    """A part: the walls of a cavity, as one sees them through the open door."""
    part = b.part(*names, inside=inside)
    y0, y1, z0, z1 = cavity.smaller(0.001).ends
    ring = np.array([(y0, z0), (y1, z0), (y1, z1), (y0, z1), (y0, z0)])
    middle = np.broadcast_to(ring[:4].mean(axis=0), ring.shape)
    rows = [(ring, -0.001), (ring, -deep + 0.001), (middle, -deep + 0.001)]
    b.sheet(np.stack([np.concatenate([np.full((5, 1), x), yz], axis=1) for yz, x in rows]))
    return part


@contextmanager
def hung(b: Builder, field: Field, hinge: str, angle: float, x: float = 0.0, most: float = 2.0):
    """Within the block, the origin is the middle of a leaf that turns about the edge '+y', '-y', 'low' or 'top'.

    Yields the leaf's joint.
    """
    half_y, half_z = field.wide / 2, field.tall / 2
    edge = {"+y": (half_y, 0), "-y": (-half_y, 0), "low": (0, -half_z), "top": (0, half_z)}[hinge]
    axis = {"+y": (0, 0, 1), "-y": (0, 0, -1), "low": (0, 1, 0), "top": (0, -1, 0)}[hinge]
    at = (x, field.y + edge[0], field.z + edge[1])
    with b.moved(at, pitch=axis[1] * angle, yaw=axis[2] * angle), b.moved((0, -edge[0], -edge[1])):
        yield turns(axis, (0, *edge), max(most, angle), angle)


def leaf(
    b: Builder, wide: float, tall: float, thick: float, joint: Joint, window: Field | None = None, names=DOOR
) -> int:
    """A part: a door leaf about the origin; and its window, proud of the leaf or set into it."""
    part = b.part(*names, joint=joint)
    if window is None:
        b.box((thick, wide, tall), (thick / 2, 0, 0), round=b.pick(0.0, 0.3, 0.8))
        return part
    proud = b.maybe(0.5) or thick < 0.012
    if proud:
        b.box((thick, wide, tall), (thick / 2, 0, 0), round=b.pick(0.0, 0.3, 0.8))
    else:
        y0, y1, z0, z1 = window.ends
        for low, high, left, right in (
            (-wide / 2, y0, -tall / 2, tall / 2),
            (y1, wide / 2, -tall / 2, tall / 2),
            (y0, y1, -tall / 2, z0),
            (y0, y1, z1, tall / 2),
        ):
            b.box((thick, high - low, right - left), (thick / 2, (low + high) / 2, (left + right) / 2))
    b.part(*GLASS, inside=part)
    x = thick + 0.001 if proud else thick - b.u(0.004, 0.01)
    b.box((0.006, window.wide, window.tall), (x, window.y, window.z), round=b.pick(0, 0.5))
    return part


def handle(b: Builder, at, upright: bool, span: float, inside: int, form: str = "", names=PULL) -> None:
    """A part: what a leaf is opened by, at a point of its face."""
    form = form or b.pick(*HANDLE_FORMS)
    reach, r, half = b.u(0.025, 0.055), b.u(0.005, 0.012), span / 2
    b.part(*names, inside=inside)
    with b.moved(at, roll=np.pi / 2 if upright else 0.0):
        if form == "bar":
            b.rod((reach, -half, 0), (reach, half, 0), r)
            for s in (1, -1):
                b.rod((-0.001, s * half * 0.85, 0), (reach, s * half * 0.85, 0), r * 0.8)
        elif form == "bow":
            turn = np.linspace(-1, 1, 9)
            b.tube(
                np.stack([reach * (1 - np.abs(turn) ** 2.5), half * turn, 0 * turn], 1), r, flat=b.u(0.8, 1.8)
            )
        elif form == "square":
            b.tube(
                [(0, -half, 0), (reach, -half, 0), (reach, half, 0), (0, half, 0)],
                r,
                flat=b.u(0.8, 2),
                smooth=False,
            )
        elif form == "strip":
            b.box((b.u(0.012, 0.03), span, b.u(0.01, 0.025)), (0.008, 0, 0), round=b.u(0, 0.6))
        elif form == "knob":
            k = b.u(0.012, 0.02)
            with b.moved(pitch=np.pi / 2):
                b.lathe([(k * 0.5, -0.001), (k * 0.5, k), (k, k * 1.4), (k * 0.8, k * 2), (0, k * 2.1)])
        else:
            deep, tall = b.u(0.005, 0.012), b.u(0.03, 0.05)
            for s in (1, -1):
                b.box((deep, span, 0.006), (deep / 2, 0, s * tall / 2))
                b.box((deep, 0.006, tall), (deep / 2, s * half, 0))
            b.box((0.003, span, tall), (0.001, 0, 0))


def dial(b: Builder, at, r: float, inside: int = -1, names=CONTROL_KNOB) -> None:
    """A part: a round control knob on a front, facing +x."""
    form, h = b.pick("plain", "ridge", "skirt", "dome"), r * b.u(0.7, 1.2)
    with b.moved(at, pitch=np.pi / 2):
        b.part(*names, inside=inside, joint=turns((0, 0, 1), angle=4.7))
        if form == "skirt":
            b.lathe(
                [
                    (r, -0.001),
                    (r, h * 0.25),
                    (r * 0.72, h * 0.32),
                    (r * 0.66, h),
                    (r * 0.55, h * 1.03),
                    (0, h * 1.03),
                ]
            )
        elif form == "dome":
            b.lathe([(r * 0.95, -0.001), (r, h * 0.5), (r * 0.8, h * 0.85), (r * 0.4, h), (0, h * 1.04)])
        else:
            b.lathe([(r, -0.001), (r * 0.97, h * 0.9), (r * 0.88, h), (0, h)])
        if form == "ridge":
            with b.moved(yaw=b.u(-1.2, 1.2)):
                b.box((r * 1.9, r * 0.36, h * 0.5), (0, 0, h * 1.1), round=0.3)


def push_button(b: Builder, at, wide: float, tall: float, inside: int = -1, names=BUTTON) -> None:
    """A part: a button on a front, facing +x; round when it is as wide as tall."""
    b.part(*names, inside=inside, joint=presses((-1, 0, 0)))
    x, y, z = at
    proud = b.u(0.003, 0.007)
    if abs(wide - tall) < 1e-9:
        b.rod((x - 0.002, y, z), (x + proud, y, z), wide / 2)
    else:
        b.box((proud + 0.002, wide, tall), (x + (proud - 0.002) / 2, y, z), round=b.u(0.1, 0.6))


def display(b: Builder, at, wide: float, tall: float, inside: int = -1, names=DISPLAY) -> None:
    """A part: a display on a front, raised or with a raised rim."""
    b.part(*names, inside=inside)
    x, y, z = at
    if b.maybe(0.6):
        b.box((0.006, wide, tall), (x, y, z), round=b.pick(0, 0.5))
        return
    b.box((0.002, wide, tall), (x + 0.0005, y, z))
    for s in (1, -1):
        b.box((0.006, wide, 0.004), (x + 0.002, y, z + s * tall / 2))
        b.box((0.006, 0.004, tall), (x + 0.002, y + s * wide / 2, z))


def control_panel(
    b: Builder, field: Field, proud: float, inside: int = -1, x: float = 0.0, content=()
) -> int:
    """Parts: a panel over a field of a front with knobs, buttons and a display along its longer side.

    content: any of 'display', 'knobs', 'buttons', 'keys', in order; left out, one of the usual sets.
    """
    panel = b.part(*CONTROL_PANEL, inside=inside)
    b.box(
        (proud + 0.004, field.wide, field.tall), (x + proud / 2 - 0.002, field.y, field.z), round=b.u(0, 0.3)
    )
    long, across = max(field.wide, field.tall), min(field.wide, field.tall)
    sets = (
        ("display", "keys"), ("display", "knobs"), ("knobs", "display", "buttons"), ("knobs",),
        ("buttons", "display"), ("display", "buttons", "knobs"), ("display", "knobs", "buttons"),
    )  # fmt: skip
    content = content or sets[b.n(0, len(sets) - 1)]
    share = np.array([{"display": 0.8, "knobs": 1.0, "buttons": 1.0, "keys": 1.9}[c] for c in content])
    edges = (np.cumsum([0, *share]) / share.sum() - 0.5) * long * 0.94
    flip = -1 if field.tall > field.wide else b.pick(1, -1)
    for c, low, high in zip(content, edges[:-1], edges[1:], strict=True):
        middle, run = flip * (low + high) / 2, (high - low) * 0.9
        _controls(b, c, field, (x + proud, middle, run, across), panel)
    return panel


def _controls(b: Builder, content: str, field: Field, place, panel: int) -> None:
    """One stretch of a control panel: place = (x, middle along the longer side, its run, the panel's width)."""
    x, middle, run, across = place
    upright = field.tall > field.wide

    def at(along: float, over: float):
        u, v = middle + along, over
        return (x, field.y + (v if upright else u), field.z + (u if upright else v))

    if content == "display":
        along, over = min(run * 0.85, across * 3), min(across * b.u(0.45, 0.75), 0.08)
        along = min(along, across * 0.55) if upright else along
        wide, tall = (min(across * 0.8, 0.2), along) if upright else (along, over)
        display(b, at(0, 0), wide, tall, panel)
    elif content == "knobs":
        r = min(across * b.u(0.28, 0.4), b.u(0.016, 0.03), run * 0.45)
        count = int(np.clip(run // (2.6 * r), 1, b.n(1, 6)))
        for k in range(count):
            dial(b, at((k - (count - 1) / 2) * run / count, 0), r, panel)
    elif content == "buttons":
        size = min(across * 0.3, b.u(0.009, 0.018), run * 0.6)
        count = int(np.clip(run // (1.6 * size), 1, b.n(1, 6)))
        wide = size if b.maybe(0.5) else min(size * 1.5, run / count * 0.8)
        for k in range(count):
            push_button(b, at((k - (count - 1) / 2) * run / count, 0), wide, size, panel)
    else:
        columns = b.n(2, 3) if upright else b.n(3, 6)
        rows = b.n(3, 5) if upright else 2
        gap_u = run / (rows if upright else columns)
        gap_v = across * 0.8 / (columns if upright else rows)
        wide, tall = (gap_v * 0.7, gap_u * 0.6) if upright else (gap_u * 0.6, gap_v * 0.7)
        wide, tall = min(wide, 0.03), min(tall, 0.022)
        for i in range(rows if upright else columns):
            for j in range(columns if upright else rows):
                u = (i - ((rows if upright else columns) - 1) / 2) * gap_u
                v = (j - ((columns if upright else rows) - 1) / 2) * gap_v
                push_button(b, at(u, v), wide, tall, panel)


def feet(b: Builder, wide: float, deep: float, high: float, y: float = 0.0) -> None:
    """Parts: four feet under a housing whose front is at x = 0, up to the height `high`."""
    r, square = b.u(0.008, 0.02), b.maybe(0.3)
    for x in (-0.12 * deep, -0.88 * deep):
        for s in (1, -1):
            b.part(*FOOT)
            if square:
                b.box((r * 2, r * 2, high), (x, y + s * wide * 0.42, high / 2))
            else:
                b.cone((x, y + s * wide * 0.42, 0), (x, y + s * wide * 0.42, high + 0.001), r * 0.85, r)


def rack(b: Builder, x: float, y: float, z: float, deep: float, wide: float, names, high: float = 0.0) -> int:
    """A part: a wire shelf, or with a height a wire basket, whose front edge is at x."""
    part = b.part(*names)
    r = 0.0035
    for top in (0.0, high) if high else (0.0,):
        ring = [(x, y - wide / 2), (x, y + wide / 2), (x - deep, y + wide / 2), (x - deep, y - wide / 2)]
        b.tube([(p, q, z + top) for p, q in [*ring, ring[0]]], r * 1.3, sides=6, smooth=False)
    for k in np.linspace(-0.5, 0.5, b.n(7, 12)) * wide * 0.94:
        path = [(x, y + k, z), (x - deep, y + k, z)]
        path = [(x, y + k, z + high), *path, (x - deep, y + k, z + high)] if high else path
        b.tube(path, r, sides=5, smooth=False)
    if high:
        for k in np.linspace(-0.5, 0.5, 6) * deep * 0.94:
            p = x - deep / 2 + k
            b.tube(
                [(p, y - wide / 2, z + high), (p, y - wide / 2, z), (p, y + wide / 2, z), (p, y + wide / 2, z + high)],
                r, sides=5, smooth=False,
            )  # fmt: skip
    return part


def opening_angle(b: Builder, chance: float, most: float) -> float:
    """How far a door stands open: often closed, else from ajar to its widest."""
    return b.u(0.12, most) if b.maybe(chance) else 0.0
