"""Jars, cans and packaged goods."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, screws
from part_perception.shapes.forms import bow, knob, loft, shell
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import CAP, CLASP, JAR_BODY, LID, LID_KNOB, RIM, STRAW

CAN_BODY = ("body", "can", "container", "where the content is")


@kind("jar", "jam jar", "glass jar", "jar with a lid", "storage jar")
def jar(b: Builder) -> None:
    h, r = b.u(0.05, 0.2), b.u(0.028, 0.055)
    neck, boxy = r * b.u(0.75, 0.97), b.pick(0, 0, 0, b.u(0.3, 0.8))
    outer = [
        (r * 0.93, r * 0.93, 0),
        (r, r, 0.005),
        (r, r, h * 0.82),
        (neck, neck, h * 0.93),
        (neck, neck, h),
    ]
    closed, t = b.maybe(0.85), b.u(0.002, 0.004)
    b.part(*JAR_BODY)
    loft(b, shell(outer, t, 0.006), boxy)
    if closed:
        form, lid = b.pick("screw", "screw", "knob", "clip"), b.u(0.01, 0.022)
        cover = b.part(*LID, joint=screws() if form == "screw" else lifts())
        wide = neck + 0.003
        b.lathe(
            [
                (neck, h - lid * 0.8),
                (wide, h - lid * 0.8),
                (wide, h + lid * 0.15),
                (wide * 0.94, h + lid * 0.2),
                (0, h + lid * 0.2),
            ]
        )
        if form == "knob":
            b.part(*LID_KNOB, inside=cover)
            knob(b, h + lid * 0.2, b.u(0.008, 0.014))
        elif form == "clip":
            b.part(*CLASP)
            bow(
                b,
                (wide - 0.001, -0.012, h - lid),
                (wide - 0.001, 0.012, h - lid),
                (0.012, 0, -0.03),
                0.0016,
                square=True,
            )
            b.tube(
                [
                    (wide - 0.002, 0.012, h - lid),
                    (wide + 0.003, 0.01, h + 0.001),
                    (wide * 0.6, 0, h + lid * 0.25),
                ],
                0.0016,
            )


@kind("tin can", "can", "food can", "soup can", "soda can", "tuna can")
def tin_can(b: Builder) -> None:
    form = b.pick("food", "food", "soda", "tuna")
    h, r = {"food": (b.u(0.07, 0.14), b.u(0.032, 0.052)), "soda": (b.u(0.11, 0.17), b.u(0.026, 0.034)),
            "tuna": (b.u(0.03, 0.05), b.u(0.038, 0.05))}[form]  # fmt: skip
    top = r * (b.u(0.78, 0.9) if form == "soda" else 1.0)
    b.part(*CAN_BODY)
    z = np.linspace(h * 0.25, h * 0.75, 9)
    ribs = [(r * (1 - 0.025 * (i % 2)), v) for i, v in enumerate(z)] if form == "food" and b.maybe() else []
    foot = r * 0.9 if form == "soda" else r
    b.lathe(
        [
            (0, 0.002),
            (foot * 0.9, 0.001),
            (foot, 0),
            (r, 0.004 + (r - foot)),
            *ribs,
            (r, h * 0.93),
            (top, h - 0.004),
        ]
    )
    open_can = form != "soda" and b.maybe(0.1)
    b.part(*RIM)
    b.lathe(
        [
            (top - 0.001, h - 0.005),
            (top + 0.002, h - 0.004),
            (top + 0.002, h),
            (top - 0.002, h),
            (top - 0.002, h - 0.006),
        ]
    )
    if not open_can:
        b.part("lid", "top", "top cover", "what closes it")
        b.lathe([(0, h - 0.003), (top * 0.9, h - 0.003), (top - 0.001, h - 0.0025)])
        if form == "soda" or b.maybe(0.4):
            b.part("pull tab", "tab", "ring pull", "what to pull to open it")
            b.ring((top * 0.4, 0, h - 0.001), 0.006, 0.0015)
            b.box((0.014, 0.01, 0.0018), (top * 0.1, 0, h - 0.001), round=0.6)


@kind("canister", "coffee tin", "peanut can", "cookie tin", "storage canister", "chips can")
def canister(b: Builder) -> None:
    form = b.pick("tall", "medium", "medium", "low")
    h, r = {"tall": (b.u(0.18, 0.26), b.u(0.036, 0.045)), "medium": (b.u(0.08, 0.2), b.u(0.045, 0.075)),
            "low": (b.u(0.05, 0.09), b.u(0.08, 0.12))}[form]  # fmt: skip
    boxy, lid, over = b.pick(0, 0, 0, b.u(0.5, 0.95)), b.u(0.01, 0.025), b.u(0.001, 0.004)
    t = 0.0015
    b.part("body", "container", "can", "where the content is")
    loft(b, shell([(r, r, 0), (r, r, h)], t, 0.002), boxy)
    if b.maybe(0.88):
        cover = b.part(*LID, joint=lifts())
        w, z0 = r + over, h - lid * b.u(0.5, 0.9)
        dip = b.pick(0, 0, -0.004)
        loft(
            b,
            [
                (r - t, r - t, z0),
                (w, w, z0),
                (w, w, h + 0.002),
                (w * 0.96, w * 0.96, h + 0.004),
                (w * 0.9, w * 0.9, h + 0.004 + dip),
                (0, 0, h + 0.004 + dip),
            ],
            boxy,
        )
        if b.maybe(0.25):
            b.part(*LID_KNOB, inside=cover)
            knob(b, h + 0.004 + dip, b.u(0.009, 0.016))


@kind("milk carton", "juice carton", "drink carton")
def milk_carton(b: Builder) -> None:
    x, h = b.u(0.03, 0.05), b.u(0.11, 0.24)
    y, form = x * b.u(0.7, 1.0), b.pick("gable", "gable", "brick", "slant")
    b.part("body", "carton", "container", "where the drink is")
    roof = x * b.u(0.6, 0.9)
    if form == "gable":
        loft(
            b,
            [
                (0, 0, 0),
                (x, y, 0),
                (x, y, h),
                (x, 0.002, h + roof),
                (x, 0.002, h + roof + 0.018),
                (0, 0, h + roof + 0.018),
            ],
            1.0,
        )
        at, tilt = (0, -y * 0.5, h + roof * 0.5), np.arctan2(roof, y)
    elif form == "slant":
        b.extrude([(-y, 0), (y, 0), (y, h), (-y, h - roof * 0.8)], 2 * x, plane="yz")
        at, tilt = (0, -y * 0.2, h - roof * 0.48), np.arctan2(roof * 0.8, 2 * y)
    else:
        b.box((2 * x, 2 * y, h), (0, 0, h / 2))
        at, tilt = (0, -y * 0.35, h), 0.0
    if form != "gable" or b.maybe(0.7):
        r, tall = b.u(0.009, 0.014), b.u(0.008, 0.016)
        with b.moved(at, roll=tilt):
            b.part(*CAP, joint=screws())
            b.lathe([(r * 1.25, -0.001), (r * 1.25, 0.002), (r, 0.003), (r * 0.97, tall), (0, tall)])


@kind("juice box", "drink box with straw", "small drink carton")
def juice_box(b: Builder) -> None:
    x, y, h = b.u(0.022, 0.034), b.u(0.014, 0.024), b.u(0.08, 0.13)
    b.part("body", "box", "container", "where the drink is")
    b.box((2 * x, 2 * y, h), (0, 0, h / 2), taper=b.u(0.95, 1))
    b.part(*STRAW)
    sx, tall, bend = x * b.u(-0.7, 0.7), b.u(0.03, 0.06), b.u(-0.02, 0.02)
    b.tube(
        [(sx, 0, h - 0.001), (sx, 0, h + tall * 0.7), (sx + bend, 0, h + tall)],
        b.u(0.0018, 0.003),
        smooth=False,
    )


@kind("tissue box", "box of tissues", "kleenex box")
def tissue_box(b: Builder) -> None:
    x, y, h = b.pick((b.u(0.1, 0.125), b.u(0.055, 0.065), b.u(0.045, 0.09)), (0.057, 0.057, b.u(0.11, 0.135)))
    b.part("body", "box", "container", "where the tissues are")
    b.box((2 * x, 2 * y, h), (0, 0, h / 2))
    b.part("tissue", "paper", "paper tissue", "what to pull out")
    t = np.linspace(0, 1, 7)
    tall, wide = b.u(0.03, 0.07), b.u(0.02, 0.035)
    rows = [
        np.stack(
            [
                (t - 0.5) * 2 * wide * (0.7 + k),
                0.012 * np.sin(t * b.u(4, 9) + k * 2) + k * b.u(-0.02, 0.02),
                0 * t + h - 0.001 + tall * k * (1 - 0.35 * np.abs(t - 0.5)),
            ],
            1,
        )
        for k in (0, 0.4, 0.8, 1.0)
    ]
    b.sheet(np.stack(rows))
    if b.maybe(0.5):
        b.part("opening", "slot", "rim of the slot", "where the tissues come out")
        loft(b, [(wide * 1.1, 0.014, h), (wide * 1.1, 0.014, h + 0.0012), (wide * 0.7, 0.008, h + 0.0012)])


@kind("snack bag", "chip bag", "pouch", "coffee bag", "bag of chips", "food packet")
def snack_bag(b: Builder) -> None:
    x, h, d = b.u(0.05, 0.13), b.u(0.1, 0.28), b.u(0.015, 0.05)
    standing = b.maybe(0.5)
    t = np.linspace(0, 1, 7)
    b.part("body", "bag", "packet", "where the food is")
    fat = (
        d * (np.sin(np.pi * np.clip(t, 0, 1)) ** 0.5 if not standing else np.cos(t * np.pi / 2) ** 0.6)
        + 0.001
    )
    rows = [
        (x * (1 - 0.06 * np.sin(np.pi * v)), f, 0.012 + v * (h - 0.027)) for v, f in zip(t, fat, strict=True)
    ]
    loft(b, [(0, 0, 0.012), *rows], 0.25)
    for z, low in ((h - 0.016, False), (0.0, True)):
        if low and standing:
            b.again(0)
            loft(b, [(0, 0, 0), (x * 0.95, d * 0.9, 0), (rows[0][0], rows[0][1], 0.013)], 0.25)
            continue
        b.part("seal", "crimped edge", "end seam", "where to tear it open")
        b.box((2 * x, 0.002, 0.016), (0, 0, z + 0.008))
