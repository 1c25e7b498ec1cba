"""Kitchen tools: what whisks, rolls, peels, opens, measures and grinds."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bar, bow, curve, loft, shell, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import BASE, BLADE, HANDLE, HEAD, HINGE, RIM, TOOL_HANDLE

GRATING = ("grater", "grating surface", "blade", "what grates the food")


def _grip(b: Builder, start: float, length: float, z: float, r: float) -> None:
    """A tool grip along -x from x = start: round or flat, straight or swelling, with its middle at height z."""
    b.part(*TOOL_HANDLE)
    end, flat = start - length, b.u(0.6, 1.0)
    swell = b.u(0.9, 1.3)
    bar(
        b,
        [
            (end, z, r * 0.6, r * flat * 0.6),
            (end + length * 0.04, z, r, r * flat),
            (end + length * 0.5, z, r * swell * 0.9, r * flat * 0.9),
            (start - length * 0.05, z, r * 0.85, r * flat * 0.85),
            (start, z, r * 0.6, r * flat * 0.6),
        ],
        b.u(0, 0.7),
    )


@kind("whisk", "balloon whisk", "egg beater", rest="lies")
def whisk(b: Builder) -> None:
    long, wide, r = b.u(0.09, 0.17), b.u(0.022, 0.04), b.u(0.007, 0.012)
    z = wide * 0.98
    _grip(b, 0.005, b.u(0.09, 0.15), z, r)
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


@kind("peeler", "vegetable peeler", "potato peeler", rest="lies")
def peeler(b: Builder) -> None:
    if b.maybe(0.5):
        w, long, z = b.u(0.025, 0.035), b.u(0.05, 0.065), 0.007
        _grip(b, 0.0, b.u(0.07, 0.1), z, b.u(0.007, 0.01))
        b.part("frame", "fork", "arms", "what holds the blade")
        b.tube(
            [
                (long, -w, z),
                (long * 0.4, -w * 0.9, z),
                (-0.002, 0, z),
                (long * 0.4, w * 0.9, z),
                (long, w, z),
            ],
            0.004,
            flat=1.2,
        )
        b.part(*BLADE)
        b.box((0.012, 2 * w, 0.002), (long - 0.004, 0, z), round=0.3)
    else:
        long, z = b.u(0.06, 0.085), 0.009
        _grip(b, 0.0, b.u(0.09, 0.11), z, b.u(0.008, 0.011))
        b.part(*BLADE)
        bar(
            b,
            [
                (-0.004, z, 0.003, 0.003),
                (0.012, z, 0.009, 0.0035),
                (long * 0.8, z, 0.008, 0.0035),
                (long, z, 0.001, 0.001),
            ],
            0.1,
        )


@kind("box grater", "cheese grater", "grater")
def box_grater(b: Builder) -> None:
    x, y, h = b.u(0.04, 0.055), b.u(0.03, 0.045), b.u(0.15, 0.22)
    top = b.u(0.65, 0.9)
    b.part(*GRATING)
    loft(b, [(x, y, 0), (x * top, y * top, h), (0, 0, h)], b.u(0.7, 1))
    for k in range(6):
        z = h * (0.15 + 0.12 * k)
        s = x + (x * top - x) * z / h
        b.box((0.004, y * 1.2, 0.004), (s, 0, z), round=0.5)
    b.part(*HANDLE)
    bow(
        b,
        (-x * 0.6, 0, h - 0.002),
        (x * 0.6, 0, h - 0.002),
        (0, 0, b.u(0.03, 0.045)),
        b.u(0.005, 0.009),
        flat=1.3,
    )


@kind("hand grater", "microplane", "zester", "flat grater", "fine grater", rest="lies")
def hand_grater(b: Builder) -> None:
    long, wide = b.u(0.12, 0.22), b.u(0.014, 0.045)
    _grip(b, 0.0, b.u(0.1, 0.13), 0.011, b.u(0.009, 0.013))
    b.part(*GRATING)
    b.box((long, 2 * wide, 0.002), (long / 2 - 0.002, 0, 0.011))
    for k in range(6):
        b.box((0.004, wide * 1.7, 0.004), (long * (0.12 + 0.14 * k), 0, 0.012), round=0.5)
    for side in (-1, 1):
        b.rod((-0.002, side * wide, 0.011), (long, side * wide, 0.011), 0.0025)


@kind("corkscrew", "wine opener", "bottle corkscrew", rest="lies")
def corkscrew(b: Builder) -> None:
    form = b.pick("T", "wing")
    long, r, z = b.u(0.05, 0.07), b.u(0.0035, 0.005), b.u(0.009, 0.013)
    turn = np.linspace(0, 8 * np.pi, 49)
    b.part("screw", "spiral", "worm", "what goes into the cork")
    x = np.linspace(0.0, long, 49)
    b.tube(np.stack([x + 0.02, r * np.cos(turn), z + r * np.sin(turn)], 1), 0.0012, sides=5, steps=60)
    b.rod((0, 0, z), (0.021, 0, z), 0.003)
    b.part(*HANDLE)
    if form == "T":
        bar_long = b.u(0.035, 0.06)
        b.tube([(0, -bar_long, z), (-0.004, 0, z), (0, bar_long, z)], [z * 0.6, z * 0.95, z * 0.6])
        return
    b.tube([(-0.03, -0.02, z), (-0.036, 0, z), (-0.03, 0.02, z)], z * 0.7)
    b.rod((-0.03, 0, z), (0.0, 0, z), 0.004)
    b.part("body", "frame", "collar", "what sits on the bottle")
    b.rod((0.0, 0, z), (0.025, 0, z), 0.008)
    b.rod((long + 0.005, 0, z), (long + 0.03, 0, z), 0.014)
    for side in (-1, 1):
        b.rod((0.02, side * 0.008, z), (long + 0.01, side * 0.011, z), 0.003)
    lift = b.u(0.1, 2.2)
    for side in (-1, 1):
        b.part("wing", "lever", "arm", "what to push down")
        with b.moved((0.012, side * 0.01, z), yaw=side * lift):
            b.tube([(0, 0, 0), (0.04, side * 0.004, 0), (0.075, 0, 0)], [0.005, 0.004, 0.007], flat=0.5)


@kind("can opener", "tin opener", rest="lies")
def can_opener(b: Builder) -> None:
    long, z, spread = b.u(0.11, 0.15), 0.009, b.u(0.06, 0.2)
    for side in (-1, 1):
        b.part(*TOOL_HANDLE)
        with b.moved((0, side * 0.006, z), yaw=-side * spread / 2):
            bar(
                b,
                [(-long, 0, 0.008, 0.006), (-long * 0.5, 0, 0.009, 0.008), (0, 0, 0.007, 0.004)],
                b.u(0, 0.7),
            )
    b.part(*HEAD)
    b.box((0.05, 0.026, 0.006), (0.018, 0, z), round=0.4)
    b.part("cutting wheel", "blade", "cutter", "what cuts the can")
    b.rod((0.026, 0.002, z - 0.008), (0.026, 0.002, z - 0.004), 0.009)
    b.part("knob", "crank", "turning key", "what to turn")
    b.rod((0.018, 0, z), (0.018, 0, z + 0.018), 0.004)
    b.box((0.05, 0.014, 0.007), (0.018, 0, z + 0.02), round=0.7)


@kind("bottle opener", "beer opener", rest="lies")
def bottle_opener(b: Builder) -> None:
    r, z = b.u(0.012, 0.018), 0.0045
    form = b.pick("ring", "flat")
    if form == "ring":
        _grip(b, 0.003, b.u(0.07, 0.1), b.u(0.006, 0.009), b.u(0.006, 0.01))
    else:
        b.part(*TOOL_HANDLE)
        b.box((b.u(0.06, 0.1), b.u(0.014, 0.026), 0.003), (-0.038, 0, z))
    b.part("opener", "head", "opening", "what opens the bottle")
    b.ring((r * 1.05, 0, z), r, b.u(0.0022, 0.004), squash=b.u(0.8, 1.2))
    b.box((0.008, 0.012, 0.003), (r * 1.9, 0, z), round=0.3)


@kind("measuring cup", "measuring scoop", "measuring spoon", "scoop")
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


@kind("measuring jug", "glass measuring cup", "mixing jug")
def measuring_jug(b: Builder) -> None:
    h, r = b.u(0.08, 0.16), b.u(0.045, 0.065)
    b.part("body", "jug", "container", "where the liquid is")
    b.lathe(wall([(r * b.u(0.75, 0.98), 0), (r, h)], 0.0025, 0.004))
    b.part(*HANDLE)
    from_top = h * b.u(0.85, 0.95)
    bow(
        b,
        (r * 0.97, 0, from_top),
        (r * 0.95, 0, h * b.u(0.15, 0.4)),
        (b.u(0.03, 0.045), 0, 0),
        b.u(0.004, 0.007),
        flat=1.6,
    )
    b.part("spout", "pouring lip", "where to pour", "lip")
    b.extrude(
        [(-r + 0.003, h * 0.82), (-r - b.u(0.01, 0.02), h * 1.01), (-r + 0.003, h * 1.0)],
        b.u(0.02, 0.035),
        plane="xz",
    )


@kind("cutting board", "chopping board", "bread board", "serving board", rest="lies")
def cutting_board(b: Builder) -> None:
    x, y, t = b.u(0.11, 0.2), b.u(0.08, 0.14), b.u(0.004, 0.014)
    round_board = b.maybe(0.2)
    b.part("board", "body", "cutting surface", "where to cut the food")
    loft(
        b,
        [(0, 0, 0), (x, x if round_board else y, 0), (x, x if round_board else y, 2 * t), (0, 0, 2 * t)],
        0.0 if round_board else b.u(0.6, 1),
    )
    form = b.pick("handle", "handle", "loop", "plain")
    if form == "handle":
        b.part(*HANDLE)
        long, w = b.u(0.06, 0.13), b.u(0.015, 0.026)
        bar(
            b,
            [
                (-x - long, t, w * 0.8, t * 0.95),
                (-x - long * 0.9, t, w * 1.1, t * 0.95),
                (-x - long * 0.3, t, w * 0.8, t * 0.95),
                (-x + 0.004, t, w * 1.3, t * 0.95),
            ],
            0.6,
        )
    elif form == "loop":
        b.part(*HANDLE)
        bow(b, (-x + 0.002, -y * 0.5, t), (-x + 0.002, y * 0.5, t), (-b.u(0.025, 0.04), 0, 0), t * 0.9)


@kind("pizza cutter", "pizza wheel", "rolling cutter", rest="lies")
def pizza_cutter(b: Builder) -> None:
    r, z = b.u(0.03, 0.05), b.u(0.009, 0.013)
    _grip(b, -r * b.u(0.5, 0.9) - 0.01, b.u(0.09, 0.12), z, z)
    b.part("blade", "wheel", "cutting wheel", "what cuts")
    b.rod((0, 0, z - 0.001), (0, 0, z + 0.001), r, sides=28)
    b.part("fork", "arm", "wheel holder", "neck")
    for side in (-1, 1):
        b.tube(
            [(-r * 0.95, 0, z), (-r * 0.6, 0, z + side * 0.005), (0.006, 0, z + side * 0.004)],
            0.003,
            flat=2.0,
        )


@kind("ice cream scoop", "ice cream spoon", "cookie scoop", rest="lies")
def ice_cream_scoop(b: Builder) -> None:
    r = b.u(0.02, 0.028)
    b.part("bowl", "scoop", "head", "what holds the ice cream")
    b.lathe(wall(curve([(r * 0.2, 0), (r * 0.8, r * 0.35), (r, r * 0.9)], 10), 0.0015, 0.0015), (r, 0, 0))
    b.part("neck", "shaft", "stem")
    z = r * 0.75
    b.rod((0.002, 0, z), (-0.035, 0, z), b.u(0.003, 0.005))
    _grip(b, -0.03, b.u(0.09, 0.12), z, b.u(0.009, 0.013))
    if b.maybe(0.4):
        b.part("trigger", "lever", "thumb lever", "what to press")
        bow(b, (-0.012, 0.004, z), (-0.06, 0.004, z), (0, 0.018, 0), 0.0025)


@kind("mortar and pestle", "mortar", "grinding bowl")
def mortar(b: Builder) -> None:
    r = b.u(0.045, 0.08)
    h, low = r * b.u(0.8, 1.3), r * b.u(0.5, 0.9)
    b.part("bowl", "mortar", "body", "container", "where the spice is ground")
    b.lathe(
        wall(
            curve([(low, 0), (low * b.u(0.85, 1), h * 0.12), (r * 0.9, h * 0.55), (r, h)]), r * 0.16, h * 0.25
        )
    )
    b.part("pestle", "grinding stick", "club", "what grinds the spice")
    lean, long = b.u(0.2, 0.5), h * b.u(1.1, 1.7)
    root, bar_r = np.array([r * 0.2, 0, h * 0.42]), r * b.u(0.12, 0.18)
    tip = root + long * np.array([np.sin(lean), 0, np.cos(lean)])
    b.tube(
        [root, root + (tip - root) * 0.25, root + (tip - root) * 0.85, tip],
        [bar_r * 1.6, bar_r * 1.2, bar_r * 0.9, bar_r * 1.1],
        sides=12,
    )


@kind("funnel", "kitchen funnel")
def funnel(b: Builder) -> None:
    r, tip = b.u(0.035, 0.08), b.u(0.005, 0.01)
    h, tail = r * b.u(0.8, 1.2), r * b.u(0.5, 1.0)
    with b.moved((0, 0, h + tail), roll=np.pi) if b.maybe(0.4) else b.moved():
        b.part("cone", "body", "bowl", "where to pour in")
        b.lathe(
            [
                (tip * 1.4, tail),
                (r, tail + h * 0.85),
                (r, tail + h),
                (r - 0.0015, tail + h),
                (r - 0.0015, tail + h * 0.85),
                (tip * 1.4 - 0.0015, tail),
            ]
        )
        b.part("spout", "tube", "stem", "where the liquid comes out")
        b.lathe([(tip, 0), (tip * 1.4, tail), (tip * 1.4 - 0.0015, tail), (tip - 0.001, 0)])
        if b.maybe(0.5):
            b.part(*HANDLE)
            bow(
                b,
                (r - 0.001, -0.012, tail + h * 0.93),
                (r - 0.001, 0.012, tail + h * 0.93),
                (0.02, 0, 0),
                0.0025,
            )


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
    _grip(b, 0.0, long, r, b.u(0.009, 0.014))
    b.part("shaft", "neck", "stem")
    for side in (-1, 1):
        b.tube([(-0.005, 0, r), (neck * 0.4, side * r * 0.5, r), (neck, side * r * 0.6, r)], 0.0028)
    b.part("head", "masher plate", "flat part", "what mashes the food")
    b.rod((neck - 0.001, 0, r), (neck + b.u(0.002, 0.006), 0, r), r, sides=24)


@kind("basting brush", "pastry brush", "kitchen brush", rest="lies")
def pastry_brush(b: Builder) -> None:
    w, t = b.u(0.012, 0.03), b.u(0.004, 0.007)
    long = b.u(0.03, 0.06)
    _grip(b, 0.0, b.u(0.12, 0.18), t, t)
    b.part("ferrule", "head", "band", "what holds the bristles")
    bar(b, [(-0.004, t, w * 0.5, t), (0.012, t, w, t), (0.024, t, w, t)], 0.7)
    b.part("bristles", "brush", "hair", "what spreads the sauce")
    bar(b, [(0.023, t, w * 0.96, t * 0.9), (0.023 + long, t, w * b.u(0.9, 1.15), t * b.u(0.6, 1.0))], 0.7)


@kind("garlic press", "nutcracker", "lemon squeezer", rest="lies")
def garlic_press(b: Builder) -> None:
    long, z, spread = b.u(0.1, 0.14), 0.014, b.u(0.05, 0.5)
    for side in (-1, 1):
        b.part(*TOOL_HANDLE)
        with b.moved((0.03, side * 0.004, z), yaw=-side * spread / 2):
            bar(
                b,
                [(-long - 0.03, 0, 0.006, 0.008), (-long * 0.5, 0, 0.005, 0.008), (0, 0, 0.004, 0.006)],
                b.u(0, 0.7),
            )
    b.part("head", "press", "chamber", "where the garlic goes")
    loft(b, shell([(0.018, 0.014, -0.014), (0.018, 0.014, 0.014)], 0.002, -0.012), 0.6, at=(0.02, 0, z))
    b.part(*HINGE)
    b.rod((0.04, 0, z - 0.009), (0.04, 0, z + 0.009), 0.005)


@kind("knife block", "knife holder")
def knife_block(b: Builder) -> None:
    x, y, h = b.u(0.05, 0.07), b.u(0.045, 0.06), b.u(0.16, 0.22)
    lean = b.u(0.15, 0.45)
    b.part("block", "body", "holder", "base", "what holds the knives")
    shift = h * np.tan(lean)
    loft(b, [(0, 0, 0), (x, y, 0), (x, y, h, -shift), (0, 0, h, -shift)], b.u(0.8, 1))
    b.part(*TOOL_HANDLE, "knife handle")
    for k in range(b.n(3, 6)):
        with b.moved((-shift + x * (0.6 - 0.6 * (k // 2)), y * (0.45 if k % 2 else -0.45), h), pitch=-lean):
            b.box((b.u(0.02, 0.028), 0.014, b.u(0.08, 0.12)), (0, 0, 0.045), round=0.5)


@kind("utensil holder", "utensil crock", "cutlery holder", "kitchen tool holder")
def utensil_holder(b: Builder) -> None:
    r, h = b.u(0.035, 0.07), b.u(0.09, 0.17)
    b.part("body", "holder", "container", "what holds the tools")
    b.lathe(wall([(r * b.u(0.85, 1), 0), (r, h)], 0.003, 0.004))
    if b.maybe(0.3):
        b.part(*BASE)
        b.lathe([(r * 0.95, 0.001), (r * 1.15, 0), (r * 1.15, 0.006), (r * 0.95, 0.008)])
    for k in range(b.n(0, 4)):
        b.part("tool", "utensil", "stick", "what stands in the holder")
        a, long = k * 1.7 + b.u(0, 0.5), h + b.u(0.04, 0.14)
        lean = np.array([np.cos(a), np.sin(a)]) * r * 0.85
        tip = (*(lean * 1.0), long)
        b.rod((*(-lean * 0.6), 0.006), tip, b.u(0.003, 0.006))
        b.blob((0.03, 0.03, b.u(0.03, 0.06)), tip)
