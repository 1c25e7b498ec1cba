"""Taps, valves and the bathroom."""

from __future__ import annotations

import numpy as np

from part_perception.training.engine.builder import Builder
from part_perception.training.engine.forms import wall
from part_perception.training.engine.kinds import kind
from part_perception.training.engine.lexicon import BASE, BUTTON, LEG, LID, SEAT

TAP_SPOUT = ("spout", "tap spout", "where the water comes out")
TAP_HANDLE = ("handle", "lever", "switch", "what to turn to let the water run")
PIPE = ("pipe", "tube", "where it flows")
WALL_PLATE = ("mount", "base", "wall plate", "fixing bracket")


def _tap_handle(b: Builder, at, side: int = 0) -> None:
    """A lever, a cross or a round handle on top of a valve at `at`."""
    b.part(*TAP_HANDLE)
    form, x, y, z = b.pick("lever", "lever", "cross", "round"), *at
    if form == "lever":
        reach, up, turn = b.u(0.05, 0.11), b.u(0.0, 0.05), b.u(-0.4, 0.4) + side * 1.57
        c = np.array((np.cos(turn), np.sin(turn), 0))
        b.lathe([(0.017, 0), (0.018, 0.012), (0.012, 0.022), (0, 0.024)], at)
        b.tube(
            [
                np.array(at) + (0, 0, 0.012),
                np.array(at) + c * reach * 0.5 + (0, 0, 0.014 + up * 0.4),
                np.array(at) + c * reach + (0, 0, 0.014 + up),
            ],
            b.u(0.005, 0.009),
            flat=0.7,
        )
    elif form == "cross":
        b.rod(at, (x, y, z + 0.02), 0.009)
        for dx, dy in ((0.028, 0), (0, 0.028)):
            b.rod((x - dx, y - dy, z + 0.018), (x + dx, y + dy, z + 0.018), 0.006)
    else:
        r = b.u(0.018, 0.03)
        b.lathe([(0.01, 0), (r * 0.9, 0.006), (r, 0.018), (r * 0.8, 0.028), (0, 0.03)], at)


def _spout(b: Builder, z: float, reach: float, r: float) -> None:
    b.part(*TAP_SPOUT)
    form = b.pick("goose", "straight", "bent", "square")
    if form == "goose":
        h = b.u(0.12, 0.25)
        b.tube(
            [
                (0, 0, z),
                (0, 0, z + h * 0.6),
                (reach * 0.25, 0, z + h),
                (reach * 0.8, 0, z + h * 0.95),
                (reach, 0, z + h * 0.55),
            ],
            r,
        )
    elif form == "straight":
        b.tube(
            [(0, 0, z), (reach * 0.95, 0, z + b.u(0, 0.04)), (reach, 0, z - 0.02)],
            r * 1.1,
            flat=b.u(0.7, 1.2),
            smooth=False,
        )
    elif form == "bent":
        b.tube(
            [(0, 0, z), (reach * 0.3, 0, z + 0.03), (reach * 0.8, 0, z + 0.025), (reach, 0, z - 0.015)],
            (r * 1.4, r * 1.2, r, r * 0.9),
        )
    else:
        b.box((reach, r * 2.4, r * 1.5), (reach / 2 - 0.01, 0, z), round=b.u(0, 0.4))
        b.rod((reach - 0.02, 0, z - r * 1.4), (reach - 0.02, 0, z), r * 0.8)


@kind("faucet", "tap", "water tap", "mixer tap")
def faucet(b: Builder) -> None:
    reach, r, k = b.u(0.1, 0.22), b.u(0.008, 0.014), b.u(0.018, 0.028)
    if b.maybe(0.6):
        h = b.u(0.05, 0.2)
        b.part("body", "column", "base", "what it stands on")
        b.lathe([(0, 0), (k * b.u(1.0, 1.5), 0), (k * 1.1, 0.008), (k, 0.012), (k * b.u(0.85, 1), h), (0, h)])
        _spout(b, h * b.u(0.75, 0.92), reach, r)
        if b.maybe(0.75):
            _tap_handle(b, (0, 0, h + 0.0), b.pick(0, 0, 1, -1, 2))
        else:
            b.part(*TAP_HANDLE)
            b.rod((0, k * 0.8, h * 0.6), (0, k + 0.02, h * 0.6), 0.014)
            b.rod((0, k + 0.012, h * 0.6), (b.u(0, 0.03), k + 0.02, h * 0.6 + b.u(0.05, 0.09)), 0.005)
        return
    gap = b.u(0.08, 0.12)
    b.part("body", "base", "bridge", "what it stands on")
    b.box((k * 1.8, gap * 2 + k * 1.5, b.u(0.012, 0.035)), (0, 0, 0.012), round=0.7)
    b.rod((0, 0, 0.01), (0, 0, 0.05), k * 0.7)
    _spout(b, 0.045, reach, r)
    for s in (1, -1):
        b.again(0)
        b.rod((0, s * gap, 0.01), (0, s * gap, 0.05), k * 0.75)
        _tap_handle(b, (0, s * gap, 0.049), s if b.maybe(0.5) else 0)


