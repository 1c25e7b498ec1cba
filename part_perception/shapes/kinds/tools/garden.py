"""Garden tools with a short handle."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import SCREW, bar, crossed_halves, driver_grip
from part_perception.shapes.lexicon import BLADE, HANDLE, TOOL_HANDLE

TINE = ("tine", "prong", "tooth", "spike")


@kind("axe", "hatchet", "ax", rest="lies")
def axe(b: Builder) -> None:
    length, w = b.pick(b.u(0.28, 0.42), b.u(0.5, 0.85)), b.u(0.03, 0.05)
    bend = b.u(0, 0.06) * length
    b.part(*TOOL_HANDLE)
    b.tube(
        [
            (0, -bend, 0),
            (length * 0.1, -bend * 0.2, 0),
            (length * 0.5, bend * 0.6, 0),
            (length + w * 0.7, 0, 0),
        ],
        np.array([1.3, 1, 1, 1.05]) * b.u(0.013, 0.018),
        flat=b.u(0.55, 0.85),
    )
    head = b.part("head", "axe head", "metal head")
    t, deep = b.u(0.018, 0.03), w * b.u(1.6, 2.6)
    b.box((w * 1.3, w * 1.4, t), (length, w * 0.1, 0), round=0.2)
    b.part(*BLADE, inside=head)
    flare = w * b.u(1, 1.7)
    edge = np.stack(
        [length + flare * np.linspace(-1.05, 0.9, 7), -deep - 0.2 * w * np.cos(np.linspace(-1.4, 1.4, 7))], 1
    )
    root = np.stack([length + w * 0.62 * np.linspace(-1, 1, 7), np.full(7, -w * 0.4)], 1)
    rows = [np.concatenate([root, np.full((7, 1), z * t * 0.48)], 1) for z in (-1, 1)]
    thin = np.concatenate([edge, np.zeros((7, 1))], 1)
    b.sheet(np.stack([rows[0], thin, rows[1]]))
    for s in (0, -1):
        b.sheet(np.stack([np.stack([rows[0][s], thin[s]]), np.stack([rows[1][s], thin[s]])]))
    if b.maybe(0.25):
        b.part("pick", "hammer end", "poll", "back of the head", inside=head)
        b.tube(
            [(length, w * 0.7, 0), (length, w * b.u(1.3, 3), 0)], [t * 0.5, b.u(0.1, 0.5) * t], smooth=False
        )


@kind("pickaxe", "pick", "mattock", rest="lies")
def pickaxe(b: Builder) -> None:
    length, w = b.u(0.4, 0.95), b.u(0.14, 0.26)
    b.part(*TOOL_HANDLE)
    bar(b, (-length, -length * 0.95, 0.03), (0.015, 0.018, 0.02), flat=0.8)
    b.part("head", "metal head", "pick", "working end")
    drop = b.u(0.02, 0.07)
    b.tube(
        [(-drop, -w, 0), (0, -w * 0.4, 0), (0.005, 0, 0), (0, w * 0.4, 0), (-drop, w, 0)],
        [0.003, 0.012, 0.022, 0.014, b.pick(0.003, 0.03)],
        flat=0.7,
    )


def scoop_blade(b: Builder, length: float, w: float, hollow: float, pointed: float) -> None:
    """A curved blade from x=0 to length."""
    s, t = np.linspace(0, 1, 8)[:, None], np.linspace(-1, 1, 9)[None]
    width = w * np.minimum(1, 0.75 + s * 1.5) * np.where(s > 0.6, 1 - pointed * ((s - 0.6) / 0.4) ** 2, 1)
    x = length * s + 0 * t
    b.sheet(np.stack([x, width * t, hollow * (t**2 - 0.4) + 0.06 * length * s**2], 2))
    b.sheet(np.stack([x, width * t, hollow * (t**2 - 0.4) + 0.06 * length * s**2 - 0.0015], 2))


@kind("trowel", "garden trowel", "hand shovel", "scoop", rest="lies")
def trowel(b: Builder) -> None:
    b.part(*HANDLE)
    hand = b.u(0.09, 0.13)
    with b.moved((-0.05, 0, 0.02)):
        driver_grip(b, hand, b.u(0.011, 0.016))
    b.part("shaft", "neck", "shank")
    b.tube([(-0.055, 0, 0.02), (-0.03, 0, 0.018), (0.02, 0, 0)], 0.005, steps=6)
    b.part("blade", "scoop", "head", "what digs")
    scoop_blade(b, b.u(0.12, 0.18), b.u(0.025, 0.045), b.u(0.01, 0.025), b.u(0.4, 1))


@kind("mason's trowel", "pointing trowel", "plastering trowel", "cement trowel", rest="lies")
def mason_trowel(b: Builder) -> None:
    length, w, up = b.u(0.1, 0.28), b.u(0.04, 0.065), b.u(0.03, 0.06)
    b.part(*BLADE)
    if b.maybe(0.6):
        b.extrude(
            [
                (0, 0),
                (length * 0.2, w),
                (length * 0.35, w * 0.9),
                (length, 0),
                (length * 0.35, -w * 0.9),
                (length * 0.2, -w),
            ],
            0.0015,
        )
        start, grip_x = (0.015, 0, 0), -0.02
    else:
        b.box((length, w * 2, 0.0015), (length / 2, 0, 0))
        start, grip_x = (length * 0.5, 0, 0), length * 0.5 - 0.03
    b.part("shaft", "neck", "tang")
    b.tube([start, (start[0] - 0.005, 0, up * 0.7), (grip_x, 0, up)], 0.005, smooth=False)
    b.part(*HANDLE)
    with b.moved((grip_x + (0.06 if start[0] > 0.02 else 0.005), 0, up)):
        driver_grip(b, b.u(0.1, 0.13), b.u(0.013, 0.017))


@kind("hand rake", "hand fork", "cultivator", "weeding fork", rest="lies")
def hand_rake(b: Builder) -> None:
    n, length, curl = b.n(3, 5), b.u(0.08, 0.13), b.pick(0.0, b.u(0.03, 0.06))
    b.part(*HANDLE)
    with b.moved((-0.05, 0, 0)):
        driver_grip(b, b.u(0.1, 0.13), b.u(0.012, 0.016))
    b.part("shaft", "neck", "shank")
    bar(b, (-0.054, 0.01), (0.005, 0.005))
    w = b.u(0.02, 0.045)
    for y in np.linspace(-1, 1, n):
        b.part(*TINE)
        b.tube(
            [
                (0, y * w * 0.15, 0),
                (0.02, y * w * 0.8, 0.005),
                (length * 0.8, y * w, 0.005),
                (length, y * w, -curl),
            ],
            [0.004, 0.004, 0.004, 0.0015],
            steps=10,
            sides=6,
        )


@kind("pruner", "secateurs", "pruning shears", "garden scissors", rest="lies")
def pruner(b: Builder) -> None:
    blade, hand, a = b.u(0.04, 0.07), b.u(0.11, 0.15), b.u(0.02, 0.3)
    w, t, r = blade * b.u(0.2, 0.3), b.u(0.003, 0.005), b.u(0.007, 0.011)

    def half(s):
        hook = s < 0
        b.part(*(("hook", "lower blade", "counter blade", "jaw") if hook else BLADE))
        thin = 0.45 if hook else 1.0
        b.ribbon(
            [
                (-w, s * w * 0.4),
                (0, s * w),
                (blade * 0.55, s * w * (0.9 * thin + 0.25)),
                (blade, s * w * 0.1),
            ],
            [
                (-w, -s * w),
                (0, -s * w * 0.4),
                (blade * 0.55, s * w * (0.3 if hook else -0.25)),
                (blade * 0.97, 0),
            ],
            t,
        )
        b.part(*HANDLE)
        b.tube(
            [
                (-w * 0.4, -s * w * 0.2, 0),
                (-hand * 0.35, -s * w * b.u(1.2, 1.5), 0),
                (-hand * 0.75, -s * w * b.u(1.4, 1.8), 0),
                (-hand, -s * w * b.u(0.9, 1.6), 0),
            ],
            [r, r * 1.1, r * b.u(0.8, 1.2), r * 0.8],
            flat=b.u(0.7, 1),
            steps=12,
        )

    crossed_halves(b, a, t * 0.9, half)
    b.part(*SCREW)
    b.rod((0, 0, -t * 1.6), (0, 0, t * 1.6), w * 0.6)
    if b.maybe(0.5):
        b.part("spring", "coil", "what opens it again")
        b.tube(
            [(-hand * 0.22, -w * 0.9, 0), (-hand * 0.3, 0, 0), (-hand * 0.22, w * 0.9, 0)], 0.0035, steps=8
        )


@kind("hedge shears", "garden shears", "loppers", "hedge trimmer", rest="lies")
def hedge_shears(b: Builder) -> None:
    lopper = b.maybe(0.4)
    blade, hand, a = (
        (b.u(0.06, 0.09), b.u(0.4, 0.65), b.u(0.03, 0.3))
        if lopper
        else (b.u(0.2, 0.3), b.u(0.2, 0.4), b.u(0.03, 0.35))
    )
    w, t, r = b.u(0.016, 0.024), 0.004, b.u(0.01, 0.014)

    def half(s):
        b.part(*BLADE)
        b.ribbon(
            [(-w, s * w * 0.4), (0, s * w), (blade * 0.6, s * w * 0.8), (blade, s * 0.002)],
            [(-w, -s * w), (0, -s * w * 0.4), (blade * 0.6, -s * w * 0.2), (blade, 0)],
            t,
        )
        b.part(*HANDLE)
        b.tube(
            [(-w * 0.4, -s * w * 0.2, 0), (-hand * 0.3, -s * w * 1.7, 0), (-hand, -s * w * 2.2, 0)],
            [r * 0.6, r * 0.8, r * 0.8],
            steps=8,
        )
        b.tube([(-hand * 0.65, -s * w * 2.0, 0), (-hand, -s * w * 2.2, 0)], [r, r * 1.3], flat=0.8)

    crossed_halves(b, a, t, half)
    b.part(*SCREW)
    b.rod((0, 0, -t * 1.6), (0, 0, t * 1.6), w * 0.5)


@kind("sickle", "hand scythe", "grass hook", rest="lies")
def sickle(b: Builder) -> None:
    b.part(*HANDLE)
    driver_grip(b, b.u(0.11, 0.15), b.u(0.012, 0.016))
    b.part(*BLADE)
    r, end = b.u(0.09, 0.16), b.u(2.2, 3.4)
    t = np.linspace(0, end, 12)
    width = np.interp(t, [0, 0.3, end], [0.008, 0.02, 0.001])
    arc = np.stack([np.sin(t), 1 - np.cos(t)], 1) * r
    normal = np.stack([np.sin(t), -np.cos(t)], 1)
    b.ribbon(arc + (-0.002, 0) - normal * width[:, None], arc + (-0.002, 0), 0.0025)
