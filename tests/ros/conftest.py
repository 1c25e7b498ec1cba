"""Real nodes over real DDS: each test in a domain of its own, nothing left behind."""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "scene")]

from part_perception.ros.processes import Processes, dds_environment  # noqa: E402

os.environ.update({k: v for k, v in dds_environment(0).items() if k.startswith(("FASTDDS", "ROS_AUTO"))})
DOMAINS = itertools.count(os.getpid() % 80 + 10)
NODE = str(Path(__file__).parent / "node_with_stand_in.py")


@pytest.fixture
def domain() -> int:
    """A number no other test of this run uses, far from the default."""
    return next(DOMAINS) % 90 + 10


@pytest.fixture
def processes(domain):
    with Processes(dds_environment(domain)) as started:
        yield started


@pytest.fixture
def robot(domain):
    from robot import Robot

    one = Robot(domain)
    yield one
    one.close()


@pytest.fixture
def start_node(processes, tmp_path):
    """Starts the node with parameters (a__b stands for a.b); its output goes to node.log."""

    def start(*arguments: str, **parameters):
        given = [f"-p {name.replace('__', '.')}:={_yaml(value)}" for name, value in parameters.items()]
        words = [word for each in given for word in each.split(" ", 1)]
        log = (tmp_path / "node.log").open("a")
        return processes.start(sys.executable, NODE, "--ros-args", *words, *arguments, stdout=log, stderr=log)

    start.log = tmp_path / "node.log"
    return start


def _yaml(value) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value)
