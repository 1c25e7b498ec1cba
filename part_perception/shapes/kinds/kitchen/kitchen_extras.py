"""More kitchen helpers: spinners, juicers, oil cans, infusers, ice buckets."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, turns
from part_perception.shapes.forms import bail, bar, bow, curve, knob, side_loop, wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import CARRY_HANDLE, HANDLE, LID, LID_KNOB, PLAIN_CAP, RIM, SPOUT


@kind("salad spinner", "vegetable spinner")
def salad_spinner(b: Builder) -> None:
    r = b.u(0.1, 0.135)
    h = r * b.u(0.9, 1.2)
    b.part("body", "bowl", "container", "where the salad goes")
    b.lathe(wall(curve([(r * 0.7, 0), (r * 0.9, h * 0.3), (r, h)], 10), 0.002, 0.003))
    b.part(*LID)
    rise = b.u(0.015, 0.035)
    b.lathe(
        [
            (r, h - 0.012),
            (r * 1.03, h - 0.012),
            (r * 1.02, h + rise * 0.6),
            (r * 0.8, h + rise),
            (0, h + rise),
        ]
    )
    if b.maybe(0.5):
        b.part("button", "pump", "push button", "what to press", joint=presses((0, 0, -1), 0.02))
        b.lathe([(r * 0.3, h + rise - 0.001), (r * 0.3, h + rise + b.u(0.006, 0.04)), (0, h + rise + 0.04)])
    else:
        b.part("crank", "handle", "crank handle", "what to turn", joint=turns((0, 0, 1), angle=2 * np.pi))
        reach = r * 0.5
        bar(b, [(-0.015, h + rise + 0.006, 0.012, 0.006), (reach, h + rise + 0.006, 0.01, 0.006)], 0.4)
        b.lathe([(0.008, h + rise + 0.01), (0.01, h + rise + 0.03), (0, h + rise + 0.034)], (reach, 0, 0))


@kind("citrus juicer", "lemon juicer", "orange squeezer")
def citrus_juicer(b: Builder) -> None:
    r, h = b.u(0.045, 0.075), b.u(0.025, 0.06)
    b.part("body", "bowl", "container", "where the juice goes")
    b.lathe(wall([(r * 0.8, 0), (r * 0.95, h * 0.6), (r, h)], 0.003, 0.004))
    b.part("cone", "reamer", "ridged cone", "where to press the fruit")
    k, tall, low = 9, h + b.u(0.015, 0.035), h * 0.3
    turn = np.linspace(0, 2 * np.pi, 4 * k + 1)
    rows = []
    for z in np.linspace(0, 1, 7):
        rad = r * 0.55 * np.sqrt(max(1 - z**1.7, 0)) * (1 + 0.1 * np.cos(k * turn))
        rows.append(np.stack([rad * np.cos(turn), rad * np.sin(turn), 0 * turn + low + (tall - low) * z], 1))
    b.sheet(np.stack(rows))
    b.part(*HANDLE)
    if b.maybe(0.6):
        bow(b, (r * 0.97, 0, h * 0.85), (r * 0.9, 0, h * 0.2), (b.u(0.02, 0.035), 0, 0), 0.004, flat=1.6)
    else:
        side_loop(b, r, h * 0.9, 0.03, 0.022, 0.004)
    b.part(*SPOUT)
    b.extrude([(-r + 0.003, h * 0.6), (-r - 0.012, h * 0.99), (-r + 0.003, h * 0.98)], 0.02, plane="xz")


@kind("oil can", "oiler", "olive oil can", "drip coffee kettle")
def oil_can(b: Builder) -> None:
    r = b.u(0.03, 0.055)
    h = r * b.u(1.2, 2.4)
    b.part("body", "can", "container", "where the liquid is")
    b.lathe(
        [(0, 0), (r, 0), (r, h * 0.6), *curve([(r, h * 0.6), (r * 0.6, h * 0.9), (r * 0.3, h)], 5), (0, h)]
    )
    b.part(*SPOUT)
    reach, tall = r * b.u(1.2, 2.6), h * b.u(0.2, 0.8)
    b.tube(
        [(-r * 0.8, 0, h * 0.55), (-r * 1.3, 0, h * 0.7), (-r - reach, 0, h + tall)],
        [r * 0.2, r * 0.15, 0.002],
    )
    b.part(*HANDLE)
    bow(
        b,
        (r * 0.6, 0, h * 0.88),
        (r * 0.98, 0, h * 0.2),
        (r * b.u(0.5, 0.8), 0, r * 0.15),
        b.u(0.003, 0.006),
        flat=1.6,
    )
    b.part(*PLAIN_CAP)
    b.lathe([(r * 0.32, h - 0.003), (r * 0.32, h + 0.008), (0, h + 0.01)])


@kind("tea infuser", "tea strainer", "small strainer", rest="lies")
def tea_strainer(b: Builder) -> None:
    r = b.u(0.018, 0.03)
    b.part("mesh", "bowl", "net", "what strains the tea")
    b.lathe(curve([(0, 0), (r * 0.6, r * 0.15), (r * 0.95, r * 0.6), (r, r)]))
    if b.maybe(0.4):
        b.part(*LID)
        b.lathe(curve([(r, r + 0.001), (r * 0.9, r * 1.4), (r * 0.6, r * 1.8), (0, r * 2)]))
    b.part(*HANDLE)
    bar(
        b,
        [
            (-r - b.u(0.06, 0.11), r, 0.006, 0.0015),
            (-r * 2, r, 0.004, 0.0015),
            (-r + 0.001, r, 0.004, 0.0015),
        ],
        0.5,
    )


@kind("ice bucket", "wine cooler", "champagne bucket")
def ice_bucket(b: Builder) -> None:
    r = b.u(0.07, 0.11)
    h = r * b.u(1.3, 2.2)
    b.part("body", "bucket", "container", "where the ice goes")
    b.lathe(wall(curve([(r * b.u(0.65, 0.9), 0), (r * 0.95, h * 0.5), (r, h)], 8), 0.004, 0.006))
    b.part(*RIM)
    b.ring((0, 0, h), r, 0.004)
    form = b.pick("rings", "bail", "knobs")
    if form == "bail":
        b.part(*CARRY_HANDLE)
        bail(b, r + 0.004, h * 0.93, r * b.u(0.9, 1.3), 0.004, b.pick(0.0, 1.6))
    else:
        for side in (-1, 1):
            b.part(*HANDLE)
            if form == "rings":
                b.ring((side * (r + 0.004), 0, h * 0.72), r * 0.25, 0.004, axis="x")
            else:
                b.blob((0.035, 0.025, 0.025), (side * (r + 0.01), 0, h * 0.8))
    if b.maybe(0.3):
        cover = b.part(*LID)
        b.lathe([(r, h + 0.005), (r * 0.9, h + 0.02), (0, h + 0.03)])
        b.part(*LID_KNOB, inside=cover)
        knob(b, h + 0.029, 0.012)
