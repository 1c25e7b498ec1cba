"""Sports goods."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.handtools import bar
from part_perception.training.engine.lexicon import HANDLE, NOZZLE, STRAP, WHEEL

BALL = ("ball", "body", "round part")


@kind("dumbbell", "hand weight", "barbell", rest="lies")
def dumbbell(b: Builder) -> None:
    length, r = b.u(0.1, 0.16), b.u(0.012, 0.018)
    if b.maybe(0.2):
        length = b.u(0.5, 1.2)
    b.part("handle", "bar", "grip", "part to hold it by")
    bar(b, np.linspace(-0.5, 0.5, 5) * length, r * np.array([1, 1, b.u(1, 1.2), 1, 1]))
    form, big = b.pick("hex", "round", "plates", "ball"), b.u(0.03, 0.06)
    wide, n = big * b.u(0.7, 1.3), b.n(2, 3)
    for s in (-1, 1):
        b.part("weight", "plate", "head", "heavy end")
        x = s * length / 2
        if form == "ball":
            b.blob((wide * 2,) * 3, (x + s * wide * 0.8, 0, 0))
        elif form == "plates":
            for i in range(n):
                rim = big * (1.3 - 0.25 * i)
                b.tube(
                    [(x + s * 0.018 * i, 0, 0), (x + s * (0.018 * i + 0.015), 0, 0)],
                    rim,
                    sides=22,
                    smooth=False,
                )
            b.tube([(x, 0, 0), (x + s * (0.018 * n + 0.03), 0, 0)], r, smooth=False)
        else:
            path = [(x + s * wide * k, 0, 0) for k in (0, 0.12, 0.9, 1)]
            b.tube(path, big * np.array([0.85, 1, 1, 0.8]), sides=6 if form == "hex" else 20, smooth=False)


@kind("kettlebell", "kettle bell", "girya")
def kettlebell(b: Builder) -> None:
    r = b.u(0.06, 0.11)
    b.part("body", "weight", "ball", "heavy part")
    b.lathe(
        [
            (0, 0),
            (r * 0.6, 0),
            (r * 0.9, r * 0.4),
            (r, r * 0.95),
            (r * 0.85, r * 1.5),
            (r * 0.4, r * 1.85),
            (0, r * 1.92),
        ],
        smooth=False,
    )
    b.part(*HANDLE)
    w, up, bar_r = r * b.u(0.55, 0.8), r * b.u(2.4, 2.9), r * b.u(0.16, 0.22)
    b.tube(
        [
            (0, -w * 0.8, r * 1.55),
            (0, -w, up * 0.9),
            (0, -w * 0.5, up),
            (0, w * 0.5, up),
            (0, w, up * 0.9),
            (0, w * 0.8, r * 1.55),
        ],
        bar_r,
    )


def _strung_head(b: Builder, rx: float, ry: float, frame: float, x: float) -> None:
    """A racket's oval frame and its strings."""
    head = b.part("head", "frame", "rim", "hoop")
    with b.moved((x, 0, 0)):
        b.ring((0, 0, 0), rx, frame, squash=ry / rx)
        b.part("strings", "net", "string bed", "what hits the ball", inside=head)
        a = np.linspace(0, 2 * np.pi, 21)
        b.extrude(np.stack([rx * 0.97 * np.cos(a[:-1]), ry * 0.97 * np.sin(a[:-1])], 1), 0.002)


@kind("tennis racket", "racket", "badminton racket", "squash racket", rest="lies")
def tennis_racket(b: Builder) -> None:
    rx = b.u(0.12, 0.18)
    ry, frame = rx * b.u(0.68, 0.85), b.u(0.005, 0.012)
    _strung_head(b, rx, ry, frame, 0)
    b.part("throat", "shaft", "neck")
    gap, grip = b.u(0.08, 0.22), b.u(0.12, 0.2)
    if b.maybe(0.65):
        for s in (-1, 1):
            b.tube(
                [
                    (-rx * 0.82, s * ry * 0.55, 0),
                    (-rx - gap * 0.5, s * ry * 0.2, 0),
                    (-rx - gap, s * 0.006, 0),
                ],
                frame * 0.9,
                steps=8,
            )
    else:
        bar(b, (-rx - gap, -rx), (frame * 0.8, frame * 0.7))
    b.part(*HANDLE)
    r = b.u(0.012, 0.017)
    bar(
        b,
        -rx - gap - grip * np.array([1, 0.97, 0.9, 0.02, -0.04]),
        r * np.array([1.15, 1.2, 1, 0.95, 0.6]),
        flat=0.9,
    )


