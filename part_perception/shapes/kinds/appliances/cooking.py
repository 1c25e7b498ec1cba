"""Cooking appliances: cookers, built-in and small ovens, microwaves, hobs, hoods. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides
from part_perception.shapes.forms import loft
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import (
    Field,
    control_panel,
    dial,
    display,
    push_button,
)
from part_perception.shapes.kinds.appliances.fronts import (
    feet,
    handle,
    housing,
    hung,
    leaf,
    lining,
    opening_angle,
    rack,
)
from part_perception.shapes.lexicon import BURNER, DRAWER, GRATE, RACK

OVEN_DOOR = ("door", "oven door", "what swings open", "front")
OVEN_INSIDE = ("inside", "oven", "cavity", "where the food goes")
HOB = ("cooktop", "hob", "stove top", "where to cook")


def oven_front(b: Builder, field: Field, deep: float, body_of, angle: float, thick: float) -> None:
    """Parts: an oven's body by body_of(cavities), its door hinged at the bottom, racks and walls inside when open."""
    cavity = Field(field.y, field.z - field.tall * 0.03, field.wide * 0.84, field.tall * 0.8)
    body = body_of([(cavity, deep - 0.05)] if angle else ())
    if angle:
        lining(b, cavity, deep - 0.05, body, OVEN_INSIDE)
        for z in np.linspace(-0.25, 0.25, b.n(1, 3)) * cavity.tall:
            out = b.u(0, 0.25) if b.maybe(0.3) and angle > 1.2 else 0.0
            if b.maybe(0.7):
                rack(b, -0.02 + out, cavity.y, cavity.z + z, deep * 0.8, cavity.wide * 0.97, RACK)
            else:
                b.part("baking tray", "tray", "pan", "where the food goes")
                b.box(
                    (deep * 0.75, cavity.wide * 0.95, 0.02),
                    (-deep * 0.42 + out, cavity.y, cavity.z + z),
                    taper=1.03,
                )
    with hung(b, field, "low", angle, 0.002, np.pi / 2) as swing:
        window = None
        if b.maybe(0.85):
            window = Field(
                0, field.tall * b.u(-0.08, 0.0), field.wide * b.u(0.55, 0.9), field.tall * b.u(0.4, 0.7)
            )
        door = leaf(b, field.wide - 0.004, field.tall - 0.004, thick, swing, window, OVEN_DOOR)
        z = field.tall * b.u(0.39, 0.44)
        form = b.pick("bar", "bar", "square", "bow", "strip")
        handle(b, (thick, 0, z), False, field.wide * b.u(0.6, 0.92), door, form)


def cooking_top(b: Builder, place: Field, z: float, style: str) -> None:
    """Parts: the zones of a level top at height z, gas burners with grates; the place's z and height run along x."""
    columns = 1 if place.wide < 0.36 else (2 if place.wide < 0.68 else b.pick(2, 3))
    rows = 1 if place.tall < 0.3 else 2
    cell_y, cell_x = place.wide / columns, place.tall / rows
    most = min(cell_x, cell_y) * 0.46
    for i in range(columns):
        for k in range(rows):
            x, y = place.z + (k - (rows - 1) / 2) * cell_x, place.y + (i - (columns - 1) / 2) * cell_y
            r = most * b.u(0.7, 0.98)
            b.part(*BURNER)
            if style == "gas":
                q = r * b.u(0.32, 0.5)
                b.lathe([(q * 1.5, z - 0.001), (q * 1.4, z + 0.006), (q, z + 0.008), (q, z + 0.016),
                         (q * 0.85, z + 0.021), (0, z + 0.022)], (x, y, 0))  # fmt: skip
            elif style == "coil":
                for t in np.linspace(0.25, 1, 4):
                    b.ring((x, y, z + 0.008), r * t, 0.005)
            elif style == "plate":
                b.lathe([(r, z - 0.001), (r, z + 0.008), (r * 0.95, z + 0.012), (r * 0.3, z + 0.011), (0, z + 0.009)],
                        (x, y, 0))  # fmt: skip
            else:
                b.lathe(
                    [(r, z + 0.002), (r, z + 0.0025), (r - 0.006, z + 0.0035), (r - 0.008, z + 0.002)],
                    (x, y, 0),
                )
    if style == "gas":
        _grates(b, place, z, columns, rows)


