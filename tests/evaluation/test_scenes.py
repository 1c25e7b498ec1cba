"""eval --scenes: figures follow from the frames, repeat with the seed, and reach their minimum."""

import json

import numpy as np
import pytest
from PIL import Image

from part_perception.cli.main import main
from part_perception.evaluation.overlap import Isolation, isolation
from part_perception.evaluation.scenes import (
    SENSOR_KINDS,
    Outcome,
    Scene,
    by_pixels,
    draw,
    look_once,
    summary,
)
from part_perception.simulation.capture import capture, look_at
from part_perception.simulation.scenes import LAYOUTS
from part_perception.simulation.things import block

APART = [block((0.08, 0.08, 0.1)).moved((0, y, 0)) for y in (-0.15, 0.15)]


def test_isolation_is_measured_against_the_truth():
    shot = capture(APART, look_at(0.2, 0.8, 0.8))
    frame = look_once(shot)
    assert [(r.thing, r.good) for r in isolation(frame, shot)] == [(0, True), (1, True)]
    frame.objects[0].indices = np.concatenate([thing.indices for thing in frame.objects])
    del frame.objects[1]
    merged = isolation(frame, shot)
    assert all(r.completeness > 0.99 and 0.4 < r.purity < 0.6 and not r.good for r in merged)
    frame.objects.clear()
    assert [(r.purity, r.completeness, r.found) for r in isolation(frame, shot)] == [(0, 0, False)] * 2


def test_figures_are_shares_of_objects():
    scene = Scene(0, 2, "scattered", "xtion")
    objects = [Isolation(0, 500, 1.0, 0.95), Isolation(1, 500, 0.6, 1.0), Isolation(2, 500, 0.0, 0.0)]
    figures = summary([Outcome(scene, objects, 2)])
    assert figures["found"] == pytest.approx(2 / 3) and figures["isolated"] == pytest.approx(1 / 3)
    assert figures["purity"] == pytest.approx(1.6 / 3) and (figures["objects"], figures["extra"]) == (3, 2)


def test_rates_are_grouped_by_visible_pixels():
    sizes = (200, 699, 700, 2800, 50_000)
    objects = [Isolation(k, pixels, 1.0, 0.95 if k > 2 else 0.6) for k, pixels in enumerate(sizes)]
    groups = by_pixels(objects)
    assert {name: (g["objects"], g["found"], g["isolated"]) for name, g in groups.items()} == {
        "200 to 700": (2, 1.0, 0.0), "700 to 2,800": (1, 1.0, 0.0), "2,800 and more": (2, 1.0, 1.0)}  # fmt: skip
    assert list(by_pixels(objects[2:3])) == ["700 to 2,800"]


def test_a_seed_is_a_scene():
    (first, one), (again, same), (_, other) = draw(4, "touching"), draw(4, "touching"), draw(5, "touching")
    assert first == again and np.array_equal(one.points, same.points, equal_nan=True)
    assert not np.array_equal(one.points, other.points, equal_nan=True)
    assert first.sensor in SENSOR_KINDS and first.layout == "touching"


def test_the_command_reports_and_draws(tmp_path, capsys):
    picture = tmp_path / "scenes.png"
    assert main(["eval", "--scenes", "1", "--seed", "3", "--json", "--picture", str(picture)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report["by_layout"]) == list(LAYOUTS) and report["by_layout"]["scattered"]["tables"] == 1
    assert [scene["scene"]["layout"] for scene in report["scenes"]] == list(LAYOUTS)
    assert np.asarray(Image.open(picture)).std() > 5
    assert main(["eval", str(tmp_path), "--scenes", "2"]) == 2
    assert "neither a folder nor --model" in capsys.readouterr().err


def figures(layout: str, seeds: range) -> tuple[float, float]:
    """The shares of objects found and isolated, as `evaluate_scenes` computes them."""
    shots = (draw(seed, layout)[1] for seed in seeds)
    objects = [each for shot in shots for each in isolation(look_once(shot), shot)]
    return float(np.mean([each.found for each in objects])), float(np.mean([each.good for each in objects]))


@pytest.mark.slow
def test_objects_that_stand_apart_are_told_apart():
    report = {layout: figures(layout, range(700, 722)) for layout in ("scattered", "2 cm apart")}
    # Cameras as noisy as real ones, 0.35 to 0.9 m away, from above to low, over small tables, bins and shelves.
    # Scattered 0.973 found and 0.779 isolated, 2 cm apart 0.973 and 0.755. From 0.4 to 1.1 m, the same network isolated
    # 0.752 and 0.714; the mild cameras and the large table used earlier gave 0.98 and 0.92 isolated.
    found, isolated = report["scattered"]
    assert found >= 0.95 and isolated >= 0.75
    found, isolated = report["2 cm apart"]
    assert found >= 0.95 and isolated >= 0.73