@kind("table tennis paddle", "ping pong bat", "table tennis racket", rest="lies")
def table_tennis_paddle(b: Builder) -> None:
    r, t = b.u(0.068, 0.08), b.u(0.009, 0.014)
    a = np.linspace(0.36, 2 * np.pi - 0.36, 26) - np.pi
    blade = np.stack([r * np.cos(a), r * 0.96 * np.sin(a)], 1)
    b.part("head", "blade", "paddle face", "rubber", "what hits the ball")
    b.extrude(blade, t)
    b.part(*HANDLE)
    hand, w = b.u(0.085, 0.105), b.u(0.011, 0.014)
    b.tube(
        [(-r * 0.8, 0, 0), (-r, 0, 0), (-r - hand * 0.5, 0, 0), (-r - hand, 0, 0)],
        w * np.array([1.3, 1, b.u(0.95, 1.15), b.u(1, 1.35)]),
        flat=0.8,
        smooth=False,
    )


@kind("baseball bat", "bat", "cricket bat", rest="lies")
def baseball_bat(b: Builder) -> None:
    length, r = b.u(0.45, 0.95), b.u(0.024, 0.035)
    cricket = b.maybe(0.25)
    b.part(*HANDLE)
    thin = r * b.u(0.4, 0.5)
    bar(b, -length * np.array([0.5, 0.35, 0.05]), np.array([1, 1, 1.1]) * thin)
    if not cricket:
        b.part("knob", "end knob", "end of the handle")
        bar(b, -length * 0.5 - np.array([0.012, 0.008, -0.001]), thin * np.array([1.3, 1.75, 1.2]))
    b.part("barrel" if not cricket else "blade", "head", "thick end", "what hits the ball")
    if cricket:
        b.box((length * 0.55, 2.2 * r * 1.6, r * 1.3), (length * 0.22, 0, 0), round=0.3)
    else:
        bar(
            b,
            length * np.array([-0.05, 0.15, 0.3, 0.47, 0.5]),
            np.array([thin * 1.1, r * 0.8, r, r * 0.97, r * 0.6]),
        )


@kind("golf club", "golf iron", "golf putter", rest="lies")
def golf_club(b: Builder) -> None:
    length = b.u(0.75, 1.1)
    b.part("shaft", "stick", "rod", "pole")
    bar(b, (-length, 0), (0.006, 0.0045))
    b.part(*HANDLE)
    bar(b, -length - np.array([0.02, 0.0, -0.25]), (0.012, 0.0135, 0.009))
    b.part("head", "club head", "what hits the ball", "working end")
    form = b.pick("wood", "iron", "putter")
    if form == "wood":
        b.blob((0.09, 0.11, 0.055), (0.025, 0.05, 0), e1=0.8)
    elif form == "iron":
        b.ribbon(
            [(-0.02, 0.0), (-0.01, 0.05), (0.0, 0.085)],
            [(0.012, -0.005), (0.03, 0.05), (0.035, 0.085)],
            0.013,
        )
    else:
        b.box((0.022, 0.11, 0.03), (0.005, 0.035, 0), round=0.2)


@kind("hockey stick", "ice hockey stick", rest="lies")
def hockey_stick(b: Builder) -> None:
    length = b.u(0.8, 1.4)
    shaft = b.part("shaft", "handle", "stick", "part to hold it by")
    b.box((length, 0.028, 0.02), (-length / 2, 0, 0), round=0.3)
    b.part("grip", "taped end", "handle end", "part to hold it by", inside=shaft)
    b.box((length * 0.15, 0.032, 0.024), (-length * 0.925, 0, 0), round=0.3)
    b.part("blade", "head", "foot", "what hits the puck or ball")
    w = b.u(0.12, 0.3)
    b.tube(
        [(-0.02, 0, 0), (0.02, w * 0.15, 0), (0.04, w * 0.5, 0), (0.03, w, 0)],
        [0.02, 0.028, 0.032, 0.025],
        flat=0.3,
    )


