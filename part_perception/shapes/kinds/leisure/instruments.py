"""Musical instruments with strings or keys."""

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import STRAP

SOUND_BODY = ("body", "sound box", "corpus", "where it sounds")


def _bouts(length: float, lower: float, waist: float, upper: float, cut: float = 0.0):
    """Half widths along a guitar-like body from its tail (x=-length) to the neck (x=0), left and right."""
    s = np.linspace(0, 1, 17)
    half = np.interp(s, [0, 0.06, 0.25, 0.45, 0.6, 0.85, 0.96, 1], [0.35, 0.7, 1, 0.85, 0.72, 0.8, 0.65, 0.3])
    scale = np.interp(s, [0, 0.3, 0.6, 0.9, 1], [lower, lower, waist / 0.72, upper / 0.8, upper / 0.8])
    smooth = np.convolve(np.pad(half * scale, 1, mode="edge"), [0.2, 0.6, 0.2], "valid")
    right = smooth * np.where(s > 0.8, 1 - cut, 1)
    x = length * (s - 1)
    return np.stack([x, smooth], 1), np.stack([x, -right], 1)


def _plucked(
    b: Builder, body: float, wide: float, deep: float, neck: float, pegs: int, electric: bool
) -> None:
    """Body, neck, headstock and the rest of a guitar-like instrument lying on its back."""
    corpus = b.part(*SOUND_BODY)
    cut = b.pick(0, b.u(0.3, 0.8)) if not electric else b.u(0.2, 0.7)
    left, right = _bouts(body, wide, wide * b.u(0.62, 0.85), wide * b.u(0.7, 0.85), cut)
    b.ribbon(left, right, deep)
    if electric and b.maybe(0.6):
        for s in (1, -1):
            b.tube(
                [(-body * 0.12, s * wide * 0.65, 0), (body * b.u(0, 0.12), s * wide * 0.7, 0)],
                [wide * 0.3, wide * 0.12],
                flat=deep / wide * 1.6,
                smooth=False,
            )
    top = deep / 2
    if not electric:
        b.part("sound hole", "hole", "opening", inside=corpus)
        b.ring((-body * 0.3, 0, top), wide * 0.28, 0.002)
        b.rod((-body * 0.3, 0, top - 0.003), (-body * 0.3, 0, top + 0.001), wide * 0.25)
    else:
        for x in b.pick((0.3, 0.5), (0.25, 0.4, 0.55)):
            b.part("pickup", "sound pickup", "coil", inside=corpus)
            b.box((0.02, wide * 0.5, 0.008), (-body * x, 0, top + 0.002), round=0.3)
        for i in range(b.n(1, 3)):
            b.part("knob", "volume knob", "dial", "what to turn", inside=corpus, joint=spins((0, 0, 1)))
            b.rod(
                (-body * (0.65 + 0.1 * i), -wide * (0.6 - 0.05 * i), top),
                (-body * (0.65 + 0.1 * i), -wide * (0.6 - 0.05 * i), top + 0.012),
                0.009,
            )
    b.part("bridge", "saddle", "string holder", "where the strings end", inside=corpus)
    b.box((0.02 + body * 0.02, wide * b.u(0.5, 0.9), 0.009), (-body * 0.72, 0, top + 0.003), round=0.3)
    b.part("neck", "fingerboard", "fretboard", "part to hold it by")
    w0, w1 = wide * 0.16, wide * 0.13
    b.ribbon(
        [(-body * 0.2, w0), (neck, w1)],
        [(-body * 0.2, -w0), (neck, -w1)],
        deep * 0.16 + 0.012,
        (0, 0, top + 0.002),
    )
    with b.moved((neck, 0, top), pitch=b.u(0.05, 0.25)):
        top_end = b.part("headstock", "head", "peg head", "where the strings are tuned")
        head = neck * b.u(0.28, 0.38)
        skew = b.pick(0, b.u(0, 0.6)) * w1 if electric else 0
        b.ribbon(
            [(-0.003, w1), (head * 0.2, w1 * 1.7), (head, w1 * 1.6 + skew)],
            [(-0.003, -w1), (head * 0.2, -w1 * 1.6), (head, -w1 * 1.4 + skew)],
            0.013,
        )
        b.part("tuning pegs", "pegs", "tuners", "what to turn to tune it", inside=top_end)
        sides = (1,) if skew > 0 and pegs == 6 else (-1, 1)
        for s in sides:
            for x in np.linspace(0.28, 0.9, pegs // len(sides)):
                b.box(
                    (0.009, 0.03, 0.006),
                    (head * x, s * (w1 * 1.5 + 0.012) + skew * x * (s > 0), 0),
                    round=0.6,
                )
    if b.maybe(0.3):
        b.part("strings", "string", "what to pluck")
        for y in np.linspace(-0.75, 0.75, 4):
            b.tube(
                [(-body * 0.71, y * w0, top + 0.012), (neck, y * w1, top + 0.013)],
                0.0008,
                sides=4,
                smooth=False,
            )


@kind("guitar", "acoustic guitar", "electric guitar", "bass guitar", rest="lies")
def guitar(b: Builder) -> None:
    electric = b.maybe(0.5)
    body = b.u(0.42, 0.52) if not electric else b.u(0.36, 0.46)
    _plucked(
        b,
        body,
        body * b.u(0.36, 0.42),
        b.u(0.035, 0.05) if electric else b.u(0.08, 0.11),
        body * b.u(0.75, 1.05),
        b.pick(6, 6, 4),
        electric,
    )


@kind("ukulele", "small guitar", "mandolin", rest="lies")
def ukulele(b: Builder) -> None:
    body = b.u(0.2, 0.27)
    _plucked(b, body, body * b.u(0.33, 0.4), b.u(0.05, 0.07), body * b.u(0.65, 0.9), 4, False)


@kind("violin", "fiddle", "viola", "cello", rest="lies")
def violin(b: Builder) -> None:
    body = b.pick(b.u(0.32, 0.38), b.u(0.32, 0.38), b.u(0.65, 0.78))
    wide, deep = body * b.u(0.27, 0.31), body * b.u(0.1, 0.14)
    b.part(*SOUND_BODY)
    s = np.linspace(0, 1, 19)
    half = wide * np.interp(
        s,
        [0, 0.05, 0.2, 0.36, 0.4, 0.5, 0.6, 0.64, 0.82, 0.95, 1],
        [0.3, 0.75, 1, 0.93, 0.7, 0.55, 0.66, 0.78, 0.83, 0.6, 0.15],
    )
    x = body * (s - 1)
    b.ribbon(np.stack([x, half], 1), np.stack([x, -half], 1), deep)
    top = deep / 2
    b.part("neck", "fingerboard", "part to hold it by")
    b.ribbon(
        [(-body * 0.3, wide * 0.2), (body * 0.38, wide * 0.12)],
        [(-body * 0.3, -wide * 0.2), (body * 0.38, -wide * 0.12)],
        body * 0.03,
        (0, 0, top + body * 0.03),
    )
    b.part("scroll", "head", "headstock", "curl")
    b.tube(
        [
            (body * 0.37, 0, top + body * 0.03),
            (body * 0.52, 0, top + body * 0.01),
            (body * 0.58, 0, top - body * 0.03),
            (body * 0.54, 0, top - body * 0.04),
        ],
        wide * 0.13,
        steps=12,
    )
    b.part("tuning pegs", "pegs", "tuners", "what to turn to tune it")
    for i, p in enumerate(np.linspace(0.42, 0.51, 4)):
        side = 1 if i % 2 else -1
        b.rod(
            (body * p, -side * wide * 0.15, top + body * 0.02),
            (body * p, side * wide * 0.42, top + body * 0.02),
            body * 0.009,
        )
    b.part("bridge", "string holder", "saddle")
    b.extrude(
        [(-wide * 0.25, 0), (wide * 0.25, 0), (wide * 0.2, body * 0.08), (-wide * 0.2, body * 0.08)],
        body * 0.012,
        (-body * 0.46, 0, top),
        "yz",
    )
    b.part("tailpiece", "string holder", "where the strings end")
    b.ribbon(
        [(-body * 0.97, wide * 0.09), (-body * 0.65, wide * 0.17)],
        [(-body * 0.97, -wide * 0.09), (-body * 0.65, -wide * 0.17)],
        body * 0.015,
        (0, 0, top + body * 0.03),
    )
    if b.maybe(0.6):
        b.part("chin rest", "chin holder", "where the chin goes")
        b.blob((body * 0.16, wide * 0.6, body * 0.05), (-body * 0.9, wide * 0.5, top + body * 0.02))
    if b.maybe(0.3):
        b.part("strings", "string", "what the bow plays")
        for y in np.linspace(-0.6, 0.6, 4):
            b.tube(
                [
                    (-body * 0.66, y * wide * 0.15, top + body * 0.045),
                    (-body * 0.46, y * wide * 0.2, top + body * 0.085),
                    (body * 0.4, y * wide * 0.1, top + body * 0.05),
                ],
                0.0008,
                sides=4,
                smooth=False,
            )


@kind("violin bow", "bow", rest="lies")
def violin_bow(b: Builder) -> None:
    length = b.u(0.6, 0.75)
    b.part("stick", "rod", "shaft")
    b.tube([(-length, 0.008, 0), (-length * 0.5, -0.004, 0), (0, 0.008, 0)], [0.0045, 0.004, 0.003])
    b.part("hair", "bow hair", "strings", "what plays the strings")
    b.box((length * 0.94, 0.001, 0.009), (-length * 0.48, -0.018, 0))
    b.part("frog", "handle", "grip", "part to hold it by")
    b.box((0.05, 0.024, 0.012), (-length * 0.95, -0.008, 0), round=0.2)
    b.part("tip", "head", "point")
    b.tube([(-0.005, 0.008, 0), (0.004, -0.005, 0), (0, -0.019, 0)], 0.005, steps=6)


@kind("piano keyboard", "electric piano", "synthesizer", "toy piano", rest="stands")
def piano_keyboard(b: Builder) -> None:
    w, d, h = b.u(0.4, 1.3), b.u(0.14, 0.32), b.u(0.04, 0.1)
    body = b.part("body", "case", "housing")
    b.box((d, w, h), (0, 0, h / 2), round=0.1)
    b.part("keyboard", "keys", "white keys", "what to play on", inside=body)
    n = b.n(7, 10)
    for y in np.linspace(-0.46, 0.46, n) * w:
        b.box((d * 0.5, w * 0.92 / n * 0.92, 0.012), (d * 0.23, y, h))
    b.part("black keys", "dark keys", "short keys", inside=body)
    for i, y in enumerate((np.linspace(-0.46, 0.46, n)[:-1] + 0.46 / n) * w):
        if i % 7 not in (2, 6):
            b.box((d * 0.3, w * 0.35 / n, 0.012), (d * 0.13, y, h + 0.01))
    b.part("control panel", "buttons", "panel", "knobs", inside=body)
    b.box((d * 0.2, w * 0.85, 0.006), (-d * 0.3, 0, h))
    if b.maybe(0.4):
        for s in (-1, 1):
            b.part("leg", "stand", "support", "what it stands on")
            b.rod((d * 0.3, s * w * 0.4, 0.002), (-d * 0.3, s * w * 0.4, -0.65), 0.014)
            b.rod((-d * 0.3, s * w * 0.42, 0.002), (d * 0.3, s * w * 0.42, -0.65), 0.014)


@kind("accordion", "concertina")
def accordion(b: Builder) -> None:
    h, d, open_ = b.u(0.22, 0.4), b.u(0.15, 0.2), b.u(0.08, 0.25)
    b.part("bellows", "folds", "middle part", "what is squeezed")
    for y in np.linspace(-0.42, 0.42, 6) * open_:
        for shift, k in ((-0.25, 0.84), (0.25, 0.94)):
            b.box((d * k, open_ / 11, h * k), (0, y + shift * open_ / 6, h / 2))
    for s in (-1, 1):
        side = b.part("case", "body", "end box", "side")
        b.box((d, 0.08, h), (0, s * (open_ / 2 + 0.04), h / 2), round=0.3)
        b.part("keys", "buttons", "keyboard", "what to play on", inside=side)
        b.box((0.02, 0.06, h * 0.85), (d / 2, s * (open_ / 2 + 0.045), h / 2), round=0.2)
    b.part(*STRAP)
    b.tube(
        [
            (-d / 2, open_ / 2 + 0.04, h * 0.95),
            (-d * 1.1, open_ / 2 + 0.04, h / 2),
            (-d / 2, open_ / 2 + 0.04, h * 0.05),
        ],
        0.0025,
        flat=5,
    )
