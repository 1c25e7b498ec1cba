"""Carcass: a case of boards, its columns of drawers, doors and open shelves, and its base.

The case's front is at x = 0, its back at -d, and y runs from -w / 2 to w / 2. Columns are given from +y to -y,
their cells from the top down; widths and heights are shares.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds.furniture.fronts import (
    board_frame,
    drawer,
    flap,
    hinged_door,
    sliding_doors,
)
from part_perception.shapes.kinds.furniture.handles import FrontStyle, front_style
from part_perception.shapes.lexicon import BACK_PANEL, CARCASS, CASTOR, FOOT, PLINTH, SHELF, SIDE_PANEL, TOP

Column = tuple[float, tuple[tuple[str, float], ...]]
FORMS = ("drawer", "door", "glass", "pair", "glass pair", "flap up", "flap down", "sliding", "sliding glass", "open",
         "blank")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A carcass from height z up.

    ajar: how likely a front is open; cover: how far a top board overhangs; roof: closed on top, which a case
    with a sink is not; face_frame: how much of a frame of boards shows around every front.
    """

    w: float
    d: float
    h: float
    columns: tuple[Column, ...]
    z: float = 0.0
    board: float = 0.018
    inset: bool = False
    boards_named: bool = False
    back: bool = True
    roof: bool = True
    cover: float | None = None
    ajar: float = 0.2
    handle_up: float = 0.0
    names: tuple[str, ...] = CARCASS
    cover_names: tuple[str, ...] = TOP
    style: FrontStyle | None = None
    shelves: tuple[int, int] = (0, 3)
    face_frame: float = 0.0


@dataclass(frozen=True)
class _Cell:
    form: str
    y: float
    z: float
    w: float
    h: float
    opened: tuple[float, ...] = field(default=(0.0,))

    @property
    def is_open(self) -> bool:
        return self.form == "open" or any(o > 0.02 for o in self.opened)


def _opened(b: Builder, form: str, d: float, w: float, h: float, ajar: float) -> tuple[float, ...]:
    """How far each leaf of a cell is open: metres, radians or a share."""
    leaves = {"pair": 2, "glass pair": 2, "sliding": b.pick(2, 2, 3), "sliding glass": 2}.get(form, 1)
    if form in ("open", "blank"):
        return (0.0,)
    most = {"drawer": (0.04, 0.75 * d), "sliding": (0.1, 1), "sliding glass": (0.1, 1)}.get(form, (0.15, 2.0))
    if form.startswith("flap"):
        most = (0.2, 1.55)
    return tuple(b.u(*most) if b.maybe(ajar) else 0.0 for _ in range(leaves))


def _cells(b: Builder, c: Case) -> list[_Cell]:
    cells, total = [], sum(share for share, _ in c.columns)
    y = c.w / 2 - c.board
    for share, column in c.columns:
        wide = (c.w - 2 * c.board) * share / total
        z, whole = c.z + c.h - c.board, sum(s for _, s in column)
        for form, s in column:
            tall = (c.h - 2 * c.board) * s / whole
            opened = _opened(b, form, c.d, wide, tall, c.ajar)
            cells.append(_Cell(form, y - wide / 2, z - tall / 2, wide, tall, opened))
            z -= tall
        y -= wide
    return cells


def carcass_with_fronts(b: Builder, c: Case) -> int:
    """The whole carcass: case, dividers, shelves, fronts and top board. Returns the part of the case."""
    style = c.style or front_style(b)
    cells = _cells(b, c)
    hollow = c.inset or not c.roof or any(cell.is_open for cell in cells)
    body = case(b, c, hollow)
    for cell in cells:
        if hollow:
            b.again(body)
            _dividers(b, c, cell, body)
            if cell.form != "drawer" and cell.is_open:
                _shelves(b, c, cell, body)
        _front(b, c, cell, style, body)
    if c.cover is not None:
        b.part(*c.cover_names)
        t = b.pick(c.board, b.u(0.018, 0.045))
        depth = c.d + style.thickness + c.cover
        b.box((depth, c.w + 2 * c.cover, t), (depth / 2 - c.d, 0, c.z + c.h + t / 2), round=b.pick(0, 0, 0.5))
    return body