@kind("ski", "skis", rest="lies")
def ski(b: Builder) -> None:
    length, w = b.u(1.2, 1.9), b.u(0.035, 0.055)
    s = np.linspace(0, 1, 13)
    x = length * (s - 0.5)
    half = w * np.interp(s, [0, 0.03, 0.5, 0.92, 0.98, 1], [0.5, 0.95, 0.75, 1, 0.6, 0.05])
    rise = 0.06 * np.clip((s - 0.88) / 0.12, 0, 1) ** 2
    b.part("ski", "board", "body", "what glides on the snow")
    for z in (0.0, 0.012):
        b.sheet(np.stack([np.stack([x, half, rise + z], 1), np.stack([x, -half, rise + z], 1)]))
    for k in (1, -1):
        b.sheet(np.stack([np.stack([x, k * half, rise], 1), np.stack([x, k * half, rise + 0.012], 1)]))
    b.part("binding", "belt for foot", "boot holder", "what holds the boot")
    for p, h in ((0.12, 0.04), (-0.18, 0.05)):
        b.box((0.07, 1.5 * w, h), (p, 0, 0.012 + h / 2), round=0.4, taper=0.8)


@kind("ski pole", "trekking pole", "hiking stick", rest="lies")
def ski_pole(b: Builder) -> None:
    length = b.u(0.8, 1.3)
    b.part("shaft", "pole", "rod", "stick")
    bar(b, (0, length), (0.008, 0.005))
    b.part(*HANDLE)
    bar(b, -np.array([0.12, 0.115, 0.06, -0.01]), (0.012, 0.018, 0.014, 0.013))
    b.part("basket", "disc", "ring", "what stops it from sinking")
    with b.moved((length * 0.94, 0, 0), pitch=np.pi / 2):
        b.lathe([(0.005, -0.004), (b.u(0.025, 0.045), 0), (0.005, 0.006)])
    b.part("tip", "point", "spike")
    bar(b, (length - 0.002, length + 0.03), (0.004, 0.001))
    if b.maybe(0.7):
        b.part(*STRAP)
        b.tube(
            [(-0.11, 0, 0), (-0.06, 0.05, 0), (0.03, 0.06, 0), (-0.02, 0.03, 0), (-0.1, 0.005, 0)],
            0.006,
            flat=0.2,
        )


def _board(b: Builder, length: float, w: float, t: float, kick: float, z: float, nose: float) -> None:
    """A long deck with rounded, raised ends, its lower side at height z."""
    s = np.linspace(-1, 1, 17)
    x = length / 2 * s
    half = w * np.sqrt(np.clip(1 - np.clip((np.abs(s) - nose) / (1 - nose), 0, 1) ** 2, 0, 1)) + 0.002
    rise = kick * np.clip((np.abs(s) - 0.68) / 0.32, 0, 1) ** 1.3 + z
    low = [np.stack([x, k * half, rise], 1) for k in (-1, 1)]
    top = [p + (0, 0, t) for p in low]
    b.sheet(np.stack([low[0], low[1], top[1], top[0], low[0]]))


@kind("skateboard", "longboard")
def skateboard(b: Builder) -> None:
    length, w, r = b.u(0.5, 1.05), b.u(0.075, 0.12), b.u(0.022, 0.036)
    z = r + b.u(0.03, 0.05)
    b.part("deck", "board", "body", "what to stand on")
    _board(b, length, w, b.u(0.008, 0.013), b.u(0, 0.07), z, b.u(0.4, 0.85))
    reach = length * b.u(0.27, 0.36)
    for s in (-1, 1):
        b.part("truck", "axle", "suspension", "what holds the wheels")
        b.box((0.07, 0.05, 0.012), (s * reach, 0, z - 0.005), round=0.2)
        b.cone((s * reach, 0, z), (s * reach, 0, r), 0.018, 0.01)
        b.rod((s * reach, -w * 0.9, r), (s * reach, w * 0.9, r), 0.006)
        for k in (-1, 1):
            b.part(*WHEEL)
            y = k * w * 0.78
            b.tube(
                [
                    (s * reach, y - 0.017, r),
                    (s * reach, y - 0.012, r),
                    (s * reach, y + 0.012, r),
                    (s * reach, y + 0.017, r),
                ],
                r * np.array([0.85, 1, 1, 0.85]),
                sides=16,
                smooth=False,
            )


