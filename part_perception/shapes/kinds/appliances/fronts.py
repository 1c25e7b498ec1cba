"""Machine fronts: housings with cavities, doors that open, and their handles. Fronts face +x at x = 0."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np

from part_perception.shapes.builder import Builder, Joint, turns
from part_perception.shapes.kinds.appliances.controls import Field
from part_perception.shapes.lexicon import DOOR, FOOT, GLASS, HOUSING, INTERIOR, PULL

HANDLE_FORMS = ("bar", "bar", "bow", "square", "strip", "recess")


def housing(b: Builder, front: Field, deep: float, cavities=(), names=HOUSING, round: float = 0.0) -> int:
    """A part: the body behind a front, solid but for its cavities [(field, depth), ...], which open forwards."""
    body = b.part(*names)
    if not cavities:
        b.box((deep, front.wide, front.tall), (-deep / 2, front.y, front.z), round=round)
        return body
    y0, y1, z0, z1 = front.ends
    levels = sorted({z0, z1, *(z for c, _ in cavities for z in c.ends[2:])})
    for low, high in zip(levels[:-1], levels[1:], strict=True):
        at, across = y0, [(c, k) for c, k in cavities if c.ends[2] < (low + high) / 2 < c.ends[3]]
        for c, k in sorted(across, key=lambda pair: pair[0].y):
            _block(b, at, c.ends[0], low, high, 0.0, deep)
            _block(b, c.ends[0], c.ends[1], low, high, k, deep)
            at = c.ends[1]
        _block(b, at, y1, low, high, 0.0, deep)
    return body


def _block(b: Builder, y0, y1, z0, z1, front: float, back: float) -> None:
    if y1 - y0 > 1e-6 and z1 - z0 > 1e-6 and back - front > 1e-6:
        b.box((back - front, y1 - y0, z1 - z0), (-(front + back) / 2, (y0 + y1) / 2, (z0 + z1) / 2))


def lining(b: Builder, cavity: Field, deep: float, inside: int = -1, names=INTERIOR) -> int:
    """A part: the walls of a cavity, as seen through the open door."""
    part = b.part(*names, inside=inside)
    y0, y1, z0, z1 = cavity.smaller(0.001).ends
    ring = np.array([(y0, z0), (y1, z0), (y1, z1), (y0, z1), (y0, z0)])
    middle = np.broadcast_to(ring[:4].mean(axis=0), ring.shape)
    rows = [(ring, -0.001), (ring, -deep + 0.001), (middle, -deep + 0.001)]
    b.sheet(np.stack([np.concatenate([np.full((5, 1), x), yz], axis=1) for yz, x in rows]))
    return part


@contextmanager
def hung(b: Builder, field: Field, hinge: str, angle: float, x: float = 0.0, most: float = 2.0):
    """Within the block, the origin is the centre of a leaf that turns about the edge '+y', '-y', 'low' or 'top'.

    Yields the leaf's joint.
    """
    half_y, half_z = field.wide / 2, field.tall / 2
    edge = {"+y": (half_y, 0), "-y": (-half_y, 0), "low": (0, -half_z), "top": (0, half_z)}[hinge]
    axis = {"+y": (0, 0, 1), "-y": (0, 0, -1), "low": (0, 1, 0), "top": (0, -1, 0)}[hinge]
    at = (x, field.y + edge[0], field.z + edge[1])
    with b.moved(at, pitch=axis[1] * angle, yaw=axis[2] * angle), b.moved((0, -edge[0], -edge[1])):
        yield turns(axis, (0, *edge), max(most, angle), angle)


def leaf(
    b: Builder, wide: float, tall: float, thick: float, joint: Joint, window: Field | None = None, names=DOOR
) -> int:
    """A part: a door leaf about the origin; and its window, proud of the leaf or set into it."""
    part = b.part(*names, joint=joint)
    if window is None:
        b.box((thick, wide, tall), (thick / 2, 0, 0), round=b.pick(0.0, 0.3, 0.8))
        return part
    proud = b.maybe(0.5) or thick < 0.012
    if proud:
        b.box((thick, wide, tall), (thick / 2, 0, 0), round=b.pick(0.0, 0.3, 0.8))
    else:
        y0, y1, z0, z1 = window.ends
        for low, high, left, right in (
            (-wide / 2, y0, -tall / 2, tall / 2),
            (y1, wide / 2, -tall / 2, tall / 2),
            (y0, y1, -tall / 2, z0),
            (y0, y1, z1, tall / 2),
        ):
            b.box((thick, high - low, right - left), (thick / 2, (low + high) / 2, (left + right) / 2))
    b.part(*GLASS, inside=part)
    x = thick + 0.001 if proud else thick - b.u(0.004, 0.01)
    b.box((0.006, window.wide, window.tall), (x, window.y, window.z), round=b.pick(0, 0.5))
    return part


def handle(b: Builder, at, upright: bool, span: float, inside: int, form: str = "", names=PULL) -> None:
    """A part: the handle that opens a leaf, at a point on its face."""
    form = form or b.pick(*HANDLE_FORMS)
    reach, r, half = b.u(0.025, 0.055), b.u(0.005, 0.012), span / 2
    b.part(*names, inside=inside)
    with b.moved(at, roll=np.pi / 2 if upright else 0.0):
        if form == "bar":
            b.rod((reach, -half, 0), (reach, half, 0), r)
            for s in (1, -1):
                b.rod((-0.001, s * half * 0.85, 0), (reach, s * half * 0.85, 0), r * 0.8)
        elif form == "bow":
            turn = np.linspace(-1, 1, 9)
            b.tube(
                np.stack([reach * (1 - np.abs(turn) ** 2.5), half * turn, 0 * turn], 1), r, flat=b.u(0.8, 1.8)
            )
        elif form == "square":
            b.tube(
                [(0, -half, 0), (reach, -half, 0), (reach, half, 0), (0, half, 0)],
                r,
                flat=b.u(0.8, 2),
                smooth=False,
            )
        elif form == "strip":
            b.box((b.u(0.012, 0.03), span, b.u(0.01, 0.025)), (0.008, 0, 0), round=b.u(0, 0.6))
        elif form == "knob":
            k = b.u(0.012, 0.02)
            with b.moved(pitch=np.pi / 2):
                b.lathe([(k * 0.5, -0.001), (k * 0.5, k), (k, k * 1.4), (k * 0.8, k * 2), (0, k * 2.1)])
        else:
            deep, tall = b.u(0.005, 0.012), b.u(0.03, 0.05)
            for s in (1, -1):
                b.box((deep, span, 0.006), (deep / 2, 0, s * tall / 2))
                b.box((deep, 0.006, tall), (deep / 2, s * half, 0))
            b.box((0.003, span, tall), (0.001, 0, 0))


def feet(b: Builder, wide: float, deep: float, high: float, y: float = 0.0) -> None:
    """Parts: four feet of height `high` under a housing whose front is at x = 0."""
    r, square = b.u(0.008, 0.02), b.maybe(0.3)
    for x in (-0.12 * deep, -0.88 * deep):
        for s in (1, -1):
            b.part(*FOOT)
            if square:
                b.box((r * 2, r * 2, high), (x, y + s * wide * 0.42, high / 2))
            else:
                b.cone((x, y + s * wide * 0.42, 0), (x, y + s * wide * 0.42, high + 0.001), r * 0.85, r)


def rack(b: Builder, x: float, y: float, z: float, deep: float, wide: float, names, high: float = 0.0) -> int:
    """A part: a wire shelf, or with a height a wire basket, whose front edge is at x."""
    part = b.part(*names)
    r = 0.0035
    for top in (0.0, high) if high else (0.0,):
        ring = [(x, y - wide / 2), (x, y + wide / 2), (x - deep, y + wide / 2), (x - deep, y - wide / 2)]
        b.tube([(p, q, z + top) for p, q in [*ring, ring[0]]], r * 1.3, sides=6, smooth=False)
    for k in np.linspace(-0.5, 0.5, b.n(7, 12)) * wide * 0.94:
        path = [(x, y + k, z), (x - deep, y + k, z)]
        path = [(x, y + k, z + high), *path, (x - deep, y + k, z + high)] if high else path
        b.tube(path, r, sides=5, smooth=False)
    if high:
        for k in np.linspace(-0.5, 0.5, 6) * deep * 0.94:
            p = x - deep / 2 + k
            b.tube(
                [(p, y - wide / 2, z + high), (p, y - wide / 2, z), (p, y + wide / 2, z), (p, y + wide / 2, z + high)],
                r, sides=5, smooth=False,
            )  # fmt: skip
    return part


def opening_angle(b: Builder, chance: float, most: float) -> float:
    """How far a door stands open: often closed, otherwise anywhere from ajar to fully open."""
    return b.u(0.12, most) if b.maybe(chance) else 0.0
