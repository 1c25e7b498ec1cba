"""Hooks, racks, panels, meters and other wall fixtures. They face +x."""

from __future__ import annotations

import numpy as np

from part_perception.shapes.builder import Builder, presses, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import dial
from part_perception.shapes.lexicon import BASE, BUTTON, HANDLE, SWITCH

HOOK = ("hook", "peg", "where to hang things")
BACKING = ("plate", "base plate", "back plate", "mount")
BOX = ("body", "housing", "box", "case")
SMALL_DISPLAY = ("display", "screen", "what shows the value")


def _hook(b: Builder, at, reach: float, r: float) -> None:
    b.part(*HOOK)
    x, y, z = at
    form = b.pick("j", "peg", "double")
    if form == "peg":
        b.rod((x - 0.002, y, z), (x + reach, y, z + reach * 0.3), r)
        b.blob((r * 3.2, r * 3.2, r * 3.2), (x + reach, y, z + reach * 0.3))
        return
    b.tube(
        [
            (x, y, z + reach * 0.2),
            (x + reach * 0.2, y, z - reach * 0.5),
            (x + reach * 0.6, y, z - reach * 0.7),
            (x + reach, y, z - reach * 0.2),
            (x + reach * 1.05, y, z + 0.1 * reach),
        ],
        r,
    )
    if form == "double":
        b.tube(
            [
                (x, y, z + reach * 0.1),
                (x + reach * 0.7, y, z + reach * 0.5),
                (x + reach * 1.3, y, z + reach * 1.1),
            ],
            r,
        )
        b.blob((r * 3, r * 3, r * 3), (x + reach * 1.3, y, z + reach * 1.1))


@kind("wall hook", "coat hook", "hook", rest="mounted")
def wall_hook(b: Builder) -> None:
    b.part(*BACKING)
    k = b.u(0.012, 0.03)
    if b.maybe():
        b.box((0.006, k * 1.6, k * b.u(1.6, 4)), (0.003, 0, 0), round=0.5)
    else:
        b.rod((0, 0, 0), (0.007, 0, 0), k)
    _hook(b, (0.006, 0, 0), b.u(0.025, 0.055), b.u(0.003, 0.006))


@kind("hook rail", "coat hooks", "hook board", "key rack", rest="mounted")
def hook_rail(b: Builder) -> None:
    n, gap = b.n(3, 6), b.u(0.06, 0.14)
    b.part("board", "rail", *BACKING)
    b.box((b.u(0.01, 0.025), n * gap, b.u(0.05, 0.12)), (0.006, 0, 0), round=b.u(0, 0.6))
    reach, r = b.u(0.03, 0.05), b.u(0.003, 0.006)
    for k in range(n):
        _hook(b, (0.012, (k - (n - 1) / 2) * gap, 0), reach, r)
    if b.maybe(0.3):
        b.part("shelf", "top board", "where to put things")
        b.box((0.2, n * gap, 0.02), (0.1, 0, 0.08))


@kind("coat rack", "coat stand", "clothes stand", "hat stand")
def coat_rack(b: Builder) -> None:
    h, r = b.u(1.5, 1.9), b.u(0.015, 0.028)
    b.part("pole", "post", "stand", "column")
    b.rod((0, 0, 0.01), (0, 0, h), r)
    if b.maybe():
        b.part(*BASE)
        b.lathe([(0, 0), (0.19, 0), (0.18, 0.02), (0.04, 0.04), (0, 0.04)])
    else:
        for a in np.arange(n := b.pick(3, 4)) * 2 * np.pi / n:
            b.part("leg", "foot", "support", "what it stands on")
            c = np.array((np.cos(a), np.sin(a), 0))
            b.tube(
                [c * 0.01 + (0, 0, 0.3), c * 0.12 + (0, 0, 0.12), c * b.u(0.22, 0.28) + (0, 0, 0.012)], 0.013
            )
    for k, a in enumerate(np.arange(n := b.n(4, 8)) * 2 * np.pi / n):
        b.part(*HOOK)
        c, z = np.array((np.cos(a), np.sin(a), 0)), h - 0.06 - 0.3 * (k % 2) * b.pick(0, 1)
        b.tube([c * r * 0.5 + (0, 0, z), c * 0.1 + (0, 0, z - 0.01), c * 0.16 + (0, 0, z + 0.07)], 0.008)
    b.part("knob", "top", "finial")
    b.blob((0.06, 0.06, 0.06), (0, 0, h + 0.01))