def _grates(b: Builder, place: Field, z: float, columns: int, rows: int) -> None:
    top, r, whole = z + b.u(0.028, 0.045), b.u(0.004, 0.007), b.maybe(0.5)
    sides = b.pick(4, 4, 8)
    cell_x = place.tall if whole else place.tall / rows
    cell_y = place.wide / columns
    for i in range(columns):
        for k in range(1 if whole else rows):
            b.part(*GRATE)
            x = place.z + (0.0 if whole else (k - (rows - 1) / 2) * cell_x)
            y = place.y + (i - (columns - 1) / 2) * cell_y
            hx, hy = cell_x * 0.47, cell_y * 0.47
            ring = [(x - hx, y - hy), (x + hx, y - hy), (x + hx, y + hy), (x - hx, y + hy), (x - hx, y - hy)]
            b.tube([(p, q, top) for p, q in ring], r, sides=sides, smooth=False)
            for p, q in ring[:4]:
                b.rod((p, q, z), (p, q, top), r, sides=4)
            b.rod((x - hx, y, top), (x + hx, y, top), r, sides=sides)
            for m in (-0.5, 0.5) if whole and rows == 2 else (0.0,):
                b.rod((x + m * hx, y - hy, top), (x + m * hx, y + hy, top), r, sides=sides)


@kind("oven", "stove", "cooker", "kitchen range", "range cooker", front=True)
def oven(b: Builder) -> None:
    w, d, h = b.u(0.48, 0.95), b.u(0.52, 0.66), b.u(0.82, 0.94)
    low, thick = h * b.pick(b.u(0.05, 0.1), b.u(0.18, 0.28)), b.u(0.02, 0.045)
    panel = h * b.u(0.1, 0.16)
    on_back = b.maybe(0.25)
    top = h - (0.03 if on_back else panel)
    field = Field.between(-w / 2, w / 2, low, top)
    front = Field.between(-w / 2, w / 2, 0.03, h - 0.01)
    angle = opening_angle(b, 0.3, 1.5)
    oven_front(b, field, d, lambda cavities: housing(b, front, d, cavities), angle, thick)
    if low > 0.12:
        out = b.u(0.05, 0.35) if b.maybe(0.15) else 0.0
        drawer = b.part(*DRAWER, joint=slides((1, 0, 0), 0.4, out))
        b.box((0.025, w - 0.006, low - 0.045), (out + 0.013, 0, (low + 0.035) / 2), round=0.2)
        if out:
            b.box((out, w * 0.9, 0.01), (out / 2, 0, 0.06))
        if b.maybe(0.7):
            handle(b, (out + 0.025, 0, low * 0.72), False, w * b.u(0.3, 0.85), drawer)
    style = b.pick("gas", "gas", "coil", "plate", "glass")
    b.part(*HOB)
    b.box((d + 0.01, w * 1.002, 0.025), (-d / 2 + 0.005, 0, h + 0.002), round=b.pick(0, 0.4))
    cooking_top(b, Field(0, -d * 0.48, w * 0.92, d * 0.84), h + 0.0145, style)
    if on_back:
        tall = b.u(0.1, 0.2)
        b.part("back panel", "back guard", "splash back")
        b.box((0.06, w, tall), (-d + 0.03, 0, h + 0.01 + tall / 2), round=0.1)
        with b.moved((-d + 0.061, 0, h + 0.015 + tall / 2)):
            control_panel(b, Field(0, 0, w * 0.94, tall * 0.7), 0.004, content=("knobs", "display", "knobs"))
    else:
        lean = b.pick(0, 0, b.u(0.1, 0.35))
        with b.moved((0.002, 0, top + panel / 2), pitch=-lean):
            field = Field(0, 0, w * 0.995, panel * 0.95)
            control_panel(
                b,
                field,
                b.u(0.004, 0.02),
                content=b.pick(("knobs", "display", "knobs"), ("knobs",), ("knobs", "knobs")),
            )
    if b.maybe(0.4):
        feet(b, w, d, 0.032)
    else:
        b.part("base", "plinth", "bottom", "what it stands on")
        b.box((d * 0.9, w * 0.96, 0.035), (-d / 2 - 0.02, 0, 0.0175))