@kind("snowboard", "wakeboard", "surfboard", rest="lies")
def snowboard(b: Builder) -> None:
    length, w = b.u(1.2, 1.7), b.u(0.12, 0.16)
    surf = b.maybe(0.35)
    b.part("deck", "board", "body", "what to stand on")
    _board(
        b,
        length * (1.2 if surf else 1),
        w * (1.6 if surf else 1),
        0.05 if surf else 0.01,
        0.05,
        0,
        b.u(0.2, 0.4) if surf else 0.75,
    )
    if surf:
        for y in b.pick((0,), (-0.1, 0, 0.1)):
            b.part("fin", "skeg", "what steers in the water")
            b.extrude(
                [(-length * 0.42, 0), (-length * 0.5, -0.11), (-length * 0.52, -0.1), (-length * 0.5, 0)],
                0.006,
                (0, y, 0.01),
                "xz",
            )
    else:
        for s in (-1, 1):
            b.part("binding", "belt for foot", "strap", "boot holder", "what holds the boot")
            b.box((0.12, 0.24, 0.015), (s * 0.25, 0, 0.017), round=0.2)
            b.tube(
                [
                    (s * 0.25, -0.07, 0.02),
                    (s * 0.25, -0.05, 0.1),
                    (s * 0.25, 0.05, 0.1),
                    (s * 0.25, 0.07, 0.02),
                ],
                0.004,
                flat=5,
            )
            b.tube(
                [(s * 0.25 - 0.06, -0.1, 0.02), (s * 0.25, -0.14, 0.16), (s * 0.25 + 0.06, -0.1, 0.02)],
                0.006,
                flat=4,
            )


@kind("kick scooter", "scooter", "push scooter")
def kick_scooter(b: Builder) -> None:
    length, h, r = b.u(0.45, 0.6), b.u(0.6, 0.95), b.u(0.045, 0.09)
    b.part("deck", "board", "foot board", "what to stand on")
    b.box((length, b.u(0.1, 0.15), 0.02), (0, 0, r), round=0.4)
    x = length / 2 + r * 1.6
    b.part("steering column", "pole", "stem", "shaft")
    b.tube(
        [(length / 2 - 0.02, 0, r), (length / 2 + 0.02, 0, r * 1.5), (x - 0.03, 0, r * 3)],
        0.016,
        smooth=False,
    )
    b.rod((x, 0, r), (x - h * 0.15, 0, h), 0.016)
    bars = b.part("handlebar", "handle bar", "handles", "what to steer with")
    top = np.array([x - h * 0.15, 0, h])
    b.rod(top + (0, -0.2, 0), top + (0, 0.2, 0), 0.012)
    for s in (-1, 1):
        b.part("grip", "handle", "part to hold it by", "where to grab it", inside=bars)
        b.rod(top + (0, s * 0.1, 0), top + (0, s * 0.21, 0), 0.016)
    for p in (x, -length / 2 - r * 0.8):
        b.part(*WHEEL)
        b.tube(
            [(p, y, r) for y in (-0.016, -0.01, 0.01, 0.016)],
            r * np.array([0.8, 1, 1, 0.8]),
            sides=18,
            smooth=False,
        )


@kind("roller skate", "inline skate", "ice skate")
def roller_skate(b: Builder) -> None:
    length, w = b.u(0.22, 0.3), b.u(0.038, 0.05)
    form, z = b.pick("inline", "quad", "ice"), b.u(0.07, 0.09)
    b.part("boot", "shoe", "body", "where the foot goes")
    b.blob((length, 2 * w, 0.09), (0, 0, z + 0.04), e1=0.6, e2=0.7)
    b.tube(
        [
            (-length * 0.25, 0, z + 0.03),
            (-length * 0.27, 0, z + 0.12),
            (-length * 0.28, 0, z + b.u(0.17, 0.24)),
        ],
        [w * 1.1, w, w * 1.05],
        flat=1.05,
    )
    b.part("frame", "sole", "plate", "what holds the wheels" if form != "ice" else "what holds the blade")
    b.box((length * 0.9, w * 0.7, z * 0.5), (0, 0, z - z * 0.2), taper=1.3)
    if form == "ice":
        b.part("blade", "runner", "sharp part", "what glides on the ice")
        b.extrude(
            [
                (-length * 0.55, z * 0.3),
                (-length * 0.5, 0),
                (length * 0.5, 0),
                (length * 0.58, z * 0.4),
                (length * 0.45, z * 0.7),
                (-length * 0.5, z * 0.7),
            ],
            0.004,
            plane="xz",
        )
        return
    r = 0.036 if form == "inline" else 0.028
    places = (
        [(x, 0) for x in np.linspace(-0.45, 0.45, 4)]
        if form == "inline"
        else [(x, y) for x in (-0.32, 0.32) for y in (-0.8, 0.8)]
    )
    for x, y in places:
        b.part(*WHEEL)
        half = 0.012 if form == "inline" else 0.016
        b.rod((x * length, y * w - half, r), (x * length, y * w + half, r), r, sides=16)


