"""Things that people wear and carry."""

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BUTTON, CORD, HANDLE, LID, NOZZLE

LENS = ("lens", "glass", "what to look through")
TEMPLE = ("temple", "leg", "arm", "what goes over the ear")


@kind("eyeglasses", "glasses", "spectacles", "sunglasses")
def eyeglasses(b: Builder) -> None:
    w, h, gap = b.u(0.046, 0.058), b.u(0.028, 0.05), b.u(0.014, 0.022)
    e, r = b.pick(1.0, b.u(0.35, 0.8)), b.pick(b.u(0.0009, 0.0015), b.u(0.002, 0.0045))
    a = np.linspace(0, 2 * np.pi, 25)
    across, up = (np.sign(f(a)) * np.abs(f(a)) ** e / 2 for f in (np.cos, np.sin))
    oval = np.stack([w * across, h * up - b.u(0, 0.25) * w * np.abs(across) * (up < 0)], 1)
    z, form = h / 2 + r, b.pick("empty", "clear", "sun")
    frame = b.part("frame", "rim", "front frame", "what holds the lenses")
    for s in (-1, 1):
        y = s * (w + gap) / 2
        b.tube([(0, y + s * p, z + q) for p, q in oval], r, smooth=False, sides=7, flat=b.u(0.6, 1))
    b.part("bridge", "nose bridge", "nose piece", "what rests on the nose", inside=frame)
    middle = [(0, -gap / 2, z + h * 0.15), (0.002, 0, z + h * 0.25), (0, gap / 2, z + h * 0.15)]
    b.tube(middle, r * 1.2, steps=8)
    for s in (-1, 1) if form != "empty" else ():
        b.part(*(LENS if form == "clear" else ("lens", "dark glass", "glass", "what to look through")))
        b.extrude(oval * (s * 0.99, 0.99), 0.0014, (0, s * (w + gap) / 2, z), "yz")
    long, folded = b.u(0.12, 0.15), b.maybe(0.2)
    height, hook, tall, thin = h * b.u(0.1, 0.35), b.u(0.015, 0.035), r * b.u(0.9, 1.8), b.u(0.3, 1)
    for s in (-1, 1):
        b.part(*TEMPLE)
        swing = 1.45 - 0.05 * s if folded else b.u(-0.05, 0.15)
        with b.moved((-0.001, s * (w + gap / 2), z + height), yaw=-s * swing):
            path = [(0, 0, 0), (-0.008, s * 0.002, 0), (-long * 0.72, 0, 0), (-long, 0, -hook)]
            b.tube(path, tall, flat=thin, steps=14)


@kind("wrist watch", "watch", "smart watch", rest="lies")
def wrist_watch(b: Builder) -> None:
    r, t, w = b.u(0.014, 0.023), b.u(0.004, 0.007), b.u(0.007, 0.012)
    case = b.part("case", "body", "housing", "watch case")
    square = b.maybe(0.35)
    if square:
        b.box((r * 2.1, r * 1.8, 2 * t), (0, 0, 0), round=0.6)
    else:
        b.rod((0, 0, -t), (0, 0, t), r, sides=24)
    b.part("face", "dial", "display", "where to read the time", inside=case)
    if square:
        b.box((r * 1.8, r * 1.5, 0.002), (0, 0, t))
    else:
        b.rod((0, 0, t - 0.001), (0, 0, t + 0.0008), r * 0.86, sides=24)
    b.part("crown", "button", "knob", "what to turn to set the time")
    b.rod((0, r * 0.88, 0), (0, r * 1.2, 0), t * 0.4)
    if b.maybe(0.5):
        for s in (-1, 1):
            b.part("strap", "band", "wristband", "what goes round the wrist")
            b.tube(
                [(s * r * 0.9, 0, 0), (s * r * 1.5, 0, -t * 0.5), (s * b.u(0.06, 0.1), 0, -t * 0.7)],
                [w, w, w * 0.85],
                flat=0.15,
                steps=8,
            )
    else:
        b.part("strap", "band", "wristband", "what goes round the wrist")
        loop = b.u(0.024, 0.03)
        turn = np.linspace(0.55, 2 * np.pi - 0.55, 16)
        ring = np.stack(
            [np.sin(turn) * loop, np.zeros(16), np.cos(turn) * loop * b.u(0.8, 1) - loop * 0.8], 1
        )
        left, right = ring + (0, w, 0), ring - (0, w, 0)
        b.sheet(np.stack([left, right]))
        b.sheet(np.stack([left * (0.95, 1, 0.97), right * (0.95, 1, 0.97)]))