@kind("built-in oven", "wall oven", "oven", "electric oven", front=True)
def built_in_oven(b: Builder) -> None:
    w, h, d, thick = b.u(0.55, 0.62), b.u(0.42, 0.62), b.u(0.5, 0.57), b.u(0.02, 0.04)
    panel = b.u(0.07, 0.13)
    double = b.maybe(0.15)
    total = h * (1.75 if double else 1.0)
    front = Field.between(-w / 2, w / 2, 0, total)
    doors = [Field.between(-w / 2, w / 2, 0, h - panel)]
    if double:
        doors.append(Field.between(-w / 2, w / 2, h - panel + 0.01, total - panel))
    angles = [opening_angle(b, 0.35, 1.55) for _ in doors]
    if double:
        which = int(np.argmax(angles))
        angles = [a if k == which else 0.0 for k, a in enumerate(angles)]
    order = sorted(range(len(doors)), key=lambda k: -angles[k])
    for n, k in enumerate(order):
        body_of = (
            (lambda cavities: housing(b, front.smaller(0.01), d, cavities))
            if n == 0
            else (lambda cavities: 0)
        )
        oven_front(b, doors[k], d, body_of, angles[k], thick)
    bar = Field.between(-w / 2, w / 2, total - panel, total).smaller(0.001)
    content = b.pick(("knobs", "display", "knobs"), ("display", "knobs"), ("buttons", "display", "buttons"),
                     ("knobs", "display", "buttons"), ("knobs",))  # fmt: skip
    control_panel(b, bar, thick * b.u(0.6, 1.0), content=content)
    if b.maybe(0.25):
        b.part("frame", "trim", "border")
        for s in (1, -1):
            b.box((0.012, 0.025, total), (0.006, s * (w / 2 + 0.012), total / 2))


@kind("cooktop", "hob", "stove top", "hot plate", "gas hob", "induction hob")
def cooktop(b: Builder) -> None:
    w, d = b.pick(b.u(0.27, 0.34), b.u(0.55, 0.9)), b.u(0.28, 0.54)
    h, style = b.pick(b.u(0.008, 0.02), b.u(0.05, 0.11)), b.pick("gas", "gas", "coil", "plate", "glass")
    b.part("plate", "body", "surface", "housing")
    b.box((d, w, h), (0, 0, h / 2), round=b.u(0, 0.4))
    where = b.pick("front", "front", "side", "edge") if w > 0.4 else b.pick("front", "edge")
    where = "edge" if where == "front" and h > 0.05 else where
    where = "front" if where == "edge" and h < 0.05 else where
    strip = 0.075
    if where == "side":
        cooking_top(b, Field(-strip / 2, 0, w - strip - 0.03, d * 0.92), h, style)
    elif where == "front":
        cooking_top(b, Field(0, -strip / 2, w * 0.94, d - strip - 0.02), h, style)
    else:
        cooking_top(b, Field(0, 0, w * 0.94, d * 0.92), h, style)
    count = b.n(4, 6) if w > 0.4 else b.n(1, 2)
    r = b.u(0.015, 0.02)
    spread = np.linspace(-1, 1, count) if count > 1 else (0.0,)
    if style == "glass" and where != "edge":
        with b.moved(
            (d / 2 - 0.04 if where == "front" else 0, 0 if where == "front" else w / 2 - 0.045, h),
            pitch=-np.pi / 2,
        ):
            field = Field(0, 0, w * 0.5, 0.05) if where == "front" else Field(0, 0, 0.06, d * 0.6)
            control_panel(b, field, 0.003, content=("display", "buttons"))
        return
    for k in spread:
        if where == "edge":
            dial(b, (d / 2, k * w * 0.35, h / 2), min(r, h * 0.4))
            continue
        x, y = (d / 2 - 0.04, k * w * 0.3) if where == "front" else (k * d * 0.33, w / 2 - 0.045)
        with b.moved((x, y, h), pitch=-np.pi / 2):
            dial(b, (0, 0, 0), r)


