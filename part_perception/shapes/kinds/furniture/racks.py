"""Racks and shelves of posts, rails and boards; hooks, standing mirrors and steps. Fronts face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.furniture.flatpack import posts, slats
from part_perception.shapes.lexicon import BACK_PANEL, CASTOR, FOOT, LEG, POST, RAIL, SEAT, SHELF, SIDE_PANEL

HOOK = ("hook", "peg", "coat hook", "where to hang things")


@kind("post shelf", "shelving unit", "storage rack", "shelf", "rack", front=True)
def post_shelf(b: Builder) -> None:
    """Boards, slats or wire between four posts."""
    w, d, h, count = b.u(0.4, 1.3), b.u(0.25, 0.55), b.u(0.6, 2.0), b.n(2, 6)
    k, form = b.u(0.015, 0.045), b.pick("board", "board", "slats", "wire")
    posts(b, w, d, h, k)
    first = b.u(0.04, 0.2)
    for z in np.linspace(first, h - b.pick(0.01, 0.05), count):
        b.part(*SHELF)
        if form == "board":
            b.box((d - 0.002, w - 2 * k if b.maybe(0.3) else w - 0.002, b.u(0.012, 0.03)), (0, 0, z))
        elif form == "slats":
            slats(b, w - k, d, z, 0.014, b.n(3, 6), 0.7)
            for s in (1, -1):
                b.box((d, 0.02, 0.025), (0, s * (w / 2 - k), z - 0.018))
        else:
            for x in np.linspace(-0.48, 0.48, 9) * d:
                b.rod((x, -w / 2, z), (x, w / 2, z), 0.003, sides=6)
            for s in (1, -1):
                b.rod((-d / 2, s * w / 2, z), (d / 2, s * w / 2, z), 0.004)
    if b.maybe(0.4):
        b.part("cross brace", "brace", "crossbar", *RAIL[:1])
        for s in (1, -1):
            b.rod((-d / 2, s * w * 0.47, h * 0.2), (-d / 2, -s * w * 0.47, h * 0.8), 0.005, sides=6)
    elif b.maybe(0.3):
        b.part(*BACK_PANEL)
        b.box((0.006, w, h * 0.95), (-d / 2 - 0.003, 0, h / 2))
    if b.maybe(0.15):
        for x in (1, -1):
            for s in (1, -1):
                b.part(*CASTOR)
                b.rod(
                    (x * d * 0.45, s * w * 0.47 - 0.012, -0.03),
                    (x * d * 0.45, s * w * 0.47 + 0.012, -0.03),
                    0.032,
                )


@kind("shoe rack", "shoe shelf", "rack", front=True)
def shoe_rack(b: Builder) -> None:
    w, d, count, gap = b.u(0.45, 1.1), b.u(0.22, 0.36), b.n(2, 5), b.u(0.14, 0.24)
    h = count * gap + b.u(0, 0.08)
    tilt, form = b.pick(0, 0, b.u(0.1, 0.3)), b.pick("board", "slats", "bars")
    if b.maybe():
        for s in (1, -1):
            b.part(*SIDE_PANEL)
            b.box((d, 0.018, h), (0, s * (w / 2), h / 2))
    else:
        posts(b, w + 0.03, d, h, 0.022)
    for k in range(count):
        b.part(*SHELF)
        with b.moved((0, 0, 0.06 + k * gap), pitch=tilt):
            if form == "board":
                b.box((d * 0.96, w - 0.016, 0.014))
            elif form == "slats":
                slats(b, w - 0.016, d * 0.96, 0, 0.012, b.n(3, 6), 0.65)
            else:
                for x in np.linspace(-0.45, 0.45, 4) * d:
                    b.rod((x, -w / 2, 0), (x, w / 2, 0), 0.006)
    if b.maybe(0.3):
        b.part(*SEAT)
        b.box((d, w + 0.03, 0.04), (0, 0, h + 0.02), round=0.4)


@kind("clothes rack", "garment rack", "clothes rail", "coat rack")
def clothes_rack(b: Builder) -> None:
    w, d, h, r = b.u(0.7, 1.5), b.u(0.35, 0.55), b.u(1.4, 1.8), b.u(0.01, 0.018)
    for s in (1, -1):
        b.part(*POST)
        b.rod((0, s * w / 2, 0.06), (0, s * w / 2, h), r)
        b.part(*FOOT)
        b.rod((-d / 2, s * w / 2, 0.06), (d / 2, s * w / 2, 0.06), r)
        for x in (1, -1) if b.maybe(0.7) else ():
            b.part(*CASTOR)
            b.rod((x * d * 0.47, s * w / 2 - 0.012, 0.028), (x * d * 0.47, s * w / 2 + 0.012, 0.028), 0.028)
    b.part("bar", "clothes rail", "hanging rail", "where to hang clothes")
    b.rod((0, -w / 2 - b.pick(0, 0.08), h), (0, w / 2 + b.pick(0, 0.08), h), r)
    for k in range(b.n(0, 2)):
        b.part(*SHELF)
        b.box((d * 0.8, w, 0.015), (0, 0, 0.085 + 0.25 * k))


@kind("coat hooks", "coat rack", "wall coat rack", "hook board", rest="mounted", front=True)
def coat_hooks(b: Builder) -> None:
    w, h, count, t = b.u(0.3, 1.0), b.u(0.07, 0.25), b.n(3, 7), b.u(0.014, 0.025)
    b.part("board", "back board", "plate", "rail")
    if b.maybe(0.7):
        b.box((t, w, h), (t / 2, 0, 0), round=b.pick(0, 0.5))
    else:
        for y in np.linspace(-0.46, 0.46, 8) * w:
            b.box((t, w * 0.06, h * 3), (t / 2, y, 0))
        for z in (-1.2, 1.2):
            b.box((t * 0.5, w, 0.03), (t * 0.25, 0, z * h))
    reach, r, form = b.u(0.03, 0.07), b.u(0.004, 0.009), b.pick("peg", "J", "double")
    for y in np.linspace(-0.42, 0.42, count) * w:
        b.part(*HOOK)
        if form == "peg":
            b.cone((t - 0.002, y, 0), (t + reach, y, reach * 0.35), r, r * 1.5)
            continue
        b.tube([(t - 0.002, y, 0.01), (t + reach * 0.3, y, -0.03), (t + reach * 0.8, y, -0.03),
                (t + reach, y, 0.005)], r)  # fmt: skip
        if form == "double":
            b.tube([(t - 0.002, y, 0.012), (t + reach * 0.7, y, 0.03), (t + reach * 1.3, y, 0.07)], r)
    if b.maybe(0.4):
        b.part(*SHELF)
        b.box((b.u(0.15, 0.28), w, t), (0.1, 0, h / 2 + t / 2))


@kind("standing mirror", "floor mirror", "full length mirror", "mirror", front=True)
def standing_mirror(b: Builder) -> None:
    w, h, k = b.u(0.3, 0.6), b.u(1.2, 1.8), b.u(0.02, 0.06)
    lean = b.u(0.05, 0.2)
    with b.moved((0, 0, 0.02), pitch=-lean):
        b.part("frame", "mirror frame", "border")
        for s in (1, -1):
            b.box((0.03, k, h), (0, s * (w - k) / 2, h / 2))
        for z in (k / 2, h - k / 2):
            b.box((0.03, w - 2 * k, k), (0, 0, z))
        b.part("mirror", "glass", "where one sees oneself")
        b.box((0.008, w - 2 * k, h - 2 * k), (0.005, 0, h / 2))
    if b.maybe(0.7):
        for s in (1, -1):
            b.part("leg", "stand", "support", "what it stands on")
            b.rod((-h * 0.3 - 0.1, s * w * 0.4, 0.01), (-h * 0.6 * np.sin(lean), s * w * 0.4, h * 0.6), 0.012)


@kind("step stool with handle", "step ladder", "kitchen steps", "ladder")
def kitchen_steps(b: Builder) -> None:
    n, w, rise = b.n(2, 4), b.u(0.35, 0.45), b.u(0.2, 0.25)
    h, run = n * rise, b.u(0.13, 0.2)
    b.part("frame", "side rail", "rail", "stile")
    for s in (1, -1):
        b.rod((n * run, s * w / 2, 0), (0, s * w / 2, h), 0.013)
    for k in range(n):
        b.part("step", "tread", "rung", "where to put the foot")
        z = (k + 1) * rise
        b.box(
            (0.1 if k < n - 1 else 0.24, w, 0.025),
            ((n - k - 1) * run - (0.05 if k == n - 1 else 0), 0, z - 0.01),
        )
    for s in (1, -1):
        b.part("leg", "back leg", *LEG[1:])
        b.rod((-run * 1.2, s * w * 0.48, 0), (-0.03, s * w * 0.45, h), 0.012)
    if b.maybe(0.6):
        b.part("handle", "grab bar", "grip", "part to hold it by")
        top = h + b.u(0.25, 0.5)
        b.tube([(0, -w / 2, h - 0.02), (-0.08, -w / 2, top), (-0.08, w / 2, top), (0, w / 2, h - 0.02)], 0.012,
               smooth=False)  # fmt: skip


@kind("ladder shelf", "leaning shelf", "shelf", "bookshelf", front=True)
def ladder_shelf(b: Builder) -> None:
    w, h, d, count = b.u(0.4, 0.8), b.u(1.2, 2.0), b.u(0.3, 0.5), b.n(3, 5)
    for s in (1, -1):
        b.part("frame", *POST)
        b.rod((0, s * w / 2, 0), (-d, s * w / 2, h), 0.016, sides=4)
        if b.maybe(0.6):
            b.rod((-d, s * w / 2, 0), (-d, s * w / 2, h), 0.014, sides=4)
    for z in np.linspace(0.1, 0.95, count):
        b.part(*SHELF)
        x = -d * z
        deep = d * (1 - z) + 0.06
        b.box((deep, w, 0.018), (x - deep / 2 + 0.03, 0, z * h))
