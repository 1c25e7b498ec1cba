"""Kitchen tools that stir, turn, roll, sieve and spread."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import bar, bow, curve, spoon_bowl, tool_grip, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import HANDLE, HINGE, RIM, SPOON_BOWL, TOOL_HANDLE


@kind("ladle", "soup ladle", "serving ladle", rest="lies")
def ladle(b: Builder) -> None:
    r, long = b.u(0.032, 0.05), b.u(0.2, 0.29)
    depth, hook = r * b.u(0.6, 0.95), b.maybe(0.5)
    rise = b.u(0.02, 0.06)
    b.part("bowl", "ladle bowl", "scoop", "what holds the soup")
    b.lathe(wall(curve([(r * 0.25, 0), (r * 0.8, depth * 0.35), (r, depth)], 10), 0.0015, 0.0015), (r, 0, 0))
    b.part(*TOOL_HANDLE)
    t, w = b.u(0.0012, 0.003), b.u(0.004, 0.009)
    stations = [
        (0.001, depth - 0.004, w, t),
        (-long * 0.1, depth + rise * 0.6, w, t),
        (-long * 0.5, depth + rise, w * 0.9, t),
        (-long * 0.9, depth + rise * 0.8, w * b.u(1, 1.6), t),
    ]
    if hook:
        stations += [
            (-long, depth + rise * 0.8, w, t),
            (-long - 0.008, depth + rise * 0.8 - 0.012, w * 0.7, t),
        ]
    bar(b, stations, b.u(0.2, 0.8))


@kind("cooking spoon", "wooden spoon", "slotted spoon", "serving spoon", rest="lies")
def cooking_spoon(b: Builder) -> None:
    long, half = b.u(0.18, 0.28), b.u(0.03, 0.045)
    depth, r = b.u(0.004, 0.014), b.u(0.004, 0.008)
    b.part(*TOOL_HANDLE)
    bar(
        b,
        [(-long, r, r * b.u(1, 1.8), r), (-long * 0.5, r * 1.2, r * 1.1, r), (0, max(depth, r), r, r * 0.7)],
        0.1,
    )
    b.part(*SPOON_BOWL)
    spoon_bowl(b, -0.004, depth + 0.001, half, half * b.u(0.6, 0.8), depth)


@kind("spatula", "turner", "fish slice", "pancake turner", "rubber spatula", "bowl scraper", rest="lies")
def spatula(b: Builder) -> None:
    head, wide, long = b.u(0.06, 0.12), b.u(0.025, 0.05), b.u(0.17, 0.28)
    t, lift = b.u(0.001, 0.003), b.pick(0.0, b.u(0.01, 0.05))
    t = t if lift else b.u(0.003, 0.006)
    b.part("head", "spatula head", "blade", "flat part", "what turns the food")
    x = np.linspace(0, head, 6)
    width = wide * np.array([b.u(0.25, 0.7), 0.9, 1.0, 1.0, 1.0, b.u(0.75, 1.0)])
    slots = b.n(3, 4) if lift and b.maybe(0.5) else 0
    if slots:
        edge = wide * 0.92
        for k in range(slots + 1):
            y = (2 * k / slots - 1) * edge
            b.box((head * 0.7, wide * 0.22, 2 * t), (head * 0.5, y, t))
        for cx in (head * 0.1, head * 0.9):
            b.box((head * 0.22, wide * 2.05, 2 * t), (cx, 0, t))
    else:
        b.ribbon(np.stack([x, width], 1), np.stack([x, -width], 1), 2 * t, at=(0, 0, t))
    b.part(*TOOL_HANDLE)
    r, grip = b.u(0.004, 0.006), b.u(0.006, 0.012)
    z = max(lift, grip)
    bar(
        b,
        [
            (0.008, t + 0.001, r, r * 0.4),
            (-long * 0.15, t + lift * 0.7, r, r * 0.5),
            (-long * 0.45, max(z, r), r, r * 0.6),
            (-long * 0.5, z, grip, grip * 0.7),
            (-long * 0.97, z, grip, grip * 0.7),
            (-long, z, grip * 0.7, grip * 0.5),
        ],
        b.u(0.1, 0.6),
    )


@kind("whisk", "balloon whisk", "egg beater", rest="lies")
def whisk(b: Builder) -> None:
    long, wide, r = b.u(0.09, 0.17), b.u(0.022, 0.04), b.u(0.007, 0.012)
    z = wide * 0.98
    tool_grip(b, 0.005, b.u(0.09, 0.15), z, r)
    b.part("wires", "head", "whisk head", "what beats the eggs")
    t = np.linspace(0, 1, 13)
    side = wide * np.sin(2 * np.pi * t)
    along = long * np.sin(np.pi * t) ** 0.85
    for k in range(b.n(3, 5)):
        with b.moved((0, 0, z), roll=k * np.pi / 4 + 0.2):
            b.tube(np.stack([along, side, 0 * t], 1), b.u(0.0007, 0.0014), sides=5, steps=20)


@kind("kitchen tongs", "tongs", "salad tongs", "serving tongs", rest="lies")
def tongs(b: Builder) -> None:
    long, wide = b.u(0.2, 0.32), b.u(0.008, 0.013)
    spread = b.u(0.05, 0.25)
    b.part(*HINGE, "end")
    b.blob((wide * 1.8, wide * 1.8, wide * 2), (-long * 0.5, 0, wide))
    for side in (-1, 1):
        with b.moved((-long * 0.5, 0, wide), yaw=side * spread / 2):
            b.part("arm", "handle", "grip", "part to hold it by")
            b.tube(
                [(0, 0, 0), (long * 0.3, side * 0.006, 0), (long * 0.82, side * 0.002, 0)],
                0.0018,
                flat=wide / 0.0018,
            )
            b.part("tip", "gripping end", "head", "what grabs the food")
            b.blob((long * 0.2, 0.008, wide * 2.2), (long * 0.9, 0, 0), e1=0.6)


@kind("rolling pin", "dough roller", rest="lies")
def rolling_pin(b: Builder) -> None:
    long, r, grip = b.u(0.2, 0.32), b.u(0.02, 0.035), b.u(0.07, 0.11)
    b.part("roller", "body", "cylinder", "what rolls the dough")
    b.rod((-long / 2, 0, r), (long / 2, 0, r), r, sides=20)
    form, thick = b.pick("swollen", "plain"), b.u(0.008, 0.013)
    for side in (-1, 1):
        b.part(*HANDLE)
        x = (
            np.array([0.49, 0.5 + grip / long * 0.15, 0.5 + grip / long * 0.6, 0.5 + grip / long])
            * long
            * side
        )
        radius = thick * np.array([0.7, 0.6, 1.15, 0.7] if form == "swollen" else [1, 1, 1, 0.9])
        b.tube([(v, 0, r) for v in x], radius)


@kind("sieve", "strainer", "kitchen strainer", "mesh skimmer", rest="lies")
def sieve(b: Builder) -> None:
    r = b.u(0.03, 0.1)
    depth, z = r * b.u(0.35, 0.9), 0.0
    b.part("mesh", "bowl", "net", "what strains the food")
    b.lathe(curve([(0, z), (r * 0.6, depth * 0.18), (r * 0.93, depth * 0.65), (r, depth)]))
    b.part(*RIM)
    b.ring((0, 0, depth), r, b.u(0.002, 0.0035))
    b.part(*TOOL_HANDLE)
    long = b.u(0.1, 0.2)
    if b.maybe(0.5):
        for side in (-1, 1):
            b.tube(
                [
                    (-r + 0.001, side * 0.01, depth),
                    (-r - long * 0.5, side * 0.006, depth),
                    (-r - long, 0, depth),
                ],
                0.002,
            )
    else:
        bar(
            b,
            [
                (-r - long, depth, 0.01, 0.004),
                (-r - long * 0.4, depth, 0.009, 0.005),
                (-r + 0.001, depth, 0.006, 0.002),
            ],
            b.u(0, 0.7),
        )
    if b.maybe(0.5):
        b.part("hook", "rest", "ear", "what rests on the pot")
        bow(b, (r, -r * 0.15, depth), (r, r * 0.15, depth), (b.u(0.012, 0.025), 0, 0), 0.002)


@kind("potato masher", "masher", rest="lies")
def masher(b: Builder) -> None:
    long, r, neck = b.u(0.1, 0.14), b.u(0.035, 0.05), b.u(0.06, 0.1)
    tool_grip(b, 0.0, long, r, b.u(0.009, 0.014))
    b.part("shaft", "neck", "stem")
    for side in (-1, 1):
        b.tube([(-0.005, 0, r), (neck * 0.4, side * r * 0.5, r), (neck, side * r * 0.6, r)], 0.0028)
    b.part("head", "masher plate", "flat part", "what mashes the food")
    b.rod((neck - 0.001, 0, r), (neck + b.u(0.002, 0.006), 0, r), r, sides=24)


@kind("basting brush", "pastry brush", "kitchen brush", rest="lies")
def pastry_brush(b: Builder) -> None:
    w, t = b.u(0.012, 0.03), b.u(0.004, 0.007)
    long = b.u(0.03, 0.06)
    tool_grip(b, 0.0, b.u(0.12, 0.18), t, t)
    b.part("ferrule", "head", "band", "what holds the bristles")
    bar(b, [(-0.004, t, w * 0.5, t), (0.012, t, w, t), (0.024, t, w, t)], 0.7)
    b.part("bristles", "brush", "hair", "what spreads the sauce")
    bar(b, [(0.023, t, w * 0.96, t * 0.9), (0.023 + long, t, w * b.u(0.9, 1.15), t * b.u(0.6, 1.0))], 0.7)


@kind("ice cream scoop", "ice cream spoon", "cookie scoop", rest="lies")
def ice_cream_scoop(b: Builder) -> None:
    r = b.u(0.02, 0.028)
    b.part("bowl", "scoop", "head", "what holds the ice cream")
    b.lathe(wall(curve([(r * 0.2, 0), (r * 0.8, r * 0.35), (r, r * 0.9)], 10), 0.0015, 0.0015), (r, 0, 0))
    b.part("neck", "shaft", "stem")
    z = r * 0.75
    b.rod((0.002, 0, z), (-0.035, 0, z), b.u(0.003, 0.005))
    tool_grip(b, -0.03, b.u(0.09, 0.12), z, b.u(0.009, 0.013))
    if b.maybe(0.4):
        b.part("trigger", "lever", "thumb lever", "what to press")
        bow(b, (-0.012, 0.004, z), (-0.06, 0.004, z), (0, 0.018, 0), 0.0025)


@kind("measuring cup", "measuring scoop", "measuring spoon")
def measuring_cup(b: Builder) -> None:
    r = b.u(0.014, 0.045)
    h = r * b.u(0.5, 1.2)
    b.part("body", "cup", "bowl", "container", "where the content goes")
    b.lathe(wall(curve([(r * b.u(0.5, 0.95), 0), (r * 0.97, h * 0.4), (r, h)], 8), 0.0015, 0.002))
    b.part(*TOOL_HANDLE)
    long, w, t = b.u(0.05, 0.1), b.u(0.005, 0.01), b.u(0.001, 0.002)
    with b.moved(yaw=np.pi):
        bar(
            b,
            [(-r - long, h - t, w * 1.1, t), (-r - long * 0.5, h - t, w, t), (-r + 0.001, h - t, w, t)],
            b.u(0.3, 1),
        )
