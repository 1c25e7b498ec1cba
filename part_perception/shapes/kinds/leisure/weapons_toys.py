"""Weapons as toys and props."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BLADE, HANDLE

GUN_GRIP = ("handle", "grip", "part to hold it by", "where to grab it")
GUN_TRIGGER = ("trigger", "trigger guard", "trigger and guard", "what to pull with the finger")
BARREL = ("barrel", "muzzle", "gun barrel", "where the shot comes out")


def gun_grip(b: Builder, x: float, y: float, down: float, wide: float, lean: float, t: float) -> None:
    b.part(*GUN_GRIP)
    bulge = b.u(0.95, 1.15)
    b.ribbon(
        [
            (x + wide / 2, y),
            (x + wide * 0.5 * bulge - lean * 0.5, y - down * 0.5),
            (x + wide * 0.55 - lean, y - down),
        ],
        [
            (x - wide / 2, y),
            (x - wide * 0.55 - lean * 0.4, y - down * 0.5),
            (x - wide * 0.5 * bulge - lean, y - down),
        ],
        t,
    )


def _trigger(b: Builder, x: float, y: float, size: float) -> None:
    """A trigger in its guard below a gun's frame at (x, y)."""
    b.part(*GUN_TRIGGER)
    r = 0.003 + size * 0.05
    b.tube(
        [
            (x - size * 0.55, y, 0),
            (x - size * 0.45, y - size * 0.8, 0),
            (x + size * 0.3, y - size * 0.85, 0),
            (x + size * 0.6, y, 0),
        ],
        r,
        flat=1.2,
    )
    b.tube(
        [(x, y + 0.002, 0), (x + size * 0.12, y - size * 0.35, 0), (x + size * 0.2, y - size * 0.6, 0)],
        r * 0.9,
        steps=8,
    )


@kind("pistol", "gun", "handgun", "revolver", rest="lies")
def pistol(b: Builder) -> None:
    length, t = b.u(0.14, 0.24), b.u(0.022, 0.034)
    h = length * b.u(0.13, 0.17)
    form = b.pick("automatic", "automatic", "revolver", "flintlock")
    frame = length * b.u(0.42, 0.6)
    b.part(*BARREL)
    if form == "automatic":
        b.box((length, h * 0.75, t * 0.9), (length / 2 - frame * 0.35, h * 0.35, 0), round=b.u(0, 0.4))
    elif form == "revolver":
        bar(b, (frame * 0.4, length * b.u(0.7, 1)), (h * 0.32, h * 0.28), y=h * 0.35)
        b.box((length * 0.3, h * 0.3, t * 0.35), (frame * 0.4 + length * 0.15, h * 0.05, 0))
    else:
        bar(b, (-frame * 0.1, length), (h * 0.33, h * 0.3), y=h * 0.3)
    b.part("body", "frame", "receiver")
    b.box((frame, h * 0.8, t * 0.75), (frame * 0.1, -h * 0.25, 0), round=0.2)
    if form == "revolver":
        b.box((frame * 0.8, h * 0.9, t * 0.6), (0, h * 0.25, 0), round=0.3)
        b.part("cylinder", "drum", "magazine", "where the bullets go")
        b.tube(
            [(frame * p, h * 0.2, 0) for p in (-0.05, 0, 0.35, 0.4)],
            t * np.array([0.65, 0.75, 0.75, 0.65]),
            sides=14,
            smooth=False,
        )
    gun_grip(
        b,
        -frame * 0.22,
        -h * 0.45,
        length * b.u(0.4, 0.55),
        length * b.u(0.17, 0.24),
        length * b.u(0.02, 0.15),
        t * b.u(0.85, 1.1),
    )
    _trigger(b, frame * 0.12, -h * 0.6, length * b.u(0.12, 0.16))
    if form != "automatic" or b.maybe(0.4):
        b.part("hammer", "cock", "striker")
        b.tube(
            [(-frame * 0.38, h * 0.2, 0), (-frame * 0.5, h * 0.75, 0), (-frame * 0.58, h * 0.8, 0)],
            t * 0.16,
            steps=6,
        )
    if b.maybe(0.5):
        b.part("sight", "front sight", "what to aim with")
        b.box((0.008, 0.007, 0.004), (length * 0.6, h * 0.74, 0))