@kind("helmet", "bicycle helmet", "hard hat", "motorbike helmet")
def helmet(b: Builder) -> None:
    r, form = b.u(0.1, 0.13), b.pick("bicycle", "hard hat", "motorbike", "riding")
    deep = r * b.u(0.95, 1.2)
    b.part("shell", "crown", "body", "what protects the head")
    if form == "motorbike":
        z = r * 0.95
        b.blob((2.3 * r, 2 * r, 2.1 * r), (0, 0, z + r * 0.1), e1=0.9)
        b.part("visor", "face shield", "window", "what to look through")
        a, s = np.linspace(-1.05, 1.05, 13)[None], np.linspace(-0.25, 0.35, 6)[:, None]
        k = 1.04 * np.cos(s * 0.9)
        b.sheet(
            np.stack([1.15 * r * k * np.cos(a), 1.0 * r * k * np.sin(a), z + r * 0.12 + r * s + 0 * a], 2)
        )
        b.part("chin bar", "chin guard", "front")
        b.tube(
            [(1.1 * r * np.cos(t), 1.0 * r * np.sin(t), z - r * 0.6) for t in np.linspace(-1.1, 1.1, 7)],
            r * 0.16,
            flat=1.4,
        )
        return
    long, t = b.u(1.1, 1.25), 0.008 if form != "bicycle" else 0.02
    turn = np.linspace(0.05, np.pi / 2, 9)
    outer = np.stack([r * np.cos(turn), deep * np.sin(turn)], 1)
    with b.moved((0, 0, 0.02)):
        grid_r = np.concatenate([outer, outer[::-1] * ((r - t) / r)])
        b.lathe(grid_r, squash=1 / long)
    if form == "bicycle":
        b.part("vents", "air holes", "ridges", "openings")
        for y in (-0.45, 0, 0.45):
            b.tube(
                [
                    (
                        r * 0.9 * np.cos(p),
                        y * r * 0.8 * np.cos(p * 0.3),
                        0.022 + deep * 1.0 * np.sqrt(max(1 - (0.9 * np.cos(p)) ** 2 - (y * 0.9) ** 2, 0.02)),
                    )
                    for p in np.linspace(0.3, 2.84, 7)
                ],
                0.012,
                flat=0.6,
            )
    if form != "bicycle" or b.maybe(0.5):
        b.part("visor", "brim", "peak", "what shades the eyes")
        a = np.linspace(-0.9, 0.9, 11) if form != "hard hat" or b.maybe() else np.linspace(-np.pi, np.pi, 25)
        reach = r * (1.15 + b.u(0.15, 0.4) * np.maximum(np.cos(a), 0.15))
        b.sheet(
            np.stack(
                [
                    np.stack([k * np.cos(a), k / long * np.sin(a), np.full(len(a), z)], 1)
                    for k, z in ((r * 0.97, 0.03), (reach, 0.018), (reach, 0.015), (r * 0.97, 0.026))
                ]
            )
        )
    if b.maybe(0.7):
        b.part("strap", "chin strap", "belt", "what holds it on the head")
        b.tube(
            [
                (0, r * 0.9 / long, 0.04),
                (r * 0.2, r * 0.6, -0.06),
                (r * 0.25, 0, -0.1),
                (r * 0.2, -r * 0.6, -0.06),
                (0, -r * 0.9 / long, 0.04),
            ],
            0.0018,
            flat=4,
        )


