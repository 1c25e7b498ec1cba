"""A robot calls nobody: no process of ours looks up a host, connects beyond this machine, or writes foreign files."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import part_perception
from part_perception.graphs import OFF, onnx_runtime

SOURCE = Path(part_perception.__file__).parent
ASK = "import sys; from part_perception.cli.main import main; sys.exit(main(['ask', sys.argv[1], '-q', 'handle']))"
# What the guard must record; otherwise an empty record proves nothing.
CALLS = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))"


@pytest.fixture(scope="module")
def guard(tmp_path_factory) -> Path:
    """The guard as a preloaded library."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("the guard is compiled from C, for Linux")
    library = tmp_path_factory.mktemp("guard") / "guard.so"
    source = Path(__file__).with_name("socket_guard.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def watched(guard, built_cache, tmp_path, ros_env):
    """The environment of a guarded process with an empty home, and the file that records its calls."""
    home, notes = tmp_path / "home", tmp_path / "notes"
    home.mkdir()
    ours = {"HOME": str(home), "LD_PRELOAD": str(guard), "SOCKET_GUARD": str(notes)}
    for name in (OFF, "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        ros_env.pop(name, None)
    return ros_env | ours | {"PART_PERCEPTION_CACHE": str(built_cache)}, home, notes


def foreign(home: Path) -> list[str]:
    """Files in the home that belong neither to this project nor to ROS's own log."""
    files = [str(file.relative_to(home)) for file in home.rglob("*") if file.is_file()]
    return [file for file in files if "part_perception" not in file and not file.startswith(".ros/")]


def test_the_guard_records_calls(watched):
    env, _, notes = watched
    subprocess.run([sys.executable, "-c", CALLS], env=env, check=True, timeout=30)
    assert notes.read_text() == "connect 192.0.2.1\n"


def test_asking_a_file_calls_nobody(watched, tmp_path):
    env, home, notes = watched
    points = np.random.default_rng(0).normal(size=(500, 3)) * (0.05, 0.05, 0.1)
    np.save(tmp_path / "object.npy", points)
    done = subprocess.run([sys.executable, "-c", ASK, tmp_path / "object.npy"], env=env, timeout=60)
    assert done.returncode in (0, 1), "answered: the model was loaded"
    assert not notes.exists(), notes.read_text()
    assert foreign(home) == []


def test_what_set_up_prepares_calls_nobody(watched):
    """The graphs are written and the runtimes compared, as at the first start on a new machine."""
    env, home, notes = watched
    command = [sys.executable, "-m", "part_perception.cli.main", "models", "info"]
    env = env | {"PART_PERCEPTION_CACHE": str(home / ".cache" / "part_perception")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr
    assert not notes.exists(), notes.read_text()
    assert foreign(home) == []


@pytest.mark.ros
def test_the_demo_calls_nobody(watched, start_process, ros_domain_id, tmp_path):
    """Nor do the node, the camera and the client that it starts."""
    pytest.importorskip("rclpy", reason="this test needs ROS 2")
    env, home, notes = watched
    arguments = ["--picture", tmp_path / "demo.png", "--domain", ros_domain_id]
    demo = start_process(["python", "-m", "part_perception.ros.tools.demo", *arguments], env=env)
    assert demo.wait(100.0) in (0, 1), demo.output
    assert (tmp_path / "demo.png").exists()
    assert not notes.exists(), notes.read_text()
    assert foreign(home) == []


@pytest.mark.ros
def test_the_node_calls_nobody(watched, start_process):
    pytest.importorskip("rclpy", reason="this test needs ROS 2")
    env, home, notes = watched
    node = start_process(["python", "-m", "part_perception.cli.node"], env=env)
    node.wait_for("Active: waiting for clouds", 60.0)
    node.popen.terminate()
    assert node.wait() == 0
    assert not notes.exists(), notes.read_text()
    assert foreign(home) == []


def test_onnx_runtime_is_imported_in_one_place_only():
    found = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if re.search(r"^\s*(import onnxruntime|from onnxruntime)", file.read_text(), re.MULTILINE)
    }
    assert found == {"graphs.py"}


def test_a_version_that_cannot_be_switched_off_is_refused(monkeypatch):
    monkeypatch.delattr(onnx_runtime(), "disable_telemetry_events")
    with pytest.raises(ImportError, match="no switch for its telemetry"):
        onnx_runtime()
