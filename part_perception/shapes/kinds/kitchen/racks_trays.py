"""Racks, trays and cool boxes."""

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.forms import bow, loft, shell
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BOX_BODY, CARRY_HANDLE, CLASP, HANDLE, LEG, LID, RIM


@kind("dish rack", "drying rack", "plate rack", "dish drainer")
def dish_rack(b: Builder) -> None:
    x, y, h, wire = b.u(0.17, 0.24), b.u(0.12, 0.17), b.u(0.08, 0.13), b.u(0.002, 0.004)
    b.part("rack", "frame", "wire basket", "what holds the dishes")
    for z, s in ((0.02, 0.92), (h, 1.0)):
        ring = [
            (x * s, y * s, z),
            (-x * s, y * s, z),
            (-x * s, -y * s, z),
            (x * s, -y * s, z),
            (x * s, y * s, z),
        ]
        b.tube(ring, wire * 1.3, smooth=False, sides=6)
    for k in range(9):
        px = x * (k / 4 - 1)
        b.tube(
            [(px, -y, h), (px * 0.92, -y * 0.92, 0.02), (px * 0.92, y * 0.92, 0.02), (px, y, h)],
            wire,
            smooth=False,
            sides=5,
        )
    if b.maybe(0.6):
        b.part("tray", "drip tray", "drain board", "what catches the water")
        loft(b, shell([(x * 0.98, y * 0.98, 0), (x * 1.02, y * 1.02, 0.014)], 0.003, 0.003), 0.9)
    else:
        for sx in (-1, 1):
            for sy in (-1, 1):
                b.part("foot", *LEG[2:], "leg")
                b.rod((sx * x * 0.85, sy * y * 0.85, 0), (sx * x * 0.9, sy * y * 0.9, 0.022), 0.005, sides=8)
    for k in range(b.n(0, 3)):
        b.part("plate", "dish", "what dries in the rack")
        with b.moved((x * (k / 2 - 0.6), 0, 0.024 + y * 0.78), pitch=np.pi / 2 - 0.15):
            b.lathe([(0, 0), (y * 0.5, 0), (y * 0.78, 0.016), (y * 0.5, 0.004), (0, 0.004)])
    if b.maybe(0.4):
        b.part("cutlery holder", "utensil cup", "container", "where the cutlery goes")
        loft(b, shell([(0.035, 0.05, 0), (0.04, 0.055, h * 1.1)], 0.002, 0.003), 0.8, at=(x + 0.042, 0, 0.02))


@kind("ice cube tray", "muffin tin", "cupcake pan", "egg tray")
def mould_tray(b: Builder) -> None:
    nx, ny, pitch = b.n(3, 6), b.n(2, 3), b.u(0.03, 0.085)
    deep = pitch * b.u(0.4, 0.6)
    b.part("body", "tray", "pan", "what holds it together")
    u, v = np.meshgrid(np.linspace(0, nx, 6 * nx + 1), np.linspace(0, ny, 6 * ny + 1), indexing="ij")
    d = (
        np.maximum(np.abs(u % 1 - 0.5), np.abs(v % 1 - 0.5))
        if b.maybe()
        else np.hypot(u % 1 - 0.5, v % 1 - 0.5)
    )
    z = deep - deep * 0.95 * np.clip((0.47 - d) / 0.14, 0, 1)
    b.sheet(np.stack([(u - nx / 2) * pitch, (v - ny / 2) * pitch, z], 2))
    b.part(*RIM)
    hx, hy, w = nx * pitch / 2, ny * pitch / 2, b.u(0.006, 0.02)
    loft(
        b,
        [(hx, hy, deep), (hx + w, hy + w, deep), (hx + w, hy + w, deep - 0.003), (hx, hy, deep - 0.003)],
        1.0,
    )


