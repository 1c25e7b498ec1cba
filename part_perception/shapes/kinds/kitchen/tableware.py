"""Tableware: bowls, plates and serving dishes."""

from part_perception.shapes.builder import Builder, lifts
from part_perception.shapes.forms import bow, curve, knob, loft, side_loop, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE, HANDLE, JAR_BODY, LID, LID_KNOB, LOOP_HANDLE, RIM, STEM


@kind("bowl", "soup bowl", "cereal bowl", "salad bowl", "mixing bowl")
def bowl(b: Builder) -> None:
    r = b.u(0.055, 0.15)
    h, foot = r * b.u(0.35, 0.95), r * b.u(0.35, 0.65)
    ring = b.maybe(0.6) * b.u(0.004, 0.012)
    b.part("body", "bowl", "container", "where the food goes")
    mid, t = b.u(0.8, 1.0), b.u(0.002, 0.005)
    outer = [
        (foot, ring),
        (foot + (r - foot) * mid * 0.6, ring + h * 0.2),
        (foot + (r - foot) * mid, h * 0.55),
        (r, h),
    ]
    b.lathe(wall(curve(outer), t, ring + t))
    if b.maybe(0.35):
        b.part(*RIM)
        out = b.u(0.004, 0.025)
        b.lathe(
            [(r - t, h), (r + out, h + out * 0.1), (r + out, h + out * 0.1 + t * 0.7), (r - t, h + t * 0.7)]
        )
    for side in (-1, 1) if b.maybe(0.12) else ():
        b.part(*LOOP_HANDLE)
        side_loop(b, r, h * 0.9, min(0.05, r), b.u(0.014, 0.025), 0.0035, side)
    if ring:
        b.part(*BASE)
        b.lathe(
            [
                (foot * 0.85, 0.002),
                (foot * 0.9, 0),
                (foot, 0),
                (foot, ring + 0.001),
                (foot * 0.85, ring + 0.001),
                (foot * 0.85, 0.002),
            ]
        )


@kind("plate", "dish", "dinner plate", "serving plate")
def plate(b: Builder) -> None:
    r, boxy = b.u(0.075, 0.15), b.pick(0.0, 0.0, 0.0, 0.75)
    long = b.pick(1.0, 1.0, 1.0, b.u(1.2, 1.6))
    flat, h, t = r * b.u(0.6, 0.78), b.u(0.012, 0.03), b.u(0.002, 0.005)
    step = h * b.u(0.3, 0.9)
    b.part("center", "plate", "middle of the plate", "where the food goes")
    loft(b, [(0, 0, 0), (flat * long, flat, 0), (flat * long, flat, t), (0, 0, t)], boxy)
    b.part(*RIM)
    in_, out = flat + (r - flat) * b.u(0.1, 0.3), r
    loft(b, [(flat * long, flat, 0), (in_ * long, in_, step), (out * long, out, h), (out * long, out, h + t),
             (in_ * long, in_, step + t), (flat * long, flat, t)], boxy)  # fmt: skip


@kind("sugar bowl", "sugar pot", "candy jar", "cookie jar")
def sugar_bowl(b: Builder) -> None:
    r = b.u(0.038, 0.09)
    h, mouth = r * b.u(1.0, 2.0), r * b.u(0.6, 0.95)
    b.part(*JAR_BODY)
    b.lathe(wall(curve([(r * 0.6, 0), (r * 0.95, h * 0.3), (r, h * 0.55), (mouth, h)]), 0.004, 0.006))
    cover = b.part(*LID, joint=lifts())
    rise = mouth * b.u(0.15, 0.5)
    b.lathe(
        [
            (mouth * 1.05, h),
            (mouth * 1.05, h + 0.003),
            *curve([(mouth * 0.9, h + rise * 0.5), (mouth * 0.5, h + rise * 0.9), (0, h + rise)], 6),
        ]
    )
    b.part(*LID_KNOB, inside=cover)
    knob(b, h + rise - 0.001, b.u(0.007, 0.013))
    if b.maybe(0.45):
        for side in (-1, 1):
            b.part(*HANDLE)
            bow(
                b,
                (side * r * 0.93, 0, h * 0.3),
                (side * r * 0.9, 0, h * 0.78),
                (side * b.u(0.014, 0.022), 0, 0),
                0.0035,
                square=False,
            )