def case(b: Builder, c: Case, hollow: bool) -> int:
    """The boards around it; a solid block where the inside is hidden."""
    w, d, h, t, z = c.w, c.d, c.h, c.board, c.z
    body = b.part(*c.names)
    inner = w - 2 * t
    if hollow:
        b.box((d, inner, t), (-d / 2, 0, z + t / 2))
        if c.roof:
            b.box((d, inner, t), (-d / 2, 0, z + h - t / 2))
    elif c.boards_named:
        b.box((d, inner, h), (-d / 2, 0, z + h / 2))
    else:
        b.box((d, w, h), (-d / 2, 0, z + h / 2))
        return body
    if c.back and hollow:
        if c.boards_named:
            b.part(*BACK_PANEL, inside=body)
        b.box((0.006, inner, h - 2 * t), (-d + 0.006, 0, z + h / 2))
    for s in (1, -1):
        if c.boards_named:
            b.part(*SIDE_PANEL, inside=body)
        b.box((d, t, h), (-d / 2, s * (w - t) / 2, z + h / 2))
    return body


def _dividers(b: Builder, c: Case, cell: _Cell, body: int) -> None:
    """Boards to the right of a cell and below it, except where the case's own boards are."""
    right, low = cell.y - cell.w / 2, cell.z - cell.h / 2
    d = c.d - 0.012
    if right > -c.w / 2 + 2 * c.board:
        b.box((d, c.board, cell.h), (-d / 2, right, cell.z))
    if low > c.z + 2 * c.board:
        if cell.form == "open":
            b.part(*SHELF, inside=body)
        b.box((d, cell.w, c.board), (-d / 2, cell.y, low))


def _shelves(b: Builder, c: Case, cell: _Cell, body: int) -> None:
    low, high = c.shelves
    count = min(b.n(low, high), int(cell.h / 0.16) - 1)
    for k in range(count):
        b.part(*SHELF, inside=body)
        z = cell.z + cell.h * ((k + 1) / (count + 1) - 0.5)
        d = c.d - 0.014 - (0 if cell.form == "open" else 0.02)
        b.box((d, cell.w - c.board, b.pick(c.board, 0.012)), (-c.d + 0.01 + d / 2, cell.y, z))


def _front(b: Builder, c: Case, cell: _Cell, style: FrontStyle, body: int) -> None:
    if cell.form == "open":
        return
    t, shown = c.board, min(c.face_frame, 0.2 * min(cell.w, cell.h))
    if shown:
        with b.moved((0.0, cell.y, cell.z)):
            b.again(body)
            board_frame(b, cell.w + t, cell.h + t, 0.012, shown + t / 2, -0.0115)
        w, h, x = cell.w - 2 * shown + 0.012, cell.h - 2 * shown + 0.012, 0.001
    elif c.inset:
        w, h, x = cell.w - t * 0.5 - 0.004, cell.h - t * 0.5 - 0.004, -style.thickness - 0.001
    else:  # over the boards' edges, up to half of a divider
        w, h, x = cell.w + t * 0.6 - 0.004, cell.h + t * 0.6 - 0.004, 0.001
    at, first, form = (x, cell.y, cell.z), cell.opened[0], cell.form
    glass = "glass" in form
    if form == "drawer":
        drawer(b, at, w, h, c.d, first, style)
    elif form == "blank":
        b.part("panel", "front panel", "blind front", "front")
        b.box((style.thickness, w, h), (x + style.thickness / 2, cell.y, cell.z), round=style.soft)
    elif form.startswith("flap"):
        flap(b, at, w, h, 1 if form == "flap up" else -1, first, style)
    elif form.startswith("sliding"):
        sliding_doors(b, at, w, h, len(cell.opened), style, cell.opened, glass)
    elif form.endswith("pair"):
        for s, angle in zip((1, -1), cell.opened, strict=True):
            hinged_door(
                b, (x, cell.y + s * w / 4, cell.z), w / 2 - 0.002, h, s, angle, c.handle_up, style, glass
            )
    else:
        hinged_door(b, at, w, h, b.pick(1, -1), first, c.handle_up, style, glass)