@kind("cutlery tray", "drawer organizer", "desk organizer", "serving tray with handles")
def cutlery_tray(b: Builder) -> None:
    x, y, h, t = b.u(0.13, 0.2), b.u(0.1, 0.16), b.u(0.035, 0.06), 0.003
    b.part("body", "tray", "container", "where things are kept")
    loft(b, shell([(x * 0.96, y * 0.96, 0), (x, y, h)], t, t), 1.0)
    if b.maybe(0.65):
        b.part("divider", "partition", "inner wall", "what separates the compartments")
        for k in range(b.n(2, 4)):
            b.box((x * 1.25, t, h * 0.9), (-x * 0.33, y * (k * 0.45 - 0.7), h * 0.46))
        b.box((t, y * 1.9, h * 0.9), (x * 0.32, 0, h * 0.46))
    else:
        for side in (-1, 1):
            b.part(*HANDLE)
            bow(
                b,
                (side * x * 0.99, -y * 0.35, h - 0.002),
                (side * x * 0.99, y * 0.35, h - 0.002),
                (side * 0.012, 0, b.u(0.02, 0.04)),
                0.005,
            )


@kind("cooler", "cooler box", "ice chest", "cool box")
def cooler(b: Builder) -> None:
    x, y, h = b.u(0.15, 0.32), b.u(0.11, 0.19), b.u(0.2, 0.33)
    boxy, lid = b.u(0.75, 1), b.u(0.04, 0.08)
    b.part(*BOX_BODY)
    loft(b, shell([(x * 0.93, y * 0.93, 0), (x, y, h)], 0.025, 0.025), boxy)
    angle = b.pick(0.0, 0.0, b.u(0.5, 1.7))
    with b.moved((0, y, h + 0.001), roll=-angle):
        b.part(*LID, joint=turns((-1, 0, 0), angle=1.8, now=angle))
        loft(
            b,
            [
                (0, 0, 0),
                (x * 1.02, y * 1.02, 0),
                (x * 1.02, y * 1.02, lid * 0.8),
                (x * 0.96, y * 0.94, lid),
                (0, 0, lid),
            ],
            boxy,
            at=(0, -y, 0),
        )
    form = b.pick("bail", "sides")
    if form == "bail":
        b.part(*CARRY_HANDLE)
        lean, rise = b.pick(0.0, 1.75), y * b.u(1.15, 1.5) + lid
        with b.moved((0, 0, h * 0.92), roll=-lean):
            b.tube(
                [(-x - 0.008, 0, 0), (-x - 0.008, 0, rise), (x + 0.008, 0, rise), (x + 0.008, 0, 0)],
                0.009,
                smooth=False,
            )
    else:
        for side in (-1, 1):
            b.part(*HANDLE)
            bow(
                b,
                (side * x * 0.985, -y * 0.4, h * 0.85),
                (side * x * 0.985, y * 0.4, h * 0.85),
                (side * 0.035, 0, -0.02),
                0.01,
            )
    if b.maybe(0.5):
        b.part(*CLASP)
        b.box((0.04, 0.012, 0.06), (0, -y - 0.006, h - 0.01), round=0.4)


@kind("trivet", "pot stand", "cooling rack", rest="lies")
def cooling_rack(b: Builder) -> None:
    x, y, h, wire = b.u(0.09, 0.2), b.u(0.08, 0.14), b.u(0.012, 0.025), b.u(0.0015, 0.003)
    b.part("rack", "grid", "wire grid", "where to put the hot pot")
    b.tube([(x, y, h), (-x, y, h), (-x, -y, h), (x, -y, h), (x, y, h)], wire * 1.5, smooth=False, sides=6)
    for k in range(9):
        b.rod((x * (k / 4 - 1) * 0.9, -y, h), (x * (k / 4 - 1) * 0.9, y, h), wire, sides=5)
    for sx in (-1, 1):
        for sy in (-1, 1):
            b.part("foot", *LEG[2:], "leg")
            b.rod((sx * x * 0.9, sy * y * 0.95, 0), (sx * x * 0.9, sy * y * 0.95, h), wire * 1.6, sides=6)
