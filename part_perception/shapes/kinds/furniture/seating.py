"""Seats and beds. Everything faces +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.armchairs import lounge_chair, tub_chair, upholstered
from part_perception.shapes.lexicon import ARM, BACK, LEG, SEAT

CASTER = ("wheel", "caster", "roller", "what it rolls on")


def legs(b: Builder, w: float, d: float, h: float, r: float, splay: float = 0.0, names=LEG) -> None:
    """Four legs under a rectangle w (y) by d (x), sometimes with bars between them."""
    sides, taper = b.pick(4, 12), b.u(0.5, 1.0)
    x, y = d / 2 - r, w / 2 - r
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        b.part(*names)
        b.cone((sx * (x + splay), sy * (y + splay), 0), (sx * x, sy * y, h), r * taper, r, sides=sides)
    if b.maybe(0.3):
        b.part("crossbar", "stretcher", "bar between the legs", "rung")
        z = h * b.u(0.2, 0.5)
        f = splay * (1 - z / h)
        for s in (1, -1):
            b.rod((x + f, s * (y + f), z), (-x - f, s * (y + f), z), r * 0.55)


def backrest(b: Builder, w: float, h: float, x: float, z: float) -> None:
    """A back in one of many forms, standing on (x, z)."""
    b.part(*BACK)
    t, gap = b.u(0.015, 0.04), h * b.u(0.2, 0.5)
    form = b.pick("solid", "slats", "ladder", "pad", "curved", "hoop")
    with b.moved((x, 0, z), pitch=-b.u(0.02, 0.25)):
        if form == "solid":
            b.box((t, w, h), (0, 0, h / 2), round=b.u(0, 0.8), taper=b.u(0.8, 1.05))
        elif form == "curved":
            arc, r = b.u(1.4, 2.6), w * b.u(0.55, 0.8)
            low = gap * b.pick(0, 1)
            with b.moved((r, 0, 0), yaw=np.pi - arc / 2):
                b.lathe([(r, low), (r + t, low), (r + t, h), (r, h), (r, low)], arc=arc)
            for s in (1, -1) if low else ():
                b.rod((0.01, s * w * 0.25, -0.02), (0.01, s * w * 0.25, low + 0.05), t * 0.5)
        elif form == "hoop":
            b.tube(
                [(0, -w / 2, 0), (0, -w * 0.46, h * 0.7), (0, 0, h), (0, w * 0.46, h * 0.7), (0, w / 2, 0)],
                t * 0.6,
            )
            for y in np.linspace(-0.3, 0.3, b.n(3, 6)) * w:
                b.rod((0, y, 0), (0, y, h * (0.96 - (1.6 * y / w) ** 2)), t * 0.3)
        else:
            for s in (1, -1):
                b.rod((0, s * (w / 2 - t), -0.02), (0, s * (w / 2 - t), h), t * 0.7)
            if form == "pad":
                b.box((t * 1.5, w * 0.98, h - gap), (0, 0, h - (h - gap) / 2), round=0.6)
            elif form == "slats":
                b.box((t, w, h * 0.18), (0, 0, h * 0.9), round=0.5)
                for y in np.linspace(-0.35, 0.35, b.n(3, 6)) * w:
                    b.box((t * 0.5, w * 0.05, h * 0.85), (0, y, h * 0.42))
            else:
                for k in range(rungs := b.n(2, 5)):
                    b.box(
                        (t * 0.7, w, h * 0.55 / rungs),
                        (0, 0, h * (1 - (k + 0.45) / (rungs + 0.6))),
                        round=0.5,
                    )


def armrests(b: Builder, w: float, d: float, z: float) -> None:
    """Two armrests above the seat's sides: a pad on a post, a loop or a bent bar."""
    form, h, r = b.pick("post", "loop", "bent"), b.u(0.17, 0.27), b.u(0.01, 0.025)
    for s in (1, -1):
        b.part(*ARM)
        y = s * (w / 2 + r * 0.5)
        if form == "loop":
            b.tube(
                [(d * 0.4, y, z), (d * 0.42, y, z + h), (-d * 0.42, y, z + h), (-d * 0.45, y, z)],
                r,
                smooth=False,
            )
        elif form == "bent":
            b.tube(
                [
                    (d * 0.35, y, z - 0.02),
                    (d * 0.42, y, z + h * 0.6),
                    (d * 0.3, y, z + h),
                    (-d * 0.5, y, z + h),
                ],
                r,
            )
        else:
            b.rod((0, y, z - 0.02), (0, y, z + h), r)
            b.box((d * b.u(0.5, 0.8), b.u(0.04, 0.09), 0.03), (0, y, z + h), round=0.8)


def _seat(b: Builder, w: float, d: float, z: float) -> None:
    b.part(*SEAT)
    t, form = b.u(0.015, 0.07), b.pick("board", "board", "cushion", "round", "frame")
    if form == "round":
        b.lathe([(0, z - t), (d / 2, z - t), (d / 2, z), (0, z + 0.003)], squash=w / d)
    elif form == "frame":
        b.box((d, w, 0.05), (0, 0, z - 0.04))
        b.box((d * 0.92, w * 0.92, 0.03), (0, 0, z - 0.005), round=0.9)
    else:
        b.box(
            (d, w, t),
            (0, 0, z - t / 2),
            round=0.9 if form == "cushion" else b.u(0, 0.4),
            taper=b.u(0.95, 1.02),
        )


@kind("chair", "dining chair", "wooden chair", "seat")
def chair(b: Builder) -> None:
    w, d, z = b.u(0.38, 0.55), b.u(0.38, 0.52), b.u(0.4, 0.5)
    _seat(b, w, d, z)
    backrest(b, w * b.u(0.8, 1.0), b.u(0.3, 0.65), -d / 2 + 0.03, z - 0.01)
    legs(b, w, d, z - 0.01, b.u(0.012, 0.028), b.pick(0, 0, b.u(0.02, 0.08)))
    if b.maybe(0.35):
        armrests(b, w, d, z)


