"""The separator: frames as small images, joining by the network's scores, growing, and the objects of a scene."""

from __future__ import annotations

import numpy as np
import pytest

from part_perception.errors import InputError
from part_perception.scene import ScenePerception
from part_perception.scene.cell_image import HEIGHT, STEP, WIDTH, CellImage, features, make_cells
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import decode
from part_perception.scene.joining import BACKGROUND, CLASSES, MAX_REGIONS, OBJECT, OFFSETS, Gaps, join
from part_perception.scene.separator import (
    MIN_CELLS,
    cells_of,
    grown,
    piece_of_cells,
    shipped_separator,
    spread,
    trust_in_gaps,
)
from part_perception.scene.separator_graph import build_separator
from part_perception.scene.support import NO_SUPPORT, Support
from part_perception.simulation.capture import HD, capture, look_at
from part_perception.simulation.stages import FLOOR
from part_perception.simulation.things import block
from tests.scene.stand_in import StandIn

PITCH = 0.003  # at 1 m a cell is three millimetres: an object grows by six cells
POSE = look_at(0.3, 0.8, 0.9)
BLOCKS = [block((0.08, 0.08, 0.1)).moved((0, y, 0)) for y in (-0.15, 0.15)]


def scores_of(number: np.ndarray) -> np.ndarray:
    """A perfect network's scores for objects (H, W), -1 = background."""
    out = np.full((CLASSES + len(OFFSETS), *number.shape), -8.0, np.float32)
    out[0][number < 0], out[OBJECT][number >= 0] = 8.0, 8.0
    for k, (down, right) in enumerate(OFFSETS):
        moved = np.full(number.shape, -2)
        height, width = number.shape
        columns = slice(max(-right, 0), min(width - right, width))
        there = slice(max(-right, 0) + right, min(width - right, width) + right)
        moved[: height - down, columns] = number[down:, there]
        out[CLASSES + k][moved == number] = 8.0
    return out


def plane_of(pose: np.ndarray) -> np.ndarray:
    return np.append(pose[2, :3], pose[2, 3])


def test_an_image_becomes_cells_of_the_nearest_pixels():
    view = decode(capture(BLOCKS, POSE, stage=FLOOR, camera=HD).points, np.zeros(3), SceneConfig())
    image = make_cells(view)
    height, width = image.shape
    assert height % STEP == 0 and width % STEP == 0 and height <= HEIGHT and width <= WIDTH
    assert image.pitch == pytest.approx(4 * view.pitch)
    taken = image.row >= 0
    assert np.allclose(image.points[taken], view.points[image.row[taken]])
    for k in np.flatnonzero(taken.ravel())[::997]:
        assert view.reach[image.row.ravel()[k]] == view.reach[(image.cell == k) & (view.reach > 0)].min()


def test_unordered_points_become_an_image_without_gaps():
    points = capture(BLOCKS, POSE, stage=FLOOR).points.reshape(-1, 3)
    points = points[np.isfinite(points).all(axis=1)]
    view = decode(points[np.random.default_rng(0).permutation(len(points))], np.zeros(3), SceneConfig())
    image = make_cells(view)
    inner = image.reach[STEP:-STEP, STEP:-STEP] > 0
    assert inner.mean() > 0.97, "hardly a cell of the surface stays empty"
    assert (image.cell >= 0).mean() > 0.98


def test_no_points_make_an_empty_image():
    image = make_cells(decode(np.zeros((0, 3)), np.zeros(3), SceneConfig()))
    assert not (image.reach > 0).any() and (image.row < 0).all()


