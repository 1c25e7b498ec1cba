"""Things on a desk: pens, staplers, lamps for the hand, locks."""

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.kinds.electronics import KEYPAD, _pads
from part_perception.training.engine.kinds.handtools import bar
from part_perception.training.engine.lexicon import BASE, CAP, HANDLE, SCREEN, SWITCH

BARREL = ("body", "barrel", "shaft", "part to hold it by")
CLIP = ("clip", "pocket clip", "what holds it in a pocket")
TIP = ("tip", "point", "nib", "writing end", "what writes")


@kind("pen", "ballpoint pen", "biro", "fountain pen", rest="lies")
def pen(b: Builder) -> None:
    length, r = b.u(0.12, 0.15), b.u(0.0035, 0.0065)
    form = b.pick("capped", "capped", "click", "cap behind", "open")
    b.part(*BARREL)
    bar(b, -length * np.array([1, 0.98, 0.5, 0.12, 0.05]), r * np.array([0.7, 0.9, 1, b.u(0.9, 1.1), 0.7]))
    clip_at = None
    if form in ("capped", "cap behind"):
        b.part("cap", "pen cap", "lid", "what covers the tip")
        long = length * b.u(0.3, 0.45)
        end = 0.006 if form == "capped" else -length * 0.85 - 0.001
        turned = 1 if form == "capped" else -1
        xs = end - np.array([0, 0.05, 1]) * long if turned > 0 else end + np.array([-0.25, -0.2, 0.35]) * long
        bar(b, xs, r * np.array([0.8, 1.15, 1.25] if turned > 0 else [0.8, 1.15, 1.25]))
        clip_at = (xs[2], xs[0]) if turned > 0 else (xs[2], xs[0])
    if form != "capped":
        b.part(*TIP)
        bar(b, (-length * 0.05 - 0.0005, 0.0, 0.003), (r * 0.7, r * 0.3, 0.0004))
    if form == "click":
        b.part("button", "clicker", "push button", "what to press")
        bar(b, (-length - b.u(0.005, 0.011), -length + 0.001), (r * 0.5, r * 0.5))
        clip_at = (-length * 0.68, -length * 0.99)
    if clip_at and b.maybe(0.85):
        b.part(*CLIP)
        x0, x1 = clip_at
        b.tube(
            [(x0, 0, r * 1.5), (x1 * 0.8 + x0 * 0.2, 0, r * 1.7), (x1, 0, r * 0.9)],
            r * 0.3,
            flat=1.6,
            smooth=False,
        )


@kind("marker", "felt pen", "highlighter", "marker pen", rest="lies")
def marker(b: Builder) -> None:
    length, r = b.u(0.09, 0.13), b.u(0.006, 0.012)
    flat = b.pick(1.0, 1.0, 0.6)
    b.part(*BARREL)
    bar(b, -length * np.array([1, 0.97, 0.3, 0.28, 0.15]), r * np.array([0.85, 1, 1, 0.75, 0.7]), flat=flat)
    if b.maybe(0.65):
        b.part("cap", "pen cap", "lid", "what covers the tip")
        bar(
            b,
            -length * np.array([0.3, 0.05, -0.08, -0.1]),
            r * np.array([1.05, 1.05, b.u(0.6, 1), 0.5]),
            flat=flat,
        )
        if b.maybe(0.6):
            b.part(*CLIP)
            b.tube(
                [(0.08 * length, 0, r * 0.6), (0.05 * length, 0, r * 1.4), (-0.28 * length, 0, r * 1.25)],
                r * 0.22,
                flat=2,
                smooth=False,
            )
    else:
        b.part(*TIP)
        bar(
            b,
            -length * np.array([0.16, 0.06, 0.05, -0.03]),
            r * np.array([0.7, 0.5, 0.3, b.u(0.05, 0.25)]),
            flat=flat,
        )


@kind("pencil", "crayon", rest="lies")
def pencil(b: Builder) -> None:
    length, r = b.u(0.08, 0.19), b.u(0.003, 0.006)
    b.part(*BARREL)
    b.tube([(-length, 0, 0), (-r * 5, 0, 0)], r, sides=b.pick(6, 6, 12), smooth=False)
    b.part(*TIP)
    bar(b, (-r * 5.001, -r * 1.2, 0), (r * 0.97, r * 0.3, r * 0.05))
    if b.maybe(0.6):
        b.part("eraser", "rubber", "end that rubs out")
        bar(b, -length - np.array([0.016, 0.013, -0.001]), r * np.array([0.8, 1.05, 1.08]))