@kind("wall tap", "garden tap", "outdoor faucet", "spigot", rest="mounted")
def wall_tap(b: Builder) -> None:
    k, reach = b.u(0.011, 0.016), b.u(0.06, 0.13)
    b.part(*WALL_PLATE)
    b.rod((0, 0, 0), (0.008, 0, 0), k * 2.2)
    b.part("body", "valve body", "pipe")
    b.rod((0.004, 0, 0), (reach * 0.7, 0, 0), k)
    b.rod((reach * 0.55, 0, 0), (reach * 0.55, 0, 0.045), k * 0.9)
    b.part(*TAP_SPOUT)
    b.tube(
        [(reach * 0.68, 0, 0), (reach, 0, -0.002), (reach + 0.015, 0, -0.025), (reach + 0.017, 0, -0.06)], k
    )
    _tap_handle(b, (reach * 0.55, 0, 0.044), b.pick(0, 1, -1))


@kind("shower head", "hand shower", "shower", rest="mounted")
def shower_head(b: Builder) -> None:
    r = b.u(0.035, 0.09)
    fixed = b.maybe(0.45)
    if fixed:
        b.part(*WALL_PLATE)
        b.rod((0, 0, 0), (0.01, 0, 0), 0.03)
        b.part("arm", "pipe", "shower arm")
        reach = b.u(0.12, 0.35)
        b.tube([(0.005, 0, 0), (reach * 0.6, 0, 0.03), (reach, 0, 0), (reach + 0.02, 0, -0.04)], 0.01)
        at, tilt = (reach + 0.02, 0, -0.05), b.u(-0.4, 0.1)
    else:
        b.part("holder", "mount", "bracket", "fixing bracket")
        b.rod((0, 0, 0), (0.05, 0, 0.0), 0.018)
        b.part("handle", "grip", "part to hold it by", "where to grab it")
        length = b.u(0.14, 0.2)
        b.tube([(0.045, 0, -length * 0.4), (0.05, 0, 0), (0.075, 0, length * 0.6)], (0.011, 0.013, 0.014))
        b.part("hose", "shower hose", "tube", "where the water comes from")
        b.tube(
            [
                (0.045, 0, -length * 0.4),
                (0.05, 0.02, -0.25),
                (0.06, 0.09, -0.4),
                (0.03, 0.16, -0.25),
                (0.01, 0.16, -0.1),
            ],
            0.007,
        )
        at, tilt = (0.09, 0, length * 0.62), -b.u(0.6, 1.2)
    b.part("shower head", "head", "spray head", "where the water comes out")
    with b.moved(at, pitch=tilt):
        b.lathe(
            [
                (0, -0.02),
                (r * 0.9, -0.02),
                (r, -0.014),
                (r * 0.95, -0.006),
                (r * 0.4, 0.006),
                (0.012, 0.02),
                (0, 0.02),
            ],
            squash=b.pick(1, 1, 0.7),
        )


def _hand_wheel(b: Builder, r: float) -> None:
    """A hand wheel about z at z = 0."""
    b.part("wheel", "handle", "hand wheel", "what to turn")
    b.ring((0, 0, 0), r, r * b.u(0.08, 0.16), squash=1.0)
    b.rod((0, 0, -0.015), (0, 0, 0.01), r * 0.22)
    for a in np.arange(n := b.n(3, 5)) * 2 * np.pi / n:
        b.rod((0, 0, 0), (r * np.cos(a), r * np.sin(a), 0), r * 0.08)


