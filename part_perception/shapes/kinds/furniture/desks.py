"""Desks and workbenches: pedestals left, right or on both sides, drawers under the top, hutches, corner desks."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.carcass import Case, base, carcass_with_fronts, rows
from part_perception.shapes.kinds.furniture.fronts import drawer
from part_perception.shapes.kinds.furniture.handles import FrontStyle, front_style
from part_perception.shapes.kinds.furniture.seating import legs
from part_perception.shapes.lexicon import BACK_PANEL, DESK_TOP, DRAWER_BOX, MIRROR, RAIL, SHELF, TABLE_TOP

DESK_LEG = ("leg", "desk leg", "table leg", "support", "what it stands on")
DESK_CABINET = ("cabinet", "pedestal", "side cabinet", "body", "drawer unit")
APRON = ("apron", "frame", "rail", "rim under the top")


def desk_top(b: Builder, w: float, d: float, z: float, names=DESK_TOP) -> None:
    b.part(*names)
    t = b.u(0.016, 0.045)
    b.box((d, w, t), (0, 0, z - t / 2), round=b.pick(0, 0, 0.5))


def side_support(b: Builder, s: int, w: float, d: float, z: float, form: str) -> None:
    """Parts: the support under one side of a top: a board, two legs, a frame, a T foot or a trestle."""
    y, k = s * (w / 2 - 0.03), b.u(0.018, 0.035)
    if form == "legs":
        for x in (1, -1):
            b.part(*DESK_LEG)
            b.cone(
                (x * (d / 2 - 0.04), y, 0),
                (x * (d / 2 - 0.04), y, z),
                k * b.u(0.6, 1),
                k,
                sides=b.pick(4, 12),
            )
        return
    b.part(*(("side panel", *DESK_LEG) if form == "board" else DESK_LEG))
    if form == "board":
        b.box((d * 0.94, b.u(0.016, 0.035), z), (0, y, z / 2))
    elif form == "frame":
        reach = d / 2 - 0.05
        b.tube(
            [(reach, y, z), (reach, y, k), (-reach, y, k), (-reach, y, z), (reach, y, z - k)],
            k,
            sides=b.pick(4, 10),
            smooth=False,
        )
    elif form == "trestle":
        for x in (1, -1):
            b.rod((x * d * 0.4, y, 0), (x * d * 0.12, y, z), k * 0.8, sides=4)
        b.box((d * 0.45, 0.03, 0.03), (0, y, z * 0.4))
    else:
        b.box((d * 0.9, 0.06, 0.03), (0, y, 0.015), round=0.4)
        b.box((0.07, 0.05, z - 0.02), (0, y, z / 2))
        b.box((d * 0.7, 0.05, 0.025), (0, y, z - 0.013))


def pedestal(b: Builder, y: float, w: float, d: float, z: float, style: FrontStyle) -> None:
    """Parts: a case of drawers or with a door under a top, its front a little behind the top's edge."""
    foot = b.pick(0.0, 0.0, b.u(0.03, 0.15))
    cells = b.pick(
        rows("drawer", b.n(2, 4)), (("drawer", 0.3), ("door", 1)), (("door", 1),), (*rows("drawer", 2), ("drawer", 2)),
        (("drawer", 0.3), ("open", 1)),
    )  # fmt: skip
    with b.moved((d / 2 - b.u(0.0, 0.04) - style.thickness, y, 0)):
        case = Case(w, d * b.u(0.75, 0.95), z - foot, ((1, cells),), foot, inset=b.maybe(0.25), ajar=b.pick(0, 0, 0.3),
                    names=DESK_CABINET, boards_named=b.maybe(0.3), style=style, shelves=(0, 1))  # fmt: skip
        carcass_with_fronts(b, case)
        base(b, w, case.d, foot)


def drawer_under(b: Builder, y: float, w: float, d: float, z: float, style: FrontStyle) -> None:
    """A shallow drawer that hangs under a top whose underside is at z."""
    h = b.u(0.07, 0.12)
    out = b.u(0.05, 0.6 * d) if b.maybe(0.3) else 0.0
    part = drawer(b, (d / 2 - 0.03, y, z - h / 2 - 0.002), w - 0.004, h, d * 0.8, out, style)
    if not out:
        b.part(*DRAWER_BOX, inside=part)
        b.box((d * 0.75, w - 0.02, h * 0.9), (d / 2 - 0.032 - d * 0.375, y, z - h / 2))


def keyboard_tray(b: Builder, y: float, w: float, d: float, z: float) -> None:
    out = b.pick(0.0, b.u(0.05, 0.3))
    b.part("keyboard tray", "tray", "pull-out shelf", "what slides out", joint=slides((1, 0, 0), 0.3, out))
    b.box((d * 0.5, w, 0.014), (d * 0.22 + out, y, z - 0.07))