@kind("stapler", "desk stapler", rest="stands")
def stapler(b: Builder) -> None:
    length, w, h = b.u(0.09, 0.17), b.u(0.02, 0.038), b.u(0.008, 0.014)
    b.part("base", "foot", "bottom", "what it stands on")
    b.box((length, w, h), (-length * 0.48, 0, h / 2), round=b.u(0.1, 0.5))
    with b.moved((-length * 0.92, 0, h + 0.008), pitch=-b.u(0.03, 0.5)):
        b.part("magazine", "body", "metal part", "where the staples are")
        b.box((length * 0.92, w * 0.6, 0.014), (length * 0.46, 0, 0), round=0.1)
        b.part("lid", "top", "arm", "what to press")
        up = b.u(0.02, 0.035)
        b.extrude(
            [
                (-0.012, 0.004),
                (length * 0.94, 0.008),
                (length * 0.95, 0.02),
                (length * 0.6, up),
                (length * 0.1, up * 1.05),
                (-0.012, 0.02),
            ],
            w * 0.85,
            plane="xz",
            bevel=0.08,
        )
    b.part("hinge", "joint", "what it turns on")
    b.box((0.022, w * 1.03, h + 0.016), (-length * 0.94, 0, (h + 0.016) / 2), round=0.4)


@kind("staple remover", "tongs for staples", rest="lies")
def staple_remover(b: Builder) -> None:
    w, a = b.u(0.012, 0.018), b.u(0.15, 0.45)
    for s in (-1, 1):
        with b.moved(pitch=-s * a):
            b.part("handle", "grip", "what to squeeze")
            b.box((0.035, w * 1.3, 0.004), (0.008, 0, s * 0.007), round=0.5)
            b.part("jaw", "teeth", "claw", "what bites")
            for side in (-1, 1):
                b.extrude(
                    [(0, s * 0.006), (0.03, s * 0.006), (0.04, 0), (0.03, -s * 0.002), (0, -s * 0.003)],
                    0.001,
                    (0, side * w * 0.5, 0),
                    "xz",
                )
    b.part("hinge", "spring", "joint", "what it turns on")
    b.rod((0, -w * 0.6, 0), (0, w * 0.6, 0), 0.006)


@kind("tape dispenser", "sticky tape holder", "tape holder")
def tape_dispenser(b: Builder) -> None:
    r, w = b.u(0.024, 0.045), b.u(0.02, 0.035)
    length = r * b.u(3.2, 4.2)
    b.part("body", "base", "holder", "what it stands on")
    top = r * b.u(0.7, 1)
    b.ribbon(
        [(-length / 2, 0.0), (-length * 0.3, 0), (length * 0.2, 0), (length / 2, 0)],
        [
            (-length / 2, r * 0.4),
            (-length * 0.3, top),
            (length * 0.2, r * 0.45),
            (length / 2, r * b.u(1, 1.4)),
        ],
        w,
        plane="xz",
    )
    b.part("tape", "roll of tape", "roll", "adhesive tape")
    z = max(top, r * 1.05) + 0.002
    with b.moved((-length * 0.18, -w * 0.53, z), roll=-np.pi / 2):
        b.lathe([(r * 0.55, 0), (r, 0), (r, w * 1.06), (r * 0.55, w * 1.06), (r * 0.55, 0)])
    b.part("hub", "core", "wheel", "what the tape turns on")
    b.rod((-length * 0.18, -w * 0.57, z), (-length * 0.18, w * 0.57, z), r * 0.53)
    b.part("blade", "cutter", "teeth", "what cuts the tape")
    b.box((0.006, w * 0.95, 0.006), (length / 2, 0, r * 1.2), taper=0.4)


@kind("hole punch", "paper punch", "puncher")
def hole_punch(b: Builder) -> None:
    w, d, h = b.u(0.09, 0.13), b.u(0.08, 0.11), b.u(0.02, 0.035)
    b.part(*BASE)
    b.box((d, w, 0.012), (0, 0, 0.006), round=0.3)
    b.part("body", "frame", "block", "what punches")
    for s in (-1, 1):
        b.box((0.03, 0.02, h), (d * 0.22, s * 0.036, 0.012 + h / 2), round=0.2)
    b.part("handle", "lever", "arm", "what to press")
    with b.moved((d * 0.3, 0, 0.012 + h * 0.9), pitch=np.pi + b.u(0.1, 0.45)):
        b.box((d * 0.95, w * 0.8, 0.008), (d * 0.35, 0, 0), round=0.5)
        b.box((d * 0.3, w * 0.8, 0.016), (d * 0.03, 0, 0.004), round=0.3)
    if b.maybe(0.5):
        b.part("ruler", "paper guide", "guide", "stop")
        b.box((0.012, b.u(0.03, 0.08), 0.003), (d * 0.32, w * 0.55, 0.014))


@kind("ruler", "scale", "measuring stick", "set square", rest="lies")
def ruler(b: Builder) -> None:
    length, w, t = b.u(0.15, 0.5), b.u(0.025, 0.045), b.u(0.001, 0.004)
    body = b.part("body", "ruler", "straight edge", "what to measure with")
    if b.maybe(0.7):
        b.box((length, w, t), (0, 0, t / 2))
        b.part("edge", "scale", "markings", "where to read the length", inside=body)
        b.box((length * 0.98, w * 0.15, t), (0, w * 0.44, t * 0.75))
    else:
        h = length * b.u(0.45, 0.6)
        for p, q in (((0, 0), (length, 0)), ((0, 0), (0, h)), ((0, h), (length, 0))):
            d = np.subtract(q, p) / np.hypot(*np.subtract(q, p))
            n = np.array([-d[1], d[0]]) * w * 0.4
            b.ribbon([p + n, q + n], [p - n, q - n], t)


