"""Appliances, fixtures and devices: whole over seeds, with their parts, and what opens does so outwards."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.shapes.builder import Builder, Shape, joint_of
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.kinds.appliances.controls import Field, control_panel
from part_perception.shapes.kinds.appliances.fronts import housing, hung, leaf
from part_perception.training.batches import COMMON

PARTS = {
    "microwave": "body|door|window|handle|control panel|button|knob|display|open button|inside|turntable",
    "oven": "body|door|window|handle|control panel|knob|cooktop|burner|grate|drawer|inside|rack",
    "built-in oven": "body|door|window|handle|control panel|knob|display|inside|rack|baking tray",
    "toaster oven": "body|door|window|handle|control panel|knob|foot|inside|rack",
    "cooktop": "plate|burner|grate|knob",
    "range hood": "hood|chimney|filter|button",
    "deep fryer": "body|lid|basket|handle|control panel|knob",
    "refrigerator": "body|door|handle|drawer|shelf|inside|door shelf|dispenser|foot",
    "chest freezer": "body|lid|handle|inside|control panel",
    "dishwasher": "body|door|handle|control panel|rack|inside|base",
    "washing machine": "body|door|window|handle|drum|drawer|control panel|knob|door frame|lid",
    "tumble dryer": "body|door|handle|control panel|knob",
    "coffee machine": "body|carafe|handle|lid|hot plate|filter holder|water tank|switch",
    "espresso machine": "body|drip tray|brew group|portafilter|steam wand|handle|control panel",
    "capsule machine": "body|lever|spout|drip tray|water tank|button",
    "bean to cup machine": "body|spout|drip tray|grid|water tank|control panel|lid",
    "water cooler": "body|tap|lever|bottle|drip tray|door",
    "rice cooker": "body|lid|inner pot|handle|control panel|knob|steam vent",
    "vending machine": "body|window|goods|control panel|slot|flap|button",
    "ticket machine": "body|screen|control panel|slot|flap|door",
    "fan": "base|pole|motor|blades|guard",
    "pedestal fan": "base|pole|motor|blades|guard|control box|control panel",
    "tower fan": "base|body|grille|control panel|button",
    "box fan": "frame|blades|guard|handle|foot|knob",
    "ceiling fan": "mount|rod|motor|blades|lamp|pull chain",
    "camera": "body|lens|viewfinder|flash|shutter button|grip|dial|strap lug|screen|ring",
    "film camera": "body|lens|viewfinder|shutter button|winding knob|lever|bellows",
    "action camera": "body|lens|shutter button|mount",
    "instant camera": "body|lens|flash|viewfinder|shutter button|slot",
    "security camera": "mount|body|lens|dome|arm",
    "remote control": "body|button|power button|navigation ring|ok button|buttons",
    "power drill": "body|handle|trigger|chuck|bit|battery|cord",
    "cordless drill": "body|handle|trigger|chuck|bit|battery",
    "C-clamp": "frame|jaw|screw|pad|handle",
    "F-clamp": "bar|fixed arm|sliding arm|screw|pad|handle",
    "bar clamp": "bar|jaw|pad|handle|trigger|release lever",
    "spring clamp": "handle|jaw|pad|spring",
    "toggle clamp": "base|arm|handle|pad|hinge",
    "toilet": "bowl|seat|lid|tank|tank lid|flush button|flush lever|flush plate|pull chain",
    "bidet": "bowl|faucet|spout|handle",
    "shower set": "body|mount|handle|riser|holder|shower head|hose|arm",
    "shower cabin": "tray|wall|frame|glass panel|door|handle|shower head",
    "bath mixer": "body|mount|handle|spout",
    "bathtub": "tub|drain|faucet|rim|foot",
    "monitor": "frame|screen|stand|neck|base|foot",
    "television": "frame|screen|stand|neck|foot",
    "all-in-one computer": "frame|screen|keyboard|keys|mouse|wheel",
    "computer tower": "body|front panel|power button|drive|port|foot",
    "printer": "body|output tray|lid|paper tray|paper feeder|control panel|scanner glass",
    "copier": "body|lid|paper tray|output tray|control panel|screen|wheel",
    "receipt printer": "body|lid|paper|button",
    "3D printer": "base|frame|rail|print head|nozzle|bed|spool|control panel",
    "pedal bin": "body|lid|pedal|inner bucket|base",
    "swing bin": "body|lid|flap",
}  # fmt: skip
SEEDS = range(20)
OPENS_BY_DOOR = (
    "microwave",
    "built-in oven",
    "refrigerator",
    "dishwasher",
    "washing machine",
    "tumble dryer",
)


def points_of(shape: Shape, part: int) -> np.ndarray:
    """All corners of a part instance."""
    return shape.quads[shape.part == part].reshape(-1, 3)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_kinds_are_whole_over_seeds(name):
    seen = set()
    for seed in SEEDS:
        shape = KINDS[name].make(np.random.default_rng(seed))
        assert np.isfinite(shape.quads).all()
        cross = np.cross(shape.quads[:, 2] - shape.quads[:, 0], shape.quads[:, 3] - shape.quads[:, 1])
        area = np.linalg.norm(cross, axis=1) / 2
        assert area.min() > 1e-12, "a quad without a surface"
        of_part = np.bincount(shape.part, area, len(shape.parts))
        assert (of_part > 1e-6).all(), [
            p.names[0] for p, a in zip(shape.parts, of_part, strict=True) if a <= 1e-6
        ]
        seen |= {part.names[0] for part in shape.parts}
    assert set(PARTS[name].split("|")) <= seen


@pytest.mark.parametrize("name", OPENS_BY_DOOR)
def test_doors_open_outwards(name):
    """From where a door stands, a little further by its joint moves its handle out of the front or away from it."""
    checked = 0
    for seed in SEEDS:
        shape = KINDS[name].make(np.random.default_rng(seed))
        for i, part in enumerate(shape.parts):
            if part.names[0] != "door" or part.joint is None or part.joint.low < 0:
                continue
            at = points_of(shape, i)
            assert part.joint.moved(at, 0.3)[:, 0].mean() > at[:, 0].mean() + 0.01
            checked += 1
    assert checked >= 5


def test_an_open_microwave_shows_its_inside_and_a_shut_one_does_not():
    opened = []
    for seed in SEEDS:
        parts = KINDS["microwave"].make(np.random.default_rng(seed)).parts
        door = next(p for p in parts if p.names[0] == "door")
        assert (door.joint.low < 0) == any(p.names[0] == "inside" for p in parts)
        opened.append(door.joint.low < 0)
    assert any(opened) and not all(opened)


def test_buttons_are_pressed_and_knobs_turn_on_every_panel():
    for seed in SEEDS:
        b = Builder(np.random.default_rng(seed))
        panel = control_panel(b, Field(0, 0, 0.5, 0.08), 0.004)
        shape = b.shape("panel", ("panel",))
        kinds = {"button": "presses", "knob": "turns"}
        for i, part in enumerate(shape.parts[1:], start=1):
            assert part.parent == panel
            assert points_of(shape, i)[:, 0].max() >= 0.004 + 0.002, "a depth camera cannot see what is flat"
            if part.names[0] in kinds:
                assert joint_of(shape, i).kind == kinds[part.names[0]]


def test_a_housing_is_open_where_its_cavities_are():
    b = Builder(np.random.default_rng(0))
    housing(b, Field(0, 0.5, 1.0, 1.0), 0.6, [(Field(0.1, 0.5, 0.4, 0.4), 0.5)])
    middles = b.shape("x", ("x",)).quads.mean(axis=1)
    inside = (abs(middles[:, 1] - 0.1) < 0.19) & (abs(middles[:, 2] - 0.5) < 0.19) & (middles[:, 0] > -0.49)
    assert not inside.any()
    assert np.allclose(np.ptp(middles, axis=0), (0.6, 1.0, 1.0))


@pytest.mark.parametrize(("hinge", "reach"), [("+y", 0.4), ("-y", 0.4), ("low", 0.6), ("top", 0.6)])
def test_a_hung_leaf_turns_about_its_edge(hinge, reach):
    """At a right angle its free edge stands straight out of the front, over the edge that it turns about."""
    b = Builder(np.random.default_rng(0))
    with hung(b, Field(0, 0, 0.4, 0.6), hinge, np.pi / 2) as swing:
        leaf(b, 0.4, 0.6, 0.02, swing)
    shape = b.shape("x", ("x",))
    at = shape.quads.reshape(-1, 3)
    assert at[:, 0].max() == pytest.approx(reach, abs=1e-9)
    shut = shape.parts[0].joint.moved(at, -np.pi / 2)
    assert np.allclose(np.ptp(shut, axis=0), (0.02, 0.4, 0.6)) and shut[:, 0].min() == pytest.approx(
        0, abs=1e-9
    )


def test_important_kinds_are_frequent():
    assert {
        "microwave",
        "oven",
        "refrigerator",
        "dishwasher",
        "washing machine",
        "camera",
        "fan",
        "toilet",
    } <= COMMON
    assert set(KINDS) >= COMMON
    assert all(
        KINDS[name].front for name in ("microwave", "oven", "refrigerator", "dishwasher", "television")
    )
