"""Magnifiers, torches, bulbs, locks and keys."""

import numpy as np

from part_perception.shapes.builder import Builder, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import HANDLE, SWITCH


@kind("magnifying glass", "magnifier", "loupe", rest="lies")
def magnifying_glass(b: Builder) -> None:
    r = b.u(0.025, 0.06)
    rim = b.u(0.002, 0.005)
    b.part("lens", "glass", "what to look through")
    b.lathe(
        [
            (0, -rim * 1.2),
            (r * 0.6, -rim * 0.8),
            (r, -0.0008),
            (r, 0.0008),
            (r * 0.6, rim * 0.8),
            (0, rim * 1.2),
        ]
    )
    b.part("rim", "frame", "ring", "what holds the glass")
    b.ring((0, 0, 0), r + rim * 0.6, rim)
    b.part(*HANDLE)
    x0, length = -r - rim, b.u(0.06, 0.13)
    hand = b.u(0.005, 0.011)
    bar(
        b,
        x0 - length * np.array([1, 0.96, 0.5, 0.15, 0.13, 0]),
        hand * np.array([0.8, 1.1, b.u(0.8, 1.1), 1, 0.5, 0.45]),
        flat=b.u(0.6, 1),
    )


@kind("flashlight", "torch", "hand lamp", rest="lies")
def flashlight(b: Builder) -> None:
    length, r = b.u(0.08, 0.24), b.u(0.011, 0.024)
    big = r * b.pick(b.u(1.0, 1.2), b.u(1.3, 2.2))
    head_long = length * b.u(0.2, 0.35)
    b.part("handle", "body", "barrel", "part to hold it by")
    bar(
        b, -length * np.array([1, 0.98, 0.8, 0.78, 0.05, 0]), r * np.array([0.85, 1, 1, 0.9, b.u(0.85, 1), 1])
    )
    head = b.part("head", "lamp head", "front", "where the light comes out")
    x = head_long * np.array([-0.02, 0.25, 0.7, 1])
    bar(b, x, [r * 0.98, r * 1.02, big, big])
    b.part("lens", "glass", "light", "where the light comes out", inside=head)
    bar(b, (head_long - 0.001, head_long + 0.0015), (big * 0.85,) * 2)
    form = b.pick("side", "side", "end", "none")
    if form == "side":
        b.part("switch", "button", "on off switch", "what to press")
        b.box((0.02, r * 0.7, 0.006), (-length * b.u(0.1, 0.4), 0, r), round=0.5)
    elif form == "end":
        b.part("switch", "button", "tail switch", "what to press")
        bar(b, (-length - 0.005, -length + 0.001), (r * 0.5, r * 0.6))
    if b.maybe(0.2):
        b.part("strap", "wrist strap", "loop", "cord")
        b.tube(
            [
                (-length, 0, 0),
                (-length - 0.05, 0.02, 0),
                (-length - 0.09, 0, 0),
                (-length - 0.05, -0.02, 0),
                (-length, 0, 0.002),
            ],
            0.002,
        )


@kind("camping lantern", "hand spotlight", "lantern torch")
def spotlight(b: Builder) -> None:
    r, length = b.u(0.05, 0.08), b.u(0.1, 0.17)
    z = r
    b.part("body", "case", "housing", "battery case")
    b.box((length, r * 1.3, r * 1.5), (-length / 2, 0, z * 0.85), round=0.4)
    head = b.part("head", "lamp head", "front", "where the light comes out")
    bar(b, (-0.02, 0.03, 0.05), (r * 0.75, r, r), z=z)
    b.part("lens", "glass", "light", "where the light comes out", inside=head)
    bar(b, (0.049, 0.052), (r * 0.9, r * 0.9), z=z)
    b.part(*HANDLE)
    if b.maybe(0.65):
        b.tube(
            [
                (0.01, 0, z + r * 0.8),
                (0, 0, z + r + 0.035),
                (-length * 0.75, 0, z + r + 0.03),
                (-length * 0.9, 0, z + r * 0.5),
            ],
            0.011,
            flat=1.2,
        )
        at = (-0.01, 0, z + r + 0.046)
    else:
        b.tube([(-length * 0.5, 0, 0.02), (-length * 0.6, 0, -0.1)], 0.015)
        at = (-length * 0.5 + 0.017, 0, -0.005)
    b.part(*SWITCH)
    b.box((0.022, 0.012, 0.01), at, round=0.4)


