"""Kitchen cabinets, racks, safes, mailboxes and chests. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.carcass import Case, base, carcass_with_fronts, rows
from part_perception.shapes.kinds.furniture.fronts import drawer
from part_perception.shapes.lexicon import BUTTON, CARCASS, DOOR, LID


def carcass(b: Builder, w: float, d: float, z: float, h: float, solid: bool, names=CARCASS) -> None:
    """A cabinet's body from height z up, its front at x = 0: solid, or five boards when its inside is visible."""
    b.part(*names)
    t = 0.02
    if solid:
        b.box((d, w, h), (-d / 2, 0, z + h / 2))
        return
    b.box((0.01, w, h), (-d + 0.005, 0, z + h / 2))
    for s in (1, -1):
        b.box((d, t, h), (-d / 2, s * (w - t) / 2, z + h / 2))
        b.box((d, w, t), (-d / 2, 0, z + (h - t / 2 if s > 0 else t / 2)))


@kind("safe", "strongbox", "vault", front=True)
def safe(b: Builder) -> None:
    w, h, d = b.u(0.25, 0.55), b.u(0.2, 0.6), b.u(0.22, 0.5)
    angle = b.u(0.4, 1.7) if b.maybe(0.3) else 0.0
    carcass(b, w, d, 0.01, h, angle == 0, ("body", "safe body", "case", "box"))
    dw, dh, t = w * 0.88, h * 0.86, b.u(0.015, 0.04)
    with b.moved((0.001, dw / 2, 0.01 + h / 2), yaw=angle):
        door = b.part(*DOOR, joint=turns((0, 0, 1), angle=2.0, now=angle))
        b.box((t, dw, dh), (t / 2, -dw / 2, 0), round=0.2)
        lock = b.pick("dial", "keypad", "both")
        if lock != "keypad":
            with b.moved((t, -dw * 0.5, dh * 0.2), pitch=np.pi / 2):
                b.part(
                    "dial",
                    "combination dial",
                    "knob",
                    "what to turn",
                    inside=door,
                    joint=turns((0, 0, 1), angle=6.3),
                )
                r = b.u(0.025, 0.045)
                b.lathe([(r * 1.3, -0.002), (r * 1.3, 0.004), (r, 0.006), (r * 0.9, 0.03), (0, 0.032)])
        if lock != "dial":
            b.part("keypad", "number buttons", "key pad", "where to type the code", inside=door)
            b.box(
                (0.012, 0.07, 0.09),
                (t + 0.004, -dw * (0.5 if lock == "keypad" else 0.2), dh * 0.2),
                round=0.3,
            )
        x, y, z = t, -dw * b.u(0.5, 0.75), -dh * 0.15
        b.part(
            "handle", "door handle", "what to turn to open it", inside=door, joint=turns((1, 0, 0), (x, y, z))
        )
        if b.maybe(0.4):
            b.rod((x - 0.002, y, z), (x + 0.04, y, z), 0.012)
            for a in np.arange(3) * 2.094 + b.u(0, 2):
                b.rod((x + 0.035, y, z), (x + 0.04, y + 0.06 * np.cos(a), z + 0.06 * np.sin(a)), 0.006)
        else:
            b.rod((x - 0.002, y, z), (x + 0.04, y, z), 0.01)
            b.box((0.014, 0.1, 0.02), (x + 0.04, y + 0.03, z), round=0.6)


@kind("mailbox", "letterbox", "post box")
def mailbox(b: Builder) -> None:
    h, w, d, t = b.u(0.9, 1.2), b.u(0.16, 0.24), b.u(0.4, 0.55), 0.004
    if b.maybe(0.6):
        b.part("post", "pole", "stand", "what it stands on")
        b.box((0.09, 0.09, h), (0, 0, h / 2))
        z = h + 0.002
    else:
        z = 0.0
    b.part("body", "box", "container", "where the mail goes")
    side = w * b.u(0.4, 0.8)
    arch = [(w / 2 * np.cos(a), side + w / 2 * np.sin(a)) for a in np.linspace(0, np.pi, 11)]
    outline = [(w / 2, 0), *arch, (-w / 2, 0)]
    with b.moved((0, 0, z)):
        b.extrude(outline, d, plane="yz")
        angle = b.pick(0, 0, b.u(0.4, 1.4))
        with b.moved((d / 2 + t, 0, 0), pitch=angle):
            b.part("door", "front door", "lid", "what to open to put letters in",
                   joint=turns((0, 1, 0), angle=1.5, now=angle))  # fmt: skip
            b.extrude([(y * 1.05, q * 1.03) for y, q in outline], 0.008, (0.002, 0, 0), "yz")
            b.rod((0.004, 0, side * 1.2), (0.03, 0, side * 1.2), 0.01)
        b.part("flag", "signal flag", "red flag")
        b.box((0.02, 0.005, 0.12), (0.05, w / 2 + 0.005, side * 0.7 + 0.05))
        b.box((0.07, 0.005, 0.05), (0.075, w / 2 + 0.005, side * 0.7 + 0.12))


