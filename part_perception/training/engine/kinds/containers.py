"""Jars, cans, cartons and boxes."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import bow, curve, knob, loft, shell, wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import BOX_BODY, CAP, CLASP, HANDLE, LID, LID_KNOB, RIM, STRAW

JAR_BODY = ("body", "jar", "container", "where the content is")
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
        b.part(*LID)
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
            b.part(*LID_KNOB)
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
        b.part(*LID)
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
            b.part(*LID_KNOB)
            knob(b, h + 0.004 + dip, b.u(0.009, 0.016))


@kind("sugar bowl", "sugar pot", "candy jar", "cookie jar")
def sugar_bowl(b: Builder) -> None:
    r = b.u(0.038, 0.09)
    h, mouth = r * b.u(1.0, 2.0), r * b.u(0.6, 0.95)
    b.part(*JAR_BODY)
    b.lathe(wall(curve([(r * 0.6, 0), (r * 0.95, h * 0.3), (r, h * 0.55), (mouth, h)]), 0.004, 0.006))
    b.part(*LID)
    rise = mouth * b.u(0.15, 0.5)
    b.lathe(
        [
            (mouth * 1.05, h),
            (mouth * 1.05, h + 0.003),
            *curve([(mouth * 0.9, h + rise * 0.5), (mouth * 0.5, h + rise * 0.9), (0, h + rise)], 6),
        ]
    )
    b.part(*LID_KNOB)
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


def _flaps(
    b: Builder,
    x: float,
    y: float,
    z: float,
    t: float,
    names: tuple[str, ...],
    open_low: float,
    open_high: float,
) -> None:
    """Four cardboard flaps hinged at the top edges of a box of half size x, y, each opened by some angle."""
    for ax, ay, yaw in ((x, y, 0), (x, y, np.pi), (y, x, np.pi / 2), (y, x, -np.pi / 2)):
        b.part(*names)
        angle, long = b.u(open_low, open_high), min(x, y) * b.u(0.85, 1.0)
        with b.moved((0, 0, z), yaw=yaw), b.moved((ax, 0, 0), pitch=angle):
            b.box((t, 2 * ay * 0.98, long), (0, 0, long / 2))


@kind("cardboard box", "carton", "moving box", "shipping box", "box with open flaps")
def cardboard_box(b: Builder) -> None:
    x, y, h, t = b.u(0.08, 0.25), b.u(0.06, 0.2), b.u(0.08, 0.35), b.u(0.002, 0.005)
    b.part(*BOX_BODY)
    form = b.pick("open", "open", "closed")
    if form == "closed":
        b.box((2 * x, 2 * y, h), (0, 0, h / 2))
        b.part("tape", "packing tape", "seal", "where to cut it open")
        b.box((2 * x + 0.002, 0.05, 0.002), (0, 0, h + 0.0005))
        for s in (-1, 1):
            b.box((0.002, 0.05, h * 0.25), (s * (x + 0.0005), 0, h * 0.875))
        return
    loft(b, shell([(x, y, 0), (x, y, h)], t, t), 1.0)
    _flaps(
        b, x, y, h, t, ("flap", "box flap", "lid flap", "what closes the box"), b.u(0.2, 1.0), b.u(1.2, 2.4)
    )


@kind("food box", "cereal box", "cracker box", "pudding box", "cardboard package", "tea box", "cake mix box")
def food_box(b: Builder) -> None:
    x, y, h = b.u(0.025, 0.1), b.u(0.012, 0.04), b.u(0.06, 0.3)
    if b.maybe(0.3):
        x, y, h = b.u(0.05, 0.09), b.u(0.04, 0.07), b.u(0.05, 0.09)
    b.part(*BOX_BODY)
    if b.maybe(0.6):
        loft(b, [(0, 0, 0), (x, y, 0), (x, y, h)], 1.0)
        b.part("lid", "top", "top flap", "where to open it")
        b.box((2 * x, 2 * y, 0.0015), (0, 0, h + 0.00075))
        return
    loft(b, shell([(x, y, 0), (x, y, h)], 0.001, 0.001), 1.0)
    b.part("lid", "top flap", "cover", "what closes it")
    with b.moved((0, y, h), roll=-b.u(0.2, 2.4)):
        b.box((2 * x, 0.001, 2 * y), (0, 0, y))
        if b.maybe():
            b.box((1.9 * x, y * 0.4, 0.001), (0, -y * 0.2, 2 * y))


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
        b.part(*CAP)
        r, tall = b.u(0.009, 0.014), b.u(0.008, 0.016)
        with b.moved(at, roll=tilt):
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


@kind("egg carton", "egg box", rest="stands")
def egg_carton(b: Builder) -> None:
    columns, pitch = b.pick(3, 4, 5, 6), b.u(0.044, 0.05)
    x, y, h = columns * pitch / 2 + 0.006, pitch + 0.006, b.u(0.035, 0.045)
    is_open = b.maybe(0.6)
    b.part("tray", "body", "egg tray", "where the eggs are")
    u, v = np.meshgrid(np.linspace(-1, 1, 6 * columns + 1), np.linspace(-1, 1, 15), indexing="ij")
    cups = np.abs(np.cos(u * np.pi * columns / 2 + (columns % 2 == 0) * np.pi / 2)) * np.abs(
        np.sin(v * np.pi)
    )
    b.sheet(np.stack([u * x, v * y, h * 0.85 - (h * 0.75) * cups], 2))
    loft(b, [(x * 0.94, y * 0.9, 0), (x, y, h), (x, y, h + 0.001)], 0.9)
    b.part(*LID)
    rise = b.u(0.03, 0.04)
    roof = [(x, y, 0.001), (x * 0.95, y * 0.88, rise), (0, 0, rise)]
    if is_open:
        with b.moved((0, y, h), roll=-b.u(1.7, 2.8)):
            loft(b, roof, 0.9, at=(0, -y, 0))
        for k in range(b.n(0, 4)):
            b.part("egg", "white egg", "what is in the box")
            b.blob(
                (0.042, 0.042, 0.055),
                ((k - (columns - 1) / 2) % columns * pitch - (columns - 1) / 2 * pitch, -pitch / 2, h),
            )
    else:
        loft(b, roof, 0.9, at=(0, 0, h))


@kind("box with lid", "gift box", "shoe box", "storage box", "jewelry box", "chest", "treasure chest")
def lidded_box(b: Builder) -> None:
    x, y = b.u(0.05, 0.2), b.u(0.04, 0.14)
    h, t = min(x, y) * b.u(0.5, 1.4), b.u(0.002, 0.008)
    b.part(*BOX_BODY)
    loft(b, shell([(x, y, 0), (x, y, h)], t, t), 1.0)
    b.part(*LID)
    form, lid = b.pick("lift", "lift", "hinged", "hinged", "domed"), h * b.u(0.12, 0.4)
    if form == "lift":
        over = t + 0.001
        loft(
            b,
            shell([(x + over, y + over, 0), (x + over, y + over, -lid)], t, -t),
            1.0,
            at=(0, b.pick(0, b.u(-0.4, 0.4)) * y, h + t),
        )
        if b.maybe(0.3):
            b.part(*LID_KNOB)
            knob(b, h + t, b.u(0.008, 0.014))
        return
    angle = b.pick(0.0, b.u(0.3, 1.9))
    with b.moved((0, y, h + 0.001), roll=-angle):
        if form == "domed":
            turn = np.linspace(0, np.pi, 9)
            arch = [(-y - y * np.cos(a), y * b.u(0.55, 0.9) * np.sin(a)) for a in turn]
            b.extrude([*arch], 2 * x, plane="yz")
        else:
            b.box((2 * x, 2 * y, lid), (0, -y, lid / 2))
        if b.maybe(0.75):
            b.part(*CLASP)
            b.box((x * 0.25, 0.005, lid * 0.5 + 0.012), (0, -2 * y - 0.0025, lid * 0.1), round=0.3)


@kind("lunch box", "food container", "plastic container", "storage container", "bento box")
def lunch_box(b: Builder) -> None:
    x, y, boxy = b.u(0.05, 0.13), b.u(0.045, 0.09), b.u(0.6, 1)
    h, flare, t = b.u(0.04, 0.1), b.u(0.82, 1.0), b.u(0.0015, 0.003)
    b.part("body", "container", "box", "where the food is")
    loft(b, shell([(x * flare, y * flare, 0), (x, y, h)], t, t), boxy)
    if b.maybe(0.9):
        b.part(*LID)
        lid, over = b.u(0.006, 0.016), b.u(0.002, 0.006)
        loft(
            b,
            [
                (x, y, h - lid),
                (x + over, y + over, h - lid),
                (x + over, y + over, h + 0.003),
                (x * 0.93, y * 0.93, h + 0.004),
                (x * 0.9, y * 0.9, h + 0.002),
                (0, 0, h + 0.002),
            ],
            boxy,
        )
        for side in (-1, 1) if b.maybe(0.5) else ():
            b.part(*CLASP)
            b.box(
                (0.004, y * b.u(0.4, 0.8), lid * 1.4 + 0.008),
                (side * (x + over + 0.002), 0, h - lid * 0.7),
                round=0.4,
            )
        if b.maybe(0.2):
            b.part(*HANDLE)
            bow(
                b,
                (-x * 0.4, 0, h + 0.001),
                (x * 0.4, 0, h + 0.001),
                (0, 0, b.u(0.025, 0.045)),
                0.004,
                flat=1.8,
            )
