"""The bench: its scene holds what it claims, and its figures add up."""

import subprocess
import sys

import numpy as np
import pytest

from part_perception.evaluation import bench_scene as bench
from tests.scene.stand_in import StandIn


@pytest.mark.parametrize("count", bench.COUNTS)
def test_the_bench_scene_is_what_it_says(scene, count):
    frame = scene.process(bench.table_cloud(count, (640, 480)), 0.0)
    assert len(frame.objects) == count
    assert frame.up @ bench.UP > np.cos(np.radians(1))


def test_the_figures_add_up(monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "COUNTS", (1,))
    monkeypatch.setattr(bench, "SIZES", ((640, 480),))
    result = bench.bench_scene(StandIn(), runs=3)
    assert [row["state"] for row in result["rows"]] == ["new", "known"]
    for row in result["rows"]:
        assert row["total"] >= max(row["stages"].values()) > 0
        assert row["ask_20_words"] > 0
    assert 20 < result["memory_mb"] < 5000
    assert bench.as_text(result).count("\n") == 3
    bench.save_plot(result, tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000


ENDURANCE = """
from part_perception import PartSegmenter
from part_perception.evaluation.bench_scene import memory_over
print(*memory_over(PartSegmenter.load(), 300, (320, 240)))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_memory_does_not_grow_over_hundreds_of_frames():
    """The shipped model in its own process, with the boxes and grasps of all answers."""
    run = subprocess.run(
        [sys.executable, "-c", ENDURANCE], capture_output=True, text=True, timeout=580, check=True
    )
    early, late = (float(word) for word in run.stdout.split())
    assert late < early + 5
    assert late <= 600
