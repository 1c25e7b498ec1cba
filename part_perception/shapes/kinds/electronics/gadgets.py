"""Games, clocks and fans."""

import numpy as np

from part_perception.shapes.builder import Builder, presses, spins
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.electronics.electronics import cable
from part_perception.shapes.kinds.tools.handtools import bar
from part_perception.shapes.lexicon import BASE, BUTTON, HANDLE


@kind("game controller", "gamepad", "joypad", rest="lies")
def game_controller(b: Builder) -> None:
    w, d, t = b.u(0.12, 0.16), b.u(0.05, 0.07), b.u(0.025, 0.035)
    body = b.part("body", "case", "housing")
    classic = b.maybe(0.3)
    b.box((d, w, t if not classic else t * 0.7), (0, 0, t / 2), round=0.7)
    if not classic:
        for s in (-1, 1):
            b.part("grip", "handle", "part to hold it by", "where to grab it")
            b.tube(
                [
                    (d * 0.1, s * w * 0.4, t / 2),
                    (-d * 0.4, s * w * 0.48, t / 2),
                    (-d * b.u(0.9, 1.2), s * w * 0.5, t * 0.35),
                ],
                [d * 0.3, d * 0.3, d * 0.2],
                flat=t / d,
            )
        for y in (0.17, -0.17):
            b.part("stick", "thumb stick", "joystick", "what to move with the thumb")
            b.cone((-d * 0.25, y * w, t * 0.9), (-d * 0.25, y * w, t + 0.008), 0.005, 0.004)
            b.lathe(
                [(0, t + 0.006), (0.009, t + 0.006), (0.009, t + 0.011), (0, t + 0.01)], (-d * 0.25, y * w, 0)
            )
    top = t if not classic else t * 0.85
    b.part("directional pad", "cross", "arrow buttons", "what to press", inside=body)
    for size in ((0.022, 0.007, 0.006), (0.007, 0.022, 0.006)):
        b.box(size, (d * 0.12, w * 0.33, top + 0.001))
    for a in range(4):
        b.part(*BUTTON, inside=body, joint=presses((0, 0, -1)))
        p = (d * 0.12 + 0.01 * np.cos(a * np.pi / 2), -w * 0.33 + 0.01 * np.sin(a * np.pi / 2))
        b.rod((*p, top - 0.003), (*p, top + 0.003), 0.0045)
    if b.maybe(0.3):
        cable(b, (d / 2, 0, t / 2), (1, 0, 0), b.u(0.08, 0.2))


@kind("joystick", "flight stick", "control stick")
def joystick(b: Builder) -> None:
    w, h = b.u(0.06, 0.1), b.u(0.12, 0.2)
    b.part(*BASE)
    b.box((2 * w, 1.8 * w, 0.035), (0, 0, 0.0175), round=0.4, taper=b.u(0.7, 1))
    with b.moved((0, 0, 0.03), pitch=b.u(-0.25, 0.25), roll=b.u(-0.2, 0.2)):
        b.part("boot", "collar", "rubber cover", "joint")
        b.cone((0, 0, 0), (0, 0, 0.03), w * 0.45, 0.012)
        b.part("stick", "handle", "lever", "part to hold it by")
        if b.maybe(0.6):
            b.tube([(0, 0, 0.02), (0, 0, h * 0.6), (0.008, 0, h)], [0.014, 0.019, 0.018], flat=0.8)
            b.part("trigger", "fire button", "what to pull with the finger", joint=presses((-1, 0, 0), 0.01))
            b.box((0.014, 0.01, 0.028), (0.024, 0, h * 0.75), round=0.5)
            b.part(*BUTTON, joint=presses((0, 0, -1)))
            b.rod((0.008, 0, h - 0.005), (0.008, 0, h + 0.006), 0.006)
        else:
            b.rod((0, 0, 0.02), (0, 0, h * 0.6), 0.006)
            b.blob((0.035,) * 3, (0, 0, h * 0.65))
    for s in (-1, 1):
        b.part(*BUTTON, joint=presses((0, 0, -1)))
        b.rod((w * 0.7, s * w * 0.5, 0.033), (w * 0.7, s * w * 0.5, 0.042), 0.01)


def _clock_face(b: Builder, r: float, square: bool) -> None:
    """Face and hands looking along +x, centred at the origin."""
    b.part("face", "dial", "clock face", "where to read the time")
    if square:
        b.box((0.003, 2 * r, 2 * r), (-0.001, 0, 0))
    else:
        b.rod((-0.003, 0, 0), (0.001, 0, 0), r, sides=24)
    b.part("hands", "pointers", "clock hands", "what shows the time")
    for long, wide in ((0.5, 0.05), (0.8, 0.035)):
        with b.moved((0.004, 0, 0), roll=b.u(0, 6.28)):
            b.box((0.002, r * wide * 2, r * long), (0, 0, r * long / 2 - r * 0.08))
    b.rod((0, 0, 0), (0.007, 0, 0), r * 0.06)


