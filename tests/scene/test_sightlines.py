"""The camera's position, from the rays of an organised cloud."""

import numpy as np
import pytest

from part_perception.geometry.poses import moved
from part_perception.scene.sightlines import rays_of
from part_perception.simulation.capture import Camera, capture, look_at
from part_perception.simulation.sensors import SENSORS
from part_perception.simulation.things import thing

POSE = look_at(0.5, 0.7, 0.8)
ORIGIN = np.zeros(3)


@pytest.fixture(scope="module")
def mug() -> np.ndarray:
    """A mug on a table, with the noise of a real camera, in the camera's frame."""
    small = Camera(320, 240, 287.5)
    return capture(
        (thing("mug", 1),), POSE, np.random.default_rng(0), sensor=SENSORS["stereo"], camera=small
    ).points


def test_the_camera_position_is_found_for_a_cloud_in_any_frame(mug):
    np.testing.assert_allclose(rays_of(mug).meeting_point, ORIGIN, atol=1e-4)
    elsewhere = rays_of(moved(mug, POSE))
    np.testing.assert_allclose(elsewhere.meeting_point, POSE[:3, 3], atol=1e-4)
    assert elsewhere.meet_in(POSE[:3, 3]) and elsewhere.meet_in(ORIGIN) is False


def test_a_distorted_image_counts_as_seen_from_the_origin(mug):
    """With barrel distortion nothing is exact, so nothing counts as wrong."""
    row, column = np.indices(mug.shape[:2])
    x, y = (column - 159.5) / 287.5, (row - 119.5) / 287.5
    bent = 1 + 0.15 * (x**2 + y**2)
    rays = np.stack([x * bent, y * bent, np.ones_like(x)], axis=-1)
    distorted = rays_of(rays * mug[..., 2:])
    assert distorted.meeting_point is None
    assert distorted.meet_in(ORIGIN)
    assert distorted.meet_in(np.array((0.0, 0.5, 0.0))) is None


def test_a_flat_wall_could_have_been_seen_from_anywhere():
    column, row = np.meshgrid(np.linspace(-0.5, 0.5, 80), np.linspace(-0.4, 0.4, 60))
    wall = np.stack([column, row, 1 - 0.2 * column], axis=-1)
    wall /= wall[..., 2:] - 0.3 * column[..., None]
    assert rays_of(wall).meeting_point is None


def test_an_unordered_cloud_gives_no_camera_position(mug):
    assert rays_of(mug.reshape(-1, 3)) is None
    shuffled = np.random.default_rng(0).permutation(mug.reshape(-1, 3)).reshape(mug.shape)
    assert rays_of(shuffled).meeting_point is None and rays_of(shuffled).meet_in(ORIGIN) is None
    assert rays_of(np.full((20, 20, 3), np.nan)).meet_in(ORIGIN) is None