@kind("ball with pump", "ball and pump", "hand pump", "bicycle pump", rest="lies")
def ball_pump(b: Builder) -> None:
    length, r = b.u(0.15, 0.4), b.u(0.012, 0.02)
    b.part("barrel", "body", "cylinder", "tube")
    bar(b, (-length, 0), (r, r))
    b.part(*HANDLE)
    out = b.u(0.01, 0.15)
    if b.maybe():
        b.rod((-length - out, -0.05, 0), (-length - out, 0.05, 0), r * 0.9)
    else:
        bar(b, -length - out - np.array([0.05, 0.045, 0]), r * np.array([0.9, 1.2, 1.2]))
    b.part("rod", "plunger", "piston rod")
    bar(b, (-length - out, -length + 0.002), (r * 0.35, r * 0.35))
    b.part(*NOZZLE)
    bar(b, (-0.002, 0.012, 0.015, 0.055), (r * 0.6, r * 0.5, 0.0015, 0.0012))
    if b.maybe(0.5):
        b.part(*BALL)
        ball = b.u(0.08, 0.12)
        b.blob((2 * ball,) * 3, (0.05 + ball, 0, 0))


@kind("ball", "football", "soccer ball", "basketball", "rugby ball")
def ball(b: Builder) -> None:
    r = b.pick(b.u(0.02, 0.04), b.u(0.09, 0.125))
    body = b.part("ball", "body", "surface", "skin")
    b.blob((2 * r * b.pick(1, 1, 1, 1.5), 2 * r, 2 * r), (0, 0, r))
    b.part("valve", "air hole", "where to pump it up", inside=body)
    b.rod((0, 0, 2 * r - r * 0.03), (0, 0, 2 * r + r * 0.02), r * 0.08)
    if b.maybe(0.5):
        b.part("seam", "stripe", "line", inside=body)
        b.ring((0, 0, r), r * 1.003, r * 0.025, axis=b.pick("x", "y"))


@kind("shuttlecock", "badminton birdie", rest="lies")
def shuttlecock(b: Builder) -> None:
    b.part("cork", "head", "tip", "round end")
    b.blob((0.028, 0.027, 0.027), (0, 0, 0))
    b.part("feathers", "skirt", "cone", "tail")
    with b.moved(pitch=-np.pi / 2):
        r = b.u(0.028, 0.034)
        b.lathe([(0.011, 0.004), (r, 0.07), (r * 0.97, 0.07), (0.01, 0.006)])


@kind("bowling pin", "skittle", "pin")
def bowling_pin(b: Builder) -> None:
    h, r = b.u(0.15, 0.38), b.u(0.15, 0.17)
    b.part("body", "belly", "pin", "lower part")
    b.lathe([(0, 0), (h * 0.07, 0), (h * r, h * 0.3), (h * 0.1, h * 0.5), (h * 0.063, h * 0.64)])
    b.part("neck", "narrow part", "part to hold it by")
    b.lathe([(h * 0.063, h * 0.64), (h * 0.058, h * 0.7), (h * 0.066, h * 0.78)])
    b.part("head", "top", "round end")
    b.lathe([(h * 0.066, h * 0.78), (h * 0.085, h * 0.88), (h * 0.06, h * 0.97), (0, h)])


@kind("jump rope", "skipping rope", rest="lies")
def jump_rope(b: Builder) -> None:
    w = b.u(0.12, 0.3)
    ends = [np.array([0, s * w, 0]) for s in (-1, 1)]
    for p in ends:
        b.part(*HANDLE)
        bar(b, p[0] - np.array([0.13, 0.125, 0.05, 0]), (0.013, 0.016, 0.012, 0.009), y=p[1])
    b.part("rope", "cord", "cable")
    b.tube(
        [
            ends[0],
            (0.15, -w * b.u(0.8, 1.4), 0),
            (0.35, b.u(-0.1, 0.1), 0),
            (0.2, w * b.u(0.8, 1.5), 0),
            ends[1],
        ],
        0.004,
    )


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


