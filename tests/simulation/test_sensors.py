"""The sensor model on flat walls and edges: each error by itself, and as large as stated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from part_perception.simulation.sensors import (
    MIXED,
    SENSORS,
    TRUE_WITHIN,
    VGA_FOCAL,
    blurred,
    measured,
    random_sensor,
    shadows,
    smooth_noise,
)

PERFECT = SENSORS["perfect"]
NEAR, FAR = 1.0, 1.5
EDGE = 150  # the first column of what is far


def wall(z: float, shape: tuple[int, int] = (240, 320)) -> tuple[np.ndarray, np.ndarray]:
    return np.full(shape, z), np.zeros(shape, int)


def step() -> tuple[np.ndarray, np.ndarray]:
    """Something near on the left of something far."""
    depth = np.full((200, 300), NEAR)
    depth[:, EDGE:] = FAR
    return depth, np.where(depth < 1.2, 0, 1)


def see(scene, sensor, seed: int = 0, focal: float = VGA_FOCAL):
    return measured(*scene, sensor, np.random.default_rng(seed), focal)


def test_a_perfect_sensor_measures_exactly():
    depth, label = step()
    depth[:20] = np.inf
    label[:20] = -1
    seen, told = see((depth, label), PERFECT)
    assert np.array_equal(np.isinf(seen), np.isinf(depth)) and np.array_equal(told, label)
    assert np.allclose(seen[20:], depth[20:], rtol=1e-12)


def test_blur_across_an_edge_makes_points_between_that_belong_to_nothing():
    depth, label = step()
    seen, told = see((depth, label), replace(PERFECT, blur_px=2.0))
    between = (seen > NEAR + TRUE_WITHIN) & (seen < FAR - TRUE_WITHIN * FAR**2)
    assert between.any(axis=1).all() and (told[between] == MIXED).all()
    columns = np.flatnonzero(between[100])
    assert EDGE - 7 <= columns.min() < EDGE <= columns.max() <= EDGE + 7
    assert (np.diff(seen[100, EDGE - 8 : EDGE + 8]) >= 0).all(), "it runs from one surface to the other"
    assert np.array_equal(told[~between], label[~between])


def test_near_surfaces_grow_over_their_edges():
    depth, _ = step()
    grown = blurred(1.0 / depth, replace(PERFECT, grow_px=3))
    assert (grown[:, : EDGE + 3] == 1.0 / NEAR).all() and (grown[:, EDGE + 3 :] == 1.0 / FAR).all()


def test_thin_things_melt_into_what_is_behind_them():
    depth, label = wall(FAR)
    depth[:, 160:162], label[:, 160:162] = NEAR, 1
    seen, told = see((depth, label), replace(PERFECT, blur_px=2.0))
    assert seen.min() > NEAR + 0.1 and (told[:, 160:162] == MIXED).all()


@pytest.mark.parametrize("error", ["grain", "lumps", "waves"])
def test_errors_are_as_large_as_stated_and_grow_with_the_square_of_the_distance(error):
    """Smooth noise has unit size on average over the places of its knots; in a single image, within a quarter."""
    sensor = replace(PERFECT, **{error: 0.002})
    spread = [np.mean([(see(wall(z), sensor, seed)[0] - z).std() for seed in range(5)]) for z in (0.5, 1.0)]
    assert spread[1] == pytest.approx(0.002, rel=0.25)
    assert spread[1] / spread[0] == pytest.approx(4, rel=0.05)


def test_lumps_are_alike_nearby_and_grain_is_not():
    def likeness(sensor, pixels: int) -> float:
        seen = see(wall(1.0), sensor)[0]
        return float(np.corrcoef(seen[:, :-pixels].ravel(), seen[:, pixels:].ravel())[0, 1])

    lumps = replace(PERFECT, lumps=0.003, lump_px=8.0)
    assert likeness(lumps, 1) > 0.9 and 0.4 < likeness(lumps, 4) < 0.8 and abs(likeness(lumps, 20)) < 0.1
    assert abs(likeness(replace(PERFECT, grain=0.003), 1)) < 0.02


def test_a_floor_of_noise_does_not_depend_on_the_distance():
    spread = [(see(wall(z), replace(PERFECT, floor=0.001))[0] - z).std() for z in (0.5, 1.0)]
    assert spread == pytest.approx([0.001, 0.001], rel=0.05)


def test_disparity_comes_in_steps_that_grow_with_the_square_of_the_distance():
    across = np.linspace(0.45, 1.05, 4000)
    depth = np.tile(across, (4, 1))
    seen, _ = see((depth, np.zeros(depth.shape, int)), replace(PERFECT, step=0.003))
    levels = np.unique(seen[0].round(9))
    steps = {z: np.diff(levels)[np.argmin(np.abs(levels[:-1] - z))] for z in (0.5, 1.0)}
    assert steps[1.0] == pytest.approx(0.003, rel=0.02)
    assert steps[1.0] / steps[0.5] == pytest.approx(4, rel=0.03)
    assert np.abs(1 / seen - 1 / depth).max() <= 0.0015 + 1e-9


@pytest.mark.parametrize(("baseline", "focal"), [(0.05, 575.0), (0.05, 920.0), (0.1, 575.0)])
def test_shadows_fall_to_one_side_as_wide_as_geometry_has_it(baseline, focal):
    depth, label = wall(FAR)
    depth[60:180, 140:220], label[60:180, 140:220] = NEAR, 1
    seen, _ = see((depth, label), replace(PERFECT, baseline=baseline, filled=0.0), focal=focal)
    lost = np.isinf(seen)
    width = focal * baseline * (1 / NEAR - 1 / FAR)
    assert lost[100].sum() == pytest.approx(width, abs=1.5)
    assert np.flatnonzero(lost[100]).max() == 139, "it ends where the nearer thing begins"
    assert not lost[:60].any() and not lost[180:].any() and not lost[label == 1].any()
    filled, _ = see((depth, label), replace(PERFECT, baseline=baseline, filled=0.7), focal=focal)
    assert np.isinf(filled).sum() / lost.sum() == pytest.approx(0.3, abs=0.12)


def test_nothing_is_in_its_own_shadow():
    assert not shadows(np.tile(np.linspace(0.5, 1.0, 300), (3, 1)), 40.0).any()


def test_holes_have_the_share_of_the_image_that_is_stated_and_hang_together():
    seen, _ = see(wall(1.0), replace(PERFECT, holes=0.1, hole_px=10.0))
    lost = np.isinf(seen)
    assert lost.mean() == pytest.approx(0.1, abs=0.005)
    assert lost[:, 1:][lost[:, :-1]].mean() > 0.7, "beside a lost pixel most are lost"


def test_blurred_edges_are_lost_as_often_as_stated():
    lost = []
    for seed in range(5):
        seen, told = see(step(), replace(PERFECT, blur_px=2.0, edge_loss=0.4), seed)
        assert (told[np.isinf(seen)] == MIXED).all()
        lost.append(np.isinf(seen).sum() / (told == MIXED).sum())
    assert np.mean(lost) == pytest.approx(0.4, abs=0.1)


def test_surfaces_seen_edge_on_are_lost():
    """Along a floor the distance grows by distance / height for one pixel's angle."""
    row = np.arange(5, 240)[:, None] / VGA_FOCAL
    depth = np.tile(0.1 / row, (1, 320))
    sensor = replace(PERFECT, grazing_deg=75, max_range=50.0)
    lost = np.isinf(see((depth, np.zeros(depth.shape, int)), sensor)[0])
    steep = np.broadcast_to(np.degrees(np.arctan(1 / row)) > 76, lost.shape)
    gentle = np.broadcast_to(np.degrees(np.arctan(1 / row)) < 74, lost.shape)
    assert lost[steep].mean() > 0.5 and not lost[gentle].any()