@kind("lighter", "cigarette lighter")
def lighter(b: Builder) -> None:
    w, h, t = b.u(0.02, 0.036), b.u(0.045, 0.065), b.u(0.01, 0.014)
    b.part("body", "case", "fuel tank", "part to hold it by")
    form = b.pick("gas", "gas", "flip")
    b.box((w, t, h), (0, 0, h / 2), round=b.u(0.1, 0.9))
    b.part("hood", "chimney", "wind guard", "where the flame comes out")
    b.box((w * 0.45, t * 0.8, h * 0.18), (w * 0.2, 0, h * 1.07))
    b.part("wheel", "spark wheel", "flint wheel", "what to turn to light it")
    b.rod((-w * 0.1, -t * 0.3, h * 1.1), (-w * 0.1, t * 0.3, h * 1.1), w * 0.13)
    if form == "gas":
        b.part("button", "lever", "gas button", "what to press")
        b.box((w * 0.3, t * 0.6, h * 0.07), (-w * 0.33, 0, h * 1.03), round=0.4)
    else:
        angle = b.u(0.3, 2.4)
        with b.moved((-w / 2, 0, h * 1.01), pitch=-angle):
            b.part(*LID, joint=turns((0, -1, 0), angle=2.5, now=angle))
            b.box((w, t, h * 0.42), (w / 2, 0, h * 0.21), round=0.1)


@kind("stick lighter", "gas lighter", "candle lighter", rest="lies")
def stick_lighter(b: Builder) -> None:
    r, length, out = b.u(0.008, 0.014), b.u(0.09, 0.13), b.u(0.08, 0.14)
    b.part(*HANDLE)
    b.tube([(-length, -0.012, 0), (-length * 0.5, 0, 0), (0, 0, 0)], r * np.array([0.9, 1.1, 0.8]), flat=0.8)
    b.part(*NOZZLE[:1], "tube", "shaft", "where the flame comes out")
    bar(b, (-0.003, out), (r * 0.45, r * 0.4))
    b.part("trigger", "button", "what to squeeze", "what to pull with the finger")
    b.blob((0.022, 0.014, 0.008), (-length * 0.3, -r, 0))


@kind("iron", "clothes iron", "flat iron", "steam iron")
def iron(b: Builder) -> None:
    length, w, h = b.u(0.21, 0.28), b.u(0.05, 0.062), b.u(0.05, 0.075)
    s = np.linspace(0, 1, 9)
    x, half = length * (s - 0.5), w * np.sqrt(np.maximum(1 - s**2.2, 0)) + 0.0005
    b.part("soleplate", "sole plate", "plate", "hot part", "what irons")
    b.ribbon(np.stack([x, half], 1), np.stack([x, -half], 1), 0.01, (0, 0, 0.005))
    b.part("body", "housing", "water tank")
    rows = [
        np.concatenate([np.stack([x * k + d, half * k], 1)[:, :], np.full((9, 1), z)], 1)
        for k, d, z in ((0.98, 0, 0.01), (0.85, -0.01, h * 0.6), (0.5, -0.03, h))
    ]
    right = [r * (1, -1, 1) for r in rows]
    b.sheet(np.stack([*right, *rows[::-1]]))
    for i in range(2):
        b.sheet(np.stack([np.stack([rows[i][0], right[i][0]]), np.stack([rows[i + 1][0], right[i + 1][0]])]))
    b.part(*HANDLE)
    open_back = b.maybe(0.35)
    top = h + b.u(0.045, 0.06)
    path = [(length * 0.15, 0, h * 0.7), (length * 0.12, 0, top * 0.95), (-length * 0.2, 0, top)]
    path += (
        [(-length * 0.42, 0, top * 0.97)]
        if open_back
        else [(-length * 0.42, 0, top * 0.85), (-length * 0.38, 0, h * 0.4)]
    )
    b.tube(path, b.u(0.012, 0.016), flat=1.1)
    b.part("dial", "knob", "temperature control", "what to turn")
    b.rod((-length * 0.08, 0, h - 0.008), (-length * 0.08, 0, h + 0.009), 0.02)
    if b.maybe(0.6):
        b.part(*BUTTON)
        b.rod((length * 0.08, 0, top), (length * 0.08, 0, top + 0.014), 0.008)
    if b.maybe(0.5):
        b.part(*CORD)
        b.tube(
            [
                (-length * 0.4, 0, top * 0.9),
                (-length * 0.65, 0, top * 0.8),
                (-length * 0.7, 0.06, 0.01),
                (-length * 0.5, 0.14, 0.004),
            ],
            0.0035,
        )