@kind("calculator", "pocket calculator", rest="lies")
def calculator(b: Builder) -> None:
    length, t = b.u(0.09, 0.19), b.u(0.008, 0.025)
    w = length * b.u(0.5, 0.8)
    body = b.part("body", "case", "housing", "device")
    b.extrude(
        np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]) * (length, w), t, bevel=b.u(0, 0.08)
    )
    b.part(*SCREEN, inside=body)
    with b.moved((length * 0.35, 0, t / 2), pitch=-b.u(0, 0.3)):
        b.box((length * 0.18, w * 0.85, 0.004))
    b.part(*KEYPAD, inside=body)
    rows = b.n(4, 5)
    _pads(
        b,
        np.linspace(-0.4, 0.15, rows) * length,
        np.linspace(-0.34, 0.34, 4) * w,
        (length * 0.4 / rows, w * 0.16, 0.006),
        t / 2,
    )


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
            b.part("dial", "number wheel", "ring", "what to turn", inside=body)
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


@kind("scotch tape roll", "roll of tape", "duct tape", rest="lies")
def tape_roll(b: Builder) -> None:
    r, w = b.u(0.025, 0.07), b.u(0.012, 0.05)
    hole = r * b.u(0.45, 0.75)
    b.part("tape", "roll", "adhesive tape")
    b.lathe([(hole * 1.08, 0), (r, 0), (r, w), (hole * 1.08, w)])
    b.part("core", "cardboard ring", "hub", "hole")
    b.lathe(
        [
            (hole, -0.0005),
            (hole * 1.08, -0.0005),
            (hole * 1.08, w + 0.0005),
            (hole, w + 0.0005),
            (hole, -0.0005),
        ]
    )


@kind("lip balm", "lipstick", "chapstick")
def lip_balm(b: Builder) -> None:
    r, h = b.u(0.008, 0.016), b.u(0.05, 0.09)
    b.part("body", "tube", "barrel", "part to hold it by")
    b.lathe([(0, 0), (r, 0.001), (r, h * 0.65), (r * 0.85, h * 0.66), (r * 0.85, h * 0.75)])
    if b.maybe(0.55):
        b.part(*CAP)
        b.lathe([(r * 1.02, h * 0.65), (r * 1.02, h), (0, h * 1.01)])
    else:
        b.part("stick", "balm", "content", "tip")
        b.rod((0, 0, h * 0.7), (0, 0, h * b.u(0.8, 1)), r * 0.75)


@kind("rubber stamp", "stamp")
def stamp(b: Builder) -> None:
    w, d, h = b.u(0.015, 0.035), b.u(0.015, 0.025), b.u(0.05, 0.09)
    b.part("base", "stamp plate", "foot", "what prints")
    b.box((2 * d, 2 * w, 0.014), (0, 0, 0.007))
    b.part("handle", "knob", "grip", "part to hold it by")
    b.lathe(
        [(d * 0.5, 0.013), (d * 0.3, h * 0.45), (d * b.u(0.5, 0.8), h * 0.8), (d * 0.4, h), (0, h * 1.01)]
    )


@kind("binder clip", "bulldog clip", rest="lies")
def binder_clip(b: Builder) -> None:
    w, d = b.u(0.01, 0.025), b.u(0.012, 0.022)
    t = d * b.u(0.35, 0.5)
    b.part("body", "clamp", "spring", "what grips the paper")
    b.ribbon(
        [(0, 0.0004), (-d, t), (-d, t + 0.001)],
        [(0, 0.0016), (-d, t + 0.001), (-d, t + 0.002)],
        2 * w,
        plane="xz",
    )
    b.ribbon([(0, -0.0004), (-d, -t)], [(0, -0.0016), (-d, -t - 0.001)], 2 * w, plane="xz")
    b.box((0.001, 2 * w, 2 * t + 0.002), (-d, 0, 0))
    for s in (-1, 1):
        b.part("handle", "wire arm", "lever", "what to squeeze")
        with b.moved((0, 0, s * 0.001), pitch=-s * b.u(0.2, 0.7) + (0 if b.maybe(0.7) else np.pi)):
            b.tube(
                [
                    (0, -w * 0.6, 0),
                    (d * 0.8, -w * 0.35, 0),
                    (d * 1.4, -w * 0.3, 0),
                    (d * 1.5, 0, 0),
                    (d * 1.4, w * 0.3, 0),
                    (d * 0.8, w * 0.35, 0),
                    (0, w * 0.6, 0),
                ],
                0.001,
                sides=6,
            )
