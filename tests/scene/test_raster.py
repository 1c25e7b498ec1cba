"""Raster: a list of points is an image again where it still lies on the pixels of a camera, and only there."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from part_perception.evaluation.overlap import MIN_PIXELS, agreement
from part_perception.evaluation.scenes import draw, look_flat, look_once, measured
from part_perception.scene.config import SceneConfig
from part_perception.scene.decode import View, decode
from part_perception.scene.raster import in_cloud, in_image, with_image
from part_perception.simulation.capture import Capture


@pytest.fixture(scope="module")
def shot() -> Capture:
    return draw(3, "2 cm apart")[1]


def listed(shot: Capture, seed: int = 0) -> np.ndarray:
    """The measured points of a capture in random order."""
    points = shot.points[measured(shot)]
    return points[np.random.default_rng(seed).permutation(len(points))]


def seen(points: np.ndarray, viewpoint=(0.0, 0.0, 0.0)) -> View:
    return with_image(decode(points, viewpoint, SceneConfig()))


def test_points_in_any_order_return_to_their_pixels(shot):
    view = seen(listed(shot))
    image = in_image(view)
    valid = measured(shot)
    rows, columns = np.flatnonzero(valid.any(axis=1)), np.flatnonzero(valid.any(axis=0))
    expected = shot.points[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert (image.height, image.width) == expected.shape[:2]
    there = image.reach > 0
    assert np.array_equal(
        there.reshape(expected.shape[:2]), valid[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    )
    assert np.array_equal(image.points[there], expected.reshape(-1, 3)[there])
    assert (
        image.pitch
        == view.pitch
        == pytest.approx(decode(shot.points, np.zeros(3), SceneConfig()).pitch, rel=0.01)
    )


def test_a_complete_image_that_is_listed_row_by_row_is_one_again(shot):
    image, (rows, columns) = in_image(seen(shot.points.reshape(-1, 3))), np.nonzero(measured(shot))
    assert (image.height, image.width) == (np.ptp(rows) + 1, np.ptp(columns) + 1)
    assert np.count_nonzero(image.reach) == len(rows)


@pytest.mark.parametrize("times", [2, 3])
def test_an_enlarged_image_has_the_pitch_of_its_camera(shot, times):
    large = shot.points.repeat(times, axis=0).repeat(times, axis=1)
    pitch = decode(large, np.zeros(3), SceneConfig()).pitch
    assert pitch == pytest.approx(decode(shot.points, np.zeros(3), SceneConfig()).pitch, rel=0.05)


def test_pixels_lead_back_to_the_points_of_the_cloud(shot):
    cloud = listed(shot)
    view = seen(cloud)
    pixels = np.flatnonzero(in_image(view).reach > 0)[::7].astype(np.int32)
    (places,) = in_cloud(view, [pixels])
    assert np.array_equal(cloud[places], in_image(view).points[pixels])


def test_an_image_is_its_own_image(shot):
    view = seen(shot.points)
    assert view.image is None and in_image(view) is view
    pieces = [np.arange(5, dtype=np.int32)]
    assert in_cloud(view, pieces) is pieces


def test_a_list_that_is_no_longer_an_image_stays_a_list(shot):
    cloud = listed(shot)
    rng = np.random.default_rng(1)
    angle = np.radians(3)
    turned = (
        cloud @ np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]).T
    )
    cases = {
        "turned": turned,
        "thinned": cloud[::2],
        "noise across the line of sight": cloud + rng.normal(0, 0.0008, cloud.shape),
        "of two cameras": np.concatenate([cloud, cloud + (0.05, 0, 0)]),
        "behind the camera": cloud * (1, 1, -1),
        "one beside it, nearly at right angles": np.concatenate([cloud, [(0.5, 0.0, 1e-40)]]),
        "few": cloud[:500],
        "scattered": rng.normal(0, 1, (20_000, 3)) + (0, 0, 5),
    }
    for name, points in cases.items():
        assert seen(points.astype(np.float32)).image is None, name
    assert seen(cloud, viewpoint=(0.1, 0, 0)).image is None
    assert seen(cloud, viewpoint=None).image is None, "the camera may be anywhere"


def test_a_few_points_far_apart_do_not_need_the_memory_of_a_large_image():
    row, column = np.mgrid[:40, :40] / 2000.0
    patch = np.stack([column, row, np.ones_like(row)], axis=-1).reshape(-1, 3)
    cloud = np.concatenate([patch, patch + (2.9, 0, 0), patch + (0, 2.9, 0)]).astype(np.float32)
    assert in_image(seen(patch.astype(np.float32))).width == 40
    tracemalloc.start()
    try:
        assert seen(cloud).image is None
        assert tracemalloc.get_traced_memory()[1] < 4e6, "an image of 5,840 x 5,840 pixels would take 137 MB"
    finally:
        tracemalloc.stop()


def test_part_of_an_image_is_one_too(shot):
    crop = shot.points[100:300, 150:450]
    view = seen(crop[np.isfinite(crop).all(axis=-1) & crop.any(axis=-1)])
    assert in_image(view).height <= 200 and in_image(view).width <= 300
    assert np.count_nonzero(in_image(view).reach) == len(view.points)


def test_the_same_objects_are_found_in_a_list():
    agreed = total = 0
    for seed, layout in ((5, "2 cm apart"), (5, "bin"), (8, "scattered"), (9, "leaning")):
        _, shot = draw(seed, layout)
        image = look_once(shot).labels([])[2].reshape(shot.label.shape)[measured(shot)]
        both = agreement(image, look_flat(shot).labels([])[2], MIN_PIXELS)
        agreed, total = agreed + both[0], total + both[1]
    assert total > 40 and agreed >= 0.85 * total, "small objects depend on which pixels share a cell"