@kind("rifle", "long gun", "shotgun", "toy rifle", rest="lies")
def rifle(b: Builder) -> None:
    length, t = b.u(0.6, 1.1), b.u(0.028, 0.042)
    h, modern = length * b.u(0.04, 0.055), b.maybe()
    b.part(*BARREL)
    r = b.u(0.009, 0.014)
    bar(b, (length * 0.1, length * 0.6), (r, r * 0.9), y=h * 0.35)
    if b.maybe(0.3):
        bar(b, (length * 0.1, length * 0.58), (r, r * 0.9), y=h * 0.35 - 2 * r)
    b.part("body", "receiver", "frame")
    b.box((length * 0.3, h * 1.2, t), (0, h * 0.1, 0), round=0.25)
    b.part("forearm", "handguard", "fore grip", "part to hold it by")
    b.tube(
        [(length * 0.13, 0, 0), (length * 0.25, 0, 0), (length * b.u(0.32, 0.42), h * 0.1, 0)],
        [h * 0.55, h * 0.55, h * 0.4],
        flat=t / h * 0.8,
    )
    b.part("stock", "butt", "shoulder rest", "back end")
    if modern:
        b.ribbon(
            [(-length * 0.14, h * 0.5), (-length * 0.38, h * 0.5)],
            [(-length * 0.14, -h * 0.3), (-length * 0.38, -h * b.u(1.2, 2))],
            t,
        )
        gun_grip(b, -length * 0.1, -h * 0.3, length * 0.1, length * 0.045, length * 0.02, t * 0.9)
    else:
        b.ribbon(
            [(-length * 0.14, h * 0.6), (-length * 0.22, h * 0.1), (-length * 0.4, 0)],
            [(-length * 0.14, -h * 0.4), (-length * 0.22, -h * 0.8), (-length * 0.4, -h * 2.4)],
            t,
        )
    _trigger(b, -length * 0.05, -h * 0.4, length * 0.05)
    if b.maybe(0.6):
        b.part("magazine", "clip", "where the bullets go")
        b.ribbon(
            [(length * 0.03, -h * 0.4), (length * 0.05, -h * b.u(1.5, 3.5))],
            [(length * 0.08, -h * 0.4), (length * 0.1, -h * b.u(1.5, 3.5))],
            t * 0.7,
        )
    if b.maybe(0.4):
        b.part("scope", "telescopic sight", "sight", "what to aim with")
        bar(
            b,
            length * np.array([-0.12, -0.06, 0.06, 0.1]),
            np.array([1, 0.7, 0.7, 1.2]) * b.u(0.014, 0.02),
            y=h * 1.6,
        )
        b.box((length * 0.03, h, t * 0.3), (0, h, 0))


@kind("sword", "dagger", "sabre", "toy sword", rest="lies")
def sword(b: Builder) -> None:
    length, w = b.u(0.2, 0.95), b.u(0.01, 0.027)
    curve = b.pick(0.0, 0.0, b.u(0.03, 0.1)) * length
    b.part(*BLADE)
    s = np.linspace(0, 1, 9)
    taper = np.where(s > 0.85, np.sqrt(np.clip((1 - s) / 0.15, 0, 1)), 1) * (1 - s * b.u(0, 0.5))
    mid = curve * s**2
    b.ribbon(
        np.stack([s * length, mid + w * taper + 0.0003], 1),
        np.stack([s * length, mid - w * taper - 0.0003], 1),
        b.u(0.003, 0.008),
    )
    b.part("guard", "cross guard", "hand guard", "what protects the hand")
    form = b.pick("cross", "disc", "basket")
    if form == "cross":
        reach = w * b.u(2, 4)
        bend = b.u(-0.3, 0.3) * reach
        b.tube([(bend, -reach, 0), (0, 0, 0), (bend, reach, 0)], [w * 0.5, w * 0.4, w * 0.5])
    elif form == "disc":
        with b.moved(pitch=np.pi / 2):
            b.lathe([(0, -0.003), (w * 2.2, -0.003), (w * 2.2, 0.003), (0, 0.003)])
    else:
        b.tube([(0, -w * 1.5, 0), (-0.01, w * 2.2, 0), (-0.06, w * 2.4, 0), (-0.11, 0, 0)], w * 0.35)
        b.blob((0.02, w * 4, w * 3))
    b.part(*HANDLE)
    hand = b.u(0.09, 0.2)
    bar(b, -hand * np.array([1, 0.5, 0]), np.array([0.85, 1.1, 0.95]) * b.u(0.009, 0.014), flat=0.85)
    b.part("pommel", "end knob", "end of the handle")
    b.blob((w * 1.8, w * 1.8, w * 1.8), (-hand, 0, 0))


@kind("bow", "archery bow", "toy bow", rest="lies")
def archery_bow(b: Builder) -> None:
    h, deep = b.u(0.4, 0.8), b.u(0.1, 0.2)
    for s in (-1, 1):
        b.part("limb", "arm", "bent part")
        b.tube(
            [
                (0, s * 0.05, 0),
                (-deep * 0.1, s * h * 0.4, 0),
                (-deep * 0.7, s * h * 0.85, 0),
                (-deep, s * h, 0),
            ],
            [0.014, 0.012, 0.009, 0.006],
            flat=1.6,
        )
    b.part(*HANDLE)
    b.tube([(0, -0.06, 0), (0.008, 0, 0), (0, 0.06, 0)], [0.015, 0.018, 0.015])
    b.part("string", "bow string", "cord", "what to pull")
    b.tube([(-deep, -h, 0), (-deep, h, 0)], 0.0015, sides=5, smooth=False)


@kind("slingshot", "catapult", rest="lies")
def slingshot(b: Builder) -> None:
    w = b.u(0.03, 0.045)
    b.part(*HANDLE)
    bar(b, -np.array([0.11, 0.105, 0.05, 0]), np.array([0.9, 1.1, 1, 0.9]) * b.u(0.009, 0.013))
    b.part("fork", "frame", "Y", "prongs")
    for s in (-1, 1):
        b.tube([(-0.005, 0, 0), (0.02, s * w * 0.8, 0), (0.07, s * w, 0)], 0.008, steps=8)
    b.part("rubber band", "elastic", "band", "what to pull")
    b.tube([(0.065, -w, 0), (b.u(-0.05, 0.1), 0, 0), (0.065, w, 0)], 0.004, flat=0.4, smooth=False)
