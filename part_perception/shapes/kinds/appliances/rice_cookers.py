"""Rice cookers and similar: a pot in a heated housing under a lid. Fronts face +x."""

from __future__ import annotations

from part_perception.shapes.builder import Builder, lifts, presses, turns
from part_perception.shapes.forms import loft
from part_perception.shapes.kinds import kind
from part_perception.shapes.kinds.appliances.controls import Field, control_panel
from part_perception.shapes.kinds.appliances.fronts import opening_angle
from part_perception.shapes.lexicon import HOUSING, LID


@kind("rice cooker", "multi cooker", "slow cooker", "pressure cooker")
def rice_cooker(b: Builder) -> None:
    r, h = b.u(0.1, 0.15), b.u(0.12, 0.24)
    boxy, squash = b.pick(0.0, b.u(0.2, 0.6)), b.u(0.85, 1.0)
    loose, angle = b.maybe(0.35), opening_angle(b, 0.35, 1.4)
    b.part(*HOUSING)
    low = b.u(0.75, 0.95)
    outer = [
        (r * low, r * low * squash, 0.008),
        (r, r * squash, h * 0.3),
        (r, r * squash, h * 0.85),
        (r * 0.97, r * 0.97 * squash, h),
    ]
    loft(
        b,
        [
            (0, 0, 0.008),
            *outer,
            *[(x - 0.018, y - 0.018, z) for x, y, z in outer[:1:-1]],
            (r * 0.8, r * 0.8 * squash, 0.03),
            (0, 0, 0.03),
        ],
        boxy,
    )
    if angle or loose:
        b.part("inner pot", "pot", "bowl", "where the food goes", joint=lifts())
        q = r - 0.022
        loft(
            b,
            [
                (q, q * squash, h - 0.002),
                (q * 0.98, q * 0.98 * squash, h * 0.3),
                (q * 0.8, q * 0.8 * squash, h * 0.2),
                (0, 0, h * 0.18),
            ],
            boxy,
        )
    rise = b.u(0.02, 0.06)
    joint = lifts() if loose else turns((0, -1, 0), angle=1.5, now=angle)
    with b.moved((-r, 0, h + 0.002), pitch=-(0.0 if loose else angle)):
        lid = b.part(*LID, joint=joint)
        with b.moved((r, 0, 0)):
            loft(
                b,
                [
                    (0, 0, 0),
                    (r * 0.98, r * 0.98 * squash, 0),
                    (r * 0.97, r * 0.97 * squash, rise * 0.4),
                    (r * 0.6, r * 0.6 * squash, rise * 0.95),
                    (0, 0, rise),
                ],
                boxy,
            )
            if loose or b.maybe(0.4):
                b.part("knob", "lid knob", "lid handle", "what to lift the lid by", inside=lid)
                b.lathe(
                    [
                        (0.012, rise - 0.004),
                        (0.01, rise + 0.012),
                        (0.022, rise + 0.02),
                        (0.018, rise + 0.032),
                        (0, rise + 0.034),
                    ]
                )
            elif b.maybe(0.6):
                b.part(
                    "handle",
                    "carrying handle",
                    "grip",
                    "part to carry it by",
                    inside=lid,
                    joint=turns((0, 1, 0), (0, 0, rise * 0.5), 1.5),
                )
                b.tube(
                    [
                        (0, -r * squash, rise * 0.4),
                        (r * 0.3, -r * squash * 0.9, rise + 0.05),
                        (r * 0.4, 0, rise + 0.065),
                        (r * 0.3, r * squash * 0.9, rise + 0.05),
                        (0, r * squash, rise * 0.4),
                    ],
                    0.008,
                    flat=1.6,
                )
            if b.maybe(0.4):
                b.part("steam vent", "valve", "vent", "where the steam comes out", inside=lid)
                b.rod((-r * 0.5, 0, rise * 0.5), (-r * 0.5, 0, rise + 0.012), 0.016)
            if not loose and b.maybe(0.6):
                b.part(
                    "open button",
                    "button",
                    "latch",
                    "what to press to open it",
                    inside=lid,
                    joint=presses((-1, 0, 0)),
                )
                b.box((0.02, 0.045, 0.014), (r * 0.98, 0, rise * 0.3), round=0.4)
    wide, tall = r * b.u(0.7, 1.1), h * b.u(0.3, 0.5)
    control_panel(
        b,
        Field(0, h * b.u(0.4, 0.5), wide, tall),
        0.006,
        x=r * 0.985,
        content=b.pick(("buttons",), ("knobs",), ("display", "keys"), ("display", "buttons")),
    )
    for s in (1, -1) if b.maybe(0.6) else ():
        b.part("handle", "side handle", "grip", "part to hold it by")
        b.box((0.08, 0.045, 0.016), (0, s * (r * squash + 0.014), h * 0.75), round=0.6)
