"""Kitchens and washrooms: base, wall, tall and corner units, sinks, taps and hobs, islands, vanities."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel
from part_perception.shapes.kinds.appliances.cooking import oven_front
from part_perception.shapes.kinds.appliances.fronts import housing
from part_perception.shapes.kinds.furniture.carcass import (
    Case,
    Column,
    base,
    carcass_with_fronts,
    random_column,
    rows,
)
from part_perception.shapes.kinds.furniture.handles import FrontStyle, front_style
from part_perception.shapes.kinds.furniture.worktops import basin, hob, sink_hole, vessel, worktop
from part_perception.shapes.lexicon import CARCASS, MIRROR, SHELF, WORKTOP

SPLASH_BACK = ("splash back", "back panel", "wall panel", "backsplash")


def unit_style(b: Builder) -> FrontStyle:
    return front_style(b, relief=b.pick("plain", "plain", "plain", "frame", "panel"))


def unit_column(b: Builder, wide: float, sink: bool = False) -> Column:
    """A base unit's cells: a door, a drawer over a door, or drawers; under a sink, a dummy front over doors."""
    door = "pair" if wide > 0.62 else "door"
    if sink:
        return wide, b.pick(((door, 1),), (("blank", 0.2), (door, 0.8)))
    cells = b.pick(
        ((door, 1),), (("drawer", 0.22), (door, 0.78)), rows("drawer", 3, 1.3), rows("drawer", 4), rows("drawer", 2),
        (("drawer", 1), ("drawer", 2), ("drawer", 2)), (("open", 1),), (("drawer", 0.25), ("open", 0.75)),
    )  # fmt: skip
    return wide, cells


def base_run(
    b: Builder, widths, style: FrontStyle, sink: int | None = None, cooker: int | None = None,
    d: float | None = None, legs: bool = False,
) -> float:  # fmt: skip
    """Base units side by side under one worktop, some with a sink or a hob. Returns the height of its top."""
    w, d, foot = float(sum(widths)), d or b.u(0.48, 0.65), b.u(0.06, 0.16)
    h = b.u(0.82, 0.95) - foot - 0.04
    edges = w / 2 - np.concatenate([[0], np.cumsum(widths)])
    columns = tuple(unit_column(b, wide, k == sink) for k, wide in enumerate(widths))
    case = Case(w, d, h, columns, foot, b.pick(0.016, 0.018, 0.019), ajar=b.pick(0, 0, 0.15, 0.4, 0.9),
                boards_named=b.maybe(0.35), handle_up=b.u(0.3, 0.42), style=style, roof=sink is None,
                shelves=(0, 1), face_frame=b.pick(0, 0, 0, b.u(0.01, 0.04)))  # fmt: skip
    carcass_with_fronts(b, case)
    base(b, w, d, foot, "feet" if legs else b.pick("plinth", "plinth", "plinth", "feet"))
    hole = None
    if sink is not None:
        hole = sink_hole(b, widths[sink], d)
        hole = Field((edges[sink] + edges[sink + 1]) / 2, hole.z, hole.wide, hole.tall)
    top = worktop(b, w, d, foot + h, hole)
    if hole:
        basin(b, hole, top)
    if cooker is not None:
        y = (edges[cooker] + edges[cooker + 1]) / 2
        hob(b, y, d, top, min(widths[cooker] * 0.98, b.u(0.5, 0.75)))
    return top


def wall_units(b: Builder, w: float, count: int, style: FrontStyle, h: float, d: float) -> None:
    """Wall cabinets side by side, standing on z = 0 with their backs at x = 0."""
    door = "pair" if w / count > 0.62 else "door"
    forms = (door, door, door, "glass pair" if w / count > 0.62 else "glass", "open", "flap up")
    columns = []
    for _ in range(count):
        form = b.pick(*forms)
        cells = ((form, 1),) if b.maybe(0.85) else ((form, 1), ("open", 0.4))
        columns.append((1, rows(form, 2) if form == "flap up" and b.maybe() else cells))
    with b.moved((d, 0, 0)):
        case = Case(w, d, h, tuple(columns), ajar=b.pick(0, 0, 0.3, 0.8), boards_named=b.maybe(0.35),
                    handle_up=-b.u(0.3, 0.42), style=style, inset=b.maybe(0.15), shelves=(1, 2))  # fmt: skip
        carcass_with_fronts(b, case)