def _canopy(b: Builder, r: float, deep: float, top: float, ribs: int) -> None:
    """An open umbrella's cloth, sagging between its ribs, under its point at height top."""
    a, s = np.linspace(0, 2 * np.pi, 2 * ribs + 1)[None], np.linspace(0.02, 1, 9)[:, None]
    sag = 1 - 0.07 * s * (np.arange(2 * ribs + 1) % 2)[None]
    b.sheet(np.stack([r * s * sag * np.cos(a), r * s * sag * np.sin(a), top - deep * s**2 + 0 * a], 2))


@kind("umbrella", "rain umbrella", rest="stands")
def umbrella(b: Builder) -> None:
    h, crook = b.u(0.6, 0.9), b.maybe(0.6)
    low = 0.12
    b.part("shaft", "pole", "stick", "rod")
    b.rod((0, 0, low), (0, 0, h), b.u(0.004, 0.007))
    b.part("canopy", "cloth", "cover", "what keeps the rain off")
    if b.maybe(0.6):
        _canopy(b, b.u(0.4, 0.6), b.u(0.15, 0.28), h - 0.01, 8)
    else:
        wide = b.u(0.025, 0.05)
        b.lathe(
            [
                (0.006, h - 0.01),
                (wide * 0.5, h * 0.8),
                (wide, h * 0.45),
                (wide * 0.6, h * 0.36),
                (0.008, h * 0.34),
            ],
            smooth=True,
        )
    b.part("tip", "point", "top end", "ferrule")
    b.cone((0, 0, h - 0.015), (0, 0, h + b.u(0.02, 0.07)), 0.006, 0.002)
    b.part(*HANDLE)
    if crook:
        w = b.u(0.03, 0.05)
        b.tube(
            [
                (0, 0, low + 0.05),
                (0, 0, low * 0.4),
                (w * 0.3, 0, 0.012),
                (w, 0, 0.0),
                (w * 1.8, 0, 0.02),
                (w * 2, 0, 0.06),
            ],
            0.011,
        )
    else:
        b.tube(
            [(0, 0, low + 0.01), (0, 0, low * 0.6), (0, 0, low * 0.15)], [0.013, 0.016, 0.014], smooth=False
        )


@kind("walking cane", "walking stick", "cane", rest="lies")
def walking_cane(b: Builder) -> None:
    length, r = b.u(0.75, 0.95), b.u(0.008, 0.012)
    b.part("shaft", "stick", "pole", "rod")
    bar(b, (0, length), (r, r * 0.85))
    b.part(*HANDLE)
    form = b.pick("crook", "T", "knob")
    if form == "crook":
        w = b.u(0.04, 0.06)
        b.tube(
            [
                (0.004, 0, 0),
                (-0.06, 0, 0),
                (-0.06 - w, w * 0.4, 0),
                (-0.06 - w, w * 1.6, 0),
                (-0.06, w * 2, 0),
                (-0.02, w * 2, 0),
            ],
            r * 1.05,
        )
    elif form == "T":
        b.tube(
            [(-r, -0.035, 0), (-r * 1.3, 0, 0), (-r * 0.8, 0.05, 0), (0, 0.085, 0)],
            r * np.array([1.1, 1.3, 1.2, 0.9]),
        )
    else:
        b.blob((r * 5, r * 4, r * 4), (-r * 1.5, 0, 0))
    b.part("foot", "rubber tip", "tip", "what touches the ground")
    bar(b, (length - 0.025, length + 0.01), (r * 1.25, r * 1.6))


@kind("hand fan", "folding fan", rest="lies")
def hand_fan(b: Builder) -> None:
    r, half = b.u(0.18, 0.25), b.u(0.5, 1.3)
    b.part("leaf", "fan", "paper", "what moves the air")
    a = np.linspace(-half, half, 25)
    z = 0.003 * (np.arange(25) % 2)
    b.sheet(np.stack([np.stack([k * r * np.cos(a), k * r * np.sin(a), z], 1) for k in (0.45, 1)]))
    b.part("ribs", "sticks", "handle", "part to hold it by")
    for t in np.linspace(-half, half, 9):
        b.tube(
            [(0, 0, 0), (r * 0.5 * np.cos(t), r * 0.5 * np.sin(t), 0)], 0.004, flat=0.4, smooth=False, sides=6
        )
