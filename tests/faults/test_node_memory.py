"""Memory of a node, by counted events: all threads share one heap, and no kind of event leaves anything behind."""

from __future__ import annotations

import re
import time
from itertools import count
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="these tests need ROS 2")
from part_perception_interfaces.msg import Example  # noqa: E402
from part_perception_interfaces.srv import QueryParts, Teach  # noqa: E402

NODE = Path(__file__).parent / "node_released_often.py"
HEAP = 64 << 20  # glibc reserves so much for each further heap, at a multiple of it
NOISE = 16.0  # MB: three frames, which clouds and requests hold for as long as they need them
LOOKS = 25  # at the memory, in five seconds
PATIENCE = 6  # such times

pytestmark = [
    pytest.mark.ros,
    pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="reads the memory of Linux"),
]


def mappings(pid: int) -> list[tuple[int, int, str]]:
    """Start, end and rights of a process's mappings without a file."""
    lines = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    return [(*(int(at, 16) for at in line[0].split("-")), line[1]) for line in lines if len(line) == 5]


def further_heaps(pid: int) -> int:
    """How many heaps of glibc a process has beside its first: what is in use, then what is reserved."""
    found = mappings(pid)
    return sum(
        start % HEAP == 0
        and end == following
        and (rights, reserved) == ("rw-p", "---p")
        and limit % HEAP == 0
        for (start, end, rights), (following, limit, reserved) in zip(found, found[1:], strict=False)
    )


def written(pid: int) -> float:
    """The least private memory in MB within five seconds: an answer under way holds some."""
    least = np.inf
    for _ in range(LOOKS):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        least = min(least, int(re.search(r"^Private_Dirty:\s+(\d+) kB", rollup, re.M).group(1)) * 1024e-6)
        time.sleep(0.2)
    return least


@pytest.fixture
def busy(robot, start_node):
    """A node with a camera, what starts that camera again, and what may happen to the node, by name."""
    from table import view

    node = start_node({"standing_queries": ["handle"]}, program=(str(NODE),))
    seen, number = view(1), count()

    def start() -> None:
        robot.start_camera(seen.points, rate=5.0)

    start()
    handle = np.flatnonzero((seen.label.ravel() == 0) & (seen.part.ravel() == 1))
    marked = [Example(cloud=robot.cloud(seen.points), indices=handle.tolist())]

    def ask(word: str = "handle") -> None:
        robot.query(word, max_age=10.0, timeout=10.0)

    def teach() -> None:
        robot.teach(word="grip", examples=marked, timeout=10.0)
        robot.teach(command=Teach.Request.FORGET, word="grip", timeout=10.0)

    def come_and_go() -> None:
        client = robot.node.create_client(QueryParts, "/part_perception/query_parts")
        assert client.wait_for_service(10.0)
        robot.node.destroy_client(client)

    robot.wait("the first answer", lambda: robot.query("handle", timeout=10.0).status.code == 0, 60.0)
    return (
        node.popen.pid,
        start,
        {
            "a query": (100, ask),
            "a word never heard before": (60, lambda: ask(f"handle {next(number)}")),
            "a decomposition": (5, lambda: robot.decompose(max_age=10.0, timeout=10.0)),
            "a lesson": (2, teach),
            "a goal": (3, lambda: robot.result(robot.find("handle", timeout=5.0)[1])),
            "a parameter": (50, lambda: robot.set(scene__crop_min=300 + next(number) % 2)),
            "a client": (50, come_and_go),
        },
    )


def test_no_event_leaves_memory_behind(busy, robot):
    pid, start, events = busy
    for _, happen in events.values():
        happen()
    assert further_heaps(pid) == 0, "each keeps what its threads once needed"
    robot.stop_camera()  # on a slow machine, some frame is always under way
    before = written(pid)
    start()
    for times, happen in events.values():
        for _ in range(times):
            happen()
    robot.stop_camera()
    # on a busy machine, the last answers may still be under way: what is left behind stays
    assert any(written(pid) - before < NOISE for _ in range(PATIENCE))
    assert further_heaps(pid) == 0
