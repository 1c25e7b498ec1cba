"""Dispensers: bottles that spray, pump or squeeze out their contents."""

from part_perception.shapes.builder import Builder, lifts, presses, screws
from part_perception.shapes.forms import curve, loft
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BOTTLE_BODY, BUTTON, NECK, NOZZLE, PLAIN_CAP, PUMP, TRIGGER

SPRAY_HEAD = ("head", "spray head", "sprayer", "top of the bottle")
CAN_BODY = ("body", "can", "container", "part to hold it by")


def _bottle(b: Builder, h: float, r: float, neck: float) -> None:
    """A bottle of one of several shapes up to a neck at height h."""
    b.part(*BOTTLE_BODY)
    form = b.pick("round", "cone", "oval", "square", "waisted")
    if form == "square":
        flat = b.u(0.5, 1)
        loft(
            b,
            [
                (0, 0, 0),
                (r, r * flat, 0),
                (r, r * flat, h * 0.75),
                (r * 0.8, r * flat * 0.8, h * 0.9),
                (neck, neck, h),
            ],
            b.u(0.4, 0.9),
        )
        return
    waist, top = {
        "round": (1, 1),
        "cone": (0.8, 0.55),
        "oval": (1, 0.9),
        "waisted": (b.u(0.7, 0.85), b.u(0.75, 0.9)),
    }[form]
    side = curve(
        [
            (r, 0.004),
            (r * (1 + waist) / 2, h * 0.3),
            (r * waist, h * 0.55),
            (r * top, h * 0.78),
            (neck * 1.3, h * 0.96),
            (neck, h),
        ]
    )
    b.lathe([(0, 0), (r * 0.95, 0), *side], squash=b.u(0.55, 0.8) if form == "oval" else 1.0)


@kind("spray bottle", "trigger sprayer", "cleaning spray", "window cleaner bottle")
def spray_bottle(b: Builder) -> None:
    h, r = b.u(0.14, 0.22), b.u(0.032, 0.05)
    neck = b.u(0.011, 0.016)
    _bottle(b, h, r, neck)
    b.part(*NECK, "collar")
    collar = b.u(0.016, 0.025)
    b.lathe([(neck, h - 0.002), (neck + 0.004, h), (neck + 0.003, h + collar), (0, h + collar)])
    z = h + collar
    b.part(*SPRAY_HEAD)
    long, tall, wide = b.u(0.035, 0.06), b.u(0.016, 0.026), b.u(0.016, 0.024)
    back = b.u(0.02, 0.04)
    side = [
        (-long, z + tall * 1.0),
        (-long, z + tall * 2.0),
        (0, z + tall * b.u(2.0, 2.5)),
        (back, z + tall * b.u(1.3, 2.0)),
        (back * 0.9, z + tall * 0.9),
        (0.012, z - 0.001),
        (-0.012, z - 0.001),
        (-0.014, z + tall * 0.9),
    ]
    b.extrude([(x, a) for x, a in side], wide, plane="xz", bevel=b.pick(0.0, 0.15))
    b.part(*NOZZLE)
    n = b.u(0.007, 0.011)
    b.rod(
        (-long + 0.002, 0, z + tall * 1.5),
        (-long - b.u(0.01, 0.018), 0, z + tall * 1.5),
        n,
        sides=b.pick(4, 12),
    )
    b.part(*TRIGGER, joint=presses((1, 0, 0), 0.02))
    drop, reach = b.u(0.035, 0.06), b.u(0.0, 0.02)
    x = -long * b.u(0.55, 0.8)
    b.tube(
        [
            (x, 0, z + tall * 1.1),
            (x - 0.004, 0, z + tall * 1.1 - drop * 0.35),
            (x - 0.002 + reach * 0.2, 0, z + tall * 1.1 - drop * 0.7),
            (x - reach, 0, z + tall * 1.1 - drop),
        ],
        b.u(0.0028, 0.004),
        flat=b.u(1.6, 2.4),
    )