@kind("cake stand", "cake dome", "cheese dome", "pedestal plate")
def cake_stand(b: Builder) -> None:
    r, h = b.u(0.1, 0.16), b.u(0.06, 0.14)
    foot, t = r * b.u(0.45, 0.65), b.u(0.004, 0.008)
    b.part(*BASE)
    b.lathe([(0, 0), (foot, 0), (foot, 0.004), (foot * 0.3, 0.02), (0, 0.02)])
    b.part(*STEM)
    b.lathe(curve([(foot * 0.3, 0.019), (r * 0.1, h * 0.4), (r * 0.14, h * 0.6), (r * 0.2, h)], 10))
    b.part("plate", "top", "tray", "where the cake goes")
    b.lathe([(0, h), (r, h), (r, h + t * 1.6), (r * 0.96, h + t), (0, h + t)])
    if b.maybe(0.5):
        b.part("dome", "lid", "cover", "what covers the cake", joint=lifts())
        d, rise = r * 0.88, r * b.u(0.6, 1.0)
        b.lathe([(d, h + t), *curve([(d, h + rise * 0.5), (d * 0.8, h + rise * 0.85), (0, h + rise)], 8)])
        b.part(*LID_KNOB)
        knob(b, h + rise - 0.001, b.u(0.01, 0.015))


@kind("butter dish", "covered dish", "cheese box")
def butter_dish(b: Builder) -> None:
    x, y, boxy = b.u(0.07, 0.1), b.u(0.045, 0.065), b.u(0.4, 1)
    b.part("plate", "tray", "dish", "base", "what holds the butter")
    loft(
        b,
        [
            (0, 0, 0),
            (x * 0.85, y * 0.85, 0),
            (x, y, 0.012),
            (x, y, 0.015),
            (x * 0.85, y * 0.85, 0.005),
            (0, 0, 0.005),
        ],
        boxy,
    )
    cover = b.part(*LID, joint=lifts())
    h, off = b.u(0.04, 0.065), b.pick(0, 0, b.u(0, 0.08))
    loft(
        b,
        [(x * 0.83, y * 0.83, 0.006), (x * 0.8, y * 0.78, h * 0.9), (x * 0.7, y * 0.65, h), (0, 0, h)],
        boxy,
        at=(off, 0, 0),
    )
    b.part(*LID_KNOB, inside=cover)
    knob(b, h - 0.001, b.u(0.007, 0.012), at=(off, 0))


@kind("egg cup", "egg in a cup", "boiled egg holder")
def egg_cup(b: Builder) -> None:
    r, h = b.u(0.022, 0.028), b.u(0.03, 0.065)
    b.part("cup", "body", "holder", "what holds the egg")
    b.lathe(wall(curve([(r * 0.5, h * 0.45), (r * 0.95, h * 0.7), (r, h)], 8), 0.002, h * 0.5))
    b.part(*BASE)
    b.lathe([(0, 0), (r * b.u(0.8, 1.2), 0), (r * 0.3, h * 0.25), (r * 0.5, h * 0.47)])
    if b.maybe(0.7):
        b.part("egg", "boiled egg", "what is in the cup")
        b.lathe(
            curve(
                [
                    (0, h * 0.6),
                    (r * 0.85, h * 0.6 + r * 0.8),
                    (r * 0.6, h * 0.6 + r * 1.8),
                    (0, h * 0.6 + r * 2.3),
                ]
            )
        )


@kind("paper towel holder", "kitchen roll holder", "kitchen roll on a stand")
def paper_towel_holder(b: Builder) -> None:
    r, h = b.u(0.05, 0.075), b.u(0.22, 0.27)
    base = r * b.u(1.0, 1.5)
    b.part(*BASE)
    b.lathe([(0, 0), (base, 0), (base, 0.01), (0, 0.012)])
    if b.maybe(0.85):
        b.part("paper roll", "roll", "paper", "paper towel", "what to tear off")
        b.lathe([(0.02, 0.013), (r, 0.013), (r, h), (0.02, h), (0.02, 0.013)])
    b.part("pole", "rod", "post", "what the roll turns on")
    top = h + b.u(0.02, 0.07)
    b.rod((0, 0, 0.011), (0, 0, top), b.u(0.004, 0.009))
    b.part("knob", "top", "finial", "what to carry it by")
    knob(b, top - 0.002, b.u(0.009, 0.014))