def base(b: Builder, w: float, d: float, h: float, form: str = "") -> None:
    """The base under a case at height h: plinth, feet, legs, castors or a sled; nothing for h = 0."""
    if h <= 0.004:
        return
    form = form or b.pick("plinth", "feet", "legs", "castors" if h < 0.09 else "sled")
    if form == "plinth":
        b.part(*PLINTH)
        back = b.u(0.02, 0.07)
        b.box((d - back, w - b.pick(0, 0.03), h), (-d / 2 - back / 2, 0, h / 2))
        return
    if form == "sled":
        for s in (1, -1):
            b.part(*FOOT)
            y, r = s * (w / 2 - b.u(0.03, 0.06)), 0.012
            path = [(-0.03, y, h), (-0.03, y, r), (-d + 0.03, y, r), (-d + 0.03, y, h)]
            b.tube(path, r, sides=b.pick(4, 10), smooth=False)
        return
    r, inset, splay, sides = b.u(0.012, 0.028), b.u(0.03, 0.06), b.pick(0, 0, h * 0.25), b.pick(4, 12)
    narrow = b.u(0.5, 1)
    for x, away in ((-inset, 1), (-d + inset, -1)):
        for s in (1, -1):
            b.part(*(CASTOR if form == "castors" else FOOT))
            y = s * (w / 2 - inset)
            if form == "castors":
                b.rod((x - 0.009, y, h * 0.45), (x + 0.009, y, h * 0.45), h * 0.45)
                b.rod((x, y, h * 0.5), (x, y, h), 0.006)
            else:
                b.cone(
                    (x + away * splay * 0.5, y + s * splay * 0.5, 0), (x, y, h), r * narrow, r, sides=sides
                )


def rows(form: str, count: int, grow: float = 1.0) -> tuple[tuple[str, float], ...]:
    """Cells of one kind from the top down, each taller than the one above by a factor."""
    return tuple((form, float(grow**k)) for k in range(count))


def random_column(b: Builder, wide: float, tall: float) -> Column:
    """A column in any arrangement: drawers over a door, doors over drawers, shelves between, six drawers …"""
    door = "pair" if wide > 0.6 else "door"
    door = b.pick(door, door, door, "glass pair" if wide > 0.6 else "glass")
    drawers = rows("drawer", max(1, min(b.n(1, 6), round(tall / 0.13))), b.pick(1, 1, 1.15))
    form = b.pick("drawers", "drawers", "door", "door", "drawer, door", "door, drawers", "open", "open, door",
                  "drawers, open", "flap")  # fmt: skip
    few = rows("drawer", min(2, len(drawers)))
    cells = {
        "drawers": drawers, "door": ((door, 1),), "open": (("open", 1),),
        "drawer, door": (("drawer", 1), (door, b.u(2, 4))),
        "door, drawers": ((door, b.u(2, 4)), *few),
        "open, door": (("open", 1), (door, b.u(0.7, 2.5))),
        "drawers, open": (*few, ("open", b.u(0.7, 2))),
        "flap": ((b.pick("flap up", "flap down"), 1), *((("open", 1),) if b.maybe() else ())),
    }[form]  # fmt: skip
    return (b.u(0.8, 1.25), cells)


def spread(total: float, low: float, high: float, b: Builder) -> int:
    """How many columns of about this width fit."""
    return max(1, int(np.round(total / b.u(low, high))))
