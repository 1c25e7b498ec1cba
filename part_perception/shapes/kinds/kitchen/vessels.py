"""Drinking vessels."""

from part_perception.shapes.builder import Builder, lifts, screws
from part_perception.shapes.forms import curve, ear, ear_on, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import (
    BASE,
    DRINK_BODY,
    GRIP_BAND,
    LID,
    LOOP_HANDLE,
    PLAIN_CAP,
    STEM,
    STRAW,
)


@kind("mug", "cup", "coffee mug", "tea cup")
def mug(b: Builder) -> None:
    size = b.pick(1.0, 1.0, 1.0, b.u(0.55, 0.75))
    h, r = b.u(0.075, 0.12) * size, b.u(0.034, 0.05) * size
    form = b.pick("straight", "straight", "tapered", "bulged", "waisted", "footed")
    low, mid = {
        "straight": (1.0, 1.0),
        "tapered": (b.u(0.6, 0.9), b.u(0.85, 1.02)),
        "bulged": (b.u(0.7, 0.9), b.u(1.08, 1.25)),
        "waisted": (b.u(0.95, 1.1), b.u(0.82, 0.92)),
        "footed": (b.u(0.4, 0.6), b.u(0.9, 1.02)),
    }[form]
    b.part(*DRINK_BODY)
    line = [
        (r * low * 0.94, 0),
        (r * low, 0.004),
        (r * (low + mid) / 2 * b.u(1, 1.06), h * 0.25),
        (r * mid, h / 2),
        (r * (mid + 1) / 2, h * 0.78),
        (r, h),
    ]
    side = curve(line)
    b.lathe(wall(side, b.u(0.002, 0.005), 0.006))
    b.part(*LOOP_HANDLE)
    grown = (1 + size) / 2
    ear_on(
        b, side, h * b.u(0.78, 0.93), h * b.u(0.1, 0.4), b.u(0.018, 0.042) * grown, b.u(0.0035, 0.007) * grown
    )


@kind("travel mug", "insulated tumbler", "thermal mug", "commuter cup")
def travel_mug(b: Builder) -> None:
    h, r = b.u(0.14, 0.21), b.u(0.035, 0.047)
    low = r * b.u(0.68, 1.0)
    b.part(*DRINK_BODY)
    b.lathe(
        wall(
            curve([(low * 0.95, 0), (low, 0.003), (low + (r - low) * b.u(0.1, 0.6), h * 0.5), (r, h)]),
            0.003,
            0.01,
        )
    )
    b.part(*LID, joint=screws())
    lid = b.u(0.01, 0.028)
    b.lathe(
        [
            (r + 0.0015, h - lid * 0.5),
            (r + 0.003, h + lid * 0.2),
            (r * 0.97, h + lid),
            (r * b.u(0.7, 0.9), h + lid),
            (r * 0.7, h + lid * 0.6),
            (0, h + lid * 0.6),
        ]
    )
    if b.maybe(0.5):
        b.part("tab", "slider", "lid opening tab", "what to slide to drink")
        b.box((r * 0.6, r * 0.4, lid * 0.6), (-r * 0.3, 0, h + lid * 0.85), round=0.5)
    if b.maybe(0.45):
        b.part(*LOOP_HANDLE)
        ear(b, r * 0.98, (low + r) / 2, h * 0.85, h * b.u(0.2, 0.4), b.u(0.03, 0.045), b.u(0.005, 0.008))
    elif b.maybe(0.5):
        b.part(*GRIP_BAND)
        z0, z1 = h * b.u(0.3, 0.45), h * b.u(0.55, 0.75)
        b.lathe([(r * 0.8, z0), (r + 0.002, z0), (r + 0.002, z1), (r * 0.8, z1)])
    if b.maybe(0.25):
        b.part(*STRAW)
        b.rod((r * 0.2, 0, h * 0.3), (r * b.u(0.3, 0.7), 0, h + b.u(0.05, 0.1)), 0.0035)


@kind("paper cup", "takeaway coffee cup", "disposable cup")
def paper_cup(b: Builder) -> None:
    h, r = b.u(0.085, 0.15), b.u(0.038, 0.047)
    low = r * b.u(0.65, 0.75)
    b.part(*DRINK_BODY)
    b.lathe(wall([(low, 0), (r, h)], 0.001, 0.006))
    lidded = b.maybe(0.7)
    if lidded:
        b.part(*LID, joint=lifts())
        top = b.u(0.006, 0.014)
        b.lathe(
            [
                (r, h - 0.006),
                (r + 0.003, h - 0.004),
                (r + 0.003, h + 0.003),
                (r * 0.92, h + 0.004),
                (r * 0.88, h + top),
                (r * 0.78, h + top),
                (r * 0.76, h + top * 0.5),
                (0, h + top * 0.5),
            ]
        )
    if b.maybe(0.5):
        b.part("sleeve", "cardboard sleeve", "heat band", "where to hold it")
        z0, z1 = h * b.u(0.22, 0.32), h * b.u(0.62, 0.75)
        r0, r1 = (low + (r - low) * z / h for z in (z0, z1))
        b.lathe([(r0, z0), (r0 + 0.0022, z0), (r1 + 0.0022, z1), (r1, z1)])
    if b.maybe(0.3) or not lidded and b.maybe(0.3):
        b.part(*STRAW)
        b.rod((0, 0, h * 0.2), (r * b.u(0.1, 0.8), 0, h + b.u(0.05, 0.09)), b.u(0.0025, 0.005))


