"""Fragments: what is measured of them and of two, what merging keeps, and which are joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from part_perception.errors import InputError
from part_perception.evaluation.overlap import isolation
from part_perception.evaluation.scenes import draw
from part_perception.scene import ScenePerception
from part_perception.scene.cell_image import CellImage
from part_perception.scene.fragment_kernels import CELLS, HIGH, LOW, NEAR, UNLINKED, form
from part_perception.scene.fragments import EVIDENCE, MOST, Fragments, join_fragments
from part_perception.scene.joining import BACKGROUND, CLASSES, JOINED, OBJECT, OFFSETS
from part_perception.scene.separator import (
    Separator,
    load_weights,
    save_weights,
    shipped_separator,
)
from part_perception.scene.trees import Trees
from part_perception.storage import models_dir
from tests.scene.stand_in import StandIn

PITCH = 0.003
PLANE = np.array([0.0, -1.0, 0.0, 0.06])  # 6 cm below the middle of the image
GAP, FRONT = 2, 4  # evidence: distance, share of nearer cells in between


def wall(height: int = 40, width: int = 60, reach: np.ndarray | None = None) -> CellImage:
    """A wall one metre ahead, or as far as `reach` says, 3 mm a cell."""
    reach = np.ones((height, width), np.float32) if reach is None else reach.astype(np.float32)
    row, column = np.mgrid[:height, :width]
    rays = np.stack([(column - width / 2) * PITCH, (row - height / 2) * PITCH, np.ones_like(row)], axis=-1)
    cells = np.arange(height * width, dtype=np.int32)
    points = (rays * reach[..., None]).astype(np.float32)
    return CellImage(points, reach, cells.reshape(height, width), cells, PITCH)


def of(number: np.ndarray, image: CellImage | None = None, plane=PLANE, linked: float = 0.0) -> Fragments:
    """The fragments of a numbering; all pairs of cells have the score `linked`."""
    scores = np.full((CLASSES + len(OFFSETS), *number.shape), linked, np.float32)
    scores[BACKGROUND], scores[OBJECT] = -1.0, 1.0
    return Fragments(number, scores, image or wall(*number.shape), plane, np.full(number.shape, -1, np.int32))


def two(left: int = 20, right: int = 30) -> np.ndarray:
    """Fragment 0 from column 10 up to `left`, fragment 1 from column `right` to 50, rows 10 to 29."""
    number = np.full((40, 60), -1, np.int32)
    number[10:30, 10:left], number[10:30, right:51] = 0, 1
    return number


def trees(column: int, up_to: float, odds: float = 5.0) -> Trees:
    """One tree: the odds where a column of the evidence is small enough, else their opposite."""
    return Trees(
        np.array([column, -1, -1], np.int32),
        np.array([up_to, odds, -odds], np.float32),
        np.array([2, 0, 0], np.int32),
        np.zeros(1, np.int32),
        np.zeros(1, np.float32),
    )


def test_a_fragment_is_measured_in_metres_above_the_support():
    found = of(two())
    assert found.count == 2 and found.measures[:, CELLS].tolist() == [200, 420]
    assert found.measures[0, LOW] == pytest.approx(0.06 - 9 * PITCH, abs=1e-6)
    assert found.measures[0, HIGH] == pytest.approx(0.06 + 10 * PITCH, abs=1e-6)
    middle, spread, axes = form(found.measures[1])
    assert middle == pytest.approx([10 * PITCH, -0.5 * PITCH, 1.0], abs=1e-6)
    assert spread[2] == pytest.approx(PITCH * np.sqrt((21**2 - 1) / 12), rel=1e-4)
    assert abs(axes[0, 2]) == pytest.approx(1.0, abs=1e-6)


def test_the_gap_is_that_of_the_nearest_cells():
    found = of(two())
    assert found.gap[0, 1] == pytest.approx(11 * PITCH, rel=1e-5) and np.isinf(found.gap[0, 0])
    assert {cell % 60 for cell in found.nearest[0, 1].tolist()} == {19, 30}
    assert np.array_equal(found.nearest[1, 0], found.nearest[0, 1, ::-1])


def test_fragments_far_apart_are_not_compared():
    reach = np.ones((40, 60))
    reach[:, 25:] = 1.0 + 1.01 * NEAR
    found = of(two(), wall(reach=reach))
    assert np.isinf(found.gap).all() and found.candidates().shape == (0, 2)
    assert found.evidence(found.candidates()).shape == (0, len(EVIDENCE))


def test_the_evidence_tells_what_lies_between():
    reach = np.ones((40, 60))
    reach[:, 22:28] = 0.8  # 6 of the 10 cells in between
    (near,) = of(two(), wall(reach=reach)).evidence(np.array([[0, 1]]))
    (level,) = of(two()).evidence(np.array([[0, 1]]))
    assert near[FRONT] == pytest.approx(0.6) and level[FRONT] == 0
    assert level[GAP] == pytest.approx(np.log(11 * PITCH + 0.002), rel=1e-5)
    assert level[0] == pytest.approx(0.5) and level[7:9] == pytest.approx(np.log([200, 420]))
    reach[:, 22:28] = 1.2
    assert of(two(), wall(reach=reach)).evidence(np.array([[0, 1]]))[0, FRONT + 1] == pytest.approx(0.6)


def test_what_no_pair_of_cells_links_has_no_affinity():
    (evidence,) = of(two(12, 45)).evidence(np.array([[0, 1]]))
    assert evidence[0] == pytest.approx(UNLINKED)


def test_cells_on_the_support_between_two_fragments_are_counted():
    number = two()
    lower = np.full((40, 60), -1, np.int32)
    lower[20:] = number[:20]  # both stand on it
    plane = PLANE - [0, 0, 0, 0.06 + 12 * PITCH]
    (evidence,) = of(lower, plane=plane).evidence(np.array([[0, 1]]))
    assert evidence[6] == pytest.approx(1.0)
    (unknown,) = of(lower, plane=None).evidence(np.array([[0, 1]]))
    assert unknown[6] == 0 and unknown[10:12].tolist() == [0, 0]


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_two_fragments_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    image = wall(reach=1 + 0.02 * rng.random((40, 60)))
    found = of(rng.integers(-1, 5, (4, 6)).astype(np.int32).repeat(10, 0).repeat(10, 1), image)
    cells, pairs = found.measures[:, CELLS], found.candidates()
    pairs = pairs[cells[pairs[:, 0]] != cells[pairs[:, 1]]]
    assert np.isfinite(found.evidence(pairs)).all()
    np.testing.assert_array_equal(found.evidence(pairs), found.evidence(np.ascontiguousarray(pairs[:, ::-1])))


@given(st.integers(0, 2**32 - 1))
def test_merging_measures_as_if_they_had_been_one(seed):
    rng = np.random.default_rng(seed)
    number = rng.integers(-1, 4, (4, 6)).astype(np.int32).repeat(6, 0).repeat(8, 1)
    number[0, :4] = range(4)
    found = of(number, wall(*number.shape))
    gap = found.gap.copy()
    found.merge(1, 3)
    whole = of(np.where(number == 3, 1, number).astype(np.int32), wall(*number.shape))
    np.testing.assert_array_equal(found.number, whole.number)
    np.testing.assert_allclose(found.measures[:3], whole.measures, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        found.total[:3, :3][~np.eye(3, dtype=bool)], whole.total[~np.eye(3, dtype=bool)]
    )
    assert found.object.tolist() == [0, 1, 2, 1] and not found.alive[3]
    for k in (0, 2):
        assert found.gap[1, k] == min(gap[1, k], gap[3, k]) == found.gap[k, 1]
    assert 3 not in found.candidates()


def test_trees_decide_which_fragments_are_joined():
    front = trees(FRONT, 0.3, odds=-5.0)  # one object if something nearer lies in between
    reach = np.ones((40, 60))
    assert join_fragments(of(two()), front).max() == 1
    reach[:, 22:28] = 0.8
    out = join_fragments(of(two(), wall(reach=reach)), front)
    np.testing.assert_array_equal(out, np.where(two() >= 0, 0, -1))


def test_a_chain_of_fragments_becomes_one_object():
    number = np.full((40, 60), -1, np.int32)
    for k, first in enumerate(range(0, 60, 12)):
        number[10:30, first : first + 8] = k
    near = trees(GAP, float(np.log(6 * PITCH + 0.002)))
    assert np.array_equal(join_fragments(of(number), near) >= 0, number >= 0)
    assert join_fragments(of(number), near).max() == 0
    assert join_fragments(of(number), trees(GAP, -100.0)).max() == 4


def test_no_fragments_and_one_stay_as_they_are():
    always = trees(GAP, 100.0)
    for number in (np.full((40, 60), -1, np.int32), np.where(two() == 0, 0, -1).astype(np.int32)):
        np.testing.assert_array_equal(join_fragments(of(number), always), number)


def test_only_the_largest_of_many_fragments_are_joined():
    number = np.arange(15 * 20, dtype=np.int32).reshape(15, 20).repeat(3, 0).repeat(3, 1)
    out = join_fragments(of(number), trees(GAP, 100.0))
    assert out.max() + 1 == 15 * 20 - MOST + 1


def test_a_leaf_ends_every_path_of_trees_that_fit():
    good = trees(3, 1.0)
    assert good.fits(4) and not good.fits(3)
    assert good.chances(np.array([[0, 0, 0, 0.5], [0, 0, 0, 1.5]], np.float32)) == pytest.approx(
        [1 / (1 + np.exp(-5)), 1 / (1 + np.exp(5))]
    )
    for name, at, value in (
        ("right", 0, 0),
        ("right", 0, 3),
        ("feature", 2, 0),
        ("root", 0, 3),
        ("root", 0, -1),
    ):
        wrong = {key: array.copy() for key, array in vars(good).items()}
        wrong[name][at] = value
        assert not Trees(**wrong).fits(4), (name, at, value)
    for name, array in vars(good).items():
        assert not Trees(**(vars(good) | {name: array[None]})).fits(4), "arrays of another form"


def test_trees_survive_being_stored():
    known = trees(3, 1.0)
    again = Trees.restored({name: array.astype(np.float32) for name, array in known.stored().items()})
    assert again is not None and Trees.restored({}) is None
    for name, array in vars(known).items():
        np.testing.assert_array_equal(getattr(again, name), array)
        assert getattr(again, name).dtype == array.dtype


def test_trees_with_an_array_missing_are_refused():
    stored = trees(3, 1.0).stored()
    for name in stored:
        with pytest.raises(InputError, match=f"trees without {name.removeprefix('trees.')} cannot be used"):
            Trees.restored({key: array for key, array in stored.items() if key != name})


def test_trees_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / "separator.safetensors"
    save_weights(
        path, load_weights(models_dir() / "separator.safetensors") | trees(len(EVIDENCE), 1.0).stored()
    )
    with pytest.raises(InputError, match="another version: its trees do not fit"):
        Separator(path)


def test_a_thing_cut_from_what_carries_it_is_never_joined_with_it():
    number, always = two(), trees(GAP, 100.0)
    scores = np.zeros((CLASSES + len(OFFSETS), *number.shape), np.float32)
    for cut_from, objects in (((), 1), ((0, 1), 1), ((0, 0), 2)):
        found = Fragments(number, scores, wall(), PLANE, number, cut_from)
        assert join_fragments(found, always).max() + 1 == objects


@pytest.mark.parametrize(("lower_end", "objects"), [(0.0, 2), (0.02, 1)])
def test_with_precise_depth_two_things_that_both_stand_are_two(lower_end, objects):
    number, always = two(), trees(GAP, 100.0)
    scores = np.zeros((CLASSES + len(OFFSETS), *number.shape), np.float32)
    plane = PLANE + [0, 0, 0, 9 * PITCH - 0.06 + lower_end]  # their lowest cells are this high
    found = Fragments(number, scores, wall(), plane, number, (0, 1))
    assert join_fragments(found, always).max() + 1 == objects
    assert join_fragments(Fragments(number, scores, wall(), plane, number), always).max() == 0
    nowhere = Fragments(number, scores, wall(), None, number, (0, 1))
    assert join_fragments(nowhere, always).max() == 0, "without a support, nothing is known to stand"


@pytest.mark.slow
def test_the_shipped_trees_isolate_more_objects_of_fresh_scenes():
    separator, isolated = shipped_separator(), []
    assert separator is not None and separator.trees is not None
    plain = Separator(models_dir() / "separator.safetensors")
    plain.trees, plain.joined = None, JOINED
    for each in (separator, plain):
        good = []
        for layout in ("scattered", "2 cm apart"):
            for seed in range(740, 752):
                perception = ScenePerception(StandIn())
                perception.separator = each
                _, shot = draw(seed, layout)
                good += [o.good for o in isolation(perception.process(shot.points, 0.0), shot)]
        isolated.append(np.mean(good))
    assert isolated[0] > isolated[1] + 0.03 and isolated[0] > 0.75