@kind("desk", "writing desk", "office desk", "computer desk", "study desk", front=True)
def desk(b: Builder) -> None:
    w, d, z = b.u(0.9, 1.8), b.u(0.45, 0.8), b.u(0.7, 0.78)
    style, sides = front_style(b), b.pick((1,), (-1,), (1, -1), (1, -1), ())
    desk_top(b, w, d, z)
    low, cw = z - 0.03, min(b.u(0.3, 0.48), w * 0.36)
    form = b.pick("board", "board", "legs", "legs", "frame", "tee", "trestle")
    for s in (1, -1):
        if s in sides:
            pedestal(b, s * (w / 2 - cw / 2 - 0.005), cw, d, low, style)
        else:
            side_support(b, s, w, d, low + 0.005, form)
    free = w - cw * len(sides) - 0.08
    middle = -cw / 2 * sum(sides)
    under = b.pick("", "", "drawer", "drawer", "tray", "drawers")
    if under == "tray":
        keyboard_tray(b, middle, min(free, 0.7), d, low)
    elif under:
        count = 1 if under == "drawer" else b.n(2, 3)
        for k in range(count):
            wide = free * 0.95 / count
            drawer_under(b, middle + (k - (count - 1) / 2) * wide, wide, d, low, style)
    if b.maybe(0.45):
        b.part("modesty panel", *BACK_PANEL)
        tall = b.u(0.2, 0.6)
        b.box((0.016, free + 0.05, tall), (-d * 0.42, middle, low - tall / 2))
    if b.maybe(0.25):
        _hutch(b, w, d, z)


def _hutch(b: Builder, w: float, d: float, z: float) -> None:
    """Parts: shelves and small doors or drawers that stand at the back of a desk."""
    deep, h, count = min(b.u(0.18, 0.32), d * 0.5), b.u(0.2, 0.6), b.n(1, 3)
    columns = tuple(
        (1, b.pick(rows("open", b.n(1, 2)), rows("drawer", b.n(1, 3)), (("door", 1),))) for _ in range(count)
    )
    with b.moved((-d / 2 + deep, 0, 0)):
        names = ("hutch", "top shelf", "body", "upper part")
        carcass_with_fronts(
            b, Case(w, deep, h, columns, z, inset=True, back=b.maybe(), names=names, ajar=0.15)
        )


@kind("writing table", "console desk", "desk", "secretary desk", front=True)
def writing_table(b: Builder) -> None:
    """A light table on four legs with drawers between its apron and its top."""
    w, d, z = b.u(0.7, 1.4), b.u(0.4, 0.65), b.u(0.72, 0.8)
    style, h, count = front_style(b), b.u(0.09, 0.14), b.n(1, 3)
    desk_top(b, w + 0.02, d + 0.02, z)
    columns = ((1, (("drawer", 1),)),) * count
    with b.moved((d / 2, 0, 0)):
        carcass_with_fronts(
            b, Case(w, d, h, columns, z - 0.02 - h, names=APRON, style=style, inset=b.maybe())
        )
    legs(b, w, d, z - 0.02 - h / 2, b.u(0.014, 0.026), b.pick(0, 0, b.u(0.01, 0.05)), DESK_LEG)
    if b.maybe(0.3):
        with b.moved((0, 0, 0.02)):
            _hutch(b, w, d, z)


@kind("corner desk", "L-shaped desk", "desk", "office desk")
def corner_desk(b: Builder) -> None:
    w, d, z, other, deep = b.u(1.2, 1.8), b.u(0.5, 0.75), b.u(0.7, 0.77), b.u(0.6, 1.1), b.u(0.45, 0.65)
    style, s, t = front_style(b), b.pick(1, -1), b.u(0.018, 0.035)
    b.part(*DESK_TOP)
    b.box((d, w, t), (0, 0, z - t / 2))
    b.box((other, deep, t), (d / 2 + other / 2, s * (w - deep) / 2, z - t / 2))
    low, form = z - t, b.pick("board", "legs", "frame")
    side_support(b, -s, w, d, low, form) if b.maybe() else pedestal(
        b, -s * (w / 2 - 0.2), 0.38, d, low, style
    )
    b.part(*DESK_LEG)
    b.box((b.u(0.018, 0.05), deep * 0.9, low), (d / 2 + other - 0.05, s * (w - deep) / 2, low / 2))
    b.part(*DESK_LEG)
    b.box((d * 0.9, 0.03, low), (0, s * (w / 2 - 0.02), low / 2))
    if b.maybe(0.6):
        b.part("modesty panel", *BACK_PANEL)
        b.box((0.016, w - 0.1, b.u(0.25, 0.5)), (-d * 0.45, 0, low - 0.2))