@kind("valve", "wheel valve", "gate valve", "hand wheel valve", rest="lies")
def wheel_valve(b: Builder) -> None:
    k, length = b.u(0.015, 0.05), b.u(5, 9)
    z = k * 1.6
    b.part(*PIPE)
    for s in (1, -1):
        b.rod((s * k * 0.8, 0, z), (s * k * length / 2, 0, z), k)
    b.part("body", "valve body", "housing")
    b.blob((k * 3.2, k * 2.8, k * 3), (0, 0, z), 0.8, 0.8)
    if b.maybe(0.6):
        for s in (1, -1):
            b.rod((s * k * 1.7, 0, z), (s * k * 2.0, 0, z), k * 1.6)
    b.part("stem", "shaft", "spindle")
    top = z + k * b.u(3, 4.5)
    b.cone((0, 0, z + k), (0, 0, top - k), k * 0.9, k * 0.6)
    b.rod((0, 0, top - k * 1.2), (0, 0, top), k * 0.3)
    with b.moved((0, 0, top)):
        _hand_wheel(b, k * b.u(1.6, 2.8))


@kind("ball valve", "lever valve", "gas valve", "shut off valve", rest="lies")
def ball_valve(b: Builder) -> None:
    k, length, turn = b.u(0.012, 0.035), b.u(4, 8), b.pick(0.0, 0.0, np.pi / 2, b.u(0, 1.5))
    z = k * 1.5
    b.part(*PIPE)
    for s in (1, -1):
        b.rod((s * k * 0.8, 0, z), (s * k * length / 2, 0, z), k)
    b.part("body", "valve body", "housing")
    b.rod((-k * 1.5, 0, z), (k * 1.5, 0, z), k * 1.35, sides=b.pick(6, 16))
    b.part("stem", "shaft", "spindle")
    b.rod((0, 0, z + k), (0, 0, z + k * 2.1), k * 0.5)
    b.part("handle", "lever", "what to turn")
    with b.moved((0, 0, z + k * 2.1), yaw=turn):
        reach = k * b.u(4, 6.5)
        if b.maybe(0.75):
            w = b.u(0.15, 0.3)
            b.tube(
                [(-k * 0.6, 0, 0), (k, 0, 0), (k * 1.6, 0, k * 0.7), (reach, 0, k * 0.75)],
                k * w,
                flat=b.u(1.5, 3.0),
            )
        else:
            b.box((k * 4, k * 0.5, k * 0.9), (0, 0, k * 0.2), round=0.8)


@kind("fire hydrant", "hydrant")
def hydrant(b: Builder) -> None:
    r, h = b.u(0.1, 0.14), b.u(0.5, 0.75)
    b.part(*BASE)
    b.lathe([(0, 0), (r * 1.5, 0), (r * 1.5, 0.03), (r, 0.04), (0, 0.04)])
    b.part("body", "barrel", "post")
    b.rod((0, 0, 0.03), (0, 0, h), r)
    b.part("top", "cap", "dome", "bonnet")
    b.lathe(
        [
            (r * 1.15, h),
            (r * 1.15, h + 0.03),
            (r * 0.9, h + 0.09),
            (r * 0.4, h + 0.13),
            (0.03, h + 0.14),
            (0.03, h + 0.18),
            (0, h + 0.18),
        ]
    )
    for a in (0, np.pi / 2, -np.pi / 2):
        b.part("outlet", "nozzle", "hose connection", "where the water comes out")
        c, k = np.array((np.cos(a), np.sin(a), 0)), r * (0.65 if a == 0 else 0.45)
        b.rod(c * r * 0.8 + (0, 0, h * 0.72), c * r * 1.45 + (0, 0, h * 0.72), k)
        b.rod(c * r * 1.4 + (0, 0, h * 0.72), c * r * 1.65 + (0, 0, h * 0.72), k * 0.4, sides=6)


