"""A cluster of two nodes, started by `ray start`: both label, one is killed, and every frame is there once."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
from pathlib import Path

import pytest
from small_bags import JOB, Silence, load_stand_in, write_bag
from watching import labellers, until

from part_perception.fleet.labelling import in_this_process, label
from part_perception.fleet.recordings import find_recordings, read_ledger

pytest.importorskip("ray", reason="these tests need the extra [fleet]")
RAY = Path(sys.executable).parent / "ray"
SCRIPT = Path(__file__).parent / "label_with_stand_in.py"
BAGS = 8
QUICK = {  # a node that does not answer is given up after a second and a half
    "RAY_health_check_initial_delay_ms": "0",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "500",
    "RAY_health_check_failure_threshold": "3",
}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def env() -> dict[str, str]:
    paths = [str(Path(__file__).parents[2]), *(p for p in sys.path if "/tests/" in p)]
    ours = {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1", "RAY_USAGE_STATS_ENABLED": "0"}
    return {**os.environ, **ours, **QUICK, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


@pytest.fixture
def start_node(start_process, env):
    """Nodes with one core each; they stay in their process group, and end with the test."""

    def start(*arguments: str):
        limits = ("--num-cpus=1", "--object-store-memory=80000000", "--disable-usage-stats", "--block")
        node = start_process([str(RAY), "start", "--node-ip-address=127.0.0.1", *limits, *arguments], env=env)
        node.wait_for("Ray runtime started", timeout=90)
        return node

    return start


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_nodes_label_and_the_death_of_one_loses_nothing(tmp_path, start_node, start_process, env):
    for k in range(BAGS):
        write_bag(tmp_path / "bags" / f"bag{k}", frames=2 + k % 2, start=100 * (k + 1))
    plain, out = tmp_path / "plain", tmp_path / "labels"
    given = [str(tmp_path / "bags")]
    label(find_recordings(given, plain), plain, JOB, in_this_process(load_stand_in), Silence())

    port = free_port()
    head = start_node("--head", f"--port={port}", "--include-dashboard=false")
    second = start_node(f"--address=127.0.0.1:{port}")
    asked = ["-q", "handle", "-q", "lid", "-p", "target_frame=world", "-p", "gravity_frame=world", "--json"]
    command = ["python", str(SCRIPT), *given, "--out", str(out), *asked, "--ray", f"127.0.0.1:{port}"]
    driver = start_process(command, env=env)
    until("both nodes at work", lambda: labellers(head.popen.pid) and labellers(second.popen.pid))
    os.killpg(second.popen.pid, signal.SIGKILL)
    assert len(read_ledger(out)) < BAGS, "it was killed in the middle"
    assert driver.wait(timeout=150) == 0, driver.output

    entries = read_ledger(out)
    assert len(entries) == len((out / "ledger.jsonl").read_text().splitlines()) == BAGS
    assert sum(entry.frames for entry in entries.values()) == 20 and all(e.done for e in entries.values())
    places = sorted(path.name for path in plain.glob("recording=*"))
    assert places == sorted(path.name for path in out.glob("recording=*"))
    for place in places:
        for table in ("frames.parquet", "objects.parquet", "parts.parquet"):
            assert (out / place / table).read_bytes() == (plain / place / table).read_bytes(), (place, table)
