"""Road vehicles, trains and boats. They drive to +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import SEAT, WHEEL

HOOD = ("hood", "bonnet", "engine cover")
ROOF = ("roof", "top", "car roof")
WINDOW = ("window", "windshield", "glass", "what one looks through")
LIGHT = ("headlight", "light", "lamp", "front light")
BUMPER = ("bumper", "fender")
HANDLEBAR = ("handlebar", "handles", "handlebars", "handle", "what to steer with")


def hull(b: Builder, sections, e: float = 0.45) -> None:
    """A closed body through upright sections [(x, width, z_low, z_top, width of the top / width)]."""
    a = np.linspace(0, 2 * np.pi, 25)
    c, s = np.sign(np.cos(a)) * np.abs(np.cos(a)) ** e, np.sign(np.sin(a)) * np.abs(np.sin(a)) ** e
    rings = []
    for x, w, low, top, narrow in sections:
        y = c * w / 2 * (1 + (narrow - 1) * (s + 1) / 2)
        rings.append(np.stack([np.full(25, x), y, (low + top) / 2 + s * (top - low) / 2], 1))
    ends = [np.broadcast_to(r.mean(axis=0), r.shape) for r in (rings[0], rings[-1])]
    b.grid(np.stack([ends[0], *rings, ends[1]]))


def wheel(b: Builder, x: float, y: float, r: float, thick: float, names=WHEEL) -> None:
    b.part(*names)
    with b.moved((x, y, r), roll=np.pi / 2):
        k = thick / 2
        b.lathe(
            [
                (0, -k * 0.6),
                (r * 0.55, -k * 0.7),
                (r * 0.65, -k),
                (r * 0.92, -k),
                (r, -k * 0.6),
                (r, k * 0.6),
                (r * 0.92, k),
                (r * 0.65, k),
                (r * 0.55, k * 0.7),
                (0, k * 0.6),
            ]
        )


@kind("car", "automobile", "passenger car", "toy car")
def car(b: Builder) -> None:
    """Body plans: sedan, hatchback, estate, coupe, SUV, pickup, convertible, van."""
    plan = b.pick("sedan", "sedan", "hatch", "estate", "coupe", "suv", "suv", "pickup", "convertible", "van")
    tall = {"suv": 1.18, "van": 1.25, "pickup": 1.15, "coupe": 0.88, "convertible": 0.88}.get(plan, 1.0)
    length, w, h = b.u(3.8, 4.9), b.u(1.65, 1.9), b.u(1.38, 1.5) * tall
    r, belt, low = b.u(0.29, 0.36) * tall**0.7, h * b.u(0.54, 0.62), h * b.u(0.12, 0.17)
    front = length / 2 * b.u(0.34, 0.44) if plan != "van" else length * 0.32
    rear = {"sedan": -0.32, "coupe": -0.36, "pickup": -0.06, "convertible": -0.3}.get(plan, -0.49) * length
    hood_z, trunk_z = belt * b.u(0.9, 0.99), belt * b.u(0.95, 1.05)
    b.part("body", "car body", "chassis", "frame")
    x = np.array([-0.5, -0.48, -0.3, 0.0, 0.25, 0.45, 0.5]) * length
    top = np.interp(x, [-0.5 * length, rear, front, 0.5 * length], [trunk_z, belt, belt, hood_z * 0.82])
    wide = np.array([0.9, 0.97, 1, 1, 1, 0.95, 0.84]) * w
    base = np.array([0.3, 0.08, 0, 0, 0, 0.06, 0.2]) * belt + low
    hull(b, [(p, q, z0, z1, 0.93) for p, q, z0, z1 in zip(x, wide, base, top, strict=True)], 0.35)
    if plan == "pickup":
        for s in (1, -1):
            b.box((rear + length / 2, 0.08, 0.25), ((rear - length / 2) / 2, s * w * 0.43, belt + 0.08))
        b.box((0.08, w * 0.85, 0.25), (-length * 0.48, 0, belt + 0.06))
    slope_f, slope_r = (
        b.u(0.4, 0.75) * (0.7 if plan == "van" else 1),
        {"sedan": 0.5, "coupe": 0.9, "hatch": 0.35}.get(plan, 0.1),
    )
    if plan != "convertible":
        cabin = [
            (rear, w * 0.86, belt - 0.06, belt, 0.95),
            (rear + slope_r, w * 0.88, belt - 0.06, h - 0.05, 0.8),
            (front - slope_f, w * 0.88, belt - 0.06, h - 0.05, 0.8),
            (front, w * 0.86, belt - 0.06, belt, 0.95),
        ]
        b.part(*WINDOW)
        hull(b, cabin, 0.3)
        b.part(*ROOF)
        middle, span = (rear + slope_r + front - slope_f) / 2, front - slope_f - rear - slope_r
        b.box((span + 0.1, w * 0.73, 0.07), (middle, 0, h - 0.035), round=0.8)
        for s in (1, -1) if b.maybe(0.5) else ():
            b.again(0)
            for px in (middle, rear + slope_r + 0.03):
                b.tube([(px, s * w * 0.445, belt - 0.02), (px, s * w * 0.37, h - 0.05)], 0.045)
    else:
        b.part("windshield", "window", "glass", "what one looks through")
        with b.moved((front - 0.1, 0, belt - 0.03), pitch=-0.9):
            b.box((0.03, w * 0.75, 0.5), (0, 0, 0.22))
        for s in (1, -1):
            b.part(*SEAT)
            b.box((0.5, 0.5, 0.2), (0.0, s * w * 0.22, belt), round=0.6)
            b.box((0.15, 0.5, 0.55), (-0.28, s * w * 0.22, belt + 0.15), round=0.8)
    b.part(*HOOD)
    b.ribbon(
        [
            (front, belt + 0.004),
            ((front + length / 2) / 2, (belt + hood_z) / 2 + 0.0),
            (length * 0.47, hood_z * 0.86),
        ],
        [(front, belt - 0.1), ((front + length / 2) / 2, hood_z * 0.85), (length * 0.47, hood_z * 0.7)],
        w * 0.8,
        plane="xz",
    )
    xf, xr = length * b.u(0.28, 0.33), -length * b.u(0.27, 0.32)
    for px in (xf, xr):
        for s in (1, -1):
            wheel(b, px, s * (w / 2 - 0.09), r, 0.22)
    for s in (1, -1) if b.maybe(0.6) else ():
        b.part(*LIGHT)
        b.blob((0.2, w * 0.2, 0.14), (length * 0.47, s * w * 0.33, hood_z * 0.72))
    for s in (1, -1) if b.maybe(0.5) else ():
        b.part("mirror", "side mirror", "wing mirror", "what shows what is behind")
        b.blob((0.1, 0.22, 0.15), (front - 0.35, s * (w / 2 + 0.08), belt + 0.07), 0.6, 0.6)
    for px in (length * 0.49, -length * 0.49) if b.maybe(0.4) else ():
        b.part(*BUMPER)
        b.box((0.14, w * 0.9, 0.16), (px, 0, low + 0.17), round=0.8)
    if b.maybe(0.12):
        b.part("spoiler", "rear wing", "wing")
        b.box((0.25, w * 0.8, 0.03), (-length * 0.44, 0, trunk_z + 0.2))
        for s in (1, -1):
            b.box((0.1, 0.03, 0.22), (-length * 0.44, s * w * 0.3, trunk_z + 0.09))


@kind("truck", "lorry", "cargo truck", "toy truck")
def truck(b: Builder) -> None:
    w, h, r, cab = b.u(2.1, 2.5), b.u(2.4, 3.0), b.u(0.4, 0.52), b.u(1.6, 2.2)
    load, nose = b.u(3, 7), b.pick(0, 0, b.u(0.7, 1.1))
    b.part("cab", "cabin", "driver cabin", "where the driver sits")
    b.box((cab, w, h - 0.55), (cab / 2, 0, 0.55 + (h - 0.55) / 2), round=0.25)
    if nose:
        b.part(*HOOD)
        b.box((nose, w * 0.75, h * 0.4), (cab + nose / 2 - 0.02, 0, 0.55 + h * 0.2), round=0.3)
    b.part(*WINDOW)
    b.box((0.06, w * 0.86, h * 0.3), (cab, 0, h * 0.78))
    for s in (1, -1):
        b.box((cab * 0.5, 0.03, h * 0.27), (cab * 0.6, s * w / 2, h * 0.78))
    b.part("frame", "chassis", "body")
    b.box((load + cab, w * 0.45, 0.25), ((cab - load) / 2, 0, 0.6))
    form = b.pick("box", "box", "flat", "tank", "dump")
    x = -load / 2 - 0.1
    if form == "box":
        b.part("cargo box", "container", "trailer", "where the load goes")
        top = h * b.u(1.0, 1.3)
        b.box((load, w * 1.02, top - 0.75), (x, 0, 0.75 + (top - 0.75) / 2))
    elif form == "tank":
        b.part("tank", "container", "where the liquid is")
        b.rod((x - load / 2, 0, 1.6), (x + load / 2, 0, 1.6), w * 0.42, sides=20)
    else:
        b.part("truck bed", "cargo bed", "trough", "where the load goes")
        side = b.u(0.25, 0.5) if form == "flat" else b.u(0.7, 1.1)
        with b.moved((-load, 0, 0.75), pitch=-b.pick(0, b.u(0.2, 0.7)) if form == "dump" else 0.0):
            b.box((load, w, 0.1), (load / 2, 0, 0.05))
            for s in (1, -1):
                b.box((load, 0.08, side), (load / 2, s * w * 0.48, 0.05 + side / 2))
                b.box((0.08, w, side), (load / 2 + s * load * 0.49, 0, 0.05 + side / 2))
    axles = [cab * b.u(0.4, 0.7) + nose * 0.6, -load * 0.65] + ([-load * 0.65 - 2.1 * r] if b.maybe() else [])
    for px in axles:
        for s in (1, -1):
            wheel(b, px, s * (w / 2 - 0.16), r, 0.32)
    for s in (1, -1):
        b.part(*LIGHT)
        b.rod((cab + nose - 0.05, s * w * 0.3, 0.85), (cab + nose + 0.04, s * w * 0.3, 0.85), 0.13)
        if b.maybe(0.5):
            b.part("mirror", "side mirror", "what shows what is behind")
            b.box((0.08, 0.2, 0.4), (cab - 0.1, s * (w / 2 + 0.14), h * 0.75), round=0.4)


@kind("bus", "coach", "toy bus")
def bus(b: Builder) -> None:
    length, w, h, low = b.u(7, 13), b.u(2.3, 2.6), b.u(2.7, 3.3) * b.pick(1, 1, 1, 1.35), 0.35
    b.part("body", "bus body", "frame")
    b.box((length, w, h - low), (0, 0, low + (h - low) / 2), round=b.u(0.05, 0.3))
    b.part("window", "side window", "glass", "what one looks through")
    zs = (h * 0.68,) if h < 3.4 else (h * 0.42, h * 0.8)
    for z in zs:
        for s in (1, -1):
            b.box((length * 0.88, 0.03, h * 0.2), (-length * 0.02, s * w / 2, z))
    b.part("windshield", "window", "front window", "what one looks through")
    b.box((0.05, w * 0.88, h * 0.3), (length / 2, 0, h * 0.62))
    b.part("door", "entrance", "where one gets in")
    for px in (length * 0.4, -length * 0.05):
        b.box((0.95, 0.07, h * 0.72), (px, -w / 2, low + h * 0.38))
    for px in (length * 0.27, -length * 0.3):
        for s in (1, -1):
            wheel(b, px, s * (w / 2 - 0.12), b.u(0.45, 0.52), 0.3)
    for s in (1, -1):
        b.part(*LIGHT)
        b.blob((0.12, 0.35, 0.22), (length / 2, s * w * 0.35, low + 0.35))


@kind("train", "locomotive", "tram", "toy train")
def train(b: Builder) -> None:
    if b.maybe(0.5):
        length, w, h = b.u(8, 16), b.u(2.5, 3), b.u(3.2, 3.9)
        b.part("body", "car body", "wagon")
        x = np.array([-0.5, -0.49, 0.36, 0.45, 0.5]) * length
        hull(
            b,
            [
                (p, w * k, 0.7, 0.7 + (h - 0.7) * q, 0.85)
                for p, k, q in zip(x, (0.9, 1, 1, 0.9, 0.5), (0.97, 1, 1, 0.9, 0.4), strict=True)
            ],
            0.3,
        )
        b.part(*WINDOW)
        for s in (1, -1):
            b.box((length * 0.7, 0.05, 0.7), (-length * 0.1, s * w * 0.48, h * 0.66))
        axles = [(px, 0.45) for px in (-length * 0.38, -length * 0.26, length * 0.2, length * 0.32)]
    else:
        length, w, h = b.u(5, 8), 2.2, b.u(3, 3.5)
        b.part("boiler", "body", "tank", "engine")
        b.rod((-length * 0.15, 0, 1.8), (length * 0.5, 0, 1.8), 0.8, sides=20)
        b.part("cab", "cabin", "where the driver stands")
        b.box((length * 0.3, w, h - 1.0), (-length * 0.3, 0, 1.0 + (h - 1.0) / 2))
        b.part("roof", "top", "cab roof")
        b.box((length * 0.36, w * 1.1, 0.12), (-length * 0.3, 0, h + 0.05), round=0.5)
        b.part("chimney", "smokestack", "funnel", "where the smoke comes out")
        b.cone((length * 0.38, 0, 2.5), (length * 0.38, 0, h + 0.3), 0.2, b.u(0.2, 0.4))
        b.part("frame", "chassis", "base")
        b.box((length, w * 0.9, 0.3), (0, 0, 0.95))
        axles = [(length * 0.33, 0.4), (length * 0.08, 0.6), (-length * 0.15, 0.6), (-length * 0.38, 0.6)]
    for px, r in axles:
        for s in (1, -1):
            wheel(b, px, s * w * 0.38, r, 0.15)