def test_features_hold_true_height_and_slope():
    shot = capture(BLOCKS, POSE, stage=FLOOR)
    image = make_cells(decode(shot.points, np.zeros(3), SceneConfig()))
    given = features(image.points, image.reach, image.pitch, plane_of(POSE))
    height = image.points.reshape(-1, 3) @ POSE[2, :3] + POSE[2, 3]
    known = image.reach.ravel() > 0
    assert np.allclose(given[7].ravel()[known], (height / (0.1 + np.abs(height)))[known], atol=1e-4)
    level = known & (np.abs(height) < 1e-4) & (given[6].ravel() > 0)
    assert np.median(given[6].ravel()[level]) == pytest.approx(1.0, abs=1e-3)
    blind = features(image.points, image.reach, image.pitch, None)
    assert not blind[6:9].any() and np.array_equal(blind[:6], given[:6])


def test_perfect_scores_give_the_objects_back():
    number = np.full((96, 128), -1)
    number[20:60, 10:50], number[20:60, 50:90], number[70:90, 30:40] = 0, 1, 2
    found = join(scores_of(number), np.ones(number.shape, bool))
    assert np.array_equal(found >= 0, number >= 0) and found.max() == 2
    for k in range(3):
        assert len(np.unique(found[number == k])) == 1


def test_a_few_wrong_pairs_do_not_join_separate_objects():
    number = np.full((96, 128), -1)
    number[20:60, 10:50], number[20:60, 50:90] = 0, 1
    scores = scores_of(number)
    scores[CLASSES, 30:34, 49] = 8.0  # a leak across the border
    found = join(scores, np.ones(number.shape, bool))
    assert found.max() == 1 and found[25, 20] != found[25, 80]


def halves(shape=(96, 128)) -> np.ndarray:
    """One object whose left half lies in piece 0 of the image and whose right half in piece 1."""
    piece = np.full(shape, -1, np.int32)
    piece[20:60, 10:30], piece[20:60, 30:50] = 0, 1
    return piece


def test_in_doubt_gaps_decide_between_object_and_wall():
    number = np.where(halves() >= 0, 0, -1)
    scores = scores_of(number)
    scores[:CLASSES, 20:60, 10:50] = 0.0
    scores[BACKGROUND, 20:60, 10:50] = 1.0
    found = [join(scores, np.ones(number.shape, bool), Gaps(halves(), objects, 1.0)) for objects in (2, 1, 0)]
    assert np.array_equal(found[0] >= 0, number >= 0)
    assert np.array_equal(found[1] >= 0, halves() == 0)
    assert (found[2] < 0).all() and (join(scores, np.ones(number.shape, bool)) < 0).all()


@pytest.mark.parametrize(("trust", "objects"), [(0.5, 1), (6.0, 2)])
def test_with_little_noise_gaps_separate_what_the_network_joins(trust, objects):
    scores = scores_of(np.where(halves() >= 0, 0, -1))
    found = join(scores, np.ones(halves().shape, bool), Gaps(halves(), 2, trust))
    assert found.max() + 1 == objects


def test_a_network_with_other_links_is_refused():
    weights = {"leave.0.weight": np.zeros((4 * (CLASSES + len(OFFSETS) - 2), 32, 1, 1), np.float32)}
    with pytest.raises(InputError, match="another version: it gives 9 scores a cell, not 11"):
        build_separator(weights)


def test_images_too_coarse_for_the_network_are_cut_by_gaps_alone():
    points = capture(BLOCKS, POSE, stage=FLOOR).points
    assert cells_of(decode(points, np.zeros(3), SceneConfig())) is not None
    coarse = points[::4, ::4]
    assert cells_of(decode(coarse, np.zeros(3), SceneConfig())) is None
    learned, by_gaps = (
        ScenePerception(StandIn(), SceneConfig(separator=name)).process(coarse, 0.0).objects
        for name in ("learned", "gaps")
    )
    pairs = list(zip(learned, by_gaps, strict=True))
    assert len(pairs) == 2 and all(np.array_equal(one.indices, other.indices) for one, other in pairs)


def test_the_noise_on_the_support_decides_how_far_gaps_are_trusted():
    assert [trust_in_gaps(Support(np.zeros((1, 4)), noise=noise)) for noise in (0.0, 0.002, 0.01, 1.0)] == [
        6.0, pytest.approx(5.0), pytest.approx(1.0), 0.5]  # fmt: skip