@kind("knob panel", "control panel", "dial panel", "switch panel", rest="mounted")
def knob_panel(b: Builder) -> None:
    n, gap = b.n(2, 5), b.u(0.05, 0.09)
    rows = b.pick(1, 1, 2)
    b.part("panel", "plate", "base plate", "body")
    t = b.u(0.01, 0.06)
    b.box((t, n * gap, gap * (rows + 0.6)), (t / 2, 0, 0), round=b.u(0, 0.5))
    for r in range(rows):
        form = b.pick("knob", "toggle", "button") if r else "knob"
        for k in range(n):
            y, z = (k - (n - 1) / 2) * gap * 0.9, (r - (rows - 1) / 2) * -gap
            if form == "knob":
                dial(b, (t, y, z), gap * b.u(0.22, 0.34))
            elif form == "toggle":
                b.part(*SWITCH)
                b.rod((t - 0.002, y, z), (t + 0.008, y, z), 0.007)
                b.rod((t, y, z), (t + 0.025, y, z + b.pick(1, -1) * 0.009), 0.003)
            else:
                b.part(*BUTTON, joint=presses((-1, 0, 0)))
                b.rod((t - 0.002, y, z), (t + 0.009, y, z), gap * 0.22)


@kind("thermostat", "temperature control", rest="mounted")
def thermostat(b: Builder) -> None:
    k, t = b.u(0.04, 0.06), b.u(0.018, 0.03)
    if b.maybe(0.4):
        b.part("dial", "ring", "knob", "what to turn", joint=spins((1, 0, 0)))
        with b.moved(pitch=np.pi / 2):
            b.lathe([(k * 0.95, 0), (k, t * 0.4), (k * 0.97, t), (k * 0.85, t), (k * 0.85, t * 0.9)])
            b.part(*SMALL_DISPLAY)
            b.lathe([(k * 0.85, t * 0.92), (0, t * 0.96)])
        return
    b.part(*BOX)
    b.box((t, k * b.u(1.8, 2.6), k * 1.9), (t / 2, 0, 0), round=b.u(0.1, 0.7))
    b.part(*SMALL_DISPLAY)
    b.box((0.006, k * 1.1, k * 0.7), (t, 0, k * 0.35), round=0.3)
    if b.maybe():
        dial(b, (t, 0, -k * 0.5), k * 0.28)
    else:
        for y in (-0.4, 0.4):
            b.part(*BUTTON, joint=presses((-1, 0, 0)))
            b.box((0.008, k * 0.4, k * 0.25), (t, y * k, -k * 0.5), round=0.5)


@kind("intercom", "door phone", "door bell panel", "doorbell", rest="mounted")
def intercom(b: Builder) -> None:
    w, h, t = b.u(0.04, 0.13), b.u(0.09, 0.24), b.u(0.015, 0.035)
    b.part(*BOX)
    b.box((t, w, h), (t / 2, 0, 0), round=b.u(0.1, 0.7))
    b.part(*BUTTON, "bell button", joint=presses((-1, 0, 0)))
    b.rod((t - 0.002, 0, -h * 0.3), (t + 0.006, 0, -h * 0.3), w * 0.22)
    if b.maybe(0.6):
        b.part("camera", "lens", "what it sees with")
        b.rod((t - 0.002, 0, h * 0.33), (t + 0.005, 0, h * 0.33), w * 0.17)
    if b.maybe(0.5):
        b.part("speaker", "grille", "where the sound comes out")
        b.box((0.006, w * 0.6, h * 0.16), (t, 0, h * 0.07), round=0.3)


