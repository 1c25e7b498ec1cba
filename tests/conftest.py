"""Shared by all tests: a ROS domain for each, processes that never outlive it, and waiting for a line of output."""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
DOMAINS = 100  # domains 0-101 use no ephemeral ports of Linux; 0 is everybody's
_tests_with_domain = 0
# Where the tests run in the background of a script, the programs they start would ignore Ctrl-C as well.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Process:
    """A running program in its own process group; its output is kept line by line."""

    def __init__(self, command: list[str], env: dict[str, str]):
        self.popen = subprocess.Popen(
            command,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._new: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.popen.stdout:
            self._new.put(line.rstrip("\n"))
        self._new.put(None)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, pattern: str, timeout: float = 30.0) -> re.Match[str]:
        """The first match in a line not seen before; fails when the program ends or time runs out."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                line = self._new.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"no line matched {pattern!r} within {timeout} s; it printed:\n{self.output}")
            if line is None:
                self._new.put(None)
                pytest.fail(
                    f"the program ended before a line matched {pattern!r}; it printed:\n{self.output}"
                )
            self.lines.append(line)
            if match := re.search(pattern, line):
                return match

    def wait(self, timeout: float = 30.0) -> int:
        """Wait for the exit status; all output is then in `lines`."""
        status = self.popen.wait(timeout)
        while (line := self._new.get(timeout=timeout)) is not None:
            self.lines.append(line)
        self._new.put(None)
        return status

    def interrupt(self) -> None:
        """Send SIGINT to the whole group, as Ctrl-C does."""
        self._signal(signal.SIGINT)

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self.popen.pid, number)
        except ProcessLookupError:
            return

    def end(self) -> None:
        """Terminate it politely, then kill it, children included."""
        if self.popen.poll() is None:
            self._signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(5)
        self._signal(signal.SIGKILL)
        self.popen.wait(5)


def pytest_collection_finish() -> None:
    """What collection loaded stays until the end; without freezing it, every garbage collection would walk it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture
def ros_domain_id() -> int:
    """A domain that no other test of this run uses, and hardly any of another run."""
    global _tests_with_domain
    _tests_with_domain += 1
    # workers that run side by side divide the domains among them
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    share = DOMAINS // workers
    return 1 + worker % workers * share + (os.getpid() * 7 + _tests_with_domain) % share


@pytest.fixture
def ros_env(ros_domain_id: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of ROS programs, set here, too: own domain, this machine only, large clouds by Fast DDS."""
    profile = str(ROOT / "launch" / "config" / "fastdds_shm.xml")
    ours = {
        "ROS_DOMAIN_ID": str(ros_domain_id),
        "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST",
        "FASTDDS_DEFAULT_PROFILES_FILE": profile,
        "FASTRTPS_DEFAULT_PROFILES_FILE": profile,
        "RMW_FASTRTPS_USE_QOS_FROM_XML": "1",
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    return {**os.environ, **ours}


@pytest.fixture
def start_process() -> Iterator[Callable[..., Process]]:
    """`start_process([program, ...], env=...)`; "python" stands for this interpreter. All end with the test."""
    started: list[Process] = []

    def start(command: list[str], env: dict[str, str] | None = None) -> Process:
        program = [sys.executable] if command[0] == "python" else [command[0]]
        started.append(Process([*program, *map(str, command[1:])], dict(env or os.environ)))
        return started[-1]

    yield start
    for process in reversed(started):
        process.end()


RAY_QUICK = {  # a node that does not answer is given up after a second and a half
    "RAY_health_check_initial_delay_ms": "0",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "500",
    "RAY_health_check_failure_threshold": "3",
}


@dataclass(frozen=True)
class RayNode:
    """A node of a Ray cluster: its process, the cluster's address, and the environment needed to connect to it."""

    popen: subprocess.Popen
    address: str
    env: dict[str, str]


@pytest.fixture
def start_ray(start_process) -> Callable[..., RayNode]:
    """`start_ray()` is the head of a cluster, `start_ray(head, cores=2)` another node; they end with the test."""
    pytest.importorskip("ray", reason="this test needs the extra [fleet]")

    def start(head: RayNode | None = None, cores: int = 1) -> RayNode:
        if head is None:
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                port = one.getsockname()[1]
            paths = os.pathsep.join([str(ROOT), *(p for p in sys.path if "/tests/" in p)])
            ours = {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "RAY_USAGE_STATS_ENABLED": "0", **RAY_QUICK}
            token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
            address, env = f"127.0.0.1:{port}", {**os.environ, **ours, **token}
            which = ["--head", f"--port={port}", "--include-dashboard=false"]
        else:
            address, env = head.address, head.env
            which = [f"--address={address}"]
        limits = [f"--num-cpus={cores}", "--object-store-memory=80000000", "--disable-usage-stats", "--block"]
        program = str(Path(sys.executable).parent / "ray")
        node = start_process([program, "start", "--node-ip-address=127.0.0.1", *limits, *which], env=env)
        node.wait_for("Ray runtime started", timeout=90)
        return RayNode(node.popen, address, env)

    return start


@pytest.fixture(scope="session")
def built_cache(tmp_path_factory):
    """A cache folder in which the text model was built once."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PART_PERCEPTION_CACHE", str(folder))
        from part_perception.language.minilm import MiniLM

        MiniLM.load()
    return folder


@pytest.fixture
def text_cache(built_cache, tmp_path, monkeypatch):
    """The test's own cache folder, with links to the text model: replace files, never write into them."""
    folder = tmp_path / "cache"
    shutil.copytree(built_cache, folder, copy_function=os.link)
    monkeypatch.setenv("PART_PERCEPTION_CACHE", str(folder))
    return folder


@pytest.fixture
def slowness() -> float:
    """How many times slower this machine is than an ordinary one, at least 1: for limits of time.

    An ordinary machine adds up 3 million numbers, one after the other, in 10 ms.
    """
    numbers, seconds = np.ones(3_000_000), []
    for _ in range(5):
        start = time.process_time()
        numbers.cumsum()
        seconds.append(time.process_time() - start)
    return max(sorted(seconds)[2] / 0.010, 1.0)