@kind("toilet", "water closet", "lavatory")
def toilet(b: Builder) -> None:
    w, z, d = b.u(0.34, 0.4), b.u(0.38, 0.44), b.u(0.42, 0.5)
    squash = w / d
    bowl = b.part("bowl", "toilet bowl", "basin", "body")
    low = b.u(0.4, 0.65)
    b.lathe(
        [
            (d / 2 * low, 0),
            (d / 2 * low, z * 0.3),
            (d / 2 * 0.85, z * 0.7),
            (d / 2, z - 0.02),
            (d / 2, z),
            (d / 2 - 0.05, z),
            (d / 2 * 0.6, z * 0.6),
            (0, z * 0.45),
        ],
        squash=squash,
    )
    b.box((d * 0.55, w * low, z * 0.85), (-d * 0.4, 0, z * 0.43), round=0.3)
    b.part(*SEAT, "toilet seat")
    b.lathe(
        [
            (d / 2 * 0.62, z + 0.002),
            (d / 2 * 1.02, z + 0.002),
            (d / 2 * 1.02, z + 0.018),
            (d / 2 * 0.62, z + 0.022),
            (d / 2 * 0.62, z + 0.002),
        ],
        squash=squash,
    )
    b.part(*LID, "toilet lid")
    with b.moved((-d * 0.5, 0, z + 0.026), pitch=b.pick(0, -b.u(1.4, 1.75))):
        b.lathe(
            [(0, 0), (d / 2, 0), (d / 2 * 1.02, 0.008), (d / 2 * 0.95, 0.016), (0, 0.018)],
            (d / 2, 0, 0),
            squash=squash,
        )
    if b.maybe(0.8):
        tank_w, tank_h, x = w * b.u(1.0, 1.25), b.u(0.32, 0.42), -d * 0.5 - 0.13
        b.part("tank", "cistern", "water tank")
        b.box((0.17, tank_w, tank_h), (x, 0, z - 0.03 + tank_h / 2), round=0.2, taper=b.u(1, 1.06))
        b.part("tank lid", "lid", "top", "tank cover")
        b.box((0.185, tank_w * 1.06, 0.03), (x, 0, z - 0.015 + tank_h), round=0.5)
        b.part("flush button", *BUTTON, "flush lever")
        if b.maybe(0.6):
            b.rod((x, 0, z + tank_h - 0.005), (x, 0, z + tank_h + 0.01), 0.025)
        else:
            b.rod(
                (x + 0.08, tank_w * 0.35, z + tank_h * 0.75),
                (x + 0.1, tank_w * 0.35, z + tank_h * 0.75),
                0.012,
            )
            b.rod(
                (x + 0.1, tank_w * 0.35, z + tank_h * 0.75),
                (x + 0.105, tank_w * 0.2, z + tank_h * 0.73),
                0.007,
            )
    b.again(bowl)


@kind("sink", "wash basin", "washbasin", "hand basin")
def sink(b: Builder) -> None:
    w, d, h, z = b.u(0.4, 0.7), b.u(0.35, 0.48), b.u(0.12, 0.2), b.pick(0.0, 0.75)
    b.part("basin", "bowl", "sink", "where the water collects")
    if b.maybe(0.6):
        e = wall([(d * 0.22, z), (d * 0.4, z + h * 0.35), (d / 2, z + h)], b.u(0.012, 0.03), z + 0.03)
        b.lathe(e, squash=w / d)
    else:
        b.box((d, w, 0.02), (0, 0, z + 0.01))
        for s in (1, -1):
            b.box((d, 0.03, h), (0, s * (w - 0.03) / 2, z + h / 2))
            b.box((0.03 if s > 0 else 0.07, w, h), (s * (d / 2 - 0.02), 0, z + h / 2))
    b.part("drain", "plug hole", "where the water goes away")
    b.lathe([(0.026, z + 0.03), (0.024, z + 0.036), (0.01, z + 0.034), (0, z + 0.034)])
    if z:
        if b.maybe():
            b.part("pedestal", "foot", "column", "what it stands on")
            b.lathe([(d * 0.25, 0), (d * 0.17, z * 0.4), (d * 0.24, z + 0.005)], squash=1.1)
        else:
            b.part("cabinet", "body", "vanity", "what it stands on")
            b.box((d * 0.9, w * 0.95, z - 0.001), (0, 0, z / 2))
    if b.maybe(0.7):
        with b.moved((-d / 2 + 0.035, 0, z + h - 0.01)):
            b.part("faucet", "tap", "water tap")
            b.rod((0, 0, 0), (0, 0, 0.1), 0.02)
            _spout(b, 0.08, d * 0.3, 0.011)
            _tap_handle(b, (0, 0, 0.099))