def test_its_range_is_limited():
    seen, _ = see(step(), replace(PERFECT, max_range=1.2))
    assert (seen[:, :EDGE] == NEAR).all() and np.isinf(seen[:, EDGE:]).all()


def test_a_finer_camera_blurs_over_as_much_of_the_world():
    finer = SENSORS["realsense"].at_focal(2 * VGA_FOCAL)
    assert finer.blur_px == 2 * SENSORS["realsense"].blur_px
    assert finer.lumps == SENSORS["realsense"].lumps


def test_smooth_noise_depends_on_its_seed_alone():
    one, same, other = (smooth_noise((50, 60), 7.0, np.random.default_rng(s)) for s in (1, 1, 2))
    assert np.array_equal(one, same) and not np.array_equal(one, other)


@pytest.mark.parametrize("name", [name for name in SENSORS if name != "perfect"])
def test_every_kind_of_sensor_errs_and_knows_what_it_mixed(name):
    depth, label = step()
    seen, told = see((depth, label), SENSORS[name])
    inner = seen[20:180, 20:120]
    stray = inner[np.isfinite(inner)] - NEAR
    assert 2e-4 < stray.std() < 1.5e-2 and abs(stray.mean()) < 1e-2
    between = (seen > 1.1) & (seen < 1.4)
    assert between.any() and (told[between] == MIXED).all()
    assert (told != MIXED)[:, : EDGE - 20].all()


def test_random_sensors_are_like_the_known_ones_and_some_are_perfect():
    drawn = [random_sensor(np.random.default_rng(seed)) for seed in range(300)]
    assert drawn[7] == random_sensor(np.random.default_rng(7))
    perfect = [sensor for sensor in drawn if sensor == PERFECT]
    assert 0.08 < len(perfect) / len(drawn) < 0.22
    others = [sensor for sensor in drawn if sensor != PERFECT]
    assert all(0.5 <= sensor.blur_px <= 3.5 for sensor in others)
    relief = np.array([sensor.lumps for sensor in others])
    assert np.quantile(relief, 0.05) < 0.0008 and np.quantile(relief, 0.95) > 0.004
    assert 0.1 < np.mean([sensor.baseline == 0 for sensor in others]) < 0.4