@kind("range hood", "extractor hood", "cooker hood", "kitchen hood", rest="mounted", front=True)
def range_hood(b: Builder) -> None:
    w, d, t = b.u(0.5, 1.0), b.u(0.38, 0.52), b.u(0.035, 0.08)
    form = b.pick("pyramid", "flat", "box", "slanted", "curved")
    b.part("hood", "body", "canopy", "where the steam goes in")
    low = t
    if form == "slanted":
        with b.moved((d * 0.42, 0, d * 0.42), pitch=-b.u(0.5, 0.9)):
            b.box((t, w, d * 1.05), round=0.2)
        b.box((d * 0.45, w * 0.8, d * 0.5), (d * 0.24, 0, d * 0.5))
        low = d * 0.75
    else:
        b.box((d, w, t), (d / 2, 0, t / 2), round=b.pick(0, 0.3))
        if form == "pyramid":
            rise, back = b.u(0.12, 0.3), d * 0.14 + 0.05
            rim, neck = (d / 2 * 0.97, w / 2 * 0.97, t, d / 2), (back - 0.01, 0.17, t + rise, back)
            loft(b, [(0, 0, t, d / 2), rim, neck, (0, 0, t + rise, back)], boxy=1.0)
            low = t + rise * 0.95
        elif form == "box":
            b.box((d * 0.6, w, 0.1), (d * 0.3, 0, t + 0.05))
            low = t + 0.1
        elif form == "curved":
            b.part("glass", "canopy", "screen", "glass pane")
            turn = np.linspace(-1, 1, 13)[:, None]
            x = np.linspace(0, d * 1.05, 4)[None]
            b.sheet(np.stack([x + 0 * turn, turn * w * 0.62 + 0 * x, t + 0.02 - 0.05 * turn**2 + 0 * x], 2))
    if form != "box" or b.maybe(0.3):
        b.part("chimney", "duct", "pipe", "flue")
        h = b.u(0.3, 0.8)
        if b.maybe(0.85):
            b.box((d * 0.5, b.u(0.22, 0.32), h), (d * 0.26 + 0.01, 0, low + h / 2))
        else:
            b.rod((d * 0.3, 0, low - 0.02), (d * 0.3, 0, low + h), b.u(0.07, 0.13))
    if b.maybe(0.7):
        b.part("filter", "grease filter", "grid", "grille")
        for s in b.pick((0,), (-0.22, 0.22)):
            b.box((d * 0.7, w * (0.4 if s else 0.8), 0.008), (d * 0.5, s * w, -0.003))
    if form == "slanted":
        return
    if b.maybe(0.3):
        control_panel(b, Field(0, t / 2, w * 0.4, t * 0.8), 0.003, x=d, content=("buttons", "display"))
    else:
        size, at = min(t * 0.5, 0.018), w * b.pick(0.0, 0.25)
        for k in np.arange(n := b.n(3, 5)) - (n - 1) / 2:
            push_button(b, (d, at + k * 0.03, t / 2), size, size)
    if b.maybe(0.3):
        display(b, (d, w * -0.2, t / 2), 0.06, t * 0.5)
