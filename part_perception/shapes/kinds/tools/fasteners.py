"""Fasteners and small machine parts."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar

THREAD = ("shaft", "thread", "threaded rod", "shank")


@kind("bolt", "screw", "machine screw", "wood screw", rest="lies")
def bolt(b: Builder) -> None:
    r = b.u(0.0015, 0.008)
    length = r * b.u(6, 18)
    head = b.part("head", "bolt head", "screw head", "what to turn")
    form = b.pick("hex", "socket", "round", "flat", "wing")
    wide, thick = r * b.u(1.7, 2.2), r * b.u(1, 1.6)
    if form == "hex":
        b.tube([(-thick, 0, 0), (0, 0, 0)], wide, sides=6, smooth=False)
    elif form == "flat":
        bar(b, (-thick * 0.1, 0, thick), (wide, wide, r))
    elif form == "round":
        bar(b, (-thick, -thick * 0.8, -thick * 0.3, 0), wide * np.array([0.4, 0.75, 0.98, 1]))
    elif form == "socket":
        b.tube([(-thick * 1.3, 0, 0), (0, 0, 0)], wide * 0.9, sides=16, smooth=False)
    else:
        bar(b, (-thick, 0), (r * 1.2, r * 1.5))
        for s in (-1, 1):
            b.part("wing", "ear", "what to grip", inside=head)
            b.tube(
                [(-thick * 0.3, 0, 0), (-thick * 1.2, s * r * 3, 0), (-thick * 2.2, s * r * 4, 0)],
                r * 0.8,
                flat=0.5,
                steps=6,
            )
    b.part(*THREAD)
    x = np.linspace(0, length * 0.9, 15)
    rs = r * np.where(np.arange(15) % 2, 0.86, 1.0)
    bar(b, [*(x - 0.0003), length], [*rs, r * b.pick(0.9, 0.05)])
    if b.maybe(0.2):
        b.part("nut", "hex nut", "what is screwed on")
        at = length * b.u(0.4, 0.8)
        b.tube([(at, 0, 0), (at + r * 1.6, 0, 0)], r * 1.9, sides=6, smooth=False)


@kind("nut", "hex nut", "wing nut", rest="lies")
def nut(b: Builder) -> None:
    r = b.u(0.003, 0.012)
    t, turn = r * b.u(0.8, 1.2), np.linspace(0, 2 * np.pi, 25)
    body = b.part("body", "nut", "ring", "what to turn")
    out = (
        1.85 / np.maximum(np.cos((turn + np.pi / 6) % (np.pi / 3) - np.pi / 6), 0.1)
        if b.maybe(0.75)
        else np.full(25, 1.6)
    )
    ring = np.stack([np.cos(turn), np.sin(turn)], 1) * r
    b.ribbon(ring * out[:, None], ring, t)
    b.part("hole", "thread", "inside", "what the bolt goes through", inside=body)
    b.lathe([(r * 0.97, -t / 2), (r * 0.97, t / 2)])
    if b.maybe(0.25):
        for s in (-1, 1):
            b.part("wing", "ear", "what to grip")
            b.tube(
                [(s * r * 1.4, 0, 0), (s * r * 2.6, 0, t), (s * r * 3, 0, t * 2)], r * 0.6, flat=0.4, steps=6
            )


@kind("nail", "spike", "pin", rest="lies")
def nail(b: Builder) -> None:
    r = b.u(0.001, 0.003)
    length = r * b.u(18, 30)
    b.part("head", "nail head", "flat end", "what to hit")
    bar(b, (-r * 0.8, 0), (r * b.u(1.8, 3),) * 2)
    b.part("shaft", "shank", "body")
    bar(b, (-0.0001, length * 0.94), (r, r))
    b.part("tip", "point", "sharp end")
    bar(b, (length * 0.939, length), (r, r * 0.05))


@kind("gear", "cog wheel", "sprocket", rest="lies")
def gear(b: Builder) -> None:
    r, n = b.u(0.015, 0.08), b.n(8, 16)
    t = r * b.u(0.15, 0.6)
    b.part("body", "disc", "wheel", "web")
    b.lathe([(r * 0.25, -t / 2), (r * 0.88, -t / 2), (r * 0.88, t / 2), (r * 0.25, t / 2)])
    b.part("teeth", "cogs", "gear teeth", "what meshes")
    for a in np.arange(n) * 2 * np.pi / n:
        with b.moved(yaw=a):
            b.box((r * 0.22, r * 3 / n, t * 0.98), (r * 0.94, 0, 0), taper=1)
    b.part("hub", "bore", "hole", "what goes on the axle")
    hub = t * b.pick(0.52, b.u(0.6, 1))
    b.lathe(
        [
            (r * 0.15, -t / 2 - 0.0005),
            (r * 0.3, -t / 2 - 0.0005),
            (r * 0.3, hub),
            (r * 0.15, hub),
            (r * 0.15, -t / 2 - 0.0005),
        ]
    )


@kind("carabiner", "snap hook", "karabiner", rest="lies")
def carabiner(b: Builder) -> None:
    h, w, r = b.u(0.05, 0.11), b.u(0.025, 0.06), b.u(0.003, 0.006)
    b.part("body", "frame", "hook", "spine")
    b.tube(
        [
            (h * 0.3, w * 0.5, 0),
            (h * 0.48, w * 0.35, 0),
            (h * 0.5, -w * 0.1, 0),
            (h * 0.2, -w * 0.5, 0),
            (-h * 0.3, -w * 0.4, 0),
            (-h * 0.5, 0, 0),
            (-h * 0.42, w * 0.3, 0),
            (-h * 0.3, w * 0.38, 0),
        ],
        r,
    )
    b.part("gate", "lever", "snap", "what opens")
    with b.moved((-h * 0.3, w * 0.38, 0), yaw=b.pick(0.0, -b.u(0, 0.5))):
        b.tube([(0, 0, 0), (h * 0.6, w * 0.13, 0)], r * 0.85, smooth=False)
        if b.maybe(0.4):
            b.part("sleeve", "screw lock", "what locks it")
            b.tube([(h * 0.2, w * 0.043, 0), (h * 0.45, w * 0.098, 0)], r * 1.35, smooth=False)


@kind("chain", "steel chain", rest="lies")
def chain(b: Builder) -> None:
    size, n = b.u(0.008, 0.025), b.n(3, 7)
    yaw = b.u(-0.2, 0.2)
    for i in range(n):
        b.part("link", "chain link", "ring")
        bend = np.sin(i * 0.9) * yaw
        with b.moved((i * size * 1.5, bend * size * 2, 0), roll=(i % 2) * np.pi / 2 * b.u(0.6, 1), yaw=bend):
            b.ring((0, 0, 0), size, size * 0.2, squash=0.6)


@kind("eye hook", "screw hook", "S hook", rest="lies")
def eye_hook(b: Builder) -> None:
    r = b.u(0.01, 0.03)
    t = r * b.u(0.14, 0.25)
    b.part("hook", "bent end", "loop", "what things hang on")
    end = b.u(3.5, 5.8)
    turn = np.linspace(np.pi, np.pi + end, 12)
    b.tube(np.stack([r * np.cos(turn) + r + 0.001, r * np.sin(turn), 0 * turn], 1), t)
    if b.maybe(0.6):
        b.part("shaft", "thread", "screw end", "what goes into the wall")
        bar(b, -r * np.array([2.5, 1.2, -0.1]), (t * 0.15, t, t))
    else:
        b.part("hook", "other hook", "bent end", "what it hangs on")
        turn = np.linspace(0, -end, 12)
        b.tube(np.stack([r * np.cos(turn) - r, r * np.sin(turn), 0 * turn], 1), t)


@kind("bracket", "angle bracket", "shelf bracket", rest="lies")
def bracket(b: Builder) -> None:
    long, short, w, t = b.u(0.04, 0.2), b.u(0.03, 0.12), b.u(0.012, 0.035), b.u(0.0015, 0.004)
    for size, at, along in (
        ((long, w, t), (long / 2, 0, t / 2), 0),
        ((t, w, short), (t / 2, 0, short / 2), 1),
    ):
        plate = b.part("plate", "arm", "leg", "flat side")
        b.box(size, at)
        for k in (0.4, 0.8):
            b.part("screw hole", "hole", "where the screw goes", inside=plate)
            if along:
                b.rod((-0.0005, 0, short * k), (t + 0.0005, 0, short * k), w * 0.16, sides=10)
            else:
                b.rod((long * k, 0, -0.0005), (long * k, 0, t + 0.0005), w * 0.16, sides=10)
    if b.maybe(0.4):
        b.part("rib", "brace", "support", "what stiffens it")
        b.tube([(long * 0.7, 0, t), (t, 0, short * 0.75)], w * 0.12, smooth=False)


@kind("spring", "coil spring", rest="lies")
def spring(b: Builder) -> None:
    r, turns = b.u(0.004, 0.02), b.n(5, 9)
    length = r * b.u(3, 8)
    b.part("coil", "winding", "spring", "body")
    t = np.linspace(0, turns * 2 * np.pi, turns * 10)
    x = length * t / t[-1]
    b.tube(np.stack([x, r * np.cos(t), r * np.sin(t)], 1), r * b.u(0.1, 0.18), sides=6, smooth=False)
    if b.maybe(0.4):
        for p in (-1, 1):
            b.part("hook", "end loop", "end ring")
            b.ring((length / 2 + p * (length / 2 + r * 0.8), 0, 0), r * 0.8, r * 0.13, axis=b.pick("z", "y"))


@kind("pulley", "hook block", "lifting hook", rest="lies")
def pulley(b: Builder) -> None:
    r, t = b.u(0.015, 0.05), b.u(0.006, 0.02)
    b.part("wheel", "sheave", "roller", "what the rope runs over")
    b.lathe([(0, -t / 2), (r, -t / 2), (r * 0.8, 0), (r, t / 2), (0, t / 2)])
    b.part("frame", "housing", "side plate", "cheek")
    for s in (-1, 1):
        b.ribbon(
            [(-r * 0.7, r * 0.45), (r * 1.5, r * 0.35)],
            [(-r * 0.7, -r * 0.45), (r * 1.5, -r * 0.35)],
            0.002,
            (0, 0, s * (t / 2 + 0.002)),
        )
    b.rod((r * 1.4, 0, -t / 2 - 0.003), (r * 1.4, 0, t / 2 + 0.003), r * 0.2)
    b.part("hook", "bent end", "loop", "what it hangs on")
    b.tube(
        [(r * 1.4, 0, 0), (r * 1.9, 0, 0), (r * 2.3, r * 0.5, 0), (r * 2.9, 0, 0), (r * 2.5, -r * 0.5, 0)],
        r * 0.14,
    )