@kind("cantilever chair", "sled chair", "visitor chair", "chair")
def cantilever_chair(b: Builder) -> None:
    w, d, z, r = b.u(0.42, 0.55), b.u(0.4, 0.5), b.u(0.42, 0.48), b.u(0.009, 0.016)
    _seat(b, w, d, z)
    backrest(b, w * 0.9, b.u(0.3, 0.5), -d / 2 + 0.03, z)
    sled = b.maybe(0.4)
    for s in (1, -1):
        b.part("leg", "leg frame", "sled base", "what it stands on")
        y = s * w * 0.47
        path = [(-d * 0.45, y, z - 0.02), (d * 0.5, y, z - 0.02), (d * 0.5, y, r), (-d * 0.5, y, r)]
        b.tube(path[1:] + [(-d * 0.4, y, z - 0.02)] if sled else path, r, smooth=False)
        b.rod((-d * 0.5, 0, r), (-d * 0.5, y, r), r)
    if b.maybe(0.4):
        armrests(b, w, d, z)


@kind("office chair", "swivel chair", "desk chair", "chair")
def office_chair(b: Builder) -> None:
    w, d, z = b.u(0.44, 0.55), b.u(0.44, 0.52), b.u(0.42, 0.55)
    b.part(*SEAT)
    b.box((d, w, b.u(0.05, 0.1)), (0, 0, z), round=0.9)
    b.part(*BACK)
    h, gap = b.u(0.35, 0.75), b.u(0.02, 0.18)
    with b.moved((-d / 2, 0, z), pitch=-b.u(0.05, 0.25)):
        b.box((b.u(0.03, 0.09), w * b.u(0.75, 1), h), (0, 0, gap + h / 2), round=0.9, taper=b.u(0.75, 1))
        b.tube([(d * 0.4, 0, -0.04), (-0.03, 0, -0.03), (-0.03, 0, gap + h * 0.3)], 0.015, flat=2)
        if b.maybe(0.3):
            b.part("headrest", "head rest", "where to lean the head")
            b.box((0.06, w * 0.55, 0.16), (0, 0, gap + h + 0.1), round=0.9)
    if b.maybe(0.75):
        armrests(b, w, d, z)
    b.part("gas column", "column", "leg", "stem", "gas lift")
    b.rod((0, 0, 0.1), (0, 0, z - 0.02), b.u(0.02, 0.03))
    reach, arms, turn = b.u(0.24, 0.34), b.pick(4, 5, 5, 5), b.u(0, 1)
    b.part("star base", "leg", "base", "foot cross")
    ends = [(reach * np.cos(a), reach * np.sin(a)) for a in turn + np.arange(arms) * 2 * np.pi / arms]
    for x, y in ends:
        b.cone((0, 0, 0.11), (x, y, 0.075), 0.026, 0.013)
    for x, y in ends:
        b.part(*CASTER, joint=spins((1, 0, 0)))
        b.rod((x - 0.022, y, 0.028), (x + 0.022, y, 0.028), b.u(0.024, 0.03))


@kind("shell chair", "plastic chair", "bucket chair", "chair")
def shell_chair(b: Builder) -> None:
    w, z, h = b.u(0.42, 0.58), b.u(0.38, 0.47), b.u(0.28, 0.42)
    d, curl, lean = w * 0.9, b.u(0.0, 0.2), b.u(0.05, 0.14)
    y = np.linspace(-1, 1, 11)
    bowl = [(d * 0.55, -0.02), (d * 0.45, 0.0), (d * 0.1, -0.02), (-d * 0.3, -0.015), (-d * 0.45, 0.05)]
    top = [(-d * 0.45, 0.05), (-d * 0.48, h * 0.3), (-d * 0.48 - lean * 0.5, h * 0.7), (-d * 0.48 - lean, h)]

    def surface(line):
        return np.stack(
            [
                np.stack(
                    [
                        px + curl * d * y**2 * (pz > 0.06),
                        y * w / 2 * (1 - 0.25 * max(pz, 0) / h),
                        z + pz + curl * 0.5 * d * y**2 * (pz < 0.06),
                    ],
                    1,
                )
                for px, pz in line
            ]
        )

    b.part(*SEAT)
    b.sheet(surface(bowl))
    b.part(*BACK)
    b.sheet(surface(top))
    if b.maybe(0.7):
        legs(b, w * 0.75, d * 0.75, z - 0.01, b.u(0.008, 0.018), b.u(0.02, 0.08))
    else:
        b.part("base", "pedestal", "leg", "what it stands on")
        b.lathe(
            [
                (0, 0),
                (0.24, 0),
                (0.22, 0.01),
                (0.04, 0.05),
                (0.025, 0.15),
                (0.025, z - 0.05),
                (0.09, z - 0.016),
            ]
        )


@kind("armchair", "easy chair", "club chair", "chair")
def armchair(b: Builder) -> None:
    form = b.pick("box", "box", "box", "box", "tub", "tub", "tub", "lounge")
    if form == "box":
        upholstered(b, b.u(0.45, 0.65), 1)
    elif form == "tub":
        tub_chair(b)
    else:
        lounge_chair(b)


@kind("sofa", "couch", "settee")
def sofa(b: Builder) -> None:
    seats = b.n(2, 4)
    upholstered(b, seats * b.u(0.5, 0.7), seats)
    if b.maybe(0.2):
        b.part("chaise", "footrest", "where to put the legs")
        b.box((0.7, 0.6, 0.36), (0.78, 0.3, 0.22), round=0.3)
