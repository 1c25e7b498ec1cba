"""Beds, upholstered seats, cases and lamps: the arrangements that furniture has in homes are all generated."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.shapes.builder import Builder
from part_perception.shapes.kinds import KINDS
from part_perception.shapes.kinds.furniture.armchairs import lounge_chair, tub_chair
from part_perception.shapes.kinds.furniture.bedding import bed_end, bedding, blanket
from part_perception.shapes.kinds.furniture.carcass import Case, carcass_with_fronts

PARTS = {
    "bed": "frame|mattress|pillow|blanket|headboard|footboard|leg",
    "cot": "rail|bar|mattress|blanket|drawer|leg|rocker|headboard",
    "loft bed": "post|mattress|stairs|ladder|desk|guard rail",
    "armchair": "seat|back|arm rest|base|leg|shell|headrest|footstool",
    "sofa": "seat|back|arm rest|base|leg|pillow|chaise",
    "wall lamp": "lampshade|arm|bulb|glass|frame|top",
    "chandelier": "arm|body|pole|candle|bulb|cup|lampshade",
    "picture frame": "frame|picture|stand",
    "sandwich maker": "base|lid|handle|clasp|foot",
}


def of_part(shape, name: str) -> np.ndarray:
    """Return the corners of all parts whose first name is `name`."""
    own = [i for i, p in enumerate(shape.parts) if p.names[0] == name]
    return shape.quads[np.isin(shape.part, own)].reshape(-1, 3)


@pytest.mark.parametrize("kind", PARTS)
def test_every_part_appears_and_is_finite(kind):
    shapes = [KINDS[kind].make(np.random.default_rng(seed)) for seed in range(60)]
    assert all(np.isfinite(s.quads).all() for s in shapes)
    found = {p.names[0] for s in shapes for p in s.parts}
    assert not set(PARTS[kind].split("|")) - found


def test_a_blanket_lies_on_the_mattress_and_hangs_down_by_its_drop():
    for seed in range(20):
        b = Builder(np.random.default_rng(seed))
        blanket(b, 1.4, 2.0, 0.5, -0.6, 0.3, 0.04)
        cloth = b.shape("blanket", ("blanket",)).quads.reshape(-1, 3)
        assert cloth[:, 2].min() == pytest.approx(0.2)
        assert 0.54 <= cloth[:, 2].max() < 0.65
        assert np.ptp(cloth[:, 1]) > 1.4
        assert cloth[:, 0].min() == -0.6
        assert cloth[:, 0].max() >= 1.0


def test_bedding_is_sometimes_bare_and_covers_at_most_the_pillows_end():
    names = []
    for seed in range(60):
        b = Builder(np.random.default_rng(seed))
        bedding(b, 1.6, 2.0, 0.3)
        shape = b.shape("bed", ("bed",))
        names.append({p.names[0] for p in shape.parts})
        assert of_part(shape, "pillow")[:, 0].mean() < -0.5
    assert 30 < sum("blanket" in n for n in names) < 60


def test_an_arched_end_is_highest_in_its_middle():
    b = Builder(np.random.default_rng(1))
    bed_end(b, 0.0, 1.6, 0.2, 1.2, ("headboard",), "arch")
    board = b.shape("bed", ("bed",)).quads.reshape(-1, 3)
    middle, side = np.abs(board[:, 1]) < 0.3, np.abs(board[:, 1]) > 0.7
    assert board[middle, 2].max() == pytest.approx(1.2, abs=0.01)
    assert board[side, 2].max() < 1.05


def test_a_tub_chair_opens_to_the_front_and_its_back_is_higher_than_its_arms():
    for seed in range(30):
        b = Builder(np.random.default_rng(seed))
        tub_chair(b)
        shape = b.shape("armchair", ("armchair",))
        seat = of_part(shape, "seat")
        assert seat[:, 2].max() < 0.5
        if "arm rest" in {p.names[0] for p in shape.parts}:
            back, arm = of_part(shape, "back"), of_part(shape, "arm rest")
            assert back[:, 0].mean() < arm[:, 0].mean()
            assert back[:, 2].max() > arm[:, 2].max() - 1e-9
            assert back[:, 2].max() > seat[:, 2].max() + 0.2


def test_a_lounge_chair_reclines():
    for seed in range(20):
        b = Builder(np.random.default_rng(seed))
        lounge_chair(b)
        back = of_part(b.shape("armchair", ("armchair",)), "back")
        top = back[back[:, 2] > np.quantile(back[:, 2], 0.75)]
        assert top[:, 0].mean() < back[:, 0].mean() - 0.05


def test_a_face_frame_shows_around_every_front():
    def door_width(face_frame: float) -> float:
        b = Builder(np.random.default_rng(0))
        carcass_with_fronts(b, Case(0.6, 0.4, 0.8, ((1, (("door", 1),)),), ajar=0.0, face_frame=face_frame))
        return float(np.ptp(of_part(b.shape("cabinet", ("cabinet",)), "door")[:, 1]))

    assert door_width(0.0) > 0.56
    assert 0.48 < door_width(0.04) < 0.53


def test_a_wide_fridge_mostly_has_its_dispenser_in_the_left_door():
    left = right = 0
    for seed in range(200):
        shape = KINDS["refrigerator"].make(np.random.default_rng(seed))
        points = of_part(shape, "dispenser")
        if len(points):
            left, right = left + (points[:, 1].mean() < 0), right + (points[:, 1].mean() > 0)
    assert left > 2 * right > 0
