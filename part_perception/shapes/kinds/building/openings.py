"""Doors and windows in their frames: hinged, double, sliding, shut or ajar, with their handles. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, slides, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.building.fixtures import doorknob_on, lever_on
from part_perception.shapes.kinds.furniture.fronts import board_frame
from part_perception.shapes.lexicon import DOOR, GLASS_PANEL, HINGE, PULL

FRAME = ("frame", "door frame", "door case", "border around the door")
WINDOW_FRAME = ("frame", "window frame", "border around the window")
SASH = ("sash", "window sash", "window wing", "what swings open")
SLIDING_SASH = ("sash", "window sash", "sliding sash", "what slides open")
WINDOW_HANDLE = ("handle", "window handle", "what to turn to open it")
SLIDE_DOOR = ("door", "sliding door", "door panel", "what slides open")


def door_frame(b: Builder, w: float, h: float) -> None:
    """A part: posts and a lintel around an opening that stands on z = 0; its face at x = 0 or a little before."""
    b.part(*FRAME)
    wide, deep, proud = b.u(0.04, 0.12), b.u(0.03, 0.16), b.u(0.0, 0.02)
    x = proud - deep / 2
    for s in (1, -1):
        b.box((deep, wide, h + wide), (x, s * (w + wide) / 2, (h + wide) / 2))
    b.box((deep, w, wide), (x, 0, h + wide / 2))


def door_leaf(b: Builder, w: float, h: float, t: float, form: str, leaf: int) -> None:
    """A leaf's surface, centred at the origin with its face at x = t: plain, panelled, glazed or of planks."""
    k = b.u(0.09, 0.14)
    if form == "glass":
        low = b.pick(0.0, 0.0, h * b.u(0.25, 0.5))
        with b.moved((0, 0, low / 2)):
            board_frame(b, w, h - low, t, k)
            columns, bars = b.n(1, 3), b.n(1, 5)
            for y in np.linspace(-0.5, 0.5, columns + 1)[1:-1]:
                b.box((t * 0.8, 0.025, h - low - 2 * k), (t / 2, y * (w - 2 * k), 0))
            for z in np.linspace(-0.5, 0.5, bars + 1)[1:-1]:
                b.box((t * 0.8, w - 2 * k, 0.025), (t / 2, 0, z * (h - low - 2 * k)))
            b.part(*GLASS_PANEL, inside=leaf)
            b.box((0.008, w - 2 * k, h - low - 2 * k), (t / 2, 0, 0))
        if low:
            b.again(leaf)
            b.box((t, w, low), (t / 2, 0, (low - h) / 2))
        return
    b.box((t, w, h), (t / 2, 0, 0))
    if form == "panels":
        rows, columns = b.n(1, 3), b.n(1, 2)
        for i in range(rows):
            for q in range(columns):
                size = (w * 0.78 / columns - 0.04, h * 0.86 / rows - 0.05)
                y, z = (q - (columns - 1) / 2) * w * 0.78 / columns, (i - (rows - 1) / 2) * h * 0.86 / rows
                for x in (t, 0):
                    b.box((b.u(0.008, 0.02), *size), (x, y, z), round=0.4)
    elif form == "planks":
        for z in (-0.35, 0.0, 0.35):
            b.box((0.02, w * 0.94, 0.1), (t + 0.01, 0, z * h))
    elif form == "window":
        b.part(*GLASS_PANEL, inside=leaf)
        b.box(
            (t + 0.01, w * b.u(0.2, 0.5), h * b.u(0.2, 0.45)),
            (t / 2, w * b.pick(0, 0.15), h * b.u(0.1, 0.22)),
        )


def hardware(b: Builder, w: float, h: float, t: float, side: int, leaf: int) -> None:
    """Parts: the handles on the face and on the back of a leaf centred at the origin and hinged at side * y."""
    y, z = -side * (w / 2 - b.u(0.05, 0.08)), b.u(0.95, 1.08) - h / 2
    form = b.pick("lever", "lever", "lever", "knob", "pull", "push bar")
    if form == "push bar":
        b.part("push bar", "panic bar", "handle", "what to push to open it", inside=leaf)
        b.rod((t + 0.06, -w * 0.4, z), (t + 0.06, w * 0.4, z), 0.018)
        for s in (1, -1):
            b.box((0.06, 0.04, 0.06), (t + 0.03, s * w * 0.4, z))
        return
    for turned in (0, np.pi) if b.maybe(0.7) else (0,):
        with b.moved((0 if turned else t, y, z), yaw=turned):
            away = -side if turned else side
            if form == "lever":
                lever_on(b, (0, 0, 0), away, leaf)
            elif form == "knob":
                doorknob_on(b, (0, 0, 0), leaf)
            else:
                b.part(*PULL, inside=leaf)
                half, reach = b.u(0.1, 0.35), b.u(0.04, 0.07)
                path = [(0, 0, half), (reach, 0, half), (reach, 0, -half), (0, 0, -half)]
                b.tube(path, b.u(0.008, 0.015), sides=b.pick(4, 10), smooth=False)