@kind("fuse box", "electric cabinet", "switch box", "meter box", rest="mounted")
def fuse_box(b: Builder) -> None:
    w, h, t = b.u(0.25, 0.5), b.u(0.3, 0.6), b.u(0.08, 0.16)
    b.part(*BOX)
    b.box((t, w, h), (t / 2, 0, 0), round=0.05)
    angle = b.pick(0, b.u(0.4, 2.0))
    door = b.part("door", "cover", "lid", "what swings open")
    with b.moved((t + 0.003, w / 2, 0), yaw=angle):
        b.box((0.012, w, h), (0.006, -w / 2, 0))
        b.part(*HANDLE[:1], "lock", "latch", "what to turn to open it", inside=door)
        b.rod((0.01, -w * 0.92, 0), (0.022, -w * 0.92, 0), 0.016)
        b.box((0.014, 0.01, 0.04), (0.026, -w * 0.92, 0), round=0.4)
    if angle:
        for z in (0.18, -0.12):
            b.part("switches", "row of switches", "breakers", "fuses")
            b.box((0.02, w * 0.75, 0.07), (t + 0.008, 0, z * h), round=0.1)
            b.box((0.02, w * 0.7, 0.02), (t + 0.022, 0, z * h), round=0.2)
        b.part("main switch", *SWITCH)
        b.box((0.04, 0.04, 0.05), (t + 0.02, 0, h * 0.38), round=0.3)


@kind("pressure gauge", "meter", "gauge", "dial gauge")
def pressure_gauge(b: Builder) -> None:
    r, low = b.u(0.02, 0.06), b.u(0.02, 0.05)
    z = low + r
    b.part("stem", "thread", "pipe", "connection")
    b.rod((0, 0, 0), (0, 0, low + r * 0.2), r * 0.2)
    b.rod((0, 0, low * 0.35), (0, 0, low * 0.7), r * 0.32, sides=6)
    b.part("body", "case", "housing", "rim")
    with b.moved((-r * 0.25, 0, z), pitch=np.pi / 2):
        b.lathe(
            [(0, 0), (r * 0.95, 0), (r, r * 0.1), (r, r * 0.6), (r * 0.88, r * 0.62), (r * 0.86, r * 0.5)]
        )
        b.part("dial", "face", "scale", "what shows the value")
        b.lathe([(r * 0.86, r * 0.5), (0, r * 0.5)])
    b.part("needle", "pointer", "hand")
    turn = b.u(0, 6)
    c = np.array((0, np.cos(turn), np.sin(turn))) * r * 0.7
    b.rod(np.array((r * 0.29, 0, z)) - c * 0.2, np.array((r * 0.29, 0, z)) + c, r * 0.04)


@kind("pull handle", "bar handle", "grab handle", "loose handle", rest="mounted")
def pull_handle(b: Builder) -> None:
    length, reach, r = b.u(0.08, 0.4), b.u(0.025, 0.07), b.u(0.004, 0.016)
    upright = b.maybe()
    with b.moved(roll=np.pi / 2 if upright else 0.0):
        for s in (1, -1):
            b.part("mount", "foot", "base", "where it is screwed on")
            b.rod((0, s * length / 2, 0), (0.005, s * length / 2, 0), r * b.u(1.4, 2.2))
        b.part("handle", "grip", "bar", "what to pull to open it", "part to hold it by")
        half = length / 2
        path = [
            (0.002, -half, 0),
            (reach, -half * b.u(0.8, 1), 0),
            (reach * b.u(1, 1.2), 0, 0),
            (reach, half * b.u(0.8, 1), 0),
            (0.002, half, 0),
        ]
        b.tube(path, r, flat=b.u(0.7, 1.8), smooth=b.maybe(0.6))
