"""Machine controls: knobs, buttons, displays and the panels that hold them. They face +x."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from part_perception.shapes.builder import Builder, presses, turns
from part_perception.shapes.lexicon import BUTTON, CONTROL_KNOB, CONTROL_PANEL, DISPLAY


@dataclass(frozen=True)
class Field:
    """A rectangle on a front: its centre (y, z), its width and its height."""

    y: float
    z: float
    wide: float
    tall: float

    @classmethod
    def between(cls, y0: float, y1: float, z0: float, z1: float) -> Field:
        return cls((y0 + y1) / 2, (z0 + z1) / 2, y1 - y0, z1 - z0)

    def smaller(self, by: float) -> Field:
        """The same rectangle with its edges moved inward."""
        return Field(self.y, self.z, self.wide - 2 * by, self.tall - 2 * by)

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """The lower and upper ends in y, then in z."""
        return (
            self.y - self.wide / 2,
            self.y + self.wide / 2,
            self.z - self.tall / 2,
            self.z + self.tall / 2,
        )


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

    content: any of 'display', 'knobs', 'buttons', 'keys', in order; one of the usual sets when omitted.
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
    """One stretch of a control panel: place = (x, centre along the longer side, its length, the panel's width)."""
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
