"""Boxes and cartons that open."""

import numpy as np

from part_perception.shapes.builder import Builder, lifts, slides, turns
from part_perception.shapes.forms import bow, knob, loft, shell
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BOX_BODY, CARRY_HANDLE, CLASP, HANDLE, LID, LID_KNOB, WHEEL


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
        angle, long = b.u(open_low, open_high), min(x, y) * b.u(0.85, 1.0)
        with b.moved((0, 0, z), yaw=yaw), b.moved((ax, 0, 0), pitch=angle):
            b.part(*names, joint=turns((0, 1, 0), angle=np.pi / 2 + 2.4, now=np.pi / 2 + angle))
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
    angle = b.u(0.2, 2.4)
    with b.moved((0, y, h), roll=-angle):
        b.part(
            "lid",
            "top flap",
            "cover",
            "what closes it",
            joint=turns((-1, 0, 0), angle=4.0, now=angle + np.pi / 2),
        )
        b.box((2 * x, 0.001, 2 * y), (0, 0, y))
        if b.maybe():
            b.box((1.9 * x, y * 0.4, 0.001), (0, -y * 0.2, 2 * y))


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
    rise, angle = b.u(0.03, 0.04), b.u(1.7, 2.8) if is_open else 0.0
    roof = [(x, y, 0.001), (x * 0.95, y * 0.88, rise), (0, 0, rise)]
    b.part(*LID, joint=turns((-1, 0, 0), (0, y, h), 2.8, angle))
    if is_open:
        with b.moved((0, y, h), roll=-angle):
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
    form, lid = b.pick("lift", "lift", "hinged", "hinged", "domed"), h * b.u(0.12, 0.4)
    if form == "lift":
        part = b.part(*LID, joint=lifts())
        over = t + 0.001
        loft(
            b,
            shell([(x + over, y + over, 0), (x + over, y + over, -lid)], t, -t),
            1.0,
            at=(0, b.pick(0, b.u(-0.4, 0.4)) * y, h + t),
        )
        if b.maybe(0.3):
            b.part(*LID_KNOB, inside=part)
            knob(b, h + t, b.u(0.008, 0.014))
        return
    angle = b.pick(0.0, b.u(0.3, 1.9))
    with b.moved((0, y, h + 0.001), roll=-angle):
        part = b.part(*LID, joint=turns((-1, 0, 0), angle=2.0, now=angle))
        if form == "domed":
            turn = np.linspace(0, np.pi, 9)
            arch = [(-y - y * np.cos(a), y * b.u(0.55, 0.9) * np.sin(a)) for a in turn]
            b.extrude([*arch], 2 * x, plane="yz")
        else:
            b.box((2 * x, 2 * y, lid), (0, -y, lid / 2))
        if b.maybe(0.75):
            b.part(*CLASP, inside=part)
            b.box((x * 0.25, 0.005, lid * 0.5 + 0.012), (0, -2 * y - 0.0025, lid * 0.1), round=0.3)


@kind("lunch box", "food container", "plastic container", "storage container", "bento box")
def lunch_box(b: Builder) -> None:
    x, y, boxy = b.u(0.05, 0.13), b.u(0.045, 0.09), b.u(0.6, 1)
    h, flare, t = b.u(0.04, 0.1), b.u(0.82, 1.0), b.u(0.0015, 0.003)
    b.part("body", "container", "box", "where the food is")
    loft(b, shell([(x * flare, y * flare, 0), (x, y, h)], t, t), boxy)
    if b.maybe(0.9):
        part = b.part(*LID, joint=lifts())
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
            b.part(*CLASP, inside=part)
            b.box(
                (0.004, y * b.u(0.4, 0.8), lid * 1.4 + 0.008),
                (side * (x + over + 0.002), 0, h - lid * 0.7),
                round=0.4,
            )
        if b.maybe(0.2):
            b.part(*HANDLE, inside=part)
            bow(
                b,
                (-x * 0.4, 0, h + 0.001),
                (x * 0.4, 0, h + 0.001),
                (0, 0, b.u(0.025, 0.045)),
                0.004,
                flat=1.8,
            )


