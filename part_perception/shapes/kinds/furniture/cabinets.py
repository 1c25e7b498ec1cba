"""Room cabinets: cabinets, chests of drawers, nightstands, TV units, wardrobes, bookcases, filing cabinets."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.carcass import (
    Case,
    base,
    carcass_with_fronts,
    random_column,
    rows,
    spread,
)
from part_perception.shapes.kinds.furniture.handles import front_style
from part_perception.shapes.lexicon import MIRROR, SHELF


def board(b: Builder) -> float:
    return b.pick(0.016, 0.018, b.u(0.012, 0.022), b.u(0.022, 0.04))


def cover(b: Builder) -> float | None:
    """How far the top board overhangs, if there is one."""
    return b.pick(None, 0.0, b.u(0.005, 0.03))


def stand(b: Builder, w: float, d: float, h: float, columns, high: float | None = None, **more) -> Case:
    """A case on its base. Returns the case, so that the caller can add what goes inside or on top."""
    z = b.pick(0.0, b.u(0.03, 0.1), b.u(0.06, 0.12), b.u(0.1, 0.25)) if high is None else high
    common = {
        "board": board(b), "inset": b.maybe(0.25), "boards_named": b.maybe(0.3), "cover": cover(b),
        "ajar": b.pick(0, 0, 0, 0.3, 0.9), "handle_up": b.pick(0, 0, b.u(-0.3, 0.3)),
        "face_frame": b.pick(0, 0, 0, b.u(0.01, 0.05)),
    }  # fmt: skip
    c = Case(w, d, h, tuple(columns), z=z, **(common | more))
    carcass_with_fronts(b, c)
    base(b, w, d, z)
    return c


@kind("cabinet", "cupboard", "storage cabinet", "storage furniture", front=True)
def cabinet(b: Builder) -> None:
    w, h = b.u(0.35, 1.4), b.u(0.5, 1.5)
    count = min(3, spread(w, 0.35, 0.65, b))
    columns = [random_column(b, w / count, h) for _ in range(count)]
    if count == 3 and b.maybe(0.6):
        columns[2] = columns[0]
    stand(b, w, b.u(0.28, 0.55), h, columns)


@kind("sideboard", "buffet", "credenza", "cabinet", front=True)
def sideboard(b: Builder) -> None:
    w, h = b.u(1.1, 2.1), b.u(0.5, 0.85)
    count = b.n(2, 4)
    columns = [random_column(b, w / count, h) for _ in range(count)]
    if b.maybe():
        columns = columns[: (count + 1) // 2] + columns[: count // 2][::-1]
    if b.maybe(0.15):
        columns = [(1, (("sliding", 1),))]
    stand(b, w, b.u(0.35, 0.5), h, columns)


@kind("dresser", "chest of drawers", "commode", "drawers", front=True)
def dresser(b: Builder) -> None:
    count = b.pick(1, 1, 2, 2, 3)
    w, h = (b.u(0.4, 0.95), b.u(0.6, 1.3)) if count == 1 else (b.u(0.9, 1.8), b.u(0.6, 1.1))
    tall = b.n(3, 6) if count == 1 else b.n(2, 4)
    cells = rows("drawer", tall, b.pick(1, 1, b.u(1.05, 1.25)))
    c = stand(b, w, b.u(0.35, 0.55), h, [(1, cells)] * count, cover=b.pick(None, 0.0, b.u(0.005, 0.03)))
    if b.maybe(0.12):
        b.part(*MIRROR)
        top = c.z + h - 0.005
        size = b.u(0.5, 0.8)
        b.box((0.02, w * b.u(0.5, 0.8), size), (-c.d + 0.02, 0, top + size / 2))


@kind("narrow chest of drawers", "chest of drawers", "drawer unit", "tallboy", front=True)
def tallboy(b: Builder) -> None:
    stand(b, b.u(0.3, 0.5), b.u(0.3, 0.5), b.u(0.7, 1.4), [(1, rows("drawer", b.n(4, 7)))])


@kind("nightstand", "bedside table", "bedside cabinet", "night table", front=True)
def nightstand(b: Builder) -> None:
    cells = b.pick(
        rows("drawer", b.n(1, 3)), rows("drawer", 2), (("drawer", 1), ("open", b.u(0.8, 2))),
        (("open", 1), ("drawer", 1)), (("door", 1),), (("drawer", 1), ("door", 2)), (("open", 1), ("door", 1.5)),
    )  # fmt: skip
    stand(b, b.u(0.3, 0.6), b.u(0.28, 0.45), b.u(0.25, 0.55), [(1, cells)])


@kind("TV unit", "TV stand", "TV cabinet", "media console", "entertainment unit", front=True)
def tv_unit(b: Builder) -> None:
    w, h, count = b.u(0.9, 2.2), b.u(0.25, 0.6), b.n(1, 4)
    options = ("open", "drawer", "door", "flap down", "glass", "drawers")
    columns = []
    for _ in range((count + 1) // 2):
        form = b.pick(*options)
        cells = rows("drawer", 2) if form == "drawers" else ((form, 1),)
        if form != "open" and b.maybe(0.35):
            cells = (("open", b.u(0.4, 0.8)), *cells)
        columns.append((b.u(0.8, 1.5), cells))
    columns = columns + columns[: count // 2][::-1]
    if b.maybe(0.15):
        columns = [(1, (("sliding", 1),))]
    c = stand(b, w, b.u(0.32, 0.5), h, columns, shelves=(0, 1))
    if b.maybe(0.25):
        b.part("television", "TV", "screen", "TV set")
        wide, z = w * b.u(0.5, 0.8), c.z + h + 0.05
        b.box((0.03, wide, wide * 0.56), (-c.d / 2, 0, z + 0.04 + wide * 0.28))
        b.part("TV base", "stand", "base", "what it stands on")
        b.box((0.18, wide * 0.4, 0.012), (-c.d / 2, 0, z))
        b.box((0.03, 0.06, 0.07), (-c.d / 2 - 0.01, 0, z + 0.02))


@kind("wardrobe", "closet", "armoire", "clothes cabinet", front=True)
def wardrobe(b: Builder) -> None:
    w, d, h = b.u(0.5, 2.2), b.u(0.48, 0.66), b.u(1.6, 2.3)
    count = max(1, round(w / b.u(0.45, 0.9)))
    door = "pair" if w / count > 0.6 else "door"
    low = b.pick((), (), (("drawer", 0.14),), rows("drawer", 2))
    low = tuple((f, 0.14) for f, _ in low)
    columns: list[tuple[float, tuple]] = [(1, ((door, 1), *low))] * count
    if b.maybe(0.3) and w > 1.0:
        columns = [(1, (("sliding", 1),))]
    elif b.maybe(0.2) and count > 1:
        columns[-1] = (0.7, (("open", 1.2), *rows("drawer", 3)))
    c = stand(b, w, d, h, columns, high=b.pick(0.0, b.u(0.04, 0.12)), shelves=(0, 1))
    if c.ajar > 0.1:
        b.part("clothes rail", "hanging rail", "rod", "where to hang clothes")
        z = c.z + h - 0.1
        b.rod((-d / 2, -w / 2 + 0.03, z), (-d / 2, w / 2 - 0.03, z), 0.013)
    if b.maybe(0.1):
        b.part(*MIRROR)
        tall = h * 0.6
        b.box((0.006, w / count * 0.5, tall), (0.03, w / 2 - w / count / 2, c.z + h * 0.55))


@kind("bookcase", "bookshelf", "shelf", "shelving unit", "shelves", front=True)
def bookcase(b: Builder) -> None:
    w, d, h, count = b.u(0.35, 1.6), b.u(0.2, 0.42), b.u(0.6, 2.2), b.pick(1, 1, 2, 3)
    tall = max(2, min(6, round(h / b.u(0.26, 0.42))))
    low = b.pick((), (), (("pair" if w / count > 0.6 else "door", b.u(1, 2)),), (("drawer", 0.6),))
    cells = (*rows("open", tall), *low)
    if b.maybe(0.2):
        cells = (("glass pair" if w / count > 0.6 else "glass", tall), *low)
    c = stand(b, w, d, h, [(1, cells)] * count, back=b.maybe(0.7), shelves=(0, 0), handle_up=b.u(-0.2, 0.2))
    if b.maybe(0.3):
        _books(b, w / count, d, c, h * 1 / (tall + sum(s for _, s in low)))


def _books(b: Builder, w: float, d: float, c: Case, gap: float) -> None:
    b.part("books", "row of books", "book")
    z, y, thick = c.z + c.h - c.board - gap + c.board, c.w / 2 - 2 * c.board - 0.02, b.u(0.02, 0.05)
    for k in range(min(b.n(3, 8), int((w - 0.06) / thick))):
        tall = gap * b.u(0.5, 0.8)
        b.box((d * 0.65, thick * 0.95, tall), (-d * 0.5, y - (k + 0.5) * thick, z - c.board / 2 + tall / 2))


@kind("cube shelf", "cube storage", "shelf", "room divider", "storage furniture", front=True)
def cube_shelf(b: Builder) -> None:
    columns, high, k = b.n(1, 4), b.n(1, 5), b.u(0.3, 0.4)
    fill = b.pick(("open",), ("open", "open", "door"), ("open", "drawer", "door", "open"))
    cells = [(1, tuple((b.pick(*fill), 1) for _ in range(high))) for _ in range(columns)]
    board_t = b.u(0.015, 0.04)
    stand(
        b, columns * k, b.u(0.28, 0.4), high * k, cells, high=b.pick(0.0, 0.0, 0.1), inset=True,
        back=b.maybe(0.4), board=board_t, shelves=(0, 0),
    )  # fmt: skip


@kind("filing cabinet", "office cabinet", "drawer unit", "pedestal", front=True)
def filing_cabinet(b: Builder) -> None:
    count = b.n(2, 5)
    cells = rows("drawer", count) if b.maybe(0.6) else (*rows("drawer", 2), ("drawer", 2))
    stand(
        b, b.u(0.36, 0.5), b.u(0.4, 0.65), b.u(0.5, 0.62) if count < 4 else b.u(1.0, 1.4), [(1, cells)],
        high=b.pick(0.0, 0.04, b.u(0.04, 0.07)), style=front_style(b, relief="plain"),
    )  # fmt: skip


@kind("shoe cabinet", "shoe rack", "shoe cupboard", front=True)
def shoe_cabinet(b: Builder) -> None:
    count = b.n(1, 2)
    cells = rows("flap down", b.n(2, 4))
    if b.maybe(0.4):
        cells = (("drawer", 0.4), *cells)
    stand(b, count * b.u(0.45, 0.8), b.u(0.17, 0.32), b.u(0.7, 1.4), [(1, cells)] * count)


@kind("glass cabinet", "display cabinet", "vitrine", "china cabinet", front=True)
def display_cabinet(b: Builder) -> None:
    w, h = b.u(0.4, 1.2), b.u(1.2, 2.0)
    glass = "glass pair" if w > 0.6 else "glass"
    low = b.pick((), (("pair" if w > 0.6 else "door", 0.5),), (("drawer", 0.15),), rows("drawer", 2))
    low = tuple((f, min(s, 0.4)) for f, s in low)
    stand(b, w, b.u(0.3, 0.45), h, [(1, ((glass, 1), *low))], shelves=(2, 4))


@kind("hutch", "kitchen dresser", "buffet with hutch", "cupboard", front=True)
def hutch(b: Builder) -> None:
    """A lower cabinet and a shallower one standing on it."""
    w, d, low, high = b.u(0.8, 1.5), b.u(0.38, 0.5), b.u(0.7, 0.95), b.u(0.7, 1.1)
    style, count = front_style(b), b.n(1, 3)
    c = stand(
        b, w, d, low, [(1, (("drawer", 0.3), ("pair" if w / count > 0.6 else "door", 1)))] * count,
        high=b.pick(0.0, 0.08), style=style, cover=0.015,
    )  # fmt: skip
    shallow = d * b.u(0.55, 0.75)
    upper = b.pick((("glass pair", 1),), rows("open", 3), (("open", 0.5), ("pair", 1)))
    with b.moved((shallow - d, 0, c.z + low + 0.04)):
        more = Case(w, shallow, high, ((1, upper),), inset=c.inset, ajar=c.ajar, style=style, cover=0.0)
        carcass_with_fronts(b, more)


@kind("changing table", "baby changing table", "nappy table", front=True)
def changing_table(b: Builder) -> None:
    w, d, h = b.u(0.75, 1.0), b.u(0.5, 0.75), b.u(0.75, 0.95)
    columns = [(1, rows("drawer", b.n(2, 4))), (1, b.pick((("door", 1),), rows("open", 2)))][: b.n(1, 2)]
    c = stand(b, w, d, h, columns, high=b.pick(0.0, 0.06), cover=0.0)
    top = c.z + h + 0.03
    b.part("rim", "guard", "rail", "border")
    for s in (1, -1):
        b.box((d, 0.016, 0.1), (-d / 2, s * w / 2, top + 0.04))
    b.box((0.016, w, 0.1), (-d, 0, top + 0.04))
    b.part("mattress", "pad", "changing mat", "where to lie")
    b.box((d * 0.9, w * 0.9, 0.06), (-d / 2, 0, top + 0.035), round=0.8)


@kind("crate shelf", "shelf on a wall", "wall shelf", "hanging shelf", rest="mounted", front=True)
def wall_box(b: Builder) -> None:
    w, h, d = b.u(0.3, 1.2), b.u(0.2, 0.9), b.u(0.12, 0.3)
    count = b.n(1, 3)
    columns = [(1, rows("open", b.n(1, 3)))] * count
    if b.maybe(0.3):
        columns[0] = (1, ((b.pick("door", "drawer", "flap up"), 1),))
    with b.moved((d, 0, -h / 2)):
        carcass_with_fronts(b, Case(w, d, h, tuple(columns), back=b.maybe(), board=board(b), inset=True,
                                    boards_named=b.maybe(), shelves=(0, 0)))  # fmt: skip


@kind("wall shelf", "floating shelf", "shelf", "shelf board", rest="mounted", front=True)
def wall_shelf(b: Builder) -> None:
    w, d, count = b.u(0.3, 1.2), b.u(0.12, 0.32), b.pick(1, 1, 2, 3)
    gap, t, form = b.u(0.22, 0.35), b.u(0.014, 0.04), b.pick("bracket", "bracket", "rails", "none")
    ys = np.array((-1, 1)) * w * b.u(0.3, 0.46)
    if form == "rails":
        for y in ys:
            b.part("rail", "upright", "wall rail", "what holds the shelf")
            b.box((0.014, 0.025, count * gap), (0.007, y, (count - 1) * gap / 2))
    for k in range(count):
        b.part(*SHELF)
        b.box((d, w, t), (d / 2 + 0.012, 0, k * gap))
        for y in ys if form != "none" else ():
            b.part("bracket", "support", "what holds the shelf")
            low = k * gap - t / 2
            tall = d * b.u(0.3, 0.9)
            b.box((0.008, 0.025, tall), (0.012, y, low - tall / 2))
            b.box((d * 0.9, 0.025, 0.008), (d * 0.45 + 0.01, y, low - 0.003))
            if form == "bracket" and b.maybe(0.6):
                b.rod((0.014, y, low - tall * 0.9), (d * 0.85, y, low - 0.004), 0.006)