@kind("spray can", "aerosol can", "spray paint can", "deodorant spray")
def spray_can(b: Builder) -> None:
    h, r = b.u(0.12, 0.24), b.u(0.022, 0.034)
    dome = b.u(0.008, 0.02)
    b.part(*CAN_BODY)
    b.lathe(
        [
            (0, 0.003),
            (r * 0.85, 0),
            (r, 0.002),
            (r, 0.005),
            (r * 0.98, 0.006),
            (r * 0.98, h),
            (r * 1.0, h + 0.003),
            *curve([(r * 0.95, h + 0.004), (r * 0.75, h + dome * 0.8), (r * 0.45, h + dome)], 6),
            (0, h + dome),
        ]
    )
    z, form = h + dome, b.pick("cap", "bare", "bare", "collar")
    if form == "cap":
        tall, wide = b.u(0.03, 0.06), r * b.u(0.85, 1.0)
        b.part(*PLAIN_CAP, joint=lifts())
        b.lathe(
            [
                (wide * 0.9, h + 0.003),
                (wide, h + 0.004),
                (wide * b.u(0.85, 1), h + tall * 0.95),
                (wide * 0.8, h + tall),
                (0, h + tall),
            ]
        )
        return
    if form == "collar":
        b.part(*PLAIN_CAP)
        b.lathe(
            [
                (r * 0.98, h + 0.004),
                (r * 0.85, z + 0.015),
                (r * 0.6, z + 0.018),
                (r * 0.55, z + 0.008),
                (0, z + 0.008),
            ]
        )
        z += 0.008
    b.part(*BUTTON, "spray button", joint=presses((0, 0, -1)))
    top, wide = z + b.u(0.014, 0.022), b.u(0.006, 0.01)
    b.lathe(
        [
            (wide * 0.6, z - 0.002),
            (wide * 0.6, z + 0.004),
            (wide, z + 0.005),
            (wide * 0.9, top),
            (0, top - 0.001),
        ]
    )
    b.part(*NOZZLE)
    b.rod((-wide * 0.7, 0, top - 0.005), (-wide - b.u(0.001, 0.003), 0, top - 0.005), b.u(0.0015, 0.003))


@kind("soap dispenser", "pump bottle", "hand soap bottle", "lotion bottle", "hand sanitizer bottle")
def pump_bottle(b: Builder) -> None:
    h, r = b.u(0.09, 0.19), b.u(0.026, 0.042)
    neck = b.u(0.01, 0.015)
    _bottle(b, h, r, neck)
    b.part("collar", "pump collar", "cap", "ring to twist off", joint=screws())
    collar = b.u(0.012, 0.02)
    b.lathe([(neck, h - 0.002), (neck + 0.004, h), (neck + 0.003, h + collar), (0, h + collar)])
    b.part(*PUMP, joint=presses((0, 0, -1), 0.02))
    z, top = h + collar, h + collar + b.u(0.012, 0.04)
    wide = b.u(0.009, 0.016)
    b.rod((0, 0, z - 0.001), (0, 0, top), b.u(0.0035, 0.006))
    b.lathe(
        [
            (0.005, top - 0.002),
            (wide * 0.9, top),
            (wide, top + 0.004),
            (wide * 0.9, top + b.u(0.008, 0.016)),
            (0, top + 0.012),
        ]
    )
    b.part(*NOZZLE[:1], "spout", "tip", "where the soap comes out")
    long, bar = b.u(0.025, 0.05), b.u(0.0035, 0.0055)
    b.tube(
        [
            (-wide * 0.5, 0, top + 0.006),
            (-long * 0.7, 0, top + 0.006 + b.u(-0.002, 0.006)),
            (-long, 0, top + b.u(-0.003, 0.003)),
            (-long - 0.002, 0, top - b.u(0.006, 0.012)),
        ],
        [bar, bar, bar, bar * 0.8],
    )


@kind("wall soap dispenser", "wall mounted soap dispenser", "sanitizer dispenser", rest="mounted")
def wall_soap_dispenser(b: Builder) -> None:
    x, y, h = b.u(0.07, 0.12), b.u(0.05, 0.07), b.u(0.15, 0.28)
    b.part("body", "case", "container", "where the soap is")
    b.box((x, 2 * y, h), (x / 2, 0, 0), round=b.u(0.1, 0.7), taper=b.u(0.9, 1.0))
    b.part("lever", "push bar", "button", "what to press", joint=presses((-1, 0, 0), 0.02))
    b.box((0.02, y * b.u(0.9, 1.7), h * b.u(0.15, 0.3)), (x + 0.006, 0, -h * b.u(0.2, 0.32)), round=0.4)
    b.part(*NOZZLE[:1], "spout", "tip", "where the soap comes out")
    b.cone((x * 0.6, 0, -h / 2 + 0.004), (x * 0.6, 0, -h / 2 - b.u(0.01, 0.02)), 0.009, 0.006)
