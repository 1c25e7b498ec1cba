"""Taps and valves."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, turns
from part_perception.shapes.kinds import kind
from part_perception.shapes.lexicon import BASE

TAP_SPOUT = ("spout", "tap spout", "where the water comes out")
TAP_HANDLE = ("handle", "lever", "switch", "what to turn to let the water run")
PIPE = ("pipe", "tube", "where it flows")
WALL_PLATE = ("mount", "base", "wall plate", "fixing bracket")


def tap_handle(b: Builder, at, side: int = 0, inside: int = -1) -> None:
    """A lever, a cross or a round handle on top of a valve at `at`."""
    b.part(*TAP_HANDLE, inside=inside, joint=turns((0, 0, 1), at, np.pi / 2))
    form = b.pick("lever", "lever", "cross", "round")
    x, y, z = at
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


def tap_spout(b: Builder, z: float, reach: float, r: float, inside: int = -1) -> None:
    b.part(*TAP_SPOUT, inside=inside)
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
    mixer(b, b.part("body", "column", "base", "what it stands on"))


def mixer(b: Builder, body: int, inside: int = -1) -> None:
    """A tap that stands at z = 0, its spout along +x. The part of its body must have been begun."""
    reach, r, k = b.u(0.1, 0.22), b.u(0.008, 0.014), b.u(0.018, 0.028)
    if b.maybe(0.6):
        h = b.u(0.05, 0.2)
        b.lathe([(0, 0), (k * b.u(1.0, 1.5), 0), (k * 1.1, 0.008), (k, 0.012), (k * b.u(0.85, 1), h), (0, h)])
        tap_spout(b, h * b.u(0.75, 0.92), reach, r, inside)
        if b.maybe(0.75):
            tap_handle(b, (0, 0, h + 0.0), b.pick(0, 0, 1, -1, 2), inside)
        else:
            b.part(*TAP_HANDLE, inside=inside, joint=turns((0, 1, 0), (0, k, h * 0.6), 1.0))
            b.rod((0, k * 0.8, h * 0.6), (0, k + 0.02, h * 0.6), 0.014)
            b.rod((0, k + 0.012, h * 0.6), (b.u(0, 0.03), k + 0.02, h * 0.6 + b.u(0.05, 0.09)), 0.005)
        return
    gap = b.u(0.08, 0.12)
    b.box((k * 1.8, gap * 2 + k * 1.5, b.u(0.012, 0.035)), (0, 0, 0.012), round=0.7)
    b.rod((0, 0, 0.01), (0, 0, 0.05), k * 0.7)
    tap_spout(b, 0.045, reach, r, inside)
    for s in (1, -1):
        b.again(body)
        b.rod((0, s * gap, 0.01), (0, s * gap, 0.05), k * 0.75)
        tap_handle(b, (0, s * gap, 0.049), s if b.maybe(0.5) else 0, inside)


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
    tap_handle(b, (reach * 0.55, 0, 0.044), b.pick(0, 1, -1))


def _hand_wheel(b: Builder, r: float) -> None:
    """A hand wheel about z at z = 0."""
    b.part("wheel", "handle", "hand wheel", "what to turn", joint=turns((0, 0, 1), angle=6 * np.pi))
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
    with b.moved((0, 0, z + k * 2.1), yaw=turn):
        b.part(
            "handle", "lever", "what to turn", joint=turns((0, 0, -1), angle=np.pi / 2, now=np.pi / 2 - turn)
        )
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
