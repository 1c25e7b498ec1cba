"""Wind and percussion instruments."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import HANDLE

MOUTHPIECE = ("mouthpiece", "mouth end", "where to blow")


@kind("flute", "recorder", "clarinet", "oboe", rest="lies")
def flute(b: Builder) -> None:
    length, r = b.u(0.3, 0.66), b.u(0.008, 0.014)
    b.part("body", "tube", "pipe", "part to hold it by")
    bell = b.pick(1.0, b.u(1.3, 2.5))
    bar(b, -length * np.array([1, 0.98, 0.85, 0.0]), r * np.array([bell, bell * 0.95, 1.0, 1]))
    b.part(*MOUTHPIECE)
    if b.maybe(0.6):
        bar(b, np.array([-0.004, 0.0, 0.05, 0.09]), r * np.array([1.15, 1.15, 1.0, 0.35]))
    else:
        b.blob((0.045, r * 2.2, 0.006), (-0.045, 0, r))
    b.part("keys", "finger holes", "buttons", "what to press")
    for x in np.linspace(0.15, 0.82, b.n(6, 8)) * -length:
        b.rod((x, 0, r * 0.8), (x, 0, r * b.u(1.05, 1.4)), r * 0.6, sides=8)


@kind("drum", "snare drum", "tom drum", "hand drum")
def drum(b: Builder) -> None:
    r = b.u(0.1, 0.25)
    h, z = r * b.u(0.5, 1.8), 0.0
    form = b.pick("shell", "shell", "goblet", "legs")
    if form == "legs":
        for a in np.arange(3) * 2.09:
            b.part("leg", "stand", "support", "what it stands on")
            b.rod(
                (r * 1.1 * np.cos(a), r * 1.1 * np.sin(a), 0),
                (r * 1.02 * np.cos(a), r * 1.02 * np.sin(a), r * 1.2),
                0.008,
            )
        z = r * 0.6
    body = b.part("body", "shell", "drum body", "container")
    if form == "goblet":
        h = r * 2.4
        b.lathe(
            [
                (0, 0),
                (r * 0.7, 0),
                (r * 0.5, h * 0.35),
                (r * 0.55, h * 0.5),
                (r * 0.97, h * 0.8),
                (r * 0.97, h),
            ]
        )
    else:
        b.lathe([(0, z), (r * 0.97, z), (r * b.u(0.97, 1.1), z + h / 2), (r * 0.97, z + h)])
    b.part("rim", "hoop", "ring", "frame")
    b.ring((0, 0, z + h - 0.008), r, 0.007)
    if form != "goblet":
        b.ring((0, 0, z + 0.012), r, 0.007)
    b.part("drumhead", "skin", "membrane", "where to hit it")
    b.rod((0, 0, z + h - 0.002), (0, 0, z + h + 0.001), r * 0.96, sides=24)
    if b.maybe(0.5):
        b.part("lugs", "tension screws", "rods", inside=body)
        for a in np.arange(6) * np.pi / 3:
            p = np.array([r * 1.04 * np.cos(a), r * 1.04 * np.sin(a), 0])
            b.rod(p + (0, 0, z + h * 0.15), p + (0, 0, z + h * 0.9), 0.006, sides=6)


@kind("cymbal", "hi-hat", "cymbal on a stand")
def cymbal(b: Builder) -> None:
    h, r = b.u(0.7, 1.1), b.u(0.17, 0.26)
    for a in np.arange(3) * 2.09:
        b.part("leg", "tripod leg", "foot", "what it stands on")
        b.rod((r * np.cos(a), r * np.sin(a), 0), (0, 0, h * 0.3), 0.007)
    b.part("pole", "stand", "rod", "support")
    b.rod((0, 0, h * 0.1), (0, 0, h + 0.04), 0.009)
    for z in b.pick((0,), (0, -0.03)):
        b.part("cymbal", "plate", "disc", "where to hit it")
        with b.moved((0, 0, h + z), pitch=b.u(-0.2, 0.2) * (z == 0)):
            b.lathe([(r, 0), (r * 0.3, 0.02), (r * 0.2, 0.045), (0, 0.05), (r * 0.3, 0.017), (r, -0.002)])


@kind("drumsticks", "drum stick", rest="lies")
def drum_stick(b: Builder) -> None:
    for i in range(b.n(1, 2)):
        with b.moved((0, 0.03 * i, 0), yaw=b.u(-0.2, 0.2) * i):
            b.part("shaft", "handle", "stick", "part to hold it by")
            bar(b, (-0.38, -0.375, -0.06, 0), (0.005, 0.008, 0.0075, 0.0035))
            b.part("tip", "head", "bead", "end that hits")
            b.blob((0.016, 0.012, 0.012), (0.006, 0, 0))


@kind("trumpet", "horn", "bugle", rest="lies")
def trumpet(b: Builder) -> None:
    length, r = b.u(0.4, 0.52), 0.006
    b.part("bell", "horn", "funnel", "where the sound comes out")
    bar(b, length * np.array([0.2, 0.6, 0.8, 0.93, 1]), (r, r * 1.6, r * 2.6, r * 5, b.u(0.055, 0.065)))
    b.part("tube", "pipe", "body", "tubing")
    gap = b.u(0.07, 0.1)
    b.tube(
        [
            (length * 0.22, 0, 0),
            (-length * 0.05, 0, 0),
            (-length * 0.12, gap * 0.5, 0),
            (-length * 0.05, gap, 0),
            (length * 0.55, gap, 0),
            (length * 0.62, gap * 0.5, 0),
            (length * 0.55, gap * 0.35, 0),
            (length * 0.3, gap * 0.35, 0),
        ],
        r,
        steps=40,
    )
    b.tube([(length * 0.1, gap, 0), (-length * 0.25, gap, 0)], r * 0.9)
    b.part(*MOUTHPIECE)
    bar(b, -length * np.array([0.36, 0.35, 0.3, 0.24]), (0.0135, 0.013, 0.006, 0.005), y=gap)
    for i in range(3):
        b.part("valve", "piston", "key", "what to press")
        x = length * (0.2 + 0.06 * i)
        b.rod((x, gap * 1.25, 0), (x, -gap * 0.25, 0), 0.011)
        b.rod((x, gap * 1.24, 0), (x, gap * 1.55, 0), 0.0035)
        b.rod((x, gap * 1.53, 0), (x, gap * 1.58, 0), 0.009)


@kind("harmonica", "mouth organ", rest="lies")
def harmonica(b: Builder) -> None:
    w, d, t = b.u(0.09, 0.14), b.u(0.024, 0.032), b.u(0.016, 0.024)
    b.part("cover", "body", "metal cover", "part to hold it by")
    b.box((w, d, t), round=b.u(0.3, 0.8))
    b.part("comb", "air holes", "mouthpiece", "where to blow")
    b.box((w * 1.03, d * 1.08, t * 0.35), (0, d * 0.08, 0), round=0.2)


@kind("maraca", "rattle", "shaker", rest="lies")
def maraca(b: Builder) -> None:
    r = b.u(0.02, 0.045)
    b.part(*HANDLE)
    bar(
        b,
        -r * 0.8 - b.u(0.07, 0.14) * np.array([1, 0.95, 0.5, -0.02]),
        np.array([1.2, 1.3, 0.8, 0.9]) * b.u(0.006, 0.011),
    )
    b.part("head", "ball", "rattle", "what makes the noise")
    b.blob((r * b.u(2, 2.6), 2 * r, 2 * r))


@kind("bell", "hand bell", "school bell")
def bell(b: Builder) -> None:
    r, h = b.u(0.025, 0.06), b.u(0.05, 0.1)
    b.part("body", "bell", "cup", "what rings")
    b.lathe(
        [
            (r, 0),
            (r * 0.75, h * 0.25),
            (r * 0.6, h * 0.7),
            (r * 0.3, h * 0.97),
            (0, h),
            (r * 0.55, h * 0.7),
            (r * 0.7, h * 0.25),
            (r * 0.96, 0),
            (r, 0),
        ]
    )
    b.part("handle", "grip", "part to hold it by", "where to grab it")
    up = b.u(0.04, 0.1)
    if b.maybe(0.7):
        b.lathe(
            [(0, h - 0.003), (r * 0.15, h), (r * 0.3, h + up * 0.6), (r * 0.25, h + up), (0, h + up * 1.02)]
        )
    else:
        b.ring((0, 0, h + r * 0.3), r * 0.3, r * 0.07, axis="x")
    b.part("clapper", "tongue", "ball inside")
    b.rod((0, 0, h * 0.9), (0, 0, h * 0.1), r * 0.05)
    b.blob((r * 0.3,) * 3, (0, 0, h * 0.1))


@kind("xylophone", "glockenspiel", rest="lies")
def xylophone(b: Builder) -> None:
    n, length = b.n(7, 9), b.u(0.22, 0.4)
    w0, w1 = b.u(0.06, 0.09), b.u(0.035, 0.05)
    b.part("frame", "base", "body", "what carries the bars")
    for s in (-1, 1):
        b.tube([(-length / 2, s * w0 * 0.75, 0), (length / 2, s * w1 * 0.75, 0)], 0.01, smooth=False, sides=4)
    for x in (-0.5, 0.5):
        b.box((0.015, w0 * 1.5, 0.015), (x * length, 0, 0))
    for i, x in enumerate(np.linspace(-0.44, 0.44, n)):
        b.part("bar", "key", "plate", "where to hit it")
        k = i / (n - 1)
        b.box((length * 0.75 / n, 2 * (w0 * (1 - k) + w1 * k), 0.004), (x * length, 0, 0.014), round=0.3)


@kind("music stand", "sheet stand")
def music_stand(b: Builder) -> None:
    h = b.u(0.8, 1.3)
    b.part("pole", "stand", "rod", "support")
    b.rod((0, 0, h * 0.12), (0, 0, h), 0.009)
    for a in np.arange(3) * 2.09:
        b.part("leg", "tripod leg", "foot", "what it stands on")
        b.rod((0.22 * np.cos(a), 0.22 * np.sin(a), 0), (0, 0, h * 0.22), 0.007)
    b.part("desk", "tray", "plate", "where the music goes")
    with b.moved((0, 0, h), pitch=-b.u(0.2, 0.6)):
        b.box((0.004, b.u(0.4, 0.5), b.u(0.24, 0.32)), (0.012, 0, 0.08))
        b.box((0.05, 0.44, 0.004), (0.035, 0, -0.05))


@kind("whistle", "referee whistle", rest="lies")
def whistle(b: Builder) -> None:
    r, w = b.u(0.009, 0.013), b.u(0.014, 0.02)
    b.part("body", "chamber", "case", "where it sounds")
    b.rod((0, -w / 2, 0), (0, w / 2, 0), r, sides=20)
    b.part("mouthpiece", "mouth end", "where to blow")
    b.box((r * 2.4, w, r * 0.8), (r * 1.7, 0, r * 0.55), round=0.2)
    b.part("ring", "loop", "eyelet", "what the cord goes through")
    b.ring((-r * 1.3, 0, r * 0.3), r * 0.35, 0.0012, axis="y")
    if b.maybe(0.4):
        b.part("cord", "strap", "lanyard")
        b.tube(
            [
                (-r * 1.5, 0, 0),
                (-0.06, 0.04, -r * 0.7),
                (-0.14, 0, -r * 0.7),
                (-0.06, -0.04, -r * 0.7),
                (-r * 1.5, 0, 0.001),
            ],
            0.0025,
        )
