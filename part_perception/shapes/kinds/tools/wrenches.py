"""Wrenches of all types."""

import numpy as np

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.tools.handtools import JAW, bar, grip
from part_perception.shapes.lexicon import HANDLE, TOOL_HANDLE


def _open_end(b: Builder, x: float, r: float, t: float, turn: float, side: float) -> None:
    """A fork for a nut, opening away from the handle."""
    with b.moved((x, 0, 0), yaw=turn + (0 if side > 0 else np.pi)):
        bend = np.linspace(0.75, 2 * np.pi - 0.75, 14)
        inner = np.where(np.abs(np.sin(bend)) > 0.5, 0.5, 0.62) * r
        ring = np.stack([np.cos(bend), np.sin(bend)], 1)
        b.ribbon(ring * r, ring * inner[:, None], t)


def _ring_end(b: Builder, x: float, r: float, t: float) -> None:
    b.ring((x, 0, 0), r, t, squash=b.u(0.95, 1.05))


@kind("wrench", "spanner", "combination wrench", rest="lies")
def wrench(b: Builder) -> None:
    length, r = b.u(0.1, 0.3), b.u(0.1, 0.14)
    r *= length * 0.9
    t = r * b.u(0.35, 0.6)
    form = b.pick("open-open", "open-ring", "ring-ring")
    b.part(*HANDLE)
    bar(
        b,
        (-length + r, -length * 0.5, -r * 0.9),
        (r * 0.42, r * b.u(0.35, 0.45), r * 0.5),
        flat=b.u(0.4, 0.7),
    )
    for x, s, k in ((0.0, 1, form[:4]), (-length, -1, form[-4:])):
        b.part(
            "head" if k == "ring" else "jaw", "open end" if k == "open" else "ring end", "what grips the nut"
        )
        scale = r * (1 if s > 0 else b.u(0.8, 1))
        if k == "open":
            _open_end(b, x, scale, t, b.u(0, 0.35), s)
        else:
            _ring_end(b, x + s * r * 0.1, scale * 0.75, scale * 0.27)


@kind("adjustable wrench", "monkey wrench", "adjustable spanner", rest="lies")
def adjustable_wrench(b: Builder) -> None:
    length = b.u(0.15, 0.32)
    w, t, gap = length * b.u(0.05, 0.065), length * b.u(0.035, 0.05), length * b.u(0.01, 0.12)
    b.part(*HANDLE)
    y = np.array([0.9, 1.15, 0.8, 0.75, 0.9]) * w
    x = np.array([-length, -length * 0.93, -length * 0.5, -length * 0.2, 0.0])
    b.ribbon(np.stack([x, y], 1), np.stack([x, -y], 1), t)
    b.part(*JAW)
    b.ribbon(
        [(-0.002, w), (w * 1.5, w * 2.4), (w * 2.2, w * 2.6), (w * 5, w * 1.7)],
        [(-0.002, -w), (w * 1.2, -w * 1.3), (w * 2.2, w * 0.6), (w * 5, w * 0.9)],
        t * 1.3,
    )
    b.part("jaw", "movable jaw", "sliding jaw", "what grips")
    with b.moved((w * 2.2, w * 0.5 - gap, 0)):
        b.ribbon(
            [(-w * 1.4, -w * 0.6), (0, -w * 0.05), (w * 2.6, -w * 0.1)],
            [(-w * 1.4, -w * 1.5), (0, -w * 1.3), (w * 2.3, -w * 0.9)],
            t * 1.1,
        )
    b.part("wheel", "adjusting screw", "knurl", "what to turn to set the jaw")
    b.rod((w * 0.6, -w * 0.9, 0), (w * 1.6, -w * 0.6, 0), t * 0.85)


@kind("pipe wrench", "pipe tongs", rest="lies")
def pipe_wrench(b: Builder) -> None:
    length = b.u(0.2, 0.45)
    w = length * 0.05
    b.part(*HANDLE)
    bar(b, (-length, -length * 0.95, -length * 0.3, 0.01), (w * 0.6, w, w * 0.8, w), flat=0.6)
    b.part(*JAW)
    b.box((w * 2, w * 2.2, w * 1.5), (w * 0.5, w * 0.5, 0), taper=0.9)
    b.part("jaw", "hook jaw", "movable jaw", "what grips")
    gap = b.u(0.3, 2.5) * w
    b.tube(
        [
            (-w, -w * 1.4, 0),
            (w * 1.2 + gap, -w * 1.2, 0),
            (w * 2.4 + gap, -w * 0.6, 0),
            (w * 2.5 + gap, w * 2, 0),
        ],
        w * 0.75,
        smooth=False,
        sides=6,
    )
    b.part("nut", "adjusting nut", "what to turn to set the jaw")
    b.rod((-w * 1.2, -w * 0.9, 0), (-w * 0.2, -w * 0.9, 0), w * 0.9)


@kind("socket wrench", "ratchet", "socket spanner", rest="lies")
def socket_wrench(b: Builder) -> None:
    length, r = b.u(0.14, 0.28), b.u(0.012, 0.018)
    b.part(*TOOL_HANDLE)
    grip(b, -length, -r * 0.8, r * 0.7)
    b.part("head", "ratchet head", "working end")
    b.rod((0, 0, -r * 0.6), (0, 0, r * 0.6), r)
    b.part("socket", "nut socket", "what fits the nut", "what grips the nut")
    b.cone((0, 0, -r * 0.6), (0, 0, -r * b.u(1.6, 3)), r * 0.55, r * b.u(0.5, 0.9))


@kind("allen key", "hex key", "hex wrench", rest="lies")
def allen_key(b: Builder) -> None:
    length, r = b.u(0.05, 0.2), b.u(0.0012, 0.005)
    short = length * b.u(0.25, 0.45)
    b.part("long arm", "handle", "shaft", "part to hold it by")
    b.tube([(0, 0, 0), (-length, 0, 0)], r, sides=6, smooth=False)
    b.part("short arm", "tip", "bent end", "end that fits the screw")
    b.tube([(-r, 0, 0), (r, r, 0), (r * 2, r * 3, 0), (r * 2, short, 0)], r, sides=6, steps=10)
