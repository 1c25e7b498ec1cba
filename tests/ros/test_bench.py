"""The node's bench: what it makes of counts and memory, and that it takes its processes along, however it ends."""

import numpy as np
import psutil
import pytest
from PIL import Image

from part_perception.ros.tools.bench import CloudCounts, Report, _memory, clouds_between
from part_perception.ros.tools.bench_load import Tally, as_table, bench_load, save_plot


def test_every_cloud_is_accounted_for():
    reports = [
        Report(100, {"received": 90, "replaced": 5, "looked at": 85}),
        Report(200, {"received": 150, "replaced": 10, "looked at": 140, "lost": 7}),
        Report(300, {"received": 270, "replaced": 12, "looked at": 258, "lost": 17}),
    ]
    assert clouds_between(reports) == {
        "sent": 200,
        "received": 180,
        "replaced": 7,
        "looked at": 173,
        "lost": 17,
        "not counted": 3,
    }
    assert clouds_between(reports[:1]) == {}


def test_memory_grows_from_the_first_minute_on():
    long = [(0.0, 400.0), (59.0, 480.0), (61.0, 500.0), (300.0, 530.0), (600.0, 503.5)]
    assert _memory(long) == {"end": 504, "most": 530, "growth": 3.5}
    short = [(0.0, 400.0), (11.0, 450.0), (30.0, 451.0)]
    assert _memory(short)["growth"] == 1.0, "after a third of it"


def test_the_useful_rate_counts_what_was_looked_at():
    counts = CloudCounts.__new__(CloudCounts)
    counts.reports = [
        Report(100, {"received": 90, "looked at": 80}, at=10.0),
        Report(300, {"received": 280, "looked at": 150}, at=20.0),
    ]
    assert counts.rates() == {"sent_hz": 20.0, "useful_hz": 7.0}
    counts.reports = []
    assert np.isnan(list(counts.rates().values())).all()


def test_requests_are_told_apart_by_what_came_of_them():
    tally = Tally([10.0, 2500.0, 30.0])
    tally.codes.update({"OK": 2, "BUSY": 1, "unanswered": 1})
    assert tally.summary() == {"asked": 4, "late": 1, "BUSY": 1, "OK": 2, "unanswered": 1}


@pytest.mark.ros
def test_under_load_every_cloud_and_request_is_accounted_for(monkeypatch, ros_env, tmp_path):
    monkeypatch.setattr("part_perception.ros.tools.bench_load.dds_environment", lambda domain: ros_env)
    monkeypatch.setattr("part_perception.ros.tools.bench_load.SETTLE", 0.5)
    result = bench_load(4.0, rates=(4.0,), clients=3)
    (row,) = result["rows"]
    assert row["requests"]["asked"] > 0 and "unanswered" not in row["requests"]
    assert row["clouds"]["sent"] > 4 and abs(row["clouds"]["not counted"]) <= 2
    assert 0 < row["useful_hz"] <= row["sent_hz"] + 1.0
    header, line = as_table(result)
    assert line[header.index("camera Hz")] == "4" and len(line) == len(header)
    save_plot(result, tmp_path / "load.png")
    assert np.asarray(Image.open(tmp_path / "load.png")).std() > 0


@pytest.mark.ros
def test_a_bench_that_is_killed_takes_its_processes_along(start_process, ros_env):
    arguments = ["-m", "part_perception.cli.main", "bench", "--ros", "--seconds", "600"]
    bench = start_process(["python", *arguments], env=ros_env)
    bench.wait_for("Loading the model", timeout=100.0)
    children = psutil.Process(bench.popen.pid).children(recursive=True)
    names = [" ".join(child.cmdline()) for child in children]
    assert any("simulated_camera" in name for name in names) and any("ros.node" in name for name in names)
    bench.popen.kill()
    gone, alive = psutil.wait_procs(children, timeout=15.0)
    assert not alive
