"""What things are kept in: cabinets, dressers, shelves, safes, mailboxes. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.joints import slides, turns
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import DOOR, DRAWER, LEG, PULL

BODY = ("body", "cabinet body", "frame", "case")
SHELF = ("shelf", "shelf board", "where to put things")
PULL_FORMS = ("bar", "bow", "knob", "knob", "strip", "ring")
FRONT_KNOB = ("knob", "handle", "pull", "what to pull to open it")


def pull(b: Builder, at, upright: bool, inside: int, length: float = 0.13, form: str = "") -> None:
    """A handle of one of many forms on a front at `at`, facing +x."""
    form, reach, r = (
        form or b.pick(*PULL_FORMS),
        b.u(0.02, 0.045),
        b.u(0.004, 0.009),
    )
    b.part(*(FRONT_KNOB if form == "knob" else PULL), inside=inside)
    with b.moved(at, roll=np.pi / 2 if upright else 0.0):
        half = length * b.u(0.35, 0.6)
        if form == "knob":
            with b.moved(pitch=np.pi / 2):
                k = b.u(0.012, 0.022)
                b.lathe(
                    [
                        (k * 0.6, -0.002),
                        (k * 0.45, reach * 0.4),
                        (k, reach * 0.7),
                        (k * 0.8, reach),
                        (0, reach + 0.002),
                    ]
                )
        elif form == "bow":
            b.tube(
                [
                    (0, -half, 0),
                    (reach * 0.9, -half * 0.6, 0),
                    (reach, 0, 0),
                    (reach * 0.9, half * 0.6, 0),
                    (0, half, 0),
                ],
                r,
            )
        elif form == "bar":
            b.rod((reach, -half * 1.2, 0), (reach, half * 1.2, 0), r)
            for s in (1, -1):
                b.rod((0, s * half * 0.85, 0), (reach, s * half * 0.85, 0), r * 0.8)
        elif form == "ring":
            b.rod((0, 0, 0), (0.012, 0, 0), 0.008)
            b.ring((0.014, 0, 0), 0.022, 0.003, axis="x")
        else:
            b.box((reach, half * 2, 0.012), (reach / 2, 0, 0), round=0.5)


def drawer(b: Builder, at, w: float, h: float, depth: float, out: float, form: str = "") -> int:
    """A drawer front centred at `at`, pulled out by `out`, with its tray and handle(s). Returns its part."""
    part = b.part(*DRAWER, joint=slides((1, 0, 0), max(0.75 * depth, out), out))
    x, y, z = at
    t = 0.018
    b.box((t, w, h), (x + out + t / 2, y, z), round=b.pick(0, 0.5))
    if out > 0.03:
        for s in (1, -1):
            b.box((out, 0.01, h * 0.7), (x + out / 2, y + s * w * 0.45, z - h * 0.08))
        b.box((out, w * 0.9, 0.008), (x + out / 2, y, z - h * 0.4))
    elif b.maybe(0.3):
        b.box((0.008, w * 0.8, h * 0.6), (x + out + t + 0.002, y, z))
    for s in (-0.27, 0.27) if w > 0.7 and b.maybe(0.7) else (0,):
        pull(b, (x + out + t, y + s * w, z + h * b.pick(0, 0, 0.25)), False, part, min(0.16, w * 0.5), form)
    return part


def hinged_door(
    b: Builder, at, w: float, h: float, side: int, angle: float, handle_up: float = 0.0, form: str = ""
) -> int:
    """A door leaf centred at `at` when closed, hinged at y * side, opened by an angle. Returns its part."""
    x, y, z = at
    t = b.u(0.015, 0.025)
    with b.moved((x, y + side * w / 2, z), yaw=side * angle):
        part = b.part(*DOOR, joint=turns((0, 0, side), angle=2.0, now=angle))
        b.box((t, w, h), (t / 2, -side * w / 2, 0), round=b.pick(0, 0.4))
        relief = b.pick("plain", "plain", "panel", "frame")
        if relief == "panel":
            b.box((0.01, w * 0.65, h * 0.75), (t + 0.003, -side * w / 2, 0))
        elif relief == "frame":
            for s in (1, -1):
                b.box(
                    (0.012, w * 0.98, min(0.07, h * 0.12)), (t + 0.004, -side * w / 2, s * (h * 0.49 - 0.035))
                )
                b.box((0.012, 0.06, h * 0.98), (t + 0.003, -side * w / 2 + s * (w * 0.48 - 0.03), 0))
        pull(b, (t + 0.002, -side * (w - 0.045), handle_up * h), b.maybe(0.85), part, form=form)
    return part


def carcass(b: Builder, w: float, d: float, z: float, h: float, solid: bool, names=BODY) -> None:
    """A cabinet's body from height z up, its front at x = 0: solid, or five boards when one looks in."""
    b.part(*names)
    t = 0.02
    if solid:
        b.box((d, w, h), (-d / 2, 0, z + h / 2))
        return
    b.box((0.01, w, h), (-d + 0.005, 0, z + h / 2))
    for s in (1, -1):
        b.box((d, t, h), (-d / 2, s * (w - t) / 2, z + h / 2))
        b.box((d, w, t), (-d / 2, 0, z + (h - t / 2 if s > 0 else t / 2)))