@kind("tea cup with saucer", "coffee cup and saucer", "cup on a saucer")
def cup_and_saucer(b: Builder) -> None:
    h, r, plate = b.u(0.05, 0.075), b.u(0.035, 0.052), b.u(0.065, 0.085)
    b.part("saucer", "small plate", "plate under the cup", "what the cup stands on")
    b.lathe(
        [
            (0, 0),
            (plate * 0.5, 0),
            (plate, b.u(0.008, 0.02)),
            (plate, 0.021),
            (plate * 0.5, 0.005),
            (0, 0.005),
        ]
    )
    b.part(*DRINK_BODY)
    low = r * b.u(0.45, 0.7)
    with b.moved((0, 0, 0.005)):
        side = curve([(low, 0), (low, 0.004), (r * b.u(0.8, 1.0), h * 0.35), (r * 0.95, h * 0.7), (r, h)])
        b.lathe(wall(side, 0.002, 0.006))
        b.part(*LOOP_HANDLE)
        ear_on(b, side, h * b.u(0.8, 0.95), h * b.u(0.2, 0.4), b.u(0.018, 0.03), b.u(0.0025, 0.004))


@kind("drinking glass", "glass", "tumbler", "water glass")
def glass(b: Builder) -> None:
    h, r = b.u(0.08, 0.17), b.u(0.028, 0.045)
    low, bottom = r * b.pick(1.0, b.u(0.65, 0.95), b.u(0.65, 0.95)), b.u(0.006, 0.02)
    b.part(*BASE)
    b.lathe(
        [(0, 0), (low * 0.96, 0), (low, 0.003), (low, bottom), (low - 0.002, bottom), (0, bottom - 0.001)]
    )
    b.part("body", "glass", "container", "where the drink goes")
    mid = (low + r) / 2 * b.u(0.95, 1.1)
    b.lathe(wall(curve([(low, bottom), (mid, h * 0.5), (r, h)]), b.u(0.0012, 0.003), bottom + 0.001))
    if b.maybe(0.25):
        b.part(*STRAW)
        b.rod((-r * 0.3, 0, bottom + 0.003), (r * 1.1, 0, h + b.u(0.03, 0.08)), b.u(0.0025, 0.004))


@kind("beer mug", "beer stein", "tankard")
def beer_mug(b: Builder) -> None:
    h, r = b.u(0.12, 0.19), b.u(0.04, 0.055)
    low, mid = r * b.u(0.95, 1.2), r * b.pick(1.0, b.u(1.05, 1.2))
    b.part(*DRINK_BODY)
    side = curve([(low * 0.97, 0), (low, 0.006), (mid, h * 0.35), ((mid + r) / 2, h * 0.7), (r, h)])
    b.lathe(wall(side, b.u(0.003, 0.006), 0.015))
    b.part(*LOOP_HANDLE)
    ear_on(b, side, h * b.u(0.78, 0.9), h * b.u(0.15, 0.3), b.u(0.035, 0.055), b.u(0.006, 0.01))
    if b.maybe(0.25):
        b.part(*LID)
        b.lathe(
            [
                (0, h + 0.001),
                (r * 1.03, h + 0.001),
                (r * 1.03, h + 0.006),
                (r * 0.6, h + 0.018),
                (0, h + 0.03),
            ]
        )
        b.box((0.012, 0.014, 0.03), (r + 0.012, 0, h + 0.012), round=0.6)


@kind("wine glass", "goblet", "stemmed glass", "champagne glass", "cocktail glass")
def wine_glass(b: Builder) -> None:
    form = b.pick("wine", "wine", "flute", "cocktail", "goblet")
    h, r = b.u(0.15, 0.24), b.u(0.032, 0.05)
    r, share, side, rim = {
        "wine": (r, b.u(0.4, 0.55), 1.0, b.u(0.65, 0.95)),
        "flute": (r * 0.62, b.u(0.55, 0.68), 0.95, b.u(0.85, 1)),
        "cocktail": (r * 1.2, b.u(0.3, 0.4), 0.5, 1.0),
        "goblet": (r, b.u(0.55, 0.7), 0.95, 1.0),
    }[form]
    stem_top, body = h * (1 - share), h * share
    b.part("bowl", "cup", "where the drink goes", "container")
    outer = [
        (0.004, stem_top),
        (r * 0.7 * side, stem_top + body * 0.15),
        (r * side, stem_top + body * 0.45),
        (r * rim, h),
    ]
    b.lathe(wall(curve(outer), 0.0015, stem_top + 0.004))
    b.part(*STEM)
    b.rod((0, 0, 0.005), (0, 0, stem_top + 0.003), b.u(0.0025, 0.006))
    b.part("base", "foot", "what it stands on", "bottom")
    foot = max(r, 0.028) * b.u(0.75, 1.05)
    b.lathe([(0, 0), (foot, 0), (foot, 0.002), (0.006, 0.008), (0, 0.009)])


@kind("cocktail shaker", "drink shaker", "protein shaker")
def cocktail_shaker(b: Builder) -> None:
    h, r = b.u(0.13, 0.17), b.u(0.037, 0.046)
    low = r * b.u(0.65, 0.95)
    b.part("body", "cup", "container", "where the drink goes")
    b.lathe([(0, 0), (low, 0), (r, h)])
    b.part("lid", "strainer", "top", "shoulder", "what closes it", joint=lifts())
    neck, top = r * b.u(0.4, 0.55), h + b.u(0.025, 0.05)
    b.lathe(
        [
            (r * 0.95, h - 0.004),
            (r + 0.001, h - 0.004),
            (r, h + 0.006),
            *curve([(r * 0.95, h + 0.008), (neck, top)], 6),
        ]
    )
    b.part(*PLAIN_CAP, joint=lifts())
    b.lathe([(neck * 1.08, top - 0.006), (neck * b.u(0.9, 1.08), top + b.u(0.02, 0.03)), (0, top + 0.032)])
