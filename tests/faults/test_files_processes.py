"""Bad conditions for a process: damaged recordings, unwritable homes, little memory, and an early end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "part_perception.cli.main"]


def environment(**changes: str | None) -> dict[str, str]:
    given = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "PART_PERCEPTION_CACHE": None,
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


@pytest.fixture
def cloud(tmp_path) -> Path:
    np.save(tmp_path / "c.npy", np.random.default_rng(0).normal(size=(400, 3)))
    return tmp_path / "c.npy"


HOMES = {
    "no home": {"HOME": None, "XDG_CACHE_HOME": None, "XDG_DATA_HOME": None},
    "a home that is not there": {"HOME": "/nonexistent", "XDG_CACHE_HOME": None, "XDG_DATA_HOME": None},
    "a home that cannot be written": {"HOME": "/proc", "XDG_CACHE_HOME": None, "XDG_DATA_HOME": None},
    "a cache that is a device": {"PART_PERCEPTION_CACHE": "/dev/full"},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOMES)
def test_questions_are_answered_even_if_nothing_can_be_stored(name, cloud):
    done = subprocess.run([*COMMAND, "ask", str(cloud), "-q", "handle"], env=environment(**HOMES[name]),
                          capture_output=True, text=True, timeout=100)  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr and "handle" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [150, 400, 1000])
def test_with_little_memory_it_answers_or_fails_in_one_sentence(megabytes, cloud):
    limited = f'ulimit -v {megabytes * 1024}; exec "$@"'
    command = ["sh", "-c", limited, "sh", *COMMAND, "ask", str(cloud), "-q", "handle"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=100)
    assert done.returncode in (0, 1, 2, 3), (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr


# --- with ROS -------------------------------------------------------------------------------------------------
@pytest.mark.ros
@pytest.mark.parametrize("delay", [0.0, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_during_the_start_ends_cleanly(number, delay, ros_env):
    """Once Python runs our code, a requested end is a clean one, without a word."""
    pytest.importorskip("rclpy")
    process = subprocess.Popen(
        [*COMMAND, "node"], env={**ros_env, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + 30
        while not catches(process.pid, signal.SIGTERM):  # Python itself catches SIGINT only
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(number)
        assert process.wait(20) == 0, process.stderr.read()
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def catches(pid: int, number: int) -> bool:
    """Whether a process has a handler for a signal, or waits for it."""
    status = Path(f"/proc/{pid}/status").read_text()
    masks = [line.split()[1] for line in status.splitlines() if line.startswith(("SigCgt", "SigBlk"))]
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def test_a_damaged_message_in_a_bag_is_counted_and_the_rest_processed(tmp_path):
    pytest.importorskip("rclpy")
    from rosbags.rosbag2 import StoragePlugin, Writer
    from rosbags.typesys import Stores, get_typestore

    from part_perception.config import Config
    from part_perception.errors import InputError
    from part_perception.ros.tools import bag
    from part_perception.ros.tools.bag_frames import UNFINISHED
    from tests.scene.stand_in import StandIn

    with Writer(tmp_path / "in", version=9, storage_plugin=StoragePlugin.MCAP) as writer:
        store = get_typestore(Stores.LATEST)
        points = writer.add_connection("/points", "sensor_msgs/msg/PointCloud2", typestore=store)
        transforms = writer.add_connection("/tf", "tf2_msgs/msg/TFMessage", typestore=store)
        for k, raw in enumerate(
            (b"", b"\0\1\0\0", b"\0\0\xff\xff", b"\0\1\0\0" + b"\xff" * 40, b"\0\1\0\0" + bytes(20))
        ):
            writer.write(points, k, raw)
            writer.write(transforms, k, raw)
    config = Config(standing_queries=("handle",))
    summary = bag.process(tmp_path / "in", tmp_path / "out", config, None, StandIn())
    assert summary.frames == 0 and sum(summary.refused.values()) == 5
    assert any("A message is damaged" in reason for reason in summary.refused)
    assert not (tmp_path / "out" / UNFINISHED).exists()

    (file,) = (tmp_path / "in").glob("*.mcap")
    content = bytearray(file.read_bytes())
    at = content.index(b"/points") + 400
    content[at : at + 60] = b"\xff" * 60
    file.write_bytes(content)
    try:
        bag.process(tmp_path / "in", tmp_path / "cut", config, None, StandIn())
    except InputError as error:
        folder = tmp_path / "cut"
        assert not folder.exists() or (folder / UNFINISHED).exists(), error