def feet(b: Builder, w: float, d: float, h: float) -> None:
    for x in (-0.06, -d + 0.06):
        for s in (1, -1):
            b.part(*LEG)
            b.cone((x, s * (w / 2 - 0.05), 0), (x, s * (w / 2 - 0.05), h + 0.002), b.u(0.01, 0.02), 0.022)


def _drawers(
    b: Builder, w: float, d: float, z: float, h: float, rows: int, y: float = 0.0, chance=0.25, form=None
) -> None:
    form = form or b.pick(*PULL_FORMS)
    for k in range(rows):
        out = b.u(0.06, d * 0.6) if b.maybe(chance) else 0.001
        drawer(b, (0, y, z + (k + 0.5) * h / rows), w, h / rows - 0.006, d, out, form)


def _doors(
    b: Builder, w: float, z: float, h: float, count: int, up: float, chance=0.3, y: float = 0.0
) -> bool:
    """Doors side by side; says whether one is open."""
    first, any_open, form = b.pick(1, -1), False, b.pick(*PULL_FORMS)
    for k in range(count):
        angle = b.u(0.3, 2.0) if b.maybe(chance) else 0.0
        any_open |= angle > 0
        side = first if count == 1 else (-1 if k % 2 == 0 else 1)
        hinged_door(
            b,
            (0.002, y + (k - (count - 1) / 2) * w / count, z + h / 2),
            w / count - 0.005,
            h - 0.006,
            side,
            angle,
            up,
            form,
        )
    return any_open


@kind("cabinet", "cupboard", "sideboard", "storage cabinet")
def cabinet(b: Builder) -> None:
    w, d, h, foot = b.u(0.4, 1.5), b.u(0.3, 0.5), b.u(0.5, 1.2), b.pick(0, b.u(0.06, 0.2))
    columns = max(1, round(w / b.u(0.4, 0.6)))
    top_row = b.pick(0, 0, b.u(0.14, 0.22))
    is_open = _doors(b, w - 0.01, foot + 0.01, h - top_row - 0.02, columns, b.pick(0, 0.3), 0.25)
    carcass(b, w, d, foot, h, not is_open)
    if is_open:
        b.part(*SHELF)
        b.box((d - 0.03, w - 0.05, 0.018), (-d / 2, 0, foot + h * 0.45))
    for k in range(columns if top_row else 0):
        y = (k - (columns - 1) / 2) * (w - 0.01) / columns
        drawer(
            b,
            (0, y, foot + h - top_row / 2 - 0.01),
            w / columns - 0.015,
            top_row - 0.01,
            d,
            b.pick(0.001, b.u(0.05, 0.2)),
        )
    if foot:
        feet(b, w, d, foot)
    if b.maybe(0.4):
        b.part("top", "top board", "where to put things")
        b.box((d + 0.03, w + 0.04, 0.025), (-d / 2, 0, foot + h + 0.0125))


@kind("dresser", "chest of drawers", "commode")
def dresser(b: Builder) -> None:
    w, d, h, foot = b.u(0.4, 1.5), b.u(0.35, 0.5), b.u(0.6, 1.2), b.u(0, 0.18)
    carcass(b, w, d, foot, h, True)
    columns, form = 2 if w > 1 else 1, b.pick(*PULL_FORMS)
    rows = b.n(2, 4) if columns == 2 else b.n(3, 5)
    for k in range(columns):
        y = (k - (columns - 1) / 2) * (w - 0.02) / columns
        _drawers(b, w / columns - 0.025, d, foot + 0.015, h - 0.03, rows, y, 0.18, form)
    b.part("top", "top board", "where to put things")
    b.box((d + 0.02, w + 0.02, 0.03), (-d / 2, 0, foot + h + 0.014))
    if foot > 0.04:
        feet(b, w, d, foot)


