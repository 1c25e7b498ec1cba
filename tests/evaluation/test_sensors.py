"""eval --sensors: the errors put into an image are measured again, on made-to-order images and on capture files."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from part_perception.cli.main import main
from part_perception.evaluation import sensors
from part_perception.evaluation.depth_errors import disparity_step, flat_noise, rim_of
from part_perception.simulation.sensors import SENSORS, VGA_FOCAL, measured

PERFECT = SENSORS["perfect"]
SHAPE = (240, 320)
NOTHING = np.zeros(SHAPE, bool)


def plane(slant: float = 0.0006) -> np.ndarray:
    """The depth of a slanted plane about a metre away."""
    row, column = np.indices(SHAPE)
    return 1.0 / (1.0 + slant * (row - 120) + 0.0002 * (column - 160))


def noise_of(**errors):
    sensor = replace(PERFECT, **errors)
    seen, _ = measured(plane(), np.zeros(SHAPE, int), sensor, np.random.default_rng(0))
    return flat_noise(seen, NOTHING)


def test_a_perfect_plane_has_no_noise_however_it_lies():
    for slant in (0.0, 0.0006, -0.001):
        noise = flat_noise(plane(slant), NOTHING)
        assert max(noise.grain, noise.lumps, noise.waves) < 1e-6 and noise.step == 0


def test_errors_of_each_size_are_found_at_their_size():
    grain, waves = noise_of(grain=0.002), noise_of(waves=0.004, wave_px=70.0)
    lumps = noise_of(lumps=0.003, lump_px=9.0)
    assert grain.grain == pytest.approx(0.002, rel=0.1) and grain.waves < 0.0002 and max(grain.alike) < 0.05
    assert waves.waves > 0.0015 and waves.grain < 0.0001
    assert lumps.lumps == pytest.approx(0.0023, rel=0.2) and lumps.lumps > 2 * max(lumps.grain, lumps.waves)
    assert lumps.alike[0] > 0.9 > lumps.alike[1] > lumps.alike[2] > 0.1


@pytest.mark.parametrize("step", [0.0, 0.0008, 0.003])
def test_the_step_of_disparity_is_found(step):
    assert noise_of(step=step, lumps=0.002).step == pytest.approx(step, rel=0.03)


def test_a_step_hidden_by_grain_is_not_reported():
    values = np.random.default_rng(0).normal(1.0, 0.004, 4000)
    assert disparity_step(values) == 0
    assert disparity_step(np.round(values / 0.002) * 0.002) == pytest.approx(0.002, rel=0.02)


def test_objects_do_not_count_as_noise_of_what_they_stand_on():
    depth = plane()
    depth[100:140, 100:180] -= 0.1
    depth[:, :30] = np.inf
    noise = flat_noise(depth, NOTHING)
    assert max(noise.grain, noise.lumps) < 1e-5


def test_an_image_without_a_flat_surface_has_no_figures():
    depth = np.random.default_rng(0).uniform(0.5, 3.0, SHAPE)
    assert flat_noise(depth, NOTHING) is None and flat_noise(np.full(SHAPE, np.inf), NOTHING) is None


def thing() -> tuple[np.ndarray, np.ndarray]:
    depth, mask = np.full(SHAPE, 1.5), np.zeros(SHAPE, bool)
    mask[60:180, 100:200] = True
    depth[mask] = 1.0
    return depth, mask


def test_holes_points_and_shadows_are_counted():
    depth, mask = thing()
    depth[80:100, 120:150] = np.inf
    depth[60:180, 91:100] = np.inf
    rim = rim_of(depth, mask, VGA_FOCAL)
    assert rim.points == 12_000 - 600 and rim.holes == pytest.approx(0.05)
    assert rim.shadow == 9 and rim.skirt == 0
    mirrored = rim_of(depth[:, ::-1], mask[:, ::-1], VGA_FOCAL)
    assert mirrored == rim


def test_a_shadow_at_the_border_of_the_image_has_no_width():
    depth, mask = thing()
    depth[:, :100] = np.inf
    assert rim_of(depth, mask, VGA_FOCAL).shadow == 0, "that of the other side"


def test_blurred_edges_count_as_skirts():
    depth, mask = thing()
    seen, _ = measured(depth, mask.astype(int), replace(PERFECT, blur_px=2.0), np.random.default_rng(0))
    rim = rim_of(seen, mask, VGA_FOCAL)
    assert 0.1 < rim.skirt < 0.25
    assert rim_of(depth, mask, VGA_FOCAL).skirt == 0


def write_capture(path, seen, mask, **more) -> None:
    row, column = np.indices(seen.shape)
    points = np.stack([(column - 160) * seen / 400, (row - 120) * seen / 400, seen], axis=-1)
    points[~np.isfinite(seen)] = 0
    queries = {"0:box": {"text": "box", "mask": "mask_0", "is_part": False}}
    np.savez(path, points=points, mask_0=mask, queries=json.dumps(queries), **more)


def test_captures_are_grouped_by_sensor_and_the_focal_length_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sensors, "SENSORS", {"perfect": PERFECT})
    monkeypatch.setattr(sensors, "STANDARD_SCENES", 2)
    depth, mask = thing()
    depth[~mask] = plane()[~mask] + 0.4
    depth[60:180, 91:100] = np.inf
    for number in range(2):
        write_capture(tmp_path / f"{number}.npz", depth, mask, sensor="Deep Eye 3, 320x240")
    write_capture(tmp_path / "other.npz", depth, mask)
    rows = sensors.compare_sensors(tmp_path)
    assert list(rows) == ["simulated perfect", "Deep Eye 3", "of unknown sensor"]
    figures = rows["Deep Eye 3"]
    assert (figures["images"], figures["objects"], figures["shadow_px"], figures["points"]) == (
        2,
        2,
        9,
        12_000,
    )
    assert figures["holes"] == pytest.approx(9 * 120 / (240 * 320))
    points = np.load(tmp_path / "0.npz")["points"]
    assert sensors.focal_of(points, sensors.depth_of(points)) == pytest.approx(400, rel=1e-6)
    assert rows["simulated perfect"]["grain_mm"] < 1e-3 and rows["simulated perfect"]["objects"] > 0


def test_the_command_prints_a_table_and_refuses_what_it_cannot_use(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sensors, "SENSORS", {"perfect": PERFECT})
    monkeypatch.setattr(sensors, "STANDARD_SCENES", 1)
    assert main(["eval", "--sensors"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("sensor") and out[2].startswith("simulated perfect")
    assert main(["eval", str(tmp_path), "--sensors"]) == 2
    assert "there is no .npz file" in capsys.readouterr().err
    np.savez(tmp_path / "flat.npz", points=np.zeros((100, 3)))
    assert main(["eval", str(tmp_path), "--sensors"]) == 2
    assert "not an image of points" in capsys.readouterr().err
