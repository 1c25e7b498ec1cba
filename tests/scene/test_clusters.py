"""Presence: small pieces and pieces below all supports need more confidence."""

from dataclasses import replace

import numpy as np
import pytest

from part_perception.scene.clusters import BELOW, MIN_PRESENCE, presence_of
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import decode
from part_perception.scene.kernels import FAINT, SOLID, settle
from part_perception.scene.kernels import SUPPORT as ON_SUPPORT
from part_perception.scene.support import NO_SUPPORT, Support

FOCAL = 575.0
FLOOR = Support(np.array([[0.0, -1.0, 0.0, 0.5]]), bends=np.zeros((1, 10)))  # half a metre below the camera


def wall_view(width: int, focal: float):
    """A wall one metre ahead, as a camera sees it."""
    row, column = np.mgrid[: width * 3 // 4, :width].astype(float)
    points = np.stack(
        [(column - width / 2) / focal, (row - width * 3 / 8) / focal, np.ones_like(row)], axis=-1
    )
    return decode(points, np.zeros(3), SceneConfig())


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [(20, MIN_PRESENCE), (100, MIN_PRESENCE), (400, 0.5), (800, 0.75), (1600, 1.0), (9000, 1.0)],
)
def test_presence_grows_with_the_pixels(pixels, expected):
    view = wall_view(640, FOCAL)
    assert presence_of(view, np.arange(pixels) + 150_000, NO_SUPPORT) == pytest.approx(expected, abs=0.01)


def test_a_pixel_of_a_coarse_camera_counts_as_several():
    assert presence_of(wall_view(160, FOCAL / 4), np.arange(100), NO_SUPPORT) == pytest.approx(1.0, abs=0.01)


def test_a_piece_below_all_supports_is_unlikely_to_be_an_object():
    view = wall_view(640, FOCAL)
    rows = np.arange(len(view.points))
    above, below = rows[view.points[:, 1] < 0.2], rows[view.points[:, 1] > 0.35]
    lifted = replace(FLOOR, planes=np.array([[0.0, -1.0, 0.0, 0.3]]))
    assert presence_of(view, above, lifted) == 1.0
    assert presence_of(view, below, lifted) == BELOW
    assert presence_of(view, below, FLOOR) == presence_of(view, below, NO_SUPPORT) == 1.0


def test_unordered_points_are_judged_by_the_support_alone():
    view = wall_view(640, FOCAL)
    flat = decode(view.points, np.zeros(3), SceneConfig())
    assert presence_of(flat, np.arange(50), FLOOR) == 1.0


@pytest.mark.parametrize(
    ("solid", "becomes_solid"),
    [
        ((2, 9), {(2, 8), (2, 7), (1, 9), (3, 9), (0, 9), (4, 9), (1, 8), (3, 8)}),
        ((0, 4), {(0, 2), (0, 3), (0, 5), (0, 6), (1, 3), (1, 4), (1, 5), (2, 4)}),
    ],
)
def test_faint_pixels_beside_an_object_are_its_rim_also_at_the_border(solid, becomes_solid):
    """Within two pixels, on the same side of the image."""
    state = np.full((6, 10), FAINT, np.uint8)
    state[solid] = SOLID
    flat = state.ravel()
    settle(flat, 10)
    state = flat.reshape(6, 10)
    assert set(zip(*np.nonzero(state == SOLID), strict=True)) == becomes_solid | {solid}
    assert (state[state != SOLID] == ON_SUPPORT).all()