@kind("wall clock", rest="mounted")
def wall_clock(b: Builder) -> None:
    r, t, square = b.u(0.09, 0.2), b.u(0.02, 0.05), b.maybe(0.3)
    b.part("frame", "body", "rim", "case")
    if square:
        b.box((t, 2.2 * r, 2.2 * r), (t / 2, 0, 0), round=0.1)
        x = t
    else:
        with b.moved(pitch=np.pi / 2):
            b.lathe([(0, 0), (r * 1.12, 0), (r * 1.15, t * 0.7), (r * 1.08, t), (r, t), (r * 0.99, t * 0.6)])
        x = t * 0.62
    with b.moved((x + 0.001, 0, 0)):
        _clock_face(b, r * 0.98, square)


@kind("alarm clock", "table clock", "clock")
def alarm_clock(b: Builder) -> None:
    r, t = b.u(0.035, 0.06), b.u(0.03, 0.06)
    form = b.pick("bells", "bells", "box", "digital")
    z = r + (0.012 if form == "bells" else 0.004)
    body = b.part("body", "case", "housing")
    if form == "bells":
        b.rod((-t / 2, 0, z), (t / 2, 0, z), r, sides=24)
    elif form == "box":
        b.box((t, 2.2 * r, 2.1 * r), (0, 0, z), round=b.u(0.1, 0.5))
    else:
        b.extrude([(-t, 0), (t, 0), (t * 0.6, 1.3 * r), (-t * 0.6, 1.3 * r)], 4 * r, plane="xz", bevel=0.03)
    if form == "digital":
        b.part("display", "screen", "face", "where to read the time", inside=body)
        with b.moved((t * 0.8, 0, r * 0.65), pitch=-0.3 * t / r):
            b.box((0.004, 3.3 * r, 0.85 * r), (0.001, 0, 0))
        b.part("button", "snooze button", "alarm button", "what to press", joint=presses((0, 0, -1)))
        b.box((t * 0.5, r * b.u(0.8, 2), 0.012), (0, 0, 1.3 * r), round=0.5)
        return
    with b.moved((t / 2 + 0.001, 0, z)):
        _clock_face(b, r * 0.9, form == "box" and b.maybe())
    if form == "bells":
        for s in (-1, 1):
            b.part("bell", "gong", "what rings")
            with b.moved((0, s * r * 0.6, z + r * 0.85), roll=-s * 0.55):
                b.lathe([(0, r * 0.42), (r * 0.32, r * 0.3), (r * 0.45, 0), (0, 0)])
            b.part("foot", "leg", "what it stands on")
            b.cone((0, s * r * 0.6, z - r * 0.75), (0, s * r * 0.8, 0), 0.006, 0.004)
        if b.maybe(0.7):
            b.part("handle", "ring", "loop handle", "part to hold it by")
            b.tube([(0, -r * 0.35, z + r), (0, 0, z + r * 1.6), (0, r * 0.35, z + r)], 0.003)
    else:
        b.part("button", "snooze button", "alarm button", "what to press", joint=presses((0, 0, -1)))
        b.box((t * 0.4, r * 0.6, 0.012), (0, 0, z + r * 1.07), round=0.4)
    b.part("knob", "winding key", "dial", "what to turn", joint=spins((1, 0, 0)))
    b.rod((-t / 2 - 0.01, 0, z), (-t / 2 + 0.001, 0, z), r * 0.2)


@kind("hand-held fan", "mini fan", rest="lies")
def mini_fan(b: Builder) -> None:
    r = b.u(0.035, 0.05)
    b.part(*HANDLE)
    bar(b, -r - b.u(0.08, 0.12) * np.array([1, 0.95, 0.3, -0.05]), (0.012, 0.014, 0.013, 0.009))
    b.part("grille", "cage", "ring", "what protects the fingers")
    b.ring((0, 0, 0), r, 0.006)
    for a in np.arange(3) * np.pi / 3:
        for z in (-0.012, 0.012):
            b.tube(
                [
                    (-r * np.cos(a), -r * np.sin(a), z * 0.5),
                    (0, 0, z),
                    (r * np.cos(a), r * np.sin(a), z * 0.5),
                ],
                0.001,
                sides=5,
                steps=6,
            )
    b.part("blades", "propeller", "fan blades", "what moves the air")
    for a in np.arange(3) * 2.09:
        with b.moved(yaw=a):
            b.ribbon([(0, 0.004), (r * 0.85, r * 0.35)], [(0, -0.004), (r * 0.85, -r * 0.2)], 0.0015)
    b.part(*BUTTON, joint=presses((0, 0, -1)))
    b.rod((-r - 0.03, 0, 0.011), (-r - 0.03, 0, 0.017), 0.006)