@kind("dressing table", "vanity table", "makeup table", "dresser with a mirror", front=True)
def dressing_table(b: Builder) -> None:
    w, d, z = b.u(0.7, 1.2), b.u(0.38, 0.5), b.u(0.7, 0.78)
    style = front_style(b)
    desk_top(b, w, d, z, TABLE_TOP)
    if b.maybe():
        for s in (1, -1):
            pedestal(b, s * (w / 2 - 0.15), 0.28, d, z - 0.03, style)
    else:
        count = b.n(1, 3)
        for k in range(count):
            drawer_under(b, (k - (count - 1) / 2) * w * 0.85 / count, w * 0.85 / count, d, z - 0.03, style)
        legs(b, w, d, z - 0.02, b.u(0.014, 0.024), b.pick(0, 0.03), DESK_LEG)
    mirror = b.part(*MIRROR)
    tall, wide = b.u(0.45, 0.8), w * b.u(0.4, 0.8)
    with b.moved((-d / 2 + 0.03, 0, z + tall / 2 + 0.01)):
        if b.maybe(0.5):
            with b.moved(pitch=np.pi / 2):
                b.lathe([(0, 0), (tall / 2, 0), (tall / 2, 0.015), (0, 0.015)], squash=wide / tall)
        else:
            b.box((0.015, wide, tall), round=0.2)
            b.part("frame", "mirror frame", "border", inside=mirror)
            for s in (1, -1):
                b.box((0.022, 0.03, tall), (0, s * wide / 2, 0))
                b.box((0.022, wide, 0.03), (0, 0, s * tall / 2))


@kind("workbench", "work table", "tool bench", "bench", front=True)
def workbench(b: Builder) -> None:
    w, d, z = b.u(0.9, 1.9), b.u(0.45, 0.75), b.u(0.8, 0.95)
    style = front_style(b, relief="plain")
    b.part("work top", "table top", "top", "worktop", "where to work")
    t = b.u(0.025, 0.09)
    b.box((d, w, t), (0, 0, z - t / 2))
    low = z - t
    if b.maybe(0.5):
        legs(b, w * 0.96, d * 0.94, low + 0.002, b.u(0.025, 0.055), 0, DESK_LEG)
        for k in range(b.n(0, 2)):
            b.part(*SHELF)
            b.box((d * 0.88, w * 0.9, 0.022), (0, 0, low * (0.15 + 0.35 * k)))
        if b.maybe(0.6):
            drawer_under(b, b.pick(0, w * 0.2), w * 0.4, d, low, style)
    else:
        cw = min(w * 0.4, b.u(0.4, 0.6))
        pedestal(b, w / 2 - cw / 2, cw, d, low, style)
        if b.maybe():
            pedestal(b, cw / 2 - w / 2, cw, d, low, style)
        else:
            side_support(b, -1, w, d, low, b.pick("board", "legs"))
    if b.maybe(0.4):
        b.part("pegboard", "back board", "tool wall", "back panel", "where tools hang")
        tall = b.u(0.35, 0.9)
        b.box((0.018, w, tall), (-d / 2 + 0.01, 0, z + tall / 2))
        if b.maybe(0.4):
            b.part(*SHELF)
            b.box((0.2, w, 0.018), (-d / 2 + 0.11, 0, z + tall))
    if b.maybe(0.4):
        b.part("vise", "vice", "clamp", "what holds the workpiece")
        y = w * b.pick(-0.35, 0.35)
        b.box((0.05, 0.2, 0.11), (d / 2 + 0.09, y, z - 0.03))
        b.rod((d / 2 - 0.02, y, z - 0.04), (d / 2 + 0.17, y, z - 0.04), 0.015)
        b.rod((d / 2 + 0.16, y - 0.1, z - 0.04), (d / 2 + 0.16, y + 0.1, z - 0.04), 0.007)


@kind("side table", "end table", "bedside table", "small table", "table")
def side_table(b: Builder) -> None:
    w, d, z = b.u(0.3, 0.6), b.u(0.3, 0.5), b.u(0.4, 0.7)
    style = front_style(b)
    desk_top(b, w, d, z, TABLE_TOP)
    form = b.pick("legs", "legs", "boards", "C")
    if form == "legs":
        legs(b, w, d, z - 0.01, b.u(0.01, 0.024), b.pick(0, 0, b.u(0.01, 0.06)), DESK_LEG)
    elif form == "boards":
        for s in (1, -1):
            side_support(b, s, w + 0.03, d, z - 0.01, "board")
    else:
        for s in (1, -1):
            b.part(*DESK_LEG)
            y, r = s * w * 0.42, 0.012
            b.tube([(d * 0.45, y, r), (-d * 0.45, y, r), (-d * 0.45, y, z - 0.03), (d * 0.4, y, z - 0.03)], r, sides=4,
                   smooth=False)  # fmt: skip
        b.part(*RAIL)
        b.rod((d * 0.45, -w * 0.42, 0.012), (d * 0.45, w * 0.42, 0.012), 0.012, sides=4)
        return
    if b.maybe(0.4):
        drawer_under(b, 0, w * 0.8, d, z - 0.03, style)
    if b.maybe(0.5):
        b.part(*SHELF)
        b.box((d * 0.85, w * 0.88, 0.015), (0, 0, z * b.u(0.2, 0.45)))