@kind("letterbox", "wall mailbox", "mailbox", rest="mounted")
def letterbox(b: Builder) -> None:
    w, h, d = b.u(0.25, 0.4), b.u(0.25, 0.42), b.u(0.08, 0.14)
    b.part("body", "box", "container", "where the mail goes")
    b.box((d, w, h), (d / 2, 0, 0), round=0.1)
    b.part("flap", "lid", "cover", "where to put the letters in")
    with b.moved((0.0, 0, h / 2 + 0.002), pitch=b.pick(0.25, 0.25, -0.5)):
        b.box((d * 1.12, w * 1.04, 0.006), (d * 0.55, 0, 0))
    b.part("lock", "keyhole", "where the key goes")
    b.rod((d - 0.002, 0, -h * 0.1), (d + 0.006, 0, -h * 0.1), 0.012)


@kind("chest", "trunk", "treasure chest", "storage box with a lid")
def chest(b: Builder) -> None:
    w, d, h, t = b.u(0.3, 1.1), b.u(0.2, 0.5), b.u(0.18, 0.4), 0.02
    domed, angle = b.maybe(0.5), b.pick(0, b.u(0.3, 1.5))
    if angle:
        _open_box(b, w, d, h, t)
    else:
        carcass(b, w, d, 0, h, True, ("body", "box", "container", "where the content is"))
    with b.moved((-d, 0, h + 0.002), pitch=-angle):
        lid = b.part(*LID, joint=turns((0, -1, 0), angle=1.9, now=angle))
        if domed:
            rim = [
                (d / 2 + d / 2 * np.cos(a), 0.03 + d * 0.35 * np.sin(a)) for a in np.linspace(0, np.pi, 11)
            ]
            b.extrude([(d, 0), *rim, (0, 0)], w, plane="xz")
        else:
            b.box((d + 0.02, w + 0.02, 0.04), (d / 2, 0, 0.02), round=0.2)
        b.part("latch", "clasp", "lock", "what keeps it shut", inside=lid)
        b.box((0.012, 0.05, 0.07), (d + 0.012, 0, 0.0), round=0.3)
    for s in (1, -1) if b.maybe(0.6) else ():
        b.part("handle", "side handle", "part to hold it by", "where to grab it")
        y = s * w / 2
        b.tube(
            [
                (-d / 2 - 0.06, y, h * 0.6),
                (-d / 2 - 0.05, y + s * 0.03, h * 0.55),
                (-d / 2 + 0.05, y + s * 0.03, h * 0.55),
                (-d / 2 + 0.06, y, h * 0.6),
            ],
            0.008,
        )


def _open_box(b: Builder, w: float, d: float, h: float, t: float) -> None:
    b.part("body", "box", "container", "where the content is")
    b.box((d, w, t), (-d / 2, 0, t / 2))
    for s in (1, -1):
        b.box((d, t, h), (-d / 2, s * (w - t) / 2, h / 2))
        b.box((t, w, h), (-d / 2 + s * (d - t) / 2, 0, h / 2))


@kind("locker", "metal locker", "gym locker", front=True)
def locker(b: Builder) -> None:
    columns, high, d = b.n(1, 3), b.n(1, 4), b.u(0.4, 0.5)
    w, h = columns * b.u(0.25, 0.4), b.u(1.6, 1.9)
    cells = ((1, rows("door", high)),) * columns
    carcass_with_fronts(b, Case(w, d, h, cells, 0.05, ajar=b.pick(0, 0.12, 0.5), inset=b.maybe(0.4)))
    base(b, w, d, 0.05)


@kind("carton with flaps", "cardboard box", "shipping box", "carton")
def flap_box(b: Builder) -> None:
    w, d, h = b.u(0.2, 0.6), b.u(0.2, 0.5), b.u(0.1, 0.45)
    with b.moved((d / 2, 0, 0)):
        _open_box(b, w, d, h, 0.005)
    for axis, size, other in (("x", d, w), ("y", w, d)):
        for s in (1, -1):
            length, angle = min(size / 2, 0.3) * 0.98, b.u(0.2, 3.6)
            yaw = {("x", 1): 0, ("x", -1): np.pi, ("y", 1): np.pi / 2, ("y", -1): -np.pi / 2}[(axis, s)]
            with (
                b.moved(
                    (s * size / 2 if axis == "x" else 0, s * size / 2 if axis == "y" else 0, h + 0.002),
                    yaw=yaw,
                ),
                b.moved(pitch=-angle + np.pi / 2),
            ):
                swing = turns((0, 1, 0), angle=4.6, now=1.5 * np.pi - angle)
                b.part("flap", "lid", "cover flap", "what closes it", joint=swing)
                b.box((length, other * 0.97, 0.004), (length / 2, 0, 0))


@kind("cash register", "till")
def cash_register(b: Builder) -> None:
    w, d = b.u(0.35, 0.45), b.u(0.35, 0.45)
    b.part("body", "housing", "case")
    b.box((d, w, 0.1), (-d / 2, 0, 0.05))
    b.extrude([(-d, 0.1), (-0.03, 0.1), (-0.05, 0.13), (-d * 0.6, 0.22), (-d, 0.22)], w * 0.95, plane="xz")
    drawer(b, (0.001, 0, 0.05), w - 0.02, 0.085, d, b.pick(0.0, b.u(0.1, 0.25)))
    b.part("keyboard", "keys", "buttons", *BUTTON[1:2])
    with b.moved((-d * 0.33, 0, 0.175), pitch=0.36):
        b.box((d * 0.36, w * 0.7, 0.016))
    b.part("display", "screen", "what shows the price")
    b.box((0.03, w * 0.5, 0.09), (-d * 0.75, 0, 0.27), round=0.2)
    b.rod((-d * 0.76, 0, 0.2), (-d * 0.76, 0, 0.26), 0.015)