@kind("bathtub", "bath", "tub")
def bathtub(b: Builder) -> None:
    w, d, h = b.u(1.4, 1.8), b.u(0.68, 0.85), b.u(0.45, 0.62)
    foot = b.pick(0, 0, 0.1)
    b.part("tub", "body", "basin", "where the water is")
    if b.maybe(0.7):
        b.lathe(
            wall(
                [(d * 0.36, foot), (d * 0.44, foot + h * 0.3), (d / 2 - 0.02, h), (d / 2, h + 0.01)],
                0.04,
                foot + 0.06,
            ),
            squash=w / d,
        )
    else:
        b.box((d, w, 0.08), (0, 0, 0.04))
        for s in (1, -1):
            b.box((d, 0.1, h), (0, s * (w / 2 - 0.05), h / 2))
            b.box((0.08, w, h), (s * (d / 2 - 0.04), 0, h / 2))
    for sx, sy in ((1, 1), (1, -1), (-1, 1), (-1, -1)) if foot else ():
        b.part(*LEG)
        b.cone((sx * d * 0.28, sy * w * 0.3, 0), (sx * d * 0.25, sy * w * 0.28, foot + 0.06), 0.02, 0.035)
    if b.maybe(0.7):
        with b.moved((0, -w / 2 + 0.05, h), yaw=np.pi / 2):
            b.part("faucet", "tap", "water tap")
            b.rod((0, 0, 0), (0, 0, 0.12), 0.022)
            _spout(b, 0.1, 0.14, 0.013)
            _tap_handle(b, (0, 0, 0.119))


@kind("toilet paper holder", "paper roll holder", rest="mounted")
def paper_holder(b: Builder) -> None:
    b.part(*WALL_PLATE)
    k = b.u(0.02, 0.03)
    b.rod((0, 0.08, 0.03), (0.01, 0.08, 0.03), k)
    b.part("arm", "holder", "bar", "what holds the roll")
    b.tube([(0.005, 0.08, 0.03), (0.07, 0.08, 0.03), (0.07, 0.07, 0), (0.07, -0.08, 0)], 0.006, smooth=False)
    b.part("roll", "paper roll", "toilet paper", "paper")
    r = b.u(0.035, 0.06)
    with b.moved((0.07, -0.055, 0.006 - 0.018), roll=-np.pi / 2):
        b.lathe([(0.02, 0), (r, 0), (r, 0.1), (0.02, 0.1), (0.02, 0)])
    if b.maybe(0.3):
        b.part("cover", "lid", "flap")
        b.tube([(0.005, 0, 0.065), (0.08, 0, 0.07), (0.14, 0, 0.02)], 0.004, flat=14)


@kind("towel rail", "towel bar", "towel rack", "grab bar", rest="mounted")
def towel_rail(b: Builder) -> None:
    w, reach = b.u(0.3, 0.7), b.u(0.05, 0.09)
    for s in (1, -1):
        b.part(*WALL_PLATE)
        b.rod((0, s * w / 2, 0), (0.01, s * w / 2, 0), b.u(0.018, 0.028))
        b.rod((0.005, s * w / 2, 0), (reach, s * w / 2, 0), 0.009)
    b.part("rail", "bar", "handle", "where to hang the towel")
    b.rod((reach, -w / 2 - 0.02, 0), (reach, w / 2 + 0.02, 0), b.u(0.006, 0.016))
    if b.maybe(0.4):
        b.part("towel", "cloth", "what to dry with")
        h, y, tw, front = b.u(0.3, 0.6), b.u(-0.1, 0.1) * w, w * b.u(0.3, 0.7), reach + 0.017
        line = np.array(
            [
                (reach - 0.02, -h * b.u(0.6, 1)),
                (reach - 0.018, 0),
                (reach, 0.018),
                (front, 0.0),
                (front + 0.01, -h),
            ]
        )
        b.sheet([[(x, y + q * tw, z) for x, z in line] for q in np.linspace(-0.5, 0.5, 7)])


@kind("soap dish", "soap holder")
def soap_dish(b: Builder) -> None:
    d, h = b.u(0.07, 0.09), b.u(0.015, 0.03)
    b.part("dish", "tray", "body", "where the soap lies")
    if b.maybe():
        b.lathe(wall([(d * 0.4, 0), (d * 0.55, h * 0.5), (d * 0.62, h)], 0.004, 0.006), squash=1.5)
    else:
        b.box((d * 1.1, d * 1.6, 0.006), (0, 0, 0.003))
        for s in (1, -1):
            b.box((d * 1.1, 0.005, h), (0, s * d * 0.8, h / 2))
            b.box((0.005, d * 1.6, h), (s * d * 0.55, 0, h / 2))
    if b.maybe(0.7):
        b.part("soap", "bar of soap", "what to wash with")
        b.blob((d * 0.75, d * 1.1, b.u(0.015, 0.03)), (0, 0, 0.018), 0.6, 0.6)