@kind("tool box", "toolbox", "tool case", "fishing box")
def tool_box(b: Builder) -> None:
    x, y = b.u(0.15, 0.28), b.u(0.07, 0.13)
    h, lid = b.u(0.09, 0.16), b.u(0.03, 0.08)
    b.part(*BOX_BODY)
    form = b.pick("closed", "closed", "tray", "open")
    loft(b, shell([(x * 0.97, y * 0.97, 0), (x, y, h)], 0.004, 0.004), b.u(0.85, 1))
    if form == "tray":
        b.part(*CARRY_HANDLE)
        z = h + b.u(0.06, 0.12)
        b.rod((-x, 0, z), (x, 0, z), b.u(0.009, 0.014))
        b.part("side", "end panel", "side board", "what holds the handle")
        for s in (-1, 1):
            b.extrude(
                [(-y, h), (y, h), (0.025, z + 0.02), (-0.025, z + 0.02)],
                0.01,
                at=(s * (x - 0.006), 0, 0),
                plane="yz",
            )
        return
    angle = b.u(0.6, 1.8) if form == "open" else 0.0
    with b.moved((0, y, h + 0.001), roll=-angle):
        part = b.part(*LID, joint=turns((-1, 0, 0), angle=2.0, now=angle))
        b.box((2 * x, 2 * y, lid), (0, -y, lid / 2), taper=b.u(0.75, 1.0))
        b.part(*CARRY_HANDLE, inside=part)
        wide = x * b.u(0.35, 0.6)
        bow(
            b,
            (-wide, -y, lid - 0.002),
            (wide, -y, lid - 0.002),
            (0, 0, b.u(0.035, 0.06)),
            b.u(0.007, 0.011),
            flat=1.3,
        )
    for s in (-1, 1):
        b.part(*CLASP)
        b.box((0.035, 0.008, 0.045), (s * x * b.u(0.45, 0.6), -y - 0.003, h - 0.004), round=0.4)


@kind("suitcase", "luggage", "carry on bag", "trolley case", "briefcase")
def suitcase(b: Builder) -> None:
    form = b.pick("trolley", "trolley", "trolley", "briefcase")
    x, y, h = b.u(0.17, 0.25), b.u(0.09, 0.15), b.u(0.45, 0.7)
    if form == "briefcase":
        x, y, h = b.u(0.18, 0.24), b.u(0.035, 0.07), b.u(0.26, 0.34)
    z = b.u(0.035, 0.06) if form == "trolley" else 0.0
    b.part("body", "case", "shell", "where things are kept")
    b.box((2 * x, 2 * y, h), (0, 0, z + h / 2), round=b.u(0.1, 0.6))
    top = z + h
    b.part(*CARRY_HANDLE)
    wide = x * b.u(0.3, 0.5)
    bow(
        b,
        (-wide, 0, top - 0.002),
        (wide, 0, top - 0.002),
        (0, 0, b.u(0.025, 0.045)),
        b.u(0.006, 0.011),
        flat=1.6,
    )
    if form == "briefcase":
        for s in (-1, 1):
            b.part(*CLASP)
            b.box((0.04, 0.02, 0.008), (s * x * 0.6, 0, top + 0.002), round=0.4)
        return
    if b.maybe(0.55):
        tall, half = b.u(0.08, 0.45), x * b.u(0.45, 0.65)
        names = ("telescopic handle", "pull handle", "handle", "what to pull it by")
        b.part(*names, joint=slides((0, 0, 1), 0.5, tall))
        for s in (-1, 1):
            b.rod((s * half, y * 0.75, top - 0.005), (s * half, y * 0.75, top + tall), 0.007)
        b.rod((-half - 0.02, y * 0.75, top + tall), (half + 0.02, y * 0.75, top + tall), 0.014)
    for sx in (-1, 1):
        for sy in (-1, 1):
            b.part(*WHEEL, joint=turns((1, 0, 0), (0, sy * y * 0.65, z * 0.5), 2 * np.pi))
            b.rod(
                (sx * x * 0.75 - 0.012, sy * y * 0.65, z * 0.5),
                (sx * x * 0.75 + 0.012, sy * y * 0.65, z * 0.5),
                z * 0.5,
            )
            b.box((0.03, 0.03, z * 0.5), (sx * x * 0.75, sy * y * 0.65, z * 0.85))