def test_noise_is_bounded():
    noise = np.random.default_rng(0).normal(0, 5, (CLASSES + len(OFFSETS), 240, 320)).astype(np.float32)
    assert join(noise, np.ones((240, 320), bool)).max() < MAX_REGIONS


@pytest.mark.parametrize("support", [NO_SUPPORT, Support(plane_of(POSE)[None])])
def test_two_blocks_on_a_table_are_two_objects(support):
    separator = shipped_separator()
    assert separator is not None, "the package ships a separator"
    shot = capture(BLOCKS, POSE, np.random.default_rng(0))
    view = decode(shot.points, np.zeros(3), SceneConfig())
    pieces = [p for p in separator.separate(view, cells_of(view), support) if len(p) > 1000]
    owners = sorted(int(np.bincount(shot.label.ravel()[p].clip(0)).argmax()) for p in pieces)
    assert owners == [0, 1]
    for piece in pieces:
        whose = shot.label.ravel()[piece]
        assert (whose == np.bincount(whose.clip(0)).argmax()).mean() > 0.9


def image(height: int = 20, width: int = 60) -> CellImage:
    cells = np.arange(height * width, dtype=np.int32)
    reach = np.ones((height, width), np.float32)
    return CellImage(
        np.ones((height, width, 3), np.float32), reach, cells.reshape(height, width), cells, PITCH
    )


def numbers(**columns: tuple[int, int]) -> np.ndarray:
    """Objects a, b, … in bands of columns."""
    out = np.full((20, 60), -1, np.int32)
    for number, (first, last) in enumerate(columns.values()):
        out[:, first:last] = number
    return out


def piece(first: int, last: int) -> np.ndarray:
    return np.flatnonzero((np.arange(1200) % 60 >= first) & (np.arange(1200) % 60 < last))


def after_growing(number: np.ndarray, pieces: list[np.ndarray]) -> np.ndarray:
    return grown(number, image(), piece_of_cells(image(), pieces))


def test_an_object_takes_the_rim_that_the_network_lost():
    out = after_growing(numbers(a=(10, 20)), [piece(6, 24)])
    np.testing.assert_array_equal(out, numbers(a=(6, 24)))


def test_it_does_not_grow_farther_than_two_centimetres():
    out = after_growing(numbers(a=(10, 40)), [piece(0, 50)])
    np.testing.assert_array_equal(out, numbers(a=(4, 46)))


def test_two_objects_share_their_piece_where_they_meet():
    out = after_growing(numbers(a=(10, 20), b=(24, 34)), [piece(10, 34)])
    np.testing.assert_array_equal(out, numbers(a=(10, 22), b=(22, 34)))


def test_a_few_stray_cells_do_not_claim_a_piece():
    spilled = numbers()
    spilled[0, 30 : 30 + MIN_CELLS - 1] = 0
    np.testing.assert_array_equal(after_growing(spilled, [piece(30, 50)]), spilled)


@pytest.mark.parametrize(("cell", "expected"), [(30, -1), (29, -1), (31, 5), (10, 5), (50, 5)])
def test_a_point_joins_a_cell_beside_its_own_not_at_the_other_border(cell, expected):
    """Cells in rows of ten; all are near, but for one that is far away, like the point. The 30th begins a row."""
    number = np.full(60, -1, np.int32)
    reach = np.full(60, 0.5, np.float32)
    beside = {30: 29, 29: 30, 31: 30, 10: 20, 50: 40}[cell]
    number[beside], reach[beside] = 5, 1.0
    out = np.full(1, -1, np.int32)
    spread(np.ones(1, np.float32), np.array([cell], np.int32), reach, number, 10, PITCH, out)
    assert out[0] == expected


def test_nothing_stays_nothing():
    assert (after_growing(numbers(), []) == -1).all()
