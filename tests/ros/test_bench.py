"""The node's bench: its counts and memory figures, and that its processes end with it, however it ends."""

from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import table
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from PIL import Image
from std_msgs.msg import Header, UInt64

from part_perception.ros.messages.images import depth_cloud
from part_perception.ros.tools.bench import CloudCounts, Measured, Report, _memory, clouds_between
from part_perception.ros.tools.bench_load import Tally, as_table, bench_load, save_plot
from part_perception.ros.tools.simulated_camera import DepthImages


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


def test_reports_count_from_the_cameras_first_count_on():
    subscribed = {}

    def create_subscription(kind, name: str, take, qos) -> None:
        subscribed[name] = take

    counts = CloudCounts(SimpleNamespace(create_subscription=create_subscription))
    values = [KeyValue(key="looked at", value="80")]
    report = DiagnosticArray(status=[DiagnosticStatus(name="part_perception: input", values=values)])
    for sent in (0, 60, None, 5):  # the third: another camera begins
        if sent is None:
            counts.forget()
        elif sent:
            subscribed["/simulated_camera/sent"](UInt64(data=sent))
        subscribed["/diagnostics"](report)
    assert [each.sent for each in counts.reports] == [5]
    counts.forget()
    assert not counts.reports


def test_requests_are_counted_by_their_outcome():
    tally = Tally([10.0, 2500.0, 30.0])
    tally.codes.update({"OK": 2, "BUSY": 1, "unanswered": 1})
    assert tally.summary() == {"asked": 4, "late": 1, "BUSY": 1, "OK": 2, "unanswered": 1}


class Topic(list):
    """A publisher that keeps its messages."""

    def __init__(self, kind, name: str, depth: int):
        super().__init__()
        self.publish, self.heard = self.append, True

    def get_subscription_count(self) -> int:
        return int(self.heard)


def test_the_simulated_camera_publishes_the_same_depth_raw_and_compressed_to_whoever_listens():
    topics: dict[str, Topic] = {}

    def create_publisher(kind, name: str, depth: int) -> Topic:
        return topics.setdefault(name, Topic(kind, name, depth))

    view = table.view(1)
    images = DepthImages(SimpleNamespace(create_publisher=create_publisher), [view])
    header = Header(frame_id="camera")
    images.publish(0, header)
    (info,), (raw,), (compressed,) = topics.values()
    clouds = [depth_cloud(image, info).points for image in (raw, compressed)]
    np.testing.assert_array_equal(*clouds)
    seen = np.isfinite(view.points[..., 2])
    assert np.abs(clouds[0] - view.points)[seen].max() < 0.001, "rounded to millimetres"
    assert not clouds[0][~seen].any()
    assert len(compressed.data) < len(raw.data) / 3
    for topic in topics.values():
        topic.heard = False
    images.publish(0, header)
    assert [len(topic) for topic in topics.values()] == [2, 1, 1], (
        "nothing is compressed without a subscriber"
    )


def test_cpu_time_is_reported_for_a_labelled_cloud_and_for_an_image():
    told = Measured([10.0, 20.0, 30.0], images=8, node_s=0.3, camera_s=0.1).summary()
    assert told["image_to_labeled_cloud_ms"]["median"] == 20.0
    assert (told["node_cpu_ms"], told["camera_cpu_ms"]) == (100.0, 12.5)


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


@pytest.mark.timed
@pytest.mark.ros
def test_more_clouds_than_can_be_processed_hardly_lower_the_useful_rate(monkeypatch, ros_env):
    monkeypatch.setattr("part_perception.ros.tools.bench_load.dds_environment", lambda domain: ros_env)
    monkeypatch.setattr("part_perception.ros.tools.bench_load.SETTLE", 0.5)
    rows = bench_load(12.0, rates=(5.0, 20.0, 45.0), clients=2)["rows"]
    useful = [row["useful_hz"] for row in rows]
    assert useful[0] > 0.9 * rows[0]["sent_hz"], "nearly all are processed when there is time"
    assert useful[2] > 0.6 * max(useful[:2]), "those that will be replaced cost little"
    assert all("unanswered" not in row["requests"] for row in rows)


@pytest.mark.ros
def test_killing_the_bench_ends_its_processes(start_process, ros_env):
    arguments = ["-m", "part_perception.cli.main", "bench", "--ros", "--seconds", "600"]
    bench = start_process(["python", *arguments], env=ros_env)
    bench.wait_for("Loading the model", timeout=100.0)
    children = psutil.Process(bench.popen.pid).children(recursive=True)
    names = [" ".join(child.cmdline()) for child in children]
    assert any("simulated_camera" in name for name in names) and any("cli.node" in name for name in names)
    bench.popen.kill()
    gone, alive = psutil.wait_procs(children, timeout=15.0)
    assert not alive
