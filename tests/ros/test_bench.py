"""The node's bench: what it makes of counts and memory, and that it takes its processes along, however it ends."""

import psutil
import pytest

from part_perception.ros.tools.bench import Report, _clouds, _memory


def test_every_cloud_is_accounted_for():
    reports = [
        Report(100, {"received": 90, "replaced": 5, "looked at": 85}),
        Report(200, {"received": 150, "replaced": 10, "looked at": 140, "lost": 7}),
        Report(300, {"received": 270, "replaced": 12, "looked at": 258, "lost": 17}),
    ]
    assert _clouds(reports) == {
        "sent": 200,
        "received": 180,
        "replaced": 7,
        "looked at": 173,
        "lost": 17,
        "not counted": 3,
    }
    assert _clouds(reports[:1]) == {}


def test_memory_grows_from_the_first_minute_on():
    long = [(0.0, 400.0), (59.0, 480.0), (61.0, 500.0), (300.0, 530.0), (600.0, 503.5)]
    assert _memory(long) == {"end": 504, "most": 530, "growth": 3.5}
    short = [(0.0, 400.0), (11.0, 450.0), (30.0, 451.0)]
    assert _memory(short)["growth"] == 1.0, "after a third of it"


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
