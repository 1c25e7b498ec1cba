"""Bottles, flasks and jugs with a closing."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bail, bow, curve, ear, loft
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import (
    BASE,
    BOTTLE_BODY,
    CAP,
    CARRY_HANDLE,
    HANDLE,
    NECK,
    PLAIN_CAP,
    STRAP,
    STRAW,
)

FLIP_CAP = ("cap", "flip cap", "lid", "what closes it")
TIP = ("nozzle", "tip", "where it comes out", "spout")


def _screw_cap(b: Builder, z: float, r: float, h: float, taper: float = 1.0) -> None:
    """A cap standing on height z, slightly wider than the neck it covers."""
    b.part(*CAP)
    b.lathe([(r * 0.8, z), (r, z), (r * taper, z + h * 0.93), (r * taper * 0.93, z + h), (0, z + h)])


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
            _screw_cap(b, h - drop, neck_r + 0.0025, drop + 0.002)
        else:
            b.part("cap", "cork", "stopper", "what closes it") if form == "cork" else b.part(*PLAIN_CAP)
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
        _screw_cap(b, h - b.u(0.014, 0.018), neck_r + 0.002, b.u(0.012, 0.02))


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
    b.part(*PLAIN_CAP)
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
        b.part("cap", "conical cap", "lid", "what closes it")
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
        _screw_cap(b, h - drop, neck_r + 0.003, drop + b.u(0.002, 0.01), b.u(0.85, 1))


@kind("detergent bottle", "laundry detergent bottle", "bleach bottle", "motor oil bottle")
def detergent_bottle(b: Builder) -> None:
    h, w, d = b.u(0.2, 0.3), b.u(0.06, 0.1), b.u(0.035, 0.055)
    boxy, grip = b.u(0.2, 0.6), w * b.u(0.5, 0.75)
    low, high = h * b.u(0.45, 0.58), h * b.u(0.92, 1.0)
    b.part(*BOTTLE_BODY)
    back = grip * 0.55
    loft(
        b,
        [
            (0, 0, 0),
            (w * 0.95, d * 0.95, 0),
            (w, d, 0.008),
            (w, d, low * 0.9),
            (w * 0.97, d * 0.95, low),
            (w - back, d * 0.85, low + 0.02, -back),
            (w - back, d * 0.8, high - 0.03, -back),
            (w * 0.6, d * 0.7, h, -w * 0.3),
            (0, 0, h, -w * 0.3),
        ],
        boxy,
    )
    b.part(*HANDLE)
    bar = min(grip * b.u(0.2, 0.28), d * 0.5)
    b.tube(
        [
            (w - 2 * back - 0.01, 0, high - bar),
            (w - bar * 1.6, 0, high - bar),
            (w - bar, 0, high - bar * 2.5),
            (w - bar, 0, low + bar),
            (w - bar, 0, low - 0.01),
        ],
        bar,
        flat=b.u(0.9, 1.4),
    )
    cap, tall = min(d * 0.6, w * 0.4), b.u(0.025, 0.07)
    with b.moved((-w * 0.3, 0, 0)):
        _screw_cap(b, h - 0.002, cap, tall, b.u(0.85, 1.05))


@kind("milk jug", "plastic gallon jug", "water jug", "canister of water")
def milk_jug(b: Builder) -> None:
    h, w = b.u(0.2, 0.3), b.u(0.055, 0.08)
    top, neck = h * b.u(0.55, 0.7), b.u(0.016, 0.022)
    b.part(*BOTTLE_BODY)
    lean = -w * b.u(0, 0.25)
    loft(
        b,
        [
            (0, 0, 0),
            (w * 0.96, w * 0.96, 0),
            (w, w, 0.008),
            (w, w, top),
            (w * 0.6, w * 0.7, top + (h - top) * 0.5, -w * 0.3 + lean / 2),
            (neck, neck, h, lean),
        ],
        b.u(0.3, 0.75),
    )
    b.part(*HANDLE)
    bar = b.u(0.01, 0.014)
    b.tube(
        [
            (neck * 0.5 + lean, 0, h - 0.015),
            (w * 0.45, 0, h - 0.012),
            (w * 0.9, 0, top + (h - top) * 0.35),
            (w * 0.92, 0, top * 0.85),
            (w * 0.8, 0, top * 0.7),
        ],
        bar,
        flat=b.u(0.9, 1.4),
    )
    with b.moved((lean, 0, 0)):
        _screw_cap(b, h - 0.002, neck + 0.003, b.u(0.012, 0.02))


@kind("pill bottle", "medicine bottle", "vitamin bottle", "supplement bottle")
def pill_bottle(b: Builder) -> None:
    h, r = b.u(0.045, 0.12), b.u(0.016, 0.036)
    r = min(r, h * 0.45)
    cap, shoulder = b.u(0.014, 0.024), b.pick(0.0, b.u(0.005, 0.015))
    neck = r * (0.92 if not shoulder else b.u(0.6, 0.85))
    b.part("body", "bottle", "container", "where the pills are")
    b.lathe([(0, 0), (r * 0.95, 0), (r, 0.003), (r, h - shoulder - 0.002), (neck, h), (0, h)])
    _screw_cap(b, h + 0.001, max(neck + 0.003, r * b.u(0.8, 1.06)), cap, b.u(0.95, 1.0))


@kind("hip flask", "flask", "pocket flask")
def hip_flask(b: Builder) -> None:
    h, w = b.u(0.09, 0.14), b.u(0.04, 0.05)
    d = w * b.u(0.22, 0.32)
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [
            (0, 0, 0),
            (w * 0.95, d * 0.9, 0),
            (w, d, 0.004),
            (w, d, h * 0.8),
            (w * 0.75, d * 0.85, h * 0.95),
            (0.012, 0.008, h),
            (0, 0, h),
        ],
        b.u(0.2, 0.6),
    )
    _screw_cap(b, h - 0.001, b.u(0.008, 0.011), b.u(0.012, 0.02))


@kind("thermos", "vacuum flask", "thermos bottle", "insulated bottle")
def thermos(b: Builder) -> None:
    h, r = b.u(0.18, 0.33), b.u(0.032, 0.05)
    body = h * b.u(0.68, 0.85)
    b.part(*BOTTLE_BODY)
    b.lathe([(0, 0), (r * 0.97, 0), (r, 0.004), (r, body * 0.9), (r * b.u(0.75, 1), body), (0, body)])
    b.part("cap", "cup lid", "lid", "what closes it")
    cup = r * b.u(0.78, 0.98)
    b.lathe(
        [(cup * 0.95, body - 0.003), (cup, body), (cup * b.u(0.85, 1), h * 0.985), (cup * 0.8, h), (0, h)]
    )
    if b.maybe(0.3):
        b.part(*BASE)
        b.lathe([(0, -0.0), (r * 1.03, 0), (r * 1.03, h * 0.07), (r * 0.99, h * 0.07)])
    if b.maybe(0.45):
        b.part(*HANDLE)
        ear(b, r, r, body * 0.88, body * b.u(0.35, 0.5), b.u(0.03, 0.045), b.u(0.006, 0.01))
    elif b.maybe(0.35):
        b.part(*STRAP)
        bow(
            b, (r, 0, body * 0.85), (r, 0, body * 0.2), (b.u(0.03, 0.08), 0, 0), 0.006, flat=2.0, square=False
        )


@kind("dropper bottle", "perfume bottle", "nail polish bottle", "glue bottle", "small bottle")
def small_bottle(b: Builder) -> None:
    h, r = b.u(0.03, 0.08), b.u(0.012, 0.028)
    boxy, flat, neck = b.pick(0, b.u(0.4, 0.9)), b.pick(1.0, b.u(0.4, 0.7)), r * b.u(0.3, 0.5)
    b.part(*BOTTLE_BODY)
    loft(
        b,
        [
            (0, 0, 0),
            (r, r * flat, 0),
            (r, r * flat, h * 0.8),
            (r * 0.7, r * flat * 0.8, h * 0.95),
            (neck, neck, h),
            (0, 0, h),
        ],
        boxy,
    )
    form, tall = b.pick("cap", "dropper", "cone"), b.u(0.012, 0.035)
    b.part(*PLAIN_CAP)
    if form == "cone":
        b.lathe([(neck * 0.8, h), (neck * 1.3, h), (neck * 0.5, h + tall * 1.3), (0, h + tall * 1.3)])
    else:
        loft(
            b,
            [
                (neck * 0.8, neck * 0.8, h),
                (neck * 1.35, neck * 1.35, h),
                (neck * 1.3, neck * 1.3, h + tall),
                (0, 0, h + tall),
            ],
            b.pick(0, boxy),
        )
    if form == "dropper":
        b.part("bulb", "dropper bulb", "rubber bulb", "what to squeeze")
        b.lathe(
            curve(
                [
                    (neck * 0.8, h + tall),
                    (neck * 0.95, h + tall + 0.012),
                    (neck * 0.7, h + tall + 0.024),
                    (0, h + tall + 0.028),
                ],
                10,
            )
        )