@kind("kitchen cabinet", "base cabinet", "kitchen unit", "lower cabinet", "cabinet", front=True)
def base_cabinet(b: Builder) -> None:
    base_run(b, [b.u(0.35, 0.9)] if b.maybe(0.6) else [b.u(0.35, 0.6)] * 2, unit_style(b))


@kind("kitchen counter", "row of kitchen cabinets", "kitchen front", "kitchen cabinets", front=True)
def kitchen_counter(b: Builder) -> None:
    widths = [b.u(0.35, 0.8) for _ in range(b.n(2, 4))]
    sink = b.pick(None, 0, len(widths) - 1)
    cooker = b.pick(None, 1) if sink != 1 else None
    base_run(b, widths, unit_style(b), sink, cooker)


@kind("kitchen", "fitted kitchen", "kitchenette", "kitchen front", front=True)
def kitchen(b: Builder) -> None:
    """Base units, splash back and wall units above."""
    style = unit_style(b)
    widths, d = [b.u(0.4, 0.7) for _ in range(b.n(2, 4))], b.u(0.5, 0.62)
    top = base_run(b, widths, style, 0, len(widths) - 1 if b.maybe(0.7) else None, d)
    w, gap, tall = sum(widths), b.u(0.45, 0.6), b.u(0.4, 0.75)
    b.part(*SPLASH_BACK)
    b.box((0.012, w, gap + 0.02), (-d + 0.006, 0, top + gap / 2))
    with b.moved((-d, 0, top + gap)):
        wall_units(b, w, b.n(2, 4), style, tall, b.u(0.28, 0.38))


@kind("sink cabinet", "sink counter", "sink unit", "kitchen sink", front=True)
def sink_cabinet(b: Builder) -> None:
    widths = [b.u(0.5, 1.0)] if b.maybe(0.6) else [b.u(0.5, 0.8), b.u(0.4, 0.6)]
    base_run(b, widths, unit_style(b), 0)