@kind("light bulb", "bulb", "lamp bulb", rest="lies")
def light_bulb(b: Builder) -> None:
    r = b.u(0.016, 0.05)
    form = b.pick("pear", "pear", "globe", "candle", "spot", "tube")
    with b.moved(pitch=np.pi / 2):
        base_r, base_long = b.u(0.0065, 0.0135), b.u(0.02, 0.028)
        b.part("bulb", "glass", "globe", "where the light comes out")
        neck = [(base_r * 0.95, 0), (base_r * 1.1, 0.01)]
        if form == "pear":
            b.lathe(
                [*neck, (r * 0.75, r * 1.1), (r, r * 1.9), (r * 0.8, r * 2.65), (0, r * 2.95)], smooth=True
            )
        elif form == "globe":
            b.lathe([*neck, (r * 0.85, r * 0.7), (r, r * 1.2), (r * 0.8, r * 1.8), (0, r * 2.2)], smooth=True)
        elif form == "candle":
            r *= 0.6
            b.lathe([*neck, (r, r * 1.4), (r * 0.8, r * 2.6), (r * 0.2, r * 4.2), (0, r * 4.4)], smooth=True)
        elif form == "spot":
            b.lathe([*neck, (r * 0.6, r * 0.7), (r, r * 1.8), (r * 0.95, r * 2), (0, r * 2.1)])
        else:
            for s in (-1, 1):
                b.tube([(0, s * 0.008, 0), (0, s * 0.008, r * 3), (0, 0, r * 3.3)], 0.006)
        cut = b.maybe(0.35)
        if cut:
            b.part("housing", "plastic base", "heat sink", "collar")
            b.lathe([(base_r, -0.002), (base_r * 1.4, 0), (base_r * 1.6, 0.016), (base_r * 0.9, 0.017)])
        b.part("base", "socket", "screw thread", "what screws into the lamp")
        steps = base_long * np.linspace(0, -0.75, 7)
        rs = base_r * np.tile([1.0, 0.92], 4)[:7]
        b.lathe([*zip(rs, steps, strict=True), (base_r * 0.4, -base_long), (0, -base_long * 1.02)])


@kind("padlock", "lock", rest="lies")
def padlock(b: Builder) -> None:
    w, t = b.u(0.025, 0.06), b.u(0.01, 0.02)
    h = w * b.u(0.7, 1.1)
    body = b.part("body", "lock body", "case", "block")
    form = b.pick("box", "round", "combination")
    if form == "round":
        b.rod((0, 0, -t / 2), (0, 0, t / 2), w / 2, sides=20)
        h = w * 0.9
    else:
        b.box((h, w, t), round=b.u(0.1, 0.6))
    b.part("shackle", "bow", "arch", "what locks", "loop")
    r, bar_r, up = w * 0.32, w * b.u(0.06, 0.1), h / 2 + w * b.u(0.1, 0.6)
    lift = b.pick(0.0, 0.0, b.u(0.1, 0.25) * w)
    with b.moved((lift, 0, 0)):
        y_free = h * 0.3 if lift == 0 else h / 2
        b.tube(
            [
                (h * 0.3 - lift, -r, 0),
                (up, -r, 0),
                (up + r * 0.7, -r * 0.7, 0),
                (up + r, 0, 0),
                (up + r * 0.7, r * 0.7, 0),
                (up, r, 0),
                (y_free, r, 0),
            ],
            bar_r,
        )
    if form == "combination":
        for i in range(b.n(3, 4)):
            b.part("dial", "number wheel", "ring", "what to turn", inside=body, joint=spins((1, 0, 0)))
            x = h * (0.25 - 0.2 * i)
            b.rod((x - h * 0.07, 0, 0), (x + h * 0.07, 0, 0), t * 0.62)
    else:
        b.part("keyhole", "cylinder", "where the key goes", inside=body)
        b.rod((-h / 2 - 0.0015, 0, 0), (-h / 2 + 0.001, 0, 0), t * 0.33)


@kind("key", "door key", "car key", rest="lies")
def key(b: Builder) -> None:
    length, t = b.u(0.035, 0.07), b.u(0.0018, 0.0035)
    w = b.u(0.003, 0.0045)
    form = b.pick("flat", "flat", "old", "car")
    b.part("head", "bow", "handle", "part to hold it by")
    r = b.u(0.009, 0.014)
    if form == "old":
        b.ring((-r, 0, 0), r * 0.85, r * 0.22, squash=b.u(0.7, 1.1))
    elif form == "car":
        b.box((r * 3.4, r * 2.2, t * 3.5), (-r * 1.7, 0, 0), round=0.6)
    elif b.maybe():
        a = np.linspace(0, 2 * np.pi, 17)
        ring = np.stack([np.cos(a), np.sin(a)], 1)
        hole = ring * 0.3 - (0.35, 0)
        b.ribbon(ring * r * (b.u(0.8, 1.1), b.u(0.9, 1.2)) - (r * 0.9, 0), hole * r - (r * 0.9, 0), t)
    else:
        b.ring((-r, 0, 0), r * 0.65, r * 0.35)
    b.part("blade", "shaft", "shank", "what goes into the lock")
    if form == "old":
        bar(b, (-r * 0.2, length), (w * 0.7, w * 0.7))
        b.part("bit", "teeth", "key bit", "what turns the lock")
        b.box((length * 0.2, w * 3, t), (length * 0.85, -w * 1.8, 0))
    else:
        x = np.linspace(0, 1, 9) * length
        cut = w * np.where(np.arange(9) % 2, 0.9, b.u(0.1, 0.6))
        b.ribbon(np.stack([x, np.full(9, w)], 1), np.stack([x, -cut], 1), t * 0.8)