def hinged_leaf(b: Builder, y: float, w: float, h: float, side: int, angle: float, form: str) -> None:
    """A door leaf in an opening above z = 0, centred at y when shut and hinged at side * y."""
    t = b.u(0.03, 0.05)
    with b.moved((0.002 - t, y + side * w / 2, h / 2), yaw=side * angle):
        leaf = b.part(*DOOR, joint=turns((0, 0, side), angle=2.2, now=angle))
        with b.moved((0, -side * w / 2, 0)):
            door_leaf(b, w - 0.006, h - 0.008, t, form, leaf)
            hardware(b, w, h, t, side, leaf)
        for z in (-0.38, 0.38) if b.maybe(0.6) else ():
            b.part(*HINGE, inside=leaf)
            b.rod((t + 0.004, side * 0.002, h * z - 0.05), (t + 0.004, side * 0.002, h * z + 0.05), 0.008)


FORMS = ("plain", "plain", "panels", "panels", "glass", "window", "planks")


@kind("door", "room door", "house door", "front door", rest="mounted", front=True)
def door(b: Builder) -> None:
    w, h = b.u(0.65, 1.05), b.u(1.9, 2.15)
    if b.maybe(0.85):
        door_frame(b, w, h)
    hinged_leaf(b, 0, w, h, b.pick(1, -1), b.u(0.15, 2.0) if b.maybe(0.4) else 0.0, b.pick(*FORMS))


@kind("double door", "double doors", "French door", "door", rest="mounted", front=True)
def double_door(b: Builder) -> None:
    w, h, form = b.u(1.2, 1.8), b.u(1.95, 2.2), b.pick("plain", "panels", "glass", "glass")
    door_frame(b, w, h)
    for s in (1, -1):
        hinged_leaf(b, s * w / 4, w / 2, h, s, b.u(0.15, 1.8) if b.maybe(0.3) else 0.0, form)


@kind("sliding door", "patio door", "barn door", "door", rest="mounted", front=True)
def sliding_door(b: Builder) -> None:
    w, h, t, form = (
        b.u(0.8, 1.1),
        b.u(1.95, 2.15),
        b.u(0.03, 0.05),
        b.pick("plain", "glass", "panels", "planks"),
    )
    barn, s, shift = b.maybe(0.4), b.pick(1, -1), b.u(0.1, 0.9) if b.maybe(0.4) else 0.0
    if barn:
        b.part("rail", "track", "sliding rail", "what it runs on")
        b.box((0.02, 2 * w, 0.05), (0.03, s * w / 2, h + 0.06))
    else:
        door_frame(b, 2 * w - 0.05, h)
        other = b.part("fixed panel", "panel", "door panel")
        with b.moved((-t - 0.01, s * (w - 0.05) / 2, h / 2)):
            door_leaf(b, w, h, t, form, other)
    with b.moved(
        (0.0 if barn else 0.004 - t, (0 if barn else -s * (w - 0.05) / 2) + s * shift * w * 0.9, h / 2)
    ):
        leaf = b.part(*SLIDE_DOOR, joint=slides((0, s, 0), w * 0.95, shift * w * 0.9))
        door_leaf(b, w, h, t, form, leaf)
        b.part(*PULL, inside=leaf)
        y, half = -s * (w / 2 - 0.05), b.u(0.08, 0.25)
        if b.maybe():
            b.tube(
                [(t, y, half), (t + 0.04, y, half), (t + 0.04, y, -half), (t, y, -half)], 0.009, smooth=False
            )
        else:
            with b.moved((t - 0.001, y, 0)):
                board_frame(b, 0.05, 2 * half, 0.008, 0.01)
                b.box((0.003, 0.04, 2 * half - 0.01), (0.001, 0, 0))


@kind("garage door", "overhead door", "gate", rest="mounted", front=True)
def garage_door(b: Builder) -> None:
    w, h = b.u(2.0, 2.4), b.u(1.9, 2.2)
    door_frame(b, w, h)
    angle = b.u(0.2, 1.4) if b.maybe(0.3) else 0.0
    with b.moved((-0.04, 0, h), pitch=-angle):
        swing = turns((0, -1, 0), angle=1.5, now=angle)
        leaf = b.part("door", "garage door", "door panel", "what swings open", joint=swing)
        rows = b.n(3, 5)
        for k in range(rows):
            b.box((0.04, w - 0.01, h / rows - 0.008), (0.02, 0, -(k + 0.5) * h / rows))
        b.part(*PULL, inside=leaf)
        b.tube([(0.04, -0.08, -h * 0.8), (0.08, -0.07, -h * 0.8), (0.08, 0.07, -h * 0.8), (0.04, 0.08, -h * 0.8)], 0.01,
               smooth=False)  # fmt: skip


