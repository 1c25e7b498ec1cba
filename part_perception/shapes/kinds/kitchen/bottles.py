"""Bottles with a neck or a cap."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, screws
from part_perception.shapes.forms import bail, curve, loft, screw_cap
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BOTTLE_BODY, CARRY_HANDLE, NECK, PLAIN_CAP, STRAW

TIP = ("nozzle", "tip", "where it comes out", "spout")
FLIP_CAP = ("cap", "flip cap", "lid", "what closes it")


def _neck(b: Builder, z0: float, z1: float, r0: float, r1: float) -> None:
    b.part(*NECK)
    lip = b.maybe() * b.u(0.001, 0.003)
    b.lathe(
        [
            (r0, z0),
            (r1, z0 + (z1 - z0) * b.u(0.2, 0.7)),
            (r1, z1 - 0.006),
            (r1 + lip, z1 - 0.005),
            (r1 + lip, z1),
            (r1 - 0.002, z1),
            (r1 - 0.002, z0),
        ]
    )


@kind("bottle", "glass bottle", "wine bottle", "beer bottle")
def bottle(b: Builder) -> None:
    h, r = b.u(0.19, 0.34), b.u(0.027, 0.042)
    shoulder, neck, neck_r = h * b.u(0.52, 0.68), h * b.u(0.68, 0.8), b.u(0.011, 0.016)
    b.part(*BOTTLE_BODY)
    b.lathe(
        [
            (0, 0.003),
            (r * 0.7, 0),
            (r * 0.95, 0),
            (r, 0.006),
            (r * b.u(0.96, 1), shoulder),
            (r * b.u(0.75, 0.95), shoulder + (neck - shoulder) * b.u(0.2, 0.6)),
            (neck_r, neck),
        ]
    )
    _neck(b, neck, h, neck_r, neck_r * b.u(0.85, 1))
    if b.maybe(0.6):
        form = b.pick("screw", "cork", "crown")
        if form == "screw":
            drop = b.u(0.012, 0.05)
            screw_cap(b, h - drop, neck_r + 0.0025, drop + 0.002)
        else:
            names = ("cap", "cork", "stopper", "what closes it") if form == "cork" else PLAIN_CAP
            b.part(*names, joint=lifts() if form == "cork" else screws())
            wide = neck_r * (0.85 if form == "cork" else 1.2)
            low = h - (0.001 if form == "cork" else 0.005)
            b.lathe([(neck_r * 0.8, low), (wide, low), (wide * 0.97, h + b.u(0.003, 0.015)), (0, h + 0.015)])


@kind("water bottle", "plastic bottle", "drink bottle", "soda bottle")
def water_bottle(b: Builder) -> None:
    h, r = b.u(0.16, 0.32), b.u(0.028, 0.048)
    form = b.pick("ribbed", "waisted", "plain", "square")
    top, neck_r = h * b.u(0.62, 0.8), b.u(0.011, 0.017)
    end = h - b.u(0.022, 0.03)
    b.part(*BOTTLE_BODY)
    if form == "square":
        loft(
            b,
            [
                (0, 0, 0),
                (r * 0.9, r * 0.9, 0),
                (r, r, 0.006),
                (r, r, top),
                (r * 0.7, r * 0.7, top + (end - top) * 0.5),
                (neck_r, neck_r, end),
            ],
            b.u(0.4, 0.8),
        )
    else:
        z = np.linspace(0.008, top, 13)
        relief = {
            "ribbed": 0.03 * (np.arange(13) % 2),
            "plain": 0 * z,
            "waisted": b.u(0.1, 0.2) * np.exp(-(((z / top - b.u(0.4, 0.65)) / 0.18) ** 2)),
        }[form]
        side = np.stack([r * (1 - relief), z], 1)
        b.lathe(
            [
                (0, 0.006),
                (r * 0.5, 0),
                (r * 0.9, 0),
                *side,
                *curve(
                    [
                        (r, top),
                        (r * b.u(0.75, 0.95), top + (end - top) * 0.4),
                        (neck_r * 1.3, top + (end - top) * 0.85),
                        (neck_r, end),
                    ],
                    8,
                ),
            ]
        )
    _neck(b, end, h - 0.006, neck_r, neck_r)
    if b.maybe(0.85):
        screw_cap(b, h - b.u(0.014, 0.018), neck_r + 0.002, b.u(0.012, 0.02))


@kind("sports bottle", "drinking bottle", "bike bottle", "gym bottle")
def sports_bottle(b: Builder) -> None:
    h, r = b.u(0.15, 0.24), b.u(0.031, 0.042)
    grip, depth = h * b.u(0.55, 0.8), b.u(0.0, 0.2)
    b.part(*BOTTLE_BODY)
    b.lathe(
        [
            (0, 0),
            (r * 0.95, 0),
            (r, 0.005),
            *curve([(r, grip - 0.03), (r * (1 - depth), grip), (r, grip + 0.03)], 10),
            (r, h * 0.98),
            (r * 0.85, h),
        ]
    )
    b.part(*PLAIN_CAP, joint=screws())
    rise = b.u(0.015, 0.035)
    b.lathe(
        [
            (r * 0.85, h - 0.005),
            (r * 1.02, h - 0.004),
            (r * 1.02, h + rise * 0.5),
            (r * b.u(0.5, 0.9), h + rise),
            (0, h + rise),
        ]
    )
    form = b.pick("nozzle", "nozzle", "straw", "loop")
    if form == "nozzle":
        b.part(*TIP, "where to drink from")
        n = b.u(0.007, 0.012)
        b.lathe(
            [
                (n, h + rise - 0.001),
                (n * 0.8, h + rise + 0.012),
                (n * 1.1, h + rise + 0.016),
                (n, h + rise + 0.026),
                (0, h + rise + 0.027),
            ]
        )
    elif form == "straw":
        b.part(*STRAW)
        b.tube([(0, 0, h + rise - 0.003), (0.004, 0, h + rise + 0.025), (0.025, 0, h + rise + 0.04)], 0.0045)
    if form == "loop" or b.maybe(0.25):
        b.part(*CARRY_HANDLE)
        bail(b, r * 0.97, h + rise * 0.3, b.u(0.04, 0.06), b.u(0.003, 0.006))


@kind("squeeze bottle", "ketchup bottle", "mustard bottle", "sauce bottle", "condiment bottle")
def squeeze_bottle(b: Builder) -> None:
    h, r = b.u(0.12, 0.2), b.u(0.026, 0.042)
    form, squash = b.pick("oval", "oval", "round", "upside down"), b.u(0.5, 0.75)
    squash = 1.0 if form == "round" else squash
    waist = b.u(0.8, 1.0)
    side = curve(
        [
            (r * 0.9, 0),
            (r, h * 0.1),
            (r * (1 + waist) / 2, h * 0.35),
            (r * waist, h * 0.55),
            (r * b.u(0.9, 1), h * 0.78),
            (r * 0.75, h * 0.93),
            (r * 0.45, h),
        ],
        16,
    )
    if form == "upside down":
        cap = b.u(0.02, 0.035)
        b.part(*FLIP_CAP)
        b.lathe(
            [(0, 0), (r * 0.85, 0), (r * 0.85, cap * 0.9), (r * 0.7, cap), (r * 0.4, cap)],
            squash=max(squash, 0.75),
        )
        b.part(*BOTTLE_BODY)
        b.lathe([(0, h + cap), *[(x, h - z + cap) for x, z in side]], squash=squash)
        return
    b.part(*BOTTLE_BODY)
    b.lathe([(0, 0), *side, (0, h)], squash=squash)
    neck, cap = r * b.u(0.4, 0.6), b.u(0.012, 0.022)
    if b.maybe(0.7):
        b.part("cap", "conical cap", "lid", "what closes it", joint=screws())
        tip = b.u(0.02, 0.045)
        b.lathe(
            [
                (neck * 0.7, h - 0.004),
                (neck, h - 0.004),
                (neck, h + cap),
                (neck * b.u(0.5, 0.95), h + cap + 0.004),
                (0.005, h + cap + tip),
                (0.003, h + cap + tip + 0.002),
                (0, h + cap + tip + 0.002),
            ]
        )
        if b.maybe(0.35):
            b.part(*TIP)
            b.cone((0, 0, h + cap + tip), (0, 0, h + cap + tip + 0.02), 0.0045, 0.002)
    else:
        b.part(*FLIP_CAP)
        b.lathe(
            [(neck * 0.8, h - 0.004), (neck, h - 0.004), (neck * 0.97, h + cap + 0.01), (0, h + cap + 0.011)]
        )


@kind("sauce bottle", "soy sauce bottle", "hot sauce bottle", "oil bottle", "vinegar bottle")
def sauce_bottle(b: Builder) -> None:
    h, r = b.u(0.12, 0.27), b.u(0.02, 0.036)
    neck, neck_r, boxy = h * b.u(0.55, 0.75), b.u(0.009, 0.014), b.pick(0, 0, b.u(0.5, 0.9))
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [
            (0, 0, 0),
            (r, r, 0),
            (r, r, neck * b.u(0.6, 0.8)),
            (r * 0.85, r * 0.85, neck * 0.85),
            (neck_r, neck_r, neck),
        ],
        boxy,
    )
    _neck(b, neck, h, neck_r, neck_r * b.u(0.8, 1))
    if b.maybe(0.3):
        b.part("spout", "pourer", "where to pour", "where the liquid comes out")
        b.cone((0, 0, h - 0.01), (0, 0, h + 0.004), neck_r * 1.2, neck_r * 1.2)
        b.tube([(0, 0, h), (0, 0, h + 0.02), (-0.012, 0, h + 0.04)], 0.0035)
    else:
        drop = b.u(0.01, 0.03)
        screw_cap(b, h - drop, neck_r + 0.003, drop + b.u(0.002, 0.01), b.u(0.85, 1))
