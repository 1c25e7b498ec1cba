"""How cost grows: hand-computed slopes, scenes that hold what they claim, and comparisons with other tools."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from part_perception import PartSegmenter
from part_perception.evaluation import bench_peers, bench_scaling
from part_perception.scene import SceneConfig
from part_perception.scene.decode import decode
from part_perception.scene.perception import ScenePerception


@pytest.fixture(scope="module")
def shipped() -> PartSegmenter:
    return PartSegmenter.load(runtime="onnx:int8")


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_slope_is_the_power_of_the_growth_where_there_are_many(power):
    figures = [(n, 3.0 + n**power) for n in (1, 10, 10**5, 10**6, 10**7)]
    assert bench_scaling.slope(figures) == pytest.approx(power, abs=0.07)


@pytest.mark.parametrize("count", [1, 16, 64])
def test_all_pegs_are_objects(shipped, count):
    scene = ScenePerception(shipped, SceneConfig(max_objects=64))
    view = decode(bench_scaling.pegs(count), (0.0, 0.0, 0.0), scene.config)
    segments, *_ = scene.find_segments(view, scene.find_ground(view, None).support, None)
    assert len(segments) == count


def test_growth_is_measured_and_drawn(shipped, monkeypatch, tmp_path):
    monkeypatch.setattr(bench_scaling, "OBJECTS", (1, 2, 3))
    monkeypatch.setattr(bench_scaling, "SIZES", ((160, 120), (320, 240), (640, 480)))
    monkeypatch.setattr(bench_scaling, "WORDS", (1, 2, 4))
    result = bench_scaling.bench_scaling(shipped, runs=1)
    assert [[count for count, _ in grown["ms"]] for grown in result.values()] == [
        [1, 2, 3],
        [160 * 120, 320 * 240, 640 * 480],
        [1, 2, 4],
    ]
    assert all(ms > 0 for grown in result.values() for _, ms in grown["ms"])
    result["words"]["slope"] = 1.7
    text = bench_scaling.as_text(result)
    assert "words: slope 1.70, MORE than linear; ms of 1:" in text and text.count("\n") == 2
    bench_scaling.save_plot(result, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000


def test_ours_has_ratio_one_and_missing_tools_are_reported(shipped, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setitem(sys.modules, "open3d", None)
    result = bench_peers.bench_peers(shipped, runs=1)
    assert [(row["who"], row["times_ours"]) for row in result["rows"]] == [("part_perception", 1.0)] * 2
    assert {row["what"] for row in result["rows"]} == {bench_peers.CUT, bench_peers.ENCODE}
    text = bench_peers.as_text(result)
    assert "Open3D cannot be used" in text and "torch cannot be used" in text


def test_open3d_runs_on_the_same_frame(monkeypatch):
    pytest.importorskip("open3d")
    calls = bench_peers.open3d_calls(bench_peers.table_cloud(4, (320, 240)))
    labels = np.asarray(calls[bench_peers.CUT, "Open3D, voxels of 5 mm"]())
    assert 4 <= labels.max() + 1 <= 12