def sash(b: Builder, w: float, h: float, k: float, t: float, part: int) -> None:
    """A glazed wing about the origin, its back at x = 0."""
    board_frame(b, w, h, t, k)
    if b.maybe(0.25):
        b.box((t * 0.7, w - 2 * k, k * 0.5), (t / 2, 0, h * b.pick(0, 0.15)))
        if b.maybe(0.5):
            b.box((t * 0.7, k * 0.5, h - 2 * k), (t / 2, 0, 0))
    b.part(*GLASS_PANEL, inside=part)
    b.box((0.006, w - 2 * k, h - 2 * k), (t * 0.45, 0, 0))


def window_handle(b: Builder, at, inside: int, level: bool = False) -> None:
    with b.moved(at, roll=np.pi / 2 if level else 0.0):
        b.part(*WINDOW_HANDLE, inside=inside, joint=turns((1, 0, 0), angle=np.pi / 2))
        length = b.u(0.08, 0.13)
        b.box((0.01, 0.026, 0.06), (0.004, 0, 0), round=0.5)
        b.rod((0, 0, 0), (0.036, 0, 0), 0.008)
        b.tube([(0.036, 0, 0.008), (0.04, 0, -length * 0.4), (0.036, 0, -length)], b.u(0.006, 0.01))


@kind("window", "casement window", "house window", rest="mounted", front=True)
def window(b: Builder) -> None:
    count, h, k, t = b.pick(1, 1, 2, 2, 3), b.u(0.6, 1.5), b.u(0.035, 0.08), b.u(0.035, 0.07)
    w = count * b.u(0.4, 0.8)
    b.part(*WINDOW_FRAME)
    board_frame(b, w + 2 * k, h + 2 * k, t, k, -t)
    fixed = count == 3 and b.maybe()
    for n in range(count):
        wide, y = w / count - 0.004, (n - (count - 1) / 2) * w / count
        side = b.pick(1, -1) if count == 1 else (1 if n >= count / 2 else -1)
        form = "fixed" if fixed and n == 1 else b.pick("turn", "turn", "turn", "tilt")
        angle = 0.0 if form == "fixed" or b.maybe(0.6) else b.u(0.2, 1.8) if form == "turn" else b.u(0.1, 0.4)
        if form == "tilt":
            edge, axis, most = (0, 0, -h / 2), (0, 1, 0), 0.4
        else:
            edge, axis, most = (0, side * wide / 2, 0), (0, 0, side), 2.0
        joint = None if form == "fixed" else turns(axis, angle=most, now=angle)
        at = np.add((-t * 0.4, y, 0), edge)
        with b.moved(at, pitch=axis[1] * angle, yaw=axis[2] * angle):
            part = b.part(*SASH, joint=joint)
            with b.moved(np.negative(edge)):
                sash(b, wide, h - 0.004, k * 0.9, t, part)
                if form == "turn":
                    window_handle(b, (t, -side * (wide / 2 - k * 0.45), 0), part)
                elif form == "tilt":
                    window_handle(b, (t, 0, h / 2 - k * 0.45), part, True)
    if b.maybe(0.5):
        b.part("sill", "window sill", "ledge", "where to put things")
        b.box((b.u(0.1, 0.3), w + 2 * k + b.u(0, 0.15), b.u(0.02, 0.04)), (0.05, 0, -h / 2 - k - 0.015))


@kind("sliding window", "sash window", "window", rest="mounted", front=True)
def sliding_window(b: Builder) -> None:
    w, h, k, t, up = b.u(0.7, 1.5), b.u(0.7, 1.5), b.u(0.035, 0.06), b.u(0.025, 0.04), b.maybe(0.5)
    b.part(*WINDOW_FRAME)
    board_frame(b, w + 2 * k, h + 2 * k, 2.4 * t, k, -2.4 * t)
    size = (w, h / 2 + k / 2) if up else (w / 2 + k / 2, h)
    rest = np.array((0, 0, h / 2 - size[1] / 2) if up else (0, w / 2 - size[0] / 2, 0))
    shift = b.u(0.1, 0.9) if b.maybe(0.45) else 0.0
    for s, x in ((1, -2.2 * t), (-1, -1.1 * t)):
        reach = 2 * float(np.linalg.norm(rest))
        now = shift * reach if s < 0 else 0.0
        axis = tuple(rest / np.linalg.norm(rest))
        with b.moved(s * rest + now * np.array(axis) + (x, 0, 0)):
            part = b.part(*SLIDING_SASH, joint=slides(axis, reach, now) if s < 0 else None)
            sash(b, *size, k * 0.8, t, part)
            if s < 0:
                b.part(*PULL, inside=part)
                if up:
                    b.box((0.02, 0.12, 0.015), (t + 0.009, 0, -size[1] / 2 + k * 0.4), round=0.5)
                else:
                    b.box((0.02, 0.015, 0.12), (t + 0.009, -size[0] / 2 + k * 0.4, 0), round=0.5)