@kind("nightstand", "bedside table", "bedside cabinet", "end table")
def nightstand(b: Builder) -> None:
    w, d, h, foot = b.u(0.32, 0.55), b.u(0.3, 0.45), b.u(0.25, 0.5), b.u(0.02, 0.25)
    form = b.pick("drawers", "drawers", "shelf", "door")
    is_open = form == "shelf"
    if form == "drawers":
        _drawers(b, w - 0.02, d, foot + 0.01, h - 0.02, b.n(1, 3), chance=0.3)
    elif form == "shelf":
        drawer(b, (0, 0, foot + h * 0.8), w - 0.045, h * 0.3, d, b.pick(0.001, b.u(0.05, 0.2)))
        b.part(*SHELF)
        b.box((d - 0.02, w - 0.05, 0.015), (-d / 2, 0, foot + h * 0.6))
    else:
        is_open = _doors(b, w - 0.02, foot + 0.01, h - 0.02, 1, 0.25)
    carcass(b, w, d, foot, h, not is_open)
    if foot > 0.04:
        feet(b, w, d, foot)


@kind("filing cabinet", "drawer unit", "office cabinet")
def filing_cabinet(b: Builder) -> None:
    w, d, rows = b.u(0.38, 0.5), b.u(0.45, 0.65), b.n(2, 4)
    h = rows * b.u(0.2, 0.33)
    carcass(b, w, d, 0.04, h, True)
    _drawers(b, w - 0.015, d, 0.05, h - 0.02, rows, chance=0.3)
    for x in (-0.05, -d + 0.05):
        for s in (1, -1):
            b.part("wheel", "caster", "roller", "what it rolls on")
            b.rod((x, s * w * 0.38 - 0.012, 0.022), (x, s * w * 0.38 + 0.012, 0.022), 0.022)


@kind("wardrobe", "closet", "armoire", "locker")
def wardrobe(b: Builder) -> None:
    w, d, h, foot = b.u(0.35, 1.8), b.u(0.45, 0.65), b.u(1.6, 2.2), b.pick(0, b.u(0.05, 0.12))
    low = b.pick(0, 0, b.u(0.2, 0.35))
    is_open = _doors(
        b, w - 0.01, foot + 0.02 + low, h - low - 0.04, max(1, round(w / 0.5)), b.u(-0.1, 0.05), 0.3
    )
    carcass(b, w, d, foot, h, not is_open)
    if low:
        _drawers(b, w - 0.02, d, foot + 0.01, low, 1)
    if is_open:
        b.part("clothes rail", "hanging rail", "rod", "where to hang clothes")
        b.rod((-d / 2, -w / 2 + 0.02, foot + h - 0.12), (-d / 2, w / 2 - 0.02, foot + h - 0.12), 0.014)
    if foot:
        feet(b, w, d, foot)


@kind("bookshelf", "bookcase", "shelf", "shelving unit")
def bookshelf(b: Builder) -> None:
    w, d, h, rows = b.u(0.4, 1.2), b.u(0.22, 0.4), b.u(0.7, 2.1), b.n(3, 6)
    form = b.pick("case", "case", "posts", "ladder")
    b.part("frame", "side panels", "body", "uprights")
    for s in (1, -1):
        if form == "case":
            b.box((d, 0.02, h), (-d / 2, s * (w / 2 + 0.01), h / 2))
        else:
            for x in (-0.012, -d + 0.012):
                lean = 0.0 if form == "posts" or x < -0.1 else d * 0.6
                b.rod(
                    (x + lean, s * (w / 2 + 0.012), 0),
                    (x, s * (w / 2 + 0.012), h),
                    0.013,
                    sides=b.pick(4, 12),
                )
    if form == "case" and b.maybe(0.6):
        b.part("back panel", "back", "rear wall")
        b.box((0.008, w, h), (-d - 0.004, 0, h / 2))
    for k in range(rows):
        b.part(*SHELF)
        z = 0.06 + k * (h - 0.08) / (rows - 1)
        reach = d + (0.6 * d * (1 - z / h) if form == "ladder" else 0)
        b.box((reach - 0.004, w, b.u(0.015, 0.03)), (-d + reach / 2, 0, z))
    if b.maybe(0.4):
        b.part("books", "row of books", "book")
        for k in range(n := b.n(3, 6)):
            tall = b.u(0.6, 0.9) * (h - 0.08) / (rows - 1)
            b.box(
                (d * 0.7, 0.03, tall),
                (
                    -d * 0.5,
                    -w * 0.45 + 0.016 + k * 0.034 * min(1, w / n / 0.05),
                    0.075 + (h - 0.08) / (rows - 1) + tall / 2,
                ),
            )
