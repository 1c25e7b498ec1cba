"""Big machines of the home. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.appliances import BODY, PANEL, buttons, dial
from part_perception.training.engine.kinds.storage import SHELF, carcass
from part_perception.training.engine.lexicon import (
    BUTTON,
    DOOR,
    DRAWER,
    PULL,
)


def _bar(b: Builder, start, end, reach: float, inside: int, r: float = 0.011) -> None:
    """A bar handle standing off a front between two points."""
    b.part(*PULL, inside=inside)
    start, end = np.asarray(start, float), np.asarray(end, float)
    off = np.array((reach, 0, 0))
    b.tube([start, start + off, end + off, end], r, smooth=False)


@kind("refrigerator", "fridge", "freezer")
def refrigerator(b: Builder) -> None:
    w, d, h = b.u(0.5, 0.95), b.u(0.5, 0.7), b.u(0.8, 1.95)
    plan = b.pick("one", "two", "two") if w < 0.75 else b.pick("side", "french")
    if h < 1.2:
        plan = "one"
    split, side = h * (b.u(0.25, 0.4) if b.maybe() else b.u(0.62, 0.72)), b.pick(1, -1)
    leaves = {
        "one": [(0, w, 0.03, h)],
        "two": [(0, w, 0.03, split), (0, w, split, h)],
        "side": [(0.25 * w, w / 2, 0.03, h), (-0.25 * w, w / 2, 0.03, h)],
        "french": [(0, w, 0.03, h * 0.35), (0.25 * w, w / 2, h * 0.35, h), (-0.25 * w, w / 2, h * 0.35, h)],
    }[plan]
    opened = [b.maybe(0.2) and not (plan == "french" and k == 0) for k in range(len(leaves))]
    carcass(b, w, d, 0.02, h - 0.02, not any(opened), ("body", "fridge body", "case", "housing"))
    for k in range(3) if any(opened) else ():
        b.part(*SHELF)
        b.box((d * 0.85, w - 0.05, 0.012), (-d * 0.52, 0, h * (0.25 + 0.22 * k)))
    inset = b.maybe(0.25)
    for k, (y, wide, low, high) in enumerate(leaves):
        s = side if wide == w else (1 if y > 0 else -1)
        drawer = plan == "french" and k == 0
        leaf = b.part(*(DRAWER if drawer else DOOR))
        with b.moved(
            (0.003, y + s * wide / 2, (low + high) / 2), yaw=s * b.u(0.3, 1.9) if opened[k] else 0.0
        ):
            t, tall = 0.05, high - low - 0.006
            b.box((t, wide - 0.006, tall), (t / 2, -s * wide / 2, 0), round=b.u(0, 0.5))
            hy = -s * (wide - 0.05)
            if drawer:
                _bar(b, (t, hy, tall * 0.35), (t, -s * 0.05, tall * 0.35), 0.045, leaf)
            elif inset:
                b.part(*PULL, inside=leaf)
                b.box((0.02, 0.03, tall * 0.25), (t + 0.005, hy - s * 0.01, 0), round=0.3)
            else:
                span = min(0.5 * tall, 0.5)
                mid = tall * 0.2 * (-1 if low < 0.1 and plan != "two" else (1 if low < 0.1 else -1))
                _bar(b, (t, hy, mid - span / 2), (t, hy, mid + span / 2), 0.045, leaf)
    if b.maybe(0.25):
        b.part("dispenser", "water dispenser", "ice dispenser", "where the water comes out")
        b.box((0.03, 0.16, 0.3), (0.05, leaves[-1][0] * 0.5 - 0.0, h * 0.65), round=0.3)


@kind("oven", "stove", "cooker", "kitchen range")
def oven(b: Builder) -> None:
    w, d, h = b.u(0.5, 0.76), b.u(0.55, 0.65), b.u(0.84, 0.92)
    b.part(*BODY)
    b.box((d, w, h - 0.01), (-d / 2, 0, h / 2))
    b.part("cooktop", "hob", "stove top", "where to cook")
    b.box((d, w * 0.99, 0.02), (-d / 2, 0, h + 0.005))
    gas = b.maybe()
    for sx in (0.27, 0.73):
        for s in (1, -1):
            b.part("burner", "hot plate", "cooking zone", "where the pot stands")
            r = b.u(0.06, 0.1)
            x, y = -d * sx, s * w * 0.25
            b.lathe(
                [
                    (0, h + 0.014),
                    (r * 0.6 if gas else r, h + 0.014),
                    (r * 0.5 if gas else r, h + 0.024),
                    (0, h + 0.025),
                ],
                (x, y, 0),
            )
            if gas:
                b.rod((x - 0.1, y, h + 0.035), (x + 0.1, y, h + 0.035), 0.006, sides=4)
                b.rod((x, y - 0.1, h + 0.035), (x, y + 0.1, h + 0.035), 0.006, sides=4)
    low = h * b.u(0.12, 0.25)
    top = h * 0.82
    door = b.part(*DOOR)
    with b.moved((0.002, 0, low), pitch=b.pick(0, 0, 0, b.u(0.3, 1.4))):
        tall = top - low - 0.01
        b.box((0.035, w * 0.96, tall), (0.018, 0, tall / 2), round=0.2)
        b.part("window", "glass", "what one looks through", inside=door)
        b.box((0.01, w * 0.65, tall * 0.5), (0.033, 0, tall * 0.48), round=0.2)
        _bar(b, (0.034, -w * 0.4, tall * 0.9), (0.034, w * 0.4, tall * 0.9), 0.045, door)
    if b.maybe(0.6):
        front = b.part(*DRAWER)
        b.box((0.03, w * 0.96, low - 0.04), (0.016, 0, low / 2 + 0.01), round=0.2)
        _bar(b, (0.03, -w * 0.2, low * 0.7), (0.03, w * 0.2, low * 0.7), 0.03, front, 0.008)
    b.part(*PANEL)
    b.box((0.03, w * 0.98, h - top - 0.02), (0.012, 0, (h + top) / 2 + 0.002), round=0.2)
    for y in np.linspace(-0.4, 0.4, b.n(4, 6)) * w:
        dial(b, (0.026, y, (h + top) / 2), b.u(0.018, 0.022))
    if b.maybe(0.35):
        b.part("back panel", "back guard", "control panel")
        b.box((0.05, w, 0.15), (-d + 0.03, 0, h + 0.08), round=0.2)


@kind("cooktop", "hob", "stove top", "hot plate")
def cooktop(b: Builder) -> None:
    w, d = b.u(0.28, 0.75), b.u(0.28, 0.5)
    b.part("body", "housing", "plate", "surface")
    h = b.pick(0.012, b.u(0.04, 0.08))
    b.box((d, w, h), (0, 0, h / 2), round=0.2)
    grid = [(-0.15, 0)] if w < 0.4 else [(-0.25, -0.25), (-0.25, 0.25), (0.15, -0.25), (0.15, 0.25)]
    for x, y in grid:
        b.part("burner", "hot plate", "cooking zone", "where the pot stands")
        r = min(w, d) * b.u(0.16, 0.22) * (1.5 if len(grid) == 1 else 1)
        b.lathe([(0, h), (r, h), (r * 0.95, h + 0.01), (0, h + 0.012)], (x * d, y * w, 0))
    for y in np.linspace(-0.3, 0.3, 4) * w if len(grid) > 1 else (0.0,):
        b.part("knob", "dial", "control knob", "what to turn")
        b.cone((d * 0.41, y, h - 0.001), (d * 0.41, y, h + 0.022), 0.018, 0.015)


@kind("range hood", "extractor hood", "cooker hood", rest="mounted")
def range_hood(b: Builder) -> None:
    w, d, h = b.u(0.5, 0.9), b.u(0.4, 0.5), b.u(0.4, 0.8)
    b.part("hood", "body", "funnel", "where the steam goes in")
    b.box((d, w, 0.05), (d / 2, 0, 0.025))
    b.box((d * 0.95, w * 0.95, 0.18), (d * 0.48, 0, 0.139), taper=0.35)
    b.part("chimney", "duct", "pipe")
    b.box((d * 0.5, w * 0.33, h), (d * 0.3, 0, 0.22 + h / 2))
    buttons(b, d + 0.003, np.linspace(-0.08, 0.08, 4), (0.025,), 0.02)


@kind("dishwasher", "dish washer")
def dishwasher(b: Builder) -> None:
    w, d, h = b.u(0.45, 0.6), b.u(0.55, 0.62), b.u(0.8, 0.87)
    angle = b.pick(0, 0, b.u(0.3, 1.55))
    carcass(b, w, d, 0.08, h - 0.08, angle == 0, BODY)
    b.box((d * 0.9, w * 0.95, 0.08), (-d / 2 - 0.03, 0, 0.04))
    if angle:
        b.part("rack", "basket", "where the dishes go")
        out = b.u(0.0, 0.4)
        for z in (0.3, 0.6):
            b.box((d * 0.85, w * 0.85, 0.02), (-d * 0.5 + out, 0, h * z))
            b.box((d * 0.85, 0.01, 0.1), (-d * 0.5 + out, w * 0.42, h * z + 0.05))
            b.box((d * 0.85, 0.01, 0.1), (-d * 0.5 + out, -w * 0.42, h * z + 0.05))
    door = b.part(*DOOR)
    with b.moved((0.003, 0, 0.1), pitch=angle):
        tall = h - 0.12
        b.box((0.04, w * 0.99, tall), (0.02, 0, tall / 2), round=0.15)
        b.part(*PANEL, inside=door)
        b.box((0.012, w * 0.97, tall * 0.12), (0.04, 0, tall * 0.93))
        _bar(b, (0.04, -w * 0.35, tall * 0.8), (0.04, w * 0.35, tall * 0.8), 0.04, door)
        for y in np.linspace(0.1, 0.4, b.n(2, 4)) * w:
            b.part(*BUTTON, inside=door)
            b.rod((0.044, y, tall * 0.93), (0.052, y, tall * 0.93), 0.009)


@kind("washing machine", "washer", "tumble dryer")
def washing_machine(b: Builder) -> None:
    w, d, h = b.u(0.56, 0.62), b.u(0.45, 0.62), b.u(0.82, 0.88)
    b.part(*BODY)
    b.box((d, w, h), (-d / 2, 0, h / 2), round=0.08)
    if b.maybe(0.82):
        r, z = b.u(0.15, 0.2), h * b.u(0.45, 0.5)
        b.part("door frame", "rim", "ring around the door")
        b.ring((0.004, 0, z), r * 1.07, 0.018, axis="x")
        door = b.part("door", "round door", "porthole", "where the laundry goes in")
        with b.moved((0.008, r, z), yaw=b.pick(0, 0, b.u(0.4, 1.8))):
            with b.moved((0, -r, 0), pitch=np.pi / 2):
                b.lathe(
                    [
                        (0, -0.03),
                        (r * 0.6, -0.03),
                        (r * 0.85, 0.0),
                        (r, 0.0),
                        (r * 0.98, 0.03),
                        (r * 0.75, 0.04),
                        (r * 0.6, 0.015),
                        (0, 0.0),
                    ]
                )
            b.part("handle", "door handle", "what to pull to open it", inside=door)
            b.box((0.03, 0.03, 0.09), (0.04, -r * 1.85, 0), round=0.6)
        b.part(*PANEL)
        top = h * 0.87
        b.box((0.02, w * 0.99, h * 0.12), (0.005, 0, h * 0.93), round=0.2)
        drawer = b.part("drawer", "detergent drawer", "what slides out", "where the soap goes")
        out = b.pick(0, 0, b.u(0.03, 0.15))
        b.box((0.03 + out, w * 0.28, h * 0.09), (0.012 + out / 2, w * 0.33, h * 0.93), round=0.2)
        b.part(*PULL, inside=drawer)
        b.box((0.012, w * 0.12, 0.012), (0.03 + out, w * 0.33, top + 0.025), round=0.4)
        dial(b, (0.014, b.u(-0.05, 0.05), h * 0.93), b.u(0.025, 0.035))
        for y in np.linspace(-0.2, -0.42, b.n(2, 5)) * w:
            b.part(*BUTTON)
            b.rod((0.012, y, h * 0.93), (0.022, y, h * 0.93), 0.011)
    else:
        b.part("lid", "cover", "door", "where the laundry goes in")
        with b.moved((-d * 0.75, 0, h + 0.003), pitch=-b.pick(0, b.u(0.5, 1.6))):
            b.box((d * 0.72, w * 0.9, 0.025), (d * 0.36, 0, 0.013), round=0.4)
        b.part(*PANEL)
        b.box((d * 0.22, w * 0.98, 0.13), (-d * 0.88, 0, h + 0.06), round=0.3)
        for y in np.array((-0.3, 0, 0.3)) * w:
            dial(b, (-d * 0.77, y, h + 0.07), 0.025)