@kind("vanity", "bathroom cabinet", "vanity unit", "washbasin cabinet", "sink cabinet", front=True)
def vanity(b: Builder) -> None:
    w, d, foot = b.u(0.45, 1.3), b.u(0.36, 0.55), b.pick(0.0, b.u(0.06, 0.2), b.u(0.1, 0.3))
    h = b.u(0.75, 0.88) - foot
    style, on_top = front_style(b), b.maybe(0.35)
    count = max(1, round(w / b.u(0.4, 0.8)))
    middle = (unit_column(b, w / count, True), (1, rows("drawer", b.n(1, 3))), random_column(b, w / count, h))
    columns = [b.pick(*middle) for _ in range((count + 1) // 2)]
    columns = [(1, c[1]) for c in columns + columns[: count // 2][::-1]]
    case = Case(w, d, h, tuple(columns), foot, inset=b.maybe(0.2), ajar=b.pick(0, 0, 0.3, 0.8), style=style,
                boards_named=b.maybe(0.3), handle_up=b.u(0, 0.4), roof=on_top, shelves=(0, 1))  # fmt: skip
    carcass_with_fronts(b, case)
    base(b, w, d, foot)
    hole = None if on_top else sink_hole(b, min(w, 0.75), d)
    top = worktop(b, w, d, foot + h, hole)
    if hole:
        basin(b, hole, top)
    else:
        vessel(b, d, top)
    if b.maybe(0.3):
        b.part(*MIRROR)
        tall = b.u(0.5, 0.8)
        b.box((0.015, w * b.u(0.7, 1), tall), (-d + 0.008, 0, top + b.u(0, 0.15) + tall / 2))


@kind(
    "wall cabinet", "upper cabinet", "wall cupboard", "hanging cabinet", "cabinet", rest="mounted", front=True
)
def wall_cabinet(b: Builder) -> None:
    count = b.pick(1, 1, 2, 3)
    h = b.u(0.35, 0.95)
    with b.moved((0, 0, -h / 2)):
        wall_units(b, count * b.u(0.3, 0.75), count, unit_style(b), h, b.u(0.25, 0.4))


@kind("medicine cabinet", "mirror cabinet", "bathroom wall cabinet", rest="mounted", front=True)
def medicine_cabinet(b: Builder) -> None:
    w, h, d = b.u(0.3, 0.8), b.u(0.35, 0.75), b.u(0.1, 0.18)
    column = (1, (("pair" if w > 0.5 else "door", 1),))
    with b.moved((d, 0, -h / 2)):
        case = Case(w, d, h, (column,), board=0.014, ajar=b.pick(0, 0.5), handle_up=-0.35, shelves=(1, 3))
        carcass_with_fronts(b, case)


@kind("tall cabinet", "pantry", "larder unit", "high cabinet", "cupboard", front=True)
def tall_cabinet(b: Builder) -> None:
    w, d, h, foot = b.u(0.35, 1.0), b.u(0.35, 0.62), b.u(1.6, 2.1), b.pick(0.0, b.u(0.06, 0.12))
    door = "pair" if w > 0.62 else "door"
    cells = b.pick(
        ((door, 1), (door, b.u(0.6, 1.4))), ((door, 1),), ((door, 1.2), *rows("drawer", b.n(1, 4))),
        ((door, 0.5), ("open", 0.4), (door, 1)), (("glass pair" if w > 0.62 else "glass", 1), (door, 0.8)),
    )  # fmt: skip
    cells = tuple((f, s if f != "drawer" else 0.25) for f, s in cells)
    case = Case(w, d, h, ((1, cells),), foot, inset=b.maybe(0.2), ajar=b.pick(0, 0, 0.4, 0.9), cover=b.pick(None, 0.01),
                boards_named=b.maybe(0.4), shelves=(1, 4), style=unit_style(b))  # fmt: skip
    carcass_with_fronts(b, case)
    base(b, w, d, foot)


@kind("oven cabinet", "oven housing", "tall oven unit", "cabinet", front=True)
def oven_cabinet(b: Builder) -> None:
    """A cabinet with a built-in oven between doors and drawers."""
    w, d, foot, tall = b.u(0.58, 0.66), b.u(0.55, 0.62), b.u(0.06, 0.12), b.u(0.44, 0.6)
    style = unit_style(b)
    low = b.pick(b.u(0.15, 0.25), b.u(0.5, 0.8))
    common = {"boards_named": False, "ajar": b.pick(0, 0.3), "style": style}
    cells = rows("drawer", 1 if low < 0.3 else b.n(1, 3))
    carcass_with_fronts(b, Case(w, d, low, ((1, cells),), foot, **common))
    base(b, w, d, foot, "plinth")
    z, panel = foot + low, b.u(0.07, 0.12)
    b.part(*CARCASS)
    for s in (1, -1):
        b.box((d, 0.018, tall), (-d / 2, s * (w / 2 - 0.009), z + tall / 2))
    field = Field.between(-w / 2 + 0.02, w / 2 - 0.02, z + 0.003, z + tall - panel)
    angle = b.u(0.3, 1.5) if b.maybe(0.35) else 0.0

    def body_of(cavities):
        return housing(b, Field.between(-w / 2 + 0.02, w / 2 - 0.02, z, z + tall), d - 0.03, cavities)

    oven_front(b, field, d - 0.03, body_of, angle, 0.022)
    bar = Field.between(-w / 2 + 0.02, w / 2 - 0.02, z + tall - panel, z + tall)
    control_panel(b, bar, 0.018, content=b.pick(("knobs", "display", "knobs"), ("display", "buttons")))
    if low > 0.3 or b.maybe():
        more = b.u(0.3, 0.9)
        door = b.pick((("door", 1),), (("flap up", 1),), (("door", 1), ("door", 1)))
        carcass_with_fronts(b, Case(w, d, more, ((1, door),), z + tall, handle_up=-0.3, **common))
    else:
        worktop(b, w, d, z + tall)


@kind("kitchen island", "island counter", "island", "kitchen counter")
def kitchen_island(b: Builder) -> None:
    widths, d = [b.u(0.4, 0.75) for _ in range(b.n(2, 3))], b.u(0.55, 0.8)
    style = unit_style(b)
    base_run(b, widths, style, b.pick(None, None, 0), b.pick(None, None, 1), d)
    if b.maybe(0.4):
        w, h = sum(widths), 0.78
        with b.moved((-d - 0.3, 0, 0), yaw=np.pi):
            case = Case(
                w, 0.298, h, ((1, rows("open", 2)), (1, (("pair", 1),))), 0.05, style=style, roof=True
            )
            carcass_with_fronts(b, case)


@kind("corner kitchen", "L-shaped kitchen", "corner cabinet", "kitchen corner unit")
def corner_kitchen(b: Builder) -> None:
    """Two runs of base units at a right angle, with a block over the corner, under one worktop."""
    style, d, foot, h, t = unit_style(b), b.u(0.5, 0.62), 0.1, b.u(0.7, 0.78), b.u(0.025, 0.045)
    runs, ajar = [[b.u(0.35, 0.65) for _ in range(b.n(1, 2))] for _ in range(2)], b.pick(0, 0, 0.2, 0.7)
    one, other = map(sum, runs)
    b.part(*WORKTOP)
    over, z = 0.025, foot + h + t / 2
    b.box((d + over, one + d, t), ((over - d) / 2, d / 2, z))
    b.box((other + 0.03 - over, d + over, t), (other / 2 + 0.015 + over / 2, one / 2 + (d - over) / 2, z))
    b.part(*CARCASS)
    b.box((d + 0.03, d, foot + h), (0.015 - d / 2, one / 2 + d / 2, (foot + h) / 2))
    for widths, at, yaw in ((runs[0], (0, 0, 0), 0), (runs[1], (other / 2 + 0.03, one / 2, 0), -np.pi / 2)):
        with b.moved(at, yaw=yaw):
            columns = tuple(unit_column(b, w) for w in widths)
            case = Case(sum(widths), d, h, columns, foot, ajar=ajar, style=style, handle_up=0.36)
            carcass_with_fronts(b, case)
            base(b, case.w, d, foot, "plinth")


@kind("kitchen trolley", "kitchen cart", "butcher block cart", "serving trolley")
def kitchen_trolley(b: Builder) -> None:
    w, d, h = b.u(0.4, 0.9), b.u(0.35, 0.5), b.u(0.7, 0.8)
    cells = b.pick((("drawer", 0.25), ("open", 1)), (("drawer", 0.25), ("pair", 1)), rows("open", 3))
    case = Case(w, d, h, ((1, cells),), 0.07, inset=True, back=b.maybe(), cover=0.02, cover_names=WORKTOP,
                ajar=0.2, shelves=(0, 2))  # fmt: skip
    carcass_with_fronts(b, case)
    base(b, w, d, 0.07, "castors")
    if b.maybe(0.6):
        b.part("handle", "push bar", "towel rail", "where to push it")
        y = w / 2 + 0.02
        path = [(-d * 0.1, y, h + 0.05), (-d * 0.1, y + 0.07, h + 0.05), (-d * 0.9, y + 0.07, h + 0.05),
                (-d * 0.9, y, h + 0.05)]  # fmt: skip
        b.tube(path, 0.009, smooth=False)


@kind("plate rack", "kitchen shelf", "spice shelf", "wall shelf", rest="mounted", front=True)
def kitchen_shelf(b: Builder) -> None:
    w, d, count, gap = b.u(0.3, 0.9), b.u(0.08, 0.25), b.n(1, 3), b.u(0.18, 0.3)
    h = count * gap
    b.part(*CARCASS)
    for s in (1, -1):
        b.box((d, 0.016, h), (d / 2, s * w / 2, h / 2 - 0.02))
    for k in range(count):
        b.part(*SHELF)
        b.box((d, w - 0.016, 0.014), (d / 2, 0, k * gap))
        if b.maybe(0.6):
            b.part("rail", "bar", "guard rail")
            b.rod((d - 0.008, -w / 2, k * gap + 0.05), (d - 0.008, w / 2, k * gap + 0.05), 0.004)
