"""Garden and street: grills, parasols, birdhouses, signs."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.forms import wall
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import dial
from part_perception.shapes.kinds.vehicles.vehicles import wheel
from part_perception.shapes.lexicon import BASE, HANDLE, LEG, LID

POLE = ("pole", "post", "stand", "column")


@kind("barbecue", "grill", "barbecue grill", "charcoal grill")
def barbecue(b: Builder) -> None:
    z, r = b.u(0.5, 0.75), b.u(0.2, 0.3)
    if b.maybe(0.55):
        b.part("bowl", "fire bowl", "body", "where the charcoal goes")
        b.lathe(wall([(r * 0.3, z - r * 0.55), (r * 0.8, z - r * 0.35), (r, z)], 0.005, z - r * 0.5))
        b.part("grill", "grate", "grid", "where the food goes")
        for y in np.linspace(-0.8, 0.8, 7):
            b.rod(
                (-r * np.sqrt(1 - y * y), y * r, z - 0.012),
                (r * np.sqrt(1 - y * y), y * r, z - 0.012),
                0.004,
                sides=5,
            )
        if b.maybe(0.75):
            lid = b.part(*LID)
            with b.moved((-r, 0, z + 0.006), pitch=-b.pick(0, 0, b.u(0.6, 1.7))):
                b.lathe([(r * 1.02, 0), (r * 0.95, r * 0.3), (r * 0.6, r * 0.6), (0, r * 0.72)], (r, 0, 0))
                b.part(*HANDLE, inside=lid)
                b.tube(
                    [
                        (r, -0.06, r * 0.68),
                        (r, -0.05, r * 0.72 + 0.05),
                        (r, 0.05, r * 0.72 + 0.05),
                        (r, 0.06, r * 0.68),
                    ],
                    0.009,
                )
        for k, a in enumerate(np.arange(3) * 2.094 + 0.4):
            b.part(*LEG)
            b.rod(
                (r * 1.0 * np.cos(a), r * 1.0 * np.sin(a), 0.02),
                (r * 0.6 * np.cos(a), r * 0.6 * np.sin(a), z - r * 0.4),
                0.011,
            )
            if k:
                wheel(b, r * 1.0 * np.cos(a), r * 1.0 * np.sin(a), 0.07, 0.03)
        return
    w, d, h = b.u(0.5, 0.8), b.u(0.4, 0.5), b.u(0.2, 0.28)
    z += 0.15
    b.part("body", "fire box", "housing", "where the fire is")
    b.box((d, w, 0.18), (0, 0, z - 0.09), taper=1.1)
    lid = b.part(*LID)
    with b.moved((-d / 2, 0, z + 0.003), pitch=-b.pick(0, 0, b.u(0.5, 1.3))):
        a = np.linspace(0, np.pi, 11)
        b.extrude([(d / 2 + d * 0.52 * np.cos(t), h * np.sin(t)) for t in a], w * 1.05, plane="xz")
        b.part(*HANDLE, inside=lid)
        b.tube(
            [
                (d * 0.92, -w * 0.35, h * 0.5),
                (d * 1.05, -w * 0.35, h * 0.6),
                (d * 1.05, w * 0.35, h * 0.6),
                (d * 0.92, w * 0.35, h * 0.5),
            ],
            0.01,
            smooth=False,
        )
    for s in (1, -1):
        b.part("side table", "shelf", "side shelf", "where to put things")
        b.box((d * 0.85, 0.28, 0.025), (0, s * (w * 0.55 + 0.15), z - 0.02))
    for y in (-0.3, 0, 0.3):
        dial(b, (d * 0.52, y * w, z - 0.09), 0.025)
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        b.part(*LEG)
        b.box((0.035, 0.035, z - 0.17), (sx * d * 0.4, sy * w * 0.42, (z - 0.17) / 2))
    for s in (1, -1):
        wheel(b, s * d * 0.4, -w * 0.42 - 0.04, 0.09, 0.03)


@kind("parasol", "beach umbrella", "sun umbrella")
def parasol(b: Builder) -> None:
    h, r, sides = b.u(1.8, 2.5), b.u(0.8, 1.5), b.pick(4, 6, 8)
    rise = r * b.u(0.25, 0.5)
    b.part("canopy", "umbrella cloth", "shade", "what gives shade")
    closed = b.maybe(0.15)
    if closed:
        b.cone((0, 0, h * 0.5), (0, 0, h), 0.1, 0.02, sides=sides)
    else:
        b.cone((0, 0, h - rise), (0, 0, h), r, 0.01, caps=False, sides=sides)
        b.cone((0, 0, h - rise - 0.12), (0, 0, h - rise), r, r, caps=False, sides=sides)
    b.part(*POLE)
    b.rod((0, 0, 0.02), (0, 0, h + 0.06), b.u(0.018, 0.028))
    if not closed:
        b.part("rib", "spoke", "what holds the cloth")
        for a in np.arange(sides) * 2 * np.pi / sides:
            b.rod(
                (0, 0, h - 0.03),
                (r * 0.97 * np.cos(a), r * 0.97 * np.sin(a), h - rise - 0.01),
                0.007,
                sides=5,
            )
    if b.maybe(0.8):
        b.part(*BASE)
        b.lathe([(0, 0), (0.26, 0), (0.25, 0.05), (0.05, 0.1), (0.04, 0.3), (0, 0.3)])


@kind("birdhouse", "nesting box", "bird feeder")
def birdhouse(b: Builder) -> None:
    w, d, h = b.u(0.12, 0.2), b.u(0.12, 0.2), b.u(0.15, 0.26)
    post = b.pick(0.0, 0.0, b.u(0.5, 1.2))
    if post:
        b.part(*POLE)
        b.rod((0, 0, 0), (0, 0, post + 0.002), 0.02)
    with b.moved((0, 0, post)):
        b.part("body", "house", "walls", "where the birds live")
        peak = w * b.u(0.3, 0.6)
        b.extrude([(w / 2, 0), (w / 2, h), (0, h + peak), (-w / 2, h), (-w / 2, 0)], d, plane="yz")
        b.part("roof", "top", "cover")
        slope = np.arctan2(peak, w / 2)
        for s in (1, -1):
            with b.moved((0, s * w * 0.28, h + peak / 2 + 0.012), roll=-s * slope):
                b.box((d * 1.25, w * 0.62 / np.cos(slope), 0.012))
        b.part("hole", "entrance", "entrance hole", "where the birds go in")
        with b.moved((d / 2, 0, h * 0.65), pitch=np.pi / 2):
            b.lathe([(0.03, -0.004), (0.03, 0.005), (0.022, 0.005), (0.02, -0.03), (0, -0.03)])
        b.part("perch", "rod", "where the bird sits")
        b.rod((d / 2 - 0.005, 0, h * 0.4), (d / 2 + 0.06, 0, h * 0.4), 0.005)


@kind("traffic cone", "road cone", "pylon")
def traffic_cone(b: Builder) -> None:
    h = b.u(0.2, 0.9)
    r, k = h * b.u(0.17, 0.22), h * b.u(0.025, 0.05)
    b.part(*BASE)
    w = r * b.u(2.4, 2.9)
    b.box((w, w, h * 0.04), (0, 0, h * 0.02), round=0.3)
    b.part("cone", "body", "orange part")
    b.lathe([(r, h * 0.04), (k, h), (k * 0.7, h), (k * 0.6, h * 0.9), (0, h * 0.9)])
    for z in (0.5, 0.75)[: b.n(0, 2)]:
        b.part("stripe", "white band", "reflector")
        c = [r + (k - r) * (q - 0.04) / 0.96 + 0.003 for q in (z, z + 0.15)]
        b.cone((0, 0, h * z), (0, 0, h * (z + 0.15)), c[0], c[1], caps=False, sides=28)


@kind("road sign", "traffic sign", "stop sign", "street sign")
def road_sign(b: Builder) -> None:
    h, r, sides = b.u(1.5, 2.5), b.u(0.25, 0.4), b.pick(3, 4, 8, 24)
    b.part(*POLE)
    b.rod((0, 0, 0), (0, 0, h), 0.03)
    b.part("sign", "plate", "panel", "board", "what one reads")
    turn = np.arange(sides) * 2 * np.pi / sides + np.pi / 2 + (np.pi / 8 if sides == 8 else 0)
    b.extrude([(r * np.cos(a), r * np.sin(a)) for a in turn], 0.012, (0.04, 0, h - r * 0.6), "yz")
    if b.maybe(0.3):
        b.part(*BASE)
        b.lathe([(0, 0), (0.3, 0), (0.28, 0.08), (0.05, 0.12)])


@kind("garden gate", "gate", "fence gate")
def garden_gate(b: Builder) -> None:
    w, h = b.u(0.8, 1.3), b.u(0.8, 1.5)
    for s in (1, -1):
        b.part("post", "gate post", "pole", "column")
        b.box((0.1, 0.1, h * 1.15), (0, s * (w / 2 + 0.07), h * 0.575))
    leaf = b.part("gate", "door", "panel", "what swings open")
    with b.moved((0, w / 2, 0), yaw=b.pick(0, b.u(0.2, 1.4))):
        for z in (0.2, 0.8):
            b.box((0.03, w, 0.08), (0, -w / 2, z * h))
        for y in np.linspace(0.03, 0.97, n := b.n(5, 9)):
            b.box((0.022, w / n * 0.6, h * 0.95), (0.026, -y * w, h * 0.53))
        b.part("latch", "handle", "lock", "what to press to open it", inside=leaf)
        b.box((0.03, 0.1, 0.03), (0.05, -w * 0.93, h * 0.7), round=0.5)
        b.rod((0.04, -w * 0.93, h * 0.7), (0.1, -w * 0.93, h * 0.7), 0.01)


@kind("hose reel", "garden hose", "hose trolley")
def hose_reel(b: Builder) -> None:
    r, w = b.u(0.12, 0.2), b.u(0.2, 0.3)
    z = r * 1.3
    b.part("hose", "garden hose", "tube", "where the water flows")
    with b.moved((0, -w / 2, z), roll=-np.pi / 2):
        b.lathe(
            [
                (r * 0.35, 0.015),
                (r * 0.8, 0.015),
                *[(r * (0.8 + 0.05 * (k % 2)), w * (0.06 + 0.9 * k / 13)) for k in range(13)],
                (r * 0.8, w - 0.015),
                (r * 0.35, w - 0.015),
            ]
        )
    b.tube(
        [(r * 0.7, 0, z - r * 0.3), (r * 1.3, 0.03, 0.05), (r * 2.2, 0.1, 0.012), (r * 3, 0.0, 0.012)], 0.009
    )
    b.part("drum", "reel", "spool", "what the hose is wound on")
    for s in (1, -1):
        b.rod((0, s * w / 2, z), (0, s * (w / 2 + 0.012), z), r)
    b.part("frame", "stand", "support", "what it stands on")
    for s in (1, -1):
        y = s * (w / 2 + 0.03)
        b.tube([(r * 0.9, y, 0.01), (0, y, z), (-r * 0.9, y, 0.01)], 0.012, smooth=False)
    b.rod((0, -w / 2 - 0.03, z), (0, w / 2 + 0.03, z), 0.012)
    b.part("crank", "handle", "crank handle", "what to turn")
    y = w / 2 + 0.04
    b.tube(
        [
            (0, y - 0.01, z),
            (0, y + 0.01, z),
            (r * 0.5, y + 0.01, z + r * 0.4),
            (r * 0.5, y + 0.1, z + r * 0.4),
        ],
        0.009,
        smooth=False,
    )
    if b.maybe():
        b.part("push handle", "handle", "grip", "part to hold it by")
        b.tube(
            [
                (-0.02, -w / 2 - 0.03, z),
                (-r * 0.9, -w / 2 - 0.03, r * 4),
                (-r * 0.9, w / 2 + 0.03, r * 4),
                (-0.02, w / 2 + 0.03, z),
            ],
            0.01,
            smooth=False,
        )


@kind("tent", "camping tent")
def tent(b: Builder) -> None:
    w, d, h = b.u(1.2, 2.4), b.u(1.8, 2.6), b.u(1.0, 1.5)
    b.part("tent", "body", "canopy", "cloth", "where one sleeps")
    if b.maybe():
        for s in (1, -1):
            b.sheet(
                [
                    [(x, s * w / 2, 0), (x, s * w * 0.22, h * 0.5), (x, 0, h)]
                    for x in np.linspace(-d / 2, d / 2, 5)
                ]
            )
        b.sheet([[(-d / 2, -w / 2, 0), (-d / 2, w / 2, 0)], [(-d / 2, 0, h), (-d / 2, 0, h)]])
        b.part("pole", "tent pole", "support")
        for x in (d / 2, -d / 2 - 0.02):
            b.rod((x, 0, 0), (x, 0, h), 0.012)
        b.part("door", "entrance", "flap", "where one goes in")
        b.sheet([[(d / 2, w / 2, 0), (d / 2, 0.05, 0)], [(d / 2, 0, h), (d / 2, 0, h)]])
    else:
        b.lathe(
            [(w * 0.6, 0), (w * 0.55, h * 0.45), (w * 0.35, h * 0.85), (0, h)],
            squash=b.u(0.7, 1),
            smooth=True,
        )
        b.part("door", "entrance", "flap", "where one goes in")
        with b.moved(yaw=-0.45):
            b.lathe(
                [(w * 0.61, 0.0), (w * 0.565, h * 0.45), (w * 0.42, h * 0.78)], squash=b.u(0.9, 1), arc=0.9
            )


@kind("wind turbine", "windmill")
def wind_turbine(b: Builder) -> None:
    h = b.u(0.5, 3)
    b.part("tower", *POLE)
    b.cone((0, 0, 0), (0, 0, h), h * 0.05, h * 0.03)
    b.part("hub", "nacelle", "body", "generator")
    b.cone((-h * 0.1, 0, h), (h * 0.1, 0, h), h * 0.05, h * 0.03)
    turn = b.u(0, 2)
    for a in turn + np.arange(n := b.pick(3, 3, 4)) * 2 * np.pi / n:
        b.part("blade", "wing", "rotor blade", "what spins")
        c = np.array((0, np.cos(a), np.sin(a)))
        b.tube(
            [
                c * h * 0.01 + (h * 0.08, 0, h),
                c * h * 0.2 + (h * 0.08, 0, h),
                c * h * b.u(0.4, 0.6) + (h * 0.08, 0, h),
            ],
            (h * 0.018, h * 0.035, h * 0.01),
            flat=0.3,
        )