@kind("fishing rod", "fishing pole", rest="lies")
def fishing_rod(b: Builder) -> None:
    length = b.u(0.6, 1.5)
    b.part("rod", "pole", "shaft", "blank")
    bar(b, (0, length), (0.006, 0.0012))
    b.part(*HANDLE)
    bar(b, -np.array([0.28, 0.275, 0.12, 0.0, -0.03]), (0.011, 0.014, 0.01, 0.012, 0.007))
    b.part("reel", "spool", "coil", "what winds the line")
    b.rod((-0.08, -0.02, 0), (-0.08, -0.05, 0), 0.005)
    b.rod((-0.105, -0.065, 0), (-0.05, -0.065, 0), 0.024)
    b.part("crank", "reel handle", "what to turn")
    b.tube(
        [(-0.08, -0.065, 0.02), (-0.08, -0.065, 0.04), (-0.06, -0.1, 0.045), (-0.06, -0.1, 0.065)],
        0.004,
        smooth=False,
    )


@kind("binoculars", "field glasses")
def binoculars(b: Builder) -> None:
    h, r, gap = b.u(0.1, 0.17), b.u(0.018, 0.027), b.u(0.026, 0.036)
    for s in (-1, 1):
        b.part("barrel", "tube", "body", "part to hold it by")
        y = s * gap
        b.lathe(
            [
                (0, 0),
                (r * b.u(1, 1.3), 0),
                (r * 1.2, h * 0.35),
                (r, h * 0.5),
                (r * 0.75, h * 0.72),
                (0, h * 0.73),
            ],
            (0, y, 0),
        )
        b.part("eyepiece", "eye cup", "where to look through")
        b.lathe(
            [(r * 0.7, h * 0.71), (r * 0.75, h), (r * 0.5, h), (r * 0.5, h * 0.95), (0, h * 0.95)], (0, y, 0)
        )
    b.part("bridge", "hinge", "what joins both tubes")
    b.box((0.016, gap * 2 - r, h * 0.35), (0, 0, h * 0.5))
    b.part("focus wheel", "wheel", "knob", "what to turn to focus")
    b.rod((0, 0, h * 0.62), (0, 0, h * 0.8), 0.011)
    if b.maybe(0.4):
        b.part("strap", "neck strap", "carrying strap", "band")
        b.tube(
            [
                (0, gap + r, h * 0.6),
                (-0.06, gap * 2.5, 0.005),
                (-0.16, 0, 0.004),
                (-0.06, -gap * 2.5, 0.005),
                (0, -gap - r, h * 0.6),
            ],
            0.006,
            flat=0.2,
        )


@kind("telescope", "spotting scope")
def telescope(b: Builder) -> None:
    length, h, r = b.u(0.3, 0.7), b.u(0.4, 1.0), b.u(0.025, 0.05)
    with b.moved((0, 0, h), pitch=-b.u(0, 0.7)):
        b.part("tube", "body", "barrel")
        bar(b, np.array([-0.5, -0.1, 0.4, 0.42, 0.5]) * length, r * np.array([0.7, 1, 1, 1.15, 1.15]))
        b.part("eyepiece", "ocular", "where to look through")
        bar(b, (-length * 0.5 - 0.05, -length * 0.5 + 0.001), (r * 0.5, r * 0.45))
    b.part("mount", "joint", "head of the tripod")
    b.rod((0, 0, h * 0.85), (0, 0, h), 0.02)
    for a in np.arange(3) * 2.09 + 0.4:
        b.part("leg", "tripod leg", "support", "what it stands on")
        b.rod(
            (h * 0.35 * np.cos(a), h * 0.35 * np.sin(a), 0),
            (0.015 * np.cos(a), 0.015 * np.sin(a), h * 0.88),
            0.009,
        )


@kind("boxing glove", "mitten", rest="lies")
def boxing_glove(b: Builder) -> None:
    w = b.u(0.05, 0.075)
    b.part("body", "hand part", "padding", "where the fingers go")
    b.blob((w * 3, w * 2, w * 1.7), (0, 0, 0), e1=0.8, e2=0.8)
    b.part("thumb", "thumb part", "where the thumb goes")
    b.tube(
        [(-w * 0.8, w * 0.6, 0), (-w * 0.1, w * 1.25, 0), (w * 0.7, w * 1.1, 0)],
        [w * 0.4, w * 0.42, w * 0.3],
        steps=10,
    )
    b.part("cuff", "wrist", "opening", "where the hand goes in")
    bar(b, -w * np.array([2.5, 1.9, 1]), w * np.array([0.95, 0.85, 0.85]), flat=0.85)
