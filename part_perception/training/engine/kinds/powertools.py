"""Power tools."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.handtools import bar
from part_perception.training.engine.lexicon import BLADE, BUTTON, CORD, HANDLE, NOZZLE, SWITCH, TRIGGER

HOUSING = ("body", "housing", "motor housing", "case")


def _cord(b: Builder, start, toward) -> None:
    """A short power cable that hangs from a point."""
    b.part(*CORD)
    s, d = np.asarray(start, float), np.asarray(toward, float)
    reach = b.u(0.06, 0.2)
    side = np.array([0, b.u(-0.5, 0.5), 0]) * reach
    b.tube(
        [s - 0.004 * d, s + d * reach * 0.3, s + d * reach * 0.6 + side, s + d * reach * 0.7 + 2 * side],
        b.u(0.003, 0.005),
        steps=12,
    )


def _pistol_grip(b: Builder, x: float, top: float, low: float, lean: float, r: float) -> None:
    """A handle that goes down from the body at x."""
    mid = (top + low) / 2
    b.tube(
        [(x, 0, top), (x - lean * 0.5 + b.u(-0.004, 0.004), 0, mid), (x - lean, 0, low)],
        [r * b.u(0.9, 1.1), r, r * b.u(0.9, 1.2)],
        flat=b.u(0.65, 0.9),
        steps=10,
    )


def _finger_trigger(b: Builder, x: float, z: float, long: float) -> None:
    b.part(*TRIGGER)
    b.tube(
        [(x - 0.004, 0, z), (x + 0.008, 0, z - long * 0.25), (x + 0.003, 0, z - long)],
        [0.007, 0.006, 0.005],
        flat=1.1,
        steps=8,
    )


@kind("power drill", "drill", "cordless drill", "electric screwdriver")
def power_drill(b: Builder) -> None:
    r, length, h = b.u(0.024, 0.034), b.u(0.1, 0.17), b.u(0.13, 0.19)
    lean, corded = b.u(-0.005, 0.03), b.maybe(0.3)
    grip_x = -length * b.pick(b.u(0.3, 0.6), b.u(0.75, 0.85))
    b.part(*HOUSING)
    if b.maybe(0.7):
        bar(
            b,
            -length * np.array([1, 0.94, 0.6, 0.25, 0]),
            r * np.array([0.75, 0.95, 1, 0.95, 0.7]),
            flat=b.u(0.85, 1.1),
            z=h,
        )
    else:
        b.box((length, r * 1.7, r * 2), (-length / 2, 0, h), round=0.5)
    grip_low = 0.03 if not corded else 0.005
    b.part(*HANDLE)
    _pistol_grip(b, grip_x, h - r * 0.6, grip_low, lean, b.u(0.015, 0.02))
    _finger_trigger(b, grip_x + 0.017, h - r * 0.8, b.u(0.025, 0.04))
    b.part("chuck", "collet", "what holds the bit", "nose")
    c = r * b.u(0.5, 0.75)
    bar(b, np.array([-0.01, 0.005, 0.02, 0.04]) * b.u(0.8, 1.3), c * np.array([1.1, 1.1, 1, 0.5]), z=h)
    if b.maybe(0.75):
        b.part("bit", "drill bit", "tip", "what makes the hole")
        out = b.u(0.03, 0.12)
        bar(b, (0.03, out, out + 0.006), (0.003, 0.003, 0.0008), z=h)
    if corded:
        _cord(b, (grip_x - lean, 0, 0.008), (0, 0, -1) if b.maybe() else (-0.5, 0, -0.8))
    else:
        b.part("battery", "battery pack", "what powers it", "base")
        b.box(
            (b.u(0.07, 0.12), b.u(0.05, 0.075), b.u(0.03, 0.055)),
            (grip_x - lean + b.u(0, 0.02), 0, 0.02),
            round=b.u(0.1, 0.4),
        )
    if b.maybe(0.2):
        b.part("side handle", "auxiliary handle", "second grip", "part to hold it by")
        b.rod((-0.015, 0, h), (-0.015, b.u(0.11, 0.15), h), 0.013)


@kind("impact driver", "electric screwdriver pen", "straight screwdriver", rest="lies")
def straight_driver(b: Builder) -> None:
    length, r = b.u(0.12, 0.22), b.u(0.014, 0.024)
    b.part("handle", "body", "grip", "part to hold it by")
    bar(
        b, -length * np.array([1, 0.95, 0.6, 0.3, 0.05, 0]), r * np.array([0.8, 1, b.u(0.85, 1), 1, 0.9, 0.6])
    )
    b.part(*BUTTON)
    b.box((0.02, 0.012, 0.008), (-length * b.u(0.15, 0.4), 0, r), round=0.5)
    b.part("bit", "tip", "end that fits the screw")
    bar(b, (-0.002, b.u(0.02, 0.05)), (0.0035, 0.003))


@kind("angle grinder", "grinder", "disc grinder", rest="lies")
def angle_grinder(b: Builder) -> None:
    length, r = b.u(0.2, 0.3), b.u(0.026, 0.035)
    b.part("body", "handle", "housing", "part to hold it by")
    bar(b, -length * np.array([1, 0.9, 0.6, 0.35, 0.1]), r * np.array([0.8, 1, 0.8, 1.05, 1]), z=r)
    b.part("head", "gear head", "gear housing")
    b.box((r * 2.6, r * 1.9, r * 1.6), (0, 0, r), round=0.5)
    disc = b.u(0.055, 0.08)
    b.part("disc", "grinding disc", "cutting wheel", "what cuts", "blade")
    b.rod((0, 0, -0.012), (0, 0, -0.008), disc, sides=24)
    b.rod((0, 0, -0.02), (0, 0, r * 0.4), 0.012)
    b.part("guard", "shield", "disc cover", "what protects the hand")
    with b.moved((0, 0, -0.018), yaw=np.pi / 2 + b.u(-0.5, 0.5)):
        b.lathe([(0.01, 0.022), (disc * 1.06, 0.022), (disc * 1.06, 0)], arc=np.pi)
    if b.maybe(0.75):
        b.part("side handle", "auxiliary handle", "second grip", "part to hold it by")
        b.tube(
            [(0, r * 0.8, r), (0, r + 0.02, r), (0, r + 0.1, r), (0, r + 0.11, r)],
            [0.008, 0.015, 0.013, 0.01],
            smooth=False,
        )
    b.part(*SWITCH)
    b.box((0.03, 0.014, 0.008), (-length * 0.5, 0, r * 1.9), round=0.3)
    if b.maybe(0.6):
        _cord(b, (-length, 0, r), (-1, 0, 0))


def _closed_handle(b: Builder, x0: float, x1: float, z0: float, z1: float, r: float) -> None:
    """A handle bridge above a body, from front x1 to back x0."""
    b.tube(
        [
            (x1, 0, z0),
            (x1 - 0.01, 0, z1 * 0.95 + z0 * 0.05),
            ((x0 + x1) / 2, 0, z1),
            (x0 + 0.01, 0, z1 * 0.9 + z0 * 0.1),
            (x0, 0, z0),
        ],
        r,
        flat=b.u(0.7, 0.9),
    )


@kind("jigsaw", "power jigsaw", "sabre saw")
def jigsaw(b: Builder) -> None:
    length, h = b.u(0.18, 0.24), b.u(0.11, 0.15)
    b.part("shoe", "base plate", "foot", "what slides on the wood")
    b.box((length * 0.8, 0.075, 0.004), (0.01, 0, 0.002))
    b.part(*HOUSING)
    b.box((length, 0.06, h * 0.55), (0, 0, 0.02 + h * 0.3), round=0.5)
    b.part(*HANDLE)
    _closed_handle(b, -length * 0.42, length * 0.3, h * 0.5, h * 1.35, b.u(0.014, 0.018))
    b.part(*TRIGGER)
    b.box((0.035, 0.015, 0.012), (length * 0.12, 0, h * 1.23), round=0.4)
    b.part(*BLADE)
    b.box((0.008, 0.0015, b.u(0.06, 0.09)), (length * 0.4, 0, -0.015))
    b.part("head", "blade holder", "plunger")
    b.rod((length * 0.4, 0, 0.02), (length * 0.4, 0, h * 0.6), 0.013)
    if b.maybe(0.6):
        _cord(b, (-length * 0.5, 0, h * 0.6), (-1, 0, 0))


@kind("circular saw", "hand held circular saw", "skill saw")
def circular_saw(b: Builder) -> None:
    r = b.u(0.07, 0.1)
    b.part("base plate", "shoe", "foot", "what slides on the wood")
    b.box((r * 3, r * 1.7, 0.004), (0, 0.02, r * 0.35))
    b.part(*BLADE)
    b.rod((0, -0.003, r * 0.75), (0, 0.0, r * 0.75), r, sides=28)
    b.part("guard", "blade cover", "shield", "what protects from the blade")
    b.extrude(
        [
            (r * 1.12 * np.cos(t), r * 0.8 + r * 1.12 * np.sin(t))
            for t in np.linspace(-0.35, np.pi + 0.35, 14)
        ],
        0.032,
        (0, -0.002, 0),
        "xz",
    )
    b.part(*HOUSING)
    b.cone((0, 0.01, r), (0, b.u(0.1, 0.15), r), r * 0.6, r * 0.5)
    b.part(*HANDLE)
    b.tube(
        [
            (r * 0.5, 0.02, r * 1.6),
            (0, 0.02, r * 2.3),
            (-r * 0.9, 0.02, r * 2.2),
            (-r * 1.7, 0.02, r * 1.5),
            (-r * 1.1, 0.02, r * 0.9),
        ],
        0.016,
    )
    b.part(*TRIGGER)
    b.box((0.035, 0.015, 0.012), (-r * 0.65, 0.02, r * 2.02), round=0.4)
    if b.maybe(0.5):
        b.part("front handle", "second grip", "auxiliary handle", "part to hold it by")
        b.tube(
            [(r * 0.9, 0.04, r * 1.3), (r * 1.3, 0.04, r * 1.8), (r * 1.4, 0.09, r * 1.8)],
            0.013,
            smooth=False,
        )


@kind("sander", "orbital sander", "polisher", "power sander")
def sander(b: Builder) -> None:
    w, h = b.u(0.045, 0.065), b.u(0.1, 0.15)
    round_one = b.maybe()
    b.part("pad", "sanding pad", "sole", "plate", "what sands")
    if round_one:
        b.cone((0, 0, 0), (0, 0, 0.02), w * 1.25, w * 1.2, sides=24)
    else:
        b.box((w * 3.4, w * 1.9, 0.02), (0, 0, 0.01), round=0.1)
    b.part(*HOUSING)
    if round_one:
        b.lathe([(w * 0.95, 0.018), (w * 0.9, h * 0.35), (w * 0.65, h * 0.55), (w * 0.7, h * 0.75)])
    else:
        b.box((w * 2.6, w * 1.6, h * 0.5), (0, 0, 0.02 + h * 0.24), round=0.5)
    b.part(*HANDLE)
    if round_one:
        b.blob((w * 1.9, w * 1.9, h * 0.5), (0, 0, h * 0.85))
    else:
        _closed_handle(b, -w * 1.1, w, h * 0.4, h * b.u(0.95, 1.2), 0.016)
    b.part("dust bag", "dust box", "bag", "where the dust goes")
    b.blob((0.11, w * 1.1, w * 1.1), (-w * (1 if round_one else 1.3) - 0.05, 0, h * 0.4), e1=0.7, e2=0.7)
    b.part(*SWITCH)
    b.box(
        (0.02, 0.014, 0.012),
        ((w * 0.72, 0, h * 0.68) if round_one else (w * 1.1, 0, 0.02 + h * 0.47)),
        round=0.3,
    )


@kind("heat gun", "hot air gun", "paint stripper", rest="lies")
def heat_gun(b: Builder) -> None:
    r, length = b.u(0.026, 0.036), b.u(0.13, 0.18)
    with b.moved(roll=-np.pi / 2):
        b.part(*HOUSING)
        bar(b, -length * np.array([1, 0.95, 0.6, 0.2, 0]), r * np.array([0.8, 1, 1, 0.85, 0.7]))
        b.part(*NOZZLE)
        bar(b, (-0.004, b.u(0.04, 0.08)), (r * 0.6, r * b.u(0.35, 0.6)))
        b.part(*HANDLE)
        x = -length * b.u(0.6, 0.8)
        _pistol_grip(b, x, -r * 0.6, -b.u(0.12, 0.16), b.u(0, 0.03), b.u(0.014, 0.019))
        b.part("switch", "trigger", "on off switch", "what to flip")
        b.box((0.012, 0.014, 0.03), (x + 0.012, 0, -r - 0.022), round=0.3)
        if b.maybe(0.6):
            _cord(b, (x - 0.01, 0, -0.12), (0, 0, -1))


@kind("glue gun", "hot glue gun", rest="lies")
def glue_gun(b: Builder) -> None:
    r, length = b.u(0.014, 0.022), b.u(0.09, 0.15)
    with b.moved(roll=-np.pi / 2):
        b.part(*HOUSING)
        bar(b, -length * np.array([1, 0.9, 0.4, 0]), r * np.array([0.85, 1.05, 1, 0.75]), flat=0.8)
        b.part(*NOZZLE)
        bar(b, (-0.003, 0.015, b.u(0.025, 0.035)), (r * 0.65, r * 0.5, 0.002))
        b.part(*HANDLE)
        x = -length * b.u(0.65, 0.85)
        _pistol_grip(b, x, -r * 0.5, -b.u(0.08, 0.12), b.u(0, 0.03), b.u(0.011, 0.015))
        _finger_trigger(b, x + 0.02, -r * 0.6, b.u(0.03, 0.05))
        if b.maybe(0.6):
            b.part("glue stick", "glue", "stick")
            b.rod((-length - b.u(0.02, 0.08), 0, 0), (-length + 0.003, 0, 0), r * 0.35)


@kind("soldering iron", "soldering pen", rest="lies")
def soldering_iron(b: Builder) -> None:
    r = b.u(0.008, 0.014)
    b.part(*HANDLE)
    bar(
        b,
        -b.u(0.1, 0.13) * np.array([1, 0.9, 0.35, 0.1, 0.05, 0]),
        r * np.array([0.7, 1, 0.85, 0.9, 1.4, 1.4]),
    )
    b.part("shaft", "heating element", "metal rod", "hot part")
    bar(b, (-0.002, b.u(0.04, 0.07)), (r * 0.45, r * 0.4))
    b.part("tip", "point", "soldering tip", "hot end")
    bar(b, (0.035, 0.075, 0.095), (r * 0.3, r * 0.3, 0.0006))
    if b.maybe(0.6):
        _cord(b, (-0.1, 0, 0), (-1, 0, 0))


@kind("chainsaw", "chain saw", rest="stands")
def chainsaw(b: Builder) -> None:
    length, h = b.u(0.22, 0.3), b.u(0.14, 0.18)
    b.part(*HOUSING)
    b.box((length, 0.13, h), (-length / 2, 0, h / 2), round=b.u(0.2, 0.5))
    b.part("blade", "chain bar", "guide bar", "what cuts")
    out = b.u(0.25, 0.45)
    b.ribbon(
        [(-0.05, h * 0.2), (out * 0.96, h * 0.25), (out, h * 0.4)],
        [(-0.05, h * 0.65), (out * 0.96, h * 0.6), (out, h * 0.45)],
        0.006,
        (0, -0.05, 0),
        "xz",
    )
    b.part(*HANDLE)
    _closed_handle(b, -length * 1.35, -length * 0.45, h * 0.65, h * 1.15, 0.016)
    b.part("front handle", "second grip", "bow handle", "part to hold it by")
    b.tube(
        [
            (-0.05, -0.06, h * 0.4),
            (-0.06, -0.085, h),
            (-0.05, 0, h * 1.45),
            (-0.05, 0.08, h),
            (-0.05, 0.06, h * 0.3),
        ],
        0.011,
    )
    b.part(*TRIGGER)
    b.box((0.035, 0.014, 0.014), (-length * 0.8, 0, h * 0.98), round=0.4)


@kind("leaf blower", "blower", "hand blower")
def leaf_blower(b: Builder) -> None:
    r = b.u(0.07, 0.1)
    b.part(*HOUSING)
    b.blob((r * 2.4, r * 1.8, r * 2), (0, 0, r), e1=0.6, e2=0.6)
    b.part("tube", "pipe", "nozzle", "where the air comes out")
    out = b.u(0.3, 0.6)
    b.tube(
        [(r * 0.6, 0, r * 0.9), (r * 1.2, 0, r * 0.8), (r + out, 0, r * b.u(0.3, 0.7))],
        [r * 0.65, r * 0.5, r * b.u(0.3, 0.45)],
        steps=8,
    )
    b.part(*HANDLE)
    _closed_handle(b, -r * 1.1, r * 0.7, r * 1.4, r * 2.7, 0.016)
    _finger_trigger(b, 0, r * 2.5, 0.03)
